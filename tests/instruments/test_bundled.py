"""The instruments that come with the program have no mistake, alone and with every supplement."""

import pytest

from capacity_app import paths
from capacity_app.instruments.library import Entry, catalogue
from capacity_app.instruments.reader import folder_problems, read_instrument
from tests.instruments.writing import places

BUNDLED = catalogue([paths.instruments_folder()])


@pytest.mark.parametrize("entry", BUNDLED, ids=lambda entry: entry.id)
def test_a_bundled_instrument_has_no_problem(entry: Entry) -> None:
    assert places(folder_problems(entry.folder)) == []


@pytest.mark.parametrize("entry", BUNDLED, ids=lambda entry: entry.id)
def test_the_core_of_a_bundled_instrument_stands_without_its_supplements(entry: Entry) -> None:
    instrument, problems = read_instrument(entry.folder)
    assert places(problems) == []
    assert instrument is not None
    assert not any(section.supplement for section in instrument.sections)
