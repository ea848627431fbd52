"""The panel: everything in it runs a command, so that the log is a script of what was done."""

from __future__ import annotations

from chimerax.core.tools import ToolInstance, get_singleton

NAME = "LocScale"
UPDATE_MS = 100
"""Jobs change many times a second; each drawing of the panel takes as long as one of the whole window."""


class LocScalePanel(ToolInstance):
    SESSION_ENDURING = False
    SESSION_SAVE = True
    help = "help:user/tools/locscale.html"

    def __init__(self, session, tool_name=NAME):
        super().__init__(session, tool_name)
        from chimerax.ui import MainToolWindow
        from Qt.QtCore import QTimer
        from Qt.QtWidgets import QVBoxLayout

        from ..hub import hub_of
        from .history import History
        from .inputs import Inputs
        from .looks import Looks

        self.tool_window = MainToolWindow(self)
        self._hub = hub_of(session)
        layout = QVBoxLayout(self.tool_window.ui_area)
        layout.setContentsMargins(6, 6, 6, 6)
        self.inputs = Inputs(session)
        self.looks = Looks(session, self.inputs)
        self.history = History(session, self._hub)
        for part in (self.inputs, self.looks, self.history):
            layout.addWidget(part)
        layout.addStretch(1)
        self._due = QTimer()
        self._due.setSingleShot(True)
        self._due.setInterval(UPDATE_MS)
        self._due.timeout.connect(self._update)
        self._hub.changed.append(self.update)
        self._update()
        self.tool_window.manage(placement="side")

    @classmethod
    def open(cls, session):
        return get_singleton(session, cls, NAME, create=True)

    def update(self) -> None:
        """A job has changed: shown soon, and not within the command or message that changed it."""
        if not self._due.isActive():
            self._due.start()

    def _update(self) -> None:
        self.inputs.show_progress(self._hub.jobs)
        self.history.show_jobs(self._hub.jobs, self._hub.jobs_of_others())

    def delete(self):
        if self.update in self._hub.changed:
            self._hub.changed.remove(self.update)
        self._due.stop()
        super().delete()

    def take_snapshot(self, session, flags):
        return {"version": 1, "choices": self.inputs.choices()}

    @classmethod
    def restore_snapshot(cls, session, data):
        if not session.ui.is_gui:
            return None
        panel = cls.open(session)
        panel.inputs.choose(data["choices"])
        return panel
