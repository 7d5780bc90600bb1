"""Answers and gaps as locked cells show them: in words, with a colour that says the same."""

from collections.abc import Iterable

from capacity_app.domain.answers import State
from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.assessment import Action
from capacity_app.domain.gaps import CLASS_WORDS, SeverityClass
from capacity_app.domain.instrument import Question, Row
from capacity_app.domain.problems import N_
from capacity_app.domain.sheet import Item, Standing
from capacity_app.wording import STATE_WORDS, Wording
from capacity_app.workbook.choices import Choices
from capacity_app.workbook.page import Cell


def severity_cell(words: Wording, found: SeverityClass) -> Cell:
    """Show how serious a gap is, in word and colour."""
    return Cell(words.texts.gettext(CLASS_WORDS[found]), f"severity_{found}")


def item_cell(choices: Choices, words: Wording, item: Item) -> Cell:
    """Show what counts at a place, in words; what is open is tinted."""
    if item.standing in {Standing.ROW_OUT, Standing.HIDDEN}:
        return Cell(words.texts.gettext(STATE_WORDS[State.NOT_APPLICABLE]), "quiet")
    if item.standing is Standing.SETTLED:
        return Cell(words.say(N_("settled as zero")), "quiet")
    answer = item.answer
    if answer.conflict:
        return Cell(words.say(N_("agencies differ")), "caution")
    if answer.is_open:
        return Cell(words.texts.gettext(STATE_WORDS[answer.state]), "caution")
    if answer.state is State.NOT_APPLICABLE:
        return Cell(words.texts.gettext(STATE_WORDS[answer.state]), "quiet")
    shown = choices.shown(item.question, item.field, answer.value)
    return Cell(shown, "middle" if isinstance(shown, int) else "label")


def row_gap_cell(appraisal: Appraisal, words: Wording, question: Question, row: Row) -> Cell:
    """Show how serious the gap of a table's row is, if there is one."""
    gap = appraisal.gap_by_address.get(f"{question.id}/{row.id}")
    if gap is None:
        return Cell(words.say(N_("none")), "quiet")
    return Cell(words.say(N_("to verify")), "caution") if gap.is_open else severity_cell(words, gap.severity_class)


def action_numbers(appraisal: Appraisal, words: Wording, actions: Iterable[Action]) -> str:
    return ", ".join(words.texts.numeral(appraisal.action_numbers[action.id]) for action in actions)
