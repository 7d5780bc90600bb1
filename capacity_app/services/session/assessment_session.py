"""An open assessment: everything in memory at once, on disk through the writer thread."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from capacity_app.domain.assessment.answer_rules import locate
from capacity_app.domain.assessment.answers import Address, Answer, AnswerKey, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Action, Evidence, Mission, RegisterEntry, ReturnedFile, register_of
from capacity_app.domain.assessment.revisions import EntryRevision, Revision, RevisionId, in_order
from capacity_app.domain.backup_retention import BackupReason
from capacity_app.domain.encryption_keys import NO_KEYS, Keyring, keyring_of
from capacity_app.domain.problems import N_, KnownError, Problem
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.domain.scoring.answer_sheet import AnswerSheet
from capacity_app.questionnaires.instrument_json import decode_instrument, instrument_text_hash
from capacity_app.services.session import entries_and_documents
from capacity_app.services.session.dossier_json import StoredPreviousRound, dossier_to_json
from capacity_app.services.session.entries_and_documents import new_entry_id
from capacity_app.services.session.file_writing import BackupReport, WriterThread, all_writes, now
from capacity_app.services.session.revision_log import (
    AnswerChange,
    ComputedResults,
    EntryChange,
    RevisionLog,
    Saved,
    SaveFailed,
    ValidationError,
)
from capacity_app.storage import file_errors
from capacity_app.storage.assessment_file import AnswerWrite, DocumentWrite, EntryWrite, PreviousRound, Write
from capacity_app.storage.creation import write_new_assessment
from capacity_app.storage.database import ClosedAfterUse
from capacity_app.storage.file_lock import LockOwner, WriteLock, current_owner
from capacity_app.storage.opening import FileFormat, identify_file, is_writable

if TYPE_CHECKING:
    from capacity_app.domain.assessment.merging import AnyMergedRevisions
    from capacity_app.domain.scoring.gaps import Gap
    from capacity_app.domain.scoring.scores import Scorecard

IN_USE = N_("{who} has this file open on {where} since {since}: it can be read here, not changed.")
IN_USE_BY_SOMEBODY = N_("Somebody else has this file open: it can be read here, not changed.")
NOT_WRITABLE = N_("This file or its folder may not be written: it can be read here, not changed.")
OPENED_TO_READ = N_("This file was opened for reading only.")
NO_NUMBERS = N_(
    "The changes in this file have numbers that no assessment reaches: it can be read here, not changed. Open a "
    "copy or a backup of it."
)
OUTSIDE_PROFILE = N_(
    "This selection leaves out questions that have answers ({count}). Nothing was changed: all questions are still "
    "asked."
)
NO_DOCUMENT = N_("This document is not held in the file.")
DAMAGED_DOCUMENT = N_("This document is damaged in the file: attach it again.")
WITHOUT_DOCUMENTS = N_(
    "“{file}” holds everything except the documents that could not be read from the old file: {count}."
)
WITHOUT_CHANGES = N_(
    "“{file}” holds everything except the changes that could not be saved because of an error in this program: {count}."
)
NO_LOCK = N_("This drive cannot keep two people from writing at once: the file can be read here, not changed.")


def _in_use(owner: LockOwner) -> KnownError:
    """Say who has a file open."""
    if not owner.who:
        return KnownError(IN_USE_BY_SOMEBODY)
    return KnownError(IN_USE, who=owner.who, where=owner.where, since=owner.since_local)


class AssessmentSession(ClosedAfterUse):
    """One assessment, open. Raises KnownError with one plain sentence if the file cannot be opened.

    ``author`` and ``language`` (of the wording shown) may be changed while it is open. ``on_saved`` is called
    on the writer thread after every commit, and must not call the session back. ``keys`` may open a protected file;
    ``key`` is the one that did; ``drive`` is the system's number of the drive the file is on. Backups are made where
    ``on_backup_failed`` hears, on the writer thread, of one that could not be made.
    """

    def __init__(
        self,
        file: Path,
        *,
        author: str = "",
        device: str,
        language: str = "en",
        on_saved: Callable[[Saved | SaveFailed], None] | None = None,
        read_only: bool = False,
        keys: Keyring = NO_KEYS,
        on_backup_failed: BackupReport | None = None,
    ) -> None:
        self.file = file.absolute()
        self.author = author
        self.language = language
        known = identify_file(self.file, keys)
        self.key = known.key
        self.drive = self.file.parent.stat().st_dev
        self._on_saved = on_saved
        self._on_backup_failed = on_backup_failed
        self._is_backed_up = True
        self._ownership = WriteLock(known.resolved, current_owner(author, now()))
        self.read_only_reason: KnownError | None = self._why_read_only(known, asked=read_only)
        with ExitStack() as undo:
            undo.callback(self._ownership.release)
            self._writer = WriterThread(
                self.file,
                read_only=self.is_read_only,
                keys=keyring_of(self.key),
                known=known,
                on_saved=on_saved,
                on_backup_failed=on_backup_failed,
            )
            undo.callback(self._writer.close)
            if self._writer.is_read_only and not self.is_read_only:
                # A commit that was cut off may have hidden until now that the file is newer.
                known = identify_file(self.file, keyring_of(self.key))
                self.read_only_reason = self._newer(known) or KnownError(NOT_WRITABLE)
                self._ownership.release()
            self._load(device)
            if not self.known.has_free_numbers and not self.is_read_only:
                self.read_only_reason = KnownError(NO_NUMBERS)
            undo.pop_all()

    def _why_read_only(self, known: FileFormat, *, asked: bool) -> KnownError | None:
        if newer := self._newer(known):
            return newer
        if asked:
            return KnownError(OPENED_TO_READ)
        if not is_writable(known.resolved):
            return KnownError(NOT_WRITABLE)
        try:
            owner = self._ownership.take()
        except OSError:
            return KnownError(NO_LOCK)
        return _in_use(owner) if owner else None

    def _newer(self, known: FileFormat) -> KnownError | None:
        return KnownError(file_errors.NEWER_TO_READ, file=self.file.name) if known.is_newer else None

    def _load(self, device: str) -> None:
        stored = self._writer.stored
        self.label = stored.label
        instrument = self._embedded_instrument()
        # For services that unite or restate revisions; what is added there goes to ``take``.
        self.known = RevisionLog(instrument, entries_and_documents.session_id(device), stored.revisions, stored.entries)
        self._derived = ComputedResults(self.known)
        self._documents = stored.documents
        self._earlier = StoredPreviousRound(stored.previous, instrument)

    def _embedded_instrument(self) -> Instrument:
        content = self.label.instrument.content
        unusable = KnownError(file_errors.NEWER if self.is_newer else file_errors.DAMAGED, file=self.file.name)
        if instrument_text_hash(content) != self.instrument_hash:
            raise unusable
        try:
            return decode_instrument(content)
        except KnownError as error:
            if self.is_newer:
                raise unusable from error
            raise

    @property
    def assessment_id(self) -> str:
        return self.label.assessment_id

    @property
    def instrument(self) -> Instrument:
        """The instrument, as far as the mission's profile asks it."""
        return self.known.instrument

    @property
    def instrument_hash(self) -> str:
        """The SHA-256 of the embedded instrument's canonical text."""
        return self.label.instrument.hash

    @property
    def instrument_text(self) -> str:
        return self.label.instrument.content

    @property
    def earlier(self) -> PreviousRound | None:
        """The previous round as it is stored, None if there never was one."""
        return self._earlier.stored

    def expect_writable(self) -> None:
        """Raise KnownError, with the reason, if nothing may be changed."""
        if self.read_only_reason:
            raise KnownError(self.read_only_reason.message, **self.read_only_reason.values)

    def conflicts(self) -> tuple["AnyMergedRevisions", ...]:
        """Return the answers and entries that laptops changed differently and nobody has settled yet."""
        return (*self.known.answers.contested(), *self.known.entries.contested())

    @property
    def is_read_only(self) -> bool:
        """Return whether nothing may be changed; ``read_only_reason`` says why."""
        return self.read_only_reason is not None

    @property
    def is_newer(self) -> bool:
        """Return whether a newer version of this program made the file."""
        return self.read_only_reason is not None and self.read_only_reason.message == file_errors.NEWER_TO_READ

    @property
    def is_free_again(self) -> bool:
        """Whether the file is only read because somebody else had it open, who has closed it since or is gone."""
        if self.read_only_reason is None or self.read_only_reason.message not in {IN_USE, IN_USE_BY_SOMEBODY}:
            return False
        try:
            return self._ownership.is_free()
        except OSError:
            return False

    @property
    def mission(self) -> Mission:
        return self.known.entries.mission

    def record(self, key: AnswerKey, content: Content) -> AnswerChange:
        """Say something at an address, in memory at once and on disk soon; raises ValidationError."""
        self.expect_writable()
        before = self.content(key)
        said = Answer(key=key, content=content, author=self.author, time=now(), language=self.language)
        self._write(self._answer_writes(said))
        return AnswerChange(key, before, self.content(key))

    def put(self, entry: RegisterEntry) -> EntryChange:
        """Add or replace a register entry (the mission too); raises ValidationError if it may not be stored."""
        self.expect_writable()
        register = register_of(entry)
        before = self.entry(register, entry.id)
        if isinstance(entry, Action):
            from capacity_app.domain.planning.action_plan import find_refused_dependency  # noqa: PLC0415 - for a plan only

            if problem := find_refused_dependency(entry, self._actions()):
                raise ValidationError(problem)
        self._write(self._entry_writes(entry))
        return EntryChange(register, entry.id, before, self.entry(register, entry.id))

    def answers_outside(self, profile: str) -> int:
        """Count the answers that would no longer be asked if the assessment used a profile."""
        asked = self.instrument.with_profile(profile)
        return sum(1 for answer in self.known.answers.current()
                   if not answer.content.is_empty and locate(asked, answer.key.address) is None)  # fmt: skip

    def use_profile(self, profile: str) -> EntryChange:
        """Ask the questions of a profile, all with ""; raises KnownError if answers would no longer be asked."""
        self.instrument.expect_profile(profile)
        if count := self.answers_outside(profile) if profile else 0:
            raise KnownError(OUTSIDE_PROFILE, count=str(count))
        return self.put(replace(self.mission, profile=profile))

    def _actions(self) -> tuple[Action, ...]:
        return tuple(entry for entry in self.entries("actions") if isinstance(entry, Action))

    def remove(self, register: str, entry_id: str) -> EntryChange:
        """Remove a register entry; it stays in the history."""
        self.expect_writable()
        before = self.entry(register, entry_id)
        revision = self.known.removal(register, entry_id, self.author, now())
        self._write([EntryWrite(revision)] if revision else [])
        return EntryChange(register, entry_id, before, None)

    def adopt(
        self,
        answers: Iterable[Answer],
        entries: Iterable[RegisterEntry] = (),
        documents: Iterable[DocumentWrite] = (),
        removed: Iterable[tuple[str, str]] = (),
        returned: ReturnedFile | None = None,
    ) -> tuple[AnswerChange | EntryChange, ...]:
        """Take over answers with their authors and times, entries and documents: all in one transaction, or none.

        ``removed`` are entries that go, as (register, id); ``returned`` is the file the answers came in, whose entry
        gets the ids of their revisions and of those of changed entries. Gives what changed; raises ValidationError at
        the first that may not be stored.
        """
        self.expect_writable()
        answers, entries = tuple(answers), tuple(entries)
        self.known.expect_acceptable(answers, (*entries, returned) if returned else entries)
        writes: list[Write] = [document for document in documents if not self.holds(document.hash)]
        changes: list[AnswerChange | EntryChange] = []
        recorded: list[str] = []

        def enter(entry: RegisterEntry) -> None:
            register = register_of(entry)
            before = self.entry(register, entry.id)
            if written := self.known.entry(entry, self.author, now()):
                writes.append(EntryWrite(written))
                changes.append(EntryChange(register, entry.id, before, self.entry(register, entry.id)))
                if before is not None:
                    recorded.append(str(written.id))

        for entry in entries:
            enter(entry)
        for answer in answers:
            said = self.content(answer.key)
            if revised := self._answer_writes(answer):
                writes += revised
                recorded += [str(write.revision.id) for write in revised]
                changes.append(AnswerChange(answer.key, said, self.content(answer.key)))
        if returned:
            enter(replace(returned, revisions=tuple(recorded)))
        for register, entry_id in removed:
            before = self.entry(register, entry_id)
            if removal := self.known.removal(register, entry_id, self.author, now()):
                writes.append(EntryWrite(removal))
                changes.append(EntryChange(register, entry_id, before, None))
        self._write(writes)
        return tuple(changes)

    def _answer_writes(self, answer: Answer) -> list[AnswerWrite]:
        revision = self.known.answer(answer)
        return [AnswerWrite(revision)] if revision else []

    def _entry_writes(self, entry: RegisterEntry) -> list[Write]:
        revision = self.known.entry(entry, self.author, now())
        return [EntryWrite(revision)] if revision else []

    def take(self, writes: Sequence[Write]) -> None:
        """Store, in one transaction, what has been made known in ``known`` already; raises KnownError."""
        self.expect_writable()
        self._write(writes)

    def _write(self, writes: Sequence[Write]) -> None:
        for write in writes:
            match write:
                case AnswerWrite(revision):
                    self._derived.answer_changed(revision.key.address)
                case EntryWrite(entry):
                    self._derived.entry_changed(entry.register)
                case DocumentWrite(digest, content):
                    self._documents[digest] = len(content)
                case PreviousRound():
                    self._earlier = StoredPreviousRound(write, self.instrument.whole)
                    self._derived.previous_changed()
        if writes:
            self._is_backed_up = False
            self._writer.put(tuple(writes))

    def attach(self, file: Path, title: str = "") -> EntryChange:
        """Hold a copy of a document as evidence; raises KnownError if it is too large or of no allowed kind."""
        self.expect_writable()
        return self._hold(entries_and_documents.read_document(file, self.documents_size), file.name, title or file.stem)

    def attach_content(self, file_name: str, content: bytes, title: str) -> EntryChange:
        """Hold bytes that lie in no file as evidence, as a document of this name; raises KnownError as ``attach``."""
        self.expect_writable()
        return self._hold(
            entries_and_documents.make_document(file_name, content, self.documents_size), file_name, title
        )

    def _hold(self, document: entries_and_documents.CheckedDocument, file_name: str, title: str) -> EntryChange:
        entry = Evidence(
            id=self.new_id("evidence"),
            title=title,
            document=document.hash,
            file_name=file_name,
            media_type=document.media_type,
            size=len(document.content),
            added_on=now()[:10],
        )
        self.adopt((), (entry,), (DocumentWrite(document.hash, document.content),))
        return EntryChange("evidence", entry.id, None, self.entry("evidence", entry.id))

    def holds(self, sha256: str) -> bool:
        return sha256 in self._documents

    @property
    def documents(self) -> tuple[str, ...]:
        return tuple(self._documents)

    @property
    def documents_size(self) -> int:
        return sum(self._documents.values())

    def document(self, sha256: str) -> bytes:
        """Return the bytes of a held document; raises KnownError if they are not there or damaged."""
        held = self._writer.document(sha256)
        if held is None:
            raise KnownError(NO_DOCUMENT)
        if hashlib.sha256(held).hexdigest() != sha256:
            raise KnownError(DAMAGED_DOCUMENT)
        return held

    def new_id(self, register: str) -> str:
        """Make a permanent id for a new entry ("agency-k3f9x2m"), never used before."""
        while self.known.entries.has_ever_known(register, made := new_entry_id(register)):
            pass
        return made

    def content(self, key: AnswerKey) -> Content:
        """Return what one layer and respondent says now, EMPTY_CONTENT if nothing."""
        return self.known.answers.content(key)

    def answers_at(self, address: Address) -> tuple[Answer, ...]:
        """Return all that is said at a place now, sorted by key."""
        return tuple(self.known.answers.by_address.get(address, ()))

    def entries(self, register: str) -> tuple[RegisterEntry, ...]:
        """Return a register's entries in the order they were made."""
        return self.known.entries.entries(register)

    def entry(self, register: str, entry_id: str) -> RegisterEntry | None:
        return self.known.entries.entry(register, entry_id)

    def history(self, address: Address) -> tuple[Revision, ...]:
        """Return all revisions at a place, of a row or grid those of its cells too, newest first, all layers."""
        return self.known.answers.history(address)

    def revisions(self, ids: AbstractSet[RevisionId]) -> tuple[Revision, ...]:
        """Return the revisions of answers with these ids, oldest first; those this file does not know are not in it."""
        return tuple(sorted((one for one in self.known.answers.all() if one.id in ids), key=lambda one: one.id.counter))

    def entry_revisions(self, ids: AbstractSet[RevisionId]) -> tuple[EntryRevision, ...]:
        """Return the revisions of register entries with these ids, oldest first."""
        return tuple(in_order(one for one in self.known.entries.all() if one.id in ids))

    @property
    def sheet(self) -> AnswerSheet:
        """The instrument laid out with its answers; after a change only the changed questions are laid out again."""
        return self._derived.sheet()

    def scorecard(self) -> "Scorecard":
        """Score everything; computed once per change."""
        return self._derived.scorecard()

    def gaps(self) -> tuple[tuple["Gap", ...], tuple["Gap", ...]]:
        """Return the gaps and the places to verify; computed once per change."""
        return self._derived.gaps()

    @property
    def previous(self) -> Dossier | None:
        return self._earlier.dossier

    @property
    def previous_sheet(self) -> AnswerSheet | None:
        """The previous round laid out, if there is one; computed once."""
        return self._earlier.sheet

    def set_previous(self, dossier: Dossier | None) -> None:
        self.expect_writable()
        self._write([PreviousRound(now(), dossier_to_json(dossier, {}) if dossier else None)])

    def to_confirm(self) -> Mapping[Address, Content]:
        """Give, by place, what the previous round answered and nobody has been asked yet."""
        from capacity_app.domain.scoring.round_comparison import find_carried_forward  # noqa: PLC0415 - a start needs it not

        return find_carried_forward(self.sheet, self.previous)

    def dossier(self) -> Dossier:
        """Freeze the whole assessment into one value; the same one until something changes."""
        return self._derived.dossier(self.assessment_id, self.previous)

    def check_file(self) -> tuple[Problem, ...]:
        """Look thoroughly for damage in the file; what waits to be saved is saved first, where that is possible."""
        self.flush()
        return self._writer.check()

    def look(self) -> None:
        """Have the writer thread see whether the file is still there as it left it; tells ``SaveFailed`` if not."""
        self._writer.look()

    def continue_in_file(self, file: Path) -> None:
        """Write into another file from now on, a copy just made of all that is in memory; raises KnownError.

        What waits to be saved is in the copy already, and counts as saved.
        """
        file = file.absolute()
        ownership = WriteLock(file.resolve(), current_owner(self.author, now()))
        try:
            owner = ownership.take()
        except OSError as error:
            raise file_errors.from_os_error(error, file) from error
        if owner:
            raise _in_use(owner)
        try:
            writer = WriterThread(
                file, keys=keyring_of(self.key), on_saved=self._on_saved, on_backup_failed=self._on_backup_failed
            )
        except BaseException:
            ownership.release()
            raise
        self._writer.abandon()
        self._ownership.release()
        self.file, self._ownership, self._writer = file, ownership, writer
        self.drive = file.parent.stat().st_dev
        if self._on_saved is not None:
            self._on_saved(Saved(datetime.now().astimezone(), 0))

    def back_up(self, reason: BackupReason) -> None:
        """Have a backup made of all that is said now, before anything that is said later; returns at once."""
        if self._on_backup_failed is not None and not self.is_read_only:
            self._is_backed_up = True
            self._writer.back_up(reason)

    def back_up_changes(self) -> bool:
        """Have a backup made if anything was changed since the last one, as closing does; whether one is being made."""
        if self._is_backed_up:
            return False
        self.back_up(BackupReason.CLOSED)
        return self._is_backed_up

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until everything is on disk, at most ``timeout`` seconds; False if it is not."""
        return self._writer.flush(timeout)

    def retry(self) -> None:
        self._writer.retry()

    def save_copy(self, destination: Path, *, replace: bool = False) -> None:
        """Write a complete copy, with what is not on disk yet and even when the file itself cannot be written.

        It is protected like the file. Raises KnownError; when only documents could not be read, or changes not be
        written by a mistake of ours, the copy is there without them.
        """
        if self.is_newer:
            raise KnownError(file_errors.NEWER_COPY, file=self.file.name)
        lost: list[str] = []
        writes = all_writes(self.known, self._held_documents(lost), self._earlier.stored)
        left_out = write_new_assessment(destination.absolute(), self.label, writes, replace=replace, key=self.key)
        if left_out:
            raise KnownError(WITHOUT_CHANGES, count=str(left_out), file=destination.name)
        if lost:
            raise KnownError(WITHOUT_DOCUMENTS, count=str(len(lost)), file=destination.name)

    def _held_documents(self, lost: list[str]) -> Iterator[DocumentWrite]:
        for digest in self._documents:
            try:
                yield DocumentWrite(digest, self.document(digest))
            except KnownError:
                lost.append(digest)

    def close(self) -> None:
        """Save what waits and end the writer thread; raises KnownError if something is not in the file.

        What was typed stays in memory, so that ``save_copy`` still works; ask ``flush`` first to stay open instead.
        """
        self.back_up_changes()
        try:
            self._writer.close()
        finally:
            self._ownership.release()
