"""From a form to an instrument: the tables of its files, its wording in other languages, and what it could not say.

A form of ours has its ids back. In one of somebody else groups become sections, groups in groups headings, and repeats
tables; answers have no points, as a form has none. Whatever is not carried over is told with its row.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from capacity_app.catalogues import ENGLISH
from capacity_app.domain.answers import TEXT_LIMIT, Address
from capacity_app.domain.checking import YEARS
from capacity_app.domain.conditions import Condition, Op
from capacity_app.domain.instrument import TOP_LEVEL, Kind
from capacity_app.domain.problems import N_, Problem
from capacity_app.instruments.ids import is_id
from capacity_app.instruments.writing.toml import toml_text
from capacity_app.instruments.xlsform.exporting import ASK_DATE
from capacity_app.instruments.xlsform.expressions import (
    Call,
    Known,
    Limits,
    Literal,
    Node,
    Ref,
    Unsupported,
    condition_in,
    limits_in,
    parsed,
)
from capacity_app.instruments.xlsform.form import (
    ACTION,
    DECLINED,
    HINT,
    INSTRUMENT,
    KIND,
    LANGUAGE,
    NONE,
    NOT_APPLICABLE,
    NUMBER,
    UNKNOWN,
    VERSION,
    note,
)
from capacity_app.instruments.xlsform.names import Extra, Name, id_of, read_name
from capacity_app.instruments.xlsform.sheets import ROW, Element, Sheets, tag_of_column
from capacity_app.texts import Texts

Table = dict[str, Any]

REPEAT_ROWS = 10
"""A repeat has as many entries as somebody makes; a table of ours has this many lines."""
NO_SCORING = N_("A form says nothing of points: the answers are collected and printed, and nothing is scored.")
NO_SCORING_ADVICE = N_("Give options points, or make levels of them, where the answers are to be scored.")
NO_LANGUAGE = N_("The form does not say in which language it is worded; English was taken.")
NO_LANGUAGE_ADVICE = N_("Name the columns like “label::Français (fr)”.")
STRANGE_LANGUAGE = N_("Nobody knows the language “{name}”, so these columns were left out.")
NO_LABEL = N_("There is no text, so the name stands in its place.")
CONDITION = N_("When this is asked cannot be said here, so it is always asked: {said}")
CONSTRAINT = N_("This limit was left out: {said}")
BY_THE_PHONE = N_("The phone records this by itself, so it is no question.")
COMPUTED = N_("This is computed from other answers, so it is no question: {said}")
LEFT_OUT = N_("Answers of the kind “{kind}” cannot be kept here, so the question was left out.")
AS_TEXT = N_("Answers of the kind “{kind}” are typed as text here.")
NO_ORDER = N_("Which answer comes first is not kept: here they are ticked.")
FROM_A_FILE = N_("The choices are in another file, so the answer is typed here.")
FILTERED = N_("All choices are offered, whatever was answered before: {said}")
PRESET = N_("The answer given beforehand was left out: {said}")
MEDIA = N_("Pictures, sounds and films beside the text were left out.")
REQUIRED = N_("Nobody has to answer here: {count} questions of the form had to be answered.")
QUOTING = N_("The text quotes another answer, which it cannot do here: {said}")
REPEATED = N_("Entries that can be repeated became a table of {count} lines.")
NESTED = N_("Repeated entries inside others were left out.")
LOST_NOTE = N_("This note has no question after it and was left out: {said}")
ADVICE = N_("Look whether the question still makes sense.")
_SHOWN = 160
_METADATA = frozenset(
    {"start", "end", "today", "deviceid", "phonenumber", "simserial", "subscriberid", "username", "email", "audit",
     "start-geopoint", "background-audio", "background-geopoint"}
)  # fmt: skip
_COMPUTED = frozenset({"calculate", "hidden", "xml-external", "csv-external"})
_AS_TEXT = frozenset({"decimal", "time", "datetime", "barcode"})
_KINDS = {"integer": Kind.INTEGER, "int": Kind.INTEGER, "text": Kind.TEXT, "string": Kind.TEXT, "date": Kind.DATE}
_STATES = frozenset({NOT_APPLICABLE, UNKNOWN, DECLINED, NONE})
_YES_NO = {("yes", "no"): Kind.YES_NO, ("yes", "partly", "no"): Kind.YES_PARTLY_NO}
_REFERENCE = re.compile(r"\$\{[^{}]*\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """An instrument from a form: its files by name, its wording by language and key, and what to tell."""

    id: str
    language: str
    files: Mapping[str, str]
    wordings: Mapping[str, Mapping[str, str]]
    problems: tuple[Problem, ...]


def instrument_of(sheets: Sheets, wanted_id: str, file: str) -> Imported | None:
    """Make an instrument of a form that pyxform understands; None of any other."""
    return _Importer(sheets, wanted_id, file).imported() if sheets.tree is not None else None


@dataclass
class _Section:
    """A section while it is filled."""

    table: Table
    questions: list[Table] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    notes: list[dict[str, str]] = field(default_factory=list)
    is_loose: bool = False


@dataclass(frozen=True, slots=True)
class _Surrounding:
    """What the groups around a question say: their headings, and when they are asked, each with its row."""

    headings: tuple[dict[str, str], ...] = ()
    relevants: tuple[tuple[str, str], ...] = ()


class _Importer:
    """One form while it is read."""

    def __init__(self, sheets: Sheets, wanted_id: str, file: str) -> None:
        assert sheets.tree is not None, "there is something to read"
        self._sheets, self._tree, self._file = sheets, sheets.tree, file
        self._problems: list[Problem] = []
        self._sections: list[_Section] = []
        self._known: dict[str, Known] = {}
        self._waiting: list[tuple[Table, Sequence[tuple[str, str]], str]] = []
        self._headed: dict[str, None] = {}
        self._required = 0
        self._wordings: dict[str, dict[str, str]] = {}
        settings = sheets.settings
        self._id = wanted_id or (settings.get(INSTRUMENT, "") if sheets.is_ours else "") or _first_id(
            settings.get("form_id", ""), settings.get("form_title", ""), file
        )  # fmt: skip
        self._languages = self._tags()

    # -- languages and texts ---------------------------------------------------------------------------------------

    def _tags(self) -> dict[str, str]:
        """Give the languages of the columns, the source language first."""
        found: dict[str, str] = {}
        for place, name in enumerate(self._sheets.languages):
            tag = (
                self._sheets.settings.get(LANGUAGE, "") if place == 0 and self._sheets.is_ours else tag_of_column(name)
            )
            if place == 0 and not tag:
                self._problems.append(note("language", self._file, NO_LANGUAGE, NO_LANGUAGE_ADVICE))
                tag = ENGLISH
            if not tag:
                self._problems.append(note("columns", self._file, STRANGE_LANGUAGE, NO_LANGUAGE_ADVICE, name=name))
            elif tag not in found.values():
                found[name] = tag
        return found or {"": ENGLISH}

    @property
    def _source(self) -> str:
        return next(iter(self._languages))

    def _say(self, key: str, texts: Mapping[str, str], number: str = "") -> str:
        """Keep a text in every language and give it in the first one; a number in front of it is taken off."""
        start = f"{number} " if number else ""
        said = {
            name: text.removeprefix(start).replace("$ {", "${")
            for name, text in texts.items()
            if name in self._languages
        }
        source = said.get(self._source) or next(iter(said.values()), "") or next(iter(texts.values()), "")
        for name, text in said.items():
            if name != self._source and text and text != source:
                self._wordings.setdefault(self._languages[name], {})[key] = text
        return source

    def _label(self, key: str, element: Element, number: str = "") -> str:
        texts = self._sheets.texts(element, "label")
        text = self._say(key, texts, number)
        if not text:
            self._note(element, "label", NO_LABEL)
            return str(element.get("name", "?"))
        if not self._sheets.is_ours and (quotes := _REFERENCE.findall(text)):
            self._note(element, "quoting", QUOTING, said=", ".join(quotes))
        return text

    def _note(self, element: Element, code: str, message: str, **values: object) -> None:
        self._problems.append(note(code, self._place(element), message, ADVICE, **values))

    @staticmethod
    def _place(element: Element) -> str:
        name = str(element.get("name", ""))
        return f"survey, row {element[ROW]}, {name}" if element.get(ROW) else f"survey, {name}"

    # -- the whole -------------------------------------------------------------------------------------------------

    def imported(self) -> Imported:
        """Read everything."""
        self._walk(self._tree.get("children", ()), None, _Surrounding())
        self._resolve()
        for section in self._sections:
            self._drop_notes(section)
        if self._required:
            self._problems.append(note("required", self._file, REQUIRED, count=self._required))
        self._problems.append(note("scoring", self._file, NO_SCORING, NO_SCORING_ADVICE))
        return Imported(
            id=self._id,
            language=self._languages[self._source],
            files=self._files(),
            wordings=self._wordings,
            problems=tuple(dict.fromkeys(self._problems)),
        )

    def _files(self) -> dict[str, str]:
        settings = self._sheets.settings
        parts: dict[str, Table] = {}
        for place, section in enumerate((one for one in self._sections if one.questions), start=1):
            parts[f"{place:02}-{section.table['id']}.toml"] = {"section": section.table, "question": section.questions}
        supplements = [name for name, part in parts.items() if part["section"].get("supplement")]
        head: Table = {
            "id": self._id,
            "version": _version(settings.get(VERSION, "") or settings.get("version", "")),
            "title": self._head.get("title") or settings.get("form_title", "") or self._id,
            "edition": self._head.get("edition") or settings.get("form_id", "") or self._id,
            "language": self._languages[self._source],
            "parts": [name for name in parts if name not in supplements],
        }
        if self._head.get("description"):
            head["description"] = self._head["description"]
        if supplements:
            head["supplements"] = supplements
        return {"instrument.toml": toml_text({"instrument": head}), **{n: toml_text(p) for n, p in parts.items()}}

    @property
    def _head(self) -> dict[str, str]:
        found = next((e for e in self._tree.get("children", ()) if e.get("name") == "INSTRUMENT__ABOUT"), None)
        if found is None or not self._sheets.is_ours:
            return {}
        columns = {"title": "label", "edition": "hint", "description": "guidance_hint"}
        return {
            part: self._say(f"instrument|{part}", self._sheets.texts(found, column)) for part, column in columns.items()
        }

    # -- groups ----------------------------------------------------------------------------------------------------

    def _walk(self, elements: Sequence[Element], section: _Section | None, around: _Surrounding) -> None:
        for element in elements:
            kind, name = str(element.get("type", "")), str(element.get("name", ""))
            if name in {"meta", "INSTRUMENT__ABOUT"} or (
                self._sheets.is_ours and name.startswith(("SENDER", "CAPACITY"))
            ):
                continue
            if kind == "group":
                self._group(element, section, around)
                continue
            if section is None and kind.lower() in _METADATA | _COMPUTED:
                self._tell_left_out(element, kind.lower())
                continue
            here = section or self._loose()
            if kind == "repeat":
                self._repeat(element, here, around)
            else:
                self._field(element, here, around)

    def _group(self, element: Element, section: _Section | None, around: _Surrounding) -> None:
        kind = str(element.get(KIND, "")) if self._sheets.is_ours else ""
        children = element.get("children", ())
        if kind == "grid" and section is not None:
            self._grid(element, section)
        elif section is None:
            made = self._section(element, kind)
            self._walk(children, made, _Surrounding(relevants=_relevant(element)))
        else:
            texts = self._sheets.texts(element, "label")
            headings = (*around.headings, texts) if texts else around.headings
            self._walk(children, section, _Surrounding(headings, (*around.relevants, *_relevant(element))))

    def _section(self, element: Element, kind: str) -> _Section:
        name = read_name(str(element.get("name", ""))) if kind.startswith("section") else None
        wanted = name.address.question if name else id_of(str(element.get("name", "")))
        section_id = self._free(wanted or "part", {str(one.table["id"]) for one in self._sections})
        number = str(element.get(NUMBER, "")) or str(len(self._sections) + 1)
        table: Table = {
            "id": section_id,
            "number": number,
            "title": self._label(f"{section_id}|title", element, number),
            "provenance": "P",
        }
        supplement = kind.partition(" ")[2]
        if supplement:
            table["supplement"] = supplement
        self._sections.append(_Section(table))
        return self._sections[-1]

    def _loose(self) -> _Section:
        """Give the section of questions that stand in no group."""
        if not self._sections or not self._sections[-1].is_loose:
            number = str(len(self._sections) + 1)
            section_id = self._free("questions", {str(one.table["id"]) for one in self._sections})
            title = self._sheets.settings.get("form_title", "") or self._id
            table = {"id": section_id, "number": number, "title": title, "provenance": "P"}
            self._sections.append(_Section(table, is_loose=True))
        return self._sections[-1]

    @staticmethod
    def _free(wanted: str, taken: set[str]) -> str:
        found, number = wanted, 1
        while found in taken:
            number += 1
            found = f"{wanted}-{number}"
        return found

    # -- one row of the survey -------------------------------------------------------------------------------------

    def _field(self, element: Element, section: _Section, around: _Surrounding) -> None:
        kind, name = str(element.get("type", "")).lower(), self._own_name(element)
        if name and name.extra:
            self._extra(element, name, section)
        elif kind == "note":
            self._note_field(element, section, around)
        elif kind in _METADATA | _COMPUTED or not self._can_be_asked(element, kind):
            self._tell_left_out(element, kind)
        else:
            self._question(element, section, around)

    def _own_name(self, element: Element) -> Name | None:
        return read_name(str(element.get("name", ""))) if self._sheets.is_ours else None

    @staticmethod
    def _can_be_asked(element: Element, kind: str) -> bool:
        return kind in _KINDS or kind in _AS_TEXT or kind == "range" or "select" in kind or kind == "rank" or (
            bool(element.get("choices"))
        )  # fmt: skip

    def _tell_left_out(self, element: Element, kind: str) -> None:
        if kind in _METADATA:
            if not self._sheets.is_ours:
                self._note(element, "metadata", BY_THE_PHONE)
        elif kind in _COMPUTED:
            said = str(element.get("bind", {}).get("calculate", ""))
            self._note(element, "computed", COMPUTED, said=said[:_SHOWN])
        else:
            self._note(element, "kind", LEFT_OUT, kind=kind)

    def _note_field(self, element: Element, section: _Section, around: _Surrounding) -> None:
        """Keep a note: in front of all questions it introduces the section, else it helps with the next question."""
        texts = self._sheets.texts(element, "label")
        if not section.questions and not section.notes and "introduction" not in section.table and not around.headings:
            text = self._say(f"{section.table['id']}|introduction", texts)
            if text:
                section.table["introduction"] = text
        elif texts:
            section.notes.append(texts)

    def _drop_notes(self, section: _Section) -> None:
        for texts in section.notes:
            said = texts.get(self._source) or next(iter(texts.values()), "")
            place = f"survey, {section.table['id']}"
            self._problems.append(note("note", place, LOST_NOTE, said=said[:_SHOWN]))

    def _extra(self, element: Element, name: Name, section: _Section) -> None:
        """Take from the fields beside an answer of ours what the instrument says there."""
        question = name.address.question
        match name.extra:
            case Extra.INTRO:
                section.table["introduction"] = self._say(
                    f"{question}|introduction", self._sheets.texts(element, "label")
                )
            case Extra.HEAD if not name.address.row:
                self._headed[question] = None
                section.notes[:] = [self._sheets.texts(element, "label")]
            case Extra.NOTE:
                hint = self._say(f"{question}|evidence_hint", self._sheets.texts(element, "hint"))
                found = next((one for one in section.questions if one["id"] == question), None)
                if found is not None and hint:
                    found["evidence_hint"] = hint

    def _started(self, element: Element, section: _Section, around: _Surrounding) -> Table:
        """Begin a question: its id, number and texts."""
        section_id, own = str(section.table["id"]), self._own_name(element)
        is_own = own is not None and not own.address.row and own.address.question.startswith(f"{section_id}.")
        local = (
            own.address.question.removeprefix(f"{section_id}.")
            if own and is_own
            else id_of(str(element.get("name", "")))
        )
        local = self._free(local or f"q{len(section.questions) + 1}", section.ids)
        section.ids.add(local)
        question = f"{section_id}.{local}"
        number = str(element.get(NUMBER, "")) if is_own else f"{section.table['number']}.{len(section.questions) + 1}"
        table: Table = {
            "id": question,
            "number": number or f"{section.table['number']}.{len(section.questions) + 1}",
            "text": self._label(f"{question}|text", element, number if is_own else ""),
            "provenance": "P",
        }
        self._head_of(table, section, around, is_own=is_own)
        section.questions.append(table)
        self._waiting.append((table, (*around.relevants, *_relevant(element)), self._place(element)))
        self._count_odd(element)
        return table

    def _head_of(self, table: Table, section: _Section, around: _Surrounding, *, is_own: bool) -> None:
        """Give a question the heading that starts with it."""
        key = f"{table['id']}|heading"
        if is_own and str(table["id"]) in self._headed and section.notes:
            table["heading"] = self._say(key, section.notes.pop())
            return
        texts = _joined(around.headings)
        shown = f"{section.table['id']} {texts}"
        if texts and shown not in self._headed:
            self._headed[shown] = None
            table["heading"] = self._say(key, texts)

    def _help(self, table: Table, element: Element, section: _Section) -> None:
        """Give a question its guidance and help, with the notes that stand before it."""
        question = str(table["id"])
        hints, guidance = self._sheets.texts(element, "hint"), self._sheets.texts(element, "guidance_hint")
        if table.get("type") == Kind.DATE.value and self._sheets.is_ours:
            hints = {name: text for name, text in hints.items() if text != self._ask_date(name)}
        if element.get(HINT) == "help" or guidance:
            if hint := self._say(f"{question}|respondent_help", hints):
                table["respondent_help"] = hint
            hints = guidance
        notes, section.notes = section.notes, []
        if text := self._say(f"{question}|guidance", _lined([*notes, hints])):
            table["guidance"] = text

    def _ask_date(self, name: str) -> str:
        return Texts(self._languages.get(name, ENGLISH)).gettext(ASK_DATE)

    def _count_odd(self, element: Element) -> None:
        """Tell what else a row says that is not kept."""
        bind = element.get("bind", {})
        if not self._sheets.is_ours and str(bind.get("required", "")).lower() in {"yes", "true", "true()", "1"}:
            self._required += 1
        if element.get("choice_filter"):
            self._note(element, "filter", FILTERED, said=str(element["choice_filter"])[:_SHOWN])
        if element.get("default") and not self._sheets.is_ours:
            self._note(element, "default", PRESET, said=str(element["default"])[:_SHOWN])
        if element.get("media"):
            self._note(element, "media", MEDIA)

    # -- kinds of answers ------------------------------------------------------------------------------------------

    def _question(self, element: Element, section: _Section, around: _Surrounding) -> None:
        table = self._started(element, section, around)
        question = str(table["id"])
        table |= self._typed(element, Address(question), f"{question}|")
        self._help(table, element, section)

    def _typed(self, element: Element, address: Address, key: str) -> Table:
        """Say what kind of answer a field takes, with its choices and limits, and remember it for conditions."""
        values: dict[str, str] = {}
        said = str(element.get(KIND, "")).split() if self._sheets.is_ours else []
        kind = Kind(said[0]) if said and said[0] in set(Kind) else self._kind(element)
        table: Table = {}
        if kind is Kind.LEVEL:
            table = self._levels(element, key, values)
            kind = Kind.LEVEL if table else Kind.CHOICE
        if kind in {Kind.CHOICE, Kind.CHECKLIST}:
            table = self._options(element, key, values)
            kind, table = self._as_yes_no(kind, table)
        elif kind in {Kind.YES_NO, Kind.YES_PARTLY_NO}:
            values |= {answer: answer for answer in ("yes", "partly", "no")}
        if said[1:2] == ["many"]:
            table["many"] = True
            if said[2:]:
                table["most"] = int(said[2]) if said[2].isdecimal() else 1
        table["type"] = kind.value
        table |= self._limits(element, kind, table, values)
        if kind in _YES_NO.values() and not self._sheets.is_ours:
            table["scored"] = False
        self._known[str(element.get("name", ""))] = Known(address, kind, _offered(kind, values))
        return table

    def _kind(self, element: Element) -> Kind:
        kind = str(element.get("type", "")).lower()
        look = str(element.get("control", {}).get("appearance", "")).lower()
        if "select" in kind or kind == "rank" or element.get("choices"):
            if not element.get("choices"):
                self._note(element, "file", FROM_A_FILE)
                return Kind.TEXT
            if kind == "rank":
                self._note(element, "rank", NO_ORDER)
            return Kind.CHECKLIST if "all" in kind or "multiple" in kind or kind == "rank" else Kind.CHOICE
        if kind in _AS_TEXT or kind == "range":
            if kind == "decimal" and self._is_percent(element):
                return Kind.PERCENT
            self._note(element, "text", AS_TEXT, kind=kind)
            return Kind.TEXT
        if kind in {"text", "string"}:
            return Kind.LONG_TEXT if "multiline" in look else Kind.URL if "url" in look.split() else Kind.TEXT
        return _KINDS.get(kind, Kind.TEXT)

    @staticmethod
    def _is_percent(element: Element) -> bool:
        try:
            limits = limits_in(str(element.get("bind", {}).get("constraint", "")))
        except Unsupported:
            return False
        return limits == Limits(minimum=0, maximum=100)

    def _levels(self, element: Element, key: str, values: dict[str, str]) -> Table:
        """Read the anchors of a level; nothing if there are not four."""
        choices = {str(one.get("name", "")): one for one in element.get("choices", ())}
        levels = [choices.get(str(level)) for level in range(TOP_LEVEL + 1)]
        if not all(levels):
            return {}
        anchors: list[str] = []
        actions: list[str] = []
        for level, choice in enumerate(one for one in levels if one is not None):
            texts = self._sheets.texts(choice, "label", is_choice=True)
            anchors.append(self._say(f"{key}anchor {level}", texts, str(level)))
            steps = {name: self._step(choice, tag) for name, tag in self._languages.items()}
            actions += [self._say(f"{key}action {level + 1}", steps)] if any(steps.values()) else []
            values[str(level)] = str(level)
        table: Table = {"anchors": anchors}
        return table | ({"actions": actions} if actions else {})

    def _step(self, choice: Element, tag: str) -> str:
        texts = self._sheets.texts(choice, f"{ACTION}_{tag}".lower(), is_choice=True)
        return next(iter(texts.values()), "")

    def _options(self, element: Element, key: str, values: dict[str, str]) -> Table:
        options: list[Table] = []
        for place, choice in enumerate(element.get("choices", ()), start=1):
            name = str(choice.get("name", ""))
            if self._sheets.is_ours and name in _STATES:
                continue
            option = name if is_id(name) else id_of(name) or f"o{place}"
            option = self._free(option, set(values.values()))
            values[name] = option
            texts = self._sheets.texts(choice, "label", is_choice=True)
            if choice.get("media"):
                self._note(element, "media", MEDIA)
            options.append({"id": option, "label": self._say(f"{key}option {option}", texts) or name})
        return {"options": options}

    def _as_yes_no(self, kind: Kind, table: Table) -> tuple[Kind, Table]:
        """Take a choice between yes and no for what it is."""
        options = table["options"]
        found = _YES_NO.get(tuple(one["id"] for one in options))
        texts = Texts(self._languages[self._source])
        words = {"yes": texts.gettext("Yes"), "partly": texts.gettext("Partly"), "no": texts.gettext("No")}
        if kind is not Kind.CHOICE or found is None or self._sheets.is_ours:
            return kind, table
        if any(one["label"].casefold() != words[one["id"]].casefold() for one in options):
            return kind, table
        return found, {}

    def _limits(self, element: Element, kind: Kind, table: Table, values: Mapping[str, str]) -> Table:
        constraint = str(element.get("bind", {}).get("constraint", ""))
        fixed = {Kind.DATE, Kind.URL, Kind.PERCENT, Kind.COUNTRY, Kind.AGENCY, Kind.SOURCE}
        if not constraint or (self._sheets.is_ours and kind in fixed):
            return {}
        try:
            limits = limits_in(constraint)
            return self._kept(limits, kind, table, values)
        except Unsupported:
            self._note(element, "constraint", CONSTRAINT, said=constraint[:_SHOWN])
            return {}

    def _kept(self, limits: Limits, kind: Kind, table: Table, values: Mapping[str, str]) -> Table:
        """Keep limits of the kinds that have them; raises Unsupported."""
        if kind is Kind.CHECKLIST and limits == Limits(alone=limits.alone):
            alone = {values.get(name) for name in limits.alone}
            options = [{**one, "exclusive": True} if one["id"] in alone else one for one in table["options"]]
            return {"options": options}
        if kind in {Kind.TEXT, Kind.LONG_TEXT} and limits == Limits(length=limits.length):
            return {} if limits.length in {None, TEXT_LIMIT} else {"maximum": limits.length}
        if kind is Kind.PERCENT and limits == Limits(minimum=0, maximum=100):
            return {}
        if kind in {Kind.INTEGER, Kind.YEAR} and limits == Limits(minimum=limits.minimum, maximum=limits.maximum):
            ends = {"minimum": limits.minimum, "maximum": limits.maximum}
            usual = YEARS if kind is Kind.YEAR else (None, None)
            return {
                name: end for (name, end), known in zip(ends.items(), usual, strict=True) if end not in {None, known}
            }
        raise Unsupported("")

    # -- tables ----------------------------------------------------------------------------------------------------

    def _grid(self, element: Element, section: _Section) -> None:
        """Read a table of ours: a group with a group for every row."""
        table = self._started(element, section, _Surrounding())
        table["type"] = Kind.GRID.value
        rows: list[Table] = []
        columns: dict[str, Table] = {}
        heading: dict[str, str] = {}
        for child in element.get("children", ()):
            name = self._own_name(child)
            if name and name.extra is Extra.ABOUT and not name.address.row:
                self._help(table, child, section)
            elif name and name.extra is Extra.HEAD:
                heading = self._sheets.texts(child, "label")
            elif child.get(KIND) == "row" and name:
                rows.append(self._row(child, str(table["id"]), name.address.row, heading))
                heading = {}
                self._columns(child, str(table["id"]), columns)
        table["column"], table["row"] = list(columns.values()), rows
        if gate := self._gate(element):
            table["gate"] = gate

    def _row(self, element: Element, question: str, row: str, heading: Mapping[str, str]) -> Table:
        key, number = f"{question}|row {row}", str(element.get(NUMBER, ""))
        table: Table = {"id": row, "label": self._label(f"{key} label", element, number)}
        if number:
            table["number"] = number
        if heading:
            table["heading"] = self._say(f"{key} heading", heading)
        for child in element.get("children", ()):
            name = self._own_name(child)
            if name and name.extra is Extra.ABOUT:
                table["guidance"] = self._say(f"{key} guidance", self._sheets.texts(child, "hint"))
            elif name and name.extra is Extra.REASON and child.get("default"):
                table["preset_reason"] = next(iter(self._sheets.texts(child, "default").values()), "")
        return table

    def _columns(self, element: Element, question: str, columns: dict[str, Table]) -> None:
        for child in element.get("children", ()):
            name = self._own_name(child)
            if name is None or name.extra or not name.address.column:
                continue
            column = name.address.column
            table = self._column(child, question, name.address)
            columns.setdefault(column, table)

    def _column(self, element: Element, question: str, address: Address) -> Table:
        key = f"{question}|column {address.column} "
        typed = self._typed(element, address, key)
        table: Table = {"id": address.column, "label": self._label(f"{key}label", element), **typed}
        hints = self._sheets.texts(element, "hint")
        if typed["type"] == Kind.DATE.value:
            hints = {name: text for name, text in hints.items() if text != self._ask_date(name)}
        if guidance := self._say(f"{key}guidance", hints):
            table["guidance"] = guidance
        return table

    def _gate(self, element: Element) -> Table:
        """Find which answers of a column settle others: they are not asked then."""
        settles: dict[str, None] = {}
        found: tuple[str, tuple[str, ...]] = ("", ())
        for row in element.get("children", ()):
            for child in row.get("children", ()):
                name = self._own_name(child)
                gate = _gate_in(str(child.get("bind", {}).get("relevant", "")))
                if name and name.address.column and gate:
                    settles[name.address.column], found = None, gate
        return {"column": found[0], "answers": list(found[1]), "settles": list(settles)} if settles else {}

    def _repeat(self, element: Element, section: _Section, around: _Surrounding) -> None:
        """Make a table of entries that can be repeated; they have no condition of their own within a line."""
        table = self._started(element, section, around)
        question = str(table["id"])
        table["type"] = Kind.GRID.value
        self._note(element, "repeat", REPEATED, count=REPEAT_ROWS)
        self._help(table, element, section)
        columns = list(self._repeated(element, question, set()))
        if not columns:
            section.questions.remove(table)
            self._waiting.pop()
            return
        table["key_column"], table["column"] = columns[0]["id"], columns
        table["row"] = [{"id": str(n), "label": str(n), "spare": True} for n in range(1, REPEAT_ROWS + 1)]

    def _repeated(self, element: Element, question: str, taken: set[str]) -> Iterator[Table]:
        for child in element.get("children", ()):
            kind = str(child.get("type", "")).lower()
            if kind == "group":
                yield from self._repeated(child, question, taken)
            elif kind == "repeat":
                self._note(child, "nested", NESTED)
            elif kind in _METADATA | _COMPUTED or not self._can_be_asked(child, kind):
                if kind != "note":
                    self._tell_left_out(child, kind)
            else:
                column = self._free(id_of(str(child.get("name", ""))) or f"c{len(taken) + 1}", taken)
                taken.add(column)
                table = self._column(child, question, Address(question, "", column))
                self._known.pop(str(child.get("name", "")), None)
                if relevant := _relevant(child):
                    self._note(child, "condition", CONDITION, said=relevant[0][0][:_SHOWN])
                self._count_odd(child)
                yield table

    # -- conditions ------------------------------------------------------------------------------------------------

    def _resolve(self) -> None:
        """Read all conditions, now that every field is known."""
        for table, relevants, place in self._waiting:
            parts: list[Condition] = []
            for text, at in relevants:
                try:
                    parts.append(condition_in(text, self._known.get))
                except Unsupported:
                    self._problems.append(note("condition", at or place, CONDITION, ADVICE, said=text[:_SHOWN]))
            if parts:
                whole = parts[0] if len(parts) == 1 else Condition(op=Op.ALL, parts=tuple(parts))
                table["show_if"] = _condition_table(whole)


def _relevant(element: Element) -> tuple[tuple[str, str], ...]:
    text = str(element.get("bind", {}).get("relevant", "")).strip()
    return ((text, _Importer._place(element)),) if text else ()  # noqa: SLF001 - the same module


def _offered(kind: Kind, values: Mapping[str, str]) -> dict[str, str]:
    if kind is Kind.YES_NO:
        return {name: value for name, value in values.items() if value != "partly"}
    return dict(values)


def _joined(headings: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Join the labels of groups inside each other."""
    names = dict.fromkeys(name for one in headings for name in one)
    return {name: " – ".join(one[name] for one in headings if one.get(name)) for name in names}


def _lined(texts: Sequence[Mapping[str, str]]) -> dict[str, str]:
    names = dict.fromkeys(name for one in texts for name in one)
    return {name: "\n".join(one[name] for one in texts if one.get(name)) for name in names}


def _gate_in(relevant: str) -> tuple[str, tuple[str, ...]] | None:
    """Give the column and the answers for which a cell of ours is not asked."""
    try:
        node = parsed(relevant)
    except Unsupported:
        return None
    for part in node.parts if isinstance(node, Call) and node.name == "and" else (node,):
        if isinstance(part, Call) and part.name == "not":
            tests = _tests(part.parts[0])
            name = read_name(tests[0][0]) if tests else None
            if name and name.address.column:
                return name.address.column, tuple(value for _field, value in tests)
    return None


def _tests(node: Node) -> list[tuple[str, str]]:
    if isinstance(node, Call) and node.name == "or":
        return [test for part in node.parts for test in _tests(part)]
    match node:
        case Call("selected", (Ref(name), Literal(value))):
            return [(name, str(value))]
    return []


def _condition_table(condition: Condition) -> Table:
    match condition.op:
        case Op.ALL | Op.ANY:
            return {condition.op.value: [_condition_table(part) for part in condition.parts]}
        case Op.NOT:
            return {"not": _condition_table(condition.parts[0])}
    assert condition.address is not None, "a test has an address"
    address = condition.address
    table: Table = {"question": address.question}
    if address.row:
        table["row"] = address.row
    if address.column:
        table["column"] = address.column
    if condition.op is Op.AT_LEAST:
        return table | {"at_least": condition.number}
    return table | {"is": condition.values[0] if len(condition.values) == 1 else list(condition.values)}


def _first_id(*names: str) -> str:
    found = (
        id_of(name.rpartition(".")[0] or name) if name.lower().endswith((".xlsx", ".xlsm")) else id_of(name)
        for name in names
    )
    return next((name for name in found if name), "form")


def _version(text: str) -> str:
    plain = text.strip().lstrip("v")
    return plain if re.fullmatch(r"[0-9]{1,9}(?:\.[0-9A-Za-z+-]{1,20}){0,5}", plain) else "1.0"
