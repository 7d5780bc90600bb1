"""What the action plan costs: totals by currency, year, source of funds and funding status, in exact decimals.

Amounts of different currencies are never added. The cost of an action is spread evenly over the months it runs, so
that an action over several years is counted in each of them. Dropped actions are not counted.
"""

from collections.abc import Callable, Iterable, Sequence
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

from capacity_app.domain.assessment.registers import Action, ActionProgress
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.numbers_and_dates import read_amount
from capacity_app.domain.planning.action_plan import action_span

_CODES = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
CLP CNY COP CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL
HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD
MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR
RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD
TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG ZWL
"""
CURRENCIES = frozenset(_CODES.split())
"""Currencies by ISO 4217: those in use, and those withdrawn since 2018, in which earlier plans are written."""

_ZERO = Decimal(0)


class CostError(StrEnum):
    """Why the cost of an action cannot be counted."""

    AMOUNT_UNREADABLE = "amount_unreadable"
    AMOUNT_NEGATIVE = "amount_negative"
    NO_CURRENCY = "no_currency"
    UNKNOWN_CURRENCY = "unknown_currency"
    FUNDED_UNREADABLE = "funded_unreadable"
    FUNDED_NEGATIVE = "funded_negative"
    FUNDED_ALONE = "funded_alone"
    FUNDED_ABOVE_AMOUNT = "funded_above_amount"


@dataclass(frozen=True, slots=True)
class CostLine:
    """A sum of costs in one currency and how much of it is funded; ``key`` is a year, source or code, or empty."""

    key: str
    amount: Decimal
    funded: Decimal

    @property
    def gap(self) -> Decimal:
        """What is still to be funded."""
        return self.amount - self.funded


@dataclass(frozen=True, slots=True)
class CurrencyCosts:
    """The costs in one currency (ISO 4217) of so many ``actions``.

    Each of the lists adds up to the total: ``by_year`` with an empty key for actions without dates, ``by_source`` for
    an unnamed source of funds, ``by_funding`` (codes of the list funding_status) for none; empty keys come last.
    """

    currency: str
    actions: int
    amount: Decimal
    funded: Decimal
    by_year: tuple[CostLine, ...]
    by_source: tuple[CostLine, ...]
    by_funding: tuple[CostLine, ...]

    @property
    def gap(self) -> Decimal:
        """What is still to be funded."""
        return self.amount - self.funded


@dataclass(frozen=True, slots=True)
class PlanCosts:
    """The costs of a plan by currency, ordered by code.

    ``with_amount`` and ``without_amount`` count the actions that are not dropped; ``left_out`` are the ids of actions
    whose amounts have an error and are in neither count.
    """

    currencies: tuple[CurrencyCosts, ...] = ()
    with_amount: int = 0
    without_amount: int = 0
    left_out: tuple[str, ...] = ()


def plain_amount(text: str) -> float | str:
    """Return an amount for other programs: a number where that is exactly the amount, else the text as stored."""
    amount = read_amount(text)
    return float(amount) if amount is not None and Decimal(repr(float(amount))) == amount else text


def cost_errors(action: Action) -> tuple[CostError, ...]:
    """Return what is wrong with the amounts of an action; nothing is wrong with an action without any."""
    return (*_amount_errors(action), *_funded_errors(action))


def _amount_errors(action: Action) -> Iterable[CostError]:
    amount = read_amount(action.amount)
    if action.amount and amount is None:
        yield CostError.AMOUNT_UNREADABLE
    if amount is not None and amount < 0:
        yield CostError.AMOUNT_NEGATIVE
    if action.amount and not action.currency:
        yield CostError.NO_CURRENCY
    if action.currency and action.currency not in CURRENCIES:
        yield CostError.UNKNOWN_CURRENCY


def _funded_errors(action: Action) -> Iterable[CostError]:
    amount, funded = read_amount(action.amount), read_amount(action.funded)
    if action.funded and funded is None:
        yield CostError.FUNDED_UNREADABLE
    elif funded is not None and funded < 0:
        yield CostError.FUNDED_NEGATIVE
    elif funded is not None and not action.amount:
        yield CostError.FUNDED_ALONE
    elif funded is not None and amount is not None and 0 <= amount < funded:
        yield CostError.FUNDED_ABOVE_AMOUNT


def action_cost(action: Action) -> CostLine | None:
    """Return what an action costs, its currency as the key; None without an amount and where there is an error."""
    amount = read_amount(action.amount)
    if amount is None or cost_errors(action):
        return None
    return CostLine(action.currency, amount, read_amount(action.funded) or _ZERO)


def plan_costs(actions: Iterable[Action]) -> PlanCosts:
    """Add up what the actions of a plan cost, without those that were dropped."""
    counted = [action for action in actions if action.progress is not ActionProgress.DROPPED]
    costs = [(action, cost) for action in counted if (cost := action_cost(action)) is not None]
    currencies = sorted({cost.key for _, cost in costs})
    left_out = tuple(action.id for action in counted if cost_errors(action))
    return PlanCosts(
        currencies=tuple(
            _currency_costs(currency, [one for one in costs if one[1].key == currency]) for currency in currencies
        ),
        with_amount=len(costs),
        without_amount=len(counted) - len(costs) - len(left_out),
        left_out=left_out,
    )


def _currency_costs(currency: str, costs: Sequence[tuple[Action, CostLine]]) -> CurrencyCosts:
    by_year = _added_up(line for action, cost in costs for line in spread_by_year(action, cost))
    by_source = _added_up(_with_key(cost, action.funding_source.strip()) for action, cost in costs)
    by_funding = _added_up(_with_key(cost, action.funding) for action, cost in costs)
    return CurrencyCosts(
        currency=currency,
        actions=len(costs),
        amount=sum((cost.amount for _, cost in costs), _ZERO),
        funded=sum((cost.funded for _, cost in costs), _ZERO),
        by_year=_empty_last(by_year, lambda line: int(line.key or 0)),
        by_source=_empty_last(by_source, lambda line: (-line.amount, line.key)),
        by_funding=_empty_last(by_funding, lambda _: 0),
    )


def _with_key(cost: CostLine, key: str) -> CostLine:
    return CostLine(key, cost.amount, cost.funded)


def _empty_last(lines: Iterable[CostLine], order: Callable[[CostLine], object]) -> tuple[CostLine, ...]:
    return tuple(sorted(lines, key=lambda line: (not line.key, order(line))))


def _added_up(lines: Iterable[CostLine]) -> Iterable[CostLine]:
    """Add up lines of the same key, compared without case; the first spelling counts."""
    found: dict[str, CostLine] = {}
    for line in lines:
        folded = line.key.casefold()
        before = found.get(folded, CostLine(line.key, _ZERO, _ZERO))
        found[folded] = CostLine(before.key, before.amount + line.amount, before.funded + line.funded)
    return found.values()


def spread_by_year(action: Action, cost: CostLine) -> tuple[CostLine, ...]:
    """Spread a cost over the months an action runs, by year in whole units, rounded down; the last year takes the rest.

    What is funded and what is not are spread apart, so that neither is below zero in any year.
    """
    span = action_span(action)
    if span is None:
        return (_with_key(cost, ""),)
    first, last = span.first.year * 12 + span.first.month - 1, span.last.year * 12 + span.last.month
    lines, before = [], (_ZERO, _ZERO)
    for year in range(span.first.year, span.last.year + 1):
        months = min(last, (year + 1) * 12) - first
        until = _share(cost.funded, months, last - first), _share(cost.gap, months, last - first)
        funded, gap = until[0] - before[0], until[1] - before[1]
        lines.append(CostLine(str(year), funded + gap, funded))
        before = until
    return tuple(lines)


def _share(amount: Decimal, months: int, of: int) -> Decimal:
    return amount if months == of else (amount * months / of).quantize(Decimal(1), ROUND_DOWN)


def last_currency(actions: Iterable[Action]) -> str:
    """Return the currency of the newest action that has one, empty if none has."""
    return next((action.currency for action in reversed(tuple(actions)) if action.currency in CURRENCIES), "")
