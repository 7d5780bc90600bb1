"""A table as rows of a form: a group, and in it a group for every row."""

from capacity_app.domain.answers import Address
from capacity_app.domain.instrument import Column, Question, Row
from capacity_app.instruments.xlsform.details import COLUMN, QUESTION, ROW, details_of
from capacity_app.instruments.xlsform.form import KIND, NOT_APPLICABLE, NUMBER, Line, note
from capacity_app.instruments.xlsform.names import Extra, name_of
from capacity_app.instruments.xlsform.outgoing import sentences
from capacity_app.instruments.xlsform.outgoing.answers import STATES, TABLE_STATES, Answers
from capacity_app.instruments.xlsform.outgoing.questions import Questions, both
from capacity_app.instruments.xlsform.outgoing.survey import Survey
from capacity_app.instruments.xlsform.outgoing.words import Words


class Tables:
    """The tables of a form."""

    def __init__(self, words: Words, survey: Survey, answers: Answers, questions: Questions) -> None:
        self._words, self._survey, self._answers, self._questions = words, survey, answers, questions

    def grid(self, question: Question, relevant: str, asked: Line) -> None:
        """Ask for a table, row by row."""
        address = Address(question.id)
        name, state = name_of(address), name_of(address, Extra.STATE)
        self._survey.add(
            {"type": "begin_group", "name": name, "relevant": relevant, KIND: "grid", NUMBER: question.number},
            {**details_of(question, QUESTION), **asked},
            self._words.worded("label", f"{question.id}|text", question.text, question.number),
        )
        self._survey.add(
            {"type": "note", "name": name_of(address, Extra.ABOUT)},
            self._words.worded("label", f"{question.id}|text", question.text, question.number),
            self._questions.help(question),
        )
        if not self._words.is_plain:
            self._survey.add(
                {"type": f"select_one {self._answers.states(TABLE_STATES)}", "name": state, "appearance": "minimal"},
                self._words.said("label", sentences.ASK_TABLE),
            )
        self._questions.ask_reason(name_of(address, Extra.REASON), f"${{{state}}} = '{NOT_APPLICABLE}'")
        if any(row.spare for row in question.rows):
            self._words.tell(note("spare", question.id, sentences.SPARE))
        for row in question.rows:
            self._row(question, row, self._while_empty(state))
        self._survey.end(name)

    def _row(self, question: Question, row: Row, relevant: str) -> None:
        address = Address(question.id, row.id)
        name, state = name_of(address), name_of(address, Extra.STATE)
        if row.heading:
            self._survey.add(
                {"type": "note", "name": name_of(address, Extra.HEAD), "relevant": relevant},
                self._words.worded("label", f"{question.id}|row {row.id} heading", row.heading),
            )
        label = self._words.worded("label", f"{question.id}|row {row.id} label", row.label, row.number)
        self._survey.add(
            {"type": "begin_group", "name": name, "appearance": "field-list", "relevant": relevant},
            {KIND: "row", NUMBER: row.number, **details_of(row, ROW)},
            label,
        )
        if row.guidance:
            self._survey.add(
                {"type": "note", "name": name_of(address, Extra.ABOUT)}, label,
                self._words.worded("hint", f"{question.id}|row {row.id} guidance", row.guidance),
            )  # fmt: skip
        if row.preset_reason and len(self._words.texts) > 1:
            self._words.tell(note("preset", question.id, sentences.PRESET_ONCE))
        preset = {"default": NOT_APPLICABLE} if row.preset_reason else {}
        if not self._words.is_plain:
            self._survey.add(
                {
                    "type": f"select_one {self._answers.states(STATES)}",
                    "name": state,
                    "appearance": "minimal",
                    **preset,
                },
                self._words.said("label", sentences.ASK_ROW),
            )
        when = f"${{{state}}} = '{NOT_APPLICABLE}'"
        self._questions.ask_reason(name_of(address, Extra.REASON), when, self._words.fitting(row.preset_reason, name))
        for column in question.columns:
            self._cell(question, row, column, both(self._while_empty(state), _gated(question, row, column)))
        self._survey.end(name)

    def _while_empty(self, state: str) -> str:
        return "" if self._words.is_plain else f"${{{state}}} = ''"

    def _cell(self, question: Question, row: Row, column: Column, relevant: str) -> None:
        key = f"{question.id}|column {column.id}"
        self._survey.add(
            {"name": name_of(Address(question.id, row.id, column.id)), "relevant": relevant},
            self._answers.typed(question, column),
            details_of(column, COLUMN) if row is question.rows[0] else {},
            self._words.worded("label", f"{key} label", column.label),
            self._words.worded("hint", f"{key} guidance", column.guidance),
        )


def _gated(question: Question, row: Row, column: Column) -> str:
    gate = question.gate
    if gate is None or column.id not in gate.settles:
        return ""
    name = name_of(Address(question.id, row.id, gate.column))
    tests = " or ".join(f"selected(${{{name}}}, '{answer}')" for answer in gate.answers)
    return f"not({tests})"
