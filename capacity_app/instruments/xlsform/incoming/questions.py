"""A field of a form as a question, with its heading, its help and the notes in front of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from capacity_app.domain.answers import Address
from capacity_app.domain.instrument import Kind
from capacity_app.instruments.xlsform.form import HINT, NUMBER
from capacity_app.instruments.xlsform.incoming import sentences
from capacity_app.instruments.xlsform.incoming.answers import Answers
from capacity_app.instruments.xlsform.incoming.conditions import Waiting
from capacity_app.instruments.xlsform.incoming.elements import Table, free_id, place_of, relevant_of
from capacity_app.instruments.xlsform.incoming.words import Words
from capacity_app.instruments.xlsform.names import Extra, Name, id_of
from capacity_app.instruments.xlsform.sheets import Element


@dataclass
class OpenSection:
    """A section while it is filled."""

    table: Table
    questions: list[Table] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    notes: list[dict[str, str]] = field(default_factory=list)
    is_loose: bool = False


@dataclass(frozen=True, slots=True)
class Surrounding:
    """What the groups around a question say: their headings, and when they are asked, each with its row."""

    headings: tuple[dict[str, str], ...] = ()
    relevants: tuple[tuple[str, str], ...] = ()


class Questions:
    """The questions of a form; ``waiting`` are their conditions, which are read when all fields are known."""

    def __init__(self, words: Words, answers: Answers) -> None:
        self._words, self._answers = words, answers
        self._headed: dict[str, None] = {}
        self.waiting = list[Waiting]()
        self.required = 0

    def question(self, element: Element, section: OpenSection, around: Surrounding) -> None:
        """Add a question to its section."""
        table = self.started(element, section, around)
        question = str(table["id"])
        table |= self._answers.typed(element, Address(question), f"{question}|")
        self.help(table, element, section)

    def started(self, element: Element, section: OpenSection, around: Surrounding) -> Table:
        """Begin a question: its id, number and texts."""
        section_id, own = str(section.table["id"]), self._words.own_name(element)
        is_own = own is not None and not own.address.row and own.address.question.startswith(f"{section_id}.")
        local = (
            own.address.question.removeprefix(f"{section_id}.")
            if own and is_own
            else id_of(str(element.get("name", "")))
        )
        local = free_id(local or f"q{len(section.questions) + 1}", section.ids)
        section.ids.add(local)
        question = f"{section_id}.{local}"
        number = str(element.get(NUMBER, "")) if is_own else f"{section.table['number']}.{len(section.questions) + 1}"
        table: Table = {
            "id": question,
            "number": number or f"{section.table['number']}.{len(section.questions) + 1}",
            "text": self._words.label(f"{question}|text", element, number if is_own else ""),
            "provenance": "P",
        }
        self._head_of(table, section, around, is_own=is_own)
        section.questions.append(table)
        self.waiting.append((table, (*around.relevants, *relevant_of(element)), place_of(element)))
        self.count_odd(element)
        return table

    def _head_of(self, table: Table, section: OpenSection, around: Surrounding, *, is_own: bool) -> None:
        """Give a question the heading that starts with it."""
        key = f"{table['id']}|heading"
        if is_own and str(table["id"]) in self._headed and section.notes:
            table["heading"] = self._words.say(key, section.notes.pop())
            return
        texts = _joined(around.headings)
        shown = f"{section.table['id']} {texts}"
        if texts and shown not in self._headed:
            self._headed[shown] = None
            table["heading"] = self._words.say(key, texts)

    def help(self, table: Table, element: Element, section: OpenSection) -> None:
        """Give a question its guidance and help, with the notes that stand before it."""
        question = str(table["id"])
        hints, guidance = self._words.sheets.texts(element, "hint"), self._words.sheets.texts(element, "guidance_hint")
        if table.get("type") == Kind.DATE.value and self._words.is_ours:
            hints = {name: text for name, text in hints.items() if text != self._words.ask_date(name)}
        if element.get(HINT) == "help" or guidance:
            if hint := self._words.say(f"{question}|respondent_help", hints):
                table["respondent_help"] = hint
            hints = guidance
        notes, section.notes = section.notes, []
        if text := self._words.say(f"{question}|guidance", _lined([*notes, hints])):
            table["guidance"] = text

    def count_odd(self, element: Element) -> None:
        """Tell what else a row says that is not kept."""
        bind = element.get("bind", {})
        if not self._words.is_ours and str(bind.get("required", "")).lower() in {"yes", "true", "true()", "1"}:
            self.required += 1
        if element.get("choice_filter"):
            self._words.note(
                element, "filter", sentences.FILTERED, said=str(element["choice_filter"])[: sentences.MOST_SHOWN]
            )
        if element.get("default") and not self._words.is_ours:
            self._words.note(element, "default", sentences.PRESET, said=str(element["default"])[: sentences.MOST_SHOWN])
        if element.get("media"):
            self._words.note(element, "media", sentences.MEDIA)

    def note_field(self, element: Element, section: OpenSection, around: Surrounding) -> None:
        """Keep a note: in front of all questions it introduces the section, else it helps with the next question."""
        texts = self._words.sheets.texts(element, "label")
        if not section.questions and not section.notes and "introduction" not in section.table and not around.headings:
            text = self._words.say(f"{section.table['id']}|introduction", texts)
            if text:
                section.table["introduction"] = text
        elif texts:
            section.notes.append(texts)

    def take_extra(self, element: Element, name: Name, section: OpenSection) -> None:
        """Take from the fields beside an answer of ours what the instrument says there."""
        question = name.address.question
        match name.extra:
            case Extra.INTRO:
                section.table["introduction"] = self._words.say(
                    f"{question}|introduction", self._words.sheets.texts(element, "label")
                )
            case Extra.HEAD if not name.address.row:
                self._headed[question] = None
                section.notes[:] = [self._words.sheets.texts(element, "label")]
            case Extra.NOTE:
                hint = self._words.say(f"{question}|evidence_hint", self._words.sheets.texts(element, "hint"))
                found = next((one for one in section.questions if one["id"] == question), None)
                if found is not None and hint:
                    found["evidence_hint"] = hint


def _joined(headings: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Join the labels of groups inside each other."""
    names = dict.fromkeys(name for one in headings for name in one)
    return {name: " – ".join(one[name] for one in headings if one.get(name)) for name in names}


def _lined(texts: Sequence[Mapping[str, str]]) -> dict[str, str]:
    names = dict.fromkeys(name for one in texts for name in one)
    return {name: "\n".join(one[name] for one in texts if one.get(name)) for name in names}
