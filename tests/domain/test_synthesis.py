"""Many countries as distributions: who is in, of how many each figure is, and nothing that ranks."""

from dataclasses import fields, replace

import pytest

from capacity_app.domain.headquarters.selection import ExclusionReason, ParticipationBasis, SynthesisOptions
from capacity_app.domain.headquarters.synthesis import (
    ELSEWHERE,
    Synthesis,
    SynthesisTables,
    number_key,
    section_number,
    synthesize,
)
from capacity_app.domain.headquarters.tidy_tables import WORLD, BreakdownRow, FileStatus
from capacity_app.domain.scoring.scores import Band, ScoreStatus
from tests.domain.repository_rows import (
    action_row,
    assessment_row,
    file_row,
    gap_row,
    question_rows,
    score_row,
    some_tables,
)


def tables_of(*assessments: str, **more: object) -> SynthesisTables:
    """Make a repository of one assessment for each country, without results."""
    rows = tuple(assessment_row(iso) for iso in assessments)
    whole = SynthesisTables(files=tuple(map(file_row, rows)), assessments=rows, questions=question_rows())
    return replace(whole, **more)  # type: ignore[arg-type]


def scored(scores: dict[str, float | None], section: str = "iii", minimum: int = 3) -> Synthesis:
    """Make the synthesis of countries with these scores in one section."""
    tables = tables_of(*scores)
    rows = tuple(
        score_row(row.file_hash, section, scores[row.country],
                  ScoreStatus.WITHHELD if scores[row.country] is None else ScoreStatus.FIRM)
        for row in tables.assessments
    )  # fmt: skip
    return synthesize(replace(tables, scores=rows), SynthesisOptions(minimum))


def test_each_country_counts_once_with_its_newest_round() -> None:
    earlier = assessment_row("KEN", "2018", number=1, is_newest=False)
    newest = assessment_row("KEN", "2024", number=2)
    who = synthesize(
        SynthesisTables(files=(file_row(earlier), file_row(newest)), assessments=(earlier, newest)), SynthesisOptions(1)
    ).who
    assert [(one.newest.round, one.earlier and one.earlier.round) for one in who.participants] == [("2024", "2018")]
    assert [(one.file.file_hash, one.why) for one in who.absent] == [(earlier.file_hash, ExclusionReason.EARLIER)]


def test_a_copy_that_another_file_replaces_counts_nowhere() -> None:
    copy = assessment_row("KEN", "2018", number=0, is_newest=False)
    newest = assessment_row("KEN", "2024", number=1)
    files = (file_row(copy, FileStatus.SUPERSEDED), file_row(newest))
    who = synthesize(SynthesisTables(files=files, assessments=(copy, newest)), SynthesisOptions(1)).who
    assert who.participants[0].earlier is None
    assert [one.why for one in who.absent] == [ExclusionReason.SUPERSEDED]


def test_only_one_major_version_is_compared_and_the_others_are_listed() -> None:
    rows = (*(assessment_row(iso) for iso in ("KEN", "GHA", "PER")), assessment_row("BRA", version="2.1"),
            assessment_row("FJI", version="1.4"))  # fmt: skip
    who = synthesize(SynthesisTables(files=tuple(map(file_row, rows)), assessments=rows)).who
    assert [one.newest.country for one in who.participants] == ["FJI", "GHA", "KEN", "PER"]
    assert [(one.assessment and one.assessment.country, one.why) for one in who.absent] == [
        ("BRA", ExclusionReason.OTHER_INSTRUMENT)
    ]


@pytest.mark.parametrize(
    ("validated", "choice", "countries"),
    [
        (3, SynthesisOptions(3), 3),
        (2, SynthesisOptions(3), 2),
        (0, SynthesisOptions(), 0),
        (2, SynthesisOptions(3, ParticipationBasis.ALL), 5),
    ],
)
def test_drafts_count_only_where_a_person_asks_for_them(
    validated: int, choice: SynthesisOptions, countries: int
) -> None:
    codes = ("KEN", "GHA", "PER", "FJI", "FRA")
    rows = tuple(
        assessment_row(iso, status="validated" if place < validated else "draft") for place, iso in enumerate(codes)
    )
    who = synthesize(SynthesisTables(files=tuple(map(file_row, rows)), assessments=rows), choice).who
    found = (who.basis, len(who.participants), who.countries, who.validated)
    assert found == (choice.basis, countries, 5, validated)
    assert who.count(ExclusionReason.NOT_VALIDATED) == 5 - countries


def test_a_country_is_in_with_its_newest_validated_round_if_the_newest_is_not() -> None:
    draft = assessment_row("KEN", "2024", status="draft", number=2)
    confirmed = assessment_row("KEN", "2018", number=1, is_newest=False)
    tables = SynthesisTables(files=(file_row(draft), file_row(confirmed)), assessments=(draft, confirmed))
    who = synthesize(tables, SynthesisOptions(1, ParticipationBasis.VALIDATED)).who
    assert [one.newest.round for one in who.participants] == ["2018"]
    assert [one.why for one in who.absent] == [ExclusionReason.NOT_VALIDATED]


def test_a_median_says_of_how_many_countries_it_is() -> None:
    made = scored({"KEN": 10.0, "GHA": 30.0, "SEN": 80.0, "MAR": None, "PER": 90.0})
    africa, world = made.tiles["002", "iii"], made.tiles[WORLD, "iii"]
    assert (africa.count, africa.of, africa.median, africa.band) == (3, 4, 30.0, Band.EMERGING)
    assert (world.count, world.of, world.median, world.band) == (4, 5, 55.0, Band.ESTABLISHED)


def test_figures_of_too_few_countries_are_not_there() -> None:
    made = scored({"KEN": 10.0, "GHA": 30.0, "PER": 90.0})
    americas = made.tiles["019", "iii"]
    assert (americas.count, americas.of, americas.median, americas.band) == (1, 1, None, None)
    few = scored({"KEN": 10.0, "GHA": 30.0})
    assert few.spreads[0].bands == {}
    assert few.tiles[WORLD, "iii"].median is None


def test_the_minimum_can_be_chosen() -> None:
    scores: dict[str, float | None] = {"KEN": 10.0, "GHA": 30.0}
    assert scored(scores, minimum=2).tiles[WORLD, "iii"].median == 20.0
    assert scored(scores, minimum=5).tiles[WORLD, "iii"].median is None


def test_a_withheld_score_is_no_score_whatever_number_stands_there() -> None:
    tables = tables_of("KEN", "GHA", "PER")
    rows = [score_row(row.file_hash, "iii", 50.0) for row in tables.assessments]
    rows[0] = replace(rows[0], status=ScoreStatus.WITHHELD)
    tile = synthesize(replace(tables, scores=tuple(rows)), SynthesisOptions(1)).tiles[WORLD, "iii"]
    assert (tile.count, tile.of) == (2, 3)


def test_the_spread_over_the_bands_adds_up_to_all_countries() -> None:
    made = scored({"KEN": 16.0, "GHA": 17.0, "SEN": 50.0, "PER": 83.4, "FJI": None})
    (spread,) = made.spreads
    assert [spread.bands[band] for band in Band] == [1, 1, 1, 1]
    assert sum(spread.bands.values()) + spread.unknown + spread.out == spread.of == 5


def test_regions_stand_by_name_with_the_parts_that_have_enough_countries() -> None:
    made = scored(dict.fromkeys(("KEN", "GHA", "SEN", "MAR", "PER", "FRA", "XXA"), 50.0))
    assert [(one.name, one.countries, one.parent) for one in made.regions] == [
        ("World", 7, ""), ("Africa", 4, ""), ("Sub-Saharan Africa", 3, "002"), ("Americas", 1, ""), ("Europe", 1, ""),
        ("", 1, ""),
    ]  # fmt: skip
    assert made.regions[-1].code == ELSEWHERE


def test_nothing_is_ordered_by_score_and_there_is_no_overall_score() -> None:
    made = synthesize(some_tables())
    names = [one.newest.country_name.casefold() for one in made.who.participants]
    assert names == sorted(names)
    assert {part.id for part in made.parts} == {"iii", "iv", "ix"}
    assert not {field.name for field in fields(Synthesis)} & {"overall", "rank", "ranking"}


def gaps_of(*rows: tuple[str, str, int, int], minimum: int = 2) -> Synthesis:
    """Make the synthesis of four countries with gaps: country, address, severity, whether open."""
    tables = tables_of("KEN", "GHA", "PER", "FJI")
    hashes = {row.country: row.file_hash for row in tables.assessments}
    gaps = tuple(gap_row(hashes[iso], address, severity, is_open=is_open) for iso, address, severity, is_open in rows)
    scores = tuple(score_row(hashes["KEN"], part, 50.0) for part in ("iii", "iv", "ix"))
    return synthesize(replace(tables, gaps=gaps, scores=scores), SynthesisOptions(minimum))


def test_gaps_are_ordered_by_how_many_countries_share_them() -> None:
    made = gaps_of(
        ("KEN", "ix.mandate", 9, 0), ("GHA", "ix.mandate", 4, 0),
        ("KEN", "iii.statistics/s2", 2, 0), ("GHA", "iii.statistics/s2", 2, 0), ("PER", "iii.statistics/s2", 6, 0),
        ("FJI", "iii.statistics/s2", 6, 1),
    )  # fmt: skip
    assert [(one.address, one.number, one.count, one.serious, one.open, one.of) for one in made.gaps] == [
        ("iii.statistics/s2", "III.1 2", 3, 1, 1, 4),
        ("ix.mandate", "IX.2", 2, 1, 0, 4),
    ]
    assert made.wordings[made.gaps[0].question, made.gaps[0].row, ""] == "Immigration of foreigners"


def test_a_gap_of_fewer_countries_than_the_minimum_is_only_counted() -> None:
    made = gaps_of(("KEN", "ix.mandate", 9, 0), ("KEN", "iii.concept", 9, 1), ("GHA", "iii.concept", 9, 1))
    assert (made.gaps, made.rare_gaps) == ((), 1)


def test_gaps_of_supplements_are_left_out() -> None:
    made = gaps_of(("KEN", "t.training", 9, 0), ("GHA", "t.training", 9, 0))
    assert (made.gaps, made.rare_gaps) == ((), 0)


def breakdown(file_hash: str, question: str, row: str, key: str, share: float | None) -> BreakdownRow:
    """Make what one country says of one statistic."""
    return BreakdownRow(
        file_hash=file_hash, question=question, grid_row=row, section=question.partition(".")[0], breakdown=key,
        share=share, is_wanted=1,
    )  # fmt: skip


def trend_of(pairs: dict[str, tuple[float | None, float | None]], minimum: int = 3) -> Synthesis:
    """Make the synthesis of countries that showed sex (then, now) in the first statistic."""
    rows, shown = [], []
    for iso, said in pairs.items():
        for round_, number, share in (("2018", 1, said[0]), ("2023", 2, said[1])):
            row = assessment_row(iso, round_, number=number, is_newest=number == 2)
            rows.append(row)
            shown.append(breakdown(row.file_hash, "iii.statistics", "s1", "sex", share))
    lone = assessment_row("FRA")
    rows.append(lone)
    shown.append(breakdown(lone.file_hash, "iii.statistics", "s1", "sex", 1.0))
    return synthesize(
        SynthesisTables(files=tuple(map(file_row, rows)), assessments=tuple(rows), breakdowns=tuple(shown),
               questions=question_rows()),
        SynthesisOptions(minimum),
    )  # fmt: skip


def test_the_trend_compares_the_same_countries_only() -> None:
    trend = trend_of({"KEN": (1.0, 0.0), "GHA": (1.0, 0.5), "PER": (1.0, 1.0), "FJI": (0.0, None)}).trend
    assert trend is not None
    (line,) = trend.lines
    assert (line.number, line.before, line.after, line.lost, line.gained, line.of) == ("III.1 1", 3, 2, 1, 0, 3)
    assert line.is_alert
    assert (trend.of, trend.rounds) == (4, (("2018", "2023", 4),))


def test_a_trend_of_too_few_countries_shows_no_figures() -> None:
    trend = trend_of({"KEN": (1.0, 0.0), "GHA": (1.0, 0.0)}).trend
    assert trend is not None
    assert [(line.before, line.lost, line.of, line.is_shown, line.is_alert) for line in trend.lines] == [
        (0, 0, 2, False, False)
    ]


def test_without_a_second_round_there_is_no_trend() -> None:
    assert synthesize(tables_of("KEN", "GHA", "PER")).trend is None


def test_an_indicator_counts_the_better_of_birth_and_citizenship() -> None:
    said: dict[str, dict[str, float | None]] = {
        "KEN": {"birth": 0.0, "citizenship": 1.0, "sex": 1.0},
        "GHA": {"birth": 0.5, "citizenship": 0.0, "sex": 0.0},
        "PER": {"birth": 0.0, "citizenship": 0.0, "parents": 1.0},
        "FJI": {"birth": None, "citizenship": 0.0},
        "FRA": {"birth": 1.0, "citizenship": None},
        "POL": {},
    }
    tables = tables_of(*said)
    rows = tuple(
        breakdown(row.file_hash, "iv.sdg", "8-8-1", key, share)
        for row in tables.assessments
        for key, share in said[row.country].items()
    )
    (one,) = synthesize(replace(tables, breakdowns=rows)).indicators
    assert (one.full, one.partly, one.of, one.open, one.out) == (2, 1, 4, 1, 1)
    assert (one.birth, one.citizenship, one.parents, one.sex) == (2, 1, 1, 1)
    assert one.number == "IV.2 8.8.1"


def test_indicators_are_left_to_their_own_table() -> None:
    made = synthesize(some_tables())
    assert made.trend is not None
    assert {line.question for line in made.trend.lines} == {"iii.statistics"}
    assert {one.question for one in made.indicators} == {"iv.sdg"}


def test_an_empty_repository_has_an_empty_synthesis() -> None:
    made = synthesize(SynthesisTables())
    assert (made.of, made.parts, made.spreads, made.gaps, made.trend, made.indicators) == (0, (), (), (), None, ())


def test_every_file_is_in_or_listed() -> None:
    tables = some_tables()
    made = synthesize(tables)
    taken = {one.newest.file_hash for one in made.who.participants}
    assert len(made.who.absent) + made.of == len(tables.files)
    assert all(one.file.file_hash not in taken or one.why is ExclusionReason.DUPLICATE for one in made.who.absent)


def test_the_content_hash_follows_what_is_compared() -> None:
    tables = some_tables()
    one = synthesize(tables)
    shuffled = replace(tables, files=tables.files[::-1], assessments=tables.assessments[::-1])
    assert synthesize(shuffled).content_hash == one.content_hash
    changed = (replace(tables.assessments[0], content_hash="0" * 64), *tables.assessments[1:])
    assert synthesize(replace(tables, assessments=changed)).content_hash != one.content_hash
    assert synthesize(tables, SynthesisOptions(4)).content_hash != one.content_hash


def test_the_order_of_rows_changes_nothing() -> None:
    tables = some_tables()
    turned = replace(
        tables, **{name: getattr(tables, name)[::-1] for name in ("assessments", "scores", "gaps", "breakdowns")}
    )
    assert synthesize(turned) == synthesize(tables)


def test_printed_numbers_sort_as_they_are_printed() -> None:
    numbers = ["X.1", "IV.2 16.1.4", "III.10", "IV.1 I", "III.2", "IV.2 9.c.1", "IV.1 A", "IX", "T.1"]
    assert sorted(numbers, key=number_key) == [
        "III.2", "III.10", "IV.1 A", "IV.1 I", "IV.2 9.c.1", "IV.2 16.1.4", "IX", "X.1", "T.1",
    ]  # fmt: skip
    assert [section_number(number) for number in ("IV.1 A", "X", "")] == ["IV", "X", ""]


def test_actions_that_should_be_over_are_named_by_country_and_end() -> None:
    tables = tables_of("PER", "KEN")
    peru, kenya = (row.file_hash for row in tables.assessments)
    actions = (
        action_row(peru, "late", "2024-12-31"),
        action_row(peru, "later", "2024"),
        action_row(peru, "today", "2025-06-15"),
        action_row(peru, "this month", "2025-06"),
        action_row(peru, "done", "2024-01-31", "done"),
        action_row(peru, "dropped", "2024-01-31", "dropped"),
        action_row(peru, "open end", ""),
        action_row(kenya, "begun", "2025-06-14", "started"),
        action_row("elsewhere", "lost", "2020"),
    )
    tables = replace(tables, actions=actions)
    made = synthesize(tables, SynthesisOptions(1, as_of="2025-06-15"))
    assert [(one.country.country, one.action.action) for one in made.overdue] == [
        ("KEN", "begun"), ("PER", "later"), ("PER", "late"),
    ]  # fmt: skip
    assert synthesize(tables, SynthesisOptions(1)).overdue == ()
