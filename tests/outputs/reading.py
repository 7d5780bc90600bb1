"""What stands in a written report, and what must: texts without white space, so that line breaks do not matter."""

import dataclasses
import re
import subprocess
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from pypdfium2 import PdfDocument  # type: ignore[import-untyped]

from capacity_app.domain.assessment.answer_rules import locate
from capacity_app.domain.assessment.answers import AnswerState
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import REGISTERS
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.i18n.translator import Translator

TOP, BOTTOM = 48, 779
"""Points from the top of the page to where the running title ends, and to where the footer begins."""
NOT_TYPED = frozenset({
    "id", "type", "kind", "agency", "responsible", "funding", "country", "m49", "language", "layer", "respondent",
    "state", "value", "address", "target", "returned", "taken_in", "time", "signature", "profile",
})  # fmt: skip
DATES = frozenset({"start", "end", "validated_on", "date", "last_date", "added_on"})
AMOUNTS = frozenset({"amount", "funded"})
TYPED = frozenset({AnswerKind.TEXT, AnswerKind.LONG_TEXT, AnswerKind.URL})


def squeezed(text: str) -> str:
    return "".join(text.split())


HYPHEN = "\u2010"
"""What stands where headings of tables are broken inside a word."""
_IGNORED = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]")
_NUMBERED = re.compile(r"‹((?:U\+[0-9A-F]{4,6})+)›")


def _letter(number: str) -> str:
    return chr(int(number, 16))


def visible(text: str) -> str:
    """Return the letters one sees, in their simplest form; letters printed as numbers (‹U+1F600›) are letters again."""
    plain = _NUMBERED.sub(lambda found: "".join(map(_letter, found[1].split("U+")[1:])), _seen(text))
    return _seen(unicodedata.normalize("NFKD", plain))


def _seen(text: str) -> str:
    """Leave out what one does not see: spaces, signs of direction, joiners, places to break at."""
    kept = (c for c in text if unicodedata.category(c) not in {"Cf", "Cc"} and not c.isspace() and c != HYPHEN)
    return _IGNORED.sub("", "".join(kept))


def is_plain(text: str) -> bool:
    """Return whether a text is written letter after letter from left to right, in a script that joins none."""
    return all(
        unicodedata.bidirectional(c) not in {"R", "AL", "AN", "RLO", "RLE", "RLI", "LRO", "LRE", "PDF", "LRI", "PDI"}
        and unicodedata.category(c)[0] != "M"
        for c in text
    )


def pdf_text(
    pdf: Path, *, first: int = 1, last: int = 0, top: int = TOP, height: int = BOTTOM - TOP, order: str = "-raw"
) -> str:
    """Read some pages without what runs along all of them, in the order it was set or as it is laid out ("-layout")."""
    pages = ["-f", str(first), *(["-l", str(last)] if last else [])]
    area = ["-x", "0", "-y", str(top), "-W", "596", "-H", str(height)]
    done = subprocess.run(
        ["pdftotext", order, *pages, *area, str(pdf), "-"],  # noqa: S607 - the distribution's poppler
        capture_output=True, check=True,
    )  # fmt: skip
    return done.stdout.decode()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._skips = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - as inherited
        self._skips += tag in {"style", "svg", "title"}

    def handle_endtag(self, tag: str) -> None:
        self._skips -= tag in {"style", "svg", "title"}

    def handle_data(self, data: str) -> None:
        if not self._skips:
            self.parts.append(data)


def html_text(html: str) -> str:
    reader = _Reader()
    reader.feed(html)
    return "".join(reader.parts)


def _entry_texts(entry: Any, texts: Translator) -> Iterator[str]:
    for field in dataclasses.fields(entry):
        value = getattr(entry, field.name)
        if field.name in AMOUNTS and value.isdecimal() and value.isascii():
            yield texts.amount(Decimal(value))
        elif field.name in DATES:
            yield texts.date(value)
        elif field.name == "main_messages":  # a dash and a space make a point
            yield from (re.sub(r"^[–•-] +(?=\S)", "", line.strip()) for line in value.splitlines())
        elif type(value) is str and field.name not in NOT_TYPED:
            yield value
        elif field.name in {"team", "unplaced"}:
            yield from value


def _answer_texts(dossier: Dossier) -> Iterator[str]:
    for answer in dossier.answers:
        target = locate(dossier.instrument, answer.key.address)
        is_typed = target is None or (target.field is not None and target.field.kind in TYPED)
        if is_typed and answer.content.state is AnswerState.ANSWERED and isinstance(answer.content.value, str):
            yield answer.content.value
        yield from (answer.content.reason, answer.content.note, answer.author)


def typed_texts(dossier: Dossier, texts: Translator) -> Iterator[str]:
    """Go through everything somebody typed, as a report writes it; the previous round is only compared."""
    for name in REGISTERS:
        entries = (dossier.mission,) if name == "mission" else getattr(dossier, name)
        for entry in entries:
            yield from _entry_texts(entry, texts)
    yield from _answer_texts(dossier)


def missing(dossier: Dossier, text: str, texts: Translator) -> list[str]:
    """Return the typed texts that do not occur."""
    there = squeezed(text)
    return [typed for typed in typed_texts(dossier, texts) if squeezed(typed) not in there]


def unseen(dossier: Dossier, text: str, texts: Translator) -> list[str]:
    """Return the typed texts of which one does not see every letter, in their order."""
    there = visible(text)
    return [typed for typed in typed_texts(dossier, texts) if visible(typed) not in there]


_PAGE = 2_500
"""Letters of which a page has at least so many, if they are one text."""


def is_there_in_pieces(typed: str, text: str) -> bool:
    """Return whether a text stands there, with something else between its lines only where a page may have ended."""
    rest, there = visible(typed), visible(text)
    for _piece in range(2 + len(rest) // _PAGE):
        low, high = 0, len(rest)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if rest[:middle] in there else (low, middle - 1)
        rest = rest[low:]
        if not rest:
            return True
    return False


def half_empty_pages(pdf: Path, bottom: float = BOTTOM) -> list[int]:
    """Return the numbers of the pages with no letter between their middle and their foot, ``bottom`` points down."""
    empty = []
    for number, page in enumerate(PdfDocument(pdf), start=1):
        text, height = page.get_textpage(), page.get_height()
        boxes = (text.get_charbox(index) for index in range(text.count_chars()))
        lowest = max((height - box[1] for box in boxes if height - box[1] < bottom), default=0)
        if lowest < height / 2:
            empty.append(number)
    return empty
