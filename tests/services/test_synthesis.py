"""A repository written as pages, workbook and tables: the same figures in each, and nothing harmed on the way."""

import csv
import os
import statistics
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest
from openpyxl import load_workbook

from capacity_app.cli.commands import main
from capacity_app.domain.assessment.verification import SignatureStatus
from capacity_app.domain.headquarters.selection import ParticipationBasis, SynthesisOptions
from capacity_app.domain.headquarters.synthesis import SUMMARY_TABLES, SynthesisTables, synthesize
from capacity_app.domain.headquarters.tidy_tables import TABLES, WORLD, FileStatus
from capacity_app.domain.problems import KnownError
from capacity_app.domain.scoring.scores import Band
from capacity_app.i18n.synthesis_formatter import SynthesisFormatter
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.pdf.reader import PdfPages
from capacity_app.outputs.pdf.signatures import examine_signature
from capacity_app.outputs.synthesis.report import render_synthesis
from capacity_app.services.headquarters import synthesis
from capacity_app.services.headquarters.synthesis import read_synthesis, write_synthesis
from capacity_app.services.protection import own_certificate_fingerprint
from capacity_app.storage.headquarters_database import open_headquarters_database
from tests.domain.repository_rows import score_row, some_tables
from tests.repositories import repository_of, view

ENGLISH = Translator("en")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return repository_of(tmp_path_factory.mktemp("repository") / "world.sqlite")


def test_the_synthesis_of_a_repository_is_that_of_its_rows(repository: Path) -> None:
    made, wanted = read_synthesis(repository), synthesize(some_tables())
    assert (made.tiles, made.spreads, made.gaps) == (wanted.tiles, wanted.spreads, wanted.gaps)
    assert (made.trend, made.indicators, made.content_hash) == (wanted.trend, wanted.indicators, wanted.content_hash)
    assert {(one.file.path, one.why) for one in made.who.absent} == {
        (one.file.path, one.why) for one in wanted.who.absent
    }


def some_countries(seed: int) -> SynthesisTables:
    """Return the usual rows of some of the countries, with other scores, gaps and standings of the work."""
    rng, tables = Random(seed), some_tables()  # noqa: S311 - the same cases every time
    kept = {row.country for row in tables.assessments if rng.random() < rng.choice([0.2, 0.6, 1.0])}
    assessments = tuple(
        replace(row, status=rng.choice(["draft", "validated", "validated"]) if rng.random() < 0.7 else "draft")
        for row in tables.assessments
        if row.country in kept
    )
    hashes = {row.file_hash for row in assessments}
    points = [0.0, 16.6, 16.7, 33.3, 49.9, 50.0, 66.7, 83.2, 83.3, 83.4, 100.0]
    scores = (row for row in tables.scores if row.file_hash in hashes)
    return replace(
        tables,
        files=tuple(row for row in tables.files if row.file_hash in hashes or row.fate is FileStatus.REFUSED),
        assessments=assessments,
        scores=tuple(
            score_row(row.file_hash, row.section, row.score and rng.choice(points), row.status, row.is_core)
            for row in scores
        ),
        gaps=tuple(row for row in tables.gaps if row.file_hash in hashes and rng.random() < 0.8),
        breakdowns=tuple(row for row in tables.breakdowns if row.file_hash in hashes),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_the_tables_for_other_programs_say_what_the_synthesis_says(seed: int, tmp_path: Path) -> None:
    tables = some_countries(seed)
    file, made = repository_of(tmp_path / "r.sqlite", tables), synthesize(tables)
    with open_headquarters_database(file) as opened:
        found = {name: [dict(zip(columns, row, strict=True)) for row in rows]
                 for name in SUMMARY_TABLES for columns, rows in [view(file, name)]}  # fmt: skip
        notes = [opened.note(f"synthesis_{name}") for name in ("basis", "minimum")]
    assert notes == [made.who.basis, "3"]
    newest = [row["file_hash"] for row in found["synthesis_assessments"] if row["is_newest"]]
    assert set(newest) == {one.newest.file_hash for one in made.who.participants}
    for row in found["region_scores"]:
        tile = made.tiles[row["region_m49"], row["section"]]
        assert (row["median"], row["band"], row["scored"], row["countries"]) == (
            tile.median, tile.band, tile.count, tile.of,
        )  # fmt: skip
    assert len(found["region_scores"]) == len(made.tiles)
    for row, spread in zip(found["section_bands"], made.spreads, strict=True):
        assert [row[band] for band in Band] == [spread.bands.get(band) for band in Band]
        assert (row["scored"], row["not_known"], row["not_applicable"]) == (spread.count, spread.unknown, spread.out)
    gaps = [(g.question, g.row, g.count, g.serious, g.open, g.of) for g in made.gaps]
    keys = ("question", "grid_row", "gaps", "serious_gaps", "not_known", "countries")
    assert [tuple(row[key] for key in keys) for row in found["frequent_gaps"]] == gaps
    for row, one in zip(found["sdg_disaggregation"], made.indicators, strict=True):
        figures = (one.full, one.partly, one.birth, one.citizenship, one.parents, one.sex)
        keys = ("in_full", "in_part", "birth", "citizenship", "parents", "sex")
        assert tuple(row[key] for key in keys) == (figures if one.is_shown else (None,) * 6)
        assert (row["countries"], row["not_known"], row["not_applicable"]) == (one.of, one.open, one.out)
    for row, line in zip(found["sex_disaggregation"], made.trend.lines if made.trend else (), strict=True):
        trend = (line.before, line.after, line.lost, line.gained)
        assert tuple(row[key] for key in ("earlier", "later", "lost", "gained")) == (
            trend if line.is_shown else (None,) * 4
        )
    # The same once more from the plain tables: median and minimum of the printed scores of the core.
    for row in found["region_scores"]:
        if row["region_m49"] == WORLD:
            scores = [s.score for s in tables.scores
                      if s.file_hash in newest and s.section == row["section"] and s.score is not None
                      and s.status in {"firm", "provisional"}]  # fmt: skip
            assert row["median"] == (statistics.median(scores) if len(scores) >= 3 else None)


def test_the_choice_reaches_the_figures(repository: Path) -> None:
    every = read_synthesis(repository, SynthesisOptions(2, ParticipationBasis.ALL))
    assert (every.who.basis, every.of) == (ParticipationBasis.ALL, 23)
    assert every.tiles["009", "iii"].of == 1
    assert every.choice.minimum == 2


@pytest.mark.parametrize("suffix", [".pdf", ".xlsx", ".parquet", ".csv"])
def test_progress_never_goes_back_and_ends_at_the_end(repository: Path, suffix: str, tmp_path: Path) -> None:
    heard: list[tuple[str, float]] = []
    write_synthesis(
        repository, tmp_path / f"out{suffix}", texts=ENGLISH, progress=lambda step, share: heard.append((step, share))
    )
    shares = [share for _step, share in heard]
    assert shares == sorted(shares)
    assert heard[-1] == ("Done", 1.0)
    assert all(step for step, _share in heard)


@pytest.mark.check
def test_the_same_repository_gives_the_same_bytes(repository: Path, tmp_path: Path) -> None:
    files = [tmp_path / f"{name}.xlsx" for name in ("one", "two")]
    for file in files:
        write_synthesis(repository, file, texts=ENGLISH)
    assert files[0].read_bytes() == files[1].read_bytes()
    formatter = SynthesisFormatter(ENGLISH, read_synthesis(repository))
    assert render_synthesis(formatter) == render_synthesis(formatter), "before it is signed"


@pytest.mark.check
def test_the_pages_are_signed(repository: Path, tmp_path: Path) -> None:
    write_synthesis(repository, tmp_path / "out.pdf", texts=ENGLISH)
    found = examine_signature((tmp_path / "out.pdf").read_bytes())
    assert (found.state, found.certificate) == (SignatureStatus.INTACT, own_certificate_fingerprint())


@pytest.mark.check
def test_pages_and_workbook_say_the_same_figures(repository: Path, tmp_path: Path) -> None:
    for suffix in (".pdf", ".xlsx"):
        write_synthesis(repository, tmp_path / f"out{suffix}", texts=ENGLISH)
    pages = PdfPages((tmp_path / "out.pdf").read_bytes())
    printed = " ".join(" ".join(pages.text(page).split()) for page in range(len(pages.sizes)))
    pages.close()
    book = load_workbook(tmp_path / "out.xlsx")
    made = read_synthesis(repository)
    lines = list(book["region_scores"].iter_rows(min_row=2, values_only=True))
    assert len(lines) == len(made.tiles)
    for _name, code, _parent, section, _number, of, count, median, _band in lines:
        tile = made.tiles[str(code or "-"), str(section)]
        assert (of, count, median) == (tile.of, tile.count, tile.median)
        assert f"{count} of {of}" in printed
        assert median is None or f"{median:.1f}" in printed


def parquet_rows(file: Path) -> Iterator[tuple[object, ...]]:
    return iter(duckdb.read_parquet(str(file)).fetchall())


def csv_rows(file: Path) -> Iterator[tuple[str, ...]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.reader(stream)
        next(rows)
        yield from map(tuple, rows)


@pytest.mark.check
def test_parquet_holds_every_table_as_it_is(repository: Path, tmp_path: Path) -> None:
    folder = tmp_path / "tables.parquet"
    write_synthesis(repository, folder, texts=ENGLISH)
    assert sorted(file.stem for file in folder.iterdir()) == sorted((*TABLES, *SUMMARY_TABLES))
    with open_headquarters_database(repository) as opened:
        for table in (*TABLES, *SUMMARY_TABLES):
            found = [tuple(map(plain, row)) for row in parquet_rows(folder / f"{table}.parquet")]
            assert found == [tuple(map(plain, row)) for row in opened.exported(table)], table


def plain(cell: object) -> object:
    """Return a typed cell as the repository keeps it; an empty text and nothing are the same."""
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=UTC).isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else cell


@pytest.mark.check
def test_every_column_is_typed_and_explained_in_the_codebook(repository: Path, tmp_path: Path) -> None:
    folder = tmp_path / "tables.parquet"
    write_synthesis(repository, folder, texts=ENGLISH)
    types = {
        "text": "VARCHAR", "whole number": "BIGINT", "number": "DOUBLE", "true or false": "BOOLEAN", "date": "DATE",
        "time": "TIMESTAMP",
    }  # fmt: skip
    told = duckdb.execute(
        f"SELECT data_table, variable, type FROM '{folder}/codebook.parquet' WHERE meaning IS NOT NULL"
    ).fetchall()
    for table in TABLES:
        described = duckdb.execute(f"DESCRIBE SELECT * FROM '{folder}/{table}.parquet'").fetchall()
        assert [(name, types[kind]) for one, name, kind in told if one == table] == [(d[0], d[1]) for d in described]
        if table in {"answers", "scores", "gaps", "actions", "breakdowns", "problems"}:
            assert [d[0] for d in described][:4] == ["country", "round", "assessment", "file_hash"]


def test_without_the_extra_parquet_is_refused_before_anything_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(KnownError, match="cannot write Parquet files") as refused:
        write_synthesis(tmp_path / "not there.sqlite", tmp_path / "tables.parquet", texts=ENGLISH)
    assert "CSV" in refused.value.message
    assert main(["aggregate", str(tmp_path), "--out", str(tmp_path / "tables.parquet")]) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.check
def test_parquet_tells_an_empty_text_from_nothing_and_keeps_the_order_of_many_rows(tmp_path: Path) -> None:
    columns = synthesis._columns("scores")
    made: Iterator[dict[str, Any]] = (
        {"text": f"{number}", "number": number / 3 if number % 2 else None, "true or false": bool(number % 2)}
        for number in range(50_000)
    )
    rows = [tuple("" if name == "file_hash" else one[kind] for name, kind in columns) for one in made]
    assert synthesis._write_parquet(tmp_path / "scores.parquet", "scores", iter(rows)) == len(rows)
    assert list(parquet_rows(tmp_path / "scores.parquet")) == rows
    assert [file.name for file in tmp_path.iterdir()] == ["scores.parquet"]


def test_csv_holds_every_table_as_text(repository: Path, tmp_path: Path) -> None:
    folder = tmp_path / "tables.csv"
    write_synthesis(repository, folder, texts=ENGLISH)
    with open_headquarters_database(repository) as opened:
        for table in TABLES:
            kinds = [kind for _name, kind in synthesis._columns(table)]
            wanted = [
                tuple(csv_text(cell, kind) for cell, kind in zip(row, kinds, strict=True))
                for row in opened.exported(table)
            ]
            assert list(csv_rows(folder / f"{table}.csv")) == wanted, table


def csv_text(cell: object, kind: str) -> str:
    if kind == "true or false" and cell is not None:
        return "true" if cell else "false"
    return "" if cell is None else str(cell)


def test_no_text_of_a_table_becomes_a_formula(tmp_path: Path) -> None:
    tables = some_tables()
    evil = replace(tables.assessments[0], country_name="=HYPERLINK(1)")
    repository = repository_of(tmp_path / "evil.sqlite", replace(tables, assessments=(evil, *tables.assessments[1:])))
    write_synthesis(repository, tmp_path / "out.csv", texts=ENGLISH)
    cells = [cell for row in csv_rows(tmp_path / "out.csv" / "assessments.csv") for cell in row]
    assert "'=HYPERLINK(1)" in cells
    assert not any(cell.startswith("=") for cell in cells)


@pytest.mark.check
def test_duckdb_reads_the_tables(repository: Path, tmp_path: Path) -> None:
    folder = tmp_path / "tables.parquet"
    write_synthesis(repository, folder, texts=ENGLISH)
    question = f"""
        SELECT a.region, count(*) AS countries, median(s.score)
        FROM '{folder}/scores.parquet' s JOIN '{folder}/assessments.parquet' a USING (file_hash)
        WHERE a.is_newest AND a.status = 'validated' AND s.section = 'iii' AND s.score IS NOT NULL
          AND a.instrument_version = '1.0'
        GROUP BY a.region ORDER BY a.region
    """
    found = duckdb.execute(question).fetchall()
    answer = {region: (count, median) for region, count, median in found}
    tile = read_synthesis(repository).tiles["142", "iii"]
    assert answer["Asia"] == (tile.count, tile.median)


# -- what is there already, and what goes wrong ----------------------------------------------------------------------


def test_an_older_folder_of_tables_is_replaced_whole(repository: Path, tmp_path: Path) -> None:
    folder = tmp_path / "tables.csv"
    write_synthesis(repository, folder, texts=ENGLISH)
    (folder / "scores.csv").write_text("old", encoding="utf-8")
    write_synthesis(repository, folder, texts=ENGLISH)
    assert "old" not in (folder / "scores.csv").read_text(encoding="utf-8-sig")[:10]
    assert [entry.name for entry in tmp_path.iterdir()] == ["tables.csv"]


def test_a_folder_with_other_things_is_left_alone(repository: Path, tmp_path: Path) -> None:
    folder = tmp_path / "tables.csv"
    folder.mkdir()
    (folder / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(KnownError, match="holds other things"):
        write_synthesis(repository, folder, texts=ENGLISH)
    assert (folder / "letter.txt").read_text(encoding="utf-8") == "mine"


def test_a_run_that_was_ended_leaves_the_old_tables(repository: Path, tmp_path: Path) -> None:
    folder = tmp_path / "tables.csv"
    write_synthesis(repository, folder, texts=ENGLISH)

    def stop(_step: str, share: float) -> None:
        if share > 0.5:
            raise KeyboardInterrupt

    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    with pytest.raises(KeyboardInterrupt):
        write_synthesis(repository, folder, texts=ENGLISH, progress=stop)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["tables.csv"]
    folder.rename(tmp_path / ".tables.csv.replaced")  # as if the machine had stopped between the two steps
    write_synthesis(repository, folder, texts=ENGLISH)
    assert [entry.name for entry in tmp_path.iterdir()] == ["tables.csv"]


@pytest.mark.parametrize("suffix", [".pdf", ".xlsx", ".parquet", ".csv"])
@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_a_place_that_may_not_be_written_is_refused(repository: Path, suffix: str, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(KnownError, match="may not be written"):
            write_synthesis(repository, tmp_path / f"out{suffix}", texts=ENGLISH)
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.parametrize("suffix", [".pdf", ".xlsx", ".parquet", ".csv"])
def test_a_folder_that_is_not_there_is_refused(repository: Path, suffix: str, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="does not exist"):
        write_synthesis(repository, tmp_path / "nowhere" / f"out{suffix}", texts=ENGLISH)


@pytest.mark.parametrize("suffix", [".pdf", ".csv"])
def test_an_unfinished_repository_is_refused(tmp_path: Path, suffix: str) -> None:
    file = repository_of(tmp_path / "half.sqlite", is_complete=False)
    with pytest.raises(KnownError, match="goes on where it was"):
        write_synthesis(file, tmp_path / f"out{suffix}", texts=ENGLISH)


@pytest.mark.parametrize("suffix", [".pdf", ".parquet"])
def test_a_file_that_is_no_repository_is_refused(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / "letter.sqlite"
    file.write_text("Dear colleague", encoding="utf-8")
    with pytest.raises(KnownError):
        write_synthesis(file, tmp_path / f"out{suffix}", texts=ENGLISH)
    assert not (tmp_path / f"out{suffix}").exists()


def test_another_ending_is_refused_before_the_work(repository: Path, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"\.pdf, \.xlsx, \.parquet, \.csv"):
        write_synthesis(repository, tmp_path / "out.docx", texts=ENGLISH)


@pytest.mark.parametrize("suffix", [".pdf", ".xlsx", ".parquet", ".csv"])
def test_a_repository_without_files_can_be_written_too(tmp_path: Path, suffix: str) -> None:
    file = repository_of(tmp_path / "empty.sqlite", SynthesisTables())
    write_synthesis(file, tmp_path / f"out{suffix}", texts=ENGLISH)
    assert (tmp_path / f"out{suffix}").exists()


# -- the command -------------------------------------------------------------------------------------------------


def test_the_command_writes_by_the_ending(repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.xlsx"
    assert main(["synthesis", str(repository), str(out), "--minimum", "2", "--basis", "all"]) == 0
    assert str(out) in capsys.readouterr().out
    sheet = load_workbook(out)["participants"]
    assert sheet.max_row == 1 + 23


def test_the_command_tells_the_window_of_its_progress(
    repository: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.csv"
    assert main(["synthesis", str(repository), str(out), "--progress"]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert '"share"' in lines[0]
    assert '"done"' in lines[-1]
    assert main(["synthesis", str(tmp_path / "nothing.sqlite"), str(out), "--progress"]) == 1
    assert '"error"' in capfd.readouterr().out


def test_the_command_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["synthesis", str(tmp_path / "nothing.sqlite"), str(tmp_path / "out.pdf")]) == 1
    assert "Traceback" not in capsys.readouterr().err
