"""The instruments that come with the program have no mistake, alone and with every supplement."""

import pytest

from capacity_app import paths
from capacity_app.questionnaires.library import LibraryEntry, list_instruments
from capacity_app.questionnaires.reader import folder_problems, read_instrument
from tests.questionnaires.writing import places

BUNDLED = list_instruments([paths.instruments_folder()])


@pytest.mark.parametrize("entry", BUNDLED, ids=lambda entry: entry.id)
def test_a_bundled_instrument_has_no_problem(entry: LibraryEntry) -> None:
    assert places(folder_problems(entry.folder)) == []


@pytest.mark.parametrize("entry", BUNDLED, ids=lambda entry: entry.id)
def test_the_core_of_a_bundled_instrument_stands_without_its_supplements(entry: LibraryEntry) -> None:
    instrument, problems = read_instrument(entry.folder)
    assert places(problems) == []
    assert instrument is not None
    assert not any(section.supplement for section in instrument.sections)
