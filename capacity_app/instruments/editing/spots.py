"""Where something stands in an instrument: for programs, and in the words people use for it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from capacity_app.domain.answers import Address
from capacity_app.domain.instrument import Column, Field, Instrument, Kind, Question, Section
from capacity_app.domain.problems import N_, Translate
from capacity_app.instruments.findings import inside

HEAD = "instrument"
_STEP = re.compile(r"(section|question|row|column|contradiction) (\S+)")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place where something is answered: a question, or a column of a grid."""

    section: Section
    question: Question
    field: Field

    @property
    def place(self) -> str:
        where = question_place(self.section, self.question)
        return inside(where, "column", self.field.id) if isinstance(self.field, Column) else where


def section_place(section: Section) -> str:
    return inside("", "section", section.id)


def question_place(section: Section, question: Question) -> str:
    return inside(section_place(section), "question", question.id)


def questions(instrument: Instrument) -> Iterator[tuple[Section, Question]]:
    """Go through all questions with their sections, in printed order."""
    for section in instrument.sections:
        for question in section.questions:
            yield section, question


def spots(instrument: Instrument) -> Iterator[Spot]:
    """Go through everything that is answered: questions, and instead of a grid its columns."""
    for section, question in questions(instrument):
        if question.kind is not Kind.GRID:
            yield Spot(section, question, question)
        for column in question.columns:
            yield Spot(section, question, column)


def earns(field: Field) -> bool:
    """Return whether an answer could earn points if it weighed anything."""
    if field.kind in {Kind.LEVEL, Kind.YES_NO, Kind.YES_PARTLY_NO}:
        return True
    return any(option.points is not None or option.required for option in field.options)


def is_scored(question: Question) -> bool:
    return question.is_scored or (question.scored and any(column.is_scored for column in question.columns))


def name_of(question: Question) -> str:
    """Name a question shortly: by its printed number."""
    return question.number or question.id


def address_of(instrument: Instrument, place: str) -> Address | None:
    """Return the address of a place: of a section its first question, of a contradiction the first answer it tests."""
    steps = dict(_STEP.findall(place.replace(",", " ")))
    told = next((entry for entry in instrument.contradictions if entry.id == steps.get("contradiction")), None)
    if told is not None:
        return next(
            (address for address in told.when.addresses() if address.question in instrument.question_by_id), None
        )
    question = instrument.question_by_id.get(steps.get("question", ""))
    if question is not None:
        row = steps.get("row", "")
        column = steps.get("column", "")
        row = row if row in question.row_by_id else (question.rows[0].id if column and question.rows else "")
        return Address(question.id, row, column if column in question.column_by_id else "")
    section = next((one for one in instrument.sections if one.id == steps.get("section")), None)
    return Address(section.questions[0].id) if section is not None and section.questions else None


def place_in_words(instrument: Instrument | None, place: str, translate: Translate = str) -> str:
    """Say a place as people would: by printed numbers and labels; a file's place as it is."""
    steps = dict(_STEP.findall(place.replace(",", " ")))
    if instrument is None:
        return place
    if place == HEAD:
        return translate(N_("The whole questionnaire"))
    if "contradiction" in steps:
        return translate(N_("Contradiction {name}")).format(name=steps["contradiction"])
    question = instrument.question_by_id.get(steps.get("question", ""))
    if question is None:
        section = next((one for one in instrument.sections if one.id == steps.get("section")), None)
        known = " ".join(part for part in (section.number, section.title) if part) if section else ""
        return translate(N_("Part {name}")).format(name=known) if known else place
    return _in_question(question, steps, translate)


def place_of_key(instrument: Instrument, key: str) -> str:
    """Return the place of a text by its permanent key ("iv.policy|row a label")."""
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


def _in_question(question: Question, steps: dict[str, str], translate: Translate) -> str:
    row, column = question.row_by_id.get(steps.get("row", "")), question.column_by_id.get(steps.get("column", ""))
    name = name_of(question)
    if row is not None:
        name = f"{name} {row.number or row.label}"
    if column is not None:
        return translate(N_("{place}, column “{column}”")).format(place=name, column=column.label)
    return name
