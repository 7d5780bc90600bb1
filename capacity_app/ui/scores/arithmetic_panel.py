"""What opens under a number: its formula in letters and in numbers, and the parts it was made of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent, QStandardItem, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHeaderView,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from capacity_app.domain.answers import Address
from capacity_app.domain.instrument import Instrument, Question
from capacity_app.domain.sheet import ZERO, Part
from capacity_app.texts import Texts
from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.full_list import bring_into_view
from capacity_app.ui.look.rows import Headings
from capacity_app.ui.look.theme import LARGE, SMALL, Role
from capacity_app.ui.scores.arithmetic import Step
from capacity_app.ui.wording import GRADE_WORDS, Wording

_ADDRESS = int(Qt.ItemDataRole.UserRole)
_PAD = 7
_NUMBERS = Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Share:
    """What one part, or one whole question, brings into a score; ``points`` is None while it is open or out.

    Where agencies disagree, ``points`` is the midpoint. ``earned`` is weight × points; ``grade`` the evidence grade
    (0-3) of what is answered, else None.
    """

    address: Address
    label: str
    weight: Fraction
    points: Fraction | None
    earned: Fraction
    is_out: bool
    grade: int | None
    is_disputed: bool = False
    shares: tuple["Share", ...] = ()

    @property
    def is_open(self) -> bool:
        return self.is_disputed or (self.points is None and not self.is_out)

    @property
    def open_count(self) -> int:
        return sum(share.open_count for share in self.shares) if self.shares else int(self.is_open)


def _cell_label(wording: Wording, question: Question, part: Part) -> str:
    """Name a cell by its row and column."""
    row, column = question.row_by_id.get(part.row), question.column_by_id.get(part.address.column)
    words = []
    if row is not None:
        words.append(wording.texts.numbered(row.number, wording.row(question, row)))
    if column is not None:
        words.append(wording.column(question, column))
    return " · ".join(words)


def question_label(wording: Wording, question: Question) -> str:
    return wording.texts.numbered(question.number, wording.question(question))


def _share(label: str, part: Part) -> Share:
    points = part.middle if part.is_disputed else part.points
    earned = part.weight * points if points is not None else ZERO
    grade = None if part.points is None else part.grade
    return Share(part.address, label, part.weight, points, earned, part.is_out, grade, part.is_disputed)


def _question_share(wording: Wording, question: Question, parts: Sequence[Part]) -> Share:
    label = question_label(wording, question)
    if len(parts) == 1 and not parts[0].row:
        return _share(label, parts[0])
    shares = tuple(_share(_cell_label(wording, question, part), part) for part in parts)
    answered = sum((share.weight for share in shares if share.points is not None and not share.is_out), ZERO)
    earned = sum((share.earned for share in shares), ZERO)
    return Share(
        Address(question.id),
        label,
        sum((share.weight for share in shares if not share.is_out), ZERO),
        earned / answered if answered else None,
        earned,
        all(share.is_out for share in shares),
        None,
        shares=shares,
    )


def section_shares(wording: Wording, instrument: Instrument, parts: Iterable[Part]) -> tuple[Share, ...]:
    """Return what every question of a section brings in, grids with their cells below them."""
    grouped = groupby(parts, key=lambda part: part.address.question)
    return tuple(_question_share(wording, instrument.question_by_id[q], tuple(p)) for q, p in grouped)


class _Wrapping(QStyledItemDelegate):
    """Wraps the labels in the first column of a tree."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        tree = option.widget
        if index.column() or not isinstance(tree, QTreeView):
            size = super().sizeHint(option, index)
            return QSize(size.width() + 2 * _PAD, option.fontMetrics.height() + 2 * _PAD)
        depth = 2 if index.parent().isValid() else 1
        width = tree.columnWidth(0) - depth * tree.indentation() - 2 * _PAD
        room = QRect(0, 0, max(width, 80), 100_000)
        text = option.fontMetrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), str(index.data()))
        return QSize(tree.columnWidth(0), text.height() + 2 * _PAD)


def steps_grid(steps: Sequence[Step]) -> QWidget:
    """Lay figures out: what it is, its formula, the formula in numbers, the result."""
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(LARGE)
    grid.setVerticalSpacing(SMALL)
    grid.setColumnStretch(0, 3)
    grid.setColumnStretch(1, 2)
    grid.setColumnStretch(2, 4)
    for line, step in enumerate(steps):
        result = Words(f"= {step.result}", Role.STRONG, wraps=False, side="trailing")
        cells = (Words(step.name), Words(step.formula, is_muted=True), Words(step.numbers), result)
        for column, cell in enumerate(cells):
            if column:
                # Formulas read from left to right in every language.
                cell.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
            cell.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(cell, line, column, Qt.AlignmentFlag.AlignTop)
    return holder


def state_text(texts: Texts, share: Share) -> str:
    """Return how a part stands: open, not applicable, or its evidence."""
    if share.is_out:
        return texts.gettext("not applicable")
    if share.shares:
        count = share.open_count
        if not count:
            return texts.gettext("nothing open")
        return texts.ngettext("{count} open", "{count} open", count).format(count=texts.number(count))
    if share.is_disputed:
        return texts.gettext("agencies disagree: midpoint")
    if share.is_open:
        return texts.gettext("open")
    return texts.gettext(GRADE_WORDS[share.grade or 0])


class PartsTree(QTreeView):
    """The parts of a section, grids with their cells below; as high as what is unfolded. ``wanted`` is where to go."""

    wanted = Signal(object)

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._parts = QStandardItemModel(0, 5)
        self.setModel(self._parts)
        self.setHeader(Headings(self, frozenset({1, 2, 3})))
        self.setObjectName("parts")
        self.setAccessibleName(texts.gettext("Parts of the score"))
        self.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.setWordWrap(True)
        self.setItemDelegate(_Wrapping(self))
        self.setAllColumnsShowFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.expanded.connect(lambda _index: self._grow())
        self.collapsed.connect(lambda _index: self._grow())
        self.activated.connect(self._go)

    def _grow(self) -> None:
        QTimer.singleShot(0, self, self.updateGeometry)

    def show_shares(self, shares: Sequence[Share]) -> None:
        self._parts.clear()
        say = self._texts.gettext
        self._parts.setHorizontalHeaderLabels(
            [say("Question"), say("Weight"), say("Points"), say("Weight × points"), say("State and evidence")]
        )
        for share in shares:
            line = self._line(share)
            self._parts.appendRow(line)
            for part in share.shares:
                line[0].appendRow(self._line(part))
        header = self.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.updateGeometry()

    def _line(self, share: Share) -> list[QStandardItem]:
        texts = self._texts
        points = "–" if share.points is None else texts.number(share.points, 2)
        earned = "–" if share.points is None else texts.exact(share.earned)
        weight = "–" if share.is_out else texts.exact(share.weight)
        items = [QStandardItem(text) for text in (share.label, weight, points, earned, state_text(texts, share))]
        for item in items:
            item.setData(share.address, _ADDRESS)
            item.setEditable(False)
        for item in items[1:4]:
            item.setTextAlignment(_NUMBERS)
        return items

    def _go(self, index: QModelIndex) -> None:
        place = index.data(_ADDRESS)
        if isinstance(place, Address):
            self.wanted.emit(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._go(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def scrollTo(  # noqa: N802 - Qt's name
        self,
        index: QModelIndex | QPersistentModelIndex,
        _hint: QTreeView.ScrollHint = QTreeView.ScrollHint.EnsureVisible,
    ) -> None:
        bring_into_view(self, index)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        bring_into_view(self, self.currentIndex())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()
            self._grow()

    def _unfolded(self) -> list[QModelIndex]:
        """List the lines one can see."""
        tops = [self._parts.index(row, 0) for row in range(self._parts.rowCount())]
        lines = []
        for top in tops:
            lines.append(top)
            if self.isExpanded(top):
                lines.extend(self._parts.index(row, 0, top) for row in range(self._parts.rowCount(top)))
        return lines

    def sizeHint(self) -> QSize:
        rows = sum(self.indexRowSizeHint(index) for index in self._unfolded())
        return QSize(400, self.header().sizeHint().height() + rows + 2 * self.frameWidth() + 2)
