"""An instrument written as a form and read back is equal."""

import os
import tempfile
from dataclasses import fields, replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capacity_app import paths
from capacity_app.domain.assessment.answers import clean_text
from capacity_app.domain.questionnaire.instrument import ChoiceOption, Instrument, wording_places
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.i18n.catalogues import wording_languages
from capacity_app.i18n.translator import Translator
from capacity_app.questionnaires.reader import offered_supplements, read_instrument
from capacity_app.questionnaires.xlsform.export_questions import RegisterChoices
from capacity_app.questionnaires.xlsform.exporter import export_form
from capacity_app.questionnaires.xlsform.form import form_problems, form_workbook, language_column
from tests.builders import small_instrument
from tests.domain.making import question
from tests.journeys.spreadsheet import edited
from tests.questionnaires.test_keys import EVERYTHING
from tests.questionnaires.xlsform.holding import read_back, there_and_back
from tests.questionnaires.xlsform.instruments import instruments

TORTURE = os.environ.get("CAPACITY_TORTURE") == "1"


@cache
def toolkit() -> Instrument:
    folder = paths.instruments_folder() / "unsd-nmdc"
    instrument, _ = read_instrument(folder, [one.file for one in offered_supplements(folder)])
    assert instrument is not None
    return instrument.without_officer_texts()


@pytest.mark.check
def test_the_toolkit_with_all_supplements_comes_back_with_its_languages(tmp_path: Path) -> None:
    whole = toolkit()
    back, imported = there_and_back(whole, tmp_path / "back", "fr", "ar")
    assert back == whole
    kept = dict(wording_places(whole))
    for language in ("fr", "ar"):
        texts = Translator(language)
        said = {
            key: texts.wording(whole.id, key, text) for key, text in kept.items() if not key.endswith("preset_reason")
        }
        translated = {key: text for key, text in said.items() if text != kept[key]}
        assert len(translated) > 1_000
        assert {key: imported.wordings[language].get(key) for key in translated} == translated
    assert imported.problems == ()


@pytest.mark.check
@pytest.mark.parametrize(
    ("name", "supplements"),
    [("un-fpos", ()), *(pytest.param("unsd-nmdc", one, marks=pytest.mark.check) for one in ((), ("LB",)))],
)
def test_a_published_questionnaire_comes_back_equal_in_every_field(
    tmp_path: Path, name: str, supplements: tuple[str, ...]
) -> None:
    found, _ = read_instrument(paths.instruments_folder() / name, supplements)
    assert found is not None
    instrument = found.without_officer_texts()
    back, imported = there_and_back(instrument, tmp_path / "back")
    differences = [one.name for one in fields(Instrument) if getattr(back, one.name) != getattr(instrument, one.name)]
    assert differences == []
    assert back == instrument
    assert imported.problems == ()


def test_an_instrument_with_every_key_comes_back_equal(tmp_path: Path) -> None:
    for file, content in EVERYTHING.items():
        (tmp_path / file).write_text(content, encoding="utf-8")
    instrument, _ = read_instrument(tmp_path, ["S"])
    assert instrument is not None
    assert there_and_back(instrument, tmp_path / "back")[0] == instrument.without_officer_texts()


@pytest.mark.long
@settings(max_examples=300 if TORTURE else 25, suppress_health_check=list(HealthCheck))
@given(instruments())
def test_any_instrument_comes_back_equal(instrument: Instrument) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert there_and_back(instrument, Path(folder) / "back")[0] == instrument


@pytest.mark.check
@pytest.mark.long
def test_the_toolkit_comes_back_equal_after_libreoffice_has_saved_it(tmp_path: Path) -> None:
    source = tmp_path / "form.xlsx"
    source.write_bytes(form_workbook(export_form(toolkit(), (), "0" * 64)))
    target = edited(source, tmp_path / "saved.xlsx", tmp_path / "home", [])
    assert read_back(target.read_bytes(), tmp_path / "back")[0] == toolkit()


@pytest.mark.long
def test_the_toolkit_in_every_language_is_a_form_that_phones_take() -> None:
    content = form_workbook(export_form(toolkit(), wording_languages("unsd-nmdc"), "0" * 64))
    assert form_problems(content, "form.xlsx") == ()


def test_languages_begin_with_a_capital_where_their_script_has_title_case() -> None:
    names = {tag: language_column(tag) for tag in ("fr", "ka", "ru", "ar")}
    assert names == {"fr": "Français (fr)", "ka": "ქართული (ka)", "ru": "Русский (ru)", "ar": "العربية (ar)"}


def test_an_instrument_of_every_kind_comes_back(tmp_path: Path) -> None:
    small = small_instrument()
    back, _ = there_and_back(small, tmp_path / "back")
    assert back == replace(small, supplements=())


def test_with_registers_agencies_and_sources_are_chosen_from(tmp_path: Path) -> None:
    registers = RegisterChoices(
        agencies=(("agency-nso", "Statistical Office"),), sources=(("source-census", "Census 2014"),)
    )
    form = export_form(small_instrument(), (), "0" * 64, registers)
    kinds = {line["name"]: line["type"] for line in form.survey if "name" in line}
    assert kinds["ii_lead"] == "select_one agency_list"
    assert kinds["ii_sources"] == "select_multiple source_list"
    assert kinds["SENDER_AGENCY"] == "select_one agency_list"
    assert form_problems(form_workbook(form), "f.xlsx") == ()
    assert "xlsform.registers" not in {one.code for one in form.problems}
    assert tmp_path.exists()


def test_what_a_form_does_not_hold_is_listed() -> None:
    codes = {one.code for one in export_form(toolkit(), ("fr",), "0" * 64).problems}
    assert codes == {"xlsform.registers", "xlsform.spare", "xlsform.preset"}


WORDS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12).map(
    lambda text: clean_text(f"t{text}")
)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(WORDS, min_size=2, max_size=4, unique=True), WORDS, WORDS)
def test_any_wording_comes_back_letter_by_letter(tmp_path: Path, labels: list[str], text: str, about: str) -> None:
    small = small_instrument()
    options = tuple(ChoiceOption(id=f"o-{n}", label=label) for n, label in enumerate(labels))
    asked = replace(question("i.asked", AnswerKind.CHOICE, options=options), text=text, definition=about)
    first = replace(small.sections[0], questions=(asked,))
    instrument = replace(small, sections=(first,))
    back, _ = there_and_back(instrument, tmp_path / "back")
    assert back == instrument


def test_texts_that_mean_something_in_a_form_do_no_harm(tmp_path: Path) -> None:
    small = small_instrument()
    texts = ("=HYPERLINK(1)", "a ${b} c", "<b>bold</b> & *stars*", "line\nline", "“quoted” l’été\u00a0!", "x" * 5_000)
    asked = tuple(
        replace(question(f"i.q{n}", AnswerKind.TEXT), text=text, actions=(), anchors=()) for n, text in enumerate(texts)
    )
    instrument = replace(small, sections=(replace(small.sections[0], questions=asked),))
    form = export_form(instrument, (), "0" * 64)
    assert "xlsform.reference" in {one.code for one in form.problems}
    assert form_problems(form_workbook(form), "f.xlsx") == ()
    back, _ = there_and_back(instrument, tmp_path / "back")
    assert [one.text for one in back.questions()] == list(texts)
