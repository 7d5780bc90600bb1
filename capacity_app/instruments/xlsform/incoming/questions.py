"""A field of a form as a question, with its heading, its help and the notes in front of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from capacity_app.domain.answers import Address
from capacity_app.domain.instrument import Kind
from capacity_app.instruments.xlsform.details import QUESTION, SHOW_IF
from capacity_app.instruments.xlsform.form import HINT, NUMBER, note
from capacity_app.instruments.xlsform.incoming import sentences
from capacity_app.instruments.xlsform.incoming.answers import Answers
from capacity_app.instruments.xlsform.incoming.conditions import Waiting
from capacity_app.instruments.xlsform.incoming.elements import Table, free_id, place_of, relevant_of
from capacity_app.instruments.xlsform.incoming.words import Words
from capacity_app.instruments.xlsform.names import Extra, Name, id_of
from capacity_app.instruments.xlsform.sheets import Element


@dataclass(frozen=True, slots=True)
class Note:
    """A text between the questions, with its row, when it is shown, and the labels of the groups around it."""

    texts: Mapping[str, str]
    place: str
    relevants: tuple[tuple[str, str], ...] = ()
    headings: tuple[Mapping[str, str], ...] = ()


@dataclass
class OpenSection:
    """A section while it is filled; ``title`` is None where no group of the form gives one."""

    table: Table
    questions: list[Table] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    title: Note | None = None
    introduction: list[Note] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    head: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_loose(self) -> bool:
        return self.title is None


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
        self.required = self.messages = 0
        self._headings: tuple[Mapping[str, str], ...] = ()

    def question(self, element: Element, section: OpenSection, around: Surrounding) -> None:
        """Add a question to its section."""
        table = self.started(element, section, around)
        question = str(table["id"])
        table |= self._answers.typed(element, Address(question), f"{question}|") | self._words.details(
            element, QUESTION
        )
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
        number = (
            self._words.cell(element, NUMBER) if is_own else f"{section.table['number']}.{len(section.questions) + 1}"
        )
        table: Table = {
            "id": question,
            "number": number or f"{section.table['number']}.{len(section.questions) + 1}",
            "text": self._words.label(f"{question}|text", element, number if is_own else ""),
            "provenance": "P",
        }
        self._head_of(table, section, around, is_own=is_own)
        section.questions.append(table)
        said = self._words.cell(element, SHOW_IF)
        relevants = () if said else (*around.relevants, *relevant_of(element))
        self.waiting.append((table, relevants, place_of(element)))
        if said:
            table |= self._words.condition("show_if", said, place_of(element))
        self.count_odd(element)
        return table

    def _head_of(self, table: Table, section: OpenSection, around: Surrounding, *, is_own: bool) -> None:
        """Give a question the heading that starts with it."""
        key = f"{table['id']}|heading"
        self._headings = around.headings
        if is_own and str(table["id"]) in self._headed and section.head:
            table["heading"], section.head = self._words.say(key, section.head), {}
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
        relevants = {text for text, _ in self.waiting[-1][1]}
        for one in notes:
            self.tell_condition(one, relevants)
        texts = [text for one in notes for text in (*self._labels_around(one), one.texts)]
        if text := self._words.say(f"{question}|guidance", lined([*texts, hints])):
            table["guidance"] = text

    def _labels_around(self, one: Note) -> tuple[Mapping[str, str], ...]:
        """Return the labels of groups around a note that do not stand over the question it helps with."""
        is_shown = one.headings == self._headings[: len(one.headings)]
        return () if is_shown else one.headings

    def tell_condition(self, one: Note, relevants: Collection[str] = ()) -> None:
        """Tell when a note is shown in the form, unless the question it stands with is asked under the same."""
        for text, at in one.relevants:
            if text not in relevants:
                said = text[: sentences.MOST_SHOWN]
                self._words.problems.append(
                    note("note-condition", at or one.place, sentences.NOTE_CONDITION, sentences.ADVICE, said=said)
                )

    def count_odd(self, element: Element) -> None:
        """Tell what else a row says that is not kept."""
        bind = element.get("bind", {})
        if not self._words.is_ours and str(bind.get("required", "")).lower() in {"yes", "true", "true()", "1"}:
            self.required += 1
        texts = self._words.sheets.texts
        if not self._words.is_ours and (texts(element, "constraint_message") or texts(element, "required_message")):
            self.messages += 1
        if element.get("choice_filter"):
            self._words.note(
                element, "filter", sentences.FILTERED, said=str(element["choice_filter"])[: sentences.MOST_SHOWN]
            )
        if element.get("default") and not self._words.is_ours:
            self._words.note(element, "default", sentences.PRESET, said=str(element["default"])[: sentences.MOST_SHOWN])
        if element.get("media"):
            self._words.note(element, "media", sentences.MEDIA)

    def note_of(self, element: Element, around: Surrounding) -> Note:
        """Read a note with everything that it says."""
        columns = (self._words.sheets.texts(element, column) for column in ("label", "hint", "guidance_hint"))
        texts = lined(list(columns))
        self._words.tell_quotes(element, texts.values())
        if element.get("media"):
            self._words.note(element, "media", sentences.MEDIA)
        return Note(texts, place_of(element), (*around.relevants, *relevant_of(element)), around.headings)

    def note_field(self, element: Element, section: OpenSection, around: Surrounding) -> None:
        """Keep a note: in front of all questions it introduces the section, else it helps with the next question."""
        found = self.note_of(element, around)
        is_first = not (section.questions or section.notes or found.headings or found.relevants)
        (section.introduction if is_first else section.notes).append(found)

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
                section.head = self._words.sheets.texts(element, "label")
            case Extra.NOTE:
                hint = self._words.say(f"{question}|evidence_hint", self._words.sheets.texts(element, "hint"))
                found = next((one for one in section.questions if one["id"] == question), None)
                if found is not None and hint:
                    found["evidence_hint"] = hint


def _joined(headings: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Join the labels of groups inside each other."""
    names = dict.fromkeys(name for one in headings for name in one)
    return {name: " – ".join(one[name] for one in headings if one.get(name)) for name in names}


def lined(texts: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Put texts below each other, in every language that has one of them."""
    names = dict.fromkeys(name for one in texts for name in one)
    return {name: "\n".join(one[name] for one in texts if one.get(name)) for name in names}
