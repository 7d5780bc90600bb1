"""What the view says, part by part, in words a reader meets."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.assessment.answers import AnswerLayer, AnswerState
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Action, Mission, MissionStatus, Person
from capacity_app.domain.questionnaire.instrument import GridColumn, SkipRule
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.outputs.content.answers import AskedQuestion, answer_sections
from capacity_app.outputs.content.elements import (
    ContentTable,
    FactSheet,
    Points,
    TableCell,
    TextTone,
    anchor_of,
    fit_widths,
    join_empty_cells,
    shorten,
    text_width,
)
from capacity_app.outputs.content.gaps_and_actions import gap_register, timeline
from capacity_app.services.session.demonstration import demonstration
from tests.domain.making import say
from tests.outputs.chapters import chapter, of_kind, read, said, view_of
from tests.outputs.example import report_dossier


def questions(dossier: Dossier | None = None) -> dict[str, AskedQuestion]:
    """Return the questions of the annex of answers by their number."""
    return {q.number: q for part in answer_sections(*read(dossier)) for q in part.questions}


def test_without_an_earlier_round_there_is_no_comparison() -> None:
    assert "rounds" not in {one.anchor for one in view_of(report_dossier(previous=None)).chapters}


@pytest.mark.parametrize(
    ("mission", "status"),
    [
        (Mission(), "Draft"),
        (Mission(status=MissionStatus.REVIEWED, reviewed_by="T. Adeyemi"), "Reviewed by T. Adeyemi"),
        (Mission(status=MissionStatus.REVIEWED), "Reviewed"),
        (Mission(status=MissionStatus.VALIDATED), "Validated"),
        (Mission(status=MissionStatus.VALIDATED, validated_on="2019-02-03"), "Validated on 3 February 2019"),
        (
            Mission(status=MissionStatus.VALIDATED, validated_on="2019-02-03", validated_by="O. Ortiz"),
            "Validated on 3 February 2019 by O. Ortiz",
        ),
    ],
)
def test_the_cover_says_how_far_the_assessment_has_come(mission: Mission, status: str) -> None:
    assert view_of(report_dossier(mission=mission)).cover.status == status


def test_the_profile_names_score_band_and_range_last() -> None:
    assert chapter(view_of(), "profile").blocks[-1].paragraphs[-1] == (  # type: ignore[attr-defined]  # a Prose
        "Overall score: 59.8 of 100 (established with gaps). 87% of the questions, by weight, have an answer. "
        "If the others were answered worst or best, the score would be in the range 55.4 – 64.3."
    )


def test_a_withheld_overall_score_leaves_nothing_that_follows_from_it_anywhere() -> None:
    whole = report_dossier()
    kept = tuple(a for a in whole.answers if not a.key.address.question.startswith("b."))
    made = dataclasses.replace(whole, answers=kept)
    assert read(made)[0].scorecard.overall.value is None
    text = said(view_of(made))
    assert "Way of weighing" not in text
    assert "Overall score:" not in text
    assert "Too little is known for an overall score" in text


def test_the_annex_prints_what_every_score_is_computed_from() -> None:
    appraisal, _formatter = read()
    blocks = chapter(view_of(), "method").blocks
    formulas = {fact.label for sheet in of_kind(blocks, FactSheet, "formulas") for fact in sheet.facts}
    assert {"D", "M", "S = 100 · (P + M) / (A + D)", "U = 100 · (P + Mᵤ + W − A − D) / W"} <= formulas
    (table,) = (one for one in of_kind(blocks, ContentTable) if one.headings[1].text == "W")
    letters = [heading.text for heading in table.headings][1:]
    parts = [row for row in table.rows if row.cells and row.cells[0].text == "Part"]
    for row, entry in zip(parts, appraisal.scorecard.sections, strict=True):
        sums = {letter: float(cell.text) for letter, cell in zip(letters, row.cells[1:], strict=True)}
        score = entry.score
        assert score.value is not None
        assert 100 * (sums["P"] + sums["M"]) / (sums["A"] + sums["D"]) == pytest.approx(float(score.value), abs=0.1)
        assert 100 * (sums["P"] + sums["Mₗ"]) / sums["W"] == pytest.approx(float(score.lower or 0), abs=0.1)
        upper = sums["P"] + sums["Mᵤ"] + sums["W"] - sums["A"] - sums["D"]
        assert 100 * upper / sums["W"] == pytest.approx(float(score.upper or 0), abs=0.1)
        assert sums["X"] / sums["Z"] == pytest.approx(float(score.na_share), abs=0.001)


def test_the_annex_prints_the_points_of_choices_the_required_elements_and_the_weights_of_rows() -> None:
    dossier, _documents = demonstration()
    appraisal, _formatter = read(dossier)
    blocks = chapter(view_of(dossier), "method").blocks
    (table,) = (one for one in of_kind(blocks, ContentTable) if one.headings[1].text == "Column")
    lines = [tuple(cell.text for cell in row.cells) for row in table.rows]
    said_of = {(number, column): points for number, column, points, _weight in lines if column}
    chosen = [item for item in appraisal.sheet.items() if item.field.is_scored and item.field.kind is AnswerKind.CHOICE]
    cells = [item for item in chosen if isinstance(item.field, GridColumn) and not item.field.group]
    answered = [(item, item.field.option_by_id[str(item.answer.value)]) for item in cells if item.answer.value]
    assert len(answered) > 50
    for item, option in answered:
        assert (
            f"{option.label}: {option.points}"
            in said_of[item.question.number, item.question.column_by_id[item.address.column].label]
        )
    assert (
        "Required in 1: Sex; Five-year age groups; Country of birth; Subnational area"
        in (said_of["III.1", "Disaggregation available"])
    )
    assert ("III.1", "", "Rows 1, 2, 4, 7", "3") in lines
    assert ("IV.1", "Data available to answer it", "Level divided by 3", "2") in lines


def test_every_source_of_the_questionnaire_has_its_label() -> None:
    dossier, _documents = demonstration()
    facts = [
        fact
        for sheet in of_kind(chapter(view_of(dossier), "method").blocks, FactSheet)
        for fact in sheet.facts
        if fact.text in {one.text for one in dossier.instrument.sources}
    ]
    assert len(facts) > 1
    assert {fact.label for fact in facts} == {"Source"}


def test_without_a_disagreement_the_formulas_have_no_letters_for_it() -> None:
    whole = report_dossier()
    agreed = tuple(a for a in whole.answers if a.key.layer is not AnswerLayer.RESPONSE or a.key.respondent != "moi")
    blocks = chapter(view_of(dataclasses.replace(whole, answers=agreed)), "method").blocks
    formulas = {fact.label for sheet in of_kind(blocks, FactSheet, "formulas") for fact in sheet.facts}
    assert "S = 100 · P / A" in formulas
    assert ["No.", "W", "A", "P", "X", "Z"] in [[h.text for h in one.headings] for one in of_kind(blocks, ContentTable)]


def test_persons_without_an_agency_are_named_too_and_nobody_is_said_to_have_been_met() -> None:
    whole = report_dossier(meetings=())
    view = view_of(dataclasses.replace(whole, people=(*whole.people, Person(id="p2", name="Ivo Sand"))))
    blocks = chapter(view, "mission").blocks
    table = next(one for one in of_kind(blocks, ContentTable) if one.headings[0].text == "Agency")
    assert [row.cells[0].text for row in table.rows][-1] == "–"
    assert table.rows[-1].cells[2].text == "Ivo Sand"
    assert "Agencies and people" in said(blocks)
    assert "met" not in said(blocks).lower().split()


def test_an_answer_in_conflict_is_a_disagreement_and_not_unknown() -> None:
    whole = report_dossier()
    disputed = [say("c.one", 3, who="nso"), say("c.one", 1, who="moi")]
    others = tuple(a for a in whole.answers if a.key.address.question != "c.one")
    part = said(chapter(view_of(dataclasses.replace(whole, answers=(*others, *disputed))), "s-c").blocks)
    assert "What is not known" not in part
    assert "Where agencies disagree" in part
    unknown = say("c.one", state=AnswerState.UNKNOWN, who="nso")
    part = said(chapter(view_of(dataclasses.replace(whole, answers=(*others, unknown))), "s-c").blocks)
    assert "What is not known" in part


def test_a_question_named_in_a_sentence_ends_with_one_sign() -> None:
    whole = report_dossier()
    parts = tuple(
        dataclasses.replace(
            part, questions=tuple(dataclasses.replace(q, text=f"Is {q.id} so?") for q in part.questions)
        )
        for part in whole.instrument.sections
    )
    unknown = say("c.one", state=AnswerState.UNKNOWN, who="nso")
    others = tuple(a for a in whole.answers if a.key.address.question != "c.one")
    asked = dataclasses.replace(whole.instrument, sections=parts)
    mission = dataclasses.replace(whole.mission, main_messages="")
    told = said(view_of(dataclasses.replace(whole, instrument=asked, answers=(*others, unknown), mission=mission)))
    assert "“Is c.one so?”" in told
    assert [sign for sign in ("?.", "?”.") if sign in told] == []


def test_a_closed_row_is_said_once_and_its_old_answers_count_as_nothing() -> None:
    whole = report_dossier()
    here = [say("b.sdg/x/produced", "no"), say("b.sdg/x/year", 2020, who="nso"), say("b.sdg/x/year", 2021, who="moi")]
    others = tuple(a for a in whole.answers if not str(a.key.address).startswith("b.sdg/x"))
    instrument = whole.instrument
    gate = SkipRule(column="produced", answers=("no",), settles=("by", "year"))
    sections = tuple(
        dataclasses.replace(part, questions=tuple(
            dataclasses.replace(q, gate=gate) if q.id == "b.sdg" else q for q in part.questions))
        for part in instrument.sections
    )  # fmt: skip
    made = dataclasses.replace(whole, instrument=dataclasses.replace(instrument, sections=sections))
    asked = questions(dataclasses.replace(made, answers=(*others, *here)))["b.sdg"]
    remarks = next(place for place in asked.places if place.address == "b.sdg/x").remarks
    assert remarks == ("One answer above settles these columns, and what is scored of them counts 0: By, Year.",)


def test_gaps_stand_most_severe_first_with_their_arithmetic() -> None:
    table = gap_register(*read())
    assert table is not None
    lines = [row.group or (row.cells[0].text, row.cells[3].text) for row in table.rows]
    assert lines[:4] == ["Critical (1)", ("b.policy A", "3 × 3 = 9"), "High (1)", ("b.known", "2 × 2 = 4")]


def test_a_note_on_a_gap_stands_with_it() -> None:
    table = gap_register(*read())
    assert table is not None
    notes = {row.cells[0].text: row.cells[1].detail for row in table.rows if row.cells}
    assert notes["b.policy A"].startswith("Ünïque téxt")


def test_differing_answers_say_who_said_what_and_how_it_was_settled() -> None:
    (table,) = of_kind(chapter(view_of(), "s-b").blocks, ContentTable, "differences")
    told = {row.cells[0].text: (row.cells[2].text, row.cells[3].text, row.cells[3].detail) for row in table.rows}
    assert told["b.known"] == (
        "MoI: 2 – There is much of it.\nNSO: 1 – There is some of it.",
        "Assessor’s judgement: 1 – There is some of it.",
        "The list is two years old.",
    )
    assert told["b.policy B"][1] == "Open"


def test_an_answer_stands_with_its_speaker_author_time_reason_note_and_evidence() -> None:
    judgement = questions()["b.known"].places[0].speakers[-1]
    assert (judgement.who, judgement.told) == ("Assessor’s judgement", "Ana Petrova · 27 November 2018")
    assert judgement.lines[0].reason == "The list is two years old."
    share = questions()["a.share"].places[0].speakers[0].lines[0]
    assert (share.value, [one.text for one in share.evidence]) == ("12.5%", ["E3 [1]", "E1 [2]"])
    assert questions()["b.known"].places[0].remarks == ("Counts as: 1 – There is some of it.",)


def test_answers_of_one_author_on_one_day_say_so_once() -> None:
    voice = questions()["b.policy"].places[0].speakers[0]
    assert voice.told == "response · Ana Petrova · 27 November 2018"
    assert {line.recorded for line in voice.lines} == {""}


def test_times_are_told_apart_where_authors_differ() -> None:
    dossier = report_dossier()
    answers = tuple(
        dataclasses.replace(a, author="Li Wei") if str(a.key.address) == "b.policy/a/data" else a
        for a in dossier.answers
    )
    voice = questions(report_dossier(answers=answers))["b.policy"].places[0].speakers[0]
    assert voice.told == "response"
    assert [line.recorded.split(" · ")[0] for line in voice.lines] == ["Ana Petrova", "Li Wei", "Ana Petrova"]


def test_a_validated_answer_comes_after_judgement_and_responses() -> None:
    more = (*report_dossier().answers, say("b.known", 2, layer=AnswerLayer.VALIDATED))
    (place,) = questions(report_dossier(answers=more))["b.known"].places
    assert [voice.who for voice in place.speakers] == [
        "MoI", "NSO", "Assessor’s judgement", "Validated answer",
    ]  # fmt: skip
    assert place.remarks == ("Counts as: 2 – There is much of it.",)


def test_a_lost_disaggregation_by_sex_is_named() -> None:
    (points,) = of_kind(chapter(view_of(), "rounds").blocks, Points)
    assert [(cell.text, cell.detail) for cell in points.cells] == [("Covered by protection: Sex", "b.sdg 1.1")]


@pytest.mark.parametrize(
    ("start", "end", "first", "count"),
    [
        ("2019-01-15", "2019-03-02", "Jan", 3),
        ("2019", "2019", "Jan", 12),
        ("2019-01", "2021-06", "Q1", 10),
        ("2018-07", "2024-02", "H2", 12),
        ("2019", "2026", "2019", 8),
        ("2000", "2099", "2000", 10),
    ],
)
def test_a_timeline_chooses_periods_that_fit_the_page(start: str, end: str, first: str, count: int) -> None:
    table = timeline(*read(report_dossier(actions=(Action(id="x", title="Do", start=start, end=end),))))
    assert table is not None
    periods = [heading.text for heading in table.headings[2:]]
    assert (periods[0], len(periods)) == (first, count)


def test_an_action_without_a_date_stands_in_the_timeline_without_a_mark() -> None:
    actions = (Action(id="x", title="Do", start="2019-01"), Action(id="y", title="Later", end="when money comes"))
    table = timeline(*read(report_dossier(actions=actions)))
    assert table is not None
    assert [any(cell.sign for cell in row.cells) for row in table.rows] == [True, False]


@given(st.text(max_size=300), st.integers(8, 120))
def test_a_shortened_text_fits_and_is_the_text_s_beginning(text: str, width: int) -> None:
    short = shorten(text, width)
    assert text_width(short) <= width + 1
    assert " ".join(text.split()).startswith(short.removesuffix("…"))


def test_a_text_that_fits_is_not_shortened() -> None:
    assert shorten("a  short\ntext", 20) == "a short text"


@given(st.text(max_size=40), st.text(max_size=40))
def test_anchors_are_plain_and_different_for_different_ids(one: str, other: str) -> None:
    assert anchor_of("q", one).replace("-", "").replace("_", "").isalnum()
    assert (anchor_of("q", one) == anchor_of("q", other)) == (one == other)


@given(st.lists(st.lists(st.text(max_size=60), min_size=3, max_size=3), max_size=5))
def test_columns_share_the_whole_width_and_none_starves(rows: list[list[str]]) -> None:
    widths = fit_widths(("No.", "Question", "Answer"), rows)
    assert sum(widths) == pytest.approx(100)
    assert min(widths) > 5


def test_neighbouring_empty_cells_become_one() -> None:
    marked = TableCell(sign="●", tone=TextTone.SUSTAINED)
    assert list(join_empty_cells((TableCell(), TableCell(), marked, TableCell()))) == [
        TableCell(span=2),
        marked,
        TableCell(span=1),
    ]
