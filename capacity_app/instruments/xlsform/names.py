"""Names of fields in a form, made from permanent ids by a rule that can be undone.

Ids have small letters only, so capitals are free to stand for what no name of a field may hold everywhere: ODK joins
groups with “-”, KoboToolbox with “/”, and statistics programs know neither these nor the full stop. “iv.policy” is
``iv_policy``, “iv.data-needs” is ``iv_dataNeeds``, and the cell “iv.policy/a/available” is ``iv_policy__a__available``.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from capacity_app.domain.answers import Address

_START = "Q"
"""Stands before a name whose id begins with a digit; no id begins with a hyphen, so nothing else can begin so."""
_PARTS = "__"
_TOKEN = re.compile(r"__|_D|_U|_|[A-Z]|[a-z0-9]+")
_PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9][a-z0-9_-]*)?(?:/[a-z0-9][a-z0-9_-]*){0,2}")


class Extra(StrEnum):
    """What a form asks or says beside an answer, or in place of one."""

    STATE = "STATE"
    REASON = "REASON"
    NOTE = "NOTE"
    HEAD = "HEAD"
    ABOUT = "ABOUT"
    INTRO = "INTRO"


@dataclass(frozen=True, slots=True)
class Name:
    """What a name of ours stands for: an address (or a section, whose id has no full stop) and what is said of it."""

    address: Address
    extra: Extra | None = None


def name_of(address: Address, extra: Extra | None = None) -> str:
    """Return the name of the field for an address."""
    parts = (part for part in (address.question, address.row, address.column) if part)
    name = _PARTS.join(map(_encoded, parts))
    start = _START if name[:1].isdigit() else ""
    return f"{start}{name}{_PARTS}{extra}" if extra else f"{start}{name}"


def _encoded(part: str) -> str:
    said: list[str] = []
    raised = False
    for place, sign in enumerate(part):
        following = part[place + 1 : place + 2]
        if raised:
            said.append(sign.upper())
            raised = False
        elif sign == "-" and following.isascii() and following.islower():
            raised = True
        else:
            said.append({"-": "_D", "_": "_U", ".": "_"}.get(sign, sign))
    return "".join(said)


def read_name(text: str) -> Name | None:
    """Return what a name stands for, None if this rule did not make it."""
    body, extra = text, None
    start, mark, end = text.rpartition(_PARTS)
    if mark and end in set(Extra):
        body, extra = start, Extra(end)
    plain = _decoded(body.removeprefix(_START) if body[1:2].isdigit() else body)
    if not _PLAIN.fullmatch(plain):
        return None
    name = Name(Address(*plain.split("/")), extra)
    return name if name_of(name.address, name.extra) == text else None


_SIGNS = {"__": "/", "_D": "-", "_U": "_", "_": "."}


def _decoded(name: str) -> str:
    said: list[str] = []
    place = 0
    while place < len(name):
        found = _TOKEN.match(name, place)
        if found is None:
            return ""
        token = found[0]
        said.append(_SIGNS.get(token) or (f"-{token.lower()}" if token.isupper() else token))
        place = found.end()
    return "".join(said)


_STRANGE = re.compile(r"[^a-z0-9_-]+")
_LONGEST = 60


def id_of(name: str) -> str:
    """Make an id of what somebody else named a field, a group or a choice; empty if nothing of it can be in one."""
    return _STRANGE.sub("-", name.strip().lower()).strip("-_")[:_LONGEST].rstrip("-_")
