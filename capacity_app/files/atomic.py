"""Atomic writing: a file or folder has its old content or all of the new one, whatever goes wrong on the way.

Problem: a full disk, a power cut or a killed program leaves half a file under the name of a whole one. Decision:
everything is written under a hidden name beside its place, waits for the disk, is verified and then renamed. What a
killed program left behind is removed by the next one that writes there.
"""

import errno
import glob
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from capacity_app.domain.problems import N_, KnownError, windows_refusal

Verify = Callable[[bytes], bool]

_NO_ROOM = N_("There is no space left for {file}. Free some space or choose another place; nothing was changed.")
_TOO_MANY_FILES = N_(
    "The computer has too many files open to write {file}. Close other programs and try again; nothing was changed."
)
_DISK_FAILS = N_(
    "The disk reports an error with {file}. Check its cable or drive, or choose another place; nothing was changed."
)
_NOT_ALLOWED = N_("You cannot write {file} in this folder. Choose another folder, or close the file in other programs.")
_NO_FOLDER = N_("The folder of {file} does not exist. Choose another place.")
_SENTENCES = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), _NO_ROOM),
    **dict.fromkeys((errno.EMFILE, errno.ENFILE), _TOO_MANY_FILES),
    **dict.fromkeys((errno.EACCES, errno.EPERM), _NOT_ALLOWED),
    **dict.fromkeys((errno.ENOENT, errno.ENOTDIR), _NO_FOLDER),
    errno.EIO: _DISK_FAILS,
    errno.EROFS: N_("{file} may not be written here: the disk is read-only. Choose another place."),
    errno.EISDIR: N_("{file} is a folder. Choose another name."),
    errno.ENAMETOOLONG: N_("The name {file} is too long. Choose a shorter one."),
}
_OTHER = N_("{file} could not be written. Check its drive, or choose another place; nothing was changed.")
DAMAGED = N_("{file} was not written completely and has been discarded. Try again, or choose another place.")

_MARK = ".capacity-app-"
_NAME_LETTERS = 50
"""How much of a file's name its temporary name begins with: that one must not become too long for the disk."""
_ABANDONED_SECONDS = 3_600
"""When a temporary file is surely not being written any more; on a shared drive others may be writing right now."""


@contextmanager
def known_write_errors(destination: Path) -> Iterator[None]:
    """Turn an ``OSError`` into the sentence that says why ``destination`` could not be written."""
    try:
        yield
    except OSError as error:
        # In a folder of the system ("/proc") a new file is said not to exist.
        is_refused = error.errno == errno.ENOENT and destination.parent.is_dir()
        sentence = _NOT_ALLOWED if is_refused else _SENTENCES.get(error.errno or 0, _OTHER)
        raise (windows_refusal(destination) or KnownError(sentence, file=destination.name)) from error


def write_atomically(destination: Path, content: bytes, verify: Verify | None = None) -> None:
    """Write a whole file, read it back and verify it; raises KnownError, and then an old file is unchanged."""

    def is_whole(temp: Path) -> bool:
        written = temp.read_bytes()
        return written == content and (verify is None or verify(written))

    with atomic_file(destination, is_whole) as file:
        file.write(content)


@contextmanager
def atomic_file(destination: Path, verify: Callable[[Path], bool]) -> Iterator[IO[bytes]]:
    """Yield a file to write into, which replaces ``destination`` in the end; raises KnownError as above."""
    with known_write_errors(destination):
        _refuse_folder(destination)
        permissions = _permissions(destination)
        with temp_path(destination) as temp:
            with new_file(temp) as file:
                yield file
            if not verify(temp):
                raise KnownError(DAMAGED, file=destination.name)
            temp.chmod(permissions)
            move_into_place(temp, destination)


@contextmanager
def atomic_folder(destination: Path, keep_old_as: Path | None = None) -> Iterator[Path]:
    """Yield an empty folder that replaces ``destination`` in the end; the old one is removed unless it is to be kept.

    Raises OSError, and then the old folder is unchanged. The caller waits for the disk with each file.
    """
    old = keep_old_as or destination.with_name(f".{destination.name}.replaced")
    if old.exists() and not destination.exists():
        old.rename(destination)  # an earlier run was ended between the two renames
    with temp_path(destination) as temp:
        temp.mkdir()
        yield temp
        sync_folder(temp)
        if keep_old_as is None:
            shutil.rmtree(old, ignore_errors=True)
        _exchange(temp, destination, old)
        if keep_old_as is None:
            shutil.rmtree(old, ignore_errors=True)


def _exchange(temp: Path, destination: Path, old: Path) -> None:
    is_there = destination.exists()
    if is_there:
        destination.rename(old)
    try:
        temp.rename(destination)
    except OSError:
        if is_there:
            old.rename(destination)
        raise
    sync_folder(destination.parent)


def check_writable(destination: Path) -> None:
    """Find out before long work whether a file can be written; raises KnownError."""
    with known_write_errors(destination):
        _refuse_folder(destination)
        with temp_path(destination) as temp, new_file(temp):
            pass


def _refuse_folder(destination: Path) -> None:
    if destination.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))


def _permissions(destination: Path) -> int:
    """Return the permissions the file has, or those a new file gets."""
    if destination.exists():
        return destination.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


# -- the steps, for what SQLite and others write themselves ------------------------------------------------------------


@contextmanager
def temp_path(destination: Path) -> Iterator[Path]:
    """Yield a free hidden name beside ``destination``; what still has it in the end is removed."""
    _remove_abandoned(destination.parent)
    temp = destination.with_name(f"{_prefix(destination)}{os.getpid()}-{secrets.token_hex(4)}")
    try:
        yield temp
    finally:
        for left in (temp, temp.with_name(f"{temp.name}-journal")):
            _remove(left)


@contextmanager
def new_file(path: Path, permissions: int = 0o600) -> Iterator[IO[bytes]]:
    """Yield a new file, and wait until it is on the disk; raises OSError."""
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, permissions), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def move_into_place(temp: Path, destination: Path, *, overwrite: bool = True) -> None:
    """Give a file that is on the disk its name; raises OSError, FileExistsError where nothing may be overwritten."""
    if overwrite:
        temp.replace(destination)
    else:
        _rename_without_overwriting(temp, destination)
    sync_folder(destination.parent)


def _rename_without_overwriting(temp: Path, destination: Path) -> None:
    try:
        os.link(temp, destination)
    except FileExistsError:
        raise
    except OSError:
        # No hard links on this drive (FAT, some network shares): Windows refuses to overwrite by itself.
        if os.path.lexists(destination):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from None
        temp.rename(destination)
    else:
        temp.unlink()


def sync_file(file: Path) -> None:
    """Wait until a closed file is on the disk; raises OSError."""
    with file.open("r+b") as written:
        os.fsync(written.fileno())


def sync_folder(folder: Path) -> None:
    """Make a rename survive a power cut; Windows neither needs nor allows it."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


# -- what was left behind ----------------------------------------------------------------------------------------------


def remove_temporary(destination: Path) -> None:
    """Remove what any program had begun to write for this file; only for its owner."""
    _remove_all(destination.parent, f"{glob.escape(_prefix(destination))}*")


def remove_own_temporary(destination: Path) -> None:
    """Remove what this process had begun to write for this file, for when the process is about to be ended."""
    _remove_all(destination.parent, f"{glob.escape(_prefix(destination))}{os.getpid()}-*")


def _prefix(destination: Path) -> str:
    return f".{destination.name[:_NAME_LETTERS]}{_MARK}"


def _remove_abandoned(folder: Path) -> None:
    _remove_all(folder, f".*{_MARK}*", _ABANDONED_SECONDS)


def _remove_all(folder: Path, pattern: str, age_s: float = 0) -> None:
    with suppress(OSError):
        for left in folder.glob(pattern):
            with suppress(OSError):
                if not age_s or abs(time.time() - left.stat().st_mtime) > age_s:
                    _remove(left)


def _remove(left: Path) -> None:
    if left.is_dir():
        shutil.rmtree(left, ignore_errors=True)
    else:
        with suppress(OSError):
            left.unlink(missing_ok=True)


def free_file(file: Path) -> Path:
    """Return a file, or "name (2).pdf" and so on where there is one of that name."""
    free, number = file, 1
    while os.path.lexists(free):
        number += 1
        free = file.with_name(f"{file.stem} ({number}){file.suffix}")
    return free
