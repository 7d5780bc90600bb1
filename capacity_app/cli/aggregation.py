"""The command that brings many countries' files together, and the one its child processes run."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capacity_app.cli.options import FILE, add_option, as_json_option, command, file_argument, progress_option
from capacity_app.cli.terminal import (
    known_keys,
    print_done,
    print_json,
    progress_printer,
    report_errors,
    say,
    say_signed,
)
from capacity_app.domain.headquarters.tidy_tables import FileRow, FileStatus
from capacity_app.domain.problems import N_, KnownError
from capacity_app.i18n.translator import Translator

if TYPE_CHECKING:
    from capacity_app.services.headquarters.aggregation import AggregationEngine, AggregationOutcome
    from capacity_app.services.reports import ProgressListener


# Everything heavy is imported where it is needed: the other commands must not wait for it.
# ruff: noqa: PLC0415

REPOSITORY = ".sqlite"
FILE_OUTCOME_NOTES: dict[FileStatus, str] = {
    FileStatus.READ: N_("read"),
    FileStatus.READ_WITH_PROBLEMS: N_("read with problems"),
    FileStatus.REFUSED: N_("not read"),
    FileStatus.DUPLICATE: N_("the same as another file"),
    FileStatus.SUPERSEDED: N_("another file counts instead"),
    FileStatus.CONFLICT: N_("in conflict with another file: neither counts"),
}
_MOST_LISTED = 200
"""Files listed on the screen; all of them are in the repository."""
_FILE_SECONDS, _FILE_MEGABYTES = 60, 2_000
_READING = 0.8
"""The share of the work that reading is, where something is made of the repository afterwards."""


@command()
@click.argument("sources", metavar="FOLDER...", nargs=-1, required=True, type=FILE)
@add_option(
    "-o",
    "--out",
    required=True,
    type=FILE,
    help=N_("The repository (.sqlite), which is kept up to date, or what is made of one: .xlsx .pdf .parquet .csv"),
)
@add_option(
    "--prefer",
    metavar="FILE",
    multiple=True,
    help=N_(
        "The file that counts where files conflict, by its name in the list of files. The repository remembers "
        "it. May be given several times."
    ),
)
@add_option(
    "--workers",
    type=click.IntRange(0, 512),
    default=0,
    help=N_("How many files are read at once; one for each processor if left out."),
)
@add_option(
    "--scheduler",
    metavar="ADDRESS",
    default="",
    help=N_(
        "Let the workers of a Dask scheduler (tcp://host:8786) read the files; every machine must reach the "
        "folders under the same path."
    ),
)
@add_option(
    "--time-limit",
    type=click.FloatRange(min=0),
    default=_FILE_SECONDS,
    show_default=True,
    metavar="SECONDS",
    help=N_("Refuse a file that takes longer; 0 for no limit."),
)
@add_option(
    "--memory-limit",
    type=click.IntRange(min=0),
    default=_FILE_MEGABYTES,
    show_default=True,
    metavar="MB",
    help=N_("Refuse a file that needs more memory, where the system can tell; 0 for no limit."),
)
@as_json_option
@progress_option
def aggregate(  # noqa: PLR0913 - click passes every option by name
    texts: Translator,
    sources: tuple[Path, ...],
    out: Path,
    *,
    prefer: tuple[str, ...],
    workers: int,
    scheduler: str,
    time_limit: float,
    memory_limit: int,
    as_json: bool,
    progress: bool,
) -> bool:
    from capacity_app.services.headquarters.aggregation import AggregationEngine
    from capacity_app.services.headquarters.child_readers import FileLimits, search_garbage_seldom

    search_garbage_seldom()
    engine = AggregationEngine(workers, scheduler, FileLimits(time_limit, memory_limit))
    with report_errors(texts, is_for_window=progress):
        outcome, files = _aggregate(texts, sources, out, engine, prefer, progress_printer(progress))
    if progress:
        # The window reads of the files in the repository.
        print_done(out, **_counts(outcome))
    elif as_json:
        print_json({"file": str(out), **_data(outcome, files, texts)})
    else:
        _print_outcome(texts, outcome, files, out)
    return outcome.is_clean


def _aggregate(
    texts: Translator,
    sources: Sequence[Path],
    out: Path,
    engine: "AggregationEngine",
    prefer: Sequence[str],
    progress: "ProgressListener | None",
) -> tuple["AggregationOutcome", tuple[FileRow, ...]]:
    """Make the repository, a temporary one if something else is to be made of it; gives all files too."""
    from capacity_app.files.private_folders import private_folder
    from capacity_app.services.headquarters.aggregation import aggregate_with_engine
    from capacity_app.services.reports import monotonic_progress
    from capacity_app.storage.headquarters_database import open_headquarters_database

    _expect_known_ending(out)
    tell, is_repository = monotonic_progress(progress), out.suffix.casefold() == REPOSITORY
    share = 1.0 if is_repository else _READING

    def reading(done: int, whole: int) -> None:
        step = texts.gettext("Reading files: {done} of {all}").format(done=done, all=whole)
        tell(step, share * done / whole if whole else share)

    with private_folder() as folder:
        repository = out if is_repository else folder / f"repository{REPOSITORY}"
        outcome = aggregate_with_engine(engine, sources, repository, reading, known_keys(), prefer)
        with open_headquarters_database(repository) as opened:
            files = opened.files()
        if not is_repository:
            from capacity_app.services.headquarters.synthesis import write_synthesis

            write_synthesis(
                repository, out, texts=texts, progress=lambda step, part: tell(step, share + (1 - share) * part)
            )
    return outcome, files


def _expect_known_ending(out: Path) -> None:
    from capacity_app.services.headquarters.synthesis import SYNTHESIS_SUFFIXES, expect_parquet_available

    endings = (REPOSITORY, *SYNTHESIS_SUFFIXES)
    if out.suffix.casefold() not in endings:
        message = N_("What is made of many files ends in {endings}; {file} does not.")
        raise KnownError(message, endings=", ".join(endings), file=out.name)
    expect_parquet_available(out)


def _data(outcome: "AggregationOutcome", files: Sequence[FileRow], texts: Translator) -> dict[str, Any]:
    """Return the outcome for programs: counts, and every file that does not simply count."""
    listed = [
        {**_plain(file), "reason": file.told(texts.gettext)} for file in files if file.fate is not FileStatus.READ
    ]
    return {**_counts(outcome), "files": listed}


def _counts(outcome: "AggregationOutcome") -> dict[str, Any]:
    return {
        "found": outcome.found,
        "read_now": outcome.read,
        "unchanged": outcome.unchanged,
        "gone": outcome.gone,
        "fates": {fate.value: outcome.fates.get(fate, 0) for fate in FileStatus},
    }


def _plain(file: FileRow) -> dict[str, Any]:
    return {name: value for name, value in asdict(file).items() if name not in {"message", "details"}}


def _print_outcome(texts: Translator, outcome: "AggregationOutcome", files: Sequence[FileRow], out: Path) -> None:
    _ = texts.gettext
    say(
        _("Files found: {found}. Read now: {read}, known already: {unchanged}, no longer there: {gone}.").format(
            found=outcome.found, read=outcome.read, unchanged=outcome.unchanged, gone=outcome.gone
        )
    )
    for fate in FileStatus:
        if count := outcome.fates.get(fate):
            say(f"{count:>8}  {_(FILE_OUTCOME_NOTES[fate])}")
    listed = sorted(
        (file for file in files if file.reason),
        key=lambda file: (file.fate not in {FileStatus.REFUSED, FileStatus.CONFLICT}, file.path),
    )
    for file in listed[:_MOST_LISTED]:
        say(f"{file.path}: {_(FILE_OUTCOME_NOTES[file.fate])}. {file.told(_)}")
    if len(listed) > _MOST_LISTED:
        say(_("… and {count} more; all are in the table “files”.").format(count=len(listed) - _MOST_LISTED))
    say_signed(texts, out)
    if known_keys():
        say(_("It holds what stands in the protected files, and is not protected itself: keep it as carefully."))


@command()
@click.argument("seconds", type=float)
@click.argument("megabytes", type=int)
@file_argument("folder")
def read_files(_texts: Translator, seconds: float, megabytes: int, folder: Path) -> None:
    """Read files as the child of an aggregation."""
    from capacity_app.services.headquarters.child_readers import FileLimits, serve_as_child

    serve_as_child(FileLimits(seconds, megabytes), folder)
