"""The small pieces all pages of the shell are made of: words in a role, cards, lines, headings of a page."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from capacity_app.ui.painting import rounded
from capacity_app.ui.palette import colours
from capacity_app.ui.theme import COLUMN, LARGE, RADIUS, SMALL, WIDE, Role, font_for, is_font_change


class Words(QLabel):
    """Plain text in a role; it follows zoom and colours, wraps, and never interprets markup."""

    def __init__(self, text: str = "", role: Role = Role.BODY, *, is_muted: bool = False, wraps: bool = True) -> None:
        super().__init__(text)
        self._role, self._is_muted, self._colour = role, is_muted, ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wraps)
        self.setFont(font_for(role))
        self._recolour()

    def set_colour(self, name: str) -> None:
        """Take another of the ``Colours`` by name ("danger"); empty is the usual one."""
        self._colour = name
        self._recolour()

    def _recolour(self) -> None:
        name = self._colour or ("muted" if self._is_muted else "text")
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, QColor(getattr(colours(), name)))
        self.setPalette(palette)

    def changeEvent(self, event: QEvent) -> None:
        """Follow zoom and colours."""
        super().changeEvent(event)
        if is_font_change(event):
            self.setFont(font_for(self._role))
        elif event.type() == QEvent.Type.ApplicationPaletteChange:
            self._recolour()


class Card(QFrame):
    """A rounded sheet with a vertical layout; ``tint`` names its ground among the ``Colours``."""

    def __init__(self, *, tint: str = "surface", edge: str = "line", margin: int = LARGE) -> None:
        super().__init__()
        self._tint, self._edge = tint, edge
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(margin, margin, margin, margin)
        self.body.setSpacing(SMALL)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sheet."""
        shades = colours()
        painter = QPainter(self)
        rounded(
            painter,
            QRectF(self.rect()),
            fill=getattr(shades, self._tint),
            edge=getattr(shades, self._edge),
            corner=RADIUS,
        )
        painter.end()
        super().paintEvent(event)


class Rule(QWidget):
    """A hairline between two blocks."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """One pixel high."""
        return QSize(1, 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the line."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours().line))
        painter.end()


def row(*widgets: QWidget, spacing: int = SMALL) -> QHBoxLayout:
    """Put widgets side by side, the rest of the line empty."""
    line = QHBoxLayout()
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(spacing)
    for widget in widgets:
        line.addWidget(widget)
    line.addStretch(1)
    return line


def page_heading(title: str, subtitle: str = "") -> QVBoxLayout:
    """Give the heading every page starts with."""
    block = QVBoxLayout()
    block.setSpacing(2)
    block.addWidget(Words(title, Role.TITLE))
    if subtitle:
        block.addWidget(Words(subtitle, is_muted=True))
    return block


class ReadingColumn(QScrollArea):
    """A page that scrolls up and down, its content in one centred column of readable width."""

    def __init__(self, *, width: int = COLUMN, margin: int = WIDE) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._width = width
        self._column = QWidget()
        self.body = QVBoxLayout(self._column)
        self.body.setContentsMargins(margin, margin, margin, margin)
        self.body.setSpacing(LARGE)
        outer = QWidget()
        centred = QHBoxLayout(outer)
        centred.setContentsMargins(0, 0, 0, 0)
        centred.addStretch(1)
        centred.addWidget(self._column, 1000)
        centred.addStretch(1)
        self.setWidget(outer)
        self.viewport().setAutoFillBackground(False)
        self._limit()

    def _limit(self) -> None:
        zoom = self.fontMetrics().height() / 17
        self._column.setMaximumWidth(round(self._width * max(1.0, zoom)))

    def changeEvent(self, event: QEvent) -> None:
        """Let the column grow with the text."""
        super().changeEvent(event)
        if is_font_change(event):
            self._limit()
