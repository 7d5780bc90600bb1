"""Saving from a damaged file what can be read of it, into a new one; the damaged file stays as it is."""

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from capacity_app import paths
from capacity_app.domain.checking import locate
from capacity_app.domain.instrument import Instrument
from capacity_app.domain.keys import NO_KEYS, SALT_BYTES, Key, Keyring
from capacity_app.domain.problems import N_, KnownError
from capacity_app.domain.revisions import EntryRevision, Revision
from capacity_app.instruments import library
from capacity_app.instruments.reader import read_instrument
from capacity_app.instruments.wire import decode_instrument
from capacity_app.services import identity
from capacity_app.services.backups import backups_of
from capacity_app.services.changes import Refused
from capacity_app.services.copies import all_writes, now, stored_instrument
from capacity_app.services.earlier import EarlierRound
from capacity_app.services.ledger import answer_of
from capacity_app.services.recovery import dated_names
from capacity_app.services.revising import Reviser
from capacity_app.services.wreck import ANSWERS, EARLIER, Wreck, documents_in, look_into
from capacity_app.store import refusals
from capacity_app.store.assessment_file import AssessmentFile, Label, PreviousRound, StoredInstrument
from capacity_app.store.creation import expect_nothing_there, write_new
from capacity_app.store.pages import MAGIC, fitting_key

NOTHING_LEFT = N_("Nothing of an assessment can be read in “{file}” any more: restore a backup, or ask for a copy.")
NO_INSTRUMENT = N_(
    "The questionnaire in “{file}” is damaged, and no other copy of it was found: install the questionnaire on this "
    "computer, or restore a backup."
)
FROM_FILE, FROM_LIBRARY, FROM_BACKUP = "file", "library", "backup"
_MOST_SUPPLEMENTS = 6


@dataclass(frozen=True, slots=True)
class Salvage:
    """What will be in the new file: counts by kind, and what is known to be lost.

    ``instrument_from`` says where the questionnaire was read: in the file itself, on this computer, or in a backup.
    ``said_again`` counts answers of which only the last state is left, without their history.
    """

    file: Path
    key: Key | None
    wreck: Wreck
    label: Label
    instrument_from: str
    known: Reviser
    earlier: PreviousRound | None
    said_again: int

    @property
    def answers(self) -> int:
        """How many places are answered."""
        return len(self.known.answers.current())

    @property
    def changes(self) -> int:
        """How many changes are in the log, of answers and entries."""
        return len(tuple(self.known.answers.all())) + len(tuple(self.known.entries.all()))

    @property
    def documents(self) -> int:
        """How many held documents are whole."""
        return len(self.wreck.found.documents)

    @property
    def lost(self) -> Counter[str]:
        """Count what is known to be gone: "answers", "entries", "documents" and "earlier"."""
        return self.wreck.lost


def salvage(file: Path, keys: Keyring = NO_KEYS) -> Salvage:
    """Read what can be read of a damaged file; raises KnownError if that is nothing."""
    try:
        if not file.is_file():
            raise KnownError(refusals.MISSING, file=file.name)
        key = _key(file, keys)
        wreck = look_into(file, key)
    except OSError as error:
        raise refusals.of_system(error, file) from error
    if not wreck.is_ours:
        raise KnownError(NOTHING_LEFT, file=file.name)
    held = tuple(_labels_of_backups(file, keys))
    instrument, source = _instrument(file, wreck, held)
    assessment_id, created = next(iter(wreck.found.labels), None) or _known_label(held)
    known, said_again = _put_together(decode_instrument(instrument.content), wreck)
    earlier = _readable(wreck, instrument)
    label = Label(assessment_id, created, instrument)
    return Salvage(file, key, wreck, label, source, known, earlier, said_again)


def write(found: Salvage, out: Path) -> None:
    """Write what was found into a new file, protected like the damaged one; raises KnownError."""
    documents = documents_in(found.file, found.key)
    write_new(out.absolute(), found.label, all_writes(found.known, documents, found.earlier), key=found.key)


def suggested(file: Path) -> Path:
    """Give the name of the new file beside the damaged one: "name (rescued 2026-11-21).assessment"."""
    return next(name for name in dated_names(file.parent, file, "rescued") if not name.exists())


def expect_new(out: Path) -> None:
    """Refuse to write over anything; raises KnownError."""
    expect_nothing_there(out)


# -- the key -----------------------------------------------------------------------------------------------------------


def _key(file: Path, keys: Keyring) -> Key | None:
    """Find the key of a protected file, None for a plain one; backups have the same salt."""
    if not keys:
        return None
    with file.open("rb") as stream:
        if stream.read(len(MAGIC)) == MAGIC:
            return None
    salts = tuple(one.salt for one in keys.keys) + tuple(_salts(backup.file for backup in backups_of(file, keys)))
    return fitting_key(file, keys, salts)


def _salts(files: Iterable[Path]) -> Iterator[bytes]:
    for file in files:
        try:
            with file.open("rb") as stream:
                yield stream.read(SALT_BYTES)
        except OSError:
            continue


# -- the questionnaire and whose file it is ----------------------------------------------------------------------------


def _labels_of_backups(file: Path, keys: Keyring) -> Iterator[Label]:
    for backup in backups_of(file, keys):
        try:
            with AssessmentFile(backup.file, read_only=True, keys=keys) as opened:
                yield opened.read().label
        except KnownError:
            continue


def _known_label(held: tuple[Label, ...]) -> tuple[str, str]:
    return (held[0].assessment_id, held[0].created) if held else (str(uuid4()), now())


def _instrument(file: Path, wreck: Wreck, held: tuple[Label, ...]) -> tuple[StoredInstrument, str]:
    """Find the questionnaire: in the file, or the same one elsewhere, by its hash or else by what was answered."""
    if wreck.found.instruments:
        return wreck.found.instruments[0], FROM_FILE
    candidates = itertools.chain(
        ((label.instrument, FROM_BACKUP) for label in held), ((one, FROM_LIBRARY) for one in _library())
    )
    hashes = wreck.found.instrument_hashes
    for instrument, source in candidates:
        if instrument.hash in hashes or (not hashes and _fits(decode_instrument(instrument.content), wreck)):
            return instrument, source
    raise KnownError(NO_INSTRUMENT, file=file.name)


def _library() -> Iterator[StoredInstrument]:
    for entry in library.catalogue((paths.instruments_folder(), paths.user_instruments_folder())):
        offered = [supplement.id for supplement in entry.supplements][:_MOST_SUPPLEMENTS]
        # All supplements first: what fits by its places alone must be able to hold them all.
        for count in range(len(offered), -1, -1):
            for chosen in itertools.combinations(offered, count):
                instrument, _ = read_instrument(entry.folder, chosen)
                if instrument is not None:
                    yield stored_instrument(instrument)


def _fits(instrument: Instrument, wreck: Wreck) -> bool:
    keys = {*(one.key for one in wreck.revisions), *(one.key for one in wreck.said)}
    return bool(keys) and all(locate(instrument, key.address) is not None for key in keys)


# -- putting it together -----------------------------------------------------------------------------------------------


def _put_together(instrument: Instrument, wreck: Wreck) -> tuple[Reviser, int]:
    """Give all revisions, and on top of them what is known to have counted where some between are gone."""
    known = Reviser(instrument, identity.session_id(identity.device_id()), wreck.revisions, wreck.entries)
    said_again = 0
    for answer in wreck.said:
        try:
            said_again += known.answer(answer) is not None
        except Refused:
            wreck.lost[ANSWERS] += 1
    _close_gaps(known, wreck)
    return known, said_again


def _close_gaps(known: Reviser, wreck: Wreck) -> None:
    """Say the latest again where a lost revision makes earlier ones look as if they were still said."""
    ids = {*(one.id for one in wreck.revisions), *(one.id for one in wreck.entries)}

    def has_gap(revisions: Iterable[Revision | EntryRevision]) -> bool:
        return any(not ids.issuperset(one.parents) for one in revisions)

    for key, made in known.answers.all_heads().items():
        if len(made) > 1 and has_gap(known.answers.known(key)):
            heads = [one for one in known.answers.known(key) if one.id in made]
            _say_again(known, max(heads, key=lambda one: (wreck.is_shown(one.id), one.id.counter)))
    places = dict.fromkeys((one.register, one.entry) for one in wreck.entries)
    for place in places:
        heads_there = known.entries.heads(*place)
        if len(heads_there) > 1 and has_gap(known.entries.known(*place)):
            last = max(heads_there, key=lambda one: one.id.counter)
            if last.content is not None:
                known.entry(last.content, last.author, last.time)


def _say_again(known: Reviser, last: Revision) -> None:
    # What an earlier program let pass may be refused by now; then the place stays open to be decided on.
    with suppress(Refused):
        known.answer(answer_of(last))


def _readable(wreck: Wreck, instrument: StoredInstrument) -> PreviousRound | None:
    """Give the earlier round, if what is left of it is one."""
    earlier = wreck.earlier
    try:
        _ = EarlierRound(earlier, {instrument.hash: decode_instrument(instrument.content)}).dossier
    except KnownError:
        wreck.lost[EARLIER] += 1
        return None
    return earlier
