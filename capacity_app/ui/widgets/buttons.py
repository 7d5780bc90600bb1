"""The buttons (primary, secondary, link; an icon alone), chips, and the combo box."""

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QStylePainter,
    QToolButton,
)

from capacity_app.i18n.translator import isolate_ltr_lines
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, TARGET, TextRole, font_for, is_font_change
from capacity_app.ui.theme.painting import make_icon, paint_focus, paint_rounded
from capacity_app.ui.theme.palette import colours
from capacity_app.ui.theme.style import control_height
from capacity_app.ui.widgets import keys


def _is_font_or_palette_change(event: QEvent) -> bool:
    return is_font_change(event) or event.type() == QEvent.Type.PaletteChange


def _draw_icon(button: QPushButton | QToolButton, sign: str, colour: str) -> None:
    side = max(16, round(button.fontMetrics().height() * 0.95))
    button.setIconSize(QSize(side, side))
    button.setIcon(make_icon(sign, colour, side))


def _is_pressed_by(button: QAbstractButton, event: QKeyEvent) -> bool:
    """Press a button that has the focus if the key is Enter; Space presses it in any case."""
    if not keys.is_enter(event):
        return False
    if not event.isAutoRepeat():
        button.click()
    return True


class Button(QPushButton):
    """A button with a label, perhaps with an icon; the main one of its place is filled. Enter and Space press it."""

    def __init__(self, label: str = "", sign: str = "", *, is_main: bool = False) -> None:
        super().__init__(label)
        self._sign = sign
        self.setAutoDefault(False)
        self.setDefault(is_main)
        self._renew()

    def _renew(self) -> None:
        if self._sign:
            _draw_icon(self, self._sign, colours().on_accent if self.isDefault() else colours().text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if _is_font_or_palette_change(event):
            self._renew()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not _is_pressed_by(self, event):
            super().keyPressEvent(event)


class IconToolButton(QToolButton):
    """A small button with an icon alone; its label is spoken and shown as a tool tip."""

    def __init__(self, sign: str, label: str) -> None:
        super().__init__()
        self._sign = sign
        self.setAccessibleName(label)
        self.setToolTip(label)
        self._renew()

    def _renew(self) -> None:
        _draw_icon(self, self._sign, colours().muted)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if _is_font_or_palette_change(event):
            self._renew()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not _is_pressed_by(self, event):
            super().keyPressEvent(event)


_WRAPPED = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)


class WrappingButton(Button):
    """A button whose label goes on in the next line where it is too narrow, as one that names a section does."""

    def __init__(self, label: str) -> None:
        super().__init__(label)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        room = QRect(0, 0, max(width - 2 * MEDIUM, 1), 10_000)
        words = self.fontMetrics().boundingRect(room, _WRAPPED, self.text()).height()
        return max(control_height(), words + MEDIUM)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 2 * MEDIUM + 2, self.heightForWidth(10_000))

    def minimumSizeHint(self) -> QSize:
        longest = max((self.fontMetrics().horizontalAdvance(word) for word in self.text().split()), default=0)
        return QSize(longest + 2 * MEDIUM, control_height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        painter = QPainter(self)
        self.style().drawControl(QStyle.ControlElement.CE_PushButtonBevel, option, painter, self)
        role = QPalette.ColorRole.BrightText if self.isDefault() else QPalette.ColorRole.ButtonText
        painter.setPen(self.palette().color(role))
        label = isolate_ltr_lines(self.text()) if self.isRightToLeft() else self.text()
        painter.drawText(self.rect().adjusted(MEDIUM, 0, -MEDIUM, 0), _WRAPPED, label)
        painter.end()


_PAD = 6


class FlatButton(QToolButton):
    """A link: a word without a ground, underlined or with its key beside it; as a chip, a pill."""

    def __init__(self, text: str, key: str = "") -> None:
        self._key = key
        self._size: QSize | None = None
        super().__init__()
        self.setText(text)
        self.is_chip = False
        self.setFont(font_for(TextRole.CAPTION))
        self.setToolTip(f"{text} ({key})" if key else text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_word(self, text: str, key: str = "") -> None:
        if (text, key) != (self.text(), self._key):
            self._key, self._size = key, None
            self.setText(text)
            self.setToolTip(f"{text} ({key})" if key else text)
            self.updateGeometry()

    def _key_font(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 0.88)
        return font

    def _key_width(self) -> int:
        return QFontMetrics(self._key_font()).horizontalAdvance(self._key) + 6 if self._key else 0

    def sizeHint(self) -> QSize:
        if self._size is None:
            metrics = self.fontMetrics()
            gap = 6 if self._key else 0
            width = metrics.horizontalAdvance(self.text()) + gap + self._key_width() + 2 * _PAD
            high = max(TARGET, metrics.height() + SMALL) if self.is_chip else control_height()
            self._size = QSize(width, high)
        return QSize(self._size)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event):
            self.setFont(font_for(TextRole.CAPTION))
            self._size = None
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        shades = colours()
        painter = QPainter(self)
        area = QRectF(self.rect())
        if self.isChecked():
            paint_rounded(painter, area, fill=shades.accent_tint, edge=shades.accent)
        elif self.is_chip:
            fill = shades.hover if self.underMouse() else shades.raised
            paint_rounded(painter, area, fill=fill, edge=shades.line, corner=area.height() / 2)
        elif (self.underMouse() or self.isDown()) and self.isEnabled():
            paint_rounded(painter, area, fill=shades.raised, edge=shades.line)
        words = self.fontMetrics().horizontalAdvance(self.text())
        line = QRect(_PAD, 0, words + 1, self.height())
        font = self.font()
        font.setUnderline(not (self.is_chip or self.isCheckable() or self._key))
        painter.setFont(font)
        ink = shades.text if self.isEnabled() else shades.muted
        painter.setPen(QColor(shades.accent if self.isChecked() else ink))
        center = int(Qt.AlignmentFlag.AlignCenter)
        painter.drawText(self._mirrored(line), center, isolate_ltr_lines(self.text()))
        if self._key:
            font = self._key_font()
            high = QFontMetrics(font).height() + 2
            cap = QRect(_PAD + words + 6, (self.height() - high) // 2, self._key_width(), high)
            if not self.is_chip:
                paint_rounded(painter, QRectF(self._mirrored(cap)), edge=shades.line, corner=3)
            painter.setFont(font)
            painter.setPen(QColor(shades.muted))
            painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # a key is named alike everywhere
            painter.drawText(self._mirrored(cap), center, self._key)
        if self.hasFocus():
            paint_focus(painter, self.rect())
        painter.end()

    def _mirrored(self, part: QRect) -> QRect:
        return self.style().visualRect(self.layoutDirection(), self.rect(), part)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _is_pressed_by(self, event):
            return
        if event.key() == Qt.Key.Key_Space:
            super().keyPressEvent(event)
        else:
            event.ignore()


# What one picks with: a list to choose one from, and a button for each thing picked.


ComboChoices = tuple[tuple[str, str], ...]
"""What can be picked, as (id, name)."""

_SHORTEST = 12
"""Letters of a name that are always shown on its button; the whole name is spoken."""


class ComboBox(QComboBox):
    """A combo box that the mouse wheel does not change by accident, and that may be narrower than its text."""

    def __init__(self, choices: ComboChoices = ()) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.fill(choices)

    def paintEvent(self, _event: QPaintEvent) -> None:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        room = field.width() - SMALL
        option.currentText = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def minimumSizeHint(self) -> QSize:
        """Return the size hint, as Qt does: it keeps its own from a larger text when the text gets smaller again."""
        return self.sizeHint()

    def showEvent(self, event: QShowEvent) -> None:
        """Be named by a label beside it, seen or not: on Linux, Qt tells a screen reader no other name."""
        super().showEvent(event)
        parent, direct = self.parentWidget(), Qt.FindChildOption.FindDirectChildrenOnly
        if parent is None or not self.accessibleName():
            return
        if all(label.buddy() is not self for label in parent.findChildren(QLabel, options=direct)):
            label = QLabel(self.accessibleName(), parent)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setBuddy(self)
            label.hide()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def fill(self, choices: ComboChoices) -> None:
        chosen = self.currentData()
        self.blockSignals(True)
        self.clear()
        for key, label in choices:
            self.addItem(label, key)
        self.setCurrentIndex(max(self.findData(chosen), 0))
        self.blockSignals(False)


class Chip(FlatButton):
    """Something picked, as a button that takes it away; a long name is shortened to the room there is."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "×")
        self._name = name
        self.is_chip = True
        self.setObjectName("chip")
        self.setToolTip("")

    def _rest(self) -> int:
        return self.fontMetrics().horizontalAdvance("××") + 3 * SMALL

    def sizeHint(self) -> QSize:
        height = super().sizeHint().height()
        # The advance is rounded down: without another pixel the name would be shortened in its own room.
        return QSize(self.fontMetrics().horizontalAdvance(self._name) + self._rest() + 2, height)

    def minimumSizeHint(self) -> QSize:
        return QSize(_SHORTEST * self.fontMetrics().averageCharWidth(), super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.width() - self._rest()
        self.setText(self.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, room))
