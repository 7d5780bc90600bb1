"""How commands and their options are declared: with decorators, and help that is translated when it is shown."""

from collections.abc import Callable
from copy import copy
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from capacity_app.cli.helping import TranslatedContext
from capacity_app.domain.problems import N_
from capacity_app.texts import Texts

Callback = Callable[..., Any]
Decorator = Callable[[Callback], Callback]

FILE = click.Path(path_type=Path)
NEW_FILE = click.Path(path_type=Path, dir_okay=False)
SECONDS, MEGABYTES = "capacity_app.time_limit", "capacity_app.memory_limit"
"""Where the context keeps the limits that a command was given."""


def translated(context: click.Context | None, sentence: str | None) -> str:
    """Return a sentence in the language of the command line."""
    texts = context.find_object(Texts) if context else None
    return texts.gettext(sentence) if texts and sentence else sentence or ""


# -- commands ------------------------------------------------------------------------------------------------------


class Command(click.Command):
    """A command whose help is translated when it is shown."""

    context_class = TranslatedContext

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        shown = copy(self)
        shown.help = translated(ctx, self.help)
        super(Command, shown).format_help_text(ctx, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:
        shown = copy(self)
        shown.help = translated(click.get_current_context(silent=True), self.help)
        return super(Command, shown).get_short_help_str(limit)


class LazyCommand(Command):
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


class Group(Command, click.Group):
    """A group of commands whose help is translated when it is shown."""


def command(kind: type[Command] = Command) -> Callable[[Callback], Command]:
    """Declare a command; its name and help are in the table of all commands."""
    return click.command(cls=kind, help="")


# -- options -------------------------------------------------------------------------------------------------------


class Option(click.Option):
    """An option whose help is translated when it is shown."""

    def translated_help(self, context: click.Context) -> str:
        return translated(context, self.help)

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        shown = copy(self)
        shown.help = self.translated_help(ctx)
        return super(Option, shown).get_help_record(ctx)


class LanguageOption(Option):
    """An option for a language, whose help also says how its own digits are asked for."""

    _DIGITS = N_("“ar-u-nu-arab” writes numbers with Arabic digits, “th-u-nu-thai” with Thai ones.")

    def translated_help(self, context: click.Context) -> str:
        return f"{super().translated_help(context)} {translated(context, self._DIGITS)}"


def option(*names: str, **attributes: Any) -> Decorator:  # noqa: ANN401 - any of click's
    """Declare an option; ``help`` is a message id."""
    return click.option(*names, cls=Option, **attributes)


def language_option(sentence: str) -> Decorator:
    return click.option("--language", cls=LanguageOption, default="", help=sentence)


def file_argument(name: str = "file", *, is_new: bool = False) -> Decorator:
    """Declare the argument that names an assessment or another file."""
    return click.argument(name, type=NEW_FILE if is_new else FILE)


def as_json_option(function: Callback) -> Callback:
    return option("--json", "as_json", is_flag=True, help=N_("Print machine-readable results."))(function)


def progress_option(function: Callback) -> Callback:
    return option("--progress", is_flag=True, help=N_("Print progress as JSON lines."))(function)


def supplement_option(function: Callback) -> Callback:
    sentence = N_("Add a supplement: T, LB, CH, or a file of your own. May be repeated.")
    return option("--supplement", multiple=True, help=sentence)(function)


def new_passphrase_option(function: Callback) -> Callback:
    sentence = N_("Take the new passphrase from the one line of a text file; - for standard input.")
    return option("--new-passphrase-file", metavar="FILE", default="", help=sentence)(function)


def limit_options(*, seconds: int, megabytes: int = 0) -> Decorator:
    """Declare ``--time-limit`` and ``--memory-limit`` with what holds if they are left out; ``limited`` knows them."""

    def declare(function: Callback) -> Callback:
        memory = option(
            "--memory-limit",
            type=click.IntRange(min=0),
            default=megabytes,
            show_default=True,
            metavar="MB",
            help=N_("Stop when more memory is needed, where the system can tell; 0 for no limit."),
            expose_value=False,
            callback=_keep(MEGABYTES),
        )
        time = option(
            "--time-limit",
            type=click.FloatRange(min=0),
            default=seconds,
            show_default=True,
            metavar="SECONDS",
            help=N_("Stop after so many seconds; 0 for no limit."),
            expose_value=False,
            callback=_keep(SECONDS),
        )
        return time(memory(function))

    return declare


def _keep(name: str) -> Callable[[click.Context, click.Parameter, float], float]:
    def keep(context: click.Context, _option: click.Parameter, value: float) -> float:
        context.meta[name] = value
        return value

    return keep
