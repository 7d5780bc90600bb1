"""From an instrument to a form: a group per section, a group per table and per row of it, every answer a field.

Beside the answers a question offers “not applicable” (with a reason), “unknown” and “declined”: as further choices
where there are choices, else as a question of its own that appears while the answer is empty. In a table they are said
of a whole row first, which spares a phone hundreds of screens; cells with choices offer “unknown” and “declined” too.
A date is typed as text, as a year or a month alone is an answer here and no calendar of a phone gives one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from capacity_app.domain.answers import TEXT_LIMIT, Address, State
from capacity_app.domain.checking import YEARS, locate
from capacity_app.domain.conditions import Condition
from capacity_app.domain.instrument import TOP_LEVEL, Column, Field, Instrument, Kind, Question, Row, Section
from capacity_app.domain.problems import N_, Problem
from capacity_app.instruments.findings import inside
from capacity_app.instruments.xlsform.expressions import Unsupported, quoted, written
from capacity_app.instruments.xlsform.form import (
    ACTION,
    DECLINED,
    HASH,
    HINT,
    INSTRUMENT,
    KIND,
    LANGUAGE,
    LONGEST_CELL,
    NONE,
    NOT_APPLICABLE,
    NUMBER,
    SAID_OF_IT,
    SENDER_AGENCY,
    SENDER_DATE,
    SENDER_PERSON,
    UNKNOWN,
    VERSION,
    Form,
    Line,
    language_column,
    note,
)
from capacity_app.instruments.xlsform.names import Extra, name_of
from capacity_app.texts import Texts, country_codes

CANNOT_ASK = N_("The form cannot say when this question is asked, so it is always asked there.")
CANNOT_ASK_ADVICE = N_("Tell whoever asks the questions when to skip it.")
NOT_HELD = N_("A form has no place for what follows from the answers: points, weights and targets stay here.")
NO_GLOSSARY = N_("Definitions, contradictions and lists of codes are not in the form.")
CHANGED_TEXT = N_("“${{” would mean another answer in a form, so the text says “$ {{” there.")
CUT_TEXT = N_("The text is longer than a cell of a form can be ({most} letters), and was shortened.")
NO_CHOICES = N_("The form does not know the agencies and sources of a country, so their names are typed there.")
SPARE = N_("The empty lines for more entries are ordinary lines in the form.")
PRESET_ONCE = N_("Why a line does not apply is given beforehand in one language only.")

STATE_CHOICES = {
    NOT_APPLICABLE: N_("Does not apply to us"),
    UNKNOWN: N_("We do not know"),
    DECLINED: N_("We do not want to answer"),
}
NONE_CHOICE = N_("None of these")
YES_NO = {"yes": N_("Yes"), "partly": N_("Partly"), "no": N_("No")}
ASK_STATE, ASK_ROW = N_("If there is no answer: why?"), N_("If this whole line cannot be answered: why?")
ASK_TABLE = N_("If this whole table does not apply to you, say so here")
ASK_REASON, ASK_NOTE = N_("Why does it not apply?"), N_("Comment")
ASK_DATE = N_("Write 2018-11-29, or only the month (2018-11) or the year (2018).")
ASK_SENDER, ASK_AGENCY, ASK_PERSON = N_("Who answers"), N_("Your institution"), N_("Your name")
WRONG_ANSWER, ALONE = N_("This answer is not possible here."), N_("“None” and another element cannot both be ticked.")
_OPTIONS, _TABLE_STATES, _STATES = "options", "table_states", "states"
_SINGLE = frozenset({Kind.LEVEL, Kind.YES_NO, Kind.YES_PARTLY_NO, Kind.CHOICE})
_IS_DATE = "regex(., '^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$')"
_IS_LINK = "regex(., '^(https?|ftp|mailto):.+')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registers:
    """The agencies and sources of one country, by id, to choose from in the form."""

    agencies: tuple[tuple[str, str], ...] = ()
    sources: tuple[tuple[str, str], ...] = ()

    def of(self, kind: Kind) -> tuple[tuple[str, str], ...]:
        """Give the entries that a field picks from."""
        return {Kind.AGENCY: self.agencies, Kind.SOURCE: self.sources}.get(kind, ())


def form_of(
    instrument: Instrument, languages: Sequence[str], content_hash: str, registers: Registers | None = None
) -> Form:
    """Write an instrument as a form in its own and further languages (BCP 47); ``content_hash`` names it exactly."""
    return _Writer(instrument, languages, registers or Registers()).form(content_hash)


@dataclass
class _Lists:
    """The lists of choices, each once, however many questions offer it."""

    lines: list[Line] = field(default_factory=list)
    _names: dict[tuple[tuple[tuple[str, str], ...], ...], str] = field(default_factory=dict)

    def named(self, wanted: str, choices: Iterable[Line]) -> str:
        """Give the name of a list with these choices."""
        lines = list(choices)
        key = tuple(tuple(line.items()) for line in lines)
        if key not in self._names:
            self._names[key] = wanted
            self.lines += [{"list_name": wanted, **line} for line in lines]
        return self._names[key]


class _Writer:
    """One instrument while it is written."""

    def __init__(self, instrument: Instrument, languages: Sequence[str], registers: Registers) -> None:
        self._instrument, self._registers = instrument, registers
        tags = dict.fromkeys((instrument.language, *languages))
        self._texts = {language_column(tag): Texts(tag) for tag in tags}
        self._lists, self._lines = _Lists(), list[Line]()
        self._problems: dict[Problem, None] = {}

    def form(self, content_hash: str) -> Form:
        """Write everything."""
        instrument = self._instrument
        says = {INSTRUMENT: instrument.id, VERSION: instrument.version, HASH: content_hash}
        self._add({"type": "start", "name": "start"})
        self._add({"type": "end", "name": "end"})
        for key, name in SAID_OF_IT.items():
            self._add({"type": "calculate", "name": name, "calculation": quoted(says[key])})
        self._introduce()
        self._ask_sender()
        for section in instrument.sections:
            self._section(section)
        self._tell_what_is_not_held()
        source = next(iter(self._texts))
        settings = {
            "form_id": instrument.id,
            "form_title": instrument.title,
            "version": instrument.version,
            "default_language": source,
            **says,
            LANGUAGE: instrument.language,
        }
        return Form(
            survey=tuple(self._lines), choices=tuple(self._lists.lines), settings=settings,
            problems=tuple(self._problems),
        )  # fmt: skip

    # -- words -----------------------------------------------------------------------------------------------------

    def _tell(self, problem: Problem) -> None:
        self._problems[problem] = None

    def _worded(self, column: str, key: str, text: str, before: str = "") -> Line:
        """Give a text of the instrument in every language; ``before`` is a number that stands in front of it."""
        if not text:
            return {}
        start = f"{before} " if before else ""
        return {
            f"{column}::{name}": self._fitting(start + texts.wording(self._instrument.id, key, text), key)
            for name, texts in self._texts.items()
        }

    def _fitting(self, text: str, key: str) -> str:
        if "${" in text:
            self._tell(note("reference", key, CHANGED_TEXT))
            text = text.replace("${", "$ {")
        if len(text) > LONGEST_CELL:
            self._tell(note("long-text", key, CUT_TEXT, most=LONGEST_CELL))
        return text[:LONGEST_CELL]

    def _said(self, column: str, sentence: str) -> Line:
        """Give a sentence of the program in every language."""
        return {f"{column}::{name}": texts.gettext(sentence) for name, texts in self._texts.items()}

    def _names(self, column: str, text: str) -> Line:
        return {f"{column}::{name}": self._fitting(text, text) for name in self._texts}

    def _add(self, *parts: Line) -> None:
        line: Line = {}
        for part in parts:
            line |= part
        self._lines.append({key: value for key, value in line.items() if value})

    def _end(self, name: str) -> None:
        self._add({"type": "end_group", "name": name})

    # -- what stands around the questions --------------------------------------------------------------------------

    def _introduce(self) -> None:
        instrument = self._instrument
        self._add(
            {"type": "note", "name": "INSTRUMENT__ABOUT"},
            self._worded("label", "instrument|title", instrument.title),
            self._worded("hint", "instrument|edition", instrument.edition),
            self._worded("guidance_hint", "instrument|description", instrument.description),
        )

    def _ask_sender(self) -> None:
        self._add(
            {"type": "begin_group", "name": "SENDER", "appearance": "field-list"}, self._said("label", ASK_SENDER)
        )
        agencies = self._picked(Kind.AGENCY)
        kind = f"select_one {agencies}" if agencies else "text"
        self._add({"type": kind, "name": SENDER_AGENCY}, self._said("label", ASK_AGENCY))
        self._add({"type": "text", "name": SENDER_PERSON}, self._said("label", ASK_PERSON))
        self._end("SENDER")
        self._add({"type": "today", "name": SENDER_DATE})

    def _tell_what_is_not_held(self) -> None:
        instrument = self._instrument
        self._tell(note("scoring", instrument.id, NOT_HELD))
        if instrument.concepts or instrument.contradictions or instrument.codes:
            self._tell(note("glossary", instrument.id, NO_GLOSSARY))
        fields = [one for question in instrument.questions() for one in (question, *question.columns)]
        picked = {Kind.AGENCY, Kind.SOURCE} & {one.kind for one in fields}
        if any(not self._registers.of(kind) for kind in picked):
            self._tell(note("registers", instrument.id, NO_CHOICES))

    def _section(self, section: Section) -> None:
        name, key = name_of(Address(section.id)), section.id
        self._add(
            {
                "type": "begin_group",
                "name": name,
                KIND: f"section {section.supplement}".strip(),
                NUMBER: section.number,
            },
            self._worded("label", f"{key}|title", section.title, section.number),
        )
        if section.introduction:
            self._add(
                {"type": "note", "name": name_of(Address(section.id), Extra.INTRO)},
                self._worded("label", f"{key}|introduction", section.introduction),
            )
        for question in section.questions:
            place = inside(inside("", "section", section.id), "question", question.id)
            relevant = self._relevant(question.show_if, place)
            if question.heading:
                self._add(
                    {"type": "note", "name": name_of(Address(question.id), Extra.HEAD), "relevant": relevant},
                    self._worded("label", f"{question.id}|heading", question.heading),
                )
            write = self._grid if question.kind is Kind.GRID else self._question
            write(question, relevant)
            self._note(question, relevant)
        self._end(name)

    def _relevant(self, condition: Condition | None, place: str) -> str:
        if condition is None:
            return ""
        try:
            return written(condition, self._locate)
        except Unsupported:
            self._tell(note("condition", place, CANNOT_ASK, CANNOT_ASK_ADVICE))
            return ""

    def _locate(self, address: Address) -> tuple[str, Field] | None:
        target = locate(self._instrument, address)
        if target is None or target.field is None or target.field.kind is Kind.GRID:
            return None
        if target.field.kind is Kind.COUNTRY and target.field.many:
            return None
        return name_of(address), target.field

    # -- a question ------------------------------------------------------------------------------------------------

    def _question(self, question: Question, relevant: str) -> None:
        address = Address(question.id)
        name = name_of(address)
        self._add(
            {"name": name, "relevant": relevant, NUMBER: question.number, **self._typed(question, question)},
            self._worded("label", f"{question.id}|text", question.text, question.number),
            self._help(question),
        )
        state, reason = name_of(address, Extra.STATE), name_of(address, Extra.REASON)
        if question.kind in _SINGLE or question.kind is Kind.CHECKLIST:
            when = f"selected(${{{name}}}, '{NOT_APPLICABLE}')"
        else:
            while_empty = _both(relevant, f"${{{name}}} = ''")
            self._add(
                {"type": f"select_one {self._states(_STATES)}", "name": state, "relevant": while_empty},
                {"appearance": "minimal"},
                self._said("label", ASK_STATE),
            )
            when = f"${{{state}}} = '{NOT_APPLICABLE}'"
        self._ask_reason(reason, when)

    def _ask_reason(self, name: str, when: str, preset: str = "") -> None:
        line = {"type": "text", "name": name, "relevant": when, "required": "yes", "default": preset}
        self._add(line, self._said("label", ASK_REASON))

    def _help(self, question: Question) -> Line:
        """Give the help for whoever is asked as hint and the guidance besides, or the guidance alone as hint."""
        guidance = f"{question.id}|guidance"
        if not question.respondent_help:
            return self._worded("hint", guidance, question.guidance)
        return {
            **self._worded("hint", f"{question.id}|respondent_help", question.respondent_help),
            **self._worded("guidance_hint", guidance, question.guidance),
            HINT: "help",
        }

    def _note(self, question: Question, relevant: str) -> None:
        self._add(
            {"type": "text", "name": name_of(Address(question.id), Extra.NOTE), "relevant": relevant},
            {"appearance": "multiline", "constraint": f"string-length(.) <= {TEXT_LIMIT}"},
            self._said("label", ASK_NOTE),
            self._said("constraint_message", WRONG_ANSWER),
            self._worded("hint", f"{question.id}|evidence_hint", question.evidence_hint),
        )

    # -- a table ---------------------------------------------------------------------------------------------------

    def _grid(self, question: Question, relevant: str) -> None:
        address = Address(question.id)
        name, state = name_of(address), name_of(address, Extra.STATE)
        self._add(
            {"type": "begin_group", "name": name, "relevant": relevant, KIND: "grid", NUMBER: question.number},
            self._worded("label", f"{question.id}|text", question.text, question.number),
        )
        self._add(
            {"type": "note", "name": name_of(address, Extra.ABOUT)},
            self._worded("label", f"{question.id}|text", question.text, question.number),
            self._help(question),
        )
        self._add(
            {"type": f"select_one {self._states(_TABLE_STATES)}", "name": state, "appearance": "minimal"},
            self._said("label", ASK_TABLE),
        )
        self._ask_reason(name_of(address, Extra.REASON), f"${{{state}}} = '{NOT_APPLICABLE}'")
        if any(row.spare for row in question.rows):
            self._tell(note("spare", question.id, SPARE))
        for row in question.rows:
            self._row(question, row, f"${{{state}}} = ''")
        self._end(name)

    def _row(self, question: Question, row: Row, relevant: str) -> None:
        address = Address(question.id, row.id)
        name, state = name_of(address), name_of(address, Extra.STATE)
        if row.heading:
            self._add(
                {"type": "note", "name": name_of(address, Extra.HEAD), "relevant": relevant},
                self._worded("label", f"{question.id}|row {row.id} heading", row.heading),
            )
        label = self._worded("label", f"{question.id}|row {row.id} label", row.label, row.number)
        self._add(
            {"type": "begin_group", "name": name, "appearance": "field-list", "relevant": relevant},
            {KIND: "row", NUMBER: row.number},
            label,
        )
        if row.guidance:
            self._add(
                {"type": "note", "name": name_of(address, Extra.ABOUT)}, label,
                self._worded("hint", f"{question.id}|row {row.id} guidance", row.guidance),
            )  # fmt: skip
        if row.preset_reason and len(self._texts) > 1:
            self._tell(note("preset", question.id, PRESET_ONCE))
        preset = {"default": NOT_APPLICABLE} if row.preset_reason else {}
        self._add(
            {"type": f"select_one {self._states(_STATES)}", "name": state, "appearance": "minimal", **preset},
            self._said("label", ASK_ROW),
        )
        when = f"${{{state}}} = '{NOT_APPLICABLE}'"
        self._ask_reason(name_of(address, Extra.REASON), when, self._fitting(row.preset_reason, name))
        for column in question.columns:
            self._cell(question, row, column, _both(f"${{{state}}} = ''", self._gated(question, row, column)))
        self._end(name)

    def _cell(self, question: Question, row: Row, column: Column, relevant: str) -> None:
        key = f"{question.id}|column {column.id}"
        self._add(
            {"name": name_of(Address(question.id, row.id, column.id)), "relevant": relevant},
            self._typed(question, column),
            self._worded("label", f"{key} label", column.label),
            self._worded("hint", f"{key} guidance", column.guidance),
        )

    def _gated(self, question: Question, row: Row, column: Column) -> str:
        gate = question.gate
        if gate is None or column.id not in gate.settles:
            return ""
        name = name_of(Address(question.id, row.id, gate.column))
        tests = " or ".join(f"selected(${{{name}}}, '{answer}')" for answer in gate.answers)
        return f"not({tests})"

    # -- what an answer looks like ---------------------------------------------------------------------------------

    def _typed(self, question: Question, asked: Field) -> Line:
        """Say what kind of field an answer is, and what it allows."""
        line = {KIND: _kind(asked), **self._type(question, asked)}
        constraint = _constraint(asked)
        if constraint:
            message = ALONE if asked.kind is Kind.CHECKLIST else WRONG_ANSWER
            line |= {"constraint": constraint, **self._said("constraint_message", message)}
        return line

    def _type(self, question: Question, asked: Field) -> Line:
        several = "select_multiple" if asked.many or asked.kind is Kind.CHECKLIST else "select_one"
        match asked.kind:
            case Kind.AGENCY | Kind.SOURCE | Kind.COUNTRY:
                picked = self._picked(asked.kind)
                kind = f"{several} {picked}" if picked else "text"
                return {"type": kind, "appearance": "minimal autocomplete" if picked else ""}
            case Kind.INTEGER | Kind.YEAR:
                return {"type": "integer"}
            case Kind.PERCENT:
                return {"type": "decimal"}
            case Kind.TEXT | Kind.LONG_TEXT | Kind.URL:
                look = {Kind.LONG_TEXT: "multiline", Kind.URL: "url"}.get(asked.kind, "")
                return {"type": "text", "appearance": look}
            case Kind.DATE:
                return {"type": "text", **({} if asked.guidance else self._said("hint", ASK_DATE))}
        return {"type": f"{several} {self._choices(question, asked)}"}

    def _choices(self, question: Question, asked: Field) -> str:
        """Name the list of what there is to choose from."""
        column = "" if asked is question else asked.id
        return self._lists.named(name_of(Address(question.id, column=column)), self._offered(question, asked))

    def _offered(self, question: Question, asked: Field) -> Iterator[Line]:
        part = f"{question.id}|column {asked.id} " if asked is not question else f"{question.id}|"
        if asked.kind is Kind.LEVEL:
            for level, anchor in enumerate(asked.anchors[: TOP_LEVEL + 1]):
                action = self._action(f"{part}action {level + 1}", asked.actions[level : level + 1])
                yield {
                    "name": str(level),
                    **self._worded("label", f"{part}anchor {level}", anchor, str(level)),
                    **action,
                }
        elif asked.kind in {Kind.YES_NO, Kind.YES_PARTLY_NO}:
            for answer, word in YES_NO.items():
                if answer != "partly" or asked.kind is Kind.YES_PARTLY_NO:
                    yield {"name": answer, **self._said("label", word)}
        for option in asked.options:
            yield {"name": option.id, **self._worded("label", f"{part}option {option.id}", option.label)}
        if asked.kind is Kind.CHECKLIST and not any(option.exclusive for option in asked.options):
            yield {"name": NONE, **self._said("label", NONE_CHOICE)}
        states = (NOT_APPLICABLE, UNKNOWN, DECLINED) if asked is question else (UNKNOWN, DECLINED)
        for state in states:
            yield {"name": state, **self._said("label", STATE_CHOICES[state])}

    def _action(self, key: str, actions: Sequence[str]) -> Line:
        """Give the suggested action; no languages in the names of these columns, over which pyxform stumbles."""
        return {
            f"{ACTION}_{texts.asked_in}": texts.wording(self._instrument.id, key, action)
            for action in actions
            for texts in self._texts.values()
        }

    def _states(self, name: str) -> str:
        states = (NOT_APPLICABLE,) if name == _TABLE_STATES else tuple(STATE_CHOICES)
        return self._lists.named(
            name, ({"name": state, **self._said("label", STATE_CHOICES[state])} for state in states)
        )

    def _picked(self, kind: Kind) -> str:
        """Name the list of a register, empty where the form has none."""
        if kind is Kind.COUNTRY:
            return self._lists.named("countries", (
                {"name": code, **{f"label::{name}": texts.country(code) for name, texts in self._texts.items()}}
                for code in country_codes()
            ))  # fmt: skip
        entries = self._registers.of(kind)
        if not entries:
            return ""
        return self._lists.named(f"{kind.value}_list", (
            {"name": entry, **self._names("label", label)} for entry, label in entries
        ))  # fmt: skip


def _both(one: str, other: str) -> str:
    if not one or not other:
        return one or other
    return " and ".join(f"({part})" if " or " in part else part for part in (one, other))


def _kind(asked: Field) -> str:
    many = f" many {asked.most}" if asked.most else " many"
    return f"{asked.kind.value}{many if asked.many else ''}"


def _constraint(asked: Field) -> str:  # noqa: PLR0911 - one for each kind
    match asked.kind:
        case Kind.CHECKLIST:
            alone = [option.id for option in asked.options if option.exclusive]
            names = (*(alone or (NONE,)), NOT_APPLICABLE, UNKNOWN, DECLINED)
            return " and ".join(f"not(selected(., '{name}') and count-selected(.) > 1)" for name in names)
        case Kind.AGENCY | Kind.SOURCE | Kind.COUNTRY:
            return (
                f"count-selected(.) <= {asked.most}" if asked.many and asked.most and asked.kind is Kind.COUNTRY else ""
            )
        case Kind.PERCENT:
            return ". >= 0 and . <= 100"
        case Kind.DATE:
            return _IS_DATE
        case Kind.URL:
            return _IS_LINK
        case Kind.TEXT | Kind.LONG_TEXT:
            return f"string-length(.) <= {min(asked.maximum or TEXT_LIMIT, TEXT_LIMIT)}"
        case Kind.INTEGER | Kind.YEAR:
            return _range(asked)
    return ""


def _range(asked: Field) -> str:
    low, high = asked.minimum, asked.maximum
    if asked.kind is Kind.YEAR:
        low, high = YEARS[0] if low is None else low, YEARS[1] if high is None else high
    ends = ("" if low is None else f". >= {low}", "" if high is None else f". <= {high}")
    return " and ".join(end for end in ends if end)


STATES = {NOT_APPLICABLE: State.NOT_APPLICABLE, UNKNOWN: State.UNKNOWN, DECLINED: State.DECLINED}
"""What the further choices mean."""
