"""The commands about instruments: list, show, and to and from XLSForm."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from capacity_app.cli.limits import FORM, READING, limited
from capacity_app.cli.options import (
    FILE,
    add_option,
    as_json_option,
    command,
    file_argument,
    limit_options,
    supplement_option,
)
from capacity_app.cli.terminal import open_assessment, print_json, print_problems, print_result, say, say_written
from capacity_app.domain.problems import N_, KnownError, ProblemSeverity, problem_data
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.i18n.translator import Translator
from capacity_app.questionnaires import library
from capacity_app.questionnaires.reader import read_instrument
from capacity_app.services.child_process import READING_MEMORY_LIMIT, READING_TIME_LIMIT, TIME_LIMIT
from capacity_app.services.exchange.questionnaire_install import (
    InstallState,
    ReadQuestionnaire,
    install_preview_data,
    install_questionnaire,
    preview_install,
)


def wanted_instrument(wanted: str, supplements: Sequence[str], texts: Translator) -> Instrument:
    """Read an instrument by id or folder; lists its mistakes and raises KnownError if it has any."""
    entry = library.find_instrument(wanted, library.instrument_folders())
    instrument, problems = read_instrument(entry.folder, supplements)
    if instrument is None:
        print_problems((one for one in problems if one.severity is ProblemSeverity.ERROR), texts.gettext)
        raise KnownError(
            N_("The questionnaire {name} has errors and was not used. Correct them and check it again."), name=wanted
        )
    return instrument


def instruments_here() -> tuple[library.LibraryEntry, ...]:
    return library.list_instruments(library.instrument_folders())


@command()
@as_json_option
def instrument_list(texts: Translator, *, as_json: bool) -> None:
    entries = instruments_here()
    if as_json:
        print_json([
            {"id": e.id, "version": e.version, "title": e.title, "folder": str(e.folder), "problems": len(e.problems)}
            for e in entries
        ])  # fmt: skip
        return
    for entry in entries:
        title = texts.wording(entry.id, "instrument|title", entry.title)
        mistakes = (
            texts.gettext("(has errors: “capacity-app instrument check” lists them)") if entry.has_mistakes else ""
        )
        say(f"{entry.id:<16} {entry.version:<8} {title} {mistakes}".rstrip())


def _show_question(texts: Translator, instrument: Instrument, question_id: str) -> None:
    question = instrument.question_by_id[question_id]

    def word(part: str, text: str) -> str:
        return texts.wording(instrument.id, f"{question.id}|{part}", text)

    say(f"  {question.number:<8} {word('text', question.text)}  [{question.provenance}] {question.id}")
    for level, anchor in enumerate(question.anchors):
        say(f"             {level}  {word(f'anchor {level}', anchor)}")
    for option in question.options:
        say(f"             ▢ {word(f'option {option.id}', option.label)}")
    if question.kind is AnswerKind.GRID:
        for row in question.rows:
            say(f"             {row.number:<7} {word(f'row {row.id} label', row.label)}")
        columns = (word(f"column {column.id} label", column.label) for column in question.columns)
        say(f"             × {' | '.join(columns)}")


@command()
@click.argument("wanted", metavar="ID")
@supplement_option
def instrument_show(texts: Translator, wanted: str, supplement: tuple[str, ...]) -> None:
    instrument = wanted_instrument(wanted, supplement, texts)
    say(f"{texts.wording(instrument.id, 'instrument|title', instrument.title)} {instrument.version}")
    say(instrument.edition)
    for text in (instrument.framework_version, *(one.text for one in instrument.sources)):
        if text:
            say(text)
    for section in instrument.sections:
        say()
        say(f"{section.number}  {texts.wording(instrument.id, f'{section.id}|title', section.title)}")
        for question in section.questions:
            _show_question(texts, instrument, question.id)


# The commands about XLSForms: instrument xlsform, from-xlsform, new.


HAS_MISTAKES = N_("The form has errors. Nothing was written. Correct the errors listed, and import the form again.")


@command()
@click.argument("wanted", metavar="ID")
@file_argument("out", is_new=True)
@supplement_option
@add_option(
    "--language",
    multiple=True,
    help=N_("A language of the form beside the questionnaire's own. May be repeated; all if left out."),
)
@add_option(
    "--from",
    "source",
    type=FILE,
    help=N_("Take the questions of this assessment instead, and its agencies and sources to choose from."),
)
@as_json_option
@limit_options(seconds=TIME_LIMIT, megabytes=READING_MEMORY_LIMIT)
def instrument_xlsform(
    texts: Translator,
    wanted: str,
    out: Path,
    supplement: tuple[str, ...],
    language: tuple[str, ...],
    source: Path | None,
    *,
    as_json: bool,
) -> None:
    from capacity_app.services.exchange import xlsforms  # noqa: PLC0415 - only these commands need it

    with limited(FORM, texts, is_for_window=as_json, out=out):
        registers = None
        if source is not None:
            with open_assessment(source) as session:
                instrument, registers = session.instrument, xlsforms.form_registers(session)
        else:
            instrument = xlsforms.read_questionnaire(wanted, supplement)
        form = xlsforms.make_form(instrument, language or None, registers)
        xlsforms.write_form(form, out)
    if as_json:
        print_json({"file": str(out), "problems": [problem_data(one, texts.gettext) for one in form.problems]})
        return
    print_problems(form.problems, texts.gettext)
    say_written(texts, out)


@command()
@file_argument()
@click.argument("folder", type=FILE, required=False)
@add_option("--id", "wanted_id", default="", help=N_("The id of the new questionnaire."))
@add_option("--yes", "is_agreed", is_flag=True, help=N_("Write it, and not only say what it is."))
@as_json_option
@limit_options(seconds=READING_TIME_LIMIT, megabytes=READING_MEMORY_LIMIT)
def instrument_from_xlsform(texts: Translator, /, file: Path, folder: Path | None, **options: Any) -> bool:  # noqa: ANN401 - those described below
    from capacity_app.services.exchange import xlsforms  # noqa: PLC0415 - only these commands need it

    with limited(READING, texts, is_for_window=options["as_json"]):
        reading = xlsforms.read_form(file, options["wanted_id"], folder)
    return _install_if_agreed(texts, reading, folder, is_agreed=options["is_agreed"], as_json=options["as_json"])


def _install_if_agreed(
    texts: Translator, reading: "ReadQuestionnaire", folder: Path | None, *, is_agreed: bool, as_json: bool
) -> bool:
    """Return what a questionnaire that was read would change, and put it in place if that is agreed to."""
    found = preview_install(reading, folder)
    can_be_written = found.state not in {InstallState.MISTAKEN, InstallState.REFUSED}
    written = install_questionnaire(reading, folder) if is_agreed and can_be_written else None
    data = install_preview_data(reading, found, texts)
    if as_json:
        print_json(data | {"written": written is not None})
    else:
        print_problems(reading.problems, texts.gettext)
        if found.state is InstallState.MISTAKEN:
            say(texts.gettext(HAS_MISTAKES))
        else:
            named = texts.gettext("{title}, version {version}. Questions: {questions}. Parts: {sections}.")
            say(named.format(**{name: data[name] for name in ("title", "version", "questions", "sections")}))
        for sentence in found.sentences(texts):
            say(sentence)
        if written is not None:
            say_written(texts, written)
        elif can_be_written:
            nothing = texts.gettext("Nothing was written yet: add --yes to put it into {folder}.")
            say(nothing.format(folder=found.target))
    return can_be_written


@command()
@click.argument("name", metavar="ID")
@file_argument("out", is_new=True)
@add_option("--title", required=True, help=N_("What it is called."))
@add_option("--language", default="en", show_default=True, help=N_("Language it will be worded in."))
@add_option("--supplement-of", default="", help=N_("Make a supplement, to be added to this questionnaire."))
@as_json_option
@limit_options(seconds=TIME_LIMIT, megabytes=READING_MEMORY_LIMIT)
def instrument_new(
    texts: Translator, name: str, out: Path, title: str, language: str, supplement_of: str, *, as_json: bool
) -> None:
    from capacity_app.services.exchange import xlsforms  # noqa: PLC0415 - only these commands need it

    with limited(FORM, texts, is_for_window=as_json, out=out):
        xlsforms.write_form(xlsforms.template_form(name, title, language=language, supplement_of=supplement_of), out)
    print_result({"file": str(out), "problems": []}, lambda: say_written(texts, out), as_json=as_json)
