"""The pieces of a form to be filled in by hand: words in two languages, tick boxes, and room for what is written."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from capacity_app.bilingual import beside
from capacity_app.domain.instrument import TOP_LEVEL, Field, Kind, Option, Question
from capacity_app.domain.problems import N_
from capacity_app.wording import YES_NO_WORDS, Wording

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_YEAR_DIGITS, _TWO_DIGITS = 4, 2
_THOUSANDS = (3, 3, 3)
_SIDE_BY_SIDE = 900
"""Longer texts in two languages stand below each other: side by side they could not be parted between two pages."""
_LONG_LINES, _SOME_LINES = 7, 3
_NAMED_LINES = 5
"""Lines for several sources or countries, where the instrument sets no bound."""


@dataclass(frozen=True, slots=True)
class Said:
    """Words in the form's language and, if there is one, in its second language."""

    text: str = ""
    second: str = ""

    @property
    def is_long(self) -> bool:
        """Return whether the two are too long to stand side by side."""
        return bool(self.second) and len(self.text) + len(self.second) > 2 * _SIDE_BY_SIDE


NOTHING = Said()
"""No words at all."""


@dataclass(frozen=True, slots=True)
class Box:
    """One box to tick, with its words and the short code that stands for them in a table."""

    label: Said
    code: str = ""


@dataclass(frozen=True, slots=True)
class Space:
    """Where one answer is written: boxes to tick, boxes for digits in groups, or ruled lines.

    ``is_list`` puts every box on a line of its own; ``joint`` stands between the groups of digits and ``unit`` behind
    them; ``numbers`` begin the ruled lines.
    """

    boxes: tuple[Box, ...] = ()
    is_list: bool = False
    digits: tuple[int, ...] = ()
    joint: str = ""
    unit: str = ""
    lines: int = 0
    numbers: tuple[str, ...] = ()
    hint: Said = NOTHING


def said(words: Wording, say: Callable[[Wording], str]) -> Said:
    """Say something in both languages; the second is empty where it adds nothing."""
    return Said(say(words), beside(words, say))


def part_of(words: Wording, owner: str, part: str, text: str) -> Said:
    """Say a part of the instrument's wording in both languages, nothing if it has no such part."""
    return said(words, lambda one: one.instrument_text(owner, part, text)) if text else NOTHING


def country_of(words: Wording) -> str:
    """Name the country: as the assessment does, else as the form's language does; empty if none is known."""
    mission = words.dossier.mission
    return mission.country_name or (words.texts.country(mission.m49) if mission.m49 else mission.country)


def code_of(place: int, count: int) -> str:
    """Return the code of one of so many options: a letter, or a number where letters do not suffice."""
    return _LETTERS[place] if count <= len(_LETTERS) else str(place + 1)


def ours(words: Wording, sentence: str, **values: str | int) -> Said:
    return said(words, lambda one: one.say(sentence, **values)) if sentence else NOTHING


_HINTS: dict[Kind, str] = {
    Kind.LEVEL: N_("Tick the one level that fits best."),
    Kind.YES_NO: N_("Tick one."),
    Kind.YES_PARTLY_NO: N_("Tick one."),
    Kind.CHOICE: N_("Tick one."),
    Kind.CHECKLIST: N_("Tick all that apply."),
    Kind.INTEGER: N_("A whole number, one digit in each box"),
    Kind.PERCENT: N_("Per cent, with one decimal if known"),
    Kind.YEAR: N_("Year"),
    Kind.DATE: N_("Year, month, day"),
    Kind.AGENCY: N_("Name of the agency"),
    Kind.SOURCE: N_("Name of the data source"),
    Kind.COUNTRY: N_("Name of the country"),
    Kind.URL: N_("Web address"),
}
_SEVERAL_HINTS: dict[Kind, str] = {
    Kind.AGENCY: N_("Names of the agencies, one on each line"),
    Kind.SOURCE: N_("Names of the data sources, one on each line"),
    Kind.COUNTRY: N_("Names of the countries, one on each line"),
}
_EXCLUSIVE = N_("Tick all that apply. “{option}” stands alone.")
_SAID = {Kind.YES_NO: ("yes", "no"), Kind.YES_PARTLY_NO: ("yes", "partly", "no")}


def hint_of(words: Wording, question: Question, field: Field) -> Said:
    """Return how an answer is given."""
    alone = next((option for option in field.options if option.exclusive), None)
    if field.kind is Kind.CHECKLIST and alone is not None:
        return said(words, lambda one: one.say(_EXCLUSIVE, option=one.option(question, field, alone)))
    several = _SEVERAL_HINTS.get(field.kind) if field.many else None
    sentence = several or _HINTS.get(field.kind)
    return ours(words, sentence or "")


def _level(words: Wording, question: Question, field: Field, level: int) -> Said:
    if field.anchors:
        return said(words, lambda one: one.anchor(question, field, level))
    return said(words, lambda one: one.level(level))


def boxes_of(words: Wording, question: Question, field: Field) -> tuple[Box, ...]:
    """Return the boxes one answers by ticking; none where something is written."""
    return tuple(_boxes(words, question, field))


def _boxes(words: Wording, question: Question, field: Field) -> Iterator[Box]:
    match field.kind:
        case Kind.LEVEL:
            for level in range(TOP_LEVEL + 1):
                yield Box(_level(words, question, field, level), words.texts.numeral(level))
        case Kind.YES_NO | Kind.YES_PARTLY_NO:
            for answer in _SAID[field.kind]:
                yield Box(ours(words, YES_NO_WORDS[answer]))
        case Kind.CHOICE | Kind.CHECKLIST:
            for place, option in enumerate(field.options):
                yield Box(_option(words, question, field, option), code_of(place, len(field.options)))


def _option(words: Wording, question: Question, field: Field, option: Option) -> Said:
    return said(words, lambda one: one.option(question, field, option))


def _whole_number(field: Field) -> Space:
    if field.maximum is None:
        return Space(digits=_THOUSANDS)
    return Space(digits=(len(str(field.maximum)),))


def _named(field: Field) -> Space:
    """Return lines for names; where several are wanted in order, the lines are numbered."""
    if not field.many:
        return Space(lines=1)
    count = field.most or (_SOME_LINES if field.kind is Kind.AGENCY else _NAMED_LINES)
    return Space(lines=count, numbers=tuple(str(number) for number in range(1, count + 1)))


_FIXED: dict[Kind, Space] = {
    Kind.YEAR: Space(digits=(_YEAR_DIGITS,)),
    Kind.DATE: Space(digits=(_YEAR_DIGITS, _TWO_DIGITS, _TWO_DIGITS), joint="–"),
    Kind.PERCENT: Space(digits=(3, 1), joint=".", unit="%"),
    Kind.LONG_TEXT: Space(lines=_LONG_LINES),
    Kind.TEXT: Space(lines=2),
    Kind.URL: Space(lines=1),
}


def written_space(field: Field) -> Space:
    """Return the room for what is written, not ticked."""
    if field.kind is Kind.INTEGER:
        return _whole_number(field)
    return _FIXED.get(field.kind) or _named(field)


def space_of(words: Wording, question: Question) -> Space:
    """Return the room for the answer to a question that is no table."""
    hint = hint_of(words, question, question)
    boxes = boxes_of(words, question, question)
    if not boxes:
        space = written_space(question)
        return replace(space, hint=hint, numbers=tuple(map(words.texts.in_digits, space.numbers)))
    is_list = question.kind not in _SAID
    without_codes = question.kind is not Kind.LEVEL
    shown = tuple(Box(box.label) for box in boxes) if without_codes else boxes
    return Space(boxes=shown, is_list=is_list, hint=hint)


def longest(texts: Sequence[str]) -> int:
    return max(map(len, texts), default=0)
