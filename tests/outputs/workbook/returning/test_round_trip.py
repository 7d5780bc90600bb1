"""What nobody has touched is not edited: every kind of question, language, profile and program that saves again."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from capacity_app.domain.assessment.derived_results import appraise
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.privacy import ReportProfile, without_names
from capacity_app.domain.assessment.registers import Mission
from capacity_app.domain.assessment.revisions import RevisionId
from capacity_app.i18n.formatter import BilingualFormatter, Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.workbook.reader.hidden_sheets import workbook_identity
from capacity_app.outputs.workbook.reader.reader import read_returned
from capacity_app.outputs.workbook.reader.sheets import open_workbook
from capacity_app.outputs.workbook.writer import appraised_workbook_bytes, workbook_bytes
from capacity_app.services.session.demonstration import demonstration
from tests.builders import small_dossier
from tests.dossiers import IS_TORTURE, dossiers
from tests.outputs.hostile import hostile_dossier
from tests.outputs.word_tree import converted
from tests.outputs.workbook.returning.patching import nothing_else

DEMONSTRATION = demonstration()[0]
ENGLISH = Translator("en")
DOSSIERS = {"small": small_dossier(), "demonstration": DEMONSTRATION, "hostile": hostile_dossier()}


@pytest.mark.parametrize("profile", ["full", "full no-scores", "full no-names"])
@pytest.mark.parametrize("language", ["en", "ar", "fr", "zh-Hant", "qps"])
@pytest.mark.parametrize("name", ["small", pytest.param("demonstration", marks=pytest.mark.check)])
def test_an_untouched_workbook_says_what_it_said(name: str, language: str, profile: str) -> None:
    dossier = DOSSIERS[name]
    returned = read_returned(
        workbook_bytes(dossier, texts=Translator(language), profile=ReportProfile.parse(profile)),
        "x.xlsx",
        dossier.instrument,
    )
    assert nothing_else(returned)
    shown = (
        dossier
        if profile != "full no-names"
        else without_names(dossier, Translator(language).gettext("[name withheld]"))
    )
    assert returned.recorded == tuple(sorted(shown.answers, key=lambda answer: answer.key))
    assert returned.stamp.content_hash == dossier.content_hash
    assert (returned.stamp.language, returned.stamp.profile) == (language, profile)
    assert len(returned.sha256) == 64


@pytest.mark.check
def test_an_untouched_workbook_in_two_languages_says_what_it_said() -> None:
    for first, second in (("en", "ar"), ("ar", "en")):
        formatter = BilingualFormatter(Translator(first), DEMONSTRATION, Translator(second))
        content = appraised_workbook_bytes(appraise(DEMONSTRATION), formatter)
        assert nothing_else(read_returned(content, "x.xlsx", DEMONSTRATION.instrument))


@pytest.mark.check
def test_what_stands_at_every_place_is_what_counts_there() -> None:
    content = workbook_bytes(DEMONSTRATION, texts=ENGLISH)
    returned = read_returned(content, "x.xlsx", DEMONSTRATION.instrument)
    said = {str(one.address): one for one in returned.answers}
    conflicts = {str(item.address) for item in appraise(DEMONSTRATION).sheet.items() if item.answer.conflict}
    assert conflicts
    for item in appraise(DEMONSTRATION).sheet.items():
        place = str(item.address)
        if item.answer.state.value == "answered":
            assert said[place].before.value == item.answer.value, place
            assert said[place].place, place
        elif place in said:
            assert said[place].before.value is None, place
    assert all(said[place].before.state.value == "not_asked" for place in conflicts if place in said)
    assert any(one.respondent for one in said.values())


def test_an_agencys_own_answer_is_known_as_its_own_and_nobody_elses() -> None:
    dossier = small_dossier()
    content = workbook_bytes(dossier, texts=ENGLISH)
    found = {str(one.address): one for one in read_returned(content, "x.xlsx", dossier.instrument).answers}
    assert found["i.published"].respondent == "agency-nso"
    assert found["ii.origins"].respondent == "agency-moi"
    assert found["i.plan"].respondent == ""
    assert found["i.plan"].before.reason == "The plan has expired."
    assert found["iii.topics/a/available"].before.note == "移民存量"


def test_it_tells_on_which_revisions_it_stands() -> None:
    dossier = small_dossier()
    heads = {answer.key: (RevisionId("laptop", number),) for number, answer in enumerate(dossier.answers, start=1)}
    dossier = small_dossier(heads=heads)
    returned = read_returned(workbook_bytes(dossier, texts=ENGLISH), "x.xlsx", dossier.instrument)
    assert dict(returned.heads) == heads


def test_its_identity_can_be_read_alone() -> None:
    dossier = small_dossier()
    content = workbook_bytes(dossier, texts=Translator("ar"))
    identity = workbook_identity(open_workbook(content), "x.xlsx")
    assert identity.instrument_hash == dossier.instrument.content_hash
    assert (identity.stamp.instrument, identity.stamp.instrument_version) == ("small", "1.0")
    assert identity.stamp == read_returned(content, "x.xlsx", dossier.instrument).stamp


@pytest.mark.check
@settings(max_examples=30 if IS_TORTURE else 8, suppress_health_check=list(HealthCheck))
@given(dossier=dossiers(rounds=0))
def test_any_dossier_comes_back_as_it_was(dossier: Dossier) -> None:
    content = workbook_bytes(dossier, texts=ENGLISH)
    returned = read_returned(content, "x.xlsx", dossier.instrument)
    assert returned.edited == ()
    assert returned.problems == ()
    assert returned.unplaced == ()
    assert returned.remarks == ()
    assert returned.recorded == dossier.answers


@pytest.mark.check
@pytest.mark.parametrize("name", DOSSIERS)
def test_saved_by_another_program_nothing_is_edited(tmp_path: Path, name: str) -> None:
    dossier = DOSSIERS[name]
    file = tmp_path / "workbook.xlsx"
    file.write_bytes(workbook_bytes(dossier, texts=ENGLISH))
    again = converted(file, "xlsx")
    returned = read_returned(again.read_bytes(), "x.xlsx", dossier.instrument)
    assert nothing_else(returned)
    assert returned.recorded == tuple(sorted(dossier.answers, key=lambda answer: answer.key))


@pytest.mark.check
def test_saved_in_another_format_and_back_nothing_is_edited(tmp_path: Path) -> None:
    dossier = small_dossier(mission=Mission(country="XXA", language="ar"))
    file = tmp_path / "workbook.xlsx"
    file.write_bytes(workbook_bytes(dossier, texts=Translator("ar")))
    back = converted(converted(file, "ods"), "xlsx")
    assert nothing_else(read_returned(back.read_bytes(), "x.xlsx", dossier.instrument))


@pytest.mark.check
def test_read_the_careful_way_it_says_the_same() -> None:
    for dossier in (small_dossier(), DEMONSTRATION):
        content = workbook_bytes(dossier, texts=ENGLISH)
        quick = read_returned(content, "x.xlsx", dossier.instrument)
        assert read_returned(content, "x.xlsx", dossier.instrument, is_careful=True) == quick


@pytest.mark.check
def test_the_same_words_name_the_same_places_in_every_language() -> None:
    places = {
        language: [
            one.address
            for one in read_returned(
                workbook_bytes(DEMONSTRATION, texts=Translator(language)), "x.xlsx", DEMONSTRATION.instrument
            ).answers
        ]
        for language in ("en", "fr")
    }
    assert places["en"] == places["fr"]
    assert Formatter(ENGLISH, DEMONSTRATION).place(places["en"][0])
