"""A question as rows of a form: its field, why there is no answer, and a comment."""

from capacity_app.domain.answers import TEXT_LIMIT, Address
from capacity_app.domain.instrument import Kind, Question
from capacity_app.instruments.xlsform.details import QUESTION, details_of
from capacity_app.instruments.xlsform.form import HINT, NOT_APPLICABLE, NUMBER, Line
from capacity_app.instruments.xlsform.names import Extra, name_of
from capacity_app.instruments.xlsform.outgoing import sentences
from capacity_app.instruments.xlsform.outgoing.answers import STATES, Answers
from capacity_app.instruments.xlsform.outgoing.survey import Survey
from capacity_app.instruments.xlsform.outgoing.words import Words

_SINGLE = frozenset({Kind.LEVEL, Kind.YES_NO, Kind.YES_PARTLY_NO, Kind.CHOICE})


class Questions:
    """The questions of a form."""

    def __init__(self, words: Words, survey: Survey, answers: Answers) -> None:
        self._words, self._survey, self._answers = words, survey, answers

    def question(self, question: Question, relevant: str, asked: Line) -> None:
        """Ask a question, and why there is no answer; ``asked`` is its condition where no expression says it."""
        address = Address(question.id)
        name = name_of(address)
        self._survey.add(
            {"name": name, "relevant": relevant, NUMBER: question.number, **self._answers.typed(question, question)},
            {**details_of(question, QUESTION), **asked},
            self._words.worded("label", f"{question.id}|text", question.text, question.number),
            self.help(question),
        )
        state, reason = name_of(address, Extra.STATE), name_of(address, Extra.REASON)
        if question.kind in _SINGLE or question.kind is Kind.CHECKLIST:
            self.ask_reason(reason, f"selected(${{{name}}}, '{NOT_APPLICABLE}')")
        elif not self._words.is_plain:
            while_empty = both(relevant, f"${{{name}}} = ''")
            self._survey.add(
                {"type": f"select_one {self._answers.states(STATES)}", "name": state, "relevant": while_empty},
                {"appearance": "minimal"},
                self._words.said("label", sentences.ASK_STATE),
            )
            self.ask_reason(reason, f"${{{state}}} = '{NOT_APPLICABLE}'")

    def ask_reason(self, name: str, when: str, preset: str = "") -> None:
        """Ask why something does not apply."""
        if self._words.is_plain:
            return
        line = {"type": "text", "name": name, "relevant": when, "required": "yes", "default": preset}
        self._survey.add(line, self._words.said("label", sentences.ASK_REASON))

    def help(self, question: Question) -> Line:
        """Return the help for whoever is asked as hint and the guidance besides, or the guidance alone as hint."""
        guidance = f"{question.id}|guidance"
        if not question.respondent_help:
            return self._words.worded("hint", guidance, question.guidance)
        return {
            **self._words.worded("hint", f"{question.id}|respondent_help", question.respondent_help),
            **self._words.worded("guidance_hint", guidance, question.guidance),
            HINT: "help",
        }

    def note(self, question: Question, relevant: str) -> None:
        if self._words.is_plain and not question.evidence_hint:
            return
        self._survey.add(
            {"type": "text", "name": name_of(Address(question.id), Extra.NOTE), "relevant": relevant},
            {"appearance": "multiline", "constraint": f"string-length(.) <= {TEXT_LIMIT}"},
            self._words.said("label", sentences.ASK_NOTE),
            self._words.said("constraint_message", sentences.WRONG_ANSWER),
            self._words.worded("hint", f"{question.id}|evidence_hint", question.evidence_hint),
        )


def both(one: str, other: str) -> str:
    """Join two conditions; one may be empty."""
    if not one or not other:
        return one or other
    return " and ".join(f"({part})" if " or " in part else part for part in (one, other))
