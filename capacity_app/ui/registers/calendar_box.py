"""A calendar that opens under a date field, inside the window; Enter or a click picks, Escape leaves."""

from PySide6.QtCore import QDate, QEvent, QLocale, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette, QTextCharFormat
from PySide6.QtWidgets import QApplication, QCalendarWidget, QWidget

from capacity_app.texts import Texts
from capacity_app.ui.look.cards import Card
from capacity_app.ui.look.theme import SMALL, TIGHT


class CalendarBox(Card):
    """Shows a month around a day.

    ``picked`` carries the chosen day; ``left`` tells that it is closed, and whether it had the keyboard.
    """

    picked = Signal(object)
    left = Signal(bool)

    def __init__(self, window: QWidget, texts: Texts, name: str, day: QDate) -> None:
        super().__init__(margin=TIGHT)
        self.setParent(window)
        self.setObjectName("calendar_box")
        self.calendar = QCalendarWidget()
        self.calendar.setObjectName("calendar")
        self.calendar.setAccessibleName(name)
        self.calendar.setLocale(QLocale(texts.language))
        self.calendar.setFirstDayOfWeek(QLocale(texts.language).firstDayOfWeek())
        self.calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.calendar.setHorizontalHeaderFormat(QCalendarWidget.HorizontalHeaderFormat.ShortDayNames)
        self.calendar.setSelectedDate(day)
        self._calm_weekends()
        self.calendar.activated.connect(self._pick)
        self.calendar.clicked.connect(self._pick)
        self.body.addWidget(self.calendar)
        self._is_open = True
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow_focus)

    def _calm_weekends(self) -> None:
        """Write every day in the colour of text: red stands for problems here."""
        plain = QTextCharFormat()
        plain.setForeground(self.palette().color(QPalette.ColorRole.WindowText))
        for day in Qt.DayOfWeek:
            self.calendar.setWeekdayTextFormat(day, plain)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "calendar"):
            self._calm_weekends()

    def open_under(self, field: QWidget) -> None:
        """Open under a field, or over it where the window ends, and take the keyboard."""
        window = self.parentWidget()
        assert window is not None
        size = self.sizeHint()
        at = field.mapTo(window, QPoint(0, 0))
        room = window.rect().adjusted(SMALL, SMALL, -SMALL, -SMALL)
        under = at.y() + field.height() + 2
        top = under if under + size.height() <= room.bottom() else max(room.y(), at.y() - size.height() - 2)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        start = at.x() + field.width() - size.width() if mirrored else at.x()
        start = min(max(start, room.x()), max(room.x(), room.right() - size.width()))
        self.setGeometry(QRect(QPoint(start, top), size))
        self.show()
        self.raise_()
        self.calendar.setFocus(Qt.FocusReason.PopupFocusReason)

    def _pick(self, day: QDate) -> None:
        self.picked.emit(day)
        self.close_box()

    def _follow_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and not self.isAncestorOf(new):
            self.close_box()

    def close_box(self) -> None:
        """Close and go."""
        if not self._is_open:
            return
        self._is_open = False
        # Hiding hands the keyboard on to whatever comes next.
        had_keyboard = self.isAncestorOf(self.window().focusWidget() or self)
        self.hide()
        self.left.emit(had_keyboard)
        self.deleteLater()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_box()
        else:
            super().keyPressEvent(event)
