"""How results are looked at: original or result, confidence with its legend, SURFER's threshold and context."""

from __future__ import annotations

from chimerax.core.commands import run
from Qt.QtCore import Qt
from Qt.QtWidgets import QFormLayout, QGroupBox, QHBoxLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from ..display import show_context
from ..results import results_of
from .legend import Legend


class Looks(QWidget):
    def __init__(self, session, inputs):
        super().__init__()
        self._session = session
        self._inputs = inputs
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(
            _buttons(
                ("Original / result", "Switch between the original and the result", "locscale toggle {} original"),
                ("Side by side", "Original and result beside each other", "locscale compare {}"),
                ("One view", "One over the other again", "locscale compare {} off"),
                ("Revert", "The original in place again", "locscale revert {}"),
                run=self._run,
            )
        )
        layout.addWidget(self._confidence())
        layout.addWidget(self._surfer())

    def _confidence(self) -> QGroupBox:
        group = QGroupBox("Confidence")
        layout = QVBoxLayout(group)
        layout.addWidget(Legend(self._session))
        layout.addWidget(
            _buttons(
                ("Colour", "Colour by confidence, with a key", "locscale confidence {}"),
                ("Plain", "One colour again", "locscale confidence {} off"),
                run=self._run,
            )
        )
        return group

    def _surfer(self) -> QGroupBox:
        group = QGroupBox("Detergent, nanodisc, membrane (SURFER)")
        form = QFormLayout(group)
        self.threshold = QSlider(Qt.Orientation.Horizontal)
        self.threshold.setRange(0, 100)
        self.threshold.setValue(50)
        number = QLabel("0.50")
        self.threshold.valueChanged.connect(lambda value: self._move(value / 100, number))
        self.threshold.sliderReleased.connect(self._moved)
        row = QHBoxLayout()
        row.addWidget(self.threshold)
        row.addWidget(number)
        form.addRow("Threshold", row)
        form.addRow(
            _buttons(
                ("Remove", "Find the context and take it out of the map", lambda: self._remove()),
                ("Show / hide context", "The context as a see-through surface", "locscale toggle {} context"),
                run=self._run,
            )
        )
        return group

    def _move(self, threshold: float, number: QLabel) -> None:
        """While the slider moves, context and cleaned map follow; the command is run, and logged, at the end."""
        number.setText(f"{threshold:.2f}")
        link = self._with_context()
        if not self.threshold.isSliderDown():
            self._moved()
        elif link is not None:
            show_context(self._session, link, link.context.display, threshold)

    def _moved(self) -> None:
        link = self._with_context()
        if link is not None:
            run(self._session, f"locscale threshold #{link.volume.id_string} {self.threshold.value() / 100:g}")

    def _with_context(self):
        volume = self._inputs.map.value
        link = None if volume is None else results_of(self._session).of(volume)
        return link if link is not None and link.part("context") is not None else None

    def _remove(self) -> None:
        self._run(f"locscale surfer {{}} threshold {self.threshold.value() / 100:g}")

    def _run(self, command) -> None:
        if callable(command):
            command()
            return
        specifier = self._inputs.specifier()
        if specifier is None:
            self._session.logger.status("Choose a map first", color="red")
        else:
            run(self._session, command.format(specifier))


def _buttons(*buttons, run) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    for text, tip, command in buttons:
        button = QPushButton(text)
        button.setToolTip(tip)
        button.clicked.connect(lambda *_, command=command: run(command))
        layout.addWidget(button)
    layout.addStretch(1)
    return row
