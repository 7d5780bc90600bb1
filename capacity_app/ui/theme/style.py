"""The style: Fusion with flat, rounded, quiet controls and a focus that cannot be overlooked, element by element."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication, QPainter, QPalette
from PySide6.QtWidgets import (
    QHeaderView,
    QPlainTextEdit,
    QProxyStyle,
    QStyle,
    QStyleOption,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QStyleOptionComplex,
    QStyleOptionSlider,
    QStyleOptionViewItem,
    QWidget,
)

from capacity_app.i18n.translator import isolate_ltr_lines
from capacity_app.ui.theme.painting import (
    begins_right_to_left,
    draw_paragraph,
    has_state,
    paint_area,
    paint_chevron,
    paint_focus,
    paint_rounded,
    paint_tick,
)
from capacity_app.ui.theme.palette import Colours, colours

# How the style draws single elements: flat grounds, rounded edges, one accent, a focus ring.


_PRIMITIVE = QStyle.PrimitiveElement
_CONTROL = QStyle.ControlElement
_STATE = QStyle.StateFlag


def draw_field_ground(option: QStyleOption, painter: QPainter, *, is_focused: bool) -> None:
    """Draw the ground of anything one types or chooses in."""
    shades = colours()
    is_enabled = has_state(option, _STATE.State_Enabled)
    paint_rounded(
        painter,
        QRectF(option.rect),
        fill=shades.surface if is_enabled else shades.canvas,
        edge=shades.accent if is_focused else (shades.edge if is_enabled else shades.line),
        width=2 if is_focused else 1,
    )


def _draw_field(option: QStyleOption, painter: QPainter, _widget: QWidget | None) -> None:
    draw_field_ground(option, painter, is_focused=has_state(option, _STATE.State_HasFocus))


def _draw_frame(option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    is_focused = widget is not None and widget.hasFocus()
    if isinstance(widget, QPlainTextEdit):
        draw_field_ground(option, painter, is_focused=is_focused)
        return
    shades = colours()
    edge = shades.accent if is_focused else shades.line
    paint_rounded(painter, QRectF(option.rect), edge=edge, width=2 if is_focused else 1)


def _draw_focus(option: QStyleOption, painter: QPainter, _widget: QWidget | None) -> None:
    paint_focus(painter, option.rect)


def _draw_nothing(_option: QStyleOption, _painter: QPainter, _widget: QWidget | None) -> None:
    return


def _button_ground(option: QStyleOption, shades: Colours) -> tuple[str, str]:
    """Return fill and edge of a push button."""
    features = option.features if isinstance(option, QStyleOptionButton) else None
    is_main = features is not None and bool(features & QStyleOptionButton.ButtonFeature.DefaultButton)
    if not has_state(option, _STATE.State_Enabled):
        return shades.canvas, shades.line
    if is_main:
        return shades.accent, shades.accent
    if has_state(option, _STATE.State_On) or has_state(option, _STATE.State_Sunken):
        return shades.accent_tint, shades.accent
    return (shades.hover if has_state(option, _STATE.State_MouseOver) else shades.surface), shades.edge


def _draw_button(option: QStyleOption, painter: QPainter, _widget: QWidget | None) -> None:
    shades = colours()
    fill, edge = _button_ground(option, shades)
    paint_rounded(painter, QRectF(option.rect), fill=fill, edge=edge)
    if has_state(option, _STATE.State_HasFocus):
        # A second line keeps the ring visible on a button filled with the accent.
        paint_rounded(painter, QRectF(option.rect).adjusted(2, 2, -2, -2), edge=shades.surface, width=1, corner=3)
        paint_focus(painter, option.rect)


def _draw_tool_button(option: QStyleOption, painter: QPainter, _widget: QWidget | None) -> None:
    shades = colours()
    if has_state(option, _STATE.State_On) or has_state(option, _STATE.State_Sunken):
        paint_rounded(painter, QRectF(option.rect), fill=shades.accent_tint, edge=shades.accent)
    elif has_state(option, _STATE.State_MouseOver) and has_state(option, _STATE.State_Enabled):
        paint_rounded(painter, QRectF(option.rect), fill=shades.hover, edge=shades.line)


def _draw_check(option: QStyleOption, painter: QPainter, _widget: QWidget | None) -> None:
    shades = colours()
    box = QRectF(option.rect)
    is_on, is_partial = has_state(option, _STATE.State_On), has_state(option, _STATE.State_NoChange)
    is_enabled = has_state(option, _STATE.State_Enabled)
    fill = (shades.accent if is_enabled else shades.edge) if is_on or is_partial else shades.surface
    paint_rounded(
        painter, box, fill=fill, edge=shades.accent if is_on and is_enabled else shades.edge, width=1.4, corner=4
    )
    if is_on:
        paint_tick(painter, box, shades.on_accent)
    elif is_partial:
        paint_area(painter, box.adjusted(5, box.height() / 2 - 1, -5, 1 - box.height() / 2), shades.on_accent)


def _draw_radio(option: QStyleOption, painter: QPainter, _widget: QWidget | None) -> None:
    shades = colours()
    box = QRectF(option.rect)
    is_on = has_state(option, _STATE.State_On)
    paint_rounded(
        painter,
        box,
        fill=shades.surface,
        edge=shades.accent if is_on else shades.edge,
        width=1.4,
        corner=box.width() / 2,
    )
    if is_on:
        dot = box.adjusted(5, 5, -5, -5)
        paint_rounded(painter, dot, fill=shades.accent, corner=dot.width() / 2)


def _draw_item(option: QStyleOption, painter: QPainter, _widget: QWidget | None) -> None:
    shades = colours()
    if has_state(option, _STATE.State_Selected):
        paint_rounded(painter, QRectF(option.rect), fill=shades.accent_tint, corner=4)
    elif has_state(option, _STATE.State_MouseOver):
        paint_rounded(painter, QRectF(option.rect), fill=shades.hover, corner=4)


def _draw_branch(option: QStyleOption, painter: QPainter, _widget: QWidget | None) -> None:
    """Draw the arrow that opens a branch, as large as the text asks."""
    if not has_state(option, _STATE.State_Children):
        return
    size = max(4.0, min(option.rect.width(), option.rect.height()) * 0.24)
    turn = 0.0
    if not has_state(option, _STATE.State_Open):
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
    paint_area(painter, option.rect, shades.raised)
    paint_area(painter, QRect(option.rect.x(), option.rect.bottom(), option.rect.width(), 1), shades.line)
    is_upright = isinstance(widget, QHeaderView) and widget.orientation() == Qt.Orientation.Horizontal
    edge = option.rect.right() if option.direction == Qt.LayoutDirection.LeftToRight else option.rect.x()
    if is_upright:
        paint_area(painter, QRect(edge, option.rect.y(), 1, option.rect.height()), shades.line)


def _draw_splitter(option: QStyleOption, painter: QPainter, _widget: QWidget | None) -> None:
    shades = colours()
    middle = option.rect.center()
    is_upright = has_state(option, _STATE.State_Horizontal)
    colour = shades.accent if has_state(option, _STATE.State_MouseOver) else shades.line
    if is_upright:
        paint_area(painter, QRect(middle.x(), option.rect.y(), 1, option.rect.height()), colour)
    else:
        paint_area(painter, QRect(option.rect.x(), middle.y(), option.rect.width(), 1), colour)


CONTROLS: dict[QStyle.ControlElement, Draw] = {
    _CONTROL.CE_HeaderSection: _draw_header,
    _CONTROL.CE_HeaderEmptyArea: _draw_header,
    _CONTROL.CE_Splitter: _draw_splitter,
}

_AIR = 4
_METRIC = QStyle.PixelMetric
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
    _METRIC.PM_ToolBarItemSpacing: 4,
    _METRIC.PM_DefaultFrameWidth: 2,
    _METRIC.PM_FocusFrameHMargin: 3,
}
_GROWING = frozenset(
    {
        _METRIC.PM_IndicatorWidth,
        _METRIC.PM_IndicatorHeight,
        _METRIC.PM_ExclusiveIndicatorWidth,
        _METRIC.PM_ExclusiveIndicatorHeight,
        _METRIC.PM_SmallIconSize,
        _METRIC.PM_TreeViewIndentation,
    }
)
"""Measures that grow with the text."""
_ARROW = 22
"""The room of a combo box's arrow at 100 %, in pixels."""
_USUAL_LINE = 19
"""Height of a line of text at 100 %, in pixels."""
_HINTS = {
    QStyle.StyleHint.SH_EtchDisabledText: 0,
    QStyle.StyleHint.SH_DitherDisabledText: 0,
    QStyle.StyleHint.SH_Widget_Animate: 0,
    QStyle.StyleHint.SH_Widget_Animation_Duration: 0,
    QStyle.StyleHint.SH_ScrollBar_LeftClickAbsolutePosition: 1,
    QStyle.StyleHint.SH_ToolTip_WakeUpDelay: 500,
}
_LEAST = {_CONTENTS.CT_ToolButton: 28, _CONTENTS.CT_ItemViewItem: 26}
"""The least heights in pixels of what one clicks."""
_CONTROL_HEIGHT = 36
"""The height at 100 %, in pixels, of every button and of every field of one line."""
_OF_ONE_HEIGHT = frozenset({_CONTENTS.CT_PushButton, _CONTENTS.CT_LineEdit, _CONTENTS.CT_ComboBox})


def _signed(rgb: int) -> int:
    """Return an unsigned colour as the signed integer a style hint is."""
    return rgb - (1 << 32) if rgb >= 1 << 31 else rgb


def _recoloured(option: QStyleOption, role: QPalette.ColorRole, colour: str) -> None:
    palette = QPalette(option.palette)
    palette.setColor(role, QColor(colour))
    option.palette = palette


def _is_paragraph(flags: int) -> bool:
    """Tell whether a label wraps its text and begins on the right: Qt would move lines by the space that ends them."""
    is_right = bool(flags & int(Qt.AlignmentFlag.AlignRight)) and not flags & int(Qt.AlignmentFlag.AlignHCenter)
    return is_right and bool(flags & int(Qt.TextFlag.TextWordWrap))


def _is_filled(option: QStyleOption) -> bool:
    if not isinstance(option, QStyleOptionButton) or not has_state(option, _STATE.State_Enabled):
        return False
    return bool(option.features & QStyleOptionButton.ButtonFeature.DefaultButton)


def zoom() -> float:
    """Return how much larger than usual the text is, at least 1."""
    return max(1.0, QFontMetrics(QGuiApplication.font()).height() / _USUAL_LINE)


def control_height() -> int:
    """Return the height of a button or a field of one line at the present text size, in pixels."""
    return round(_CONTROL_HEIGHT * zoom())


class AppStyle(QProxyStyle):
    """Fusion with our own drawing where Fusion is loud; everything it does not name stays Fusion's."""

    def __init__(self) -> None:
        super().__init__("Fusion")

    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        ours = _METRICS.get(metric)
        size = ours if ours is not None else super().pixelMetric(metric, option, widget)
        return round(size * zoom()) if metric in _GROWING else size

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returnData: object = None,  # noqa: N803 - Qt's name
    ) -> int:
        if hint is QStyle.StyleHint.SH_Table_GridLineColor:
            return _signed(QColor(colours().line).rgb())
        ours = _HINTS.get(hint)
        return ours if ours is not None else super().styleHint(hint, option, widget, returnData)  # type: ignore[arg-type]

    def drawPrimitive(
        self, element: QStyle.PrimitiveElement, option: QStyleOption, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        draw = PRIMITIVES.get(element)
        if draw is not None:
            draw(option, painter, widget)
        else:
            super().drawPrimitive(element, option, painter, widget)

    def drawControl(
        self, element: QStyle.ControlElement, option: QStyleOption, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        draw = CONTROLS.get(element)
        if draw is not None:
            draw(option, painter, widget)
            return
        if element is _CONTROL.CE_PushButtonLabel and _is_filled(option):
            _recoloured(option, QPalette.ColorRole.ButtonText, colours().on_accent)
        elif element is _CONTROL.CE_ItemViewItem and isinstance(option, QStyleOptionViewItem):
            _recoloured(option, QPalette.ColorRole.HighlightedText, colours().text)
            if option.direction == Qt.LayoutDirection.RightToLeft:
                option.text = isolate_ltr_lines(option.text)
        super().drawControl(element, option, painter, widget)

    def drawItemText(  # noqa: N802 - Qt's name
        self,
        painter: QPainter,
        rect: QRect,
        flags: int,
        pal: QPalette | Qt.GlobalColor | QColor,
        enabled: bool,  # noqa: FBT001 - Qt's parameters
        text: str,
        textRole: QPalette.ColorRole = QPalette.ColorRole.NoRole,  # noqa: N803 - Qt's name
    ) -> None:
        if painter.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            if _is_paragraph(flags) and begins_right_to_left(text):
                painter.save()
                painter.setPen(pal.color(textRole) if isinstance(pal, QPalette) else painter.pen().color())
                lines, is_top = text.replace("\n", "\u2028"), bool(flags & int(Qt.AlignmentFlag.AlignTop))
                draw_paragraph(painter, rect, lines, Qt.LayoutDirection.RightToLeft, is_top=is_top)
                painter.restore()
                return
            text = isolate_ltr_lines(text)
        super().drawItemText(painter, rect, flags, pal, enabled, text, textRole)

    def drawComplexControl(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if control is QStyle.ComplexControl.CC_ScrollBar and isinstance(option, QStyleOptionSlider):
            self._draw_scroll_bar(option, painter, widget)
        elif control is QStyle.ComplexControl.CC_ComboBox:
            draw_field_ground(option, painter, is_focused=has_state(option, _STATE.State_HasFocus))
            arrow = self.subControlRect(control, option, QStyle.SubControl.SC_ComboBoxArrow, widget)
            paint_chevron(painter, QRectF(arrow).center(), colours().muted, size=4 * zoom())
        else:
            super().drawComplexControl(control, option, painter, widget)

    def _draw_scroll_bar(self, option: QStyleOptionSlider, painter: QPainter, widget: QWidget | None) -> None:
        shades = colours()
        paint_area(painter, option.rect, shades.canvas)
        if option.minimum == option.maximum:
            return
        slider = self.subControlRect(
            QStyle.ComplexControl.CC_ScrollBar, option, QStyle.SubControl.SC_ScrollBarSlider, widget
        )
        is_active = has_state(option, _STATE.State_MouseOver) or has_state(option, _STATE.State_Sunken)
        handle = QRectF(slider).adjusted(3, 3, -3, -3)
        paint_rounded(painter, handle, fill=shades.edge if not is_active else shades.muted, corner=3)

    def subControlRect(  # noqa: N802 - Qt's name
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        part: QStyle.SubControl,
        widget: QWidget | None = None,
    ) -> QRect:
        if part is QStyle.SubControl.SC_ComboBoxEditField:
            return self._combo_text(control, option, widget)
        if part is QStyle.SubControl.SC_ComboBoxArrow and isinstance(option, QStyleOptionComboBox):
            return _combo_arrow(option)
        if control is not QStyle.ComplexControl.CC_ScrollBar or not isinstance(option, QStyleOptionSlider):
            return self._usual_part(control, option, part, widget)
        if part in {QStyle.SubControl.SC_ScrollBarAddLine, QStyle.SubControl.SC_ScrollBarSubLine}:
            return QRect()
        return _scroll_part(option, part)

    def _combo_text(self, control: QStyle.ComplexControl, option: QStyleOptionComplex, widget: QWidget | None) -> QRect:
        """Leave air around the text of a combo box, and room for an arrow that has grown."""
        grown = round(_ARROW * (zoom() - 1))
        before, after = _AIR, -_AIR - grown
        if option.direction == Qt.LayoutDirection.RightToLeft:
            before, after = _AIR + grown, -_AIR
        part = QStyle.SubControl.SC_ComboBoxEditField
        return self._usual_part(control, option, part, widget).adjusted(before, 0, after, 0)

    def _usual_part(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        part: QStyle.SubControl,
        widget: QWidget | None,
    ) -> QRect:
        return super().subControlRect(control, option, part, widget)  # type: ignore[arg-type]  # None is fine

    def subElementRect(self, element: QStyle.SubElement, option: QStyleOption, widget: QWidget | None = None) -> QRect:
        rect = super().subElementRect(element, option, widget)  # type: ignore[arg-type]  # None is fine
        return rect.adjusted(_AIR, 0, -_AIR, 0) if element is QStyle.SubElement.SE_LineEditContents else rect

    def sizeFromContents(
        self, kind: QStyle.ContentsType, option: QStyleOption, size: QSize, widget: QWidget | None = None
    ) -> QSize:
        wanted = super().sizeFromContents(kind, option, size, widget)  # type: ignore[arg-type]  # None is fine
        if kind in _OF_ONE_HEIGHT:
            return QSize(wanted.width(), control_height())
        least = _LEAST.get(kind)
        return wanted if least is None else QSize(wanted.width(), max(wanted.height(), least))


def _combo_arrow(option: QStyleOptionComboBox) -> QRect:
    """Return the room of a combo box's arrow at its trailing edge; it grows with the text."""
    wide = round(_ARROW * zoom())
    spot = QRect(option.rect.right() - wide, option.rect.y(), wide, option.rect.height())
    return QStyle.visualRect(option.direction, option.rect, spot)


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
