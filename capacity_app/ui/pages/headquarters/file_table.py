"""The table of received files: what each row says, how rows are filtered and sorted, and what to do."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import IntEnum
from fractions import Fraction
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QStyle, QStyleOptionViewItem

from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.headquarters.tidy_tables import AssessmentRow, FileRow, FileStatus
from capacity_app.domain.problems import N_
from capacity_app.i18n.synthesis_formatter import ASSESSMENT_STATUS_LABELS, FILE_OUTCOME_LABELS
from capacity_app.i18n.translator import Translator, isolate_ltr_lines
from capacity_app.ui.theme.fonts_and_sizes import SMALL, TARGET, is_font_change
from capacity_app.ui.theme.palette import colours
from capacity_app.ui.widgets.layouts import with_name
from capacity_app.ui.widgets.lists_and_tables import (
    ROW_ROLE,
    Index,
    ReadingTable,
    RowsModel,
    TableCellPainter,
)
from capacity_app.ui.widgets.text_fields import matches_search

# The board of files without any widget: what each line says, how lines are filtered and sorted, and what to do.


STATUS_SIGNS: dict[FileStatus, tuple[str, str]] = {
    FileStatus.READ: ("✓", "good"),
    FileStatus.READ_WITH_PROBLEMS: ("!", "warning"),
    FileStatus.REFUSED: ("×", "danger"),
    FileStatus.DUPLICATE: ("=", "muted"),
    FileStatus.SUPERSEDED: ("↻", "muted"),
    FileStatus.CONFLICT: ("≠", "danger"),
}
"""A sign for each fate, and the name of its colour; the word always stands beside it."""
_URGENCY = (
    FileStatus.REFUSED,
    FileStatus.CONFLICT,
    FileStatus.READ_WITH_PROBLEMS,
    FileStatus.SUPERSEDED,
    FileStatus.DUPLICATE,
    FileStatus.READ,
)
"""What needs somebody stands first."""
_ADVICE: dict[FileStatus, str] = {
    FileStatus.READ: N_("This file counts. Nothing to do."),
    FileStatus.READ_WITH_PROBLEMS: N_(
        "This file counts, except the places below. Ask the sender to correct them and to send the file again. The "
        "newer file replaces this one."
    ),
    FileStatus.REFUSED: N_("This file does not count. Correct it, put it back into the folder, and read again."),
    FileStatus.DUPLICATE: N_("The other file counts. You can remove this one from the folder."),
    FileStatus.SUPERSEDED: N_("The other file counts. Keep this one: rounds are compared with it."),
    FileStatus.CONFLICT: N_(
        "Ask the sender which file is right. Merge the files and put the result into the folder. Or choose this file."
    ),
}
_EDITED = N_("Cells edited after the export: {count}. This is expected.")


class FileColumn(IntEnum):
    """The columns of the board, in reading order."""

    FATE = 0
    COUNTRY = 1
    ROUND = 2
    FILE = 3
    STATUS = 4
    VERSION = 5
    ASKED = 6
    EDITED = 7


FILE_COLUMN_HEADINGS: dict[FileColumn, str] = {
    FileColumn.FATE: N_("Result"),
    FileColumn.COUNTRY: N_("Country"),
    FileColumn.ROUND: N_("Round"),
    FileColumn.FILE: N_("File"),
    FileColumn.STATUS: N_("Status"),
    FileColumn.VERSION: N_("Version"),
    FileColumn.ASKED: N_("Answered"),
    FileColumn.EDITED: N_("Edited cells"),
}
NUMERIC_COLUMNS: frozenset[int] = frozenset({FileColumn.VERSION, FileColumn.ASKED, FileColumn.EDITED})


@dataclass(frozen=True, slots=True)
class FileBoardRow:
    """One file with what is known of its assessment; ``cells`` are its words by column, ``said`` all of them."""

    file: FileRow
    assessment: AssessmentRow | None
    cells: tuple[str, ...]
    said: str

    @property
    def key(self) -> str:
        return self.file.path

    @property
    def is_assessment(self) -> bool:
        return self.file.path.endswith(".assessment") and self.file.fate is not FileStatus.REFUSED


def country_name(texts: Translator, row: AssessmentRow) -> str:
    return (texts.country(row.m49) if row.m49 else "") or row.country_name or row.country


def _cell_texts(texts: Translator, file: FileRow, row: AssessmentRow | None) -> tuple[str, ...]:
    say = texts.gettext
    share = None if row is None else row.completeness
    return (
        say(FILE_OUTCOME_LABELS[file.fate]),
        country_name(texts, row) if row else "",
        row.round if row else "",
        file.path,
        say(ASSESSMENT_STATUS_LABELS.get(row.status, row.status)) if row else "",
        row.instrument_version if row else "",
        texts.percent(Fraction(round(share * 1000), 1000)) if share is not None else "",
        texts.number(file.edited_cells) if file.edited_cells else "",
    )


def file_board_rows(
    texts: Translator, files: Iterable[FileRow], assessments: Iterable[AssessmentRow]
) -> tuple[FileBoardRow, ...]:
    known = {row.file_hash: row for row in assessments}
    lines = []
    for file in files:
        row = known.get(file.file_hash) if file.fate is not FileStatus.REFUSED else None
        cells = _cell_texts(texts, file, row)
        lines.append(FileBoardRow(file, row, cells, " ".join((*cells, file.told(texts.gettext)))))
    return tuple(lines)


SortKey = Callable[[FileBoardRow], object]
_NUMERIC: Mapping[FileColumn, SortKey] = {
    FileColumn.FATE: lambda line: _URGENCY.index(line.file.fate),
    FileColumn.ASKED: lambda line: -1.0 if line.assessment is None else line.assessment.completeness or 0.0,
    FileColumn.EDITED: lambda line: line.file.edited_cells,
}


def sorted_rows(
    lines: Sequence[FileBoardRow],
    column: FileColumn,
    order: Callable[[str], Any] = str.casefold,
) -> tuple[FileBoardRow, ...]:
    """Sort lines by a column, of equals by country and file; empty cells come last. ``order`` is an alphabet's key."""

    def key(line: FileBoardRow) -> tuple[object, ...]:
        own = _NUMERIC.get(column)
        return (own(line),) if own else (order(line.cells[column]),)

    def rest(line: FileBoardRow) -> tuple[Any, ...]:
        return order(line.cells[FileColumn.COUNTRY]), line.cells[FileColumn.ROUND], line.key

    found = sorted(sorted(lines, key=rest), key=key)
    return tuple(sorted(found, key=lambda line: not line.cells[column] and column not in _NUMERIC))


def filtered_rows(lines: Iterable[FileBoardRow], fate: FileStatus | None, wanted: str) -> tuple[FileBoardRow, ...]:
    """Keep the lines of one fate, or all, in which every word of ``wanted`` occurs."""
    kept = (line for line in lines if fate is None or line.file.fate is fate)
    return tuple(line for line in kept if not wanted or matches_search(line.said, wanted))


def status_counts(lines: Iterable[FileBoardRow]) -> Counter[FileStatus]:
    return Counter(line.file.fate for line in lines)


def file_advice(texts: Translator, file: FileRow) -> tuple[str, ...]:
    """Return what to do about a file."""
    said = [texts.gettext(_ADVICE[file.fate])]
    if file.edited_cells:
        said.append(texts.gettext(_EDITED).format(count=texts.number(file.edited_cells)))
    return tuple(said)


_FILE_LETTERS, _MOST_LETTERS = 24, 26
"""The least width of the file's name, and the most of any other column, in letters."""
_MEASURED = 200
"""So many lines are measured for the widths: thousands would take as long to measure as to read."""


def _cell(column: FileColumn, line: FileBoardRow) -> str:
    return line.cells[column]


class FileTableModel(RowsModel[FileBoardRow]):
    """Files as rows."""

    def __init__(self, texts: Translator) -> None:
        super().__init__(
            [(texts.gettext(FILE_COLUMN_HEADINGS[column]), partial(_cell, column)) for column in FileColumn]
        )

    def spoken(self, row: FileBoardRow, column: int) -> str:
        return f"{self.columns[column][0]}: {row.cells[column]}"


class FileCellPainter(TableCellPainter):
    """Paints cells of one line; what does not fit ends in "…", the chosen line has it in full."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        metrics = option.fontMetrics
        sign = metrics.height() if index.column() == FileColumn.FATE else 0
        return QSize(metrics.horizontalAdvance(str(index.data())) + sign + 2 * SMALL + 4, metrics.height() + SMALL)

    def paint_cell(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, room: QRect) -> None:
        room = room.adjusted(0, -SMALL, 0, SMALL)
        if index.column() == FileColumn.FATE:
            room = self._paint_sign(painter, option, room, index.data(ROW_ROLE))
        self._paint_words(painter, option, room, index)

    @staticmethod
    def _paint_sign(painter: QPainter, option: QStyleOptionViewItem, room: QRect, line: FileBoardRow) -> QRect:
        sign, colour = STATUS_SIGNS[line.file.fate]
        side = option.fontMetrics.height()
        place = QStyle.visualRect(option.direction, room, QRect(room.x(), room.y(), side, room.height()))
        painter.setPen(QColor(getattr(colours(), colour)))
        painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), sign)
        rest = QRect(room.x() + side + SMALL // 2, room.y(), room.width() - side - SMALL // 2, room.height())
        return QStyle.visualRect(option.direction, room, rest)

    @staticmethod
    def _paint_words(painter: QPainter, option: QStyleOptionViewItem, room: QRect, index: Index) -> None:
        column, is_mirrored = FileColumn(index.column()), option.direction == Qt.LayoutDirection.RightToLeft
        is_end = column in NUMERIC_COLUMNS
        side = Qt.AlignmentFlag.AlignRight if is_end != is_mirrored else Qt.AlignmentFlag.AlignLeft
        # Of a path its end says most.
        where = Qt.TextElideMode.ElideMiddle if column is FileColumn.FILE else Qt.TextElideMode.ElideRight
        text = option.fontMetrics.elidedText(str(index.data()), where, room.width())
        painter.setPen(QColor(colours().text))
        flags = int(side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(room, flags, isolate_ltr_lines(text) if is_mirrored else text)


class FileTable(ReadingTable[FileBoardRow]):
    """The table. ``picked`` carries the current line or None."""

    picked = Signal(object)

    def __init__(self, texts: Translator) -> None:
        super().__init__(FileTableModel(texts), FileCellPainter, {}, numbers=NUMERIC_COLUMNS)
        with_name(self, "headquarters_board", texts.gettext("Files found"))
        self.setWordWrap(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.heads = self.horizontalHeader()
        self.heads.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.selectionModel().currentRowChanged.connect(lambda index, _old: self._pick(index))
        self._set_height()

    def show_lines(self, lines: Sequence[FileBoardRow]) -> None:
        kept = self.current.key if self.current else ""
        self.lines.show(lines)
        self.choose(next((place for place, line in enumerate(self.lines.rows) if line.key == kept), 0))

    def choose(self, row: int) -> None:
        """Make a line current; without lines, nothing is."""
        if row < len(self.lines.rows):
            self.setCurrentIndex(self.lines.index(row, max(self.currentIndex().column(), 0)))
        else:
            self.picked.emit(None)

    def choose_key(self, key: str) -> bool:
        """Make the line of a file current; False if it is not shown."""
        row = next((place for place, line in enumerate(self.lines.rows) if line.key == key), -1)
        if row >= 0:
            self.choose(row)
        return row >= 0

    def _pick(self, index: QModelIndex) -> None:
        self.picked.emit(self.lines.rows[index.row()] if index.isValid() else None)

    def _set_height(self) -> None:
        self.verticalHeader().setDefaultSectionSize(max(TARGET, self.fontMetrics().height() + SMALL))

    def _width(self, column: FileColumn) -> int:
        letter, metrics = self.fontMetrics().averageCharWidth(), self.fontMetrics()
        own = (metrics.horizontalAdvance(line.cells[column]) for line in self.lines.rows[:_MEASURED])
        sign = metrics.height() + SMALL // 2 if column is FileColumn.FATE else 0
        words = min(max(own, default=0), _MOST_LETTERS * letter) + sign + 2 * SMALL + 4
        return max(words, self.heads.sectionSizeHint(column))

    def fit(self) -> None:
        """Give every column the room of its words, and the file's name what is left."""
        widths = {column: self._width(column) for column in FileColumn if column is not FileColumn.FILE}
        for column, width in widths.items():
            self.heads.resizeSection(column, width)
        rest = self.viewport().width() - sum(widths.values())
        self.heads.resizeSection(FileColumn.FILE, max(rest, _FILE_LETTERS * self.fontMetrics().averageCharWidth()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.size().width() != event.oldSize().width():
            super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if is_font_change(event) and hasattr(self, "heads"):
            self._set_height()
            super().changeEvent(event)
