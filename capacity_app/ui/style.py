"""The style: Fusion with flat, rounded, quiet controls and a focus that cannot be overlooked."""

from collections.abc import Callable

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import (
    QHeaderView,
    QProxyStyle,
    QStyle,
    QStyleOption,
    QStyleOptionButton,
    QStyleOptionComplex,
    QStyleOptionProgressBar,
    QStyleOptionSlider,
    QStyleOptionTab,
    QStyleOptionViewItem,
    QWidget,
)

from capacity_app.ui.painting import has, paint_chevron, paint_focus, paint_tick, rounded
from capacity_app.ui.palette import Colours, colours

__all__ = ["CalmStyle", "rounded"]

_AIR = 4
_PRIMITIVE = QStyle.PrimitiveElement
_CONTROL = QStyle.ControlElement
_METRIC = QStyle.PixelMetric
_STATE = QStyle.StateFlag
_CONTENTS = QStyle.ContentsType

_METRICS = {
    _METRIC.PM_LayoutLeftMargin: 12,
    _METRIC.PM_LayoutTopMargin: 12,
    _METRIC.PM_LayoutRightMargin: 12,
    _METRIC.PM_LayoutBottomMargin: 12,
    _METRIC.PM_LayoutHorizontalSpacing: 8,
    _METRIC.PM_LayoutVerticalSpacing: 8,
    _METRIC.PM_ButtonMargin: 12,
    _METRIC.PM_ButtonShiftHorizontal: 0,
    _METRIC.PM_ButtonShiftVertical: 0,
    _METRIC.PM_IndicatorWidth: 20,
    _METRIC.PM_IndicatorHeight: 20,
    _METRIC.PM_ExclusiveIndicatorWidth: 20,
    _METRIC.PM_ExclusiveIndicatorHeight: 20,
    _METRIC.PM_CheckBoxLabelSpacing: 8,
    _METRIC.PM_RadioButtonLabelSpacing: 8,
    _METRIC.PM_ScrollBarExtent: 12,
    _METRIC.PM_ScrollBarSliderMin: 36,
    _METRIC.PM_SplitterWidth: 7,
    _METRIC.PM_TabBarTabHSpace: 26,
    _METRIC.PM_TabBarTabVSpace: 16,
    _METRIC.PM_TabBarBaseHeight: 1,
    _METRIC.PM_TabBarBaseOverlap: 1,
    _METRIC.PM_ToolBarItemSpacing: 4,
    _METRIC.PM_DefaultFrameWidth: 2,
    _METRIC.PM_FocusFrameHMargin: 3,
}
_HINTS = {
    QStyle.StyleHint.SH_EtchDisabledText: 0,
    QStyle.StyleHint.SH_DitherDisabledText: 0,
    QStyle.StyleHint.SH_Widget_Animate: 0,
    QStyle.StyleHint.SH_Widget_Animation_Duration: 0,
    QStyle.StyleHint.SH_ScrollBar_LeftClickAbsolutePosition: 1,
    QStyle.StyleHint.SH_ToolTip_WakeUpDelay: 500,
}
_LEAST = {
    _CONTENTS.CT_PushButton: 30,
    _CONTENTS.CT_LineEdit: 30,
    _CONTENTS.CT_ComboBox: 30,
    _CONTENTS.CT_ToolButton: 28,
    _CONTENTS.CT_ItemViewItem: 26,
}
"""The least heights in pixels of what one clicks."""


def _signed(rgb: int) -> int:
    """Give an unsigned colour as the signed integer a style hint is."""
    return rgb - (1 << 32) if rgb >= 1 << 31 else rgb


def _field(option: QStyleOption, painter: QPainter, *, is_focused: bool) -> None:
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
    _field(option, painter, is_focused=has(option, _STATE.State_HasFocus))


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
    """Give fill and edge of a push button."""
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


def _draw_tab_line(option: QStyleOption, painter: QPainter, _widget: QWidget | None) -> None:
    rect = option.rect
    painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, QColor(colours().line))


Draw = Callable[[QStyleOption, QPainter, QWidget | None], None]
_PRIMITIVES: dict[QStyle.PrimitiveElement, Draw] = {
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
    _PRIMITIVE.PE_FrameTabBarBase: _draw_tab_line,
    _PRIMITIVE.PE_FrameTabWidget: _draw_nothing,
    _PRIMITIVE.PE_PanelScrollAreaCorner: _draw_nothing,
    _PRIMITIVE.PE_PanelStatusBar: _draw_nothing,
    _PRIMITIVE.PE_FrameStatusBarItem: _draw_nothing,
}


def _draw_tab(option: QStyleOption, painter: QPainter, _widget: QWidget | None) -> None:
    shades = colours()
    rect = option.rect
    if has(option, _STATE.State_Selected):
        painter.fillRect(rect.x() + 4, rect.bottom() - 2, rect.width() - 8, 3, QColor(shades.accent))
    elif has(option, _STATE.State_MouseOver):
        rounded(painter, QRectF(rect).adjusted(2, 2, -2, -4), fill=shades.hover)
    if has(option, _STATE.State_HasFocus):
        paint_focus(painter, rect.adjusted(2, 2, -2, -4))


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


_CONTROLS: dict[QStyle.ControlElement, Draw] = {
    _CONTROL.CE_TabBarTabShape: _draw_tab,
    _CONTROL.CE_HeaderSection: _draw_header,
    _CONTROL.CE_HeaderEmptyArea: _draw_header,
    _CONTROL.CE_Splitter: _draw_splitter,
    _CONTROL.CE_ProgressBarGroove: _draw_groove,
    _CONTROL.CE_ProgressBarContents: _draw_progress,
}


def _recoloured(option: QStyleOption, role: QPalette.ColorRole, colour: str) -> None:
    palette = QPalette(option.palette)
    palette.setColor(role, QColor(colour))
    option.palette = palette


def _is_filled(option: QStyleOption) -> bool:
    if not isinstance(option, QStyleOptionButton) or not has(option, _STATE.State_Enabled):
        return False
    return bool(option.features & QStyleOptionButton.ButtonFeature.DefaultButton)


class CalmStyle(QProxyStyle):
    """Fusion with our own drawing where Fusion is loud; everything it does not name stays Fusion's."""

    def __init__(self) -> None:
        super().__init__("Fusion")

    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        """Give our measures."""
        ours = _METRICS.get(metric)
        return ours if ours is not None else super().pixelMetric(metric, option, widget)

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returnData: object = None,  # noqa: N803 - Qt's name
    ) -> int:
        """Give our habits: no animation, no etched text."""
        if hint is QStyle.StyleHint.SH_Table_GridLineColor:
            return _signed(QColor(colours().line).rgb())
        ours = _HINTS.get(hint)
        return ours if ours is not None else super().styleHint(hint, option, widget, returnData)  # type: ignore[arg-type]

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Draw frames, buttons and indicators our way."""
        draw = _PRIMITIVES.get(element)
        if draw is not None:
            draw(option, painter, widget)
        else:
            super().drawPrimitive(element, option, painter, widget)

    def drawControl(
        self,
        element: QStyle.ControlElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Draw tabs, headers and splitters our way, and keep text readable on our grounds."""
        draw = _CONTROLS.get(element)
        if draw is not None:
            draw(option, painter, widget)
            return
        if element is _CONTROL.CE_PushButtonLabel and _is_filled(option):
            _recoloured(option, QPalette.ColorRole.ButtonText, colours().on_accent)
        elif element is _CONTROL.CE_ItemViewItem and isinstance(option, QStyleOptionViewItem):
            _recoloured(option, QPalette.ColorRole.HighlightedText, colours().text)
        elif element is _CONTROL.CE_TabBarTabLabel and isinstance(option, QStyleOptionTab):
            is_chosen = has(option, _STATE.State_Selected)
            _recoloured(option, QPalette.ColorRole.WindowText, colours().accent if is_chosen else colours().text)
            option.state &= ~_STATE.State_HasFocus
        super().drawControl(element, option, painter, widget)

    def drawComplexControl(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Draw scroll bars and combo boxes our way."""
        if control is QStyle.ComplexControl.CC_ScrollBar and isinstance(option, QStyleOptionSlider):
            self._draw_scroll_bar(option, painter, widget)
        elif control is QStyle.ComplexControl.CC_ComboBox:
            _field(option, painter, is_focused=has(option, _STATE.State_HasFocus))
            arrow = self.subControlRect(control, option, QStyle.SubControl.SC_ComboBoxArrow, widget)
            paint_chevron(painter, QRectF(arrow).center(), colours().muted)
        else:
            super().drawComplexControl(control, option, painter, widget)

    def _draw_scroll_bar(self, option: QStyleOptionSlider, painter: QPainter, widget: QWidget | None) -> None:
        shades = colours()
        painter.fillRect(option.rect, QColor(shades.canvas))
        if option.minimum == option.maximum:
            return
        slider = self.subControlRect(
            QStyle.ComplexControl.CC_ScrollBar, option, QStyle.SubControl.SC_ScrollBarSlider, widget
        )
        is_active = has(option, _STATE.State_MouseOver) or has(option, _STATE.State_Sunken)
        handle = QRectF(slider).adjusted(3, 3, -3, -3)
        rounded(painter, handle, fill=shades.edge if not is_active else shades.muted, corner=3)

    def subControlRect(  # noqa: N802 - Qt's name
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        part: QStyle.SubControl,
        widget: QWidget | None = None,
    ) -> QRect:
        """Lay scroll bars out without arrow buttons, and combo boxes with air before the text."""
        if part is QStyle.SubControl.SC_ComboBoxEditField:
            return self._usual_part(control, option, part, widget).adjusted(_AIR, 0, -_AIR, 0)
        if control is not QStyle.ComplexControl.CC_ScrollBar or not isinstance(option, QStyleOptionSlider):
            return self._usual_part(control, option, part, widget)
        if part in {QStyle.SubControl.SC_ScrollBarAddLine, QStyle.SubControl.SC_ScrollBarSubLine}:
            return QRect()
        return _scroll_part(option, part)

    def _usual_part(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        part: QStyle.SubControl,
        widget: QWidget | None,
    ) -> QRect:
        return super().subControlRect(control, option, part, widget)  # type: ignore[arg-type]  # None is fine

    def subElementRect(self, element: QStyle.SubElement, option: QStyleOption, widget: QWidget | None = None) -> QRect:
        """Leave air between the edge of a field and its text."""
        rect = super().subElementRect(element, option, widget)  # type: ignore[arg-type]  # None is fine
        return rect.adjusted(_AIR, 0, -_AIR, 0) if element is QStyle.SubElement.SE_LineEditContents else rect

    def sizeFromContents(
        self, kind: QStyle.ContentsType, option: QStyleOption, size: QSize, widget: QWidget | None = None
    ) -> QSize:
        """Make everything one clicks high enough."""
        wanted = super().sizeFromContents(kind, option, size, widget)  # type: ignore[arg-type]  # None is fine
        least = _LEAST.get(kind)
        return wanted if least is None else QSize(wanted.width(), max(wanted.height(), least))


def _scroll_part(option: QStyleOptionSlider, part: QStyle.SubControl) -> QRect:
    """Lay out groove, handle and the two stretches beside the handle along the whole bar."""
    is_upright = option.orientation == Qt.Orientation.Vertical
    length = option.rect.height() if is_upright else option.rect.width()
    span = option.maximum - option.minimum
    handle = length
    if span > 0:
        handle = max(_METRICS[_METRIC.PM_ScrollBarSliderMin], length * option.pageStep // (span + option.pageStep))
    handle = min(handle, length)
    start = QStyle.sliderPositionFromValue(
        option.minimum, option.maximum, option.sliderPosition, length - handle, option.upsideDown
    )
    places = {
        QStyle.SubControl.SC_ScrollBarSlider: (start, handle),
        QStyle.SubControl.SC_ScrollBarSubPage: (0, start),
        QStyle.SubControl.SC_ScrollBarAddPage: (start + handle, length - start - handle),
        QStyle.SubControl.SC_ScrollBarGroove: (0, length),
    }
    if part not in places:
        return QRect()
    at, extent = places[part]
    rect = option.rect
    if is_upright:
        return QRect(rect.x(), rect.y() + at, rect.width(), extent)
    return QStyle.visualRect(option.direction, rect, QRect(rect.x() + at, rect.y(), extent, rect.height()))
