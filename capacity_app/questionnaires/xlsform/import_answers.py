"""Texts and answers of a form that is imported: the kind of answer of a field, its choices and limits."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from capacity_app.domain.assessment.answers import TEXT_LIMIT, Address
from capacity_app.domain.problems import N_, Problem
from capacity_app.domain.questionnaire.instrument import LEVEL_COUNTS
from capacity_app.domain.questionnaire.kinds import AnswerKind, ValueType
from capacity_app.i18n.catalogues import ENGLISH
from capacity_app.i18n.translator import Translator
from capacity_app.questionnaires.field_checks import is_id
from capacity_app.questionnaires.xlsform.expressions import (
    AnswerLimits,
    KnownField,
    UnsupportedExpression,
    parse_limits,
)
from capacity_app.questionnaires.xlsform.form import (
    ACTION,
    ASK_DATE,
    DECLINED,
    FINDING,
    FINDING_PARTLY,
    KIND,
    LANGUAGE,
    NONE,
    NOT_APPLICABLE,
    OPTION_KEYS,
    UNKNOWN,
    FieldName,
    conversion_warning,
    id_from_name,
    parse_condition_cell,
    parse_field_name,
    read_own_columns,
)
from capacity_app.questionnaires.xlsform.sheet_reader import ROW_NUMBER, FormSheets, SurveyElement, language_of_column

# What is said of a form that an instrument cannot hold, or holds differently.

NO_SCORING = N_("A form says nothing of points: the answers are collected and printed, and nothing is scored.")
NO_SCORING_ADVICE = N_("Give options points, or make levels of them, where the answers are to be scored.")
WRONG_CONDITION = N_("The program cannot read this condition: {said}")
WRONG_CONDITION_ADVICE = N_("Write it as in relevant: ${{name}} = 'yes'. Or write it as in the TOML files.")
STRANGE_LINE = N_("The program does not know the kind “{name}” on the sheet “capacity”, so the row was left out.")
NO_LANGUAGE = N_("The form does not say in which language it is worded; English was taken.")
NO_LANGUAGE_ADVICE = N_("Name the columns like “label::Français (fr)”.")
STRANGE_LANGUAGE = N_("Nobody knows the language “{name}”, so these columns were left out.")
NO_LABEL = N_("There is no text, so the name stands in its place.")
CONDITION = N_("When this is asked cannot be said here, so it is always asked: {said}")
CONSTRAINT = N_("This limit was left out: {said}")
BY_THE_PHONE = N_("The phone records this by itself, so it is not a question.")
COMPUTED_FIELD = N_("This is computed from other answers, so it is not a question: {said}")
LEFT_OUT = N_("Answers of the kind “{kind}” cannot be kept here, so the question was left out: {said}")
READ_AS_TEXT = N_("Answers of the kind “{kind}” are typed as text here.")
NO_ORDER = N_("Which answer comes first is not kept: here they are ticked.")
NOT_RANDOM = N_("The program always shows the choices in the same order.")
FROM_A_FILE = N_("The choices are in another file, so the answer is typed here.")
FILTERED = N_("All choices are offered, whatever was answered before: {said}")
PRESET = N_("The answer given beforehand was left out: {said}")
MEDIA = N_("Pictures, sounds and films beside the text were left out.")
REQUIRED = N_("Nobody has to answer here. Questions that have to be answered in the form: {count}.")
QUOTING = N_("The text quotes another answer, which it cannot do here: {said}")
REPEATED = N_("Entries that can be repeated became a table of {count} lines.")
NESTED = N_("Repeated entries inside others were left out.")
LOST_NOTE = N_("This note has no question after it and was left out: {said}")
LOST_LABEL = N_("The label of this group was left out, as no question in it is kept: {said}")
NOTE_CONDITION = N_("The form shows this note only under a condition. Here it is always shown: {said}")
MESSAGES = N_("Messages about wrong or missing answers were left out. Questions that have one: {count}.")
NO_QUESTIONS = N_("The form has no question that this program can ask. Nothing was imported.")
NO_QUESTIONS_ADVICE = N_("The list says for each row why it is not kept.")
CHECK_ADVICE = N_("Look whether the question still makes sense.")

MOST_SHOWN = 160
"""Letters of the form's own words that are quoted."""


# What a row of the survey is: whether it can be asked, where it stands, when it is asked.

TomlDict = dict[str, Any]
METADATA_TYPES = frozenset(
    {"start", "end", "today", "deviceid", "phonenumber", "simserial", "subscriberid", "username", "email", "audit",
     "start-geopoint", "background-audio", "background-geopoint"}
)  # fmt: skip
COMPUTED_TYPES = frozenset({"calculate", "hidden", "xml-external", "csv-external"})
AS_TEXT_TYPES = frozenset({"decimal", "time", "datetime", "barcode"})
KIND_OF_TYPE = {
    "integer": AnswerKind.INTEGER,
    "int": AnswerKind.INTEGER,
    "text": AnswerKind.TEXT,
    "string": AnswerKind.TEXT,
    "date": AnswerKind.DATE,
}


def place_of_row(element: SurveyElement) -> str:
    """Return where a row stands: "survey, row 12, age"."""
    name = str(element.get("name", ""))
    return f"survey, row {element[ROW_NUMBER]}, {name}" if element.get(ROW_NUMBER) else f"survey, {name}"


def can_be_asked(element: SurveyElement, kind: str) -> bool:
    """Return whether a row of this kind is a question that can be asked here."""
    return kind in KIND_OF_TYPE or kind in AS_TEXT_TYPES or kind == "range" or "select" in kind or kind == "rank" or (
        bool(element.get("choices"))
    )  # fmt: skip


def free_id(wanted: str, taken: set[str]) -> str:
    """Return an id that is not taken: the wanted one, or one with a number."""
    found, number = wanted, 1
    while found in taken:
        number += 1
        found = f"{wanted}-{number}"
    return found


def relevant_of(element: SurveyElement) -> tuple[tuple[str, str], ...]:
    """Return the expression under which a row is asked, with its place; nothing if it is always asked."""
    text = str(element.get("bind", {}).get("relevant", "")).strip()
    return ((text, place_of_row(element)),) if text else ()


# The texts of a form in every language, and what is told of its rows.

_REFERENCE = re.compile(r"\$\{[^{}]*\}")


class ImportedTexts:
    """What a form says in its languages: kept by key for the instrument, with the problems met meanwhile."""

    def __init__(self, sheets: FormSheets, file: str) -> None:
        self.sheets, self.file = sheets, file
        self.problems: list[Problem] = []
        self.wordings: dict[str, dict[str, str]] = {}
        self.languages = self._tags()

    @property
    def is_ours(self) -> bool:
        return self.sheets.is_ours

    def _tags(self) -> dict[str, str]:
        """Return the languages of the columns, the source language first."""
        found: dict[str, str] = {}
        for place, name in enumerate(self.sheets.languages):
            tag = self.sheets.settings.get(LANGUAGE, "") if place == 0 and self.is_ours else language_of_column(name)
            if place == 0 and not tag:
                self.problems.append(conversion_warning("language", self.file, NO_LANGUAGE, NO_LANGUAGE_ADVICE))
                tag = ENGLISH
            if not tag:
                self.problems.append(
                    conversion_warning("columns", self.file, STRANGE_LANGUAGE, NO_LANGUAGE_ADVICE, name=name)
                )
            elif tag not in found.values():
                found[name] = tag
        return found or {"": ENGLISH}

    @property
    def source(self) -> str:
        """The language of the rest, as the columns name it."""
        return next(iter(self.languages))

    def say(self, key: str, texts: Mapping[str, str], number: str = "") -> str:
        """Keep a text in every language and give it in the first one; a number in front of it is taken off."""
        start = f"{number} " if number else ""
        said = {
            name: text.removeprefix(start).replace("$ {", "${")
            for name, text in texts.items()
            if name in self.languages
        }
        source = said.get(self.source) or next(iter(said.values()), "") or next(iter(texts.values()), "")
        for name, text in said.items():
            if name != self.source and text and text != source:
                self.wordings.setdefault(self.languages[name], {})[key] = text
        return source

    def own(self, column: str, key: str, element: SurveyElement, *, is_choice: bool = False) -> str:
        """Keep the text of a column of ours, which has its language at the end of its name."""
        cells = {
            name: self.sheets.texts(element, f"{column}_{tag}".lower(), is_choice=is_choice)
            for name, tag in self.languages.items()
        }
        return self.say(key, {name: next(iter(texts.values()), "") for name, texts in cells.items()})

    def findings(self, element: SurveyElement, key: str) -> TomlDict:
        """Keep what reports say where points are missing, and of a "partly"."""
        columns = {"finding": FINDING, "finding_partly": FINDING_PARTLY}
        said = {name: self.own(column, f"{key}{name}", element) for name, column in columns.items()}
        return {name: text for name, text in said.items() if text}

    def label(self, key: str, element: SurveyElement, number: str = "") -> str:
        """Keep what a row asks; its name stands in where it has no text."""
        texts = self.sheets.texts(element, "label")
        text = self.say(key, texts, number)
        if not text:
            self.note(element, "label", NO_LABEL)
            return str(element.get("name", "?"))
        self.tell_quotes(element, [text])
        return text

    def tell_quotes(self, element: SurveyElement, texts: Iterable[str]) -> None:
        """Tell which answers a text of a row quotes."""
        quotes = dict.fromkeys(quote for text in texts for quote in _REFERENCE.findall(text))
        if quotes and not self.is_ours:
            self.note(element, "quoting", QUOTING, said=", ".join(quotes))

    def cell(self, element: SurveyElement, column: str, *, is_choice: bool = False) -> str:
        """Return the cell of a column that has no languages, empty if there is none."""
        return self.sheets.cell(element, column, is_choice=is_choice)

    def details(self, element: SurveyElement, names: Iterable[str], *, is_choice: bool = False) -> TomlDict:
        """Return what the columns of ours say of a row, or of a choice."""
        return read_own_columns(lambda column: self.cell(element, column, is_choice=is_choice), names)

    def condition(self, key: str, text: str, place: str) -> TomlDict:
        """Read a condition that is written as in TOML; tells of one that cannot be read."""
        try:
            return {key: parse_condition_cell(text)}
        except ValueError:
            said = text[:MOST_SHOWN]
            advice = WRONG_CONDITION_ADVICE
            values = (("said", said),)
            self.problems.append(Problem("xlsform.wrong-condition", place, WRONG_CONDITION, advice, values))
            return {}

    def note(self, element: SurveyElement, code: str, message: str, **values: object) -> None:
        """Note what of a row is not, or not quite, kept."""
        self.problems.append(conversion_warning(code, place_of_row(element), message, CHECK_ADVICE, **values))

    def own_name(self, element: SurveyElement) -> FieldName | None:
        """Return what the name of a row stands for in a form of ours."""
        return parse_field_name(str(element.get("name", ""))) if self.is_ours else None

    def ask_date(self, name: str) -> str:
        """Return the hint of a date that a form of ours has in a language."""
        return Translator(self.languages.get(name, ENGLISH)).gettext(ASK_DATE)

    def tell_left_out(self, element: SurveyElement, kind: str) -> None:
        """Tell why a row is no question."""
        if kind in METADATA_TYPES:
            if not self.is_ours:
                self.note(element, "metadata", BY_THE_PHONE)
        elif kind in COMPUTED_TYPES:
            said = str(element.get("bind", {}).get("calculate", ""))
            self.note(element, "computed", COMPUTED_FIELD, said=said[:MOST_SHOWN])
        else:
            texts = self.sheets.texts(element, "label")
            said = texts.get(self.source) or next(iter(texts.values()), "") or str(element.get("name", ""))
            self.note(element, "kind", LEFT_OUT, kind=kind, said=said[:MOST_SHOWN])


# Which limits of a form's field are limits of an answer here.


def is_percent(element: SurveyElement) -> bool:
    """Return whether a number may be from 0 to 100, and is a percentage by that."""
    try:
        limits = parse_limits(str(element.get("bind", {}).get("constraint", "")))
    except UnsupportedExpression:
        return False
    return limits == AnswerLimits(minimum=0, maximum=100)


def read_limits(
    words: ImportedTexts, element: SurveyElement, kind: AnswerKind, table: TomlDict, values: Mapping[str, str]
) -> TomlDict:
    """Return the limits of an answer that can be kept here; a limit that cannot is told of."""
    constraint = str(element.get("bind", {}).get("constraint", ""))
    is_fixed = bool(kind.info.constraint) or kind.value_type is ValueType.ENTRIES
    if not constraint or (words.is_ours and is_fixed):
        return {}
    try:
        limits = parse_limits(constraint)
        return _keep_limits(limits, kind, table, values)
    except UnsupportedExpression:
        words.note(element, "constraint", CONSTRAINT, said=constraint[:MOST_SHOWN])
        return {}


def _keep_limits(limits: AnswerLimits, kind: AnswerKind, table: TomlDict, values: Mapping[str, str]) -> TomlDict:
    """Keep limits of the kinds that have them; raises UnsupportedExpression."""
    if kind.value_type is ValueType.OPTIONS and limits == AnswerLimits(alone=limits.alone):
        alone = {values.get(name) for name in limits.alone}
        options = [{**one, "exclusive": True} if one["id"] in alone else one for one in table["options"]]
        return {"options": options}
    if kind.info.is_free and limits == AnswerLimits(length=limits.length):
        return {} if limits.length in {None, TEXT_LIMIT} else {"maximum": limits.length}
    if kind.value_type is ValueType.PERCENT and limits == AnswerLimits(minimum=0, maximum=100):
        return {}
    if kind.value_type is ValueType.INTEGER and limits == AnswerLimits(minimum=limits.minimum, maximum=limits.maximum):
        ends = {"minimum": limits.minimum, "maximum": limits.maximum}
        usual = zip(ends.items(), kind.info.usual_range, strict=True)
        return {name: end for (name, end), known in usual if end not in {None, known}}
    raise UnsupportedExpression("")


_STATES = frozenset({NOT_APPLICABLE, UNKNOWN, DECLINED, NONE})
_YES_NO = {kind.info.fixed: kind for kind in (AnswerKind.YES_NO, AnswerKind.YES_PARTLY_NO)}


class ImportedAnswers:
    """The answers that the fields of a form take; ``known`` are the fields that conditions can be about."""

    def __init__(self, words: ImportedTexts) -> None:
        self._words = words
        self.known: dict[str, KnownField] = {}

    def typed(self, element: SurveyElement, address: Address, key: str) -> TomlDict:
        """Return what kind of answer a field takes, with its choices and limits, and remember it for conditions."""
        values: dict[str, str] = {}
        said = str(element.get(KIND, "")).split() if self._words.is_ours else []
        if said and said[0] not in set(AnswerKind):
            return {"type": said[0]}  # the reader of all instruments says what is wrong with it
        kind = AnswerKind(said[0]) if said else self._kind(element)
        table: TomlDict = {}
        if kind is AnswerKind.LEVEL:
            table = self._levels(element, key, values)
        elif kind.info.has_options:
            table = self._options(element, key, values)
            kind, table = (kind, table) if said else self._as_yes_no(kind, table)
        else:
            values |= {answer: answer for answer in kind.info.fixed}
        if said[1:2] == ["many"]:
            table["many"] = True
            if said[2:]:
                table["most"] = int(said[2]) if re.fullmatch(r"[0-9]{1,9}", said[2]) else 1
        table["type"] = kind.value
        table |= read_limits(self._words, element, kind, table, values)
        if kind in _YES_NO.values() and not self._words.is_ours:
            table["scored"] = False
        self.known[str(element.get("name", ""))] = KnownField(address, kind, values)
        return table

    def _kind(self, element: SurveyElement) -> AnswerKind:
        kind = str(element.get("type", "")).lower()
        look = str(element.get("control", {}).get("appearance", "")).lower()
        if "select" in kind or kind == "rank" or element.get("choices"):
            if not self._words.sheets.choices(element):
                self._words.note(element, "file", FROM_A_FILE)
                return AnswerKind.TEXT
            if "randomize" in (element.get("parameters") or ""):
                self._words.note(element, "randomize", NOT_RANDOM)
            if kind == "rank":
                self._words.note(element, "rank", NO_ORDER)
            return AnswerKind.CHECKLIST if "all" in kind or "multiple" in kind or kind == "rank" else AnswerKind.CHOICE
        if kind in AS_TEXT_TYPES or kind == "range":
            if kind == "decimal" and is_percent(element):
                return AnswerKind.PERCENT
            self._words.note(element, "text", READ_AS_TEXT, kind=kind)
            return AnswerKind.TEXT
        if kind in {"text", "string"}:
            shown = (one for one in AnswerKind if one.info.appearance and one.info.appearance in look.split())
            return next(shown, AnswerKind.TEXT)
        return KIND_OF_TYPE.get(kind, AnswerKind.TEXT)

    def _levels(self, element: SurveyElement, key: str, values: dict[str, str]) -> TomlDict:
        choices = {str(one.get("name", "")): one for one in self._words.sheets.choices(element)}
        anchors: list[str] = []
        actions: list[str] = []
        for level in range(LEVEL_COUNTS.stop - 1):
            choice = choices.get(str(level))
            if choice is None:
                continue
            texts = self._words.sheets.texts(choice, "label", is_choice=True)
            anchors.append(self._words.say(f"{key}anchor {level}", texts, str(level)))
            action = self._words.own(ACTION, f"{key}action {level + 1}", choice, is_choice=True)
            actions += [action] if action else []
            values[str(level)] = str(level)
        table: TomlDict = {"anchors": anchors}
        return table | ({"actions": actions} if actions else {})

    def _options(self, element: SurveyElement, key: str, values: dict[str, str]) -> TomlDict:
        options: list[TomlDict] = []
        for place, choice in enumerate(self._words.sheets.choices(element), start=1):
            name = str(choice.get("name", ""))
            if self._words.is_ours and name in _STATES:
                continue
            option = name if is_id(name) else id_from_name(name) or f"o{place}"
            option = free_id(option, set(values.values()))
            values[name] = option
            texts = self._words.sheets.texts(choice, "label", is_choice=True)
            if choice.get("media"):
                self._words.note(element, "media", MEDIA)
            label = self._words.say(f"{key}option {option}", texts) or name
            options.append({"id": option, "label": label, **self._words.details(choice, OPTION_KEYS, is_choice=True)})
        return {"options": options}

    def _as_yes_no(self, kind: AnswerKind, table: TomlDict) -> tuple[AnswerKind, TomlDict]:
        """Take a choice between yes and no for what it is."""
        options = table["options"]
        found = _YES_NO.get(tuple(one["id"] for one in options))
        texts = Translator(self._words.languages[self._words.source])
        words = {"yes": texts.gettext("Yes"), "partly": texts.gettext("Partly"), "no": texts.gettext("No")}
        if kind is not AnswerKind.CHOICE or found is None:
            return kind, table
        if any(one["label"].casefold() != words[one["id"]].casefold() for one in options):
            return kind, table
        return found, {}
