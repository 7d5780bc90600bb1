from dataclasses import replace
from fractions import Fraction

import pytest

from capacity_app.domain.assessment.answers import AnswerState
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Mission
from capacity_app.domain.headquarters.dossier_rows import rows_of_dossier
from capacity_app.domain.headquarters.tidy_tables import TABLES, AnswerRow, FileRow, FileRows
from capacity_app.domain.numbers_and_dates import round_half_up
from capacity_app.domain.questionnaire.instrument import GridColumn
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.scoring.answer_sheet import lay_out_dossier
from capacity_app.domain.scoring.gaps import find_gaps
from capacity_app.domain.scoring.scores import score_sheet
from tests.builders import small_dossier
from tests.domain.making import ANCHORS, choice, instrument, question, required, say, section

FILE = FileRow(path="a.json", file_hash="h", size=1)


def tidied(dossier: Dossier) -> FileRows:
    return rows_of_dossier(dossier, FILE, "instrument's hash", {})


@pytest.fixture(name="small", scope="module")
def _small() -> FileRows:
    return tidied(small_dossier())


def said(parcel: FileRows, question_id: str, layer: str) -> list[AnswerRow]:
    return [row for row in parcel.answers if row.question == question_id and row.layer == layer]


def test_every_answer_of_every_respondent_and_layer_has_a_row(small: FileRows) -> None:
    dossier = small_dossier()
    rows = [row for row in small.answers if row.layer != "effective"]
    keys = {(row.question, row.grid_row, row.grid_column, row.layer, row.respondent) for row in rows}
    assert len(rows) == len(keys) == len(dossier.answers)
    assert [(row.respondent, row.number, row.note) for row in said(small, "i.law", "response")] == [
        ("agency-moi", 1.0, ""),
        ("agency-nso", 3.0, "Loi n° 12 – «adoptée»"),
    ]


def test_what_counts_has_a_row_too_and_a_difference_is_a_conflict(small: FileRows) -> None:
    (law,) = said(small, "i.law", "effective")
    assert (law.state, law.number, law.text, law.respondent, law.standing) == ("conflict", None, "", "", "wanted")
    (plan,) = said(small, "i.plan", "effective")
    assert (plan.state, plan.number, plan.reason) == ("answered", 1.0, "The plan has expired.")


@pytest.mark.parametrize(
    ("place", "number", "text"),
    [
        ("i.contents", None, "stocks; labour"),
        ("i.published", None, "no"),
        ("ii.staff", 12.0, ""),
        ("ii.share", 12.5, ""),
        ("ii.origins", None, "268; 604"),
        ("i.why", None, "No budget.\nNo staff."),
    ],
)
def test_values_are_numbers_or_texts(small: FileRows, place: str, number: float | None, text: str) -> None:
    (row,) = said(small, place, "effective")
    assert (row.number, row.text) == (number, text)


def test_a_row_that_does_not_apply_has_its_places_marked_so(small: FileRows) -> None:
    places = {(row.grid_row, row.grid_column): row.standing for row in said(small, "iii.topics", "effective")}
    assert places["b", "available"] == "row_out"
    assert places["a", "available"] == "wanted"
    assert ("a", "demand") not in places, "nobody has said anything there"


def test_scores_are_those_of_the_method_as_they_are_printed(small: FileRows) -> None:
    card = score_sheet(lay_out_dossier(small_dossier()))
    assert [row.section for row in small.scores] == [*(e.section.id for e in card.sections), "overall"]
    for row, entry in zip(small.scores, card.sections, strict=False):
        assert (row.score, row.lower, row.upper) == (
            as_printed(entry.published), as_printed(entry.score.lower), as_printed(entry.score.upper),
        )  # fmt: skip
        assert row.coverage == as_printed(entry.score.coverage, 3)
        assert row.status == entry.status


def as_printed(value: Fraction | None, digits: int = 1) -> float | None:
    return None if value is None else float(round_half_up(value, digits))


def test_a_score_that_may_not_be_published_is_left_open() -> None:
    made = instrument(section("i", *(question(f"i.q{n}") for n in range(4))))
    parcel = tidied(small_dossier(made, answers=(say("i.q0", 3),), actions=(), ratings=()))
    (first, overall) = parcel.scores
    assert (first.status, first.score, first.verified, first.lower, first.upper) == (
        "withheld",
        None,
        None,
        25.0,
        100.0,
    )
    assert (overall.score, overall.coverage) == (None, 0.25)


def test_gaps_and_places_to_verify_are_those_of_the_board(small: FileRows) -> None:
    dossier = small_dossier()
    gaps, to_verify = find_gaps(lay_out_dossier(dossier), dossier.ratings)
    assert [row.address for row in small.gaps] == [str(gap.address) for gap in (*gaps, *to_verify)]
    assert sum(row.is_open for row in small.gaps) == len(to_verify)
    law = next(row for row in small.gaps if row.address == "i.law")
    assert (law.question, law.grid_row, law.actions, law.feasibility) == ("i.law", "", 1, "easy")


def test_an_action_is_as_severe_as_the_gap_it_closes() -> None:
    dossier = small_dossier()
    (action,) = tidied(replace(dossier, answers=(say("i.law", 0),))).actions
    assert (action.action, action.title, action.severity_class, action.gaps) == (
        "action-1", "Amend the act", "critical", "i.law",
    )  # fmt: skip


def test_the_assessment_says_whose_it_is_and_how_complete(small: FileRows) -> None:
    row = small.assessment
    assert row is not None
    assert (row.country, row.country_name, row.region, row.round) == ("XXA", "Examplia", "not assigned", "2018")
    assert row.content_hash == small_dossier().content_hash
    assert row.completeness is not None
    assert 0 < row.completeness < 1


def test_an_assessment_with_nothing_in_it_is_tidied_too() -> None:
    empty = Dossier(id="x", instrument=small_dossier().instrument, mission=Mission())
    parcel = tidied(empty)
    assert parcel.assessment is not None
    assert parcel.assessment.completeness == 0
    # The row that is not applicable from the start.
    assert {row.grid_row for row in parcel.answers} == {"c"}
    assert parcel.actions == ()


def test_the_questions_are_in_printed_order_with_their_rows_and_cells(small: FileRows) -> None:
    assert [row.position for row in small.questions] == list(range(1, len(small.questions) + 1))
    cells = [(row.grid_row, row.grid_column, row.wording) for row in small.questions if row.question == "iii.topics"]
    assert cells[0][:2] == ("", "")
    assert cells[1] == ("a", "", "Stock of migrants")
    assert cells[2] == ("a", "available", "Stock of migrants – Available")
    without = rows_of_dossier(small_dossier(), FILE, "h", {}, with_questions=False)
    assert without.questions == ()


def test_keys_tell_all_rows_apart(small: FileRows) -> None:
    for name in ("answers", "scores", "gaps", "actions", "breakdowns", "questions"):
        keys = TABLES[name][1]
        rows = [tuple(getattr(row, key) for key in keys) for row in getattr(small, name)]
        assert len(rows) == len(set(rows)), name


# -- by what statistics are broken down ----------------------------------------------------------------------------


def _statistics(*answers: object) -> dict[tuple[str, str], tuple[float | None, int]]:
    columns = (
        GridColumn(id="made", label="Made", kind=AnswerKind.LEVEL, anchors=ANCHORS),
        GridColumn(id="by", label="By", kind=AnswerKind.CHECKLIST, options=required("sex", "age", also=("education",))),
        GridColumn(id="by_birth", label="By birth", kind=AnswerKind.CHOICE, options=choice(no=0, partly="1/2", yes=1)),
    )
    grid = question(
        "i.s", AnswerKind.GRID, columns=columns, rows=small_dossier().instrument.question_by_id["iii.topics"].rows
    )
    parcel = tidied(small_dossier(instrument(section("i", grid)), answers=answers, actions=(), ratings=()))
    return {(row.grid_row, row.breakdown): (row.share, row.is_wanted) for row in parcel.breakdowns}


def test_a_statistic_is_broken_down_fully_partly_or_not_at_all() -> None:
    found = _statistics(say("i.s/a/by", ("sex",)), say("i.s/a/by_birth", "partly"))
    assert found["a", "sex"] == (1.0, 1)
    assert found["a", "age"] == (0.0, 1)
    assert found["a", "education"] == (0.0, 0)
    assert found["a", "birth"] == (0.5, 1)


def test_what_nobody_has_said_is_open() -> None:
    assert _statistics(say("i.s/a/made", 2))["a", "sex"] == (None, 1)


def test_statistics_and_breakdowns_that_do_not_apply_have_no_row() -> None:
    found = _statistics(
        say("i.s/b", state=AnswerState.NOT_APPLICABLE), say("i.s/a/by_birth", state=AnswerState.NOT_APPLICABLE)
    )
    assert {row for row, _ in found} == {"a"}
    assert ("a", "birth") not in found
