"""Watching over the open file: swapped by a sync client, taken away, damaged, or free again to be written."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from capacity_app.domain.problems import N_, KnownError
from capacity_app.i18n.translator import Translator
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.ui.widgets.banners import BannerAction, BannerTone
from capacity_app.ui.widgets.messages import BannerArea

if TYPE_CHECKING:
    from capacity_app.services.recovered_copies import RecoveredCopy

NOW_WRITABLE_NOTICE = N_("Nobody else has this file open now. You can edit it.")
FILE_REPLACED_NOTICE = N_(
    "“{file}” was replaced by another program, such as OneDrive or Dropbox. Your work is safe in “{copy}”. You now "
    "work in this copy."
)
FILE_VANISHED_NOTICE = N_(
    "“{file}” is no longer where it was. Your work is safe in “{copy}”. You now work in this copy."
)
FILE_DAMAGED_NOTICE = N_(
    "“{file}” was damaged while it was open. Your work is safe in “{copy}”. You now work in this copy."
)
NEW_FILE_HAS_ALL_NOTICE = N_(
    "“{file}” was replaced by another program, such as OneDrive or Dropbox. The new file holds all your work. Open it "
    "again to continue."
)


class FileWatcher(QObject):
    """Follows one session. ``file_wanted`` asks to open a file, ``union_wanted`` to open one and merge another into it.

    ``moved`` tells that the session writes into another file from now on; ``settled`` that nothing is lost.
    """

    file_wanted = Signal(object)
    union_wanted = Signal(object, object)
    moved = Signal()
    settled = Signal()

    def __init__(self, session: AssessmentSession, banners: BannerArea, texts: Translator, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._banners, self._texts = session, banners, texts

    def look(self) -> None:
        """Look at the file, as when the window is come back to; what is found comes with the news of saving."""
        if not self._session.is_read_only:
            self._session.look()
        elif self._session.is_free_again:
            edit: BannerAction = (
                self._texts.gettext("Edit here now"),
                lambda: self.file_wanted.emit(self._session.file),
            )
            self._banners.tell(
                "read only", BannerTone.GOOD, self._texts.gettext(NOW_WRITABLE_NOTICE), [edit], stays=True
            )

    def take(self, error: KnownError) -> bool:
        """Bring everything to safety after an error that says the file is lost; False if it is another error."""
        from capacity_app.services import recovered_copies  # noqa: PLC0415 - rarely wanted

        session = self._session
        if session.is_read_only or not recovered_copies.is_file_lost(error):
            return False
        if error.values.get("file") != session.file.name:
            return True  # old news of a file that has been left already
        if recovered_copies.file_holds_all_revisions(session):
            again: BannerAction = (self._texts.gettext("Open again"), lambda: self.file_wanted.emit(session.file))
            self._tell(NEW_FILE_HAS_ALL_NOTICE, session.file.name, "", [again])
            self.settled.emit()
            return True
        try:
            recovered = recovered_copies.continue_in_recovered_copy(session, error)
        except KnownError:
            return False
        self._banners.clear("save")
        self._say_where(recovered)
        self.moved.emit()
        return True

    def _say_where(self, recovered: "RecoveredCopy") -> None:
        copy = recovered.file.name if recovered.is_beside else str(recovered.file)
        sentence = (
            FILE_VANISHED_NOTICE
            if recovered.is_vanished
            else FILE_DAMAGED_NOTICE
            if recovered.is_damaged
            else FILE_REPLACED_NOTICE
        )
        self._tell(sentence, recovered.original.name, copy, self._ways(recovered))
        if recovered.lost:
            self._banners.tell("lost documents", BannerTone.WARNING, recovered.lost.text(self._texts.gettext))

    def _tell(self, sentence: str, file: str, copy: str, choices: list[BannerAction]) -> None:
        self._banners.clear("lost file")
        said = self._texts.gettext(sentence).format(file=file, copy=copy)
        self._banners.tell("lost file", BannerTone.WARNING, said, choices)

    def _ways(self, recovered: "RecoveredCopy") -> list[BannerAction]:
        say = self._texts.gettext
        stay: BannerAction = (say("Work on the recovered copy"), lambda: self._banners.clear("lost file"))
        if recovered.is_vanished:
            return [(say("Put the file back"), lambda: self._put_back(recovered)), stay]
        if recovered.is_damaged:
            return [stay]
        return [(say("Merge both files"), lambda: self._unite(recovered)), stay]

    def _unite(self, recovered: "RecoveredCopy") -> None:
        self.union_wanted.emit(recovered.original, recovered.file)

    def _put_back(self, recovered: "RecoveredCopy") -> None:
        """Make the file anew, or, where one has come back by itself, as with a drive, bring both together."""
        if recovered.original.exists():
            self._unite(recovered)
            return
        from capacity_app.services import recovered_copies  # noqa: PLC0415 - as above

        try:
            recovered_copies.recreate_original(self._session, recovered)
        except KnownError as error:
            self._banners.tell("put back", BannerTone.DANGER, error.text(self._texts.gettext))
            return
        for subject in ("lost file", "put back"):
            self._banners.clear(subject)
        self.moved.emit()
