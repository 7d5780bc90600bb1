"""What a translation must not do."""

import pytest

from capacity_app.catalogues import PROGRAM
from capacity_app.domain.problems import Severity
from capacity_app.instruments.translating.checks import mistakes, tidied
from capacity_app.instruments.translating.passages import Passage
from capacity_app.instruments.translating.plurals import forms


def found(source: str, text: str, *, is_label: bool = False, subject: str = PROGRAM) -> list[tuple[str, bool]]:
    passage = Passage(key="k", source=source, is_label=is_label)
    problems = mistakes(passage, text, "Texts, H3", None, subject, "ka")
    for problem in problems:
        assert problem.text()
    return [(problem.code, problem.severity is Severity.ERROR) for problem in problems]


@pytest.mark.parametrize(
    ("source", "text", "code"),
    [
        ("{count} files", "ფაილი", "places"),
        ("{count} files", "{კოუნტ} ფაილი", "places"),
        ("{count} files", "{count} {file}", "places"),
        ("{count} files", "{count} ფაილი {", "places"),
        ("No files", "{0} ფაილი", "places"),
        ("&File", "ფაილი", "key"),
        ("&File", "&ფაი&ლი", "key"),
        ("One line", "ერთი\nორი", "lines"),
        ("Text", "ტექსტი\x07", "control"),
        ("Text", "ტექს\ttი", "control"),
        ("Text", "\u202eტექსტი", "direction"),
        ("Text", "\u2067ტექსტი", "direction"),
        ("Text", "ტექ\ufffdტი", "lost"),
        ("Text", "=1+1", "formula"),
        ("Text", "ა" * 20_001, "long"),
        ("Nobody asks what they need.", "nobody asks what they need.", "untranslated"),
    ],
)
def test_what_could_do_harm_is_refused(source: str, text: str, code: str) -> None:
    assert (f"translation.{code}", True) in found(source, text)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{count} files in {folder}", "{folder}: {count} ფაილი"),
        ("&File", "文件(&F)"),
        ("Bread & butter", "პური და კარაქი"),
        ("Text", "\u2067نص\u2069"),
        ("Text", "ข้อ\u200bความ"),
        ("Two\nlines", "ორი\nხაზი"),
        ("“{{x}}”", "„{{x}}“"),
    ],
)
def test_what_is_right_is_taken(source: str, text: str) -> None:
    assert found(source, text) == []


def test_some_things_are_told_and_taken() -> None:
    assert found("Save", "შეინახე ეს ყველაფერი ახლავე და სწრაფად", is_label=True) == [("translation.length", False)]
    assert found("PDF", "PDF") == [("translation.untranslated", False)]
    assert found("10.7.2", "10.7.2") == []
    assert found("One\ntwo\nthree", "ერთი\nორი") == [("translation.lines", False)]
    assert found("R and D", "R&D") == [("translation.key", False)]
    assert found("R and D", "R&D", subject="unsd-nmdc") == []


def test_the_form_for_one_may_leave_out_the_number_and_no_form_may_name_another_place() -> None:
    passage = Passage(key="k", source="{count} file", plural="{count} files")
    one, two, three = forms("ar")[1], forms("ar")[2], forms("ar")[3]
    assert mistakes(passage, "ملف واحد", "p", one, PROGRAM, "ar") == []
    assert mistakes(passage, "ملفان", "p", two, PROGRAM, "ar") == []
    assert [one.severity for one in mistakes(passage, "ملفات", "p", three, PROGRAM, "ar")] == [Severity.WARNING]
    for text in ("{file} ملف", "{count} {count}", "{count} {"):
        assert mistakes(passage, text, "p", three, PROGRAM, "ar")[0].severity is Severity.ERROR


def test_spaces_around_a_translation_are_those_of_its_source() -> None:
    passage = Passage(key="k", source="  {count} files\n")
    assert tidied(passage, " {count} ფაილი  ") == "  {count} ფაილი\n"
    assert not tidied(passage, " \n ")
