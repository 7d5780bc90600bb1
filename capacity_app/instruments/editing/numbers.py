"""Printed numbers: each question has one of its own, so that people in a meeting speak of the same question."""

from collections import Counter

from capacity_app.domain.instrument import Instrument
from capacity_app.domain.problems import N_
from capacity_app.instruments.editing.kinds import RemarkKind, Remarks
from capacity_app.instruments.editing.spots import question_place, questions


def note_numbers(instrument: Instrument, remarks: Remarks) -> None:
    """Note questions that share a printed number with another one."""
    counts = Counter(question.number.strip().casefold() for question in instrument.questions())
    for section, question in questions(instrument):
        if question.number.strip() and counts[question.number.strip().casefold()] > 1:
            message = N_("The number {number} is printed on several questions. People will confuse them.")
            advice = N_("Give each question its own number. Ids stay as they are.")
            place = question_place(section, question)
            remarks.note(RemarkKind.NUMBERS, "doubled", place, message, advice, number=question.number)
