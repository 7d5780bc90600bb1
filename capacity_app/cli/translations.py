"""The commands for translators: instrument sheet, instrument import-sheet, and languages."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from capacity_app import __version__
from capacity_app.cli.limits import READING, LimitMessages, limited
from capacity_app.cli.options import add_option, as_json_option, command, file_argument, limit_options
from capacity_app.cli.terminal import (
    MORE_PROBLEMS,
    MOST_LISTED,
    is_interactive,
    print_json,
    print_result,
    say,
    say_written,
)
from capacity_app.domain.problems import N_, printable
from capacity_app.i18n.catalogues import ENGLISH, PROGRAM, program_languages, wording_languages
from capacity_app.i18n.formatter import format_review
from capacity_app.i18n.translator import Translator, own_name
from capacity_app.questionnaires import library
from capacity_app.questionnaires.translations import PluralForms, review_status
from capacity_app.services.child_process import MEMORY_LIMIT, READING_MEMORY_LIMIT, READING_TIME_LIMIT, TIME_LIMIT

if TYPE_CHECKING:
    from capacity_app.services.exchange.translation_sheet import TranslationPreview


SHEET = LimitMessages(
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
@add_option("--language", required=True, help=N_("Language to translate into, for example ka."))
@as_json_option
@limit_options(seconds=TIME_LIMIT, megabytes=MEMORY_LIMIT)
def instrument_sheet(texts: Translator, wanted: str, out: Path, *, language: str, as_json: bool) -> None:
    from capacity_app.services.exchange import translation_sheet  # noqa: PLC0415 - only this command needs it

    with limited(SHEET, texts, is_for_window=as_json, out=out):
        translation_sheet.write_translation_sheet(wanted, language, out)
    print_result({"file": str(out)}, lambda: say_written(texts, out), as_json=as_json)


@command()
@file_argument()
@add_option("--yes", "is_sure", is_flag=True, help=N_("Apply the translations without asking."))
@add_option("--by", default="", help=N_("Name of the person who translated or reviewed."))
@add_option("--sign-off", "is_signed_off", is_flag=True, help=N_("Sign the translation off as reviewed, by name."))
@as_json_option
@limit_options(seconds=READING_TIME_LIMIT, megabytes=READING_MEMORY_LIMIT)
def import_sheet(texts: Translator, file: Path, *, is_sure: bool, by: str, is_signed_off: bool, as_json: bool) -> bool:
    from capacity_app.services.exchange import translation_sheet  # noqa: PLC0415 - only this command needs it

    with limited(READING, texts, is_for_window=as_json):
        preview = translation_sheet.preview_translation_sheet(file)
    heading, counts, lines = _heading(texts, preview), _counts(texts, preview), [*_lines(texts, preview)]
    if not as_json:
        for sentence in (heading, counts, *lines):
            say(sentence)
        if (preview.changes or is_signed_off) and not is_sure and is_interactive():
            is_sure = click.confirm(texts.gettext("Apply these translations?"), default=False)
    written = translation_sheet.apply_translation_sheet(preview, by, is_signed_off=is_signed_off) if is_sure else None
    outcome = _outcome(texts, preview, written, is_sure=is_sure, by=by if is_signed_off else "")
    if as_json:
        found = {"changes": len(preview.changes), "errors": preview.errors, "written": str(written or "")}
        print_json({"heading": heading, "counts": counts, "lines": lines, "outcome": outcome, **found})
    else:
        say(outcome)
    return not preview.errors


def _title(texts: Translator, subject: str, title: str) -> str:
    if subject == PROGRAM:
        return texts.gettext("The program itself")
    return texts.wording(subject, "instrument|title", title)


def _heading(texts: Translator, preview: "TranslationPreview") -> str:
    subject = preview.subject
    return texts.gettext("{title}, version {version}: translation into {language}").format(
        title=_title(texts, subject.id, subject.title),
        version=subject.version,
        language=texts.language_name(preview.known.language),
    )


def _counts(texts: Translator, preview: "TranslationPreview") -> str:
    count = len(preview.changes)
    changes = texts.ngettext("{count} translation changes.", "{count} translations change.", count)
    errors = texts.counted("{count} error", "{count} errors", preview.errors)
    return f"{changes.format(count=texts.number(count))}\n{errors}"


def _lines(texts: Translator, preview: "TranslationPreview") -> Iterator[str]:
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


def _shortened(forms: "PluralForms") -> str:
    """Return a translation on one line of a list."""
    line = " ".join(printable(" / ".join(forms)).split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _outcome(texts: Translator, preview: "TranslationPreview", written: Path | None, *, is_sure: bool, by: str) -> str:
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
def languages(texts: Translator, *, as_json: bool) -> None:
    found = library.list_instruments(library.instrument_folders())
    entries = {entry.id: entry for entry in sorted(found, key=lambda one: library.version_key(one.version))}
    spoken = {PROGRAM: program_languages(), **{name: wording_languages(name) for name in entries}}
    listed = []
    for code in sorted({code for codes in spoken.values() for code in codes} - {ENGLISH}):
        parts = []
        for name in (name for name, codes in spoken.items() if code in codes):
            title, version = (entries[name].title, entries[name].version) if name in entries else ("", __version__)
            standing, review = review_status(name, version, code)
            by = {"standing": standing.value, "by": review.by, "on": review.on, "reviewed_version": review.version}
            said = format_review(texts, standing, review)
            parts.append({"subject": name, "title": _title(texts, name, title), "version": version, **by, "said": said})
        names = {"name": texts.language_name(code), "own_name": own_name(code)}
        listed.append({"language": code, **names, "parts": parts})
        if not as_json:
            say("{own_name} – {name} ({code})".format(code=code, **names))
            for part in parts:
                say("    {title}: {said}".format_map(part))
    if as_json:
        print_json({"languages": listed})
