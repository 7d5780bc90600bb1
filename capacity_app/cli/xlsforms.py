"""The commands about forms for ODK and KoboToolbox: instrument xlsform, from-xlsform."""

from pathlib import Path
from typing import Any

import click

from capacity_app.cli.limits import FORM, READING, limit_options, limited
from capacity_app.cli.speaking import (
    DONE,
    FILE,
    as_json_option,
    file_argument,
    list_problems,
    open_assessment,
    print_json,
    say_wrote,
    supplement_option,
)
from capacity_app.cli.writing import put_in_place
from capacity_app.domain.problems import N_, Translate
from capacity_app.services.limits import READING_MEMORY_LIMIT, READING_TIME_LIMIT, TIME_LIMIT
from capacity_app.services.results import problem_data
from capacity_app.texts import Texts

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


@click.pass_obj
def instrument_from_xlsform(texts: Texts, /, file: Path, folder: Path | None, **options: Any) -> int:  # noqa: ANN401 - those described below
    """Read a form, list what does not fit, and put it in place as an instrument if that is agreed to."""
    from capacity_app.services import writing, xlsforms  # noqa: PLC0415 - only these commands need them

    with limited(READING, texts, is_for_window=options["as_json"]):
        reading = xlsforms.read_form(file, options["wanted_id"])
        found = writing.outlook(reading, folder)
    why_not = {writing.State.MISTAKEN: HAS_MISTAKES, writing.State.REFUSED: SAME_HERE}
    is_agreed, as_json = options["is_agreed"], options["as_json"]
    return put_in_place(texts, reading, found, folder, why_not, is_agreed=is_agreed, as_json=as_json)


def xlsform_commands(_: Translate) -> list[click.Command]:
    """Describe ``xlsform`` and ``from-xlsform``, of the group ``instrument``."""
    return [
        click.Command(
            "xlsform",
            callback=instrument_xlsform,
            params=[
                click.Argument(["wanted"], metavar="ID"),
                file_argument("out", is_new=True),
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
                file_argument(),
                click.Argument(["folder"], type=FILE, required=False),
                click.Option(["--id", "wanted_id"], default="", help=_("The id of the new instrument.")),
                click.Option(["--yes", "is_agreed"], is_flag=True, help=_("Write it, and not only say what it is.")),
                as_json_option(_),
                *limit_options(_, seconds=READING_TIME_LIMIT, megabytes=READING_MEMORY_LIMIT),
            ],
            help=_("Read an XLSForm of ODK or KoboToolbox as an instrument, and list what does not fit."),
        ),
    ]  # fmt: skip
