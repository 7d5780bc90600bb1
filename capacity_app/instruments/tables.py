"""From plain tables to shapes: every key on its own, so that one mistake never hides another."""

from collections.abc import Iterable
from enum import StrEnum
from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import TypeVar, Union, get_args, get_origin

from msgspec import ValidationError, convert
from msgspec.structs import fields

from capacity_app.domain.answers import TEXT_LIMIT, clean_text
from capacity_app.domain.problems import N_
from capacity_app.instruments.exact import exact_number
from capacity_app.instruments.findings import Findings, inside, listed, shown
from capacity_app.instruments.mismatches import most, note_mismatch, note_out_of_range
from capacity_app.instruments.shapes import ConditionTable, Options, OptionTable, Table

AnyTable = TypeVar("AnyTable", bound=Table)

# A file's place names its section or is "instrument.toml" already.
_OWNERS = frozenset({"section", "instrument"})
_WORDS = {"options": "option", "scales": "scale"}


def read_table(shape: type[AnyTable], raw: object, place: str, findings: Findings) -> AnyTable:
    """Read one table; a key with a mistake keeps its default, and the mistake is found."""
    if not isinstance(raw, dict):
        message = N_("{table} must be a table, not {given}.")
        findings.error("instrument.wrong-type", place, message, table=shape.written or place, given=shown(raw))
        return shape()
    kinds = _kinds(shape)
    _note_unknown_keys(shape, raw, kinds, place, findings)
    _note_missing_keys(shape, raw, place, findings)
    if shape is ConditionTable:
        _note_condition_parts(raw, place, findings)
    values: dict[str, object] = {}
    for key, (name, kind) in kinds.items():
        if key in raw:
            value = _read_value(kind, key, raw[key], place, findings)
            if value is not None:
                values[name] = value
    _note_empty_values(shape, raw, values, place, findings)
    return shape(**values)


@cache
def _kinds(shape: type[Table]) -> dict[str, tuple[str, object]]:
    return {info.encode_name: (info.name, _without_none(info.type)) for info in fields(shape)}


def _without_none(kind: object) -> object:
    members = [member for member in get_args(kind) if member is not NoneType]
    is_optional = get_origin(kind) in {Union, UnionType} and NoneType in get_args(kind)
    return members[0] if is_optional and len(members) == 1 else kind


def keys_of(shape: type[Table]) -> tuple[str, ...]:
    """Return the keys that may be written in a table."""
    return tuple(_kinds(shape))


def _note_unknown_keys(
    shape: type[Table], raw: dict[str, object], known: Iterable[str], place: str, findings: Findings
) -> None:
    known = tuple(known)
    for key in raw:
        if key not in known:
            in_table = N_("“{name}” is not a key of {table}.")
            message = in_table if shape.written else N_("“{name}” is not a table of such a file.")
            findings.unknown("instrument.unknown-key", place, message, known, name=shown(key), table=shape.written)


def _note_missing_keys(shape: type[Table], raw: dict[str, object], place: str, findings: Findings) -> None:
    for key in shape.must_have:
        if key not in raw:
            message = N_("“{key}” is missing.")
            advice = N_("Write {key} = … here; assessments/README.md says what it means.")
            findings.error("instrument.missing-key", place, message, advice, key=key)


def _note_empty_values(
    shape: type[Table], raw: dict[str, object], values: dict[str, object], place: str, findings: Findings
) -> None:
    kinds = _kinds(shape)
    for key in raw if shape is ConditionTable else shape.must_have:
        if key in kinds and values.get(kinds[key][0]) in ("", ()):
            message = N_("“{key}” is empty.")
            findings.error("instrument.empty", place, message, N_("Write what it should say."), key=key)


def _note_condition_parts(raw: dict[str, object], place: str, findings: Findings) -> None:
    forms = [key for key in ("question", "all", "any", "not") if key in raw]
    if len(forms) != 1:
        message = N_("A condition has exactly one of question, all, any and not; this one has {forms}.")
        advice = N_("Combine several tests by all = [{{ … }}, {{ … }}].")
        findings.error("instrument.condition", place, message, advice, forms=listed(forms))
    tests = [key for key in ("is", "at_least") if key in raw]
    if forms == ["question"] and len(tests) != 1:
        message = N_("A test of an answer has exactly one of is and at_least; this one has {forms}.")
        advice = N_("For example {{ question = “v.strategy”, is = “adopted” }}.")
        findings.error("instrument.condition", place, message, advice, forms=listed(tests))
    strays = [key for key in ("is", "at_least", "row", "column") if key in raw]
    if strays and "question" not in raw:
        message = N_("{forms} cannot stand in a condition without question.")
        advice = N_("Say which question is meant: question = “…”.")
        findings.error("instrument.condition", place, message, advice, forms=listed(strays))


def _read_value(kind: object, key: str, raw: object, place: str, findings: Findings) -> object:
    """Read the value of one key, ``None`` if it is of no use."""
    if isinstance(kind, type) and issubclass(kind, Table):
        return read_table(kind, raw, place if key in _OWNERS else inside(place, key), findings)
    if kind == Options and isinstance(raw, list):
        return _read_tables(OptionTable, "option", key, raw, place, findings)
    element = _table_in(kind)
    if element is not None and get_origin(kind) is tuple:
        return _read_tables(element, _WORDS.get(key, key), key, raw, place, findings)
    if element is not None:
        return _read_named_lists(element, key, raw, place, findings)
    return _read_plain(kind, key, raw, place, findings)


def _table_in(kind: object) -> type[Table] | None:
    """Return the table of a list of tables (tuple[T, …]) or of named lists (dict[str, tuple[T, …]])."""
    if get_origin(kind) not in {tuple, dict}:
        return None
    inner = [part for part in get_args(kind) if part not in {Ellipsis, str}]
    found = inner[0] if inner else None
    if isinstance(found, type) and issubclass(found, Table):
        return found
    return _table_in(found)


def _read_tables(
    shape: type[AnyTable], word: str, key: str, raw: object, place: str, findings: Findings
) -> tuple[AnyTable, ...]:
    if not isinstance(raw, list):
        _note_not(N_("“{key}” must be a list of tables, not {given}."), key, raw, place, findings)
        return ()
    return tuple(
        read_table(shape, item, inside(place, word, _name_of(item, index)), findings)
        for index, item in enumerate(raw, start=1)
    )


def _note_not(message: str, key: str, raw: object, place: str, findings: Findings) -> None:
    findings.error("instrument.wrong-type", place, message, key=key, given=shown(raw))


def _name_of(raw: object, index: int) -> str:
    name = raw.get("id") if isinstance(raw, dict) else None
    return clean_text(name).strip() or str(index) if isinstance(name, str) else str(index)


def _read_named_lists(
    shape: type[AnyTable], key: str, raw: object, place: str, findings: Findings
) -> dict[str, tuple[AnyTable, ...]] | None:
    if not isinstance(raw, dict):
        _note_not(N_("“{key}” must be a table, not {given}."), key, raw, place, findings)
        return None
    return {
        name: _read_tables(shape, "option", name, items, inside(place, _WORDS[key], name), findings)
        for name, items in raw.items()
    }


def _read_plain(kind: object, key: str, raw: object, place: str, findings: Findings) -> object:
    try:
        value: object = convert(raw, kind, dec_hook=_convert_number)
    except ValidationError:
        note_mismatch(kind, key, raw, place, findings)
        return None
    if isinstance(value, Fraction) and not 0 <= value <= most(kind):
        note_out_of_range(kind, key, raw, place, findings)
        return None
    return _cleaned(value, key, place, findings)


def _convert_number(kind: type, raw: object) -> Fraction:
    if kind is Fraction:
        number = exact_number(raw)
        if number is not None:
            return number
    raise ValueError(shown(raw))


def _cleaned(value: object, key: str, place: str, findings: Findings) -> object:
    match value:
        case StrEnum():
            return value
        case str():
            return _clean(value, key, place, findings)
        case tuple():
            return tuple(_cleaned(item, key, place, findings) for item in value)
        case dict():
            return {name: _cleaned(item, key, place, findings) for name, item in value.items()}
    return value


def _clean(text: str, key: str, place: str, findings: Findings) -> str:
    if len(text) > TEXT_LIMIT:
        message = N_("“{key}” is {length} characters long; {most} are allowed.")
        advice = N_("Say it more briefly, or in several questions.")
        findings.error("instrument.text-too-long", place, message, advice, key=key, length=len(text), most=TEXT_LIMIT)
    return clean_text(text[:TEXT_LIMIT]).strip()
