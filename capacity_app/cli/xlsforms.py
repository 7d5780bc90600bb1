"""The commands about XLSForms: instrument xlsform, from-xlsform, new."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capacity_app.cli.limits import FORM, READING, limited
from capacity_app.cli.options import (
    FILE,
    as_json_option,
    command,
    file_argument,
    limit_options,
    option,
    supplement_option,
)
from capacity_app.cli.speaking import DONE, PROBLEMS, list_problems, print_json, say, say_wrote
from capacity_app.cli.unlocking import open_assessment
from capacity_app.domain.problems import N_
from capacity_app.services.limits import READING_MEMORY_LIMIT, READING_TIME_LIMIT, TIME_LIMIT
from capacity_app.services.results import problem_data
from capacity_app.texts import Texts

if TYPE_CHECKING:
    from capacity_app.services.preview_install import Reading

HAS_MISTAKES = N_("The form has errors. Nothing was written. Correct the errors listed, and import the form again.")


@command()
@click.argument("wanted", metavar="ID")
@file_argument("out", is_new=True)
@supplement_option
@option(
    "--language",
    multiple=True,
    help=N_("A language of the form beside the questionnaire's own. May be repeated; all if left out."),
)
@option(
    "--from",
    "source",
    type=FILE,
    help=N_("Take the questions of this assessment instead, and its agencies and sources to choose from."),
)
@as_json_option
@limit_options(seconds=TIME_LIMIT, megabytes=READING_MEMORY_LIMIT)
@click.pass_obj
def instrument_xlsform(
    texts: Texts,
    wanted: str,
    out: Path,
    supplement: tuple[str, ...],
    language: tuple[str, ...],
    source: Path | None,
    as_json: bool,  # noqa: FBT001 - click passes options by name
) -> int:
    """Write an instrument as a form; lists what the form does not hold."""
    from capacity_app.services import xlsforms  # noqa: PLC0415 - only these commands need it

    with limited(FORM, texts, is_for_window=as_json, out=out):
        registers = None
        if source is not None:
            with open_assessment(source) as session:
                instrument, registers = session.instrument, xlsforms.registers_of(session)
        else:
            instrument = xlsforms.wanted_questions(wanted, supplement)
        form = xlsforms.form_for(instrument, language or None, registers)
        xlsforms.write_form(form, out)
    if as_json:
        print_json({"file": str(out), "problems": [problem_data(one, texts.gettext) for one in form.problems]})
        return DONE
    list_problems(form.problems, texts.gettext)
    say_wrote(texts, out)
    return DONE


@command()
@file_argument()
@click.argument("folder", type=FILE, required=False)
@option("--id", "wanted_id", default="", help=N_("The id of the new instrument."))
@option("--yes", "is_agreed", is_flag=True, help=N_("Write it, and not only say what it is."))
@as_json_option
@limit_options(seconds=READING_TIME_LIMIT, megabytes=READING_MEMORY_LIMIT)
@click.pass_obj
def instrument_from_xlsform(texts: Texts, /, file: Path, folder: Path | None, **options: Any) -> int:  # noqa: ANN401 - those described below
    """Read a form, list what does not fit, and put it in place as an instrument if that is agreed to."""
    from capacity_app.services import xlsforms  # noqa: PLC0415 - only these commands need it

    with limited(READING, texts, is_for_window=options["as_json"]):
        reading = xlsforms.read_form(file, options["wanted_id"], folder)
    return _put_in_place(texts, reading, folder, is_agreed=options["is_agreed"], as_json=options["as_json"])


def _put_in_place(
    texts: Texts,
    reading: "Reading",
    folder: Path | None,
    *,
    is_agreed: bool,
    as_json: bool,
) -> int:
    """Return what a questionnaire that was read would change, and put it in place if that is agreed to."""
    from capacity_app.services.installing import put_questionnaire_in_place  # noqa: PLC0415 - only this command
    from capacity_app.services.preview_install import State, data_of, outlook  # noqa: PLC0415 - needs them

    found = outlook(reading, folder)
    can_be_written = found.state not in {State.MISTAKEN, State.REFUSED}
    written = put_questionnaire_in_place(reading, folder) if is_agreed and can_be_written else None
    data = data_of(reading, found, texts)
    if as_json:
        print_json(data | {"written": written is not None})
    else:
        list_problems(reading.problems, texts.gettext)
        if found.state is State.MISTAKEN:
            say(texts.gettext(HAS_MISTAKES))
        else:
            named = texts.gettext("{title}, version {version}: {questions} questions in {sections} sections.")
            say(named.format(**{name: data[name] for name in ("title", "version", "questions", "sections")}))
        for sentence in found.sentences(texts):
            say(sentence)
        if written is not None:
            say_wrote(texts, written)
        elif can_be_written:
            nothing = texts.gettext("Nothing was written yet: add --yes to put it into {folder}.")
            say(nothing.format(folder=found.target))
    return DONE if can_be_written else PROBLEMS


@command()
@click.argument("name", metavar="ID")
@file_argument("out", is_new=True)
@option("--title", required=True, help=N_("What it is called."))
@option("--language", default="en", show_default=True, help=N_("Language it will be worded in."))
@option("--supplement-of", default="", help=N_("Make a supplement, to be added to this instrument."))
@as_json_option
@limit_options(seconds=TIME_LIMIT, megabytes=READING_MEMORY_LIMIT)
@click.pass_obj
def instrument_new(
    texts: Texts,
    name: str,
    out: Path,
    title: str,
    language: str,
    supplement_of: str,
    as_json: bool,  # noqa: FBT001 - click passes options by name
) -> int:
    """Write a form with examples, to write an instrument in Excel."""
    from capacity_app.services import xlsforms  # noqa: PLC0415 - only these commands need it

    with limited(FORM, texts, is_for_window=as_json, out=out):
        xlsforms.write_form(xlsforms.template(name, title, language=language, supplement_of=supplement_of), out)
    if as_json:
        print_json({"file": str(out), "problems": []})
    else:
        say_wrote(texts, out)
    return DONE
