"""The rows of the timeline: headings of groups, actions with their days, and those without any."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from PySide6.QtCore import Qt

from capacity_app.domain.planning import Grouping, Planned, by_time
from capacity_app.ui.look.rows import Index, RowsModel
from capacity_app.ui.plan.plan_words import (
    PlanState,
    group_heading,
    in_groups,
    owner_words,
    progress_words,
    spoken,
)
from capacity_app.ui.registers.entry_words import Vocabulary


@dataclass(frozen=True, slots=True)
class Bar:
    """One row. ``planned`` is None for a heading. ``detail`` stands under the title, ``label`` beside the bar."""

    key: str
    title: str
    detail: str = ""
    label: str = ""
    spoken: str = ""
    planned: Planned | None = None


def _bar(words: Vocabulary, one: Planned, key: str, today: date) -> Bar:
    action = one.action
    owner = words.wording.agency(action.responsible) if action.responsible else ""
    progress = progress_words(words, action, today)
    return Bar(
        key=key,
        title=f"{words.texts.number(one.number)}  {words.title('actions', action)}",
        detail=owner_words(words, action),
        label=" · ".join(part for part in (progress, owner) if part),
        spoken=spoken(words, one, today),
        planned=one,
    )


def bars(words: Vocabulary, state: PlanState, grouping: Grouping) -> tuple[Bar, ...]:
    """Return the rows: dated actions by time within their groups, then those without dates under a heading."""
    rows: list[Bar] = []
    dated = tuple(one for one in by_time(state.plan) if one.span is not None)
    undated = tuple(one for one in by_time(state.plan) if one.span is None)
    for key, members in in_groups(words, dated, grouping).items():
        if grouping is not Grouping.NONE:
            rows.append(Bar(f"group {key}", group_heading(words, grouping, key, len(members))))
        rows += [_bar(words, one, f"{one.action.id}\n{key}", state.today) for one in members]
    if undated:
        name = words.texts.gettext("Without dates")
        rows.append(Bar("undated", f"{name}  {words.texts.number(len(undated))}"))
        rows += [_bar(words, one, f"{one.action.id}\nundated", state.today) for one in undated]
    return tuple(rows)


class TimelineModel(RowsModel[Bar]):
    """One column of bars; the titles are the headings of the rows."""

    def __init__(self) -> None:
        super().__init__([("", lambda bar: bar.spoken or bar.title)], lambda bar: bar.key)

    def show(self, rows: Sequence[Bar]) -> bool:
        is_fresh = super().show(rows)
        if rows and not is_fresh:
            self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, len(rows) - 1)
        return is_fresh

    def preview(self, row: int, planned: Planned) -> None:
        """Show an action elsewhere while it is being dragged."""
        changed = list(self.rows)
        changed[row] = replace(changed[row], planned=planned)
        self.rows = tuple(changed)
        self.dataChanged.emit(self.index(row, 0), self.index(row, 0))

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
