"""The costs of the action plan in words: the lines of the table and the sentences around it, the same everywhere."""

from collections.abc import Iterator

from capacity_app.domain.assessment.registers import Action
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.planning.costs import CostLine, CurrencyCosts, PlanCosts, action_cost
from capacity_app.domain.problems import N_
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator


@dataclass(frozen=True, slots=True)
class CostRow:
    """A line of the table of costs; the total of a currency heads the lines that divide it."""

    label: str
    currency: str
    costs: CostLine
    is_total: bool = False


COST_HEADINGS = (N_("Costs"), N_("Cost"), N_("Funded"), N_("Still to be funded"))


def cost_rows(costs: PlanCosts, formatter: Formatter) -> Iterator[CostRow]:
    """Yield for each currency its total, and the total divided by year, by source of funds and by funding status."""
    for one in costs.currencies:
        total = CostLine(one.currency, one.amount, one.funded)
        yield CostRow(formatter.say(N_("Total in {currency}"), currency=one.currency), one.currency, total, True)
        for label, line in _divided(one, formatter):
            yield CostRow(label, one.currency, line)


def _divided(one: CurrencyCosts, formatter: Formatter) -> Iterator[tuple[str, CostLine]]:
    say = formatter.say
    for line in one.by_year:
        year = formatter.texts.in_digits(line.key)
        yield (say(N_("Year: {year}"), year=year) if year else say(N_("Year: no dates"))), line
    for line in one.by_source:
        yield (say(N_("Source: {source}"), source=line.key) if line.key else say(N_("Source: not stated"))), line
    for line in one.by_funding:
        status = formatter.code("funding_status", line.key) if line.key else say(N_("not stated"))
        yield say(N_("Funding: {status}"), status=status), line


def action_cost_text(texts: Translator, action: Action) -> str:
    """Say what an action costs, empty where it has no amount that can be counted."""
    cost = action_cost(action)
    if cost is None:
        return ""
    amount = texts.money(cost.amount, cost.key)
    if not cost.funded:
        return amount
    return texts.gettext("{amount}, {funded} funded").format(amount=amount, funded=texts.money(cost.funded, cost.key))


def cost_total(one: CurrencyCosts, formatter: Formatter) -> str:
    """Say a total in one sentence."""
    amount, funded, gap = (formatter.texts.money(value, one.currency) for value in (one.amount, one.funded, one.gap))
    sentence = N_("{amount} in all: {funded} is funded, {gap} is still to be funded.")
    return formatter.say(sentence, amount=amount, funded=funded, gap=gap)


def cost_coverage(costs: PlanCosts, formatter: Formatter) -> str:
    """Say for how many actions the totals stand, and which are left out."""
    texts, every = formatter.texts, costs.with_amount + costs.without_amount + len(costs.left_out)
    said = texts.counted(
        "{count} of {all} has a cost.",
        "{count} of {all} have a cost.",
        costs.with_amount,
        all=texts.number(every),
    )
    if not costs.left_out:
        return said
    left_out = formatter.ngettext(
        "{count} is not counted: its amounts contain an error.",
        "{count} are not counted: their amounts contain an error.",
        len(costs.left_out),
    )
    return f"{said} {left_out}"


def cost_method(formatter: Formatter) -> str:
    """Say how costs are counted."""
    return formatter.say(
        N_(
            "Each cost is spread evenly over the months from start to end. What was dropped is not counted, and "
            "different currencies are not added."
        )
    )
