"""From plain TOML tables to typed ones: every key on its own, so that one mistake never hides another."""

import re
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, TypeVar, Union, get_args, get_origin

from msgspec import Meta, ValidationError, convert
from msgspec.structs import fields

from capacity_app.domain.assessment.answers import clean_text
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import WORDING_LIMIT
from capacity_app.questionnaires.problems import Findings, list_names, place_inside, shorten_value
from capacity_app.questionnaires.toml_schema import ConditionTable, OptionsValue, OptionTable, TextList, TomlTable

# What to say when a value is not of the kind its key needs.

_WRONG_TYPE = "instrument.wrong-type"

_EXPECTED: dict[object, str] = {
    str: N_("“{key}” must be text in quotes, not {given}."),
    bool: N_("“{key}” must be true or false without quotes, not {given}."),
    TextList: N_("“{key}” must be a list of texts, [“…”, “…”], not {given}."),
    dict[str, TextList]: N_("“{key}” must be a table of lists, {{ column = [“option”, …] }}, not {given}."),
    OptionsValue: N_("“{key}” must be the name of a scale or a list of options, not {given}."),
}
_EXPECTED_OTHERWISE = N_("“{key}” must be text, a whole number or a list of these, not {given}.")


def note_mismatch(kind: object, key: str, raw: object, place: str, findings: Findings) -> None:
    """Say which kind of value the key needs."""
    bare = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    if isinstance(bare, type) and issubclass(bare, StrEnum):
        _note_unknown_value(bare, key, raw, place, findings)
    elif bare is int:
        _note_whole_number(kind, key, raw, place, findings)
    elif bare is Fraction:
        message = N_("“{key}” must be a number from 0 to {most}, such as 0.5 or “1/3”, not {given}.")
        findings.error(_WRONG_TYPE, place, message, key=key, most=largest_allowed(kind), given=shorten_value(raw))
    else:
        findings.error(_WRONG_TYPE, place, _EXPECTED.get(bare, _EXPECTED_OTHERWISE), key=key, given=shorten_value(raw))


def note_out_of_range(kind: object, key: str, raw: object, place: str, findings: Findings) -> None:
    """Say from where to where an exact number may go."""
    message = N_("“{key}” must be from 0 to {most}, not {given}.")
    findings.error(
        "instrument.out-of-range", place, message, key=key, most=largest_allowed(kind), given=shorten_value(raw)
    )


def largest_allowed(kind: object) -> int:
    return int((_meta(kind).extra or {})["most"])


def _meta(kind: object) -> Meta:
    found = get_args(kind)[1]
    assert isinstance(found, Meta), "numbers state their range"
    return found


def _note_unknown_value(kind: type[StrEnum], key: str, raw: object, place: str, findings: Findings) -> None:
    if isinstance(raw, str):
        message = N_("“{name}” is not a known value of “{key}”.")
        known = [member.value for member in kind]
        findings.unknown("instrument.unknown-value", place, message, known, name=shorten_value(raw), key=key)
    else:
        findings.error(_WRONG_TYPE, place, _EXPECTED[str], key=key, given=shorten_value(raw))


def _note_whole_number(kind: object, key: str, raw: object, place: str, findings: Findings) -> None:
    is_number = isinstance(raw, int) and not isinstance(raw, bool)
    code = "instrument.out-of-range" if is_number else _WRONG_TYPE
    message = N_("“{key}” must be a whole number from {least} to {most}, not {given}.")
    meta = _meta(kind)
    findings.error(code, place, message, key=key, least=meta.ge, most=meta.le, given=shorten_value(raw))


# Numbers as an author may write them, read without rounding.

_NUMBER_TEXT = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,9}|/[0-9]{1,9})?")
_LARGEST_NUMBER = 10**9
_DIGITS = 18


def exact_number(raw: object) -> Fraction | None:
    """Read 1, 0.5, "0.5" or "1/3" exactly; ``None`` for anything else, also for numbers beyond all use."""
    match raw:
        case str():
            return _from_text(raw)
        case Decimal():
            return _from_decimal(raw)
        case bool():
            return None
        case int():
            return Fraction(raw) if abs(raw) <= _LARGEST_NUMBER else None
    return None


def _from_text(text: str) -> Fraction | None:
    try:
        return Fraction(text) if _NUMBER_TEXT.fullmatch(text) else None
    except ZeroDivisionError:
        return None


def _from_decimal(number: Decimal) -> Fraction | None:
    # The exponent is looked at first: as a fraction, 1e999999999 would fill the memory.
    exponent = number.as_tuple().exponent
    is_sane = isinstance(exponent, int) and exponent >= -_DIGITS and number.adjusted() < _DIGITS
    return Fraction(number) if is_sane else None


AnyTable = TypeVar("AnyTable", bound=TomlTable)

# A file's place names its section or is "instrument.toml" already.
_OWNERS = frozenset({"section", "instrument"})
_ITEM_WORDS = {"options": "option", "scales": "scale"}


def read_table(shape: type[AnyTable], raw: object, place: str, findings: Findings) -> AnyTable:
    """Read one table; a key with a mistake keeps its default, and the mistake is found."""
    if not isinstance(raw, dict):
        message = N_("{table} must be a table, not {given}.")
        findings.error("instrument.wrong-type", place, message, table=shape.written or place, given=shorten_value(raw))
        return shape()
    raw = _with_present_keys(shape, raw)
    kinds = _types_of_keys(shape)
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


def _with_present_keys(shape: type[TomlTable], raw: dict[str, object]) -> dict[str, object]:
    former = {old: new for new, old in shape.former_keys.items() if new not in raw}
    return {former.get(key, key): value for key, value in raw.items()} if former.keys() & raw.keys() else raw


@cache
def _types_of_keys(shape: type[TomlTable]) -> dict[str, tuple[str, object]]:
    return {info.encode_name: (info.name, _without_none(info.type)) for info in fields(shape)}


def _without_none(kind: object) -> object:
    members = [member for member in get_args(kind) if member is not NoneType]
    is_optional = get_origin(kind) in {Union, UnionType} and NoneType in get_args(kind)
    return members[0] if is_optional and len(members) == 1 else kind


def _note_unknown_keys(
    shape: type[TomlTable], raw: dict[str, object], known: Iterable[str], place: str, findings: Findings
) -> None:
    known = tuple(known)
    for key in raw:
        if key not in known:
            in_table = N_("“{name}” is not a key of {table}.")
            message = in_table if shape.written else N_("“{name}” is not a table of such a file.")
            findings.unknown(
                "instrument.unknown-key", place, message, known, name=shorten_value(key), table=shape.written
            )


def _note_missing_keys(shape: type[TomlTable], raw: dict[str, object], place: str, findings: Findings) -> None:
    for key in shape.must_have:
        if key not in raw:
            message = N_("“{key}” is missing.")
            advice = N_("Write {key} = … here; assessments/README.md says what it means.")
            findings.error("instrument.missing-key", place, message, advice, key=key)


def _note_empty_values(
    shape: type[TomlTable], raw: dict[str, object], values: dict[str, object], place: str, findings: Findings
) -> None:
    kinds = _types_of_keys(shape)
    for key in raw if shape is ConditionTable else shape.must_have:
        if key in kinds and values.get(kinds[key][0]) in ("", ()):
            message = N_("“{key}” is empty.")
            findings.error("instrument.empty", place, message, N_("Write what it should say."), key=key)


def _note_condition_parts(raw: dict[str, object], place: str, findings: Findings) -> None:
    forms = [key for key in ("question", "all", "any", "not") if key in raw]
    if len(forms) != 1:
        message = N_("A condition has exactly one of question, all, any and not; this one has {forms}.")
        advice = N_("Combine several tests by all = [{{ … }}, {{ … }}].")
        findings.error("instrument.condition", place, message, advice, forms=list_names(forms))
    tests = [key for key in ("is", "at_least") if key in raw]
    if forms == ["question"] and len(tests) != 1:
        message = N_("A test of an answer has exactly one of is and at_least; this one has {forms}.")
        advice = N_("For example {{ question = “v.strategy”, is = “adopted” }}.")
        findings.error("instrument.condition", place, message, advice, forms=list_names(tests))
    strays = [key for key in ("is", "at_least", "row", "column") if key in raw]
    if strays and "question" not in raw:
        message = N_("{forms} cannot stand in a condition without question.")
        advice = N_("Say which question is meant: question = “…”.")
        findings.error("instrument.condition", place, message, advice, forms=list_names(strays))


def _read_value(kind: object, key: str, raw: object, place: str, findings: Findings) -> object:
    """Read the value of one key, ``None`` if it is of no use."""
    if isinstance(kind, type) and issubclass(kind, TomlTable):
        return read_table(kind, raw, place if key in _OWNERS else place_inside(place, key), findings)
    if kind == OptionsValue and isinstance(raw, list):
        return _read_tables(OptionTable, "option", key, raw, place, findings)
    element = _table_in(kind)
    if element is not None and get_origin(kind) is tuple:
        return _read_tables(element, _ITEM_WORDS.get(key, key), key, raw, place, findings)
    if element is not None:
        return _read_named_lists(element, key, raw, place, findings)
    return _read_plain(kind, key, raw, place, findings)


def _table_in(kind: object) -> type[TomlTable] | None:
    """Return the table of a list of tables (tuple[T, …]) or of named lists (dict[str, tuple[T, …]])."""
    if get_origin(kind) not in {tuple, dict}:
        return None
    inner = [part for part in get_args(kind) if part not in {Ellipsis, str}]
    found = inner[0] if inner else None
    if isinstance(found, type) and issubclass(found, TomlTable):
        return found
    return _table_in(found)


def _read_tables(
    shape: type[AnyTable], word: str, key: str, raw: object, place: str, findings: Findings
) -> tuple[AnyTable, ...]:
    if not isinstance(raw, list):
        _note_wrong_type(N_("“{key}” must be a list of tables, not {given}."), key, raw, place, findings)
        return ()
    return tuple(
        read_table(shape, item, place_inside(place, word, _name_of(item, index)), findings)
        for index, item in enumerate(raw, start=1)
    )


def _note_wrong_type(message: str, key: str, raw: object, place: str, findings: Findings) -> None:
    findings.error("instrument.wrong-type", place, message, key=key, given=shorten_value(raw))


def _name_of(raw: object, index: int) -> str:
    name = raw.get("id") if isinstance(raw, dict) else None
    return clean_text(name).strip() or str(index) if isinstance(name, str) else str(index)


def _read_named_lists(
    shape: type[AnyTable], key: str, raw: object, place: str, findings: Findings
) -> dict[str, tuple[AnyTable, ...]] | None:
    if not isinstance(raw, dict):
        _note_wrong_type(N_("“{key}” must be a table, not {given}."), key, raw, place, findings)
        return None
    return {
        name: _read_tables(shape, "option", name, items, place_inside(place, _ITEM_WORDS[key], name), findings)
        for name, items in raw.items()
    }


def _read_plain(kind: object, key: str, raw: object, place: str, findings: Findings) -> object:
    try:
        value: object = convert(raw, kind, dec_hook=_convert_number)
    except ValidationError:
        note_mismatch(kind, key, raw, place, findings)
        return None
    if isinstance(value, Fraction) and not 0 <= value <= largest_allowed(kind):
        note_out_of_range(kind, key, raw, place, findings)
        return None
    return _clean_value(value, key, place, findings)


def _convert_number(kind: type, raw: object) -> Fraction:
    if kind is Fraction:
        number = exact_number(raw)
        if number is not None:
            return number
    raise ValueError(shorten_value(raw))


def _clean_value(value: object, key: str, place: str, findings: Findings) -> object:
    match value:
        case StrEnum():
            return value
        case str():
            return _clean_text(value, key, place, findings)
        case tuple():
            return tuple(_clean_value(item, key, place, findings) for item in value)
        case dict():
            return {name: _clean_value(item, key, place, findings) for name, item in value.items()}
    return value


def _clean_text(text: str, key: str, place: str, findings: Findings) -> str:
    if len(text) > WORDING_LIMIT:
        message = N_("“{key}” is {length} characters long; {most} are allowed.")
        advice = N_("Say it more briefly, or in several questions.")
        findings.error(
            "instrument.text-too-long", place, message, advice, key=key, length=len(text), most=WORDING_LIMIT
        )
    return clean_text(text[:WORDING_LIMIT]).strip()
