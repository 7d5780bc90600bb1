"""Conditions: what can never be, what waits for a later question, and what is always skipped together."""

from collections.abc import Iterator
from itertools import groupby

from capacity_app.domain.answers import Address
from capacity_app.domain.conditions import Condition
from capacity_app.domain.instrument import Instrument, Question, Section
from capacity_app.domain.problems import N_
from capacity_app.instruments.editing.kinds import RemarkKind, Remarks
from capacity_app.instruments.editing.possible import Search
from capacity_app.instruments.editing.spots import name_of, question_place
from capacity_app.instruments.findings import inside

_TOGETHER = 5
"""So many questions in a row under one condition are better a part, or one question that opens them."""


def note_conditions(instrument: Instrument, remarks: Remarks) -> None:
    """Note weak conditions of questions and of contradictions."""
    search = Search(instrument)
    place = {question.id: at for at, question in enumerate(instrument.questions())}
    for question in instrument.conditional:
        section, condition = instrument.section_of[question.id], question.show_if
        assert condition is not None, "the question is asked under a condition"
        where = question_place(section, question)
        if search.is_possible(condition, of_asked=True) is False:
            message = N_("No answers can ever fulfil the condition, so this question is never asked.")
            advice = N_("Look at the answers the condition names, and at when the questions it tests are asked.")
            remarks.note(RemarkKind.CONDITION, "never", where, message, advice)
        _note_later(question, place, where, instrument, remarks)
        _note_asleep(condition, where, instrument, remarks)
    for entry in instrument.contradictions:
        if search.is_possible(entry.when, of_asked=False) is False:
            message = N_("No answers can ever fulfil the condition of this message, so nobody ever reads it: “{text}”")
            advice = N_("Look at the answers the condition names.")
            where = inside("", "contradiction", entry.id)
            remarks.note(RemarkKind.CONDITION, "never-contradiction", where, message, advice, text=entry.message)
    for section in instrument.sections:
        _note_together(section, remarks)


def _note_later(
    question: Question, place: dict[str, int], where: str, instrument: Instrument, remarks: Remarks
) -> None:
    assert question.show_if is not None, "the question is asked under a condition"
    names = dict.fromkeys(address.question for address in question.show_if.addresses())
    for name in names:
        if place.get(name, -1) > place[question.id]:
            message = N_(
                "Whether it is asked depends on {later}, which comes afterwards: in an interview it pops up late."
            )
            advice = N_("Move {later} before this question, or this question behind it.")
            later = name_of(instrument.question_by_id[name])
            remarks.note(RemarkKind.CONDITION, "later", where, message, advice, later=later)


def _note_asleep(condition: Condition, where: str, instrument: Instrument, remarks: Remarks) -> None:
    """Note tests of rows that start out of use: until somebody wakes the row, the question is not asked."""
    for address in dict.fromkeys(_cells(condition)):
        question = instrument.question_by_id.get(address.question)
        row = question.row_by_id.get(address.row) if question else None
        if question is None or row is None:
            continue
        if row.preset_reason:
            message = N_(
                "The condition tests {row} of {question}, which starts as not applicable: often nobody will ask this."
            )
            advice = N_("Test another row, or let that row start as applicable.")
            remarks.note(
                RemarkKind.CONDITION, "asleep", where, message, advice, row=row.label, question=name_of(question)
            )


def _cells(condition: Condition) -> Iterator[Address]:
    return (address for address in condition.addresses() if address.row)


def _note_together(section: Section, remarks: Remarks) -> None:
    for condition, group in groupby(section.questions, key=lambda question: question.show_if):
        together = tuple(group)
        if condition is None or len(together) < _TOGETHER or len(together) == len(section.questions):
            continue
        message = N_("{first} to {last}, {count} questions, are always skipped together.")
        advice = N_("Make a part of its own of them, so that the officer sees at once what falls away.")
        remarks.note(RemarkKind.CONDITION, "together", question_place(section, together[0]), message, advice,
                     first=name_of(together[0]), last=name_of(together[-1]), count=len(together))  # fmt: skip
