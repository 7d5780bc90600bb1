"""The navigation rail: which assessment this is, how far it has come, and the pages."""

from dataclasses import dataclass
from fractions import Fraction

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QStyle, QVBoxLayout, QWidget

from capacity_app.domain.assessment import Mission
from capacity_app.domain.problems import N_
from capacity_app.texts import Texts
from capacity_app.ui.cards import Words
from capacity_app.ui.icons import paint_icon
from capacity_app.ui.painting import paint_focus, rounded
from capacity_app.ui.palette import colours
from capacity_app.ui.theme import LARGE, MEDIUM, SMALL, Role, font_for, is_font_change


@dataclass(frozen=True, slots=True)
class Place:
    """A page one can go to: its name in settings, its label, and Ctrl with its place opens it."""

    name: str
    label: str


PLACES = (
    Place("questionnaire", N_("Questionnaire")),
    Place("scores", N_("Scores")),
    Place("gaps", N_("Gaps and actions")),
    Place("registers", N_("Registers")),
    Place("mission", N_("Mission")),
    Place("report", N_("Report")),
)
"""The pages in their order in the rail; each name is also the name of its icon."""


class RailButton(QAbstractButton):
    """One page in the rail: icon, label, and a bar at the leading edge when it is shown."""

    def __init__(self, name: str, label: str) -> None:
        super().__init__()
        self._name = name
        self.is_compact = False
        self.setObjectName(f"rail_{name}")
        self.setText(label)
        self.setAccessibleName(label)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def _icon_size(self) -> int:
        return max(20, round(self.fontMetrics().height() * 1.1))

    def sizeHint(self) -> QSize:
        """Room for icon and label, or the icon alone when compact."""
        height = max(40, self._icon_size() + 2 * MEDIUM - 4)
        if self.is_compact:
            return QSize(height + SMALL, height)
        bold = font_for(Role.STRONG)
        metrics = self.fontMetrics()
        bold.setPointSizeF(self.font().pointSizeF())
        width = metrics.horizontalAdvance(self.text()) * 11 // 10
        return QSize(MEDIUM + self._icon_size() + MEDIUM + width + MEDIUM, height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, bar, icon and label."""
        shades = colours()
        painter = QPainter(self)
        if self.isChecked():
            rounded(painter, QRectF(self.rect()), fill=shades.accent_tint)
        elif self.underMouse():
            rounded(painter, QRectF(self.rect()), fill=shades.raised)
        ink = shades.accent if self.isChecked() else shades.text
        self._paint_icon(painter, shades.accent if self.isChecked() else shades.muted)
        if not self.is_compact:
            self._paint_label(painter, ink)
        if self.hasFocus():
            paint_focus(painter, self.rect())
        painter.end()

    def _placed(self, rect: QRect) -> QRect:
        return QStyle.visualRect(self.layoutDirection(), self.rect(), rect)

    def _paint_icon(self, painter: QPainter, colour: str) -> None:
        size = self._icon_size()
        start = (self.width() - size) // 2 if self.is_compact else MEDIUM
        square = self._placed(QRect(start, (self.height() - size) // 2, size, size))
        paint_icon(painter, QRectF(square), self._name, colour)
        if self.isChecked():
            bar = self._placed(QRect(0, self.height() // 4, 3, self.height() // 2))
            rounded(painter, QRectF(bar), fill=colour, corner=1.5)

    def _paint_label(self, painter: QPainter, colour: str) -> None:
        start = MEDIUM + self._icon_size() + MEDIUM
        place = self._placed(QRect(start, 0, self.width() - start, self.height()))
        painter.setFont(font_for(Role.STRONG if self.isChecked() else Role.BODY))
        painter.setPen(QColor(colour))
        side = Qt.AlignmentFlag.AlignRight if self.isRightToLeft() else Qt.AlignmentFlag.AlignLeft
        painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter, self.text())


class ProgressLine(QWidget):
    """A thin bar that fills from the leading edge; ``share`` is in [0, 1]."""

    def __init__(self, height: int = 6) -> None:
        super().__init__()
        self._share = Fraction(0)
        self._height = height
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_share(self, share: Fraction) -> None:
        """Show another share."""
        self._share = share
        self.update()

    def sizeHint(self) -> QSize:
        """As thin as asked."""
        return QSize(60, self._height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint groove and filling."""
        shades = colours()
        painter = QPainter(self)
        corner = self._height / 2
        rounded(painter, QRectF(self.rect()), fill=shades.line, corner=corner)
        width = round(self.width() * float(self._share))
        if width:
            filled = QRect(0, 0, max(width, self._height), self.height())
            place = QStyle.visualRect(self.layoutDirection(), self.rect(), filled)
            rounded(painter, QRectF(place), fill=shades.accent, corner=corner)
        painter.end()


class Rail(QWidget):
    """The column at the leading edge; ``chosen`` gives the name of the page wanted."""

    chosen = Signal(str)

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self.setObjectName("rail")
        self._country = Words(role=Role.HEADING)
        self._round = Words(role=Role.CAPTION, is_muted=True)
        self._line = ProgressLine()
        self._progress = Words(role=Role.CAPTION, is_muted=True)
        self._head = (self._country, self._round, self._line, self._progress)
        self._buttons: dict[str, RailButton] = {}
        self._group = QButtonGroup(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(MEDIUM, LARGE, MEDIUM, MEDIUM)
        self._column.setSpacing(2)
        self._build()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def _build(self) -> None:
        for widget in self._head:
            self._column.addWidget(widget)
            self._column.addSpacing(2)
        self._column.addSpacing(LARGE)
        for place in PLACES:
            button = RailButton(place.name, self._texts.gettext(place.label))
            button.clicked.connect(lambda _checked=False, name=place.name: self.chosen.emit(name))
            self._group.addButton(button)
            self._column.addWidget(button)
            self._buttons[place.name] = button
        self._column.addStretch(1)

    def show_mission(self, mission: Mission) -> None:
        """Name the assessment."""
        self._country.setText(mission.country_name or self._texts.country(mission.m49) or mission.country)
        round_name = self._texts.gettext("Round {name}").format(name=mission.round) if mission.round else ""
        self._round.setText(round_name)
        self._round.setHidden(not round_name or self._is_compact)

    def show_progress(self, share: Fraction) -> None:
        """Show how much has been asked."""
        self._line.set_share(share)
        self._progress.setText(self._texts.gettext("{share} asked").format(share=self._texts.percent(share)))

    def mark(self, name: str) -> None:
        """Mark the page shown."""
        self._buttons[name].setChecked(True)

    @property
    def _is_compact(self) -> bool:
        return next(iter(self._buttons.values())).is_compact

    def set_compact(self, *, is_compact: bool) -> None:
        """Show icons alone where the window is narrow; labels become tool tips."""
        if is_compact == self._is_compact:
            return
        for button in self._buttons.values():
            button.is_compact = is_compact
            button.setToolTip(button.text() if is_compact else "")
            button.updateGeometry()
        for widget in self._head:
            widget.setVisible(not is_compact)
        self._widen()

    def _widen(self) -> None:
        widest = max(button.sizeHint().width() for button in self._buttons.values())
        self.setFixedWidth(widest + 2 * MEDIUM)

    def showEvent(self, _event: QEvent) -> None:
        """Take the width the labels need."""
        self._widen()

    def changeEvent(self, event: QEvent) -> None:
        """Take the width the labels need at another zoom."""
        super().changeEvent(event)
        if is_font_change(event):
            self._widen()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ground and the line towards the page."""
        shades = colours()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(shades.surface))
        edge = QStyle.visualRect(self.layoutDirection(), self.rect(), QRect(self.width() - 1, 0, 1, self.height()))
        painter.fillRect(edge, QColor(shades.line))
        painter.end()
