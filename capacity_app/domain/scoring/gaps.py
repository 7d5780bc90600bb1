"""Gaps: the distance to the target, weighed by importance; open answers are to be verified instead."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from fractions import Fraction

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.assessment.registers import Action, FeasibilityRating
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import (
    Feasibility,
    GridRow,
    Question,
    QuestionField,
    Section,
    supply_column,
)
from capacity_app.domain.questionnaire.kinds import TOP_LEVEL
from capacity_app.domain.scoring.answer_sheet import AnswerSheet, QuestionBlock


class GapSeverity(StrEnum):
    """How serious a gap is, least serious first."""

    NONE = "none"
    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"
    CRITICAL = "critical"


class Priority(StrEnum):
    """What to do first: severity against feasibility."""

    QUICK_WIN = "quick_win"
    MAJOR_PROJECT = "major_project"
    FILL_IN = "fill_in"
    LATER = "later"


SEVERITY_ORDER = tuple(GapSeverity)
GAP_SEVERITY_LABELS: dict[GapSeverity, str] = {
    GapSeverity.NONE: N_("none"),
    GapSeverity.LOW: N_("low"),
    GapSeverity.MODERATE: N_("moderate"),
    GapSeverity.HIGH: N_("high"),
    GapSeverity.CRITICAL: N_("critical"),
}
PRIORITY_LABELS: dict[Priority, str] = {
    Priority.QUICK_WIN: N_("quick win"),
    Priority.MAJOR_PROJECT: N_("major project"),
    Priority.FILL_IN: N_("fill-in"),
    Priority.LATER: N_("later"),
}


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap, or (``is_open``) a place to verify with its worst case.

    ``level`` is the present level, None while open, ``target`` the wanted one. ``steps`` to it count as on the scale
    0-3, whatever the levels: a part of a step counts as a whole one. ``importance`` is 1-3, ``severity`` their product.
    """

    address: Address
    section: Section
    question: Question
    row: GridRow | None
    level: int | None
    target: int
    steps: int
    importance: int
    severity: int
    severity_class: GapSeverity
    feasibility: Feasibility
    priority: Priority
    is_open: bool

    @property
    def label(self) -> str:
        return self.row.label if self.row else self.question.text

    @property
    def number(self) -> str:
        """The printed number ("IV.1 G")."""
        return f"{self.question.number} {self.row.number}".strip() if self.row else self.question.number

    @property
    def is_prerequisite(self) -> bool:
        """Return whether other items build on this one, which makes it one class more severe."""
        return self.question.prerequisite or bool(self.row and self.row.prerequisite)

    @property
    def is_serious(self) -> bool:
        """Return whether the gap stands in the upper half of the board."""
        return SEVERITY_ORDER.index(self.severity_class) >= SEVERITY_ORDER.index(GapSeverity.HIGH)

    @property
    def next_step(self) -> tuple[QuestionField, int] | None:
        """The question or column that suggests the next step up, and its place in ``actions``; None if none does."""
        field = supply_column(self.question) if self.row else self.question
        step = self.level or 0
        return (field, step) if field and step < len(field.actions) else None


def gap_figures(gap: Gap) -> dict[str, int | str | None]:
    """Return a gap for other programs, by name; of a place to verify it is the worst case."""
    return {
        "address": str(gap.address),
        "section": gap.section.id,
        "number": gap.number,
        "level": gap.level,
        "target": gap.target,
        "steps": gap.steps,
        "importance": gap.importance,
        "severity": gap.severity,
        "feasibility": gap.feasibility.value,
        "priority": gap.priority.value,
    }


def classify_severity(steps: int, importance: int, *, is_prerequisite: bool = False) -> GapSeverity:
    """Class the product n × r: 0 none, 1-2 low, 3-4 moderate, 6 high, 9 critical; a prerequisite goes one up."""
    severity = steps * importance
    if severity == 0:
        return GapSeverity.NONE
    bounds = ((2, GapSeverity.LOW), (4, GapSeverity.MODERATE), (6, GapSeverity.HIGH))
    plain = next((name for top, name in bounds if severity <= top), GapSeverity.CRITICAL)
    raised = SEVERITY_ORDER.index(plain) + (1 if is_prerequisite else 0)
    return SEVERITY_ORDER[min(raised, len(SEVERITY_ORDER) - 1)]


def priority_of(severity: GapSeverity, feasibility: Feasibility) -> Priority:
    """Place a gap in the quadrant of seriousness and ease."""
    is_serious = SEVERITY_ORDER.index(severity) >= SEVERITY_ORDER.index(GapSeverity.HIGH)
    if feasibility is Feasibility.EASY:
        return Priority.QUICK_WIN if is_serious else Priority.FILL_IN
    return Priority.MAJOR_PROJECT if is_serious else Priority.LATER


def level_reached(points: Fraction, top: int = TOP_LEVEL) -> int:
    """Return the level, of those up to ``top``, that points in [0, 1] have reached in full."""
    return points.numerator * top // points.denominator


def _gap(
    section: Section, block: QuestionBlock, row: GridRow | None, ratings: Mapping[str, FeasibilityRating]
) -> Gap | None:
    question = block.question
    points = block.reached[row.id if row else ""]
    target = row.target if row and row.target is not None else question.target
    top = question.top_target
    level = None if points is None else level_reached(points, top)
    steps = -(-max(0, target - (level or 0)) * TOP_LEVEL // top)  # rounded up
    if steps == 0:
        return None
    importance = block.rows[row.id].importance if row else question.importance
    is_prerequisite = question.prerequisite or bool(row and row.prerequisite)
    grade = classify_severity(steps, importance, is_prerequisite=is_prerequisite)
    address = Address(question.id, row.id) if row else Address(question.id)
    rating = ratings.get(str(address)) if ratings else None
    feasibility = rating.feasibility if rating else question.feasibility
    return Gap(
        address, section, question, row, level, target, steps, importance, steps * importance,
        grade, feasibility, priority_of(grade, feasibility), level is None,
    )  # fmt: skip


def _block_gaps(
    section: Section, block: QuestionBlock, ratings: Mapping[str, FeasibilityRating]
) -> Iterable[Gap | None]:
    if not block.parts:
        return ()
    return (_gap(section, block, block.question.row_by_id.get(row), ratings) for row in block.reached)


def find_gaps(sheet: AnswerSheet, ratings: Iterable[FeasibilityRating] = ()) -> tuple[tuple[Gap, ...], tuple[Gap, ...]]:
    """Return the gaps, most severe first, and the places to verify, worst case first."""
    rated = {rating.id: rating for rating in ratings}
    found = [
        gap
        for section in sheet.instrument.sections
        for block in sheet.section(section)
        for gap in _block_gaps(section, block, rated)
        if gap is not None
    ]
    # Sorting is stable: equal ones stay in printed order.
    ranked = sorted(found, key=lambda gap: (-SEVERITY_ORDER.index(gap.severity_class), -gap.severity))
    return tuple(g for g in ranked if not g.is_open), tuple(g for g in ranked if g.is_open)


def action_severity(action: Action, gaps: Iterable[Gap]) -> GapSeverity:
    """Return the highest severity of the gaps an action closes."""
    wanted = set(action.gaps)
    classes = (SEVERITY_ORDER.index(gap.severity_class) for gap in gaps if str(gap.address) in wanted)
    return SEVERITY_ORDER[max(classes, default=0)]


def find_dependency_cycle(actions: Iterable[Action]) -> tuple[str, ...]:
    """Return the ids of one circle among actions that wait for each other, empty if there is none."""
    waits = {action.id: action.depends_on for action in actions}
    done: set[str] = set()
    for start in waits:
        path: list[str] = []
        todo: list[tuple[str, bool]] = [(start, False)]
        while todo:
            action, is_leaving = todo.pop()
            if is_leaving:
                path.pop()
                done.add(action)
            elif action in path:
                return tuple(path[path.index(action) :])
            elif action not in done:
                path.append(action)
                todo.append((action, True))
                todo.extend((other, False) for other in waits.get(action, ()))
    return ()
