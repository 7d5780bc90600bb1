"""Questions, notes, tables and conditions of a form that is imported, as tables of TOML files."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import Problem
from capacity_app.domain.questionnaire.conditions import Condition, ConditionOperator
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.questionnaires.xlsform import import_answers
from capacity_app.questionnaires.xlsform.expressions import (
    ExpressionNode,
    FieldReference,
    FunctionCall,
    KnownField,
    LiteralValue,
    UnsupportedExpression,
    parse_condition,
    parse_expression,
)
from capacity_app.questionnaires.xlsform.form import (
    COLUMN_KEYS,
    HINT,
    KIND,
    NUMBER,
    QUESTION_KEYS,
    ROW_KEYS,
    SHOW_IF,
    FieldName,
    FieldSuffix,
    condition_table,
    conversion_warning,
    id_from_name,
    parse_field_name,
)
from capacity_app.questionnaires.xlsform.import_answers import (
    COMPUTED_TYPES,
    METADATA_TYPES,
    ImportedAnswers,
    ImportedTexts,
    TomlDict,
    can_be_asked,
    free_id,
    place_of_row,
    relevant_of,
)
from capacity_app.questionnaires.xlsform.sheet_reader import SurveyElement

# Conditions of a form as the tables of an instrument, and the answers of a column that settle others.

PendingCondition = tuple[TomlDict, Sequence[tuple[str, str]], str]
"""A question, the expressions under which it is asked, each with its row, and the row of the question."""


def add_conditions(waiting: Iterable[PendingCondition], known: Callable[[str], KnownField | None]) -> list[Problem]:
    """Assign each question its condition, now that every field is known; tells of those that cannot be said here."""
    problems: list[Problem] = []
    for table, relevants, place in waiting:
        parts: list[Condition] = []
        for text, at in relevants:
            try:
                parts.append(parse_condition(text, known))
            except UnsupportedExpression:
                said = text[: import_answers.MOST_SHOWN]
                problems.append(
                    conversion_warning(
                        "condition", at or place, import_answers.CONDITION, import_answers.CHECK_ADVICE, said=said
                    )
                )
        if parts:
            whole = parts[0] if len(parts) == 1 else Condition(op=ConditionOperator.ALL, parts=tuple(parts))
            table["show_if"] = condition_table(whole)
    return problems


def parse_gate(relevant: str) -> tuple[str, tuple[str, ...]] | None:
    """Return the column and the answers for which a cell of ours is not asked."""
    try:
        node = parse_expression(relevant)
    except UnsupportedExpression:
        return None
    for part in node.parts if isinstance(node, FunctionCall) and node.name == "and" else (node,):
        if isinstance(part, FunctionCall) and part.name == "not":
            tests = _tests(part.parts[0])
            name = parse_field_name(tests[0][0]) if tests else None
            if name and name.address.column:
                return name.address.column, tuple(value for _field, value in tests)
    return None


def _tests(node: ExpressionNode) -> list[tuple[str, str]]:
    if isinstance(node, FunctionCall) and node.name == "or":
        return [test for part in node.parts for test in _tests(part)]
    match node:
        case FunctionCall("selected", (FieldReference(name), LiteralValue(value))):
            return [(name, str(value))]
    return []


@dataclass(frozen=True, slots=True)
class FormNote:
    """A text between the questions, with its row, when it is shown, and the labels of the groups around it."""

    texts: Mapping[str, str]
    place: str
    relevants: tuple[tuple[str, str], ...] = ()
    headings: tuple[Mapping[str, str], ...] = ()


@dataclass
class OpenSection:
    """A section while it is filled; ``title`` is None where no group of the form gives one."""

    table: TomlDict
    questions: list[TomlDict] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    title: FormNote | None = None
    introduction: list[FormNote] = field(default_factory=list)
    notes: list[FormNote] = field(default_factory=list)
    head: Mapping[str, str] = field(default_factory=dict)
    below: SurveyElement = field(default_factory=dict)

    @property
    def is_loose(self) -> bool:
        return self.title is None


@dataclass(frozen=True, slots=True)
class EnclosingGroups:
    """What the groups around a question say: their headings, and when they are asked, each with its row."""

    headings: tuple[dict[str, str], ...] = ()
    relevants: tuple[tuple[str, str], ...] = ()


class ImportedQuestions:
    """The questions of a form; ``waiting`` are their conditions, which are read when all fields are known."""

    def __init__(self, words: ImportedTexts, answers: ImportedAnswers) -> None:
        self._words, self._answers = words, answers
        self._headed: dict[str, None] = {}
        self.waiting = list[PendingCondition]()
        self.required = self.messages = 0
        self._headings: tuple[Mapping[str, str], ...] = ()

    def question(self, element: SurveyElement, section: OpenSection, around: EnclosingGroups) -> None:
        table = self.started(element, section, around)
        question = str(table["id"])
        table |= self._answers.typed(element, Address(question), f"{question}|") | self._words.details(
            element, QUESTION_KEYS
        )
        table |= self._words.findings(element, f"{question}|")
        self.help(table, element, section)

    def started(self, element: SurveyElement, section: OpenSection, around: EnclosingGroups) -> TomlDict:
        """Begin a question: its id, number and texts."""
        section_id, own = str(section.table["id"]), self._words.own_name(element)
        is_own = own is not None and not own.address.row and own.address.question.startswith(f"{section_id}.")
        local = (
            own.address.question.removeprefix(f"{section_id}.")
            if own and is_own
            else id_from_name(str(element.get("name", "")))
        )
        local = free_id(local or f"q{len(section.questions) + 1}", section.ids)
        section.ids.add(local)
        question = f"{section_id}.{local}"
        number = (
            self._words.cell(element, NUMBER) if is_own else f"{section.table['number']}.{len(section.questions) + 1}"
        )
        table: TomlDict = {
            "id": question,
            "number": number,
            "text": self._words.label(f"{question}|text", element, number if is_own else ""),
            "provenance": "P",
        }
        self._head_of(table, section, around, is_own=is_own)
        section.questions.append(table)
        said = self._words.cell(element, SHOW_IF)
        relevants = () if said else (*around.relevants, *relevant_of(element))
        self.waiting.append((table, relevants, place_of_row(element)))
        if said:
            table |= self._words.condition("show_if", said, place_of_row(element))
        self.count_odd(element)
        return table

    def _head_of(self, table: TomlDict, section: OpenSection, around: EnclosingGroups, *, is_own: bool) -> None:
        """Give a question the heading that starts with it."""
        key = f"{table['id']}|heading"
        self._headings = around.headings
        if is_own and str(table["id"]) in self._headed and section.head:
            table["heading"], section.head = self._words.say(key, section.head), {}
            table |= self._below_heading(str(table["id"]), section.below)
            return
        texts = _joined(around.headings)
        shown = f"{section.table['id']} {texts}"
        if texts and shown not in self._headed:
            self._headed[shown] = None
            table["heading"] = self._words.say(key, texts)

    def _below_heading(self, question: str, element: SurveyElement) -> TomlDict:
        """Read the deeper headings, one in each line, and the text below them."""
        lines = {name: text.split("\n") for name, text in self._words.sheets.texts(element, "guidance_hint").items()}
        deeper = [
            self._words.say(f"{question}|subheading {number + 1}", {name: one[number] for name, one in lines.items()})
            for number in range(min(map(len, lines.values()), default=0))
        ]
        text = self._words.say(f"{question}|heading_text", self._words.sheets.texts(element, "hint"))
        return {key: said for key, said in (("subheadings", deeper), ("heading_text", text)) if said}

    def help(self, table: TomlDict, element: SurveyElement, section: OpenSection) -> None:
        """Give a question its definition and help, with the notes that stand before it."""
        question = str(table["id"])
        hints, besides = self._words.sheets.texts(element, "hint"), self._words.sheets.texts(element, "guidance_hint")
        if table.get("type") == AnswerKind.DATE.value and self._words.is_ours:
            hints = {name: text for name, text in hints.items() if text != self._words.ask_date(name)}
        if element.get(HINT) == "help" or besides:
            if hint := self._words.say(f"{question}|respondent_help", hints):
                table["respondent_help"] = hint
            hints = besides
        notes, section.notes = section.notes, []
        relevants = {text for text, _ in self.waiting[-1][1]}
        for one in notes:
            self.tell_condition(one, relevants)
        texts = [text for one in notes for text in (*self._labels_around(one), one.texts)]
        if text := self._words.say(f"{question}|definition", join_lines([*texts, hints])):
            table["definition"] = text

    def _labels_around(self, one: FormNote) -> tuple[Mapping[str, str], ...]:
        """Return the labels of groups around a note that do not stand over the question it helps with."""
        is_shown = one.headings == self._headings[: len(one.headings)]
        return () if is_shown else one.headings

    def tell_condition(self, one: FormNote, relevants: Collection[str] = ()) -> None:
        """Tell when a note is shown in the form, unless the question it stands with is asked under the same."""
        for text, at in one.relevants:
            if text not in relevants:
                said = text[: import_answers.MOST_SHOWN]
                self._words.problems.append(
                    conversion_warning(
                        "note-condition",
                        at or one.place,
                        import_answers.NOTE_CONDITION,
                        import_answers.CHECK_ADVICE,
                        said=said,
                    )
                )

    def count_odd(self, element: SurveyElement) -> None:
        """Tell what else a row says that is not kept."""
        bind = element.get("bind", {})
        if not self._words.is_ours and str(bind.get("required", "")).lower() in {"yes", "true", "true()", "1"}:
            self.required += 1
        texts = self._words.sheets.texts
        if not self._words.is_ours and (texts(element, "constraint_message") or texts(element, "required_message")):
            self.messages += 1
        if element.get("choice_filter"):
            self._words.note(
                element,
                "filter",
                import_answers.FILTERED,
                said=str(element["choice_filter"])[: import_answers.MOST_SHOWN],
            )
        if element.get("default") and not self._words.is_ours:
            self._words.note(
                element, "default", import_answers.PRESET, said=str(element["default"])[: import_answers.MOST_SHOWN]
            )
        if element.get("media"):
            self._words.note(element, "media", import_answers.MEDIA)

    def note_of(self, element: SurveyElement, around: EnclosingGroups) -> FormNote:
        columns = (self._words.sheets.texts(element, column) for column in ("label", "hint", "guidance_hint"))
        texts = join_lines(list(columns))
        self._words.tell_quotes(element, texts.values())
        if element.get("media"):
            self._words.note(element, "media", import_answers.MEDIA)
        return FormNote(texts, place_of_row(element), (*around.relevants, *relevant_of(element)), around.headings)

    def note_field(self, element: SurveyElement, section: OpenSection, around: EnclosingGroups) -> None:
        """Keep a note: in front of all questions it introduces the section, else it helps with the next question."""
        found = self.note_of(element, around)
        is_first = not (section.questions or section.notes or found.headings or found.relevants)
        (section.introduction if is_first else section.notes).append(found)

    def take_extra(self, element: SurveyElement, name: FieldName, section: OpenSection) -> None:
        """Take from the fields beside an answer of ours what the instrument says there."""
        question = name.address.question
        match name.extra:
            case FieldSuffix.INTRO:
                section.table["introduction"] = self._words.say(
                    f"{question}|introduction", self._words.sheets.texts(element, "label")
                )
            case FieldSuffix.HEAD if not name.address.row:
                self._headed[question] = None
                section.head = self._words.sheets.texts(element, "label")
                section.below = element
            case FieldSuffix.NOTE:
                hint = self._words.say(f"{question}|evidence_hint", self._words.sheets.texts(element, "hint"))
                found = next((one for one in section.questions if one["id"] == question), None)
                if found is not None and hint:
                    found["evidence_hint"] = hint


def _joined(headings: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Join the labels of groups inside each other."""
    names = dict.fromkeys(name for one in headings for name in one)
    return {name: " – ".join(one[name] for one in headings if one.get(name)) for name in names}


def join_lines(texts: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Put texts below each other, in every language that has one of them."""
    names = dict.fromkeys(name for one in texts for name in one)
    return {name: "\n".join(one[name] for one in texts if one.get(name)) for name in names}


# Tables: those of a form of ours, and entries that can be repeated in one of somebody else.

REPEAT_ROWS = 10
"""A repeat has as many entries as somebody makes; a table of ours has this many lines."""


class ImportedTables:
    """The tables of a form."""

    def __init__(self, words: ImportedTexts, answers: ImportedAnswers, questions: ImportedQuestions) -> None:
        self._words, self._answers, self._questions = words, answers, questions
        self.lost = list[FormNote]()

    def grid(self, element: SurveyElement, section: OpenSection) -> None:
        """Read a table of ours: a group with a group for every row."""
        table = self._questions.started(element, section, EnclosingGroups())
        table |= {"type": AnswerKind.GRID.value, **self._words.details(element, QUESTION_KEYS)}
        rows: list[TomlDict] = []
        columns: dict[str, TomlDict] = {}
        heading: dict[str, str] = {}
        for child in element.get("children", ()):
            name = self._words.own_name(child)
            if name and name.extra is FieldSuffix.ABOUT and not name.address.row:
                self._questions.help(table, child, section)
            elif name and name.extra is FieldSuffix.HEAD:
                heading = self._words.sheets.texts(child, "label")
            elif child.get(KIND) == "row" and name:
                rows.append(self._row(child, str(table["id"]), name.address.row, heading))
                heading = {}
                self._columns(child, str(table["id"]), columns)
        table["column"], table["row"] = list(columns.values()), rows
        if gate := _find_gate(self._words, element):
            table["gate"] = gate

    def _row(self, element: SurveyElement, question: str, row: str, heading: Mapping[str, str]) -> TomlDict:
        key, number = f"{question}|row {row}", self._words.cell(element, NUMBER)
        table: TomlDict = {"id": row, "label": self._words.label(f"{key} label", element, number)}
        if number:
            table["number"] = number
        table |= self._words.details(element, ROW_KEYS)
        if heading:
            table["heading"] = self._words.say(f"{key} heading", heading)
        for child in element.get("children", ()):
            name = self._words.own_name(child)
            if name and name.extra is FieldSuffix.ABOUT:
                table["definition"] = self._words.say(f"{key} definition", self._words.sheets.texts(child, "hint"))
            elif name and name.extra is FieldSuffix.REASON and child.get("default"):
                table["preset_reason"] = next(iter(self._words.sheets.texts(child, "default").values()), "")
        return table

    def _columns(self, element: SurveyElement, question: str, columns: dict[str, TomlDict]) -> None:
        for child in element.get("children", ()):
            name = self._words.own_name(child)
            if name is None or name.extra or not name.address.column:
                continue
            column = name.address.column
            table = self._column(child, question, name.address)
            columns.setdefault(column, table)

    def _column(
        self, element: SurveyElement, question: str, address: Address, notes: Sequence[FormNote] = ()
    ) -> TomlDict:
        key = f"{question}|column {address.column} "
        typed = self._answers.typed(element, address, key)
        table: TomlDict = {"id": address.column, "label": self._words.label(f"{key}label", element), **typed}
        hints = self._words.sheets.texts(element, "hint")
        if typed["type"] == AnswerKind.DATE.value:
            hints = {name: text for name, text in hints.items() if text != self._words.ask_date(name)}
        if definition := self._words.say(f"{key}definition", join_lines([*(one.texts for one in notes), hints])):
            table["definition"] = definition
        table |= self._words.findings(element, key)
        return table | self._words.details(element, COLUMN_KEYS)

    def repeat(self, element: SurveyElement, section: OpenSection, around: EnclosingGroups) -> None:
        """Make a table of entries that can be repeated; they have no condition of their own within a line."""
        table = self._questions.started(element, section, around)
        question = str(table["id"])
        table["type"] = AnswerKind.GRID.value
        self._words.note(element, "repeat", import_answers.REPEATED, count=REPEAT_ROWS)
        self._questions.help(table, element, section)
        notes = list[FormNote]()
        columns = list(self._repeated(element, question, set(), notes))
        self.lost += notes
        if not columns:
            section.questions.remove(table)
            self._questions.waiting.pop()
            return
        table["key_column"], table["column"] = columns[0]["id"], columns
        table["row"] = [{"id": str(n), "label": str(n), "spare": True} for n in range(1, REPEAT_ROWS + 1)]

    def _repeated(
        self, element: SurveyElement, question: str, taken: set[str], notes: list[FormNote]
    ) -> Iterator[TomlDict]:
        """Yield the columns; ``notes`` are the texts that wait for the next one."""
        for child in element.get("children", ()):
            kind = str(child.get("type", "")).lower()
            if kind == "group":
                label = FormNote(self._words.sheets.texts(child, "label"), place_of_row(child))
                notes += [label] if label.texts else []
                self._tell_condition(child)
                yield from self._repeated(child, question, taken, notes)
                self.lost += notes
                notes.clear()
            elif kind == "repeat":
                self._words.note(child, "nested", import_answers.NESTED)
            elif kind == "note":
                found = self._questions.note_of(child, EnclosingGroups())
                self._questions.tell_condition(found)
                notes.append(found)
            elif kind in METADATA_TYPES | COMPUTED_TYPES or not can_be_asked(child, kind):
                self._words.tell_left_out(child, kind)
            else:
                column = free_id(id_from_name(str(child.get("name", ""))) or f"c{len(taken) + 1}", taken)
                taken.add(column)
                table = self._column(child, question, Address(question, "", column), notes)
                notes.clear()
                self._answers.known.pop(str(child.get("name", "")), None)
                self._tell_condition(child)
                self._questions.count_odd(child)
                yield table

    def _tell_condition(self, element: SurveyElement) -> None:
        """Tell when a column or a group of columns is asked, which a table cannot say."""
        for text, _ in relevant_of(element):
            self._words.note(element, "condition", import_answers.CONDITION, said=text[: import_answers.MOST_SHOWN])


def _find_gate(words: ImportedTexts, element: SurveyElement) -> TomlDict:
    """Find which answers of a column settle others: they are not asked then."""
    settles: dict[str, None] = {}
    found: tuple[str, tuple[str, ...]] = ("", ())
    for row in element.get("children", ()):
        for child in row.get("children", ()):
            name = words.own_name(child)
            gate = parse_gate(str(child.get("bind", {}).get("relevant", "")))
            if name and name.address.column and gate:
                settles[name.address.column], found = None, gate
    return {"column": found[0], "answers": list(found[1]), "settles": list(settles)} if settles else {}
