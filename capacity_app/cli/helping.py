"""How help is set and what click itself says: in our language, and in columns of letters as wide as they are shown.

Click looks its own words up in gettext's global domain; ours has them too.
"""

import gettext
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import click

from capacity_app import paths
from capacity_app.catalogues import DOMAIN
from capacity_app.domain.problems import N_
from capacity_app.texts import Texts

CLICK_WORDS = (
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


def click_plurals(texts: Texts, count: int) -> tuple[str, ...]:
    """Return what click says of some number of things."""
    return (
        texts.ngettext("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})", count),
        texts.ngettext("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments.", count),
        texts.ngettext("{value!r} is not {choice}.", "{value!r} is not one of {choices}.", count),
        texts.ngettext("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)", count),
    )


@contextmanager
def spoken_by_click(texts: Texts) -> Iterator[None]:
    """Let click speak a language for as long as it takes; gettext asks the environment which one."""
    before, language = gettext.textdomain(), os.environ.get("LANGUAGE")
    gettext.bindtextdomain(DOMAIN, paths.resources_folder() / "translations")
    gettext.textdomain(DOMAIN)
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


def shown_width(text: str) -> int:
    """Count the columns a text takes on a terminal: Chinese letters take two, marks above and below others none."""
    return sum(map(_columns, text))


def _columns(letter: str) -> int:
    if unicodedata.category(letter) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"


def _pieces(word: str) -> Iterator[str]:
    """Cut a word where its line may end: between Chinese letters, except before and behind some signs."""
    start = 0
    for place in range(1, len(word)):
        before, letter = word[place - 1], word[place]
        may_break = (_is_wide(before) or _is_wide(letter)) and letter not in _NOT_FIRST and before not in _NOT_LAST
        if may_break:
            yield word[start:place]
            start = place
    yield word[start:]


def _cut(piece: str, width: int) -> Iterator[str]:
    """Cut what is wider than a whole line, never between a letter and its marks."""
    line = ""
    for cluster in re.findall(r".(?:[\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u064b-\u065f])*", piece):
        if line and shown_width(line + cluster) > width:
            yield line
            line = ""
        line += cluster
    yield line


def wrapped(text: str, width: int) -> list[str]:
    """Set a paragraph in lines of so many columns."""
    lines, line = list[str](), ""
    for word in text.split():
        for place, piece in enumerate(part for whole in _pieces(word) for part in _cut(whole, width)):
            joint = " " if line and not place else ""
            if line and shown_width(f"{line}{joint}{piece}") > width:
                lines.append(line)
                line, joint = "", ""
            line += joint + piece
    return [*lines, line] if line else lines


def _set(paragraph: str, width: int) -> list[str]:
    """Set a paragraph, line by line if click was told to leave its lines alone."""
    if not paragraph.startswith(_AS_IT_IS):
        return wrapped(paragraph, width)
    return paragraph.removeprefix(_AS_IT_IS).strip("\n").split("\n")


class Formatter(click.HelpFormatter):
    """Sets help by the width of letters; click counts them."""

    def write_text(self, text: str) -> None:
        indent = " " * self.current_indent
        paragraphs = re.split(r"\n\s*\n", text)
        lines = (_set(one, self.width - self.current_indent) for one in paragraphs)
        self.write("\n\n".join("\n".join(f"{indent}{line}" for line in made) for made in lines) + "\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = _WIDEST_NAME, col_spacing: int = _BETWEEN
    ) -> None:
        """Set names with what they mean beside them."""
        listed = list(rows)
        first = min(max((shown_width(name) for name, _ in listed), default=0), col_max) + col_spacing
        indent = " " * self.current_indent
        for name, meaning in listed:
            lines = wrapped(meaning, max(self.width - first - self.current_indent, _LEAST))
            fits = shown_width(name) <= first - col_spacing
            head = name + " " * (first - shown_width(name)) if fits and lines else name
            behind = lines if fits else ["", *lines]
            made = [f"{indent}{head}{behind[0] if behind else ''}"]
            made += [f"{indent}{' ' * first}{line}" for line in behind[1:]]
            self.write("\n".join(line.rstrip() for line in made) + "\n")


class TranslatedContext(click.Context):
    """A context whose help is set by the width of letters."""

    formatter_class = Formatter
