"""What a translation must keep of its source."""

import pytest

from capacity_app.domain.problems import ProblemSeverity
from capacity_app.i18n.catalogues import PROGRAM
from capacity_app.questionnaires.translations import SourceText, plural_numbers, translation_problems, with_outer_spaces


def found(source: str, typed: str, *, plural: str = "", form: int = 0, subject: str = PROGRAM) \
        -> list[tuple[str, ProblemSeverity]]:  # fmt: skip
    text = SourceText(key="k", source=source, plural=plural)
    numbers = plural_numbers("ar")[form] if plural else ()
    problems = [*translation_problems(text, typed, "Translation, E3", numbers=numbers, subject=subject)]
    assert all(problem.text() and problem.place == "Translation, E3" for problem in problems)
    return [(problem.code.removeprefix("translation."), problem.severity) for problem in problems]


@pytest.mark.parametrize(
    ("source", "typed", "code"),
    [
        ("{count} files", "ფაილი", "placeholders"),
        ("{count} files", "{კოუნტ} ფაილი", "placeholders"),
        ("{count} files", "{count} {file}", "placeholders"),
        ("{count} files", "{count} {count} ფაილი", "placeholders"),
        ("{count} files", "{count} ფაილი {", "placeholders"),
        ("No files", "{0} ფაილი", "placeholders"),
        ("<b>Two</b> files", "<b>ორი ფაილი", "markup"),
        ("Two files", "<img src='x'>", "markup"),
        ("&File", "ფაილი", "key"),
        ("&File", "&ფაი&ლი", "key"),
        ("One line", "ერთი\nორი", "lines"),
        ("Text", "ტექსტი\x07", "characters"),
        ("Text", "ტექს\ttი", "characters"),
        ("Text", "\u202eტექსტი", "characters"),
        ("Text", "\u2067ტექსტი", "characters"),
        ("Text", "ტექ\ufffdტი", "characters"),
        ("Text", "=1+1", "formula"),
        ("Text", "ა" * 20_001, "long"),
    ],
)
def test_what_could_do_harm_is_refused(source: str, typed: str, code: str) -> None:
    assert (code, ProblemSeverity.ERROR) in found(source, typed)


@pytest.mark.parametrize(
    ("source", "typed"),
    [
        ("{count} files in {folder}", "{folder}: {count} ფაილი"),
        ("&File", "文件(&F)"),
        ("Bread & butter", "პური და კარაქი"),
        ("Text", "\u2067نص\u2069"),
        ("Text", "ข้อ\u200bความ"),
        ("Two\nlines", "ორი\nხაზი"),
        ("“{{x}}”", "„{{x}}“"),
        ("<b>Two</b> files", "ორი <b>ფაილი</b>"),
        ("Less than 2 < 3", "2 < 3"),
        ("PDF", "PDF"),
    ],
)
def test_what_is_right_is_accepted(source: str, typed: str) -> None:
    assert found(source, typed) == []


def test_only_the_program_has_keys_that_are_pressed_together_with_alt() -> None:
    assert found("Q&A", "კითხვა", subject="unsd-nmdc") == []


def test_the_form_for_one_may_leave_out_the_number_and_no_form_may_name_another_placeholder() -> None:
    def of(typed: str, form: int) -> list[tuple[str, ProblemSeverity]]:
        return found("{count} file", typed, plural="{count} files", form=form)

    assert of("ملف واحد", 1) == []
    assert of("ملفان", 2) == []
    assert of("ملفات", 3) == [("plural", ProblemSeverity.WARNING)]
    for typed in ("{file} ملف", "{count} {count}", "{count} {"):
        assert of(typed, 3) == [("placeholders", ProblemSeverity.ERROR)]


def test_spaces_around_a_translation_are_those_of_its_source() -> None:
    text = SourceText(key="k", source="  {count} files\n")
    assert with_outer_spaces(text, " {count} ფაილი  ") == "  {count} ფაილი\n"
    assert not with_outer_spaces(text, " \n ")
