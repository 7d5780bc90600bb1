"""Putting what was read from a workbook in place: all of it or nothing; what was there is kept where it is older."""

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from capacity_app import catalogues, paths
from capacity_app.domain.problems import N_, KnownError
from capacity_app.instruments.files import HEAD
from capacity_app.instruments.writing.sources import source_of_folder
from capacity_app.services.books.outlook import Outlook, State, outlook
from capacity_app.services.books.reading import Reading
from capacity_app.services.books.wordings import is_same, unsigned, with_kept, wording_text
from capacity_app.services.reporting import known_error, put_in_place
from capacity_app.store.syncing import sync_folder

HAS_MISTAKES = N_("The workbook has mistakes, so nothing was written. Mend them and read it again.")


def put_book_in_place(reading: Reading, folder: Path | None = None) -> Path:
    """Write a questionnaire that was read without mistakes, and say where; raises KnownError, then nothing changed."""
    found = outlook(reading, folder)
    if found.state is State.MISTAKEN or reading.instrument is None or found.target is None:
        raise KnownError(HAS_MISTAKES)
    if found.refusal is not None:
        raise found.refusal
    target = found.target
    try:
        if reading.base is not None:
            _put_supplement(reading, target)
        elif found.state is State.SAME and not (target / HEAD).is_file():
            _put_wordings(reading, target)  # the questions came with the program
        else:
            _put_folder(reading, target, found)
    except OSError as error:
        raise known_error(error, target) from error
    catalogues.forget()
    return target


def _put_supplement(reading: Reading, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for name, text in reading.files.items():
        put_in_place(target / name, text.encode())
    assert reading.base, "a supplement has one"
    _put_wordings(reading, paths.user_instruments_folder() / reading.base.id)


def _put_wordings(reading: Reading, folder: Path) -> None:
    """Write wordings beside an instrument of the program; what a person's own file says of other texts stays."""
    assert reading.instrument, "without mistakes"
    name, version = reading.instrument.id, reading.instrument.version
    for wording in reading.wordings:
        file = folder / f"{wording.language.replace('-', '_')}.po"
        known = catalogues.wording_files(name, wording.language)
        is_partial = reading.base is not None
        if not wording.entries or (known and not is_partial and is_same(known[0], name, wording)):
            continue
        changed = unsigned(wording) if known else wording
        if file.is_file():
            changed = with_kept(changed, file, name)
        folder.mkdir(parents=True, exist_ok=True)
        put_in_place(file, wording_text(name, version, changed).encode())


def _put_folder(reading: Reading, target: Path, found: Outlook) -> None:
    """Write all files into a folder beside, and change places with the one there, which is kept if it is older."""
    target.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=target.parent, prefix=".capacity-app-"))
    try:
        made.chmod(0o755)
        if target.is_dir():
            _carry_over(target, made)
        _write_files(reading, made, target)
        sync_folder(made)
        _change_places(target, made, found)
        sync_folder(target.parent)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _carry_over(target: Path, made: Path) -> None:
    """Copy what the workbook does not hold: migrations, other languages, documents."""
    shutil.copytree(target, made, dirs_exist_ok=True)
    source, _ = source_of_folder(target)
    names = [HEAD, *(source.parts if source else ())]
    for name in names:
        with suppress(OSError):
            (made / name).unlink()


def _write_files(reading: Reading, made: Path, target: Path) -> None:
    assert reading.instrument, "without mistakes"
    name, version = reading.instrument.id, reading.instrument.version
    for file, text in reading.files.items():
        put_in_place(made / file, text.encode())
    for wording in reading.wordings:
        file = f"{wording.language.replace('-', '_')}.po"
        if not wording.entries or is_same(target / file, name, wording):
            continue
        changed = unsigned(wording) if (target / file).is_file() else wording
        put_in_place(made / file, wording_text(name, version, changed).encode())


def _change_places(target: Path, made: Path, found: Outlook) -> None:
    if not target.exists():
        made.rename(target)
        return
    is_kept = found.state is State.NEWER and (target / HEAD).is_file()
    earlier = _free(target.with_name(f"{target.name}-{found.earlier}")) if is_kept else Path(
        tempfile.mkdtemp(dir=target.parent, prefix=".capacity-app-")
    ) / "old"  # fmt: skip
    target.rename(earlier)
    try:
        made.rename(target)
    except OSError:
        earlier.rename(target)
        raise
    finally:
        if not is_kept:
            shutil.rmtree(earlier.parent, ignore_errors=True)


def _free(wanted: Path) -> Path:
    names = (wanted, *(wanted.with_name(f"{wanted.name}-{number}") for number in range(2, 1_000)))
    return next(name for name in names if not name.exists())
