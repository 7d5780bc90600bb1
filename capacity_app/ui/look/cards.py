"""The small pieces all pages of the shell are made of: words in a role, cards, lines, headings of a page."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from capacity_app.ui.look.painting import rounded
from capacity_app.ui.look.palette import colour_name, colours
from capacity_app.ui.look.theme import COLUMN, LARGE, RADIUS, SMALL, WIDE, Role, font_for, is_font_change


class Words(QLabel):
    """Plain text in a role; it follows zoom and colours, wraps, and never interprets markup.

    ``side`` is "leading", "trailing" or "center": of the window's direction, whatever script the text is in.
    """

    def __init__(
        self,
        text: str = "",
        role: Role = Role.BODY,
        *,
        is_muted: bool = False,
        wraps: bool = True,
        side: str = "leading",
    ) -> None:
        super().__init__(text)
        self._role, self._is_muted, self._colour, self._sample = role, is_muted, "", ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wraps)
        self._side = side
        self._align()
        self.setFont(font_for(role))
        # Inside a button a label would take the button's colour.
        self.setForegroundRole(QPalette.ColorRole.WindowText)
        self._recolour()

    def _align(self) -> None:
        flags = Qt.AlignmentFlag
        if self._side == "center":
            self.setAlignment(flags.AlignCenter)
            return
        is_right = (self._side == "trailing") != self.isRightToLeft()
        self.setAlignment(
            (flags.AlignRight if is_right else flags.AlignLeft) | flags.AlignVCenter | flags.AlignAbsolute
        )

    def set_colour(self, name: str) -> None:
        """Take another of the ``Colours`` by name ("danger"); empty is the usual one."""
        self._colour = name and colour_name(name)
        self._recolour()

    def set_sample(self, text: str) -> None:
        """Take at least the width of another text, so that numbers in a column stand under each other."""
        self._sample = text
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        wanted = super().sizeHint()
        return QSize(max(wanted.width(), self._sample_width()), wanted.height())

    def minimumSizeHint(self) -> QSize:
        least = super().minimumSizeHint()
        return QSize(max(least.width(), self._sample_width()), least.height())

    def _sample_width(self) -> int:
        return self.fontMetrics().horizontalAdvance(self._sample) + 2 if self._sample else 0

    def _recolour(self) -> None:
        name = self._colour or ("muted" if self._is_muted else "text")
        colour, palette = QColor(getattr(colours(), name)), QPalette(self.palette())
        # Setting a palette tells of a change again: only a real one may.
        if palette.color(QPalette.ColorRole.WindowText) != colour:
            palette.setColor(QPalette.ColorRole.WindowText, colour)
            self.setPalette(palette)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event):
            self.setFont(font_for(self._role))
        elif event.type() == QEvent.Type.LayoutDirectionChange:
            self._align()
        elif event.type() == QEvent.Type.PaletteChange:
            self._recolour()


class Card(QFrame):
    """A rounded sheet with a vertical layout; ``tint`` and ``edge`` are names of ``Colours``, one name for no edge."""

    def __init__(self, *, tint: str = "surface", edge: str = "line", margin: int = LARGE) -> None:
        super().__init__()
        self._tint, self._edge = colour_name(tint), colour_name(edge)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(margin, margin, margin, margin)
        self.body.setSpacing(SMALL)

    def paintEvent(self, event: QPaintEvent) -> None:
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
        return QSize(1, 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
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


def beside(field: QWidget, button: QWidget) -> QWidget:
    """Put a button beside a field, both equally high."""
    field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
    holder = QWidget()
    line = QHBoxLayout(holder)
    line.setContentsMargins(0, 0, 0, 0)
    line.addWidget(field, 1)
    line.addWidget(button)
    return holder


def page_heading(title: str, subtitle: str = "") -> QVBoxLayout:
    """Return the heading every page starts with."""
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
        super().changeEvent(event)
        if is_font_change(event):
            self._limit()


class Whole(QWidget):
    """Keeps room for all its wrapped lines at the width it has; Qt would let it become too low for them."""

    def minimumSizeHint(self) -> QSize:
        least, inside = super().minimumSizeHint(), self.layout()
        high = inside.minimumHeightForWidth(self.width()) if inside is not None else 0
        return QSize(least.width(), max(least.height(), high))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()


class _Least(QWidget):
    """Holds a page that may shrink to its least size.

    A scroll area would otherwise give a page whose height follows from its width all the height it likes.
    """

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self._page = page
        page.setParent(self)

    def minimumSizeHint(self) -> QSize:
        return self._page.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._page.resize(event.size())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)


def scrolling(content: QWidget, *, shrinks: bool = False) -> QScrollArea:
    """Let a page scroll where the window is too small for it, as on a small screen with large text.

    A page that ``shrinks`` has lists that scroll themselves: it scrolls only below its least size.
    """
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setWidget(_Least(content) if shrinks else content)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


class Tiles(QWidget):
    """Equal tiles side by side, as many in a line as the width and the text size allow."""

    def __init__(self, tiles: Sequence[QWidget], *, letters: int = 18) -> None:
        super().__init__()
        self._tiles, self._letters, self._columns = tuple(tiles), letters, 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(SMALL)
        self._place()

    def minimumSizeHint(self) -> QSize:
        least = [tile.minimumSizeHint() for tile in self._tiles]
        width = max((size.width() for size in least), default=0)
        return QSize(width, max((size.height() for size in least), default=0))

    def _place(self) -> None:
        wanted = self._letters * self.fontMetrics().averageCharWidth() + 2 * LARGE
        widest = max((wanted, *(tile.minimumSizeHint().width() + SMALL for tile in self._tiles)))
        most = max(1, min(len(self._tiles), self.width() // widest))
        # As many lines as needed, the tiles spread evenly over them.
        lines = -(-len(self._tiles) // most)
        columns = -(-len(self._tiles) // lines)
        if columns == self._columns:
            return
        for column in range(len(self._tiles)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        for place, tile in enumerate(self._tiles):
            self._grid.addWidget(tile, place // columns, place % columns)
        self._columns = columns

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest or is_font_change(event):
            self._place()
        return super().event(event)
