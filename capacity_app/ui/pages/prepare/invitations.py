"""The card that writes forms and letters: for which agencies, in which language, into which folder."""

from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from capacity_app import paths
from capacity_app.domain.assessment.registers import Agency
from capacity_app.domain.planning.agenda import Agenda
from capacity_app.domain.problems import N_, KnownError
from capacity_app.services.invitations import make_own_template
from capacity_app.services.reports import report_languages
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.formatters import EntryFormatter
from capacity_app.ui.session.jobs import CommandJob
from capacity_app.ui.session.save_state import SaveBarrier, SaveState
from capacity_app.ui.session.settings import Settings
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, TextRole
from capacity_app.ui.widgets.banners import BannerTone, OutcomeBanner, open_with_desktop
from capacity_app.ui.widgets.buttons import Button, ComboBox
from capacity_app.ui.widgets.cards import Card, Label, LabelledField, scroll_area_of
from capacity_app.ui.widgets.layouts import (
    discard,
    field_with_button,
    holder_of,
    lay_out,
    side_by_side,
    with_action,
    with_name,
)
from capacity_app.ui.widgets.progress_card import ThinProgressBar
from capacity_app.ui.widgets.text_fields import LineField

_FORMS = (("xlsx", N_("Workbook")), ("pdf", N_("PDF to print")), ("both", N_("Workbook and PDF")))


def scroll_in_card(content: QWidget) -> QScrollArea:
    """Return content that scrolls inside a card, on the card's own ground."""
    holder = holder_of(QVBoxLayout(), content, 1)
    area = scroll_area_of(holder)
    for ground in (area.viewport(), holder):
        ground.setAutoFillBackground(False)
    return area


class InvitationCard(Card):
    """Choices for forms and letters, and the child process that writes them. ``left`` asks for what stood before."""

    left = Signal()

    def __init__(
        self, controller: SessionController, formatter: EntryFormatter, settings: Settings, state: SaveState
    ) -> None:
        super().__init__(margin=LARGE, spacing=MEDIUM, name="invitations")
        self._controller, self._formatter, self._settings = controller, formatter, settings
        self._boxes: dict[str, QCheckBox] = {}
        self._sections: dict[str, tuple[str, ...]] = {}
        self._written: tuple[str, ...] = ()
        self._outcome = OutcomeBanner(formatter.texts, "invitations_outcome", self.body.addWidget)
        self._make_inputs()
        self._make_job(state)
        self._lay_out()
        self._show_running(is_running=False)

    def _make_inputs(self) -> None:
        texts, instrument = self._formatter.texts, self._formatter.instrument
        say = texts.gettext
        self._agencies = lay_out(QVBoxLayout(), spacing=SMALL)
        self.language = with_name(ComboBox(), "invitations_language", say("Language"))
        self.language.fill(tuple((code, texts.language_name(code)) for code in report_languages(instrument)))
        self.language.setCurrentIndex(max(self.language.findData(self._controller.session.mission.language), 0))
        self.form = with_name(ComboBox(), "invitations_form", say("Form"))
        self.form.fill(tuple((name, say(label)) for name, label in _FORMS))
        self.folder = with_name(LineField(), "invitations_folder", say("Folder"))
        self.folder.setText(str(self._controller.session.file.parent))
        browse = with_action(Button(say("Choose…")), "invitations_browse", self._browse)
        self._fields = {
            "agencies": LabelledField(say("Agencies"), holder_of(self._agencies)),
            "language": LabelledField(say("Language of forms and letters"), self.language),
            "form": LabelledField(say("Form"), self.form),
            "folder": LabelledField(say("Folder"), field_with_button(self.folder, browse)),
        }
        self.template = with_action(Button(say("Edit the letter template…")), "edit_template", self.edit_template)
        self._about_template = Label(role=TextRole.CAPTION, is_muted=True)

    def _make_job(self, state: SaveState) -> None:
        say = self._formatter.texts.gettext
        unknown = say("The program that writes the files stopped. Some files may be missing. Try again.")
        self.job = CommandJob(self._formatter.texts.tag, self, unknown=unknown)
        self.job.progressed.connect(self._show_progress)
        self.job.done.connect(self._finish)
        self.job.failed.connect(lambda sentence: self._end(BannerTone.DANGER, sentence))
        self.job.cancelled.connect(
            lambda: self._end(BannerTone.INFORMATION, say("Cancelled. Files already written stay in the folder."))
        )
        saving = SaveBarrier(self._controller, state, self)
        self.job.wait_for(saving, say("The last changes could not be saved."), self._begin)

    def _lay_out(self) -> None:
        say = self._formatter.texts.gettext
        self.write = with_action(Button(say("Write files"), is_main=True), "write_invitations", self.start)
        self.cancel = with_action(Button(say("Cancel")), "cancel_invitations", self.job.cancel)
        self.back = with_action(Button(say("Back")), "leave_invitations", self.left.emit)
        self._progress, self._step = ThinProgressBar(height=8), Label(role=TextRole.CAPTION, is_muted=True)
        head = Label(say("Forms and letters"), TextRole.HEADING)
        about = say("Each agency gets a blank form with its parts and an invitation letter in Word.")
        fields = self._fields
        kinds = lay_out(QHBoxLayout(), (fields["language"], 1), (fields["form"], 1), spacing=LARGE)
        choices = lay_out(QVBoxLayout(), fields["agencies"], kinds, fields["folder"], side_by_side(self.template))
        choices.addWidget(self._about_template)
        # However many agencies there are, the buttons are seen.
        area = scroll_in_card(holder_of(choices, spacing=MEDIUM))
        lay_out(self.body, head, Label(about, is_muted=True), (area, 1))
        lay_out(self.body, side_by_side(self.write, self.cancel, self.back), self._progress, self._step)

    # -- choices ---------------------------------------------------------------------------------------------------

    def offer(self, agenda: Agenda, chosen: Collection[str] = ()) -> None:
        """List the agencies with parts; tick those chosen, all without any."""
        texts = self._formatter.texts
        discard(*self._boxes.values())
        self._sections = {one.agency.id: tuple(part.id for part in one.sections) for one in agenda.with_parts}
        self._boxes = {}
        for one in agenda.with_parts:
            numbers = texts.listed(part.number for part in one.sections)
            name = self._formatter.title("agencies", one.agency)
            box = with_name(QCheckBox(f"{name}: {numbers}"), f"invite_{one.agency.id}")
            box.setChecked(not chosen or one.agency.id in chosen)
            self._agencies.addWidget(box)
            self._boxes[one.agency.id] = box
        self._tell_template()
        self._outcome.clear()

    @property
    def chosen(self) -> tuple[str, ...]:
        """The ids of the ticked agencies."""
        return tuple(agency for agency, box in self._boxes.items() if box.isChecked())

    def focus_first(self) -> None:
        first: QWidget = next(iter(self._boxes.values()), self.write)
        first.setFocus()

    def _browse(self) -> None:
        title = self._formatter.texts.gettext("Choose a folder for forms and letters")
        if chosen := QFileDialog.getExistingDirectory(self, title, self.folder.text()):
            self.folder.setText(chosen)

    def edit_template(self) -> None:
        """Copy the standard letter for the office, unless it has one, and open it in Word."""
        try:
            file = make_own_template()
        except KnownError as error:
            self._end(BannerTone.DANGER, error.text(self._formatter.texts.gettext))
            return
        self._tell_template()
        open_with_desktop(file)

    def _tell_template(self) -> None:
        say, file = self._formatter.texts.gettext, paths.letter_template_file()
        own = say("Letters use your template: {file}. Delete the file to use the standard letter again.")
        standard = say("Letters use the standard text of the program.")
        self._about_template.setText(own.format(file=file) if file.exists() else standard)

    # -- writing ---------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Write the files, or say what is missing and go there."""
        say = self._formatter.texts.gettext
        problems = {
            "agencies": "" if self.chosen else say("Tick at least one agency."),
            "folder": ""
            if Path(self.folder.text()).is_dir()
            else say("There is no such folder. Choose one that exists."),
        }
        for name, sentence in problems.items():
            self._fields[name].complain(sentence)
        if any(problems.values()):
            (self.folder if self.chosen else next(iter(self._boxes.values()), self.folder)).setFocus()
            return
        self._outcome.clear()
        self._written = self.chosen
        self._show_running(is_running=True)
        self._show_progress(say("Preparing…"), 0.0)
        self.job.start_saved()

    def _begin(self) -> None:
        said = [word for agency in self._written for word in ("--agency", agency)]
        language = self._settings.tag(str(self.language.currentData()))
        options = ["--language", language, "--form", str(self.form.currentData()), "--write", self.folder.text()]
        file = str(self._controller.session.file)
        self.job.start(["agenda", *options, *said, "--progress", "--", file], self._controller.keys)

    def _show_running(self, *, is_running: bool) -> None:
        if not is_running and self.cancel.hasFocus():
            self.write.setEnabled(True)
            self.write.setFocus()
        elif is_running:
            self.cancel.show()
            self.cancel.setFocus()
        self.write.setEnabled(not is_running and not self._controller.session.is_read_only)
        for widget in (self.cancel, self._progress, self._step):
            widget.setVisible(is_running)

    def _show_progress(self, step: str, share: float) -> None:
        self._progress.show_work(share)
        self._step.setText(step)

    def _finish(self, folder: str) -> None:
        texts, session = self._formatter.texts, self._controller.session
        with self._controller.one_step():
            for agency in session.entries("agencies"):
                if isinstance(agency, Agency) and agency.id in self._written:
                    self._controller.put(replace(agency, form_sections=self._sections[agency.id]))
        pattern = texts.ngettext(
            "The form and the letter for {count} agency are in {folder}.",
            "The forms and letters for {count} agencies are in {folder}.",
            len(self._written),
        )
        said = pattern.format(count=texts.number(len(self._written)), folder=folder)
        sentence = " ".join(part for part in (said, self.job.note) if part)
        tone = BannerTone.WARNING if self.job.note else BannerTone.GOOD
        opened: Callable[[], object] = lambda: open_with_desktop(Path(folder))  # noqa: E731 - one line for one button
        self._end(tone, sentence, [(texts.gettext("Show the folder"), opened)])

    def _end(
        self, tone: BannerTone, sentence: str, choices: list[tuple[str, Callable[[], object]]] | None = None
    ) -> None:
        self._show_running(is_running=False)
        self._outcome.tell(tone, sentence, choices or ())

    @property
    def outcome(self) -> str:
        """What the last run ended with, empty while none has."""
        return self._outcome.sentence

    def stop(self) -> None:
        self.job.stop()
