"""From a form to an instrument: the tables of its files, its wording in other languages, and what it could not say.

A form of ours has its ids back. In one of somebody else groups become sections, groups in groups headings, and repeats
tables; answers have no points, as a form has none. Whatever is not carried over is told with its row.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from capacity_app.domain.problems import Problem
from capacity_app.instruments.writing.toml import toml_text
from capacity_app.instruments.xlsform.form import INSTRUMENT, KIND, NUMBER, VERSION, note
from capacity_app.instruments.xlsform.incoming import sentences
from capacity_app.instruments.xlsform.incoming.answers import Answers
from capacity_app.instruments.xlsform.incoming.conditions import add_conditions
from capacity_app.instruments.xlsform.incoming.elements import (
    COMPUTED,
    METADATA,
    Table,
    can_be_asked,
    free_id,
    relevant_of,
)
from capacity_app.instruments.xlsform.incoming.questions import OpenSection, Questions, Surrounding
from capacity_app.instruments.xlsform.incoming.tables import Tables
from capacity_app.instruments.xlsform.incoming.words import Words
from capacity_app.instruments.xlsform.names import id_of, read_name
from capacity_app.instruments.xlsform.sheets import Element, Sheets


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


class _Importer:
    """One form while it is read."""

    def __init__(self, sheets: Sheets, wanted_id: str, file: str) -> None:
        assert sheets.tree is not None, "there is something to read"
        self._tree = sheets.tree
        self._words = Words(sheets, file)
        self._answers = Answers(self._words)
        self._questions = Questions(self._words, self._answers)
        self._tables = Tables(self._words, self._answers, self._questions)
        self._sections: list[OpenSection] = []
        settings = sheets.settings
        self._id = wanted_id or (settings.get(INSTRUMENT, "") if sheets.is_ours else "") or _first_id(
            settings.get("form_id", ""), settings.get("form_title", ""), file
        )  # fmt: skip

    # -- the whole -------------------------------------------------------------------------------------------------

    def imported(self) -> Imported:
        """Read everything."""
        self._walk(self._tree.get("children", ()), None, Surrounding())
        self._words.problems += add_conditions(self._questions.waiting, self._answers.known.get)
        for section in self._sections:
            self._drop_notes(section)
        if self._questions.required:
            self._words.problems.append(
                note("required", self._words.file, sentences.REQUIRED, count=self._questions.required)
            )
        self._words.problems.append(
            note("scoring", self._words.file, sentences.NO_SCORING, sentences.NO_SCORING_ADVICE)
        )
        return Imported(
            id=self._id,
            language=self._words.languages[self._words.source],
            files=self._files(),
            wordings=self._words.wordings,
            problems=tuple(dict.fromkeys(self._words.problems)),
        )

    def _files(self) -> dict[str, str]:
        settings = self._words.sheets.settings
        parts: dict[str, Table] = {}
        for place, section in enumerate((one for one in self._sections if one.questions), start=1):
            parts[f"{place:02}-{section.table['id']}.toml"] = {"section": section.table, "question": section.questions}
        supplements = [name for name, part in parts.items() if part["section"].get("supplement")]
        head: Table = {
            "id": self._id,
            "version": _version(settings.get(VERSION, "") or settings.get("version", "")),
            "title": self._head.get("title") or settings.get("form_title", "") or self._id,
            "edition": self._head.get("edition") or settings.get("form_id", "") or self._id,
            "language": self._words.languages[self._words.source],
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
        if found is None or not self._words.is_ours:
            return {}
        columns = {"title": "label", "edition": "hint", "description": "guidance_hint"}
        return {
            part: self._words.say(f"instrument|{part}", self._words.sheets.texts(found, column))
            for part, column in columns.items()
        }

    # -- groups ----------------------------------------------------------------------------------------------------

    def _walk(self, elements: Sequence[Element], section: OpenSection | None, around: Surrounding) -> None:
        for element in elements:
            kind, name = str(element.get("type", "")), str(element.get("name", ""))
            if name in {"meta", "INSTRUMENT__ABOUT"} or (
                self._words.is_ours and name.startswith(("SENDER", "CAPACITY"))
            ):
                continue
            if kind == "group":
                self._group(element, section, around)
                continue
            if section is None and kind.lower() in METADATA | COMPUTED:
                self._words.tell_left_out(element, kind.lower())
                continue
            here = section or self._loose()
            if kind == "repeat":
                self._tables.repeat(element, here, around)
            else:
                self._field(element, here, around)

    def _group(self, element: Element, section: OpenSection | None, around: Surrounding) -> None:
        kind = str(element.get(KIND, "")) if self._words.is_ours else ""
        children = element.get("children", ())
        if kind == "grid" and section is not None:
            self._tables.grid(element, section)
        elif section is None:
            made = self._section(element, kind)
            self._walk(children, made, Surrounding(relevants=relevant_of(element)))
        else:
            texts = self._words.sheets.texts(element, "label")
            headings = (*around.headings, texts) if texts else around.headings
            self._walk(children, section, Surrounding(headings, (*around.relevants, *relevant_of(element))))

    def _section(self, element: Element, kind: str) -> OpenSection:
        name = read_name(str(element.get("name", ""))) if kind.startswith("section") else None
        wanted = name.address.question if name else id_of(str(element.get("name", "")))
        section_id = free_id(wanted or "part", {str(one.table["id"]) for one in self._sections})
        number = str(element.get(NUMBER, "")) or str(len(self._sections) + 1)
        table: Table = {
            "id": section_id,
            "number": number,
            "title": self._words.label(f"{section_id}|title", element, number),
            "provenance": "P",
        }
        supplement = kind.partition(" ")[2]
        if supplement:
            table["supplement"] = supplement
        self._sections.append(OpenSection(table))
        return self._sections[-1]

    def _loose(self) -> OpenSection:
        """Give the section of questions that stand in no group."""
        if not self._sections or not self._sections[-1].is_loose:
            number = str(len(self._sections) + 1)
            section_id = free_id("questions", {str(one.table["id"]) for one in self._sections})
            title = self._words.sheets.settings.get("form_title", "") or self._id
            table = {"id": section_id, "number": number, "title": title, "provenance": "P"}
            self._sections.append(OpenSection(table, is_loose=True))
        return self._sections[-1]

    # -- one row of the survey -------------------------------------------------------------------------------------

    def _field(self, element: Element, section: OpenSection, around: Surrounding) -> None:
        kind, name = str(element.get("type", "")).lower(), self._words.own_name(element)
        if name and name.extra:
            self._questions.take_extra(element, name, section)
        elif kind == "note":
            self._questions.note_field(element, section, around)
        elif kind in METADATA | COMPUTED or not can_be_asked(element, kind):
            self._words.tell_left_out(element, kind)
        else:
            self._questions.question(element, section, around)

    def _drop_notes(self, section: OpenSection) -> None:
        for texts in section.notes:
            said = texts.get(self._words.source) or next(iter(texts.values()), "")
            place = f"survey, {section.table['id']}"
            self._words.problems.append(note("note", place, sentences.LOST_NOTE, said=said[: sentences.MOST_SHOWN]))


def _first_id(*names: str) -> str:
    found = (
        id_of(name.rpartition(".")[0] or name) if name.lower().endswith((".xlsx", ".xlsm")) else id_of(name)
        for name in names
    )
    return next((name for name in found if name), "form")


def _version(text: str) -> str:
    plain = text.strip().lstrip("v")
    return plain if re.fullmatch(r"[0-9]{1,9}(?:\.[0-9A-Za-z+-]{1,20}){0,5}", plain) else "1.0"
