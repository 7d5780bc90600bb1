"""A questionnaire in a workbook is the questionnaire in TOML: nothing is lost either way."""

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from capacity_app import paths
from capacity_app.domain.instrument import Instrument
from capacity_app.domain.wordings import wording_places
from capacity_app.instruments.reader import offered_supplements, read_instrument
from capacity_app.instruments.writing.lines import Lines, lines_of
from capacity_app.instruments.writing.sources import Source, source_of, source_of_folder
from capacity_app.instruments.writing.writer import book_bytes
from capacity_app.services.writing import Reading, grids_of, reading_of
from tests.instruments.books.instruments import instruments
from tests.instruments.test_keys import EVERYTHING
from tests.instruments.writing import write
from tests.journeys.spreadsheet import edited
from tests.libraries import FIRST, SECOND

TORTURE = os.environ.get("CAPACITY_TORTURE") == "1"
TOOLKIT = paths.instruments_folder() / "unsd-nmdc"


def whole(folder: Path) -> Instrument:
    instrument, problems = read_instrument(folder, [one.file for one in offered_supplements(folder)])
    assert instrument is not None, problems
    return instrument


def saved(lines: Lines, file: Path) -> Path:
    file.write_bytes(book_bytes(lines))
    return file


def read(file: Path) -> Reading:
    return reading_of(grids_of(file), file.name)


def lines_from(folder: Path) -> Lines:
    source, problems = source_of_folder(folder)
    assert source is not None, problems
    return lines_of(source, tuple(wording_places(whole(folder))))


def written(reading: Reading, folder: Path) -> Path:
    for name, text in reading.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def agree(folder: Path, tmp_path: Path) -> None:
    """Go from TOML to a workbook, to TOML, to a workbook: instruments and workbooks are equal."""
    lines = lines_from(folder)
    reading = read(saved(lines, tmp_path / "book.xlsx"))
    assert reading.problems == ()
    assert reading.instrument == whole(folder)
    again = tmp_path / "again"
    again.mkdir()
    assert lines_from(written(reading, again)) == lines
    assert whole(again) == whole(folder)


def test_the_toolkit_with_all_supplements_comes_back_equal(tmp_path: Path) -> None:
    agree(TOOLKIT, tmp_path)


@pytest.mark.parametrize("text", [FIRST, SECOND])
def test_a_small_instrument_comes_back_equal(tmp_path: Path, text: str) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    agree(write(folder, text), tmp_path)


def test_an_instrument_with_every_key_comes_back_equal(tmp_path: Path) -> None:
    folder = tmp_path / "all"
    folder.mkdir()
    for name, content in EVERYTHING.items():
        (folder / name).write_text(content, encoding="utf-8")
    agree(folder, tmp_path)


def test_the_core_alone_comes_back_equal(tmp_path: Path) -> None:
    source, _ = source_of_folder(TOOLKIT, [])
    assert isinstance(source, Source)
    reading = read(saved(lines_of(source), tmp_path / "core.xlsx"))
    assert reading.instrument == read_instrument(TOOLKIT)[0]


@pytest.mark.long
@settings(max_examples=300 if TORTURE else 40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(instruments())
def test_any_instrument_comes_back_equal(instrument: Instrument) -> None:
    source = source_of(instrument)
    lines = lines_of(source, tuple(wording_places(instrument)))
    with tempfile.TemporaryDirectory() as folder:
        reading = read(saved(lines, Path(folder) / "book.xlsx"))
    assert not reading.has_errors, reading.problems
    assert reading.instrument == instrument


@pytest.mark.long
def test_the_toolkit_comes_back_equal_after_libreoffice_has_saved_it(tmp_path: Path) -> None:
    source = saved(lines_from(TOOLKIT), tmp_path / "book.xlsx")
    target = edited(source, tmp_path / "saved.xlsx", tmp_path / "home", [])
    reading = read(target)
    assert reading.problems == ()
    assert reading.instrument == whole(TOOLKIT)


def test_equal_questionnaires_give_equal_bytes() -> None:
    assert book_bytes(lines_from(TOOLKIT)) == book_bytes(lines_from(TOOLKIT))
