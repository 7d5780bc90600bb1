"""Read a returned workbook, Word file or export of ODK and KoboToolbox against its questionnaire, in this process."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from capacity_app.domain.assessment.returned_files import ReturnedContent
from capacity_app.domain.assessment.verification import ExportStamp, FileMedium
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.outputs.word.reader import ForeignWordFileError, read_returned_word, word_identity
from capacity_app.outputs.workbook.reader.hidden_sheets import NOT_OURS, workbook_identity
from capacity_app.outputs.workbook.reader.reader import read_returned
from capacity_app.outputs.workbook.reader.sheets import ParsedWorkbook, open_workbook
from capacity_app.services.untrusted import inspection, refusals
from capacity_app.services.untrusted.refusals import PARSER_ERRORS, refusal
from capacity_app.services.untrusted.submission_reader import read_export

# One file that came back, read in this process: looked at, identified, and read against its instrument.
#
# For worker processes that may be lost; whoever must not be lost uses ``reading_process``.


@dataclass(frozen=True, slots=True)
class InstrumentOrigin:
    """What a file says of the instrument it was made from."""

    stamp: ExportStamp
    instrument_hash: str = ""
    supplements: tuple[str, ...] = ()
    book: ParsedWorkbook | None = None
    """The workbook, which is opened once."""


InstrumentFinder = Callable[[InstrumentOrigin], Instrument]
"""Gives the instrument a file is read against, by what the file says of itself; raises KnownError if there is none."""
_RUST_PANIC = "PanicException"


def read_returned_file(
    file: str, content: bytes, instruments: InstrumentFinder, *, is_careful: bool = False
) -> ReturnedContent:
    """Read a workbook or Word file that came back; ``file`` is its name, for sentences.

    ``is_careful`` reads workbooks with the slower library alone, which never ends the process. Raises KnownError with
    one sentence; what was not looked at in the file is among the problems.
    """
    looked = inspection.inspect_content(content, file)
    read = _READER_BY_MEDIUM[looked.medium]
    with _parser_errors_as_refusals(file):
        returned = read(file, looked, instruments, is_careful)
    return replace(returned, problems=(*looked.notes, *returned.problems))


@contextmanager
def _parser_errors_as_refusals(file: str) -> Iterator[None]:
    """Say in a sentence where a library stumbles; a panic of Rust code is no end of the program."""
    try:
        yield
    except PARSER_ERRORS as error:
        is_foreign = isinstance(error, ForeignWordFileError) or str(error).endswith(NOT_OURS)
        raise refusal(refusals.NOT_OURS if is_foreign else refusals.DAMAGED, file) from error
    except BaseException as error:
        if type(error).__name__ != _RUST_PANIC:
            raise
        raise refusal(refusals.DAMAGED, file) from error


def _read_word(
    file: str,
    looked: inspection.InspectedFile,
    instruments: InstrumentFinder,
    _is_careful: bool,  # noqa: FBT001 - one of two readers
) -> ReturnedContent:
    origin = InstrumentOrigin(*word_identity(looked.content))
    return read_returned_word(looked.content, file, instruments(origin).with_profile(origin.stamp.questions))


def _read_workbook(
    file: str,
    looked: inspection.InspectedFile,
    instruments: InstrumentFinder,
    is_careful: bool,  # noqa: FBT001 - the same
) -> ReturnedContent:
    try:
        book = open_workbook(looked.content, is_careful=is_careful, unpacked=looked.unpacked)
        said = workbook_identity(book, file)
    except ValueError as error:
        if not str(error).endswith(NOT_OURS):
            raise
        # KoboToolbox exports answers as a workbook unless somebody asks for a CSV.
        return _read_submissions(file, looked, instruments, is_careful)
    instrument = instruments(InstrumentOrigin(said.stamp, said.instrument_hash, said.supplements, book))
    return read_returned(looked.content, file, instrument.with_profile(said.stamp.questions), book=book)


def _read_submissions(
    file: str,
    looked: inspection.InspectedFile,
    instruments: InstrumentFinder,
    _is_careful: bool,  # noqa: FBT001 - the same
) -> ReturnedContent:
    return read_export(looked.content, file, instruments(InstrumentOrigin(ExportStamp())))


_READER_BY_MEDIUM = {
    FileMedium.WORKBOOK: _read_workbook,
    FileMedium.WORD: _read_word,
    FileMedium.SUBMISSIONS: _read_submissions,
}
