"""What the plan costs: totals by currency, year and source in exact decimals, and amounts that cannot be counted."""

from dataclasses import replace
from decimal import Decimal

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.assessment.registers import Action, ActionProgress
from capacity_app.domain.numbers_and_dates import read_amount, write_amount
from capacity_app.domain.planning.costs import (
    CURRENCIES,
    CostLine,
    PlanCosts,
    action_cost,
    last_currency,
    plan_costs,
)
from capacity_app.domain.planning.plan_checks import check_costs

AMOUNTS = st.decimals(0, 10**12, places=2)
DATES = st.sampled_from(["", "2024", "2024-03", "2024-03-15", "2027-11", "2031-01-01", "soon"])


@st.composite
def plans(draw: st.DrawFn) -> tuple[Action, ...]:
    """Draw actions with any amounts, funded in part, and any dates."""
    return tuple(
        Action(
            id=f"a{number}",
            amount=write_amount(amount),
            funded=write_amount((amount * draw(st.integers(0, 100)) / 100).quantize(Decimal("0.01"))),
            currency=draw(st.sampled_from(["EUR", "USD", "XOF"])),
            funding_source=draw(st.sampled_from(["", "State budget", "state budget", "IOM"])),
            funding=draw(st.sampled_from(["", "none", "partly"])),
            start=draw(DATES),
            end=draw(DATES),
            progress=draw(st.sampled_from(ActionProgress)),
        )
        for number, amount in enumerate(draw(st.lists(AMOUNTS, max_size=8)))
    )


@given(plans())
def test_every_list_adds_up_to_the_total_and_funded_and_gap_to_the_amount(actions: tuple[Action, ...]) -> None:
    counted = [action for action in actions if action.progress is not ActionProgress.DROPPED]
    costs = plan_costs(actions)
    assert costs.left_out == ()
    assert costs.with_amount == len(counted) == sum(one.actions for one in costs.currencies)
    for one in costs.currencies:
        of = [action for action in counted if action.currency == one.currency]
        assert one.amount == sum(Decimal(action.amount) for action in of)
        assert one.funded == sum(Decimal(action.funded) for action in of)
        assert one.funded + one.gap == one.amount
        for lines in (one.by_year, one.by_source, one.by_funding):
            assert sum(line.amount for line in lines) == one.amount
            assert sum(line.funded for line in lines) == one.funded
            assert all(line.funded >= 0 and line.gap >= 0 for line in lines)
            assert len({line.key.casefold() for line in lines}) == len(lines)
            assert all(line.key for line in lines[:-1]), "an empty key is last"


@given(plans())
def test_a_total_does_not_depend_on_the_order_of_entry(actions: tuple[Action, ...]) -> None:
    def totals(costs: PlanCosts) -> list[object]:
        return [(one.currency, one.amount, one.funded, one.by_year) for one in costs.currencies]

    assert totals(plan_costs(actions)) == totals(plan_costs(actions[::-1]))


def test_the_cost_of_an_action_is_spread_over_its_months() -> None:
    action = Action(id="a", amount="1000", funded="100", currency="EUR", start="2024-11", end="2026-01-15")
    (euro,) = plan_costs([action]).currencies
    assert [(line.key, line.amount, line.funded) for line in euro.by_year] == [
        ("2024", Decimal(133), Decimal(13)),
        ("2025", Decimal(800), Decimal(80)),
        ("2026", Decimal(67), Decimal(7)),
    ]


def test_currencies_are_never_added_and_dropped_actions_not_counted() -> None:
    actions = [
        Action(id="a", amount="10.50", currency="USD"),
        Action(id="b", amount="5", funded="5", currency="EUR", funding_source="IOM"),
        Action(id="c", amount="7", currency="EUR", progress=ActionProgress.DROPPED),
        Action(id="d", cost="own staff"),
    ]
    costs = plan_costs(actions)
    assert [(one.currency, one.amount, one.gap) for one in costs.currencies] == [
        ("EUR", Decimal(5), Decimal(0)),
        ("USD", Decimal("10.5"), Decimal("10.5")),
    ]
    assert (costs.with_amount, costs.without_amount) == (2, 1)
    assert costs.currencies[0].by_source == (CostLine("IOM", Decimal(5), Decimal(5)),)


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"amount": "about 5"}, "amount", "“about 5” in the action “Do” is not an amount."),
        ({"amount": "٣"}, "amount", "is not an amount"),
        ({"amount": "-1"}, "amount", "below zero"),
        ({"currency": ""}, "currency", "has no currency"),
        ({"currency": "EURO"}, "currency", "“EURO” in the action “Do” is not a currency of ISO 4217."),
        ({"funded": "half"}, "funded", "“half” in the action “Do” is not an amount."),
        ({"funded": "-1"}, "funded", "below zero"),
        ({"funded": "100.01"}, "funded", "More is funded than the action “Do” costs."),
        ({"amount": "", "funded": "5"}, "amount", "has a funded amount and no cost"),
    ],
)
def test_an_amount_that_cannot_be_counted_is_found_and_left_out(
    wrong: dict[str, str], field: str, sentence: str
) -> None:
    right = Action(id="a", title="Do", amount="100", funded="100", currency="EUR")
    action = replace(right, **wrong)  # type: ignore[arg-type]  # all are text
    (finding,) = check_costs([action])
    assert (finding.entry, finding.field) == ("a", field)
    assert sentence in finding.problem.text()
    assert action_cost(action) is None
    costs = plan_costs([action, replace(right, id="b")])
    assert (costs.left_out, costs.with_amount, costs.without_amount) == (("a",), 1, 0)
    assert not list(check_costs([right, replace(action, progress=ActionProgress.DROPPED)]))


@given(AMOUNTS)
def test_an_amount_is_stored_in_one_way_and_read_back(amount: Decimal) -> None:
    assert read_amount(write_amount(amount)) == amount
    assert write_amount(amount) == write_amount(amount * Decimal("1.00"))


def test_every_currency_has_a_name() -> None:
    assert set(Locale("en").currencies) >= CURRENCIES


def test_the_last_currency_used_is_that_of_the_newest_action_with_one() -> None:
    actions = [Action(id="a", currency="USD"), Action(id="b", currency="EUR"), Action(id="c", currency="?")]
    assert (last_currency(actions), last_currency([])) == ("EUR", "")
