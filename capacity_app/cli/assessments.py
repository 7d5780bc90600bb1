"""The commands that make an assessment: new, demo, migrate to a newer questionnaire; and profile, what it asks."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from capacity_app.cli.instruments import instruments_here, wanted_instrument
from capacity_app.cli.options import (
    FILE,
    NEW_FILE,
    add_option,
    as_json_option,
    command,
    country_name_option,
    file_argument,
    instrument_option,
    new_passphrase_option,
    profile_option,
    supplement_option,
)
from capacity_app.cli.protection import asked_passphrase, say_recovery_key
from capacity_app.cli.terminal import (
    current_user,
    keys_for,
    open_assessment,
    print_json,
    print_problems,
    say,
    say_protected_alike,
)
from capacity_app.domain.assessment.migration import MigratedAnswer, MigrationOutcome
from capacity_app.domain.assessment.registers import Mission
from capacity_app.domain.encryption_keys import EncryptionKey, keyring_of
from capacity_app.domain.problems import N_, problem_data
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.i18n.countries import m49_from_alpha3
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.services.exchange.migration import MigrationPlan, migrate_file, plan_migration, wanted_version
from capacity_app.services.protection import key_from_passphrase
from capacity_app.services.session import entries_and_documents, next_round
from capacity_app.services.session.change_sets import answer_in_words
from capacity_app.services.session.demonstration import DEMONSTRATIONS, create_demonstration
from capacity_app.services.session.file_writing import create_assessment
from capacity_app.storage.opening import expect_assessment_file


def _continue_round(  # noqa: PLR0913 - one per option
    texts: Translator,
    file: Path,
    earlier_file: Path,
    *,
    country: str,
    round_: str,
    instrument: str,
    supplement: tuple[str, ...],
    questions: str,
    with_actions: bool,
    key: EncryptionKey | None,
) -> None:
    """Make the next round of an earlier assessment, protected like it if it has no key of its own."""
    keys = keys_for(earlier_file)
    earlier = next_round.read_previous_round(earlier_file, entries_and_documents.device_id(), keys)
    own_key, is_dossier = key, earlier_file.suffix.casefold() == ".json"
    if key is None and not is_dossier:
        key = expect_assessment_file(earlier_file, keys)
    entry = None if instrument else next_round.continuing_questionnaire(earlier.instrument, instruments_here())
    supplements = supplement or next_round.supplement_ids(earlier.instrument)
    chosen = earlier.instrument
    if instrument or supplement:
        chosen = wanted_instrument(instrument or earlier.instrument.id, supplement, texts)
    elif entry is not None:
        chosen = wanted_instrument(str(entry.folder), supplements, texts)
    mission = next_round.next_mission(earlier.mission, round_, chosen)
    if country:
        mission = replace(mission, country=country.upper())
    if questions:
        mission = replace(mission, profile=chosen.expect_profile(questions))
    counted = next_round.create_next_round(
        file,
        earlier,
        chosen,
        mission,
        with_actions=with_actions,
        author=current_user(),
        device=entries_and_documents.device_id(),
        key=key,
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


def _say_made(
    texts: Translator, file: Path, instrument: Instrument, mission: Mission, key: EncryptionKey | None
) -> None:
    say(texts.gettext("Made {file}: {title}, {country}, {round}.").format(
        file=file, title=instrument.title, country=mission.country_name, round=mission.round
    ))  # fmt: skip
    if key:
        say_recovery_key(texts, key)


@command()
@file_argument(is_new=True)
@add_option(
    "--from",
    "earlier",
    type=FILE,
    help=N_(
        "Go on from a previous round: an .assessment file or a .json dossier. Its answers are offered to be "
        "confirmed; none counts as given."
    ),
)
@add_option("--actions/--no-actions", default=True, help=N_("Take open actions of the previous round along."))
@add_option("--country", default="", help=N_("ISO 3166-1 alpha-3 code, for example GEO. Not needed with --from."))
@country_name_option
@add_option("--round", "round_", required=True, help=N_("Round, for example 2018."))
@instrument_option("unsd-nmdc")
@supplement_option
@profile_option
@add_option("--language", default="en", show_default=True, help=N_("Language of the interviews"))
@add_option("--protect", is_flag=True, help=N_("Protect it with a passphrase, which is asked for."))
@new_passphrase_option
def new(  # noqa: PLR0913 - one per option
    texts: Translator,
    file: Path,
    *,
    earlier: Path | None,
    country: str,
    country_name: str,
    round_: str,
    instrument: str,
    supplement: tuple[str, ...],
    questions: str,
    language: str,
    actions: bool,
    protect: bool,
    new_passphrase_file: str,
) -> None:
    key = key_from_passphrase(asked_passphrase(texts, new_passphrase_file)) if protect or new_passphrase_file else None
    if earlier is not None:
        _continue_round(
            texts, file, earlier, country=country, round_=round_, instrument=instrument, supplement=supplement,
            questions=questions, with_actions=actions, key=key,
        )  # fmt: skip
        return
    if not country:
        raise click.UsageError(texts.gettext("Say which country, with --country, or go on from a previous round."))
    chosen = wanted_instrument(instrument or "unsd-nmdc", supplement, texts)
    mission = Mission(
        country=country.upper(),
        m49=m49_from_alpha3(country),
        country_name=country_name or texts.country(m49_from_alpha3(country)) or country.upper(),
        round=round_,
        language=language,
        profile=chosen.expect_profile(questions),
    )
    create_assessment(file, chosen, mission, author=current_user(), device=entries_and_documents.device_id(), key=key)
    _say_made(texts, file, chosen, mission, key)


@command()
@file_argument()
@click.argument("wanted", metavar="ID|all", required=False)
def profile(texts: Translator, file: Path, wanted: str | None) -> None:
    with open_assessment(file, read_only=wanted is None) as session:
        if wanted is not None:
            session.use_profile("" if wanted == "all" else wanted)
        note = Formatter(texts, session.dossier()).profile_note
        say(note or texts.gettext("This assessment asks all questions."))


@command()
@file_argument(is_new=True)
@click.argument("name", type=click.Choice(DEMONSTRATIONS), default=DEMONSTRATIONS[0])
def demo(texts: Translator, file: Path, name: str) -> None:
    create_demonstration(file, name, device=entries_and_documents.device_id())
    say(texts.gettext("Made the demonstration {file}. Open it with: capacity-app {file}").format(file=file))


# The command that makes a copy under a newer version of the instrument: migrate.


def _plan_data(plan: MigrationPlan, texts: Translator) -> dict[str, Any]:
    """Return counts and every answer that is not carried, for other programs."""
    return {
        "instrument": plan.later.id,
        "from": plan.before.instrument.version,
        "to": plan.later.version,
        "files": [rules.file for rules in plan.steps],
        "given": plan.answers_in,
        **{fate.value: count for fate, count in plan.counts.items()},
        "answers": [_outcome_data(outcome, plan, texts) for outcome in _not_carried(plan)],
        "problems": [problem_data(problem, texts.gettext) for problem in plan.problems],
    }


def _outcome_data(outcome: MigratedAnswer, plan: MigrationPlan, texts: Translator) -> dict[str, Any]:
    key = outcome.answer.key
    return {
        "address": str(key.address),
        "layer": key.layer.value,
        "respondent": key.respondent,
        "fate": outcome.fate.value,
        "targets": [str(answer.key.address) for answer in outcome.answers],
        "reason": texts.gettext(outcome.reason),
        "note": outcome.note,
        "answered": answer_in_words(Formatter(texts, plan.before), outcome.answer.key.address, outcome.answer.content),
    }


def _not_carried(plan: MigrationPlan) -> list[MigratedAnswer]:
    return [outcome for outcome in plan.migrated.outcomes if outcome.fate is not MigrationOutcome.CARRIED]


def _print_plan(plan: MigrationPlan, texts: Translator) -> None:
    """Say the counts, then every answer that is not carried, and why."""
    say(texts.gettext("Version {earlier} → {later}.").format(
        earlier=plan.before.instrument.version, later=plan.later.version
    ))  # fmt: skip
    if not plan.steps:
        say(texts.gettext("No migration file leads there: only what is asked in the same words is carried."))
    say(texts.gettext(
        "{given} answers = {carried} carried + {to_confirm} to confirm + {retired} retired and kept."
    ).format(given=plan.answers_in, **{fate.value: count for fate, count in plan.counts.items()}))  # fmt: skip
    wording = Formatter(texts, plan.before)
    for outcome in _not_carried(plan):
        key = outcome.answer.key
        place = f"{key.address}, {wording.respondent(key.layer, key.respondent)}"
        marks = {
            MigrationOutcome.TO_CONFIRM: texts.gettext("to confirm"),
            MigrationOutcome.RETIRED: texts.gettext("retired"),
        }
        reason = " ".join(filter(None, (texts.gettext(outcome.reason), outcome.note)))
        said = answer_in_words(wording, outcome.answer.key.address, outcome.answer.content).removesuffix(".")
        say(f"  {place}: {marks[outcome.fate]}: {said}. {reason}")
    print_problems(plan.problems, texts.gettext, "  ")


@command()
@file_argument()
@click.argument("out", type=NEW_FILE, required=False)
@add_option("--to", "version", default="", help=N_("Version to take; the newest on this computer without."))
@add_option("--dry-run", is_flag=True, help=N_("Tell what would become of each answer, and make nothing."))
@as_json_option
def migrate(texts: Translator, file: Path, out: Path | None, version: str, *, dry_run: bool, as_json: bool) -> bool:
    if out is None and not dry_run:
        raise click.UsageError(texts.gettext("Say where to put the copy, or try it with --dry-run."))
    with open_assessment(file) as session:
        entry = wanted_version(session.instrument, instruments_here(), version)
        plan = plan_migration(session.dossier(), entry, texts)
        if out is not None and not dry_run:
            migrate_file(
                file,
                out,
                plan,
                author=current_user(),
                device=entries_and_documents.device_id(),
                keys=keyring_of(session.key),
            )
    if as_json:
        print_json(_plan_data(plan, texts))
    else:
        _print_plan(plan, texts)
        if dry_run:
            say(texts.gettext("Nothing was made: this was a trial run."))
        else:
            say(texts.gettext("Made {file}. {original} is as it was.").format(file=out, original=file))
            say_protected_alike(texts, session)
    return not plan.problems
