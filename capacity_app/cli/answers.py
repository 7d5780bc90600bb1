"""The commands about answers: check, find and history; how two versions of an answer are shown."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from capacity_app.cli.options import add_option, as_json_option, command, file_argument
from capacity_app.cli.terminal import find_section, open_assessment, print_json, print_problems, say
from capacity_app.domain.assessment.answer_rules import locate
from capacity_app.domain.assessment.answers import EMPTY_CONTENT, Address, AnswerKey, AnswerState, Content
from capacity_app.domain.assessment.findings import FINDING_KIND_LABELS, Finding, FindingKind, group_by_kind
from capacity_app.domain.assessment.merging import DifferenceVersion, DiffKind, MergeDifference
from capacity_app.domain.assessment.revisions import HistoryStep, history_steps
from capacity_app.domain.problems import N_, KnownError, printable, problem_data
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.questionnaire.search import PASSAGE_KIND_LABELS, PassageKind, SearchPassage, find_place
from capacity_app.domain.text_diff import WordDiffKind, compare_words
from capacity_app.domain.text_search import SearchSnippet, make_snippet, search_words
from capacity_app.i18n.formatter import STATE_LABELS, Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.services.result_tables import weak_points
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.search import find_passages

DIFFERENCE_LABELS: dict[DiffKind, str] = {
    DiffKind.SAME: N_("the same"),
    DiffKind.NEW: N_("new"),
    DiffKind.CHANGED: N_("changed"),
    DiffKind.CLEARED: N_("cleared"),
    DiffKind.REFUSED: N_("invalid"),
}
_MARKS = {WordDiffKind.KEPT: "{}", WordDiffKind.REMOVED: "[-{}-]", WordDiffKind.ADDED: "{{+{}+}}"}
"""How a piece of text stands in plain text, as in word diffs of other tools."""


def content_data(content: Content | None) -> dict[str, Any] | None:
    """Return an answer as data for other programs."""
    if content is None:
        return None
    return {
        "state": content.state.value,
        "value": list(content.value) if isinstance(content.value, tuple) else content.value,
        "reason": content.reason,
        "note": content.note,
        "evidence": list(content.evidence),
    }


def difference_data(formatter: Formatter, difference: MergeDifference) -> dict[str, Any]:
    """Return a difference of two answers, or of a field of a register, as data for other programs."""
    key, problem = difference.key, difference.problem
    return {
        "id": difference.id,
        "address": str(key.address) if key else "",
        "number": formatter.place(key.address) if key else "",
        "fate": difference.fate.value,
        "contested": difference.is_contested,
        "field": difference.field,
        "place": difference.place,
        "base": content_data(difference.base.content) if difference.base else None,
        "mine": content_data(difference.mine.content) if key else _entry_value(difference, difference.mine),
        "theirs": content_data(difference.theirs.content) if key else _entry_value(difference, difference.theirs),
        "problem": problem_data(problem, formatter.texts.gettext) if problem else None,
    }


def _entry_value(difference: MergeDifference, version: DifferenceVersion) -> str:
    return str(getattr(version.entry, difference.field, ""))


def answer_parts(formatter: Formatter, key: AnswerKey, content: Content) -> tuple[tuple[str, str], ...]:
    """Return what an answer says part by part, each with its label; the first, the answer itself, needs none."""
    _, known = formatter.texts.gettext, formatter.dossier.evidence_by_id
    evidence = "; ".join((known[one].title or one) if one in known else one for one in content.evidence)
    labelled = ((_("Reason"), content.reason), (_("Note"), content.note), (_("Evidence"), evidence))
    return ("", _value_text(formatter, key, content)), *((f"{label}: ", text) for label, text in labelled)


def _joined(parts: Iterable[tuple[str, str]]) -> str:
    return " · ".join(f"{label}{text}" for label, text in parts if text)


def answer_text(formatter: Formatter, key: AnswerKey, content: Content) -> str:
    """Return what an answer says, all of it in one text."""
    return _joined(answer_parts(formatter, key, content))


def changed_text(formatter: Formatter, key: AnswerKey, before: Content, after: Content) -> str:
    """Return what an answer says after a change, with the words that went and came marked part by part."""
    pairs = zip(answer_parts(formatter, key, before), answer_parts(formatter, key, after), strict=True)
    return _joined((label, mark_changes(old, new)) for (label, old), (_label, new) in pairs)


def _value_text(formatter: Formatter, key: AnswerKey, content: Content) -> str:
    target = locate(formatter.dossier.instrument, key.address)
    field = target.field if target is not None else None
    if (
        content.state is AnswerState.ANSWERED
        and target is not None
        and field is not None
        and field.kind is not AnswerKind.GRID
    ):
        try:
            return formatter.value(target.question, field, content.value)
        except (ValueError, ArithmeticError):
            # A refused value may be anything.
            return str(content.value)
    return formatter.unread(content.unread) if content.unread else formatter.texts.gettext(STATE_LABELS[content.state])


def mark_changes(before: str, after: str) -> str:
    """Show in plain text which words went and which came: "[-old-] {+new+}"."""
    return "".join(_MARKS[piece.kind].format(piece.text) for piece in compare_words(before, after))


def _versions(formatter: Formatter, difference: MergeDifference) -> Iterator[tuple[str, str]]:
    _, key = formatter.texts.gettext, difference.key
    if key is None:
        here, there = _entry_value(difference, difference.mine), _entry_value(difference, difference.theirs)
        yield _("here"), here or "–"
        yield _("file"), mark_changes(here, there) if here and there else there or "–"
        return
    base = difference.base.content if difference.base else None
    mine, theirs = difference.mine.content or EMPTY_CONTENT, difference.theirs.content or EMPTY_CONTENT
    if base is not None and base != mine:
        yield _("before"), answer_text(formatter, key, base)
    yield _("here"), answer_text(formatter, key, mine)
    if difference.fate is DiffKind.REFUSED:
        (label, answer), *others = answer_parts(formatter, key, theirs)
        is_unread = theirs.state is AnswerState.NOT_ASKED and not theirs.unread
        yield _("file"), _joined(((label, _("Cannot be read as an answer") if is_unread else answer), *others))
        return
    is_change = not mine.is_empty and not theirs.is_empty
    yield _("file"), changed_text(formatter, key, mine, theirs) if is_change else answer_text(formatter, key, theirs)


def print_difference(formatter: Formatter, difference: MergeDifference) -> None:
    """Print a difference: where, what would become of it, and what each side says."""
    _, key = formatter.texts.gettext, difference.key
    fate = _(DIFFERENCE_LABELS[difference.fate])
    if difference.is_contested:
        fate = _("{fate}, differs from the answer here, to decide").format(fate=fate)
    where = f" · {difference.place}" if difference.place else ""
    if key is None:
        place = f"{formatter.label(difference.register, difference.field)} ({difference.id})"
    else:
        of_agency = (
            f" · {formatter.respondent(key.layer, key.respondent)}"
            if difference.id.startswith(f"{key.address} ")
            else ""
        )
        place = f"{formatter.place(key.address)} ({key.address}){of_agency}"
    say(f"{place}{where}: {fate}")
    versions = tuple(_versions(formatter, difference))
    width = max(len(label) for label, _text in versions)
    for label, text in versions:
        say(f"    {label:<{width}}  {text}")
    if difference.problem:
        say(f"    {difference.problem.text(_)}")


# The command that tells how the answers at one place came about: history.


NO_PLACE = N_("There is no question or row “{place}”: name it by its printed number (“IV.1 G”) or its address.")


def history_data(step: HistoryStep) -> dict[str, Any]:
    """Return one revision as data for other programs."""
    revision = step.revision
    return {
        "id": str(revision.id),
        "address": str(revision.key.address),
        "layer": revision.key.layer.value,
        "respondent": revision.key.respondent,
        "author": revision.author,
        "time": revision.time,
        "before": content_data(step.before),
        "after": content_data(step.after),
    }


def _changes(formatter: Formatter, step: HistoryStep) -> list[str]:
    before, after = answer_parts(formatter, step.key, step.before), answer_parts(formatter, step.key, step.after)
    changed = [(label, old, new) for (label, old), (_, new) in zip(before, after, strict=True) if old != new]
    return [f"  {label}{old or '–'} → {new or '–'}" for label, old, new in changed] or [f"  {before[0][1]}"]


def _print_step(formatter: Formatter, step: HistoryStep) -> None:
    who = formatter.respondent(step.key.layer, step.key.respondent)
    author = step.revision.author or formatter.texts.gettext("nobody named")
    say(f"{formatter.moment(step.revision.time)} · {formatter.place(step.key.address)} · {who} · {author}")
    for line in _changes(formatter, step):
        say(line)


@command()
@file_argument()
@click.argument("place", metavar="PLACE")
@as_json_option
def history(texts: Translator, file: Path, place: str, *, as_json: bool) -> None:
    with open_assessment(file) as session:
        address = find_place(session.instrument, place)
        if address is None:
            raise KnownError(NO_PLACE, place=place)
        known, dossier = history_steps(session.history(address)), session.dossier()
    if as_json:
        print_json([history_data(step) for step in known])
        return
    formatter = Formatter(texts, dossier)
    for step in known:
        _print_step(formatter, step)
    say(texts.ngettext("{count} change.", "{count} changes.", len(known)).format(count=len(known)))


# The command that finds words in questions, answers, reasons and notes: find.


def _mark_matches(found: SearchSnippet) -> str:
    """Write the matches so that they stand out in a terminal; a file gets plain text."""
    pieces: list[str] = []
    at, text = 0, printable(found.text)
    for start, end in found.spans:
        pieces += [text[at:start], click.style(text[start:end], bold=True, underline=True)]
        at = end
    return "".join([*pieces, text[at:]])


def _passage_source(passage: SearchPassage, wording: Formatter) -> str:
    where = wording.texts.gettext(PASSAGE_KIND_LABELS[passage.where])
    if passage.key is None:
        return where
    return f"{where} ({wording.respondent(passage.key.layer, passage.key.respondent)})"


def _passage_data(
    passages: Iterable[SearchPassage], words: tuple[str, ...], wording: Formatter
) -> list[dict[str, Any]]:
    found = []
    for passage in passages:
        cut = make_snippet(passage.text, words)
        entry: dict[str, Any] = {
            "address": str(passage.address),
            "place": wording.place(passage.address),
            "where": passage.where.value,
        }
        if passage.key is not None:
            entry |= {"layer": passage.key.layer.value, "respondent": passage.key.respondent}
        found.append({**entry, "text": cut.text, "matches": [list(span) for span in cut.spans]})
    return found


def _print_passages(passages: Iterable[SearchPassage], words: tuple[str, ...], wording: Formatter) -> None:
    """Print what was found under the place where it stands."""
    questions = wording.dossier.instrument.question_by_id

    def place_of(passage: SearchPassage) -> Address:
        return passage.address

    for address, found in groupby(passages, key=place_of):
        here = tuple(found)
        question = questions[address.question]
        is_itself = any(passage.where is PassageKind.QUESTION for passage in here)
        say(wording.place(address) + ("" if is_itself else f"  {wording.question(question)}"))
        for passage in here:
            click.echo(
                f"  {printable(_passage_source(passage, wording))}: {_mark_matches(make_snippet(passage.text, words))}"
            )


@command()
@file_argument()
@click.argument("words", nargs=-1, required=True)
@add_option("--language", default="", help=N_("Search the questions in this language too (fr, ar …)."))
@as_json_option
def find(texts: Translator, file: Path, words: tuple[str, ...], language: str, *, as_json: bool) -> bool:
    with open_assessment(file) as session:
        dossier = session.dossier()
    wording = Formatter(texts, dossier)
    others = (Formatter(Translator(language), dossier),) if language else ()
    folded = search_words(" ".join(words))
    passages = tuple(find_passages(wording, " ".join(words), others))
    if as_json:
        print_json(_passage_data(passages, folded, wording))
    elif passages:
        _print_passages(passages, folded, wording)
    else:
        say(
            texts.gettext("Nothing contains all of these words. Try fewer letters; capitals and accents do not matter.")
        )
    return bool(passages)


# The command that lists everything weak: check.


def _selected_findings(session: AssessmentSession, kind: str, section: str) -> tuple[Finding, ...]:
    """Keep the findings of one kind and one part, named by its id or its printed number; raises KnownError."""
    wanted = find_section(session.instrument, section) if section else ""
    return tuple(
        finding
        for finding in weak_points(session)
        if kind in {"", finding.kind} and (not section or finding.section == wanted)
    )


def _finding_data(findings: Iterable[Finding], texts: Translator) -> list[dict[str, Any]]:
    translate, found = texts.gettext, []
    for finding in findings:
        group = {
            "kind": finding.kind.value,
            "group": translate(FINDING_KIND_LABELS[finding.kind]),
            "section": finding.section,
        }
        found.append({**group, **problem_data(finding.problem, translate)})
    return found


def _list_groups(findings: Iterable[Finding], texts: Translator) -> None:
    """Print each group under its name and count."""
    for kind, found in group_by_kind(findings).items():
        say(f"{texts.gettext(FINDING_KIND_LABELS[kind])} ({texts.number(len(found))})")
        print_problems((finding.problem for finding in found), texts.gettext, indent="  ")
        say()


@command()
@file_argument()
@as_json_option
@add_option(
    "--kind",
    type=click.Choice(["", *(kind.value for kind in FindingKind)]),
    default="",
    help=N_("Only this kind of point."),
)
@add_option("--section", default="", help=N_("Only one part, by its printed number or id."))
def check(texts: Translator, file: Path, *, as_json: bool, kind: str, section: str) -> bool:
    with open_assessment(file) as session:
        damage = () if section or kind not in {"", FindingKind.FILE} else session.check_file()
        findings = (*(Finding(FindingKind.FILE, one) for one in damage), *_selected_findings(session, kind, section))
    count = len(findings)
    if as_json:
        print_json(_finding_data(findings, texts))
    else:
        _list_groups(findings, texts)
        say(texts.ngettext("{count} point to look at.", "{count} points to look at.", count).format(count=count))
    return not count
