"""Tables: those of a form of ours, and entries that can be repeated in one of somebody else."""

from collections.abc import Iterator, Mapping, Sequence

from capacity_app.domain.answers import Address
from capacity_app.domain.instrument import Kind
from capacity_app.instruments.xlsform.details import COLUMN, QUESTION, ROW
from capacity_app.instruments.xlsform.form import KIND, NUMBER
from capacity_app.instruments.xlsform.incoming import sentences
from capacity_app.instruments.xlsform.incoming.answers import Answers
from capacity_app.instruments.xlsform.incoming.conditions import gate_in
from capacity_app.instruments.xlsform.incoming.elements import (
    COMPUTED,
    METADATA,
    Table,
    can_be_asked,
    free_id,
    place_of,
    relevant_of,
)
from capacity_app.instruments.xlsform.incoming.questions import Note, OpenSection, Questions, Surrounding, lined
from capacity_app.instruments.xlsform.incoming.words import Words
from capacity_app.instruments.xlsform.names import Extra, id_of
from capacity_app.instruments.xlsform.sheets import Element

REPEAT_ROWS = 10
"""A repeat has as many entries as somebody makes; a table of ours has this many lines."""


class Tables:
    """The tables of a form."""

    def __init__(self, words: Words, answers: Answers, questions: Questions) -> None:
        self._words, self._answers, self._questions = words, answers, questions
        self.lost = list[Note]()

    def grid(self, element: Element, section: OpenSection) -> None:
        """Read a table of ours: a group with a group for every row."""
        table = self._questions.started(element, section, Surrounding())
        table |= {"type": Kind.GRID.value, **self._words.details(element, QUESTION)}
        rows: list[Table] = []
        columns: dict[str, Table] = {}
        heading: dict[str, str] = {}
        for child in element.get("children", ()):
            name = self._words.own_name(child)
            if name and name.extra is Extra.ABOUT and not name.address.row:
                self._questions.help(table, child, section)
            elif name and name.extra is Extra.HEAD:
                heading = self._words.sheets.texts(child, "label")
            elif child.get(KIND) == "row" and name:
                rows.append(self._row(child, str(table["id"]), name.address.row, heading))
                heading = {}
                self._columns(child, str(table["id"]), columns)
        table["column"], table["row"] = list(columns.values()), rows
        if gate := _gate(self._words, element):
            table["gate"] = gate

    def _row(self, element: Element, question: str, row: str, heading: Mapping[str, str]) -> Table:
        key, number = f"{question}|row {row}", self._words.cell(element, NUMBER)
        table: Table = {"id": row, "label": self._words.label(f"{key} label", element, number)}
        if number:
            table["number"] = number
        table |= self._words.details(element, ROW)
        if heading:
            table["heading"] = self._words.say(f"{key} heading", heading)
        for child in element.get("children", ()):
            name = self._words.own_name(child)
            if name and name.extra is Extra.ABOUT:
                table["guidance"] = self._words.say(f"{key} guidance", self._words.sheets.texts(child, "hint"))
            elif name and name.extra is Extra.REASON and child.get("default"):
                table["preset_reason"] = next(iter(self._words.sheets.texts(child, "default").values()), "")
        return table

    def _columns(self, element: Element, question: str, columns: dict[str, Table]) -> None:
        for child in element.get("children", ()):
            name = self._words.own_name(child)
            if name is None or name.extra or not name.address.column:
                continue
            column = name.address.column
            table = self._column(child, question, name.address)
            columns.setdefault(column, table)

    def _column(self, element: Element, question: str, address: Address, notes: Sequence[Note] = ()) -> Table:
        key = f"{question}|column {address.column} "
        typed = self._answers.typed(element, address, key)
        table: Table = {"id": address.column, "label": self._words.label(f"{key}label", element), **typed}
        hints = self._words.sheets.texts(element, "hint")
        if typed["type"] == Kind.DATE.value:
            hints = {name: text for name, text in hints.items() if text != self._words.ask_date(name)}
        if guidance := self._words.say(f"{key}guidance", lined([*(one.texts for one in notes), hints])):
            table["guidance"] = guidance
        return table | self._words.details(element, COLUMN)

    def repeat(self, element: Element, section: OpenSection, around: Surrounding) -> None:
        """Make a table of entries that can be repeated; they have no condition of their own within a line."""
        table = self._questions.started(element, section, around)
        question = str(table["id"])
        table["type"] = Kind.GRID.value
        self._words.note(element, "repeat", sentences.REPEATED, count=REPEAT_ROWS)
        self._questions.help(table, element, section)
        notes = list[Note]()
        columns = list(self._repeated(element, question, set(), notes))
        self.lost += notes
        if not columns:
            section.questions.remove(table)
            self._questions.waiting.pop()
            return
        table["key_column"], table["column"] = columns[0]["id"], columns
        table["row"] = [{"id": str(n), "label": str(n), "spare": True} for n in range(1, REPEAT_ROWS + 1)]

    def _repeated(self, element: Element, question: str, taken: set[str], notes: list[Note]) -> Iterator[Table]:
        """Yield the columns; ``notes`` are the texts that wait for the next one."""
        for child in element.get("children", ()):
            kind = str(child.get("type", "")).lower()
            if kind == "group":
                label = Note(self._words.sheets.texts(child, "label"), place_of(child))
                notes += [label] if label.texts else []
                self._tell_condition(child)
                yield from self._repeated(child, question, taken, notes)
                self.lost += notes
                notes.clear()
            elif kind == "repeat":
                self._words.note(child, "nested", sentences.NESTED)
            elif kind == "note":
                found = self._questions.note_of(child, Surrounding())
                self._questions.tell_condition(found)
                notes.append(found)
            elif kind in METADATA | COMPUTED or not can_be_asked(child, kind):
                self._words.tell_left_out(child, kind)
            else:
                column = free_id(id_of(str(child.get("name", ""))) or f"c{len(taken) + 1}", taken)
                taken.add(column)
                table = self._column(child, question, Address(question, "", column), notes)
                notes.clear()
                self._answers.known.pop(str(child.get("name", "")), None)
                self._tell_condition(child)
                self._questions.count_odd(child)
                yield table

    def _tell_condition(self, element: Element) -> None:
        """Tell when a column or a group of columns is asked, which a table cannot say."""
        for text, _ in relevant_of(element):
            self._words.note(element, "condition", sentences.CONDITION, said=text[: sentences.MOST_SHOWN])


def _gate(words: Words, element: Element) -> Table:
    """Find which answers of a column settle others: they are not asked then."""
    settles: dict[str, None] = {}
    found: tuple[str, tuple[str, ...]] = ("", ())
    for row in element.get("children", ()):
        for child in row.get("children", ()):
            name = words.own_name(child)
            gate = gate_in(str(child.get("bind", {}).get("relevant", "")))
            if name and name.address.column and gate:
                settles[name.address.column], found = None, gate
    return {"column": found[0], "answers": list(found[1]), "settles": list(settles)} if settles else {}
