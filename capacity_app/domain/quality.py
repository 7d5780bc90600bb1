"""Quality checks: what a careful reader of an assessment would ask about, as findings with a place.

Nothing here is wrong enough to refuse; each finding says what stands out, where, and what would settle it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from capacity_app.domain.answers import Address, Answer, Layer, State
from capacity_app.domain.assessment import Action, Progress
from capacity_app.domain.checking import locate
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.gaps import CLASSES, Gap, SeverityClass, all_gaps, dependency_circle
from capacity_app.domain.instrument import TOP_LEVEL, Kind
from capacity_app.domain.problems import N_, Problem, Severity
from capacity_app.domain.references import lost_references
from capacity_app.domain.sheet import Block, Item, Sheet, Standing

_DAY = len("2018-11-29")


class FindingKind(StrEnum):
    """What a finding is about."""

    OPEN = "open"
    CONFLICT = "conflict"
    UNSUPPORTED = "unsupported"
    CONTRADICTION = "contradiction"
    ROW_DISPUTED = "row_disputed"
    DATE = "date"
    ACTION = "action"
    GAP = "gap"
    REFERENCE = "reference"
    RETIRED = "retired"


KIND_WORDS: dict[FindingKind, str] = {
    FindingKind.OPEN: N_("Open questions"),
    FindingKind.CONFLICT: N_("Agencies disagree"),
    FindingKind.UNSUPPORTED: N_("Highest level without evidence"),
    FindingKind.CONTRADICTION: N_("Answers that cannot all be true"),
    FindingKind.ROW_DISPUTED: N_("Not applicable to one agency, answered by another"),
    FindingKind.DATE: N_("Dates without a day"),
    FindingKind.ACTION: N_("Actions to complete"),
    FindingKind.GAP: N_("Serious gaps without an action"),
    FindingKind.REFERENCE: N_("Entries that no longer exist"),
    FindingKind.RETIRED: N_("Answers to questions this version does not ask"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that stands out. ``section`` is a section id, empty for registers and actions.

    ``address`` is the answer concerned, None for a register entry, whose id then stands in ``entry``.
    """

    kind: FindingKind
    problem: Problem
    section: str = ""
    address: Address | None = None
    entry: str = ""


def _at(sheet: Sheet, address: Address) -> tuple[str, str]:
    """Give the section's id and the language-free place of an address."""
    section = sheet.instrument.section_of.get(address.question)
    place = [f"section {section.id}"] if section else []
    place.append(f"question {address.question}")
    place += [f"row {address.row}"] if address.row else []
    place += [f"column {address.column}"] if address.column else []
    return (section.id if section else ""), ", ".join(place)


def _answer_finding(
    sheet: Sheet, kind: FindingKind, address: Address, message: str, advice: str, **values: str
) -> Finding:
    section, place = _at(sheet, address)
    problem = Problem(f"quality.{kind}", place, message, advice, tuple(values.items()), Severity.WARNING)
    return Finding(kind, problem, section, address)


def _entry_finding(kind: FindingKind, entry: str, message: str, advice: str, **values: str) -> Finding:
    problem = Problem(f"quality.{kind}", entry, message, advice, tuple(values.items()), Severity.WARNING)
    return Finding(kind, problem, entry=entry)


def _is_open(item: Item) -> bool:
    return item.standing is Standing.WANTED and item.answer.is_open and not item.answer.conflict


def _open(sheet: Sheet, block: Block) -> Iterator[Finding]:
    """Find one question with open places; a grid counts its cells."""
    count = sum(1 for item in block.items if _is_open(item))
    if count == 0:
        return
    if block.question.kind is Kind.GRID:
        message, advice = N_("{count} cells of the table are open."), N_("Ask the agencies that hold the data.")
    else:
        message, advice = N_("The question is open."), N_("Ask the agency that can answer it.")
    address = Address(block.question.id)
    yield _answer_finding(sheet, FindingKind.OPEN, address, message, advice, count=str(count))


def _conflicts(sheet: Sheet, block: Block) -> Iterator[Finding]:
    for item in block.items:
        if item.standing is Standing.WANTED and item.answer.conflict:
            yield _answer_finding(
                sheet,
                FindingKind.CONFLICT,
                item.address,
                N_("{count} different answers stand side by side."),
                N_("Settle it by a judgement with its reason, or ask the agencies to agree."),
                count=str(len(item.answer.conflict)),
            )


def _grade(block: Block, item: Item) -> int:
    return max((block.grades.get(entry, 0) for entry in item.answer.evidence), default=0)


def _unsupported(sheet: Sheet, block: Block) -> Iterator[Finding]:
    for item in block.items:
        is_top = item.field.kind is Kind.LEVEL and item.answer.value == TOP_LEVEL
        if is_top and item.field.is_scored and item.standing is Standing.WANTED and _grade(block, item) == 0:
            yield _answer_finding(
                sheet,
                FindingKind.UNSUPPORTED,
                item.address,
                N_("The highest level rests on a statement alone."),
                N_("Name, link or attach the document that shows it."),
            )


def _disputed_rows(dossier: Dossier, sheet: Sheet, block: Block) -> Iterator[Finding]:
    answers = dossier.by_address
    for row in block.question.rows:
        whole = answers.get(Address(block.question.id, row.id), ())
        out = {a.key.respondent for a in _responses(whole) if a.content.state is State.NOT_APPLICABLE}
        if not out:
            continue
        cells = (
            answer
            for column in block.question.columns
            for answer in _responses(answers.get(Address(block.question.id, row.id, column.id), ()))
        )
        others = {a.key.respondent for a in cells if a.content.state is State.ANSWERED} - out
        if others:
            yield _answer_finding(
                sheet,
                FindingKind.ROW_DISPUTED,
                Address(block.question.id, row.id),
                N_("One agency says that the row does not apply, another answered it."),
                N_("Settle it by a judgement with its reason."),
            )


def _responses(answers: Iterable[Answer]) -> Iterator[Answer]:
    return (answer for answer in answers if answer.key.layer is Layer.RESPONSE)


def _inexact_dates(sheet: Sheet, block: Block) -> Iterator[Finding]:
    """Find dates without a day in scored sections: figures compare only if both reference dates are exact."""
    if not sheet.instrument.section_of[block.question.id].is_scored:
        return
    for item in block.items:
        value = item.answer.value
        if item.field.kind is Kind.DATE and isinstance(value, str) and len(value) < _DAY:
            yield _answer_finding(
                sheet,
                FindingKind.DATE,
                item.address,
                N_("The date “{date}” has no day."),
                N_("Give the exact day if it is known."),
                date=value,
            )


def _block_findings(dossier: Dossier, sheet: Sheet) -> Iterator[Finding]:
    for block in sheet.blocks.values():
        if block.is_hidden:
            continue
        yield from _open(sheet, block)
        yield from _conflicts(sheet, block)
        yield from _unsupported(sheet, block)
        yield from _disputed_rows(dossier, sheet, block)
        yield from _inexact_dates(sheet, block)


def _contradictions(sheet: Sheet) -> Iterator[Finding]:
    for contradiction in sheet.instrument.contradictions:
        if contradiction.when.holds(sheet.value_of):
            address = next(contradiction.when.addresses())
            section, place = _at(sheet, address)
            # The message is the instrument's wording: it holds no placeholders of ours.
            message = contradiction.message.replace("{", "{{").replace("}", "}}")
            problem = Problem("quality.contradiction", place, message, severity=Severity.WARNING)
            yield Finding(FindingKind.CONTRADICTION, problem, section, address, contradiction.id)


def _action_findings(action: Action, known: frozenset[str]) -> Iterator[Finding]:
    title = action.title or action.id
    if not action.responsible:
        yield _entry_finding(
            FindingKind.ACTION,
            action.id,
            N_("Nobody is responsible for the action “{title}”."),
            N_("Name the agency that will carry it out."),
            title=title,
        )
    if not known.intersection(action.gaps):
        yield _entry_finding(
            FindingKind.ACTION,
            action.id,
            N_("The action “{title}” closes no present gap."),
            N_("Name the gap it closes, or drop it."),
            title=title,
        )


def _circle(dossier: Dossier) -> Iterator[Finding]:
    circle = dependency_circle(dossier.actions)
    if circle:
        titles = {action.id: action.title or action.id for action in dossier.actions}
        yield _entry_finding(
            FindingKind.ACTION,
            circle[0],
            N_("These actions wait for each other: {titles}."),
            N_("Decide which of them comes first."),
            titles=" – ".join(titles.get(action, action) for action in circle),
        )


def _plan(dossier: Dossier, sheet: Sheet, found: Iterable[Gap], to_verify: Iterable[Gap]) -> Iterator[Finding]:
    gaps = tuple(found)
    known = frozenset(str(gap.address) for gap in (*gaps, *to_verify))
    active = [action for action in dossier.actions if action.progress is not Progress.DROPPED]
    for action in active:
        yield from _action_findings(action, known)
    yield from _circle(dossier)
    covered = {address for action in active for address in action.gaps}
    for gap in gaps:
        is_serious = CLASSES.index(gap.severity_class) >= CLASSES.index(SeverityClass.HIGH)
        if is_serious and str(gap.address) not in covered:
            yield _answer_finding(
                sheet,
                FindingKind.GAP,
                gap.address,
                N_("The gap is serious and no action closes it."),
                N_("Plan an action, or say in the gap's note why not."),
            )


def _references(dossier: Dossier, sheet: Sheet) -> Iterator[Finding]:
    for lost in lost_references(dossier):
        if lost.address is not None:
            yield _answer_finding(
                sheet, FindingKind.REFERENCE, lost.address, lost.message, lost.advice, **dict(lost.values)
            )
        else:
            yield _entry_finding(FindingKind.REFERENCE, lost.entry, lost.message, lost.advice, **dict(lost.values))


def _retired(dossier: Dossier, sheet: Sheet) -> Iterator[Finding]:
    for address in dossier.by_address:
        if locate(dossier.instrument, address) is None:
            yield _answer_finding(
                sheet,
                FindingKind.RETIRED,
                address,
                N_("This version of the instrument does not ask this; the answer is kept."),
                N_("Compare it with the questions that replaced it."),
            )


def check_quality(
    dossier: Dossier, sheet: Sheet, gaps: tuple[tuple[Gap, ...], tuple[Gap, ...]] | None = None
) -> tuple[Finding, ...]:
    """Go through a dossier as laid out on ``sheet`` and list what stands out, kind by kind, in printed order.

    ``gaps`` are what ``all_gaps`` gave, if the caller has them.
    """
    found, to_verify = gaps if gaps is not None else all_gaps(sheet, dossier.ratings)
    findings = [
        *_block_findings(dossier, sheet),
        *_contradictions(sheet),
        *_plan(dossier, sheet, found, to_verify),
        *_references(dossier, sheet),
        *_retired(dossier, sheet),
    ]
    order = {kind: place for place, kind in enumerate(FindingKind)}
    return tuple(sorted(findings, key=lambda finding: order[finding.kind]))


def by_kind(findings: Iterable[Finding]) -> dict[FindingKind, tuple[Finding, ...]]:
    """Group findings by kind, in the order of the kinds."""
    grouped: dict[FindingKind, tuple[Finding, ...]] = {}
    for finding in findings:
        grouped[finding.kind] = (*grouped.get(finding.kind, ()), finding)
    return grouped
