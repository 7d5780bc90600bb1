"""The checklist before the first meeting: each line follows from the file, and has a button that leads to its page."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from capacity_app.domain.assessment.registers import PreparationDecision
from capacity_app.domain.problems import N_, KnownError
from capacity_app.i18n.translator import Translator
from capacity_app.ui.pages.prepare.agenda_page import session_agenda
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.theme.fonts_and_sizes import LARGE, SMALL, TextRole
from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.cards import Card, Label
from capacity_app.ui.widgets.layouts import lay_out, with_action, with_name


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
    PreparationStep("agencies", N_("Agencies are entered"), "agencies", N_("Go to agencies")),
    PreparationStep("people", N_("People are entered"), "people", N_("Go to people")),
    PreparationStep("agenda", N_("Every part is planned with an agency"), "agenda", N_("Go to the agenda")),
    PreparationStep("forms", N_("Forms and letters are written for all agencies"), "agenda", N_("Write forms…")),
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
    """The list. ``page_wanted`` carries a page, ``previous_wanted`` asks for the choice of a previous round."""

    page_wanted = Signal(str)
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
        try:
            has_previous = session.previous is not None
        except KnownError:
            has_previous = False
        done = {
            "agencies": bool(agenda.agencies),
            "people": bool(session.entries("people")),
            "agenda": not agenda.unplanned,
            "forms": bool(agenda.with_parts) and all(one.has_current_form for one in agenda.with_parts),
            "previous": has_previous or PreparationDecision.NO_PREVIOUS_ROUND in decisions,
            "passphrase": session.key is not None or PreparationDecision.NO_PASSPHRASE in decisions,
        }
        yield from (name for name, is_done in done.items() if is_done)

    def refresh(self) -> None:
        texts, done = self._texts, frozenset(self._done())
        pattern = texts.gettext("Before the first meeting: {count} of {all} steps done")
        self.title.setText(pattern.format(count=texts.number(len(done)), all=texts.number(len(STEPS))))
        decisions = self._controller.session.mission.decisions
        for step in STEPS:
            is_decided = step.decision is not None and step.decision in decisions
            label = texts.gettext(step.decide if is_decided else step.label)
            line = self.lines[step.name]
            line.setText(f"{'✓' if step.name in done else '○'}  {label}")
            line.setAccessibleName(f"{label}: {texts.gettext('done') if step.name in done else texts.gettext('open')}")
            line.set_colour("good" if step.name in done else "")
        for name, button in self._decisions.items():
            button.setChecked(any(one.name == name and one.decision in decisions for one in STEPS))
