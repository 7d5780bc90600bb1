"""Printed numbers: there, each once, in order; and what texts say of numbers that are not there."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from capacity_app.domain.instrument import Instrument, Question, Section
from capacity_app.domain.problems import N_
from capacity_app.domain.wordings import wording_places
from capacity_app.instruments.editing.kinds import RemarkKind, Remarks
from capacity_app.instruments.editing.spots import question_place, section_place
from capacity_app.instruments.findings import inside, listed

_STEP = re.compile(r"\d+|[^\W\d_]+")
_ROMAN_NUMBER = re.compile(r"(?<![\w.])[IVXLC]{1,7}\.\d{1,3}(?![\w]|\.\d)")
_PLAIN_NUMBER = re.compile(r"(?<![\w.])\d{1,2}\.\d{1,3}(?![\w%]|\.\d)")


def note_numbers(instrument: Instrument, remarks: Remarks) -> None:
    """Note printed numbers that mislead."""
    _note_doubled_sections(instrument, remarks)
    numbered = [(section, question) for section in instrument.sections for question in section.questions]
    counts = Counter(question.number.strip().casefold() for _section, question in numbered)
    for section, question in numbered:
        if not question.number.strip():
            message = N_("The question has no printed number, so nobody can refer to it in a meeting.")
            remarks.note(RemarkKind.NUMBERS, "missing", question_place(section, question), message,
                         N_("Give it the next number of its part."))  # fmt: skip
        elif counts[question.number.strip().casefold()] > 1:
            message = N_("The number {number} is printed on several questions, so remarks may land on the wrong one.")
            remarks.note(RemarkKind.NUMBERS, "doubled", question_place(section, question), message,
                         N_("Give each question a number of its own; ids stay as they are."),
                         number=question.number)  # fmt: skip
    for section in instrument.sections:
        _note_disorder(section, remarks)
        for question in section.questions:
            _note_rows(section, question, remarks)
    _note_references(instrument, remarks)


def _note_doubled_sections(instrument: Instrument, remarks: Remarks) -> None:
    counts = Counter(section.number.strip().casefold() for section in instrument.sections)
    for section in instrument.sections:
        if section.number.strip() and counts[section.number.strip().casefold()] > 1:
            message = N_("Several parts have the number {number}.")
            advice = N_("Give each part a number of its own; ids stay as they are.")
            remarks.note(RemarkKind.NUMBERS, "doubled-part", section_place(section), message, advice,
                         number=section.number)  # fmt: skip


def _order(number: str) -> tuple[tuple[str, ...], int] | None:
    """Part a number into what it begins with and its last step, None if it has none: 1.10, IV.3, G."""
    steps = _STEP.findall(number)
    if not steps:
        return None
    last = steps[-1]
    if last.isdigit():
        return tuple(steps[:-1]), int(last[:9])
    if len(last) == 1 and last.isascii():
        return tuple(steps[:-1]), ord(last.casefold())
    return None


def _falling(numbers: Iterable[str]) -> Iterator[tuple[str, str]]:
    for one, other in pairwise(numbers):
        first, second = _order(one), _order(other)
        if first and second and first[0] == second[0] and first[1] > second[1]:
            yield one, other


def _note_disorder(section: Section, remarks: Remarks) -> None:
    for one, other in _falling(question.number for question in section.questions):
        message = N_("{second} is printed after {first}, so whoever looks for it on paper looks in the wrong place.")
        remarks.note(RemarkKind.NUMBERS, "order", section_place(section), message,
                     N_("Put the questions in the order of their numbers, or number them anew."),
                     first=one, second=other)  # fmt: skip


def _note_rows(section: Section, question: Question, remarks: Remarks) -> None:
    numbers = [row.number.strip() for row in question.rows if row.number.strip()]
    doubled = [number for number, count in Counter(map(str.casefold, numbers)).items() if count > 1]
    if doubled:
        message = N_("Several rows of this table have the same number: {names}.")
        remarks.note(RemarkKind.NUMBERS, "doubled-row", question_place(section, question), message,
                     N_("Give each row a number of its own; ids stay as they are."), names=listed(doubled))  # fmt: skip
    for one, other in _falling(numbers):
        message = N_("Row {second} stands after row {first}.")
        remarks.note(RemarkKind.NUMBERS, "row-order", question_place(section, question), message,
                     N_("Put the rows in the order of their numbers, or number them anew."),
                     first=one, second=other)  # fmt: skip


def _note_references(instrument: Instrument, remarks: Remarks) -> None:
    """Note numbers a text refers to that no question has; decimals look alike, so they count only in messages."""
    known = {question.number.strip().rstrip(".") for question in instrument.questions()}
    is_roman = any(_ROMAN_NUMBER.fullmatch(number) for number in known)
    is_plain = any(_PLAIN_NUMBER.fullmatch(number) for number in known)
    for key, text in wording_places(instrument):
        owner = key.partition("|")[0]
        named = set(_ROMAN_NUMBER.findall(text)) if is_roman else set()
        if is_plain and owner == "contradictions":
            named |= set(_PLAIN_NUMBER.findall(text))
        for number in sorted(named - known):
            message = N_("The text refers to {number}, and there is no such question: “{text}”")
            advice = N_("Correct the number. Ids stay when questions are numbered anew, the wording does not follow.")
            remarks.note(RemarkKind.REFERENCE, "number", place_of_key(instrument, key), message, advice,
                         number=number, text=_around(text, number))  # fmt: skip


def _around(text: str, found: str) -> str:
    at = text.find(found)
    return text if len(text) <= 150 else ("…" if at > 60 else "") + text[max(at - 60, 0) : at + 80]  # noqa: PLR2004 - a line


def place_of_key(instrument: Instrument, key: str) -> str:
    """Give the place of a text by its permanent key ("iv.policy|row a label")."""
    owner, _, part = key.partition("|")
    if owner == "contradictions":
        return inside("", "contradiction", part)
    question = instrument.question_by_id.get(owner)
    if question is None:
        section = next((one for one in instrument.sections if one.id == owner), None)
        return section_place(section) if section else "instrument"
    place = question_place(instrument.section_of[owner], question)
    word, _, rest = part.partition(" ")
    return inside(place, word, rest.partition(" ")[0]) if word in {"row", "column"} else place
