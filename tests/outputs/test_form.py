"""The blank form: every question, row, option and level stands on paper, under the numbers of the screen."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from page import ValidationProfile, validate_pdf_bytes
from pypdfium2 import PdfDocument  # type: ignore[import-untyped]

from capacity_app import paths
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Agency, Mission
from capacity_app.domain.problems import KnownError
from capacity_app.domain.questionnaire.instrument import Instrument, Question, QuestionField
from capacity_app.domain.questionnaire.kinds import TOP_LEVEL, AnswerKind
from capacity_app.i18n.formatter import BilingualFormatter, Formatter
from capacity_app.i18n.translator import PSEUDO, Translator
from capacity_app.outputs.blank_form.form import (
    FormContent,
    chosen_sections,
    form_content,
    form_html,
    render_form,
)
from capacity_app.questionnaires.reader import read_instrument
from tests.domain.making import instrument, question, section
from tests.outputs.boxes import SLACK, escaped, lay_out, overlaps, pieces, set_text
from tests.outputs.hostile import hostile_instrument
from tests.outputs.reading import half_empty_pages, pdf_text

TICK = "□"
MISSION = Mission(country="GEO", m49="268", country_name="Georgia", round="2019")
_TOP, _BOTTOM = 52, 793
"""Points between which the pages hold neither their head nor their foot."""
_HYPHENS = re.compile(r"[\s\u00ad\u2010\u200b\u2066-\u2069-]")
SAID = {AnswerKind.YES_NO: 2, AnswerKind.YES_PARTLY_NO: 3, AnswerKind.LEVEL: TOP_LEVEL + 1}


def told(text: str) -> str:
    """Take away where lines were broken, and the signs of words that were divided."""
    return _HYPHENS.sub("", text)


@cache
def toolkit() -> Instrument:
    found, _problems = read_instrument(paths.instruments_folder() / "unsd-nmdc", ("T", "LB", "CH"))
    assert found is not None
    return found


def words_of(asked: Instrument, language: str = "en", second: str = "") -> Formatter:
    dossier = Dossier(id="", instrument=asked, mission=MISSION, agencies=(Agency(id="a", name="Bureau", short="B"),))
    texts = Translator(language)
    return BilingualFormatter(texts, dossier, Translator(second)) if second else Formatter(texts, dossier)


def view_of(asked: Instrument, language: str = "en", second: str = "", sections: tuple[str, ...] = ()) -> FormContent:
    return form_content(words_of(asked, language, second), chosen_sections(asked, sections))


@cache
def laid(language: str, second: str, parts: tuple[str, ...]) -> Any:
    """Lay some parts out once."""
    return lay_out(form_html(view_of(toolkit(), language, second, parts), Translator(language)))


@pytest.fixture(scope="module")
def whole_form(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Print the whole toolkit once."""
    file = tmp_path_factory.mktemp("form") / "form.pdf"
    file.write_bytes(render_form(view_of(toolkit()), Translator()))
    return file


@pytest.fixture(scope="module")
def printed(whole_form: Path) -> str:
    """Read the printed toolkit."""
    return told(pdf_text(whole_form, top=_TOP, height=_BOTTOM - _TOP))


def boxes(field: QuestionField) -> int:
    """Count the boxes one answer takes."""
    has_added_none = field.kind is AnswerKind.CHECKLIST and not any(option.exclusive for option in field.options)
    return SAID.get(field.kind, len(field.options) + has_added_none)


def ticks(asked: Question) -> int:
    """Count the boxes of a question, those for its states or rows included."""
    if asked.kind is not AnswerKind.GRID:
        return boxes(asked) + 3
    cells = sum(map(boxes, asked.columns)) * len(asked.rows)
    return cells + (len(asked.rows) if len(asked.rows) > 1 else 3)


@pytest.mark.check
def test_every_question_and_row_stands_behind_its_number(printed: str) -> None:
    for asked in toolkit().questions():
        assert told(asked.number + asked.text) in printed, asked.id
        for row in asked.rows:
            assert told(row.number + row.label) in printed, (asked.id, row.id)
            assert told(row.heading) in printed


@pytest.mark.check
def test_only_the_last_page_with_lines_to_write_on_has_an_empty_half(tmp_path: Path) -> None:
    without_supplements = tuple(one.number for one in toolkit().sections if not one.supplement)
    file = tmp_path / "form.pdf"
    file.write_bytes(render_form(view_of(toolkit(), sections=without_supplements), Translator()))
    assert half_empty_pages(file, _BOTTOM) == [len(PdfDocument(file))]


@pytest.mark.check
def test_at_most_one_page_in_ten_of_the_whole_toolkit_is_more_than_half_empty(whole_form: Path) -> None:
    empty = half_empty_pages(whole_form, _BOTTOM)
    assert len(empty) <= len(PdfDocument(whole_form)) / 10, empty


@pytest.mark.check
def test_the_first_question_of_a_part_stands_on_the_page_of_its_title(whole_form: Path) -> None:
    numbers = [one.number for one in toolkit().sections]
    titles, found = re.compile(rf"^ *({'|'.join(numbers)})  +\w", re.MULTILINE), []
    for page in range(3, len(PdfDocument(whole_form))):
        text = pdf_text(whole_form, first=page, last=page, top=_TOP, height=_BOTTOM - _TOP, order="-layout")
        for title in titles.finditer(text):
            found.append(title[1])
            assert f"{title[1]}." in text[title.end() :], (page, title[0])
    assert found == numbers


def test_the_numbers_are_those_of_the_screen() -> None:
    printed = [asked for section in view_of(toolkit()).sections for asked in section.questions]
    assert [asked.number for asked in printed] == [asked.number for asked in toolkit().questions()]
    tables = {asked.number: asked.table for asked in printed if asked.table}
    for asked in toolkit().questions():
        if asked.kind is AnswerKind.GRID:
            assert [row.number for row in tables[asked.number].rows] == [row.number for row in asked.rows]


@pytest.mark.check
def test_every_option_and_level_stands_in_words(printed: str) -> None:
    for asked in toolkit().questions():
        for field in (asked, *asked.columns):
            for option in field.options:
                assert told(option.label) in printed, (asked.id, field.id, option.id)
            for level, sentence in enumerate(field.anchors):
                assert told(f"{level}{sentence}") in printed, (asked.id, field.id, level)


@pytest.mark.check
def test_there_is_a_box_for_every_level_and_option_in_every_cell_and_for_every_state(printed: str) -> None:
    assert printed.count(TICK) == sum(map(ticks, toolkit().questions()))


@pytest.mark.check
def test_definitions_evidence_and_conditions_stand_at_their_questions(printed: str) -> None:
    conditional = [asked for asked in toolkit().questions() if asked.show_if is not None]
    assert len(conditional) > 4
    for asked in conditional:
        assert asked.show_if is not None
        said = told(f"Answer only if {words_of(toolkit()).condition(asked.show_if)}.")
        where = printed.index(told(asked.number + asked.text))
        assert said in printed[where - len(said) : where], asked.id
    for asked in toolkit().questions():
        for text in (asked.definition, asked.evidence_hint, *(row.preset_reason for row in asked.rows)):
            assert told(text) in printed, asked.id
        for definition in (*(column.definition for column in asked.columns), *(row.definition for row in asked.rows)):
            assert told(definition) in printed, asked.id


@pytest.mark.check
def test_the_first_pages_ask_who_answers_and_say_how(printed: str) -> None:
    for words in ("Georgia", "2019", "Signature", "Function", "Confirmed by the head of the agency"):
        assert told(words) in printed
    assert told("This form holds only some parts") not in printed


def test_a_form_of_some_parts_says_so_and_names_the_agency() -> None:
    agency = Agency(id="a", name="Bureau of Numbers", short="BoN")
    view = form_content(words_of(toolkit()), chosen_sections(toolkit(), ("ix", "V")), agency)
    assert [part.number for part in view.sections] == ["V", "IX"]
    assert view.cover.remark.text
    assert view.cover.about[2].text == "Bureau of Numbers (BoN)"
    assert view.footer.endswith("Georgia · 2019 · BoN")


def test_an_unknown_part_is_refused_with_those_there_are() -> None:
    with pytest.raises(KnownError, match="Choose of: I, II, III"):
        chosen_sections(toolkit(), ("III", "ZZ"))


@pytest.mark.check
@pytest.mark.parametrize(
    ("language", "second", "parts"), [("ar", "", ("III",)), ("en", "ar", ("II", "IX")), (PSEUDO, "", ("T",))]
)
def test_nothing_leaves_its_page_or_cell_in_any_direction(language: str, second: str, parts: tuple[str, ...]) -> None:
    document = laid(language, second, parts)
    found = pieces(document)
    assert escaped(found) == []
    assert overlaps(found) == []
    there = told(set_text(found))
    formatter = words_of(toolkit(), second or language)
    for asked in (asked for part in chosen_sections(toolkit(), parts) for asked in part.questions):
        assert told(formatter.question(asked)) in there
        for said in _worded(formatter, asked):
            assert told(said) in there, (asked.id, said)


@pytest.mark.check
def test_boxes_for_digits_stand_in_their_cells_and_on_their_page() -> None:
    for language, part in (("en", "LB"), ("ar", "I")):
        document = laid(language, "", (part,))
        holders = [found for page in document.pages for found in digits(page._page_box, page._page_box)]
        assert len(holders) > 40
        for digit, holder in holders:
            left, right = holder.border_box_x(), holder.border_box_x() + holder.border_width()
            assert left - SLACK <= digit.border_box_x(), language
            assert digit.border_box_x() + digit.border_width() <= right + SLACK, language


def digits(box: Any, holder: Any) -> Iterator[tuple[Any, Any]]:
    """Find the boxes for one digit, each with the cell or page that holds it."""
    if box.element is not None and hasattr(box.element, "get") and box.element.get("class") == "digit":
        yield box, holder
    elif hasattr(box, "children"):
        inner = box if type(box).__name__ == "TableCellBox" else holder
        for child in box.children:
            yield from digits(child, inner)


def _worded(formatter: Formatter, asked: Question) -> Iterator[str]:
    for row in asked.rows:
        yield formatter.row(asked, row)
    for field in (asked, *asked.columns):
        yield from (formatter.option(asked, field, option) for option in field.options)
        yield from (formatter.anchor(asked, field, level) for level in range(len(field.anchors)))


@pytest.mark.check
def test_two_languages_stand_beside_each_other() -> None:
    asked = view_of(toolkit(), "en", "ar", ("T",)).sections[0].questions[0]
    here = next(section for section in toolkit().sections if section.number == "T").questions[0]
    assert (asked.text.text, asked.text.second) == (here.text, words_of(toolkit(), "ar").question(here))
    found = pieces(laid("en", "ar", ("T",)))
    first = next(piece for piece in found if piece.text.startswith("For each topic: what can"))
    beside = next(piece for piece in found if piece.page == first.page and asked.text.second.startswith(piece.text[:9]))
    assert beside.area.left > first.area.right
    assert abs(beside.area.top - first.area.top) < 8


@pytest.mark.check
def test_an_instrument_of_any_wording_keeps_to_its_page() -> None:
    found = pieces(lay_out(form_html(view_of(hostile_instrument()), Translator())))
    assert len(found) > 300
    assert escaped(found) == []
    assert overlaps(found) == []


@pytest.mark.parametrize("kind", [kind for kind in AnswerKind if kind is not AnswerKind.GRID])
def test_every_kind_of_answer_has_its_room(kind: AnswerKind) -> None:
    many = kind in {AnswerKind.AGENCY, AnswerKind.SOURCE, AnswerKind.COUNTRY}
    view = view_of(instrument(section("s", question("s.q", kind, many=many))))
    space = view.sections[0].questions[0].space
    assert space is not None
    assert len(space.boxes) == SAID.get(kind, 0) or kind in {AnswerKind.CHOICE, AnswerKind.CHECKLIST}
    if kind not in {*SAID, AnswerKind.CHOICE, AnswerKind.CHECKLIST}:
        assert space.digits or space.lines
    assert bool(space.numbers) == many


@pytest.mark.check
@pytest.mark.parametrize("profile", [ValidationProfile.PDF_UA_1, ValidationProfile.PDF_A_2A])
def test_it_can_be_read_aloud_and_kept(profile: ValidationProfile, form: Callable[[], bytes]) -> None:
    report = validate_pdf_bytes(form(), profile=profile)
    assert report.is_compliant, report.failures


@pytest.fixture(scope="module")
def form() -> Callable[[], bytes]:
    """Print a part in two languages, as often as asked, but set it once."""
    return cache(lambda: render_form(view_of(toolkit(), "en", "ar", ("LB",)), Translator()))


@pytest.mark.check
def test_the_same_form_has_the_same_bytes(form: Callable[[], bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    assert render_form(view_of(toolkit(), "en", "ar", ("LB",)), Translator()) == form()


@pytest.mark.check
def test_every_page_says_which_form_and_which_part_it_is(tmp_path: Path) -> None:
    file = tmp_path / "form.pdf"
    file.write_bytes(render_form(view_of(toolkit(), sections=("I",)), Translator()))
    text = pdf_text(file, first=4, last=4, top=0, height=842)
    assert told("I Background") in told(text)
    assert re.search(r"unsd-nmdc, version 1\.1 · Georgia · 2019\s+Page 4 of \d+", text)
