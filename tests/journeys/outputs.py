"""The outputs of one dossier in one language, and what is wrong with their words: English left over, or no shape."""

import io
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from html.parser import HTMLParser
from typing import Any

from babel.messages import Message
from openpyxl import load_workbook

from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.questionnaire.instrument import wording_places
from capacity_app.i18n import catalogues
from capacity_app.i18n.languages import translated_languages
from capacity_app.i18n.translator import Translator
from capacity_app.services.session.demonstration import demonstration
from tests.outputs.reading import typed_texts
from tests.outputs.word_reading import word_text
from tests.outputs.workbook.reading import HIDDEN, MACHINE

IS_LONG = bool(os.environ.get("CAPACITY_LANGUAGES"))
EVERY = translated_languages()
HERE = EVERY if IS_LONG else ("ar", "th", "zh")
_LEAST = 4
"""Letters of a sentence that cannot be a code, a sign or a name."""
_ISOLATES = re.compile("[\u2066-\u2069\u200b\u200e]")
_SPACES = re.compile(r"\s")
"""French has a narrow one before some signs; a sentence that differs in nothing else cannot be told from English."""
_PLACE = re.compile(r"\\?\{[^{}]*\\?\}")


@cache
def dossier() -> Dossier:
    """Return the demonstration with fewer of the texts that people typed: all questions, some of everything else."""
    whole = demonstration()[0]
    return whole if IS_LONG else replace(whole, meetings=whole.meetings[:3], actions=whole.actions[:6])


def plain(line: str) -> str:
    """Return a line without spaces at its ends and without the signs that keep its order."""
    return _ISOLATES.sub("", line).strip()


@dataclass(frozen=True)
class English:
    """What must not be read where a translation is: whole texts, and patterns of those that are filled in."""

    texts: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]

    def left_in(self, lines: Iterable[str], typed: frozenset[str]) -> list[str]:
        """Return the lines in English that are neither typed nor the same in the language."""
        found = []
        for line in dict.fromkeys(plain(one) for one in lines):
            if line in typed or len(line) < _LEAST:
                continue
            if line in self.texts or any(pattern.fullmatch(line) for pattern in self.patterns):
                found.append(line)
        return found


def _pattern(text: str) -> re.Pattern[str] | None:
    literal = _PLACE.sub("", text)
    if sum(map(str.isalpha, literal)) < 3 * _LEAST:
        return None
    return re.compile(_PLACE.sub(".+", re.escape(text)), re.DOTALL)


def _pairs(message: Message) -> Iterator[tuple[str, str]]:
    ids = message.id if isinstance(message.id, tuple) else (message.id,)
    said = message.string if isinstance(message.string, tuple) else (message.string,)
    for one in ids:
        yield str(one), str(said[0])


@cache
def english(language: str) -> English:
    """Gather what the catalogues of a language translate: the program's sentences and the questions."""
    file = catalogues._shipped_file(language).with_suffix(".po")  # the same file, before it is compiled
    program = catalogues.read_catalogue(file)
    assert program is not None
    every = (pair for message in program if message.id for pair in _pairs(message))
    pairs = {(one, said) for one, said in every if said and _SPACES.sub("", one) != _SPACES.sub("", said)}
    texts = Translator(language)
    instrument = dossier().instrument
    worded = {text for key, text in wording_places(instrument) if texts.wording(instrument.id, key, text) != text}
    plain = {one for one, _said in pairs if "{" not in one and any(map(str.isalpha, one))}
    same = {said for _one, said in pairs}
    patterns = (_pattern(one) for one, _said in pairs if "{" in one)
    return English(frozenset((plain | worded) - same), tuple(one for one in patterns if one))


@cache
def typed() -> frozenset[str]:
    """Return everything that people typed, which stays as it is."""
    said = typed_texts(dossier(), Translator("en"))
    return frozenset(line.strip() for text in said for line in (text, *text.split("\n")))


def without_typed(line: str) -> str:
    """Take out of a line what people typed."""
    for text in _longest_first():
        if text in line:
            line = line.replace(text, " ")
    return line


@cache
def _longest_first() -> tuple[str, ...]:
    rounds = {one.mission.round for one in (dossier(), dossier().previous) if one}
    return tuple(sorted({*typed(), *rounds, dossier().mission.country_name} - {""}, key=len, reverse=True))


@cache
def printed_numbers() -> frozenset[str]:
    """Return the numbers of questions and rows as they are printed."""
    questions = tuple(dossier().instrument.questions())
    return frozenset((*(one.number for one in questions), *(row.number for one in questions for row in one.rows)))


class _Lines(HTMLParser):
    """The texts of a page, each piece between two marks by itself, and whole blocks."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._skips = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._skips += tag == "style"
        self.lines += [value for name, value in attrs if name in {"aria-label", "title", "alt"} and value]

    def handle_endtag(self, tag: str) -> None:
        self._skips -= tag == "style"

    def handle_data(self, data: str) -> None:
        if not self._skips:
            self.lines += data.split("\n")


def html_lines(page: str) -> list[str]:
    """Return the texts of a page."""
    reader = _Lines()
    reader.feed(page)
    return reader.lines


def word_lines(content: bytes) -> list[str]:
    """Return the paragraphs of a Word file, and the pieces between tabs."""
    return [piece for line in word_text(content).split("\n") for piece in (line, *line.split("\t"))]


def workbook_lines(content: bytes) -> list[str]:
    """Return the cells of the sheets for people, their names, messages of lists and headers."""
    book: Any = load_workbook(io.BytesIO(content))
    lines: list[str] = []
    for sheet in book.worksheets:
        if sheet.title in MACHINE | HIDDEN:
            continue
        lines.append(sheet.title)
        lines += [
            line
            for row in sheet.iter_rows(min_col=2)
            if not sheet.row_dimensions[row[0].row].hidden
            for cell in row
            if isinstance(cell.value, str)
            for line in (cell.value, *cell.value.split("\n"))
        ]
        for rule in sheet.data_validations.dataValidation:
            lines += [text for text in (rule.prompt, rule.error, rule.promptTitle, rule.errorTitle) if text]
    return lines
