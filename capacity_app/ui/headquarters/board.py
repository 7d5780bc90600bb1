"""The board of files without any widget: what each line says, how lines are filtered and sorted, and what to do."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from typing import Any

from capacity_app.domain.problems import N_
from capacity_app.domain.tidy import AssessmentRow, FileFate, FileRow
from capacity_app.synthesis_wording import FATE_WORDS, STATUS_WORDS
from capacity_app.texts import Texts
from capacity_app.ui.look.finding import matches

FATE_SIGNS: dict[FileFate, tuple[str, str]] = {
    FileFate.READ: ("✓", "good"),
    FileFate.READ_WITH_PROBLEMS: ("!", "warning"),
    FileFate.REFUSED: ("×", "danger"),
    FileFate.DUPLICATE: ("=", "muted"),
    FileFate.SUPERSEDED: ("↻", "muted"),
    FileFate.CONFLICT: ("≠", "danger"),
}
"""A sign for each fate, and the name of its colour; the word always stands beside it."""
_URGENCY = (
    FileFate.REFUSED,
    FileFate.CONFLICT,
    FileFate.READ_WITH_PROBLEMS,
    FileFate.SUPERSEDED,
    FileFate.DUPLICATE,
    FileFate.READ,
)
"""What needs somebody stands first."""
_ADVICE: dict[FileFate, str] = {
    FileFate.READ: N_("Nothing to do: it counts."),
    FileFate.READ_WITH_PROBLEMS: N_(
        "It counts, but for the places below. Ask whoever sent it to mend them and to send it once more; a newer file "
        "takes its place."
    ),
    FileFate.REFUSED: N_(
        "It counts nowhere. Do what the reason says, put the file back into the folder, and read again."
    ),
    FileFate.DUPLICATE: N_("Nothing to do: the other file counts. You may take this one out of the folder."),
    FileFate.SUPERSEDED: N_("Nothing to do: the other file counts. Keep this one: rounds are compared with it."),
    FileFate.CONFLICT: N_(
        "Ask the sender which file is right. Merge the files into one and put that into the folder. Or choose this "
        "file: it counts from then on."
    ),
}
_EDITED = N_(
    "{count} cells were changed after it was exported. That is normal work, but somebody may want to look at them."
)


class Column(IntEnum):
    """The columns of the board, in reading order."""

    FATE = 0
    COUNTRY = 1
    ROUND = 2
    FILE = 3
    STATUS = 4
    VERSION = 5
    ASKED = 6
    EDITED = 7


HEADINGS: dict[Column, str] = {
    Column.FATE: N_("What became of it"),
    Column.COUNTRY: N_("Country"),
    Column.ROUND: N_("Round"),
    Column.FILE: N_("File"),
    Column.STATUS: N_("Status"),
    Column.VERSION: N_("Version"),
    Column.ASKED: N_("Asked"),
    Column.EDITED: N_("Edited cells"),
}
NUMBERS = frozenset({Column.VERSION, Column.ASKED, Column.EDITED})


@dataclass(frozen=True, slots=True)
class BoardLine:
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
        return self.file.path.endswith(".assessment") and self.file.fate is not FileFate.REFUSED


def country_name(texts: Texts, row: AssessmentRow) -> str:
    return (texts.country(row.m49) if row.m49 else "") or row.country_name or row.country


def _cells(texts: Texts, file: FileRow, row: AssessmentRow | None) -> tuple[str, ...]:
    say = texts.gettext
    share = None if row is None else row.completeness
    return (
        say(FATE_WORDS[file.fate]),
        country_name(texts, row) if row else "",
        row.round if row else "",
        file.path,
        say(STATUS_WORDS.get(row.status, row.status)) if row else "",
        row.instrument_version if row else "",
        texts.percent(Fraction(round(share * 1000), 1000)) if share is not None else "",
        texts.number(file.edited_cells) if file.edited_cells else "",
    )


def board_lines(texts: Texts, files: Iterable[FileRow], assessments: Iterable[AssessmentRow]) -> tuple[BoardLine, ...]:
    """Make the lines of a board, in the order of the files."""
    known = {row.file_hash: row for row in assessments}
    lines = []
    for file in files:
        row = known.get(file.file_hash) if file.fate is not FileFate.REFUSED else None
        cells = _cells(texts, file, row)
        lines.append(BoardLine(file, row, cells, " ".join((*cells, file.told(texts.gettext)))))
    return tuple(lines)


Key = Callable[[BoardLine], object]
_NUMERIC: Mapping[Column, Key] = {
    Column.FATE: lambda line: _URGENCY.index(line.file.fate),
    Column.ASKED: lambda line: -1.0 if line.assessment is None else line.assessment.completeness or 0.0,
    Column.EDITED: lambda line: line.file.edited_cells,
}


def ordered(
    lines: Sequence[BoardLine],
    column: Column,
    *,
    is_descending: bool = False,
    order: Callable[[str], Any] = str.casefold,
) -> tuple[BoardLine, ...]:
    """Sort lines by a column, of equals by country and file; empty cells come last. ``order`` is an alphabet's key."""

    def key(line: BoardLine) -> tuple[object, ...]:
        own = _NUMERIC.get(column)
        return (own(line),) if own else (order(line.cells[column]),)

    def rest(line: BoardLine) -> tuple[Any, ...]:
        return order(line.cells[Column.COUNTRY]), line.cells[Column.ROUND], line.key

    found = sorted(sorted(lines, key=rest), key=key, reverse=is_descending)
    return tuple(sorted(found, key=lambda line: not line.cells[column] and column not in _NUMERIC))


def narrowed(lines: Iterable[BoardLine], fate: FileFate | None, wanted: str) -> tuple[BoardLine, ...]:
    """Keep the lines of one fate, or all, in which every word of ``wanted`` occurs."""
    kept = (line for line in lines if fate is None or line.file.fate is fate)
    return tuple(line for line in kept if not wanted or matches(line.said, wanted))


def fates(lines: Iterable[BoardLine]) -> Counter[FileFate]:
    return Counter(line.file.fate for line in lines)


def advice(texts: Texts, file: FileRow) -> tuple[str, ...]:
    """Return what to do about a file."""
    said = [texts.gettext(_ADVICE[file.fate])]
    if file.edited_cells:
        said.append(texts.gettext(_EDITED).format(count=texts.number(file.edited_cells)))
    return tuple(said)
