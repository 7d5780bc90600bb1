"""Everything an assessment holds, in one ZIP that needs no program of ours: for archives, and for getting out of here.

The parts say the same in several forms, for people and for programs. What cannot be read in a damaged file is left out
and named; everything else is there.
"""

import hashlib
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import IO

from capacity_app.domain.assessment import REGISTERS, Entry
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.problems import KnownError
from capacity_app.domain.revisions import EntryRevision, Revision, in_order
from capacity_app.files.atomic import atomic_file
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.services.copies import now
from capacity_app.services.dossier_json import dossier_to_json
from capacity_app.services.opened_documents import plain_name
from capacity_app.services.reporting import onward, report_bytes
from capacity_app.services.tables import answer_rows, to_csv, value_text
from capacity_app.store.rows import entry_json
from capacity_app.texts import Texts

README, SUMS = "README.txt", "SHA256SUMS.txt"
HISTORY_HEADINGS = (
    "device", "number", "time", "author", "language", "kind", "question", "row", "column", "layer", "respondent",
    "state", "value", "reason", "note", "evidence", "register", "entry", "content", "follows",
)  # fmt: skip
"""Of every change: who made it where, what it says, and which earlier changes it was made on top of."""
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(10))})
_NAME_BYTES = 180

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Exported:
    """What is in the ZIP: names in it, and the documents (SHA-256) that could not be read."""

    names: tuple[str, ...]
    lost: tuple[str, ...] = ()


def export_everything(
    session: AssessmentSession, destination: Path, texts: Texts, progress: Progress | None = None
) -> Exported:
    """Write the ZIP, which is never protected; raises KnownError, and then an old file is as it was."""
    tell = onward(progress)
    with atomic_file(destination, lambda temp: _is_whole(temp, made)) as file:
        archive = _Archive(file)
        try:
            made = archive.fill(session, texts, tell)
        finally:
            archive.let_go()
        tell(texts.gettext("Checking and saving the file"), 0.95)
    tell(texts.gettext("Done"), 1.0)
    return made


def _is_whole(file: Path, made: Exported) -> bool:
    try:
        with zipfile.ZipFile(file) as archive:
            return archive.testzip() is None and tuple(archive.namelist()) == made.names
    except zipfile.BadZipFile:
        return False


class _Archive:
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

    def fill(self, session: AssessmentSession, texts: Texts, tell: Progress) -> Exported:
        say, dossier = texts.gettext, session.dossier()
        tell(say("Reading the answers"), 0.0)
        documents, lost = _documents(session)
        self._add(README, _readme(session, texts, lost).encode("utf-8-sig"))
        self._add("dossier.json", dossier_to_json(dossier, documents).encode())
        self._add("instrument.json", session.instrument_text.encode())
        tell(say("Writing tables"), 0.2)
        self._add("answers.csv", to_csv(answer_rows(dossier)))
        for register in REGISTERS:
            self._add(f"registers/{register}.csv", register_csv(session, register))
        self._add("history.csv", to_csv(history_rows(session), HISTORY_HEADINGS))
        tell(say("Making the workbook"), 0.3)
        self._add("workbook.xlsx", report_bytes(dossier, ".xlsx", texts=texts))
        tell(say("Writing documents"), 0.8)
        for digest, name in document_names(dossier, documents).items():
            self._add(f"documents/{name}", documents[digest])
        # In the form that the command sha256sum -c reads.
        self._add(SUMS, "".join(f"{digest}  {name}\n" for name, digest in self._sums.items()).encode())
        self._zip.close()
        return Exported(tuple(self._sums), lost)


def _documents(session: AssessmentSession) -> tuple[dict[str, bytes], tuple[str, ...]]:
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


def _text(value: object) -> str:
    return value_text(value) if isinstance(value, tuple) else str(value)


def register_csv(session: AssessmentSession, register: str) -> bytes:
    """Write a register as a table, one entry in each row."""
    columns = [field.name for field in fields(REGISTERS[register])]
    entries: tuple[Entry, ...] = session.entries(register)
    return to_csv((tuple(_text(getattr(entry, column)) for column in columns) for entry in entries), columns)


def history_rows(session: AssessmentSession) -> Iterator[tuple[str, ...]]:
    """Go through every change there ever was, oldest first, in the order of ``HISTORY_HEADINGS``."""
    yield from map(_answer_row, in_order(session.known.answers.all()))
    yield from map(_entry_row, in_order(session.known.entries.all()))


def _made(revision: Revision | EntryRevision) -> tuple[str, ...]:
    return revision.id.device, str(revision.id.counter), revision.time, revision.author


def _answer_row(revision: Revision) -> tuple[str, ...]:
    key, content = revision.key, revision.content
    place = (key.address.question, key.address.row, key.address.column, key.layer.value, key.respondent)
    said = (value_text(content.value), content.reason, content.note, ";".join(content.evidence))
    follows = " ".join(map(str, revision.parents))
    return (
        *_made(revision), revision.language, "answer", *place, content.state.value, *said, "", "", "", follows,
    )  # fmt: skip


def _entry_row(revision: EntryRevision) -> tuple[str, ...]:
    content = entry_json(revision.content) if revision.content else ""
    nothing = ("",) * 10
    follows = " ".join(map(str, revision.parents))
    return (*_made(revision), "", "entry", *nothing, revision.register, revision.entry, content, follows)


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
        names[digest] = _free(_safe(wanted.get(digest, "")), taken)
        taken.add(names[digest].casefold())
    return names


def _safe(name: str) -> str:
    plain = plain_name(name)
    stem, suffix = Path(plain).stem, Path(plain).suffix
    while len(f"{stem}{suffix}".encode()) > _NAME_BYTES:
        stem, suffix = (stem[:-1], suffix) if len(stem) > 1 else (stem, suffix[:-1])
    return f"_{stem}{suffix}" if stem.split(".")[0].casefold() in _RESERVED else f"{stem}{suffix}"


def _free(name: str, taken: set[str]) -> str:
    stem, suffix, number, free = Path(name).stem, Path(name).suffix, 1, name
    while free.casefold() in taken:
        number += 1
        free = f"{stem} ({number}){suffix}"
    return free


# -- in words ----------------------------------------------------------------------------------------------------------


def _readme(session: AssessmentSession, texts: Texts, lost: Sequence[str]) -> str:
    say, mission = texts.gettext, session.mission
    name = " ".join(part for part in (mission.country_name or mission.country, mission.round) if part)
    parts = (
        ("dossier.json", say("everything, for programs: answers, registers, questions, documents and earlier rounds. "
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
        say("This ZIP is not protected by a passphrase: whoever has it can read everything in it."),
        "",
        *(f"{file}: {about}" for file, about in parts),
    ]
    if lost:
        about = say("These documents are damaged in the file and are missing here (SHA-256):")
        lines += ["", about, *lost]
    return "\r\n".join(lines) + "\r\n"
