"""The commands about questionnaires in workbooks: instrument book, from-book, new."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from capacity_app.cli.speaking import (
    DONE,
    FILE,
    PROBLEMS,
    as_json_option,
    errors_told,
    file_argument,
    list_problems,
    print_done,
    print_json,
    progress_option,
    say,
    say_wrote,
    supplement_option,
)
from capacity_app.domain.problems import Translate
from capacity_app.texts import Texts

if TYPE_CHECKING:
    from capacity_app.services.writing import Outlook, Reading, State


@click.pass_obj
def instrument_book(
    texts: Texts,
    wanted: str,
    out: Path,
    supplement: tuple[str, ...],
    core: bool,  # noqa: FBT001 - click passes options by name
    supplement_of: str,
    progress: bool,  # noqa: FBT001 - the same
) -> int:
    """Write an instrument as a workbook."""
    from capacity_app.services import writing  # noqa: PLC0415 - only these commands need it

    with errors_told(texts, is_for_window=progress):
        if supplement_of:
            sections, questions = writing.write_supplement_book(Path(wanted), supplement_of, out, texts)
        else:
            chosen = supplement if supplement or core else None
            sections, questions = writing.write_book(wanted, out, texts, supplements=chosen)
    if progress:
        print_done(out)
    else:
        counted = texts.gettext("{questions} questions in {sections} sections.")
        written = texts.gettext("Wrote {file}.").format(file=out)
        say(f"{written} {counted.format(questions=questions, sections=sections)}")
    return DONE


@click.pass_obj
def instrument_new(
    texts: Texts,
    name: str,
    out: Path,
    title: str,
    language: str,
    supplement_of: str,
    progress: bool,  # noqa: FBT001 - click passes options by name
) -> int:
    """Write an empty workbook with examples."""
    from capacity_app.services import writing  # noqa: PLC0415 - only these commands need it

    with errors_told(texts, is_for_window=progress):
        writing.write_template(name, out, title, texts, language=language, supplement_of=supplement_of)
    say_wrote(texts, out, is_for_window=progress)
    return DONE


@click.pass_obj
def instrument_from_book(
    texts: Texts,
    file: Path,
    folder: Path | None,
    is_agreed: bool,  # noqa: FBT001 - click passes options by name
    as_json: bool,  # noqa: FBT001 - click passes options by name
) -> int:
    """Read a workbook, list everything that is wrong or would change, and put it in place if that is agreed to."""
    from capacity_app.services import writing  # noqa: PLC0415 - only these commands need it

    reading = writing.read_book(file)
    found = writing.outlook(reading, folder)
    why_not = {writing.State.MISTAKEN: writing.HAS_MISTAKES}
    return put_in_place(texts, reading, found, folder, why_not, is_agreed=is_agreed, as_json=as_json)


def put_in_place(
    texts: Texts,
    reading: "Reading",
    found: "Outlook",
    folder: Path | None,
    why_not: Mapping["State", str],
    *,
    is_agreed: bool,
    as_json: bool,
) -> int:
    """Say what a questionnaire that was read would change, and put it in place if that is agreed to.

    ``why_not`` has, for states in which it is not, the sentence to say instead of what would change.
    """
    from capacity_app.services import writing  # noqa: PLC0415 - as above

    can_be_written = found.state not in {writing.State.MISTAKEN, writing.State.REFUSED}
    written = writing.put_book_in_place(reading, folder) if is_agreed and can_be_written else None
    data = writing.data_of(reading, found, texts)
    if as_json:
        print_json(data | {"written": written is not None})
    else:
        list_problems(reading.problems, texts.gettext)
        if found.state is not writing.State.MISTAKEN:
            named = texts.gettext("{title}, version {version}: {questions} questions in {sections} sections.")
            say(named.format(**{name: data[name] for name in ("title", "version", "questions", "sections")}))
        instead = why_not.get(found.state)
        for sentence in found.sentences(texts) if instead is None else [texts.gettext(instead)]:
            say(sentence)
        if written is not None:
            say_wrote(texts, written)
        elif can_be_written:
            nothing = texts.gettext("Nothing was written yet: add --yes to put it into {folder}.")
            say(nothing.format(folder=found.target))
    return DONE if can_be_written else PROBLEMS


def writing_commands(_: Translate) -> list[click.Command]:
    """Describe ``book``, ``from-book`` and ``new``, of the group ``instrument``."""
    progress = progress_option(_)
    of = ["--supplement-of"]
    return [
        click.Command(
            "book",
            callback=instrument_book,
            params=[
                click.Argument(["wanted"], metavar="ID"),
                file_argument("out", is_new=True),
                supplement_option(_),
                click.Option(["--core"], is_flag=True, help=_("Leave out all supplements.")),
                click.Option(of, default="", help=_(
                    "Write a file of a country's own questions, given instead of ID, which are added to this."
                )),
                progress,
            ],
            help=_("Write an instrument with its supplements as a workbook, to change it in Excel."),
        ),
        click.Command(
            "from-book",
            callback=instrument_from_book,
            params=[
                file_argument(),
                click.Argument(["folder"], type=FILE, required=False),
                click.Option(["--yes", "is_agreed"], is_flag=True, help=_("Write it, and not only say what it is.")),
                as_json_option(_),
            ],
            help=_("Read an instrument written in a workbook, and list all mistakes in it."),
        ),
        click.Command(
            "new",
            callback=instrument_new,
            params=[
                click.Argument(["name"], metavar="ID"),
                file_argument("out", is_new=True),
                click.Option(["--title"], required=True, help=_("What it is called.")),
                click.Option(["--language"], default="en", show_default=True, help=_("Language it will be worded in.")),
                click.Option(of, default="", help=_("Make a supplement, to be added to this instrument.")),
                progress,
            ],
            help=_("Write an empty workbook with examples, to write an instrument in Excel."),
        ),
    ]  # fmt: skip
