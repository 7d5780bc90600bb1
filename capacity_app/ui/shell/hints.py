"""Three hints for the first day with the program, one at a time beside the control each is about."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRegularExpression, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from capacity_app.domain.problems import N_
from capacity_app.i18n.translator import Translator
from capacity_app.ui.session.settings import Settings
from capacity_app.ui.shell.floating_card import FloatingCard
from capacity_app.ui.theme.fonts_and_sizes import LARGE, SMALL, TIGHT
from capacity_app.ui.theme.style import zoom
from capacity_app.ui.widgets.banners import Banner, BannerTone
from capacity_app.ui.widgets.cards import announce
from capacity_app.ui.widgets.layouts import discard

_AGENCY, _PRESENT = "bar_agency", "bar_present"
HINTS: dict[str, str] = {
    _AGENCY: N_("Choose here which agency answers. What you record becomes its answer."),
    "answer_line": N_(
        "Press the key that stands before an answer. This line shows all keys. In an ordered list a higher digit "
        "means more. Enter goes to the next open question. In a table, a key also moves one row down."
    ),
    _PRESENT: N_("F12 shows the current question to the respondents in large letters."),
}
"""The hints in their order, by the name of the control each is about."""
_LOOKS = 10
"""A hint that was in sight for so many looks is not shown again after the questions are left."""
_LOOK_MS = 1000
"""How often a control that has not been seen is looked for, in milliseconds."""
_QUESTIONS = QRegularExpression("^question ")
"""The names of the sheets of questions."""
_WIDTH = 380
"""At 100 %, in pixels."""


class HintCallout(Banner):
    """One hint under its control, or over it where the window ends; it takes the focus only when asked."""

    gone = Signal()

    def __init__(self, texts: Translator, name: str, anchor: QWidget) -> None:
        say = texts.gettext
        choices = [(say("Got it"), self.go), (say("No more hints"), self._refuse_all)]
        super().__init__(texts, BannerTone.INFORMATION, say(HINTS[name]), choices)
        self.name, self.wants_more = name, True
        self._anchor, self._before = anchor, self.focusWidget()
        self.setObjectName("hint")
        self.setParent(anchor.window())
        self.closer.clicked.connect(self.go)
        self._leave = self.go
        self._is_in_bar = False
        self.stays = False
        """Whether it has been read: it does not move any more when the page under it is scrolled."""
        for button in (*self.buttons, self.closer):
            # A click must not take the focus from what is being typed.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.place()
        self.show()
        self.raise_()
        announce(self, self.sentence)

    def place(self) -> None:
        """Stand beside the control, within the window."""
        if not isValid(self._anchor):
            return
        window = self._anchor.window()
        corner, widest = self._anchor.mapTo(window, QPoint(0, 0)), window.width() - 2 * SMALL
        if corner.y() < window.height() // 2:
            area = QRect(corner, self._anchor.size())
            below = self._below(area)
            if not self.stays:
                self._is_in_bar = self._covers_question(below)
            if self._is_in_bar:
                self._place_in_bar(area)
            else:
                self.setGeometry(below)
            return
        width = min(round(_WIDTH * zoom()), widest)
        high = self.heightForWidth(width)
        # Questions begin at the other side, and leave room at this one.
        start = corner.x() + (0 if self.isRightToLeft() else self._anchor.width() - width)
        left = min(max(start, SMALL), SMALL + widest - width)
        self.setGeometry(left, corner.y() - TIGHT - high, width, high)

    def _below(self, area: QRect) -> QRect:
        """Return the place under a button of the bar, within the window."""
        wide = self._anchor.window().width() - 2 * SMALL
        width = min(round(_WIDTH * zoom()), wide)
        start = area.right() + 1 - width if self.isRightToLeft() else area.left()
        left = min(max(start, SMALL), SMALL + wide - width)
        return QRect(left, area.bottom() + 1 + SMALL, width, self.heightForWidth(width))

    def _covers_question(self, place: QRect) -> bool:
        """Return whether a place is over the question one is at or one that follows, and not only over its edge."""
        window, within = self._anchor.window(), place.adjusted(LARGE, LARGE, -LARGE, -LARGE)
        cards = (card for card in window.findChildren(QWidget, _QUESTIONS) if card.isVisible())
        return any(within.intersects(QRect(card.mapTo(window, QPoint(0, 0)), card.size())) for card in cards)

    def _place_in_bar(self, area: QRect) -> None:
        """Stand over the bar and no more than the edge of the page: its other buttons and questions stay in sight."""
        window = self._anchor.window()
        start, end = 0, window.width()
        for name in (_AGENCY, _PRESENT):
            other = window.findChild(QWidget, name)
            if other is not None and other is not self._anchor:
                left = other.mapTo(window, QPoint(0, 0)).x()
                start, end = (start, left) if left > area.left() else (left + other.width(), end)
        before, after = area.left() - start, end - area.right() - 1
        width = min(round(2 * _WIDTH * zoom()), max(before, after) - TIGHT - SMALL)
        top = area.top()
        if width < _WIDTH:  # too narrow to read: under the bar
            width, top = min(round(_WIDTH * zoom()), window.width() - 2 * SMALL), area.bottom() + TIGHT
            left = min(max(area.left(), SMALL), window.width() - SMALL - width)
        else:
            left = area.left() - TIGHT - width if before > after else area.right() + 1 + TIGHT
        high = self.heightForWidth(width)
        if top == area.top():  # what does not fit over the bar goes up beside the menus before it goes over the page
            top -= min(max(high - area.height() - SMALL, 0), max(top - TIGHT, 0))
        self.setGeometry(left, top, width, high)

    def take_focus(self) -> None:
        """Go to the first button; when the hint goes, the focus goes back."""
        self._before = self.window().focusWidget()
        self.buttons[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def go(self) -> None:
        """Go, once, and give the focus back."""
        focused, before = self.window().focusWidget(), self._before
        if focused is not None and self.isAncestorOf(focused) and before is not None and isValid(before):
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.gone.emit()
        discard(self)

    def _refuse_all(self) -> None:
        self.wants_more = False
        self.go()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.place()
        return done


class Hints(QObject):
    """Shows the hints of a window that nobody has seen, each when its control can be seen."""

    def __init__(
        self, window: QWidget, texts: Translator, settings: Settings, has_agencies: Callable[[], bool]
    ) -> None:
        super().__init__(window)
        self._has_agencies = has_agencies
        self._window, self._texts, self._settings = window, texts, settings
        self._shown: tuple[HintCallout, QWidget] | None = None
        self._looks = 0
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Show the next hint if there is room for it; keep the one that is shown beside its control."""
        if self._shown is not None:
            hint, anchor = self._shown
            if isValid(anchor):
                is_seen = anchor.isVisible() and self._is_answering()
                if is_seen or self._looks < _LOOKS:
                    self._looks += is_seen
                    hint.stays = self._looks > 1
                    hint.setVisible(is_seen and not self._has_message())
                    hint.place()
                else:
                    hint.go()
                return
            discard(hint)  # the assessment was closed
            self._shown = None
        left = [name for name in HINTS if name not in self._settings.hints_seen]
        if not left:
            self._timer.stop()
        elif self._is_answering() and not self._is_occupied():
            self._show_first(left)

    def _is_answering(self) -> bool:
        """Return whether questions are shown: the hints are about them, and would cover the tabs of other pages."""
        line = self._window.findChild(QWidget, "answer_line")
        return line is not None and line.isVisible()

    def _show_first(self, names: list[str]) -> None:
        """Show the first of the hints whose control can be seen."""
        for name in names:
            anchor = self._window.findChild(QWidget, name)
            if anchor is not None and anchor.isVisible() and (name != _AGENCY or self._has_agencies()):
                self._looks = 0
                hint = HintCallout(self._texts, name, anchor)
                hint.gone.connect(self._remember)
                self._shown = hint, anchor
                return

    def _is_occupied(self) -> bool:
        """Return whether something else is over the window."""
        cards = (card.isVisible() for card in self._window.findChildren(FloatingCard))
        asks = QApplication.activeModalWidget() is not None or QApplication.activePopupWidget() is not None
        return asks or any(cards) or self._has_message()

    def _has_message(self) -> bool:
        """Return whether a message is shown, which a hint would cover."""
        banners = self._window.findChildren(Banner)
        return any(banner.isVisible() for banner in banners if not isinstance(banner, HintCallout))

    def _remember(self) -> None:
        if self._shown is not None:
            hint = self._shown[0]
            seen = {hint.name} if hint.wants_more else set(HINTS)
            self._settings.hints_seen = self._settings.hints_seen | seen
            self._shown = None
