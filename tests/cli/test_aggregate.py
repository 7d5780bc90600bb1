import json
import os
from fractions import Fraction
from pathlib import Path

import pytest

from capacity_app.cli.commands import main
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.headquarters.tidy_tables import FileRow, FileStatus, ScoreRow, read_countries
from capacity_app.domain.numbers_and_dates import round_half_up
from capacity_app.domain.scoring.answer_sheet import lay_out_dossier
from capacity_app.domain.scoring.gaps import find_gaps
from capacity_app.domain.scoring.scores import score_sheet, section_weights
from capacity_app.paths import resources_folder
from capacity_app.storage.headquarters_database import HeadquartersDatabase, open_headquarters_database
from tests import countries
from tests.countries import Countries
from tests.repositories import view
from tests.services.headquarters.folders import countries_in, tables_in

WHOLE, REDUCED = 200, 32


def whole_size() -> bool:
    return bool(os.environ.get("CAPACITY_TORTURE"))


@pytest.fixture(name="made", scope="module")
def _made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Countries]:
    """Two hundred countries, twenty of them broken; fewer unless long tests run at full size."""
    folder = tmp_path_factory.mktemp("countries")
    return folder, countries.write(folder, WHOLE if whole_size() else REDUCED)


@pytest.fixture(name="repository", scope="module")
def _repository(made: tuple[Path, Countries]) -> Path:
    out = made[0].parent / f"{made[0].name}.sqlite"
    assert main(["aggregate", str(made[0]), "-o", str(out)]) == 1
    return out


# -- two hundred countries -----------------------------------------------------------------------------------------


@pytest.mark.long
def test_every_file_has_its_fate_and_every_broken_one_a_reason(made: tuple[Path, Countries], repository: Path) -> None:
    with open_headquarters_database(repository) as opened:
        files = {row.path: row for row in opened.files()}
    assert set(files) == {*made[1].good, *made[1].broken}
    assert {path for path, row in files.items() if row.fate is FileStatus.REFUSED} == set(made[1].broken)
    assert len(made[1].broken) == 20
    for path in made[1].broken:
        _expect_plain_reason(files[path])


def _expect_plain_reason(file: FileRow) -> None:
    assert file.reason.endswith("."), file
    assert len(file.reason.split()) > 5, file
    for word in ("Traceback", "Exception", "None", "mistake"):
        assert word not in file.reason, file


@pytest.mark.long
def test_the_numbers_are_those_of_the_dossiers(made: tuple[Path, Countries], repository: Path) -> None:
    with open_headquarters_database(repository) as opened:
        by_path = {row.path: row.file_hash for row in opened.files()}
        scores = _by_file(opened)
        gaps = {(row.file_hash, row.address): (row.severity, bool(row.is_open)) for row in opened.gaps()}
        for path, dossier in made[1].good.items():
            key = by_path[path]
            assert scores[key] == _scores(dossier), path
            assert {at: said for (file, at), said in gaps.items() if file == key} == _gaps(dossier), path


def _by_file(opened: HeadquartersDatabase) -> dict[str, dict[str, tuple[object, ...]]]:
    found: dict[str, dict[str, tuple[object, ...]]] = {}
    for row in opened.scores():
        found.setdefault(row.file_hash, {})[row.section] = _figures(row)
    return found


def _figures(row: ScoreRow) -> tuple[object, ...]:
    return row.score, row.lower, row.upper, row.coverage, row.status, row.band


def _scores(dossier: Dossier) -> dict[str, tuple[object, ...]]:
    card = score_sheet(lay_out_dossier(dossier), section_weights(dossier.instrument, dossier.mission.weights))
    found: dict[str, tuple[object, ...]] = {
        entry.section.id: (
            _printed(entry.published), _printed(entry.score.lower), _printed(entry.score.upper),
            _printed(entry.score.coverage, 3), entry.status.value, " to ".join(entry.bands),
        )
        for entry in card.sections
    }  # fmt: skip
    overall = card.overall
    found["overall"] = (
        _printed(overall.value), _printed(overall.lower), _printed(overall.upper), _printed(overall.coverage, 3),
        overall.status.value, " to ".join(overall.bands),
    )  # fmt: skip
    return found


def _printed(value: Fraction | None, digits: int = 1) -> float | None:
    return None if value is None else float(round_half_up(value, digits))


def _gaps(dossier: Dossier) -> dict[str, tuple[int, bool]]:
    gaps, to_verify = find_gaps(lay_out_dossier(dossier), dossier.ratings)
    return {str(gap.address): (gap.severity, gap.is_open) for gap in (*gaps, *to_verify)}


@pytest.mark.long
def test_answers_and_actions_are_all_there(made: tuple[Path, Countries], repository: Path) -> None:
    with open_headquarters_database(repository) as opened:
        by_path = {row.path: row.file_hash for row in opened.files()}
        said: dict[str, int] = {}
        for row in opened.answers():
            said[row.file_hash] = said.get(row.file_hash, 0) + (row.layer != "effective")
        actions = [row[0] for row in opened.table("actions")]
    for path, dossier in made[1].good.items():
        assert said[by_path[path]] == len(dossier.answers), path
        assert actions.count(by_path[path]) == len(dossier.actions), path


@pytest.mark.long
def test_countries_stand_in_their_regions(made: tuple[Path, Countries], repository: Path) -> None:
    known = read_countries((resources_folder() / "regions" / "m49.csv").read_text(encoding="utf-8").splitlines())
    with open_headquarters_database(repository) as opened:
        for row in opened.assessments():
            assert (row.m49, row.region, row.subregion) == (
                known[row.country].m49, known[row.country].region, known[row.country].subregion,
            )  # fmt: skip
        columns, rows = view(repository, "region_scores")
        taking_part = opened.synthesis().of
    world = [dict(zip(columns, row, strict=True)) for row in rows if row[columns.index("region")] == "World"]
    assert {row["countries"] for row in world} == {taking_part}
    assert 0 < taking_part <= len({dossier.mission.country for dossier in made[1].good.values()})


@pytest.mark.long
def test_a_run_with_other_workers_gives_equal_tables(
    made: tuple[Path, Countries], repository: Path, tmp_path: Path
) -> None:
    out = tmp_path / "again.sqlite"
    main(["aggregate", str(made[0]), "-o", str(out), "--workers", "3"])
    assert tables_in(out) == tables_in(repository)


# -- the command ---------------------------------------------------------------------------------------------------


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    return countries_in(tmp_path / "in", 3)


@pytest.mark.check
def test_all_is_well_and_said_so(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "r.sqlite"
    assert main(["aggregate", str(folder), "-o", str(out)]) == 0
    said = capsys.readouterr().out
    assert "Files found: 3. Read now: 3, known already: 0, no longer there: 0." in said
    assert f"Wrote {out}." in said
    assert main(["aggregate", str(folder), "-o", str(out)]) == 0
    assert "Read now: 0, known already: 3" in capsys.readouterr().out


@pytest.mark.check
def test_a_refused_file_is_listed_with_its_reason_and_the_exit_code_says_so(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "bad.json").write_text("{}")
    assert main(["aggregate", str(folder), "-o", str(tmp_path / "r.sqlite")]) == 1
    assert "bad.json: not read. This is not a dossier of this program" in capsys.readouterr().out
    assert main(["aggregate", str(folder), "-o", str(tmp_path / "r.sqlite"), "--json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert (data["found"], data["read_now"], data["unchanged"]) == (4, 0, 4)
    fates = {name: count for name, count in data["fates"].items() if count}
    assert fates == {"read": 3, "refused": 1}
    assert [(file["path"], file["fate"]) for file in data["files"]] == [("bad.json", "refused")]


@pytest.mark.check
def test_the_window_hears_how_far_it_is(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "r.sqlite"
    assert main(["aggregate", str(folder), "-o", str(out), "--progress"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    shares = [line["share"] for line in lines[:-1]]
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert shares == sorted(shares)
    assert lines[-2]["step"] == "Reading files: 3 of 3"
    assert lines[-1]["done"] is True
    assert lines[-1]["file"] == str(out)
    assert main(["aggregate", str(tmp_path / "nothing"), "-o", str(out), "--progress"]) == 1
    (line,) = capsys.readouterr().out.splitlines()
    assert "is not there" in json.loads(line)["error"]


@pytest.mark.check
def test_tables_can_be_had_without_a_repository(folder: Path, tmp_path: Path) -> None:
    assert main(["aggregate", str(folder), "-o", str(tmp_path / "tables.csv")]) == 0
    assert (tmp_path / "tables.csv" / "files.csv").read_text(encoding="utf-8-sig").count("\n") == 4
    assert not list(tmp_path.glob("*.sqlite"))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["aggregate", "nowhere", "-o", "r.sqlite"], "“nowhere” is not there"),
        (["aggregate", ".", "-o", "r.txt"], "What is made of many files ends in .sqlite, "),
        (["aggregate", ".", "-o", "mine.sqlite"], "“mine.sqlite” is not a repository of this program"),
        (["aggregate", ".", "-o", "no/r.sqlite"], "does not exist"),
        # It waits for five seconds.
        pytest.param(
            ["aggregate", ".", "-o", "r.sqlite", "--scheduler", "tcp://127.0.0.1:9"],
            "No scheduler answers",
            marks=pytest.mark.check,
        ),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    arguments: list[str],
    sentence: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (folder / "mine.sqlite").write_bytes(b"my own data")
    monkeypatch.chdir(folder)
    assert main(arguments) == 1
    assert sentence in capsys.readouterr().err
    assert (folder / "mine.sqlite").read_bytes() == b"my own data"


def test_without_a_folder_or_a_name_nothing_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["aggregate"]) == 2
    assert main(["aggregate", "."]) == 2
    assert "--out" in capsys.readouterr().err


def test_the_child_is_no_command_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    said = capsys.readouterr().out
    assert "aggregate" in said
    assert "read-files" not in said
