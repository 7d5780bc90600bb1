"""The tab of files: counts first, then the board with its filters, and the chosen file beside it."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from capacity_app.domain.headquarters.synthesis import Synthesis
from capacity_app.domain.headquarters.tidy_tables import AssessmentRow, FileStatus, ProblemRow
from capacity_app.domain.problems import N_
from capacity_app.i18n.synthesis_formatter import FILE_OUTCOME_LABELS
from capacity_app.i18n.translator import Translator, isolate_ltr_lines
from capacity_app.ui.pages.headquarters.file_table import (
    FILE_COLUMN_HEADINGS,
    FileBoardRow,
    FileColumn,
    FileTable,
    file_advice,
    file_board_rows,
    filtered_rows,
    sorted_rows,
    status_counts,
)
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, TextRole
from capacity_app.ui.widgets.banners import KeyFigure
from capacity_app.ui.widgets.buttons import Button, ComboBox
from capacity_app.ui.widgets.cards import Card, Label, TileGrid, WrappedContainer, scroll_area_of
from capacity_app.ui.widgets.flow import Flow
from capacity_app.ui.widgets.layouts import lay_out, with_action, with_name
from capacity_app.ui.widgets.text_fields import FilterTextField, collation_key

_WIDE = 130
"""Letters of width from which the chosen file stands beside the board, not below it."""
_BESIDE = 40
_LEAST_LINES = 9

LocateFile = Callable[[str], Path | None]
"""Tells where a file of the board lies on this computer, None if nobody knows."""


_REMARKS: dict[FileStatus, str] = {
    FileStatus.READ: N_("can count"),
    FileStatus.READ_WITH_PROBLEMS: N_("can count, with problems"),
    FileStatus.REFUSED: N_("not counted"),
    FileStatus.DUPLICATE: N_("another file counts"),
    FileStatus.SUPERSEDED: N_("another file counts"),
    FileStatus.CONFLICT: N_("not counted: choose one"),
}


_SHOWN = (
    FileColumn.COUNTRY,
    FileColumn.ROUND,
    FileColumn.STATUS,
    FileColumn.VERSION,
    FileColumn.ASKED,
    FileColumn.EDITED,
)
_MOST_PROBLEMS = 50


class FileCard(Card):
    """Shows a line, which ``assessment_wanted``, ``folder_wanted`` and ``preferred`` carry.

    ``other_wanted`` carries the path of another file.
    """

    assessment_wanted = Signal(object)
    folder_wanted = Signal(object)
    preferred = Signal(object)
    other_wanted = Signal(str)

    def __init__(self, texts: Translator) -> None:
        super().__init__(margin=LARGE, name="headquarters_file")
        self._texts = texts
        self.line: FileBoardRow | None = None
        say = texts.gettext
        self.title = _selectable(TextRole.QUESTION)
        self.fate, self.reason, self.advice = Label(role=TextRole.STRONG), _selectable(), Label(is_muted=True)
        self.problems = _selectable(TextRole.CAPTION)
        self.problems.setObjectName("headquarters_problems")
        self.facts = _selectable(TextRole.CAPTION)
        self.open = self._button("open", say("Open assessment"), self.assessment_wanted)
        self.folder = self._button("folder", say("Show folder"), self.folder_wanted)
        self.other = with_action(Button(say("Show other file")), "headquarters_other", self._go_on)
        self.prefer = self._button("prefer", say("Use this file"), self.preferred)
        self._lay_out()
        self.show_line(None, is_here=False)

    def _button(self, name: str, label: str, told: SignalInstance) -> Button:
        return with_action(Button(label), f"headquarters_{name}", lambda: told.emit(self.line))

    def _lay_out(self) -> None:
        ways = Flow(SMALL, self.prefer, self.open, self.folder, self.other)
        lay_out(self.body, self.fate, self.title, self.reason, self.advice, ways, spacing=MEDIUM)
        lay_out(self.body, lay_out(QVBoxLayout(), self.problems, self.facts, spacing=SMALL), 1)

    def _go_on(self) -> None:
        if self.line is not None:
            self.other_wanted.emit(self.line.file.other_file)

    def show_line(self, line: FileBoardRow | None, *, is_here: bool) -> None:
        """Show another file; ``is_here`` tells that it is known where it lies."""
        self.line = line
        say = self._texts.gettext
        self.problems.setText("")
        for part in (
            self.fate,
            self.reason,
            self.advice,
            self.problems,
            self.facts,
            self.open,
            self.folder,
            self.other,
            self.prefer,
        ):
            part.setVisible(line is not None)
        if line is None:
            self.title.setText(say("Choose a file to see its result and what to do."))
            return
        file = line.file
        self.fate.setText(line.cells[FileColumn.FATE])
        self.title.setText(isolate_ltr_lines(file.path) if self._texts.right_to_left else file.path)
        self.reason.setText(file.told(say))
        self.reason.setVisible(bool(file.reason))
        self.advice.setText(" ".join(file_advice(self._texts, file)))
        said = self._facts(line)
        self.facts.setText("\n".join(said))
        self.facts.setVisible(bool(said))
        self.problems.hide()
        self.open.setVisible(line.is_assessment)
        self.open.setEnabled(is_here)
        self.folder.setEnabled(is_here)
        self.other.setVisible(bool(file.other_file))
        self.prefer.setVisible(file.fate is FileStatus.CONFLICT)

    def _facts(self, line: FileBoardRow) -> Sequence[str]:
        say = self._texts.gettext
        said = [f"{say(FILE_COLUMN_HEADINGS[column])}: {line.cells[column]}" for column in _SHOWN if line.cells[column]]
        if line.assessment is not None and line.assessment.last_change:
            said.append(say(N_("Last change: {moment}")).format(
                moment=self._texts.date_time(line.assessment.last_change)))  # fmt: skip
        return said

    def show_problems(self, file_hash: str, problems: Sequence[ProblemRow]) -> None:
        """Show what could not be read, if it is still this file that is looked at."""
        if self.line is None or self.line.file.file_hash != file_hash or not problems:
            return
        say = self._texts.gettext
        lines = [f"{one.place}: {one.told(say)}" for one in problems[:_MOST_PROBLEMS]]
        if len(problems) > _MOST_PROBLEMS:
            rest = self._texts.number(len(problems) - _MOST_PROBLEMS)
            lines.append(say(N_("… and {count} more. The table “problems” lists all.")).format(count=rest))
        self.problems.setText("\n".join((say(N_("What could not be read:")), *lines)))
        self.problems.show()


def _selectable(role: TextRole = TextRole.BODY) -> Label:
    return Label(role=role, is_selectable=True)


class StatusTiles(Card):
    """One tile for each fate. ``chosen`` tells that another fate is wanted, or all."""

    chosen = Signal()

    def __init__(self, texts: Translator) -> None:
        super().__init__(margin=SMALL)
        self._texts = texts
        self.tiles = {
            fate: KeyFigure(f"fate_{fate.value}", texts.gettext(FILE_OUTCOME_LABELS[fate]), is_small=True)
            for fate in FileStatus
        }
        for tile in self.tiles.values():
            tile.clicked.connect(lambda _checked, which=tile: self._choose(which))
        self.body.addWidget(TileGrid(tuple(self.tiles.values()), letters=19))

    @property
    def fate(self) -> FileStatus | None:
        return next((fate for fate, tile in self.tiles.items() if tile.isChecked()), None)

    def _choose(self, which: KeyFigure) -> None:
        for tile in self.tiles.values():
            tile.setChecked(tile is which and tile.isChecked())
        self.chosen.emit()

    def show_counts(self, counts: Mapping[FileStatus, int]) -> None:
        """Show other counts; a fate that no file has cannot be wanted."""
        for fate, tile in self.tiles.items():
            count = counts.get(fate, 0)
            tile.show_figure(self._texts.number(count), self._texts.gettext(_REMARKS[fate]))
            tile.setEnabled(bool(count))
            tile.setChecked(tile.isChecked() and bool(count))

    def clear(self) -> None:
        for tile in self.tiles.values():
            tile.setChecked(False)


class FilesTab(QWidget):
    """The board. ``assessment_wanted`` and ``folder_wanted`` carry a place (``Path``), ``problems_wanted`` a hash.

    ``preferred`` carries the path of the file that counts where files conflict.
    """

    assessment_wanted = Signal(object)
    folder_wanted = Signal(object)
    problems_wanted = Signal(str)
    preferred = Signal(str)

    def __init__(self, texts: Translator, locate: LocateFile) -> None:
        super().__init__()
        self._texts, self._locate = texts, locate
        self._lines: tuple[FileBoardRow, ...] = ()
        self.fates = StatusTiles(texts)
        self.search = FilterTextField()
        self.order = ComboBox()
        self.count = Label(is_muted=True, wraps=False)
        self.table = FileTable(texts)
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
        with_name(self.order, "headquarters_order", say("Order of the files"))
        self.order.setMinimumContentsLength(30)
        ordered_by = say("Ordered by: {column}")
        self.order.fill(
            tuple((str(int(c)), ordered_by.format(column=say(FILE_COLUMN_HEADINGS[c]))) for c in FileColumn)
        )
        # In line with the words of the boxes beside it.
        self.count.setContentsMargins(0, 5, 0, 5)

    def _lay_out(self) -> None:
        counts = WrappedContainer()
        lay_out(QVBoxLayout(counts), self.fates, margins=0)
        line = Flow(MEDIUM, self.search, self.order, self.count)
        column = lay_out(QVBoxLayout(self), counts, line, margins=0, spacing=MEDIUM)
        sheet = Card(self.table, margin=SMALL)
        self._area = scroll_area_of(self.card, takes_focus=True, scrolls_sideways=False)
        with_name(self._area, "headquarters_file_area", self._texts.gettext("The chosen file"))
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
        self.order.currentIndexChanged.connect(lambda _place: self._show())
        self.table.picked.connect(self._pick)
        self.table.entered.connect(self._open)
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

    def show_synthesis(self, made: Synthesis) -> None:
        known: dict[str, AssessmentRow] = {row.newest.file_hash: row.newest for row in made.who.participants}
        known.update({one.file.file_hash: one.assessment for one in made.who.absent if one.assessment})
        self._lines = file_board_rows(self._texts, made.files, known.values())
        self.fates.show_counts(status_counts(self._lines))
        self._show()

    def _show(self) -> None:
        found = filtered_rows(self._lines, self.fates.fate, self.search.text())
        order = collation_key(self._texts.language)
        self.table.show_lines(sorted_rows(found, FileColumn(self.order.currentIndex()), order=order))
        number = self._texts.number
        shown = self._texts.gettext("{shown} of {count} shown")
        self.count.setText(shown.format(shown=number(len(found)), count=number(len(self._lines))))

    def _pick(self, line: FileBoardRow | None) -> None:
        self.card.show_line(line, is_here=line is not None and self._locate(line.key) is not None)
        if line is not None and line.file.problems:
            self.problems_wanted.emit(line.file.file_hash)

    def show_problems(self, file_hash: str, problems: Sequence[ProblemRow]) -> None:
        self.card.show_problems(file_hash, problems)

    def go_to(self, path: str) -> None:
        if not self.table.choose_key(path):
            self.fates.clear()
            self.search.clear()
            self._show()
            self.table.choose_key(path)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open(self, line: FileBoardRow) -> None:
        place = self._locate(line.key)
        if place is not None and line.is_assessment:
            self.assessment_wanted.emit(place)

    def _show_folder(self, line: FileBoardRow) -> None:
        place = self._locate(line.key)
        if place is not None:
            self.folder_wanted.emit(place.parent)
