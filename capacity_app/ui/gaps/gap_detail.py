"""What stands behind the chosen gap: where the country is, where it should be, and what is suggested."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QWidget

from capacity_app.domain.assessment import Rating
from capacity_app.domain.gaps import Gap
from capacity_app.domain.instrument import Field
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.cards import Card, Words, row
from capacity_app.ui.look.text_fields import LineField, set_quietly
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL, Role
from capacity_app.ui.registers.entry_words import Vocabulary

_REST_MS = 400


def _measured(gap: Gap) -> Field:
    """Give the field whose levels a gap is measured in: the row's supply column, or the question itself."""
    return next((column for column in gap.question.columns if column.supply), gap.question)


class GapDetail(Card):
    """One gap in sentences, with a note why nothing is planned. ``action_wanted`` and ``wanted`` carry the gap."""

    action_wanted = Signal(object)
    wanted = Signal(object)

    def __init__(self, bridge: Bridge, words: Vocabulary) -> None:
        super().__init__(margin=LARGE)
        self._bridge, self._words = bridge, words
        self._gap: Gap | None = None
        say = words.texts.gettext
        self._title = Words(role=Role.QUESTION)
        self._cells: dict[str, Words] = {}
        self._labels: dict[str, Words] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(LARGE)
        grid.setVerticalSpacing(SMALL)
        grid.setColumnStretch(1, 1)
        for line, (name, label) in enumerate(
            (("now", say("Now")), ("target", say("Target")), ("suggestion", say("Suggested action")))
        ):
            self._cells[name] = Words()
            self._cells[name].setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._labels[name] = Words(label, Role.STRONG, wraps=False)
            grid.addWidget(self._labels[name], line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self._cells[name], line, 1)
        grid.addWidget(Words(say("Note"), Role.STRONG, wraps=False), 3, 0)
        self.note = self._note_field()
        grid.addWidget(self.note, 3, 1)
        self.body.setSpacing(MEDIUM)
        self.body.addWidget(self._title)
        self.body.addLayout(self._buttons())
        self.body.addLayout(grid)
        self.hide()

    def _note_field(self) -> QWidget:
        self._note = LineField()
        self._note.setObjectName("gap_note")
        self._note.setAccessibleName(self._words.texts.gettext("Note on this gap"))
        self._note.setPlaceholderText(self._words.texts.gettext("For example why no action is planned"))
        self._note.setReadOnly(self._bridge.session.is_read_only)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._commit)
        self._note.textEdited.connect(lambda _text: self._rest.start())
        self._note.left.connect(self.flush)
        return self._note

    def _buttons(self) -> QHBoxLayout:
        say = self._words.texts.gettext
        go = QPushButton(say("Go to the question"))
        go.setObjectName("gap_go")
        go.clicked.connect(lambda _checked: self._go())
        make = QPushButton(say("Plan an action for it"))
        make.setObjectName("gap_plan")
        make.setEnabled(not self._bridge.session.is_read_only)
        make.clicked.connect(lambda _checked: self._plan())
        return row(make, go)

    def _go(self) -> None:
        if self._gap is not None:
            self.wanted.emit(self._gap.address)

    def _plan(self) -> None:
        if self._gap is not None:
            self.action_wanted.emit(self._gap)

    def _rating(self, gap: Gap) -> Rating:
        found = self._bridge.session.entry("ratings", str(gap.address))
        return found if isinstance(found, Rating) else Rating(id=str(gap.address), feasibility=gap.feasibility)

    def show_gap(self, gap: Gap | None) -> None:
        """Show a gap, or nothing."""
        if gap is None or self._gap is None or gap.address != self._gap.address:
            self.flush()
        self._gap = gap
        self.setVisible(gap is not None)
        if gap is None:
            return
        self._title.setText(self._words.gap_label(gap))
        self._cells["now"].setText(self._level_text(gap, gap.level))
        self._cells["target"].setText(self._level_text(gap, gap.target))
        suggestion = self._words.suggestion(gap)
        self._cells["suggestion"].setText(suggestion)
        for widget in (self._labels["suggestion"], self._cells["suggestion"]):
            widget.setVisible(bool(suggestion))
        if not self._rest.isActive():
            set_quietly(self._note, self._rating(gap).note)

    def _level_text(self, gap: Gap, level: int | None) -> str:
        if level is None:
            return self._words.texts.gettext("Open: ask, then the gap shows.")
        field = _measured(gap)
        number = self._words.texts.number(level)
        if not field.anchors:
            return self._words.texts.gettext("Level {level} over all scored columns").format(level=number)
        return f"{number} · {self._words.wording.anchors(gap.question, field)[level]}"

    def flush(self) -> None:
        """Commit a note being typed."""
        if self._rest.isActive():
            self._rest.stop()
            self._commit()

    def _commit(self) -> None:
        if self._gap is None:
            return
        before = self._rating(self._gap)
        after = Rating(id=before.id, feasibility=before.feasibility, note=self._note.text().strip())
        if after != before:
            self._bridge.put(after)
