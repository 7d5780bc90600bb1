"""One fingerprint of what was said: the same answers give the same sixty-four digits on every medium.

It is taken from canonical JSON (sorted, NFC, whole numbers only, UTF-8, no white space), so that
it can be computed again from any dossier by any program. Authors, times and the wording of registers are
left out: they may be withheld from a copy without changing what was answered.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from capacity_app.domain.answers import Answer
from capacity_app.domain.dossier import Dossier

FORMAT = "1"
_GROUP = 4


def _plain(value: object) -> object:
    """Turn a value into what JSON knows, the same on every machine."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", str(value))
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    return value


def _canonical_json(value: object) -> bytes:
    text = _json(value)
    # Nearly all text is normalised already, and seeing that is ten times as fast as doing it again.
    return (text if unicodedata.is_normalized("NFC", text) else _json(_plain(value))).encode()


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _said(answer: Answer) -> tuple[object, ...]:
    key, content = answer.key, answer.content
    return (
        str(key.address), key.layer, key.respondent,
        content.state, content.value, content.reason, content.note, content.evidence,
    )  # fmt: skip


def _order(answer: Answer) -> tuple[str, ...]:
    """Sort as answers are sorted; plain texts are compared many times as fast as keys."""
    key, address = answer.key, answer.key.address
    return address.question, address.row, address.column, key.layer, key.respondent


def canonical(instrument: str, version: str, assessment: str, answers: Iterable[Answer]) -> bytes:
    """Write answers in the one form that is fingerprinted; the instrument and the assessment are named by their ids."""
    given = sorted((answer for answer in answers if not answer.content.is_empty), key=_order)
    return _canonical_json(
        {
            "format": FORMAT,
            "instrument": (instrument, version),
            "assessment": assessment,
            "answers": tuple(_said(answer) for answer in given),
        }
    )


def of_recorded(instrument: str, version: str, assessment: str, answers: Iterable[Answer]) -> str:
    """Give the fingerprint of answers that stand in a file: SHA-256 in hexadecimal digits."""
    return hashlib.sha256(canonical(instrument, version, assessment, answers)).hexdigest()


def of_answers(dossier: Dossier) -> str:
    """Give the fingerprint of a dossier's answers: SHA-256 in hexadecimal digits."""
    return of_recorded(dossier.instrument.id, dossier.instrument.version, dossier.id, dossier.answers)


def grouped(fingerprint: str) -> str:
    """Write a fingerprint in groups of four, so that it can be read aloud and wraps."""
    return " ".join(fingerprint[start : start + _GROUP] for start in range(0, len(fingerprint), _GROUP))


def short(fingerprint: str) -> str:
    """Give the first sixteen digits in groups of four, for a page footer."""
    return grouped(fingerprint[: 4 * _GROUP])


@dataclass(frozen=True, slots=True)
class Printed:
    """A fingerprint as a page shows it: its four words, and its digits without gaps, sixteen of them or all."""

    words: str
    digits: str


_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_PRINTED = re.compile(r"\b([a-z]{3,8}(?:\s+[a-z]{3,8}){3})\s*·\s*([0-9a-f]{4}(?:\s+[0-9a-f]{4}){3,15})\b")


def printed_in(text: str) -> tuple[Printed, ...]:
    """Find the fingerprints a text shows as people read them: four words, a dot, and digits in groups of four."""
    found = _PRINTED.finditer(_INVISIBLE.sub("", text))
    return tuple(dict.fromkeys(Printed(" ".join(one[1].split()), "".join(one[2].split())) for one in found))
