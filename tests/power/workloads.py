"""What is done while the power may go at any moment, and what has to be there when it is back.

Each part of the program that writes is one ``Workload``. What it has acknowledged and what is found again are both
numbers: for typing how many units (an answer, an entry, or several things meant together), otherwise 0 for the old
and 1 for the new. Finding less than was acknowledged is a loss; anything but such a number is a corruption.
"""

import hashlib
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from capacity_app import paths
from capacity_app.domain.assessment.answers import Address, Answer, AnswerKey, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Agency, Evidence
from capacity_app.domain.encryption_keys import SALT_BYTES, EncryptionKey, Keyring, derive_key, keyring_of
from capacity_app.domain.problems import KnownError
from capacity_app.files.atomic import write_atomically
from capacity_app.services import backups
from capacity_app.services.protection import protect as put_under_passphrase
from capacity_app.services.protection import unprotect
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.file_writing import create_from_dossier
from capacity_app.services.session.revision_log import Saved, SaveFailed
from capacity_app.storage import database, schema
from capacity_app.storage.assessment_file import DocumentWrite
from capacity_app.storage.backups import list_backups
from capacity_app.storage.recovery import restore_backup
from tests.builders import ASSESSMENT_ID, dated, file_of, open_session, small_dossier
from tests.domain.making import say
from tests.power.disk import Files

KEY = EncryptionKey(salt=bytes(range(200, 216)), raw=bytes(range(32)))
UNITS = 30 if os.environ.get("CAPACITY_TORTURE") else 14
PLACES = ("i.law", "i.plan", "i.why", "ii.name", "iii.topics/a/available", "iii.topics/b/remark")
SMALL = "small.assessment"
Acted = Callable[[Path, EncryptionKey | None], None]


@dataclass(frozen=True)
class Workload:
    """Files that are there before, what is done to them in the child, and what is found afterwards."""

    prepare: Acted
    act: Acted
    recovered: Callable[[Path, EncryptionKey | None], int]


def acknowledge(number: int) -> None:
    """Say that so much is saved, in one call that is in the trace."""
    os.write(sys.stdout.fileno(), f"saved {number}\n".encode())


def home_in(folder: Path) -> dict[str, str]:
    """Return the environment in which the person's own folders are in a folder."""
    return {f"XDG_{kind}_HOME": str(folder / "home") for kind in ("CONFIG", "DATA", "STATE", "CACHE")}


def files_in(folder: Path) -> Files:
    """Read a whole folder."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path): path.read_bytes() for path in found}


def _opened(file: Path, key: EncryptionKey | None, *, read_only: bool = False) -> AssessmentSession:
    return open_session(file, keys=keyring_of(key), read_only=read_only)


def _expect_sound(session: AssessmentSession) -> None:
    problems = session.check_file()
    assert problems == (), [problem.text() for problem in problems]


def _small_file(folder: Path, key: EncryptionKey | None) -> None:
    """Put a small assessment there, protected if there is a key."""
    file = file_of(folder)
    if key:
        protect(file, key)


def protect(file: Path, key: EncryptionKey) -> None:
    """Replace a file by a protected copy of it, whatever version it is of."""
    beside = file.with_suffix(".protected")
    plain, made = database.connect(str(file)), database.connect(str(beside), key)
    try:
        for statement in plain.iterdump():
            if statement not in {"BEGIN TRANSACTION;", "COMMIT;"}:
                made.execute(statement)
        for name in ("application_id", "user_version"):
            (value,) = plain.execute(f"PRAGMA {name}").fetchone()
            made.execute(f"PRAGMA {name} = {value}")
    finally:
        plain.close()
        made.close()
    beside.replace(file)


# -- typing ------------------------------------------------------------------------------------------------------------


def _type(folder: Path, key: EncryptionKey | None) -> None:
    """Type units one after the other, and sometimes several before the disk has taken the first."""
    ends: list[int] = []
    saved = 0

    def told(news: Saved | SaveFailed) -> None:
        nonlocal saved
        assert isinstance(news, Saved), news
        saved += news.written
        acknowledge(sum(end <= saved for end in ends))

    session = open_session(folder / SMALL, on_saved=told, keys=keyring_of(key))
    with session:
        for number in range(1, UNITS + 1):
            before = ends[-1] if ends else 0
            ends.append(before + _parts(number))
            _say(session, number)
            if number % 5 > 2:
                session.flush()


def _parts(number: int) -> int:
    return {0: 3, 2: 1, 5: 2}.get(number % 10, 1)


def _say(session: AssessmentSession, number: int) -> None:
    answer = Answer(key=AnswerKey(Address.parse(PLACES[number % len(PLACES)])), content=Content(note=f"unit {number}"))
    agency = Agency(id=f"agency-{number % 3}", note=f"unit {number}")
    match number % 10:
        case 0:
            session.adopt([answer], [agency, Agency(id="agency-more", note=f"unit {number}")])
        case 2 | 7:
            session.put(agency)
        case 5:
            content = b"%PDF-" + number.to_bytes(2, "big") * 2_500
            digest = hashlib.sha256(content).hexdigest()
            held = Evidence(id=f"evidence-{number}", title="Act", document=digest, note=f"unit {number}")
            session.adopt([answer], [held], [DocumentWrite(digest, content)])
        case _:
            session.record(answer.key, answer.content)


def _typed(folder: Path, key: EncryptionKey | None) -> int:
    """Open the file as a person would, and count the units in it: the first ones, each of them whole."""
    with _opened(folder / SMALL, key) as session:
        assert not session.is_read_only, session.read_only_reason
        _expect_sound(session)
        notes = [one.content.note for one in session.known.answers.all()]
        notes += [getattr(one.content, "note", "") for one in session.known.entries.all()]
    numbers = sorted(int(note.removeprefix("unit ")) for note in notes if note.startswith("unit "))
    last = numbers[-1] if numbers else 0
    assert numbers == [number for number in range(1, last + 1) for _ in range(_parts(number))], "half of a unit"
    return last


def _look(folder: Path, key: EncryptionKey | None) -> None:
    """Open a file that a power cut has left behind and say what is in it: from then on somebody has seen it."""
    acknowledge(_typed(folder, key))


# -- whole files -------------------------------------------------------------------------------------------------------


def _expected(extra: int) -> Dossier:
    """Return the small dossier as it was, or with one more answer."""
    more = dated([say("ii.census", 2014, who="agency-nso")]) if extra else ()
    dossier = small_dossier()
    return small_dossier(answers=tuple(sorted((*dossier.answers, *more), key=lambda answer: answer.key)))


def _which(file: Path, key: EncryptionKey | None) -> int:
    """Tell the old assessment (0) from the new one (1)."""
    with _opened(file, key, read_only=True) as session:
        _expect_sound(session)
        answers = {answer.key: answer.content for answer in session.dossier().answers}
    both = ({answer.key: answer.content for answer in _expected(extra).answers} for extra in (0, 1))
    return list(both).index(answers)


def _add_one(session: AssessmentSession) -> None:
    (new,) = set(_expected(1).answers) - set(_expected(0).answers)
    session.adopt([new])


def _nothing(folder: Path, key: EncryptionKey | None) -> None:
    """Begin with an empty folder."""


def _make_new(folder: Path, key: EncryptionKey | None) -> None:
    assert key is None
    create_from_dossier(folder / SMALL, _expected(1), device="maker")
    acknowledge(1)


def _made(folder: Path, key: EncryptionKey | None) -> int:
    return _which(folder / SMALL, key) if (folder / SMALL).exists() else 0


def _two_files(folder: Path, key: EncryptionKey | None) -> None:
    _small_file(folder, key)
    (folder / SMALL).rename(folder / "copy.assessment")
    _small_file(folder, key)


def _copy(folder: Path, key: EncryptionKey | None, *, replace: bool) -> None:
    with _opened(folder / SMALL, key) as session:
        _add_one(session)
        session.save_copy(folder / "copy.assessment", replace=replace)
        acknowledge(1)


def _copied(folder: Path, key: EncryptionKey | None) -> int:
    copy = folder / "copy.assessment"
    return _which(copy, key) if copy.exists() else 0


def _replaced(folder: Path, key: EncryptionKey | None) -> int:
    return _which(folder / "copy.assessment", key)


def _merge(folder: Path, key: EncryptionKey | None) -> None:
    from capacity_app.services.exchange.merge import merge_into_new, plan_merge  # noqa: PLC0415 - a second for one child

    with _opened(folder / "copy.assessment", key) as theirs:
        _add_one(theirs)
    with _opened(folder / SMALL, key) as mine:
        plan = plan_merge(mine, [folder / "copy.assessment"])
        merge_into_new(mine, plan, folder / "merged.assessment", author="A. Officer")
        acknowledge(1)


def _merged(folder: Path, key: EncryptionKey | None) -> int:
    assert _which(folder / SMALL, key) == 0
    return _which(folder / "merged.assessment", key) if (folder / "merged.assessment").exists() else 0


# -- an older file -----------------------------------------------------------------------------------------------------

OLD = Path(__file__).parent.parent / "expected" / "assessments" / "version-1.assessment"


def _old_file(folder: Path, key: EncryptionKey | None) -> None:
    (folder / SMALL).write_bytes(OLD.read_bytes())
    if key:
        protect(folder / SMALL, key)
    _backups_of(folder).mkdir(parents=True)


def _migrate(folder: Path, key: EncryptionKey | None) -> None:
    with _opened(folder / SMALL, key):
        acknowledge(1)


def _migrated(folder: Path, key: EncryptionKey | None) -> int:
    """Tell whether a file is brought up to date; then there is a whole copy of the old one, as in memory there is."""
    with _opened(folder / SMALL, key, read_only=True) as session:
        said = {answer.key: answer.content for answer in session.dossier().answers}
        _expect_sound(session)
    assert len(said) == len(small_dossier().answers)
    connection = database.connect(str(folder / SMALL), key)
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    finally:
        connection.close()
    if version == 1:
        return 0
    assert version == schema.VERSION
    copies = [copy for copy in paths.backups_folder().rglob("*.assessment") if not copy.name.startswith(".")]
    assert copies, "brought up to date, and the copy of the old file is gone"
    for copy in copies:
        with _opened(copy, key, read_only=True) as kept:
            _expect_sound(kept)
            assert {answer.key: answer.content for answer in kept.dossier().answers} == said
    return 1


# -- passphrases and backups -------------------------------------------------------------------------------------------

PASSPHRASE = "seven quiet herons over the estuary"  # noqa: S105 - it protects nothing


@cache
def _derived(salt: bytes) -> EncryptionKey:
    return derive_key(PASSPHRASE, salt)


def _put_under(folder: Path, key: EncryptionKey | None) -> None:
    put_under_passphrase(folder / SMALL, PASSPHRASE, keyring_of(key))
    acknowledge(1)


def _put_under_seen(folder: Path, key: EncryptionKey | None) -> int:
    """Tell whether a file opens as before (0) or with the new passphrase (1)."""
    with (folder / SMALL).open("rb") as file:
        new = _derived(file.read(SALT_BYTES))
    with _opened(folder / SMALL, new, read_only=True) if not key else _opened_with(folder, key, new) as session:
        _expect_sound(session)
        assert len(session.dossier().answers) == len(small_dossier().answers)
        return int(session.key == new)


def _opened_with(folder: Path, *keys: EncryptionKey) -> AssessmentSession:
    return open_session(folder / SMALL, keys=Keyring(keys=keys), read_only=True)


def _take_away(folder: Path, key: EncryptionKey | None) -> None:
    unprotect(folder / SMALL, keyring_of(key))
    acknowledge(1)


def _taken_away(folder: Path, key: EncryptionKey | None) -> int:
    with _opened(folder / SMALL, key, read_only=True) as session:
        _expect_sound(session)
        assert len(session.dossier().answers) == len(small_dossier().answers)
        return int(session.key is None)


def _file_to_back_up(folder: Path, key: EncryptionKey | None) -> None:
    _small_file(folder, key)
    _backups_of(folder).mkdir(parents=True)


def _backups_of(folder: Path) -> Path:
    return folder / "home" / "capacity-app" / "backups" / ASSESSMENT_ID


def _back_up(folder: Path, key: EncryptionKey | None) -> None:
    backups.make_backup(folder / SMALL, keyring_of(key))
    acknowledge(1)


def _backed_up(folder: Path, key: EncryptionKey | None) -> int:
    """Count the backups, each of which opens and says what the file says."""
    made = list_backups(_backups_of(folder))
    assert all(_which(one.file, key) == 0 for one in made)
    assert _which(folder / SMALL, key) == 0
    return len(made)


def _file_to_restore(folder: Path, key: EncryptionKey | None) -> None:
    _file_to_back_up(folder, key)
    backups.make_backup(folder / SMALL, keyring_of(key))
    with _opened(folder / SMALL, key) as session:
        _add_one(session)


def _restore(folder: Path, key: EncryptionKey | None) -> None:
    file = folder / SMALL
    restore_backup(backups.find_backup(file, 1, keyring_of(key)), file, keyring_of(key))
    acknowledge(1)


def _restored(folder: Path, key: EncryptionKey | None) -> int:
    return 1 - _which(folder / SMALL, key)


# -- exports -----------------------------------------------------------------------------------------------------------

_REPORTS = (b"%PDF- the old report %%EOF", b"%PDF-" + b" the new report" * 400 + b"%%EOF")


def _old_report(folder: Path, key: EncryptionKey | None) -> None:  # noqa: ARG001 - a report is never protected
    (folder / "report.pdf").write_bytes(_REPORTS[0])


def _report(folder: Path, key: EncryptionKey | None) -> None:  # noqa: ARG001 - a report is never protected
    write_atomically(folder / "report.pdf", _REPORTS[1])
    acknowledge(1)


def _reported(folder: Path, key: EncryptionKey | None) -> int:  # noqa: ARG001 - a report is never protected
    report = folder / "report.pdf"
    return _REPORTS.index(report.read_bytes())


def _first_report(folder: Path, key: EncryptionKey | None) -> int:
    return _reported(folder, key) if (folder / "report.pdf").exists() else 0


WORKLOADS = {
    "typing": Workload(_small_file, _type, _typed),
    "coming back": Workload(_nothing, _look, _typed),
    "a new file": Workload(_nothing, _make_new, _made),
    "a copy": Workload(_small_file, lambda folder, key: _copy(folder, key, replace=False), _copied),
    "a copy over another": Workload(_two_files, lambda folder, key: _copy(folder, key, replace=True), _replaced),
    "a merge into a new file": Workload(_two_files, _merge, _merged),
    "bringing an old file up to date": Workload(_old_file, _migrate, _migrated),
    "a passphrase": Workload(_small_file, _put_under, _put_under_seen),
    "no passphrase any more": Workload(_small_file, _take_away, _taken_away),
    "a backup": Workload(_file_to_back_up, _back_up, _backed_up),
    "a backup restored": Workload(_file_to_restore, _restore, _restored),
    "a report over another": Workload(_old_report, _report, _reported),
    "a first report": Workload(_nothing, _report, _first_report),
}
WITHOUT_KEY = {"a new file", "a report over another", "a first report"}
"""What knows no passphrase."""
ONLY_WITH_KEY = {"no passphrase any more"}
"""What needs one."""
Judged = (KnownError, AssertionError, ValueError, OSError)
"""What a judge raises about a state that is neither old nor new."""
