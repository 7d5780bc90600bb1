"""The invitation letter: a template that an office may write anew, filled in the language of the letter."""

import io
from dataclasses import replace

import pytest
from docx import Document
from docx.document import Document as WordDocument

from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Meeting
from capacity_app.domain.planning.agenda import build_agenda
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.word.letter import fill_letter, letter_values, standard_letter
from capacity_app.outputs.word.package import is_whole_word
from tests.builders import small_dossier


def dossier() -> Dossier:
    met = Meeting(id="m", date="2018-11-27", start="09:30", place="Room 4", agencies=("agency-nso",), sections=("i",))
    made = small_dossier(meetings=(met,))
    return replace(made, mission=replace(made.mission, contact="team@example.org", end="2018-11-30"))


def letter(
    template: bytes, language: str = "en", the_dossier: Dossier | None = None, sender: str = ""
) -> tuple[WordDocument, tuple[str, ...]]:
    about = the_dossier or dossier()
    agenda = build_agenda(about.instrument, about.agencies, about.meetings)
    formatter = Formatter(Translator(language), about)
    values = letter_values(formatter, agenda.by_agency["agency-nso"], agenda.minutes_by_section, "2018-11-01", sender)
    content, unknown = fill_letter(template, values, formatter)
    assert is_whole_word(content)
    return Document(io.BytesIO(content)), unknown


def test_a_letter_says_who_sends_it_when_the_visit_begins_and_names_a_single_part() -> None:
    about = replace(dossier(), mission=replace(dossier().mission, start="2018-11-26", end=""))
    made, _ = letter(standard_letter(), the_dossier=about, sender="Ana Kovac")
    said = texts(made)
    assert any("The visit begins on 26 November 2018." in line for line in said)
    assert any("· Part i ·" in line for line in said)
    assert said[said.index("We thank you for your cooperation.") + 1] == "Ana Kovac"


def template(*paragraphs: str | tuple[str, ...]) -> bytes:
    """Make a template; a tuple is one paragraph in several runs, as Word cuts them."""
    document = Document()
    for runs in paragraphs:
        paragraph = document.add_paragraph()
        for number, run in enumerate((runs,) if isinstance(runs, str) else runs):
            paragraph.add_run(run).bold = not number
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def texts(document: WordDocument) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def test_the_standard_letter_says_what_when_where_with_whom_and_what_to_bring() -> None:
    made, unknown = letter(standard_letter())
    said = "\n".join(texts(made))
    for wanted in ("09:30 · Room 4", "Examplia 2018", "team@example.org", "A. Officer", "A form with these questions"):
        assert wanted in said
    assert "Tuesday, 27 November 2018" in said
    assert "{{" not in said
    assert unknown == ()


def test_what_nobody_has_entered_leaves_no_empty_line() -> None:
    bare = replace(dossier(), mission=replace(dossier().mission, contact="", team=(), project="", end=""))
    made, _ = letter(standard_letter(), the_dossier=bare)
    assert not any("Who will visit" in line or "contact us" in line for line in texts(made))
    assert all(texts(made))


def test_a_placeholder_is_found_however_word_has_cut_it_into_runs() -> None:
    made, _ = letter(template(("To {{agen", "cy_", "short}}, in {{round}}", "!")))
    assert texts(made) == ["To NSO, in 2018!"]
    assert [run.bold for run in made.paragraphs[0].runs if run.text] == [True, False, False]


def test_a_list_alone_in_its_paragraph_becomes_a_paragraph_for_each_line() -> None:
    made, _ = letter(template("Before", "{{ Team }}", "After"), the_dossier=with_team("A. One", "B. Two"))
    assert texts(made) == ["Before", "A. One", "B. Two", "After"]
    made, _ = letter(template("Team: {{team}}"), the_dossier=with_team("A. One", "B. Two"))
    assert texts(made) == ["Team: A. One; B. Two"]


def with_team(*names: str) -> Dossier:
    return replace(dossier(), mission=replace(dossier().mission, team=names))


def test_an_unknown_placeholder_stays_and_is_named() -> None:
    made, unknown = letter(template("{{agency_short}} and {{signatory}}", "{{stamp}}", "{{signatory}}"))
    assert texts(made) == ["NSO and {{signatory}}", "{{stamp}}", "{{signatory}}"]
    assert unknown == ("{{signatory}}", "{{stamp}}")


def test_placeholders_in_tables_and_page_headers_are_filled() -> None:
    document = Document()
    document.add_table(1, 1).cell(0, 0).text = "{{team_contact}}"
    document.add_table(1, 1).cell(0, 0).text = "{{project}}"
    document.sections[0].footer.paragraphs[0].text = "{{country}} {{round}}"
    content = io.BytesIO()
    document.save(content)
    made, _ = letter(content.getvalue())
    assert [table.cell(0, 0).text for table in made.tables] == ["team@example.org", ""]
    assert made.sections[0].footer.paragraphs[0].text == "Examplia 2018"


@pytest.mark.parametrize(("language", "marks"), [("ar", 2), ("fr", 0)])
def test_a_letter_from_right_to_left_is_set_so(language: str, marks: int) -> None:
    made, _ = letter(standard_letter(), language)
    paragraph = made.paragraphs[0]._p
    assert len(paragraph.xpath("w:pPr/w:bidi | w:r/w:rPr/w:rtl")) == marks
