"""Moving a bar of the timeline with the mouse: as a whole, or by one of its ends; in whole months."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from capacity_app.domain.assessment import Action
from capacity_app.domain.planning import Edge, Planned, moved, span_of

if TYPE_CHECKING:
    from capacity_app.ui.plan.timeline_view import TimelineView

_GRIP = 7.0
"""The width of the ends by which a bar is made longer or shorter, in pixels."""
_FAR = 4.0


class BarDrag:
    """What is held, from where, and how far it has been moved."""

    def __init__(self, view: "TimelineView") -> None:
        self._view = view
        self._row, self._from, self._months = -1, 0.0, 0
        self._edge = Edge.BOTH
        self._before: Planned | None = None

    def _edge_at(self, point: QPointF) -> tuple[int, Edge] | None:
        found = self._view.bar_at(point)
        if found is None:
            return None
        row, box = found
        ends = sorted((self._view.along(box.left()), self._view.along(box.right())))
        here = self._view.along(point.x())
        if box.width() > 3 * _GRIP and here - ends[0] <= _GRIP:
            return row, Edge.START
        return row, Edge.END if box.width() > 3 * _GRIP and ends[1] - here <= _GRIP else Edge.BOTH

    def begin(self, point: QPointF) -> None:
        """Take hold of what is under a point."""
        found = self._edge_at(point) if self._view.is_editable else None
        if found is not None:
            self._row, self._edge = found
            self._from, self._months = self._view.along(point.x()), 0
            self._before = self._view.rows.bars[self._row].planned

    def follow(self, point: QPointF) -> bool:
        """Move what is held; False while nothing is held, when only the pointer shows what could be."""
        if self._before is None:
            self._show_pointer(point)
            return False
        way = self._view.along(point.x()) - self._from
        months = round(way / self._view.axis.month_width) if abs(way) >= _FAR else 0
        if months != self._months:
            self._months = months
            after = moved(self._before.action, self._edge, months)
            self._view.rows.preview(self._row, replace(self._before, action=after, span=span_of(after)))
        return True

    def _show_pointer(self, point: QPointF) -> None:
        found = self._edge_at(point) if self._view.is_editable else None
        shape = Qt.CursorShape.ArrowCursor
        if found is not None:
            shape = Qt.CursorShape.OpenHandCursor if found[1] is Edge.BOTH else Qt.CursorShape.SizeHorCursor
        self._view.viewport().setCursor(shape)

    def finish(self) -> Action | None:
        """Let go; gives the action as it was moved, None if it was not."""
        before, months, row = self._before, self._months, self._row
        self.stop()
        if before is None:
            return None
        self._view.rows.preview(row, before)
        after = moved(before.action, self._edge, months)
        return after if after != before.action else None

    def stop(self) -> None:
        self._before, self._months = None, 0
