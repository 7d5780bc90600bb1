"""The commands that make assessments: new, demo."""

from dataclasses import replace
from pathlib import Path

import click

from capacity_app.cli.instruments import instruments_here, wanted_instrument
from capacity_app.cli.options import FILE, command, file_argument, new_passphrase_option, option, supplement_option
from capacity_app.cli.protect import asked_passphrase, say_recovery_key
from capacity_app.cli.speaking import DONE, say
from capacity_app.cli.unlocking import keys_for, person
from capacity_app.domain.assessment import Mission
from capacity_app.domain.instrument import Instrument
from capacity_app.domain.keys import Key
from capacity_app.domain.problems import N_
from capacity_app.services import identity, next_round
from capacity_app.services.assessment_session import create_assessment
from capacity_app.services.protection import new_key
from capacity_app.store.opening import expect_assessment_file
from capacity_app.texts import Texts, m49_of


def _continue(  # noqa: PLR0913 - one per option
    texts: Texts,
    file: Path,
    earlier_file: Path,
    *,
    country: str,
    round_: str,
    instrument: str,
    supplement: tuple[str, ...],
    with_actions: bool,
    key: Key | None,
) -> int:
    """Make the next round of an earlier assessment, protected like it if it has no key of its own."""
    keys = keys_for(earlier_file)
    earlier = next_round.read_earlier(earlier_file, identity.device_id(), keys)
    own_key, is_dossier = key, earlier_file.suffix.casefold() == ".json"
    if key is None and not is_dossier:
        key = expect_assessment_file(earlier_file, keys)
    entry = None if instrument else next_round.continuing(earlier.instrument, instruments_here())
    supplements = supplement or next_round.supplements_of(earlier.instrument)
    chosen = earlier.instrument
    if instrument or supplement:
        chosen = wanted_instrument(instrument or earlier.instrument.id, supplement, texts)
    elif entry is not None:
        chosen = wanted_instrument(str(entry.folder), supplements, texts)
    mission = next_round.next_mission(earlier.mission, round_, chosen)
    if country:
        mission = replace(mission, country=country.upper())
    counted = next_round.create_next_round(
        file, earlier, chosen, mission, with_actions=with_actions, author=person(), device=identity.device_id(), key=key
    )
    _say_made(texts, file, chosen, mission, own_key)
    if key and not own_key:
        say(texts.gettext("It is protected by the same passphrase as {file}.").format(file=earlier_file.name))
    waiting = texts.ngettext(
        "{count} answer of {round} waits to be confirmed; nothing counts as given.",
        "{count} answers of {round} wait to be confirmed; nothing counts as given.",
        counted.waiting,
    )
    say(waiting.format(count=counted.waiting, round=earlier.mission.round))
    if counted.later or counted.unfit:
        sentence = texts.gettext("Of {given}: {later} hang on answers that come first, {unfit} have no place any more.")
        say(sentence.format(given=counted.given, later=counted.later, unfit=counted.unfit))
    return DONE


def _say_made(texts: Texts, file: Path, instrument: Instrument, mission: Mission, key: Key | None) -> None:
    say(texts.gettext("Made {file}: {title}, {country}, {round}.").format(
        file=file, title=instrument.title, country=mission.country_name, round=mission.round
    ))  # fmt: skip
    if key:
        say_recovery_key(texts, key)


@command()
@file_argument(is_new=True)
@option(
    "--from",
    "earlier",
    type=FILE,
    help=N_(
        "Go on from an earlier round: an .assessment file or a .json dossier. Its answers are offered to be "
        "confirmed; none counts as given."
    ),
)
@option("--actions/--no-actions", default=True, help=N_("Take open actions of the earlier round along."))
@option("--country", default="", help=N_("ISO 3166-1 alpha-3 code, for example GEO. Not needed with --from."))
@option("--country-name", default="", help=N_("Name of the country, if the code is not a known one."))
@option("--round", "round_", required=True, help=N_("Round, for example 2018."))
@option("--instrument", default="", show_default="unsd-nmdc", help=N_("Instrument id or folder."))
@supplement_option
@option("--language", default="en", show_default=True, help=N_("Language of the interviews."))
@option("--protect", is_flag=True, help=N_("Protect it with a passphrase, which is asked for."))
@new_passphrase_option
@click.pass_obj
def new(  # noqa: PLR0913 - one per option
    texts: Texts,
    file: Path,
    *,
    earlier: Path | None,
    country: str,
    country_name: str,
    round_: str,
    instrument: str,
    supplement: tuple[str, ...],
    language: str,
    actions: bool,
    protect: bool,
    new_passphrase_file: str,
) -> int:
    """Make an empty assessment, or the next round of an earlier one."""
    key = new_key(asked_passphrase(texts, new_passphrase_file)) if protect or new_passphrase_file else None
    if earlier is not None:
        return _continue(
            texts, file, earlier, country=country, round_=round_, instrument=instrument, supplement=supplement,
            with_actions=actions, key=key,
        )  # fmt: skip
    if not country:
        raise click.UsageError(texts.gettext("Say which country, with --country, or go on from an earlier round."))
    chosen = wanted_instrument(instrument or "unsd-nmdc", supplement, texts)
    mission = Mission(
        country=country.upper(),
        m49=m49_of(country),
        country_name=country_name or texts.country(m49_of(country)) or country.upper(),
        round=round_,
        language=language,
    )
    create_assessment(file, chosen, mission, author=person(), device=identity.device_id(), key=key)
    _say_made(texts, file, chosen, mission, key)
    return DONE


@command()
@file_argument(is_new=True)
@click.pass_obj
def demo(texts: Texts, file: Path) -> int:
    from capacity_app.services.demonstration import create_demonstration  # noqa: PLC0415 - only this command needs it

    create_demonstration(file, device=identity.device_id())
    say(texts.gettext("Made the demonstration {file}. Open it with: capacity-app {file}").format(file=file))
    return DONE
