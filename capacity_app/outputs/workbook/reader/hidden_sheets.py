"""What a workbook holds for programs: its identity, recorded answers, and labels of its drop-down lists.

They are read from the file itself, in whatever language it was made; only where its hidden list is gone are they
worked out again. Who types one of them in another language we speak is understood as well.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from decimal import Decimal
from functools import cache, cached_property, partial
from operator import itemgetter

from capacity_app.domain.assessment.answers import (
    Address,
    Answer,
    AnswerKey,
    AnswerLayer,
    AnswerState,
    AnswerValue,
    Content,
)
from capacity_app.domain.assessment.register_fields import ACTION_PROGRESS_LABELS
from capacity_app.domain.assessment.revisions import RevisionId
from capacity_app.domain.assessment.verification import ExportStamp, stamp_of
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.numbers_and_dates import AmbiguousValueError, normalize_typed
from capacity_app.domain.problems import N_, KnownError
from capacity_app.domain.questionnaire.instrument import Instrument, Question, QuestionField
from capacity_app.domain.questionnaire.kinds import AnswerKind, ValueType
from capacity_app.i18n.catalogues import program_languages, wording_languages
from capacity_app.i18n.countries import named_country_codes, usual_country_names
from capacity_app.i18n.formatter import STATE_LABELS, YES_NO_LABELS, Formatter
from capacity_app.i18n.languages import LANGUAGES
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.workbook import sheet_marks
from capacity_app.outputs.workbook.reader.sheets import ParsedSheet, ParsedWorkbook, RawCell, shown_text

# What a workbook holds for programs: what it says of itself, the words of its lists, and its recorded answers.


NOT_OURS = "no workbook of this program"
NEWER = N_("“{file}” was made by a newer version of this program: update the program to read it.")
_COLUMNS: Mapping[str, Sequence[str]] = {
    sheet_marks.META_SHEET: sheet_marks.META_COLUMNS,
    sheet_marks.LISTS_SHEET: sheet_marks.LIST_COLUMNS,
    sheet_marks.HEADS_SHEET: sheet_marks.HEAD_COLUMNS,
    sheet_marks.ANSWERS_SHEET: sheet_marks.ANSWER_COLUMNS,
    sheet_marks.SCORES_SHEET: sheet_marks.SCORE_COLUMNS,
    sheet_marks.GAPS_SHEET: sheet_marks.FIRST_GAP_COLUMNS,
    sheet_marks.ACTIONS_SHEET: sheet_marks.FIRST_ACTION_COLUMNS,
    sheet_marks.CODEBOOK_SHEET: sheet_marks.CODEBOOK_COLUMNS,
}
"""The sheets for programs and how their first line reads, by which they are known under any name."""
_STATES = {state.value: state for state in AnswerState}
_LAYERS = {layer.value: layer for layer in AnswerLayer}
_KEYS = 5
"""The columns that say which answer it is."""
MachineLine = dict[str, RawCell]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookIdentity:
    """What a workbook says of itself: enough to find the instrument it was made from, before its answers are read."""

    stamp: ExportStamp
    instrument_hash: str = ""
    supplements: tuple[str, ...] = ()
    sheet_names: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The names that sheets had when the file was made, by what they are."""


def machine_name(sheet: ParsedSheet) -> str:
    """Return which of the sheets for programs this is, by its first line; empty if it is none."""
    first = {cell for cell in sheet.rows[0] if cell} if sheet.rows else set()
    return next((name for name, columns in _COLUMNS.items() if first and first >= set(columns)), "")


def columns_of(sheet: ParsedSheet | None, names: Sequence[str]) -> Iterator[tuple[RawCell, ...]]:
    """Go through some columns of a sheet for programs, by their names."""
    if sheet is None or not sheet.rows:
        return iter(())
    pick = itemgetter(*(sheet.rows[0].index(name) for name in names))
    return map(pick, sheet.rows[1:])


def machine_lines(sheet: ParsedSheet | None) -> Iterator[MachineLine]:
    """Go through the lines of a sheet for programs, each by its columns' names."""
    if sheet is None or not sheet.rows:
        return
    names = [str(cell) for cell in sheet.rows[0]]
    for row in sheet.rows[1:]:
        yield dict(zip(names, row, strict=False))


def workbook_identity(book: ParsedWorkbook, file: str) -> WorkbookIdentity:
    """Read the hidden sheet; raises ValueError if there is none, KnownError if its format is a newer one."""
    sheet = _meta_sheet(book)
    said = {str(line.get("key", "")): _cell_text(line.get("value", "")) for line in machine_lines(sheet)}
    if not said.get("format") or not said.get("instrument"):
        raise ValueError(NOT_OURS)
    if not said["format"].isdecimal() or int(said["format"]) > int(sheet_marks.WORKBOOK_FORMAT):
        raise KnownError(NEWER, file=file)
    supplements = tuple(part for part in said.get("supplements", "").split(sheet_marks.LIST_JOINT) if part)
    names = {key.removeprefix("sheet "): value for key, value in said.items() if key.startswith("sheet ")}
    return WorkbookIdentity(
        stamp=stamp_of(said),
        instrument_hash=said.get("instrument_hash", ""),
        supplements=supplements,
        sheet_names=names,
    )


def _meta_sheet(book: ParsedWorkbook) -> ParsedSheet | None:
    if sheet_marks.META_SHEET in book.names:
        return book.sheet(sheet_marks.META_SHEET)
    every = (book.sheet(name) for name in book.names)
    return next((sheet for sheet in every if machine_name(sheet) == sheet_marks.META_SHEET), None)


def _cell_text(value: RawCell) -> str:
    """Return a cell as text; a spreadsheet may have made a number of one."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


# -- recorded answers ----------------------------------------------------------------------------------------------


def recorded_answers(sheet: ParsedSheet | None, instrument: Instrument) -> tuple[Answer, ...]:
    """Read the answers as they were stored; raises ValueError if the sheet is gone or a line of it makes no sense."""
    if sheet is None:
        raise ValueError(sheet_marks.ANSWERS_SHEET)
    lines = columns_of(sheet, sheet_marks.ANSWER_COLUMNS)
    kinds = _answer_kinds(instrument)
    # Sorted as answers are, by question, row, column, layer and respondent, whatever somebody has sorted them by.
    return tuple(
        _recorded_answer(line, kinds)
        for line in sorted(_join_long_texts(lines), key=lambda line: tuple(map(str, line[:_KEYS])))
    )


def _join_long_texts(lines: Iterable[tuple[RawCell, ...]]) -> Iterable[tuple[RawCell, ...]]:
    """Join the parts of long texts, in whichever order the lines stand."""
    whole: dict[tuple[RawCell, ...], tuple[RawCell, ...]] = {}
    parts: list[tuple[int, tuple[RawCell, ...], tuple[RawCell, ...]]] = []
    for line in lines:
        key, part = line[:_KEYS], line[-1]
        if part == 1:
            if key in whole:
                raise ValueError(key)
            whole[key] = line
        elif any(key):
            parts.append((int(_cell_text(part)), key, line))
    for _, key, line in sorted(parts, key=lambda part: part[0]):
        before = whole[key]
        added = (b if a == "" else f"{b}{a}" for b, a in zip(before[_KEYS + 1 : -1], line[_KEYS + 1 : -1], strict=True))
        whole[key] = (*before[: _KEYS + 1], *added, before[-1])
    return whole.values()


def _answer_kinds(instrument: Instrument) -> dict[tuple[str, str], AnswerKind]:
    questions = tuple(instrument.questions())
    kinds = {(question.id, ""): question.kind for question in questions}
    return kinds | {(question.id, column.id): column.kind for question in questions for column in question.columns}


def _recorded_answer(line: tuple[RawCell, ...], kinds: Mapping[tuple[str, str], AnswerKind]) -> Answer:
    value, evidence = line[6], line[9]
    question, row, column, layer, respondent, said, _, reason, note, _, author, time, language, _ = map(str, line)
    if not question:
        raise ValueError(line)
    state = _STATES[said]
    kind = None if row and not column else kinds.get((question, column))
    return Answer(
        key=AnswerKey(Address(question, row, column), _LAYERS[layer], respondent),
        content=Content(
            state=state,
            value=_recorded_value(value, kind) if state is AnswerState.ANSWERED else _cell_text(value) or None,
            reason=reason,
            note=note,
            evidence=_split_ids(evidence),
        ),
        author=author,
        time=time,
        language=language,
    )


def _split_ids(cell: RawCell) -> tuple[str, ...]:
    return tuple(str(cell).split(sheet_marks.LIST_JOINT)) if cell != "" else ()


def _recorded_value(cell: RawCell, kind: AnswerKind | None) -> AnswerValue:
    if kind and kind.info.is_list:
        return _split_ids(cell)
    if cell == "":
        return None
    if kind and kind.info.is_number and isinstance(cell, float):
        return int(cell)
    if kind and kind.value_type is ValueType.PERCENT and isinstance(cell, float):
        return percent_text(Decimal(str(cell)))
    return _cell_text(cell)


def percent_text(number: Decimal) -> str:
    return format(number.normalize(), "f")


def recorded_heads(sheet: ParsedSheet | None) -> tuple[tuple[AnswerKey, tuple[RevisionId, ...]], ...]:
    """Read on which revisions the answers stood; raises ValueError if the sheet is gone or makes no sense."""
    if sheet is None:
        raise ValueError(sheet_marks.HEADS_SHEET)
    return tuple(
        (
            AnswerKey(Address.parse(str(line["address"])), AnswerLayer(str(line["layer"])), str(line["respondent"])),
            tuple(map(RevisionId.parse, _split_ids(line["heads"]))),
        )
        for line in machine_lines(sheet)
        if any(cell != "" for cell in line.values())
    )


_SEPARATORS = re.compile("[;؛；\n]")
_LIST_COMMAS = {"，", *(one.list_comma.strip() for one in LANGUAGES.values())}
_COMMAS = re.compile("|".join(map(re.escape, sorted(_LIST_COMMAS))))
"""Signs that part the items of a list too, but stand inside labels more often than between them."""
_ALIKE = str.maketrans({"؛": ";"} | dict.fromkeys(_LIST_COMMAS, ","))
_IN_TABLE = " @cell"
YES, NO = "yes", "no"


def fold_label(text: str) -> str:
    """Return a label as it is compared: case, width, spaces and unseen signs make no difference."""
    return normalize_typed(unicodedata.normalize("NFKC", text).translate(_ALIKE)).casefold()


@dataclass
class ListLabels:
    """One list: label and id both ways; ``elsewhere`` makes the same list in all other languages."""

    by_id: dict[str, str] = field(default_factory=dict)
    elsewhere: "Callable[[], ListLabels] | None" = None
    _entries: list[tuple[str, str]] = field(default_factory=list)

    def add(self, label: str, entry: str) -> None:
        """Take an entry in; the first label of an id is the one that cells show."""
        self.by_id.setdefault(entry, label)
        self._entries.append((label, entry))

    @property
    def entries(self) -> tuple[tuple[str, str], ...]:
        return tuple(self._entries)

    @cached_property
    def _exact(self) -> dict[str, set[str]]:
        return _ids_by_label(self._entries)

    @cached_property
    def _folded(self) -> dict[str, set[str]]:
        return _ids_by_label((fold_label(label), entry) for label, entry in self._entries)

    def has(self, text: str) -> bool:
        """Return whether a text is a label as it is spelled."""
        return text in self._exact

    @cached_property
    def _others(self) -> "ListLabels":
        return self.elsewhere() if self.elsewhere else ListLabels()

    def find_here(self, text: str) -> str:
        """Return the id a text of the file's own list stands for, empty if none; raises AmbiguousError."""
        found = self._exact.get(text) or self._folded.get(fold_label(text)) or ({text} & self.by_id.keys())
        if len(found) > 1:
            raise AmbiguousValueError(text)
        return next(iter(found), "")

    def find(self, text: str) -> str:
        """Return the id a text stands for in any language, empty if none; raises AmbiguousError."""
        return self.find_here(text) or (self._others.find_here(text) if self.elsewhere else "")

    def find_all(self, text: str) -> tuple[list[str], list[str]]:
        """Return the ids of a text with several labels, and the parts of it that are none.

        A label may itself hold a semicolon, so the longest run of parts that is one is taken. The other languages
        are looked at only for a text that the file's own labels do not explain: they are many.
        """
        found, strange = self._find_all(text, self.find_here)
        return self._find_all(text, self.find) if strange and self.elsewhere else (found, strange)

    def _find_all(self, text: str, find: Callable[[str], str]) -> tuple[list[str], list[str]]:
        found: list[str] = []
        strange: list[str] = []
        for entry, part in self._runs(_SEPARATORS, ";", text, find):
            # Only where every part is a label did commas part them.
            listed = [] if entry else list(self._runs(_COMMAS, ",", part, find))
            if entry:
                found.append(entry)
            elif len(listed) > 1 and all(one for one, _ in listed):
                found += [one for one, _ in listed]
            else:
                strange.append(normalize_typed(part))
        return list(dict.fromkeys(found)), strange

    @staticmethod
    def _runs(
        separators: re.Pattern[str], joint: str, text: str, find: Callable[[str], str]
    ) -> Iterator[tuple[str, str]]:
        """Go through the parts of a text: the longest run that is a label with its id, any other part without."""
        parts = [part for part in separators.split(text) if normalize_typed(part)]
        start = 0
        while start < len(parts):
            ends = range(len(parts), start, -1)
            runs = ((end, find(joint.join(parts[start:end]).strip())) for end in ends)
            end, entry = next(((end, entry) for end, entry in runs if entry), (start + 1, ""))
            yield entry, parts[start]
            start = end


def _ids_by_label(entries: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for label, entry in entries:
        found.setdefault(label, set()).add(entry)
    return found


class WorkbookLists:
    """All lists of a workbook; ``lines`` are those of its hidden sheet: list, label and id."""

    def __init__(self, lines: Iterable[tuple[RawCell, ...]], formatter: Formatter) -> None:
        self._formatter = formatter
        self._written: dict[str, ListLabels] = {}
        self._special = ListLabels()
        self._made: dict[tuple[str, str], ListLabels] = {}
        for name, label, entry in lines:
            self._take(str(name), shown_text(label), str(entry))
        # They stand in cells whether or not the file lists them.
        for label, entry in _special_words(formatter.texts):
            self._special.add(label, entry)

    @cached_property
    def _other_languages(self) -> tuple[str, ...]:
        languages = dict.fromkeys((*program_languages(), *wording_languages(self._formatter.dossier.instrument.id)))
        return tuple(one for one in languages if one != self._formatter.texts.language)

    @cached_property
    def _foreign(self) -> tuple[Formatter, ...]:
        """The words in every language but the file's own: read once, when a cell says what its list does not."""
        return tuple(Formatter(Translator(one), self._formatter.dossier) for one in self._other_languages)

    def _take(self, name: str, label: str, entry: str) -> None:
        if entry.startswith("@"):
            self._special.add(label, entry)
        elif entry:
            self._written.setdefault(name.removesuffix(_IN_TABLE), ListLabels()).add(label, entry)

    @cached_property
    def states(self) -> Mapping[AnswerState, str]:
        return {state: self._special.by_id[f"@{state}"] for state in AnswerState}

    @cached_property
    def differ(self) -> str:
        return self._special.by_id[sheet_marks.CONFLICT_WORD]

    @cached_property
    def none(self) -> str:
        return self._special.by_id[sheet_marks.NONE_WORD]

    @cached_property
    def ticks(self) -> ListLabels:
        """The words for a ticked option and one that is not."""
        written = self._written.get(sheet_marks.TICKS_LIST) or _yes_no(self._formatter, YES, NO)
        return self._everywhere(written, lambda formatter: _yes_no(formatter, YES, NO))

    @cached_property
    def progress(self) -> ListLabels:
        """The words for the status of an action."""
        written = self._written.get(sheet_marks.PROGRESS_LIST) or _progress(self._formatter)
        return self._everywhere(written, _progress)

    def _everywhere(self, own: ListLabels, made: Callable[[Formatter], ListLabels]) -> ListLabels:
        """Let a list be understood in the other languages too; ``made`` makes it in one of them."""

        def elsewhere() -> ListLabels:
            others = ListLabels()
            for formatter in self._foreign:
                # What says something in two languages at once says nothing here.
                for label, entry in made(formatter).entries:
                    others.add(label, entry)
            return others

        own.elsewhere = elsewhere
        return own

    def special(self, text: str) -> str:
        """Return what a word of ours stands for: "@unknown", "@conflict"; empty for any other text."""
        return self._special.find_here(text)

    def special_elsewhere(self, text: str) -> str:
        """Return what a word of ours stands for in another language than the file's."""
        return _special_labels(self._other_languages).find_here(text)

    def has_special(self, text: str) -> bool:
        """Return whether a text is a word of ours as it is spelled."""
        return self._special.has(text)

    @property
    def agencies(self) -> ListLabels:
        return self._written.get(sheet_marks.AGENCIES_LIST) or ListLabels()

    @property
    def sources(self) -> ListLabels:
        return self._written.get(sheet_marks.SOURCES_LIST) or ListLabels()

    def of(self, question: Question, asked: QuestionField) -> ListLabels:
        """Return the list of a question or a table's column."""
        key = (question.id, asked.id)
        if key not in self._made:
            written = self._written.get(sheet_marks.list_name(question, asked))
            own = written or _labels_from_instrument(self._formatter, question, asked)
            if asked.kind.value_type in {ValueType.OPTION, ValueType.OPTIONS}:
                self._everywhere(own, lambda formatter: _labels_from_instrument(formatter, question, asked))
            elif asked.kind.value_type is ValueType.ENTRIES and not asked.kind.info.register:
                own = replace(own, elsewhere=partial(_country_labels, self._other_languages))
            self._made[key] = own
        return self._made[key]


def _special_words(texts: Translator) -> Iterator[tuple[str, str]]:
    gettext = texts.gettext
    yield from ((gettext(word), f"@{state}") for state, word in STATE_LABELS.items())
    yield gettext("agencies differ"), sheet_marks.CONFLICT_WORD
    yield gettext("none of these"), sheet_marks.NONE_WORD


@cache
def _special_labels(languages: tuple[str, ...]) -> ListLabels:
    """Return these words in some languages, made once for all files."""
    made = ListLabels()
    for texts in map(Translator, languages):
        for label, entry in _special_words(texts):
            made.add(label, entry)
    return made


@cache
def _country_labels(languages: tuple[str, ...]) -> ListLabels:
    """Return the names of all countries, made once for all files: they take longer than the rest of a workbook."""
    made = ListLabels()
    for texts in map(Translator, languages):
        for code in named_country_codes():
            for name in (texts.country(code), *sorted(usual_country_names(code))):
                made.add(name, code)
    return made


def _yes_no(formatter: Formatter, *answers: str) -> ListLabels:
    made = ListLabels()
    for answer in answers:
        made.add(formatter.texts.gettext(YES_NO_LABELS[answer]), answer)
    return made


def _progress(formatter: Formatter) -> ListLabels:
    made = ListLabels()
    for code, label in ACTION_PROGRESS_LABELS.items():
        made.add(formatter.texts.gettext(label), code.value)
    return made


def _labels_from_instrument(formatter: Formatter, question: Question, asked: QuestionField) -> ListLabels:
    made = ListLabels()
    match asked.kind.value_type:
        case ValueType.OPTION if asked.kind.info.fixed:
            return _yes_no(formatter, *asked.kind.info.fixed)
        case ValueType.OPTION | ValueType.OPTIONS:
            for option in asked.options:
                made.add(formatter.option(question, asked, option), option.id)
        case ValueType.ENTRIES if not asked.kind.info.register:
            return _country_labels((formatter.texts.language,))
    return made
