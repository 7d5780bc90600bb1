"""The commands that write files for others: report, export."""

import base64
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capacity_app.cli.limits import REPORT, limited
from capacity_app.cli.options import command, file_argument, language_option, limit_options, option, progress_option
from capacity_app.cli.speaking import (
    DONE,
    PROBLEMS,
    errors_told,
    print_done,
    progress_printer,
    say,
    say_signed,
    say_wrote,
)
from capacity_app.cli.unlocking import is_asked, keys_for, open_assessment
from capacity_app.domain.problems import N_, KnownError
from capacity_app.report.view.parts import Part, parts_named
from capacity_app.services.limits import MEMORY_LIMIT, TIME_LIMIT
from capacity_app.texts import Texts

if TYPE_CHECKING:
    from capacity_app.services.assessment_session import AssessmentSession

_PRINTED = Path("-")
"""Instead of a file: the PDF goes to the standard output and never to the disk."""


@command()
@file_argument()
@file_argument("out", is_new=True)
@language_option(N_("Language of the report; the assessment's own if left out."))
@option("--second-language", default="", help=N_("Print questions and answers in this language too."))
@option(
    "--profile",
    type=click.Choice(["full", "no-scores", "no-names"]),
    default="full",
    show_default=True,
    help=N_("What to leave out."),
)
@option(
    "--part",
    multiple=True,
    type=click.Choice([part.value for part in Part]),
    help=N_("Only this part. May be repeated; all if left out."),
)
@progress_option
@limit_options(seconds=TIME_LIMIT, megabytes=MEMORY_LIMIT)
@click.pass_obj
def report(
    texts: Texts,
    file: Path,
    out: Path,
    language: str,
    second_language: str,
    profile: str,
    part: tuple[str, ...],
    progress: bool,  # noqa: FBT001 - click passes options by name
) -> int:
    """Write a report, or print a PDF; with --progress as JSON lines for the window."""
    from capacity_app.services import reporting  # noqa: PLC0415 - only this command needs it

    keys_for(file)  # before the time counts
    with errors_told(texts, is_for_window=progress), limited(REPORT, texts, is_for_window=progress, out=out):
        with open_assessment(file) as session:
            dossier = session.dossier()
        first = language or dossier.mission.language
        wanted: dict[str, Any] = {
            "texts": Texts(first),
            "second": reporting.second_language(second_language, first, dossier.instrument),
            "profile": profile,
            "parts": parts_named(part),
            "progress": progress_printer(progress),
        }
        content = b""
        if out == _PRINTED:
            content = reporting.report_bytes(dossier, ".pdf", **wanted, is_signed=True)
        else:
            reporting.write_report(dossier, out, **wanted)
    if progress:
        printed = {"content": base64.b64encode(content).decode()} if content else {}
        print_done(out, content_hash=dossier.content_hash, **printed)
    elif out == _PRINTED:
        sys.stdout.buffer.write(content)
    else:
        say_signed(texts, out)
    return DONE


@command()
@file_argument()
@file_argument("out", is_new=True)
@option("--yes", is_flag=True, help=N_("Write a .zip of a protected assessment without asking."))
@progress_option
@click.pass_obj
def export(
    texts: Texts,
    file: Path,
    out: Path,
    *,
    yes: bool,
    progress: bool,
) -> int:
    """Write the whole assessment for other programs; with --progress as JSON lines for the window."""
    with errors_told(texts, is_for_window=progress), open_assessment(file) as session:
        told = _export(texts, session, out, is_agreed=yes, progress=progress)
    if progress:
        print_done(out, lost=len(told))
    else:
        say_wrote(texts, out)
        for digest in told:
            say(texts.gettext("A document is damaged in the file and is missing: {hash}.").format(hash=digest))
    return PROBLEMS if told and not progress else DONE


def _export(
    texts: Texts, session: "AssessmentSession", out: Path, *, is_agreed: bool, progress: bool
) -> tuple[str, ...]:
    """Write a file by its ending; gives the documents that could not be read."""
    if out.suffix.lower() != ".zip":
        from capacity_app.services.exporting import export as write  # noqa: PLC0415 - only this command needs it

        write(session, out, texts)
        return ()
    if session.key is not None and not is_agreed:
        _expect_agreement(texts)
    from capacity_app.services.everything import export_everything  # noqa: PLC0415 - as above

    return export_everything(session, out, texts, progress_printer(progress)).lost


def _expect_agreement(texts: Texts) -> None:
    """Ask whether everything may leave a protected file; raises KnownError if nobody says so."""
    sentence = texts.gettext("The ZIP is not protected: whoever has it can read everything. Write it all the same?")
    if not is_asked() or not click.confirm(sentence, err=True):
        raise KnownError(N_("Nothing was written: the ZIP would not be protected. Say --yes if that is what you want."))
