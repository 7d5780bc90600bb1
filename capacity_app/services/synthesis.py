"""A regional synthesis from headquarters' repository: PDF, workbook, or its tidy tables as Parquet and CSV."""

from collections.abc import Callable
from pathlib import Path

from capacity_app.domain.participation import Choice
from capacity_app.domain.problems import N_, KnownError
from capacity_app.domain.synthesis import Synthesis
from capacity_app.domain.tidy import TABLES, ProblemRow
from capacity_app.files.atomic import check_writable, write_atomically
from capacity_app.services import tidy_files
from capacity_app.services.certificate import own_identity
from capacity_app.services.reporting import Progress, is_whole_pdf, onward
from capacity_app.store.repository import open_repository
from capacity_app.synthesis_wording import SynthesisWording
from capacity_app.texts import Texts
from capacity_app.workbook.synthesis import synthesis_bytes
from capacity_app.workbook.writer import is_whole_workbook

PDF, WORKBOOK = ".pdf", ".xlsx"
SUFFIXES = (PDF, WORKBOOK, *tidy_files.SUFFIXES)
_UNFINISHED = N_(
    "“{file}” is not finished: the last run ended before all files were read. Start it once more; it goes on where it "
    "was."
)


def read_synthesis(repository: Path, choice: Choice | None = None) -> Synthesis:
    """Make the synthesis of a repository; raises KnownError if the file is none, or not finished."""
    with open_repository(repository) as opened:
        if not opened.is_complete:
            raise KnownError(_UNFINISHED, file=repository.name)
        return opened.synthesis(choice)


def read_problems(repository: Path, file_hash: str) -> tuple[ProblemRow, ...]:
    """Return what could not be read in one file of a repository; raises KnownError."""
    with open_repository(repository) as opened:
        return opened.problems(file_hash)


def _pdf(words: SynthesisWording, progress: Progress) -> bytes:
    from capacity_app.report.synthesis.pdf import render_synthesis  # noqa: PLC0415 - a workbook needs no pages

    return render_synthesis(words, progress, own_identity())


def _workbook(words: SynthesisWording, progress: Progress) -> bytes:
    return synthesis_bytes(words, progress)


_KINDS: dict[str, tuple[Callable[[SynthesisWording, Progress], bytes], Callable[[bytes], bool]]] = {
    PDF: (_pdf, is_whole_pdf),
    WORKBOOK: (_workbook, is_whole_workbook),
}


def _write_tables(repository: Path, out: Path, texts: Texts, tell: Progress) -> None:
    def tell_table(table: str, place: int) -> None:
        tell(texts.gettext("Writing the table “{table}”").format(table=table), place / len(TABLES))

    tidy_files.refuse_missing_extra(out)
    with open_repository(repository) as opened:
        if not opened.is_complete:
            raise KnownError(_UNFINISHED, file=repository.name)
        tidy_files.write_tables(opened, out, tell_table)


def write_synthesis(
    repository: Path,
    out: Path,
    *,
    texts: Texts,
    choice: Choice | None = None,
    progress: Progress | None = None,
) -> None:
    """Write a synthesis by the ending of ``out``: .pdf or .xlsx, or the tidy tables in a folder: .parquet or .csv.

    ``progress`` hears what is being done and a share of 0 to 1. Raises KnownError for anything the person can mend;
    then what was there is as it was.
    """
    tell, suffix = onward(progress), out.suffix.lower()
    if suffix not in SUFFIXES:
        raise KnownError(
            N_("A synthesis ends in {endings}; {file} does not."), endings=", ".join(SUFFIXES), file=out.name
        )
    if suffix in tidy_files.SUFFIXES:
        _write_tables(repository, out, texts, tell)
    else:
        check_writable(out)
        tell(texts.gettext("Reading the repository"), 0.0)
        words = SynthesisWording(texts, read_synthesis(repository, choice))
        render, is_whole = _KINDS[suffix]
        content = render(words, lambda step, share: tell(step, 0.1 + 0.85 * share))
        tell(texts.gettext("Checking and saving the file"), 0.97)
        write_atomically(out, content, is_whole)
    tell(texts.gettext("Done"), 1.0)
