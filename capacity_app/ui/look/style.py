"""The style: Fusion with flat, rounded, quiet controls and a focus that cannot be overlooked."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication, QPainter, QPalette
from PySide6.QtWidgets import (
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

from capacity_app.texts import in_own_order
from capacity_app.ui.look.painting import draw_paragraph, has, paint_chevron, reads_leftwards, rounded
from capacity_app.ui.look.palette import colours
from capacity_app.ui.look.style_drawing import CONTROLS, PRIMITIVES, draw_field_ground

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
_LEAST = {
    _CONTENTS.CT_PushButton: 30,
    _CONTENTS.CT_LineEdit: 30,
    _CONTENTS.CT_ComboBox: 30,
    _CONTENTS.CT_ToolButton: 28,
    _CONTENTS.CT_ItemViewItem: 26,
}
"""The least heights in pixels of what one clicks."""


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
    if not isinstance(option, QStyleOptionButton) or not has(option, _STATE.State_Enabled):
        return False
    return bool(option.features & QStyleOptionButton.ButtonFeature.DefaultButton)


def zoom() -> float:
    """Return how much larger than usual the text is, at least 1."""
    return max(1.0, QFontMetrics(QGuiApplication.font()).height() / _USUAL_LINE)


class CalmStyle(QProxyStyle):
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
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        draw = PRIMITIVES.get(element)
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
        draw = CONTROLS.get(element)
        if draw is not None:
            draw(option, painter, widget)
            return
        if element is _CONTROL.CE_PushButtonLabel and _is_filled(option):
            _recoloured(option, QPalette.ColorRole.ButtonText, colours().on_accent)
        elif element is _CONTROL.CE_ItemViewItem and isinstance(option, QStyleOptionViewItem):
            _recoloured(option, QPalette.ColorRole.HighlightedText, colours().text)
            if option.direction == Qt.LayoutDirection.RightToLeft:
                option.text = in_own_order(option.text)
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
            if _is_paragraph(flags) and reads_leftwards(text):
                painter.save()
                painter.setPen(pal.color(textRole) if isinstance(pal, QPalette) else painter.pen().color())
                lines, is_top = text.replace("\n", "\u2028"), bool(flags & int(Qt.AlignmentFlag.AlignTop))
                draw_paragraph(painter, rect, lines, Qt.LayoutDirection.RightToLeft, is_top=is_top)
                painter.restore()
                return
            text = in_own_order(text)
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
            draw_field_ground(option, painter, is_focused=has(option, _STATE.State_HasFocus))
            arrow = self.subControlRect(control, option, QStyle.SubControl.SC_ComboBoxArrow, widget)
            paint_chevron(painter, QRectF(arrow).center(), colours().muted, size=4 * zoom())
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
