"""An assessment for other programs as JSON, table, workbook or ZIP archive; two rounds compared; the recovery sheet.

The parts say the same in several forms, for people and for programs. What cannot be read in a damaged file is left out
and named; everything else is there.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.privacy import ReportProfile, ReportVolume
from capacity_app.domain.assessment.registers import REGISTERS, Mission, RegisterEntry
from capacity_app.domain.assessment.revisions import EntryRevision, Revision, in_order
from capacity_app.domain.encryption_keys import NO_KEYS, EncryptionKey, Keyring
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.numbers_and_dates import plain_points, plain_share
from capacity_app.domain.problems import N_, KnownError, is_device_name
from capacity_app.domain.scoring.round_comparison import AssessmentComparison, RoundChange, compare_rounds
from capacity_app.files.atomic import atomic_file, check_writable, write_atomically
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.pdf.rendering import RecoverySheet, load_weasyprint, render_recovery_sheet
from capacity_app.services.protection import recovery_words
from capacity_app.services.reports import (
    ProgressListener,
    is_complete_pdf,
    monotonic_progress,
    report_bytes,
    write_report,
)
from capacity_app.services.result_tables import answer_table_rows, to_csv, value_text
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.dossier_json import dossier_to_json
from capacity_app.services.session.file_writing import now
from capacity_app.services.session.next_round import read_previous_round
from capacity_app.services.session.opened_documents import safe_file_name
from capacity_app.storage.rows import entry_json

# An assessment for other programs: everything as JSON, all answers as a table, the workbook, or all of it in a ZIP.


def export_assessment(session: AssessmentSession, destination: Path, texts: Translator) -> None:
    """Write .json, .csv or .xlsx, by the ending; raises KnownError, and then an old file is as it was.

    A .zip is more than that: see ``export_archive``.
    """
    dossier = session.dossier()
    match destination.suffix.lower():
        case ".json":
            named = {entry.document for entry in dossier.evidence} | {entry.document for entry in dossier.returns}
            # An entry from somebody's file may name a document that did not come with it.
            documents = {digest: session.document(digest) for digest in sorted(named) if session.holds(digest)}
            write_atomically(destination, dossier_to_json(dossier, documents).encode())
        case ".csv":
            write_atomically(destination, to_csv(answer_table_rows(dossier)))
        case ".xlsx":
            write_report(dossier, destination, texts=texts)
        case _:
            raise KnownError(
                N_("An export ends in .json, .csv, .xlsx or .zip; {file} does not."), file=destination.name
            )


README, SUMS = "README.txt", "SHA256SUMS.txt"
HISTORY_COLUMNS = (
    "device", "number", "time", "author", "language", "kind", "question", "row", "column", "layer", "respondent",
    "state", "value", "reason", "note", "evidence", "register", "entry", "content", "follows",
)  # fmt: skip
"""Of every change: who made it where, what it says, and which earlier changes it was made on top of."""
_NAME_BYTES = 180


@dataclass(frozen=True, slots=True)
class ExportedArchive:
    """What is in the ZIP: names in it, and the documents (SHA-256) that could not be read."""

    names: tuple[str, ...]
    lost: tuple[str, ...] = ()


def export_archive(
    session: AssessmentSession, destination: Path, texts: Translator, progress: ProgressListener | None = None
) -> ExportedArchive:
    """Write the ZIP, which is never protected; raises KnownError, and then an old file is as it was."""
    tell = monotonic_progress(progress)
    with atomic_file(destination, lambda temp: _is_complete_archive(temp, made)) as file:
        archive = _ArchiveWriter(file)
        try:
            made = archive.fill(session, texts, tell)
        finally:
            archive.let_go()
        tell(texts.gettext("Checking and saving the file"), 0.95)
    tell(texts.gettext("Done"), 1.0)
    return made


def _is_complete_archive(file: Path, made: ExportedArchive) -> bool:
    try:
        with zipfile.ZipFile(file) as archive:
            return archive.testzip() is None and tuple(archive.namelist()) == made.names
    except zipfile.BadZipFile:
        return False


class _ArchiveWriter:
    """A ZIP being filled, which notes the sum of every part."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
        self._sums: dict[str, str] = {}

    def _add(self, name: str, content: bytes) -> None:
        self._zip.writestr(name, content)
        self._sums[name] = hashlib.sha256(content).hexdigest()

    def let_go(self) -> None:
        """Leave it as it is: thrown away unfinished, it would complain on the terminal that its file is closed."""
        self._zip.fp = None

    def fill(self, session: AssessmentSession, texts: Translator, tell: ProgressListener) -> ExportedArchive:
        say, dossier = texts.gettext, session.dossier()
        tell(say("Reading the answers"), 0.0)
        documents, lost = _read_documents(session)
        self._add(README, _readme_text(session, texts, lost).encode("utf-8-sig"))
        self._add("dossier.json", dossier_to_json(dossier, documents).encode())
        self._add("instrument.json", session.instrument_text.encode())
        tell(say("Writing tables"), 0.2)
        self._add("answers.csv", to_csv(answer_table_rows(dossier)))
        for register in REGISTERS:
            self._add(f"registers/{register}.csv", register_csv(session, register))
        self._add("history.csv", to_csv(history_rows(session), HISTORY_COLUMNS))
        tell(say("Making the workbook"), 0.3)
        self._add("workbook.xlsx", report_bytes(dossier, ".xlsx", texts=texts))
        tell(say("Writing documents"), 0.8)
        for digest, name in document_names(dossier, documents).items():
            self._add(f"documents/{name}", documents[digest])
        # In the form that the command sha256sum -c reads.
        self._add(SUMS, "".join(f"{digest}  {name}\n" for name, digest in self._sums.items()).encode())
        self._zip.close()
        return ExportedArchive(tuple(self._sums), lost)


def _read_documents(session: AssessmentSession) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Read all held documents, and name those that cannot be read."""
    found: dict[str, bytes] = {}
    lost: list[str] = []
    for digest in session.documents:
        try:
            found[digest] = session.document(digest)
        except KnownError:
            lost.append(digest)
    return found, tuple(lost)


# -- tables ------------------------------------------------------------------------------------------------------------


def _cell_text(value: object) -> str:
    return value_text(value) if isinstance(value, tuple) else str(value)


def register_csv(session: AssessmentSession, register: str) -> bytes:
    """Write a register as a table, one entry in each row."""
    columns = [field.name for field in fields(REGISTERS[register])]
    entries: tuple[RegisterEntry, ...] = session.entries(register)
    return to_csv((tuple(_cell_text(getattr(entry, column)) for column in columns) for entry in entries), columns)


def history_rows(session: AssessmentSession) -> Iterator[tuple[str, ...]]:
    """Go through every change there ever was, oldest first, in the order of ``HISTORY_COLUMNS``."""
    yield from map(_answer_row, in_order(session.known.answers.all()))
    yield from map(_entry_row, in_order(session.known.entries.all()))


def _origin_of(revision: Revision | EntryRevision) -> tuple[str, ...]:
    return revision.id.device, str(revision.id.counter), revision.time, revision.author


def _answer_row(revision: Revision) -> tuple[str, ...]:
    key, content = revision.key, revision.content
    place = (key.address.question, key.address.row, key.address.column, key.layer.value, key.respondent)
    said = (value_text(content.value), content.reason, content.note, ";".join(content.evidence))
    follows = " ".join(map(str, revision.parents))
    return (
        *_origin_of(revision), revision.language, "answer", *place, content.state.value, *said, "", "", "", follows,
    )  # fmt: skip


def _entry_row(revision: EntryRevision) -> tuple[str, ...]:
    content = entry_json(revision.content) if revision.content else ""
    nothing = ("",) * 10
    follows = " ".join(map(str, revision.parents))
    return (*_origin_of(revision), "", "entry", *nothing, revision.register, revision.entry, content, follows)


# -- documents ---------------------------------------------------------------------------------------------------------


def document_names(dossier: Dossier, documents: Mapping[str, bytes]) -> dict[str, str]:
    """Return every document a name that every system takes and no other one has, as near to its own as can be."""
    wanted: dict[str, str] = {}
    for one in dossier.evidence:
        wanted.setdefault(one.document, one.file_name)
    for file in dossier.returns:
        wanted.setdefault(file.document, file.file_name)
    taken: set[str] = set()
    names: dict[str, str] = {}
    for digest in documents:
        names[digest] = _free_name(_safe_document_name(wanted.get(digest, "")), taken)
        taken.add(names[digest].casefold())
    return names


def _safe_document_name(name: str) -> str:
    plain = safe_file_name(name)
    stem, suffix = Path(plain).stem, Path(plain).suffix
    while len(f"{stem}{suffix}".encode()) > _NAME_BYTES:
        stem, suffix = (stem[:-1], suffix) if len(stem) > 1 else (stem, suffix[:-1])
    return f"_{stem}{suffix}" if is_device_name(stem) else f"{stem}{suffix}"


def _free_name(name: str, taken: set[str]) -> str:
    stem, suffix, number, free = Path(name).stem, Path(name).suffix, 1, name
    while free.casefold() in taken:
        number += 1
        free = f"{stem} ({number}){suffix}"
    return free


# -- in words ----------------------------------------------------------------------------------------------------------


def _readme_text(session: AssessmentSession, texts: Translator, lost: Sequence[str]) -> str:
    say, mission = texts.gettext, session.mission
    name = " ".join(part for part in (mission.country_name or mission.country, mission.round) if part)
    parts = (
        ("dossier.json", say("everything, for programs: answers, registers, questions, documents and previous rounds. "
                             "The command “capacity-app import” reads it.")),
        ("answers.csv", say("all answers as one table. An apostrophe before =, +, - or @ keeps spreadsheets from "
                            "calculating with what people wrote.")),
        ("registers/", say("agencies, people, meetings, sources, evidence, actions and other lists, one table each.")),
        ("history.csv", say("every change there ever was, with who made it and when; nothing is left out.")),
        ("workbook.xlsx", say("the assessment as a workbook to read.")),
        ("instrument.json", say("the questionnaire as it was answered.")),
        ("documents/", say("the documents kept as evidence, and the files that came back, under their own names.")),
        (SUMS, say("the SHA-256 sum of every file here, to see whether one was changed: “sha256sum -c {file}”.").format(
            file=SUMS)),
    )  # fmt: skip
    lines = [
        say("Everything of the assessment {name}").format(name=name),
        say("Made from “{file}”, {time} (UTC).").format(file=session.file.name, time=now()[:16].replace("T", " ")),
        "",
        say("No special program is needed: the tables open in any spreadsheet (UTF-8, comma), the rest in any editor."),
        say("This ZIP file is not protected by a passphrase. Everybody who has it can read everything in it."),
        "",
        *(f"{file}: {about}" for file, about in parts),
    ]
    if lost:
        about = say("These documents are damaged in the file and are missing here (SHA-256):")
        lines += ["", about, *lost]
    return "\r\n".join(lines) + "\r\n"


# Two rounds of one country compared from their files, over what both answered; for reading, printing and programs.

NO_COMPARISON_WORKBOOK = N_("A comparison ends in .pdf, .docx, .html or .json; {file} does not.")
ROUNDS_OF_TWO_COUNTRIES = N_(
    "{earlier} is about {theirs}, {later} about {ours}: only rounds of one country can be compared."
)


@dataclass(frozen=True, slots=True)
class ComparedRounds:
    """Two rounds and what changed between them."""

    earlier: Dossier
    later: Dossier
    comparison: AssessmentComparison

    @property
    def is_good(self) -> bool:
        """Return whether the rounds could be compared and nothing is to be alarmed about."""
        return self.comparison.is_compatible and not self.comparison.regressions


def compare_round_files(earlier: Path, later: Path, device: str = "", keys: Keyring = NO_KEYS) -> ComparedRounds:
    """Compare two assessments or dossiers; raises KnownError if one cannot be read or they are of two countries."""
    before, after = read_previous_round(earlier, device, keys), read_previous_round(later, device, keys)
    theirs, ours = before.mission, after.mission
    if theirs.country and ours.country and theirs.country != ours.country:
        raise KnownError(
            ROUNDS_OF_TWO_COUNTRIES,
            earlier=earlier.name,
            later=later.name,
            theirs=theirs.country_name or theirs.country,
            ours=ours.country_name or ours.country,
        )
    return ComparedRounds(before, after, compare_rounds(before, after))


def write_comparison(rounds: ComparedRounds, destination: Path, texts: Translator) -> None:
    """Write the comparison alone as .pdf, .docx or .html, or the figures as .json.

    Raises KnownError, and then an old file is as it was.
    """
    if destination.suffix.lower() == ".json":
        check_writable(destination)
        text = json.dumps(comparison_data(rounds), ensure_ascii=False, indent=2)
        write_atomically(destination, f"{text}\n".encode())
        return
    if destination.suffix.lower() == ".xlsx":
        raise KnownError(NO_COMPARISON_WORKBOOK, file=destination.name)
    shown = replace(rounds.later, previous=rounds.earlier)
    write_report(shown, destination, texts=texts, profile=ReportProfile(ReportVolume.COMPARISON))


def _round_data(dossier: Dossier) -> dict[str, str]:
    mission, instrument = dossier.mission, dossier.instrument
    return {
        "country": mission.country,
        "round": mission.round,
        "instrument": instrument.id,
        "version": instrument.version,
    }


def comparison_data(rounds: ComparedRounds) -> dict[str, Any]:
    """Return the figures under the names the README documents: points 0-100 to one decimal, shares to three."""
    found = rounds.comparison
    return {
        "earlier": _round_data(rounds.earlier),
        "later": _round_data(rounds.later),
        "comparable": found.is_compatible,
        "matched": found.matched,
        "weight_share": plain_share(found.weight_share) if found.is_compatible else None,
        "counts": {change.value: found.count(change) for change in RoundChange},
        "sections": [
            {
                "id": entry.section.id,
                "matched": entry.matched,
                "weight_share": plain_share(entry.weight_share),
                "before": plain_points(entry.before),
                "after": plain_points(entry.after),
            }
            for entry in found.sections
        ],
        "changes": [
            {
                "address": str(entry.address),
                "number": entry.number,
                "change": entry.change.value,
                "before": plain_share(entry.before),
                "after": plain_share(entry.after),
            }
            for entry in found.changes
            if entry.change is not RoundChange.SAME
        ],
        "regressions": [{"address": str(entry.address), "option": entry.option.id} for entry in found.regressions],
    }


# The recovery sheet of a protected file, written where a person says and nowhere else.

RECOVERY_SHEET_SUFFIX = ".pdf"
RECOVERY_SHEET_IS_PDF = N_("A recovery sheet is a PDF: give it a name that ends in {ending}; {file} does not.")
BESIDE_ITS_FILE = N_(
    "This sheet is in the same folder as the file it opens. A person who takes the folder can read the "
    "file. Print the sheet and delete it here, or keep it on another disk."
)


def is_beside_file(sheet: Path, file: Path) -> bool:
    """Return whether a sheet is kept in the folder of the file it opens, or below it."""
    return file.resolve().parent in sheet.resolve().parents


def expect_recovery_sheet_writable(out: Path) -> None:
    """Find out before anything is changed whether a sheet can be written to a place; raises KnownError."""
    if out.suffix.casefold() != RECOVERY_SHEET_SUFFIX:
        raise KnownError(RECOVERY_SHEET_IS_PDF, ending=RECOVERY_SHEET_SUFFIX, file=out.name)
    load_weasyprint()
    check_writable(out)


def write_recovery_sheet(out: Path, file: Path, mission: Mission, key: EncryptionKey, texts: Translator) -> None:
    """Write the sheet for a file and its key; raises KnownError, and then an old sheet of that name is as it was."""
    expect_recovery_sheet_writable(out)
    today = texts.date(datetime.now().astimezone().date().isoformat())
    about = texts.listed(part for part in (mission.country_name or mission.country, mission.round) if part)
    sheet = RecoverySheet(file.name, about, today, recovery_words(key.raw))
    write_atomically(out, render_recovery_sheet(sheet, texts), is_complete_pdf)
