"""Exporting everything an assessment holds as one ZIP, made by our own command line in a child process."""

from pathlib import Path

from PySide6.QtCore import Signal

from capacity_app.i18n.translator import Translator
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.file_dialogs import SavePathField, SavePathLabels
from capacity_app.ui.session.jobs import CommandJob
from capacity_app.ui.session.save_state import SaveBarrier, SaveState
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, TextRole
from capacity_app.ui.widgets.banners import BannerAction, BannerTone, open_with_desktop
from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.cards import Card, Label, LabelledField, ReadingColumn, page_heading
from capacity_app.ui.widgets.layouts import field_with_button, lay_out, side_by_side, with_action, with_name
from capacity_app.ui.widgets.messages import BannerArea

_SUFFIX = ".zip"


class ArchiveExportPage(ReadingColumn):
    """Says what goes into the ZIP, that it is not protected, and where it is put."""

    done = Signal(str)

    def __init__(self, controller: SessionController, texts: Translator, state: SaveState) -> None:
        super().__init__(name="everything_page")
        self._controller, self._texts = controller, texts
        self.banners = BannerArea(texts)
        say = texts.gettext
        unknown = say("The export stopped. Nothing was written. Try again.")
        unsaved = say("The last changes could not be saved, so the export would lack them.")
        self.job = CommandJob(texts.tag, self, unknown=unknown)
        self.job.wait_for(SaveBarrier(controller, state, self), unsaved, self._begin)
        controller.jobs.follow(self.job, say("Export"), holds_closing=True)
        self.job.progressed.connect(lambda step, _share: self.step.setText(step))
        self.job.done.connect(self._finish)
        self.job.failed.connect(self._fail)
        self.job.cancelled.connect(lambda: self._show_work(is_working=False))
        self._lay_out()

    def _lay_out(self) -> None:
        say = self._texts.gettext
        subtitle = say("The complete archive. You can read it without this program.")
        lay_out(self.body, page_heading(say("Export everything"), subtitle), self.banners)
        if self._controller.session.key is not None:
            self.body.addWidget(self._warning())
        lay_out(self.body, self._card(), 1)
        self._show_work(is_working=False)
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
        self.file = SavePathField("everything_file", SavePathLabels(
            say("ZIP file"),
            say("Choose the place of the ZIP file"),
            say("A file of this name exists. The new file replaces it."),
        ), frozenset({_SUFFIX}))  # fmt: skip
        self.file.suggest(self._controller.session.file.with_suffix(_SUFFIX))
        browse = with_action(Button(say("Choose…")), "everything_browse", lambda: self.file.browse(_SUFFIX))
        lay_out(card.body, LabelledField(say("ZIP file"), field_with_button(self.file, browse)), self.file.remark)
        is_protected = self._controller.session.key is not None
        label = say("Export without protection") if is_protected else say("Export everything")
        self.write = with_action(Button(label, is_main=True), "everything_write", self.export)
        self.cancel = with_action(Button(say("Cancel")), "everything_cancel", self.job.cancel)
        self.step = with_name(Label("", TextRole.CAPTION, is_muted=True), "everything_step")
        lay_out(card.body, side_by_side(self.write, self.cancel), self.step)
        return card

    def _show_work(self, *, is_working: bool) -> None:
        had_focus = self.cancel.hasFocus() or self.write.hasFocus()
        self.write.setVisible(not is_working)
        self.cancel.setVisible(is_working)
        self.step.setVisible(is_working)
        if had_focus:
            (self.cancel if is_working else self.write).setFocus()

    def export(self) -> None:
        if self.job.is_running:
            return
        self.file.choose(self.file.path, _SUFFIX)
        if not self.file.is_writable(self._texts.gettext):
            return
        self.banners.clear_all()
        self.job.start_saved(self._tell_waiting)

    def _tell_waiting(self) -> None:
        self._show_work(is_working=True)
        self.step.setText(self._texts.gettext("Saving first…"))

    def _begin(self) -> None:
        file = str(self._controller.session.file)
        self.job.start(["export", "--yes", "--progress", "--", file, str(self.file.path)], self._controller.keys)

    def _finish(self, file: str) -> None:
        self._show_work(is_working=False)
        say = self._texts.gettext
        opened: BannerAction = (say("Show folder"), lambda: open_with_desktop(Path(file).parent))
        told = say("Everything was exported to {file}.").format(file=file)
        self.banners.tell("zip", BannerTone.GOOD, told, [opened], stays=True)
        self.done.emit(file)

    def _fail(self, sentence: str) -> None:
        self._show_work(is_working=False)
        self.banners.tell("zip", BannerTone.DANGER, sentence)

    def stop(self) -> None:
        self.job.stop()
