"""The commands about what is to be done: plan, training."""

from pathlib import Path

import click

from capacity_app.cli.options import NEW_FILE, as_json_option, command, file_argument, option
from capacity_app.cli.speaking import DONE, list_problems, print_json, say, say_wrote
from capacity_app.cli.unlocking import open_assessment
from capacity_app.domain.gaps import CLASS_WORDS
from capacity_app.domain.plan_checks import check_plan
from capacity_app.domain.planning import Planned, by_time, plan_of
from capacity_app.domain.problems import N_
from capacity_app.domain.registers import PROGRESS_WORDS
from capacity_app.domain.training import Need, training_needs
from capacity_app.files.atomic import write_atomically
from capacity_app.services.plan_results import COLUMNS, plan_data, plan_rows, training_data
from capacity_app.services.tables import to_csv
from capacity_app.texts import Texts
from capacity_app.wording import Wording


def _action_line(words: Wording, one: Planned) -> str:
    say, action = words.texts.gettext, one.action
    days = f"{one.span.first} – {one.span.last}" if one.span else say("without dates")
    who = words.agency(action.responsible) if action.responsible else say("nobody yet")
    severity, progress = say(CLASS_WORDS[one.severity]), say(PROGRESS_WORDS[action.progress])
    return f"{one.number:>4}  {days:<23}  {severity:<9} {progress:<9} {who:<12} {action.title or action.id}"


@command()
@file_argument()
@as_json_option
@option("--csv", type=NEW_FILE, help=N_("Also write the actions as a table into this .csv file."))
@click.pass_obj
def plan(texts: Texts, file: Path, as_json: bool, csv: Path | None) -> int:  # noqa: FBT001 - click passes by name
    """Print the action plan and what is still wrong with it."""
    with open_assessment(file) as session:
        dossier, sheet, gaps = session.dossier(), session.sheet, session.gaps()
    planned = plan_of(dossier.actions, (*gaps[0], *gaps[1]))
    findings = tuple(check_plan(dossier, sheet, *gaps))
    data = plan_data(by_time(planned), findings, texts.gettext)
    if csv is not None:
        write_atomically(csv, to_csv(plan_rows(data), COLUMNS))
    if as_json:
        print_json(data)
        return DONE
    say(texts.ngettext("{count} action:", "{count} actions:", len(planned)).format(count=len(planned)))
    words = Wording(texts, dossier)
    for one in by_time(planned):
        say(_action_line(words, one))
    list_problems((finding.problem for finding in findings), texts.gettext)
    if csv is not None:
        say_wrote(texts, csv)
    return DONE


def _need_line(words: Wording, need: Need) -> str:
    now = "?" if need.level is None else str(need.level)
    wanted = "?" if need.target is None else str(need.target)
    points = words.ngettext("{count} low answer points to it", "{count} low answers point to it", len(need.gaps))
    return f"  {now} → {wanted}  {need.priority or '–':<7} {words.topic(need)}; {points}"


@command()
@file_argument()
@as_json_option
@click.pass_obj
def training(texts: Texts, file: Path, as_json: bool) -> int:  # noqa: FBT001 - click passes options by name
    """Print which training and assistance is needed."""
    with open_assessment(file) as session:
        dossier, found = session.dossier(), training_needs(session.sheet, session.gaps()[0])
    if as_json:
        print_json(training_data(found))
        return DONE
    if found.question is None:
        say(texts.gettext("Supplement T was not asked: this is what the other answers point to."))
    for need in found.needs:
        say(_need_line(Wording(texts, dossier), need))
    return DONE
