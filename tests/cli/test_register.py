"""The command that adds to a register: who confirmed which parts."""

from pathlib import Path

import pytest

from capacity_app.cli.commands import main
from capacity_app.domain.assessment.registers import Validation
from tests.builders import file_of, open_session

Output = pytest.CaptureFixture[str]


def test_a_validation_is_added_and_listed(tmp_path: Path, capsys: Output) -> None:
    file = file_of(tmp_path)
    given = ("--agency", "NSO", "--position", "Director", "--part", "i", "--part", "ii", "--date", "15/5/2019")
    assert main(["register", "add", str(file), "validations", "O. Ortiz", *given, "--reservations", "Not i.2"]) == 0
    with open_session(file, read_only=True) as session:
        (made,) = session.dossier().validations
        assert made == Validation(
            id=made.id,
            name="O. Ortiz",
            position="Director",
            agency="agency-nso",
            sections=("i", "ii"),
            date="2019-05-15",
            reservations="Not i.2",
        )
    capsys.readouterr()
    assert main(["register", "list", str(file), "validations"]) == 0
    assert "O. Ortiz · 2019-05-15 · agency-nso · i, ii" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("register", "option", "told"),
    [
        ("validations", ("--part", "XX"), "There is no part “XX”"),
        ("validations", ("--date", "soon"), "“soon” is not a date"),
        ("agencies", ("--part", "i"), "--part is not for the register “agencies”"),
        ("validations", ("--short", "O"), "--short is not for the register “validations”"),
    ],
)
def test_an_option_that_does_not_fit_changes_nothing(
    tmp_path: Path, capsys: Output, register: str, option: tuple[str, str], told: str
) -> None:
    file = file_of(tmp_path)
    before = file.read_bytes()
    assert main(["register", "add", str(file), register, "O. Ortiz", *option]) == 1
    printed = capsys.readouterr()
    assert told in printed.out + printed.err
    assert file.read_bytes() == before
