"""Exporting everything an assessment holds as one ZIP, made by our own command line in a child process."""

from pathlib import Path

from PySide6.QtCore import Signal

from capacity_app.i18n.translator import Translator
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.file_dialogs import SavePathField
from capacity_app.ui.session.jobs import CommandJob, JobFoot
from capacity_app.ui.session.save_state import SaveBarrier, SaveState
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM
from capacity_app.ui.widgets.banners import BannerAction, BannerTone, open_with_desktop
from capacity_app.ui.widgets.cards import Card, Label, ReadingColumn, page_heading
from capacity_app.ui.widgets.layouts import lay_out, with_name

_SUFFIX = ".zip"


class ArchiveExportPage(ReadingColumn):
    """Says what goes into the ZIP, that it is not protected, and where it is put."""

    done = Signal(str)

    def __init__(self, controller: SessionController, texts: Translator, state: SaveState) -> None:
        super().__init__(name="everything_page")
        self._controller, self._texts = controller, texts
        say = texts.gettext
        unknown = say("The export stopped. Nothing was written. Try again.")
        unsaved = say("The last changes could not be saved, so the export would lack them.")
        self.job = CommandJob(texts.tag, self, unknown=unknown)
        self.job.wait_for(SaveBarrier(controller, state, self), unsaved, self._begin)
        controller.jobs.follow(self.job, say("Export"), holds_closing=True)
        self.job.done.connect(self._finish)
        self.job.cancelled.connect(lambda: self.foot.show_running(is_running=False))
        self._lay_out()

    def _lay_out(self) -> None:
        say = self._texts.gettext
        subtitle = say("The complete archive. You can read it without this program.")
        lay_out(self.body, page_heading(say("Export everything"), subtitle))
        if self._controller.session.key is not None:
            self.body.addWidget(self._warning())
        lay_out(self.body, self._card(), 1)
        self.setFocusProxy(self.file)

    def _warning(self) -> Card:
        card = with_name(Card(tint="warning_tint", edge="warning", margin=MEDIUM), "everything_warning")
        sentence = self._texts.gettext(
            "This assessment is protected by a passphrase. The ZIP file is not: everybody who has it can read it. Keep "
            "it in a safe place."
        )
        card.body.addWidget(Label(f"! {sentence}"))
        return card

    def _card(self) -> Card:
        say = self._texts.gettext
        about = say(
            "The ZIP file holds all answers and lists as tables, all changes, the questionnaire, a workbook, all "
            "documents and one JSON file. A text in it explains the files."
        )
        card = Card(Label(about), margin=LARGE, spacing=MEDIUM)
        self.file = SavePathField(
            self._texts,
            "everything_file",
            say("ZIP file"),
            say("Choose the place of the ZIP file"),
            say("A file of this name exists. The new file replaces it."),
            frozenset({_SUFFIX}),
            are_kept=True,
        )
        self.file.suggest(self._controller.session.file.with_suffix(_SUFFIX))
        lay_out(card.body, self.file.with_label(say("ZIP file")), self.file.remark)
        is_protected = self._controller.session.key is not None
        label = say("Export without protection") if is_protected else say("Export everything")
        self.foot = JobFoot(self._texts, self.job, "everything", label, self.export)
        card.body.addWidget(self.foot)
        return card

    def export(self) -> None:
        if self.job.is_running:
            return
        self.file.choose(self.file.path, _SUFFIX)
        if not self.file.is_writable(self._texts.gettext):
            return
        self.foot.begin()
        self.job.start_saved()

    def _begin(self) -> None:
        file = str(self._controller.session.file)
        self.job.start(["export", "--yes", "--progress", "--", file, str(self.file.path)], self._controller.keys)

    def _finish(self, file: str) -> None:
        say = self._texts.gettext
        opened: BannerAction = (say("Show folder"), lambda: open_with_desktop(Path(file).parent))
        self.foot.end(BannerTone.GOOD, say("Everything was exported to {file}.").format(file=file), [opened])
        self.done.emit(file)

    def stop(self) -> None:
        self.job.stop()
