"""The commands that make assessments: new, demo."""

from pathlib import Path

import click

from capacity_app.cli.instruments import wanted_instrument
from capacity_app.cli.speaking import DONE, file_argument, person, say, supplement_option
from capacity_app.domain.assessment import Mission
from capacity_app.domain.problems import Translate
from capacity_app.services import identity
from capacity_app.services.assessment_session import create_assessment
from capacity_app.texts import Texts, m49_of


@click.pass_obj
def new(
    texts: Texts,
    file: Path,
    country: str,
    country_name: str,
    round_: str,
    instrument: str,
    supplement: tuple[str, ...],
    language: str,
) -> int:
    """Make an empty assessment."""
    chosen = wanted_instrument(instrument, supplement, texts)
    mission = Mission(
        country=country.upper(),
        m49=m49_of(country),
        country_name=country_name or texts.country(m49_of(country)) or country.upper(),
        round=round_,
        language=language,
    )
    create_assessment(file, chosen, mission, author=person(), device=identity.device_id())
    say(texts.gettext("Made {file}: {title}, {country}, {round}.").format(
        file=file, title=chosen.title, country=mission.country_name, round=round_
    ))  # fmt: skip
    return DONE


@click.pass_obj
def demo(texts: Texts, file: Path) -> int:
    """Make a filled example."""
    from capacity_app.services.demonstration import create_demonstration  # noqa: PLC0415 - only this command needs it

    create_demonstration(file, device=identity.device_id())
    say(texts.gettext("Made the demonstration {file}. Open it with: capacity-app {file}").format(file=file))
    return DONE


def new_command(_: Translate) -> click.Command:
    """Describe ``new``."""
    params: list[click.Parameter] = [
        file_argument(is_new=True),
        click.Option(["--country"], required=True, help=_("ISO 3166-1 alpha-3 code, for example GEO.")),
        click.Option(["--country-name"], default="", help=_("Name of the country, if the code is not a known one.")),
        click.Option(["--round", "round_"], required=True, help=_("Round, for example 2018.")),
        click.Option(["--instrument"], default="unsd-nmdc", show_default=True, help=_("Instrument id or folder.")),
        supplement_option(_),
        click.Option(["--language"], default="en", show_default=True, help=_("Language of the interviews.")),
    ]
    return click.Command("new", callback=new, params=params, help=_("Make an empty assessment."))


def demo_command(_: Translate) -> click.Command:
    """Describe ``demo``."""
    return click.Command("demo", callback=demo, params=[file_argument(is_new=True)], help=_("Make a filled example."))
