"""Three hints for the first day with the program, one after the other among the messages in the window's corner."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, QSize, QTimer, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

from capacity_app.domain.problems import N_
from capacity_app.i18n.translator import Translator
from capacity_app.ui.session.settings import Settings
from capacity_app.ui.shell.floating_card import FloatingCard
from capacity_app.ui.widgets.banners import BannerTone
from capacity_app.ui.widgets.keys import keyboard_label, native_keys
from capacity_app.ui.widgets.messages import Toast, toast_corner, toast_place, toast_width

if TYPE_CHECKING:
    from capacity_app.ui.shell.main_window import MainWindow

_AGENCY, _PRESENT = "bar_agency", "bar_present"
HINTS: dict[str, str] = {
    _AGENCY: N_("Choose in the bar at the top which agency answers. What you record becomes its answer."),
    "answer_line": N_(
        "Press the key that stands before an answer. The line under the questions shows all keys. In an ordered list "
        "a higher digit means more. Enter goes to the next open question. In a table, a key also moves one row down."
    ),
    _PRESENT: N_("F12 shows the current question to the respondents in large letters."),
}
"""The hints in their order, by the name of the control each is about."""
_LOOKS = 5
"""A hint that was in sight for so many looks is not shown again after it had to make room."""
_LOOK_MS = 1000
"""How often it is looked whether there is room for a hint, in milliseconds."""


class HintToast(Toast):
    """One hint; ``wants_more`` is False once no other hint is wanted."""

    def __init__(self, texts: Translator, name: str) -> None:
        say = texts.gettext
        self.name, self.wants_more = name, True
        close = say("To close this hint: {keys}, then {close}.").format(
            keys=native_keys(texts, "Ctrl+."), close=keyboard_label(texts, "Esc")
        )
        choices = [(say("Got it"), self.go), (say("No more hints"), self._refuse_all)]
        super().__init__(texts, BannerTone.INFORMATION, f"{say(HINTS[name])} {close}", choices)
        self.setObjectName("hint")

    def place_in(self, window: QWidget) -> QRect:
        """Return where the hint stands once it is shown alone."""
        width = toast_width(window)
        self.resize(width, self.height())
        QApplication.sendEvent(self, QResizeEvent(self.size(), QSize()))  # places its buttons; comes late while hidden
        self.body.invalidate()
        return toast_place(window, width, self.heightForWidth(width))

    def _refuse_all(self) -> None:
        self.wants_more = False
        self.go()


class Hints(QObject):
    """Shows the hints of a window that nobody has seen, each when its control can be seen."""

    def __init__(self, window: "MainWindow", texts: Translator, settings: Settings) -> None:
        super().__init__(window)
        self._window, self._texts, self._settings = window, texts, settings
        self._shown: HintToast | None = None
        self._looks = 0
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        app = QApplication.instance()
        assert isinstance(app, QApplication), "there is no window without an application"
        app.focusChanged.connect(self._make_room)

    def look(self) -> None:
        """Show the next hint if there is room for it; take the one that is shown away where there is none."""
        if self._shown is not None:
            self._looks += 1
            self._make_room()
            return
        left = [name for name in HINTS if name not in self._settings.hints_seen]
        if not left:
            self._timer.stop()
        elif self._is_answering() and not self._is_occupied():
            self._show_first(left)

    def _make_room(self) -> None:
        """Take a hint away that would cover what has the focus, or is about questions that are no longer shown."""
        hint = self._shown
        if hint is None or (self._is_answering() and not self._covers_focus(toast_corner(self._window).geometry())):
            return
        if self._looks < _LOOKS:
            self._shown = None  # it comes again
        hint.go()

    def _is_answering(self) -> bool:
        """Return whether questions are shown, which the hints are about."""
        line = self._window.findChild(QWidget, "answer_line")
        return line is not None and line.isVisible()

    def _covers_focus(self, hint: QRect) -> bool:
        """Return whether a hint at a place is over what has the focus: in a table, over the current cell."""
        focused, corner = self._window.focusWidget(), toast_corner(self._window)
        if focused is None or not focused.isVisible() or corner.isAncestorOf(focused):
            return False
        place = focused.rect()
        if isinstance(focused, QAbstractItemView) and focused.currentIndex().isValid():
            place = focused.visualRect(focused.currentIndex())
            focused = focused.viewport()
        return hint.intersects(QRect(focused.mapTo(self._window, place.topLeft()), place.size()))

    def _show_first(self, names: list[str]) -> None:
        """Show the first of the hints whose control can be seen, unless it would cover what has the focus."""
        for name in names:
            anchor = self._window.findChild(QWidget, name)
            if anchor is not None and anchor.isVisible() and (name != _AGENCY or self._window.has_agencies()):
                hint = HintToast(self._texts, name)
                if self._covers_focus(hint.place_in(self._window)):
                    hint.deleteLater()
                    return
                self._shown = hint
                hint.gone.connect(self._remember)
                for done in self._done_by(name):
                    done.connect(hint.go)
                toast_corner(self._window).show_toast(hint)
                return

    def _done_by(self, name: str) -> tuple[SignalInstance, ...]:
        """Return what tells that a person does what a hint is about."""
        workspace, actions = self._window.workspace, self._window.menus.actions
        assert workspace is not None, "questions are shown"
        if name == _AGENCY:
            chosen = workspace.controller.respondent_changed
            return chosen, self._window.top_bar.agency_wanted, actions["agency"].triggered
        return (actions["room"].triggered,) if name == _PRESENT else (workspace.controller.changed,)

    def _is_occupied(self) -> bool:
        """Return whether something else is over the window, or another message is being read."""
        cards = (card.isVisible() for card in self._window.findChildren(FloatingCard))
        asks = QApplication.activeModalWidget() is not None or QApplication.activePopupWidget() is not None
        return asks or any(cards) or bool(toast_corner(self._window).toasts)

    def _remember(self) -> None:
        if self._shown is not None:
            seen = {self._shown.name} if self._shown.wants_more else set(HINTS)
            self._settings.hints_seen = self._settings.hints_seen | seen
            self._shown, self._looks = None, 0
