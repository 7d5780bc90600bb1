"""Conditions as an XLSForm writes them (a part of XPath), read and written; nothing is ever evaluated.

Read are = != >= <= > < and or not() selected() count-selected() string-length() ${name} . texts and numbers. What goes
beyond, or means something that a condition cannot say, is ``Unsupported``.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor

from capacity_app.domain.answers import Address
from capacity_app.domain.conditions import Condition, Op
from capacity_app.domain.instrument import TOP_LEVEL, Field, Kind

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
_NUMBERS = frozenset({Kind.LEVEL, Kind.INTEGER, Kind.YEAR})
_SINGLE = frozenset({Kind.LEVEL, Kind.YES_NO, Kind.YES_PARTLY_NO, Kind.CHOICE})
_LETTERS = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.URL, Kind.DATE})


class Unsupported(Exception):  # noqa: N818 - nothing is wrong with the form
    """An expression says what a condition of ours cannot."""


@dataclass(frozen=True, slots=True)
class Ref:
    """The answer of a field; the field's own where ``name`` is empty."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class Literal:
    """A text or a number as it is written."""

    value: str | Decimal


@dataclass(frozen=True, slots=True)
class Call:
    """A function, a comparison ("=") or a chain ("and", "or") with what it is about."""

    name: str
    parts: tuple["Node", ...]


Node = Ref | Literal | Call


# -- reading -------------------------------------------------------------------------------------------------------


def parsed(text: str) -> Node:
    """Read an expression; raises Unsupported."""
    if len(text) > MOST_LETTERS:
        raise Unsupported(text)
    parser = _Parser(text)
    node = parser.chain("or", 0)
    parser.expect_end()
    return node


class _Parser:
    """One expression while it is read."""

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
            raise Unsupported(self._next()[1])

    def expect_end(self) -> None:
        """Raise Unsupported if anything is left."""
        if self._next()[0] != "end":
            raise Unsupported(self._next()[1])

    def chain(self, word: str, depth: int) -> Node:
        """Read parts that "or", or "and", connects; a bracket is a part of its own."""
        if depth > DEEPEST:
            raise Unsupported(word)
        parts = [self._part(word, depth)]
        while self._take("word", word):
            parts.append(self._part(word, depth))
        return parts[0] if len(parts) == 1 else Call(word, tuple(parts))

    def _part(self, word: str, depth: int) -> Node:
        return self.chain("and", depth) if word == "or" else self._comparison(depth)

    def _comparison(self, depth: int) -> Node:
        left = self._operand(depth)
        kind, op = self._next()
        if kind != "op":
            return left
        self._at += 1
        return Call(op, (left, self._operand(depth)))

    def _operand(self, depth: int) -> Node:  # noqa: PLR0911 - one for each kind of token
        if self._take("sign", "("):
            inner = self.chain("or", depth + 1)
            self._expect(")")
            return inner
        if self._take("sign", "-"):
            kind, value = self._next()
            self._at += 1
            if kind != "number":
                raise Unsupported(value)
            return Literal(-Decimal(value))
        kind, value = self._next()
        self._at += 1
        match kind:
            case "number":
                return Literal(Decimal(value))
            case "text":
                return Literal(value[1:-1])
            case "ref" | "near":
                return Ref(value)
            case "here":
                return Ref()
            case "word":
                return self._call(value, depth)
        raise Unsupported(value)

    def _call(self, name: str, depth: int) -> Node:
        self._expect("(")
        parts: list[Node] = []
        while not self._take("sign", ")"):
            if parts:
                self._expect(",")
            parts.append(self.chain("or", depth + 1))
        return Call(name, tuple(parts))


# -- from the form to a condition ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Known:
    """A field of a form that is a question or cell of ours; ``values`` give our answers by the names of its choices."""

    address: Address
    kind: Kind
    values: dict[str, str]


Find = Callable[[str], Known | None]


def condition_in(text: str, find: Find) -> Condition:
    """Read a condition; raises Unsupported where it says what ours cannot."""
    return condition_of(parsed(text), find)


def condition_of(node: Node, find: Find) -> Condition:
    """Return what an expression says as a condition; raises Unsupported."""
    if not isinstance(node, Call):
        raise Unsupported(str(node))
    match node.name:
        case "and":
            return Condition(op=Op.ALL, parts=tuple(condition_of(part, find) for part in node.parts))
        case "or":
            return _any(tuple(condition_of(part, find) for part in node.parts))
        case "not" if len(node.parts) == 1:
            return Condition(op=Op.NOT, parts=(condition_of(node.parts[0], find),))
        case "selected" if len(node.parts) == 2:  # noqa: PLR2004 - the field and the choice
            return _selected(*node.parts, find)
        case "=" | "!=" | ">" | "<" | ">=" | "<=":
            return _compared(node, find)
    raise Unsupported(node.name)


def _any(parts: tuple[Condition, ...]) -> Condition:
    """Join tests; those that ask the same answer for one value or another are one test."""
    first = parts[0]
    if all(part.op is Op.IS and part.address == first.address for part in parts):
        return _is(first.address, [value for part in parts for value in part.values])
    return Condition(op=Op.ANY, parts=parts)


def _is(address: Address | None, values: Sequence[str]) -> Condition:
    if not values:
        raise Unsupported("")
    return Condition(op=Op.IS, address=address, values=tuple(dict.fromkeys(values)))


def _known(node: Node, find: Find) -> Known:
    known = find(node.name) if isinstance(node, Ref) and node.name else None
    if known is None:
        raise Unsupported(node.name if isinstance(node, Ref) else "")
    return known


def _selected(field: Node, choice: Node, find: Find) -> Condition:
    known = _known(field, find)
    if not isinstance(choice, Literal):
        raise Unsupported(str(choice))
    return _is(known.address, [_value(known, str(choice.value))])


def _value(known: Known, name: str) -> str:
    if known.values and name not in known.values:
        raise Unsupported(name)
    return known.values.get(name, name)


def _compared(node: Call, find: Find) -> Condition:
    left, right, op = *node.parts, node.name
    if isinstance(left, Literal):
        left, right, op = right, left, _FLIPPED[op]
    if not isinstance(right, Literal):
        raise Unsupported(op)
    if isinstance(left, Call):
        return _counted(left, op, right.value, find)
    known = _known(left, find)
    if op == "!=":
        said = _equal(known, right.value)
        return said.parts[0] if said.op is Op.NOT else Condition(op=Op.NOT, parts=(said,))
    return _equal(known, right.value) if op == "=" else _ordered(known, op, right.value)


def _counted(call: Call, op: str, value: str | Decimal, find: Find) -> Condition:
    """Read “anything is ticked”, the one count that a condition can ask for."""
    is_any = (op == ">=" and value == 1) or (op in {">", "!="} and value == 0)
    if call.name != "count-selected" or len(call.parts) != 1 or not is_any:
        raise Unsupported(call.name)
    known = _known(call.parts[0], find)
    return _is(known.address, list(known.values.values()))


def _equal(known: Known, value: str | Decimal) -> Condition:
    if value == "":
        # Nothing is answered: none of all there is to choose from.
        every = _is(known.address, list(known.values.values()))
        return Condition(op=Op.NOT, parts=(every,))
    if not known.values and known.kind not in _NUMBERS | _LETTERS:
        raise Unsupported(str(value))
    return _is(known.address, [_value(known, _plain(value))])


def _plain(value: str | Decimal) -> str:
    if isinstance(value, str):
        return value
    return str(int(value)) if value == value.to_integral_value() else str(value)


def _ordered(known: Known, op: str, value: str | Decimal) -> Condition:
    try:
        number = Decimal(value)
    except ArithmeticError:
        raise Unsupported(str(value)) from None
    if not number.is_finite():
        raise Unsupported(str(value))
    least = floor(number) + 1 if op in {">", "<="} else ceil(number)
    if known.values and known.kind is not Kind.LEVEL:
        return _is(known.address, list(_chosen(known, number, op)))
    if known.kind not in _NUMBERS:
        raise Unsupported(op)
    at_least = Condition(op=Op.AT_LEAST, address=known.address, number=least)
    if op in {">", ">="}:
        return at_least
    if known.kind is Kind.LEVEL:
        return _is(known.address, [str(level) for level in range(TOP_LEVEL + 1) if level < least])
    # No answer is neither less nor more, so there must be one.
    given = Condition(op=Op.AT_LEAST, address=known.address, number=_LEAST)
    return Condition(op=Op.ALL, parts=(given, Condition(op=Op.NOT, parts=(at_least,))))


def _chosen(known: Known, number: Decimal, op: str) -> Iterator[str]:
    """Yield the choices whose names are numbers that fit."""
    fits = {">": number.__lt__, ">=": number.__le__, "<": number.__gt__, "<=": number.__ge__}[op]
    for name, value in known.values.items():
        if re.fullmatch(r"-?\d{1,9}(\.\d{1,9})?", name) and fits(Decimal(name)):
            yield value


# -- from a condition to the form ----------------------------------------------------------------------------------

Locate = Callable[[Address], tuple[str, Field] | None]
"""Gives the name and kind of the field that stands for an address, None if the form has none."""


def written(condition: Condition, locate: Locate) -> str:
    """Write a condition as an expression; raises Unsupported where the form cannot say it."""
    match condition.op:
        case Op.ALL | Op.ANY:
            word = " and " if condition.op is Op.ALL else " or "
            return word.join(_inside(part, locate) for part in condition.parts)
        case Op.NOT:
            return f"not({written(condition.parts[0], locate)})"
    assert condition.address is not None, "a test has an address"
    found = locate(condition.address)
    if found is None:
        raise Unsupported(str(condition.address))
    return _test(condition, *found)


def _inside(part: Condition, locate: Locate) -> str:
    said = written(part, locate)
    is_chain = part.op in {Op.ALL, Op.ANY} or (part.op is Op.IS and len(part.values) > 1)
    return f"({said})" if is_chain else said


def _test(condition: Condition, name: str, field: Field) -> str:
    if condition.op is Op.AT_LEAST:
        return f"${{{name}}} >= {condition.number}"
    if field.kind is Kind.CHECKLIST:
        return " or ".join(f"selected(${{{name}}}, {quoted(value)})" for value in condition.values)
    if field.kind in _SINGLE | _LETTERS:
        return " or ".join(f"${{{name}}} = {quoted(value)}" for value in condition.values)
    if field.kind in _NUMBERS and all(re.fullmatch(r"-?[0-9]{1,12}", value) for value in condition.values):
        return " or ".join(f"${{{name}}} = {int(value)}" for value in condition.values)
    raise Unsupported(field.kind.value)


def quoted(text: str) -> str:
    """Write a text in an expression; raises Unsupported where both kinds of quotation marks stand in it."""
    if "'" not in text:
        return f"'{text}'"
    if '"' in text or "${" in text:
        raise Unsupported(text)
    return f'"{text}"'


# -- limits --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a constraint allows: bounds of a number, the length of a text, how many are ticked, which stand alone."""

    minimum: int | None = None
    maximum: int | None = None
    length: int | None = None
    most: int | None = None
    alone: tuple[str, ...] = ()


def limits_in(text: str) -> Limits:
    """Read a constraint; raises Unsupported unless all of it can be held."""
    found: dict[str, int] = {}
    alone: list[str] = []
    for node in _conjuncts(parsed(text)):
        name = _alone(node)
        if name:
            alone.append(name)
            continue
        key, number = _bound(node)
        found[key] = min(found.get(key, number), number) if key != "minimum" else max(found.get(key, number), number)
    return Limits(**found, alone=tuple(alone))


def _conjuncts(node: Node) -> Iterator[Node]:
    if isinstance(node, Call) and node.name == "and":
        for part in node.parts:
            yield from _conjuncts(part)
    else:
        yield node


def _alone(node: Node) -> str:
    """Return the choice that may not be ticked with another: not(selected(., 'none') and count-selected(.) > 1)."""
    match node:
        case Call("not", (Call("and", (Call("selected", (Ref(""), Literal(name))), count)),)):
            match count:
                case Call(">", (Call("count-selected", (Ref(""),)), Literal(number))) if number == 1:
                    return str(name)
                case Call(">=", (Call("count-selected", (Ref(""),)), Literal(number))) if number == 2:  # noqa: PLR2004
                    return str(name)
    return ""


def _bound(node: Node) -> tuple[str, int]:
    if not isinstance(node, Call) or node.name not in {"<", ">", "<=", ">="}:
        raise Unsupported(str(node))
    left, right, op = *node.parts, node.name
    if isinstance(left, Literal):
        left, right, op = right, left, _FLIPPED[op]
    if not isinstance(right, Literal) or not isinstance(right.value, Decimal):
        raise Unsupported(str(right))
    number = right.value
    if left == Ref():
        if op in {">", ">="}:
            return "minimum", floor(number) + 1 if op == ">" else ceil(number)
        return "maximum", ceil(number) - 1 if op == "<" else floor(number)
    most = ceil(number) - 1 if op == "<" else floor(number)
    if op in {"<", "<="} and isinstance(left, Call) and left.parts == (Ref(),):
        if left.name == "string-length":
            return "length", most
        if left.name == "count-selected":
            return "most", most
    raise Unsupported(str(left))
