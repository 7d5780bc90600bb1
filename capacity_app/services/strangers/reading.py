"""One file that came back, read in this process: looked at, identified, and read against its instrument.

For worker processes that may be lost; whoever must not be lost uses ``child``.
"""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from capacity_app.domain.instrument import Instrument
from capacity_app.domain.returned import Returned
from capacity_app.domain.verification import Medium, Stamp
from capacity_app.report.word.reader import NotOurs, read_returned_word, word_identity
from capacity_app.services import guard
from capacity_app.services.strangers import sentences
from capacity_app.services.strangers.sentences import refused
from capacity_app.services.submissions.reading import read_export
from capacity_app.workbook.reader import identity_of, read_returned
from capacity_app.workbook.reader.payload import NOT_OURS


@dataclass(frozen=True, slots=True)
class Origin:
    """What a file says of the instrument it was made from."""

    stamp: Stamp
    instrument_hash: str = ""
    supplements: tuple[str, ...] = ()


Instruments = Callable[[Origin], Instrument]
"""Gives the instrument a file is read against, by what the file says of itself; raises KnownError if there is none."""
_STUMBLES = (
    ValueError, LookupError, ArithmeticError, TypeError, AttributeError, RecursionError, OSError, EOFError, SyntaxError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What libraries raise on a file that is no better than it should be."""
_PANIC = "PanicException"


def read_returned_file(file: str, content: bytes, instruments: Instruments, *, is_careful: bool = False) -> Returned:
    """Read a workbook or Word file that came back; ``file`` is its name, for sentences.

    ``is_careful`` reads workbooks with the slower library alone, which never ends the process. Raises KnownError with
    one sentence; what was not looked at in the file is among the problems.
    """
    looked = guard.look_at(content, file)
    read = _READERS[looked.medium]
    with _stumbling(file):
        returned = read(file, content, instruments, is_careful)
    return replace(returned, problems=(*looked.notes, *returned.problems))


@contextmanager
def _stumbling(file: str) -> Iterator[None]:
    """Say in a sentence where a library stumbles; a panic of Rust code is no end of the program."""
    try:
        yield
    except _STUMBLES as error:
        is_foreign = isinstance(error, NotOurs) or str(error).endswith(NOT_OURS)
        raise refused(sentences.NOT_OURS if is_foreign else sentences.DAMAGED, file) from error
    except BaseException as error:
        if type(error).__name__ != _PANIC:
            raise
        raise refused(sentences.DAMAGED, file) from error


def _word(file: str, content: bytes, instruments: Instruments, _is_careful: bool) -> Returned:  # noqa: FBT001 - one of two readers
    return read_returned_word(content, file, instruments(Origin(*word_identity(content))))


def _workbook(file: str, content: bytes, instruments: Instruments, is_careful: bool) -> Returned:  # noqa: FBT001 - the same
    try:
        said = identity_of(content, file, is_careful=is_careful)
    except ValueError as error:
        if not str(error).endswith(NOT_OURS):
            raise
        # KoboToolbox exports answers as a workbook unless somebody asks for a CSV.
        return _submissions(file, content, instruments, is_careful)
    instrument = instruments(Origin(said.stamp, said.instrument_hash, said.supplements))
    return read_returned(content, file, instrument, is_careful=is_careful)


def _submissions(file: str, content: bytes, instruments: Instruments, _is_careful: bool) -> Returned:  # noqa: FBT001 - the same
    return read_export(content, file, instruments(Origin(Stamp())))


_READERS = {Medium.WORKBOOK: _workbook, Medium.WORD: _word, Medium.SUBMISSIONS: _submissions}
