"""The command that makes one assessment of several officers' copies: merge."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from capacity_app.cli.answers import answer_text, changed_text, content_data, mark_changes
from capacity_app.cli.options import FILE, NEW_FILE, add_option, as_json_option, command, file_argument
from capacity_app.cli.terminal import (
    current_user,
    keys_for,
    open_assessment,
    print_json,
    print_problems,
    say,
    say_protected_alike,
)
from capacity_app.domain.assessment.answers import Content
from capacity_app.domain.assessment.merging import EXISTENCE, DecisionSide, DifferenceVersion, MergeDifference
from capacity_app.domain.assessment.register_fields import REGISTER_INFO, entry_title, register_field
from capacity_app.domain.problems import N_, Translate, problem_data
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.services.exchange.merge import (
    MergePlan,
    MergeResult,
    MergeSource,
    apply_merge,
    merge_into_new,
    plan_merge,
)
from capacity_app.services.exchange.merge_sources import DuplicateEntries, MergeCounts
from capacity_app.services.session.revision_log import AnswerChange, EntryChange
from capacity_app.storage.creation import expect_free_path

KEEP = ("none", "first")
_FIELD_WORDS = {"value": N_("Answer"), "reason": N_("Reason"), "note": N_("Note")}

# -- as data -----------------------------------------------------------------------------------------------------------


def _source_data(source: MergeSource, translate: Translate) -> dict[str, Any]:
    return {
        "file": source.file,
        "assessment": source.assessment_id,
        "people": list(source.people),
        "revisions": source.revisions,
        "already_here": source.already_here,
        "new": source.new,
        "answers": asdict(source.answers),
        "entries": asdict(source.entries),
        "documents": source.documents,
        "problem": problem_data(source.problem, translate) if source.problem else None,
        "notices": [problem_data(notice, translate) for notice in source.notices],
    }


def _version_data(version: DifferenceVersion | None) -> dict[str, Any] | None:
    if version is None:
        return None
    entry = asdict(version.entry) if version.entry else None
    said = {"content": content_data(version.content)} if version.content else {"entry": entry}
    return {**said, "author": version.author, "time": version.time, "file": version.file}


def _conflict_data(formatter: Formatter, conflict: MergeDifference) -> dict[str, Any]:
    key = conflict.key
    return {
        "id": conflict.id,
        "address": str(key.address) if key else "",
        "number": formatter.place(key.address) if key else "",
        "layer": key.layer.value if key else "",
        "respondent": key.respondent if key else "",
        "register": conflict.register,
        "entry": conflict.entry_id,
        "field": conflict.field,
        "base": _version_data(conflict.base),
        "mine": _version_data(conflict.mine),
        "theirs": _version_data(conflict.theirs),
    }


def _twins_data(twins: DuplicateEntries) -> dict[str, str]:
    return {"register": twins.register, "here": twins.here.id, "there": twins.there.id}


def _data(formatter: Formatter, plan: MergePlan, result: MergeResult | None) -> dict[str, Any]:
    translate = formatter.texts.gettext
    return {
        "sources": [_source_data(source, translate) for source in plan.sources],
        "conflicts": [_conflict_data(formatter, conflict) for conflict in plan.conflicts],
        "twins": [_twins_data(twins) for twins in plan.twins],
        "taken_over": result.revisions if result else 0,
        "settled": result.settled if result else 0,
        "open": result.still_open if result else 0,
        "problems": [problem_data(problem, translate) for problem in (result.problems if result else ())],
    }


# -- in words ----------------------------------------------------------------------------------------------------------


def _counted(texts: Translator, counts: MergeCounts) -> str:
    pattern = texts.gettext(
        "{same} the same, {added} new, {changed} changed, {conflicting} in conflict, {replaced} replaced here since"
    )
    return pattern.format(**{name: texts.number(count) for name, count in asdict(counts).items()})


def _tell_source(texts: Translator, source: MergeSource) -> None:
    _ = texts.gettext
    if source.problem:
        say(_("{file}: not merged. {reason}").format(file=source.file, reason=source.problem.text(_)))
        return
    people = ", ".join(source.people) or _("nobody named")
    say(f"{source.file} ({people})")
    pattern = _("Changes in it: {all}, of which {here} are here already and {new} are new.")
    numbers = {"all": source.revisions, "here": source.already_here, "new": source.new}
    say("  " + pattern.format(**{name: texts.number(count) for name, count in numbers.items()}))
    for label, counts in ((_("Answers"), source.answers), (_("Register entries"), source.entries)):
        say(f"  {label}: {_counted(texts, counts)}")
    if source.documents:
        say("  " + _("Documents not here yet: {count}").format(count=texts.number(source.documents)))
    for notice in source.notices:
        say(f"  {notice.text(_)}")


def _where(formatter: Formatter, conflict: MergeDifference) -> str:
    _ = formatter.texts.gettext
    if conflict.key is not None:
        who = formatter.respondent(conflict.key.layer, conflict.key.respondent)
        place = f"{formatter.place(conflict.key.address)} ({conflict.key.address})"
        return f"{place} · {who} · {_(_FIELD_WORDS[conflict.field])}"
    entry = conflict.mine.entry or conflict.theirs.entry
    name = (entry_title(entry) if entry else "") or conflict.entry_id
    field = "" if conflict.field in {"", EXISTENCE} else formatter.label(conflict.register, conflict.field)
    parts = (_(REGISTER_INFO[conflict.register].entry), f"{name} ({conflict.entry_id})", field)
    return " · ".join(part for part in parts if part)


def _said(formatter: Formatter, conflict: MergeDifference, version: DifferenceVersion) -> str:
    _, entry, content = formatter.texts.gettext, version.entry, version.content
    if conflict.key is not None and content is not None:
        if conflict.field == "value":
            return answer_text(formatter, conflict.key, Content(state=content.state, value=content.value))
        return str(getattr(content, conflict.field)) or "–"
    if entry is None or conflict.field == EXISTENCE:
        return _("removed") if entry is None else _("changed")
    field = register_field(conflict.register, conflict.field)
    return formatter.field_text(field, getattr(entry, field.name), ", ") or "–"


def _sides(formatter: Formatter, conflict: MergeDifference) -> Iterator[tuple[str, str]]:
    _ = formatter.texts.gettext
    if conflict.base is not None and conflict.field != EXISTENCE:
        yield _("before"), _said(formatter, conflict, conflict.base)
    for version in (conflict.mine, conflict.theirs):
        when = formatter.moment(version.time) if version.time else ""
        parts = (version.file, version.author or _("nobody named"), when)
        yield " · ".join(part for part in parts if part), _said(formatter, conflict, version)


def _tell(formatter: Formatter, plan: MergePlan) -> None:
    texts, _ = formatter.texts, formatter.texts.gettext
    for source in plan.sources:
        _tell_source(texts, source)
    for change in plan.changes:
        if isinstance(change, AnswerChange):
            who = formatter.respondent(change.key.layer, change.key.respondent)
            said = changed_text(formatter, change.key, change.before, change.after)
            say(f"  {formatter.place(change.key.address)} · {who}: {said}")
        else:
            _tell_entry_change(formatter, change)
    for conflict in plan.conflicts:
        say(_where(formatter, conflict))
        for who, said in _sides(formatter, conflict):
            say(f"    {who}: {said}")
    for twins in plan.twins:
        pattern = _("Perhaps typed twice: “{one}” ({one_id}) and “{other}” ({other_id}). Join them in the register.")
        names = {"one": entry_title(twins.here), "other": entry_title(twins.there)}
        say(pattern.format(**names, one_id=twins.here.id, other_id=twins.there.id))


def _tell_entry_change(formatter: Formatter, change: EntryChange) -> None:
    _, info = formatter.texts.gettext, REGISTER_INFO[change.register]
    entry = change.after or change.before
    name = f"{_(info.title)} · {(entry_title(entry) if entry else '') or _(info.unnamed)}"
    if change.before is None or change.after is None:
        kind = _("New") if change.after else _("Removed")
        say(f"  {name}: {kind}")
        return
    for label, old, new in formatter.entry_changes(change.register, change.before, change.after):
        say(f"  {name}: {label}: {mark_changes(old, new)}")


def _tell_result(texts: Translator, result: MergeResult | None, done: str, nothing: str, file: str = "") -> None:
    """Say what was done, in the sentence ``done`` with its counts and the name of a file, or that it was not."""
    if result is None:
        say(nothing)
        return
    print_problems(result.problems, texts.gettext)
    counts = {"taken": result.revisions, "settled": result.settled, "open": result.still_open}
    say(done.format(file=file, **{name: texts.number(count) for name, count in counts.items()}))


def _is_complete(plan: MergePlan, result: MergeResult | None) -> bool:
    return result is not None and not (plan.refused or result.still_open or result.problems)


@command()
@file_argument()
@click.argument("others", metavar="OTHER…", type=FILE, nargs=-1, required=True)
@add_option("-o", "--out", type=NEW_FILE, required=True, help=N_("The new assessment to be made."))
@add_option(
    "--keep",
    type=click.Choice(KEEP),
    default="none",
    show_default=True,
    help=N_("What counts where two people said different things: the first file named, or nothing yet."),
)
@add_option(
    "--different-assessments",
    is_flag=True,
    help=N_("Also merge assessments of the same country and round that were started separately."),
)
@as_json_option
def merge(
    texts: Translator,
    file: Path,
    others: tuple[Path, ...],
    out: Path,
    keep: str,
    *,
    different_assessments: bool,
    as_json: bool,
) -> bool:
    expect_free_path(out)
    with open_assessment(file) as session:
        plan = plan_merge(session, others, different_assessments=different_assessments, keys=keys_for(*others))
        sides = (
            dict.fromkeys((conflict.id for conflict in plan.conflicts), DecisionSide.MINE) if keep == "first" else {}
        )
        is_possible = len(plan.refused) < len(plan.sources)
        result = merge_into_new(session, plan, out, sides, author=current_user()) if is_possible else None
        formatter = Formatter(texts, session.dossier())
    if as_json:
        print_json(_data(formatter, plan, result))
        return _is_complete(plan, result)
    _ = texts.gettext
    done = _("Made {file}. Changes merged: {taken}. Conflicts decided: {settled}. Still open: {open}.")
    _tell(formatter, plan)
    _tell_result(texts, result, done, _("Nothing was merged, and no file was made."), out.name)
    if result:
        say_protected_alike(texts, session)
    return _is_complete(plan, result)


def merge_in(texts: Translator, file: Path, other: Path, *, is_trial: bool, as_json: bool) -> bool:
    """Bring another copy of an assessment into it; conflicts stay open until somebody decides."""
    with open_assessment(file, read_only=is_trial) as session:
        plan = plan_merge(session, (other,), keys=keys_for(other))
        result = None if is_trial or plan.refused else apply_merge(session, plan)
        formatter = Formatter(texts, session.dossier())
    if as_json:
        print_json(_data(formatter, plan, result))
    else:
        _ = texts.gettext
        _tell(formatter, plan)
        done = _("Changes merged: {taken}. Conflicts decided: {settled}. Still open: {open}.")
        nothing = _("Nothing was changed: this was a trial run.") if is_trial else _("Nothing was changed.")
        _tell_result(texts, result, done, nothing)
    if is_trial:
        return not (plan.refused or plan.conflicts)
    return _is_complete(plan, result)
