"""From a form to an instrument: the tables of its files, its wording in other languages, and what it could not say.

A form of ours has its ids back. In one of somebody else groups become sections, groups in groups headings, and repeats
tables; answers have no points, as a form has none. Whatever is not carried over is told with its row.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field

from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import Problem
from capacity_app.questionnaires.library import LibraryEntry, next_version, version_key
from capacity_app.questionnaires.toml_files import toml_text
from capacity_app.questionnaires.xlsform import import_answers
from capacity_app.questionnaires.xlsform.expressions import UnsupportedExpression, parse_condition
from capacity_app.questionnaires.xlsform.form import (
    INSTRUMENT,
    KIND,
    NUMBER,
    SECTION_KEYS,
    SUPPLEMENT_OF,
    VERSION,
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
from capacity_app.questionnaires.xlsform.import_questions import (
    EnclosingGroups,
    FormNote,
    ImportedQuestions,
    ImportedTables,
    OpenSection,
    add_conditions,
    join_lines,
)
from capacity_app.questionnaires.xlsform.sheet_reader import FormSheets, SurveyElement

_NUMBERED = re.compile(r"[0-9]{1,9}(?:\.[0-9A-Za-z+-]{1,20}){0,5}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedForm:
    """An instrument from a form: its files by name, its wording by language and key, and what to tell.

    ``base`` is the instrument that a supplement is added to; ``places`` give the rows of questions by their ids.
    """

    id: str
    language: str
    files: Mapping[str, str]
    wordings: Mapping[str, Mapping[str, str]]
    problems: tuple[Problem, ...]
    base: str = ""
    places: Mapping[str, str] = field(default_factory=dict)


def import_form(
    sheets: FormSheets, wanted_id: str, file: str, known: Sequence[LibraryEntry] = ()
) -> ImportedForm | None:
    """Make an instrument of a form that pyxform understands; None of any other.

    ``known`` are the instruments that are here, one of which may be an earlier version of this one.
    """
    return _FormImporter(sheets, wanted_id, file, known).imported() if sheets.tree is not None else None


class _FormImporter:
    def __init__(self, sheets: FormSheets, wanted_id: str, file: str, known: Sequence[LibraryEntry]) -> None:
        assert sheets.tree is not None, "there is something to read"
        self._tree = sheets.tree
        self._words = ImportedTexts(sheets, file)
        self._answers = ImportedAnswers(self._words)
        self._questions = ImportedQuestions(self._words, self._answers)
        self._tables = ImportedTables(self._words, self._answers, self._questions)
        self._sections: list[OpenSection] = []
        settings = sheets.settings
        self._id = wanted_id or (settings.get(INSTRUMENT, "") if sheets.is_ours else "") or _first_id(
            settings.get("form_id", ""), settings.get("form_title", ""), file
        )  # fmt: skip
        self.base = settings.get(SUPPLEMENT_OF, "") if sheets.is_ours else ""
        self._same = [entry for entry in known if entry.id == self._id]
        self._labels: list[FormNote] = []

    # -- the whole -------------------------------------------------------------------------------------------------

    def imported(self) -> ImportedForm:
        self._walk(self._tree.get("children", ()), None, EnclosingGroups())
        self._words.problems += add_conditions(self._questions.waiting, self._answers.known.get)
        files = self._files()
        if not files:
            self._words.problems.append(
                Problem(
                    "xlsform.empty", self._words.file, import_answers.NO_QUESTIONS, import_answers.NO_QUESTIONS_ADVICE
                )
            )
        self._tell_of_the_whole()
        return ImportedForm(
            id=self._id,
            language=self._words.languages[self._words.source],
            files=files,
            wordings=self._words.wordings,
            problems=tuple(dict.fromkeys(self._words.problems)),
            base=self.base,
            places={str(table["id"]): place for table, _, place in self._questions.waiting},
        )

    def _tell_of_the_whole(self) -> None:
        file, tell = self._words.file, self._words.problems.append
        if self._questions.required:
            tell(conversion_warning("required", file, import_answers.REQUIRED, count=self._questions.required))
        if self._questions.messages:
            tell(conversion_warning("messages", file, import_answers.MESSAGES, count=self._questions.messages))
        if not self._words.is_ours:
            tell(conversion_warning("scoring", file, import_answers.NO_SCORING, import_answers.NO_SCORING_ADVICE))

    def _files(self) -> dict[str, str]:
        """Write everything that has questions; nothing if no section has any."""
        parts: dict[str, TomlDict] = {}
        for place, section in enumerate(self._introduced(), start=1):
            number = "" if self.base else f"{place:02}-"
            parts[f"{number}{section.table['id']}.toml"] = {"section": section.table, "question": section.questions}
        if not parts:
            return {}
        self._tell_labels(parts.values())
        own = self._own_sheet()
        rest = next(iter(parts.values())) if self.base else own
        for contradiction in own.pop("contradiction", ()):
            about = {name.partition(".")[0] for name in _questions_in(contradiction["when"])}
            of = next(
                (p for p in parts.values() if p["section"].get("supplement") and p["section"]["id"] in about), rest
            )
            of.setdefault("contradiction", []).append(contradiction)
        if self.base:
            return {name: toml_text(part) for name, part in parts.items()}
        supplements = [name for name, part in parts.items() if part["section"].get("supplement")]
        version, edition = self._version_and_edition()
        head: TomlDict = {
            "id": self._id,
            "version": version,
            "title": self._head.get("title") or self._words.sheets.settings.get("form_title", "") or self._id,
            "edition": edition,
            "language": self._words.languages[self._words.source],
            "parts": [name for name in parts if name not in supplements],
        }
        if self._head.get("description"):
            head["description"] = self._head["description"]
        if supplements:
            head["supplements"] = supplements
        if framework := own.pop("framework_version", ""):
            head["framework_version"] = framework
        return {
            "instrument.toml": toml_text({"instrument": head, **own}), **{n: toml_text(p) for n, p in parts.items()}
        }  # fmt: skip

    def _profile(self, name: str, line: Mapping[str, str], value: str) -> TomlDict:
        asked = [tuple(part.split(":")) for part in "".join(value.split()).split(";") if part]
        table = {
            "id": name,
            "title": self._of_line(f"profiles|{name}", line, "label"),
            "questions": [q for q, *_ in asked],
        }
        cut = {question: columns[0].split(",") for question, *columns in asked if columns}
        return table | ({"columns": cut} if cut else {})

    def _own_sheet(self) -> TomlDict:  # noqa: C901 - one case for each kind of line
        """Read the sheet of ours: what belongs to no question, as tables of the head."""
        found: TomlDict = {}
        for row, line in enumerate(self._words.sheets.cells.own, start=2):
            cells = {header.strip().lower(): text.strip() for header, text in line.items()}
            kind, name, place = cells.get("kind", ""), cells.get("id", ""), f"capacity, row {row}"
            match kind:
                case "threshold":
                    found.setdefault("thresholds", {})[name] = cells.get("value", "")
                case "code":
                    key = cells.get("list", "")
                    label = self._of_line(f"codes|{key} {name}", line, "label")
                    found.setdefault("codes", {}).setdefault(key, []).append({"id": name, "label": label})
                case "concept":
                    table = {"id": name, "source": cells.get("source", "")} | {
                        part: self._of_line(f"{name}|{part}", line, part) for part in ("label", "definition")
                    }
                    found.setdefault("concept", []).append({key: said for key, said in table.items() if said})
                case "framework":
                    found["framework_version"] = name
                case "source":
                    table = {"id": name, "citation": cells.get("source", ""), "url": cells.get("value", "")}
                    found.setdefault("source", []).append({key: said for key, said in table.items() if said})
                case "profile":
                    found.setdefault("profile", []).append(self._profile(name, line, cells.get("value", "")))
                case "contradiction":
                    message = self._of_line(f"contradictions|{name}", line, "label")
                    table = {"id": name, **self._when(cells.get("when", ""), place), "message": message}
                    if "when" in table:
                        found.setdefault("contradiction", []).append(table)
                case _ if cells:
                    self._words.problems.append(
                        conversion_warning("line", place, import_answers.STRANGE_LINE, name=kind)
                    )
        return found

    def _of_line(self, key: str, line: Mapping[str, str], column: str) -> str:
        return self._words.say(key, self._words.sheets.texts_in(dict(line), column))

    def _when(self, text: str, place: str) -> TomlDict:
        try:
            return {"when": condition_table(parse_condition(text, self._answers.known.get))}
        except UnsupportedExpression:
            return self._words.condition("when", text, place)

    def _introduced(self) -> list[OpenSection]:
        """Return the sections with questions; what stands in a group of notes alone introduces the next of them."""
        waiting: list[FormNote] = []
        kept: list[OpenSection] = []
        for section in self._sections:
            if not section.questions and not self._words.is_ours:
                title = [section.title] if section.title and section.title.texts else []
                notes = [*section.introduction, *section.notes]
                waiting += [*title, *notes] if notes else []
                self._labels += title if not notes else []
                continue
            texts: list[Mapping[str, str]] = []
            for one in (*waiting, *section.introduction):
                self._questions.tell_condition(one)
                texts += [text for text in (*one.headings, one.texts) if text not in texts]
            if text := self._words.say(f"{section.table['id']}|introduction", join_lines(texts)):
                section.table["introduction"] = text
            kept.append(section)
            self._drop(section.notes)
            waiting = []
        self._drop([*waiting, *self._tables.lost])
        return kept

    def _drop(self, notes: Iterable[FormNote]) -> None:
        for one in notes:
            if said := self._in_source(one)[: import_answers.MOST_SHOWN]:
                self._words.problems.append(conversion_warning("note", one.place, import_answers.LOST_NOTE, said=said))

    def _in_source(self, one: FormNote) -> str:
        return one.texts.get(self._words.source) or next(iter(one.texts.values()), "")

    def _tell_labels(self, parts: Iterable[TomlDict]) -> None:
        """Tell of the labels of groups that stand nowhere, as nothing in the group is kept."""
        tables = [table for part in parts for table in (part["section"], *part["question"])]
        kept = {
            text for table in tables for key in ("heading", "definition", "introduction")
            for line in str(table.get(key, "")).split("\n") for text in (line, *line.split(" – "))
        }  # fmt: skip
        for one in self._labels:
            lines = self._in_source(one).split("\n")
            if not kept.issuperset(lines):
                said = " ".join(lines)[: import_answers.MOST_SHOWN]
                self._words.problems.append(
                    conversion_warning("label", one.place, import_answers.LOST_LABEL, said=said)
                )

    def _version_and_edition(self) -> tuple[str, str]:
        """Return the version, and what the form says of itself.

        KoboToolbox names versions by letters that have no order: these stand in the edition, and every new one is the
        version after the highest that is here.
        """
        settings = self._words.sheets.settings
        said = settings.get("version", "")
        if not _NUMBERED.fullmatch(said.strip().lstrip("v")):
            said = settings.get(VERSION, "") or said
        edition = self._head.get("edition") or settings.get("form_id", "") or self._id
        number = said.strip().lstrip("v")
        if not said or _NUMBERED.fullmatch(number):
            return number or "1.0", edition
        edition = f"{edition}, {said.strip()}"
        ordered = sorted(self._same, key=lambda entry: version_key(entry.version))
        same = next((entry.version for entry in ordered if entry.edition == edition), "")
        return same or (next_version(ordered[-1].version) if ordered else "1.0"), edition

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

    def _walk(self, elements: Sequence[SurveyElement], section: OpenSection | None, around: EnclosingGroups) -> None:
        for element in elements:
            kind, name = str(element.get("type", "")), str(element.get("name", ""))
            if name in {"meta", "INSTRUMENT__ABOUT"} or (
                self._words.is_ours and name.startswith(("SENDER", "CAPACITY"))
            ):
                continue
            if kind == "group":
                self._group(element, section, around)
                continue
            if section is None and kind.lower() in METADATA_TYPES | COMPUTED_TYPES:
                self._words.tell_left_out(element, kind.lower())
                continue
            here = section or self._loose()
            if kind == "repeat":
                self._tables.repeat(element, here, around)
            else:
                self._field(element, here, around)

    def _group(self, element: SurveyElement, section: OpenSection | None, around: EnclosingGroups) -> None:
        kind = str(element.get(KIND, "")) if self._words.is_ours else ""
        children = element.get("children", ())
        if kind == "grid" and section is not None:
            self._tables.grid(element, section)
        elif section is None:
            made = self._section(element, kind)
            self._walk(children, made, EnclosingGroups(relevants=relevant_of(element)))
        else:
            texts = self._words.sheets.texts(element, "label")
            headings = (*around.headings, texts) if texts else around.headings
            self._labels += [FormNote(texts, place_of_row(element))] if texts else []
            self._walk(children, section, EnclosingGroups(headings, (*around.relevants, *relevant_of(element))))

    def _section(self, element: SurveyElement, kind: str) -> OpenSection:
        name = parse_field_name(str(element.get("name", ""))) if kind.startswith("section") else None
        wanted = name.address.question if name else id_from_name(str(element.get("name", "")))
        section_id = free_id(wanted or "part", {str(one.table["id"]) for one in self._sections})
        number = self._words.cell(element, NUMBER) or self._next_number()
        table: TomlDict = {
            "id": section_id,
            "number": number,
            "title": self._words.label(f"{section_id}|title", element, number),
            "provenance": "P",
        }
        table |= self._words.details(element, SECTION_KEYS)
        supplement = kind.partition(" ")[2]
        if supplement:
            table["supplement"] = supplement
        title = FormNote(self._words.sheets.texts(element, "label"), place_of_row(element), relevant_of(element))
        self._sections.append(OpenSection(table, title=title))
        return self._sections[-1]

    def _next_number(self) -> str:
        return str(sum(bool(section.questions) for section in self._sections) + 1)

    def _loose(self) -> OpenSection:
        """Return the section of questions that stand in no group."""
        if not self._sections or not self._sections[-1].is_loose:
            number = self._next_number()
            section_id = free_id("questions", {str(one.table["id"]) for one in self._sections})
            title = self._words.sheets.settings.get("form_title", "") or self._id
            table = {"id": section_id, "number": number, "title": title, "provenance": "P"}
            self._sections.append(OpenSection(table))
        return self._sections[-1]

    # -- one row of the survey -------------------------------------------------------------------------------------

    def _field(self, element: SurveyElement, section: OpenSection, around: EnclosingGroups) -> None:
        kind, name = str(element.get("type", "")).lower(), self._words.own_name(element)
        if name and name.extra:
            self._questions.take_extra(element, name, section)
        elif kind == "note":
            self._questions.note_field(element, section, around)
        elif kind in METADATA_TYPES | COMPUTED_TYPES or not can_be_asked(element, kind):
            self._words.tell_left_out(element, kind)
        else:
            self._questions.question(element, section, around)


def _questions_in(condition: object) -> Iterator[str]:
    """Yield the questions that a condition, as a table, is about."""
    match condition:
        case {"question": str() as name}:
            yield name
        case dict():
            yield from (name for part in condition.values() for name in _questions_in(part))
        case list():
            yield from (name for part in condition for name in _questions_in(part))


def _first_id(*names: str) -> str:
    found = (
        id_from_name(name.rpartition(".")[0] or name)
        if name.lower().endswith((".xlsx", ".xlsm"))
        else id_from_name(name)
        for name in names
    )
    return next((name for name in found if name), "form")
