"""The detail of gaps and plan: a gap with the actions that close it, and the form of one action."""

from collections.abc import Iterator
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from capacity_app.domain.assessment.register_fields import form_fields, register_field
from capacity_app.domain.assessment.registers import Action, FeasibilityRating
from capacity_app.domain.planning.action_plan import PlannedAction
from capacity_app.domain.questionnaire.instrument import FEASIBILITY_DESCRIPTIONS, Feasibility, supply_column
from capacity_app.domain.scoring.gaps import Gap
from capacity_app.ui.pages.analyse.gap_table import GapLine, priority_text, severity_arithmetic_text
from capacity_app.ui.pages.analyse.plan_model import PlanState, action_line, inherited_severity_text
from capacity_app.ui.pages.prepare.entry_form import EntryForm, MultiPicker
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.formatters import EntryFormatter
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, TextRole
from capacity_app.ui.widgets.buttons import Button, ComboBox
from capacity_app.ui.widgets.cards import Card, Label, Separator
from capacity_app.ui.widgets.flow import Flow
from capacity_app.ui.widgets.layouts import empty_layout, holder_of, lay_out, side_by_side, with_action, with_name
from capacity_app.ui.widgets.lists_and_tables import FullHeightList, ListLine
from capacity_app.ui.widgets.text_fields import DebounceTimer, TextField, set_text_silently


class GapDetail(QWidget):
    """One gap in words, with its feasibility and a note why no action is planned.

    ``wanted`` carries the address of its question, ``rated`` its address as text and its new feasibility,
    ``action_wanted`` asks for an action that closes it.
    """

    wanted = Signal(object)
    rated = Signal(str, object)
    action_wanted = Signal()

    def __init__(self, controller: SessionController, formatter: EntryFormatter) -> None:
        super().__init__()
        self._controller, self._formatter = controller, formatter
        self._gap: Gap | None = None
        self._rows: dict[str, tuple[Label, QWidget]] = {}
        self._title = Label(role=TextRole.QUESTION)
        self._rest = DebounceTimer(self)
        self._rest.timeout.connect(self._commit)
        say, is_read_only = formatter.texts.gettext, controller.session.is_read_only
        make = Button(say("Plan an action"), "new", is_main=True)
        self._make = with_action(make, "gap_plan", self.action_wanted.emit)
        self._make.setEnabled(not is_read_only)
        go = with_action(Button(say("Go to the question")), "gap_go", self._go)
        self.note = with_name(TextField(), "gap_note", say("Note on this gap"))
        self.note.setPlaceholderText(say("For example why no action is planned"))
        self.note.setReadOnly(is_read_only)
        self.note.textChanged.connect(self._rest.typed)
        self.note.left.connect(self.flush)
        self._grid = QGridLayout()
        self._grid.setColumnStretch(1, 1)
        self._grid.setHorizontalSpacing(MEDIUM)
        buttons = Flow(SMALL, self._make, go)
        column = lay_out(QVBoxLayout(self), self._title, buttons, self._grid, margins=0, spacing=MEDIUM)
        self._text_row("now", say("Now"))
        self._text_row("target", say("Target"))
        self._text_row("severity", say("Severity"))
        self._row("feasibility", say("Feasibility"), self._feasibility_combo())
        self._text_row("suggestion", say("Suggested steps"))
        self._row("note", say("Note"), self.note)
        fields = tuple(register_field("ratings", name) for name in ("commitments", "strategy_item"))
        self.form = with_name(EntryForm(fields, formatter), "gap_commitments")
        self.form.setEnabled(not is_read_only)
        self.form.edited.connect(controller.put)
        column.addWidget(self.form)

    def _row(self, name: str, label: str, content: QWidget) -> None:
        heading, line = Label(label, is_muted=True, wraps=False), len(self._rows)
        self._grid.addWidget(heading, line, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(content, line, 1)
        self._rows[name] = heading, content

    def _text_row(self, name: str, label: str) -> None:
        self._row(name, label, Label(is_selectable=True))

    def _feasibility_combo(self) -> QWidget:
        say = self._formatter.texts.gettext
        choices = tuple((one.value, say(word)) for one, word in FEASIBILITY_DESCRIPTIONS.items())
        self._feasibility = with_name(ComboBox(choices), "gap_feasibility", say("How hard it is to close"))
        self._feasibility.setEnabled(not self._controller.session.is_read_only)
        self._feasibility.activated.connect(lambda _index: self._rate())
        self._why = Label(role=TextRole.CAPTION, is_muted=True)
        return holder_of(QVBoxLayout(), self._feasibility, self._why, spacing=2)

    def _go(self) -> None:
        if self._gap is not None:
            self.wanted.emit(self._gap.address)

    def _rate(self) -> None:
        if self._gap is not None:
            self.rated.emit(str(self._gap.address), Feasibility(self._feasibility.currentData()))

    def _rating(self, gap: Gap) -> FeasibilityRating:
        found = self._controller.session.entry("ratings", str(gap.address))
        if isinstance(found, FeasibilityRating):
            return found
        return FeasibilityRating(id=str(gap.address), feasibility=gap.feasibility)

    def show_count(self, chosen: int) -> None:
        """Say for how many chosen gaps an action would be planned."""
        texts = self._formatter.texts
        sentence = texts.counted("Plan one action for {count} gap", "Plan one action for {count} gaps", chosen)
        self._make.setText(sentence if chosen > 1 else texts.gettext("Plan an action"))

    def show_gap(self, gap: Gap) -> None:
        if self._gap is None or gap.address != self._gap.address:
            self.flush()
        self._gap = gap
        self._title.setText(self._formatter.gap_name(str(gap.address)))
        self._fill("now", self._level_text(gap, gap.level))
        self._fill("target", self._level_text(gap, gap.target))
        self._fill("severity", self._severity_text(gap))
        self._fill("suggestion", "\n".join(self._suggestions(gap)))
        self._feasibility.setCurrentIndex(self._feasibility.findData(gap.feasibility.value))
        self._why.setText(priority_text(self._formatter.texts, gap.priority))
        rating = self._rating(gap)
        self.form.show_entry(rating)
        note = rating.note
        # Stored while it is typed: a space that stands at the end goes on being there.
        if not self._rest.isActive() and note != self.note.toPlainText().strip():
            set_text_silently(self.note, note)

    def _fill(self, name: str, text: str) -> None:
        heading, label = self._rows[name]
        assert isinstance(label, Label)
        label.show_or_hide(text)
        heading.setVisible(bool(text))

    def _severity_text(self, gap: Gap) -> str:
        said = severity_arithmetic_text(self._formatter.texts, gap)
        if not gap.is_open:
            return said
        at_worst = self._formatter.texts.gettext("At worst, if the answer turns out to be level 0:")
        return f"{at_worst} {said}"

    def _suggestions(self, gap: Gap) -> Iterator[str]:
        """Yield the instrument's steps from the present level up to the target."""
        texts = self._formatter.texts
        field = supply_column(gap.question) if gap.row else gap.question
        for step in range(gap.level or 0, min(gap.target, len(field.actions)) if field else 0):
            assert field is not None, "there are no steps without a field"
            text = self._formatter.wording.field_part(gap.question, field, f"action {step + 1}", field.actions[step])
            pattern = texts.gettext("To level {level}: {text}")
            yield pattern.format(level=texts.number(step + 1), text=text)

    def _level_text(self, gap: Gap, level: int | None) -> str:
        if level is None:
            return self._formatter.texts.gettext("Open: ask, then the gap shows.")
        field = supply_column(gap.question) or gap.question
        number = self._formatter.texts.number(level)
        if not field.anchors:
            return self._formatter.texts.gettext("Level {level} over all scored columns").format(level=number)
        return f"{number} · {self._formatter.wording.anchors(gap.question, field)[level]}"

    def flush(self) -> None:
        self.form.flush()
        if self._rest.isActive():
            self._commit()

    def _commit(self) -> None:
        self._rest.stop()
        if self._gap is not None:
            before, text = self._rating(self._gap), self.note.toPlainText().strip()
            if text != before.note:
                self._controller.put(replace(before, note=text))
        self._rest.stored()


class ActionDetail(QWidget):
    """The form of one action, with its severity, its gaps and what is to be completed below the fields.

    ``gap_wanted`` carries the address of a gap as text.
    """

    gap_wanted = Signal(str)

    def __init__(self, controller: SessionController, formatter: EntryFormatter) -> None:
        super().__init__()
        self._controller, self._formatter = controller, formatter
        self._offered: tuple[str, ...] = ()
        self._begun = self._unpriced = ""
        say, is_editable = formatter.texts.gettext, not controller.session.is_read_only
        self._severity = with_name(Label(is_muted=True), "action_severity")
        self.gaps = FullHeightList("action_gaps", say("Show a gap it closes"))
        self.gaps.opened.connect(self.gap_wanted)
        self._links = holder_of(
            QVBoxLayout(), Label(say("Show a gap it closes"), TextRole.STRONG), self.gaps, spacing=SMALL
        )
        self._suggestions = lay_out(QVBoxLayout(), margins=0, spacing=SMALL)
        self.form = EntryForm(form_fields("actions"), formatter)
        self.form.edited.connect(self._store)
        self.form.setEnabled(is_editable)
        self._exclude_self_dependency()
        remove = with_action(Button(say("Remove this action"), "remove"), "remove_action", self.remove)
        remove.setEnabled(is_editable)
        column = lay_out(QVBoxLayout(self), self._severity, self._suggestions, self.form, margins=0, spacing=MEDIUM)
        lay_out(column, self._links, side_by_side(remove))

    def _exclude_self_dependency(self) -> None:
        """Offer all actions but the one shown as those that come first."""
        picker = self.form.editor("depends_on")
        assert isinstance(picker, MultiPicker), "the form declares it so"
        picker.offer(lambda: tuple(entry for entry in self._formatter.entries("actions") if entry[0] != self.current))

    @property
    def current(self) -> str:
        """The id of the action shown, empty if there is none."""
        return self.form.entry.id if self.form.entry is not None and not self.isHidden() else ""

    def _store(self, action: Action, typing: str) -> None:
        """Store what was edited; a first amount takes the currency last used."""
        if action.amount and not action.currency and self._unpriced == action.id:
            action = replace(action, currency=self._formatter.default_currency())
        self._controller.put(action, typing)

    def begin(self, action_id: str) -> None:
        """Say nothing of what is to be completed in the new action shown until it has been left."""
        self._begun = action_id
        self.form.complain({})
        self.form.focus_first()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._begun = ""

    def show_action(self, one: PlannedAction, state: PlanState, *, has_gaps: bool) -> None:
        """Show an action, with links to its gaps if it ``has_gaps`` beside it."""
        self._begun = self._begun if self._begun == one.action.id else ""
        self._unpriced = "" if one.action.amount else one.action.id
        self.form.show_entry(one.action)
        self._severity.setText(inherited_severity_text(self._formatter, one))
        self._links.setVisible(has_gaps and bool(one.gaps))
        names = [(str(gap.address), gap.severity_class) for gap in one.gaps]
        self.gaps.show_lines([ListLine(key, self._formatter.gap_name(key), grade=grade) for key, grade in names])
        self._complain(one, state)
        found = (self._formatter.wording.suggestion(gap) for gap in one.gaps)
        self._offer(tuple(dict.fromkeys(text for text in found if text)), one.action.title)

    def _complain(self, one: PlannedAction, state: PlanState) -> None:
        translate = self._formatter.texts.gettext
        said: dict[str, str] = {}
        for finding in state.findings_of(one.action.id) if one.action.id != self._begun else ():
            earlier = f"{said[finding.field]} " if finding.field in said else ""
            said[finding.field] = f"{earlier}{finding.problem.text(translate)}"
        self.form.complain(said)

    def _offer(self, offered: tuple[str, ...], title: str) -> None:
        """Offer what the gaps suggest, while the action has no title of its own."""
        texts = tuple(text for text in offered if text != title) if not title or title in offered else ()
        if texts == self._offered:
            return
        self._offered = texts
        empty_layout(self._suggestions)
        for text in texts:
            self._suggestions.addWidget(self._suggestion(text))

    def _suggestion(self, text: str) -> QWidget:
        say = self._formatter.texts.gettext
        card = Card(tint="accent_tint", edge="accent_tint", margin=MEDIUM)
        lay_out(card.body, Label(say("Suggested by the questionnaire"), TextRole.CAPTION, is_muted=True), Label(text))
        spoken = say("Use this text: {text}").format(text=text)
        use = Button(say("Use this text"))
        card.body.addLayout(
            side_by_side(with_action(use, "use_suggestion", lambda: self._take_suggestion(text), spoken))
        )
        return card

    def _take_suggestion(self, text: str) -> None:
        self.form.flush()
        self.form.change("title", text)
        self.form.focus_first()

    def remove(self) -> None:
        self.form.flush()
        if self.current:
            self._controller.remove("actions", self.current)


class PlanDetail(Card):
    """What is chosen in the list: a gap with its actions, or an action with its gaps. The form is the same."""

    def __init__(self, controller: SessionController, formatter: EntryFormatter) -> None:
        super().__init__(margin=LARGE, spacing=MEDIUM)
        self._formatter = formatter
        self._line: GapLine | None = None
        self._state: PlanState | None = None
        say = formatter.texts.gettext
        self.gap = GapDetail(controller, formatter)
        self.closing = FullHeightList("gap_actions", say("Actions that close it"))
        self.closing.picked.connect(self._show_picked)
        self.action = ActionDetail(controller, formatter)
        self._closing_block = holder_of(
            QVBoxLayout(),
            Separator(),
            Label(say("Actions that close it"), TextRole.STRONG),
            self.closing,
            spacing=SMALL,
        )
        lay_out(self.body, self.gap, self._closing_block, self.action, 1)

    def show_gap(self, line: GapLine | None, state: PlanState) -> None:
        """Show a gap with its actions, the first one's form open; without one, nothing."""
        is_other = self._line is None or line is None or self._line.address != line.address
        self._line, self._state = line, state
        self.gap.setVisible(line is not None)
        planned = [one for one in map(state.action, line.action_ids if line else ()) if one is not None]
        self._closing_block.setVisible(bool(planned))
        if line is not None:
            self.gap.show_gap(line.gap)
        self.closing.show_lines([action_line(self._formatter, one, state) for one in planned])
        if planned and (is_other or not self.closing.current_key):
            self.closing.choose(planned[0].action.id)
        self._show(self.closing.current_key if planned else "", has_gaps=False)

    def show_action(self, action_id: str, state: PlanState) -> None:
        """Show an action with its gaps; without one, nothing."""
        self._line, self._state = None, state
        self.gap.hide()
        self._closing_block.hide()
        self._show(action_id, has_gaps=True)

    def _show_picked(self, action_id: str) -> None:
        if self._line is not None:
            self._show(action_id, has_gaps=False)

    def _show(self, action_id: str, *, has_gaps: bool) -> None:
        one = self._state.action(action_id) if self._state else None
        if one is None:
            self.action.form.flush()
        elif self._state is not None:
            self.action.show_action(one, self._state, has_gaps=has_gaps)
        self.action.setVisible(one is not None)

    def flush(self) -> None:
        self.gap.flush()
        self.action.form.flush()

    def begin(self, action_id: str) -> None:
        """Show the form of a new action, its first field in focus."""
        self.closing.choose(action_id)
        self.action.begin(action_id)
