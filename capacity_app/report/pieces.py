"""The pieces a page is made of: tables, facts and cards, all of display strings."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
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
class Cell:
    """One cell: a sign (never alone: the words stand beside it or in the legend), text and a smaller second line."""

    text: str = ""
    detail: str = ""
    sign: str = ""
    tone: Tone = Tone.PLAIN
    link: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A column's heading, its width in percent and whether it holds text, numbers or signs."""

    text: str
    width: int = 0
    align: str = "text"


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row; a ``group`` row spans the table and heads the rows below."""

    cells: tuple[Cell, ...] = ()
    group: str = ""
    tone: Tone = Tone.PLAIN
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose headings repeat on every page."""

    headings: tuple[Heading, ...]
    rows: tuple[TableRow, ...]
    caption: str = ""
    note: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A label with what it says; ``is_typed`` keeps the line breaks somebody typed."""

    label: str
    text: str
    is_typed: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """One entry of a register: a title, a line below it, and its facts."""

    title: str
    facts: tuple[Fact, ...]
    subtitle: str = ""
    number: str = ""
    anchor: str = ""


def facts(*pairs: tuple[str, str], typed: bool = False) -> tuple[Fact, ...]:
    """Keep the pairs that say something."""
    return tuple(Fact(label, text, typed) for label, text in pairs if text)


def row(*cells: Cell | str, anchor: str = "") -> TableRow:
    """Make a row; bare text becomes a cell."""
    return TableRow(tuple(Cell(cell) if isinstance(cell, str) else cell for cell in cells), anchor=anchor)


def _width(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def shortened(text: str, width: int) -> str:
    """Fit a text into ``width`` letters (wide ones count twice), at a word's end if possible.

    Only for places that lead to the whole text: the one-page summary, footers, chapter tables.
    """
    plain = " ".join(text.split())
    if sum(map(_width, plain)) <= width:
        return plain
    kept, used = 0, 1
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
