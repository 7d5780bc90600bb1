"""Writing a dossier as JSON: keys sorted, texts NFC, times UTC, so that equal dossiers give equal texts."""

import base64
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

import msgspec

from capacity_app.domain.answers import Answer
from capacity_app.domain.assessment import REGISTERS, Entry
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.moments import utc
from capacity_app.instruments.wire import encode_instrument

FORMAT = "capacity-app dossier"
FORMAT_VERSION = 1


def dossier_to_json(dossier: Dossier, documents: Mapping[str, bytes]) -> str:
    """Write a dossier and the documents it holds as JSON, the same wherever it is written."""
    plain = _plain_dossier(dossier) | {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "content_hash": dossier.content_hash,
        "documents": {digest: base64.b64encode(content).decode() for digest, content in documents.items()},
    }
    return msgspec.json.format(msgspec.json.encode(plain, order="sorted"), indent=1).decode() + "\n"


def _plain_dossier(dossier: Dossier) -> dict[str, Any]:
    return {
        "id": dossier.id,
        "instrument": msgspec.Raw(encode_instrument(dossier.instrument).encode()),
        "instrument_hash": dossier.instrument.content_hash,
        "mission": _plain_entry(dossier.mission),
        "answers": [_plain_answer(answer) for answer in dossier.answers],
        "previous": _plain_dossier(dossier.previous) if dossier.previous else None,
    } | {name: _plain_entries(getattr(dossier, name)) for name in REGISTERS if name != "mission"}


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _plain(value: object) -> object:
    if isinstance(value, str):
        return _nfc(value)
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


def _plain_answer(answer: Answer) -> dict[str, object]:
    address, content = answer.key.address, answer.content
    place = {"question": address.question, "row": address.row, "column": address.column}
    return {name: part for name, part in place.items() if part} | {
        "layer": answer.key.layer.value,
        "respondent": _nfc(answer.key.respondent),
        "state": content.state.value,
        "value": _plain(content.value),
        "reason": _nfc(content.reason),
        "note": _nfc(content.note),
        "evidence": _plain(content.evidence),
        "author": _nfc(answer.author),
        "time": utc(answer.time),
        "language": answer.language,
    }


def _plain_entries(entries: Iterable[Entry]) -> list[dict[str, object]]:
    return [_plain_entry(entry) for entry in entries]


def _plain_entry(entry: Entry) -> dict[str, object]:
    return {field.name: _plain(getattr(entry, field.name)) for field in fields(entry)}
