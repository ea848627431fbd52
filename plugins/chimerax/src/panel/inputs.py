"""What to work on, and how: maps, mode, mask, symmetry, and the buttons that start and stop."""

from __future__ import annotations

from chimerax.atomic import AtomicStructure
from chimerax.core.commands import quote_if_necessary, run
from chimerax.map import Volume
from chimerax.ui.widgets import ModelMenuButton
from Qt.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLineEdit, QProgressBar, QPushButton, QWidget

from ..log import progress_text
from ..recipes import MODES

MODE_LABELS = {
    "auto": "automatic",
    "model": "atomic model",
    "hybrid": "partial model, completed",
    "free": "network (no model)",
    "pseudo": "pseudo-atoms",
    "none": "one B-factor (no reference)",
}


class Inputs(QWidget):
    def __init__(self, session):
        super().__init__()
        self._session = session
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        self.map = ModelMenuButton(session, class_filter=Volume)
        self.halves = [self._optional(Volume) for _ in range(2)]
        self.model = self._optional(AtomicStructure)
        self.reference = self._optional(Volume)
        self.mask = self._optional(Volume)
        self.mode = QComboBox()
        for mode in MODES:
            self.mode.addItem(MODE_LABELS[mode], mode)
        self.symmetry = QLineEdit()
        self.symmetry.setPlaceholderText("C1")
        self.symmetry.setToolTip("Point group of the map: C4, D7, T, O, I")
        form.addRow("Map", self.map)
        form.addRow("Half maps", _row(*self.halves))
        form.addRow("Mode", self.mode)
        form.addRow("Atomic model", self.model)
        form.addRow("Reference map", self.reference)
        form.addRow("Mask", self.mask)
        form.addRow("Symmetry", self.symmetry)
        self.sharpen_button = _button("Sharpen", "Sharpen the map in place", self._sharpen)
        self.fem_button = _button("Enhance", "Feature-enhanced map with confidence, by a network", self._fem)
        self.cancel_button = _button(
            "Cancel", "Cancel all jobs of LocScale", lambda: run(session, "locscale cancel all")
        )
        form.addRow(_row(self.sharpen_button, self.fem_button, self.cancel_button))
        self.progress = QProgressBar()
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(True)
        form.addRow(self.progress)

    def _optional(self, kind) -> ModelMenuButton:
        return ModelMenuButton(
            self._session,
            class_filter=kind,
            autoselect=ModelMenuButton.AUTOSELECT_NONE,
            no_value_button_text="none",
            no_value_menu_text="none",
        )

    def show_progress(self, jobs: dict) -> None:
        running = [job for job in jobs.values() if not job.ended]
        self.cancel_button.setEnabled(bool(running))
        self.progress.setVisible(bool(running))
        if running:
            self.progress.setValue(round(1000 * running[-1].fraction))
            self.progress.setFormat(progress_text(running[-1]).replace("%", "%%"))

    def specifier(self) -> str | None:
        """`#1` of the chosen map."""
        return None if self.map.value is None else f"#{self.map.value.id_string}"

    def _shared(self) -> list[str] | None:
        """The words that all commands have; None, with a word to the user, when no map is chosen."""
        if self.specifier() is None:
            self._session.logger.status("Choose a map first", color="red")
            return None
        words = [self.specifier()]
        halves = [half.value for half in self.halves]
        if all(half is not None for half in halves):
            words += ["halfMaps", f"#{halves[0].id_string},{halves[1].id_string}"]
        if self.mask.value is not None:
            words += ["mask", f"#{self.mask.value.id_string}"]
        if self.symmetry.text().strip():
            words += ["symmetry", quote_if_necessary(self.symmetry.text().strip())]
        return words

    def _sharpen(self) -> None:
        words = self._shared()
        if words is None:
            return
        for name, chosen in (("model", self.model.value), ("reference", self.reference.value)):
            if chosen is not None:
                words += [name, f"#{chosen.id_string}"]
        if self.mode.currentData() != "auto":
            words += ["mode", self.mode.currentData()]
        run(self._session, " ".join(["locscale sharpen", *words]))

    def _fem(self) -> None:
        words = self._shared()
        if words is not None:
            run(self._session, " ".join(["locscale fem", *words]))

    def choices(self) -> dict:
        """For session files; models are remembered by themselves."""
        return {
            "map": self.map.value,
            "halves": [half.value for half in self.halves],
            "model": self.model.value,
            "reference": self.reference.value,
            "mask": self.mask.value,
            "mode": self.mode.currentData(),
            "symmetry": self.symmetry.text(),
        }

    def choose(self, choices: dict) -> None:
        for name in ("map", "model", "reference", "mask"):
            if choices[name] is not None:
                getattr(self, name).value = choices[name]
        for half, chosen in zip(self.halves, choices["halves"]):
            half.value = chosen
        self.mode.setCurrentIndex(self.mode.findData(choices["mode"]))
        self.symmetry.setText(choices["symmetry"])


def _row(*widgets) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        layout.addWidget(widget)
    layout.addStretch(1)
    return row


def _button(text: str, tip: str, pressed) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.clicked.connect(lambda *_: pressed())
    return button
