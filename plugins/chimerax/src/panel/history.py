"""The jobs of the session, newest first; a double click shows one."""

from __future__ import annotations

from chimerax.core.commands import run
from Qt.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from ..commands.jobs import other_state
from ..log import duration

COLUMNS = ("Job", "What", "State", "Time")


class History(QWidget):
    def __init__(self, session, hub):
        super().__init__()
        self._session = session
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.table = QTableWidget(0, len(COLUMNS))
        self.table.setHorizontalHeaderLabels(COLUMNS)
        self.table.verticalHeader().setVisible(False)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.table.cellDoubleClicked.connect(self._show)
        layout.addWidget(self.table)
        self._shown: list[tuple] = []

    def show_jobs(self, jobs: dict, others: list[dict]) -> None:
        rows = [
            ("–", f"{job['recipe']} of another viewer", other_state(job), "", job["id"])
            for job in others
            if job["state"] in ("queued", "running")
        ]
        rows += [
            (str(job.number), job.title, _state(job), duration(job.seconds) if job.ended else "", job.message)
            for job in sorted(jobs.values(), key=lambda job: -job.number)
        ]
        if rows == self._shown:
            return
        self._shown = rows
        self.table.setRowCount(len(rows))
        for row, (*cells, message) in enumerate(rows):
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                item.setToolTip(message)
                self.table.setItem(row, column, item)

    def _show(self, row: int, _column: int) -> None:
        if self._shown[row][0].isdigit():
            run(self._session, f"locscale show {self._shown[row][0]}")


def _state(job) -> str:
    return job.state if job.ended else f"{job.state} {100 * job.fraction:.0f} %"
