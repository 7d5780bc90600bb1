"""What is fuzzed: each target reads bytes as the product reads such a file and does what it does next."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from capacity_app.domain.assessment.registers import Agency
from capacity_app.domain.assessment.returned_files import ReturnedContent, build_import_proposal
from capacity_app.domain.problems import KnownError, Problem, ProblemSeverity
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.domain.scoring.answer_sheet import lay_out
from capacity_app.domain.scoring.gaps import find_gaps
from capacity_app.domain.scoring.scores import score_sheet
from capacity_app.i18n import catalogues
from capacity_app.questionnaires import library
from capacity_app.questionnaires.checks import instrument_problems
from capacity_app.questionnaires.instrument_json import decode_instrument, encode_instrument
from capacity_app.questionnaires.migration_files import migration_files, read_migration
from capacity_app.questionnaires.reader import folder_problems, read_heading, read_instrument
from capacity_app.services.exchange.verification import verify
from capacity_app.services.session.dossier_json import dossier_from_json, dossier_to_json
from capacity_app.services.session.entries_and_documents import allowed_document_suffixes, check_document
from capacity_app.services.untrusted import inspection
from capacity_app.services.untrusted.returned_file import read_returned_file
from tests.builders import small_dossier, small_instrument
from tests.fuzz import mutating, seeds
from tests.fuzz.laws import BrokenError, expect_sentence, expect_sentences
from tests.fuzz.mutating import Mutator
from tests.fuzz.seeds import Seeds

_FILE = re.compile(rb"^--- ([\w.-]{1,40})\n", re.MULTILINE)
_DECODER = msgspec.json.Decoder(ReturnedContent)
OURS = small_dossier()
INSTRUMENT = small_instrument()


@dataclass(frozen=True, slots=True)
class Target:
    """Something that reads bytes of strangers. ``prepare`` lays them out in a folder before anything is watched."""

    read: Callable[[bytes, Path], None]
    seeds: Seeds
    mutate: Mutator
    suffix: str
    weight: int = 1
    prepare: Callable[[bytes, Path], None] = lambda _data, _folder: None
    retried: bool = False
    """Whether the product does it in a child process, so that a library may end that."""


# -- files that came back ------------------------------------------------------------------------------------------


def _returned(file: str) -> Callable[[bytes, Path], None]:
    def read(data: bytes, _folder: Path) -> None:
        returned = read_returned_file(file, data, lambda _origin: INSTRUMENT)
        if _DECODER.decode(msgspec.json.encode(returned)) != returned:
            raise BrokenError("what a child leaves is not what its parent takes")
        proposal = build_import_proposal(OURS, returned, Agency(id="agency-nso"))
        expect_sentences((*returned.problems, *proposal.problems))

    return read


# -- texts ---------------------------------------------------------------------------------------------------------


def _dossier(data: bytes, _folder: Path) -> None:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return
    dossier, documents, problems = dossier_from_json(text)
    expect_sentences(problems)
    sheet = lay_out(dossier.instrument, {})
    score_sheet(sheet)
    find_gaps(sheet)
    written = dossier_to_json(dossier, documents)
    again, _documents, _problems = dossier_from_json(written)
    if dossier_to_json(again, documents) != written:
        raise BrokenError("what was read and written is read as something else")


def _copy(data: bytes, _folder: Path) -> None:
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return
    instrument = decode_instrument(text)
    problems = instrument_problems(instrument)
    expect_sentences(problems)
    if not _has_errors(problems):
        _use(instrument)


def _wording(_data: bytes, folder: Path) -> None:
    words = catalogues.read_wording.__wrapped__(folder / "fr.po")
    if not all(
        isinstance(part, str) for (context, original), said in words.items() for part in (context, original, said)
    ):
        raise BrokenError("a wording that is no text")
    catalogues.read_review(folder / "fr.po")


def _has_errors(problems: tuple[Problem, ...]) -> bool:
    return any(problem.severity is ProblemSeverity.ERROR for problem in problems)


def _use(instrument: Instrument) -> None:
    if decode_instrument(encode_instrument(instrument)) != instrument:
        raise BrokenError("a copy of the instrument is another instrument")
    sheet = lay_out(instrument, {})
    score_sheet(sheet)
    find_gaps(sheet)


def _lay_out_folder(data: bytes, folder: Path) -> None:
    _lay_empty(folder)
    _first, *others = _FILE.split(data)
    for name, content in zip(others[::2], others[1::2], strict=True):
        if name.strip(b"."):
            (folder / name.decode()).write_bytes(content)
    (folder / "migrations").mkdir()
    (folder / "migrations" / "1.0-2.0.toml").write_bytes(others[1] if others else data)


def _lay_empty(folder: Path) -> None:
    for one in sorted(folder.rglob("*"), reverse=True):
        one.rmdir() if one.is_dir() else one.unlink()


def _instruments(_data: bytes, folder: Path) -> None:
    instrument, problems = read_instrument(folder, ["s.toml"])
    _heading, more = read_heading(folder)
    entries = library.list_instruments((folder.parent,))
    expect_sentences((*problems, *more, *folder_problems(folder), *(p for one in entries for p in one.problems)))
    for file in migration_files(folder):
        expect_sentences(read_migration(file)[1])
    if (instrument is None) != _has_errors(problems):
        raise BrokenError("an instrument with mistakes, or one without that cannot be used")
    if instrument is not None:
        _use(instrument)


# -- anything ------------------------------------------------------------------------------------------------------


def _lay_file(name: str) -> Callable[[bytes, Path], None]:
    def lay(data: bytes, folder: Path) -> None:
        (folder / name).write_bytes(data)

    return lay


def _guard(data: bytes, folder: Path) -> None:
    file = folder / "given"
    for look in (
        lambda: inspection.kind_of(file),
        lambda: inspection.inspect_content(data, file.name),
        lambda: _opened(file),
    ):
        _refused_or_read(look)
    for suffix in allowed_document_suffixes():
        _refused_or_read(lambda suffix=suffix: check_document(f"given{suffix}", data))  # type: ignore[misc]


def _opened(file: Path) -> None:
    with inspection.open_package(file) as package:
        for name in package.namelist()[:20]:
            package.read(name)


def _refused_or_read(look: Callable[[], Any]) -> None:
    try:
        look()
    except KnownError as refusal:
        expect_sentence(refusal.text())


def _verify(data: bytes, folder: Path) -> None:
    if data.startswith(b"SQLite format 3\0"):
        return  # a file of the store, which has tests of its own
    found = verify(folder / "given")
    expect_sentence(found.file)
    expect_sentences(found.damage)
    msgspec.json.encode(found)


TARGETS = {
    "workbook": Target(_returned("given.xlsx"), seeds.workbooks, mutating.package, ".xlsx", 5, retried=True),
    "word": Target(_returned("given.docx"), seeds.word_files, mutating.package, ".docx", 3, retried=True),
    "dossier": Target(_dossier, seeds.dossiers, mutating.json_text, ".json", 3),
    "instrument": Target(_instruments, seeds.folders, mutating.toml_texts, ".toml", 3, _lay_out_folder),
    "copy": Target(_copy, seeds.copies, mutating.json_text, ".json", 2),
    "wording": Target(_wording, seeds.wordings, mutating.raw, ".po", 1, _lay_file("fr.po")),
    "guard": Target(_guard, seeds.anything, mutating.package, "", 2, _lay_file("given")),
    "verify": Target(_verify, seeds.reports, mutating.package, "", 2, _lay_file("given"), retried=True),
}


def read_by(target: Target, data: bytes, folder: Path) -> None:
    """Read bytes with a target, in an empty folder."""
    folder.mkdir(parents=True, exist_ok=True)
    target.prepare(data, folder)
    target.read(data, folder)
