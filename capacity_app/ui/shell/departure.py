"""Leaving an assessment: what is typed is committed, the disk is waited for, and nothing is given up unasked."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from capacity_app.domain.problems import KnownError
from capacity_app.texts import Texts
from capacity_app.ui.look.alerts import Choice, Tone
from capacity_app.ui.shell.workspace import Workspace


class Departure(QObject):
    """Closes one workspace's session as soon as everything is on disk, then does what was to be done next."""

    def __init__(self, workspace: Workspace, texts: Texts, done: Callable[[], object]) -> None:
        super().__init__(workspace)
        self._workspace, self._texts, self._done = workspace, texts, done
        self._then: Callable[[], object] | None = None
        workspace.state.changed.connect(self._follow)

    def begin(self, then: Callable[[], object]) -> bool:
        """Leave now if everything is on disk: True. Otherwise ``then`` is done once it is: False."""
        self._then = then
        state = self._workspace.state
        self._workspace.bridge.request_close()
        if state.has_failed:
            state.refresh()
            return False
        return state.is_safe and self._close()

    def _follow(self) -> None:
        if self._then is None:
            return
        if self._workspace.state.has_failed:
            self._offer_to_give_up()
        elif self._workspace.state.is_safe:
            self._leave()

    def _leave(self, *, gives_up: bool = False) -> None:
        then = self._then
        if self._close(gives_up=gives_up) and then is not None:
            # The slot that brought the news belongs to a workspace that is about to go.
            QTimer.singleShot(0, then)

    def _close(self, *, gives_up: bool = False) -> bool:
        """Close the session; False if something could not be saved and is not to be given up."""
        self._workspace.stop_jobs()
        try:
            self._workspace.session.close()
        except KnownError as error:
            if not gives_up:
                self._workspace.banners.tell("save", Tone.DANGER, error.text(self._texts.gettext))
                return False
        self._then = None
        self._done()
        return True

    def _offer_to_give_up(self) -> None:
        """Say that the last changes are not on disk and let the person decide."""
        say = self._texts.gettext
        sentence = say(
            "The last changes are not saved, so the assessment stays open. Save a copy elsewhere, then close."
        )
        save: Choice = (say("Save a copy elsewhere"), self._workspace.copy_wanted.emit)
        leave: Choice = (say("Close without the last changes"), lambda: self._leave(gives_up=True))
        self._workspace.banners.tell("leaving", Tone.DANGER, sentence, [save, leave])
