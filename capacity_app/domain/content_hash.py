"""The content hash: SHA-256 of the whole of an assessment, the same on every computer and in every kind of file.

It covers what a dossier holds: answers with author and time, mission, registers, plan, documents (by their hashes),
the previous round and the questionnaire; ``assessment.dossier`` puts it together. It is taken from canonical JSON (keys
sorted, no white space, fields with their default left out, UTF-8), so that another program can compute it again from a
dossier. Whoever changes a file can write a new hash into it: the hash compares two files, and says nothing about who
made them.
"""

import hashlib
import json
from dataclasses import MISSING, fields
from fractions import Fraction
from functools import cache

WRITTEN_AS = "written as"
"""Key of a field's metadata: its name in canonical JSON, where that is another one."""
_PRINTED_DIGITS, _GROUP = 16, 4


def canonical_json(value: object) -> str:
    """Write a value as compact JSON: equal values give equal texts, and fractions are texts."""
    return json.dumps(value, default=_plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def sha256(text: str) -> str:
    """Return the SHA-256 of a text in hexadecimal digits, of one with lone surrogates too."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: object) -> object:
    """Return what JSON can hold instead of a value it does not know."""
    if isinstance(value, Fraction):
        return str(value)
    shape: type = type(value)
    given = ((written, getattr(value, name), default) for name, written, default in _defaults(shape))
    return {written: item for written, item, default in given if item != default}


@cache
def _defaults(shape: type) -> tuple[tuple[str, str, object], ...]:
    """Return the fields of a dataclass, their names in JSON and their defaults; raises TypeError for any other type."""
    return tuple(
        (
            field.name,
            field.metadata.get(WRITTEN_AS, field.name),
            field.default_factory() if field.default_factory is not MISSING else field.default,
        )
        for field in fields(shape)
    )


def group_digits(digits: str) -> str:
    return " ".join(digits[start : start + _GROUP] for start in range(0, len(digits), _GROUP))


def format_hash(digits: str) -> str:
    """Write a hash as people compare it: its first sixteen digits in groups of four."""
    return group_digits(digits[:_PRINTED_DIGITS])
