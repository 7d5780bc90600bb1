"""How the last piece of work ended, said in one place of a page."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from capacity_app.texts import Texts
from capacity_app.ui.look.alerts import Banner, Choice, Tone
from capacity_app.ui.look.buttons import SignTool


class Outcome:
    """The banner of a page about what was done or failed; the next one takes its place, and its cross takes it away.

    ``name`` is what the banner is called, ``place`` puts it into the page. ``sentence`` is what it says, empty while
    there is none.
    """

    def __init__(self, texts: Texts, name: str, place: Callable[[QWidget], object]) -> None:
        self._texts, self._name, self._place = texts, name, place
        self._shown: QWidget | None = None
        self.sentence = ""

    def tell(self, tone: Tone, sentence: str, choices: Sequence[Choice] = ()) -> None:
        """Say how something ended, and what can be done about it."""
        banner = Banner(self._texts, tone, sentence, choices)
        self.show(banner, banner.closer, sentence)

    def show(self, shown: QWidget, closer: SignTool, sentence: str) -> None:
        """Show what says more than a banner, with its cross and its sentence."""
        self.clear()
        self._shown, self.sentence = shown, sentence
        shown.setObjectName(self._name)
        closer.clicked.connect(lambda _checked: self.clear())
        self._place(shown)

    def clear(self) -> None:
        if self._shown is not None:
            self._shown.hide()
            self._shown.deleteLater()
            self._shown, self.sentence = None, ""
