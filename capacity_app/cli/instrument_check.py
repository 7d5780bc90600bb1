"""``instrument check``: the mistakes of a questionnaire, and remarks that its author can act on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from capacity_app.cli.instruments import folders_here
from capacity_app.cli.options import FILE, NEW_FILE, as_json_option, command, file_argument, option, supplement_option
from capacity_app.cli.speaking import DONE, PROBLEMS, list_problems, print_json, say, say_wrote
from capacity_app.domain.instrument import Instrument
from capacity_app.domain.problems import N_, KnownError, Problem, Severity, Translate
from capacity_app.files.atomic import write_atomically
from capacity_app.instruments import library
from capacity_app.instruments.editing import KIND_WORDS, address_of, kind_of, place_in_words, remarks, worded
from capacity_app.instruments.files import HEAD
from capacity_app.instruments.migration_draft import migration_draft
from capacity_app.instruments.reader import folder_problems, offered_supplements, read_instrument
from capacity_app.services.migrating import checked_migrations, whole_instrument
from capacity_app.services.previewing import write_preview
from capacity_app.texts import Texts


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found: the questionnaire if it can be used, its mistakes, and what is weak."""

    folder: Path
    instrument: Instrument | None
    mistakes: tuple[Problem, ...]
    remarks: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.mistakes if problem.severity is Severity.ERROR)


def _folder_of(wanted: Path) -> Path:
    """Return the folder of a questionnaire that is named by its folder, by its instrument.toml, or by its id."""
    if wanted.name == HEAD:
        return wanted.parent
    # A folder that is named wrongly is told of as a folder, anything without a slash as an id.
    is_path = wanted.is_dir() or len(wanted.parts) > 1
    return wanted if is_path else library.find(str(wanted), folders_here()).folder


def check(folder: Path, supplements: Sequence[str], *, is_core_alone: bool = False, edits: bool = True) -> Checked:
    """Read a questionnaire with the chosen supplements, or with all it offers, and find all there is to say."""
    names = supplements or ([] if is_core_alone else [one.file for one in offered_supplements(folder)])
    instrument, problems = read_instrument(folder, names)
    found = dict.fromkeys((*folder_problems(folder), *problems, *checked_migrations(folder)))
    weak = remarks(instrument, worded(instrument, folder)) if instrument is not None and edits else ()
    return Checked(folder, instrument, tuple(found), weak)


@command()
@click.argument("wanted", type=FILE, metavar="PATH_OR_ID")
@supplement_option
@option("--core-alone", is_flag=True, help=N_("Leave all supplements out."))
@option("--only-mistakes", is_flag=True, help=N_("Leave out the remarks."))
@as_json_option
@option("--preview", type=NEW_FILE, hidden=True)
@click.pass_obj
def instrument_check(
    texts: Texts,
    wanted: Path,
    *,
    supplement: tuple[str, ...],
    core_alone: bool,
    only_mistakes: bool,
    as_json: bool,
    preview: Path | None,
) -> int:
    """Check an instrument: all its mistakes first, then the remarks."""
    folder = _folder_of(wanted)
    checked = check(folder, supplement, is_core_alone=core_alone, edits=not only_mistakes)
    is_made = preview is not None and checked.instrument is not None and not checked.errors
    if preview is not None and checked.instrument is not None and is_made:
        write_preview(preview, checked.instrument, texts.gettext)
    if as_json:
        print_json(_data(texts, checked) | {"preview": str(preview) if is_made else ""})
    else:
        list_problems(checked.mistakes, texts.gettext)
        _list_remarks(texts, checked)
        _say_outcome(texts, checked)
    return PROBLEMS if checked.errors else DONE


def _list_remarks(texts: Texts, checked: Checked) -> None:
    for kind, group in groupby(checked.remarks, key=kind_of):
        assert kind is not None, "a remark has its kind"
        found = tuple(group)
        say()
        say(f"{texts.gettext(KIND_WORDS[kind])} ({texts.number(len(found))})")
        for remark in found:
            message, advice = _sentences(remark, texts.gettext)
            say(f"  {place_in_words(checked.instrument, remark.place, texts.gettext)}: {message}")
            say(f"      {advice}")


def _say_outcome(texts: Texts, checked: Checked) -> None:
    instrument = checked.instrument
    if instrument is None or checked.errors:
        return
    if checked.remarks:
        say()
    say(texts.gettext("{title} {version}: no mistakes. {count} questions in {sections} sections.").format(
        title=instrument.title,
        version=instrument.version,
        count=len(instrument.question_by_id),
        sections=len(instrument.sections),
    ))  # fmt: skip
    if checked.remarks:
        count = len(checked.remarks)
        told = texts.ngettext("{count} remark.", "{count} remarks.", count)
        say(told.format(count=texts.number(count)))


def _sentences(problem: Problem, translate: Translate) -> tuple[str, str]:
    return replace(problem, advice="").text(translate), replace(problem, message="").text(translate)


def _data(texts: Texts, checked: Checked) -> dict[str, Any]:
    instrument = checked.instrument
    return {
        "folder": str(checked.folder),
        "id": instrument.id if instrument else "",
        "title": instrument.title if instrument else "",
        "version": instrument.version if instrument else "",
        "language": instrument.language if instrument else "",
        "supplements": {one.id: one.title for one in offered_supplements(checked.folder)},
        "sections": len(instrument.sections) if instrument else 0,
        "questions": len(instrument.question_by_id) if instrument else 0,
        "mistakes": [_problem(texts, instrument, problem) for problem in checked.mistakes],
        "remarks": [_problem(texts, instrument, problem) for problem in checked.remarks],
    }


def _problem(texts: Texts, instrument: Instrument | None, problem: Problem) -> dict[str, str]:
    message, advice = _sentences(problem, texts.gettext)
    kind = kind_of(problem)
    address = address_of(instrument, problem.place) if instrument else None
    return {
        "code": problem.code,
        "kind": kind.value if kind else "",
        "severity": problem.severity.value,
        "place": problem.place,
        "where": place_in_words(instrument, problem.place, texts.gettext),
        "address": str(address or ""),
        "message": message,
        "advice": advice,
    }


@command()
@file_argument("folder")
@as_json_option
@click.pass_obj
def instrument_use(texts: Texts, folder: Path, *, as_json: bool) -> int:
    """Copy a questionnaire's folder among the person's own."""
    from capacity_app.services.installing import install  # noqa: PLC0415 - only this command needs it

    target = install(_folder_of(folder))
    if as_json:
        print_json({"id": library.find(target, ()).id, "folder": str(target)})
        return DONE
    say(texts.gettext("The questionnaire can now be chosen on this computer. It is in {folder}.").format(folder=target))
    return DONE


@command()
@click.argument("earlier", metavar="OLD", type=FILE)
@click.argument("later", metavar="NEW", type=FILE)
@option("-o", "--out", type=NEW_FILE, help=N_("The file to write: NEW/migrations/1.0-2.0.toml."))
@as_json_option
@click.pass_obj
def draft_migration(texts: Texts, earlier: Path, later: Path, out: Path | None, *, as_json: bool) -> int:
    """Write a migration file for an author to complete."""
    read = [whole_instrument(_folder_of(folder)) for folder in (earlier, later)]
    for folder, instrument in zip((earlier, later), read, strict=True):
        if instrument is None:
            raise KnownError(N_("“{name}” has mistakes. Check it first: instrument check."), name=folder.name)
    one, other = read
    assert one is not None, "refused above"
    assert other is not None, "refused above"
    text = migration_draft(one, other)
    if out is None:
        say(text)
        return DONE
    if out.exists():
        raise KnownError(N_("“{file}” exists already and was not changed. Choose another name."), file=out.name)
    out.parent.mkdir(exist_ok=True)
    write_atomically(out, text.encode())
    if as_json:
        print_json({"file": str(out)})
    else:
        say_wrote(texts, out)
    return DONE
