"""The command that writes a form to be filled in by hand, or in a workbook: blank."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from capacity_app.cli.instruments import wanted_instrument
from capacity_app.cli.limits import FORM, limited
from capacity_app.cli.options import (
    FILE,
    command,
    file_argument,
    language_option,
    limit_options,
    option,
    progress_option,
    supplement_option,
)
from capacity_app.cli.speaking import DONE, errors_told, progress_printer, say_wrote
from capacity_app.cli.unlocking import open_assessment
from capacity_app.domain.assessment import Mission
from capacity_app.domain.problems import N_
from capacity_app.services.limits import MEMORY_LIMIT, TIME_LIMIT
from capacity_app.texts import Texts, m49_of

if TYPE_CHECKING:
    from capacity_app.services.blank_forms import Blank

_INSTRUMENT, _LANGUAGE = "unsd-nmdc", "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What was asked for; the names are those of the options."""

    source: Path | None
    instrument: str
    supplement: tuple[str, ...]
    country: str
    country_name: str
    round_: str
    agency: str
    section: tuple[str, ...]


def _blank(texts: Texts, wanted: _Wanted) -> "Blank":
    """Read the questions; what is asked for on the first page goes before what a file knows."""
    from capacity_app.services.blank_forms import Blank, blank_of  # noqa: PLC0415 - only this command needs it

    if wanted.source is None:
        instrument = wanted_instrument(wanted.instrument or _INSTRUMENT, wanted.supplement, texts)
        known = Blank(instrument=instrument)
    elif wanted.instrument or wanted.supplement:
        sentence = texts.gettext(
            "With --from, the form has the questions of that file. Leave out --instrument and --supplement."
        )
        raise click.UsageError(sentence)
    else:
        with open_assessment(wanted.source) as session:
            known = blank_of(session.dossier())
    mission = _mission(known.mission, wanted)
    return replace(known, mission=mission, agency=wanted.agency, sections=wanted.section)


def _mission(known: Mission, wanted: _Wanted) -> Mission:
    country = wanted.country.upper()
    if country:
        # A known country is named by the form, in its own language.
        code = m49_of(country)
        known = replace(known, country=country, m49=code, country_name="" if code else country)
    return replace(known, country_name=wanted.country_name or known.country_name, round=wanted.round_ or known.round)


@command()
@file_argument("out", is_new=True)
@option(
    "--from",
    "source",
    type=FILE,
    help=N_("Take the questions, the country and the round of this assessment; none of its answers."),
)
@option("--instrument", default="", show_default=_INSTRUMENT, help=N_("Instrument id or folder."))
@supplement_option
@option(
    "--section",
    "--part",
    multiple=True,
    help=N_("Only this part, by its number, for example III. May be repeated; all if left out."),
)
@language_option(N_("Language of the form; English, or with --from the assessment's own, if left out."))
@option("--second-language", default="", help=N_("Print questions in this language too, beside it."))
@option("--country", default="", help=N_("ISO 3166-1 alpha-3 code, for example GEO."))
@option("--country-name", default="", help=N_("Name of the country, if the code is not a known one."))
@option("--round", "round_", default="", help=N_("Round, for example 2018."))
@option("--agency", default="", help=N_("With --from: the agency the form is sent to, by its id or short name."))
@progress_option
@limit_options(seconds=TIME_LIMIT, megabytes=MEMORY_LIMIT)
@click.pass_obj
def blank(  # noqa: PLR0913 - one per option
    texts: Texts,
    out: Path,
    *,
    source: Path | None,
    instrument: str,
    supplement: tuple[str, ...],
    language: str,
    second_language: str,
    country: str,
    country_name: str,
    round_: str,
    agency: str,
    section: tuple[str, ...],
    progress: bool,
) -> int:
    """Write a blank form; with --progress as JSON lines for the window."""
    from capacity_app.services import blank_forms, reporting  # noqa: PLC0415 - only this command needs them

    wanted = _Wanted(
        source=source,
        instrument=instrument,
        supplement=supplement,
        country=country,
        country_name=country_name,
        round_=round_,
        agency=agency,
        section=section,
    )
    with errors_told(texts, is_for_window=progress), limited(FORM, texts, is_for_window=progress, out=out):
        form = _blank(texts, wanted)
        first = language or (form.mission.language if source else _LANGUAGE)
        second = reporting.second_language(second_language, first, form.instrument)
        tell = progress_printer(progress)
        blank_forms.write_blank_form(form, out, texts=Texts(first), second=second, progress=tell)
    say_wrote(texts, out, is_for_window=progress)
    return DONE
