"""The colours of confidence and what they mean."""

from __future__ import annotations

from Qt.QtCore import QRectF, Qt
from Qt.QtGui import QColor, QLinearGradient, QPainter
from Qt.QtWidgets import QSizePolicy, QWidget

from ..confidence import PALETTE, stops_of
from ..settings import settings

BAR_HEIGHT = 14


class Legend(QWidget):
    def __init__(self, session):
        super().__init__()
        self._stops = stops_of(settings(session).palette) or stops_of(PALETTE)
        self.setMinimumHeight(BAR_HEIGHT + 2 * self.fontMetrics().height())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip("Below 0: the network holds density back; 0: both agree; above 0: it adds density")

    def paintEvent(self, event):
        painter = QPainter(self)
        margin = self.fontMetrics().horizontalAdvance("-100") / 2
        bar = QRectF(margin, 2, self.width() - 2 * margin, BAR_HEIGHT)
        first, last = self._stops[0][0], self._stops[-1][0]
        gradient = QLinearGradient(bar.left(), 0, bar.right(), 0)
        for value, colour in self._stops:
            share = (value - first) / (last - first)
            gradient.setColorAt(share, QColor(colour))
            place = QRectF(bar.left() + share * bar.width() - 40, bar.bottom() + 2, 80, self.fontMetrics().height())
            painter.drawText(place, Qt.AlignmentFlag.AlignHCenter, f"{value:g}")
        painter.fillRect(bar, gradient)
        painter.end()
