"""One field for everything: questions by number or words, answers, register entries, pages and commands."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.questionnaire.instrument import Question
from capacity_app.domain.questionnaire.search import SearchPassage, SearchPassages, printed_numbers, search_passages
from capacity_app.domain.text_search import fold_text, make_snippet, search_words
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.revision_log import AnswerChange, EntryChange
from capacity_app.services.session.search import answer_passages, question_passages
from capacity_app.ui.pages.answer.tree_model import FILTER_LABELS, QuestionFilter
from capacity_app.ui.session.formatters import REGISTER_TITLES, EntryFormatter
from capacity_app.ui.shell.floating_card import FloatingCard
from capacity_app.ui.shell.menus import MENU_LABELS, TASK_MENUS, Command, Menu, Menus, without_access_key
from capacity_app.ui.shell.page_table import PAGE_BY_NAME, WINDOW_PAGE_BY_NAME
from capacity_app.ui.shell.workspace import Workspace
from capacity_app.ui.theme.fonts_and_sizes import SMALL
from capacity_app.ui.widgets.cards import Label
from capacity_app.ui.widgets.keys import native_keys
from capacity_app.ui.widgets.layouts import lay_out, with_name
from capacity_app.ui.widgets.lists_and_tables import LineList, ListLine
from capacity_app.ui.widgets.text_fields import LineField, best_number_matches, matches_search

_MOST_OF_GROUP = 6
_MOST_LINES = 12
_LEAST_OF_NAME = 4
"""Letters from which on a text can be the beginning of a command's name."""


@dataclass(frozen=True, slots=True)
class Found:
    """Something the box has found, and what leads there."""

    title: str
    detail: str
    go: Callable[[], object]


class SearchIndex:
    """Passages by question and by row, made when they are first needed.

    They are kept folded: after a change only the row that changed is read again.
    """

    def __init__(self, session: AssessmentSession, wording: Formatter) -> None:
        self._session, self._wording = session, wording
        self._worded: dict[str, SearchPassages] = {}
        self._said: dict[tuple[str, str], SearchPassages] = {}
        self._unread: Iterator[bool] | None = None

    def follow(self, change: AnswerChange | EntryChange) -> None:
        """Forget what a change has made out of date; a register entry may be named anywhere."""
        if isinstance(change, EntryChange):
            self._said.clear()
            self._unread = None
        else:
            address = change.key.address
            self._said.pop((address.question, address.row), None)

    def read_some(self, questions: int = 20) -> bool:
        """Read a few questions ahead of the first search; False once there is nothing left to read."""
        if self._unread is None:
            self._unread = self._reading()
        return all(next(self._unread, False) for _ in range(questions))

    def _reading(self) -> Iterator[bool]:
        for question in self._session.instrument.questions():
            for place in self._places(question):
                place.whole  # noqa: B018 - folds the texts and keeps them
            yield True

    def _places(self, question: Question) -> Iterator[SearchPassages]:
        yield self._words_of(question)
        yield self._said_in(question, "")
        for row in question.rows:
            yield self._said_in(question, row.id)

    def _words_of(self, question: Question) -> SearchPassages:
        known = self._worded.get(question.id)
        if known is None:
            known = self._worded[question.id] = question_passages(question, (self._wording,))
        return known

    def _said_in(self, question: Question, row: str) -> SearchPassages:
        known = self._said.get((question.id, row))
        if known is None:
            addresses = [Address(question.id, row)]
            addresses += [Address(question.id, row, column.id) for column in question.columns] if row else []
            answers = (answer for address in addresses for answer in self._session.answers_at(address))
            known = self._said[question.id, row] = answer_passages(question, answers, self._wording)
        return known

    def find(self, question: Question, words: tuple[str, ...]) -> list[SearchPassage]:
        return list(search_passages(self._places(question), words))


class AssessmentSearch:
    """Finds places and entries of an open assessment."""

    def __init__(self, workspace: Workspace, texts: Translator) -> None:
        self._workspace, self._texts = workspace, texts
        self._formatter = EntryFormatter(texts, workspace.session)
        self._numbers = [(str(place), number) for number, place in printed_numbers(workspace.session.instrument)]
        self._index = SearchIndex(workspace.session, self._formatter.wording)
        workspace.controller.changed.connect(self._index.follow)

    def read_some(self) -> bool:
        """Read some of the texts ahead of the first search; False once all are read."""
        return self._index.read_some()

    def is_number(self, typed: str) -> bool:
        """Return whether a question has such a number."""
        return bool(best_number_matches(self._numbers, typed))

    def questions(self, typed: str) -> Iterator[Found]:
        """Go through the questions with such a number, then those with such words in their wording."""
        numbered = {Address.parse(address): number for address, number in best_number_matches(self._numbers, typed)}
        for place, number in numbered.items():
            yield self._place(place, self._label(place), number)
        for passage in self._passages(typed, of_answers=False):
            if passage.address in numbered:
                continue
            yield self._place(passage.address, self._label(passage.address), self._snippet(passage, typed))

    def lists(self, typed: str) -> Iterator[Found]:
        """Go through the lists of questions that the questionnaire can show: open ones, those agencies disagree on."""
        for one, label in FILTER_LABELS.items():
            said = self._texts.gettext(label)
            if one is not QuestionFilter.MINE and matches_search(said, typed):
                yield Found(said, "", partial(self._workspace.show_list, one))

    def answers(self, typed: str) -> Iterator[Found]:
        """Go through the places where somebody answered, noted or explained something in such words."""
        for passage in self._passages(typed, of_answers=True):
            yield self._place(passage.address, self._snippet(passage, typed), self._label(passage.address))

    def entries(self, typed: str) -> Iterator[Found]:
        """Go through the entries of the registers and the actions with such a name."""
        for register in (*REGISTER_TITLES, "actions"):
            for entry in self._workspace.session.entries(register):
                title = self._formatter.title(register, entry)
                if matches_search(title, typed):
                    detail = self._formatter.detail(register, entry)
                    yield Found(title, detail, partial(self._workspace.show_entry, entry.id))

    def _passages(self, typed: str, *, of_answers: bool) -> Iterator[SearchPassage]:
        words = search_words(typed)
        for question in self._workspace.session.instrument.questions():
            found = (one for one in self._index.find(question, words) if (one.key is not None) is of_answers)
            if passage := next(found, None):
                yield passage

    def _place(self, address: Address, title: str, detail: str) -> Found:
        return Found(title, detail, lambda: self._workspace.show_address(address))

    def _label(self, address: Address) -> str:
        wording = self._formatter.wording
        question = self._workspace.session.instrument.question_by_id[address.question]
        row = question.row_by_id.get(address.row)
        return wording.texts.numbered(
            question.number, wording.row(question, row) if row else wording.question(question)
        )

    def _snippet(self, passage: SearchPassage, typed: str) -> str:
        return make_snippet(passage.text, search_words(typed)).text


class CommandBox(FloatingCard):
    """The field with what it finds, in groups. The arrows choose, Enter goes there, Escape goes back."""

    def __init__(self, texts: Translator, window: QWidget, menus: Menus, search: AssessmentSearch | None) -> None:
        super().__init__(window, "command_box", margin=SMALL, letters=96)
        say = texts.gettext
        self._texts, self._menus, self._search = texts, menus, search
        self._found: dict[str, Found] = {}
        self.field = with_name(LineField(), "command_field", say("Search or command"))
        self.field.setPlaceholderText(say("Number, words, entry, page or command"))
        self.list = LineList("command_list", say("What was found"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.opened.connect(self._go)
        self.nothing = Label(say("Nothing was found. Try a number, such as IV.1, or fewer words."), is_muted=True)
        lay_out(self.body, self.field, self.list, self.nothing, spacing=SMALL)
        self.field.textChanged.connect(lambda _text: self._show())
        self._read_ahead = QTimer(self, interval=0)
        self._read_ahead.timeout.connect(self._read_some)
        self._read_ahead.start()
        self._show()

    def search_under(self, anchor: QWidget) -> None:
        """Open under a widget."""
        self.open_under(anchor, self.field)

    def _read_some(self) -> None:
        if self._search is None or not self._search.read_some():
            self._read_ahead.stop()

    def _groups(self, typed: str) -> Iterator[tuple[str, Iterator[Found]]]:
        say, search = self._texts.gettext, self._search
        # Who types the name of a command wants it, and not a word of a question that begins so.
        is_command = len(typed) >= _LEAST_OF_NAME and any(self._begins(one, typed) for one in self._menus.commands)
        if search is not None and typed:
            lists = say("Lists of questions"), search.lists(typed)
            is_number = search.is_number(typed)
            if not is_number:
                yield lists
            if is_command:
                yield from self._command_groups(typed)
            yield say("Questions"), search.questions(typed)
            yield say("Answers and notes"), search.answers(typed)
            if is_number:
                yield lists
            yield say("Entries"), search.entries(typed)
        if search is None or not is_command:
            yield from self._command_groups(typed)

    def _label(self, command: Command[Any]) -> str:
        return without_access_key(self._texts.gettext(command.label))

    def _begins(self, command: Command[Any], typed: str) -> bool:
        is_enabled = self._menus.actions[command.name].isEnabled()
        return is_enabled and fold_text(self._label(command)).startswith(fold_text(typed))

    def _command_groups(self, typed: str) -> Iterator[tuple[str, Iterator[Found]]]:
        yield self._texts.gettext("Pages"), self._commands(typed, of_pages=True)
        if typed:
            yield self._texts.gettext("Commands"), self._commands(typed, of_pages=False)

    def _commands(self, typed: str, *, of_pages: bool) -> Iterator[Found]:
        for command in sorted(self._menus.commands, key=lambda one: self._rank(one, typed)):
            is_page = command.name in PAGE_BY_NAME or command.name in WINDOW_PAGE_BY_NAME or "task_" in command.name
            action = self._menus.actions[command.name]
            label = self._label(command)
            place = without_access_key(self._texts.gettext(MENU_LABELS[command.menu]))
            if is_page is of_pages and action.isEnabled() and matches_search(f"{label} {place}", typed):
                keys = [native_keys(self._texts, key) for key in command.keys[:1]]
                where = [] if command.menu is Menu.GO else [place]
                yield Found(label, " · ".join((*where, *keys)), action.trigger)

    def _rank(self, command: Command[Any], typed: str) -> tuple[bool, bool]:
        """Put what is called as typed before what is in such a menu, and pages of the tasks before others."""
        return not matches_search(self._label(command), typed), command.menu not in TASK_MENUS

    def _show(self) -> None:
        typed = self.field.text().strip()
        lines: list[ListLine] = []
        self._found.clear()
        most = len(self._menus.commands) if not typed else _MOST_OF_GROUP
        for heading, found in self._groups(typed):
            shown = {one.title + one.detail: one for one in islice(found, most)}
            if shown:
                lines.append(ListLine(heading, heading, is_heading=True))
            for one in shown.values():
                key = f"found {len(self._found)}"
                self._found[key] = one
                lines.append(ListLine(key, one.title, one.detail))
        self.list.show_lines(lines)
        self.list.setVisible(bool(self._found))
        self.nothing.setHidden(bool(self._found))
        self._choose(next(iter(self._found), ""))
        self._fit()

    def _fit(self) -> None:
        rows = range(min(self.list.lines.rowCount(), _MOST_LINES))
        high = sum(self.list.sizeHintForRow(row) for row in rows) + 2
        self.list.setFixedHeight(max(min(high, self._window.height() // 2), 1))
        self.adjustSize()

    def _choose(self, key: str) -> None:
        self.list.choose(key)
        self.field.setAccessibleDescription(self._found[key].title if key else self.nothing.text())

    def _step(self, step: int) -> None:
        keys = list(self._found)
        if keys:
            now = keys.index(self.list.current_key) if self.list.current_key in keys else -1
            self._choose(keys[min(max(now + step, 0), len(keys) - 1)])

    def _go(self, key: str) -> None:
        found = self._found.get(key)
        if found is not None:
            self.left.emit()
            self.close_card()
            found.go()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
        key = Qt.Key(event.key())
        if key in steps:
            self._step(steps[key])
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._go(self.list.current_key)
        else:
            super().keyPressEvent(event)
