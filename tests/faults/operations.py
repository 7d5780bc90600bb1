"""What the program does with files, one small job each: how things stand before, the act, and what is found after."""

import io
import shutil
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import sqlcipher3.dbapi2  # noqa: F401
import sqlite_utils  # noqa: F401 - what children use is read before they are made
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.domain.encryption_keys import EncryptionKey, keyring_of
from capacity_app.domain.problems import KnownError
from capacity_app.files.atomic import write_atomically
from capacity_app.i18n.translator import Translator
from capacity_app.services import backups, protection
from capacity_app.services.exchange.merge import MergePlan, apply_merge, merge_into_new, plan_merge
from capacity_app.services.exchange.returned_files import import_change_set, propose_import
from capacity_app.services.exports import export_archive, export_assessment
from capacity_app.services.reports import is_complete_pdf, report_bytes, write_report
from capacity_app.services.session import entries_and_documents
from capacity_app.services.session.change_sets import store_change_set
from capacity_app.services.session.file_writing import create_assessment
from capacity_app.services.session.revision_log import Saved, SaveFailed
from capacity_app.storage.assessment_file import AssessmentFile
from capacity_app.storage.recovery import restore_backup
from capacity_app.ui.session.settings import Settings
from tests.builders import DEVICE, MISSION, file_of, open_session, small_dossier, small_instrument
from tests.faults.stracing import Teller, at_home_in
from tests.services.exchange.making import answered, came_back, workbook
from tests.services.exchange.officers import answer, continued, says

FILE, OTHER, OUT = "small.assessment", "Bea.assessment", "out"
ANSWERS = 2
KEY = AnswerKey(Address("i.plan"), respondent="agency-of-the-child")
SECRET = EncryptionKey(salt=bytes(range(1, 17)), raw=bytes(range(32)))
VERSION_1 = Path(__file__).parents[1] / "expected" / "assessments" / "version-1.assessment"
_OLD = b"what was there before"

Act = Callable[[Path, Teller], None]
State_ = tuple[object, ...]
"""What is found, part by part; each part is as it was or as it was to become."""


@dataclass(frozen=True)
class Operation:
    """``mends``: what one failing call kept from the disk gets there with the next attempt; ``is_silent``: what fails
    costs no more than convenience, and nobody is told."""

    name: str
    prepare: Callable[[Path], object]
    act: Act
    found: Callable[[Path], State_]
    mends: bool = False
    is_silent: bool = False
    visible: frozenset[str] = field(default=frozenset())


# -- what is found afterwards ------------------------------------------------------------------------------------------


def content_of(file: Path, key: EncryptionKey | None = None) -> object:
    """Read what a sound assessment says, ids and times aside; None if there is no such file."""
    if not file.exists():
        return None
    with AssessmentFile(file, keys=keyring_of(key)) as opened:
        assert opened.check() == ()
        stored = opened.read()
    answers = Counter((one.key, one.content) for one in stored.revisions)
    entries = Counter((one.register, one.content is None) for one in stored.entries)
    return frozenset(answers.items()), frozenset(entries.items()), frozenset(stored.documents)


def _old_or(is_new: Callable[[bytes], bool], file: Path) -> object:
    """Say whether a file is what it was or what it was to become, where that is never twice the same."""
    content = file.read_bytes()
    assert content == _OLD or is_new(content)
    return content == _OLD


# -- saving ------------------------------------------------------------------------------------------------------------


def _typed(key: EncryptionKey | None, folder: Path, tell: Teller) -> None:
    said = 0

    def told(news: Saved | SaveFailed) -> None:
        nonlocal said
        if isinstance(news, SaveFailed):
            tell.refused(news.error.text())
        else:
            tell.done(*range(said, said + news.written))
            said += news.written

    tell.ready()
    session = open_session(
        folder / FILE,
        on_saved=told,
        on_backup_failed=lambda error: tell.refused(error.text()),
        keys=keyring_of(key),
    )
    try:
        for number in range(ANSWERS):
            session.record(KEY, Content(state=AnswerState.ANSWERED, value=number % 4, note=str(number)))
            session.flush()
    finally:
        session.close()


def _notes(key: EncryptionKey | None, folder: Path) -> State_:
    content_of(folder / FILE, key)
    with open_session(folder / FILE, keys=keyring_of(key), read_only=True) as session:
        notes = [int(r.content.note) for r in reversed(session.history(KEY.address)) if r.key == KEY]
        assert session.content(KEY).note == (str(notes[-1]) if notes else "")
    assert notes == list(range(len(notes)))
    return tuple(number in notes for number in range(ANSWERS))


def protected_file_of(folder: Path) -> Path:
    """Make the small assessment, protected."""
    plain = file_of(folder)
    with open_session(plain) as session:
        session.key = SECRET
        session.save_copy(plain.with_name("protected.assessment"))
    return plain.with_name("protected.assessment").replace(plain)


# -- schema ------------------------------------------------------------------------------------------------------------


def _old_version(folder: Path) -> None:
    shutil.copy(VERSION_1, folder / FILE)


def _opened(folder: Path, tell: Teller) -> None:
    tell.ready()
    with open_session(folder / FILE) as session:
        if session.read_only_reason:
            raise session.read_only_reason
    tell.done(0)


def _version(file: Path) -> tuple[int, int, int]:
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        counts = (connection.execute(f"SELECT count(*) FROM {t}_revisions").fetchone()[0] for t in ("answer", "entry"))
        return (version, *counts)


def _migrated(folder: Path) -> State_:
    found = _version(folder / FILE)
    kept = [_version(one) for one in (folder / "home").rglob("*.assessment") if not one.name.startswith(".")]
    assert all(one == _version(VERSION_1) for one in kept)
    assert kept or found == _version(VERSION_1), "brought up to date without a backup"
    return (found,)


# -- merging and taking in ---------------------------------------------------------------------------------------------


def _two_officers(folder: Path) -> None:
    file = file_of(folder)
    continued(file, "Bea", says("i.law", answer(2)), says("ii.name", answer("Bea’s")))
    continued(file, "Bea", says("i.plan", answer(0)))


def _expect_possible(plan: MergePlan) -> None:
    """Stop where the person would be told that a file cannot be merged."""
    for source in plan.refused:
        assert source.problem
        raise KnownError(source.problem.message, **dict(source.problem.values))


def _merged_in(folder: Path, tell: Teller) -> None:
    with open_session(folder / FILE) as session:
        tell.ready()
        plan = plan_merge(session, (folder / OTHER,))
        _expect_possible(plan)
        apply_merge(session, plan)
    tell.done(0)


def _merged_into_new(folder: Path, tell: Teller) -> None:
    with open_session(folder / FILE, read_only=True) as session:
        plan = plan_merge(session, (folder / OTHER,))
        tell.ready()
        merge_into_new(session, plan, folder / "merged.assessment", author="A. Officer")
    tell.done(1)


def _merged(folder: Path) -> State_:
    content_of(folder / OTHER)
    return content_of(folder / FILE), content_of(folder / "merged.assessment")


def _taken_in(folder: Path, tell: Teller) -> None:
    edits = {"i.law": answered(2, note="Amended in 2019."), "ii.staff": answered(15)}
    with open_session(folder / FILE) as session:
        proposal = propose_import(session, came_back(session, edits), "agency-nso")
        tell.ready()
        store_change_set(session, import_change_set(session, proposal, {}, workbook()))
    tell.done(0)


def _only(folder: Path) -> State_:
    return (content_of(folder / FILE),)


# -- files that leave --------------------------------------------------------------------------------------------------


def _ready(suffix: str) -> Callable[[Path], object]:
    """Lay down a report that costs too much to be made a hundred times."""

    def prepare(folder: Path) -> None:
        (folder / f"ready{suffix}").write_bytes(report_bytes(small_dossier(), suffix, texts=Translator("en")))
        (folder / f"{OUT}{suffix}").write_bytes(_OLD)

    return prepare


def _with_old(*names: str) -> Callable[[Path], object]:
    def prepare(folder: Path) -> None:
        file_of(folder)
        workbook()
        for name in names:
            (folder / name).write_bytes(_OLD)

    return prepare


def _exported(suffix: str, folder: Path, tell: Teller) -> None:
    with open_session(folder / FILE, read_only=True) as session:
        session.dossier()
        tell.ready()
        export_assessment(session, folder / f"{OUT}{suffix}", Translator("en"))
    tell.done(0)


def _reported(suffix: str, folder: Path, tell: Teller) -> None:
    with open_session(folder / FILE, read_only=True) as session:
        dossier = session.dossier()
        tell.ready()
        write_report(dossier, folder / f"{OUT}{suffix}", texts=Translator("en"))
    tell.done(0)


def _put(suffix: str, folder: Path, tell: Teller) -> None:
    content = (folder / f"ready{suffix}").read_bytes()
    tell.ready()
    write_atomically(folder / f"{OUT}{suffix}", content, is_complete_pdf if suffix == ".pdf" else None)
    tell.done(0)


def _out(suffix: str, folder: Path) -> State_:
    ends = {".json": b"}", ".csv": b"\n", ".html": b"</html>", ".pdf": b"%%EOF"}
    is_new = (lambda content: content.rstrip(b" ").endswith(ends[suffix]) or content.rstrip().endswith(ends[suffix])) \
        if suffix in ends else (lambda content: content.startswith(b"PK") and b"PK\5\6" in content[-64:])  # fmt: skip
    return (_old_or(is_new, folder / f"{OUT}{suffix}"),)


def _copied(folder: Path, tell: Teller) -> None:
    with open_session(folder / FILE) as session:
        session.record(KEY, Content(state=AnswerState.ANSWERED, value=1, note="0"))
        session.flush()
        tell.ready()
        session.save_copy(folder / OTHER, replace=True)
        tell.done(0)


def _copies(folder: Path) -> State_:
    content_of(folder / FILE)
    return (content_of(folder / OTHER),)


def _begun(folder: Path, tell: Teller) -> None:
    tell.ready()
    create_assessment(folder / FILE, small_instrument(), MISSION, device=DEVICE)
    tell.done(0)


def _everything(folder: Path, tell: Teller) -> None:
    with open_session(folder / FILE, read_only=True) as session:
        session.dossier()
        tell.ready()
        export_archive(session, folder / f"{OUT}.zip", Translator("en"))
    tell.done(0)


def _is_whole_zip(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.testzip() is None


def _zip(folder: Path) -> State_:
    return (_old_or(_is_whole_zip, folder / f"{OUT}.zip"),)


# -- backups and protection --------------------------------------------------------------------------------------------


def _kept(folder: Path, key: EncryptionKey | None = None) -> list[object]:
    """Read every backup there is; one that is not sound is none."""
    with at_home_in(folder):
        return [content_of(one.file, key) for one in backups.backups_of(folder / FILE, keyring_of(key))]


def _backed_up(folder: Path, tell: Teller) -> None:
    tell.ready()
    backups.make_backup(folder / FILE)
    tell.done(0)


def _backup(folder: Path) -> State_:
    kept, whole = _kept(folder), content_of(folder / FILE)
    assert kept in ([], [whole])
    return (len(kept),)


def _with_backup(folder: Path) -> None:
    file = file_of(folder)
    with at_home_in(folder):
        backups.make_backup(file)
    with open_session(file) as session:
        session.record(KEY, Content(state=AnswerState.ANSWERED, value=1, note="after the backup"))


def _restored(folder: Path, tell: Teller) -> None:
    tell.ready()
    restore_backup(backups.find_backup(folder / FILE, 1), folder / FILE)
    tell.done(0)


def _restoration(folder: Path) -> State_:
    kept, found = _kept(folder), content_of(folder / FILE)
    kept += [content_of(one) for one in (folder / "home").rglob("small (damaged*.assessment")]
    assert found != kept[0] or len(kept) > 1, "what stood there is lost"
    return (found,)


def _put_under(key: EncryptionKey | None, folder: Path, tell: Teller) -> None:
    tell.ready()
    # Past the derivation, which takes a tenth of a second each time.
    done = protection._change_key(folder / FILE, key, keyring_of(SECRET))
    for left in done.left:
        tell.refused(left.reason.text())
    tell.done(0)


def _protected(folder: Path) -> State_:
    with AssessmentFile(folder / FILE, keys=keyring_of(SECRET)) as opened:
        is_protected = opened.key is not None
    content_of(folder / FILE, SECRET)
    _kept(folder, SECRET)
    return (is_protected,)


def _already_protected(folder: Path) -> None:
    file_of(folder)
    with at_home_in(folder):
        protection._change_key(folder / FILE, SECRET, keyring_of(SECRET))


# -- the program's own files -------------------------------------------------------------------------------------------


def _known_person(folder: Path) -> None:
    settings = Settings(folder / "settings.ini")
    settings.author = "old"
    settings.sync()


def _renamed_person(folder: Path, tell: Teller) -> None:
    tell.ready()
    settings = Settings(folder / "settings.ini")
    settings.author = "new"
    settings.sync()
    tell.done()


def _person(folder: Path) -> State_:
    settings = Settings(folder / "settings.ini")
    found = settings.author
    settings.author = "somebody else"
    settings.sync()
    assert Settings(folder / "settings.ini").author == "somebody else", "a lock was left behind"
    return (found,)


def _introduced(folder: Path, tell: Teller) -> None:
    tell.ready()
    made = entries_and_documents.device_id(folder / "device.txt")
    assert made.isalnum()
    protection.own_identity(folder / "key.pem")
    tell.done()


def _introduction(folder: Path) -> State_:
    device, key = folder / "device.txt", folder / "key.pem"
    assert not key.exists() or load_pem_private_key(key.read_bytes(), None)
    was_there = device.exists()
    assert entries_and_documents.device_id(device) == entries_and_documents.device_id(device), (
        "half an id stays half an id"
    )
    return was_there, key.exists()


OPERATIONS = (
    Operation("save", file_of, partial(_typed, None), partial(_notes, None), mends=True),
    Operation("save protected", protected_file_of, partial(_typed, SECRET), partial(_notes, SECRET), mends=True),
    Operation("migration", _old_version, _opened, _migrated),
    Operation("merge", _two_officers, _merged_in, _merged),
    Operation("merge into new", _two_officers, _merged_into_new, _merged),
    Operation("intake", _with_old(), _taken_in, _only),
    *(
        Operation(f"export {one}", _with_old(f"{OUT}{one}"), partial(_exported, one), partial(_out, one))
        for one in (".json", ".csv")
    ),
    *(
        Operation(f"report {one}", _with_old(f"{OUT}{one}"), partial(_reported, one), partial(_out, one))
        for one in (".xlsx",)
    ),
    *(
        Operation(f"report {one}", _ready(one), partial(_put, one), partial(_out, one))
        for one in (".pdf", ".docx", ".html")
    ),
    Operation("export everything", _with_old(f"{OUT}.zip"), _everything, _zip),
    Operation("backup", file_of, _backed_up, _backup),
    Operation("restore", _with_backup, _restored, _restoration),
    Operation("protect", _with_backup, partial(_put_under, SECRET), _protected),
    Operation("unprotect", _already_protected, partial(_put_under, None), _protected),
    Operation("save a copy", _two_officers, _copied, _copies),
    Operation("new assessment", lambda _folder: None, _begun, _only),
    Operation("settings", _known_person, _renamed_person, _person, is_silent=True),
    Operation("device and signing key", lambda _folder: None, _introduced, _introduction, is_silent=True),
)
