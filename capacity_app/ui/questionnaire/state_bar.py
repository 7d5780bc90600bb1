"""The quiet buttons under a question: unknown, not applicable, declined, clear, note."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from capacity_app.domain.answers import Content, State
from capacity_app.domain.problems import N_
from capacity_app.texts import Texts
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.quiet_button import QuietButton
from capacity_app.ui.look.theme import TIGHT
from capacity_app.ui.questionnaire import keys
from capacity_app.ui.questionnaire.keys import Act, on_keyboard

_LABELS = {
    Act.UNKNOWN: N_("Unknown"),
    Act.NOT_APPLICABLE: N_("Not applicable"),
    Act.DECLINED: N_("Declined"),
    Act.CLEAR: N_("Clear"),
    Act.NOTE: N_("Note"),
}
_LETTERS = {Act.UNKNOWN: "U", Act.NOT_APPLICABLE: "X", Act.DECLINED: "D", Act.CLEAR: "Del", Act.NOTE: "F4"}
_FUNCTION_KEYS = {Act.UNKNOWN: "F6", Act.NOT_APPLICABLE: "F7", Act.DECLINED: "F8", Act.CLEAR: "", Act.NOTE: "F4"}
_ACTS = {State.UNKNOWN: Act.UNKNOWN, State.NOT_APPLICABLE: Act.NOT_APPLICABLE, State.DECLINED: Act.DECLINED}

FOR_ANSWERS = (Act.UNKNOWN, Act.NOT_APPLICABLE, Act.DECLINED, Act.CLEAR, Act.NOTE)


class StateBar(Flow):
    """The buttons as one stop for Tab; the arrows go from one to the next. ``asked`` carries an ``Act``."""

    asked = Signal(object)

    def __init__(self, texts: Texts, acts: Sequence[Act] = FOR_ANSWERS, *, has_typing: bool = False) -> None:
        super().__init__(TIGHT)
        self.setAccessibleName(texts.gettext("State of the answer"))
        shown = _FUNCTION_KEYS if has_typing else _LETTERS
        self.buttons = {act: QuietButton(texts.gettext(_LABELS[act]), on_keyboard(texts, shown[act])) for act in acts}
        for act, button in self.buttons.items():
            button.setCheckable(act is not Act.CLEAR)
            button.clicked.connect(lambda _on=False, act=act: self._press(act))
            self.place(button)
        self._stop_at(0)

    def _press(self, act: Act) -> None:
        # What is checked follows the answer, not the click.
        button = self.buttons[act]
        button.setChecked(not button.isChecked())
        self.asked.emit(act)

    def _stop_at(self, place: int) -> None:
        for number, button in enumerate(self.buttons.values()):
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if number == place else Qt.FocusPolicy.ClickFocus)

    def show_content(self, content: Content, *, is_note_open: bool) -> None:
        """Check the button of the state the answer is in."""
        chosen = _ACTS.get(content.state)
        for act, button in self.buttons.items():
            button.setChecked(act is chosen or (act is Act.NOTE and is_note_open))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        forward = -1 if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else 1
        step = {Qt.Key.Key_Right: forward, Qt.Key.Key_Left: -forward}.get(Qt.Key(event.key()))
        buttons = [button for button in self.buttons.values() if button.isEnabled()]
        here = next((place for place, button in enumerate(buttons) if button.hasFocus()), -1)
        if step is None or here < 0 or not keys.is_plain(event):
            event.ignore()
            return
        target = buttons[(here + step) % len(buttons)]
        self._stop_at(list(self.buttons.values()).index(target))
        target.setFocus(Qt.FocusReason.TabFocusReason)
