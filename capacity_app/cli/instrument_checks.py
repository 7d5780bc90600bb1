"""``instrument check``: the mistakes of a questionnaire, and remarks that its author can act on."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from capacity_app.cli.options import (
    FILE,
    NEW_FILE,
    add_option,
    as_json_option,
    command,
    file_argument,
    supplement_option,
)
from capacity_app.cli.terminal import print_json, print_problems, print_result, say, say_written
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, KnownError, Problem, ProblemSeverity, Translate
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.files.atomic import write_atomically
from capacity_app.i18n.translator import Translator
from capacity_app.questionnaires import library
from capacity_app.questionnaires.author_remarks import (
    REMARK_KIND_LABELS,
    find_remarks,
    remark_kind,
    translation_coverage,
)
from capacity_app.questionnaires.migration_checks import check_migrations, read_whole_instrument
from capacity_app.questionnaires.migration_files import migration_draft
from capacity_app.questionnaires.problems import address_of_place, format_place
from capacity_app.questionnaires.reader import folder_problems, offered_supplements, read_instrument
from capacity_app.questionnaires.toml_files import HEAD_FILE
from capacity_app.services.exchange.questionnaire_install import install_from_folder


@dataclass(frozen=True, slots=True)
class QuestionnaireCheck:
    """What was found: the questionnaire if it can be used, its mistakes, and what is weak."""

    folder: Path
    instrument: Instrument | None
    mistakes: tuple[Problem, ...]
    remarks: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.mistakes if problem.severity is ProblemSeverity.ERROR)


def _folder_of(wanted: Path) -> Path:
    """Return the folder of a questionnaire that is named by its folder, by its instrument.toml, or by its id."""
    if wanted.name == HEAD_FILE:
        return wanted.parent
    # A folder that is named wrongly is told of as a folder, anything without a slash as an id.
    is_path = wanted.is_dir() or len(wanted.parts) > 1
    return wanted if is_path else library.find_instrument(str(wanted), library.instrument_folders()).folder


def check_questionnaire(
    folder: Path, supplements: Sequence[str], *, is_core_alone: bool = False, edits: bool = True
) -> QuestionnaireCheck:
    """Read a questionnaire with the chosen supplements, or with all it offers, and find all there is to say."""
    names = supplements or ([] if is_core_alone else [one.file for one in offered_supplements(folder)])
    instrument, problems = read_instrument(folder, names)
    found = dict.fromkeys((*folder_problems(folder), *problems, *check_migrations(folder)))
    weak = (
        find_remarks(instrument, translation_coverage(instrument, folder)) if instrument is not None and edits else ()
    )
    return QuestionnaireCheck(folder, instrument, tuple(found), weak)


@command()
@click.argument("wanted", type=FILE, metavar="PATH_OR_ID")
@supplement_option
@add_option("--no-supplements", is_flag=True, help=N_("Leave all supplements out."))
@add_option("--errors-only", is_flag=True, help=N_("Leave out the remarks."))
@as_json_option
@add_option("--preview", type=NEW_FILE, hidden=True)
def instrument_check(
    texts: Translator,
    wanted: Path,
    *,
    supplement: tuple[str, ...],
    no_supplements: bool,
    errors_only: bool,
    as_json: bool,
    preview: Path | None,
) -> bool:
    folder = _folder_of(wanted)
    checked = check_questionnaire(folder, supplement, is_core_alone=no_supplements, edits=not errors_only)
    is_made = preview is not None and checked.instrument is not None and not checked.errors
    if preview is not None and checked.instrument is not None and is_made:
        from capacity_app.services.session.demonstration import create_preview  # noqa: PLC0415 - not where there are mistakes

        create_preview(preview, checked.instrument, texts.gettext)
    if as_json:
        print_json(_check_data(texts, checked) | {"preview": str(preview) if is_made else ""})
    else:
        print_problems(checked.mistakes, texts.gettext)
        _list_remarks(texts, checked)
        _say_outcome(texts, checked)
    return not checked.errors


def _list_remarks(texts: Translator, checked: QuestionnaireCheck) -> None:
    for kind, group in groupby(checked.remarks, key=remark_kind):
        assert kind is not None, "a remark has its kind"
        found = tuple(group)
        say()
        say(f"{texts.gettext(REMARK_KIND_LABELS[kind])} ({texts.number(len(found))})")
        for remark in found:
            message, advice = _sentences(remark, texts.gettext)
            say(f"  {format_place(checked.instrument, remark.place, texts.gettext)}: {message}")
            say(f"      {advice}")


def _say_outcome(texts: Translator, checked: QuestionnaireCheck) -> None:
    instrument = checked.instrument
    if instrument is None or checked.errors:
        return
    if checked.remarks:
        say()
    say(texts.gettext("{title} {version}: no errors. Questions: {count}. Parts: {sections}.").format(
        title=instrument.title,
        version=instrument.version,
        count=len(instrument.question_by_id),
        sections=len(instrument.sections),
    ))  # fmt: skip
    if checked.remarks:
        count = len(checked.remarks)
        say(texts.counted("{count} remark", "{count} remarks", count))


def _sentences(problem: Problem, translate: Translate) -> tuple[str, str]:
    return replace(problem, advice="").text(translate), replace(problem, message="").text(translate)


def _check_data(texts: Translator, checked: QuestionnaireCheck) -> dict[str, Any]:
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
        "mistakes": [_problem_data(texts, instrument, problem) for problem in checked.mistakes],
        "remarks": [_problem_data(texts, instrument, problem) for problem in checked.remarks],
    }


def _problem_data(texts: Translator, instrument: Instrument | None, problem: Problem) -> dict[str, str]:
    message, advice = _sentences(problem, texts.gettext)
    kind = remark_kind(problem)
    address = address_of_place(instrument, problem.place) if instrument else None
    return {
        "code": problem.code,
        "kind": kind.value if kind else "",
        "severity": problem.severity.value,
        "place": problem.place,
        "where": format_place(instrument, problem.place, texts.gettext),
        "address": str(address or ""),
        "message": message,
        "advice": advice,
    }


@command()
@file_argument("folder")
@as_json_option
def instrument_use(texts: Translator, folder: Path, *, as_json: bool) -> None:
    target = install_from_folder(_folder_of(folder))
    if as_json:
        print_json({"id": library.find_instrument(target, ()).id, "folder": str(target)})
        return
    say(texts.gettext("The questionnaire can now be chosen on this computer. It is in {folder}.").format(folder=target))


@command()
@click.argument("earlier", metavar="OLD", type=FILE)
@click.argument("later", metavar="NEW", type=FILE)
@add_option("-o", "--out", type=NEW_FILE, help=N_("The file to write: NEW/migrations/1.0-2.0.toml."))
@as_json_option
def draft_migration(texts: Translator, earlier: Path, later: Path, out: Path | None, *, as_json: bool) -> None:
    read = [read_whole_instrument(_folder_of(folder)) for folder in (earlier, later)]
    for folder, instrument in zip((earlier, later), read, strict=True):
        if instrument is None:
            raise KnownError(N_("“{name}” has errors. Check it first: instrument check."), name=folder.name)
    one, other = read
    assert one is not None, "refused above"
    assert other is not None, "refused above"
    text = migration_draft(one, other)
    if out is None:
        say(text)
        return
    if out.exists():
        raise KnownError(N_("“{file}” exists already and was not changed. Choose another name."), file=out.name)
    out.parent.mkdir(exist_ok=True)
    write_atomically(out, text.encode())
    print_result({"file": str(out)}, lambda: say_written(texts, out), as_json=as_json)
