"""The commands about instruments: list, check, show."""

from collections.abc import Sequence
from pathlib import Path

import click

from capacity_app import paths
from capacity_app.cli.speaking import (
    DONE,
    FILE,
    PROBLEMS,
    as_json_option,
    list_problems,
    print_json,
    say,
    supplement_option,
)
from capacity_app.domain.instrument import Instrument, Kind
from capacity_app.domain.problems import N_, KnownError, Problem, Severity, Translate
from capacity_app.instruments import library
from capacity_app.instruments.reader import folder_problems, offered_supplements, read_instrument
from capacity_app.services.migrating import folder_migration_problems
from capacity_app.services.results import problem_data
from capacity_app.texts import Texts


def wanted_instrument(wanted: str, supplements: Sequence[str], texts: Texts) -> Instrument:
    """Read an instrument by id or folder; lists its mistakes and raises KnownError if it has any."""
    folders = (paths.instruments_folder(), paths.user_instruments_folder())
    entry = library.find(wanted, folders)
    instrument, problems = read_instrument(entry.folder, supplements)
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if instrument is None or errors:
        list_problems(errors, texts.gettext)
        raise KnownError(
            N_("The instrument {name} has mistakes and was not used. Mend them and check it again."), name=wanted
        )
    return instrument


def instruments_here() -> tuple[library.Entry, ...]:
    """Give the instruments of this computer."""
    return library.catalogue((paths.instruments_folder(), paths.user_instruments_folder()))


@click.pass_obj
def instrument_list(texts: Texts, as_json: bool) -> int:  # noqa: FBT001 - click passes options by name
    """List the instruments."""
    entries = instruments_here()
    if as_json:
        print_json([
            {"id": e.id, "version": e.version, "title": e.title, "folder": str(e.folder), "problems": len(e.problems)}
            for e in entries
        ])  # fmt: skip
        return DONE
    for entry in entries:
        title = texts.wording(entry.id, "instrument|title", entry.title)
        mistakes = (
            texts.gettext("(has mistakes: “capacity-app instrument check” lists them)") if entry.has_mistakes else ""
        )
        say(f"{entry.id:<16} {entry.version:<8} {title} {mistakes}".rstrip())
    return DONE


def _migration_problems(path: Path) -> tuple[Problem, ...]:
    """Check the migration files of a folder against the versions beside it and those of this computer."""
    later = _whole(path)
    if later is None:
        return ()
    known = (*library.catalogue((path.absolute().parent,)), *instruments_here())
    others = [entry for entry in known if entry.id == later.id and entry.version != later.version]
    read = [_whole(entry.folder) for entry in others]
    return folder_migration_problems(path, later, [one for one in read if one is not None])


def _whole(folder: Path) -> Instrument | None:
    names = [supplement.file for supplement in offered_supplements(folder)]
    return read_instrument(folder, names)[0]


@click.pass_obj
def instrument_check(texts: Texts, path: Path, supplement: tuple[str, ...], as_json: bool) -> int:  # noqa: FBT001
    """Check an instrument and list all its mistakes."""
    instrument, problems = read_instrument(path, supplement)
    problems = tuple(dict.fromkeys((*folder_problems(path), *problems, *_migration_problems(path))))
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if as_json:
        print_json([problem_data(problem, texts.gettext) for problem in problems])
    else:
        list_problems(problems, texts.gettext)
        if instrument is not None and not errors:
            say(texts.gettext("{title} {version}: no mistakes. {count} questions in {sections} sections.").format(
                title=instrument.title,
                version=instrument.version,
                count=len(instrument.question_by_id),
                sections=len(instrument.sections),
            ))  # fmt: skip
    return PROBLEMS if errors else DONE


def _show_question(texts: Texts, instrument: Instrument, question_id: str) -> None:
    question = instrument.question_by_id[question_id]

    def word(part: str, text: str) -> str:
        return texts.wording(instrument.id, f"{question.id}|{part}", text)

    say(f"  {question.number:<8} {word('text', question.text)}  [{question.provenance}] {question.id}")
    for level, anchor in enumerate(question.anchors):
        say(f"             {level}  {word(f'anchor {level}', anchor)}")
    for option in question.options:
        say(f"             ▢ {word(f'option {option.id}', option.label)}")
    if question.kind is Kind.GRID:
        for row in question.rows:
            say(f"             {row.number:<7} {word(f'row {row.id} label', row.label)}")
        columns = (word(f"column {column.id} label", column.label) for column in question.columns)
        say(f"             × {' | '.join(columns)}")


@click.pass_obj
def instrument_show(texts: Texts, wanted: str, supplement: tuple[str, ...]) -> int:
    """Print an instrument's questions with their permanent ids."""
    instrument = wanted_instrument(wanted, supplement, texts)
    say(f"{texts.wording(instrument.id, 'instrument|title', instrument.title)} {instrument.version}")
    say(instrument.edition)
    for section in instrument.sections:
        say()
        say(f"{section.number}  {texts.wording(instrument.id, f'{section.id}|title', section.title)}")
        for question in section.questions:
            _show_question(texts, instrument, question.id)
    return DONE


def instrument_group(_: Translate) -> click.Group:
    """Describe ``instrument``."""
    path = click.Argument(["path"], type=FILE)
    wanted = click.Argument(["wanted"], metavar="ID")
    return click.Group(
        "instrument",
        help=_("See, check and print instruments."),
        commands=[
            click.Command(
                "list", callback=instrument_list, params=[as_json_option(_)], help=_("List the instruments.")
            ),
            click.Command(
                "check",
                callback=instrument_check,
                params=[path, supplement_option(_), as_json_option(_)],
                help=_("List all mistakes of an instrument folder."),
            ),
            click.Command(
                "show", callback=instrument_show, params=[wanted, supplement_option(_)], help=_("Print all questions.")
            ),
        ],
    )
