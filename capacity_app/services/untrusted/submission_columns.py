"""Which column of an export is which answer.

The columns of a form of ours bear the names we gave them. Those of somebody else's form bear the names that the ids of
the questionnaire were made of, or the words of the questions where a server was asked for labels. A column belongs to a
question by its whole name alone; groups may stand before it. What may be meant twice belongs to nothing.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import assert_never

from capacity_app.domain.assessment.answer_rules import check_value
from capacity_app.domain.assessment.answers import Address, AnswerState, AnswerValue, Content
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.numbers_and_dates import AmbiguousValueError, read_date, read_number
from capacity_app.domain.problems import N_, printable
from capacity_app.domain.questionnaire.instrument import GridColumn, Instrument, Question, QuestionField
from capacity_app.domain.questionnaire.kinds import AnswerKind, ValueType
from capacity_app.i18n.catalogues import wording_languages
from capacity_app.i18n.countries import named_country_codes, usual_country_names
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.workbook.reader.decoding import NO_DATE, NO_NUMBER
from capacity_app.outputs.workbook.reader.hidden_sheets import ListLabels, fold_label, percent_text
from capacity_app.questionnaires.field_checks import is_id
from capacity_app.questionnaires.xlsform.form import (
    IDENTITY_FIELDS,
    NONE,
    NONE_CHOICE,
    SENDER_AGENCY,
    SENDER_DATE,
    SENDER_PERSON,
    STATE_CHOICES,
    STATE_OF_CHOICE,
    YES_NO_LABELS,
    FieldSuffix,
    field_name,
    id_from_name,
)

_SERVER_COLUMNS = frozenset(
    {"", "start", "end", "today", "deviceid", "username", "phonenumber", "simserial", "subscriberid", "email", "key",
     "instanceid", "instancename", "submissiondate", "submitterid", "submittername", "attachmentspresent",
     "attachmentsexpected", "status", "reviewstate", "edits", "formversion", "parent_key", "set-of", "isvalidated",
     "audit", "instrument__about"}
)  # fmt: skip
_SERVER_PREFIXES = ("_", "meta/", "meta-", "formhub/", "set-of-")
_GROUP_SEPARATORS = ("-", ".", ":", "::")
"""What servers put between groups; “/” is in no name."""
_MAX_GROUPS = 12
"""No name stands in so many groups."""
_OWN_COLUMNS = {SENDER_AGENCY, SENDER_PERSON, SENDER_DATE, *IDENTITY_FIELDS.values()}


@dataclass(frozen=True, slots=True)
class ColumnTarget:
    """What a column says: an answer, or something beside it; ``choice`` is the one choice that it is about."""

    address: Address
    extra: FieldSuffix | None = None
    choice: str = ""


ChoiceTest = Callable[[ColumnTarget], bool]
"""Tells whether a question has the choice that a column is about."""
_ColumnFinder = Callable[[str], ColumnTarget | None]


@dataclass(frozen=True, slots=True)
class QuestionnaireTexts:
    """The instrument whose answers an export holds, and its texts in every language."""

    instrument: Instrument
    texts: tuple[Translator, ...]

    @classmethod
    def of(cls, instrument: Instrument) -> "QuestionnaireTexts":
        """Take the languages in which the instrument is worded on this computer."""
        tags = ("en", *wording_languages(instrument.id))
        return cls(instrument, tuple(Translator(tag) for tag in dict.fromkeys(tags)))

    def wordings(self, key: str, text: str) -> set[str]:
        return {texts.wording(self.instrument.id, key, text) for texts in self.texts}

    def asked_at(self, address: Address) -> QuestionField | None:
        question = self.instrument.question_by_id.get(address.question)
        if question is None or not address.column:
            return question
        return question.column_by_id.get(address.column)


@dataclass(frozen=True, slots=True)
class MatchedColumns:
    """What the columns of a table say, in their order.

    ``is_unclear`` where the headings are words that stand over several questions: nobody can tell which one is meant.
    """

    slots: tuple[ColumnTarget | None, ...]
    is_unclear: bool = False


def own_column_name(heading: str) -> str:
    """Return the name of ours at the end of a heading that says who answers, or which questionnaire; empty if none."""
    name = re.split(r"[/.:-]", heading)[-1]
    return name if name in _OWN_COLUMNS else ""


def is_server_column(heading: str) -> bool:
    """Return whether a column says something of the submission and answers no question."""
    plain = heading.casefold()
    return plain.startswith(_SERVER_PREFIXES) or plain in _SERVER_COLUMNS or bool(own_column_name(heading))


def match_columns(asking: QuestionnaireTexts, headings: Sequence[str], offers: ChoiceTest) -> MatchedColumns:
    """Match the columns of the submissions to questions: by our names, by ids, or by words, whichever fits most."""
    is_ours, by_words = any(own_column_name(heading) for heading in headings), _ColumnsByText(asking)

    def is_several(slot: ColumnTarget) -> bool:
        asked = asking.asked_at(slot.address)
        return slot.extra is None and asked is not None and asked.takes_several

    ways: list[tuple[_ColumnFinder, str]] = [(_ColumnsByName(asking.instrument), r"::|[/.:-]"), (by_words, "/")]
    if not is_ours:
        ways.insert(1, (_ColumnsById(asking.instrument), "/"))
    found = [_column_targets(headings, find, joints, is_several, offers) for find, joints in ways]
    best = max(found, key=lambda slots: sum(slot is not None for slot in slots))
    has_wording = best is found[-1] and any(best)
    return MatchedColumns(best, has_wording and (is_ours or any(map(by_words.is_unclear, headings))))


def match_repeat_columns(
    asking: QuestionnaireTexts, question: Question, headings: Sequence[str], offers: ChoiceTest
) -> tuple[ColumnTarget | None, ...]:
    """Match the columns of a repeat to those of a table, by ids or words; the row of the addresses is still empty."""
    names = {column.id: {column.id} for column in question.columns}
    for column in question.columns:
        for said in asking.wordings(f"{question.id}|column {column.id} label", column.label):
            names.setdefault(fold_label(said), set()).add(column.id)

    def find(heading: str) -> ColumnTarget | None:
        name = heading.rpartition("/")[2]
        wanted = (fold_label(heading), fold_label(name), *map(id_from_name, _without_groups(name, "-")))
        columns = next((names[one] for one in wanted if one in names), set())
        return ColumnTarget(Address(question.id, "", *columns)) if len(columns) == 1 else None

    def is_several(slot: ColumnTarget) -> bool:
        return question.column_by_id[slot.address.column].takes_several

    return _column_targets(headings, find, "/", is_several, offers)


def _column_targets(
    headings: Sequence[str],
    find: _ColumnFinder,
    joints: str,
    is_several: Callable[[ColumnTarget], bool],
    offers: ChoiceTest,
) -> tuple[ColumnTarget | None, ...]:
    """Return what the columns say; one choice of a question before anything else that a heading could mean."""
    known = set(headings)

    def slot(heading: str) -> ColumnTarget | None:
        for joint in islice(re.finditer(joints, heading), _MAX_GROUPS):
            field = heading[: joint.start()]
            before = find(field)
            if before is not None and is_several(before) and heading[joint.end() :]:
                choice = replace(before, choice=heading[joint.end() :])
                if field in known or offers(choice):
                    return choice
        return find(heading)

    return tuple(map(slot, headings))


class _ColumnsByName:
    def __init__(self, instrument: Instrument) -> None:
        self._slots: dict[str, ColumnTarget] = {}
        for question in instrument.questions():
            for slot in question_columns(question):
                name = field_name(slot.address, slot.extra)
                self._slots[name] = slot
                path = (*_group_names(slot, question), name)
                self._slots |= {joint.join(path): slot for joint in _GROUP_SEPARATORS}

    def __call__(self, heading: str) -> ColumnTarget | None:
        return self._slots.get(heading.rpartition("/")[2])


def _group_names(slot: ColumnTarget, question: Question) -> Iterator[str]:
    """Yield the names of the groups of our form around a field."""
    address = slot.address
    yield field_name(Address(address.question.partition(".")[0]))
    if question.kind is AnswerKind.GRID and slot.extra is not FieldSuffix.NOTE:
        yield field_name(Address(address.question))
    if address.row:
        yield field_name(Address(address.question, address.row))


def question_columns(question: Question) -> Iterator[ColumnTarget]:
    """Yield everything that a form of ours asks about a question."""
    address = Address(question.id)
    if question.kind is not AnswerKind.GRID:
        yield ColumnTarget(address)
    for extra in (FieldSuffix.STATE, FieldSuffix.REASON, FieldSuffix.NOTE):
        yield ColumnTarget(address, extra)
    for row in question.rows:
        for extra in (FieldSuffix.STATE, FieldSuffix.REASON):
            yield ColumnTarget(Address(question.id, row.id), extra)
        for column in question.columns:
            yield ColumnTarget(Address(question.id, row.id, column.id))


class _ColumnsById:
    """The columns of somebody else's form: ids were made of its names, sections of its outermost groups."""

    def __init__(self, instrument: Instrument) -> None:
        self._questions: dict[str, set[str]] = {}
        names = {one.id for one in instrument.questions()}
        for question in instrument.questions():
            if question.kind is AnswerKind.GRID:
                continue
            section, _, own = question.id.partition(".")
            self._questions.setdefault(own, set()).add(question.id)
            # A second field of the same name had a number added, and nobody knows which of the two a column is.
            first = re.sub(r"-[0-9]+$", "", own)
            if f"{section}.{first}" in names:
                self._questions.setdefault(first, set()).add(question.id)

    def __call__(self, heading: str) -> ColumnTarget | None:
        groups, _, name = heading.rpartition("/")
        found = self._questions.get(id_from_name(name)) or self._after_dashes(name)
        if len(found) > 1:
            around = {id_from_name(group) for group in groups.split("/")}
            found = {one for one in found if one.partition(".")[0] in around}
        return ColumnTarget(Address(next(iter(found)))) if len(found) == 1 else None

    def _after_dashes(self, name: str) -> set[str]:
        """Find what follows the groups that ODK Central joins with “-”; the first of them is the section."""
        whole = id_from_name(name)
        for ending in _without_groups(name, "-"):
            found = {
                one
                for one in self._questions.get(id_from_name(ending), ())
                if whole.startswith(f"{one.partition('.')[0]}-")
            }
            if found:
                return found
        return set()


class _ColumnsByText:
    """The columns of an export with the words of the questions as headings."""

    def __init__(self, asking: QuestionnaireTexts) -> None:
        self._questions: dict[str, set[Address]] = {}
        for question in asking.instrument.questions():
            start = f"{question.number} "
            if question.kind is not AnswerKind.GRID:
                for said in asking.wordings(f"{question.id}|text", question.text):
                    self._add(Address(question.id), said, start + said)
            # The lines of a repeat have a table of their own.
            rows = [row for row in question.rows if not row.spare]
            for column in question.columns if rows else ():
                cells = [Address(question.id, row.id, column.id) for row in rows]
                for said in asking.wordings(f"{question.id}|column {column.id} label", column.label):
                    for cell in cells:
                        self._add(cell, said)

    def _add(self, address: Address, *texts: str) -> None:
        for text in texts:
            self._questions.setdefault(fold_label(text), set()).add(address)

    def _meant(self, heading: str) -> set[Address]:
        endings = (fold_label(ending) for ending in _without_groups(heading, "/"))
        return next((self._questions[ending] for ending in endings if ending in self._questions), set())

    def __call__(self, heading: str) -> ColumnTarget | None:
        found = self._meant(heading)
        return ColumnTarget(next(iter(found))) if len(found) == 1 else None

    def is_unclear(self, heading: str) -> bool:
        """Return whether the words of a heading stand over several questions or cells."""
        return len(self._meant(heading)) > 1


def _without_groups(heading: str, joint: str) -> Iterator[str]:
    """Yield a heading and what is left of it without its first groups, the longest first."""
    yield heading
    for _ in range(min(heading.count(joint), _MAX_GROUPS)):
        heading = heading.partition(joint)[2]
        yield heading


# What a cell of an export says as an answer; what cannot be one says why.

NO_CHOICE = N_("This is none of the answers to choose from.")
NO_ENTRY = N_("No entry of the list has this name.")
AMBIGUOUS_CHOICE = N_("This text can mean different choices. Export the file again with XML values.")
_COUNTRY_DIGITS = 3
"""Digits of a country's code."""
_MAX_INTEGER = 10**15


class UnusableCellError(Exception):
    """A cell is no answer here; ``reason`` is a message id."""

    def __init__(self, reason: str, **values: str) -> None:
        self.reason, self.values = reason, values
        super().__init__(reason)


class CellReader:
    """Reads the answers to one instrument's questions."""

    def __init__(self, asking: QuestionnaireTexts) -> None:
        self._asking, self._texts = asking, asking.texts
        self._labels: dict[Address, ListLabels] = {}
        words = STATE_CHOICES.items()
        self._states = {fold_label(texts.gettext(said)): name for texts in self._texts for name, said in words}
        self._none = {fold_label(texts.gettext(NONE_CHOICE)) for texts in self._texts}

    def content(self, question: Question, asked: QuestionField, raw: str) -> Content:
        """Read an answer, or why there is none; raises UnusableCellError."""
        # Choices say also why there is no answer.
        state = self.state(raw) if asked.kind.info.is_chosen else None
        if state is not None:
            return Content(state=state)
        value = self._value(question, asked, raw)
        problem = check_value(asked, value, Address(question.id))
        if problem is not None:
            # The reason stands alone beside the text, so its places are filled in here.
            raise UnusableCellError(problem.message.format(**{name: printable(text) for name, text in problem.values}))
        return Content(state=AnswerState.ANSWERED, value=value)

    def state(self, raw: str) -> AnswerState | None:
        """Return the state that a choice beside the answers names, None if it is none of them."""
        return STATE_OF_CHOICE.get(raw) or STATE_OF_CHOICE.get(self._states.get(fold_label(raw), ""))

    def _value(self, question: Question, asked: QuestionField, raw: str) -> AnswerValue:  # noqa: PLR0911 - one for each type
        match asked.kind.value_type:
            case ValueType.LEVEL:
                return int(self._chosen(question, asked, raw))
            case ValueType.OPTION:
                return self._chosen(question, asked, raw)
            case ValueType.OPTIONS if self._is_none(question, asked, raw):
                return ()
            case ValueType.OPTIONS | ValueType.ENTRIES:
                return self._several(question, asked, raw)
            case ValueType.INTEGER:
                return _parse_integer(raw)
            case ValueType.PERCENT:
                return percent_text(_parse_number(raw))
            case ValueType.DATE:
                return _parse_date(raw)
            case ValueType.TEXT | ValueType.CELLS:
                return raw
            case unknown:
                assert_never(unknown)

    # -- choices ---------------------------------------------------------------------------------------------------

    def choice(self, question: Question, asked: QuestionField, name: str) -> str:
        """Return the id of what a column of one choice is about; raises UnusableCellError."""
        if self._is_none(question, asked, name):
            return NONE
        state = self.state(name)
        if state is not None:
            return next(choice for choice, meant in STATE_OF_CHOICE.items() if meant is state)
        found = self._named(question, asked, name)
        return found or self._chosen(question, asked, name)

    def _is_none(self, question: Question, asked: QuestionField, raw: str) -> bool:
        """Return whether a choice is the one that forms of ours add where no option says that nothing applies."""
        if raw == NONE or fold_label(raw) not in self._none:
            return raw == NONE
        own = {fold_label(label) for label, _ in self._labels_of(question, asked).entries}
        return fold_label(raw) not in own

    def _named(self, question: Question, asked: QuestionField, name: str) -> str:
        """Return the country, or the entry of a register, that a name stands for; empty if it is none."""
        if asked.kind is AnswerKind.COUNTRY:
            code = name.zfill(_COUNTRY_DIGITS)  # a spreadsheet takes the zeros away
            return code if code in self._labels_of(question, asked).by_id else ""
        is_entry = bool(asked.kind.info.register) and is_id(name) and name.startswith(f"{asked.kind.value}-")
        return name if is_entry else ""

    def _chosen(self, question: Question, asked: QuestionField, raw: str) -> str:
        labels = self._labels_of(question, asked)
        if raw in labels.by_id:
            return raw
        try:
            found = labels.find(raw)
        except AmbiguousValueError:
            raise UnusableCellError(AMBIGUOUS_CHOICE) from None
        found = found or next((one for one in labels.by_id if id_from_name(raw) == one), "")
        if not found:
            raise UnusableCellError(NO_ENTRY if asked.kind.value_type is ValueType.ENTRIES else NO_CHOICE)
        return found

    def _several(self, question: Question, asked: QuestionField, raw: str) -> AnswerValue:
        """Read names, or labels, with spaces between them."""
        names = raw.split()
        labels = self._labels_of(question, asked)
        known = [name if name in labels.by_id else self._named(question, asked, name) for name in names]
        if all(known):
            return _without_repeats(known)
        found = self._worded(labels, names)
        if len(found) > 1:
            raise UnusableCellError(AMBIGUOUS_CHOICE)
        return found[0] if found else _without_repeats(self._chosen(question, asked, name) for name in names)

    @staticmethod
    def _worded(labels: ListLabels, words: Sequence[str]) -> list[tuple[str, ...]]:
        """Find what a text means as labels with spaces between them; two meanings are enough to be in doubt."""
        entries: dict[str, set[str]] = {}
        for label, entry in labels.entries:
            entries.setdefault(fold_label(label), set()).add(entry)
        longest = max((label.count(" ") + 1 for label in entries), default=0)
        meanings: list[dict[frozenset[str], tuple[str, ...]]] = [{} for _ in words] + [{frozenset(): ()}]
        for start in reversed(range(len(words))):
            for end in range(start + 1, min(len(words), start + longest) + 1):
                if len(meanings[start]) > 1 or not meanings[end]:
                    continue
                for entry in entries.get(fold_label(" ".join(words[start:end])), ()):
                    found = (_without_repeats((entry, *rest)) for rest in meanings[end].values())
                    meanings[start] |= {frozenset(one): one for one in found}
        return list(meanings[0].values())

    def _labels_of(self, question: Question, asked: QuestionField) -> ListLabels:
        address = Address(question.id, column=asked.id if isinstance(asked, GridColumn) else "")
        if asked.kind is AnswerKind.COUNTRY:
            address = Address("")  # the same everywhere
        if address not in self._labels:
            self._labels[address] = made = ListLabels()
            for name, words in self._offered(question, asked).items():
                for label in words:
                    made.add(label, name)
        return self._labels[address]

    def _offered(self, question: Question, asked: QuestionField) -> Mapping[str, Iterable[str]]:
        part = f"{question.id}|column {asked.id} " if isinstance(asked, GridColumn) else f"{question.id}|"

        def said(key: str, text: str) -> set[str]:
            return self._asking.wordings(f"{part}{key}", text)

        if asked.kind is AnswerKind.LEVEL:
            anchors = {str(n): said(f"anchor {n}", anchor) for n, anchor in enumerate(asked.anchors)}
            return {n: [words for one in texts for words in (one, f"{n} {one}")] for n, texts in anchors.items()}
        if fixed := asked.kind.info.fixed:
            return {name: {texts.gettext(YES_NO_LABELS[name]) for texts in self._texts} for name in fixed}
        if asked.kind is AnswerKind.COUNTRY:
            spoken = {code: {texts.country(code) for texts in self._texts} for code in named_country_codes()}
            return {code: names | usual_country_names(code) for code, names in spoken.items()}
        return {option.id: said(f"option {option.id}", option.label) for option in asked.options}


def _without_repeats(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _parse_number(raw: str) -> Decimal:
    try:
        number = Decimal(raw)
    except InvalidOperation:
        pass
    else:
        if number.is_finite():
            return number
    try:
        return read_number(raw)
    except (AmbiguousValueError, ValueError):
        raise UnusableCellError(NO_NUMBER) from None


def _parse_integer(raw: str) -> int:
    number = _parse_number(raw)
    if number != number.to_integral_value() or abs(number) > _MAX_INTEGER:
        raise UnusableCellError(NO_NUMBER)
    return int(number)


def _parse_date(raw: str) -> str:
    try:
        return read_date(raw.partition("T")[0].partition(" ")[0])
    except (AmbiguousValueError, ValueError):
        raise UnusableCellError(NO_DATE) from None
