"""What the usual columns of an XLSForm do not say: the columns of ours, which the export and the import both take here.

A cell holds a text, a number ("1/3" is exact), yes or no, or ids with commas between them. What a row of a table needs
ticked is written "column: option, option; column: option"; a condition that no expression says is written as in TOML.
A value that cannot be read goes on as it is, so that the reader of all instruments explains it.
"""

import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import MISSING, fields
from typing import Any

from capacity_app.domain.answers import TEXT_LIMIT
from capacity_app.domain.checking import YEARS
from capacity_app.domain.conditions import Condition, Op
from capacity_app.domain.instrument import Field, Kind, Provenance
from capacity_app.instruments.toml_writer import inline
from capacity_app.instruments.xlsform.form import Line

PREFIX = "capacity_"
SHOW_IF = f"{PREFIX}show_if"
SECTION = ("provenance", "weight")
QUESTION = (
    "provenance", "importance", "target", "prerequisite", "feasibility", "tags", "weight", "scored", "key_column",
    "most", "minimum", "maximum",
)  # fmt: skip
ROW = ("provenance", "importance", "target", "prerequisite", "spare", "required", "tags")
COLUMN = ("weight", "scored", "group", "supply", "most", "minimum", "maximum")
THRESHOLDS = ("firm", "provisional", "mostly_not_applicable", "robust_spread")
OPTION = ("points", "required", "exclusive", "importance", "not_applicable", "alert")
"""The keys of the TOML files that have a column of ours, by what has them."""

_YES_NO = {"yes": True, "true": True, "1": True, "x": True, "no": False, "false": False, "0": False}
_OPENING, _MOST_BRACKETS, _DEEPEST = re.compile(r"[{\[]"), 500, 24
_WHOLE = frozenset({"importance", "target", "most", "minimum", "maximum"})
_FLAGS = frozenset({"prerequisite", "scored", "spare", "supply", "required", "exclusive", "not_applicable", "alert"})


# -- from the instrument to the form -------------------------------------------------------------------------------


def details_of(part: Any, names: Iterable[str]) -> Line:  # noqa: ANN401 - a section, question, row, column or option
    """Return the columns of ours for a part of an instrument; what is usual is left out."""
    usual: dict[str, object] = {
        one.name: {} if one.default_factory is not MISSING else one.default for one in fields(part)
    }
    usual["provenance"] = Provenance.PROJECT
    said = _carried(part) if isinstance(part, Field) else frozenset()
    values = {name: getattr(part, name) for name in names if name not in said}
    return {f"{PREFIX}{name}": _cell(value) for name, value in values.items() if value != usual[name]}


def _carried(field: Field) -> frozenset[str]:
    """Return the limits that the kind and the constraint of a field say."""
    said = {"most"} if field.many else set()
    if field.kind is Kind.INTEGER or (field.kind is Kind.YEAR and field.minimum != YEARS[0]):
        said.add("minimum")
    if (
        field.kind is Kind.INTEGER
        or (field.kind is Kind.YEAR and field.maximum != YEARS[1])
        or (field.kind in {Kind.TEXT, Kind.LONG_TEXT} and (field.maximum or 0) < TEXT_LIMIT)
    ):
        said.add("maximum")
    return frozenset(said)


def _cell(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ", ".join(value)
        case dict():
            return "; ".join(f"{name}: {', '.join(options)}" for name, options in value.items())
    return str(value)


def condition_table(condition: Condition) -> dict[str, Any]:
    """Return a condition as a table of the TOML files."""
    match condition.op:
        case Op.ALL | Op.ANY:
            return {condition.op.value: [condition_table(part) for part in condition.parts]}
        case Op.NOT:
            return {"not": condition_table(condition.parts[0])}
    assert condition.address is not None, "a test has an address"
    address = condition.address
    table: dict[str, Any] = {"question": address.question}
    if address.row:
        table["row"] = address.row
    if address.column:
        table["column"] = address.column
    if condition.op is Op.AT_LEAST:
        return table | {"at_least": condition.number}
    return table | {"is": condition.values[0] if len(condition.values) == 1 else list(condition.values)}


def condition_cell(condition: Condition) -> str:
    """Return a condition as a cell of the column or sheet of ours."""
    return inline(condition_table(condition))


# -- from the form to the instrument -------------------------------------------------------------------------------


def details_in(cell: Callable[[str], str], names: Iterable[str]) -> dict[str, Any]:
    """Return what the columns of ours say of a row as keys of the TOML files; ``cell`` gives a cell by its column."""
    found = ((name, cell(f"{PREFIX}{name}")) for name in names)
    return {name: _value(name, text) for name, text in found if text}


def _value(name: str, text: str) -> object:
    if name == "tags":
        return _names(text)
    if name == "required" and ":" in text:
        parts = (part.partition(":") for part in text.split(";") if part.strip())
        return {column.strip(): _names(options) for column, _, options in parts}
    if name in _FLAGS:
        return _YES_NO.get(text.casefold(), text)
    if name in _WHOLE:
        return int(text) if re.fullmatch(r"-?[0-9]{1,13}", text) else text
    return text


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def condition_in_cell(text: str) -> object:
    """Read a condition that is written as in TOML; raises ValueError."""
    if len(_OPENING.findall(text)) > _MOST_BRACKETS:
        raise ValueError(text)
    found = tomllib.loads(f"condition = {text}")
    if found.keys() != {"condition"} or not _is_plain(found):
        raise ValueError(text)
    return found["condition"]


def _is_plain(value: object, depth: int = 0) -> bool:
    """Return whether a value is made of texts and whole numbers, as conditions are, and not of too many layers."""
    if isinstance(value, dict | list):
        inside = value.values() if isinstance(value, dict) else value
        return depth < _DEEPEST and all(_is_plain(one, depth + 1) for one in inside)
    return isinstance(value, str | int)
