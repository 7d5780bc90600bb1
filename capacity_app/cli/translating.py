"""The commands for translators: instrument sheet, instrument take-sheet, and languages."""

import base64
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capacity_app.cli.limits import READING, Sentences, limited
from capacity_app.cli.options import as_json_option, command, file_argument, limit_options, option, progress_option
from capacity_app.cli.speaking import DONE, PROBLEMS, errors_told, list_problems, print_done, print_json, say, say_wrote
from capacity_app.cli.unlocking import is_asked
from capacity_app.domain.problems import N_, printable
from capacity_app.services.limits import MEMORY_LIMIT, READING_MEMORY_LIMIT, READING_TIME_LIMIT, TIME_LIMIT
from capacity_app.services.results import problem_data
from capacity_app.texts import Texts
from capacity_app.wording import STANDING_WORDS

if TYPE_CHECKING:
    from capacity_app.instruments.translating.preview import Outcome, Preview
    from capacity_app.services.translating import Share, Spoken, Taken

SHEET = Sentences(
    N_("The sheet was stopped after {minutes} minutes and not written; an old file is as it was. Allow more time."),
    N_("The sheet needs more than {megabytes} MB of memory and was not written; an old file is as it was."),
)
_PROGRAM_NAME = N_("The program itself")
_LONGEST = 300
"""Letters of a text that are shown in a list."""


# -- making the sheet ----------------------------------------------------------------------------------------------


@command()
@click.argument("wanted", metavar="ID")
@file_argument("out", is_new=True)
@option("--language", required=True, help=N_("Language to translate into, for example ka."))
@progress_option
@limit_options(seconds=TIME_LIMIT, megabytes=MEMORY_LIMIT)
@click.pass_obj
def instrument_sheet(texts: Texts, wanted: str, out: Path, *, language: str, progress: bool) -> int:
    """Write a sheet for a translator; with --progress the end is a line of JSON for the window."""
    from capacity_app.services import translating  # noqa: PLC0415 - only this command needs it

    with errors_told(texts, is_for_window=progress), limited(SHEET, texts, is_for_window=progress, out=out):
        translating.write_sheet(wanted, language, out)
    say_wrote(texts, out, is_for_window=progress)
    return DONE


# -- reading it back -----------------------------------------------------------------------------------------------


@command()
@file_argument()
@option("--yes", "is_sure", is_flag=True, help=N_("Take over what is listed without asking."))
@option("--by", default="", help=N_("Who translated, or signs off; else whom the sheet names."))
@option(
    "--sign-off/--no-sign-off",
    "sign_off",
    default=None,
    help=N_("Sign the translation off as reviewed, or not; else what the sheet says."),
)
@as_json_option
@progress_option
@limit_options(seconds=READING_TIME_LIMIT, megabytes=READING_MEMORY_LIMIT)
@click.pass_obj
def take_sheet(
    texts: Texts,
    file: Path,
    *,
    is_sure: bool,
    by: str,
    sign_off: bool | None,
    as_json: bool,
    progress: bool,
) -> int:
    """Show what a sheet that came back would change, and take it over once somebody says so."""
    from capacity_app.services import translating  # noqa: PLC0415 - only this command needs it

    with errors_told(texts, is_for_window=progress):
        with limited(READING, texts, is_for_window=progress):
            found = translating.preview_sheet(file, texts.gettext)
        if not (as_json or progress):
            _tell(texts, found)
            is_sure = is_sure or _is_confirmed(texts, found, sign_off=sign_off)
        taken = translating.take(found, by, sign_off=sign_off) if is_sure else None
    if as_json:
        print_json(_data(texts, found, taken))
    elif progress:
        content = json.dumps(_data(texts, found, taken), ensure_ascii=False).encode()
        print_done(file, content=base64.b64encode(content).decode())
    else:
        _tell_outcome(texts, taken)
    return PROBLEMS if any(one.fate == "refused" for one in found.outcomes) else DONE


def _is_confirmed(texts: Texts, found: "Preview", *, sign_off: bool | None) -> bool:
    """Ask whoever sits there; a program that runs us is told of --yes instead."""
    is_anything = bool(found.taken) or (found.returned.is_signed_off if sign_off is None else sign_off)
    if not (is_anything and is_asked()):
        return False
    return click.confirm(texts.gettext("Take this over?"), default=False)


def _subject_name(texts: Texts, subject: str, title: str) -> str:
    from capacity_app.catalogues import PROGRAM  # noqa: PLC0415 - beside its only use

    if subject == PROGRAM:
        return texts.gettext(_PROGRAM_NAME)
    return texts.wording(subject, "instrument|title", title)


def _counts_sentence(texts: Texts, found: "Preview") -> str:
    return texts.gettext(
        "{new} new, {changed} changed, {same} the same, {refused} refused, {missing} without a translation."
    ).format(**{fate.value: texts.number(count) for fate, count in found.counts.items()})


def _tell(texts: Texts, found: "Preview") -> None:
    returned, gettext = found.returned, texts.gettext
    say(gettext("{title}, version {version}: translation into {language}").format(
        title=_subject_name(texts, found.subject.id, found.subject.title),
        version=found.subject.version,
        language=texts.language_name(returned.language),
    ))  # fmt: skip
    if returned.by:
        by = texts.listed(part for part in (returned.by, texts.date(returned.on) if returned.on else "") if part)
        say(gettext("Translated by: {name}").format(name=by))
    list_problems(found.problems, gettext)
    for one in found.outcomes:
        _tell_one(texts, one)
    say(_counts_sentence(texts, found))


def _tell_one(texts: Texts, one: "Outcome") -> None:
    gettext = texts.gettext
    if one.fate == "new":
        say(gettext("New, {place}: {after}").format(place=one.place, after=shortened(one.after)))
    elif one.fate == "changed":
        pattern = gettext("Changed, {place}: “{before}” becomes “{after}”")
        say(pattern.format(place=one.place, before=shortened(one.before), after=shortened(one.after)))
    elif one.fate == "refused":
        say(gettext("Refused, {place}: {after}").format(place=one.place, after=shortened(one.after)))
    list_problems(one.problems, gettext, indent="    ")
    if one.note:
        place = one.where or one.place
        say(gettext("Note of the translator, {place}: {text}").format(place=place, text=shortened(one.note)))


def shortened(text: str) -> str:
    """Give a text on one line of a list."""
    line = " ".join(printable(text).split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _tell_outcome(texts: Texts, taken: "Taken | None") -> None:
    if taken is None:
        say(texts.gettext("Nothing was written. Add --yes to take it over."))
        return
    if taken.file is None:
        say(texts.gettext("There is nothing to take over."))
        return
    say(texts.ngettext(
        "{count} translation was taken over into {file}.", "{count} translations were taken over into {file}.",
        taken.count,
    ).format(count=taken.count, file=taken.file))  # fmt: skip
    if taken.is_signed_off:
        say(texts.gettext("Signed off by {name}.").format(name=taken.by))


def _data(texts: Texts, found: "Preview", taken: "Taken | None") -> dict[str, Any]:
    returned = found.returned
    return {
        "subject": found.subject.id,
        "title": _subject_name(texts, found.subject.id, found.subject.title),
        "version": found.subject.version,
        "language": returned.language,
        "by": returned.by,
        "on": returned.on,
        "is_signed_off": returned.is_signed_off,
        "counts": {fate.value: count for fate, count in found.counts.items()},
        "problems": [problem_data(problem, texts.gettext) for problem in found.problems],
        "texts": [_outcome_data(texts, one) for one in found.outcomes if one.fate != "same" or one.note],
        "taken": _taken_data(taken),
    }


def _outcome_data(texts: Texts, one: "Outcome") -> dict[str, Any]:
    return {
        "fate": one.fate.value,
        "key": one.passage.key if one.passage else "",
        "place": one.place,
        "where": one.where,
        "source": one.source,
        "before": one.before,
        "after": one.after,
        "note": one.note,
        "problems": [problem_data(problem, texts.gettext) for problem in one.problems],
    }


def _taken_data(taken: "Taken | None") -> dict[str, Any] | None:
    if taken is None:
        return None
    return {
        "file": str(taken.file) if taken.file else "",
        "count": taken.count,
        "by": taken.by,
        "is_signed_off": taken.is_signed_off,
    }


# -- who stands for what -------------------------------------------------------------------------------------------


@command()
@as_json_option
@click.pass_obj
def languages(texts: Texts, *, as_json: bool) -> int:
    """List every language with what is translated into it and who stands for it."""
    from capacity_app.services.translating import spoken  # noqa: PLC0415 - only this command needs it

    found = spoken()
    if as_json:
        print_json({"languages": [_spoken_data(texts, one) for one in found]})
        return DONE
    for one in found:
        say(f"{Texts(one.language).language_name(one.language)} – {texts.language_name(one.language)} ({one.language})")
        for share in one.shares:
            say(f"    {_share_sentence(texts, share)}")
    return DONE


def _spoken_data(texts: Texts, one: "Spoken") -> dict[str, Any]:
    return {
        "language": one.language,
        "name": texts.language_name(one.language),
        "own_name": Texts(one.language).language_name(one.language),
        "parts": [
            {
                "subject": share.subject,
                "title": _subject_name(texts, share.subject, share.title),
                "version": share.version,
                "done": share.done,
                "of": share.of,
                "standing": share.standing.value,
                "by": share.review.by,
                "on": share.review.on,
                "reviewed_version": share.review.version,
                "said": standing_sentence(texts, share),
            }
            for share in one.shares
        ],
    }


def _share_sentence(texts: Texts, share: "Share") -> str:
    return texts.gettext("{title}: {done} of {all} texts; {standing}").format(
        title=_subject_name(texts, share.subject, share.title),
        done=texts.number(share.done),
        all=texts.number(share.of),
        standing=standing_sentence(texts, share),
    )


def standing_sentence(texts: Texts, share: "Share") -> str:
    """Say who stands for a translation: the state in words, by whom, when and of which version."""
    said, review = texts.gettext(STANDING_WORDS[share.standing]), share.review
    if review.is_open or not review.version:
        return said
    pattern = texts.gettext("{standing} by {name} on {date}, version {version}")
    return pattern.format(standing=said, name=review.by, date=texts.date(review.on), version=review.version)


# -- what the commands are called ----------------------------------------------------------------------------------
