"""How commands and options are declared, and how their help is translated and laid out."""

import gettext
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from capacity_app import paths
from capacity_app.domain.problems import N_
from capacity_app.i18n.catalogues import GETTEXT_DOMAIN
from capacity_app.i18n.translator import Translator

# How help is set and what click itself says: in our language, and in columns of letters as wide as they are shown.
#
# Click looks its own words up in gettext's global domain; ours has them too.


CLICK_MESSAGES = (
    N_("Usage:"), N_("Options"), N_("Commands"), N_("Error: {message}"), N_("Aborted!"), N_("default: {default}"),
    N_("Show this message and exit."), N_("Show the version and exit."), N_("%(prog)s, version %(version)s"),
    N_("Try '{command} {option}' for help."), N_("Missing command."), N_("Missing argument"), N_("Missing option"),
    N_("Missing parameter"), N_("No such option {name!r}."), N_("No such command {name!r}."),
    N_("Invalid value: {message}"), N_("Invalid value for {param_hint}: {message}"),
    N_("Option {name!r} does not take a value."), N_("Choose from:\n\t{choices}"),
    N_("{value} is not in the range {range}."), N_("{value!r} is not a valid {number_type}."),
    N_("{name} {filename!r} does not exist."), N_("{name} {filename!r} is a file."),
    N_("{name} {filename!r} is a directory."), N_("{name} {filename!r} is not readable."),
    N_("{name} {filename!r} is not writable."), N_("Repeat for confirmation"),
    N_("Error: The two entered values do not match."), N_("Error: invalid input"),
)  # fmt: skip
"""What click says of commands like ours, where it has no plural."""


def click_plurals(texts: Translator, count: int) -> tuple[str, ...]:
    """Return what click says of some number of things."""
    return (
        texts.ngettext("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})", count),
        texts.ngettext("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments.", count),
        texts.ngettext("{value!r} is not {choice}.", "{value!r} is not one of {choices}.", count),
        texts.ngettext("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)", count),
    )


@contextmanager
def click_language(texts: Translator) -> Iterator[None]:
    """Let click speak a language for as long as it takes; gettext asks the environment which one."""
    before, language = gettext.textdomain(), os.environ.get("LANGUAGE")
    gettext.bindtextdomain(GETTEXT_DOMAIN, paths.resources_folder() / "translations")
    gettext.textdomain(GETTEXT_DOMAIN)
    os.environ["LANGUAGE"] = f"{texts.tag}:{texts.language.replace('-', '_')}"
    try:
        yield
    finally:
        gettext.textdomain(before)
        if language is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = language


# -- columns ---------------------------------------------------------------------------------------------------------

_NOT_FIRST = frozenset("。，、；：？！）》」』】”’％…·")
_NOT_LAST = frozenset("（《「『【“‘")
"""Signs with which no Chinese line begins, and with which none ends."""
_AS_IT_IS = "\b"
"""Begins a paragraph whose lines stay as they are."""
_WIDEST_NAME, _BETWEEN, _LEAST = 30, 2, 10


def display_width(text: str) -> int:
    """Count the columns a text takes on a terminal: Chinese letters take two, marks above and below others none."""
    return sum(map(_columns_of_letter, text))


def _columns_of_letter(letter: str) -> int:
    if unicodedata.category(letter) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"


def _breakable_pieces(word: str) -> Iterator[str]:
    """Cut a word where its line may end: between Chinese letters, except before and behind some signs."""
    start = 0
    for place in range(1, len(word)):
        before, letter = word[place - 1], word[place]
        may_break = (_is_wide(before) or _is_wide(letter)) and letter not in _NOT_FIRST and before not in _NOT_LAST
        if may_break:
            yield word[start:place]
            start = place
    yield word[start:]


def _cut_to_width(piece: str, width: int) -> Iterator[str]:
    """Cut what is wider than a whole line, never between a letter and its marks."""
    line = ""
    for cluster in re.findall(r".(?:[\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u064b-\u065f])*", piece):
        if line and display_width(line + cluster) > width:
            yield line
            line = ""
        line += cluster
    yield line


def wrap_text(text: str, width: int) -> list[str]:
    """Set a paragraph in lines of so many columns."""
    lines, line = list[str](), ""
    for word in text.split():
        for place, piece in enumerate(
            part for whole in _breakable_pieces(word) for part in _cut_to_width(whole, width)
        ):
            joint = " " if line and not place else ""
            if line and display_width(f"{line}{joint}{piece}") > width:
                lines.append(line)
                line, joint = "", ""
            line += joint + piece
    return [*lines, line] if line else lines


def _lay_out(paragraph: str, width: int) -> list[str]:
    """Set a paragraph, line by line if click was told to leave its lines alone."""
    if not paragraph.startswith(_AS_IT_IS):
        return wrap_text(paragraph, width)
    return paragraph.removeprefix(_AS_IT_IS).strip("\n").split("\n")


class TranslatedHelpFormatter(click.HelpFormatter):
    """Sets help by the width of letters; click counts them."""

    def write_text(self, text: str) -> None:
        indent = " " * self.current_indent
        paragraphs = re.split(r"\n\s*\n", text)
        lines = (_lay_out(one, self.width - self.current_indent) for one in paragraphs)
        self.write("\n\n".join("\n".join(f"{indent}{line}" for line in made) for made in lines) + "\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = _WIDEST_NAME, col_spacing: int = _BETWEEN
    ) -> None:
        """Set names with what they mean beside them."""
        listed = list(rows)
        first = min(max((display_width(name) for name, _ in listed), default=0), col_max) + col_spacing
        indent = " " * self.current_indent
        for name, meaning in listed:
            lines = wrap_text(meaning, max(self.width - first - self.current_indent, _LEAST))
            fits = display_width(name) <= first - col_spacing
            head = name + " " * (first - display_width(name)) if fits and lines else name
            behind = lines if fits else ["", *lines]
            made = [f"{indent}{head}{behind[0] if behind else ''}"]
            made += [f"{indent}{' ' * first}{line}" for line in behind[1:]]
            self.write("\n".join(line.rstrip() for line in made) + "\n")


class TranslatedContext(click.Context):
    """A context whose help is set by the width of letters."""

    formatter_class = TranslatedHelpFormatter


Callback = Callable[..., Any]
Decorator = Callable[[Callback], Callback]

FILE = click.Path(path_type=Path)
NEW_FILE = click.Path(path_type=Path, dir_okay=False)
SECONDS, MEGABYTES = "capacity_app.time_limit", "capacity_app.memory_limit"
"""Where the context keeps the limits that a command was given."""


def translated(context: click.Context | None, sentence: str | None) -> str:
    """Return a sentence in the language of the command line."""
    texts = context.find_object(Translator) if context else None
    return texts.gettext(sentence) if texts and sentence else sentence or ""


# -- commands ------------------------------------------------------------------------------------------------------


class TranslatedCommand(click.Command):
    """A command whose help is translated when it is shown."""

    context_class = TranslatedContext

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        shown = copy(self)
        shown.help = translated(ctx, self.help)
        super(TranslatedCommand, shown).format_help_text(ctx, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002 - as inherited
        """Return the whole first sentence: a list breaks it into lines, where click would cut it off."""
        shown = copy(self)
        shown.help = translated(click.get_current_context(silent=True), self.help)
        return super(TranslatedCommand, shown).get_short_help_str(sys.maxsize)


class LazyCommand(TranslatedCommand):
    """A command known by name and help, whose module ("reports:report") is imported when somebody runs it."""

    def __init__(self, name: str, place: str, help: str = "", *, hidden: bool = False) -> None:  # noqa: A002 - click's name
        super().__init__(name, help=help, hidden=hidden)
        self._place = place

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401 - as click has it
    ) -> click.Context:
        module, _, attribute = self._place.partition(":")
        # A copy, for click keeps what it has said in one language.
        command: click.Command = copy(getattr(import_module(f"capacity_app.cli.{module}"), attribute))
        command.name, command.help = self.name, self.help
        return command.make_context(info_name, args, parent, **extra)


class TranslatedGroup(TranslatedCommand, click.Group):
    """A group of commands whose help is translated when it is shown."""


def command(kind: type[TranslatedCommand] = TranslatedCommand) -> Callable[[Callback], TranslatedCommand]:
    """Declare a command that gets the ``Translator`` first; its name and help are in the table of all commands.

    It returns False where something is wrong with what it was asked about: the program then ends with 1.
    """
    return lambda function: click.command(cls=kind, help="")(click.pass_obj(function))


# -- options -------------------------------------------------------------------------------------------------------


class TranslatedOption(click.Option):
    """An option whose help is translated when it is shown."""

    def translated_help(self, context: click.Context) -> str:
        return translated(context, self.help)

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        shown = copy(self)
        shown.help = self.translated_help(ctx)
        return super(TranslatedOption, shown).get_help_record(ctx)


class LanguageOption(TranslatedOption):
    """An option for a language, whose help also says how its own digits are asked for."""

    _DIGITS = N_("“ar-u-nu-arab” writes numbers with Arabic digits, “th-u-nu-thai” with Thai ones.")

    def translated_help(self, context: click.Context) -> str:
        return f"{super().translated_help(context)} {translated(context, self._DIGITS)}"


def add_option(*names: str, **attributes: Any) -> Decorator:  # noqa: ANN401 - any of click's
    """Declare an option; ``help`` is a message id."""
    return click.option(*names, cls=TranslatedOption, **attributes)


def language_option(sentence: str) -> Decorator:
    return click.option("--language", cls=LanguageOption, default="", help=sentence)


def file_argument(name: str = "file", *, is_new: bool = False) -> Decorator:
    """Declare the argument that names an assessment or another file."""
    return click.argument(name, type=NEW_FILE if is_new else FILE)


def instrument_option(default: str) -> Decorator:
    return add_option("--instrument", default="", show_default=default, help=N_("Questionnaire id or folder."))


as_json_option = add_option("--json", "as_json", is_flag=True, help=N_("Print machine-readable results."))
progress_option = add_option("--progress", is_flag=True, help=N_("Print progress as JSON lines."))
dry_run_option = add_option("--dry-run", is_flag=True, help=N_("Show what would change, and change nothing."))
supplement_option = add_option(
    "--supplement", multiple=True, help=N_("Add a supplement: T, LB, CH, or a file of your own. May be repeated.")
)
profile_option = add_option(
    "--profile", "questions", default="", metavar="ID", help=N_("Ask a selection of the questions, such as short.")
)
country_name_option = add_option(
    "--country-name", default="", help=N_("Name of the country, if the code is not a known one.")
)
new_passphrase_option = add_option(
    "--new-passphrase-file",
    metavar="FILE",
    default="",
    help=N_("Take the new passphrase from the one line of a text file; - for standard input."),
)


def limit_options(*, seconds: int, megabytes: int = 0) -> Decorator:
    """Declare ``--time-limit`` and ``--memory-limit`` with what holds if they are left out; ``limited`` knows them."""
    stop_late = N_("Stop after so many seconds; 0 for no limit.")
    stop_large = N_("Stop when more memory is needed, where the system can tell; 0 for no limit.")
    time = _limit_option("--time-limit", "SECONDS", SECONDS, click.FloatRange(min=0), seconds, stop_late)
    memory = _limit_option("--memory-limit", "MB", MEGABYTES, click.IntRange(min=0), megabytes, stop_large)
    return lambda function: time(memory(function))


def _limit_option(
    name: str, unit: str, key: str, kind: click.ParamType[float], default: int, sentence: str
) -> Decorator:
    def keep(context: click.Context, _option: click.Parameter, value: float) -> float:
        context.meta[key] = value
        return value

    return add_option(
        name,
        type=kind,
        default=default,
        show_default=True,
        metavar=unit,
        help=sentence,
        expose_value=False,
        callback=keep,
    )
