"""The card beside the board: one file with its reason in full, what to do, and the ways to it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout

from capacity_app.domain.problems import N_
from capacity_app.domain.tidy import FileFate, ProblemRow
from capacity_app.texts import Texts, in_own_order
from capacity_app.ui.headquarters.board import HEADINGS, BoardLine, Column, advice
from capacity_app.ui.look.cards import Card, Words
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL, Role

_SHOWN = (Column.COUNTRY, Column.ROUND, Column.STATUS, Column.VERSION, Column.ASKED, Column.EDITED)
_MOST_PROBLEMS = 50


class FileCard(Card):
    """Shows a line, which ``assessment_wanted``, ``folder_wanted`` and ``preferred`` carry.

    ``other_wanted`` carries the path of another file.
    """

    assessment_wanted = Signal(object)
    folder_wanted = Signal(object)
    preferred = Signal(object)
    other_wanted = Signal(str)

    def __init__(self, texts: Texts) -> None:
        super().__init__(margin=LARGE)
        self._texts = texts
        self.line: BoardLine | None = None
        self.setObjectName("headquarters_file")
        say = texts.gettext
        self.title = _selectable(Role.QUESTION)
        self.fate, self.reason, self.advice = Words(role=Role.STRONG), _selectable(), Words(is_muted=True)
        self.problems = _selectable(Role.CAPTION)
        self.problems.setObjectName("headquarters_problems")
        self.facts = _selectable(Role.CAPTION)
        self.open = _button("headquarters_open", say("Open the assessment"))
        self.open.clicked.connect(lambda _checked: self.assessment_wanted.emit(self.line))
        self.folder = _button("headquarters_folder", say("Show the folder"))
        self.folder.clicked.connect(lambda _checked: self.folder_wanted.emit(self.line))
        self.other = _button("headquarters_other", say("Go to the other file"))
        self.other.clicked.connect(lambda _checked: self._go_on())
        self.prefer = _button("headquarters_prefer", say("Use this file"))
        self.prefer.clicked.connect(lambda _checked: self.preferred.emit(self.line))
        self._lay_out()
        self.show_line(None, is_here=False)

    def _lay_out(self) -> None:
        ways = Flow(SMALL)
        for button in (self.prefer, self.open, self.folder, self.other):
            ways.place(button)
        self.body.setSpacing(MEDIUM)
        for part in (self.fate, self.title, self.reason, self.advice, ways):
            self.body.addWidget(part)
        column = QVBoxLayout()
        column.setSpacing(SMALL)
        column.addWidget(self.problems)
        column.addWidget(self.facts)
        self.body.addLayout(column)
        self.body.addStretch(1)

    def _go_on(self) -> None:
        if self.line is not None:
            self.other_wanted.emit(self.line.file.other_file)

    def show_line(self, line: BoardLine | None, *, is_here: bool) -> None:
        """Show another file; ``is_here`` tells that it is known where it lies."""
        self.line = line
        say = self._texts.gettext
        self.problems.setText("")
        for part in (
            self.fate,
            self.reason,
            self.advice,
            self.problems,
            self.facts,
            self.open,
            self.folder,
            self.other,
            self.prefer,
        ):
            part.setVisible(line is not None)
        if line is None:
            self.title.setText(say("Choose a file to read what became of it, and what to do."))
            return
        file = line.file
        self.fate.setText(line.cells[Column.FATE])
        self.title.setText(in_own_order(file.path) if self._texts.right_to_left else file.path)
        self.reason.setText(file.told(say))
        self.reason.setVisible(bool(file.reason))
        self.advice.setText(" ".join(advice(self._texts, file)))
        said = self._facts(line)
        self.facts.setText("\n".join(said))
        self.facts.setVisible(bool(said))
        self.problems.hide()
        self.open.setVisible(line.is_assessment)
        self.open.setEnabled(is_here)
        self.folder.setEnabled(is_here)
        self.other.setVisible(bool(file.other_file))
        self.prefer.setVisible(file.fate is FileFate.CONFLICT)

    def _facts(self, line: BoardLine) -> Sequence[str]:
        say = self._texts.gettext
        said = [f"{say(HEADINGS[column])}: {line.cells[column]}" for column in _SHOWN if line.cells[column]]
        if line.assessment is not None and line.assessment.last_change:
            said.append(say(N_("Last change: {moment}")).format(
                moment=self._texts.date_time(line.assessment.last_change)))  # fmt: skip
        return said

    def show_problems(self, file_hash: str, problems: Sequence[ProblemRow]) -> None:
        """Show what could not be read, if it is still this file that is looked at."""
        if self.line is None or self.line.file.file_hash != file_hash or not problems:
            return
        say = self._texts.gettext
        lines = [f"{one.place}: {one.told(say)}" for one in problems[:_MOST_PROBLEMS]]
        if len(problems) > _MOST_PROBLEMS:
            rest = self._texts.number(len(problems) - _MOST_PROBLEMS)
            lines.append(say(N_("… and {count} more; all are in the table “problems”.")).format(count=rest))
        self.problems.setText("\n".join((say(N_("What could not be read:")), *lines)))
        self.problems.show()


def _button(name: str, label: str) -> QPushButton:
    button = QPushButton(label)
    button.setObjectName(name)
    button.setAutoDefault(False)
    return button


def _selectable(role: Role = Role.BODY) -> Words:
    words = Words(role=role)
    words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return words
