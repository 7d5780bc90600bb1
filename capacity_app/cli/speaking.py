"""What every command prints: sentences, problems, and lines of JSON for programs."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capacity_app.domain.problems import N_, KnownError, Problem, Translate, printable
from capacity_app.texts import Texts

if TYPE_CHECKING:
    from capacity_app.services.assessment_session import AssessmentSession

DONE, PROBLEMS = 0, 1
MOST_LISTED = 100
"""Problems of a file that are listed one by one; a stranger's may have hundreds of thousands."""
MORE_PROBLEMS = N_("{count} of {all} problems are not listed.")


def say(sentence: str = "") -> None:
    """Print a sentence; what a stranger's file is called or says moves no cursor."""
    click.echo("\n".join(map(printable, sentence.split("\n"))))


def _is_unicode() -> bool:
    """Whether everything can be printed as it is; else letters are printed as their numbers, which JSON allows."""
    return (getattr(sys.stdout, "encoding", None) or "utf-8").lower().startswith("utf")


def print_json(data: Any) -> None:  # noqa: ANN401 - anything JSON can hold
    click.echo(json.dumps(data, ensure_ascii=not _is_unicode(), indent=2))


def print_line(data: dict[str, Any]) -> None:
    click.echo(json.dumps(data, ensure_ascii=not _is_unicode()))


def progress_printer(is_for_window: bool) -> Callable[[str, float], None] | None:  # noqa: FBT001 - a flag of commands
    """Return what tells the window how far a piece of work is, a line of JSON each time; None for nobody to tell."""

    def tell(step: str, share: float) -> None:
        print_line({"step": step, "share": round(share, 3)})
        sys.stdout.flush()

    return tell if is_for_window else None


@contextmanager
def errors_told(texts: Texts, *, is_for_window: bool) -> Iterator[None]:
    """Tell the window of a KnownError raised inside and end the command; without a window, the error passes."""
    try:
        yield
    except KnownError as error:
        if not is_for_window:
            raise
        print_line({"error": error.text(texts.gettext)})
        raise click.exceptions.Exit(PROBLEMS) from error


def print_done(file: Path | str, **more: object) -> None:
    """Tell the window in a line of JSON that a file was made, and what else there is to know of it."""
    print_line({"done": True, "file": str(file), **more})


def say_wrote(texts: Texts, file: Path, *, is_for_window: bool = False) -> None:
    """Say that a file was written."""
    if is_for_window:
        print_done(file)
    else:
        say(texts.gettext("Wrote {file}.").format(file=file))


def say_signed(texts: Texts, file: Path) -> None:
    """Say that a report was written, and where it is a PDF file that could not be signed, that too."""
    from capacity_app.services.certificate import warning  # noqa: PLC0415 - only what writes reports needs it

    say_wrote(texts, file)
    if unsigned := warning(file, texts.gettext):
        say(unsigned)


def list_problems(problems: Iterable[Problem], translate: Translate, indent: str = "", most: int | None = None) -> None:
    """Print problems with their places; beyond ``most`` they are counted."""
    known = tuple(problems)
    for problem in known[:most]:
        say(f"{indent}{problem.place}: {problem.text(translate)}")
    if len(known[:most]) < len(known):
        say(indent + translate(MORE_PROBLEMS).format(count=len(known) - len(known[:most]), all=len(known)))


def say_protected_alike(texts: Texts, session: "AssessmentSession") -> None:
    """Say of a file just made from another one that it is protected, if it is."""
    if session.key is not None:
        say(texts.gettext("It is protected by the same passphrase as {file}.").format(file=session.file.name))
