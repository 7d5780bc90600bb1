"""Blocks one can click to open what lies behind them, with the keyboard as with the mouse."""

from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout

from capacity_app.domain.problems import N_
from capacity_app.texts import Texts
from capacity_app.ui.look.alerts import Choice
from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.painting import paint_chevron, paint_focus, rounded
from capacity_app.ui.look.palette import colours
from capacity_app.ui.look.theme import MEDIUM, SMALL, Role

_CHEVRON = 24


def open_outside(path: Path) -> bool:
    """Open a file or folder with the desktop's own program."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def ways_to(file: Path, texts: Texts, label: str = N_("Open the file")) -> tuple[Choice, Choice]:
    """Offer to open a file that was made, under this label, and to show its folder."""
    return (
        (texts.gettext(label), lambda: open_outside(file)),
        (texts.gettext("Show the folder"), lambda: open_outside(file.parent)),
    )


class Opener(QAbstractButton):
    """A checkable block that holds other widgets; the arrow at its trailing edge turns when it is open."""

    def __init__(self, name: str, *, has_arrow: bool = True) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._has_arrow = has_arrow
        self._outer = outer = QHBoxLayout(self)
        outer.setContentsMargins(MEDIUM, SMALL, SMALL, SMALL)
        outer.setSpacing(SMALL)
        self.body = QVBoxLayout()
        self.body.setSpacing(2)
        outer.addLayout(self.body, 1)
        outer.addSpacing(_CHEVRON if has_arrow else 0)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        return self._outer.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._outer.minimumSize()

    def hasHeightForWidth(self) -> bool:
        return self._outer.hasHeightForWidth()

    def heightForWidth(self, width: int) -> int:
        return self._outer.heightForWidth(width)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        shades = colours()
        painter = QPainter(self)
        if self.isChecked():
            rounded(painter, QRectF(self.rect()), fill=shades.accent_tint)
        elif self.underMouse():
            rounded(painter, QRectF(self.rect()), fill=shades.hover)
        if self._has_arrow:
            self._paint_arrow(painter, shades.muted)
        if self.hasFocus():
            paint_focus(painter, self.rect())
        painter.end()

    def _paint_arrow(self, painter: QPainter, colour: str) -> None:
        x = _CHEVRON / 2 + 2 if self.isRightToLeft() else self.width() - _CHEVRON / 2 - 2
        painter.save()
        painter.translate(x, self.height() / 2)
        painter.rotate(180 if self.isChecked() else 0)
        paint_chevron(painter, QPointF(0, 0), colour, size=self.fontMetrics().height() / 4.5)
        painter.restore()


class Figure(Opener):
    """A number with its name and a remark; opens to its arithmetic. A small one has its words beside it."""

    def __init__(self, name: str, caption: str, *, is_main: bool = False, is_small: bool = False) -> None:
        super().__init__(name, has_arrow=not is_small)
        self._caption = caption
        self._value = Words("–", Role.TITLE if is_main else Role.HEADING, wraps=False)
        self._remark = Words(role=Role.CAPTION, is_muted=True)
        if is_small:
            self.body.addLayout(self._side_by_side())
            return
        self.body.addWidget(Words(caption, Role.CAPTION, is_muted=True))
        self.body.addWidget(self._value)
        self.body.addWidget(self._remark)
        self.body.addStretch(1)

    def _side_by_side(self) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Words(self._caption))
        words.addWidget(self._remark)
        line = QHBoxLayout()
        line.setSpacing(MEDIUM)
        line.addWidget(self._value)
        line.addLayout(words, 1)
        return line

    def show_figure(self, value: str, remark: str = "") -> None:
        self._value.setText(value)
        self._remark.setText(remark)
        self._remark.setVisible(bool(remark))
        self.setAccessibleName(f"{self._caption}: {value}. {remark}")
