"""The content a Word file, workbook or web page was printed from, which it carries so that it can be printed again.

Only what the profile shows is carried: the dossier is the one the copy was printed from, with the names of persons
taken out where the copy names nobody. A report of chosen parts would hand on what was left out, so it carries how it
was made and no dossier.
"""

import base64
import hashlib
import lzma
from collections.abc import Iterable

import msgspec

from capacity_app import __version__
from capacity_app.catalogues import own_file, wording_files
from capacity_app.domain.answers import Answer
from capacity_app.domain.assessment import (
    Action,
    Agency,
    Evidence,
    KeptAnswer,
    Meeting,
    Mission,
    Person,
    Rating,
    Remark,
    ReturnedFile,
    Source,
)
from capacity_app.domain.dossier import Dossier
from capacity_app.instruments.wire import decode_instrument, encode_instrument
from capacity_app.paths import instruments_folder
from capacity_app.report.view.parts import Part
from capacity_app.texts import Texts

MOST_BYTES = 300_000_000
_MEMORY = 100_000_000
_TELLING = frozenset({
    Part.MISSION, Part.GAPS, Part.PLAN, Part.ROUNDS, Part.ANSWERS, Part.PEOPLE, Part.SOURCES, Part.EVIDENCE,
    Part.RETURNED, Part.KEPT,
})  # fmt: skip
"""The parts that together say everything an assessment holds."""


class HeldDossier(msgspec.Struct, frozen=True, kw_only=True):
    """A dossier as it is carried, answers to no question of it too: what is printed must come out the same."""

    instrument: msgspec.Raw
    previous: "HeldDossier | None" = None
    id: str
    mission: Mission
    answers: tuple[Answer, ...]
    agencies: tuple[Agency, ...]
    people: tuple[Person, ...]
    meetings: tuple[Meeting, ...]
    sources: tuple[Source, ...]
    evidence: tuple[Evidence, ...]
    actions: tuple[Action, ...]
    ratings: tuple[Rating, ...]
    remarks: tuple[Remark, ...]
    returns: tuple[ReturnedFile, ...]
    kept: tuple[KeptAnswer, ...]


class PrintedFrom(msgspec.Struct, frozen=True, kw_only=True):
    """How a copy was made, and of what.

    ``dossier`` is None where some parts were left out. ``translations`` is a digest of this computer's own
    translations. ``sections`` are those of a blank form, None for a report. ``content_hash`` is the printed one.
    """

    program: str
    language: str
    second: str = ""
    profile: str = ""
    parts: tuple[str, ...] = ()
    sections: tuple[str, ...] | None = None
    translations: str = ""
    content_hash: str = ""
    dossier: HeldDossier | None = None


_ALIKE = tuple(name for name in HeldDossier.__struct_fields__ if name not in {"instrument", "previous"})


def held_dossier(dossier: Dossier) -> HeldDossier:
    """Return a dossier as it is carried."""
    return HeldDossier(
        instrument=msgspec.Raw(encode_instrument(dossier.instrument).encode()),
        previous=held_dossier(dossier.previous) if dossier.previous else None,
        **{name: getattr(dossier, name) for name in _ALIKE},
    )


def dossier_of(carried: HeldDossier) -> Dossier:
    """Return a carried dossier; raises KnownError if its instrument cannot be used."""
    return Dossier(
        instrument=decode_instrument(bytes(carried.instrument).decode()),
        previous=dossier_of(carried.previous) if carried.previous else None,
        **{name: getattr(carried, name) for name in _ALIKE},
    )


def content_block(
    dossier: Dossier,
    texts: Texts,
    second: Texts | None,
    *,
    profile: str,
    content_hash: str,
    parts: Iterable[str] = (),
    sections: Iterable[str] | None = None,
) -> str:
    """Write what a copy carries, in letters that every kind of file keeps."""
    chosen = tuple(sorted(parts))
    made = PrintedFrom(
        program=__version__,
        language=texts.tag,
        second=second.tag if second else "",
        profile=profile,
        parts=chosen,
        sections=None if sections is None else tuple(sections),
        translations=own_translations(dossier.instrument.id, texts, second),
        content_hash=content_hash,
        dossier=held_dossier(dossier) if set(chosen or Part) >= _TELLING else None,
    )
    return base64.b64encode(lzma.compress(msgspec.json.encode(made), preset=2)).decode()


def read_block(block: str) -> PrintedFrom | None:
    """Read what a file carries, None if it is nothing of ours; never unpacks more than a dossier can be."""
    try:
        reader = lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=_MEMORY)
        content = reader.decompress(base64.b64decode("".join(block.split()), validate=True), max_length=MOST_BYTES)
        return msgspec.json.decode(content, type=PrintedFrom) if reader.eof else None
    except (ValueError, lzma.LZMAError, msgspec.MsgspecError, RecursionError):
        return None


def own_translations(instrument: str, texts: Texts, second: Texts | None) -> str:
    """Return a digest of the translations somebody brought here, empty where there are none."""
    both = [one for one in (texts, second) if one]
    files = [file for one in both for file in (own_file(one.language), *wording_files(instrument, one.asked_in))]
    own = [file.read_bytes() for file in files if file.is_file() and not file.is_relative_to(instruments_folder())]
    return hashlib.sha256(b"\0".join(own)).hexdigest() if own else ""
