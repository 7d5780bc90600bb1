"""Instrument wording, answers and register entries in the window's language."""

from capacity_app.domain.answers import Address, Content, Layer, State, Value
from capacity_app.domain.assessment import Agency, Evidence, Source
from capacity_app.domain.checking import locate
from capacity_app.domain.conditions import Condition, Op
from capacity_app.domain.instrument import Column, Concept, Field, Kind, Option, Question, Row, Section
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring import BAND_WORDS, Band
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.texts import Texts

STATE_WORDS: dict[State, str] = {
    State.ANSWERED: N_("Answered"),
    State.NOT_APPLICABLE: N_("Not applicable"),
    State.UNKNOWN: N_("Unknown"),
    State.DECLINED: N_("Declined"),
    State.NOT_ASKED: N_("Not asked yet"),
}
LAYER_WORDS: dict[Layer, str] = {
    Layer.RESPONSE: N_("Response"),
    Layer.JUDGEMENT: N_("Assessor’s judgement"),
    Layer.VALIDATED: N_("Validated by the country"),
}
GRADE_WORDS = (
    N_("E0 no evidence"),
    N_("E1 named or linked"),
    N_("E2 document held"),
    N_("E3 checked against an independent source"),
)
SAID_WORDS = {"yes": N_("Yes"), "partly": N_("Partly"), "no": N_("No")}
SAID_KEYS = {"yes": "Y", "partly": "P", "no": "N"}
LEVEL_WORDS = tuple(BAND_WORDS[band] for band in Band)
"""A short word per level, for cells too narrow for the sentence."""


class Wording:
    """Says everything of one assessment in one language; cheap to ask again and again."""

    def __init__(self, texts: Texts, session: AssessmentSession) -> None:
        self.texts = texts
        self.session = session
        self._instrument = session.instrument.id

    def _said(self, key: str, text: str) -> str:
        return self.texts.wording(self._instrument, key, text)

    def section(self, section: Section) -> str:
        """Give a section's title."""
        return self._said(f"{section.id}|title", section.title)

    def introduction(self, section: Section) -> str:
        """Give what stands above a section's questions."""
        return self._said(f"{section.id}|introduction", section.introduction)

    def question(self, question: Question) -> str:
        """Give a question's wording."""
        return self._said(f"{question.id}|text", question.text)

    def heading(self, question: Question) -> str:
        """Give the heading of the block a question starts, empty if it starts none."""
        return self._said(f"{question.id}|heading", question.heading)

    def part(self, question: Question, name: str) -> str:
        """Give ``guidance``, ``respondent_help`` or ``evidence_hint`` of a question."""
        return self._said(f"{question.id}|{name}", getattr(question, name))

    def row(self, question: Question, row: Row) -> str:
        """Give a row's label."""
        return self._said(f"{question.id}|row {row.id} label", row.label)

    def row_part(self, question: Question, row: Row, name: str) -> str:
        """Give ``heading``, ``guidance`` or ``preset_reason`` of a row."""
        return self._said(f"{question.id}|row {row.id} {name}", getattr(row, name))

    def column(self, question: Question, column: Column) -> str:
        """Give a column's label."""
        return self._said(f"{question.id}|column {column.id} label", column.label)

    def field_part(self, question: Question, field: Field, name: str, text: str) -> str:
        """Give a part ("guidance", "anchor 2", "option yes") of a question's or column's wording."""
        place = "" if field is question else f"column {field.id} "
        return self._said(f"{question.id}|{place}{name}", text)

    def anchors(self, question: Question, field: Field) -> tuple[str, ...]:
        """Give the sentences of levels 0-3, with the short words where the instrument has none."""
        if not field.anchors:
            return tuple(self.texts.gettext(word) for word in LEVEL_WORDS)
        return tuple(self.field_part(question, field, f"anchor {n}", text) for n, text in enumerate(field.anchors))

    def option(self, question: Question, field: Field, option: Option) -> str:
        """Give an option's label."""
        return self.field_part(question, field, f"option {option.id}", option.label)

    def concept(self, concept: Concept, name: str) -> str:
        """Give ``label``, ``definition`` or ``source`` of a term."""
        return self._said(f"concept {concept.id}|{name}", getattr(concept, name))

    def agency(self, agency_id: str) -> str:
        """Name an agency, shortly if it has a short name."""
        entry = self.session.entry("agencies", agency_id) if agency_id else None
        if isinstance(entry, Agency):
            return entry.short or entry.name
        return agency_id or self.texts.gettext("No agency named")

    def source(self, source_id: str) -> str:
        """Name a data source."""
        entry = self.session.entry("sources", source_id)
        return entry.name if isinstance(entry, Source) else source_id

    def evidence(self, evidence_id: str) -> str:
        """Name an evidence entry."""
        entry = self.session.entry("evidence", evidence_id)
        return (entry.title or entry.file_name or entry.link) if isinstance(entry, Evidence) else evidence_id

    def state(self, state: State) -> str:
        """Say a state."""
        return self.texts.gettext(STATE_WORDS[state])

    def layer(self, layer: Layer, respondent: str) -> str:
        """Say who speaks: the agency, or the layer."""
        return self.agency(respondent) if layer is Layer.RESPONSE else self.texts.gettext(LAYER_WORDS[layer])

    def picked(self, kind: Kind, entry_id: str) -> str:
        """Name a picked agency, source or country."""
        if kind is Kind.AGENCY:
            return self.agency(entry_id)
        return self.source(entry_id) if kind is Kind.SOURCE else self.texts.country(entry_id)

    def _options(self, question: Question, field: Field, chosen: tuple[str, ...]) -> str:
        labels = [self.option(question, field, option) for option in field.options if option.id in chosen]
        return "; ".join(labels) or self.texts.gettext("None of these")

    def value(self, question: Question, field: Field, value: Value, *, is_short: bool = False) -> str:
        """Say a value: a level with its sentence (short: with its word), options by label, entries by name."""
        if value is None:
            return ""
        if field.kind is Kind.LEVEL and isinstance(value, int):
            word = self.texts.gettext(LEVEL_WORDS[value]) if is_short else self.anchors(question, field)[value]
            return f"{self.texts.number(value)} · {word}"
        if isinstance(value, tuple):
            if field.kind is Kind.CHECKLIST:
                return self._options(question, field, value)
            return "; ".join(self.picked(field.kind, part) for part in value)
        return self._said_word(question, field, str(value))

    def _said_word(self, question: Question, field: Field, value: str) -> str:
        if field.kind in {Kind.YES_NO, Kind.YES_PARTLY_NO}:
            return self.texts.gettext(SAID_WORDS[value])
        if field.kind is Kind.CHOICE:
            option = field.option_by_id.get(value)
            return self.option(question, field, option) if option else value
        if field.kind is Kind.DATE:
            return self.texts.date(value)
        if field.kind is Kind.INTEGER:
            return self.texts.number(int(value))
        return f"{value} %" if field.kind is Kind.PERCENT else value

    def content(self, question: Question, field: Field | None, content: Content, *, is_short: bool = False) -> str:
        """Say what an answer says, its state and reason included; empty if nobody was asked."""
        if content.state is State.NOT_ASKED:
            return ""
        if content.state is State.ANSWERED:
            if field is None or field.kind is Kind.GRID:
                return self.texts.gettext("Applicable")
            return self.value(question, field, content.value, is_short=is_short)
        said = self.state(content.state)
        return f"{said}: {content.reason}" if content.reason and content.state is State.NOT_APPLICABLE else said

    def place(self, address: Address) -> str:
        """Name a place as printed: "IV.1 G – Data available"."""
        question = self.session.instrument.question_by_id.get(address.question)
        if question is None:
            return str(address)
        row = question.row_by_id.get(address.row)
        column = question.column_by_id.get(address.column)
        words = question.number if row is None else f"{question.number} {row.number or self.row(question, row)}"
        return f"{words} – {self.column(question, column)}" if column else words

    def condition(self, condition: Condition) -> str:
        """Say a condition in words, for a question that is not asked now."""
        if condition.op is Op.NOT:
            return self.texts.gettext("not ({condition})").format(condition=self.condition(condition.parts[0]))
        if condition.op in {Op.ALL, Op.ANY}:
            pattern = N_("{one} and {other}") if condition.op is Op.ALL else N_("{one} or {other}")
            said = self.condition(condition.parts[0])
            for part in condition.parts[1:]:
                said = self.texts.gettext(pattern).format(one=said, other=self.condition(part))
            return said
        return self._test(condition)

    def _test(self, condition: Condition) -> str:
        assert condition.address is not None, "a test has an address"
        place = self.place(condition.address)
        if condition.op is Op.AT_LEAST:
            return self.texts.gettext("{place} is {number} or more").format(place=place, number=condition.number)
        target = locate(self.session.instrument, condition.address)
        said = (
            [self._tested(target.question, target.field, one) for one in condition.values]
            if target and target.field
            else list(condition.values)
        )
        return self.texts.gettext("{place} is “{answer}”").format(place=place, answer=" / ".join(said))

    def _tested(self, question: Question, field: Field, value: str) -> str:
        option = field.option_by_id.get(value)
        if option is not None:
            return self.option(question, field, option)
        return self.texts.gettext(SAID_WORDS[value]) if value in SAID_WORDS else value
