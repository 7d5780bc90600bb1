"""Leaving an assessment: what is typed is committed, the disk is waited for, and nothing is given up unasked."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from shiboken6 import isValid

from capacity_app.domain.problems import KnownError
from capacity_app.i18n.translator import Translator
from capacity_app.ui.shell.workspace import Workspace
from capacity_app.ui.widgets.banners import BannerAction, BannerTone


class CloseGuard(QObject):
    """Closes one workspace's session as soon as everything is on disk, then does what was to be done next."""

    def __init__(self, workspace: Workspace, texts: Translator, done: Callable[[], object]) -> None:
        super().__init__(workspace)
        self._workspace, self._texts, self._done = workspace, texts, done
        self._then: Callable[[], object] | None = None
        self._after_jobs: Callable[[], object] | None = None
        self._knows_of_no_backup = False
        workspace.controller.jobs.rested.connect(self._rest)
        workspace.state.changed.connect(self._follow)
        workspace.controller.backup_failed.connect(self._on_backup_failed)

    def begin(self, then: Callable[[], object]) -> bool:
        """Leave now if everything is on disk: True. Otherwise ``then`` is done once it is: False."""
        if self._workspace.controller.jobs.holds_closing:
            self._ask_finish_or_cancel(then)
            return False
        return self._begin(then)

    def _begin(self, then: Callable[[], object]) -> bool:
        self._then = then
        state = self._workspace.state
        self._workspace.controller.request_close()
        if state.has_failed:
            state.refresh()
            return False
        return state.is_safe and not self._is_backing_up() and self._close()

    def _ask_finish_or_cancel(self, then: Callable[[], object]) -> None:
        """Ask what becomes of what is being made; the window stays usable meanwhile."""
        jobs, banners, say = self._workspace.controller.jobs, self._workspace.banners, self._texts.gettext
        name = jobs.shown.name if jobs.shown else ""
        before = self._workspace.window().focusWidget()

        def go_on() -> None:
            self._after_jobs = None
            banners.clear("jobs")
            if self._begin(then):
                then()

        def ask_again() -> None:
            """Ask in the same place, so that whoever is reading or pressing a button meets the same question."""
            if sentence not in banners.sentences():
                return
            has_focus = banners.has_focus
            said = say("{job} has ended. Close the assessment?").format(job=name)
            banners.tell("jobs", BannerTone.WARNING, said, [(say("Close"), go_on), (say("Do not close"), stay)])
            if has_focus:
                banners.focus_newest()

        def stay() -> None:
            self._after_jobs = None
            banners.clear("jobs")
            if before is not None and isValid(before):
                before.setFocus(Qt.FocusReason.OtherFocusReason)

        def finish() -> None:
            self._after_jobs = go_on  # until then, the question would be asked again
            stay_open: list[BannerAction] = [(say("Do not close"), stay)]
            said = say("The assessment closes when this is finished: {job}.").format(job=name)
            banners.tell("jobs", BannerTone.INFORMATION, said, stay_open, stays=True)
            if not jobs.holds_closing:
                self._rest()

        sentence = say("{job} is not finished. Finish it before the assessment closes, or cancel it?").format(job=name)
        choices = [
            (say("Finish, then close"), finish),
            (say("Cancel it and close"), go_on),
            (say("Do not close"), stay),
        ]
        self._after_jobs = ask_again
        banners.tell("jobs", BannerTone.WARNING, sentence, choices)
        banners.focus_newest()

    def _rest(self) -> None:
        """Close if that was waited for; ask again if the question stands there still."""
        then, self._after_jobs = self._after_jobs, None
        if then is not None:
            then()

    def give_up(self) -> None:
        self._then = None

    def _is_backing_up(self) -> bool:
        """Have a backup made of what was changed, if there is none; the window does not stand still for it."""
        if not self._workspace.session.back_up_changes():
            return False
        self._workspace.state.wait()
        return True

    def _follow(self) -> None:
        if self._then is None:
            return
        if self._workspace.state.has_failed:
            self._offer_to_give_up()
        elif self._workspace.state.is_safe and not self._is_backing_up():
            # What the writer thread told before it came to rest is heard first.
            QTimer.singleShot(0, self, self._leave_when_idle)

    def _leave_when_idle(self) -> None:
        if self._then is None:
            return
        self._workspace.controller.request_close()  # letters typed while the disk was waited for
        if self._workspace.state.is_safe:
            self._leave()

    def _on_backup_failed(self, error: KnownError) -> None:
        """Stay, the first time, so that somebody reads that there is no backup; everything is saved all the same."""
        is_first, self._knows_of_no_backup = not self._knows_of_no_backup, True
        then = self._then
        if then is None or not is_first:
            return
        self._then = None

        def go_on() -> None:
            self._then = then
            self._leave()

        say = self._texts.gettext
        save: BannerAction = (say("Save a copy elsewhere"), self._workspace.copy_wanted.emit)
        close: BannerAction = (say("Close all the same"), go_on)
        self._workspace.banners.tell("backup", BannerTone.WARNING, error.text(say), [save, close])

    def _leave(self, *, gives_up: bool = False) -> None:
        then = self._then
        if self._close(gives_up=gives_up) and then is not None:
            # At once: in an event between leaving and going on, a key pressed would find nothing open.
            then()

    def _close(self, *, gives_up: bool = False) -> bool:
        """Close the session; False if something could not be saved and is not to be given up."""
        self._workspace.stop_jobs()
        try:
            self._workspace.session.close()
        except KnownError as error:
            from capacity_app.services.recovered_copies import file_holds_all_revisions  # noqa: PLC0415 - rarely wanted

            if not gives_up and not file_holds_all_revisions(self._workspace.session):
                self._stay(error)
                return False
        self._then = None
        self._done()
        return True

    def _stay(self, error: KnownError) -> None:
        """Say why the assessment stays open; if its file was taken away, what stands here is safe by now."""
        if self._workspace.watch.take(error):
            self._then = None
        else:
            self._workspace.banners.tell("save", BannerTone.DANGER, error.text(self._texts.gettext))

    def _offer_to_give_up(self) -> None:
        """Say that the last changes are not on disk and let the person decide."""
        say = self._texts.gettext
        sentence = say(
            "The last changes are not saved, so the assessment stays open. Save a copy elsewhere, then close."
        )
        save: BannerAction = (say("Save a copy elsewhere"), self._workspace.copy_wanted.emit)
        leave: BannerAction = (say("Close without the last changes"), lambda: self._leave(gives_up=True))
        self._workspace.banners.tell("leaving", BannerTone.DANGER, sentence, [save, leave])
