"""Generated countries as files: assessments, workbooks and dossiers, twenty of them broken in twenty ways.

Everything follows from the number of a country, so the same files' contents come out everywhere.
"""

import io
import json
import random
import sqlite3
import uuid
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import openpyxl
import xlsxwriter

from capacity_app import paths
from capacity_app.domain.assessment.answers import Answer, AnswerState
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Mission, MissionStatus
from capacity_app.domain.headquarters.tidy_tables import read_countries
from capacity_app.i18n.translator import Translator
from capacity_app.services.reports import report_bytes
from capacity_app.services.session.demonstration import demonstration
from capacity_app.services.session.dossier_json import dossier_to_json
from capacity_app.services.session.file_writing import create_from_dossier

ENDINGS = (".assessment", ".json", ".xlsx")
BROKEN = 20


@dataclass(frozen=True)
class Countries:
    """What was written: the dossier each good file holds, and the ways the others are broken, by path."""

    good: dict[str, Dossier]
    broken: dict[str, str]


@cache
def codes() -> tuple[str, ...]:
    """Return the alpha-3 codes of M49 in a fixed disorder, so that few countries come from many regions."""
    with (paths.resources_folder() / "regions" / "m49.csv").open(encoding="utf-8", newline="") as lines:
        found = sorted(read_countries(lines))
    random.Random(49).shuffle(found)  # noqa: S311 - the same disorder everywhere
    return tuple(found)


@cache
def _pattern() -> Dossier:
    return replace(demonstration()[0], previous=None)


def dossier(number: int, round_name: str = "2023") -> Dossier:
    """Make a country's assessment: the demonstration's answers, other levels, some of them left out."""
    draw = random.Random(f"{number} {round_name}")  # noqa: S311 - the same everywhere
    pattern, country = _pattern(), codes()[number % len(codes())]
    status = draw.choice(list(MissionStatus))
    answers = tuple(_changed(answer, draw) for answer in pattern.answers if draw.random() > number % 7 / 10)
    return replace(
        pattern,
        id=str(uuid.uuid5(uuid.NAMESPACE_OID, f"{number} {round_name}")),
        mission=Mission(country=country, round=round_name, status=status, end=f"{round_name}-06-01"),
        answers=answers,
        actions=pattern.actions[: number % 5],
        ratings=pattern.ratings[: number % 9],
    )


def _changed(answer: Answer, draw: random.Random) -> Answer:
    value = answer.content.value
    is_level = isinstance(value, int) and 0 <= value <= 3
    if answer.content.state is AnswerState.ANSWERED and is_level:
        return replace(answer, content=replace(answer.content, value=draw.randrange(4)))
    return answer


def workbook_of(made: Dossier) -> bytes:
    return report_bytes(made, ".xlsx", texts=Translator("en"))


def write(folder: Path, count: int, broken: int = BROKEN) -> Countries:
    """Write so many files into folders of a folder, ``broken`` of them beyond use."""
    good: dict[str, Dossier] = {}
    for number in range(count - broken):
        made = dossier(number)
        path = f"{number % 3}/{made.mission.country}-{number}{ENDINGS[number % 3]}"
        write_file(folder / path, made)
        good[path] = made
    ways = dict(_broken_ways())
    assert len(ways) == BROKEN
    spoilt: dict[str, str] = {}
    for name, way in list(ways.items())[:broken]:
        path = f"broken/{name}"
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        way(folder / path)
        spoilt[path] = name
    return Countries(good, spoilt)


def write_file(file: Path, made: Dossier) -> None:
    """Write a dossier by the ending of a file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.suffix == ".assessment":
        create_from_dossier(file, made, device="headquarter")
    elif file.suffix == ".json":
        file.write_text(dossier_to_json(made, {}), encoding="utf-8")
    else:
        file.write_bytes(workbook_of(made))


# -- twenty ways to be broken --------------------------------------------------------------------------------------


@cache
def _good(ending: str) -> bytes:
    made = dossier(0)
    if ending == ".json":
        return dossier_to_json(made, {}).encode()
    return workbook_of(made)


def _json(change: Callable[[dict[str, object]], object]) -> Callable[[Path], None]:
    def write_changed(file: Path) -> None:
        data = json.loads(_good(".json"))
        change(data)
        file.write_text(json.dumps(data), encoding="utf-8")

    return write_changed


def _bytes(content: Callable[[], bytes]) -> Callable[[Path], None]:
    def write_bytes(file: Path) -> None:
        file.write_bytes(content())

    return write_bytes


def _assessment(spoil: Callable[[Path], None]) -> Callable[[Path], None]:
    def write_spoilt(file: Path) -> None:
        create_from_dossier(file, dossier(0), device="headquarter")
        spoil(file)

    return write_spoilt


def _sql(*statements: str) -> Callable[[Path], None]:
    def run(file: Path) -> None:
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            for statement in statements:
                connection.execute(statement)

    return _assessment(run)


def _cut(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


def _zeroed(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[4096 : 4096 * 20] = bytes(4096 * 19)
    file.write_bytes(content)


def _bomb() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/workbook.xml", bytes(400_000_000))
    return held.getvalue()


def _other_workbook() -> bytes:
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held)
    book.add_worksheet("answers").write_string(0, 0, "question")
    book.close()
    return held.getvalue()


def _unknown_instrument() -> bytes:
    """Say of a workbook that it was made with an instrument that nobody has."""
    book = openpyxl.load_workbook(io.BytesIO(_good(".xlsx")))
    for row in book["_capacity"].iter_rows():
        if row[0].value == "instrument":
            row[1].value = "nobody-has-this"
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _broken_ways() -> Iterator[tuple[str, Callable[[Path], None]]]:
    yield "empty.json", _bytes(bytes)
    yield "cut-off.json", _bytes(lambda: _good(".json")[:5000])
    yield "another-json.json", _bytes(lambda: b'{"name": "something else"}')
    yield "newer.json", _json(lambda data: data.update(format_version=99))
    yield "without-instrument.json", _json(lambda data: data.pop("instrument"))
    yield "damaged-instrument.json", _json(lambda data: data.update(instrument={"id": 1}))
    yield "nested.json", _bytes(lambda: b'{"format": ' + b"[" * 100_000)
    yield "other-letters.json", _bytes(lambda: _good(".json").decode().encode("utf-16"))
    yield "cut-off.assessment", _assessment(_cut)
    yield "zeroed.assessment", _assessment(_zeroed)
    yield "newer.assessment", _sql("PRAGMA user_version = 99")
    yield "foreign.assessment", _sql("PRAGMA application_id = 1")
    yield "with-trigger.assessment", _sql("CREATE TRIGGER t AFTER INSERT ON people BEGIN DELETE FROM agencies; END")
    yield "no-database.assessment", _bytes(lambda: b"Dear colleague, please find attached")
    yield "cut-off.xlsx", _bytes(lambda: _good(".xlsx")[:60_000])
    yield "bomb.xlsx", _bytes(_bomb)
    yield "old-office.xlsx", _bytes(lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000))
    yield "another-workbook.xlsx", _bytes(_other_workbook)
    yield "unknown-instrument.xlsx", _bytes(_unknown_instrument)
    yield "a-page.xlsx", _bytes(lambda: b"<!DOCTYPE html><html><body>Please log in</body></html>")
