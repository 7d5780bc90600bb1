"""The second shipped instrument: whole, sound in its scores, and used like any other, with nothing of migration.

It has every kind of question, conditions, gates and exclusions, so what holds for it holds for instruments of others.
"""

import io
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from openpyxl import load_workbook

from capacity_app import paths
from capacity_app.domain.assessment.answers import Address, Answer, AnswerState, AnswerValue
from capacity_app.domain.assessment.derived_results import appraise
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Agency, DataSource, Mission
from capacity_app.domain.planning.training import find_training_needs
from capacity_app.domain.questionnaire.conditions import Condition, ConditionOperator
from capacity_app.domain.questionnaire.instrument import (
    ContradictionRule,
    Instrument,
    Question,
    QuestionField,
    wording_places,
)
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.scoring.answer_sheet import AnswerSheet
from capacity_app.domain.scoring.child_data import summarize_child_data
from capacity_app.domain.scoring.gaps import find_gaps
from capacity_app.domain.scoring.scores import HUNDRED, ScoreStatus, score_sheet
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.content.demand_and_sources import demand_content
from capacity_app.outputs.workbook.sheet_marks import ColumnSlot
from capacity_app.questionnaires.library import find_instrument
from capacity_app.questionnaires.reader import folder_problems, read_instrument
from capacity_app.services.reports import BlankFormRequest, blank_form_bytes, report_bytes
from tests.builders import ASSESSMENT_ID, dated, file_of
from tests.commands import run
from tests.domain.making import laid, say
from tests.outputs.reading import pdf_text, squeezed
from tests.outputs.workbook.reading import answer_cells, opened
from tests.outputs.workbook.returning.patching import Sent, changes, nothing_else

FOLDER = paths.instruments_folder() / "un-fpos"
PRINCIPLES = 10
FEWEST, MOST = 45, 60
WORDS = range(4_500, 7_001)
NSO, BANK, CENSUS = "agency-nso", "agency-bank", "source-census"
_WRITTEN: dict[AnswerKind, AnswerValue] = {
    AnswerKind.TEXT: "Statistics Act, No. 12",
    AnswerKind.LONG_TEXT: "A file was lost.\nThe rules were changed.",
    AnswerKind.URL: "https://example.org/statistics",
    AnswerKind.INTEGER: 12,
    AnswerKind.PERCENT: "62.5",
    AnswerKind.YEAR: 2021,
    AnswerKind.DATE: "2019-05",
    AnswerKind.AGENCY: (NSO,),
    AnswerKind.SOURCE: (CENSUS,),
    AnswerKind.COUNTRY: ("268", "604"),
}
"""What is said where nothing is to be gained."""


@cache
def principles() -> Instrument:
    instrument, problems = read_instrument(FOLDER)
    assert instrument is not None, problems
    return instrument


def questions() -> tuple[Question, ...]:
    return tuple(principles().questions())


def fields(question: Question) -> tuple[QuestionField, ...]:
    return (question, *question.columns)


# -- answers -------------------------------------------------------------------------------------------------------


def said_best(field: QuestionField) -> AnswerValue:
    match field.kind:
        case AnswerKind.LEVEL:
            return 3
        case AnswerKind.YES_NO | AnswerKind.YES_PARTLY_NO:
            return "yes"
        case AnswerKind.CHOICE:
            return max(field.options, key=lambda option: (option.points or 0, option.importance or 0)).id
        case AnswerKind.CHECKLIST:
            return tuple(option.id for option in field.options if not option.exclusive)
        case kind:
            return _WRITTEN[kind]


def said_worst(field: QuestionField) -> AnswerValue:
    match field.kind:
        case AnswerKind.LEVEL:
            return 0
        case AnswerKind.YES_NO | AnswerKind.YES_PARTLY_NO:
            return "no"
        case AnswerKind.CHOICE if field.is_scored:
            return min((o for o in field.options if o.points is not None), key=lambda option: option.points or 0).id
        case AnswerKind.CHECKLIST:
            return tuple(option.id for option in field.options if option.exclusive)
        case _:
            return said_best(field)


def answered(*, best: bool) -> Iterator[Answer]:
    """Answer every question and every cell, as well as can be or as badly as can be."""
    choose = said_best if best else said_worst
    for question in questions():
        if question.kind is not AnswerKind.GRID:
            value = "several" if question.id == "sys.model" else choose(question)
            yield say(question.id, value, who=NSO)
        for row in question.rows:
            for column in question.columns:
                yield say(f"{question.id}/{row.id}/{column.id}", choose(column), who=NSO)


@cache
def sheet(*, best: bool) -> AnswerSheet:
    return laid(principles(), answered(best=best))


@cache
def dossier(*, filled: bool = True) -> Dossier:
    return Dossier(
        id=ASSESSMENT_ID,
        instrument=principles(),
        mission=Mission(country="GEO", m49="268", country_name="Georgia", round="2026"),
        agencies=(Agency(id=NSO, name="Statistics Office", short="SO"), Agency(id=BANK, name="Bank", short="B")),
        sources=(DataSource(id=CENSUS, name="Census 2014", type="census"),),
        answers=dated(answered(best=True)) if filled else (),
    )


# -- whole ---------------------------------------------------------------------------------------------------------


def test_it_reads_without_a_mistake_or_warning() -> None:
    assert folder_problems(FOLDER) == ()
    assert "no errors" in run("instrument", "check", FOLDER)


def test_it_is_listed_and_found_by_its_id_and_the_toolkit_is_still_the_first() -> None:
    assert find_instrument("un-fpos", [paths.instruments_folder()]).folder == FOLDER
    listed = [line.split()[0] for line in run("instrument", "list").splitlines()]
    assert listed[:2] == ["unsd-nmdc", "un-fpos"]


def test_it_has_a_part_on_the_system_and_one_for_each_principle() -> None:
    numbers = [section.number for section in principles().sections]
    assert numbers == [str(number) for number in range(PRINCIPLES + 1)]
    assert [section.number for section in principles().sections if not section.is_scored] == ["0"]
    assert FEWEST <= len(questions()) <= MOST
    assert all(len(section.questions) in range(4, 9) for section in principles().sections)


def test_it_is_no_longer_than_what_a_meeting_of_two_days_bears() -> None:
    asked = (text for key, text in wording_places(principles()) if not key.endswith("finding"))
    assert sum(len(text.split()) for text in asked) in WORDS


def test_every_question_has_what_helps_to_ask_and_to_answer_it() -> None:
    for question in questions():
        assert question.number.startswith(principles().section_of[question.id].number + ".")
        assert question.definition.endswith("."), question.id
        assert question.respondent_help[-1:] in {"?", "."}, question.id
        assert question.evidence_hint, question.id
        assert question.tags, question.id


def test_every_level_has_a_sentence_of_its_own_and_every_step_an_action() -> None:
    sentences = [a for question in questions() for field in fields(question) for a in field.anchors]
    assert len(sentences) == len(set(sentences))
    actions = [action for question in questions() for action in question.actions]
    assert len(actions) == len(set(actions))
    assert all(text.endswith(".") for text in (*sentences, *actions))


def test_every_term_of_the_glossary_is_used() -> None:
    used = {tag for question in questions() for tag in question.tags}
    assert used == set(principles().concept_by_id)


def test_it_has_every_kind_of_question_and_every_trait_of_a_table() -> None:
    asked = [field for question in questions() for field in fields(question)]
    assert {question.kind for question in questions()} | {AnswerKind.SOURCE} == set(AnswerKind)
    assert {field.kind for field in asked} == set(AnswerKind)
    options = [option for field in asked for option in field.options]
    for trait in ("required", "exclusive", "importance", "not_applicable"):
        assert any(getattr(option, trait) for option in options), trait
    rows = [row for question in questions() for row in question.rows]
    for trait in ("spare", "heading", "number", "importance"):
        assert any(getattr(row, trait) for row in rows), trait
    assert any(question.gate for question in questions())
    assert any(question.prerequisite for question in questions())
    assert any(column.supply for question in questions() for column in question.columns)


# -- scores --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("best", "points"), [(True, HUNDRED), (False, Fraction(0))])
def test_the_best_answers_score_a_hundred_and_the_worst_nothing(*, best: bool, points: Fraction) -> None:
    scores = score_sheet(sheet(best=best))
    assert [entry.score.value for entry in scores.sections] == [points] * PRINCIPLES
    assert {entry.status for entry in scores.sections} == {ScoreStatus.FIRM}
    assert (scores.overall.value, scores.overall.coverage, scores.overall.is_robust) == (points, 1, True)


def test_the_best_answers_leave_no_gap_and_the_worst_one_everywhere() -> None:
    assert find_gaps(sheet(best=True))[0] == ()
    gaps = find_gaps(sheet(best=False))[0]
    scored = {question.id for question in questions() if question.scored}
    hidden = {"p2.code-in-practice"}
    unscored = {question.id for question in questions() if not any(f.is_scored for f in fields(question))}
    assert {gap.question.id for gap in gaps} == scored - hidden - unscored
    assert all(gap.level == 0 for gap in gaps)


def test_a_subject_nobody_asks_for_and_a_standard_without_sense_are_left_out() -> None:
    answers = [a for a in answered(best=True) if a.key.address.row not in {"prices", "seea"}]
    out = [say("p1.subjects/prices/demand", "none"), say("p9.standards/seea/adoption", "not-relevant")]
    scores = score_sheet(laid(principles(), [*answers, *out, *(a for a in answered(best=True) if _is_kept(a))]))
    assert scores.overall.value == HUNDRED
    assert all(entry.score.coverage == 1 for entry in scores.sections)


def _is_kept(answer: Answer) -> bool:
    """Return whether an answer about a row of the same id stands in another table."""
    address = answer.key.address
    return address.row in {"prices", "seea"} and address.question not in {"p1.subjects", "p9.standards"}


# -- conditions ----------------------------------------------------------------------------------------------------


def meeting(condition: Condition) -> dict[str, AnswerValue]:
    """Return answers that meet a condition, by address."""
    match condition.op:
        case ConditionOperator.ALL:
            met: dict[str, AnswerValue] = {}
            for part in condition.parts:
                for where, value in meeting(part).items():
                    met.setdefault(where, value)
            return met
        case ConditionOperator.ANY:
            return meeting(condition.parts[0])
        case ConditionOperator.NOT:
            return {}
    assert condition.address is not None
    address = condition.address
    question = principles().question_by_id[address.question]
    field = question.column_by_id[address.column] if address.column else question
    met = meeting(question.show_if) if question.show_if else {}
    if address.row and question.key_column and question.row_by_id[address.row].spare:
        # A spare row counts once its key is answered.
        met |= {str(Address(question.id, address.row, question.key_column)): "agency-nso"}
    first: AnswerValue = condition.number if condition.op is ConditionOperator.AT_LEAST else condition.values[0]
    return met | {str(address): (str(first),) if field.kind is AnswerKind.CHECKLIST else first}


def met_by(condition: Condition) -> AnswerSheet:
    return laid(principles(), [say(where, value) for where, value in meeting(condition).items()])


@pytest.mark.parametrize("question", [one for one in questions() if one.show_if], ids=lambda one: one.id)
def test_every_condition_can_be_met(question: Question) -> None:
    assert question.show_if is not None
    assert laid(principles(), []).blocks[question.id].is_hidden
    assert not met_by(question.show_if).blocks[question.id].is_hidden


@pytest.mark.parametrize("entry", principles().contradictions, ids=lambda entry: entry.id)
def test_every_contradiction_can_occur_and_names_the_questions_it_is_about(entry: ContradictionRule) -> None:
    assert entry.when.holds(met_by(entry.when).value_of)
    numbers = {principles().question_by_id[address.question].number for address in entry.when.addresses()}
    assert all(number in entry.message for number in numbers)


def test_good_answers_contradict_nothing() -> None:
    assert not any(entry.when.holds(sheet(best=True).value_of) for entry in principles().contradictions)


# -- in use --------------------------------------------------------------------------------------------------------


def test_an_assessment_is_made_scored_and_checked(tmp_path: Path) -> None:
    file = tmp_path / "geo.assessment"
    assert "Fundamental Principles" in run(
        "new", file, "--country", "GEO", "--round", "2026", "--instrument", "un-fpos"
    )
    assert len([line for line in run("score", file).splitlines() if "too little known" in line]) == PRINCIPLES + 1
    assert "sys.office" in run("check", file, code=1)
    assert "Civil registration" in run("availability", file)


def test_a_table_without_sources_has_no_empty_column_for_them() -> None:
    appraisal = appraise(dossier())
    shown = demand_content(appraisal, Formatter(Translator(), dossier()), appraisal.sheet.blocks["p1.subjects"])
    assert [heading.text for heading in shown.table.headings] == ["", "Question", "Demand", "Figures", "Gap"]
    assert sum(heading.width for heading in shown.table.headings) == HUNDRED
    assert all(len(row.cells) == len(shown.table.headings) for row in shown.table.rows)


def test_nothing_is_asked_that_tells_of_children(tmp_path: Path) -> None:
    assert summarize_child_data(sheet(best=True)).is_bare
    file = file_of(tmp_path, dossier())
    assert "supplement" not in run("availability", file, "--children")


def test_without_a_supplement_no_need_for_training_in_migration_is_told() -> None:
    found = find_training_needs(sheet(best=False), find_gaps(sheet(best=False))[0])
    assert {need.topic.id for need in found.needs} == {"registers", "dissemination", "data-protection"}
    assert found.count == len(found.needs)


def test_a_workbook_that_nobody_touched_says_what_it_said() -> None:
    sent = Sent(dossier())
    assert nothing_else(sent.read())
    assert sent.read().recorded == dossier().answers


@pytest.mark.check
def test_what_is_typed_into_an_empty_workbook_comes_back_as_answers() -> None:
    full, empty = Sent(dossier()), Sent(dossier(filled=False))
    book = load_workbook(io.BytesIO(full.content))
    edits = {}
    for key, ((name, cell), *_others) in full.cells.items():
        if key[1].startswith(str(ColumnSlot.ANSWER)) and key in empty.cells and not key[0].startswith("@"):
            edits[empty.cells[key][0]] = book[name][cell].value
    returned = empty.read(empty.edited({place: value for place, value in edits.items() if value is not None}))
    assert (returned.problems, returned.unplaced) == ((), ())
    told = {where: now for where, (_before, now) in changes(returned).items()}
    assert told == {str(a.key.address): (AnswerState.ANSWERED, a.content.value) for a in dossier().answers}


def test_the_blank_workbook_asks_every_question() -> None:
    book = opened(blank_form_bytes(BlankFormRequest(instrument=principles()), ".xlsx", texts=Translator()))
    assert {address.question for address in answer_cells(book)} == {question.id for question in questions()}


@pytest.mark.check
def test_its_report_has_no_chapter_and_no_word_of_migration() -> None:
    page = report_bytes(dossier(), ".html", texts=Translator()).decode()
    for word in ("migratory", "migrant", "emittance", "Indicators by", "Provenance of"):
        assert word not in page, word
    assert "Relevance, impartiality, access" in page


@pytest.mark.long
def test_an_assessment_and_its_blank_form_are_printed(tmp_path: Path) -> None:
    run("report", file_of(tmp_path, dossier()), tmp_path / "report.pdf", "--profile", "full")
    run("blank", tmp_path / "form.pdf", "--instrument", "un-fpos", "--country", "GEO", "--round", "2026")
    for name in ("report", "form"):
        text = squeezed(pdf_text(tmp_path / f"{name}.pdf"))
        missing = [one.id for one in questions() if squeezed(one.number) not in text]
        assert missing == []
        assert squeezed("Does the office respond when its figures are misused?") in text
