"""Places found as people name them."""

from dataclasses import replace

import pytest

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.questionnaire.instrument import GridColumn, GridRow
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.questionnaire.search import find_place, printed_numbers
from tests.domain.making import instrument, question, section

COLUMN = GridColumn(id="have", label="Have", kind=AnswerKind.YES_NO)
ROWS = (GridRow(id="g", label="G", number="G"), GridRow(id="one", label="One", number="1"))
GRID = replace(question("iv.policy", AnswerKind.GRID, columns=(COLUMN,), rows=ROWS), number="IV.1")
OTHERS = (
    replace(question("i.last"), number="I.11"),
    replace(question("i.first", AnswerKind.GRID, columns=(COLUMN,), rows=ROWS), number="I.1"),
)
SMALL = instrument(section("i", *OTHERS), section("iv", GRID))


@pytest.mark.parametrize("named", ["IV.1 G", "iv.1 g", "iv1g", " IV 1 G ", "iv.policy/g", "IV.1.G"])
def test_a_row_is_found_by_number_and_by_address(named: str) -> None:
    assert find_place(SMALL, named) == Address("iv.policy", "g")


def test_a_cell_is_found_by_its_address() -> None:
    assert find_place(SMALL, "iv.policy/g/have") == Address("iv.policy", "g", "have")


@pytest.mark.parametrize("named", ["", "V.9", "iv.policy/x", "iv.policy/g/lost", "i11", "…"])
def test_what_names_no_place_or_several_is_none(named: str) -> None:
    assert find_place(SMALL, named) is None


def test_a_number_with_its_dots_is_never_mistaken() -> None:
    assert find_place(SMALL, "I.11") == Address("i.last")
    assert find_place(SMALL, "I.1 1") == Address("i.first", "one")


def test_every_printed_number_finds_its_place() -> None:
    assert all(find_place(SMALL, number) == place for number, place in printed_numbers(SMALL))
