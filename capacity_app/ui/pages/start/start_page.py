"""The start page: the recent assessments as rich rows, and the ways to begin."""

from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path

from PySide6.QtCore import QModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from capacity_app.i18n.translator import Translator, isolate_ltr
from capacity_app.ui.session.settings import RecentAssessment
from capacity_app.ui.theme.fonts_and_sizes import COLUMN, LARGE, MEDIUM, SMALL, WIDE, TextRole, font_for
from capacity_app.ui.theme.painting import has_state, paint_focus, paint_icon, paint_rounded
from capacity_app.ui.theme.palette import colours
from capacity_app.ui.widgets.buttons import Button, FlatButton
from capacity_app.ui.widgets.cards import Card, Label, page_heading
from capacity_app.ui.widgets.flow import Flow
from capacity_app.ui.widgets.layouts import lay_out, with_action, with_name
from capacity_app.ui.widgets.lists_and_tables import ROW_ROLE, Index, RowsModel

# The recently open assessments as rich rows, shown without opening a file.


_BAR = 180
"""The width of the bar that shows how much is answered, in pixels."""
_LEADING = int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)


def recent_title(texts: Translator, recent: RecentAssessment) -> str:
    """Name a recent assessment by country and round."""
    country = texts.country_as_typed(recent.m49, recent.country_name) or recent.country
    name = country or Path(recent.file).stem
    return texts.gettext("{country}, {round}").format(country=name, round=recent.round) if recent.round else name


def recent_detail(texts: Translator, recent: RecentAssessment) -> str:
    """Return how far it has come and when it was changed, or that it is gone."""
    if recent.is_missing:
        return texts.gettext("The file is not there any more: it was moved, renamed or removed.")
    if recent.is_protected:
        return texts.gettext("Protected: opens with its passphrase.")
    parts = [texts.gettext("{share} answered").format(share=texts.percent(Fraction(recent.share, 100)))]
    if recent.changed:
        parts.append(texts.gettext("last change {time}").format(time=texts.date_time(recent.changed)))
    return " · ".join(parts)


def recent_place(recent: RecentAssessment) -> str:
    """Return where a file is, shortly in one's own folders: "Documents/velmora.assessment"."""
    file = Path(recent.file)
    return str(file.relative_to(Path.home())) if file.is_relative_to(Path.home()) else recent.file


class _RecentModel(RowsModel[RecentAssessment]):
    """What is remembered, as rows."""

    def __init__(self, texts: Translator) -> None:
        super().__init__([("", partial(recent_title, texts))])
        self._texts = texts

    def spoken(self, row: RecentAssessment, _column: int) -> str:
        return f"{recent_title(self._texts, row)}. {recent_detail(self._texts, row)} {row.file}"


class _RecentPainter(QStyledItemDelegate):
    """Paints a row: the title, the detail, where the file lies, and a bar that shows how much is answered."""

    def __init__(self, texts: Translator, parent: QWidget) -> None:
        super().__init__(parent)
        self._texts = texts

    def _heights(self) -> tuple[int, int]:
        return QFontMetrics(font_for(TextRole.QUESTION)).height(), QFontMetrics(font_for(TextRole.CAPTION)).height()

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        high, low = self._heights()
        return QSize(option.rect.width(), high + 2 * low + 2 * MEDIUM + 4)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        shades, recent = colours(), index.data(ROW_ROLE)
        area = option.rect.adjusted(2, 2, -2, -2)
        if has_state(option, QStyle.StateFlag.State_Selected):
            paint_rounded(painter, QRectF(area), fill=shades.accent_tint)
        elif has_state(option, QStyle.StateFlag.State_MouseOver):
            paint_rounded(painter, QRectF(area), fill=shades.hover)
        painter.save()
        painter.setLayoutDirection(option.direction)
        self._paint_row(painter, option, area, recent)
        painter.restore()
        is_focused = option.widget is not None and option.widget.hasFocus()
        if has_state(option, QStyle.StateFlag.State_HasFocus) and is_focused:
            paint_focus(painter, area)

    def _paint_row(
        self, painter: QPainter, option: QStyleOptionViewItem, area: QRect, recent: RecentAssessment
    ) -> None:
        shades = colours()
        high, low = self._heights()
        is_missing = recent.is_missing
        bar = min(_BAR, area.width() // 4)

        def placed(x: int, y: int, width: int, height: int) -> QRect:
            return QStyle.visualRect(option.direction, area, QRect(area.x() + x, area.y() + y, width, height))

        middle, end = area.height() // 2, area.width() - MEDIUM
        if recent.is_protected and not is_missing:
            paint_icon(painter, QRectF(placed(end - high, middle - high // 2, high, high)), "locked", shades.accent)
        elif not is_missing:
            paint_rounded(painter, QRectF(placed(end - bar, middle - 4, bar, 8)), fill=shades.line, corner=4)
            if filled := bar * recent.share // 100:
                done = placed(end - bar, middle - 4, max(filled, 8), 8)
                paint_rounded(painter, QRectF(done), fill=shades.accent, corner=4)
        place = recent_place(recent)
        lines = (
            (recent_title(self._texts, recent), TextRole.QUESTION, shades.muted if is_missing else shades.text, high),
            (recent_detail(self._texts, recent), TextRole.CAPTION, shades.danger if is_missing else shades.muted, low),
            (place, TextRole.CAPTION, shades.muted, low),
        )
        top = MEDIUM - 2
        for text, role, ink, height in lines:
            font = font_for(role)
            painter.setFont(font)
            painter.setPen(QColor(ink))
            room = end - MEDIUM - (0 if is_missing else bar + MEDIUM)
            elide = Qt.TextElideMode.ElideMiddle if text == place else Qt.TextElideMode.ElideRight
            shown = QFontMetrics(font).elidedText(text, elide, room)
            # A path reads from left to right in every script.
            shown = isolate_ltr(shown) if text == place else shown
            painter.drawText(placed(MEDIUM, top, room, height), _LEADING, shown)
            top += height + 1


class RecentList(QListView):
    """The rows. ``opened`` carries a file to open, ``forgotten`` one to take off the list.

    ``current_changed`` carries the ``RecentAssessment`` of the current row.
    """

    opened = Signal(str)
    forgotten = Signal(str)
    current_changed = Signal(object)

    def __init__(self, texts: Translator) -> None:
        super().__init__()
        self.rows = _RecentModel(texts)
        self.setModel(self.rows)
        self.setItemDelegate(_RecentPainter(texts, self))
        with_name(self, "recent", texts.gettext("Recent assessments"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.clicked.connect(self._open)
        self.selectionModel().currentChanged.connect(lambda index, _old: self._tell(index))

    def sizeHint(self) -> QSize:
        return QSize(400, len(self.rows.rows) * self._row_height() + 2 * self.frameWidth())

    def minimumSizeHint(self) -> QSize:
        return QSize(200, min(len(self.rows.rows), 3) * self._row_height() + 2 * self.frameWidth())

    def _row_height(self) -> int:
        return max(0, self.sizeHintForRow(0))

    def _tell(self, index: QModelIndex) -> None:
        if index.isValid():
            self.current_changed.emit(self.rows.rows[index.row()])

    @property
    def current_file(self) -> str:
        """The file of the current row, empty if there is none."""
        index = self.currentIndex()
        return self.rows.rows[index.row()].file if index.isValid() else ""

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            self.opened.emit(self.rows.rows[index.row()].file)

    def show_recent(self, rows: Sequence[RecentAssessment]) -> None:
        self.rows.show(rows)
        self.updateGeometry()
        if rows:
            self.setCurrentIndex(self.rows.index(0, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open(index)
        elif event.key() == Qt.Key.Key_Delete and index.isValid():
            self.forgotten.emit(self.rows.rows[index.row()].file)
        else:
            super().keyPressEvent(event)


class StartPage(QWidget):
    """Shown while no assessment is open. ``round_wanted`` carries the file that a next round goes on from.

    ``backups_wanted`` carries a file whose backups are looked for, which may be gone.
    """

    round_wanted = Signal(str)
    backups_wanted = Signal(str)
    new_wanted = Signal()
    open_wanted = Signal()
    demonstration_wanted = Signal(str)
    blank_wanted = Signal()
    headquarters_wanted = Signal()
    library_wanted = Signal()

    def __init__(self, texts: Translator) -> None:
        super().__init__()
        self._texts = texts
        self.setObjectName("start_page")
        self.recent = RecentList(texts)
        self._empty = Label(
            texts.gettext(
                "No recent assessments. The demonstrations are completed examples of countries that do not exist. "
                "You can change anything in them."
            ),
            is_muted=True,
            side="center",
        )
        self._hint = Label(
            texts.gettext("Enter opens a file. Delete removes it from this list; the file itself stays."),
            TextRole.CAPTION,
            is_muted=True,
        )
        self.acts = self._acts()
        self.recent.current_changed.connect(self._offer)
        lay_out(QHBoxLayout(self), 1, (self._column(), 1000), 1, margins=WIDE)

    def _column(self) -> QWidget:
        say = self._texts.gettext
        holder = QWidget()
        holder.setMaximumWidth(COLUMN * 5 // 4)
        column = lay_out(QVBoxLayout(holder), margins=0, spacing=LARGE)
        subtitle = say("Record the answers, find the gaps, and make the report.")
        lay_out(column, page_heading(say("Capacity assessments"), subtitle), self._beginnings())
        card = Card(margin=SMALL)
        title = Label(say("Recent assessments"), TextRole.HEADING)
        title.setContentsMargins(MEDIUM, MEDIUM, MEDIUM, SMALL)
        self._hint.setContentsMargins(MEDIUM, 0, MEDIUM, SMALL)
        self._empty.setContentsMargins(WIDE, WIDE, WIDE, WIDE)
        lay_out(card.body, title, self.recent, self._empty, self.acts, self._hint)
        lay_out(column, card, self._other_tools(), 1)
        self.ways = (self.new, self.opened, *self.demonstrations, *self.tools)
        return holder

    def _beginnings(self) -> QWidget:
        say = self._texts.gettext
        self.new = with_action(Button(say("New assessment"), "new", is_main=True), "start_new", self.new_wanted.emit)
        self.opened = with_action(Button(say("Open…"), "open"), "start_open", self.open_wanted.emit)
        self.opened.setToolTip(say("Or drop an assessment file anywhere in this window."))
        labels = {
            "velmora": say("Demonstration: country of origin…"),
            "safaran": say("Demonstration: country of destination…"),
        }
        self.demonstrations = tuple(
            with_action(FlatButton(label), f"start_{name}", partial(self.demonstration_wanted.emit, name))
            for name, label in labels.items()
        )
        return Flow(MEDIUM, self.new, self.opened, *self.demonstrations)

    def _other_tools(self) -> QWidget:
        """Return the line of what has no assessment to be open."""
        say = self._texts.gettext
        self.tools = (
            with_action(FlatButton(say("Print a blank form…")), "start_blank", self.blank_wanted.emit),
            with_action(FlatButton(say("Headquarters: many countries…")), "start_headquarters",
                        self.headquarters_wanted.emit),
            with_action(FlatButton(say("Questionnaires and languages…")), "start_library", self.library_wanted.emit),
        )  # fmt: skip
        return Flow(MEDIUM, Label(say("Other tools"), is_muted=True, wraps=False), *self.tools)

    def _acts(self) -> QWidget:
        """Return what can be done with the current row, as buttons in a line that wraps."""
        say = self._texts.gettext
        self.opener = Button(say("Open"), "open")
        self.rounder = Button(say("Start the next round…"), "round")
        self.keeper = Button(say("Backups…"), "folder")
        self.forgetter = Button(say("Remove from list"), "close")
        for name, button, told in (
            ("recent_open", self.opener, self.recent.opened),
            ("recent_round", self.rounder, self.round_wanted),
            ("recent_backups", self.keeper, self.backups_wanted),
            ("recent_forget", self.forgetter, self.recent.forgotten),
        ):
            button.setObjectName(name)
            button.clicked.connect(lambda _checked, told=told: told.emit(self.recent.current_file))
        line = Flow(SMALL, self.opener, self.rounder, self.keeper, self.forgetter)
        holder = QWidget()
        lay_out(QVBoxLayout(holder), line, margins=(MEDIUM, SMALL, MEDIUM, SMALL))
        return holder

    def _offer(self, recent: object) -> None:
        """Offer what can be done with a row: a file that is gone may have backups, or is taken off."""
        is_there = isinstance(recent, RecentAssessment) and not recent.is_missing
        self.opener.setEnabled(is_there)
        self.rounder.setEnabled(is_there)

    def show_recent(self, rows: Sequence[RecentAssessment]) -> None:
        """Show what is remembered, and put the cursor where one goes on."""
        self.recent.show_recent(rows)
        for widget in (self.recent, self._hint, self.acts):
            widget.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        (self.recent if rows else self.new).setFocus(Qt.FocusReason.OtherFocusReason)
