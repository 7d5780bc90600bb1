"""The commands that write files for others: report, export."""

from pathlib import Path

import click

from capacity_app.cli.limits import REPORT, limit_options, limited
from capacity_app.cli.speaking import DONE, PROBLEMS, file_argument, open_assessment, print_line, progress_printer, say
from capacity_app.domain import fingerprint
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.problems import KnownError, Translate
from capacity_app.report.view.parts import Part, parts_named
from capacity_app.services.limits import MEMORY_LIMIT, TIME_LIMIT
from capacity_app.texts import Texts


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
    """Write a report; with --progress as JSON lines for the window."""
    from capacity_app.services import reporting  # noqa: PLC0415 - only this command needs it

    try:
        with limited(REPORT, texts, is_for_window=progress, clean=lambda: reporting.remove_leftovers(out)):
            dossier = _dossier(file)
            first = language or dossier.mission.language
            reporting.write_report(
                dossier,
                out,
                texts=Texts(first),
                second=reporting.second_language(second_language, first, dossier.instrument),
                profile=profile,
                parts=parts_named(part),
                progress=progress_printer(progress),
            )
    except KnownError as error:
        if not progress:
            raise
        print_line({"error": error.text(texts.gettext)})
        return PROBLEMS
    if progress:
        print_line({"done": True, "file": str(out), "fingerprint": fingerprint.of_answers(dossier)})
    else:
        say(texts.gettext("Wrote {file}.").format(file=out))
    return DONE


def _dossier(file: Path) -> Dossier:
    session = open_assessment(file)
    try:
        return session.dossier()
    finally:
        session.close()


@click.pass_obj
def export(texts: Texts, file: Path, out: Path) -> int:
    """Write the whole assessment for other programs."""
    from capacity_app.services.exporting import export as write  # noqa: PLC0415 - only this command needs it

    session = open_assessment(file)
    try:
        write(session, out, texts)
    finally:
        session.close()
    say(texts.gettext("Wrote {file}.").format(file=out))
    return DONE


def report_command(_: Translate) -> click.Command:
    """Describe ``report``."""
    profiles = click.Choice(["full", "no-scores", "no-names"])
    parts = click.Choice([part.value for part in Part])
    params: list[click.Parameter] = [
        file_argument(),
        file_argument("out", is_new=True),
        click.Option(["--language"], default="", help=_("Language of the report; the assessment's own if left out.")),
        click.Option(["--second-language"], default="", help=_("Print questions and answers in this language too.")),
        click.Option(["--profile"], type=profiles, default="full", show_default=True, help=_("What to leave out.")),
        click.Option(
            ["--part"], multiple=True, type=parts, help=_("Only this part. May be repeated; all if left out.")
        ),
        click.Option(["--progress"], is_flag=True, help=_("Print progress as JSON lines.")),
        *limit_options(_, seconds=TIME_LIMIT, megabytes=MEMORY_LIMIT),
    ]
    about = _("Write a .pdf, .docx, .html or .xlsx report.")
    return click.Command("report", callback=report, params=params, help=about)


def export_command(_: Translate) -> click.Command:
    """Describe ``export``."""
    return click.Command(
        "export",
        callback=export,
        params=[file_argument(), file_argument("out", is_new=True)],
        help=_("Write everything as .json, all answers as .csv, or the workbook as .xlsx."),
    )
