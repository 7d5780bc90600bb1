"""The actions: their list, the form of one with what is said about it, and what is still wrong with the plan."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.assessment.register_fields import form_fields
from capacity_app.domain.assessment.registers import Action
from capacity_app.domain.planning.action_plan import PlanGrouping, PlannedAction
from capacity_app.domain.scoring.gaps import Gap, GapSeverity
from capacity_app.ui.pages.analyse.plan_model import (
    GROUP_KEY_MARK,
    PlanState,
    action_severity_text,
    group_actions,
    group_heading,
    inherited_severity_text,
    owner_text,
    progress_text,
)
from capacity_app.ui.pages.prepare.entry_form import EntryForm, MultiPicker
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.formatters import EntryFormatter
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, WIDE, TextRole
from capacity_app.ui.theme.painting import paint_severity
from capacity_app.ui.widgets.banners import IconLabel
from capacity_app.ui.widgets.buttons import IconButton
from capacity_app.ui.widgets.cards import Card, Label, scroll_area_of
from capacity_app.ui.widgets.layouts import empty_layout, holder_of, lay_out, side_by_side, split_of, with_name
from capacity_app.ui.widgets.lists_and_tables import LineList, ListLine, forward_arrow

if TYPE_CHECKING:
    from capacity_app.domain.assessment.findings import Finding


_REST = "rest"
_NARROW = 100
"""Letters of width below which the form stands under the list."""


class SeveritySign(QWidget):
    """The four bars of a severity class, as tall as a line of text; the words stand beside it."""

    def __init__(self) -> None:
        super().__init__()
        self._grade = GapSeverity.NONE
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_grade(self, grade: GapSeverity) -> None:
        self._grade = grade
        self.update()

    def sizeHint(self) -> QSize:
        high = self.fontMetrics().height()
        return QSize(high, high)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_severity(painter, QRectF(self.rect()).adjusted(0, 2, 0, -3), self._grade)
        painter.end()


class ActionSummary(QWidget):
    """Everything said about one action. ``taken`` carries a suggested text that is to be its title."""

    taken = Signal(str)

    def __init__(self, formatter: EntryFormatter) -> None:
        super().__init__()
        self._formatter = formatter
        self._offered: tuple[str, ...] = ()
        self._warned: tuple[str, ...] = ()
        self._sign, self._severity = SeveritySign(), Label(is_muted=True)
        self._severity.setObjectName("action_severity")
        line = lay_out(QHBoxLayout(), self._sign, (self._severity, 1), spacing=SMALL)
        self._warnings = with_name(Card(tint="warning_tint", edge="warning_tint", margin=MEDIUM), "action_warning_card")
        self._suggestions = QWidget()
        self._texts = lay_out(QVBoxLayout(self._suggestions), margins=0, spacing=SMALL)
        lay_out(QVBoxLayout(self), line, self._warnings, self._suggestions, margins=(0, 0, 0, SMALL), spacing=SMALL)
        self._warnings.hide()
        self._suggestions.hide()

    def show_action(self, one: PlannedAction, state: PlanState) -> None:
        self._sign.show_grade(one.severity)
        self._severity.setText(inherited_severity_text(self._formatter, one))
        translate = self._formatter.texts.gettext
        self._warn(tuple(finding.problem.text(translate) for finding in state.warnings(one.action.id)))
        found = (self._formatter.wording.suggestion(gap) for gap in one.gaps)
        self._offer(tuple(dict.fromkeys(text for text in found if text)), one.action.title)

    def _warn(self, sentences: tuple[str, ...]) -> None:
        if sentences == self._warned:
            return
        self._warned = sentences
        empty_layout(self._warnings.body)
        self._warnings.setVisible(bool(sentences))
        for sentence in sentences:
            holder = holder_of(QHBoxLayout(), IconLabel("warning", "warning"), (Label(sentence), 1), spacing=SMALL)
            self._warnings.body.addWidget(holder)

    def _offer(self, offered: tuple[str, ...], title: str) -> None:
        """Offer what the gaps suggest, while the action has no title of its own."""
        # Who has found words of their own is not disturbed.
        texts = tuple(text for text in offered if text != title) if not title or title in offered else ()
        if texts == self._offered:
            return
        self._offered = texts
        empty_layout(self._texts)
        self._suggestions.setVisible(bool(texts))
        for text in texts:
            self._texts.addWidget(self._suggestion(text))

    def _suggestion(self, text: str) -> QWidget:
        say = self._formatter.texts.gettext
        card = Card(tint="accent_tint", edge="accent_tint", margin=MEDIUM)
        lay_out(card.body, Label(say("Suggested by the instrument"), TextRole.CAPTION, is_muted=True), Label(text))
        take = QPushButton(say("Use this text"))
        take.setObjectName("use_suggestion")
        take.setAccessibleName(say("Use this text: {text}").format(text=text))
        take.clicked.connect(lambda _checked: self.taken.emit(text))
        card.body.addLayout(side_by_side(take))
        return card


class ActionEditor(QWidget):
    """All actions. ``gap_wanted`` carries the address of a gap to go to, None for all that have no action.

    ``grown`` tells that there is a new action.
    """

    gap_wanted = Signal(object)
    grown = Signal()

    def __init__(self, controller: SessionController, formatter: EntryFormatter) -> None:
        super().__init__()
        self._controller, self._formatter = controller, formatter
        self._state: PlanState | None = None
        self.list = LineList("list_actions", formatter.texts.gettext("Actions"))
        self.list.picked.connect(self._show)
        self.form = EntryForm(form_fields("actions"), formatter)
        self.form.edited.connect(controller.put)
        self.form.setEnabled(not controller.session.is_read_only)
        self._exclude_self_dependency()
        self.head = ActionSummary(formatter)
        self.head.taken.connect(self._take_suggestion)
        self.warnings = LineList("action_warnings", formatter.texts.gettext("What is still wrong with the plan"))
        self.warnings.opened.connect(self._open_warning)
        self._places: dict[str, Finding] = {}
        self._warning_card = self._warnings()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty())
        self._stack.addWidget(self._form_side())
        self._split = split_of(self._list_side(), self._stack, stretch=(2, 3))
        self._split.setSizes([400, 600])
        lay_out(QVBoxLayout(self), (self._split, 1), margins=0, spacing=MEDIUM)

    def _exclude_self_dependency(self) -> None:
        """Offer all actions but the one shown as those that come first."""
        picker = self.form.editor("depends_on")
        assert isinstance(picker, MultiPicker), "the form declares it so"
        picker.offer(
            lambda: tuple(
                entry
                for entry in self._formatter.entries("actions")
                if self.form.entry is None or entry[0] != self.form.entry.id
            )
        )

    def _warnings(self) -> Card:
        card = Card(tint="warning_tint", edge="warning", margin=SMALL)
        title = Label(self._formatter.texts.gettext("What is still wrong with the plan"), TextRole.STRONG)
        title.setContentsMargins(SMALL, SMALL, SMALL, 0)
        lay_out(card.body, title, self.warnings)
        self.warnings.viewport().setAutoFillBackground(False)
        return card

    def _list_side(self) -> QWidget:
        side = Card(margin=SMALL)
        self.add_button = IconButton("new", self._formatter.texts.gettext("Add an action"), is_main=True)
        self.add_button.setObjectName("add_action")
        self.add_button.setEnabled(not self._controller.session.is_read_only)
        self.add_button.clicked.connect(lambda _checked: self.add(()))
        line = side_by_side(self.add_button)
        line.setContentsMargins(SMALL, SMALL, SMALL, SMALL)
        self.list.setMinimumHeight(6 * self.fontMetrics().height())
        self.warnings.setMinimumHeight(4 * self.fontMetrics().height())
        lay_out(side.body, line, (self.list, 3))
        return holder_of(QVBoxLayout(), (side, 3), (self._warning_card, 2), spacing=MEDIUM)

    def _form_side(self) -> QWidget:
        holder = Card(self.head, self.form, 1, margin=WIDE)
        remove = IconButton("remove", self._formatter.texts.gettext("Remove this action"))
        remove.setObjectName("remove_action")
        remove.setEnabled(not self._controller.session.is_read_only)
        remove.clicked.connect(lambda _checked: self.remove())
        shortcut = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.list, self.remove)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        holder.body.addLayout(side_by_side(remove))
        area = scroll_area_of(holder, takes_focus=True)
        area.setMinimumHeight(12 * self.fontMetrics().height())
        return area

    def _empty(self) -> QWidget:
        say = self._formatter.texts.gettext
        sentence = say(
            "No action yet. Choose a gap and press “Plan an action for it”: the instrument suggests a first text, you "
            "say who, when and with which money."
        )
        page = QWidget()
        column = lay_out(QVBoxLayout(page), 1, margins=WIDE, spacing=MEDIUM)
        column.addWidget(Label(sentence, TextRole.QUESTION, is_muted=True, side="center"))
        go = IconButton("gaps", say("Choose from the gaps"))
        go.setObjectName("go_to_gaps")
        go.clicked.connect(lambda _checked: self.gap_wanted.emit(None))
        lay_out(column, (go, 0, Qt.AlignmentFlag.AlignHCenter), 2)
        return page

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= _NARROW * self.fontMetrics().averageCharWidth()
        self._split.setOrientation(Qt.Orientation.Horizontal if is_wide else Qt.Orientation.Vertical)

    def show_plan(self, state: PlanState, grouping: PlanGrouping) -> None:
        self._state = state
        self.list.show_lines(self._lines(state, grouping))
        self._show_findings(state)
        if not state.plan:
            self._stack.setCurrentIndex(0)
        elif self.list.current_key:
            self._show(self.list.current_key)
        else:
            self.list.choose(next(line.key for line in self.list.lines.rows if not line.is_heading))

    def _lines(self, state: PlanState, grouping: PlanGrouping) -> list[ListLine]:
        lines: list[ListLine] = []
        shown: set[str] = set()
        for key, members in group_actions(self._formatter, state.plan, grouping).items():
            if grouping is not PlanGrouping.NONE:
                heading = group_heading(self._formatter, grouping, key, len(members))
                lines.append(ListLine(f"{GROUP_KEY_MARK}{key}", heading, is_heading=True))
            for one in members:
                again = f"{GROUP_KEY_MARK}{key}" if one.action.id in shown else ""
                lines.append(self._line(one, state, again))
                shown.add(one.action.id)
        return lines

    def _line(self, one: PlannedAction, state: PlanState, again: str) -> ListLine:
        formatter, action = self._formatter, one.action
        parts = (
            action_severity_text(formatter, one),
            owner_text(formatter, action),
            progress_text(formatter, action, state.today),
        )
        title = f"{formatter.texts.number(one.number)}  {formatter.title('actions', action)}"
        return ListLine(f"{action.id}{again}", title, " · ".join(parts), grade=one.severity)

    def _show_findings(self, state: PlanState) -> None:
        self._places = {str(number): finding for number, finding in enumerate(state.findings)}
        translate = self._formatter.texts.gettext
        lines = []
        for number, finding in self._places.items():
            gap = state.gaps.get(str(finding.address))
            title = self._formatter.gap_name(str(gap.address)) if gap else finding.problem.text(translate)
            lines.append(ListLine(number, title, finding.problem.text(translate) if gap else "", "⚠", "warning"))
        if state.loose:
            said = self._formatter.texts.ngettext(
                "{count} less serious gap has no action either.",
                "{count} less serious gaps have no action either.",
                state.loose,
            )
            lines.append(
                ListLine(
                    _REST,
                    said.format(count=self._formatter.texts.number(state.loose)),
                    mark=forward_arrow(self._formatter.texts),
                )
            )
        self.warnings.show_lines(lines)
        self._warning_card.setVisible(bool(lines))

    def _open_warning(self, key: str) -> None:
        finding = self._places.get(key)
        if finding is None:
            self.gap_wanted.emit(None)
        elif finding.entry:
            self.choose(finding.entry)
            self.form.focus_first()
        elif isinstance(finding.address, Address):
            self.gap_wanted.emit(finding.address)

    def _show(self, key: str) -> None:
        action = self._controller.session.entry("actions", key.partition(GROUP_KEY_MARK)[0])
        if not isinstance(action, Action) or self._state is None:
            return
        self._stack.setCurrentIndex(1)
        self.form.show_entry(action)
        planned = next((one for one in self._state.plan if one.action.id == action.id), None)
        if planned is not None:
            self.head.show_action(planned, self._state)

    @property
    def current(self) -> str:
        """The id of the action shown, empty if there is none."""
        return self.list.current_key.partition(GROUP_KEY_MARK)[0]

    def choose(self, action: str) -> None:
        self.list.choose(action)

    def _take_suggestion(self, text: str) -> None:
        self.form.flush()
        self.form.change("title", text)

    def add(self, gaps: tuple[Gap, ...]) -> None:
        """Add an action for some gaps, with the first suggestion as its title."""
        title = next((text for text in map(self._formatter.wording.suggestion, gaps) if text), "")
        addresses = tuple(str(gap.address) for gap in gaps)
        self.add_for_gaps(Action(id=self._controller.session.new_id("actions"), title=title, gaps=addresses))

    def add_for_gaps(self, action: Action) -> None:
        """Store a new action and show its form."""
        self.form.flush()
        if self._controller.put(action):
            self.grown.emit()
            self.choose(action.id)
            self.form.focus_first()

    def remove(self) -> None:
        self.form.flush()
        if self.current:
            self._controller.remove("actions", self.current)
