"""What to say when a value is not of the kind its key needs."""

from enum import StrEnum
from fractions import Fraction
from typing import Annotated, get_args, get_origin

from msgspec import Meta

from capacity_app.domain.problems import N_
from capacity_app.instruments.findings import Findings, shown
from capacity_app.instruments.shapes import Options, Texts

_WRONG_TYPE = "instrument.wrong-type"

_EXPECTED: dict[object, str] = {
    str: N_("“{key}” must be text in quotes, not {given}."),
    bool: N_("“{key}” must be true or false without quotes, not {given}."),
    Texts: N_("“{key}” must be a list of texts, [“…”, “…”], not {given}."),
    dict[str, Texts]: N_("“{key}” must be a table of lists, {{ column = [“option”, …] }}, not {given}."),
    Options: N_("“{key}” must be the name of a scale or a list of options, not {given}."),
}
_OTHERWISE = N_("“{key}” must be text, a whole number or a list of these, not {given}.")


def note_mismatch(kind: object, key: str, raw: object, place: str, findings: Findings) -> None:
    """Say which kind of value the key needs."""
    bare = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    if isinstance(bare, type) and issubclass(bare, StrEnum):
        _note_unknown_value(bare, key, raw, place, findings)
    elif bare is int:
        _note_whole_number(kind, key, raw, place, findings)
    elif bare is Fraction:
        message = N_("“{key}” must be a number from 0 to {most}, such as 0.5 or “1/3”, not {given}.")
        findings.error(_WRONG_TYPE, place, message, key=key, most=most(kind), given=shown(raw))
    else:
        findings.error(_WRONG_TYPE, place, _EXPECTED.get(bare, _OTHERWISE), key=key, given=shown(raw))


def note_out_of_range(kind: object, key: str, raw: object, place: str, findings: Findings) -> None:
    """Say from where to where an exact number may go."""
    message = N_("“{key}” must be from 0 to {most}, not {given}.")
    findings.error("instrument.out-of-range", place, message, key=key, most=most(kind), given=shown(raw))


def most(kind: object) -> int:
    """Return the largest number a kind of exact number allows."""
    return int((_meta(kind).extra or {})["most"])


def _meta(kind: object) -> Meta:
    found = get_args(kind)[1]
    assert isinstance(found, Meta), "numbers state their range"
    return found


def _note_unknown_value(kind: type[StrEnum], key: str, raw: object, place: str, findings: Findings) -> None:
    if isinstance(raw, str):
        message = N_("“{name}” is not a known value of “{key}”.")
        known = [member.value for member in kind]
        findings.unknown("instrument.unknown-value", place, message, known, name=shown(raw), key=key)
    else:
        findings.error(_WRONG_TYPE, place, _EXPECTED[str], key=key, given=shown(raw))


def _note_whole_number(kind: object, key: str, raw: object, place: str, findings: Findings) -> None:
    is_number = isinstance(raw, int) and not isinstance(raw, bool)
    code = "instrument.out-of-range" if is_number else _WRONG_TYPE
    message = N_("“{key}” must be a whole number from {least} to {most}, not {given}.")
    meta = _meta(kind)
    findings.error(code, place, message, key=key, least=meta.ge, most=meta.le, given=shown(raw))
