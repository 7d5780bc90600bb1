"""The commands about forms for ODK and KoboToolbox: instrument xlsform, from-xlsform."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capacity_app.cli.limits import FORM, READING, limit_options, limited
from capacity_app.cli.speaking import (
    DONE,
    FILE,
    NEW_FILE,
    PROBLEMS,
    as_json_option,
    list_problems,
    open_assessment,
    print_json,
    say,
    supplement_option,
)
from capacity_app.domain.problems import N_, Translate
from capacity_app.services.limits import READING_MEMORY_LIMIT, READING_TIME_LIMIT, TIME_LIMIT
from capacity_app.services.results import problem_data
from capacity_app.texts import Texts

if TYPE_CHECKING:
    from capacity_app.services.writing import Outlook

HAS_MISTAKES = N_("The form cannot be used as it is, so nothing was written. Mend what is listed and read it again.")
SAME_HERE = N_(
    "Another questionnaire with this id is on this computer already. Add --id with another one, and try again."
)


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
    from capacity_app.services.reporting import remove_leftovers  # noqa: PLC0415 - the same

    with limited(FORM, texts, is_for_window=as_json, clean=lambda: remove_leftovers(out)):
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
    say(texts.gettext("Wrote {file}.").format(file=out))
    return DONE


@click.pass_obj
def instrument_from_xlsform(texts: Texts, /, file: Path, folder: Path | None, **options: Any) -> int:  # noqa: ANN401 - those described below
    """Read a form, list what does not fit, and put it in place as an instrument if that is agreed to."""
    from capacity_app.services import writing, xlsforms  # noqa: PLC0415 - only these commands need them

    with limited(READING, texts, is_for_window=options["as_json"]):
        reading = xlsforms.read_form(file, options["wanted_id"])
        found = writing.outlook(reading, folder)
    can_be_written = found.state in {writing.State.NEW, writing.State.NEWER, writing.State.SAME}
    written = writing.put_book_in_place(reading, folder) if options["is_agreed"] and can_be_written else None
    data = writing.data_of(reading, found, texts)
    if options["as_json"]:
        print_json(data | {"written": written is not None})
        return DONE if can_be_written else PROBLEMS
    list_problems(reading.problems, texts.gettext)
    _say_outcome(texts, data, found, written)
    return DONE if can_be_written else PROBLEMS


def _say_outcome(texts: Texts, data: dict[str, object], found: "Outlook", written: Path | None) -> None:
    from capacity_app.services import writing  # noqa: PLC0415 - as above

    if found.state is writing.State.MISTAKEN:
        say(texts.gettext(HAS_MISTAKES))
        return
    named = texts.gettext("{title}, version {version}: {questions} questions in {sections} sections.")
    say(named.format(**{name: data[name] for name in ("title", "version", "questions", "sections")}))
    if found.state is writing.State.REFUSED:
        say(texts.gettext(SAME_HERE))
        return
    for sentence in found.sentences(texts):
        say(sentence)
    if written is not None:
        say(texts.gettext("Wrote {file}.").format(file=written))
    else:
        say(texts.gettext("Nothing was written yet: add --yes to put it into {folder}.").format(folder=found.target))


def xlsform_commands(_: Translate) -> list[click.Command]:
    """Describe ``xlsform`` and ``from-xlsform``, of the group ``instrument``."""
    return [
        click.Command(
            "xlsform",
            callback=instrument_xlsform,
            params=[
                click.Argument(["wanted"], metavar="ID"),
                click.Argument(["out"], type=NEW_FILE),
                supplement_option(_),
                click.Option(["--language"], multiple=True, help=_(
                    "A language of the form beside the questionnaire's own. May be repeated; all if left out."
                )),
                click.Option(["--from", "source"], type=FILE, help=_(
                    "Take the questions of this assessment instead, and its agencies and sources to choose from."
                )),
                as_json_option(_),
                *limit_options(_, seconds=TIME_LIMIT, megabytes=READING_MEMORY_LIMIT),
            ],
            help=_("Write an instrument as an XLSForm, to collect answers with ODK or KoboToolbox."),
        ),
        click.Command(
            "from-xlsform",
            callback=instrument_from_xlsform,
            params=[
                click.Argument(["file"], type=FILE),
                click.Argument(["folder"], type=FILE, required=False),
                click.Option(["--id", "wanted_id"], default="", help=_("The id of the new instrument.")),
                click.Option(["--yes", "is_agreed"], is_flag=True, help=_("Write it, and not only say what it is.")),
                as_json_option(_),
                *limit_options(_, seconds=READING_TIME_LIMIT, megabytes=READING_MEMORY_LIMIT),
            ],
            help=_("Read an XLSForm of ODK or KoboToolbox as an instrument, and list what does not fit."),
        ),
    ]  # fmt: skip
