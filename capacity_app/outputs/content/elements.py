"""What pages are made of: tables, facts, cards, and chapters of these, all of display strings."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import groupby

from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.outputs.charts import Drawing

_BRIEF = 60
_BROAD = frozenset("WMwm@%…—ЖШЩЮжшщю")
_WIDER = re.compile("[\u0430-\u052f\u10d0-\u10ff]")
"""Small Cyrillic and Georgian letters."""
_ROOM, _LEAST, _LONG_WORD = 1.6, 5, 18


class TextTone(StrEnum):
    """What a piece of text says beyond its words; the style sheet gives each a colour."""

    PLAIN = ""
    ABSENT = "band-absent"
    EMERGING = "band-emerging"
    ESTABLISHED = "band-established_with_gaps"
    SUSTAINED = "band-sustained"
    CRITICAL = "severity-critical"
    HIGH = "severity-high"
    MODERATE = "severity-moderate"
    LOW = "severity-low"
    NONE = "severity-none"
    OPEN = "open"
    OUT = "out"
    MUTED = "muted"
    STRONG = "strong"


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell: a sign (never alone: the words stand beside it or in the legend), text and a smaller second line.

    ``second`` is the text in the report's second language. ``links`` are the pieces of the text that lead somewhere,
    each with its anchor; where there are any, they are printed instead of the text. ``chart`` is drawn instead of it.
    """

    text: str = ""
    detail: str = ""
    sign: str = ""
    tone: TextTone = TextTone.PLAIN
    link: str = ""
    span: int = 1
    second: str = ""
    links: tuple[tuple[str, str], ...] = ()
    chart: Drawing | None = None


@dataclass(frozen=True, slots=True)
class ColumnHeading:
    """A column's heading, its width in percent and whether it holds text, numbers or signs.

    ``ticks`` are the numbers at the beginning, middle and end of the scale of a column of charts.
    """

    text: str
    width: float = 0
    align: str = "text"
    ticks: tuple[str, ...] = ()


def column_headings(
    say: Callable[[str], str], *columns: tuple[str, float] | tuple[str, float, str] | ColumnHeading
) -> tuple[ColumnHeading, ...]:
    """Head columns by sentences of the program, translated by ``say``, each with its width and what it holds."""
    return tuple(one if isinstance(one, ColumnHeading) else ColumnHeading(say(one[0]), *one[1:]) for one in columns)


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row; a ``group`` row spans the table and heads the rows below."""

    cells: tuple[TableCell, ...] = ()
    group: str = ""
    tone: TextTone = TextTone.PLAIN
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class ContentTable:
    """A table whose headings repeat on every page; ``second`` is its caption in the second language.

    ``above`` are headings over the headings, each over as many columns as it spans; empty where there are none.
    """

    headings: tuple[ColumnHeading, ...]
    rows: tuple[TableRow, ...]
    caption: str = ""
    note: str = ""
    style: str = ""
    second: str = ""
    above: tuple[TableCell, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A label with what it says; ``is_typed`` keeps the line breaks somebody typed.

    ``asked`` is the key of a field in Word that asks for the text; other formats do not print it.
    """

    label: str
    text: str
    is_typed: bool = False
    asked: str = ""

    @property
    def is_brief(self) -> bool:
        return bool(self.label) and len(self.label) + len(self.text) <= _BRIEF and "\n" not in self.text


@dataclass(frozen=True, slots=True)
class EntryCard:
    """One entry of a register: a title, a line below it, and its facts."""

    title: str
    facts: tuple[Fact, ...]
    subtitle: str = ""
    number: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a chapter, in both languages; level 2 or 3."""

    text: str
    level: int = 2
    second: str = ""


@dataclass(frozen=True, slots=True)
class Prose:
    """Paragraphs of one style: "" (running text), "lead", "introduction", "legend", "nothing" or "remark"."""

    paragraphs: tuple[str, ...]
    style: str = ""


@dataclass(frozen=True, slots=True)
class Points:
    """A list; the detail of a cell is the number that stands before its text."""

    cells: tuple[TableCell, ...]


@dataclass(frozen=True, slots=True)
class FactSheet:
    """Facts in two columns, label and text; ``style`` is "formulas" where labels are formulas, "lines" for lines."""

    facts: tuple[Fact, ...]
    style: str = ""


@dataclass(frozen=True, slots=True)
class Cards:
    """Cards; ``style`` is "definitions" where the title of a card stands beside what it says, as in a glossary."""

    cards: tuple[EntryCard, ...]
    style: str = ""


def prose(*paragraphs: str, style: str = "") -> tuple[Prose, ...]:
    """Return one block of the paragraphs that say something, none without any."""
    said = tuple(one for one in paragraphs if one)
    return (Prose(said, style),) if said else ()


def told_lines(block: object) -> Iterator[str]:
    """Return headings, paragraphs and points, each as it begins a line of its own."""
    match block:
        case Heading():
            yield from ("", block.text)
        case Prose():
            yield from block.paragraphs
        case Points():
            yield from (cell.text for cell in block.cells)


def titled(title: str, *blocks: object) -> tuple[object, ...]:
    """Return blocks below a heading, nothing where all of them are None."""
    present = tuple(one for one in blocks if one is not None)
    return (Heading(title), *present) if present else ()


def fact_list(*pairs: tuple[str, str], typed: bool = False) -> tuple[Fact, ...]:
    return tuple(Fact(label, text, typed) for label, text in pairs if text)


def join_empty_cells(cells: Iterable[TableCell]) -> Iterator[TableCell]:
    """Join neighbouring empty cells into one that spans them: a sparse table then costs a fraction to set."""
    for is_empty, group in groupby(cells, key=lambda cell: cell == TableCell()):
        if is_empty:
            yield TableCell(span=len(list(group)))
        else:
            yield from group


def table_row(*cells: TableCell | str, anchor: str = "") -> TableRow:
    """Make a row; bare text becomes a cell."""
    return TableRow(tuple(TableCell(cell) if isinstance(cell, str) else cell for cell in cells), anchor=anchor)


def fit_widths(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[float]:
    """Share the width of a table among its columns by what stands in them, in percent.

    A column gets at least its longest word; long texts gain with the root of their length, so that none starves.
    """
    columns = zip(headings, *rows, strict=True)
    wanted = [max(longest_word(*texts), _ROOM * max(map(len, texts)) ** 0.5, _LEAST) for texts in columns]
    return [100 * width / sum(wanted) for width in wanted]


def longest_word(*texts: str) -> int:
    """Count the letters of the longest word, or those after which a word may be broken."""
    return min(max((len(word) for text in texts for word in text.split()), default=0), _LONG_WORD)


def _width(character: str) -> float:
    """Estimate a letter's width in average small letters of our font, rather too wide than too narrow."""
    if unicodedata.east_asian_width(character) in "WF":
        return 2.0
    if character in _BROAD:
        return 1.75
    if _WIDER.match(character):
        return 1.15
    return 1.3 if character.isupper() else 1.0


def text_width(text: str) -> float:
    return sum(map(_width, text))


def shorten(text: str, width: int) -> str:
    """Fit a text into ``width`` letters (wide ones count twice), at a word's end if possible.

    Only for places that lead to the whole text: the one-page summary, footers, chapter tables.
    """
    plain = " ".join(text.split())
    if text_width(plain) <= width:
        return plain
    kept, used = 0, 1.0
    for character in plain:
        used += _width(character)
        if used > width:
            break
        kept += 1
    head = plain[:kept]
    cut = head.rfind(" ")
    return (head[:cut] if cut > kept // 2 else head).rstrip(" ,;:.–-") + "…"


def anchor_of(kind: str, name: str) -> str:
    """Make an anchor that is valid in HTML whatever the id holds."""
    return kind + "-" + "".join(c if c.isascii() and (c.isalnum() or c == "-") else f"_{ord(c):x}_" for c in name)
