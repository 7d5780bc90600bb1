"""What stands behind the chosen gap: where the country is, where it should be, what is suggested, what closes it."""

from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from capacity_app.domain.assessment import Rating
from capacity_app.domain.gaps import FEASIBILITY_WORDS, Gap
from capacity_app.domain.instrument import Feasibility
from capacity_app.domain.themes import supply_column
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.gaps.gap_lines import GapLine, priority_words, severity_words
from capacity_app.ui.look.cards import Card, Words
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.lines import Line, Links, forward
from capacity_app.ui.look.pickers import QuietCombo
from capacity_app.ui.look.text_fields import TextField, set_quietly
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL, TIGHT, Role
from capacity_app.ui.look.typing_rest import TypingRest
from capacity_app.ui.registers.entry_words import Vocabulary


class GapDetail(Card):
    """One gap in sentences, with a note why nothing is planned.

    ``action_wanted`` carries the gap, ``wanted`` its address, ``entry_wanted`` the id of an action that closes it,
    ``rated`` the gap's address as text and its new feasibility.
    """

    action_wanted = Signal(object)
    wanted = Signal(object)
    entry_wanted = Signal(str)
    rated = Signal(str, object)

    def __init__(self, bridge: Bridge, words: Vocabulary, name: str) -> None:
        super().__init__(margin=LARGE)
        self._bridge, self._words = bridge, words
        self._gap: Gap | None = None
        self._blocks: dict[str, tuple[QWidget, Words]] = {}
        self.setObjectName(f"{name}_gap")
        self._rest = TypingRest(self)
        self._rest.timeout.connect(self._commit)
        self._title = Words(role=Role.QUESTION)
        self.body.setSpacing(MEDIUM)
        self.body.addWidget(self._title)
        self.body.addWidget(self._buttons())
        self._build()
        self.body.addStretch(1)
        self.hide()

    def _build(self) -> None:
        say = self._words.texts.gettext
        for name, label in (("now", say("Now")), ("target", say("Target")), ("severity", say("Severity"))):
            self._block(name, label, Words())
        self._block("feasibility", say("How hard it is to close"), self._feasibility_combo())
        self._block("suggestion", say("What the instrument suggests"), Words())
        self.closing = Links("gap_actions", say("Actions that close it"))
        self.closing.opened.connect(self.entry_wanted)
        self._block("actions", say("Actions that close it"), self.closing)
        self._block("note", say("Note"), self._note_field())

    def _block(self, name: str, label: str, content: QWidget) -> None:
        """Add a heading with its content; text can be selected and copied."""
        if isinstance(content, Words):
            content.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        holder, heading = QWidget(), Words(label, Role.STRONG)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(TIGHT)
        column.addWidget(heading)
        column.addWidget(content)
        self.body.addWidget(holder)
        self._blocks[name] = (holder, content if isinstance(content, Words) else heading)

    def _feasibility_combo(self) -> QWidget:
        self._feasibility = QuietCombo()
        self._feasibility.setObjectName("gap_feasibility")
        self._feasibility.setAccessibleName(self._words.texts.gettext("How hard it is to close"))
        say = self._words.texts.gettext
        self._feasibility.fill(tuple((one.value, say(word)) for one, word in FEASIBILITY_WORDS.items()))
        self._feasibility.setEnabled(not self._bridge.session.is_read_only)
        self._feasibility.activated.connect(lambda _index: self._rate())
        self._why = Words(role=Role.CAPTION, is_muted=True)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(TIGHT)
        column.addWidget(self._feasibility)
        column.addWidget(self._why)
        return holder

    def _note_field(self) -> QWidget:
        self.note = TextField()
        self.note.setObjectName("gap_note")
        self.note.setAccessibleName(self._words.texts.gettext("Note on this gap"))
        self.note.setPlaceholderText(self._words.texts.gettext("For example why no action is planned"))
        self.note.setReadOnly(self._bridge.session.is_read_only)
        self.note.textChanged.connect(self._rest.typed)
        self.note.left.connect(self.flush)
        return self.note

    def _buttons(self) -> Flow:
        say = self._words.texts.gettext
        self._make = QPushButton(say("Plan an action for it"))
        self._make.setObjectName("gap_plan")
        self._make.setEnabled(not self._bridge.session.is_read_only)
        self._make.clicked.connect(lambda _checked: self._plan())
        go = QPushButton(say("Go to the question"))
        go.setObjectName("gap_go")
        go.clicked.connect(lambda _checked: self._go())
        flow = Flow(SMALL)
        flow.place(self._make)
        flow.place(go)
        return flow

    def _plan(self) -> None:
        if self._gap is not None:
            self.action_wanted.emit(self._gap)

    def _go(self) -> None:
        if self._gap is not None:
            self.wanted.emit(self._gap.address)

    def _rate(self) -> None:
        if self._gap is not None:
            self.rated.emit(str(self._gap.address), Feasibility(self._feasibility.currentData()))

    def _rating(self, gap: Gap) -> Rating:
        found = self._bridge.session.entry("ratings", str(gap.address))
        return found if isinstance(found, Rating) else Rating(id=str(gap.address), feasibility=gap.feasibility)

    def show_count(self, chosen: int) -> None:
        """Say for how many chosen gaps an action would be planned."""
        texts = self._words.texts
        if chosen > 1:
            sentence = texts.ngettext("Plan one action for {count} gap", "Plan one action for {count} gaps", chosen)
            self._make.setText(sentence.format(count=texts.number(chosen)))
        else:
            self._make.setText(texts.gettext("Plan an action for it"))

    def show_line(self, line: GapLine | None) -> None:
        gap = line.gap if line else None
        if gap is None or self._gap is None or gap.address != self._gap.address:
            self.flush()
        self._gap = gap
        self.setVisible(gap is not None)
        if gap is None or line is None:
            return
        self._title.setText(self._words.gap_name(str(gap.address)))
        self._fill("now", self._level_text(gap, gap.level))
        self._fill("target", self._level_text(gap, gap.target))
        self._fill("severity", self._severity_text(gap))
        self._fill("suggestion", "\n".join(self._suggestions(gap)))
        self._feasibility.setCurrentIndex(self._feasibility.findData(gap.feasibility.value))
        self._why.setText(priority_words(self._words.texts, gap))
        self.closing.show_lines(
            [Line(action, title, mark=forward(self._words.texts), colour="accent") for action, title in line.actions]
        )
        self._blocks["actions"][0].setVisible(bool(line.actions))
        self.closing.updateGeometry()
        note = self._rating(gap).note
        # Stored while it is typed: a space that stands at the end goes on being there.
        if not self._rest.isActive() and note != self.note.toPlainText().strip():
            set_quietly(self.note, note)

    def _fill(self, name: str, text: str) -> None:
        holder, words = self._blocks[name]
        words.setText(text)
        holder.setVisible(bool(text))

    def _severity_text(self, gap: Gap) -> str:
        said = severity_words(self._words.texts, gap)
        if not gap.is_open:
            return said
        at_worst = self._words.texts.gettext("At worst, if the answer turns out to be level 0:")
        return f"{at_worst} {said}"

    def _suggestions(self, gap: Gap) -> Iterator[str]:
        """Yield the instrument's steps from the present level up to the target."""
        texts = self._words.texts
        field = supply_column(gap.question) if gap.row else gap.question
        for step in range(gap.level or 0, min(gap.target, len(field.actions)) if field else 0):
            assert field is not None, "there are no steps without a field"
            text = self._words.wording.field_part(gap.question, field, f"action {step + 1}", field.actions[step])
            pattern = texts.gettext("To level {level}: {text}")
            yield pattern.format(level=texts.number(step + 1), text=text)

    def _level_text(self, gap: Gap, level: int | None) -> str:
        if level is None:
            return self._words.texts.gettext("Open: ask, then the gap shows.")
        field = supply_column(gap.question) or gap.question
        number = self._words.texts.number(level)
        if not field.anchors:
            return self._words.texts.gettext("Level {level} over all scored columns").format(level=number)
        return f"{number} · {self._words.wording.anchors(gap.question, field)[level]}"

    def flush(self) -> None:
        if self._rest.isActive():
            self._commit()

    def _commit(self) -> None:
        self._rest.stop()
        if self._gap is not None:
            before = self._rating(self._gap)
            after = Rating(id=before.id, feasibility=before.feasibility, note=self.note.toPlainText().strip())
            if after != before:
                self._bridge.put(after)
        self._rest.stored()
