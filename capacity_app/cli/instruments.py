"""The commands about instruments: list, check, show."""

from collections.abc import Sequence
from pathlib import Path

import click

from capacity_app import paths
from capacity_app.cli.options import as_json_option, command, supplement_option
from capacity_app.cli.speaking import DONE, list_problems, print_json, say
from capacity_app.domain.instrument import Instrument, Kind
from capacity_app.domain.problems import N_, KnownError, Severity
from capacity_app.instruments import library
from capacity_app.instruments.reader import read_instrument
from capacity_app.texts import Texts


def folders_here() -> tuple[Path, Path]:
    """Return the folders of this computer's instruments: those that came with the program, and a person's own."""
    return paths.instruments_folder(), paths.user_instruments_folder()


def wanted_instrument(wanted: str, supplements: Sequence[str], texts: Texts) -> Instrument:
    """Read an instrument by id or folder; lists its mistakes and raises KnownError if it has any."""
    entry = library.find(wanted, folders_here())
    instrument, problems = read_instrument(entry.folder, supplements)
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if instrument is None or errors:
        list_problems(errors, texts.gettext)
        raise KnownError(
            N_("The instrument {name} has mistakes and was not used. Mend them and check it again."), name=wanted
        )
    return instrument


def instruments_here() -> tuple[library.Entry, ...]:
    return library.catalogue(folders_here())


@command()
@as_json_option
@click.pass_obj
def instrument_list(texts: Texts, as_json: bool) -> int:  # noqa: FBT001 - click passes options by name
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


@command()
@click.argument("wanted", metavar="ID")
@supplement_option
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
