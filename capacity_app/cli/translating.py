"""The commands for translators: instrument sheet, instrument take-sheet, and languages."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from capacity_app import __version__
from capacity_app.catalogues import ENGLISH, PROGRAM, program_languages, wording_languages
from capacity_app.cli.instruments import folders_here
from capacity_app.cli.limits import READING, Sentences, limited
from capacity_app.cli.options import as_json_option, command, file_argument, limit_options, option
from capacity_app.cli.speaking import DONE, MORE_PROBLEMS, MOST_LISTED, PROBLEMS, print_json, say, say_wrote
from capacity_app.cli.unlocking import is_asked
from capacity_app.domain.problems import N_, printable
from capacity_app.instruments import library
from capacity_app.services.limits import MEMORY_LIMIT, READING_MEMORY_LIMIT, READING_TIME_LIMIT, TIME_LIMIT
from capacity_app.texts import Texts
from capacity_app.wording import review_in_words

if TYPE_CHECKING:
    from capacity_app.instruments.translations import Forms
    from capacity_app.services.translating import SheetPreview

SHEET = Sentences(
    N_(
        "The sheet was stopped after {minutes} minutes and not written. An existing file is unchanged. Allow more time."
    ),
    N_("The sheet needs more than {megabytes} MB of memory and was not written. An existing file is unchanged."),
)
_LONGEST = 300
"""Characters of a text that are shown in a list."""


@command()
@click.argument("wanted", metavar="ID")
@file_argument("out", is_new=True)
@option("--language", required=True, help=N_("Language to translate into, for example ka."))
@as_json_option
@limit_options(seconds=TIME_LIMIT, megabytes=MEMORY_LIMIT)
@click.pass_obj
def instrument_sheet(texts: Texts, wanted: str, out: Path, *, language: str, as_json: bool) -> int:
    """Write a sheet for a translator."""
    from capacity_app.services import translating  # noqa: PLC0415 - only this command needs it

    with limited(SHEET, texts, is_for_window=as_json, out=out):
        translating.write_sheet(wanted, language, out)
    if as_json:
        print_json({"file": str(out)})
    else:
        say_wrote(texts, out)
    return DONE


@command()
@file_argument()
@option("--yes", "is_sure", is_flag=True, help=N_("Apply the translations without asking."))
@option("--by", default="", help=N_("Name of the person who translated or reviewed."))
@option("--sign-off", "is_signed_off", is_flag=True, help=N_("Sign the translation off as reviewed, by name."))
@as_json_option
@limit_options(seconds=READING_TIME_LIMIT, megabytes=READING_MEMORY_LIMIT)
@click.pass_obj
def take_sheet(texts: Texts, file: Path, *, is_sure: bool, by: str, is_signed_off: bool, as_json: bool) -> int:
    """Show what a sheet would change, and apply it if a person agrees."""
    from capacity_app.services import translating  # noqa: PLC0415 - only this command needs it

    with limited(READING, texts, is_for_window=as_json):
        preview = translating.preview_sheet(file)
    heading, counts, lines = _heading(texts, preview), _counts(texts, preview), [*_lines(texts, preview)]
    if not as_json:
        for sentence in (heading, counts, *lines):
            say(sentence)
        if (preview.changes or is_signed_off) and not is_sure and is_asked():
            is_sure = click.confirm(texts.gettext("Apply these translations?"), default=False)
    written = translating.apply_sheet(preview, by, is_signed_off=is_signed_off) if is_sure else None
    outcome = _outcome(texts, preview, written, is_sure=is_sure, by=by if is_signed_off else "")
    if as_json:
        found = {"changes": len(preview.changes), "errors": preview.errors, "written": str(written or "")}
        print_json({"heading": heading, "counts": counts, "lines": lines, "outcome": outcome, **found})
    else:
        say(outcome)
    return PROBLEMS if preview.errors else DONE


def _title(texts: Texts, subject: str, title: str) -> str:
    if subject == PROGRAM:
        return texts.gettext("The program itself")
    return texts.wording(subject, "instrument|title", title)


def _heading(texts: Texts, preview: "SheetPreview") -> str:
    subject = preview.subject
    return texts.gettext("{title}, version {version}: translation into {language}").format(
        title=_title(texts, subject.id, subject.title),
        version=subject.version,
        language=texts.language_name(preview.known.language),
    )


def _counts(texts: Texts, preview: "SheetPreview") -> str:
    count = len(preview.changes)
    changes = texts.ngettext("{count} translation changes.", "{count} translations change.", count)
    errors = texts.ngettext("{count} error.", "{count} errors.", preview.errors)
    return f"{changes.format(count=texts.number(count))} {errors.format(count=texts.number(preview.errors))}"


def _lines(texts: Texts, preview: "SheetPreview") -> Iterator[str]:
    """Go through what a sheet changes, then through what is wrong in it."""
    for change in preview.changes:
        if any(change.before):
            said = texts.gettext("{place}: “{before}” becomes “{after}”")
        else:
            said = texts.gettext("{place}: “{source}” is translated as “{after}”")
        source, before, after = map(_shortened, ((change.text.source,), change.before, change.after))
        yield said.format(place=change.place, source=source, before=before, after=after)
    for problem in preview.problems[:MOST_LISTED]:
        yield f"{printable(problem.place)}: {problem.text(texts.gettext)}"
    if (count := len(preview.problems)) > MOST_LISTED:
        yield texts.gettext(MORE_PROBLEMS).format(count=count - MOST_LISTED, all=count)


def _shortened(forms: "Forms") -> str:
    """Return a translation on one line of a list."""
    line = " ".join(printable(" / ".join(forms)).split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _outcome(texts: Texts, preview: "SheetPreview", written: Path | None, *, is_sure: bool, by: str) -> str:
    if not is_sure:
        return texts.gettext("Nothing was written. Add --yes to apply the translations.")
    if written is None:
        return texts.gettext("The sheet changes nothing. Nothing was written.")
    count = len(preview.changes)
    pattern = texts.ngettext("{count} translation was written to {file}.",
                             "{count} translations were written to {file}.", count)  # fmt: skip
    signed = texts.gettext("Signed off by {name}.").format(name=by) if by else ""
    return f"{pattern.format(count=texts.number(count), file=written)} {signed}".strip()


@command()
@as_json_option
@click.pass_obj
def languages(texts: Texts, *, as_json: bool) -> int:
    """List every language with what is translated into it and who reviewed it."""
    from capacity_app.instruments.translations import review_status  # noqa: PLC0415 - only this command needs it

    entries = {entry.id: entry for entry in library.catalogue(folders_here())}
    spoken = {PROGRAM: program_languages(), **{name: wording_languages(name) for name in entries}}
    listed = []
    for code in sorted({code for codes in spoken.values() for code in codes} - {ENGLISH}):
        parts = []
        for name in (name for name, codes in spoken.items() if code in codes):
            title, version = (entries[name].title, entries[name].version) if name in entries else ("", __version__)
            standing, review = review_status(name, version, code)
            by = {"standing": standing.value, "by": review.by, "on": review.on, "reviewed_version": review.version}
            said = review_in_words(texts, standing, review)
            parts.append({"subject": name, "title": _title(texts, name, title), "version": version, **by, "said": said})
        names = {"name": texts.language_name(code), "own_name": Texts(code).language_name(code)}
        listed.append({"language": code, **names, "parts": parts})
        if not as_json:
            say("{own_name} – {name} ({code})".format(code=code, **names))
            for part in parts:
                say("    {title}: {said}".format_map(part))
    if as_json:
        print_json({"languages": listed})
    return DONE
