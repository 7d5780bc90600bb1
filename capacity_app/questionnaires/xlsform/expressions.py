"""Conditions as an XLSForm writes them (a part of XPath), read and written; nothing is ever evaluated.

Read are = != >= <= > < and or not() selected() count-selected() string-length() ${name} . texts and numbers. What goes
beyond, or means something that a condition cannot say, is ``UnsupportedExpression``.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from math import ceil, floor
from typing import assert_never

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.questionnaire.conditions import Condition, ConditionOperator
from capacity_app.domain.questionnaire.instrument import QuestionField
from capacity_app.domain.questionnaire.kinds import AnswerKind, ValueType

MOST_LETTERS, DEEPEST = 20_000, 50
_LEAST = -(10**12)
"""Any number that is an answer is at least this one."""
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>'[^']*'|\"[^\"]*\")|\$\{\s*(?P<ref>[^{}\s]+)\s*\}"
    r"|\.\./(?P<near>[A-Za-z_][\w.-]*)|(?P<here>\.)|(?P<op>!=|>=|<=|=|>|<)|(?P<sign>[(),-])"
    r"|(?P<word>[A-Za-z_][\w-]*(?::[\w-]+)?)|(?P<other>\S))",
    re.ASCII,
)
_FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "=": "=", "!=": "!="}


class UnsupportedExpression(Exception):  # noqa: N818 - nothing is wrong with the form
    """An expression says what a condition of ours cannot."""


@dataclass(frozen=True, slots=True)
class FieldReference:
    """The answer of a field; the field's own where ``name`` is empty."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class LiteralValue:
    """A text or a number as it is written."""

    value: str | Decimal


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """A function, a comparison ("=") or a chain ("and", "or") with what it is about."""

    name: str
    parts: tuple["ExpressionNode", ...]


ExpressionNode = FieldReference | LiteralValue | FunctionCall


# -- reading -------------------------------------------------------------------------------------------------------


def parse_expression(text: str) -> ExpressionNode:
    """Read an expression; raises UnsupportedExpression."""
    if len(text) > MOST_LETTERS:
        raise UnsupportedExpression(text)
    parser = _Parser(text)
    node = parser.chain("or", 0)
    parser.expect_end()
    return node


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = [(str(one.lastgroup), one[one.lastgroup or 0]) for one in _TOKEN.finditer(text)]
        self._at = 0

    def _next(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")

    def _take(self, kind: str, value: str = "") -> bool:
        found = self._next()
        if found[0] != kind or (value and found[1] != value):
            return False
        self._at += 1
        return True

    def _expect(self, value: str) -> None:
        if not self._take("sign", value):
            raise UnsupportedExpression(self._next()[1])

    def expect_end(self) -> None:
        """Raise Unsupported if anything is left."""
        if self._next()[0] != "end":
            raise UnsupportedExpression(self._next()[1])

    def chain(self, word: str, depth: int) -> ExpressionNode:
        """Read parts that "or", or "and", connects; a bracket is a part of its own."""
        if depth > DEEPEST:
            raise UnsupportedExpression(word)
        parts = [self._part(word, depth)]
        while self._take("word", word):
            parts.append(self._part(word, depth))
        return parts[0] if len(parts) == 1 else FunctionCall(word, tuple(parts))

    def _part(self, word: str, depth: int) -> ExpressionNode:
        return self.chain("and", depth) if word == "or" else self._comparison(depth)

    def _comparison(self, depth: int) -> ExpressionNode:
        left = self._operand(depth)
        kind, op = self._next()
        if kind != "op":
            return left
        self._at += 1
        return FunctionCall(op, (left, self._operand(depth)))

    def _operand(self, depth: int) -> ExpressionNode:  # noqa: PLR0911 - one for each kind of token
        if self._take("sign", "("):
            inner = self.chain("or", depth + 1)
            self._expect(")")
            return inner
        if self._take("sign", "-"):
            kind, value = self._next()
            self._at += 1
            if kind != "number":
                raise UnsupportedExpression(value)
            return LiteralValue(-Decimal(value))
        kind, value = self._next()
        self._at += 1
        match kind:
            case "number":
                return LiteralValue(Decimal(value))
            case "text":
                return LiteralValue(value[1:-1])
            case "ref" | "near":
                return FieldReference(value)
            case "here":
                return FieldReference()
            case "word":
                return self._call(value, depth)
        raise UnsupportedExpression(value)

    def _call(self, name: str, depth: int) -> ExpressionNode:
        self._expect("(")
        parts: list[ExpressionNode] = []
        while not self._take("sign", ")"):
            if parts:
                self._expect(",")
            parts.append(self.chain("or", depth + 1))
        return FunctionCall(name, tuple(parts))


# -- from the form to a condition ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KnownField:
    """A field of a form that is a question or cell of ours; ``values`` give our answers by the names of its choices."""

    address: Address
    kind: AnswerKind
    values: dict[str, str]


FieldLookup = Callable[[str], KnownField | None]


def parse_condition(text: str, find: FieldLookup) -> Condition:
    """Read a condition; raises UnsupportedExpression where it says what ours cannot."""
    return condition_from_node(parse_expression(text), find)


def condition_from_node(node: ExpressionNode, find: FieldLookup) -> Condition:
    """Return what an expression says as a condition; raises UnsupportedExpression."""
    if not isinstance(node, FunctionCall):
        raise UnsupportedExpression(str(node))
    match node.name:
        case "and":
            return Condition(
                op=ConditionOperator.ALL, parts=tuple(condition_from_node(part, find) for part in node.parts)
            )
        case "or":
            return _any(tuple(condition_from_node(part, find) for part in node.parts))
        case "not" if len(node.parts) == 1:
            return Condition(op=ConditionOperator.NOT, parts=(condition_from_node(node.parts[0], find),))
        case "selected" if len(node.parts) == 2:  # noqa: PLR2004 - the field and the choice
            return _selected(*node.parts, find)
        case "=" | "!=" | ">" | "<" | ">=" | "<=":
            return _compared(node, find)
    raise UnsupportedExpression(node.name)


def _any(parts: tuple[Condition, ...]) -> Condition:
    """Join tests; those that ask the same answer for one value or another are one test."""
    first = parts[0]
    if all(part.op is ConditionOperator.IS and part.address == first.address for part in parts):
        return _is(first.address, [value for part in parts for value in part.values])
    return Condition(op=ConditionOperator.ANY, parts=parts)


def _is(address: Address | None, values: Sequence[str]) -> Condition:
    if not values:
        raise UnsupportedExpression("")
    return Condition(op=ConditionOperator.IS, address=address, values=tuple(dict.fromkeys(values)))


def _known(node: ExpressionNode, find: FieldLookup) -> KnownField:
    known = find(node.name) if isinstance(node, FieldReference) and node.name else None
    if known is None:
        raise UnsupportedExpression(node.name if isinstance(node, FieldReference) else "")
    return known


def _selected(field: ExpressionNode, choice: ExpressionNode, find: FieldLookup) -> Condition:
    known = _known(field, find)
    if not isinstance(choice, LiteralValue):
        raise UnsupportedExpression(str(choice))
    return _is(known.address, [_value(known, str(choice.value))])


def _value(known: KnownField, name: str) -> str:
    if known.values and name not in known.values:
        raise UnsupportedExpression(name)
    return known.values.get(name, name)


def _compared(node: FunctionCall, find: FieldLookup) -> Condition:
    left, right, op = *node.parts, node.name
    if isinstance(left, LiteralValue):
        left, right, op = right, left, _FLIPPED[op]
    if not isinstance(right, LiteralValue):
        raise UnsupportedExpression(op)
    if isinstance(left, FunctionCall):
        return _counted(left, op, right.value, find)
    known = _known(left, find)
    if op == "!=":
        said = _equal(known, right.value)
        return said.parts[0] if said.op is ConditionOperator.NOT else Condition(op=ConditionOperator.NOT, parts=(said,))
    return _equal(known, right.value) if op == "=" else _ordered(known, op, right.value)


def _counted(call: FunctionCall, op: str, value: str | Decimal, find: FieldLookup) -> Condition:
    """Read “anything is ticked”, the one count that a condition can ask for."""
    is_any = (op == ">=" and value == 1) or (op in {">", "!="} and value == 0)
    if call.name != "count-selected" or len(call.parts) != 1 or not is_any:
        raise UnsupportedExpression(call.name)
    known = _known(call.parts[0], find)
    return _is(known.address, list(known.values.values()))


def _equal(known: KnownField, value: str | Decimal) -> Condition:
    if value == "":
        # Nothing is answered: none of all there is to choose from.
        every = _is(known.address, list(known.values.values()))
        return Condition(op=ConditionOperator.NOT, parts=(every,))
    is_written = known.kind.info.is_number or known.kind.value_type in {ValueType.TEXT, ValueType.DATE}
    if not known.values and not is_written:
        raise UnsupportedExpression(str(value))
    return _is(known.address, [_value(known, _plain(value))])


def _plain(value: str | Decimal) -> str:
    if isinstance(value, str):
        return value
    return str(int(value)) if value == value.to_integral_value() else str(value)


def _ordered(known: KnownField, op: str, value: str | Decimal) -> Condition:
    try:
        number = Decimal(value)
    except ArithmeticError:
        raise UnsupportedExpression(str(value)) from None
    if not number.is_finite():
        raise UnsupportedExpression(str(value))
    least = floor(number) + 1 if op in {">", "<="} else ceil(number)
    if known.values and known.kind is not AnswerKind.LEVEL:
        return _is(known.address, list(_chosen(known, number, op)))
    if not known.kind.info.is_number:
        raise UnsupportedExpression(op)
    at_least = Condition(op=ConditionOperator.AT_LEAST, address=known.address, number=least)
    if op in {">", ">="}:
        return at_least
    if known.kind is AnswerKind.LEVEL:
        return _is(known.address, [level for level in known.values if int(level) < least])
    # No answer is neither less nor more, so there must be one.
    given = Condition(op=ConditionOperator.AT_LEAST, address=known.address, number=_LEAST)
    return Condition(op=ConditionOperator.ALL, parts=(given, Condition(op=ConditionOperator.NOT, parts=(at_least,))))


def _chosen(known: KnownField, number: Decimal, op: str) -> Iterator[str]:
    """Yield the choices whose names are numbers that fit."""
    fits = {">": number.__lt__, ">=": number.__le__, "<": number.__gt__, "<=": number.__ge__}[op]
    for name, value in known.values.items():
        if re.fullmatch(r"-?\d{1,9}(\.\d{1,9})?", name) and fits(Decimal(name)):
            yield value


# -- from a condition to the form ----------------------------------------------------------------------------------

AddressLookup = Callable[[Address], tuple[str, QuestionField] | None]
"""Gives the name and kind of the field that stands for an address, None if the form has none."""


def write_expression(condition: Condition, locate: AddressLookup) -> str:
    """Write a condition as an expression; raises UnsupportedExpression where the form cannot say it."""
    match condition.op:
        case ConditionOperator.ALL | ConditionOperator.ANY:
            word = " and " if condition.op is ConditionOperator.ALL else " or "
            return word.join(_inside(part, locate) for part in condition.parts)
        case ConditionOperator.NOT:
            return f"not({write_expression(condition.parts[0], locate)})"
    assert condition.address is not None, "a test has an address"
    found = locate(condition.address)
    if found is None:
        raise UnsupportedExpression(str(condition.address))
    return _test(condition, *found)


def _inside(part: Condition, locate: AddressLookup) -> str:
    said = write_expression(part, locate)
    is_chain = part.op in {ConditionOperator.ALL, ConditionOperator.ANY} or (
        part.op is ConditionOperator.IS and len(part.values) > 1
    )
    return f"({said})" if is_chain else said


def _test(condition: Condition, name: str, field: QuestionField) -> str:
    if condition.op is ConditionOperator.AT_LEAST:
        return f"${{{name}}} >= {condition.number}"
    match field.kind.value_type:
        case ValueType.OPTIONS:
            return " or ".join(f"selected(${{{name}}}, {quote_text(value)})" for value in condition.values)
        case ValueType.LEVEL | ValueType.OPTION | ValueType.TEXT | ValueType.DATE:
            return " or ".join(f"${{{name}}} = {quote_text(value)}" for value in condition.values)
        case ValueType.INTEGER if all(re.fullmatch(r"-?[0-9]{1,12}", value) for value in condition.values):
            return " or ".join(f"${{{name}}} = {int(value)}" for value in condition.values)
        case ValueType.INTEGER | ValueType.PERCENT | ValueType.ENTRIES | ValueType.CELLS:
            raise UnsupportedExpression(field.kind.value)
        case unknown:
            assert_never(unknown)


def quote_text(text: str) -> str:
    """Write a text in an expression; raises UnsupportedExpression where both kinds of quotation marks stand in it."""
    if "'" not in text:
        return f"'{text}'"
    if '"' in text or "${" in text:
        raise UnsupportedExpression(text)
    return f'"{text}"'


# -- limits --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLimits:
    """What a constraint allows: bounds of a number, the length of a text, how many are ticked, which stand alone."""

    minimum: int | None = None
    maximum: int | None = None
    length: int | None = None
    most: int | None = None
    alone: tuple[str, ...] = ()


def parse_limits(text: str) -> AnswerLimits:
    """Read a constraint; raises UnsupportedExpression unless all of it can be held."""
    found: dict[str, int] = {}
    alone: list[str] = []
    for node in _conjuncts(parse_expression(text)):
        name = _alone(node)
        if name:
            alone.append(name)
            continue
        key, number = _bound(node)
        found[key] = min(found.get(key, number), number) if key != "minimum" else max(found.get(key, number), number)
    return AnswerLimits(**found, alone=tuple(alone))


def _conjuncts(node: ExpressionNode) -> Iterator[ExpressionNode]:
    if isinstance(node, FunctionCall) and node.name == "and":
        for part in node.parts:
            yield from _conjuncts(part)
    else:
        yield node


def _alone(node: ExpressionNode) -> str:
    """Return the choice that may not be ticked with another: not(selected(., 'none') and count-selected(.) > 1)."""
    match node:
        case FunctionCall(
            "not", (FunctionCall("and", (FunctionCall("selected", (FieldReference(""), LiteralValue(name))), count)),)
        ) if count in _MORE_THAN_ONE:
            return str(name)
    return ""


_COUNT = FunctionCall("count-selected", (FieldReference(),))
_MORE_THAN_ONE = (
    FunctionCall(">", (_COUNT, LiteralValue(Decimal(1)))),
    FunctionCall(">=", (_COUNT, LiteralValue(Decimal(2)))),
)


def _bound(node: ExpressionNode) -> tuple[str, int]:
    if not isinstance(node, FunctionCall) or node.name not in {"<", ">", "<=", ">="}:
        raise UnsupportedExpression(str(node))
    left, right, op = *node.parts, node.name
    if isinstance(left, LiteralValue):
        left, right, op = right, left, _FLIPPED[op]
    if not isinstance(right, LiteralValue) or not isinstance(right.value, Decimal):
        raise UnsupportedExpression(str(right))
    number = right.value
    if left == FieldReference():
        if op in {">", ">="}:
            return "minimum", floor(number) + 1 if op == ">" else ceil(number)
        return "maximum", ceil(number) - 1 if op == "<" else floor(number)
    most = ceil(number) - 1 if op == "<" else floor(number)
    if op in {"<", "<="} and isinstance(left, FunctionCall) and left.parts == (FieldReference(),):
        if left.name == "string-length":
            return "length", most
        if left.name == "count-selected":
            return "most", most
    raise UnsupportedExpression(str(left))
