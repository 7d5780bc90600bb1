"""Questions, their answers and tables written as rows of a form, in every language it has."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from typing import assert_never

from capacity_app.domain.assessment.answers import TEXT_LIMIT, Address
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import Problem
from capacity_app.domain.questionnaire.instrument import GridColumn, GridRow, Instrument, Question, QuestionField
from capacity_app.domain.questionnaire.kinds import AnswerKind, ValueType
from capacity_app.i18n.countries import country_codes
from capacity_app.i18n.translator import Translator
from capacity_app.questionnaires.xlsform import form
from capacity_app.questionnaires.xlsform.form import (
    ACTION,
    COLUMN_KEYS,
    DECLINED,
    FINDING,
    FINDING_PARTLY,
    HINT,
    KIND,
    LONGEST_CELL,
    NONE,
    NOT_APPLICABLE,
    NUMBER,
    OPTION_KEYS,
    QUESTION_KEYS,
    ROW_KEYS,
    UNKNOWN,
    FieldSuffix,
    FormSheetRow,
    conversion_warning,
    field_name,
    language_column,
    own_columns_of,
)

# Texts in every language of a form, as its columns hold them, and what is told of them.


class FormTexts:
    """What an instrument says in its own and further languages (BCP 47), with the problems met meanwhile.

    A plain form is for its author: it does not ask why there is no answer, who answers, nor for comments.
    """

    def __init__(self, instrument: Instrument, languages: Sequence[str], *, is_plain: bool = False) -> None:
        self.instrument, self.is_plain = instrument, is_plain
        tags = dict.fromkeys((instrument.language, *languages))
        self.texts = {language_column(tag): Translator(tag) for tag in tags}
        self.problems: dict[Problem, None] = {}

    def tell(self, problem: Problem) -> None:
        self.problems[problem] = None

    def worded(self, column: str, key: str, text: str, before: str = "") -> FormSheetRow:
        """Return a text of the instrument in every language; ``before`` is a number that stands in front of it."""
        if not text:
            return {}
        start = f"{before} " if before else ""
        return {
            f"{column}::{name}": self.fitting(start + texts.wording(self.instrument.id, key, text), key)
            for name, texts in self.texts.items()
        }

    def own(self, column: str, key: str, text: str) -> FormSheetRow:
        """Return a text of a column of ours; no languages in their names as usual, over which pyxform stumbles."""
        return {
            f"{column}_{texts.asked_in}": texts.wording(self.instrument.id, key, text)
            for texts in (self.texts.values() if text else ())
        }

    def findings(self, asked: QuestionField, key: str) -> FormSheetRow:
        """Return what reports say where points are missing, and of a "partly"."""
        partly = self.own(FINDING_PARTLY, f"{key}finding_partly", asked.finding_partly)
        return self.own(FINDING, f"{key}finding", asked.finding) | partly

    def fitting(self, text: str, key: str) -> str:
        """Return a text as a cell of a form can hold it."""
        if "${" in text:
            self.tell(conversion_warning("reference", key, form.CHANGED_TEXT))
            text = text.replace("${", "$ {")
        if len(text) > LONGEST_CELL:
            self.tell(conversion_warning("long-text", key, form.CUT_TEXT, most=LONGEST_CELL))
        return text[:LONGEST_CELL]

    def said(self, column: str, sentence: str) -> FormSheetRow:
        return {f"{column}::{name}": texts.gettext(sentence) for name, texts in self.texts.items()}

    def names(self, column: str, text: str) -> FormSheetRow:
        """Return a text that is the same in every language."""
        return {f"{column}::{name}": self.fitting(text, text) for name in self.texts}


# The rows of a form's survey, in their order.


@dataclass
class SurveyRows:
    """The rows so far; empty cells are left out."""

    lines: list[FormSheetRow] = field(default_factory=list)

    def add(self, *parts: FormSheetRow) -> None:
        """Add a row made of parts, of which a later one counts."""
        line: FormSheetRow = {}
        for part in parts:
            line |= part
        self.lines.append({key: value for key, value in line.items() if value})

    def end(self, name: str) -> None:
        self.add({"type": "end_group", "name": name})


# What an answer may be, as an expression of a form.


def constraint_of(asked: QuestionField, *, is_plain: bool = False) -> str:
    """Return the limits of an answer, empty for none."""
    match asked.kind.value_type:
        case ValueType.OPTIONS:
            alone = [option.id for option in asked.options if option.exclusive]
            names = alone if is_plain else (*(alone or (NONE,)), NOT_APPLICABLE, UNKNOWN, DECLINED)
            return " and ".join(f"not(selected(., '{name}') and count-selected(.) > 1)" for name in names)
        case ValueType.ENTRIES if asked.many and asked.most and not asked.kind.info.register:
            return f"count-selected(.) <= {asked.most}"
        case ValueType.TEXT if asked.kind.info.is_free:
            return f"string-length(.) <= {asked.longest}"
        case ValueType.INTEGER:
            low, high = asked.limits
            ends = ("" if low is None else f". >= {low}", "" if high is None else f". <= {high}")
            return " and ".join(end for end in ends if end)
    return asked.kind.info.constraint


TABLE_STATES, STATES = "table_states", "states"
"""The lists of why there is no answer: for a whole table, and for a row or a question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterChoices:
    """The agencies and sources of one country, by id, to choose from in the form."""

    agencies: tuple[tuple[str, str], ...] = ()
    sources: tuple[tuple[str, str], ...] = ()

    def of(self, kind: AnswerKind) -> tuple[tuple[str, str], ...]:
        return {"agencies": self.agencies, "sources": self.sources}.get(kind.info.register, ())


@dataclass
class _ChoiceLists:
    """The lists of choices, each once, however many questions offer it."""

    lines: list[FormSheetRow] = field(default_factory=list)
    _names: dict[tuple[tuple[tuple[str, str], ...], ...], str] = field(default_factory=dict)

    def named(self, wanted: str, choices: Iterable[FormSheetRow]) -> str:
        """Return the name of a list with these choices."""
        lines = list(choices)
        key = tuple(tuple(line.items()) for line in lines)
        if key not in self._names:
            self._names[key] = wanted
            self.lines += [{"list_name": wanted, **line} for line in lines]
        return self._names[key]


class ExportedAnswers:
    """The answers that the fields of a form take."""

    def __init__(self, words: FormTexts, registers: RegisterChoices) -> None:
        self._words, self.registers = words, registers
        self.lists = _ChoiceLists()

    def typed(self, question: Question, asked: QuestionField) -> FormSheetRow:
        line = {KIND: _kind_cell(asked), **self._type(question, asked)}
        constraint = constraint_of(asked, is_plain=self._words.is_plain)
        if constraint:
            message = form.ALONE if asked.kind.value_type is ValueType.OPTIONS else form.WRONG_ANSWER
            line |= {"constraint": constraint, **self._words.said("constraint_message", message)}
        return line

    def _type(self, question: Question, asked: QuestionField) -> FormSheetRow:  # noqa: PLR0911 - one for each type
        several = "select_multiple" if asked.takes_several else "select_one"
        match asked.kind.value_type:
            case ValueType.LEVEL | ValueType.OPTION | ValueType.OPTIONS:
                return {"type": f"{several} {self._choices(question, asked)}"}
            case ValueType.ENTRIES:
                picked = self.picked(asked.kind)
                kind = f"{several} {picked}" if picked else "text"
                return {"type": kind, "appearance": "minimal autocomplete" if picked else ""}
            case ValueType.INTEGER:
                return {"type": "integer"}
            case ValueType.PERCENT:
                return {"type": "decimal"}
            case ValueType.TEXT:
                return {"type": "text", "appearance": asked.kind.info.appearance}
            case ValueType.DATE:
                return {"type": "text", **({} if asked.definition else self._words.said("hint", form.ASK_DATE))}
            case ValueType.CELLS:
                return {}
            case unknown:
                assert_never(unknown)

    def _choices(self, question: Question, asked: QuestionField) -> str:
        """Name the list of what there is to choose from."""
        column = "" if asked is question else asked.id
        return self.lists.named(field_name(Address(question.id, column=column)), self._offered(question, asked))

    def _offered(self, question: Question, asked: QuestionField) -> Iterator[FormSheetRow]:
        part = f"{question.id}|column {asked.id} " if asked is not question else f"{question.id}|"
        if asked.kind is AnswerKind.LEVEL:
            for level, anchor in enumerate(asked.anchors):
                action = asked.actions[level] if level < len(asked.actions) else ""
                yield {
                    "name": str(level),
                    **self._words.worded("label", f"{part}anchor {level}", anchor, str(level)),
                    **self._words.own(ACTION, f"{part}action {level + 1}", action),
                }
        else:
            for answer in asked.kind.info.fixed:
                yield {"name": answer, **self._words.said("label", form.YES_NO_LABELS[answer])}
        for option in asked.options:
            label = self._words.worded("label", f"{part}option {option.id}", option.label)
            yield {"name": option.id, **label, **own_columns_of(option, OPTION_KEYS)}
        if self._words.is_plain:
            return
        if asked.kind.value_type is ValueType.OPTIONS and not any(option.exclusive for option in asked.options):
            yield {"name": NONE, **self._words.said("label", form.NONE_CHOICE)}
        states = (NOT_APPLICABLE, UNKNOWN, DECLINED) if asked is question else (UNKNOWN, DECLINED)
        for state in states:
            yield {"name": state, **self._words.said("label", form.STATE_CHOICES[state])}

    def states(self, name: str) -> str:
        """Name one of the two lists of why there is no answer."""
        states = (NOT_APPLICABLE,) if name == TABLE_STATES else tuple(form.STATE_CHOICES)
        return self.lists.named(
            name, ({"name": state, **self._words.said("label", form.STATE_CHOICES[state])} for state in states)
        )

    def picked(self, kind: AnswerKind) -> str:
        """Name the list of a register, empty where the form has none."""
        if kind is AnswerKind.COUNTRY and not self._words.is_plain:
            return self.lists.named("countries", (
                {"name": code, **{f"label::{name}": texts.country(code) for name, texts in self._words.texts.items()}}
                for code in country_codes()
            ))  # fmt: skip
        entries = self.registers.of(kind)
        if not entries:
            return ""
        return self.lists.named(f"{kind.value}_list", (
            {"name": entry, **self._words.names("label", label)} for entry, label in entries
        ))  # fmt: skip


def _kind_cell(asked: QuestionField) -> str:
    many = f" many {asked.most}" if asked.most else " many"
    return f"{asked.kind.value}{many if asked.many else ''}"


# A question as rows of a form: its field, why there is no answer, and a comment.


class ExportedQuestions:
    """The questions of a form."""

    def __init__(self, words: FormTexts, survey: SurveyRows, answers: ExportedAnswers) -> None:
        self._words, self._survey, self._answers = words, survey, answers

    def question(self, question: Question, relevant: str, asked: FormSheetRow) -> None:
        """Ask a question, and why there is no answer; ``asked`` is its condition where no expression says it."""
        address = Address(question.id)
        name = field_name(address)
        self._survey.add(
            {"name": name, "relevant": relevant, NUMBER: question.number, **self._answers.typed(question, question)},
            {**own_columns_of(question, QUESTION_KEYS), **asked},
            self._words.worded("label", f"{question.id}|text", question.text, question.number),
            self._words.findings(question, f"{question.id}|"),
            self.help(question),
        )
        state, reason = field_name(address, FieldSuffix.STATE), field_name(address, FieldSuffix.REASON)
        if question.kind.info.is_chosen:
            self.ask_reason(reason, f"selected(${{{name}}}, '{NOT_APPLICABLE}')")
        elif not self._words.is_plain:
            while_empty = join_conditions(relevant, f"${{{name}}} = ''")
            self._survey.add(
                {"type": f"select_one {self._answers.states(STATES)}", "name": state, "relevant": while_empty},
                {"appearance": "minimal"},
                self._words.said("label", form.ASK_STATE),
            )
            self.ask_reason(reason, f"${{{state}}} = '{NOT_APPLICABLE}'")

    def ask_reason(self, name: str, when: str, preset: str = "") -> None:
        """Ask why something does not apply."""
        if self._words.is_plain:
            return
        line = {"type": "text", "name": name, "relevant": when, "required": "yes", "default": preset}
        self._survey.add(line, self._words.said("label", form.ASK_REASON))

    def help(self, question: Question) -> FormSheetRow:
        """Return the help for whoever is asked as hint and the definition besides, or the definition alone as hint."""
        definition = f"{question.id}|definition"
        if not question.respondent_help:
            return self._words.worded("hint", definition, question.definition)
        return {
            **self._words.worded("hint", f"{question.id}|respondent_help", question.respondent_help),
            **self._words.worded("guidance_hint", definition, question.definition),
            HINT: "help",
        }

    def note(self, question: Question, relevant: str) -> None:
        if self._words.is_plain and not question.evidence_hint:
            return
        self._survey.add(
            {"type": "text", "name": field_name(Address(question.id), FieldSuffix.NOTE), "relevant": relevant},
            {"appearance": "multiline", "constraint": f"string-length(.) <= {TEXT_LIMIT}"},
            self._words.said("label", form.ASK_NOTE),
            self._words.said("constraint_message", form.WRONG_ANSWER),
            self._words.worded("hint", f"{question.id}|evidence_hint", question.evidence_hint),
        )


def join_conditions(one: str, other: str) -> str:
    """Join two conditions; one may be empty."""
    if not one or not other:
        return one or other
    return " and ".join(f"({part})" if " or " in part else part for part in (one, other))


# A table as rows of a form: a group, and in it a group for every row.


class ExportedGrids:
    """The tables of a form."""

    def __init__(
        self, words: FormTexts, survey: SurveyRows, answers: ExportedAnswers, questions: ExportedQuestions
    ) -> None:
        self._words, self._survey, self._answers, self._questions = words, survey, answers, questions

    def grid(self, question: Question, relevant: str, asked: FormSheetRow) -> None:
        address = Address(question.id)
        name, state = field_name(address), field_name(address, FieldSuffix.STATE)
        self._survey.add(
            {"type": "begin_group", "name": name, "relevant": relevant, KIND: "grid", NUMBER: question.number},
            {**own_columns_of(question, QUESTION_KEYS), **asked},
            self._words.worded("label", f"{question.id}|text", question.text, question.number),
        )
        self._survey.add(
            {"type": "note", "name": field_name(address, FieldSuffix.ABOUT)},
            self._words.worded("label", f"{question.id}|text", question.text, question.number),
            self._questions.help(question),
        )
        if not self._words.is_plain:
            self._survey.add(
                {"type": f"select_one {self._answers.states(TABLE_STATES)}", "name": state, "appearance": "minimal"},
                self._words.said("label", form.ASK_TABLE),
            )
        self._questions.ask_reason(field_name(address, FieldSuffix.REASON), f"${{{state}}} = '{NOT_APPLICABLE}'")
        if any(row.spare for row in question.rows):
            self._words.tell(conversion_warning("spare", question.id, form.SPARE))
        for row in question.rows:
            self._row(question, row, self._while_empty(state))
        self._survey.end(name)

    def _row(self, question: Question, row: GridRow, relevant: str) -> None:
        address = Address(question.id, row.id)
        name, state = field_name(address), field_name(address, FieldSuffix.STATE)
        if row.heading:
            self._survey.add(
                {"type": "note", "name": field_name(address, FieldSuffix.HEAD), "relevant": relevant},
                self._words.worded("label", f"{question.id}|row {row.id} heading", row.heading),
            )
        label = self._words.worded("label", f"{question.id}|row {row.id} label", row.label, row.number)
        self._survey.add(
            {"type": "begin_group", "name": name, "appearance": "field-list", "relevant": relevant},
            {KIND: "row", NUMBER: row.number, **own_columns_of(row, ROW_KEYS)},
            label,
        )
        if row.definition:
            self._survey.add(
                {"type": "note", "name": field_name(address, FieldSuffix.ABOUT)}, label,
                self._words.worded("hint", f"{question.id}|row {row.id} definition", row.definition),
            )  # fmt: skip
        if row.preset_reason and len(self._words.texts) > 1:
            self._words.tell(conversion_warning("preset", question.id, form.PRESET_ONCE))
        preset = {"default": NOT_APPLICABLE} if row.preset_reason else {}
        if not self._words.is_plain:
            self._survey.add(
                {
                    "type": f"select_one {self._answers.states(STATES)}",
                    "name": state,
                    "appearance": "minimal",
                    **preset,
                },
                self._words.said("label", form.ASK_ROW),
            )
        when = f"${{{state}}} = '{NOT_APPLICABLE}'"
        self._questions.ask_reason(
            field_name(address, FieldSuffix.REASON), when, self._words.fitting(row.preset_reason, name)
        )
        for column in question.columns:
            self._cell(
                question, row, column, join_conditions(self._while_empty(state), _gate_condition(question, row, column))
            )
        self._survey.end(name)

    def _while_empty(self, state: str) -> str:
        return "" if self._words.is_plain else f"${{{state}}} = ''"

    def _cell(self, question: Question, row: GridRow, column: GridColumn, relevant: str) -> None:
        key = f"{question.id}|column {column.id}"
        self._survey.add(
            {"name": field_name(Address(question.id, row.id, column.id)), "relevant": relevant},
            self._answers.typed(question, column),
            own_columns_of(column, COLUMN_KEYS) if row is question.rows[0] else {},
            self._words.findings(column, f"{key} ") if row is question.rows[0] else {},
            self._words.worded("label", f"{key} label", column.label),
            self._words.worded("hint", f"{key} definition", column.definition),
        )


def _gate_condition(question: Question, row: GridRow, column: GridColumn) -> str:
    gate = question.gate
    if gate is None or column.id not in gate.settles:
        return ""
    name = field_name(Address(question.id, row.id, gate.column))
    tests = " or ".join(f"selected(${{{name}}}, '{answer}')" for answer in gate.answers)
    return f"not({tests})"
