"""The commands about questionnaires in workbooks: instrument book, from-book, new."""

from pathlib import Path

import click

from capacity_app.cli.speaking import (
    DONE,
    FILE,
    NEW_FILE,
    PROBLEMS,
    as_json_option,
    list_problems,
    print_json,
    print_line,
    say,
    supplement_option,
)
from capacity_app.domain.problems import KnownError, Translate
from capacity_app.texts import Texts


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

    try:
        if supplement_of:
            sections, questions = writing.write_supplement_book(Path(wanted), supplement_of, out, texts)
        else:
            chosen = supplement if supplement or core else None
            sections, questions = writing.write_book(wanted, out, texts, supplements=chosen)
    except KnownError as error:
        return _failed(error, texts, is_for_window=progress)
    if progress:
        print_line({"done": True, "file": str(out)})
    else:
        counted = texts.gettext("{questions} questions in {sections} sections.")
        written = texts.gettext("Wrote {file}.").format(file=out)
        say(f"{written} {counted.format(questions=questions, sections=sections)}")
    return DONE


def _failed(error: KnownError, texts: Texts, *, is_for_window: bool) -> int:
    if not is_for_window:
        raise error
    print_line({"error": error.text(texts.gettext)})
    return PROBLEMS


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

    try:
        writing.write_template(name, out, title, texts, language=language, supplement_of=supplement_of)
    except KnownError as error:
        return _failed(error, texts, is_for_window=progress)
    if progress:
        print_line({"done": True, "file": str(out)})
    else:
        say(texts.gettext("Wrote {file}.").format(file=out))
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
    can_be_written = found.state in {writing.State.NEW, writing.State.NEWER, writing.State.SAME}
    written = writing.put_book_in_place(reading, folder) if is_agreed and can_be_written else None
    data = writing.data_of(reading, found, texts)
    if as_json:
        print_json(data | {"written": written is not None})
        return DONE if can_be_written else PROBLEMS
    list_problems(reading.problems, texts.gettext)
    _say_outcome(texts, data, found, written)
    return DONE if can_be_written else PROBLEMS


def _say_outcome(texts: Texts, data: dict[str, object], found: object, written: Path | None) -> None:
    from capacity_app.services import writing  # noqa: PLC0415 - as above

    assert isinstance(found, writing.Outlook), "what was found"
    if found.state is writing.State.MISTAKEN:
        say(texts.gettext(writing.HAS_MISTAKES))
        return
    named = texts.gettext("{title}, version {version}: {questions} questions in {sections} sections.")
    say(named.format(**{name: data[name] for name in ("title", "version", "questions", "sections")}))
    for sentence in found.sentences(texts):
        say(sentence)
    if written is not None:
        say(texts.gettext("Wrote {file}.").format(file=written))
    elif found.state is not writing.State.REFUSED:
        say(texts.gettext("Nothing was written yet: add --yes to put it into {folder}.").format(folder=found.target))


def writing_commands(_: Translate) -> list[click.Command]:
    """Describe ``book``, ``from-book`` and ``new``, of the group ``instrument``."""
    progress = click.Option(["--progress"], is_flag=True, help=_("Print progress as JSON lines."))
    of = ["--supplement-of"]
    return [
        click.Command(
            "book",
            callback=instrument_book,
            params=[
                click.Argument(["wanted"], metavar="ID"),
                click.Argument(["out"], type=NEW_FILE),
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
                click.Argument(["file"], type=FILE),
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
                click.Argument(["out"], type=NEW_FILE),
                click.Option(["--title"], required=True, help=_("What it is called.")),
                click.Option(["--language"], default="en", show_default=True, help=_("Language it will be worded in.")),
                click.Option(of, default="", help=_("Make a supplement, to be added to this instrument.")),
                progress,
            ],
            help=_("Write an empty workbook with examples, to write an instrument in Excel."),
        ),
    ]  # fmt: skip
