"""The tab of files: counts first, then the board with its filters, and the chosen file beside it."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSplitter, QVBoxLayout, QWidget

from capacity_app.domain.synthesis import Synthesis
from capacity_app.domain.tidy import AssessmentRow, ProblemRow
from capacity_app.texts import Texts
from capacity_app.ui.gaps.gap_filter import SearchField
from capacity_app.ui.headquarters.board import HEADINGS, BoardLine, Column, board_lines, fates, narrowed, ordered
from capacity_app.ui.headquarters.board_table import BoardTable
from capacity_app.ui.headquarters.fate_tiles import FateTiles
from capacity_app.ui.headquarters.file_card import FileCard
from capacity_app.ui.look.cards import Card, Whole, Words
from capacity_app.ui.look.finding import alphabet
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.pickers import QuietCombo
from capacity_app.ui.look.theme import MEDIUM, SMALL

_WIDE = 130
"""Letters of width from which the chosen file stands beside the board, not below it."""
_BESIDE = 40
_LEAST_LINES = 9

Locate = Callable[[str], Path | None]
"""Tells where a file of the board lies on this computer, None if nobody knows."""


class FilesTab(QWidget):
    """The board. ``assessment_wanted`` and ``folder_wanted`` carry a place (``Path``), ``problems_wanted`` a hash.

    ``preferred`` carries the path of the file that counts where files conflict.
    """

    assessment_wanted = Signal(object)
    folder_wanted = Signal(object)
    problems_wanted = Signal(str)
    preferred = Signal(str)

    def __init__(self, texts: Texts, locate: Locate) -> None:
        super().__init__()
        self._texts, self._locate = texts, locate
        self._lines: tuple[BoardLine, ...] = ()
        self._column, self._is_descending = Column.FATE, False
        self.fates = FateTiles(texts)
        self.search = SearchField()
        self.order = QuietCombo()
        self.count = Words(is_muted=True, wraps=False)
        self.table = BoardTable(texts)
        self.card = FileCard(texts)
        self._name_parts()
        self._lay_out()
        self._connect()

    def _name_parts(self) -> None:
        say = self._texts.gettext
        self.search.setObjectName("headquarters_search")
        self.search.setPlaceholderText(say("Search"))
        self.search.setAccessibleName(say("Search in files, countries and reasons"))
        self.search.setClearButtonEnabled(True)
        self.order.setObjectName("headquarters_order")
        self.order.setAccessibleName(say("Order of the files"))
        self.order.setMinimumContentsLength(30)
        ordered_by = say("Ordered by: {column}")
        self.order.fill(tuple((str(int(c)), ordered_by.format(column=say(HEADINGS[c]))) for c in Column))
        # In line with the words of the boxes beside it.
        self.count.setContentsMargins(0, 5, 0, 5)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(MEDIUM)
        counts = Whole()
        inside = QVBoxLayout(counts)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.fates)
        column.addWidget(counts)
        line = Flow(MEDIUM)
        for part in (self.search, self.order, self.count):
            line.place(part)
        column.addWidget(line)
        sheet = Card(margin=SMALL)
        sheet.body.addWidget(self.table)
        self._area = QScrollArea()
        self._area.setObjectName("headquarters_file_area")
        self._area.setAccessibleName(self._texts.gettext("The chosen file"))
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(self.card)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(MEDIUM)
        self._split.addWidget(sheet)
        self._split.addWidget(self._area)
        self._split.setStretchFactor(0, 1)
        self._split.setStretchFactor(1, 0)
        column.addWidget(self._split, 1)

    def _connect(self) -> None:
        self.fates.chosen.connect(self._show)
        self.search.textChanged.connect(lambda _text: self._show())
        self.order.currentIndexChanged.connect(lambda place: self._sort(Column(place)))
        self.table.sorted_by.connect(self._click_heading)
        self.table.picked.connect(self._pick)
        self.table.opened.connect(self._open)
        self.card.assessment_wanted.connect(self._open)
        self.card.folder_wanted.connect(self._show_folder)
        self.card.other_wanted.connect(self.go_to)
        self.card.preferred.connect(lambda line: self.preferred.emit(line.key))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        letter = self.fontMetrics().averageCharWidth()
        is_wide = self.width() >= _WIDE * letter
        turned = Qt.Orientation.Horizontal if is_wide else Qt.Orientation.Vertical
        if self._split.orientation() != turned or not sum(self._split.sizes()):
            self._split.setOrientation(turned)
        if event.size().width() != event.oldSize().width():
            beside = _BESIDE * letter if is_wide else max(self.height() // 3, 1)
            self._split.setSizes([max((self.width() if is_wide else self.height()) - beside, 1), beside])
        self._area.setMinimumHeight(0 if is_wide else _LEAST_LINES * self.fontMetrics().height())
        self.table.setMinimumHeight(_LEAST_LINES * self.fontMetrics().height())

    # -- showing --------------------------------------------------------------------------------------------------

    def show_synthesis(self, made: Synthesis) -> None:
        """Show the files of a repository."""
        known: dict[str, AssessmentRow] = {row.newest.file_hash: row.newest for row in made.who.participants}
        known.update({one.file.file_hash: one.assessment for one in made.who.absent if one.assessment})
        self._lines = board_lines(self._texts, made.files, known.values())
        self.fates.show_counts(fates(self._lines))
        self._show()

    def _show(self) -> None:
        found = narrowed(self._lines, self.fates.fate, self.search.text())
        self.table.heads.show_order(self._column, is_descending=self._is_descending)
        order = alphabet(self._texts.language)
        self.table.show_lines(ordered(found, self._column, is_descending=self._is_descending, order=order))
        number = self._texts.number
        shown = self._texts.gettext("{shown} of {count} shown")
        self.count.setText(shown.format(shown=number(len(found)), count=number(len(self._lines))))

    def _sort(self, column: Column, *, is_descending: bool = False) -> None:
        self._column, self._is_descending = column, is_descending
        self._show()

    def _click_heading(self, place: int) -> None:
        """Sort by a column; clicked once more, the other way round."""
        is_descending = place == self._column and not self._is_descending
        self.order.blockSignals(True)
        self.order.setCurrentIndex(place)
        self.order.blockSignals(False)
        self._sort(Column(place), is_descending=is_descending)

    def _pick(self, line: BoardLine | None) -> None:
        self.card.show_line(line, is_here=line is not None and self._locate(line.key) is not None)
        if line is not None and line.file.problems:
            self.problems_wanted.emit(line.file.file_hash)

    def show_problems(self, file_hash: str, problems: Sequence[ProblemRow]) -> None:
        self.card.show_problems(file_hash, problems)

    def go_to(self, path: str) -> None:
        """Go to a file, whatever is filtered."""
        if not self.table.choose_key(path):
            self.fates.clear()
            self.search.clear()
            self._show()
            self.table.choose_key(path)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open(self, line: BoardLine) -> None:
        place = self._locate(line.key)
        if place is not None and line.is_assessment:
            self.assessment_wanted.emit(place)

    def _show_folder(self, line: BoardLine) -> None:
        place = self._locate(line.key)
        if place is not None:
            self.folder_wanted.emit(place.parent)
