"""The open assessment in words: questions, answers, places and register entries, looked up live."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from capacity_app.domain.assessment.answers import Address, AnswerState, AnswerValue, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.register_fields import (
    ACTION_PROGRESS_LABELS,
    MERGEABLE_REGISTERS,
    REGISTER_INFO,
    entry_title,
    register_field,
)
from capacity_app.domain.assessment.registers import (
    Action,
    Agency,
    DataSource,
    Evidence,
    Meeting,
    Person,
    RegisterEntry,
    Remark,
    Validation,
)
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.planning.costs import CURRENCIES, last_currency
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import (
    OFFICER_NOTE_KEY,
    Feasibility,
    GridColumn,
    GridRow,
    Instrument,
    Question,
    QuestionField,
)
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.scoring.answer_sheet import AnswerCounts
from capacity_app.i18n import formatter
from capacity_app.i18n.countries import currency_of
from capacity_app.i18n.translator import Translator
from capacity_app.services.session.assessment_session import AssessmentSession

STATE_TITLES: dict[AnswerState, str] = {
    AnswerState.ANSWERED: N_("Answered"),
    AnswerState.NOT_APPLICABLE: N_("Not applicable"),
    AnswerState.UNKNOWN: N_("Unknown"),
    AnswerState.DECLINED: N_("Declined"),
    AnswerState.NOT_ASKED: N_("Unanswered"),
}
GRADE_LABELS = (
    N_("E0 no evidence"),
    N_("E1 named or linked"),
    N_("E2 document held"),
    N_("E3 checked against an independent source"),
)


class SessionFormatter(formatter.Formatter):
    """Says everything of an open assessment; ``dossier`` holds only the instrument, the rest comes from the session."""

    session: AssessmentSession

    def __init__(self, texts: Translator, session: AssessmentSession, named: Iterable[RegisterEntry] = ()) -> None:
        """Take the session, and entries that are ``named`` and not in its registers."""
        named = tuple(named)
        dossier = Dossier(
            id=session.assessment_id,
            instrument=session.instrument,
            agencies=tuple(one for one in named if isinstance(one, Agency)),
            sources=tuple(one for one in named if isinstance(one, DataSource)),
        )
        super().__init__(texts, dossier)
        object.__setattr__(self, "session", session)

    def date(self, iso: str) -> str:
        return self.texts.short_date(iso)

    def part(self, question: Question, name: str) -> str:
        """Word the ``definition``, ``respondent_help`` or ``evidence_hint`` of a question."""
        return self.instrument_text(question.id, name, getattr(question, name))

    def row_part(self, question: Question, row: GridRow, name: str) -> str:
        """Word the ``heading``, ``definition`` or ``preset_reason`` of a row."""
        return self.instrument_text(question.id, f"row {row.id} {name}", getattr(row, name))

    def officer_note(self, question: Question, row: GridRow | None, column: GridColumn | None) -> str:
        """Word the notes for the officer on a cell, its row, its column, the question and its part, one a line."""
        section = self.dossier.instrument.section_of[question.id]
        notes = (
            (question.id, f"row {row.id} {OFFICER_NOTE_KEY}", row.officer_note) if row else None,
            (question.id, f"column {column.id} {OFFICER_NOTE_KEY}", column.officer_note) if column else None,
            (question.id, OFFICER_NOTE_KEY, question.officer_note),
            (section.id, "officer_introduction", section.officer_introduction),
        )
        return "\n".join(text for text in (self.instrument_text(*note) for note in notes if note) if text)

    def field_part(self, question: Question, field: QuestionField, name: str, text: str) -> str:
        """Word a part ("definition", "action 2") of a question or column."""
        place = "" if field is question else f"column {field.id} "
        return self.instrument_text(question.id, f"{place}{name}", text)

    def anchors(self, question: Question, field: QuestionField) -> tuple[str, ...]:
        """Word the sentences of the levels; their numbers where the instrument has none."""
        if not field.anchors:
            return tuple(map(self.level, field.levels))
        return tuple(self.anchor(question, field, level) for level in range(len(field.anchors)))

    def agency(self, agency_id: str) -> str:
        """Name an agency, shortly if it has a short name."""
        entry = self.session.entry("agencies", agency_id) if agency_id else None
        if isinstance(entry, Agency):
            return entry.short or entry.name
        return super().agency(agency_id) or self.texts.gettext("No agency named")

    def source(self, source_id: str) -> str:
        entry = self.session.entry("sources", source_id)
        return entry.name if isinstance(entry, DataSource) else super().source(source_id)

    def entry(self, register: str, entry_id: str) -> str:
        """Name an entry of the session, or of the ``named`` ones; one that was removed says so."""
        found = self.session.entry(register, entry_id)
        if found is not None:
            return entry_title(found) or self.texts.gettext(REGISTER_INFO[register].unnamed)
        name = super().entry(register, entry_id)
        return self.texts.gettext("removed entry") if name == entry_id else name

    def evidence(self, evidence_id: str) -> str:
        entry = self.session.entry("evidence", evidence_id)
        return (entry.title or entry.file_name or entry.link) if isinstance(entry, Evidence) else evidence_id

    def state(self, state: AnswerState) -> str:
        return self.texts.gettext(STATE_TITLES[state])

    def _number(self, question: Question, field: QuestionField, value: int) -> str:
        """Write a whole number in the window's digits, a level with its sentence."""
        if field.kind is not AnswerKind.LEVEL:
            return self.texts.in_digits(str(value)) if field.kind.info.is_year else self.texts.number(value)
        anchor, level = self.anchor(question, field, value), self.texts.number(value)
        return f"{level} – {anchor}" if anchor else level

    def short_value(self, question: Question, field: QuestionField, value: AnswerValue) -> str:
        """Say a value, a level by its number instead of its sentence."""
        if field.kind is AnswerKind.LEVEL and isinstance(value, int):
            return self.level(value)
        return self.value(question, field, value)

    def content(
        self, question: Question, field: QuestionField | None, content: Content, *, is_short: bool = False
    ) -> str:
        """Return what an answer says, its state and reason included; empty if nobody was asked."""
        if content.state is AnswerState.NOT_ASKED:
            return content.unread if is_short or not content.unread else self.unread(content.unread)
        if content.state is AnswerState.ANSWERED:
            if field is None or field.kind is AnswerKind.GRID:
                return self.texts.gettext("Applicable")
            say = self.short_value if is_short else self.value
            return say(question, field, content.value)
        said = self.state(content.state)
        return f"{said}: {content.reason}" if content.reason and content.state is AnswerState.NOT_APPLICABLE else said


def format_answered(counts: AnswerCounts, texts: Translator) -> str:
    sentence = texts.ngettext("{answered} of {wanted} answer", "{answered} of {wanted} answers", counts.wanted)
    return sentence.format(answered=texts.number(counts.answered), wanted=texts.number(counts.wanted))


def progress_advice(counts: AnswerCounts, texts: Translator) -> str:
    """Say what is counted, and what is not."""
    said = texts.gettext("Each cell of a table counts as one answer.")
    return f"{said} {texts.gettext(UNNEEDED_ADVICE)}" if counts.unneeded else said


def format_progress(counts: AnswerCounts, texts: Translator) -> str:
    """Return how much is answered, and how many answers others have made unnecessary: why a total has changed."""
    said = format_answered(counts, texts)
    if not counts.unneeded:
        return said
    unneeded = texts.ngettext("{count} not needed", "{count} not needed", counts.unneeded)
    return f"{said} · {unneeded.format(count=texts.number(counts.unneeded))}"


UNNEEDED_ADVICE = N_("Not needed: another answer makes these answers unnecessary, so they do not count.")
"""What "not needed" means."""


# What a register entry is called in a list or picker, and the line below it.


FEASIBILITY_SHORT: dict[Feasibility, str] = {
    Feasibility.EASY: N_("easy"),
    Feasibility.EFFORT: N_("effort"),
    Feasibility.HARD: N_("hard"),
}
REGISTER_TITLES = {register: REGISTER_INFO[register].title for register in (*MERGEABLE_REGISTERS, "validations")}
"""The registers on the page of registers, in order."""


def capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]


def today() -> str:
    """Return the date (ISO 8601) where the person is."""
    return datetime.now(UTC).astimezone().date().isoformat()


def name_to_find(agency: Agency) -> str:
    """Return an agency's name as a list shows it, with the short name first where there is one."""
    return f"{agency.short} – {agency.name}" if agency.short and agency.short != agency.name else agency.name


@dataclass(frozen=True)
class EntryFormatter:
    """The words a page needs about register entries and codes, in one language and for one session.

    ``named`` are entries that a file names and that are not in the registers.
    """

    texts: Translator
    session: AssessmentSession
    named: tuple[RegisterEntry, ...] = ()

    @cached_property
    def wording(self) -> SessionFormatter:
        return SessionFormatter(self.texts, self.session, self.named)

    @property
    def instrument(self) -> Instrument:
        return self.session.instrument

    def code(self, code_list: str, code: str) -> str:
        label = self.instrument.code_label(code_list, code)
        return self.texts.wording(self.instrument.id, f"codes|{code_list} {code}", label) if code else ""

    def codes(self, code_list: str) -> tuple[tuple[str, str], ...]:
        """Return a code list as (code, wording)."""
        return tuple((c.id, self.code(code_list, c.id)) for c in self.instrument.codes.get(code_list, ()))

    def actions(self) -> tuple[Action, ...]:
        return tuple(entry for entry in self.session.entries("actions") if isinstance(entry, Action))

    def default_currency(self) -> str:
        """Return the currency last used in the plan, else that of the country."""
        return last_currency(self.actions()) or currency_of(self.session.mission.m49)

    def currencies(self) -> tuple[tuple[str, str], ...]:
        """Return the currencies as (code, code and name), those of the plan and of the country first."""
        own = currency_of(self.session.mission.m49)
        first = {one.currency for one in self.actions()} | {own}
        order = sorted(CURRENCIES, key=lambda code: (code not in first, code))
        return tuple((code, f"{code} – {self.texts.currency(code)}") for code in order)

    def title(self, register: str, entry: RegisterEntry | None) -> str:
        """Name an entry; one that was removed says so."""
        if entry is None:
            return self.texts.gettext("removed entry")
        if isinstance(entry, Remark):
            return self.gap_name(entry.address)
        return entry_title(entry) or self.texts.gettext(REGISTER_INFO[register].unnamed)

    def title_of(self, register: str, entry_id: str) -> str:
        return self.title(register, self.session.entry(register, entry_id)) if entry_id else ""

    def detail(self, register: str, entry: RegisterEntry) -> str:
        return " · ".join(part for part in _DETAILS[register](self, entry) if part)

    def entries(self, register: str) -> tuple[tuple[str, str], ...]:
        return tuple((entry.id, self.title(register, entry)) for entry in self.session.entries(register))

    def choices(self, register: str) -> tuple[tuple[str, str], ...]:
        """Return the entries of a register under the names they are found by: an agency also by its short name."""
        entries = self.session.entries(register)
        return tuple((e.id, name_to_find(e) if isinstance(e, Agency) else self.title(register, e)) for e in entries)

    def names(self) -> list[tuple[str, str]]:
        """Return the people met and the team as (what is written, what is shown)."""
        people = (entry for entry in self.session.entries("people") if isinstance(entry, Person) and entry.name)
        met = [(p.name, f"{p.name}, {p.position}" if p.position else p.name) for p in people]
        return met + [(name, name) for name in self.session.mission.team]

    def gap_name(self, address: str) -> str:
        """Name a gap by the printed number and wording of its question or row."""
        try:
            place = Address.parse(address)
        except ValueError:
            return address
        return self.wording.title_at(place)

    def gap_choices(self) -> tuple[tuple[str, str], ...]:
        """Return all gaps and places to verify as (address, name), the most severe first."""
        gaps, to_verify = self.session.gaps()
        return tuple((str(gap.address), self.gap_name(str(gap.address))) for gap in (*gaps, *to_verify))


def _agency(formatter: EntryFormatter, entry: Agency) -> tuple[str, ...]:
    roles = formatter.wording.field_text(register_field("agencies", "roles"), entry.roles)
    return entry.short, formatter.code("agency_kind", entry.kind), roles


def _person(formatter: EntryFormatter, entry: Person) -> tuple[str, ...]:
    return entry.position, formatter.title_of("agencies", entry.agency)


def _meeting(formatter: EntryFormatter, entry: Meeting) -> tuple[str, ...]:
    agencies = formatter.texts.listed(formatter.title_of("agencies", agency) for agency in entry.agencies)
    parts = formatter.wording.field_text(register_field("meetings", "sections"), entry.sections)
    when = " ".join(part for part in (formatter.texts.short_date(entry.date), entry.start) if part)
    return when, entry.place, agencies, parts


def _validation(formatter: EntryFormatter, entry: Validation) -> tuple[str, ...]:
    parts = formatter.wording.field_text(register_field("validations", "sections"), entry.sections)
    return formatter.texts.short_date(entry.date), formatter.title_of("agencies", entry.agency), parts


def _source(formatter: EntryFormatter, entry: DataSource) -> tuple[str, ...]:
    return formatter.code("source_type", entry.type), formatter.title_of("agencies", entry.agency)


def _evidence(formatter: EntryFormatter, entry: Evidence) -> tuple[str, ...]:
    return formatter.texts.gettext(GRADE_LABELS[entry.grade]), entry.file_name or entry.link


def _action(formatter: EntryFormatter, entry: Action) -> tuple[str, ...]:
    return formatter.title_of("agencies", entry.responsible), formatter.texts.gettext(
        ACTION_PROGRESS_LABELS[entry.progress]
    )


_DETAILS: Mapping[str, Callable[[EntryFormatter, Any], tuple[str, ...]]] = {
    "agencies": _agency,
    "people": _person,
    "meetings": _meeting,
    "validations": _validation,
    "sources": _source,
    "evidence": _evidence,
    "actions": _action,
}
