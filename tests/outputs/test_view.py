"""What the view says, part by part, in words a reader meets."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.assessment.answers import AnswerLayer
from capacity_app.domain.assessment.derived_results import Appraisal, appraise
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.privacy import ReportProfile
from capacity_app.domain.assessment.registers import Action, Mission, MissionStatus
from capacity_app.domain.questionnaire.instrument import SkipRule
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.content.annexes import method_content
from capacity_app.outputs.content.answer_cells import unscored_section
from capacity_app.outputs.content.answers import answer_sections
from capacity_app.outputs.content.elements import (
    Fact,
    TableCell,
    TextTone,
    anchor_of,
    fit_widths,
    join_empty_cells,
    shorten,
    text_width,
)
from capacity_app.outputs.content.gaps_and_actions import gap_register, timeline
from capacity_app.outputs.content.previous_round import round_comparison
from capacity_app.outputs.content.report import report_content
from capacity_app.outputs.content.section_chapter import section_chapter
from capacity_app.outputs.content.summary import summary_content
from tests.domain.making import say
from tests.outputs.example import report_dossier


def read(dossier: Dossier | None = None) -> tuple[Appraisal, Formatter]:
    appraisal = appraise(dossier or report_dossier())
    return appraisal, Formatter(Translator("en"), appraisal.dossier)


def test_chapters_come_in_the_order_of_the_method() -> None:
    titles = [chapter.title for chapter in report_content(*read()).chapters]
    assert titles == [
        "The mission and the agencies", "a", "b", "c",
        "Policy questions: demand against supply", "Indicators by migratory status; children",
        "Availability: topics and sources", "Gap register", "Action plan", "Training and technical assistance",
        "Comparison with the previous round", "All questions and answers", "Agencies, people and meetings",
        "Data sources", "Evidence and documents", "Quality checks", "Method", "Provenance of the questions", "Glossary",
        "Translation notes",
    ]  # fmt: skip


def test_without_an_earlier_round_there_is_no_comparison() -> None:
    chapters = report_content(*read(report_dossier(previous=None))).chapters
    assert "rounds" not in {chapter.kind for chapter in chapters}


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
    cover = report_content(*read(report_dossier(mission=mission))).cover
    assert cover is not None
    assert cover.status == status


def test_the_summary_names_score_interval_coverage_and_the_lowest_part() -> None:
    lead = summary_content(*read()).lead
    assert lead.startswith("Overall score 59.8 of 100, interval 55.4 – 64.3: established with gaps. Coverage: 87%.")
    assert "Lowest: b b (39.7)." in lead
    assert "the 4 ways of weighing give" in lead


def words_of(appraisal: Appraisal, formatter: Formatter) -> str:
    """Return everything a report says, with the signs of its tables."""
    return repr(report_content(appraisal, formatter))


def test_a_withheld_overall_score_leaves_nothing_that_follows_from_it_anywhere() -> None:
    whole = report_dossier()
    kept = tuple(a for a in whole.answers if not a.key.address.question.startswith("b."))
    appraisal, formatter = read(dataclasses.replace(whole, answers=kept))
    overall = appraisal.scorecard.overall
    assert overall.value is None
    said = words_of(appraisal, formatter)
    for name in ("Lowest:", "ways of weighing", "Way of weighing", "not robust"):
        assert name not in said
    assert "Too little is known for an overall score" in said


def test_the_annex_prints_what_every_score_is_computed_from() -> None:
    appraisal, formatter = read()
    method = method_content(appraisal, formatter)
    formulas = {fact.label for fact in method.formulas}
    assert {"D", "M", "S = 100 · (P + M) / (A + D)", "U = 100 · (P + Mᵤ + W − A − D) / W"} <= formulas
    assert method.sums is not None
    letters = [heading.text for heading in method.sums.headings][1:]
    parts = [row for row in method.sums.rows if row.cells and row.cells[0].text == "Part"]
    for row, entry in zip(parts, appraisal.scorecard.sections, strict=True):
        sums = {letter: float(cell.text) for letter, cell in zip(letters, row.cells[1:], strict=True)}
        score = entry.score
        assert score.value is not None
        assert 100 * (sums["P"] + sums["M"]) / (sums["A"] + sums["D"]) == pytest.approx(float(score.value), abs=0.1)
        assert 100 * (sums["P"] + sums["Mₗ"]) / sums["W"] == pytest.approx(float(score.lower or 0), abs=0.1)
        upper = sums["P"] + sums["Mᵤ"] + sums["W"] - sums["A"] - sums["D"]
        assert 100 * upper / sums["W"] == pytest.approx(float(score.upper or 0), abs=0.1)
        assert sums["X"] / sums["Z"] == pytest.approx(float(score.na_share), abs=0.001)


def test_without_a_disagreement_the_formulas_have_no_letters_for_it() -> None:
    whole = report_dossier()
    agreed = tuple(a for a in whole.answers if a.key.layer is not AnswerLayer.RESPONSE or a.key.respondent != "moi")
    method = method_content(*read(dataclasses.replace(whole, answers=agreed)))
    assert "S = 100 · P / A" in {fact.label for fact in method.formulas}
    assert method.sums is not None
    assert [heading.text for heading in method.sums.headings] == ["No.", "W", "A", "P", "X", "Z"]


def test_texts_of_several_agencies_stand_with_their_agencies_and_none_is_chosen() -> None:
    whole = report_dossier()
    first, second = (agency.id for agency in whole.agencies[:2])
    said = [say("a.law", "The law of 2010.", who=first), say("a.law", "The decree of 2014.", who=second)]
    others = tuple(a for a in whole.answers if a.key.address.question != "a.law")
    appraisal, formatter = read(dataclasses.replace(whole, answers=(*others, *said)))
    wanted = f"{formatter.agency(first)}: The law of 2010. | {formatter.agency(second)}: The decree of 2014."
    section = appraisal.dossier.instrument.sections[0]
    assert wanted in repr(section_chapter(appraisal, formatter, section))
    assert wanted in repr(unscored_section(formatter, appraisal.sheet, section))
    questions = {q.number: q for part in answer_sections(appraisal, formatter) for q in part.questions}
    place = questions["a.law"].places[0]
    assert {line.value for speaker in place.speakers for line in speaker.lines} == {
        "The law of 2010.", "The decree of 2014.",
    }  # fmt: skip
    assert place.remarks == ("These answers complete each other.",)


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
    appraisal, formatter = read(dataclasses.replace(made, answers=(*others, *here)))
    asked = next(q for part in answer_sections(appraisal, formatter) for q in part.questions if q.number == "b.sdg")
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
    appraisal, formatter = read()
    section = appraisal.dossier.instrument.sections[1]
    settled, unsettled = sorted(
        section_chapter(appraisal, formatter, section).differences, key=lambda d: not d.is_settled
    )
    assert settled.voices == (Fact("MoI", "2 – There is much of it."), Fact("NSO", "1 – There is some of it."))
    assert settled.conclusion == Fact("Assessor’s judgement", "1 – There is some of it.")
    assert settled.reason == "The list is two years old."
    assert unsettled.conclusion is None


def test_an_answer_stands_with_its_speaker_author_time_reason_note_and_evidence() -> None:
    questions = {q.number: q for part in answer_sections(*read()) for q in part.questions}
    judgement = questions["b.known"].places[0].speakers[-1]
    assert (judgement.who, judgement.told) == ("Assessor’s judgement", "Ana Petrova · 27 November 2018, 09:20 UTC")
    assert judgement.lines[0].reason == "The list is two years old."
    share = questions["a.share"].places[0].speakers[0].lines[0]
    assert (share.value, [one.text for one in share.evidence]) == ("12.5%", ["E3 [1]", "E1 [2]"])
    assert questions["b.known"].places[0].remarks == ("Counts as: Level 1.",)


def test_answers_of_one_author_on_one_day_say_so_once() -> None:
    questions = {q.number: q for part in answer_sections(*read()) for q in part.questions}
    voice = questions["b.policy"].places[0].speakers[0]
    assert voice.told == "response · Ana Petrova · 27 November 2018, 09:08 UTC – 09:10 UTC"
    assert {line.recorded for line in voice.lines} == {""}


def test_times_are_told_apart_where_authors_differ() -> None:
    dossier = report_dossier()
    answers = tuple(
        dataclasses.replace(a, author="Li Wei") if str(a.key.address) == "b.policy/a/data" else a
        for a in dossier.answers
    )
    questions = {q.number: q for s in answer_sections(*read(report_dossier(answers=answers))) for q in s.questions}
    voice = questions["b.policy"].places[0].speakers[0]
    assert voice.told == "response"
    assert [line.recorded.split(" · ")[0] for line in voice.lines] == ["Ana Petrova", "Li Wei", "Ana Petrova"]


def test_a_validated_answer_comes_after_judgement_and_responses() -> None:
    more = (*report_dossier().answers, say("b.known", 2, layer=AnswerLayer.VALIDATED))
    questions = {q.number: q for s in answer_sections(*read(report_dossier(answers=more))) for q in s.questions}
    assert [voice.who for voice in questions["b.known"].places[0].speakers] == [
        "MoI", "NSO", "Assessor’s judgement", "Validated answer",
    ]  # fmt: skip
    assert questions["b.known"].places[0].remarks == ("Counts as: Level 2.",)


def test_a_lost_disaggregation_by_sex_is_an_alert() -> None:
    view = round_comparison(*read())
    assert view is not None
    assert [(cell.text, cell.detail) for cell in view.regressions] == [("Covered by protection: Sex", "b.sdg 1.1")]


def test_without_scores_nothing_of_the_scorecard_is_in_the_view() -> None:
    dossier = report_dossier()
    appraisal = appraise(dossier, ReportProfile.NO_SCORES)
    view = report_content(appraisal, Formatter(Translator("en"), dossier))
    assert view.summary is not None
    assert view.summary.profile == ()
    assert view.summary.headline is None
    bodies: list[Any] = [chapter.body for chapter in view.chapters if chapter.kind == "section"]
    assert [body.strip for body in bodies] == [None, None]


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
