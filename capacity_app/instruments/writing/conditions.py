"""Conditions as a statistician writes them, read into the tables of the TOML and written from them.

    iv.policy >= 1                          a level, whole number or year of at least
    i.law = yes                             an answer, one of several (i.law = yes, partly), a ticked option
    iv.grid/births/available = yes          a cell: the grid, its row and its column
    a and b,  a or b,  not a,  (a or b) and c
    all of (a; b; c),  any of (a; b; c)     the same as a list

"and" and "or" are not mixed without brackets. Answers with spaces or signs stand in quotes: "no data"; a quotation mark
inside them is doubled. Nothing is evaluated: this is a way to write a table down.
"""

import re
from dataclasses import dataclass

from capacity_app.domain.problems import N_
from capacity_app.instruments.findings import shown
from capacity_app.instruments.nesting import NESTING_LIMIT
from capacity_app.instruments.shapes import ConditionTable

Raw = dict[str, object]

_TOKEN = re.compile(r'\s*(?:("(?:[^"]|"")*")|([()=;,])|(>=|≥)|([^\s()=;,>≥"]+)|(\S))')
_PLAIN = re.compile(r"[A-Za-z0-9_.-]+")
_WHOLE = re.compile(r"-?[0-9]{1,13}")
_WORDS = frozenset({"and", "or", "not", "all", "any", "of"})
_INFIX = {"all": " and ", "any": " or "}
_SHORT = 3
_DEEPEST = NESTING_LIMIT - 4
"""A condition stands in a question already, so it may be nested a little less deep than a file."""


class ConditionError(ValueError):
    """A condition that cannot be read: what is wrong and how to mend it, as message ids with their values."""

    def __init__(self, message: str, advice: str, **values: str) -> None:
        super().__init__(message)
        self.message, self.advice, self.values = message, advice, values


# -- writing -------------------------------------------------------------------------------------------------------


def written(table: ConditionTable) -> str:
    """Write a condition; what ``parsed`` makes of it says the same."""
    if table.question:
        return _written_test(table)
    if table.not_ is not None:
        return f"not {_bracketed(table.not_)}"
    for word, parts in (("all", table.all), ("any", table.any)):
        if parts:
            return _written_parts(word, parts)
    return ""


def _written_parts(word: str, parts: tuple[ConditionTable, ...]) -> str:
    if 1 < len(parts) <= _SHORT:
        return _INFIX[word].join(_bracketed(part) for part in parts)
    return f"{word} of ({'; '.join(written(part) for part in parts)})"


def _bracketed(table: ConditionTable) -> str:
    said = written(table)
    is_infix = any(1 < len(parts) <= _SHORT for parts in (table.all, table.any)) and not table.question
    return f"({said})" if is_infix else said


def _written_test(table: ConditionTable) -> str:
    place = "/".join((table.question, table.row, table.column) if table.row or table.column else (table.question,))
    if table.at_least is not None:
        return f"{place} >= {table.at_least}"
    given = () if table.is_ is None else table.is_ if isinstance(table.is_, tuple) else (table.is_,)
    return f"{place} = {', '.join(_value(str(one)) for one in given)}"


def _value(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.casefold() not in _WORDS:
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


# -- reading -------------------------------------------------------------------------------------------------------


def parsed(text: str) -> Raw:
    """Read a condition; raises ConditionError, which says what is wrong."""
    return _Parser(text).whole()


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    is_quoted: bool = False

    @property
    def word(self) -> str:
        return "" if self.is_quoted else self.text.casefold()


def _tokens(text: str) -> list[_Token]:
    found = []
    for match in _TOKEN.finditer(text):
        quoted, _sign, _least, _word, stray = match.groups()
        if stray is not None:
            raise ConditionError(
                N_("“{sign}” cannot be read in a condition."),
                N_("Write it like: iv.policy >= 1 and i.law = yes"),
                sign=shown(stray),
            )
        if quoted is not None:
            found.append(_Token(quoted[1:-1].replace('""', '"'), is_quoted=True))
        else:
            found.append(_Token(match[0].strip().replace("≥", ">=")))
    return found


class _Parser:
    """Goes through a condition from left to right."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._at = 0

    def whole(self) -> Raw:
        found = self._expression(0)
        if self._at < len(self._tokens):
            raise ConditionError(
                N_("The condition goes on with “{sign}”, where it should end."),
                N_("Join two tests with “and” or “or”, and several answers with commas."),
                sign=shown(self._tokens[self._at].text),
            )
        return found

    def _peek(self) -> str:
        return self._tokens[self._at].word if self._at < len(self._tokens) else ""

    def _take(self, *words: str) -> bool:
        if self._peek() in words and self._at < len(self._tokens):
            self._at += 1
            return True
        return False

    def _expression(self, depth: int) -> Raw:
        if depth > _DEEPEST:
            raise ConditionError(
                N_("The condition has too many brackets within each other."), N_("Write it more simply.")
            )
        parts, word = [self._unit(depth)], self._peek()
        while word in {"and", "or"} and self._take(word):
            parts.append(self._unit(depth))
        if len(parts) > 1 and self._peek() in {"and", "or"}:
            raise ConditionError(
                N_("“and” and “or” stand side by side, which can be read in two ways."),
                N_("Say with brackets what belongs together: (a or b) and c"),
            )
        return parts[0] if len(parts) == 1 else {"all" if word == "and" else "any": parts}

    def _unit(self, depth: int) -> Raw:
        if self._take("not"):
            if depth > _DEEPEST:
                return self._expression(depth + 1)
            return {"not": self._unit(depth + 1)}
        if self._peek() in {"all", "any"} and self._next_is("of"):
            word = self._peek()
            self._at += 2
            return {word: self._list(depth)}
        if self._take("("):
            found = self._expression(depth + 1)
            self._close()
            return found
        return self._test()

    def _next_is(self, word: str) -> bool:
        return self._at + 1 < len(self._tokens) and self._tokens[self._at + 1].word == word

    def _list(self, depth: int) -> list[Raw]:
        if not self._take("("):
            raise ConditionError(
                N_("After “all of” and “any of” comes a list in brackets."), N_("For example: all of (a; b; c)")
            )
        found = [self._expression(depth + 1)]
        while self._take(";"):
            found.append(self._expression(depth + 1))
        self._close()
        return found

    def _close(self) -> None:
        if not self._take(")"):
            raise ConditionError(
                N_("A bracket is opened and not closed."),
                N_("Put “)” where it ends, and “;” between the parts of a list."),
            )

    def _test(self) -> Raw:
        place = self._place()
        if self._take(">="):
            return place | {"at_least": self._number()}
        if self._take("=", "is"):
            values = [self._answer()]
            while self._take(","):
                values.append(self._answer())
            return place | {"is": values[0] if len(values) == 1 else values}
        raise ConditionError(
            N_("After “{name}” comes = with an answer, or >= with a number."),
            N_("For example: {name} = yes, or {name} >= 1"),
            name=shown(str(place["question"])),
        )

    def _place(self) -> Raw:
        if self._at >= len(self._tokens) or self._tokens[self._at].is_quoted or self._peek() in "(),;=>=":
            said = self._tokens[self._at].text if self._at < len(self._tokens) else "…"
            raise ConditionError(
                N_("Where “{sign}” stands, the id of a question is expected."),
                N_("Write it like: iv.policy >= 1 and i.law = yes"),
                sign=shown(said),
            )
        steps = self._tokens[self._at].text.split("/")
        self._at += 1
        if len(steps) not in {1, 3} or not all(steps):
            raise ConditionError(
                N_("“{name}” names neither a question nor a cell."),
                N_("Write iv.policy for a question, iv.grid/row/column for a cell of a grid."),
                name=shown("/".join(steps)),
            )
        return dict(zip(("question", "row", "column"), steps, strict=False))

    def _number(self) -> int:
        said = self._tokens[self._at].text if self._at < len(self._tokens) else "…"
        if not _WHOLE.fullmatch(said):
            raise ConditionError(
                N_("After >= comes a whole number, not “{sign}”."), N_("For example: iv.policy >= 2"), sign=shown(said)
            )
        self._at += 1
        return int(said)

    def _answer(self) -> str:
        if self._at >= len(self._tokens) or (not self._tokens[self._at].is_quoted and self._peek() in "(),;=>="):
            said = self._tokens[self._at].text if self._at < len(self._tokens) else "…"
            raise ConditionError(
                N_("Where “{sign}” stands, an answer is expected."),
                N_("For example: i.law = yes"),
                sign=shown(said),
            )
        self._at += 1
        return self._tokens[self._at - 1].text
