"""The commands that write documents: report, export, blank and synthesis."""

import base64
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from capacity_app.cli.instruments import wanted_instrument
from capacity_app.cli.limits import FORM, REPORT, SYNTHESIS, limited
from capacity_app.cli.options import (
    FILE,
    add_option,
    command,
    country_name_option,
    file_argument,
    instrument_option,
    language_option,
    limit_options,
    profile_option,
    progress_option,
    supplement_option,
)
from capacity_app.cli.terminal import (
    is_interactive,
    keys_for,
    open_assessment,
    print_done,
    print_line,
    progress_printer,
    report_errors,
    say,
    say_signed,
    say_written,
)
from capacity_app.domain.assessment.privacy import ReportProfile, ReportVolume, Withheld
from capacity_app.domain.assessment.registers import Mission
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.headquarters.selection import MINIMUM_COUNTRIES, ParticipationBasis, SynthesisOptions
from capacity_app.domain.problems import N_, KnownError
from capacity_app.i18n.countries import m49_from_alpha3
from capacity_app.i18n.translator import Translator
from capacity_app.services.child_process import MEMORY_LIMIT, TIME_LIMIT

if TYPE_CHECKING:
    from capacity_app.services.reports import BlankFormRequest
    from capacity_app.services.session.assessment_session import AssessmentSession


_PRINTED = Path("-")
"""Instead of a file: the PDF goes to the standard output and never to the disk."""


@command()
@file_argument()
@file_argument("out", is_new=True)
@language_option(N_("Language of the report; the assessment's own if left out."))
@add_option("--second-language", default="", help=N_("Print questions and answers in this language too."))
@add_option(
    "--profile",
    type=click.Choice(["brief", "report", "full"]),
    default="report",
    show_default=True,
    help=N_("How much: brief has 4 pages, report about 30, full has every answer."),
)
@add_option("--no-scores", is_flag=True, help=N_("Leave out every score."))
@add_option("--no-names", is_flag=True, help=N_("Leave out the names of persons."))
@add_option("--no-attribution", is_flag=True, help=N_("Leave out which agency gave which answer."))
@progress_option
@limit_options(seconds=TIME_LIMIT, megabytes=MEMORY_LIMIT)
def report(
    texts: Translator,
    file: Path,
    out: Path,
    language: str,
    second_language: str,
    profile: str,
    *,
    progress: bool,
    **left_out: bool,
) -> None:
    from capacity_app.services import reports  # noqa: PLC0415 - only this command needs it

    keys_for(file)  # before the time counts
    with report_errors(texts, is_for_window=progress), limited(REPORT, texts, is_for_window=progress, out=out):
        with open_assessment(file) as session:
            dossier = session.dossier()
        first = language or dossier.mission.language
        wanted: dict[str, Any] = {
            "texts": Translator(first),
            "second": reports.second_language(second_language, first, dossier.instrument),
            "profile": ReportProfile(
                ReportVolume(profile), frozenset(one for one in Withheld if left_out[one.replace("-", "_")])
            ),
            "progress": progress_printer(progress),
        }
        content = b""
        if out == _PRINTED:
            preview = _print_first_pages if progress else None
            content = reports.report_bytes(dossier, ".pdf", **wanted, is_signed=True, preview=preview)
        else:
            reports.write_report(dossier, out, **wanted)
    if progress:
        printed = {"content": _encoded(content)} if content else {}
        print_done(out, content_hash=dossier.content_hash, **printed)
    elif out == _PRINTED:
        sys.stdout.buffer.write(content)
    else:
        say_signed(texts, out)


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _print_first_pages(content: bytes) -> None:
    """Tell the window, in a line of JSON, the first pages of a report that is still being made."""
    print_line({"first_pages": True, "content": _encoded(content)})


_PRINTED_TYPED, _PRINTED_GENERATED = (
    N_("The report prints this typed text."),
    N_("The report prints this generated text."),
)
_NOT_PRINTED = N_("This is the generated text. The report prints the typed text instead.")
_OUTDATED_TEXT = N_("Answers or actions have changed since this text was written. Compare it with --generated.")


@command()
@file_argument()
@add_option("--comments", is_flag=True, help=N_("The comments of the authorities instead of the main messages."))
@add_option("--generated", is_flag=True, help=N_("Print the messages made from the answers, whatever is written."))
@add_option("--set", "source", type=click.File(encoding="utf-8"), help=N_("Write the text of this file; “-” reads it."))
@add_option("--clear", is_flag=True, help=N_("Remove the written text; the report then writes its own messages."))
def messages(
    texts: Translator, file: Path, *, comments: bool, generated: bool, source: TextIO | None, clear: bool
) -> None:
    from capacity_app.services import reports  # noqa: PLC0415 - only this command needs it

    if (source is not None) + clear + generated > 1 or (generated and comments):
        raise click.UsageError(
            texts.gettext("Use only one of --set, --clear and --generated. --comments has no generated text.")
        )
    is_read = source is None and not clear
    with report_errors(texts, is_for_window=False), open_assessment(file, read_only=is_read) as session:
        mission = session.mission
        if not is_read:
            text = source.read().strip() if source else ""
            session.put(replace(mission, authority_comments=text) if comments else replace(mission, main_messages=text))
        elif comments:
            say(mission.authority_comments)
        else:
            typed = mission.main_messages
            source_of_text = (_NOT_PRINTED if generated else _PRINTED_TYPED) if typed else _PRINTED_GENERATED
            click.echo(texts.gettext(source_of_text), err=True)
            if not generated and reports.are_messages_outdated(session):
                click.echo(texts.gettext(_OUTDATED_TEXT), err=True)
            is_typed = typed and not generated
            say(typed if is_typed else reports.main_messages(session.dossier(), Translator(mission.language)))


@command()
@file_argument()
@file_argument("out", is_new=True)
@add_option("--yes", is_flag=True, help=N_("Write a .zip of a protected assessment without asking."))
@progress_option
def export(texts: Translator, file: Path, out: Path, *, yes: bool, progress: bool) -> bool:
    with report_errors(texts, is_for_window=progress), open_assessment(file) as session:
        told = _export(texts, session, out, is_agreed=yes, progress=progress)
    if progress:
        print_done(out, lost=len(told))
    else:
        say_written(texts, out)
        for digest in told:
            say(texts.gettext("A document is damaged in the file and is missing: {hash}.").format(hash=digest))
    return not (told and not progress)


def _export(
    texts: Translator, session: "AssessmentSession", out: Path, *, is_agreed: bool, progress: bool
) -> tuple[str, ...]:
    """Write a file by its ending; gives the documents that could not be read."""
    from capacity_app.services import exports  # noqa: PLC0415 - only this command needs it

    if out.suffix.lower() != ".zip":
        exports.export_assessment(session, out, texts)
        return ()
    if session.key is not None and not is_agreed:
        _expect_agreement(texts)
    return exports.export_archive(session, out, texts, progress_printer(progress)).lost


def _expect_agreement(texts: Translator) -> None:
    """Ask whether everything may leave a protected file; raises KnownError if nobody says so."""
    sentence = texts.gettext("The ZIP file is not protected. Everybody who has it can read everything. Write it?")
    if not is_interactive() or not click.confirm(sentence, err=True):
        raise KnownError(N_("Nothing was written: the ZIP would not be protected. Say --yes if that is what you want."))


# The command that writes a form to be filled in by hand, or in a workbook: blank.


_DEFAULT_INSTRUMENT, _DEFAULT_LANGUAGE = "unsd-nmdc", "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class _BlankFormOptions:
    """What was asked for; the names are those of the options."""

    source: Path | None
    instrument: str
    supplement: tuple[str, ...]
    questions: str
    country: str
    country_name: str
    round_: str
    agency: str
    section: tuple[str, ...]


def _read_blank(texts: Translator, wanted: _BlankFormOptions) -> "BlankFormRequest":
    """Read the questions; what is asked for on the first page goes before what a file knows."""
    from capacity_app.services.reports import BlankFormRequest, blank_form_request  # noqa: PLC0415 - only this command needs it

    if wanted.source is None:
        instrument = wanted_instrument(wanted.instrument or _DEFAULT_INSTRUMENT, wanted.supplement, texts)
        questions = instrument.expect_profile(wanted.questions)
        known = BlankFormRequest(instrument=instrument.with_profile(questions), mission=Mission(profile=questions))
    elif wanted.instrument or wanted.supplement or wanted.questions:
        sentence = texts.gettext(
            "With --from, the form has the questions of that file. Leave out --instrument, --supplement and --profile."
        )
        raise click.UsageError(sentence)
    else:
        with open_assessment(wanted.source) as session:
            known = blank_form_request(session.dossier())
    mission = _mission(known.mission, wanted)
    return replace(known, mission=mission, agency=wanted.agency, sections=wanted.section)


def _mission(known: Mission, wanted: _BlankFormOptions) -> Mission:
    country = wanted.country.upper()
    if country:
        # A known country is named by the form, in its own language.
        code = m49_from_alpha3(country)
        known = replace(known, country=country, m49=code, country_name="" if code else country)
    return replace(known, country_name=wanted.country_name or known.country_name, round=wanted.round_ or known.round)


@command()
@file_argument("out", is_new=True)
@add_option(
    "--from",
    "source",
    type=FILE,
    help=N_("Take the questions, the country and the round of this assessment; none of its answers."),
)
@instrument_option(_DEFAULT_INSTRUMENT)
@supplement_option
@profile_option
@add_option(
    "--section",
    "--part",
    multiple=True,
    help=N_("Only this part, by its number, for example III. May be repeated; all if left out."),
)
@language_option(N_("Language of the form; English, or with --from the assessment's own, if left out."))
@add_option("--second-language", default="", help=N_("Print questions in this language too, beside it."))
@add_option("--country", default="", help=N_("ISO 3166-1 alpha-3 code, for example GEO."))
@country_name_option
@add_option("--round", "round_", default="", help=N_("Round, for example 2018."))
@add_option(
    "--agency", default="", help=N_("With --from: write the agency form of this agency, named by its id or short name.")
)
@progress_option
@limit_options(seconds=TIME_LIMIT, megabytes=MEMORY_LIMIT)
def blank(
    texts: Translator, out: Path, *, source: Path | None, language: str, second_language: str, progress: bool,
    **options: Any,  # noqa: ANN401 - the others of ``_BlankFormOptions``
) -> None:  # fmt: skip
    from capacity_app.services import reports  # noqa: PLC0415 - only this command needs them

    wanted = _BlankFormOptions(source=source, **options)
    with report_errors(texts, is_for_window=progress), limited(FORM, texts, is_for_window=progress, out=out):
        form = _read_blank(texts, wanted)
        first = language or (form.mission.language if source else _DEFAULT_LANGUAGE)
        second = reports.second_language(second_language, first, form.instrument)
        tell = progress_printer(progress)
        reports.write_blank_form(form, out, texts=Translator(first), second=second, progress=tell)
    say_written(texts, out, is_for_window=progress)


# The command that makes a regional synthesis of a repository: synthesis.


_BASES = click.Choice([basis.value for basis in ParticipationBasis])


@command()
@file_argument("repository")
@file_argument("out")
@add_option(
    "--minimum",
    type=click.IntRange(1, 1000),
    default=MINIMUM_COUNTRIES,
    show_default=True,
    help=N_("Figures of fewer countries than this are not shown."),
)
@add_option(
    "--basis",
    type=_BASES,
    default=ParticipationBasis.VALIDATED.value,
    show_default=True,
    help=N_("Count validated assessments only, or the newest assessment of each country, also drafts."),
)
@language_option(N_("Language of the synthesis; that of the program if left out."))
@progress_option
@limit_options(seconds=TIME_LIMIT, megabytes=MEMORY_LIMIT)
def synthesis(
    texts: Translator, repository: Path, out: Path, *, minimum: int, basis: str, language: str, progress: bool
) -> None:
    from capacity_app.services.headquarters import synthesis  # noqa: PLC0415 - only this command needs it
    from capacity_app.services.session.file_writing import now  # noqa: PLC0415 - the same

    choice = SynthesisOptions(minimum, ParticipationBasis(basis), now()[:10])
    tell = progress_printer(progress)
    with report_errors(texts, is_for_window=progress), limited(SYNTHESIS, texts, is_for_window=progress, out=out):
        synthesis.write_synthesis(
            repository, out, texts=Translator(language) if language else texts, choice=choice, progress=tell
        )
    if progress:
        print_done(out)
    else:
        say_signed(texts, out)
