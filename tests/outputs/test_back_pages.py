"""The back half of the report: registers, the plan with its timeline, two rounds, annexes, and empty chapters."""

import re
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from capacity_app import paths
from capacity_app.domain.assessment.answers import AnswerState
from capacity_app.domain.assessment.derived_results import Appraisal, appraise
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.privacy import ReportProfile
from capacity_app.domain.assessment.registers import Action, ActionProgress, DataSource
from capacity_app.domain.questionnaire.instrument import GridColumn, GridRow
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.i18n.catalogues import ReviewStatus
from capacity_app.i18n.formatter import REVIEW_STATUS_LABELS, Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.content.annexes import (
    UNREVIEWED,
    annex_bodies,
    translation_body,
    unreviewed_program_warnings,
    unreviewed_warnings,
)
from capacity_app.outputs.content.answers import AnswerLine, RespondentAnswers, answer_sections
from capacity_app.outputs.content.elements import TableCell, TextTone, anchor_of
from capacity_app.outputs.content.gaps_and_actions import gaps_body, plan_content, timeline
from capacity_app.outputs.content.previous_round import round_comparison
from capacity_app.outputs.content.report import report_content
from capacity_app.outputs.content.report_parts import ALL_PARTS, ReportPart
from capacity_app.outputs.content.training import training_content
from capacity_app.outputs.html_pages import render_html
from tests.domain.making import choice, instrument, question, say, section
from tests.outputs.example import report_dossier, report_instrument
from tests.outputs.reading import html_text

ENGLISH = Translator("en")


def read(
    dossier: Dossier | None = None, texts: Translator = ENGLISH, profile: ReportProfile = ReportProfile.FULL
) -> tuple[Appraisal, Formatter]:
    appraisal = appraise(dossier or report_dossier(), profile)
    return appraisal, Formatter(texts, appraisal.dossier)


@cache
def html_of(*parts: ReportPart) -> str:
    return render_html(report_content(*read(), frozenset(parts)), ENGLISH, "")


def empty() -> Dossier:
    whole = report_dossier()
    return Dossier(id=whole.id, instrument=whole.instrument)


# -- gaps --------------------------------------------------------------------------------------------------------------


def test_gaps_are_counted_by_severity_and_what_is_to_be_verified_apart() -> None:
    appraisal, formatter = read()
    (_, tally), (_, register), (title, verify) = gaps_body(appraisal, formatter).tables
    assert [heading.text for heading in tally.headings] == ["Critical", "High", "Moderate", "Low", "To verify"]
    counts = [int(cell.text) for cell in tally.rows[0].cells]
    assert sum(counts[:-1]) == sum(1 for row in register.rows if row.cells) == len(appraisal.gaps)
    assert counts[-1] == len(verify.rows) == len(appraisal.to_verify)
    assert title == "To verify before anything else"


def test_a_gap_has_the_sign_of_its_level_and_leads_to_its_actions() -> None:
    register = gaps_body(*read()).tables[1][1]
    gap = next(row.cells for row in register.rows if row.cells and row.cells[0].text == "b.policy A")
    assert (gap[2].sign, gap[2].text, gap[2].tone) == ("○", "0 → 3", TextTone.ABSENT)
    assert (gap[5].text, gap[5].links) == ("1", (("1", anchor_of("a", "x1")),))


def test_a_serious_gap_names_the_next_step_and_a_small_one_does_not() -> None:
    register = gaps_body(*read()).tables[1][1]
    said = {row.cells[0].text: row.cells[1].detail for row in register.rows if row.cells}
    assert said["b.policy A"].endswith("Next step: First do this.")
    assert [number for number, detail in said.items() if "Next step" in detail] == ["b.policy A", "b.known"]


def test_levels_are_written_from_left_to_right_on_a_mirrored_page() -> None:
    register = gaps_body(*read(texts=Translator("ar"))).tables[1][1]
    assert next(row.cells[2].text for row in register.rows if row.cells) == "\u20660 → 3\u2069"


# -- the plan ----------------------------------------------------------------------------------------------------------


def acting(*actions: Action) -> Dossier:
    return report_dossier(actions=actions)


def test_a_bar_is_one_piece_over_the_periods_of_its_action() -> None:
    table = timeline(*read(acting(
        Action(id="x", title="Do", start="2019-01", end="2019-09", progress=ActionProgress.STARTED),
        Action(id="y", title="Then", start="2020-04", end="2021-06", depends_on=("x",), responsible="nso"),
    )))  # fmt: skip
    assert table is not None
    assert [(cell.text, cell.span) for cell in table.above] == [("", 2), ("2019", 4), ("2020", 4), ("2021", 2)]
    assert [heading.text for heading in table.headings[2:]] == ["Q1", "Q2", "Q3", "Q4"] * 2 + ["Q1", "Q2"]
    first, second = (row.cells for row in table.rows)
    assert first[2] == TableCell(sign="■", tone=TextTone.ESTABLISHED, span=3)
    assert [cell.span for cell in second[2:]] == [1, 1, 1, 1, 1, 5]
    assert second[-1] == TableCell(sign="□", tone=TextTone.STRONG, span=5)
    assert second[1].detail == "NSO · April 2020 – June 2021 · planned · after action 1"


@pytest.mark.parametrize("progress", ActionProgress)
def test_every_bar_covers_the_table_and_its_sign_is_told(progress: ActionProgress) -> None:
    table = timeline(*read(acting(
        Action(id="x", title="Do", start="2019", end="2021", progress=progress), Action(id="y", title="Undated"),
    )))  # fmt: skip
    assert table is not None
    assert [sum(cell.span for cell in row.cells) for row in table.rows] == [len(table.headings)] * 2
    sign = next(cell.sign for cell in table.rows[0].cells if cell.sign)
    assert f"{sign} {progress.value}" in table.note
    assert table.rows[1].cells[-1].text == "no date yet"


def test_a_large_plan_joins_what_is_empty() -> None:
    actions = tuple(Action(id=f"x{n}", title="Do", start="2019-02", end="2019-02") for n in range(200))
    table = timeline(*read(acting(Action(id="x", title="All year", start="2019"), *actions)))
    assert table is not None
    assert {len(row.cells) for row in table.rows[1:]} == {5}


def test_costs_stand_as_typed_by_who_pays() -> None:
    view = plan_content(*read(acting(
        Action(id="x", title="Do", cost="EUR 8,000", funding="none", responsible="nso"),
        Action(id="y", title="Then", cost="two weeks"), Action(id="z", title="Free", funding="none"),
    )))  # fmt: skip
    assert view.funding is not None
    lines = [row.group or tuple(cell.text for cell in row.cells) for row in view.funding.rows]
    assert lines == [
        "No funds yet (2)", ("1", "Do", "NSO", "EUR 8,000"), ("3", "Free", "–", "–"),
        "Nothing is said of funding (1)", ("2", "Then", "–", "two weeks"),
    ]  # fmt: skip


def test_a_card_says_who_what_when_and_what_it_closes() -> None:
    card = plan_content(*read()).cards[0]
    told = {fact.label: fact.text for fact in card.facts}
    assert (told["Partners"], told["Funding"], told["Progress"]) == (
        "The Statistics Division",
        "No funds yet",
        "planned",
    )
    assert told["Gaps it closes"] == "b.policy A How many come?; b.known b.known"
    assert card.subtitle == "severity: critical"


# -- training ----------------------------------------------------------------------------------------------------------


def trained() -> Dossier:
    wanted = choice(same=None, one=None, two=None, three=None)
    priority = choice(high=None, medium=None, low=None)
    columns = (
        GridColumn(id="now", label="Level now", kind=AnswerKind.LEVEL, anchors=("a", "b", "c", "d"), scored=False),
        GridColumn(id="wanted", label="Wanted", kind=AnswerKind.CHOICE, options=wanted, scored=False),
        GridColumn(id="priority", label="Priority", kind=AnswerKind.CHOICE, options=priority, scored=False),
        GridColumn(id="who", label="Who", kind=AnswerKind.AGENCY, many=True),
    )
    rows = (
        GridRow(id="census", label="Census"),
        GridRow(id="remittances", label="Remittances under BPM6", tags=("bpm6",)),
    )
    grid = question("t.topics", AnswerKind.GRID, columns=columns, rows=rows, scored=False)
    answers = (
        say("t.topics/remittances/now", 1, who="nso"), say("t.topics/remittances/wanted", "three", who="nso"),
        say("t.topics/remittances/priority", "high", who="nso"), say("t.topics/remittances/who", ("nso",), who="nso"),
        say("t.topics/census/now", 2, who="nso"), say("t.why", "Few staff stay.", who="nso"),
    )  # fmt: skip
    made = instrument(
        section("s", question("s.one")), section("t", grid, question("t.why", AnswerKind.TEXT), supplement="T")
    )
    return report_dossier(instrument=made, answers=answers, previous=None, ratings=(), actions=())


def test_needs_are_listed_topic_by_topic_remittances_among_them() -> None:
    view = training_content(*read(trained()))
    assert view.needs is not None
    rows = [[cell.sign + cell.text for cell in row.cells] for row in view.needs.rows]
    assert rows == [["Remittances under BPM6", "◔1", "●3", "high", "–", "NSO"], ["Census", "◑2", "?", "–", "–", "–"]]
    assert view.lead[1] == "Remittance statistics are among them: Remittances under BPM6."


def test_the_table_of_topics_is_not_printed_twice() -> None:
    (part,) = training_content(*read(trained())).parts
    assert [entry.number for entry in part.entries] == ["t.why"]


# -- two rounds --------------------------------------------------------------------------------------------------------


def test_each_part_stands_with_both_scores_and_a_line_between_them() -> None:
    view = round_comparison(*read())
    assert view is not None
    (line,) = view.lines
    assert (line.before, line.after, line.change, line.tone) == (
        "46.7",
        "43.3",
        "−3.3",
        TextTone.HIGH,
    )
    assert line.chart.words == f"b: {line.before} before, {line.after} now"


def test_without_scores_there_is_no_chart_of_rounds() -> None:
    view = round_comparison(*read(profile=ReportProfile.NO_SCORES))
    assert view is not None
    assert view.lines == ()


# -- annexes -----------------------------------------------------------------------------------------------------------


def test_brief_answers_share_a_paragraph_and_long_ones_have_their_own() -> None:
    def line(label: str, value: str) -> AnswerLine:
        return AnswerLine(label, value, is_open=False, reason="", note="", evidence=(), recorded="")

    lines = (line("A", "x"), line("B", "y"), line("C", "long " * 40), line("D", "two\nlines"), line("E", "z"))
    speaker = RespondentAnswers("NSO", "", lines)
    assert [[one.label for one in paragraph] for paragraph in speaker.paragraphs] == [["A", "B"], ["C"], ["D"], ["E"]]
    assert [line for paragraph in speaker.paragraphs for line in paragraph] == list(lines)


def test_the_level_that_was_chosen_is_marked_by_a_sign() -> None:
    page = html_of(ReportPart.ANSWERS)
    known = page[page.index(f'id="{anchor_of("q", "b.known")}"') :]
    steps = re.findall(r'<p class="step( chosen)?"><span class="n">(<span class="sign">●</span>)?(\d)</span>', known)[
        :4
    ]
    assert steps == [("", "", "0"), (" chosen", '<span class="sign">●</span>', "1"), ("", "", "2"), ("", "", "3")]


def test_who_speaks_heads_the_row_of_what_is_said() -> None:
    page = html_of(ReportPart.ANSWERS)
    assert re.search(r'<th scope="row"><span class="who">Assessor’s judgement</span>', page)
    assert page.count('<table class="voices">') == sum(len(s.questions) for s in answer_sections(*read())) + 1


def test_answers_to_what_is_no_longer_asked_stay() -> None:
    text = html_text(html_of(ReportPart.ANSWERS))
    assert "kept from an older version" in text[text.index("Answers to questions this version does not ask") :]


def bodies(dossier: Dossier | None = None, texts: Translator = ENGLISH) -> dict[ReportPart, Any]:
    return {part: body for part, _kind, _title, body in annex_bodies(*read(dossier, texts), ALL_PARTS)}


def test_documents_are_listed_with_their_whole_hash() -> None:
    ((title, documents),) = bodies()[ReportPart.EVIDENCE].tables
    assert title == "Documents held"
    assert [row.cells[3].text for row in documents.rows if row.cells[0].text == "[1]"] == ["a1" * 32]


def test_the_places_of_evidence_are_told_question_by_question() -> None:
    answers = (
        *(say(f"b.policy/{row}/data", 1, who="nso", evidence=("e1",)) for row in "ab"),
        say("b.known", 1, who="nso", evidence=("e1",)),
    )
    ((_, cards),) = bodies(report_dossier(answers=answers))[ReportPart.EVIDENCE].groups
    assert {fact.label: fact.text for fact in cards[0].facts}["Used for"] == "b.policy (A, B); b.known"


def test_a_code_of_a_source_leads_to_its_card() -> None:
    page = html_of(ReportPart.AVAILABILITY, ReportPart.SOURCES)
    assert f'href="#{anchor_of("d", "s1")}"' in page
    assert f'id="{anchor_of("d", "s1")}"' in page


def test_annexes_nobody_wants_are_not_built() -> None:
    wanted = frozenset({ReportPart.GLOSSARY, ReportPart.PEOPLE})
    assert [part for part, *_ in annex_bodies(*read(), wanted)] == [ReportPart.PEOPLE, ReportPart.GLOSSARY]


def test_an_empty_assessment_says_in_a_sentence_that_there_is_nothing() -> None:
    text = html_text(render_html(report_content(*read(empty())), ENGLISH, ""))
    for sentence in (
        "No data source has been entered or named yet.",
        "No gap has been found so far; what is still open is listed below.",
        "No action has been planned.",
        "No training or technical assistance has been planned.",
        "No agency, person or meeting is entered yet.",
        "No data source is entered yet.",
        "No evidence is entered yet.",
    ):
        assert sentence in text, sentence


def test_quality_checks_that_find_nothing_say_so() -> None:
    plain = instrument(section("s", question("s.one", AnswerKind.TEXT)))
    dossier = Dossier(id="x", instrument=plain, answers=(say("s.one", "said", who="nso"),))
    body = bodies(replace(dossier, agencies=report_dossier().agencies, mission=report_dossier().mission))[
        ReportPart.QUALITY
    ]
    assert (body.tables, body.lead) == ((), ("The quality checks found nothing that stands out.",))


# -- languages ---------------------------------------------------------------------------------------------------------


def wording(header: str) -> None:
    """Put a French wording of one sentence beside the instrument."""
    folder = paths.user_instruments_folder() / "small"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "fr.po").write_text(
        f'msgid ""\nmsgstr ""\n"Last-Translator: {header}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgctxt "small|b.known|text"\nmsgid "b.known"\nmsgstr "connu"\n',
        encoding="utf-8",
    )


def test_wording_nobody_reviewed_is_marked_in_the_annex_and_in_the_notes() -> None:
    wording("machine-assisted, unreviewed")
    appraisal, formatter = read(texts=Translator("fr"))
    (warning,) = unreviewed_warnings(formatter)
    assert warning == formatter.say(UNREVIEWED, language="français", original="anglais")
    notes = translation_body(appraisal, formatter)
    assert warning in notes.lead
    state = notes.tables[0][1].rows[1].cells
    assert (state[1].text, state[1].sign) == (formatter.say(REVIEW_STATUS_LABELS[ReviewStatus.UNREVIEWED]), "?")
    assert bodies(texts=Translator("fr"))[ReportPart.ANSWERS].lead == (warning,)


def test_what_nobody_reviewed_is_said_on_the_first_page_too() -> None:
    appraisal, formatter = read(texts=Translator("fr"))
    cover = report_content(appraisal, formatter).cover
    assert cover is not None
    (state,) = (fact.text for fact in cover.facts if fact.label == formatter.say("Translation"))
    assert state == f"français: {formatter.say(REVIEW_STATUS_LABELS[ReviewStatus.UNREVIEWED])}"
    (warning,) = unreviewed_program_warnings(formatter)
    assert warning in translation_body(appraisal, formatter).lead
    english = read()
    assert unreviewed_program_warnings(english[1]) == ()
    assert "Translation" not in {fact.label for fact in report_content(*english).cover.facts}  # type: ignore[union-attr]  # it has one


def test_wording_a_person_signed_off_is_not_marked() -> None:
    wording('A. Dupont\\n"\n"X-Reviewed-By: A. Dupont')
    appraisal, formatter = read(texts=Translator("fr"))
    assert unreviewed_warnings(formatter) == ()
    assert translation_body(appraisal, formatter).tables[0][1].rows[1].cells[1].text == formatter.say(
        REVIEW_STATUS_LABELS[ReviewStatus.REVIEWED]
    )


def test_what_is_not_worded_is_listed_in_the_original() -> None:
    wording("A. Dupont")
    appraisal, formatter = read(texts=Translator("fr"))
    title, missing = translation_body(appraisal, formatter).tables[1]
    texts = [row.cells[1].text for row in missing.rows if row.cells]
    assert title == formatter.say("Not worded in {language}", language="français")
    assert "b.asked" in texts
    assert "b.known" not in texts


def test_a_report_in_the_language_of_the_instrument_has_nothing_to_warn_of() -> None:
    body = translation_body(*read())
    assert body.lead[0] == "This report is in English, the language in which the instrument was written."
    assert [[cell.text for cell in row.cells] for row in body.tables[0][1].rows] == [
        ["English", "the original", "complete", "the original", str(len(report_dossier().answers))],
    ]


def test_typed_lines_in_latin_keep_their_order_on_a_mirrored_page() -> None:
    dossier = report_dossier(answers=(say("b.known", state=AnswerState.UNKNOWN, who="nso", note="Not yet (2018)."),))
    appraisal, formatter = read(dossier, Translator("ar"))
    page = render_html(report_content(appraisal, formatter, frozenset({ReportPart.ANSWERS})), Translator("ar"), "")
    assert re.search(r'<p class="beside" dir="ltr">.*\u2066Not yet \(2018\)\.\u2069</p>', page)


def test_wide_tables_turn_the_page() -> None:
    many = tuple(DataSource(id=f"s{number}", name=f"Source {number}") for number in range(1, 21))
    page = render_html(
        report_content(*read(report_dossier(sources=many)), frozenset({ReportPart.AVAILABILITY})), ENGLISH, ""
    )
    assert '<section class="chapter tables wide">' in page


def test_headings_of_the_report_stand_over_their_columns() -> None:
    page = html_of(
        ReportPart.PLAN,
        ReportPart.GAPS,
        ReportPart.INDICATORS,
        ReportPart.AVAILABILITY,
        ReportPart.TRAINING,
        ReportPart.ROUNDS,
    )
    heads = re.findall(r"<thead>(.*?)</thead>", page, re.DOTALL)
    assert heads
    for head in heads:
        cells = re.findall(r"<th([^>]*)>", head)
        assert all("scope=" in cell or 'colspan="2"' in cell for cell in cells)


def test_every_instrument_s_section_is_in_the_provenance() -> None:
    ((_, table),) = bodies()[ReportPart.PROVENANCE].tables
    assert [row.cells[0].text for row in table.rows] == [one.number for one in report_instrument().sections]
