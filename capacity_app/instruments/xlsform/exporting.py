"""From an instrument to a form: a group per section, a group per table and per row of it, every answer a field.

Beside the answers a question offers “not applicable” (with a reason), “unknown” and “declined”: as further choices
where there are choices, else as a question of its own that appears while the answer is empty. In a table they are said
of a whole row first, which spares a phone hundreds of screens; cells with choices offer “unknown” and “declined” too.
A date is typed as text, as a year or a month alone is an answer here and no calendar of a phone gives one.
"""

from collections.abc import Sequence

from capacity_app.domain.answers import Address
from capacity_app.domain.checking import locate
from capacity_app.domain.conditions import Condition
from capacity_app.domain.instrument import Field, Instrument, Kind, Section
from capacity_app.instruments.findings import inside
from capacity_app.instruments.xlsform.expressions import Unsupported, quoted, written
from capacity_app.instruments.xlsform.form import (
    HASH,
    INSTRUMENT,
    KIND,
    LANGUAGE,
    NUMBER,
    SAID_OF_IT,
    SENDER_AGENCY,
    SENDER_DATE,
    SENDER_PERSON,
    VERSION,
    Form,
    note,
)
from capacity_app.instruments.xlsform.names import Extra, name_of
from capacity_app.instruments.xlsform.outgoing import sentences
from capacity_app.instruments.xlsform.outgoing.answers import Answers, Registers
from capacity_app.instruments.xlsform.outgoing.questions import Questions
from capacity_app.instruments.xlsform.outgoing.sentences import NONE_CHOICE, STATE_CHOICES, STATES, YES_NO
from capacity_app.instruments.xlsform.outgoing.survey import Survey
from capacity_app.instruments.xlsform.outgoing.tables import Tables
from capacity_app.instruments.xlsform.outgoing.words import Words

__all__ = ["NONE_CHOICE", "STATES", "STATE_CHOICES", "YES_NO", "Registers", "form_of"]


def form_of(
    instrument: Instrument, languages: Sequence[str], content_hash: str, registers: Registers | None = None
) -> Form:
    """Write an instrument as a form in its own and further languages (BCP 47); ``content_hash`` names it exactly."""
    return _Writer(instrument, languages, registers or Registers()).form(content_hash)


class _Writer:
    """One instrument while it is written."""

    def __init__(self, instrument: Instrument, languages: Sequence[str], registers: Registers) -> None:
        self._words, self._survey = Words(instrument, languages), Survey()
        self._answers = Answers(self._words, registers)
        self._questions = Questions(self._words, self._survey, self._answers)
        self._tables = Tables(self._words, self._survey, self._answers, self._questions)

    def form(self, content_hash: str) -> Form:
        """Write everything."""
        instrument = self._words.instrument
        says = {INSTRUMENT: instrument.id, VERSION: instrument.version, HASH: content_hash}
        self._survey.add({"type": "start", "name": "start"})
        self._survey.add({"type": "end", "name": "end"})
        for key, name in SAID_OF_IT.items():
            self._survey.add({"type": "calculate", "name": name, "calculation": quoted(says[key])})
        self._introduce()
        self._ask_sender()
        for section in instrument.sections:
            self._section(section)
        self._tell_what_is_not_held()
        source = next(iter(self._words.texts))
        settings = {
            "form_id": instrument.id,
            "form_title": instrument.title,
            "version": instrument.version,
            "default_language": source,
            **says,
            LANGUAGE: instrument.language,
        }
        return Form(
            survey=tuple(self._survey.lines), choices=tuple(self._answers.lists.lines), settings=settings,
            problems=tuple(self._words.problems),
        )  # fmt: skip

    def _introduce(self) -> None:
        instrument = self._words.instrument
        self._survey.add(
            {"type": "note", "name": "INSTRUMENT__ABOUT"},
            self._words.worded("label", "instrument|title", instrument.title),
            self._words.worded("hint", "instrument|edition", instrument.edition),
            self._words.worded("guidance_hint", "instrument|description", instrument.description),
        )

    def _ask_sender(self) -> None:
        self._survey.add(
            {"type": "begin_group", "name": "SENDER", "appearance": "field-list"},
            self._words.said("label", sentences.ASK_SENDER),
        )
        agencies = self._answers.picked(Kind.AGENCY)
        kind = f"select_one {agencies}" if agencies else "text"
        self._survey.add({"type": kind, "name": SENDER_AGENCY}, self._words.said("label", sentences.ASK_AGENCY))
        self._survey.add({"type": "text", "name": SENDER_PERSON}, self._words.said("label", sentences.ASK_PERSON))
        self._survey.end("SENDER")
        self._survey.add({"type": "today", "name": SENDER_DATE})

    def _tell_what_is_not_held(self) -> None:
        instrument = self._words.instrument
        self._words.tell(note("scoring", instrument.id, sentences.NOT_HELD))
        if instrument.concepts or instrument.contradictions or instrument.codes:
            self._words.tell(note("glossary", instrument.id, sentences.NO_GLOSSARY))
        fields = [one for question in instrument.questions() for one in (question, *question.columns)]
        picked = {Kind.AGENCY, Kind.SOURCE} & {one.kind for one in fields}
        if any(not self._answers.registers.of(kind) for kind in picked):
            self._words.tell(note("registers", instrument.id, sentences.NO_CHOICES))

    def _section(self, section: Section) -> None:
        name, key = name_of(Address(section.id)), section.id
        self._survey.add(
            {
                "type": "begin_group",
                "name": name,
                KIND: f"section {section.supplement}".strip(),
                NUMBER: section.number,
            },
            self._words.worded("label", f"{key}|title", section.title, section.number),
        )
        if section.introduction:
            self._survey.add(
                {"type": "note", "name": name_of(Address(section.id), Extra.INTRO)},
                self._words.worded("label", f"{key}|introduction", section.introduction),
            )
        for question in section.questions:
            place = inside(inside("", "section", section.id), "question", question.id)
            relevant = self._relevant(question.show_if, place)
            if question.heading:
                self._survey.add(
                    {"type": "note", "name": name_of(Address(question.id), Extra.HEAD), "relevant": relevant},
                    self._words.worded("label", f"{question.id}|heading", question.heading),
                )
            write = self._tables.grid if question.kind is Kind.GRID else self._questions.question
            write(question, relevant)
            self._questions.note(question, relevant)
        self._survey.end(name)

    def _relevant(self, condition: Condition | None, place: str) -> str:
        if condition is None:
            return ""
        try:
            return written(condition, self._locate)
        except Unsupported:
            self._words.tell(note("condition", place, sentences.CANNOT_ASK, sentences.CANNOT_ASK_ADVICE))
            return ""

    def _locate(self, address: Address) -> tuple[str, Field] | None:
        target = locate(self._words.instrument, address)
        if target is None or target.field is None or target.field.kind is Kind.GRID:
            return None
        if target.field.kind is Kind.COUNTRY and target.field.many:
            return None
        return name_of(address), target.field
