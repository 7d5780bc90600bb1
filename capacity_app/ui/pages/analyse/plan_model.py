"""The action plan without widgets: its state, an action in words, the bars of the timeline, days to pixels and back."""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from PySide6.QtCore import Qt

from capacity_app.domain.assessment.findings import Finding
from capacity_app.domain.assessment.register_fields import ACTION_PROGRESS_LABELS
from capacity_app.domain.assessment.registers import Action
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.planning.action_plan import (
    DateSpan,
    PlannedAction,
    build_plan,
    is_late,
    sort_by_time,
)
from capacity_app.domain.planning.plan_checks import check_plan
from capacity_app.domain.planning.training import TrainingNeeds, find_training_needs
from capacity_app.domain.scoring.gaps import GAP_SEVERITY_LABELS, Gap, GapSeverity
from capacity_app.outputs.content.plan_costs import action_cost_text
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.ui.session.formatters import EntryFormatter
from capacity_app.ui.widgets.lists_and_tables import Index, ListLine, RowsModel


@dataclass(frozen=True, slots=True)
class PlanState:
    """Everything the views show, as it is now."""

    plan: tuple[PlannedAction, ...]
    gaps: tuple[Gap, ...]
    to_verify: tuple[Gap, ...]
    findings: tuple[Finding, ...]
    needs: TrainingNeeds
    today: date

    def action(self, action_id: str) -> PlannedAction | None:
        return next((one for one in self.plan if one.action.id == action_id), None)

    def findings_of(self, action_id: str) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.entry == action_id)


def plan_state(session: AssessmentSession) -> PlanState:
    gaps, to_verify = session.gaps()
    actions = tuple(entry for entry in session.entries("actions") if isinstance(entry, Action))
    return PlanState(
        plan=build_plan(actions, (*gaps, *to_verify)),
        gaps=gaps,
        to_verify=to_verify,
        findings=tuple(check_plan(session.dossier(), session.sheet, gaps, to_verify)),
        needs=find_training_needs(session.sheet, gaps),
        today=date.today(),  # noqa: DTZ011 - the day as the person's calendar has it
    )


def action_dates_text(formatter: EntryFormatter, action: Action) -> str:
    texts = formatter.texts
    start, end = texts.short_date(action.start), texts.short_date(action.end)
    if start and end:
        return texts.gettext("{start} to {end}").format(start=start, end=end)
    if start:
        return texts.gettext("from {start}").format(start=start)
    return texts.gettext("until {end}").format(end=end) if end else texts.gettext("no dates yet")


def progress_text(formatter: EntryFormatter, action: Action, today: date) -> str:
    said = formatter.texts.gettext(ACTION_PROGRESS_LABELS[action.progress])
    late = formatter.texts.gettext("late")
    return f"{said}, {late}" if is_late(action, today) else said


def owner_text(formatter: EntryFormatter, action: Action) -> str:
    return formatter.title_of("agencies", action.responsible) or formatter.texts.gettext("nobody responsible yet")


def action_severity_text(formatter: EntryFormatter, one: PlannedAction) -> str:
    """Return how serious the gaps are that an action closes."""
    if one.severity is GapSeverity.NONE:
        return formatter.texts.gettext("closes no gap")
    grade = formatter.texts.gettext(GAP_SEVERITY_LABELS[one.severity])
    return formatter.texts.gettext("severity {grade}").format(grade=grade)


def inherited_severity_text(formatter: EntryFormatter, one: PlannedAction) -> str:
    """Say from which gap an action has its severity."""
    texts = formatter.texts
    source = next((gap for gap in one.gaps if not gap.is_open and gap.severity_class is one.severity), None)
    if source is not None:
        return texts.gettext("Severity {grade}, inherited from {gap}.").format(
            grade=texts.gettext(GAP_SEVERITY_LABELS[one.severity]), gap=source.number
        )
    if one.gaps:
        return texts.gettext("Its gaps are still to be verified: no severity yet.")
    return texts.gettext("No severity: it closes no present gap.")


def _after(formatter: EntryFormatter, one: PlannedAction) -> list[str]:
    if not one.waits_for:
        return []
    others = "; ".join(formatter.title_of("actions", other) for other in one.waits_for)
    return [formatter.texts.gettext("after: {actions}").format(actions=others)]


def action_accessible_text(formatter: EntryFormatter, one: PlannedAction, today: date) -> str:
    """Say everything a bar of the timeline shows."""
    facts = (
        formatter.title("actions", one.action),
        action_dates_text(formatter, one.action),
        progress_text(formatter, one.action, today),
        owner_text(formatter, one.action),
        action_severity_text(formatter, one),
    )
    return ". ".join((*facts, *_after(formatter, one)))


def action_line(formatter: EntryFormatter, one: PlannedAction, state: PlanState) -> ListLine:
    """Return an action as a line of a list: its number and title, how serious, whose, how far, what to complete."""
    texts, count = formatter.texts, len(state.findings_of(one.action.id))
    missing = texts.counted("{count} point to complete", "{count} points to complete", count)
    parts = (
        action_severity_text(formatter, one),
        owner_text(formatter, one.action),
        progress_text(formatter, one.action, state.today),
        action_cost_text(texts, one.action),
        missing if count else "",
    )
    title = f"{texts.number(one.number)}  {formatter.title('actions', one.action)}"
    return ListLine(one.action.id, title, " · ".join(filter(None, parts)), grade=one.severity)


def action_lines(formatter: EntryFormatter, state: PlanState) -> list[ListLine]:
    return [action_line(formatter, one, state) for one in state.plan]


# The axis of a timeline: days to pixels and back, and where years, quarters and months begin. No painting.
#
# All months are equally wide, so that the marks stand evenly; positions count from the leading edge.


_MONTHS = 12
_QUARTER = 3
_NEAR_DAYS = 550
"""Today belongs on the axis if it is at most so many days away from it."""


def _month(day: date) -> int:
    return day.year * _MONTHS + day.month - 1


@dataclass(frozen=True, slots=True)
class AxisTick:
    """A year, quarter or month: where it begins, how wide it is (pixels), and its year and month or quarter."""

    start: float
    width: float
    year: int
    part: int


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Months ``first`` to ``last`` (counted from year zero), each ``month_width`` pixels wide."""

    first: int
    last: int
    month_width: float

    @property
    def months(self) -> int:
        return self.last - self.first + 1

    @property
    def width(self) -> float:
        return self.months * self.month_width

    def start_of(self, day: date) -> float:
        share = (day.day - 1) / monthrange(day.year, day.month)[1]
        return (_month(day) - self.first + share) * self.month_width

    def end_of(self, day: date) -> float:
        share = day.day / monthrange(day.year, day.month)[1]
        return (_month(day) - self.first + share) * self.month_width

    def has(self, day: date) -> bool:
        return self.first <= _month(day) <= self.last

    def ticks(self, months: int) -> Iterator[AxisTick]:
        """Go through the periods of so many months, cut where the axis begins and ends."""
        for period in range(self.first // months, self.last // months + 1):
            first = max(period * months, self.first)
            after = min((period + 1) * months, self.last + 1)
            year, month = divmod(period * months, _MONTHS)
            yield AxisTick(
                (first - self.first) * self.month_width,
                (after - first) * self.month_width,
                year,
                month // months + 1 if months < _MONTHS else 0,
            )


def axis_months(spans: Iterable[DateSpan], today: date) -> tuple[int, int]:
    """Return the first and last month of an axis for some spans, in whole quarters; today's year without any."""
    known = tuple(spans)
    first = min((span.first for span in known), default=date(today.year, 1, 1))
    last = max((span.last for span in known), default=date(today.year, 12, 31))
    near = timedelta(days=_NEAR_DAYS)
    if first.toordinal() - near.days <= today.toordinal() <= last.toordinal() + near.days:
        first, last = min(first, today), max(last, today)
    return _month(first) // _QUARTER * _QUARTER, _month(last) // _QUARTER * _QUARTER + _QUARTER - 1


# The rows of the timeline: headings of groups, actions with their days, and those without any.


@dataclass(frozen=True, slots=True)
class TimelineBar:
    """One row. ``planned`` is None for a heading. ``detail`` stands under the title, ``label`` beside the bar."""

    key: str
    title: str
    detail: str = ""
    label: str = ""
    spoken: str = ""
    planned: PlannedAction | None = None


def _timeline_bar(formatter: EntryFormatter, one: PlannedAction, today: date) -> TimelineBar:
    action = one.action
    owner = formatter.wording.agency(action.responsible) if action.responsible else ""
    progress = progress_text(formatter, action, today)
    return TimelineBar(
        key=action.id,
        title=f"{formatter.texts.number(one.number)}  {formatter.title('actions', action)}",
        detail=owner_text(formatter, action),
        label=" · ".join(part for part in (progress, owner) if part),
        spoken=action_accessible_text(formatter, one, today),
        planned=one,
    )


def timeline_bars(formatter: EntryFormatter, state: PlanState) -> tuple[TimelineBar, ...]:
    """Return the rows: dated actions by time, then those without dates under a heading."""
    plan = sort_by_time(state.plan)
    rows = [_timeline_bar(formatter, one, state.today) for one in plan if one.span is not None]
    undated = [_timeline_bar(formatter, one, state.today) for one in plan if one.span is None]
    if undated:
        name = formatter.texts.gettext("Without dates")
        rows.append(TimelineBar("undated", f"{name}  {formatter.texts.number(len(undated))}"))
    return (*rows, *undated)


class TimelineModel(RowsModel[TimelineBar]):
    """One column of bars; the titles are the headings of the rows."""

    def __init__(self) -> None:
        super().__init__([("", lambda bar: bar.spoken or bar.title)], lambda bar: bar.key)

    def show(self, rows: Sequence[TimelineBar]) -> bool:
        is_fresh = super().show(rows)
        if rows and not is_fresh:
            self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, len(rows) - 1)
        return is_fresh

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is Qt.Orientation.Vertical and role == Qt.ItemDataRole.DisplayRole:
            return self.rows[section].title if section < len(self.rows) else None
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if self.rows[index.row()].planned is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def row_of_action(self, action: str) -> int:
        """Find the first row of an action, -1 if there is none."""
        found = (row for row, bar in enumerate(self.rows) if bar.planned and bar.planned.action.id == action)
        return next(found, -1)
