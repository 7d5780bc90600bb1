"""How the style draws single elements: flat grounds, rounded edges, one accent, a focus ring."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QHeaderView, QStyle, QStyleOption, QStyleOptionButton, QStyleOptionProgressBar, QWidget

from capacity_app.ui.look.painting import has, paint_chevron, paint_focus, paint_tick, rounded
from capacity_app.ui.look.palette import Colours, colours

_PRIMITIVE = QStyle.PrimitiveElement
_CONTROL = QStyle.ControlElement
_STATE = QStyle.StateFlag


def draw_field_ground(option: QStyleOption, painter: QPainter, *, is_focused: bool) -> None:
    """Draw the ground of anything one types or chooses in."""
    shades = colours()
    is_enabled = has(option, _STATE.State_Enabled)
    rounded(
        painter,
        QRectF(option.rect),
        fill=shades.surface if is_enabled else shades.canvas,
        edge=shades.accent if is_focused else (shades.edge if is_enabled else shades.line),
        width=2 if is_focused else 1,
    )


def _draw_field(option: QStyleOption, painter: QPainter, _widget: QWidget | None) -> None:
    draw_field_ground(option, painter, is_focused=has(option, _STATE.State_HasFocus))


def _draw_frame(option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    is_focused = widget is not None and widget.hasFocus()
    shades = colours()
    edge = shades.accent if is_focused else shades.line
    rounded(painter, QRectF(option.rect), edge=edge, width=2 if is_focused else 1)


def _draw_focus(option: QStyleOption, painter: QPainter, _widget: QWidget | None) -> None:
    paint_focus(painter, option.rect)


def _draw_nothing(_option: QStyleOption, _painter: QPainter, _widget: QWidget | None) -> None:
    return


def _button_ground(option: QStyleOption, shades: Colours) -> tuple[str, str]:
    """Return fill and edge of a push button."""
    features = option.features if isinstance(option, QStyleOptionButton) else None
    is_main = features is not None and bool(features & QStyleOptionButton.ButtonFeature.DefaultButton)
    if not has(option, _STATE.State_Enabled):
        return shades.canvas, shades.line
    if is_main:
        return shades.accent, shades.accent
    if has(option, _STATE.State_On) or has(option, _STATE.State_Sunken):
        return shades.accent_tint, shades.accent
    return (shades.hover if has(option, _STATE.State_MouseOver) else shades.surface), shades.edge


def _draw_button(option: QStyleOption, painter: QPainter, _widget: QWidget | None) -> None:
    shades = colours()
    fill, edge = _button_ground(option, shades)
    rounded(painter, QRectF(option.rect), fill=fill, edge=edge)
    if has(option, _STATE.State_HasFocus):
        # A second line keeps the ring visible on a button filled with the accent.
        rounded(painter, QRectF(option.rect).adjusted(2, 2, -2, -2), edge=shades.surface, width=1, corner=3)
        paint_focus(painter, option.rect)


def _draw_tool_button(option: QStyleOption, painter: QPainter, _widget: QWidget | None) -> None:
    shades = colours()
    if has(option, _STATE.State_On) or has(option, _STATE.State_Sunken):
        rounded(painter, QRectF(option.rect), fill=shades.accent_tint, edge=shades.accent)
    elif has(option, _STATE.State_MouseOver) and has(option, _STATE.State_Enabled):
        rounded(painter, QRectF(option.rect), fill=shades.hover, edge=shades.line)


def _draw_check(option: QStyleOption, painter: QPainter, _widget: QWidget | None) -> None:
    shades = colours()
    box = QRectF(option.rect)
    is_on, is_partial = has(option, _STATE.State_On), has(option, _STATE.State_NoChange)
    is_enabled = has(option, _STATE.State_Enabled)
    fill = (shades.accent if is_enabled else shades.edge) if is_on or is_partial else shades.surface
    rounded(painter, box, fill=fill, edge=shades.accent if is_on and is_enabled else shades.edge, width=1.4, corner=4)
    if is_on:
        paint_tick(painter, box, shades.on_accent)
    elif is_partial:
        painter.fillRect(box.adjusted(5, box.height() / 2 - 1, -5, 1 - box.height() / 2), QColor(shades.on_accent))


def _draw_radio(option: QStyleOption, painter: QPainter, _widget: QWidget | None) -> None:
    shades = colours()
    box = QRectF(option.rect)
    is_on = has(option, _STATE.State_On)
    rounded(
        painter,
        box,
        fill=shades.surface,
        edge=shades.accent if is_on else shades.edge,
        width=1.4,
        corner=box.width() / 2,
    )
    if is_on:
        dot = box.adjusted(5, 5, -5, -5)
        rounded(painter, dot, fill=shades.accent, corner=dot.width() / 2)


def _draw_item(option: QStyleOption, painter: QPainter, _widget: QWidget | None) -> None:
    shades = colours()
    if has(option, _STATE.State_Selected):
        rounded(painter, QRectF(option.rect), fill=shades.accent_tint, corner=4)
    elif has(option, _STATE.State_MouseOver):
        rounded(painter, QRectF(option.rect), fill=shades.hover, corner=4)


def _draw_branch(option: QStyleOption, painter: QPainter, _widget: QWidget | None) -> None:
    """Draw the arrow that opens a branch, as large as the text asks."""
    if not has(option, _STATE.State_Children):
        return
    size = max(4.0, min(option.rect.width(), option.rect.height()) * 0.24)
    turn = 0.0
    if not has(option, _STATE.State_Open):
        turn = 90.0 if option.direction == Qt.LayoutDirection.RightToLeft else -90.0
    painter.save()
    painter.translate(QRectF(option.rect).center())
    painter.rotate(turn)
    paint_chevron(painter, QPointF(0, 0), colours().muted, size=size)
    painter.restore()


Draw = Callable[[QStyleOption, QPainter, QWidget | None], None]
PRIMITIVES: dict[QStyle.PrimitiveElement, Draw] = {
    _PRIMITIVE.PE_PanelLineEdit: _draw_field,
    _PRIMITIVE.PE_FrameLineEdit: _draw_field,
    _PRIMITIVE.PE_Frame: _draw_frame,
    _PRIMITIVE.PE_FrameFocusRect: _draw_focus,
    _PRIMITIVE.PE_FrameDefaultButton: _draw_nothing,
    _PRIMITIVE.PE_PanelButtonCommand: _draw_button,
    _PRIMITIVE.PE_PanelButtonTool: _draw_tool_button,
    _PRIMITIVE.PE_IndicatorCheckBox: _draw_check,
    _PRIMITIVE.PE_IndicatorItemViewItemCheck: _draw_check,
    _PRIMITIVE.PE_IndicatorRadioButton: _draw_radio,
    _PRIMITIVE.PE_PanelItemViewItem: _draw_item,
    _PRIMITIVE.PE_PanelItemViewRow: _draw_nothing,
    _PRIMITIVE.PE_IndicatorBranch: _draw_branch,
    _PRIMITIVE.PE_PanelScrollAreaCorner: _draw_nothing,
    _PRIMITIVE.PE_PanelStatusBar: _draw_nothing,
    _PRIMITIVE.PE_FrameStatusBarItem: _draw_nothing,
}


def _draw_header(option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    shades = colours()
    painter.fillRect(option.rect, QColor(shades.raised))
    painter.fillRect(option.rect.x(), option.rect.bottom(), option.rect.width(), 1, QColor(shades.line))
    is_upright = isinstance(widget, QHeaderView) and widget.orientation() == Qt.Orientation.Horizontal
    edge = option.rect.right() if option.direction == Qt.LayoutDirection.LeftToRight else option.rect.x()
    if is_upright:
        painter.fillRect(edge, option.rect.y(), 1, option.rect.height(), QColor(shades.line))


def _draw_splitter(option: QStyleOption, painter: QPainter, _widget: QWidget | None) -> None:
    shades = colours()
    middle = option.rect.center()
    is_upright = has(option, _STATE.State_Horizontal)
    colour = QColor(shades.accent if has(option, _STATE.State_MouseOver) else shades.line)
    if is_upright:
        painter.fillRect(middle.x(), option.rect.y(), 1, option.rect.height(), colour)
    else:
        painter.fillRect(option.rect.x(), middle.y(), option.rect.width(), 1, colour)


def _draw_groove(option: QStyleOption, painter: QPainter, _widget: QWidget | None) -> None:
    rounded(painter, QRectF(option.rect), fill=colours().raised, edge=colours().line)


def _draw_progress(option: QStyleOption, painter: QPainter, _widget: QWidget | None) -> None:
    if not isinstance(option, QStyleOptionProgressBar):
        return
    bar = QRectF(option.rect).adjusted(1, 1, -1, -1)
    span = option.maximum - option.minimum
    # Without a span nobody knows how long it takes: a steady half-tone says that it is going on.
    share = (option.progress - option.minimum) / span if span > 0 else 1.0
    width = bar.width() * min(max(share, 0.0), 1.0)
    start = bar.x() if option.direction == Qt.LayoutDirection.LeftToRight else bar.right() - width
    fill = colours().accent_tint
    rounded(painter, QRectF(start, bar.y(), width, bar.height()), fill=fill, edge=colours().accent)


CONTROLS: dict[QStyle.ControlElement, Draw] = {
    _CONTROL.CE_HeaderSection: _draw_header,
    _CONTROL.CE_HeaderEmptyArea: _draw_header,
    _CONTROL.CE_Splitter: _draw_splitter,
    _CONTROL.CE_ProgressBarGroove: _draw_groove,
    _CONTROL.CE_ProgressBarContents: _draw_progress,
}
