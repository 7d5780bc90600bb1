"""What a quality check finds: the kinds there are, one thing that stands out, and how findings are grouped."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, Problem, ProblemSeverity
from capacity_app.domain.scoring.answer_sheet import AnswerSheet


class FindingKind(StrEnum):
    """What a finding is about, in the order of the review: what is only still to be done comes last."""

    FILE = "file"
    UNREAD = "unread"
    LAPTOPS = "laptops"
    CONFLICT = "conflict"
    LATER = "later"
    UNSUPPORTED = "unsupported"
    CONTRADICTION = "contradiction"
    ROW_DISPUTED = "row_disputed"
    UNCERTAIN = "uncertain"
    DATE = "date"
    VALIDATION = "validation"
    ACTION = "action"
    GAP = "gap"
    REFERENCE = "reference"
    RETIRED = "retired"
    OPEN = "open"
    CONFIRM = "confirm"
    TRANSLATION = "translation"


FINDING_KIND_LABELS: dict[FindingKind, str] = {
    FindingKind.FILE: N_("The file itself"),
    FindingKind.UNREAD: N_("Texts that cannot be read as answers"),
    FindingKind.LAPTOPS: N_("Copies disagree"),
    FindingKind.CONFLICT: N_("Agencies disagree"),
    FindingKind.LATER: N_("Different answers after a judgement or validation"),
    FindingKind.UNSUPPORTED: N_("Highest level without evidence"),
    FindingKind.CONTRADICTION: N_("Answers that cannot all be true"),
    FindingKind.ROW_DISPUTED: N_("Not applicable to one agency, answered by another"),
    FindingKind.UNCERTAIN: N_("Answered “unknown” or declined"),
    FindingKind.DATE: N_("Reference dates given only as a month or a year"),
    FindingKind.VALIDATION: N_("Validations without a name or date"),
    FindingKind.ACTION: N_("Actions to complete"),
    FindingKind.GAP: N_("Serious gaps without an action"),
    FindingKind.REFERENCE: N_("Entries that no longer exist"),
    FindingKind.RETIRED: N_("Answers to questions this version does not ask"),
    FindingKind.OPEN: N_("Open questions"),
    FindingKind.CONFIRM: N_("Earlier answers to confirm"),
    FindingKind.TRANSLATION: N_("Questions not translated"),
}

NOT_BEGUN = frozenset({FindingKind.OPEN, FindingKind.CONFIRM, FindingKind.TRANSLATION})
"""What only says that something is still to be done: no answer is weak and none contradicts another."""


def count_points_to_review(kinds: Iterable[FindingKind]) -> int:
    """Count what is weak or contradictory, without what is only still to be done."""
    return sum(kind not in NOT_BEGUN for kind in kinds)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that stands out. ``section`` is a section id, empty for registers and actions.

    ``address`` is the answer concerned, None for a register entry, whose id then stands in ``entry``, and the name of
    the field to complete in ``field``.
    """

    kind: FindingKind
    problem: Problem
    section: str = ""
    address: Address | None = None
    entry: str = ""
    field: str = ""

    @property
    def key(self) -> str:
        """What tells this finding from every other one, also after others have come or gone and counts have changed."""
        values = [value for name, value in self.problem.values if name not in {"count", "all"}]
        return "|".join((self.kind, str(self.address or ""), self.entry, self.problem.message, *values))


def section_and_place(sheet: AnswerSheet, address: Address) -> tuple[str, str]:
    """Return the section's id and the language-free place of an address."""
    section = sheet.instrument.section_of.get(address.question)
    place = [f"section {section.id}"] if section else []
    place.append(f"question {address.question}")
    place += [f"row {address.row}"] if address.row else []
    place += [f"column {address.column}"] if address.column else []
    return (section.id if section else ""), ", ".join(place)


def answer_finding(
    sheet: AnswerSheet, kind: FindingKind, address: Address, message: str, advice: str, **values: str
) -> Finding:
    """Find something at an answer's place."""
    section, place = section_and_place(sheet, address)
    problem = Problem(f"quality.{kind}", place, message, advice, tuple(values.items()), ProblemSeverity.WARNING)
    return Finding(kind, problem, section, address)


def entry_finding(
    kind: FindingKind, entry: str, message: str, advice: str, *, field: str = "", **values: str
) -> Finding:
    """Find something at a field of a register entry, an action or the mission."""
    problem = Problem(f"quality.{kind}", entry, message, advice, tuple(values.items()), ProblemSeverity.WARNING)
    return Finding(kind, problem, entry=entry, field=field)


def group_by_kind(findings: Iterable[Finding]) -> dict[FindingKind, tuple[Finding, ...]]:
    """Group findings by kind, in the order of the kinds."""
    grouped: dict[FindingKind, list[Finding]] = {}
    for finding in findings:
        grouped.setdefault(finding.kind, []).append(finding)
    return {kind: tuple(grouped[kind]) for kind in FindingKind if kind in grouped}


def group_by_section(findings: Iterable[Finding], sheet: AnswerSheet) -> Mapping[str, tuple[Finding, ...]]:
    """Group findings by section id in printed order; those of registers and actions last, under an empty id."""
    grouped: dict[str, list[Finding]] = {section.id: [] for section in sheet.instrument.sections}
    for finding in findings:
        grouped.setdefault(finding.section, []).append(finding)
    return {section: tuple(found) for section, found in grouped.items() if found}
