"""The pill that says what the program does meanwhile: name, per cent, and a button to stop it or open the result."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from capacity_app.i18n.translator import Translator
from capacity_app.ui.theme.fonts_and_sizes import SMALL, TIGHT, TextRole
from capacity_app.ui.widgets.buttons import FlatButton, IconToolButton
from capacity_app.ui.widgets.cards import Card, Label
from capacity_app.ui.widgets.layouts import lay_out, with_action, with_name
from capacity_app.ui.widgets.progress_card import ThinProgressBar


class JobPill(Card):
    """Shows one job; ``cancel_wanted``, ``open_wanted`` and ``closed`` tell what was pressed."""

    cancel_wanted = Signal()
    open_wanted = Signal()
    closed = Signal()

    def __init__(self, texts: Translator) -> None:
        super().__init__(edge="edge", margin=TIGHT, spacing=0, name="job_pill")
        self._texts = texts
        say = texts.gettext
        self._words = Label(role=TextRole.CAPTION, wraps=False)
        self._bar = ThinProgressBar(height=4)
        cancel = FlatButton(say("Cancel"))
        self.cancel = with_action(cancel, "job_cancel", self.cancel_wanted.emit, say("Cancel the running task"))
        self.open = with_action(FlatButton(say("Open")), "job_open", self.open_wanted.emit, say("Open the result"))
        closer = IconToolButton("close", say("Close this message"))
        self.closer = with_action(closer, "job_close", self.closed.emit)
        words = lay_out(QVBoxLayout(), self._words, self._bar, spacing=TIGHT)
        line = lay_out(QHBoxLayout(), (words, 1), self.cancel, self.open, self.closer, spacing=SMALL)
        self.body.addLayout(line)
        self.body.setContentsMargins(SMALL, 0, TIGHT, 0)
        with_name(self, "job_pill")
        self.hide()

    def show_job(self, name: str, share: float, *, is_running: bool) -> None:
        """Show how far a job is; while nobody knows, that it is being prepared."""
        say, texts = self._texts.gettext, self._texts
        if not is_running:
            told = say("{job}: done").format(job=name)
        elif share:
            told = say("{job}: {share} %").format(job=name, share=texts.number(round(share * 100)))
        else:
            told = say("{job}: preparing…").format(job=name)
        self._words.setText(told)
        self._bar.show_work(share)
        self.setAccessibleName(told)
        for widget, is_shown in (
            (self._bar, is_running),
            (self.cancel, is_running),
            (self.open, not is_running),
            (self.closer, not is_running),
        ):
            widget.setVisible(is_shown)
        self.show()
