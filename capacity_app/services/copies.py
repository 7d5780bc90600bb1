"""New assessment files: an empty one, one from a dossier, and a copy of what a session holds."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from uuid import uuid4

from capacity_app.domain.answers import AnswerKey
from capacity_app.domain.assessment import REGISTERS, Entry, Mission
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.instrument import Instrument
from capacity_app.instruments.wire import content_hash, encode_instrument
from capacity_app.services import identity
from capacity_app.services.earlier import EarlierRound
from capacity_app.services.revising import Reviser
from capacity_app.store.assessment_file import AnswerWrite, Document, EntryWrite, PreviousRound, StoredInstrument, Write
from capacity_app.store.creation import write_new


def now() -> str:
    """Give the time in UTC, ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def stored_instrument(instrument: Instrument) -> StoredInstrument:
    """Give the copy of an instrument that travels inside an assessment."""
    text = encode_instrument(instrument)
    return StoredInstrument(instrument.id, instrument.version, content_hash(text), text)


def create_assessment(
    file: Path, instrument: Instrument, mission: Mission, *, author: str = "", device: str
) -> None:
    """Make a new, empty assessment; raises KnownError, in particular if there is already such a file."""
    reviser = Reviser(instrument, identity.session_id(device))
    reviser.entry(mission, author, now())
    _write_new(file, str(uuid4()), instrument, reviser)


def create_from_dossier(
    file: Path, dossier: Dossier, documents: Mapping[str, bytes] = MappingProxyType({}), *, device: str
) -> None:
    """Make a new assessment that says what a dossier says, with authors, times and languages as they are.

    Raises KnownError, and Refused if an answer or entry may not be stored.
    """
    reviser = Reviser(dossier.instrument, identity.session_id(device))
    time = now()
    for entry in entries_of(dossier):
        reviser.entry(entry, "", time)
    for answer in dossier.answers:
        reviser.answer(answer)
    held = (Document(digest, content) for digest, content in documents.items())
    earlier = EarlierRound.of(dossier.previous, time).stored if dossier.previous else None
    _write_new(file, dossier.id or str(uuid4()), dossier.instrument, reviser, held, earlier)


def entries_of(dossier: Dossier) -> Iterator[Entry]:
    """Go through all register entries, the mission first."""
    yield dossier.mission
    for name in REGISTERS:
        if name != "mission":
            yield from getattr(dossier, name)


def all_writes(known: Reviser) -> Iterator[Write]:
    """Write everything anew: every revision, and what counts of them."""
    for entry_revision in known.entries.all():
        yield EntryWrite(entry_revision, known.entries.heads(entry_revision.register, entry_revision.entry)[-1])
    heads: dict[AnswerKey, AnswerWrite] = {}
    for revision in known.answers.all():
        yield AnswerWrite(revision, known.answers.heads(revision.key)[-1])
    yield from heads.values()


def _write_new(
    file: Path,
    assessment_id: str,
    instrument: Instrument,
    known: Reviser,
    documents: Iterable[Document] = (),
    earlier: PreviousRound | None = None,
) -> None:
    writes = [*all_writes(known), *([earlier] if earlier else [])]
    write_new(file, assessment_id, now(), stored_instrument(instrument), (*documents, *writes))
