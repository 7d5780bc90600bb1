"""The back half of the report: registers, the plan with its timeline, two rounds, annexes, and empty chapters."""

import re
from functools import cache

import pytest

from capacity_app import paths
from capacity_app.domain.assessment.answers import AnswerState
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Action, ActionProgress, DataSource
from capacity_app.domain.questionnaire.instrument import GridColumn, GridRow
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.i18n.catalogues import ReviewStatus
from capacity_app.i18n.formatter import REVIEW_STATUS_LABELS
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.content.annexes import UNREVIEWED, unreviewed_program_warnings, unreviewed_warnings
from capacity_app.outputs.content.answer_cells import UnscoredQuestion
from capacity_app.outputs.content.answers import PrintedAnswer, RespondentAnswers, answer_sections
from capacity_app.outputs.content.elements import Cards, ContentTable, TableCell, TextTone, anchor_of
from capacity_app.outputs.content.gaps_and_actions import gap_blocks, timeline
from capacity_app.outputs.html_pages import render_html
from tests.domain.making import choice, instrument, question, say, section
from tests.outputs.chapters import ENGLISH, chapter, of_kind, read, said, view_of
from tests.outputs.example import report_dossier, report_instrument
from tests.outputs.reading import html_text


@cache
def page_of() -> str:
    return render_html(view_of(), ENGLISH, "")


def tables_of(anchor: str, dossier: Dossier | None = None, texts: Translator = ENGLISH) -> list[ContentTable]:
    return of_kind(chapter(view_of(dossier, texts), anchor).blocks, ContentTable)


# -- gaps --------------------------------------------------------------------------------------------------------------


def test_gaps_are_counted_by_severity_and_what_is_to_be_verified_apart() -> None:
    appraisal, formatter = read()
    tally, register, verify = of_kind(gap_blocks(appraisal, formatter), ContentTable)
    assert [heading.text for heading in tally.headings] == ["Critical", "High", "Moderate", "Low", "To verify"]
    counts = [int(cell.text) for cell in tally.rows[0].cells]
    assert sum(counts[:-1]) == sum(1 for row in register.rows if row.cells) == len(appraisal.gaps)
    assert counts[-1] == len(verify.rows) == len(appraisal.to_verify)


def test_a_gap_has_the_sign_of_its_level_and_leads_to_its_actions() -> None:
    register = tables_of("gaps")[1]
    gap = next(row.cells for row in register.rows if row.cells and row.cells[0].text == "b.policy A")
    assert (gap[2].sign, gap[2].text, gap[2].tone) == ("○", "0 → 3", TextTone.ABSENT)
    assert (gap[5].text, gap[5].links) == ("R1", (("R1", anchor_of("a", "x1")),))


def test_a_serious_gap_names_the_next_step_and_a_small_one_does_not() -> None:
    register = tables_of("gaps")[1]
    said = {row.cells[0].text: row.cells[1].detail for row in register.rows if row.cells}
    assert said["b.policy A"].endswith("Next step: First do this.")
    assert [number for number, detail in said.items() if "Next step" in detail] == ["b.policy A", "b.known"]


def test_levels_are_written_from_left_to_right_on_a_mirrored_page() -> None:
    register = tables_of("gaps", texts=Translator("ar"))[1]
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
    assert second[1].detail == "planned · after R1"


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


def test_a_cost_in_words_stands_where_there_is_no_amount() -> None:
    table = of_kind(chapter(view_of(acting(
        Action(id="x", title="Do", cost="EUR 8,000", funding="none", responsible="nso"),
        Action(id="y", title="Then", cost="two weeks"), Action(id="z", title="Free", funding="none"),
    )), "plan").blocks, ContentTable, "plan")[0]  # fmt: skip
    lines = [(*(cell.text for cell in row.cells), row.cells[-1].detail) for row in table.rows]
    assert lines == [
        ("R1", "Do", "NSO", "–", "EUR 8,000", "No funds yet"), ("R2", "Then", "–", "–", "two weeks", ""),
        ("R3", "Free", "–", "–", "–", "No funds yet"),
    ]  # fmt: skip


def test_a_card_says_who_what_when_and_what_it_closes() -> None:
    card = of_kind(chapter(view_of(), "plan").blocks, Cards)[0].cards[0]
    told = {fact.label: fact.text for fact in card.facts}
    assert (told["Partners"], told["Funding"], told["Progress"]) == (
        "The Statistics Division", "No funds yet", "planned",
    )  # fmt: skip
    assert told["Gaps it closes"] == "b.policy A How many come?; b.known b.known"
    assert (card.number, card.subtitle) == ("R1", "severity: critical")


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
    blocks = chapter(view_of(trained()), "training").blocks
    rows = [[cell.sign + cell.text for cell in row.cells] for row in of_kind(blocks, ContentTable)[0].rows]
    assert rows == [["Remittances under BPM6", "◔1", "●3", "high", "–", "NSO"], ["Census", "◑2", "?", "–", "–", "–"]]
    assert "Remittance statistics are among them: Remittances under BPM6." in said(blocks)


def test_the_table_of_topics_is_not_printed_twice() -> None:
    blocks = chapter(view_of(trained()), "training").blocks
    assert [entry.number for entry in of_kind(blocks, UnscoredQuestion)] == ["t.why"]


# -- two rounds --------------------------------------------------------------------------------------------------------


def test_each_part_stands_with_both_scores_and_a_line_between_them() -> None:
    (table,) = of_kind(chapter(view_of(), "rounds").blocks, ContentTable, "rounds")
    ((_, _, before, line, now, change, count),) = (row.cells for row in table.rows)
    assert (before.text, now.text, change.text, change.tone, count.text) == (
        "46.7", "43.3", "−3.3", TextTone.HIGH, "3",
    )  # fmt: skip
    assert line.chart is not None
    assert line.chart.words == "b: 46.7 before, 43.3 now"


def test_without_scores_there_is_no_chart_of_rounds() -> None:
    assert of_kind(chapter(view_of(profile="no-scores"), "rounds").blocks, ContentTable, "rounds") == []


# -- annexes -----------------------------------------------------------------------------------------------------------


def test_brief_answers_share_a_paragraph_and_long_ones_have_their_own() -> None:
    def line(label: str, value: str) -> PrintedAnswer:
        return PrintedAnswer(label, value, is_open=False, reason="", note="", evidence=(), recorded="")

    lines = (line("A", "x"), line("B", "y"), line("C", "long " * 40), line("D", "two\nlines"), line("E", "z"))
    speaker = RespondentAnswers("NSO", "", lines)
    assert [[one.label for one in paragraph] for paragraph in speaker.paragraphs] == [["A", "B"], ["C"], ["D"], ["E"]]
    assert [line for paragraph in speaker.paragraphs for line in paragraph] == list(lines)


def test_who_speaks_heads_the_row_of_what_is_said() -> None:
    page = page_of()
    assert re.search(r'<th scope="row"><span class="who">Assessor’s judgement</span>', page)
    assert page.count('<table class="voices">') == sum(len(s.questions) for s in answer_sections(*read())) + 1


def test_answers_to_what_is_no_longer_asked_stay() -> None:
    text = html_text(page_of())
    assert "kept from an older version" in text[text.index("Answers to questions this version does not ask") :]


def test_documents_are_listed_with_their_whole_hash() -> None:
    (documents,) = tables_of("evidence")
    assert [row.cells[3].text for row in documents.rows if row.cells[0].text == "[1]"] == ["a1" * 32]


def test_the_places_of_evidence_are_told_question_by_question() -> None:
    answers = (
        *(say(f"b.policy/{row}/data", 1, who="nso", evidence=("e1",)) for row in "ab"),
        say("b.known", 1, who="nso", evidence=("e1",)),
    )
    (cards,) = of_kind(chapter(view_of(report_dossier(answers=answers)), "evidence").blocks, Cards)
    assert {fact.label: fact.text for fact in cards.cards[0].facts}["Used for"] == "b.policy (A, B); b.known"


def test_a_code_of_a_source_leads_to_its_card() -> None:
    page = page_of()
    assert f'href="#{anchor_of("d", "s1")}"' in page
    assert f'id="{anchor_of("d", "s1")}"' in page


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
    formatter = read(texts=Translator("fr"))[1]
    (warning,) = unreviewed_warnings(formatter)
    assert warning == formatter.say(UNREVIEWED, language="français", original="anglais")
    notes = chapter(view_of(texts=Translator("fr")), "translation").blocks
    assert warning in said(notes)
    assert warning in said(chapter(view_of(texts=Translator("fr")), "answers"))


def test_what_nobody_reviewed_is_said_on_the_first_page_too() -> None:
    view, (_, formatter) = view_of(texts=Translator("fr")), read(texts=Translator("fr"))
    (state,) = (fact.text for fact in view.cover.facts if fact.label == formatter.say("Translation"))
    assert state == f"français: {formatter.say(REVIEW_STATUS_LABELS[ReviewStatus.UNREVIEWED])}"
    (warning,) = unreviewed_program_warnings(formatter)
    assert warning in said(chapter(view, "translation"))
    assert unreviewed_program_warnings(read()[1]) == ()
    assert "Translation" not in {fact.label for fact in view_of().cover.facts}


def test_wording_a_person_signed_off_is_not_marked() -> None:
    wording('A. Dupont\\n"\n"X-Reviewed-By: A. Dupont')
    _appraisal, formatter = read(texts=Translator("fr"))
    assert unreviewed_warnings(formatter) == ()


def test_a_report_in_the_language_of_the_instrument_has_nothing_to_warn_of() -> None:
    blocks = chapter(view_of(), "translation").blocks
    assert said(blocks).startswith("This report is in English, the language in which the questionnaire was written.")


def test_typed_lines_in_latin_keep_their_order_on_a_mirrored_page() -> None:
    dossier = report_dossier(answers=(say("b.known", state=AnswerState.UNKNOWN, who="nso", note="Not yet (2018)."),))
    page = render_html(view_of(dossier, Translator("ar")), Translator("ar"), "")
    assert re.search(r'<p class="beside" dir="ltr">.*\u2066Not yet \(2018\)\.\u2069</p>', page)


def test_wide_tables_turn_the_page() -> None:
    many = tuple(DataSource(id=f"s{number}", name=f"Source {number}") for number in range(1, 21))
    page = render_html(view_of(report_dossier(sources=many)), ENGLISH, "")
    assert ' wide" aria-labelledby="availability">' in page


def test_headings_of_the_report_stand_over_their_columns() -> None:
    heads = re.findall(r"<thead>(.*?)</thead>", page_of(), re.DOTALL)
    assert heads
    for head in heads:
        cells = re.findall(r"<th([^>]*)>", head)
        assert all("scope=" in cell or 'colspan="2"' in cell for cell in cells)


def test_every_instrument_s_section_is_in_the_provenance() -> None:
    (table,) = tables_of("provenance")
    assert [row.cells[0].text for row in table.rows] == [one.number for one in report_instrument().sections]
