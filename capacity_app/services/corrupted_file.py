"""Recovering what SQLite can still read of a corrupted file into a new one; the corrupted file stays as it is.

Revisions that cannot be read are replaced by what the tables of answers and registers show, where those can be read.
Nothing in a file tells which of two copies of a text is the right one: where they differ, the place is named.
"""

import hashlib
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import field
from pathlib import Path
from typing import Any
from uuid import uuid4

from capacity_app.domain.assessment.answers import Answer
from capacity_app.domain.assessment.registers import REGISTERS, Evidence, RegisterEntry
from capacity_app.domain.assessment.revisions import EntryRevision, Revision, RevisionId
from capacity_app.domain.encryption_keys import NO_KEYS, SALT_BYTES, EncryptionKey, Keyring
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, KnownError
from capacity_app.i18n.translator import Translator
from capacity_app.questionnaires import library
from capacity_app.questionnaires.instrument_json import decode_instrument, instrument_text_hash
from capacity_app.questionnaires.reader import read_instrument
from capacity_app.services.backups import backups_of
from capacity_app.services.recovered_copies import dated_file_names
from capacity_app.services.session import entries_and_documents
from capacity_app.services.session.dossier_json import StoredPreviousRound
from capacity_app.services.session.file_writing import all_writes, now, to_stored_instrument
from capacity_app.services.session.revision_log import (
    EntryKey,
    RecordKey,
    RevisionLog,
    ValidationError,
    answer_from_revision,
    record_key_of,
)
from capacity_app.storage import database, file_errors, rows
from capacity_app.storage.assessment_file import (
    AssessmentFile,
    AssessmentFileHeader,
    DocumentWrite,
    PreviousRound,
    StoredInstrument,
)
from capacity_app.storage.creation import write_new_assessment
from capacity_app.storage.recovery import CorruptedFileReader, is_plausible
from capacity_app.storage.schema import round_hash

NOTHING_LEFT = N_("Nothing of an assessment can be read in “{file}”. Restore a backup, or ask a colleague for a copy.")
NO_INSTRUMENT = N_(
    "The questionnaire in “{file}” cannot be read, and this computer has no copy of it. Install the questionnaire and "
    "try again, or restore a backup."
)
FROM_FILE, FROM_LIBRARY, FROM_BACKUP = "file", "library", "backup"
ANSWERS, ENTRIES, DOCUMENTS, EARLIER = "answers", "entries", "documents", "earlier"
"""What can be lost."""
_MAX_SUPPLEMENTS = 6
_MAX_LISTED_PLACES = 12
_VALUE, _CONTENT = 8, 4
"""The columns that may be empty in the two tables of revisions."""


@dataclass(slots=True)
class RecoverableFile:
    """What will be in the new file, and what is known to be lost.

    ``instrument_from`` says where the questionnaire was read: in the file itself, on this computer, or in a backup.
    ``said_again`` counts answers and entries of which only the last state is left. ``places`` are to be looked at.
    ``is_complete`` says that SQLite could read everything.
    """

    file: Path
    key: EncryptionKey | None
    label: AssessmentFileHeader
    instrument_from: str
    known: RevisionLog
    earlier: PreviousRound | None = None
    documents: dict[str, int] = field(default_factory=dict)
    lost: Counter[str] = field(default_factory=Counter)
    said_again: int = 0
    places: dict[str, None] = field(default_factory=dict)
    is_complete: bool = True

    @property
    def answers(self) -> int:
        return len(self.known.answers.current())

    @property
    def changes(self) -> int:
        """How many changes are in the history, of answers and entries."""
        return sum(1 for _ in itertools.chain(self.known.answers.all(), self.known.entries.all()))

    @property
    def is_intact(self) -> bool:
        """Return whether nothing is known to be lost, doubtful or unreadable."""
        return self.is_complete and not self.lost and not self.said_again and not self.places


def read_corrupted(file: Path, keys: Keyring = NO_KEYS) -> RecoverableFile:
    """Read what can be read of a corrupted file; raises KnownError if that is nothing."""
    try:
        if not file.is_file():
            raise KnownError(file_errors.MISSING, file=file.name)
        for key in _possible_keys(file, keys):
            with suppress(*database.sqlite_errors()), CorruptedFileReader(file, key) as reader:
                if {"answer_revisions", "entry_revisions"} & reader.tables:
                    return _read_file(file, key, keys, reader)
    except OSError as error:
        raise file_errors.from_os_error(error, file) from error
    raise KnownError(NOTHING_LEFT, file=file.name)


def write_recovered_file(found: RecoverableFile, out: Path) -> None:
    """Write what was found into a new file, protected like the corrupted one; raises KnownError."""
    with CorruptedFileReader(found.file, found.key) as reader:
        documents = ((digest, reader.document(number)) for digest, number in found.documents.items())
        held = (DocumentWrite(digest, content) for digest, content in documents if content is not None)
        write_new_assessment(out.absolute(), found.label, all_writes(found.known, held, found.earlier), key=found.key)


def suggested_file(file: Path) -> Path:
    """Return the name of the new file beside the corrupted one: "name (recovered 2026-11-21).assessment"."""
    return next(name for name in dated_file_names(file.parent, file, "recovered") if not name.exists())


def _possible_keys(file: Path, keys: Keyring) -> Iterator[EncryptionKey | None]:
    """Go through the keys that may open a file; its backups have the same salt as the file had."""
    yield None
    if keys:
        salts = (_read_salt(one) for one in (file, *(backup.file for backup in backups_of(file, keys))))
        for salt in dict.fromkeys((*salts, *(one.salt for one in keys.keys))):
            yield from keys.for_salt(salt) if len(salt) == SALT_BYTES else ()


def _read_salt(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(SALT_BYTES)
    except OSError:
        return b""


# -- reading -----------------------------------------------------------------------------------------------------------


def _read_file(file: Path, key: EncryptionKey | None, keys: Keyring, reader: CorruptedFileReader) -> RecoverableFile:
    shown, is_whole = reader.all_of(
        "answers", rows.SELECT_ANSWERS, "question, grid_row, grid_column, layer, respondent"
    )
    hints = [row[-2:] for row in shown]
    answers = reader.log("answer_revisions", rows.SELECT_REVISIONS, hints)
    entries = reader.log("entry_revisions", rows.SELECT_ENTRY_REVISIONS, hints)
    if not answers and not entries and not shown:
        raise KnownError(NOTHING_LEFT, file=file.name)
    lost: Counter[str] = Counter()
    revisions = [one for row in answers if (one := _read_revision(row, lost))]
    made = [entry for row in entries if (entry := _read_entry_revision(row, lost))]
    instrument, source, label = _find_instrument(file, keys, reader)
    assessment_id, created = reader.one("assessment", "id, created") or (
        (label.assessment_id, label.created) if label else (str(uuid4()), now())
    )
    found = RecoverableFile(
        file,
        key,
        AssessmentFileHeader(str(assessment_id), str(created), instrument),
        source,
        RevisionLog(
            decode_instrument(instrument.content),
            entries_and_documents.session_id(entries_and_documents.device_id()),
            revisions,
            made,
        ),
        lost=lost,
    )
    in_table = [one for row in shown if (one := _read_revision((*row[-2:], *row[:-2], "[]"), Counter()))]
    _add_answers_from_table(found, in_table, is_whole=is_whole)
    for register in REGISTERS:
        table, is_whole = reader.all_of(register, rows.select_entries(register), "rowid")
        _add_entries_from_table(found, register, dict(_read_entries(register, table)), is_whole=is_whole)
    _read_earlier_round(found, reader)
    _read_documents(found, reader)
    found.lost, found.is_complete = +lost, not reader.is_partial
    return found


def _read_revision(row: rows.SqlRow, lost: Counter[str]) -> Revision | None:
    with suppress(rows.DamagedRow):
        if is_plausible(row, _VALUE):
            return rows.read_revision(row)
    lost[ANSWERS] += 1
    return None


def _read_entry_revision(row: rows.SqlRow, lost: Counter[str]) -> EntryRevision | None:
    with suppress(rows.DamagedRow):
        if is_plausible(row, _CONTENT) and row[2] in REGISTERS:
            return rows.read_entry_revision(row)
    lost[ENTRIES] += 1
    return None


def _read_entries(register: str, table: Iterable[rows.SqlRow]) -> Iterator[tuple[EntryKey, RegisterEntry]]:
    for row in table:
        with suppress(rows.DamagedRow):
            entry = rows.read_entry_row(register, row)
            yield (register, entry.id), entry


def _find_instrument(
    file: Path, keys: Keyring, reader: CorruptedFileReader
) -> tuple[StoredInstrument, str, AssessmentFileHeader | None]:
    """Find the questionnaire: in the file, or the same one in a backup or on this computer; and a backup's label."""
    whole = reader.one("instrument", "id, version, hash, content")
    if whole is not None and isinstance(whole[3], str) and instrument_text_hash(whole[3]) == whole[2]:
        return StoredInstrument(*whole), FROM_FILE, next(_labels_of_backups(file, keys), None)
    wanted = reader.one("instrument", "id, hash") or (None, None)
    for label in _labels_of_backups(file, keys):
        if label.instrument.hash == wanted[1] or wanted[1] is None:
            return label.instrument, FROM_BACKUP, label
    for instrument in _installed_instruments(wanted[0]):
        if instrument.hash == wanted[1]:
            return instrument, FROM_LIBRARY, None
    raise KnownError(NO_INSTRUMENT, file=file.name)


def _labels_of_backups(file: Path, keys: Keyring) -> Iterator[AssessmentFileHeader]:
    for backup in backups_of(file, keys):
        with suppress(KnownError), AssessmentFile(backup.file, read_only=True, keys=keys) as opened:
            yield opened.read().label


def _installed_instruments(wanted: str | None) -> Iterator[StoredInstrument]:
    """Go through the questionnaires of that id on this computer, with every choice of their supplements."""
    entries = library.list_instruments(library.instrument_folders())
    for entry in (one for one in entries if one.id == wanted):
        offered = [supplement.id for supplement in entry.supplements][:_MAX_SUPPLEMENTS]
        for count in range(len(offered), -1, -1):
            for chosen in itertools.combinations(offered, count):
                instrument, _ = read_instrument(entry.folder, chosen)
                if instrument is not None:
                    yield to_stored_instrument(instrument)


def _read_earlier_round(found: RecoverableFile, reader: CorruptedFileReader) -> None:
    if reader.one("previous_rounds", "number") is None:
        return
    _, time, content, *kept_hash = reader.one("previous_rounds", "*") or (None, None, None)
    earlier = PreviousRound(str(time), content)
    is_whole = time is not None and kept_hash in ([], [round_hash(content)])
    with suppress(KnownError):
        if is_whole:
            _ = StoredPreviousRound(earlier, found.known.instrument.whole).dossier
            found.earlier = earlier
            return
    found.lost[EARLIER] += 1


def _read_documents(found: RecoverableFile, reader: CorruptedFileReader) -> None:
    listed = reader.documents()
    for digest, number in listed.items():
        content = reader.document(number)
        if content is not None and hashlib.sha256(content).hexdigest() == digest:
            found.documents[digest] = number
    evidence = (entry for entry in found.known.entries.entries("evidence") if isinstance(entry, Evidence))
    named = {entry.document for entry in evidence if entry.document}
    found.lost[DOCUMENTS] = len((named | listed.keys()) - found.documents.keys())


# -- putting it together -----------------------------------------------------------------------------------------------


def _add_answers_from_table(found: RecoverableFile, shown: Iterable[Revision], *, is_whole: bool) -> None:
    """Take from the table of answers, read whole or in part, what the revisions do not say any more."""
    known = found.known.answers
    in_table = {one.key: answer_from_revision(one) for one in shown}
    read = {one.id for one in known.all()}
    unread = [one for one in shown if one.id not in read]
    missing = _missing_parents(known.all(), read) | {one.id for one in unread}
    found.lost[ANSWERS] += len(missing)
    for one in unread:
        is_last = all(other.id.counter < one.id.counter for other in known.known(one.key))
        if is_last and _record_again(found, answer_from_revision(one)):
            found.lost[ANSWERS] -= 1
            found.said_again += 1
    _close_gaps(found, tuple(known.all_heads()), missing, in_table)
    said = {one.key: one for one in known.current()}
    differing = {key for key in in_table.keys() | said.keys() if in_table.get(key) != said.get(key)}
    found.places |= dict.fromkeys(sorted(str(key.address) for key in differing if is_whole or key in in_table))


def _add_entries_from_table(
    found: RecoverableFile, register: str, shown: Mapping[EntryKey, RegisterEntry], *, is_whole: bool
) -> None:
    """Take from the table of a register, read whole or in part, what the revisions do not say any more."""
    known = found.known.entries
    revisions = [one for one in known.all() if one.register == register]
    missing = _missing_parents(revisions, {one.id for one in revisions})
    found.lost[ENTRIES] += len(missing)
    _close_gaps(found, tuple({record_key_of(one): None for one in revisions}), missing, shown)
    for spot, entry in shown.items():
        if not found.known.revisions_at(spot):
            found.said_again += _record_again(found, entry)
    said = {(register, one.id): one for one in known.entries(register)}
    differing = {spot for spot in shown.keys() | said.keys() if shown.get(spot) != said.get(spot)}
    found.places |= dict.fromkeys(sorted("/".join(spot) for spot in differing if is_whole or spot in shown))


def _missing_parents(revisions: Iterable[Revision | EntryRevision], read: AbstractSet[RevisionId]) -> set[RevisionId]:
    """Return the revisions that others were made on top of, and that could not be read."""
    return {parent for one in revisions for parent in one.parents} - read


def _has_gap(revisions: Iterable[Revision | EntryRevision], missing: AbstractSet[RevisionId]) -> bool:
    return any(not missing.isdisjoint(one.parents) for one in revisions)


def _close_gaps(
    found: RecoverableFile,
    spots: Iterable[RecordKey],
    missing: AbstractSet[RevisionId],
    shown: Mapping[Any, Answer | RegisterEntry],
) -> None:
    """Say the latest again where a lost revision makes earlier ones look as if they were still said."""
    for spot in spots:
        united = found.known.united(spot)
        if united is None or len(united.heads) < 2 or not _has_gap(found.known.revisions_at(spot), missing):  # noqa: PLR2004 - one head has nothing to settle
            continue
        last = max(united.heads, key=lambda one: one.id.counter)
        if isinstance(last, Revision):
            _record_again(found, shown.get(spot) or answer_from_revision(last))
        elif said := shown.get(spot) or last.content:
            _record_again(found, said)
        else:
            with suppress(ValidationError):
                found.known.removal(last.register, last.entry, last.author, last.time)


def _record_again(found: RecoverableFile, said: Answer | RegisterEntry) -> bool:
    """Record what was said; what an earlier program let pass may be refused by now, and is then left out."""
    with suppress(ValidationError):
        if isinstance(said, Answer):
            return found.known.answer(said) is not None
        return found.known.entry(said, "", now()) is not None
    return False


# -- in words ----------------------------------------------------------------------------------------------------------


def format_recovered(texts: Translator, found: RecoverableFile) -> str:
    parts = (
        texts.counted("{count} answer", "{count} answers", found.answers),
        texts.counted("{count} change in the history", "{count} changes in the history", found.changes),
        texts.counted("{count} document", "{count} documents", len(found.documents)),
    )
    return texts.gettext("Can be read: {what}.").format(what=texts.listed(parts))


def format_losses(texts: Translator, found: RecoverableFile) -> Iterator[str]:
    """Say in sentences what is lost, as far as that is known."""
    say = texts.gettext
    if found.is_intact:
        yield say("Nothing is known to be lost.")
    if not found.is_complete:
        yield say("Parts of the file cannot be read. The program cannot tell how much was in them.")
    yield from _loss_sentences(texts, found)
    if found.places:
        named, more = tuple(found.places)[:_MAX_LISTED_PLACES], " …" if len(found.places) > _MAX_LISTED_PLACES else ""
        places = texts.listed(named) + more
        yield say("The file holds two different texts here. Check these places: {places}.").format(places=places)
    if found.instrument_from == FROM_BACKUP:
        yield say("The questionnaire cannot be read. It is taken from a backup.")
    elif found.instrument_from == FROM_LIBRARY:
        yield say("The questionnaire cannot be read. It is taken from this computer.")


def _loss_sentences(texts: Translator, found: RecoverableFile) -> Iterator[str]:
    if number := found.lost[ANSWERS]:
        yield texts.counted("{count} change of an answer is lost.", "{count} changes of answers are lost.", number)
    if number := found.lost[ENTRIES]:
        yield texts.counted(
            "{count} change of a register entry is lost.", "{count} changes of register entries are lost.", number
        )
    if number := found.lost[DOCUMENTS]:
        yield texts.counted(
            "{count} document is lost: attach it again.", "{count} documents are lost: attach them again.", number
        )
    if found.lost[EARLIER]:
        yield texts.gettext("The previous round is lost: choose its file again.")
    if number := found.said_again:
        yield texts.counted(
            "Of {count} answer or register entry only the last state is left.",
            "Of {count} answers and register entries only the last state is left.",
            number,
        )
