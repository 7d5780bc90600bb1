"""The small pieces all pages are made of: labels, cards, separators, headings, columns that scroll."""

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QEvent, QMargins, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
)
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

from capacity_app.i18n.translator import break_thai, isolate_ltr_lines
from capacity_app.ui.theme.fonts_and_sizes import (
    COLUMN,
    LARGE,
    MEDIUM,
    PAGE,
    RADIUS,
    SMALL,
    TIGHT,
    WIDE,
    TextRole,
    font_for,
    is_font_change,
)
from capacity_app.ui.theme.painting import break_lines, paint_area, paint_rounded
from capacity_app.ui.theme.palette import colour_name, colours
from capacity_app.ui.theme.style import zoom
from capacity_app.ui.widgets.layouts import LayoutItem, holder_of, lay_out


def announce(widget: QWidget, sentence: str) -> None:
    """Have a sentence said to those who hear the window read out; the focus stays where it is."""
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent  # noqa: PLC0415 - its names slow a start

    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, sentence))


class Label(QLabel):
    """Plain text in a role; it follows zoom and colours, wraps, and never interprets markup.

    ``side`` is "leading", "trailing" or "center": of the window's direction, whatever script the text is in.
    ``colour`` is one of the ``Colours`` by name.
    """

    def __init__(
        self,
        text: str = "",
        role: TextRole = TextRole.BODY,
        *,
        is_muted: bool = False,
        wraps: bool = True,
        side: str = "leading",
        colour: str = "",
        is_selectable: bool = False,
    ) -> None:
        super().__init__(break_thai(text))
        self._role, self._is_muted, self._sample = role, is_muted, ""
        self._colour = colour and colour_name(colour)
        if is_selectable:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
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

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        super().setText(break_thai(text))

    def show_or_hide(self, text: str) -> None:
        """Show another text; an empty one takes no room. What is wrong is said to those who hear the window."""
        is_new = break_thai(text) != self.text()
        self.setText(text)
        self.setVisible(bool(text))
        if text and is_new and self._colour == "danger" and self.isVisible():
            announce(self, text)

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
    """A rounded sheet with a vertical layout; ``tint`` and ``edge`` are names of ``Colours``, one name for no edge.

    One that can be left is left with Escape.
    """

    _leave: Callable[[], object] | None = None

    def __init__(
        self,
        *items: LayoutItem,
        tint: str = "surface",
        edge: str = "line",
        margin: int = LARGE,
        spacing: int = SMALL,
        name: str = "",
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self._tint, self._edge = colour_name(tint), colour_name(edge)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.body = lay_out(QVBoxLayout(self), *items, margins=margin, spacing=spacing)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._leave is not None and event.key() == Qt.Key.Key_Escape:
            self._leave()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        shades = colours()
        painter = QPainter(self)
        paint_rounded(
            painter,
            QRectF(self.rect()),
            fill=getattr(shades, self._tint),
            edge=getattr(shades, self._edge),
            corner=RADIUS,
        )
        painter.end()
        super().paintEvent(event)


class Separator(QWidget):
    """A hairline between two blocks."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(1, 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_area(painter, self.rect(), colours().line)
        painter.end()


def page_heading(title: str, subtitle: str = "") -> QVBoxLayout:
    """Return the heading every page starts with."""
    block = lay_out(QVBoxLayout(), Label(title, TextRole.TITLE), spacing=2)
    if subtitle:
        block.addWidget(Label(subtitle, is_muted=True))
    return block


def facts_grid(facts: Iterable[tuple[str, str]]) -> QWidget:
    """Return lines of facts, each with its label before it."""
    holder = QWidget()
    lines = QGridLayout(holder)
    lines.setContentsMargins(0, 0, 0, 0)
    lines.setHorizontalSpacing(MEDIUM)
    lines.setVerticalSpacing(TIGHT)
    lines.setColumnStretch(1, 1)
    for number, (label, text) in enumerate(facts):
        shown = isolate_ltr_lines(text) if holder.isRightToLeft() else text
        lines.addWidget(Label(label, TextRole.CAPTION, is_muted=True), number, 0, Qt.AlignmentFlag.AlignTop)
        lines.addWidget(Label(shown, is_selectable=True), number, 1)
    return holder


class ShortenedLabel(Label):
    """A text in one line or a few, shortened to the width there is; the whole is then in its tool tip."""

    def __init__(self, role: TextRole, *, lines: int = 1, is_muted: bool = False) -> None:
        super().__init__("", role, is_muted=is_muted, wraps=False)
        self._whole, self._most = "", lines
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_text(self, text: str) -> None:
        self._whole = " ".join(text.split())
        self.setAccessibleName(self._whole)
        self._shorten()

    def set_lines(self, lines: int) -> None:
        """Take at most so many lines, and always their room, so that nothing moves with the text."""
        self._most = lines
        self.setMinimumHeight(lines * self.fontMetrics().lineSpacing())
        self._shorten()

    def _shorten(self) -> None:
        lines = break_lines(self._whole, self.fontMetrics(), self.contentsRect().width(), self._most, breaks_words=True)
        self.setText("\n".join(lines))
        is_cut = "".join(lines).endswith("…") and not self._whole.endswith("…")
        self.setToolTip(self._whole if is_cut else "")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event) and hasattr(self, "_most"):
            self._shorten()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._shorten()


class LabelledField(QWidget):
    """A label above an input, and below it what is wrong."""

    def __init__(self, label: str, content: QWidget, hint: str = "") -> None:
        super().__init__()
        self.problem = Label(role=TextRole.CAPTION, colour="danger")
        self.problem.hide()
        name = Label(label, TextRole.STRONG)
        name.setBuddy(content)
        column = lay_out(QVBoxLayout(self), name, content, margins=0, spacing=TIGHT)
        if hint:
            column.addWidget(Label(hint, TextRole.CAPTION, is_muted=True))
        lay_out(column, self.problem, 1)

    def complain(self, sentence: str) -> None:
        self.problem.show_or_hide(sentence)


class ReadingColumn(QScrollArea):
    """A page that scrolls up and down, its content in one column: from the leading edge, on a wide screen centred."""

    def __init__(self, *, margin: int = WIDE, name: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._column = QWidget()
        self.body = lay_out(QVBoxLayout(self._column), margins=(margin, LARGE, margin, margin), spacing=LARGE)
        self._sides = 2 * margin
        self._page_row = QHBoxLayout()
        self.setWidget(holder_of(self._page_row, (self._column, 1000), 1))
        self.viewport().setAutoFillBackground(False)
        self._limit()

    def _limit(self) -> None:
        self._column.setMaximumWidth(round(PAGE * zoom()) + self._sides)
        self._centre_column()

    def _centre_column(self) -> None:
        """Put the column in the middle where the room beside it would be wide."""
        spare = self.viewport().width() - self._column.maximumWidth()
        lead = spare // 2 if spare > PAGE // 3 else 0
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        margins = QMargins(0 if is_mirrored else lead, 0, lead if is_mirrored else 0, 0)
        if margins != self._page_row.contentsMargins():
            self._page_row.setContentsMargins(margins)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._centre_column()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event):
            self._limit()


class WrappedContainer(QWidget):
    """Keeps room for all its wrapped lines at the width it has; Qt would let it become too low for them."""

    def minimumSizeHint(self) -> QSize:
        least, inside = super().minimumSizeHint(), self.layout()
        high = inside.minimumHeightForWidth(self.width()) if inside is not None else 0
        return QSize(least.width(), max(least.height(), high))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()


class _ShrinkingPage(QWidget):
    """Holds a page that may shrink to its least size.

    A scroll area would otherwise give a page whose height follows from its width all the height it likes.
    """

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self._page = page
        page.setParent(self)

    def minimumSizeHint(self) -> QSize:
        least, layout = self._page.minimumSizeHint(), self._page.layout()
        if layout is not None and layout.hasHeightForWidth():
            # Where words wrap, the least height follows from the width.
            least.setHeight(max(least.height(), layout.totalMinimumHeightForWidth(self.width())))
        return least

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._page.resize(event.size())
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)


def scroll_area_of(
    content: QWidget | None = None,
    *,
    shrinks: bool = False,
    takes_focus: bool = False,
    scrolls_sideways: bool = True,
    has_ground: bool = True,
) -> QScrollArea:
    """Let a page scroll where the window is too small for it, as on a small screen with large text.

    A page that ``shrinks`` has lists that scroll themselves: it scrolls only below its least size. One that has no
    ground of its own stands on that of the card around it.
    """
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    if not scrolls_sideways:
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    if content is not None:
        area.setWidget(_ShrinkingPage(content) if shrinks else content)
    if not takes_focus:
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    if content is not None and not has_ground:
        for ground in (area.viewport(), content):
            ground.setAutoFillBackground(False)
    return area


class TileGrid(QWidget):
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


# Cards under each other in one readable column, tables in the full width, placed without a layout.
#
# A box layout measures every card again whenever one is added; a page that is built in small steps would
# get slower with every step.


_USUAL_LINE = 17
"""Height of a line of text at 100 %, in pixels; the column grows with it."""


class CardStack(QWidget):
    """The content of a page. ``resized`` tells that heights have changed."""

    resized = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._cards: list[tuple[QWidget, bool, int]] = []
        self._is_placing = False
        self._placed = self._bottom = self._width = 0

    def add(self, card: QWidget, *, is_wide: bool = False, above: int = MEDIUM) -> None:
        """Add a card at the end, ``above`` pixels below the one before."""
        card.setParent(self)
        self._cards.append((card, is_wide, above))
        if self.isVisible():
            card.show()

    def limit(self) -> int:
        """Return the width of the column of text, in pixels."""
        return round(COLUMN * max(1.0, self.fontMetrics().height() / _USUAL_LINE))

    def arrange(self, width: int) -> int:
        """Place all cards in a width and give the height they take."""
        self._placed = self._bottom = 0
        self._width = width
        return self.extend(width)

    def extend(self, width: int) -> int:
        """Place the cards that have been added since, and give the height all take."""
        if width != self._width:
            return self.arrange(width)
        margin = LARGE if width > self.limit() // 2 else MEDIUM
        room = width - 2 * margin
        self._is_placing = True
        y = self._bottom
        for card, is_wide, above in self._cards[self._placed :]:
            if card.isHidden():
                continue
            across = room if is_wide else min(room, self.limit())
            high = card.heightForWidth(across) if card.hasHeightForWidth() else card.sizeHint().height()
            y += above
            card.setGeometry(QRect(self._start(margin, room, across), y, across, high))
            y += high
        self._is_placing = False
        self._placed, self._bottom = len(self._cards), y
        return y + 3 * LARGE

    def _start(self, margin: int, room: int, across: int) -> int:
        """Text and tables begin at the same edge, the one where reading begins."""
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        return margin + room - across if is_mirrored else margin

    def sizeHint(self) -> QSize:
        return self.size()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and not self._is_placing:
            self.resized.emit()
        return super().event(event)
