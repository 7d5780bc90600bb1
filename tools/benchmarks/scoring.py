"""Rescoring everything after one answer: sheet, scores and gaps."""

from collections.abc import Iterator

from capacity_app.domain.assessment.answers import Address, Answer, answers_by_address
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.domain.scoring.answer_sheet import lay_out, update_layout
from capacity_app.domain.scoring.gaps import find_gaps
from capacity_app.domain.scoring.scores import score_sheet
from tools.benchmarks.measuring import Figure, Work, alone
from tools.benchmarks.samples import DEMONSTRATION, large_answers, large_instrument


def _rescoring(instrument: Instrument, answers: tuple[Answer, ...]) -> Work:
    known = answers_by_address(answers)
    sheet = lay_out(instrument, known)
    score_sheet(sheet)
    find_gaps(sheet)
    first = next(question for question in instrument.questions() if question.is_scored)

    def rescore() -> None:
        again = update_layout(sheet, known, [Address(first.id)])
        score_sheet(again)
        find_gaps(again)

    return rescore


def figures() -> Iterator[Figure]:
    yield alone("rescoring the toolkit", _rescoring(DEMONSTRATION.instrument, DEMONSTRATION.answers), 5)
    yield alone("rescoring 3,000 questions and 10,000 cells", _rescoring(large_instrument(), large_answers()), 100)
