"""The mission page: what makes this assessment this one, and the previous round it is compared with."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.register_fields import form_fields, register_field
from capacity_app.domain.assessment.registers import Mission, PreparationDecision
from capacity_app.domain.encryption_keys import Keyring
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, KnownError
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.i18n.translator import Translator
from capacity_app.services.session.next_round import (
    answered_share,
    count_carried_answers,
    expect_previous_round,
    read_previous_round,
)
from capacity_app.services.session.revision_log import EntryChange
from capacity_app.storage.file_errors import FileProtected
from capacity_app.ui.pages.file_safety.passphrase_fields import UnlockCard
from capacity_app.ui.pages.prepare.agenda_page import session_agenda
from capacity_app.ui.pages.prepare.entry_form import EntryForm
from capacity_app.ui.session.controller import RefreshOnShow, SessionController
from capacity_app.ui.session.file_dialogs import ask_file, file_pattern
from capacity_app.ui.session.formatters import EntryFormatter
from capacity_app.ui.session.settings import ASSESSMENT_SUFFIX
from capacity_app.ui.theme.fonts_and_sizes import LARGE, SMALL, TextRole
from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.cards import Card, Label, ReadingColumn
from capacity_app.ui.widgets.flow import Flow
from capacity_app.ui.widgets.layouts import lay_out, with_action, with_name

# The checklist before the first meeting: each line follows from the file, and has a button that leads to its page.


@dataclass(frozen=True, slots=True)
class PreparationStep:
    """A line of the list: the page where it is done, and what may be decided instead of doing it."""

    name: str
    label: str
    page: str
    button: str
    decision: PreparationDecision | None = None
    decide: str = ""


STEPS = (
    PreparationStep("visit", N_("The dates of the visit are entered"), "visit", N_("Enter the dates")),
    PreparationStep("agencies", N_("Agencies are entered"), "agencies", N_("Go to agencies")),
    PreparationStep("people", N_("People are entered"), "people", N_("Go to people")),
    PreparationStep("agenda", N_("Every part is planned with an agency"), "agenda", N_("Go to the agenda")),
    PreparationStep(
        "forms", N_("Forms and letters are written for all agencies"), "agenda", N_("Go to forms and letters")
    ),
    PreparationStep(
        "previous",
        N_("The previous round is chosen"),
        "previous",
        N_("Choose…"),
        PreparationDecision.NO_PREVIOUS_ROUND,
        N_("No previous round"),
    ),
    PreparationStep(
        "passphrase",
        N_("A passphrase protects the file"),
        "protection",
        N_("Set a passphrase…"),
        PreparationDecision.NO_PASSPHRASE,
        N_("No passphrase needed"),
    ),
)


class PreparationCard(Card):
    """The list. ``page_wanted`` carries a page; two steps are done on this one, and have signals of their own."""

    page_wanted = Signal(str)
    visit_wanted = Signal()
    previous_wanted = Signal()

    def __init__(self, controller: SessionController, texts: Translator) -> None:
        super().__init__(margin=LARGE, name="preparation")
        self._controller, self._texts = controller, texts
        self.title = Label(role=TextRole.HEADING)
        self.body.addWidget(self.title)
        self.lines: dict[str, Label] = {}
        self._decisions: dict[str, Button] = {}
        for step in STEPS:
            self.body.addLayout(self._line(step))

    def _line(self, step: PreparationStep) -> QHBoxLayout:
        say = self._texts.gettext
        self.lines[step.name] = with_name(Label(), f"step_{step.name}")
        go = with_action(Button(say(step.button)), f"go_{step.name}", lambda: self._go(step))
        line = lay_out(QHBoxLayout(), (self.lines[step.name], 1), spacing=SMALL)
        if step.decision is not None:
            decide = with_action(Button(say(step.decide)), f"decide_{step.name}", lambda: self._decide(step))
            decide.setCheckable(True)
            decide.setEnabled(not self._controller.session.is_read_only)
            self._decisions[step.name] = decide
            line.addWidget(decide)
        line.addWidget(go)
        return line

    def _go(self, step: PreparationStep) -> None:
        if step.page == "previous":
            self.previous_wanted.emit()
        elif step.page == "visit":
            self.visit_wanted.emit()
        else:
            self.page_wanted.emit(step.page)

    def _decide(self, step: PreparationStep) -> None:
        """Record the decision to go without, or take it back."""
        self._controller.request_flush()
        mission = self._controller.session.mission
        others = tuple(one for one in mission.decisions if one is not step.decision)
        if step.decision is not None and len(others) == len(mission.decisions):
            others = (*others, step.decision)
        self._controller.put(replace(mission, decisions=others))
        self.refresh()

    def _done(self) -> Iterator[str]:
        """Go through the names of the steps that are done, as the file says."""
        session = self._controller.session
        agenda = session_agenda(session)
        decisions = session.mission.decisions
        done = {
            "visit": bool(session.mission.start and session.mission.end),
            "agencies": bool(agenda.agencies),
            "people": bool(session.entries("people")),
            "agenda": not agenda.unplanned,
            "forms": bool(agenda.agencies) and all(one.has_current_form for one in agenda.agencies),
            "previous": self._has_previous or PreparationDecision.NO_PREVIOUS_ROUND in decisions,
            "passphrase": session.key is not None or PreparationDecision.NO_PASSPHRASE in decisions,
        }
        yield from (name for name, is_done in done.items() if is_done)

    @property
    def _has_previous(self) -> bool:
        try:
            return self._controller.session.previous is not None
        except KnownError:
            return False

    def _missing(self, name: str) -> str:
        """Return what an open step still lacks where part of it is done, empty elsewhere."""
        session, say = self._controller.session, self._texts.gettext
        if name == "visit" and bool(session.mission.start) != bool(session.mission.end):
            label = register_field("mission", "end" if session.mission.start else "start").label
            return say("Missing: {list}").format(list=say(label))
        agencies = session_agenda(session).agencies
        written = sum(one.has_current_form for one in agencies)
        if name == "forms" and 0 < written < len(agencies):
            count, every = self._texts.number(written), self._texts.number(len(agencies))
            return say("{count} of {all}").format(count=count, all=every)
        return ""

    def refresh(self) -> None:
        texts, done = self._texts, frozenset(self._done())
        pattern = texts.gettext("Before the first meeting: {count} of {all} steps done")
        self.title.setText(pattern.format(count=texts.number(len(done)), all=texts.number(len(STEPS))))
        decisions = self._controller.session.mission.decisions
        for step in STEPS:
            is_decided = step.decision is not None and step.decision in decisions
            if step.name == "previous" and self._has_previous:
                is_decided = False
            said = (texts.gettext(step.decide if is_decided else step.label), self._missing(step.name))
            label = " · ".join(part for part in said if part)
            line = self.lines[step.name]
            line.setText(f"{'✓' if step.name in done else '○'}  {label}")
            line.setAccessibleName(f"{label}: {texts.gettext('done') if step.name in done else texts.gettext('open')}")
            line.set_colour("good" if step.name in done else "")
        for name, button in self._decisions.items():
            button.setChecked(any(one.name == name and one.decision in decisions for one in STEPS))


# Choosing a previous round, and what is said of it: which one, how complete, and where its answers are.


def ask_previous_round_file(parent: QWidget, texts: Translator, folder: Path) -> Path | None:
    """Ask for the file of a previous round; None if the person changed their mind."""
    title = texts.gettext("Choose a previous round")
    pattern = file_pattern(texts.gettext("Assessments and dossiers"), (ASSESSMENT_SUFFIX, ".json"))
    return ask_file(parent, title, folder, pattern)


def previous_round_title(texts: Translator, earlier: Dossier) -> str:
    mission = earlier.mission
    country = texts.country_as_typed(mission.m49, mission.country_name) or mission.country
    return texts.gettext("{country}, {round}").format(country=country, round=mission.round)


def previous_round_detail(texts: Translator, earlier: Dossier) -> str:
    title = texts.wording(earlier.instrument.id, "instrument|title", earlier.instrument.title)
    version = texts.gettext("{title}, version {version}").format(title=title, version=earlier.instrument.version)
    answered = texts.gettext("{share} answered").format(share=texts.percent(answered_share(earlier)))
    return f"{answered} · {version}"


def carried_forward_sentences(texts: Translator, earlier: Dossier, instrument: Instrument) -> str:
    """Return where every answer of the previous round is in an empty assessment of an instrument."""
    counted = count_carried_answers(earlier, instrument)
    said = [
        texts.ngettext(
            "{count} answer of {round} waits to be confirmed; none counts as given.",
            "{count} answers of {round} wait to be confirmed; none counts as given.",
            counted.waiting,
        ).format(count=texts.number(counted.waiting), round=earlier.mission.round)
    ]
    if counted.later:
        said.append(
            texts.ngettext(
                "{count} more hangs on an answer that comes first.",
                "{count} more hang on answers that come first.",
                counted.later,
            ).format(count=texts.number(counted.later))
        )
    if counted.unfit:
        said.append(
            texts.ngettext(
                "{count} has no place in this questionnaire any more; it stays in the previous round.",
                "{count} have no place in this questionnaire any more; they stay in the previous round.",
                counted.unfit,
            ).format(count=texts.number(counted.unfit))
        )
    return " ".join(said)


# On the mission page: the previous round this one is compared with, to be set, replaced or left out.


class PreviousRoundChoiceCard(Card):
    """Says which previous round there is and how many of its answers wait; changes are undoable like all others."""

    def __init__(self, controller: SessionController, formatter: EntryFormatter) -> None:
        super().__init__(margin=LARGE, name="earlier_round")
        self._controller, self._formatter = controller, formatter
        say = formatter.texts.gettext
        self._title, self._detail = Label(role=TextRole.STRONG), Label(role=TextRole.CAPTION, is_muted=True)
        self.waiting = with_name(Label(), "earlier_waiting")
        self.problem = Label(role=TextRole.CAPTION, colour="danger")
        self.choose = with_action(Button(say("Choose a previous round…"), "round"), "choose_earlier", self._ask)
        self.drop = with_action(Button(say("Leave it out"), "remove"), "drop_earlier", lambda: self._set(None))
        self._file = Path()
        self.unlock = UnlockCard(formatter.texts, leave=say("Choose another file"))
        self.unlock.opened.connect(self._open)
        self.unlock.left.connect(self._leave)
        for button in (self.choose, self.drop):
            button.setEnabled(not controller.session.is_read_only)
        self._lay_out()
        self.refresh()

    def _lay_out(self) -> None:
        say = self._formatter.texts.gettext
        self.body.addWidget(Label(say("Previous round"), TextRole.HEADING))
        purpose = say("What changed since then is shown with the scores, and its answers are offered to be confirmed.")
        lay_out(self.body, Label(purpose, is_muted=True), self._title, self._detail, self.waiting, self.problem)
        lay_out(self.body, Flow(SMALL, self.choose, self.drop), self.unlock)
        self.unlock.hide()

    def refresh(self, problem: str = "") -> None:
        """Show the previous round as it is now, and why another one was not taken."""
        try:
            earlier = self._controller.session.previous
        except KnownError as error:
            earlier, problem = None, error.text(self._formatter.texts.gettext)
        for widget in (self._title, self._detail, self.waiting, self.drop):
            widget.setVisible(earlier is not None)
        self.problem.show_or_hide(problem)
        if earlier is not None:
            self._say(earlier)

    def _say(self, earlier: Dossier) -> None:
        texts = self._formatter.texts
        self._title.setText(previous_round_title(texts, earlier))
        self._detail.setText(previous_round_detail(texts, earlier))
        count = len(self._controller.session.to_confirm())
        pattern = texts.ngettext(
            "{count} of its answers still waits to be confirmed; none counts as given.",
            "{count} of its answers still wait to be confirmed; none counts as given.",
            count,
        )
        nothing = texts.gettext("None of its answers waits to be confirmed.")
        self.waiting.setText(pattern.format(count=texts.number(count)) if count else nothing)

    def _ask(self) -> None:
        file = ask_previous_round_file(self, self._formatter.texts, self._controller.session.file.parent)
        if file is not None:
            self.take(file)

    def take(self, file: Path) -> None:
        """Set the previous round from a file, or say why it cannot be one."""
        session, self._file = self._controller.session, file
        self.unlock.hide()
        try:
            earlier = read_previous_round(file, keys=self._controller.keys)
            expect_previous_round(earlier, session.mission, session.assessment_id)
        except FileProtected:
            self.refresh()
            self.unlock.ask(file)
            self.unlock.show()
            self.unlock.field.setFocus()
            return
        except KnownError as error:
            self.refresh(error.text(self._formatter.texts.gettext))
            return
        self._set(earlier)

    def _open(self, ring: Keyring) -> None:
        self._controller.keys = self._controller.keys.combined_with(ring)
        self.take(self._file)
        self.choose.setFocus()

    def _leave(self) -> None:
        self.unlock.forget()
        self.unlock.hide()
        self.choose.setFocus()

    def _set(self, earlier: Dossier | None) -> None:
        say = self._formatter.texts.gettext
        text = say("choice of the previous round") if earlier is not None else say("leaving out of the previous round")
        if self._controller.set_previous_round(earlier, text):
            self.refresh()


class QuestionsAskedCard(Card):
    """Says which questions are asked, with a button for each other choice; ``chosen`` tells that it was taken."""

    chosen = Signal()

    def __init__(self, controller: SessionController, formatter: EntryFormatter) -> None:
        super().__init__(margin=LARGE)
        self._controller, self._texts, wording = controller, formatter.texts, formatter.wording
        say = formatter.texts.gettext
        instrument = controller.session.instrument
        said = wording.profile_note or say("All questions are asked.")
        self.problem = with_name(Label(colour="danger"), "profile_problem")
        self.problem.hide()
        titles = {one.id: wording.instrument_text("profiles", one.id, one.title) for one in instrument.profiles}
        labels = {one: say("Use the {form}").format(form=title) for one, title in titles.items()}
        labels = ({"": say("Ask all questions")} | labels) if instrument.profile else labels
        labels.pop(instrument.profile.id if instrument.profile else "", None)
        self.buttons = {
            one: with_action(Button(label), f"profile_{one or 'all'}", partial(self._use, one))
            for one, label in labels.items()
        }
        for button in self.buttons.values():
            button.setEnabled(not controller.session.is_read_only)
        lay_out(self.body, Label(say("Questions asked"), TextRole.HEADING), with_name(Label(said), "profile_said"))
        lay_out(self.body, self.problem, Flow(SMALL, *self.buttons.values()))
        if not instrument.profiles:
            self.hide()

    def _use(self, profile: str) -> None:
        self._controller.flush_requested.emit()
        try:
            self._controller.session.use_profile(profile)
        except KnownError as error:
            self.problem.show_or_hide(error.text(self._texts.gettext))
            return
        self.chosen.emit()


class MissionPage(ReadingColumn):
    """The mission's form, its previous round, and which questions are asked.

    ``page_wanted`` carries the name of the page that is asked for, ``open_wanted`` this file, to be opened anew.
    """

    page_wanted = Signal(str)
    open_wanted = Signal(object)

    def __init__(self, controller: SessionController, texts: Translator) -> None:
        super().__init__(name="mission_page")
        self._controller = controller
        formatter = EntryFormatter(texts, controller.session)
        self.form = EntryForm(form_fields("mission"), formatter, controller)
        self.form.setEnabled(not controller.session.is_read_only)
        self.form.edited.connect(controller.put)
        self.earlier = PreviousRoundChoiceCard(controller, formatter)
        self.questions = QuestionsAskedCard(controller, formatter)
        self.questions.chosen.connect(lambda: self.open_wanted.emit(controller.session.file))
        self.preparation = PreparationCard(controller, texts)
        self.preparation.page_wanted.connect(self.page_wanted)
        self.preparation.previous_wanted.connect(self._choose_previous)
        self.preparation.visit_wanted.connect(self._enter_dates)
        subtitle = texts.gettext("Which country and round, who visits, and how. The first pages of the report show it.")
        card = Card(self.form, _code_line(texts, controller.session.mission), margin=LARGE)
        lay_out(
            self.body,
            Label(subtitle, is_muted=True),
            self.preparation,
            card,
            self.earlier,
            self.questions,
            1,
        )
        self._show()
        self._fresh = RefreshOnShow(self, controller, self._refresh)
        controller.changed.connect(self._hear)
        controller.refused.connect(lambda _error: self._show())
        controller.flush_requested.connect(self.form.flush)

    def _show(self) -> None:
        self.form.show_entry(self._controller.session.mission)

    def _hear(self, change: object) -> None:
        if isinstance(change, EntryChange) and change.register == "mission":
            self._show()

    def _refresh(self) -> None:
        self.form.refresh()
        self.earlier.refresh()
        self.preparation.refresh()

    def _enter_dates(self) -> None:
        """Go to the date that is missing, with the fields around it in sight."""
        mission = self._controller.session.mission
        editor = self.form.editor("end" if mission.start and not mission.end else "start")
        editor.setFocus()
        self.ensureWidgetVisible(editor, 0, self.viewport().height() // 3)

    def _choose_previous(self) -> None:
        self.ensureWidgetVisible(self.earlier)
        self.earlier.choose.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()


def _code_line(texts: Translator, mission: Mission) -> QWidget:
    """Say under which codes the country is filed."""
    codes = " · ".join(part for part in (mission.country, mission.m49 and f"M49 {mission.m49}") if part)
    line = QWidget()
    sentence = texts.gettext("Country code: {codes}. It was fixed when the assessment was made.").format(codes=codes)
    lay_out(QVBoxLayout(line), Label(sentence, TextRole.CAPTION, is_muted=True), margins=(0, SMALL, 0, 0))
    return line
