"""The actions: their list by severity, the editor of one, and what is still wrong with the plan."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from capacity_app.domain.answers import Address
from capacity_app.domain.assessment import Action
from capacity_app.domain.gaps import CLASS_WORDS, CLASSES, Gap, action_class
from capacity_app.domain.quality import Finding
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.buttons import SignButton
from capacity_app.ui.look.cards import Card, Words, row
from capacity_app.ui.look.lines import Line, LineList
from capacity_app.ui.look.theme import MEDIUM, SMALL, WIDE, Role
from capacity_app.ui.registers.entry_form import EntryForm
from capacity_app.ui.registers.entry_words import Vocabulary
from capacity_app.ui.registers.form_shapes import ACTION


class Suggestions(QWidget):
    """The instrument's suggested texts for the gaps of an action, each to be taken as the action's title."""

    taken = Signal(str)

    def __init__(self, words: Vocabulary) -> None:
        super().__init__()
        self._words = words
        self._shown: tuple[str, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, SMALL, 0, SMALL)
        self._column.setSpacing(SMALL)
        self.hide()

    def show_gaps(self, gaps: tuple[Gap, ...], title: str) -> None:
        """Offer what the gaps suggest, while the action has no title of its own."""
        found = (self._words.suggestion(gap) for gap in gaps)
        offered = tuple(dict.fromkeys(text for text in found if text))
        # Who has found words of their own is not disturbed.
        texts = tuple(text for text in offered if text != title) if not title or title in offered else ()
        if texts == self._shown:
            return
        self._shown = texts
        while item := self._column.takeAt(0):
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.setVisible(bool(texts))
        for text in texts:
            self._column.addWidget(self._offer(text))

    def _offer(self, text: str) -> QWidget:
        say = self._words.texts.gettext
        card = Card(tint="accent_tint", edge="accent_tint", margin=MEDIUM)
        card.body.addWidget(Words(say("Suggested"), Role.CAPTION, is_muted=True))
        card.body.addWidget(Words(text))
        take = QPushButton(say("Use this text"))
        take.setObjectName("use_suggestion")
        take.setAccessibleName(say("Use this text: {text}").format(text=text))
        take.clicked.connect(lambda _checked: self.taken.emit(text))
        card.body.addLayout(row(take))
        return card


class ActionEditor(QWidget):
    """All actions. ``wanted`` carries the address of a gap to go to, ``grown`` tells that there is a new action."""

    wanted = Signal(object)
    grown = Signal()

    def __init__(self, bridge: Bridge, words: Vocabulary) -> None:
        super().__init__()
        self._bridge, self._words = bridge, words
        self._gaps: dict[str, Gap] = {}
        self.list = LineList("list_actions", words.texts.gettext("Actions"))
        self.list.picked.connect(self._show)
        self.form = EntryForm(ACTION, words)
        self.form.edited.connect(bridge.put)
        self.form.setEnabled(not bridge.session.is_read_only)
        self.suggestions = Suggestions(words)
        self.suggestions.taken.connect(self._take_suggestion)
        self.warnings = LineList("action_warnings", words.texts.gettext("What is still wrong with the plan"))
        self.warnings.opened.connect(self._open_warning)
        self._places: dict[str, Finding] = {}
        self._warning_card = self._warnings()
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty())
        self._stack.addWidget(self._form_side())
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        # Mirrored, Qt cuts the last pixel off.
        split.setContentsMargins(1, 0, 1, 0)
        split.addWidget(self._list_side())
        split.addWidget(self._stack)
        split.setSizes([400, 600])
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(MEDIUM)
        column.addWidget(split, 1)

    def _warnings(self) -> Card:
        card = Card(tint="warning_tint", edge="warning", margin=SMALL)
        title = Words(self._words.texts.gettext("What is still wrong with the plan"), Role.STRONG)
        title.setContentsMargins(SMALL, SMALL, SMALL, 0)
        card.body.addWidget(title)
        card.body.addWidget(self.warnings)
        self.warnings.viewport().setAutoFillBackground(False)
        return card

    def _list_side(self) -> QWidget:
        side = Card(margin=SMALL)
        self.add_button = SignButton("new", self._words.texts.gettext("Add an action"), is_main=True)
        self.add_button.setObjectName("add_action")
        self.add_button.setEnabled(not self._bridge.session.is_read_only)
        self.add_button.clicked.connect(lambda _checked: self.add(()))
        line = row(self.add_button)
        line.setContentsMargins(SMALL, SMALL, SMALL, SMALL)
        side.body.addLayout(line)
        side.body.addWidget(self.list, 3)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(MEDIUM)
        column.addWidget(side, 3)
        column.addWidget(self._warning_card, 2)
        holder = QWidget()
        holder.setLayout(column)
        return holder

    def _form_side(self) -> QWidget:
        holder = Card(margin=WIDE)
        holder.body.addWidget(self.suggestions)
        holder.body.addWidget(self.form)
        holder.body.addStretch(1)
        remove = SignButton("remove", self._words.texts.gettext("Remove this action"))
        remove.setObjectName("remove_action")
        remove.setEnabled(not self._bridge.session.is_read_only)
        remove.clicked.connect(lambda _checked: self.remove())
        shortcut = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.list, self.remove)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        holder.body.addLayout(row(remove))
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(holder)
        return area

    def _empty(self) -> QWidget:
        say = self._words.texts.gettext
        sentence = say(
            "No action yet. Choose a gap and press “Plan an action for it”: the instrument suggests a first text, you "
            "say who, when and with which money."
        )
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(WIDE, WIDE, WIDE, WIDE)
        column.addStretch(1)
        column.addWidget(Words(sentence, Role.QUESTION, is_muted=True, side="center"))
        column.addStretch(2)
        return page

    def _line(self, action: Action) -> Line:
        grade = action_class(action, self._gaps.values())
        words = self._words.texts.gettext(CLASS_WORDS[grade]) if CLASSES.index(grade) else ""
        detail = " · ".join(part for part in (words, self._words.detail("actions", action)) if part)
        return Line(action.id, self._words.title("actions", action), detail, grade=grade)

    def show_plan(
        self, actions: tuple[Action, ...], gaps: tuple[Gap, ...], to_verify: tuple[Gap, ...], found: tuple[Finding, ...]
    ) -> None:
        """Show the actions as they are now, and the findings about them."""
        self._gaps = {str(gap.address): gap for gap in (*gaps, *to_verify)}
        self.list.show_lines([self._line(action) for action in actions])
        self._show_findings(found)
        if not actions:
            self._stack.setCurrentIndex(0)
        elif self.list.current_key:
            self._show(self.list.current_key)
        else:
            self.list.choose(actions[0].id)

    def _show_findings(self, found: tuple[Finding, ...]) -> None:
        self._places = {str(number): finding for number, finding in enumerate(found)}
        translate = self._words.texts.gettext
        lines = []
        for number, finding in self._places.items():
            gap = self._gaps.get(str(finding.address))
            title = self._words.gap_label(gap) if gap else finding.problem.text(translate)
            lines.append(Line(number, title, finding.problem.text(translate) if gap else "", "⚠", "warning"))
        self.warnings.show_lines(lines)
        self._warning_card.setVisible(bool(lines))

    def _open_warning(self, key: str) -> None:
        finding = self._places[key]
        if finding.entry:
            self.list.choose(finding.entry)
            self.form.focus_first()
        elif isinstance(finding.address, Address):
            self.wanted.emit(finding.address)

    def _show(self, key: str) -> None:
        action = self._bridge.session.entry("actions", key)
        if not isinstance(action, Action):
            return
        self._stack.setCurrentIndex(1)
        self.form.show_entry(action)
        gaps = tuple(self._gaps[address] for address in action.gaps if address in self._gaps)
        self.suggestions.show_gaps(gaps, action.title)

    def _take_suggestion(self, text: str) -> None:
        self.form.flush()
        self.form.change("title", text)

    def add(self, gaps: tuple[Gap, ...]) -> None:
        """Add an action for some gaps, with the first suggestion as its title."""
        self.form.flush()
        title = next((text for text in map(self._words.suggestion, gaps) if text), "")
        addresses = tuple(str(gap.address) for gap in gaps)
        action = Action(id=self._bridge.session.new_id("actions"), title=title, gaps=addresses)
        if self._bridge.put(action):
            self.grown.emit()
            self.list.choose(action.id)
            self.form.focus_first()

    def remove(self) -> None:
        """Remove the chosen action; undo brings it back."""
        self.form.flush()
        if self.list.current_key:
            self._bridge.remove("actions", self.list.current_key)
