"""The list of one register, and where each of its entries is used."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from capacity_app.domain.assessment.answer_rules import locate
from capacity_app.domain.assessment.answers import Address, AnswerKey
from capacity_app.domain.assessment.duplicates import find_lookalikes
from capacity_app.domain.assessment.references import EntryReference, EntryUse, ReferenceKind, find_uses
from capacity_app.domain.assessment.registers import Meeting, RegisterEntry
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import Question
from capacity_app.i18n.translator import Translator
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.formatters import REGISTER_TITLES, EntryFormatter
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, TextRole
from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.cards import Card, Label
from capacity_app.ui.widgets.flow import Flow
from capacity_app.ui.widgets.layouts import lay_out, with_action, with_name
from capacity_app.ui.widgets.lists_and_tables import FullHeightList, LineList, ListLine
from capacity_app.ui.widgets.text_fields import FilterTextField, matches_search

if TYPE_CHECKING:
    from collections.abc import Mapping

    from capacity_app.domain.assessment.dossier import Dossier


# What the registers page knows beyond the entries: where each is used, and which look like the same.


class RegisterUsage:
    """Computed when asked for, and kept until something changes; ``dismissed`` are pairs said to be different."""

    def __init__(self, session: AssessmentSession) -> None:
        self._session = session
        self._of: Dossier | None = None
        self._uses: Mapping[EntryReference, tuple[EntryUse, ...]] = {}
        self._alike: dict[str, Mapping[str, tuple[str, ...]]] = {}
        self.dismissed: set[frozenset[str]] = set()

    def _renew(self) -> None:
        dossier = self._session.dossier()
        if dossier is not self._of:
            self._of, self._uses, self._alike = dossier, find_uses(dossier), {}

    def uses(self, register: str, entry_id: str) -> tuple[EntryUse, ...]:
        self._renew()
        return self._uses.get((register, entry_id), ())

    def alike(self, register: str, entry_id: str) -> tuple[str, ...]:
        """Return the other entries that look like the same, without those a person said are different."""
        self._renew()
        if register not in self._alike:
            self._alike[register] = find_lookalikes(self._session.entries(register))
        others = self._alike[register].get(entry_id, ())
        return tuple(other for other in others if frozenset({entry_id, other}) not in self.dismissed)


UNREFERENCED = {"meetings", "validations"}
"""Registers to whose entries nothing can refer."""


class RegisterSearchField(FilterTextField):
    """What to find. ``down`` tells that the arrow key wants the list; Escape empties."""

    down = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.down.emit()
        else:
            super().keyPressEvent(event)


class RegisterList(Card):
    """The entries of a register. ``picked`` carries the id of the current one."""

    picked = Signal(str)

    def __init__(
        self, register: str, formatter: EntryFormatter, facts: RegisterUsage, buttons: tuple[QWidget, ...]
    ) -> None:
        super().__init__(margin=SMALL)
        self._register, self._formatter, self._facts = register, formatter, facts
        say = formatter.texts.gettext
        self.list = LineList(f"list_{register}", say(REGISTER_TITLES[register]))
        self.list.picked.connect(self.picked)
        self.search = with_name(RegisterSearchField(), f"search_{register}", say("Search this list"))
        self.search.setPlaceholderText(say("Search this list"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _text: self.refresh())
        self.search.down.connect(self.list.setFocus)
        self._nothing = Label(is_muted=True)
        self._nothing.setContentsMargins(MEDIUM, MEDIUM, MEDIUM, MEDIUM)
        self._nothing.hide()
        self._lay_out(buttons)

    def _lay_out(self, buttons: tuple[QWidget, ...]) -> None:
        line = Flow(SMALL, *buttons)
        self.body.addLayout(lay_out(QVBoxLayout(), line, margins=(SMALL, SMALL, SMALL, 0)))
        lay_out(self.body, self.search, self._nothing, (self.list, 1))

    def _entries(self) -> list[RegisterEntry]:
        wanted, entries = self.search.text().strip(), self._formatter.session.entries(self._register)
        return [entry for entry in entries if not wanted or self._has(entry, wanted)]

    def _has(self, entry: RegisterEntry, wanted: str) -> bool:
        texts = (self._formatter.title(self._register, entry), self._formatter.detail(self._register, entry))
        return matches_search(" ".join((*texts, str(getattr(entry, "note", "")))), wanted)

    def _line(self, entry: RegisterEntry) -> ListLine:
        texts = self._formatter.texts
        count = len(self._facts.uses(self._register, entry.id))
        used = texts.counted("{count} use", "{count} uses", count)
        parts = [self._formatter.detail(self._register, entry), used if count else texts.gettext("not used")]
        alike = self._facts.alike(self._register, entry.id)
        if alike:
            name = self._formatter.title_of(self._register, alike[0])
            parts.append(texts.gettext("looks like “{name}”").format(name=name))
        if self._register in UNREFERENCED:
            parts.remove(texts.gettext("not used"))
        return ListLine(
            entry.id, self._formatter.title(self._register, entry), " · ".join(part for part in parts if part)
        )

    def refresh(self) -> None:
        entries = self._entries()
        self.list.show_lines([self._line(entry) for entry in entries])
        wanted = self.search.text().strip()
        self._nothing.setText(self._formatter.texts.gettext("Nothing here contains “{text}”.").format(text=wanted))
        self._nothing.setVisible(bool(wanted) and not entries)
        self.list.setVisible(not self._nothing.isVisibleTo(self))
        self.search.setVisible(bool(self._formatter.session.entries(self._register)))

    def choose(self, entry_id: str) -> None:
        """Make an entry current; a search that hides it is given up."""
        self.refresh()
        if self.list.lines.row_of(entry_id) < 0 and self.search.text():
            self.search.clear()
        self.list.choose(entry_id)


class InterviewButton(Button):
    """Starts the interview of a meeting: answers are then recorded for its agency. ``navigate`` leads to its parts.

    Of a meeting with several agencies, a menu asks for which one.
    """

    navigate = Signal(object)

    def __init__(self, controller: SessionController, texts: Translator, meeting: Callable[[], Meeting | None]) -> None:
        super().__init__(texts.gettext("Start this interview"), "questionnaire")
        self._controller, self._texts, self._meeting = controller, texts, meeting
        self.agencies = QMenu(self)
        with_action(self, "start_interview", self._start)

    def refresh(self) -> None:
        """Follow the meeting: there is something to ask once it has an agency and parts."""
        meeting = self._meeting()
        self.setEnabled(meeting is not None and bool(meeting.agencies and self._questions(meeting)))

    def _questions(self, meeting: Meeting) -> list[Question]:
        sections = self._controller.session.instrument.sections
        return [question for one in sections if one.id in meeting.sections for question in one.questions]

    def _start(self) -> None:
        self._controller.request_flush()
        meeting = self._meeting()
        if meeting is None or not meeting.agencies:
            return
        if len(meeting.agencies) == 1:
            self._record(meeting, meeting.agencies[0])
        else:
            self._ask(meeting)

    def _ask(self, meeting: Meeting) -> None:
        formatter = EntryFormatter(self._texts, self._controller.session)
        self.agencies.clear()
        for agency in meeting.agencies:
            name = formatter.title_of("agencies", agency).replace("&", "&&")
            entry = QAction(self._texts.gettext("Recording for: {agency}").format(agency=name), self.agencies)
            self.agencies.addAction(entry)
            entry.triggered.connect(partial(self._record, meeting, agency))
        self.agencies.setActiveAction(self.agencies.actions()[0])
        self.agencies.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _record(self, meeting: Meeting, agency: str, _is_on: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's signal
        self._controller.respondent = agency
        for question in self._questions(meeting)[:1]:
            self.navigate.emit(Address(question.id))


# Where an entry is used: every answer, meeting, person, source and action that refers to it, each a way there.


USE_GROUPS = {
    ReferenceKind.GIVEN: N_("Answers given in its name"),
    ReferenceKind.PICKED: N_("Answers in which it is picked"),
    ReferenceKind.SUPPORTED: N_("Answers it supports"),
    "people": N_("Persons"),
    "meetings": N_("Meetings"),
    "validations": N_("Validations"),
    "sources": N_("Data sources"),
    "actions": N_("Actions"),
}
"""Headings of the list, in order."""
_ANSWER, _ENTRY = "answer ", "entry "


class EntryUsesCard(Card):
    """The uses of one entry. ``navigate`` carries an address, ``entry_wanted`` the id of another entry."""

    navigate = Signal(object)
    entry_wanted = Signal(str)

    def __init__(self, register: str, formatter: EntryFormatter) -> None:
        super().__init__(margin=LARGE)
        self._formatter = formatter
        self._uses: tuple[EntryUse, ...] = ()
        self._title = Label(role=TextRole.HEADING)
        self._none = Label(formatter.texts.gettext("Not used yet."), is_muted=True)
        self.list = FullHeightList(f"uses_{register}", formatter.texts.gettext("Where it is used"))
        self.list.opened.connect(self._go)
        lay_out(self.body, self._title, self._none, self.list)

    def show_uses(self, found: tuple[EntryUse, ...]) -> None:
        self._uses = found
        texts = self._formatter.texts
        count = texts.counted("Where used: {count} place", "Where used: {count} places", len(found))
        title = count if found else texts.gettext("Where used")
        self._title.setText(title)
        self._none.setVisible(not found)
        self.list.setVisible(bool(found))
        self.list.show_lines(list(self._lines()))

    def _lines(self) -> Iterator[ListLine]:
        for group, heading in USE_GROUPS.items():
            lines = list(self._of_group(group))
            if not lines:
                continue
            title = f"{self._formatter.texts.gettext(heading)} · {self._formatter.texts.number(len(lines))}"
            yield ListLine(f"heading {group}", title, is_heading=True)
            yield from lines

    def _of_group(self, group: str) -> Iterator[ListLine]:
        if not isinstance(group, ReferenceKind):
            named = [use.by[1] for use in self._uses if use.by and use.by[0] == group]
            yield from (self._entry_line(group, entry_id) for entry_id in named)
            return
        rows: dict[tuple[str, str], list[AnswerKey]] = {}
        for use in self._uses:
            if use.key is not None and use.way is group:
                rows.setdefault((use.key.address.question, use.key.address.row), []).append(use.key)
        yield from (self._answer_line(group, keys) for keys in rows.values())

    def _entry_line(self, register: str, entry_id: str) -> ListLine:
        entry = self._formatter.session.entry(register, entry_id)
        detail = self._formatter.detail(register, entry) if entry is not None else ""
        return ListLine(_ENTRY + entry_id, self._formatter.title(register, entry), detail)

    def _answer_line(self, way: ReferenceKind, keys: list[AnswerKey]) -> ListLine:
        first, wording = keys[0], self._formatter.wording
        question = first.address.question
        place = Address(question, first.address.row) if first.address.row else Address(question)
        texts = self._formatter.texts
        many = texts.counted("{count} answer", "{count} answers", len(keys))
        detail = many if len(keys) > 1 else self._said(first)
        if way is not ReferenceKind.GIVEN:
            who = dict.fromkeys(wording.respondent(key.layer, key.respondent) for key in keys)
            detail = " · ".join((texts.listed(who), detail))
        return ListLine(f"{_ANSWER}{way} {first.address}", self._formatter.gap_name(str(place)), detail)

    def _said(self, key: AnswerKey) -> str:
        target = locate(self._formatter.instrument, key.address)
        if target is None:
            return ""
        content = self._formatter.session.content(key)
        return self._formatter.wording.content(target.question, target.field, content, is_short=True)

    def _go(self, key: str) -> None:
        kind, _, rest = key.partition(" ")
        if kind == _ENTRY.strip():
            self.entry_wanted.emit(rest)
        else:
            self.navigate.emit(Address.parse(rest.partition(" ")[2]))
