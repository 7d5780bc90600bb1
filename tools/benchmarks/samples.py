"""What is measured: the demonstration, and an instrument of 3,000 questions and 10,000 cells."""

from functools import cache

from capacity_app.domain.assessment.answers import Answer
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.questionnaire.instrument import GridColumn, GridRow, Instrument
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.services.session.demonstration import demonstration
from tests.domain.making import ANCHORS, instrument, question, say, section

DEMONSTRATION: Dossier = demonstration()[0]


def _grid(name: str) -> tuple[tuple[GridColumn, ...], tuple[GridRow, ...]]:
    columns = tuple(
        GridColumn(id=f"c{n}", label=f"{name} {n}", kind=AnswerKind.LEVEL, anchors=ANCHORS) for n in range(10)
    )
    return columns, tuple(GridRow(id=f"r{n}", label=f"Row {n}") for n in range(10))


@cache
def large_instrument() -> Instrument:
    sections = []
    for part in range(10):
        plain = [question(f"s{part}.q{n}") for n in range(300)]
        grids = []
        for n in range(10):
            columns, rows = _grid(f"s{part}")
            grids.append(question(f"s{part}.g{n}", kind=AnswerKind.GRID, columns=columns, rows=rows))
        sections.append(section(f"s{part}", *plain, *grids))
    return instrument(*sections)


@cache
def large_answers() -> tuple[Answer, ...]:
    answers = []
    for number, each in enumerate(large_instrument().questions()):
        if each.kind is AnswerKind.GRID:
            answers += [say(f"{each.id}/{row.id}/{c.id}", number % 4) for row in each.rows for c in each.columns]
        else:
            answers.append(say(each.id, number % 4))
    return tuple(answers)
