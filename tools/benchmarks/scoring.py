"""Rescoring everything after one answer: sheet, scores and gaps."""

from collections.abc import Iterator

from capacity_app.domain.answers import Address, Answer, by_address
from capacity_app.domain.gaps import all_gaps
from capacity_app.domain.instrument import Instrument
from capacity_app.domain.scoring import score
from capacity_app.domain.sheet import lay_out, lay_out_again
from tools.benchmarks.material import DEMONSTRATION, large_answers, large_instrument
from tools.benchmarks.measuring import Figure, Work, alone


def _rescoring(instrument: Instrument, answers: tuple[Answer, ...]) -> Work:
    known = by_address(answers)
    sheet = lay_out(instrument, known)
    score(sheet)
    all_gaps(sheet)
    first = next(question for question in instrument.questions() if question.is_scored)

    def rescore() -> None:
        again = lay_out_again(sheet, known, [Address(first.id)])
        score(again)
        all_gaps(again)

    return rescore


def figures() -> Iterator[Figure]:
    yield alone("rescoring the toolkit", _rescoring(DEMONSTRATION.instrument, DEMONSTRATION.answers), 5)
    yield alone("rescoring 3,000 questions and 10,000 cells", _rescoring(large_instrument(), large_answers()), 100)
