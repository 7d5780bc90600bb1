"""Rows of a repository, made without files: many countries in all regions, two rounds, and some files that failed.

Everything follows from places in lists, so that the same figures come out on every machine.
"""

import csv
from collections.abc import Iterator
from dataclasses import replace

from capacity_app import paths
from capacity_app.domain.headquarters.synthesis import SynthesisTables
from capacity_app.domain.headquarters.tidy_tables import (
    ActionRow,
    AssessmentRow,
    BreakdownRow,
    FileRow,
    FileStatus,
    GapRow,
    QuestionRow,
    ScoreRow,
)
from capacity_app.domain.scoring.scores import ScoreStatus, band_of

PARTS = (("iii", "III", "Basic statistics"), ("iv", "IV", "Data needs"), ("ix", "IX", "Coordination"))
STATISTICS = ("Stock of foreign-born", "Immigration of foreigners", "Emigration of nationals")
INDICATORS = ("1.3.1", "8.8.1", "16.1.4", "9.c.1")
CHOSEN = (
    "GEO", "JOR", "THA", "MEX", "PRY", "PER", "KEN", "GHA", "SEN", "MAR", "FRA", "ESP", "POL", "SRB", "IND", "NPL",
    "PHL", "VNM", "JPN", "FJI", "CHL", "CAN",
)  # fmt: skip
SERIOUS = {9: "critical", 6: "high", 4: "moderate", 2: "low"}


def countries() -> dict[str, dict[str, str]]:
    """Read the countries of M49 by their ISO code."""
    with (paths.resources_folder() / "regions" / "m49.csv").open(encoding="utf-8", newline="") as file:
        return {line["country"]: line for line in csv.DictReader(file)}


def hash_of(name: str) -> str:
    """Make something that looks like the hash of a file."""
    return (name.encode().hex() + "0" * 64)[:64]


def assessment_row(
    iso: str,
    round_: str = "2023",
    *,
    status: str = "validated",
    version: str = "1.0",
    number: int = 2,
    is_newest: bool = True,
) -> AssessmentRow:
    """Make the assessment of a country in a round."""
    known = countries().get(iso, {"m49": "", "name": iso})
    regions = {key: known.get(key, "") for key in ("region_m49", "region", "subregion_m49", "subregion")}
    name = hash_of(f"{iso}-{round_}-{version}")
    return AssessmentRow(
        file_hash=name,
        assessment=f"{iso}-{round_}",
        country=iso,
        m49=known["m49"],
        country_name=known["name"],
        round=round_,
        instrument="unsd-nmdc",
        instrument_version=version,
        instrument_hash=hash_of(version),
        status=status,
        language="en",
        last_change=f"{round_}-06-{len(iso) + 10}T10:00:00+00:00",
        content_hash=name[::-1],
        answers=120,
        completeness=0.5 + sum(iso.encode()) % 50 / 100,
        is_newest=int(is_newest),
        round_number=number,
        **regions,
    )


def file_row(row: AssessmentRow, fate: FileStatus = FileStatus.READ, **more: object) -> FileRow:
    """Make the file an assessment came from."""
    path = f"{row.region or 'elsewhere'}/{row.country}-{row.round}.assessment"
    whole = FileRow(path=path, file_hash=row.file_hash, size=98_304, kind="assessment", fate=fate)
    return replace(whole, **more)  # type: ignore[arg-type]


def score_row(
    file_hash: str, section: str, score: float | None, status: str = ScoreStatus.FIRM, core: int = 1
) -> ScoreRow:
    """Make the score of a section."""
    found = "" if score is None else band_of(score).value  # type: ignore[arg-type]
    return ScoreRow(
        file_hash=file_hash,
        section=section,
        score=score,
        lower=score,
        upper=score,
        coverage=0.9,
        na_share=0.0,
        band=found,
        status=status,
        verified=score,
        evidence_index=0.4,
        is_core=core,
    )


def gap_row(file_hash: str, address: str, severity: int, *, is_open: int = 0) -> GapRow:
    """Make a gap."""
    question, _, row = address.partition("/")
    return GapRow(
        file_hash=file_hash,
        address=address,
        question=question,
        grid_row=row,
        section=question.partition(".")[0],
        number=question.upper(),
        is_open=is_open,
        level=None if is_open else 1,
        target=3,
        steps=2,
        importance=max(severity // 2, 1),
        severity=severity,
        severity_class=SERIOUS[severity],
        feasibility="effort",
        priority="major_project",
        actions=0,
    )


def action_row(file_hash: str, action: str, end_date: str, progress: str = "planned") -> ActionRow:
    """Make an action."""
    texts = dict.fromkeys(
        ("type", "responsible", "partners", "start_date", "currency", "funding_source", "cost", "funding", "gaps"), ""
    )
    return ActionRow(
        file_hash=file_hash, action=action, title=f"Action {action}", end_date=end_date, amount=None, funded=None,
        progress=progress, severity_class="high", **texts,
    )  # fmt: skip


def _breakdown(file_hash: str, question: str, row: str, breakdown: str, share: float | None) -> BreakdownRow:
    section = question.partition(".")[0]
    return BreakdownRow(
        file_hash=file_hash, question=question, grid_row=row, section=section, breakdown=breakdown, share=share,
        is_wanted=1,
    )  # fmt: skip


def question_rows(version: str = "1.0") -> tuple[QuestionRow, ...]:
    """Make the wording of the questions, in no order."""

    def asked(section: int, question: str, number: str, wording: str, row: str = "", tags: str = "") -> QuestionRow:
        own, _roman, title = PARTS[section]
        return QuestionRow(
            instrument="unsd-nmdc",
            instrument_version=version,
            instrument_hash=hash_of(version),
            question=question,
            grid_row=row,
            grid_column="",
            section=own,
            section_title=title,
            number=number,
            wording=wording,
            kind="grid" if tags or row else "level",
            tags=tags,
        )

    statistics = tuple(
        asked(0, "iii.statistics", f"III.1 {number}", name, f"s{number}", tags="stock")
        for number, name in enumerate(STATISTICS, start=1)
    )
    indicators = tuple(
        asked(1, "iv.sdg", f"IV.2 {code}", f"Indicator {code}", code.replace(".", "-"), tags="sdg-disaggregation")
        for code in INDICATORS
    )
    return (
        asked(2, "ix.group", "IX.1", "Is there a working group on migration data?"),
        asked(2, "ix.mandate", "IX.2", "Does it have a written mandate?"),
        *reversed(indicators),
        asked(1, "iv.sdg", "IV.2", "Which indicators show migrants?", tags="sdg-disaggregation"),
        asked(0, "iii.statistics", "III.1", "Which statistics does the country produce?", tags="stock"),
        *statistics,
        asked(0, "iii.concept", "III.2", "Is one concept of residence applied?"),
    )


def _score(iso: str, place: int, round_: str) -> float:
    return float((sum(iso.encode()) * (place + 3) + int(round_)) % 101)


def _results(row: AssessmentRow, place: int) -> Iterator[ScoreRow | GapRow | BreakdownRow]:
    own, is_late = row.file_hash, int(row.round) > 2020
    for number, (part, _roman, _title) in enumerate(PARTS):
        is_withheld = (place + number) % 7 == 0
        yield score_row(own, part, None if is_withheld else _score(row.country, number, row.round),
                        ScoreStatus.WITHHELD if is_withheld else ScoreStatus.FIRM)  # fmt: skip
    yield score_row(own, "overall", 50.0)
    yield score_row(own, "t", 30.0, core=0)
    if place % 2:
        yield gap_row(own, "ix.mandate", 9)
    if place % 3:
        yield gap_row(own, "iii.statistics/s2", 6 if place % 2 else 4)
    if place % 5 == 0:
        yield gap_row(own, "iii.concept", 2, is_open=place % 2)
    if place == 4:
        yield gap_row(own, "ix.group", 9)
    for number in range(1, len(STATISTICS) + 1):
        shows = (place + number) % 3 != 0 if is_late else (place + number) % 4 != 0
        yield _breakdown(own, "iii.statistics", f"s{number}", "sex", float(shows))
        yield _breakdown(own, "iii.statistics", f"s{number}", "age", 1.0)
    for number, code in enumerate(INDICATORS[: 3 if place % 2 else 4]):
        birth = ((place + number) % 3) / 2
        for key, share in (("birth", birth), ("citizenship", None if place == 5 else 0.0), ("sex", birth // 1)):
            yield _breakdown(own, "iv.sdg", code.replace(".", "-"), key, share)


def some_rows() -> list[AssessmentRow]:
    """Make the assessments: every country once, every second one also in a previous round; two that cannot compare."""
    rows = []
    for place, iso in enumerate(CHOSEN):
        status = "draft" if place % 6 == 5 else "validated"
        rows.append(assessment_row(iso, "2023" if place % 3 else "2024", status=status))
        if place % 2 == 0:
            rows.append(assessment_row(iso, "2018", number=1, is_newest=False))
    return [*rows, assessment_row("BRA", version="2.0"), assessment_row("XXA", "2024")]


def some_tables() -> SynthesisTables:
    """Make everything a repository holds of 24 countries, and five files that are not in."""
    rows = some_rows()
    results = [found for row in rows for found in _results(row, (*CHOSEN, "BRA", "XXA").index(row.country))]
    files = [file_row(row) for row in rows]
    files[3] = replace(files[3], fate=FileStatus.READ_WITH_PROBLEMS, problems=2, edited_cells=14,
                       reason="2 cells could not be read.")  # fmt: skip
    more = (
        FileRow(path="Africa/broken.xlsx", file_hash=hash_of("broken"), size=4_096, kind="workbook",
                fate=FileStatus.REFUSED, reason="The file ends in the middle. Ask for it once more."),
        FileRow(path="Africa/copy of KEN.assessment", file_hash=files[9].file_hash, size=98_304, kind="assessment",
                fate=FileStatus.DUPLICATE, other_file=files[9].path, reason="The same as another file."),
        FileRow(path="notes.xlsx", file_hash=hash_of("notes"), size=9_000, kind="workbook", fate=FileStatus.REFUSED,
                reason="This workbook was not made by this program."),
    )  # fmt: skip
    return SynthesisTables(
        files=(*files, *more),
        assessments=tuple(rows),
        scores=tuple(found for found in results if isinstance(found, ScoreRow)),
        gaps=tuple(found for found in results if isinstance(found, GapRow)),
        breakdowns=tuple(found for found in results if isinstance(found, BreakdownRow)),
        questions=question_rows(),
    )
