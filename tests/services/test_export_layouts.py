"""The whole toolkit, answered at random, in every layout in which ODK Central and KoboToolbox export answers.

The columns are those of our own form, written by a small writer that knows nothing of the reader: what comes back is
what was answered, everything else is listed, or the file is refused as a whole.
"""

import csv
import io
import random
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import pytest

from capacity_app import paths
from capacity_app.domain.assessment.answers import Address, AnswerState, Content
from capacity_app.domain.assessment.returned_files import ReturnedContent
from capacity_app.domain.problems import KnownError
from capacity_app.domain.questionnaire.instrument import Instrument, Question, QuestionField
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.i18n.countries import country_codes
from capacity_app.questionnaires.reader import offered_supplements, read_instrument
from capacity_app.questionnaires.xlsform.export_questions import RegisterChoices
from capacity_app.questionnaires.xlsform.exporter import export_form
from capacity_app.questionnaires.xlsform.form import FieldSuffix, XlsForm, field_name
from capacity_app.services.untrusted.returned_file import read_returned_file

ENGLISH, FRENCH = "label::English (en)", "label::Français (fr)"
STATES = {
    "NOT_APPLICABLE": AnswerState.NOT_APPLICABLE,
    "UNKNOWN": AnswerState.UNKNOWN,
    "DECLINED": AnswerState.DECLINED,
}
CHOSEN = {AnswerKind.LEVEL, AnswerKind.CHOICE, AnswerKind.YES_NO, AnswerKind.YES_PARTLY_NO, AnswerKind.CHECKLIST}
TEXTS = ("Yes; but, “only” in May", "line\nline", 'a "quoted" word', "=1+1", "n/a", "UNKNOWN", "We do not know", "0012")
SERVER = {"_id": "1", "_uuid": "u-1", "_submission_time": "2024-05-02T10:05:00"}
CENTRAL = {"SubmissionDate": "2024-05-02T10:05:00Z", "meta-instanceID": "uuid:1", "KEY": "uuid:1"}


@cache
def toolkit() -> Instrument:
    folder = paths.instruments_folder() / "unsd-nmdc"
    instrument, _ = read_instrument(folder, [one.file for one in offered_supplements(folder)])
    assert instrument is not None
    return instrument


@cache
def form(*, with_registers: bool = False) -> XlsForm:
    registers = RegisterChoices(
        agencies=(("agency-nso", "Statistical Office"), ("agency-moi", "Interior")),
        sources=(("source-census", "Census 2014"), ("source-lfs", "Labour Force Survey")),
    )
    return export_form(toolkit(), ("fr",), "0" * 64, registers if with_registers else None)


# -- answers -------------------------------------------------------------------------------------------------------


@dataclass
class Answers:
    """What was answered: the fields of the form by name (several choices as a list), and what it means."""

    fields: dict[str, str | list[str]] = field(default_factory=dict)
    meant: dict[Address, Content] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)


class Respondent:
    """Answers every question at random, as a phone would allow it."""

    def __init__(self, seed: int, *, with_registers: bool = False) -> None:
        self.random, self.with_registers, self.said = random.Random(seed), with_registers, Answers()  # noqa: S311

    def answers(self) -> Answers:
        for question in toolkit().questions():
            address = Address(question.id)
            note = self.random.choice(["", "", f"Comment on {question.number}; since 2020."])
            if note:
                self.said.fields[field_name(address, FieldSuffix.NOTE)] = note
            if question.kind is AnswerKind.GRID:
                self._grid(question)
            else:
                self._one(address, question, has_state_column=question.kind not in CHOSEN)
            if note:
                self.said.meant[address] = replace(self.said.meant.get(address, Content()), note=note)
        return self.said

    def _grid(self, question: Question) -> None:
        for row in question.rows:
            address = Address(question.id, row.id)
            fate = self.random.choice(["cells"] * 4 + list(STATES))
            if fate != "cells":
                self._state(address, fate, f"Reason {row.id}")
                if fate == "NOT_APPLICABLE":
                    self.said.meant[address] = Content(state=STATES[fate], reason=f"Reason {row.id}")
                else:
                    cells = (Address(question.id, row.id, column.id) for column in question.columns)
                    self.said.meant |= {cell: Content(state=STATES[fate]) for cell in cells}
                continue
            before = len(self.said.meant)
            for column in question.columns:
                self._one(Address(question.id, row.id, column.id), column, has_state_column=False)
            if row.preset_reason and len(self.said.meant) > before:
                self.said.meant[address] = Content(state=AnswerState.ANSWERED)

    def _one(self, address: Address, asked: QuestionField, *, has_state_column: bool) -> None:
        fate = self.random.choice(["value"] * 6 + ["nothing"] * 2 + ["UNKNOWN", "DECLINED"])
        name = field_name(address)
        if fate in STATES and has_state_column:
            self._state(address, fate, "")
        elif fate in STATES and asked.kind in CHOSEN:
            self.said.fields[name] = [fate] if asked.kind is AnswerKind.CHECKLIST else fate
        elif fate == "value":
            self._value(address, asked)
            return
        else:
            return
        self.said.meant[address] = Content(state=STATES[fate])

    def _state(self, address: Address, state: str, reason: str) -> None:
        self.said.fields[field_name(address, FieldSuffix.STATE)] = state
        if state == "NOT_APPLICABLE":
            self.said.fields[field_name(address, FieldSuffix.REASON)] = reason

    def _value(self, address: Address, asked: QuestionField) -> None:
        raw, value = self._typed(asked)
        self.said.fields[field_name(address)] = raw
        if asked.kind in {AnswerKind.AGENCY, AnswerKind.SOURCE} and not self.with_registers:
            self.said.typed.append(str(raw))
        else:
            self.said.meant[address] = Content(state=AnswerState.ANSWERED, value=value)

    def _typed(self, asked: QuestionField) -> tuple[str | list[str], Any]:  # noqa: C901, PLR0911 - one for each kind
        pick = self.random
        match asked.kind:
            case AnswerKind.LEVEL:
                level = pick.randrange(4)
                return str(level), level
            case AnswerKind.YES_NO | AnswerKind.YES_PARTLY_NO:
                answer = pick.choice(["yes", "no"])
                return answer, answer
            case AnswerKind.CHOICE:
                option = pick.choice(asked.options).id
                return option, option
            case AnswerKind.CHECKLIST:
                usual = [one.id for one in asked.options if not one.exclusive]
                chosen = pick.sample(usual, pick.randrange(len(usual) + 1))
                alone = next((one.id for one in asked.options if one.exclusive), "")
                return (chosen or [alone or "NONE"]), tuple(chosen or ([alone] if alone else []))
            case AnswerKind.INTEGER | AnswerKind.YEAR:
                low = asked.minimum if asked.minimum is not None else (1990 if asked.kind is AnswerKind.YEAR else 0)
                high = asked.maximum if asked.maximum is not None else low + 20
                number = pick.randrange(low, high + 1)
                return str(number), number
            case AnswerKind.PERCENT:
                return "12.5", "12.5"
            case AnswerKind.DATE:
                return "2018-11", "2018-11"
            case AnswerKind.URL:
                return "https://example.org/a?b=1;c", "https://example.org/a?b=1;c"
            case AnswerKind.COUNTRY:
                codes = pick.sample(country_codes(), min(asked.most or 5, 5) if asked.many else 1)
                return (codes if asked.many else codes[0]), tuple(codes)
            case AnswerKind.AGENCY | AnswerKind.SOURCE:
                return self._entry(asked)
        text = pick.choice(TEXTS)
        return text, text

    def _entry(self, asked: QuestionField) -> tuple[str | list[str], Any]:
        if not self.with_registers:
            text = f"Some {asked.kind.value} {self.random.randrange(10**6)}"
            return text, text
        known = {AnswerKind.AGENCY: ("agency-nso", "agency-moi"), AnswerKind.SOURCE: ("source-census", "source-lfs")}[
            asked.kind
        ]
        chosen = tuple(known) if asked.many else (self.random.choice(known),)
        return (list(chosen) if asked.many else chosen[0]), chosen


# -- exports -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How a server writes: what joins groups ("" for none), how several choices stand, and where labels stand."""

    joint: str = ""
    several: str = "together"
    values: str = ""
    headings: str = ""
    server: Mapping[str, str] = field(default_factory=lambda: SERVER)

    def table(self, made: XlsForm, answers: Answers) -> tuple[list[str], list[str]]:
        columns = dict(self.server) | dict(self._columns(made, answers)) if not self.headings else {}
        if columns:
            return list(columns), list(columns.values())
        pairs = [*self._columns(made, answers), *self.server.items()]
        return [heading for heading, _ in pairs], [cell for _, cell in pairs]

    def _columns(self, made: XlsForm, answers: Answers) -> Iterator[tuple[str, str]]:
        lists: dict[str, list[Mapping[str, str]]] = {}
        for line in made.choices:
            lists.setdefault(line["list_name"], []).append(line)
        groups: list[str] = []
        for line in made.survey:
            kind, _, listed = line["type"].partition(" ")
            name = line.get("name", "")
            heading = line.get(self.headings, name) if self.headings else name
            if kind == "begin_group":
                groups.append(heading)
            elif kind == "end_group":
                groups.pop()
            elif kind != "note":
                whole = self.joint.join((*groups, heading)) if self.joint else heading
                given = answers.fields.get(name, line.get("calculation", "").strip("'"))
                choices = lists.get(listed, [])
                yield from self._cells(whole, given, choices, is_several=kind == "select_multiple")

    def _cells(
        self, heading: str, given: str | list[str], choices: Sequence[Mapping[str, str]], *, is_several: bool
    ) -> Iterator[tuple[str, str]]:
        labels = {line["name"]: line[self.values] for line in choices} if self.values else {}
        names = given if isinstance(given, list) else [given]
        if not is_several or self.several != "apart":
            yield heading, " ".join(labels.get(name, name) for name in names)
        if is_several and self.several != "together":
            for line in choices:
                said = line[self.headings] if self.headings else line["name"]
                yield f"{heading}/{said}", str(int(line["name"] in names)) if given else ""


LAYOUTS = {
    "central": Layout(joint="-", server=CENTRAL),
    "central-split": Layout(joint="-", several="both", server=CENTRAL),
    "central-no-groups-split": Layout(several="both", server=CENTRAL),
    "kobo-groups-both": Layout(joint="/", several="both"),
    "kobo-both": Layout(several="both"),
    "kobo-together": Layout(),
    "kobo-apart": Layout(several="apart"),
    "kobo-groups-apart": Layout(joint="/", several="apart"),
    "kobo-labels-together": Layout(values=ENGLISH),
    "kobo-labels-both": Layout(joint="/", several="both", values=FRENCH),
}
WORDED = {
    "kobo-label-headings": Layout(several="both", values=ENGLISH, headings=ENGLISH),
    "kobo-label-headings-groups": Layout(joint="/", several="apart", values=FRENCH, headings=FRENCH),
}


def as_csv(table: tuple[list[str], list[str]], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(table)
    return stream.getvalue().encode(encoding)


def as_kobo_csv(table: tuple[list[str], list[str]]) -> bytes:
    return as_csv(table, ";", "utf-8-sig")


def as_zip(table: tuple[list[str], list[str]]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("form.csv", as_csv(table))
        archive.writestr("media/photo.jpg", b"\xff\xd8")
    return stream.getvalue()


def as_xlsx(table: tuple[list[str], list[str]]) -> bytes:
    import xlsxwriter  # noqa: PLC0415 - KoboToolbox writes its workbooks with it, as texts

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Form")
        for row, cells in enumerate(table):
            for column, cell in enumerate(cells):
                if cell:
                    sheet.write_string(row, column, cell)
    return stream.getvalue()


Write = Callable[[tuple[list[str], list[str]]], bytes]


def read(content: bytes, file: str) -> ReturnedContent:
    return read_returned_file(file, content, lambda _: toolkit())


def compared(returned: ReturnedContent, answers: Answers) -> None:
    """Nothing wrong, nothing lost: every answer at its place, and every typed name of an agency or source listed."""
    found = {one.address: _plain(one.now) for one in returned.answers}
    assert found == {address: _plain(content) for address, content in answers.meant.items()}
    assert sorted(one.text for one in returned.unplaced) == sorted(answers.typed)
    assert all(one.reason for one in returned.unplaced)


def _plain(content: Content) -> object:
    value = frozenset(content.value) if isinstance(content.value, tuple) else content.value
    return content.state, value, content.reason, content.note


# -- the tests -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_every_layout_of_names_arrives_complete(layout: str) -> None:
    seed = len(layout)
    answers = Respondent(seed).answers()
    writes: tuple[tuple[Write, str], ...] = ((as_csv, "a.csv"), (as_kobo_csv, "a.csv"), (as_zip, "a.zip"))
    write, file = writes[seed % 3]
    compared(read(write(LAYOUTS[layout].table(form(), answers)), file), answers)


@pytest.mark.parametrize("layout", ["kobo-groups-both", "kobo-labels-both"])
def test_a_workbook_with_chosen_agencies_and_sources_arrives_complete(layout: str) -> None:
    answers = Respondent(7, with_registers=True).answers()
    made = replace(
        form(with_registers=True), choices=tuple(_unlabelled(line) for line in form(with_registers=True).choices)
    )
    compared(read(as_xlsx(LAYOUTS[layout].table(made, answers)), "a.xlsx"), answers)


def _unlabelled(line: Mapping[str, str]) -> dict[str, str]:
    """Return an entry of a register its id as label: its name is known where the assessment is, not to the reader."""
    is_entry = line["list_name"] in {"agency_list", "source_list"}
    return {**line, FRENCH: line["name"]} if is_entry else dict(line)


@pytest.mark.parametrize("layout", WORDED, ids=str)
def test_labels_as_headings_are_refused_as_a_whole_with_the_setting_to_choose(layout: str) -> None:
    answers = Respondent(3).answers()
    with pytest.raises(KnownError, match="XML values and headers"):
        read(as_csv(WORDED[layout].table(form(), answers)), "a.csv")


def test_ticked_options_never_become_answers_of_questions_with_such_a_name() -> None:
    """“ix/ix_barriers/mandate” is an option of IX, and nothing about question V.4, which is named “mandate” too."""
    row = {
        "SENDER_AGENCY": "Statistics Office", "ix/ix_barriers": "mandate", "ix/ix_barriers/legal": "0",
        "ix/ix_barriers/mandate": "1", "ix/ix_members": "immigration-border", "ix/ix_members/immigration-border": "1",
        **SERVER,
    }  # fmt: skip
    returned = read(as_csv((list(row), list(row.values())), ";"), "a.csv")
    assert {str(one.address): one.now.value for one in returned.answers} == {
        "ix.barriers": ("mandate",), "ix.members": ("immigration-border",)
    }  # fmt: skip
    assert not returned.unplaced
