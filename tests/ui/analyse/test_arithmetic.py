"""Every number on the scores page can be computed again from what its panel shows."""

import re
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from capacity_app.domain.assessment.answers import Answer
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.domain.scoring.answer_sheet import ZERO
from capacity_app.domain.scoring.scores import overall_target, score_sheet, section_targets
from capacity_app.i18n.translator import Translator
from capacity_app.services.result_tables import Results, assessment_results
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.demonstration import create_demonstration
from capacity_app.ui.pages.analyse.score_arithmetic import (
    ArithmeticStep,
    aggregation_methods,
    overall_steps,
    section_shares,
    section_steps,
)
from capacity_app.ui.session.formatters import SessionFormatter
from tests.builders import file_of, open_session
from tests.domain.making import instrument, laid, question, say, section

TEXTS = Translator()


@pytest.fixture
def session(tmp_path: Path) -> AssessmentSession:
    with open_session(file_of(tmp_path), read_only=True) as made:
        return made


def results_for(made: Instrument, answers: Iterable[Answer]) -> Results:
    """Return results without registers, weights and a previous round."""
    sheet = laid(made, answers)
    card = score_sheet(sheet)
    targets = section_targets(made, card)
    return Results(card, sheet, targets, overall_target(card, targets, {}), {}, None, "")


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Return the results of the demonstration, with other weights and its previous round."""
    file = tmp_path_factory.mktemp("full") / "full.assessment"
    create_demonstration(file, device="testlaptop")
    with open_session(file) as made:
        made.put(replace(made.mission, weights=("iii=2", "v=1/3", "x=0")))
        return assessment_results(made)


def computed(numbers: str) -> float:
    """Compute a formula as a person with a pocket calculator would."""
    assert re.fullmatch(r"[\d.,%()+×÷^ ]+", numbers), numbers
    plain = numbers.replace("×", "*").replace("÷", "/").replace(",", "").replace("%", "/100").replace("^", "**")
    return float(eval(plain))  # noqa: S307 - only digits and signs, as just checked


def shown(result: str) -> float:
    return float(result.rstrip("%"))


def expect_right(step: ArithmeticStep) -> None:
    """Compute what a step shows; sums shown with three decimals leave a tenth of a point."""
    if step.result != "–":
        result = computed(step.numbers) * (100 if step.result.endswith("%") else 1)
        assert result == pytest.approx(shown(step.result), abs=0.1), step


def test_the_formulas_of_a_section_give_its_results(full: Results) -> None:
    names = set()
    for entry in full.scorecard.sections:
        for step in section_steps(TEXTS, full, entry):
            expect_right(step)
            names.add(step.name)
    assert len(names) == 11, "eight figures, the score once with disagreements, and both rounds"


def test_the_first_step_of_a_section_is_its_score_and_the_last_two_are_the_rounds(full: Results) -> None:
    entry = full.scorecard.sections[0]
    steps = section_steps(TEXTS, full, entry)
    change = full.change(entry.section.id)
    assert entry.score.value is not None
    assert change is not None
    assert steps[0].result == TEXTS.number(entry.score.value, 1)
    assert [step.result for step in steps[-2:]] == [TEXTS.number(v or ZERO, 1) for v in (change.before, change.after)]


def test_a_disagreement_is_in_the_formula_at_its_midpoint() -> None:
    made = instrument(section("s", question("q0"), question("q1")))
    answers = [say("q0", 3), say("q1", 1, who="agency-a"), say("q1", 0, who="agency-b")]
    results = results_for(made, answers)
    step = section_steps(TEXTS, results, results.scorecard.sections[0])[0]
    assert (step.formula, step.numbers) == ("S = 100 × (P + M) ÷ (A + D)", "100 × (1 + 0.167) ÷ (1 + 1)")
    assert step.result == "58.3"
    assert "midpoint" in step.name


def test_the_parts_of_a_section_add_up_to_its_sums(session: AssessmentSession) -> None:
    wording = SessionFormatter(TEXTS, session)
    for entry in session.scorecard().sections:
        shares = section_shares(wording, session.instrument, entry.parts)
        assert sum((share.weight for share in shares if not share.is_out), ZERO) == entry.score.tally.weight
        sums = entry.score.tally
        assert sum((share.earned for share in shares), ZERO) == sums.points + sums.middle


def test_a_grid_unfolds_to_cells_that_add_up_to_it(session: AssessmentSession) -> None:
    wording = SessionFormatter(TEXTS, session)
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


def test_the_overall_formulas_give_the_overall_results(full: Results) -> None:
    steps = overall_steps(TEXTS, full)
    for step in steps.values():
        expect_right(step)
        assert step.result != "–"
    overall = full.scorecard.overall
    assert steps["value"].result == TEXTS.number(overall.value or ZERO, 1)
    assert steps["target"].result == TEXTS.number(full.target or ZERO, 1)
    assert "2 × " in steps["value"].numbers
    assert "13.1" not in steps["value"].numbers, "a section without weight is not in the mean"


def test_four_methods_are_named_and_their_arithmetic_gives_their_values(full: Results) -> None:
    found = aggregation_methods(TEXTS, full)
    sensitivity = full.scorecard.overall.sensitivity
    assert sensitivity is not None
    assert len({step.name for step in found}) == 4
    assert [step.result for step in found] == [TEXTS.number(value or ZERO, 1) for value in sensitivity.values]
    for step in found:
        expect_right(step)


def test_without_a_score_there_is_nothing_to_compute() -> None:
    results = results_for(instrument(section("s", question("q0"))), [])
    assert aggregation_methods(TEXTS, results) == ()
    assert overall_steps(TEXTS, results)["value"].result == "–"
    assert overall_steps(TEXTS, results)["upper"].result == "100.0"


def test_without_own_weights_there_are_three_methods() -> None:
    results = results_for(instrument(section("s", question("q0"))), [say("q0", 2)])
    assert [step.result for step in aggregation_methods(TEXTS, results)] == ["66.7"] * 3


@pytest.mark.parametrize(("number", "said"), [(Fraction(3), "3"), (Fraction(1, 3), "0.333"), (Fraction(5, 2), "2.500")])
def test_weights_are_whole_or_have_three_decimals(number: Fraction, said: str) -> None:
    assert TEXTS.exact(number) == said
