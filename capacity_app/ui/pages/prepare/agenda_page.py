"""The agenda: the meetings by day with the parts their agencies answer, what is not planned yet, forms and letters."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from capacity_app import paths
from capacity_app.domain.assessment.register_fields import register_field
from capacity_app.domain.assessment.registers import Agency, Meeting, RegisterEntry
from capacity_app.domain.planning.agenda import LONG_DAY, AgencyAgenda, Agenda, AgendaDay, PlannedMeeting, build_agenda
from capacity_app.domain.problems import N_, KnownError
from capacity_app.domain.questionnaire.instrument import Section
from capacity_app.i18n.catalogues import report_languages
from capacity_app.i18n.translator import Translator
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.ui.pages.prepare.entry_form import EntryForm, MultiPicker
from capacity_app.ui.pages.prepare.register_list import InterviewButton
from capacity_app.ui.session.controller import RefreshOnShow, SessionController
from capacity_app.ui.session.file_dialogs import ask_folder
from capacity_app.ui.session.formatters import EntryFormatter
from capacity_app.ui.session.jobs import CommandJob, JobFoot
from capacity_app.ui.session.save_state import SaveBarrier, SaveState
from capacity_app.ui.session.settings import Settings
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, WIDE, TextRole
from capacity_app.ui.widgets.banners import BannerTone, open_with_desktop
from capacity_app.ui.widgets.buttons import Button, ComboBox
from capacity_app.ui.widgets.cards import Card, Label, LabelledField, scroll_area_of
from capacity_app.ui.widgets.flow import Flow, TickBoxes
from capacity_app.ui.widgets.layouts import (
    Stack,
    field_with_button,
    holder_of,
    lay_out,
    side_by_side,
    split_of,
    with_action,
    with_name,
)
from capacity_app.ui.widgets.lists_and_tables import LineList, ListLine
from capacity_app.ui.widgets.text_fields import LineField

# The card that writes forms and letters: for which agencies, in which language, into which folder.


_FORMS = (("xlsx", N_("Workbook")), ("pdf", N_("PDF to print")), ("both", N_("Workbook and PDF")))


class InvitationCard(Card):
    """Choices for forms and letters, and the child process that writes them. ``left`` asks for what stood before."""

    left = Signal()

    def __init__(
        self, controller: SessionController, formatter: EntryFormatter, settings: Settings, state: SaveState
    ) -> None:
        super().__init__(margin=LARGE, spacing=MEDIUM, name="invitations")
        self._controller, self._formatter, self._settings = controller, formatter, settings
        self._sections: dict[str, tuple[str, ...]] = {}
        self._written: tuple[str, ...] = ()
        self._make_inputs()
        self._make_job(state)
        self._lay_out()

    def _make_inputs(self) -> None:
        texts, instrument = self._formatter.texts, self._formatter.instrument
        say = texts.gettext
        self._agencies = TickBoxes("invite")
        self.language = with_name(ComboBox(), "invitations_language", say("Language"))
        self.language.fill(tuple((code, texts.language_name(code)) for code in report_languages(instrument)))
        self.language.setCurrentIndex(max(self.language.findData(self._controller.session.mission.language), 0))
        self.form = with_name(ComboBox(), "invitations_form", say("Form"))
        self.form.fill(tuple((name, say(label)) for name, label in _FORMS))
        self.folder = with_name(LineField(), "invitations_folder", say("Folder"))
        self.folder.setText(str(self._controller.session.file.parent))
        browse = with_action(Button(say("Choose…")), "invitations_browse", self._browse)
        self._fields = {
            "agencies": LabelledField(say("Agencies"), self._agencies),
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
        is_allowed = not self._controller.session.is_read_only
        texts, label = self._formatter.texts, say("Write files")
        self.foot = JobFoot(texts, self.job, "invitations", label, self.start, self.left, is_allowed=is_allowed)
        self.job.done.connect(self._finish)
        self.job.cancelled.connect(
            lambda: self.foot.end(BannerTone.INFORMATION, say("Cancelled. Files already written stay in the folder."))
        )
        saving = SaveBarrier(self._controller, state, self)
        self.job.wait_for(saving, say("The last changes could not be saved."), self._begin)

    def _lay_out(self) -> None:
        say = self._formatter.texts.gettext
        head = Label(say("Forms and letters"), TextRole.HEADING)
        about = say(
            "Each agency gets an agency form and an invitation letter in Word. The form asks the questions of the "
            "agency’s parts. It has no answers, except those from published sources. Import the workbook that the "
            "agency sends back."
        )
        fields = self._fields
        kinds = lay_out(QHBoxLayout(), (fields["language"], 1), (fields["form"], 1), spacing=LARGE)
        choices = lay_out(QVBoxLayout(), fields["agencies"], kinds, fields["folder"], side_by_side(self.template))
        choices.addWidget(self._about_template)
        # However many agencies there are, the buttons are seen.
        area = scroll_area_of(holder_of(choices, 1, spacing=MEDIUM), has_ground=False)
        lay_out(self.body, head, Label(about, is_muted=True), (area, 1), self.foot)

    # -- choices ---------------------------------------------------------------------------------------------------

    def offer(self, agenda: Agenda, chosen: Collection[str] = ()) -> None:
        """List the agencies with parts; tick those chosen, all without any."""
        texts = self._formatter.texts
        self._sections = {one.agency.id: tuple(part.id for part in one.sections) for one in agenda.with_parts}
        named = (
            (one, texts.listed(part.number for part in one.sections), self._formatter.title("agencies", one.agency))
            for one in agenda.with_parts
        )
        self._agencies.offer(((one.agency.id, f"{name}: {numbers}") for one, numbers, name in named), chosen or None)
        self._tell_template()
        self.foot.outcome.clear()

    @property
    def chosen(self) -> tuple[str, ...]:
        """The ids of the ticked agencies."""
        return self._agencies.chosen

    def focus_first(self) -> None:
        first: QWidget = next(iter(self._agencies.boxes.values()), self.foot.make)
        first.setFocus()

    def _browse(self) -> None:
        title = self._formatter.texts.gettext("Choose a folder for forms and letters")
        if (chosen := ask_folder(self, title, Path(self.folder.text()))) is not None:
            self.folder.setText(str(chosen))

    def edit_template(self) -> None:
        """Copy the standard letter for the office, unless it has one, and open it in Word."""
        from capacity_app.services.invitations import make_own_template  # noqa: PLC0415 - as above

        try:
            file = make_own_template()
        except KnownError as error:
            self.foot.end(BannerTone.DANGER, error.text(self._formatter.texts.gettext))
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
            (self.folder if self.chosen else next(iter(self._agencies.boxes.values()), self.folder)).setFocus()
            return
        self._written = self.chosen
        self.foot.begin()
        self.job.start_saved()

    def _begin(self) -> None:
        said = [word for agency in self._written for word in ("--agency", agency)]
        language = self._settings.tag(str(self.language.currentData()))
        options = ["--language", language, "--form", str(self.form.currentData()), "--write", self.folder.text()]
        options.append(f"--sender={self._settings.author}")
        file = str(self._controller.session.file)
        self.job.start(["agenda", *options, *said, "--progress", "--", file], self._controller.keys)

    def _finish(self, folder: str) -> None:
        texts, session = self._formatter.texts, self._controller.session
        with self._controller.one_step():
            for agency in session.entries("agencies"):
                if isinstance(agency, Agency) and agency.id in self._written:
                    self._controller.put(replace(agency, form_sections=self._sections[agency.id]))
        pattern = texts.counted(
            "The form and the letter for {count} agency are in {folder}.",
            "The forms and letters for {count} agencies are in {folder}.",
            len(self._written),
            folder=folder,
        )
        said = pattern
        sentence = " ".join(part for part in (said, self.job.note) if part)
        tone = BannerTone.WARNING if self.job.note else BannerTone.GOOD
        opened: Callable[[], object] = lambda: open_with_desktop(Path(folder))  # noqa: E731 - one line for one button
        self.foot.end(tone, sentence, [(texts.gettext("Show folder"), opened)])

    def stop(self) -> None:
        self.job.stop()


_MISSING = N_("To write forms and letters, first choose agencies and parts in a meeting.")
_FIELDS = ("agencies", "date", "start", "place", "sections")
_DAY, _MEETING, _AGENCY = "day ", "meeting ", "agency "
_NOTHING, _FORM, _INVITATIONS = range(3)


def session_agenda(session: AssessmentSession) -> Agenda:
    """Return the agenda that follows from the meetings of an open assessment."""
    agencies = tuple(one for one in session.entries("agencies") if isinstance(one, Agency))
    meetings = (one for one in session.entries("meetings") if isinstance(one, Meeting))
    return build_agenda(session.instrument, agencies, meetings)


def _name_parts(texts: Translator, sections: Sequence[Section]) -> str:
    """Name parts by their numbers, empty without any."""
    numbers = texts.listed(section.number for section in sections)
    if len(sections) == 1:
        return texts.gettext("Part {number}").format(number=numbers)
    return texts.gettext("Parts {parts}").format(parts=numbers) if sections else ""


def _meeting_line(formatter: EntryFormatter, planned: PlannedMeeting) -> ListLine:
    """Name a meeting by its agencies, several of them by their short names."""
    texts, meeting = formatter.texts, planned.meeting
    several = formatter.wording.agency if len(meeting.agencies) > 1 else partial(formatter.title_of, "agencies")
    agencies = texts.listed(several(agency) for agency in meeting.agencies)
    title = " · ".join(part for part in (texts.in_digits(meeting.start), agencies or meeting.title) if part)
    about = _name_parts(texts, planned.sections) or texts.gettext("No parts")
    length = texts.duration(planned.minutes) if planned.minutes else ""
    detail = " · ".join(part for part in (about, length, meeting.place) if part)
    return ListLine(_MEETING + meeting.id, title or texts.gettext("No agency yet"), detail)


def _day_lines(formatter: EntryFormatter, day: AgendaDay) -> Iterator[ListLine]:
    """Head a day with its total, then say what cannot be, then list its meetings."""
    texts = formatter.texts
    name = texts.weekday(day.date) if day.date else texts.gettext("No date yet")
    yield ListLine(_DAY + day.date, f"{name} · {texts.duration(day.minutes)}", is_heading=True)
    if day.is_long:
        sentence = texts.gettext("The questions of this day take more than {time}.")
        yield _warning(f"{_DAY}{day.date} long", sentence.format(time=texts.duration(LONG_DAY)))
    for agency in day.clashes:
        sentence = texts.gettext("{agency} has two meetings at the same time.")
        name = formatter.title_of("agencies", agency)
        yield _warning(f"{_DAY}{day.date} {agency}", sentence.format(agency=name))
    yield from (_meeting_line(formatter, planned) for planned in day.meetings)


def _warning(key: str, sentence: str) -> ListLine:
    return ListLine(key, sentence, mark="!", colour="warning")


def _agency_line(formatter: EntryFormatter, one: AgencyAgenda, agenda: Agenda) -> ListLine:
    texts, name = formatter.texts, formatter.title("agencies", one.agency)
    if not one.sections:
        return ListLine(_AGENCY + one.agency.id, name, texts.gettext("No parts yet"))
    minutes = sum(agenda.minutes_by_section[section.id] for section in one.sections)
    parts = _name_parts(texts, one.sections)
    form = texts.gettext("Form and letter written") if one.has_current_form else texts.gettext("No form and letter yet")
    mark, colour = ("✓", "good") if one.has_current_form else ("", "muted")
    return ListLine(_AGENCY + one.agency.id, name, " · ".join((parts, texts.duration(minutes), form)), mark, colour)


def agenda_lines(formatter: EntryFormatter, agenda: Agenda) -> Iterator[ListLine]:
    """Go through the days, then through the agencies."""
    for day in agenda.days:
        yield from _day_lines(formatter, day)
    if agenda.agencies:
        yield ListLine("agencies", formatter.texts.gettext("By agency"), is_heading=True)
        yield from (_agency_line(formatter, one, agenda) for one in agenda.agencies)


class AgendaPage(QWidget):
    """The agenda at the leading side; beside it the chosen meeting, or forms and letters to be written.

    ``navigate`` carries the address where an interview starts.
    """

    navigate = Signal(object)

    def __init__(self, controller: SessionController, texts: Translator, settings: Settings, state: SaveState) -> None:
        super().__init__()
        self.setObjectName("agenda_page")
        self._controller, self._texts = controller, texts
        self._formatter = EntryFormatter(texts, controller.session)
        self._agenda = session_agenda(controller.session)
        self._make_list()
        self._make_form()
        self.invitations = InvitationCard(controller, self._formatter, settings, state)
        self.invitations.left.connect(self._leave_invitations)
        nothing = Label(
            texts.gettext("Plan a meeting: choose its agencies, its day and the parts they answer."),
            TextRole.QUESTION,
            is_muted=True,
            side="center",
        )
        self._stack = Stack(Card(1, nothing, 2, margin=WIDE), self._meeting_side, self.invitations)
        split = split_of(self._list_side, self._stack, stretch=(1, 1))
        split.setSizes([600, 600])
        lay_out(QVBoxLayout(self), split, margins=(WIDE, MEDIUM, WIDE, LARGE))
        self._fresh = RefreshOnShow(self, controller, self.refresh)
        controller.flush_requested.connect(self.form.flush)

    def _button(self, button: Button, name: str, act: Callable[[], object]) -> Button:
        button.setEnabled(not self._controller.session.is_read_only)
        return with_action(button, name, act)

    def _make_list(self) -> None:
        say = self._texts.gettext
        self.add = self._button(Button(say("Plan a meeting"), "new", is_main=True), "plan_meeting", self.plan)
        self.write = self._button(
            Button(say("Write forms and letters…"), "report"), "open_invitations", self.show_invitations
        )
        self.list = LineList("agenda", say("Agenda"))
        self.list.picked.connect(self._pick)
        self.list.opened.connect(self._open)
        self.missing = with_name(Label(say(_MISSING), role=TextRole.CAPTION, is_muted=True), "missing_for_letters")
        self.unplanned = with_name(Label(colour="warning"), "unplanned")
        head = Flow(SMALL, self.add, self.write)
        self._list_side = Card(head, self.missing, self.unplanned, (self.list, 1), margin=MEDIUM)
        shortcut = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.list, self.remove)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.setEnabled(not self._controller.session.is_read_only)

    def _make_form(self) -> None:
        say = self._texts.gettext
        fields = tuple(register_field("meetings", name) for name in _FIELDS)
        self.form = with_name(EntryForm(fields, self._formatter, self._controller), "form_agenda")
        picker = self.form.editor("agencies")
        assert isinstance(picker, MultiPicker)
        picker.keep_room()
        self.form.setEnabled(not self._controller.session.is_read_only)
        self.form.edited.connect(self._store)
        self.interview = InterviewButton(self._controller, self._texts, lambda: self._meeting)
        self.interview.navigate.connect(self.navigate)
        self.letter = self._button(Button(say("Form and letter…"), "report"), "open_invitation", self._invite_agencies)
        drop = self._button(Button(say("Remove the meeting"), "remove"), "remove_meeting", self.remove)
        buttons = Flow(SMALL, self.interview, self.letter, drop)
        area = scroll_area_of(holder_of(QVBoxLayout(), self.form, 1), has_ground=False)
        self._meeting_side = Card((area, 1), buttons, margin=LARGE)

    # -- the list --------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        texts = self._texts
        self._agenda = session_agenda(self._controller.session)
        self.list.show_lines(list(agenda_lines(self._formatter, self._agenda)))
        parts = texts.listed(
            f"{one.number} ({texts.duration(self._agenda.minutes_by_section[one.id])})"
            for one in self._agenda.unplanned
        )
        is_begun = bool(self._agenda.with_parts)
        unplanned = texts.gettext("Not planned yet: {parts}").format(parts=parts) if parts and is_begun else ""
        self.unplanned.show_or_hide(unplanned)
        self._allow(self.write, has_parts=is_begun)
        self.missing.setVisible(not is_begun)
        if self._stack.currentIndex() == _INVITATIONS:
            return
        meeting = self._meeting
        if meeting is None:
            self._stack.setCurrentIndex(_NOTHING)
        else:
            self._show(meeting)

    @property
    def _meeting(self) -> Meeting | None:
        """The meeting that the form shows, as it is now."""
        shown = self.form.entry
        found = self._controller.session.entry("meetings", shown.id) if shown is not None else None
        return found if isinstance(found, Meeting) else None

    def _pick(self, key: str) -> None:
        found = self._controller.session.entry("meetings", key.removeprefix(_MEETING))
        if key.startswith(_MEETING) and isinstance(found, Meeting):
            self._show(found)

    def _open(self, key: str) -> None:
        """Show a meeting even if it is the current line, or write form and letter of an agency."""
        self._pick(key)
        if key.startswith(_AGENCY):
            agency = key.removeprefix(_AGENCY)
            if self._agenda.by_agency[agency].sections:
                self.show_invitations(agency)

    def _show(self, meeting: Meeting) -> None:
        self._stack.setCurrentIndex(_FORM)
        self.form.show_entry(meeting)
        self.interview.refresh()
        has_parts = any(
            self._agenda.by_agency[one].sections for one in meeting.agencies if one in self._agenda.by_agency
        )
        self._allow(self.letter, has_parts=has_parts)

    def _allow(self, button: Button, *, has_parts: bool) -> None:
        """Allow writing forms and letters where an agency answers parts, and say there what is missing elsewhere."""
        missing = "" if has_parts else self._texts.gettext(_MISSING)
        button.setEnabled(has_parts and not self._controller.session.is_read_only)
        button.setToolTip(missing)
        button.setAccessibleDescription(missing)

    # -- the meeting -----------------------------------------------------------------------------------------------

    def plan(self) -> None:
        """Add a meeting on the day of the one shown, else on the last day that is planned, else as the visit starts."""
        self.form.flush()
        shown, days = self._meeting, [day.date for day in self._agenda.days if day.date]
        date = (shown.date if shown else "") or (days[-1] if days else self._controller.session.mission.start)
        meeting = Meeting(id=self._controller.session.new_id("meetings"), date=date)
        if self._controller.put(meeting):
            self._stack.setCurrentIndex(_FORM)
            self.form.show_entry(meeting)
            self.refresh()
            self.list.choose(_MEETING + meeting.id)
            self.form.focus_first()

    def _store(self, entry: RegisterEntry, typing: str) -> None:
        """Store a meeting; one that nobody has named is called after its agencies."""
        assert isinstance(entry, Meeting)
        before = self._controller.session.entry("meetings", entry.id)
        if not entry.title or (isinstance(before, Meeting) and entry.title == self._title(before)):
            entry = replace(entry, title=self._title(entry))
        self._controller.put(entry, typing)

    def _title(self, meeting: Meeting) -> str:
        names = self._texts.listed(self._formatter.title_of("agencies", agency) for agency in meeting.agencies)
        return self._texts.gettext("Meeting with {agencies}").format(agencies=names) if names else ""

    def remove(self) -> None:
        self.form.flush()
        meeting = self._meeting
        if meeting is not None and self._controller.remove("meetings", meeting.id):
            self.list.setFocus()

    # -- forms and letters -----------------------------------------------------------------------------------------

    def show_invitations(self, *agencies: str) -> None:
        """Offer to write forms and letters for some agencies, for all without any."""
        self._controller.request_flush()
        self.invitations.offer(session_agenda(self._controller.session), agencies)
        self._stack.setCurrentIndex(_INVITATIONS)
        self.invitations.focus_first()

    def _invite_agencies(self) -> None:
        self.show_invitations(*(self._meeting.agencies if self._meeting else ()))

    def _leave_invitations(self) -> None:
        self._stack.setCurrentIndex(_NOTHING)
        self.refresh()
        self.list.setFocus()

    def stop(self) -> None:
        self.invitations.stop()
