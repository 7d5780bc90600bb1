"""What every answer editor has in common: it shows a value, tells a new one, and never loses typed text."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from capacity_app.domain.answers import Value
from capacity_app.domain.instrument import Field, Question
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.wording import Wording


@dataclass(frozen=True)
class Asked:
    """What an editor is for: the field, in its question; ``name`` is what a screen reader says."""

    bridge: Bridge
    wording: Wording
    question: Question
    field: Field
    name: str


class AnswerEditor(QWidget):
    """Edits one value. ``answered`` carries the value (None: nothing) and the mark of a text typed in one go."""

    answered = Signal(object, str)

    def __init__(self, asked: Asked) -> None:
        super().__init__()
        self.asked = asked
        self.setAccessibleName(asked.name)

    def show_value(self, value: Value) -> None:
        """Show what is stored; text being typed stays."""
        raise NotImplementedError

    def not_stored(self, stored: Value) -> None:
        """Take note that the last answer was refused, and ``stored`` still stands; typed text is kept."""
        self.show_value(stored)

    def show_second(self, second: Wording | None) -> None:
        """Show what can be chosen in a second wording too, or no longer."""

    def show_offered(self, value: Value) -> None:
        """Mark what the earlier round said and nobody has confirmed yet; None marks nothing."""

    def set_read_only(self) -> None:
        self.setEnabled(False)

    def flush(self) -> None:
        """Commit typed text now."""

    def rescue(self) -> str:
        """Give up and return typed text that is no answer ("about 12,000" for a number); empty if there is none."""
        return ""

    def take_key(self, event: QKeyEvent) -> bool:  # noqa: ARG002 - for editors that answer to keys
        """Answer by a key pressed anywhere in the question; False if the key is not for this editor."""
        return False
