"""The words of the open assessment: those of reports and workbooks, with registers that are looked up live."""

from collections.abc import Iterable

from capacity_app import wording
from capacity_app.domain.answers import Content, State, Value
from capacity_app.domain.assessment import Agency, Entry, Evidence, Source
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.instrument import TOP_LEVEL, Field, Kind, Question, Row
from capacity_app.domain.problems import N_
from capacity_app.domain.registers import REGISTER_INFO, title_of
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.texts import Texts

STATE_WORDS: dict[State, str] = {
    State.ANSWERED: N_("Answered"),
    State.NOT_APPLICABLE: N_("Not applicable"),
    State.UNKNOWN: N_("Unknown"),
    State.DECLINED: N_("Declined"),
    State.NOT_ASKED: N_("Not asked yet"),
}
SAID_KEYS = {"yes": "Y", "partly": "P", "no": "N"}
GRADE_WORDS = (
    N_("E0 no evidence"),
    N_("E1 named or linked"),
    N_("E2 document held"),
    N_("E3 checked against an independent source"),
)


class Wording(wording.Wording):
    """Says everything of an open assessment; ``dossier`` holds only the instrument, the rest comes from the session."""

    session: AssessmentSession

    def __init__(self, texts: Texts, session: AssessmentSession, named: Iterable[Entry] = ()) -> None:
        """Take the session, and entries that are ``named`` and not in its registers."""
        named = tuple(named)
        dossier = Dossier(
            id=session.assessment_id,
            instrument=session.instrument,
            agencies=tuple(one for one in named if isinstance(one, Agency)),
            sources=tuple(one for one in named if isinstance(one, Source)),
        )
        super().__init__(texts, dossier)
        object.__setattr__(self, "session", session)

    def heading(self, question: Question) -> str:
        """Word the heading of the block a question starts, empty if it starts none."""
        return self.instrument_text(question.id, "heading", question.heading)

    def part(self, question: Question, name: str) -> str:
        """Word the ``guidance``, ``respondent_help`` or ``evidence_hint`` of a question."""
        return self.instrument_text(question.id, name, getattr(question, name))

    def row_part(self, question: Question, row: Row, name: str) -> str:
        """Word the ``heading``, ``guidance`` or ``preset_reason`` of a row."""
        return self.instrument_text(question.id, f"row {row.id} {name}", getattr(row, name))

    def field_part(self, question: Question, field: Field, name: str, text: str) -> str:
        """Word a part ("guidance", "action 2") of a question or column."""
        place = "" if field is question else f"column {field.id} "
        return self.instrument_text(question.id, f"{place}{name}", text)

    def anchors(self, question: Question, field: Field) -> tuple[str, ...]:
        """Word the sentences of levels 0-3; their numbers where the instrument has none."""
        if not field.anchors:
            return tuple(map(self.level, range(TOP_LEVEL + 1)))
        return tuple(self.anchor(question, field, level) for level in range(len(field.anchors)))

    def agency(self, agency_id: str) -> str:
        """Name an agency, shortly if it has a short name."""
        entry = self.session.entry("agencies", agency_id) if agency_id else None
        if isinstance(entry, Agency):
            return entry.short or entry.name
        return super().agency(agency_id) or self.texts.gettext("No agency named")

    def source(self, source_id: str) -> str:
        entry = self.session.entry("sources", source_id)
        return entry.name if isinstance(entry, Source) else super().source(source_id)

    def entry(self, register: str, entry_id: str) -> str:
        """Name an entry of the session, or of the ``named`` ones; one that was removed says so."""
        found = self.session.entry(register, entry_id)
        if found is not None:
            return title_of(found) or self.texts.gettext(REGISTER_INFO[register].unnamed)
        name = super().entry(register, entry_id)
        return self.texts.gettext("removed entry") if name == entry_id else name

    def evidence(self, evidence_id: str) -> str:
        entry = self.session.entry("evidence", evidence_id)
        return (entry.title or entry.file_name or entry.link) if isinstance(entry, Evidence) else evidence_id

    def state(self, state: State) -> str:
        return self.texts.gettext(STATE_WORDS[state])

    def picked(self, kind: Kind, entry_id: str) -> str:
        """Name a picked agency, source or country."""
        if kind is Kind.AGENCY:
            return self.agency(entry_id)
        return self.source(entry_id) if kind is Kind.SOURCE else self.texts.country(entry_id)

    def _number(self, question: Question, field: Field, value: int) -> str:
        """Write a whole number in the window's digits, a level with its sentence."""
        if field.kind is Kind.YEAR:
            return self.texts.in_digits(str(value))
        if field.kind is not Kind.LEVEL:
            return self.texts.number(value)
        anchor, level = self.anchor(question, field, value), self.texts.number(value)
        return f"{level} – {anchor}" if anchor else level

    def short_value(self, question: Question, field: Field, value: Value) -> str:
        """Say a value, a level by its number instead of its sentence."""
        if field.kind is Kind.LEVEL and isinstance(value, int):
            return self.level(value)
        return self.value(question, field, value)

    def content(self, question: Question, field: Field | None, content: Content, *, is_short: bool = False) -> str:
        """Return what an answer says, its state and reason included; empty if nobody was asked."""
        if content.state is State.NOT_ASKED:
            return ""
        if content.state is State.ANSWERED:
            if field is None or field.kind is Kind.GRID:
                return self.texts.gettext("Applicable")
            say = self.short_value if is_short else self.value
            return say(question, field, content.value)
        said = self.state(content.state)
        return f"{said}: {content.reason}" if content.reason and content.state is State.NOT_APPLICABLE else said
