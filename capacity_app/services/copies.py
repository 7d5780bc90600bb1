"""New assessment files: an empty one, one from a dossier, and a copy of what a session holds."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from uuid import uuid4

from capacity_app.domain.assessment import REGISTERS, Entry, Mission
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.instrument import Instrument
from capacity_app.domain.keys import Key
from capacity_app.domain.revisions import EntryRevision, Revision, RevisionId
from capacity_app.instruments.wire import content_hash, decode_instrument, encode_instrument
from capacity_app.services import identity
from capacity_app.services.dossier_writing import dossier_to_json
from capacity_app.services.revising import Reviser
from capacity_app.store.assessment_file import (
    AnswerWrite,
    Document,
    EntryWrite,
    Label,
    PreviousRound,
    ShownAnswer,
    ShownEntry,
    StoredInstrument,
    Write,
)
from capacity_app.store.creation import write_new


def now() -> str:
    """Return the time in UTC, ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def stored_instrument(instrument: Instrument) -> StoredInstrument:
    """Return the copy of an instrument that travels inside an assessment; raises KnownError if it could not be read."""
    text = encode_instrument(instrument)
    decode_instrument(text)
    return StoredInstrument(instrument.id, instrument.version, content_hash(text), text)


def create_assessment(
    file: Path, instrument: Instrument, mission: Mission, *, author: str = "", device: str, key: Key | None = None
) -> None:
    """Make a new, empty assessment, protected if there is a key.

    Raises KnownError, in particular if there is already such a file.
    """
    reviser = Reviser(instrument, identity.session_id(device))
    reviser.entry(mission, author, now())
    label = Label(str(uuid4()), now(), stored_instrument(instrument))
    write_new(file, label, all_writes(reviser, (), None), key=key)


def create_from_dossier(
    file: Path,
    dossier: Dossier,
    documents: Mapping[str, bytes] = MappingProxyType({}),
    *,
    author: str = "",
    device: str,
    key: Key | None = None,
) -> None:
    """Make a new assessment that says what a dossier says, with authors, times and languages as they are.

    ``author`` is who makes the register entries; with a key the file is protected. Raises KnownError, and Refused if
    an answer or entry may not be stored.
    """
    reviser = Reviser(dossier.instrument, identity.session_id(device))
    time = now()
    for entry in entries_of(dossier):
        reviser.entry(entry, author, time)
    for answer in dossier.answers:
        reviser.answer(answer)
    held = (Document(digest, content) for digest, content in documents.items())
    earlier = PreviousRound(time, dossier_to_json(dossier.previous, {})) if dossier.previous else None
    label = Label(dossier.id or str(uuid4()), time, stored_instrument(dossier.instrument))
    write_new(file, label, all_writes(reviser, held, earlier), key=key)


def entries_of(dossier: Dossier) -> Iterator[Entry]:
    """Go through all register entries, the mission first."""
    yield dossier.mission
    for name in REGISTERS:
        if name != "mission":
            yield from getattr(dossier, name)


def all_writes(known: Reviser, documents: Iterable[Document], earlier: PreviousRound | None) -> Iterator[Write]:
    """Write everything anew: documents, every revision, and what counts of them."""
    yield from documents
    yield from writes_of(known, tuple(known.answers.all()), tuple(known.entries.all()))
    if earlier:
        yield earlier


def writes_of(known: Reviser, revisions: Sequence[Revision], entries: Sequence[EntryRevision]) -> Iterator[Write]:
    """Write revisions that are known already, and what counts at their places."""
    shared: dict[tuple[type, RevisionId], Write] = {}
    for entry in entries:
        all_say = known.entries.united(entry.register, entry.entry)
        yield EntryWrite(entry, is_current=all_say is not None and all_say.shown is entry)
        if all_say and len(all_say.heads) > 1:
            shared[EntryRevision, all_say.shown.id] = ShownEntry(all_say.shown)
    for revision in revisions:
        said = known.answers.united(revision.key)
        yield AnswerWrite(revision, is_current=said is not None and said.shown is revision)
        if said and len(said.heads) > 1:
            shared[Revision, said.shown.id] = ShownAnswer(said.shown)
    yield from shared.values()
