"""Every number on the scores page can be computed again from what its panel shows."""

import re
from fractions import Fraction
from pathlib import Path

import pytest

from capacity_app.domain.scoring import HUNDRED, score, section_weights
from capacity_app.domain.sheet import ZERO
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.texts import Texts
from capacity_app.ui.scores.arithmetic import (
    exact,
    overall_steps,
    section_shares,
    section_steps,
    sensitivity_rows,
    target_of,
    weighed_sections,
)
from capacity_app.ui.wording import Wording
from tests.builders import file_of, open_session

TEXTS = Texts()


@pytest.fixture
def session(tmp_path: Path) -> AssessmentSession:
    with open_session(file_of(tmp_path), read_only=True) as made:
        return made


def computed(numbers: str) -> float:
    """Compute a formula as a person with a pocket calculator would."""
    assert re.fullmatch(r"[\d.,%()+×÷ ]+", numbers), numbers
    plain = numbers.replace("×", "*").replace("÷", "/").replace(",", "").replace("%", "/100")
    return float(eval(plain))  # noqa: S307 - only digits and signs, as just checked


def shown(result: str) -> float:
    return float(result.rstrip("%"))


def test_the_formulas_of_a_section_give_its_results(session: AssessmentSession) -> None:
    for entry in session.scorecard().sections:
        for step in section_steps(TEXTS, entry.score):
            if step.result != "–":
                result = computed(step.numbers) * (100 if step.result.endswith("%") else 1)
                assert result == pytest.approx(shown(step.result), abs=0.1), step


def test_the_first_step_of_a_section_is_its_score(session: AssessmentSession) -> None:
    entry = session.scorecard().sections[0]
    assert entry.score.value is not None
    assert section_steps(TEXTS, entry.score)[0].result == TEXTS.number(entry.score.value, 1)


def test_the_parts_of_a_section_add_up_to_its_sums(session: AssessmentSession) -> None:
    wording = Wording(TEXTS, session)
    for entry in session.scorecard().sections:
        shares = section_shares(wording, session.instrument, entry.parts)
        assert sum((share.weight for share in shares if not share.is_out), ZERO) == entry.score.tally.weight
        assert sum((share.earned for share in shares), ZERO) == entry.score.tally.points


def test_a_grid_unfolds_to_cells_that_add_up_to_it(session: AssessmentSession) -> None:
    wording = Wording(TEXTS, session)
    grids = [
        share
        for entry in session.scorecard().sections
        for share in section_shares(wording, session.instrument, entry.parts)
        if share.shares
    ]
    assert grids
    for grid in grids:
        assert sum((cell.weight for cell in grid.shares if not cell.is_out), ZERO) == grid.weight
        assert sum((cell.earned for cell in grid.shares), ZERO) == grid.earned
        assert grid.open_count == sum(cell.is_open for cell in grid.shares)


def test_the_overall_formulas_give_the_overall_results(session: AssessmentSession) -> None:
    own = section_weights(session.instrument, ("i=2", "iii=1/2"))
    card = score(session.sheet, own)
    steps = overall_steps(TEXTS, card.overall, weighed_sections(card, own))
    for step in steps.values():
        if step.result != "–":
            result = computed(step.numbers) * (100 if step.result.endswith("%") else 1)
            assert result == pytest.approx(shown(step.result), abs=0.1), step


def test_four_methods_are_named_with_their_values(session: AssessmentSession) -> None:
    overall = session.scorecard().overall
    rows = sensitivity_rows(TEXTS, overall)
    assert len({label for label, _ in rows}) == 4
    assert [value for _, value in rows] == [
        overall.sensitivity.equal_sections,
        overall.sensitivity.equal_items,
        overall.sensitivity.geometric,
        overall.sensitivity.own_weights,
    ]


def test_a_section_whose_targets_are_all_three_has_its_target_at_a_hundred(session: AssessmentSession) -> None:
    parts = session.scorecard().sections[0].parts
    assert target_of(session.instrument, parts) == HUNDRED
    assert target_of(session.instrument, ()) is None


@pytest.mark.parametrize(("number", "said"), [(Fraction(3), "3"), (Fraction(1, 3), "0.333"), (Fraction(5, 2), "2.500")])
def test_weights_are_whole_or_have_three_decimals(number: Fraction, said: str) -> None:
    assert exact(TEXTS, number) == said
