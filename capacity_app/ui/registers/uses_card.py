"""Where an entry is used: every answer, meeting, person, source and action that refers to it, each a way there."""

from collections.abc import Iterator

from PySide6.QtCore import Signal

from capacity_app.domain.answers import Address, AnswerKey
from capacity_app.domain.checking import locate
from capacity_app.domain.problems import N_
from capacity_app.domain.references import Use, Way
from capacity_app.ui.look.cards import Card, Words
from capacity_app.ui.look.full_list import FullList
from capacity_app.ui.look.lines import Line
from capacity_app.ui.look.theme import LARGE, Role
from capacity_app.ui.registers.entry_words import Vocabulary

GROUPS = {
    Way.GIVEN: N_("Answers given in its name"),
    Way.PICKED: N_("Answers in which it is picked"),
    Way.SUPPORTED: N_("Answers it supports"),
    "people": N_("People met"),
    "meetings": N_("Meetings"),
    "sources": N_("Data sources"),
    "actions": N_("Actions"),
}
"""Headings of the list, in order."""
_FIRST = 8
"""Lines of a group that are shown before one asks for all."""
_ANSWER, _ENTRY, _MORE = "answer ", "entry ", "more "


class UsesCard(Card):
    """The uses of one entry. ``navigate`` carries an address, ``entry_wanted`` the id of another entry."""

    navigate = Signal(object)
    entry_wanted = Signal(str)

    def __init__(self, register: str, words: Vocabulary) -> None:
        super().__init__(margin=LARGE)
        self._words = words
        self._uses: tuple[Use, ...] = ()
        self._open: set[str] = set()
        self._title = Words(role=Role.HEADING)
        self._none = Words(
            words.texts.gettext("Nothing refers to it yet. Whatever does will be listed here; each line leads there."),
            is_muted=True,
        )
        self.list = FullList(f"uses_{register}", words.texts.gettext("Where it is used"))
        self.list.opened.connect(self._go)
        for widget in (self._title, self._none, self.list):
            self.body.addWidget(widget)

    def show_uses(self, found: tuple[Use, ...], *, is_other: bool) -> None:
        """Show uses; of another entry with its long groups closed."""
        if is_other:
            self._open.clear()
        self._uses = found
        texts = self._words.texts
        count = texts.ngettext("Where used: {count} place", "Where used: {count} places", len(found))
        title = count.format(count=texts.number(len(found))) if found else texts.gettext("Where used")
        self._title.setText(title)
        self._none.setVisible(not found)
        self.list.setVisible(bool(found))
        self.list.show_lines(list(self._lines()))

    def _lines(self) -> Iterator[Line]:
        for group, heading in GROUPS.items():
            lines = list(self._of_group(group))
            if not lines:
                continue
            title = f"{self._words.texts.gettext(heading)} · {self._words.texts.number(len(lines))}"
            yield Line(f"heading {group}", title, is_heading=True)
            shown = lines if group in self._open or len(lines) <= _FIRST + 1 else lines[:_FIRST]
            yield from shown
            if len(shown) < len(lines):
                rest = self._words.texts.number(len(lines) - len(shown))
                yield Line(
                    f"{_MORE}{group}", self._words.texts.gettext("Show {count} more").format(count=rest), "", "+"
                )

    def _of_group(self, group: str) -> Iterator[Line]:
        if not isinstance(group, Way):
            named = [use.by[1] for use in self._uses if use.by and use.by[0] == group]
            yield from (self._entry_line(group, entry_id) for entry_id in named)
            return
        rows: dict[tuple[str, str], list[AnswerKey]] = {}
        for use in self._uses:
            if use.key is not None and use.way is group:
                rows.setdefault((use.key.address.question, use.key.address.row), []).append(use.key)
        yield from (self._answer_line(group, keys) for keys in rows.values())

    def _entry_line(self, register: str, entry_id: str) -> Line:
        entry = self._words.session.entry(register, entry_id)
        detail = self._words.detail(register, entry) if entry is not None else ""
        return Line(_ENTRY + entry_id, self._words.title(register, entry), detail)

    def _answer_line(self, way: Way, keys: list[AnswerKey]) -> Line:
        first, wording = keys[0], self._words.wording
        question = first.address.question
        place = Address(question, first.address.row) if first.address.row else Address(question)
        texts = self._words.texts
        if len(keys) > 1:
            pattern = texts.ngettext("{count} answer", "{count} answers", len(keys))
            detail = pattern.format(count=texts.number(len(keys)))
        else:
            detail = self._said(first)
        if way is not Way.GIVEN:
            who = dict.fromkeys(wording.respondent(key.layer, key.respondent) for key in keys)
            detail = " · ".join((texts.listed(who), detail))
        return Line(f"{_ANSWER}{way} {first.address}", self._words.gap_name(str(place)), detail)

    def _said(self, key: AnswerKey) -> str:
        target = locate(self._words.instrument, key.address)
        if target is None:
            return ""
        content = self._words.session.content(key)
        return self._words.wording.content(target.question, target.field, content, is_short=True)

    def _go(self, key: str) -> None:
        kind, _, rest = key.partition(" ")
        if kind == _MORE.strip():
            self._open.add(rest)
            self.show_uses(self._uses, is_other=False)
        elif kind == _ENTRY.strip():
            self.entry_wanted.emit(rest)
        else:
            self.navigate.emit(Address.parse(rest.partition(" ")[2]))
