"""The navigation rail: which assessment this is, how far it has come, and the pages."""

from fractions import Fraction

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QStyle, QVBoxLayout, QWidget

from capacity_app.domain.assessment.registers import Mission
from capacity_app.i18n.translator import Translator
from capacity_app.ui.shell.page_table import PAGE_BY_NAME, RAIL_PAGES
from capacity_app.ui.theme.fonts_and_sizes import (
    LARGE,
    MEDIUM,
    SMALL,
    TARGET,
    TIGHT,
    TextRole,
    font_for,
    is_font_change,
)
from capacity_app.ui.theme.painting import paint_focus, paint_icon, paint_rounded
from capacity_app.ui.theme.palette import colours
from capacity_app.ui.widgets.cards import Label
from capacity_app.ui.widgets.progress_card import ThinProgressBar

_HEAD_LINES = 5
"""Lines above the pages: country (two), round, bar and progress."""


def two_line_width(metrics: QFontMetrics, label: str) -> int:
    """Return the least width in which a label fits on two lines."""
    words = label.split()
    splits = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))] or [(label, "")]
    return min(max(metrics.horizontalAdvance(part) for part in split) for split in splits)


_MOST_LETTERS = 16
"""No name of a country makes the rail wider than that."""
_LABEL = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap)


class RailButton(QAbstractButton):
    """One page in the rail: an icon, its label below, and a bar at the leading edge while it is shown."""

    def __init__(self, name: str, icon: str, label: str) -> None:
        super().__init__()
        self._icon = icon
        self.is_compact = False
        self.room = 0
        self.setObjectName(f"rail_{name}")
        self.setText(label)
        self.setAccessibleName(label)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def _icon_size(self) -> int:
        return max(22, round(self.fontMetrics().height() * 1.15))

    def _label_font(self) -> QFont:
        font = font_for(TextRole.CAPTION)
        font.setBold(self.isChecked())
        return font

    def _widest_metrics(self) -> QFontMetrics:
        """Measure as while the page is shown, so that nothing moves when it is."""
        font = font_for(TextRole.CAPTION)
        font.setBold(True)
        return QFontMetrics(font)

    def needed_width(self) -> int:
        """Return the least width in which the label fits on two lines, or that of the icon when compact."""
        return self._icon_size() + 2 * SMALL if self.is_compact else self.width_with_label()

    def sizeHint(self) -> QSize:
        width = max(self.room, self.needed_width())
        return QSize(width, self._icon_size() + 2 * MEDIUM if self.is_compact else self.height_with_label(width))

    def width_with_label(self) -> int:
        """Return the least width in which the label fits on two lines."""
        return max(two_line_width(self._widest_metrics(), self.text()), self._icon_size()) + 2 * SMALL

    def height_with_label(self, width: int) -> int:
        """Return the height with the label, on one line or two."""
        return self.least_with_label(width) + 2 * (SMALL - TIGHT)

    def least_with_label(self, width: int) -> int:
        """Return the height from which the label is shown, closer together where the window is low."""
        return TIGHT + self._icon_size() + TIGHT + self._label_height(width) + TIGHT

    def _label_height(self, width: int) -> int:
        """Measure the label as it is painted: lines of Arabic and Thai are higher than the font says."""
        room = QRect(0, 0, max(width - 4, 1), 10_000)
        return self._widest_metrics().boundingRect(room, _LABEL, self.text()).height()

    def _above(self) -> int:
        """Return the distance of icon and label from the top: less than usual in a low window."""
        spare = (self.height() - self.least_with_label(self.width())) // 2
        return max(TIGHT, min(SMALL, TIGHT + spare))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.needed_width(), max(self._icon_size() + 2 * TIGHT, TARGET))

    def paintEvent(self, _event: QPaintEvent) -> None:
        shades = colours()
        painter = QPainter(self)
        if self.isChecked():
            paint_rounded(painter, QRectF(self.rect()), fill=shades.accent_tint)
        elif self.underMouse():
            paint_rounded(painter, QRectF(self.rect()), fill=shades.raised)
        self._paint_icon(painter, shades.accent if self.isChecked() else shades.muted)
        if not self.is_compact:
            self._paint_label(painter, shades.accent if self.isChecked() else shades.text)
        if self.hasFocus():
            paint_focus(painter, self.rect())
        painter.end()

    def _paint_icon(self, painter: QPainter, colour: str) -> None:
        size = self._icon_size()
        top = (self.height() - size) // 2 if self.is_compact else self._above()
        paint_icon(painter, QRectF((self.width() - size) / 2, top, size, size), self._icon, colour)
        if self.isChecked():
            bar = QRect(0, self.height() // 4, 3, self.height() // 2)
            place = QStyle.visualRect(self.layoutDirection(), self.rect(), bar)
            paint_rounded(painter, QRectF(place), fill=colour, corner=1.5)

    def _paint_label(self, painter: QPainter, colour: str) -> None:
        top = self._above() + self._icon_size() + TIGHT
        place = QRect(2, top, self.width() - 4, self.height() - top)
        painter.setFont(self._label_font())
        painter.setPen(QColor(colour))
        painter.drawText(place, _LABEL, self.text())


class NavigationRail(QWidget):
    """The column at the leading edge; ``chosen`` gives the name of the page wanted."""

    chosen = Signal(str)

    def __init__(self, texts: Translator) -> None:
        super().__init__()
        self._texts = texts
        self.setObjectName("rail")
        self._country = Label(role=TextRole.STRONG)
        self._round = Label(role=TextRole.CAPTION, is_muted=True)
        self._line = ThinProgressBar()
        self._progress = Label(role=TextRole.CAPTION, is_muted=True)
        self._head = (self._country, self._round, self._line, self._progress)
        self._buttons: dict[str, RailButton] = {}
        self._group = QButtonGroup(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(SMALL, MEDIUM, SMALL, SMALL)
        self._column.setSpacing(2)
        self._build()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def _build(self) -> None:
        head = QVBoxLayout()
        head.setContentsMargins(TIGHT, 0, TIGHT, MEDIUM)
        head.setSpacing(TIGHT)
        for widget in self._head:
            head.addWidget(widget)
        self._column.addLayout(head)
        for page in RAIL_PAGES:
            button = RailButton(page.name, page.icon, self._texts.gettext(page.label))
            button.clicked.connect(lambda _checked=False, name=page.name: self.chosen.emit(name))
            self._group.addButton(button)
            self._column.addWidget(button)
            self._buttons[page.name] = button
        self._column.addStretch(1)

    def show_mission(self, mission: Mission) -> None:
        self._country.setText(mission.country_name or self._texts.country(mission.m49) or mission.country)
        round_name = self._texts.gettext("Round {name}").format(name=mission.round) if mission.round else ""
        self._round.setText(round_name)
        self._round.setHidden(not round_name or self._is_compact)
        self._widen()

    def show_progress(self, share: Fraction) -> None:
        """Show how much is answered."""
        self._line.set_share(share)
        self._progress.setText(self._texts.gettext("{share} answered").format(share=self._texts.percent(share)))

    def mark(self, name: str) -> None:
        """Mark the page shown, or the one it belongs to."""
        self._buttons[PAGE_BY_NAME[name].within or name].setChecked(True)

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
        for widget in self._head:
            widget.setVisible(not is_compact)
        self._widen()

    @property
    def height_with_labels(self) -> int:
        """The height from which all pages can show their labels, in pixels."""
        buttons = self._buttons.values()
        width = max(button.width_with_label() for button in buttons)
        written = sum(max(part.heightForWidth(width), 0) + TIGHT for part in self._head)
        head = max(_HEAD_LINES * self.fontMetrics().height(), written)
        return head + sum(button.least_with_label(width) + 2 for button in buttons) + 2 * LARGE

    def minimumSizeHint(self) -> QSize:
        margins = self._column.contentsMargins()
        icons = sum(button.minimumSizeHint().height() + 2 for button in self._buttons.values())
        return QSize(self.minimumWidth(), icons + margins.top() + margins.bottom())

    def _widen(self) -> None:
        """Make all buttons as wide as the one that needs most."""
        widest = max(button.needed_width() for button in self._buttons.values())
        if not self._is_compact:
            # The labels of the pages may be shorter than the name of the country, as in Chinese.
            widest = max(widest, self._longest_word() + 2 * TIGHT)
        for button in self._buttons.values():
            button.room = widest
            button.updateGeometry()
        self.setFixedWidth(widest + 2 * SMALL + 1)

    def _longest_word(self) -> int:
        words = ((part, word) for part in (self._country, self._round) for word in part.text().split())
        wide = max((part.fontMetrics().horizontalAdvance(word) for part, word in words), default=0)
        return min(wide, _MOST_LETTERS * self.fontMetrics().averageCharWidth())

    def showEvent(self, _event: QEvent) -> None:
        self._widen()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event):
            self._widen()

    def paintEvent(self, _event: QPaintEvent) -> None:
        shades = colours()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(shades.surface))
        edge = QStyle.visualRect(self.layoutDirection(), self.rect(), QRect(self.width() - 1, 0, 1, self.height()))
        painter.fillRect(edge, QColor(shades.line))
        painter.end()
