"""The command that writes a form to be filled in by hand, or in a workbook: blank."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from capacity_app.cli.instruments import wanted_instrument
from capacity_app.cli.limits import FORM, limit_options, limited
from capacity_app.cli.speaking import (
    DONE,
    FILE,
    errors_told,
    file_argument,
    language_help,
    open_assessment,
    progress_option,
    progress_printer,
    say_wrote,
    supplement_option,
)
from capacity_app.domain.assessment import Mission
from capacity_app.domain.problems import Translate
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


def blank_command(_: Translate) -> click.Command:
    params: list[click.Parameter] = [
        file_argument("out", is_new=True),
        click.Option(["--from", "source"], type=FILE, help=_(
            "Take the questions, the country and the round of this assessment; none of its answers."
        )),
        click.Option(["--instrument"], default="", show_default=_INSTRUMENT, help=_("Instrument id or folder.")),
        supplement_option(_),
        click.Option(["--section", "--part"], multiple=True, help=_(
            "Only this part, by its number, for example III. May be repeated; all if left out."
        )),
        click.Option(["--language"], default="", help=language_help(
            _("Language of the form; English, or with --from the assessment's own, if left out."), _
        )),
        click.Option(["--second-language"], default="", help=_("Print questions in this language too, beside it.")),
        click.Option(["--country"], default="", help=_("ISO 3166-1 alpha-3 code, for example GEO.")),
        click.Option(["--country-name"], default="", help=_("Name of the country, if the code is not a known one.")),
        click.Option(["--round", "round_"], default="", help=_("Round, for example 2018.")),
        click.Option(["--agency"], default="", help=_(
            "With --from: the agency the form is sent to, by its id or short name."
        )),
        progress_option(_),
        *limit_options(_, seconds=TIME_LIMIT, megabytes=MEMORY_LIMIT),
    ]  # fmt: skip
    return click.Command("blank", callback=blank, params=params, help=_(
        "Write the questions as a form to print and fill in by hand (.pdf), or as an empty workbook (.xlsx)."
    ))  # fmt: skip
