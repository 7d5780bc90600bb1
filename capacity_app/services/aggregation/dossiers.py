"""JSON dossiers at headquarters: thousands hold the same instrument, which is read and checked once per process."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field

import msgspec

from capacity_app.domain.dossier import Dossier
from capacity_app.domain.instrument import Instrument
from capacity_app.domain.problems import Problem
from capacity_app.services.dossier_items import UNREADABLE
from capacity_app.services.dossier_json import dossier_from_json

_MOST = 16
"""Instruments kept in memory."""


class _Top(msgspec.Struct):
    """The parts of a dossier that say which instruments it holds: their bytes, and what it says of them."""

    instrument: msgspec.Raw = msgspec.Raw(b"")
    instrument_hash: str = ""
    previous: "_Top | None" = None

    @property
    def key(self) -> str:
        return hashlib.sha256(bytes(self.instrument)).hexdigest()


@dataclass(slots=True)
class _Shelf:
    """Instruments that were read without a problem, by the SHA-256 of the text they were read from."""

    known: OrderedDict[str, tuple[str, Instrument]] = field(default_factory=OrderedDict)

    def get(self, key: str) -> tuple[str, Instrument] | None:
        if key in self.known:
            self.known.move_to_end(key)
        return self.known.get(key)

    def put(self, key: str, digest: str, instrument: Instrument) -> None:
        self.known[key] = digest, instrument
        if len(self.known) > _MOST:
            self.known.popitem(last=False)


_SHELF = _Shelf()


def dossier_of(text: str) -> tuple[Dossier, str, tuple[Problem, ...]]:
    """Read a dossier, the hash of its instrument, and what could not be read; raises KnownError as reading it does.

    An instrument is taken from an earlier dossier only if both hold the very same text of it, so that what a file
    says never depends on which files were read before.
    """
    top = _top(text)
    shelved = _SHELF.get(top.key)
    if shelved and _holds_nothing_else(top, shelved[0]):
        dossier, _documents, problems = dossier_from_json(text, {shelved[0]: shelved[1]})
        return dossier, shelved[0], problems
    dossier, _documents, problems = dossier_from_json(text)
    digest = dossier.instrument.content_hash
    if not problems and digest == top.instrument_hash:
        _SHELF.put(top.key, digest, dossier.instrument)
    return dossier, digest, problems


def _top(text: str) -> _Top:
    try:
        return msgspec.json.decode(text, type=_Top)
    except UNREADABLE:
        return _Top()


def _holds_nothing_else(top: _Top, digest: str) -> bool:
    """Tell whether a dossier calls an instrument by its hash, and calls no other instrument of an earlier round so."""
    key, is_same, earlier = top.key, top.instrument_hash == digest, top.previous
    while earlier is not None:
        is_same = is_same and (earlier.instrument_hash != digest or earlier.key == key)
        earlier = earlier.previous
    return is_same
