"""A report that went out as a Word file comes back: whatever was written into it is found, whoever saved it last."""

import copy
import hashlib
import io
import re
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from lxml import etree  # type: ignore[import-untyped]  # it publishes no types

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.privacy import ReportProfile
from capacity_app.domain.assessment.returned_files import ReturnedContent
from capacity_app.domain.assessment.verification import ExportStamp, FileMedium
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.word.parsed_document import tag_of_control
from capacity_app.outputs.word.reader import FOREIGN_CONTROL, NO_PLACE, UNKNOWN_FIELD, read_returned_word
from capacity_app.outputs.word.word_context import BOOKMARK_PREFIX, remark_bookmark
from capacity_app.services.reports import report_bytes
from tests.builders import small_dossier, small_instrument
from tests.domain.making import say
from tests.outputs.word_reading import word_parts
from tests.outputs.word_tree import W, converted, tags

BODY = "word/document.xml"
LAW, PLAN, TABLE, ROW = Address("i.law"), Address("i.plan"), Address("iii.topics"), Address("iii.topics", "a")
SIGNED = 'w:author="Dr. Ana Petrova" w:date="2019-02-03T10:00:00Z"'


@cache
def report(language: str = "en", second: str = "") -> bytes:
    return report_bytes(
        small_dossier(), ".docx", texts=Translator(language), second=Translator(second) if second else None
    )


def fragment(xml: str) -> Any:
    return etree.fromstring(f'<x xmlns:w="{W[1:-1]}">{xml}</x>')[0]


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*inside: str) -> Any:
    return fragment(f"<w:p>{''.join(inside)}</w:p>")


class Desk:
    """A Word file on somebody's desk, worked on as Word would do it."""

    def __init__(self, content: bytes) -> None:
        self.parts = word_parts(content)
        self.body = etree.fromstring(self.parts[BODY])

    def control(self, address: Address) -> Any:
        tag = f"remark:{address}"
        return next(one for one in self.body.iter(f"{W}sdt") if tag_of_control(one) == tag)

    def cell(self, address: Address) -> Any:
        """The cell that is left for remarks on something."""
        marks = (
            one for one in self.body.iter(f"{W}bookmarkStart") if one.get(f"{W}name") == remark_bookmark(str(address))
        )
        return next(next(marks).iterancestors(f"{W}tc"))

    def beside(self, address: Address) -> Any:
        """The cell with what was answered."""
        return self.cell(address).getprevious()

    def fill(self, address: Address, *inside: str) -> Any:
        """Type into a field, as Word does: the words in the empty field and the sign for them go."""
        control = self.control(address)
        properties, content = control.find(f"{W}sdtPr"), control.find(f"{W}sdtContent")
        for sign in properties.findall(f"{W}showingPlcHdr"):
            properties.remove(sign)
        content[:] = [fragment(one) for one in inside]
        return control

    def saved(self) -> bytes:
        self.parts[BODY] = etree.tostring(self.body, xml_declaration=True, encoding="UTF-8", standalone=True)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
            for name, part in self.parts.items():
                file.writestr(name, part)
        return buffer.getvalue()


@pytest.fixture
def desk() -> Desk:
    return Desk(report())


def read(content: bytes, dossier: Dossier | None = None) -> ReturnedContent:
    return read_returned_word(content, "report.docx", (dossier or small_dossier()).instrument)


def said(returned: ReturnedContent) -> dict[str, list[str]]:
    """The remarks by their places."""
    found: dict[str, list[str]] = {}
    for remark in returned.remarks:
        found.setdefault(str(remark.address), []).append(remark.text)
    return found


# -- nothing written -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "second"), [("en", ""), ("fr", ""), ("ar", "en"), ("zh", ""), ("ru", "fr")])
def test_a_report_nobody_wrote_into_says_nothing(language: str, second: str) -> None:
    returned = read(report(language, second))
    assert (returned.remarks, returned.unplaced, returned.problems) == ((), (), ())


def test_it_knows_what_it_is() -> None:
    returned, dossier = read(report()), small_dossier()
    assert returned.medium is FileMedium.WORD
    assert returned.sha256 == hashlib.sha256(report()).hexdigest()
    assert returned.stamp.assessment == dossier.id
    assert returned.stamp.content_hash == dossier.content_hash
    assert returned.instrument_hash == dossier.instrument.content_hash
    assert returned.answers == ()


def test_without_its_own_data_it_is_still_known_as_a_report(desk: Desk) -> None:
    del desk.parts["docProps/custom.xml"]
    assert read(desk.saved()).stamp == ExportStamp()


@pytest.mark.parametrize("words", ["Cliquez ou appuyez ici pour entrer du texte.", "انقر أو اضغط هنا لإدخال نص."])
def test_what_word_itself_writes_into_an_emptied_field_is_no_remark(desk: Desk, words: str) -> None:
    content = desk.control(LAW).find(f"{W}sdtContent")
    content[:] = [fragment(f'<w:r><w:rPr><w:rStyle w:val="PlaceholderText"/></w:rPr><w:t>{words}</w:t></w:r>')]
    assert said(read(desk.saved())) == {}


@pytest.mark.parametrize("language", ["en", "fr", "ar", "zh", "es", "ru"])
def test_our_own_words_are_no_remark_in_any_language(desk: Desk, language: str) -> None:
    desk.fill(LAW, run(f"\u200f{Translator(language).gettext('Remarks')}\u200e"))
    assert said(read(desk.saved())) == {}


# -- the fields ----------------------------------------------------------------------------------------------------


def test_what_is_typed_into_a_field_is_a_remark_on_its_place(desk: Desk) -> None:
    desk.fill(LAW, run("It was amended "), run("in 2017."))
    desk.fill(ROW, run("Only stocks"), "<w:r><w:br/></w:r>", run("of adults."))
    returned = read(desk.saved())
    assert said(returned) == {"i.law": ["It was amended in 2017."], "iii.topics/a": ["Only stocks\nof adults."]}
    law, row = returned.remarks
    assert law.place.startswith("i.law")
    assert row.place.endswith("Stock of migrants")
    assert (law.author, law.date) == ("", "")
    assert returned.problems == ()


REMARKS = {
    "Arabic": "صدر القانون رقم 12 في عام 2017، انظر <الجريدة> & «الملحق».",
    "Chinese": "该法律于2017年修订。",
    "Persian with a joiner": "نمی‌دانیم",
    "Hebrew and Latin": "ראו Act 12 (2017)",
    "a formula": "=1+1",
    "markup": "<b>bold</b> &amp; {{ 7 }}",
}


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("kind", REMARKS)
def test_a_remark_comes_back_letter_by_letter(kind: str, language: str) -> None:
    desk = Desk(report(language))
    desk.fill(LAW).find(f"{W}sdtContent").append(
        fragment('<w:r><w:rPr><w:rtl/></w:rPr><w:t xml:space="preserve"/></w:r>')
    )
    next(desk.control(LAW).iter(f"{W}t")).text = REMARKS[kind]
    assert said(read(desk.saved())) == {"i.law": [REMARKS[kind]]}


def test_a_field_around_paragraphs_is_read_too(desk: Desk) -> None:
    cell = desk.cell(LAW)
    control = desk.control(LAW)
    control.getparent().remove(control)
    content = control.find(f"{W}sdtContent")
    content[:] = [paragraph(run("One.")), paragraph(run("Two."))]
    cell.append(control)
    assert said(read(desk.saved())) == {"i.law": ["One.\nTwo."]}


def test_what_is_written_beside_a_field_or_instead_of_it_is_a_remark(desk: Desk) -> None:
    control = desk.control(LAW)
    control.getparent().append(fragment(run("I took the field away.")))
    control.getparent().remove(control)
    desk.cell(PLAN).append(paragraph(run("And here is one more line.")))
    assert said(read(desk.saved())) == {
        "i.law": ["I took the field away."],
        "i.plan": ["And here is one more line."],
    }


def test_a_field_without_its_mark_is_known_by_its_tag_and_the_other_way_round(desk: Desk) -> None:
    for mark in list(desk.body.iter(f"{W}bookmarkStart")):
        if mark.get(f"{W}name") == remark_bookmark("i.law"):
            mark.getparent().remove(mark)
    desk.fill(LAW, run("By its tag."))
    tag = desk.fill(PLAN, run("By its mark.")).find(f"{W}sdtPr/{W}tag")
    tag.getparent().remove(tag)
    assert said(read(desk.saved())) == {"i.law": ["By its tag."], "i.plan": ["By its mark."]}


def test_rows_that_were_moved_keep_their_remarks(desk: Desk) -> None:
    desk.fill(LAW, run("About the law."))
    desk.fill(PLAN, run("About the plan."))
    row = next(desk.cell(LAW).iterancestors(f"{W}tr"))
    row.getparent().append(row)
    returned = read(desk.saved())
    assert said(returned) == {"i.plan": ["About the plan."], "i.law": ["About the law."]}
    assert returned.problems == ()


def test_a_field_copied_to_another_question_is_about_that_one_and_it_is_said(desk: Desk) -> None:
    copied = copy.deepcopy(desk.fill(LAW, run("The same holds here.")))
    paragraph_of_plan = desk.control(PLAN).getparent()
    paragraph_of_plan.replace(desk.control(PLAN), copied)
    returned = read(desk.saved())
    assert said(returned) == {"i.law": ["The same holds here."], "i.plan": ["The same holds here."]}
    (problem,) = returned.problems
    assert "i.law" in problem.text()
    assert "i.plan" in problem.place


def test_a_row_copied_whole_is_one_remark_and_what_was_added_to_the_copy_another(desk: Desk) -> None:
    desk.fill(LAW, run("First."))
    row = next(desk.cell(LAW).iterancestors(f"{W}tr"))
    for text in ("First.", "Second."):
        twin = copy.deepcopy(row)
        # Word leaves a bookmark where it was.
        for mark in [*twin.iter(f"{W}bookmarkStart"), *twin.iter(f"{W}bookmarkEnd")]:
            mark.getparent().remove(mark)
        next(twin.iter(f"{W}sdtContent"))[:] = [fragment(run(text))]
        row.addnext(twin)
    assert sorted(said(read(desk.saved()))["i.law"]) == ["First.", "Second."]


def test_a_field_copied_among_the_answers_does_not_make_them_a_remark(desk: Desk) -> None:
    copied = copy.deepcopy(desk.fill(LAW, run("Look here.")))
    desk.beside(LAW).append(paragraph())
    desk.beside(LAW)[-1].append(copied)
    assert said(read(desk.saved())) == {"i.law": ["Look here."]}


def test_cells_that_were_made_one_keep_each_its_own(desk: Desk) -> None:
    desk.fill(LAW, run("About the law."))
    desk.fill(PLAN, run("About the plan."))
    desk.cell(LAW).extend(list(desk.cell(PLAN).iter(f"{W}p")))
    assert said(read(desk.saved())) == {"i.law": ["About the law."], "i.plan": ["About the plan."]}


def test_an_answer_and_its_room_made_one_cell_leave_the_remark_alone(desk: Desk) -> None:
    desk.fill(LAW, run("About the law."))
    room = desk.cell(LAW)
    desk.beside(LAW).extend(list(room.iter(f"{W}p")))
    room.getparent().remove(room)
    assert said(read(desk.saved())) == {"i.law": ["About the law."]}


def test_a_field_outside_of_the_table_is_read(desk: Desk) -> None:
    control = desk.fill(LAW, run("Pasted at the end."))
    control.getparent().remove(control)
    desk.body[0].append(paragraph())
    desk.body[0][-1].append(control)
    assert said(read(desk.saved())) == {"i.law": ["Pasted at the end."]}


def test_a_long_address_is_known_by_its_digits() -> None:
    dossier = small_dossier(
        replace(
            small_instrument(),
            sections=tuple(
                replace(
                    section,
                    questions=tuple(
                        replace(one, id=one.id.replace("i.law", "i." + "law" * 30)) for one in section.questions
                    ),
                )
                for section in small_instrument().sections
            ),
        ),
        answers=(say("i." + "law" * 30, 1),),
        actions=(),
        ratings=(),
    )
    content = report_bytes(dossier, ".docx", texts=Translator("en"))
    desk = Desk(content)
    (long,) = [tag for tag in tags(content) if "~" in tag]
    control = next(one for one in desk.body.iter(f"{W}sdt") if tag_of_control(one) == long)
    control.find(f"{W}sdtContent")[:] = [fragment(run("Long."))]
    assert said(read(desk.saved(), dossier)) == {"i." + "law" * 30: ["Long."]}


# -- texts without a place -----------------------------------------------------------------------------------------


def test_remarks_on_a_question_that_is_not_asked_any_more_are_kept_without_a_place() -> None:
    retired = small_dossier(answers=(*small_dossier().answers, say("old.question", 2, who="agency-nso")))
    desk = Desk(report_bytes(retired, ".docx", texts=Translator("en")))
    desk.fill(Address("old.question"), run("This was long ago."))
    returned = read(desk.saved())
    assert returned.remarks == ()
    (lost,) = returned.unplaced
    assert (lost.text, lost.reason) == ("This was long ago.", UNKNOWN_FIELD)


def test_fields_of_others_are_kept_without_a_place(desk: Desk) -> None:
    xml = '<w:sdt><w:sdtPr><w:tag w:val="Clearance"/></w:sdtPr><w:sdtContent>%s</w:sdtContent></w:sdt>'
    desk.body[0].append(paragraph(xml % run("Cleared by the minister.")))
    (lost,) = read(desk.saved()).unplaced
    assert (lost.text, lost.reason) == ("Cleared by the minister.", FOREIGN_CONTROL)


def test_a_file_that_lost_all_marks_says_so(desk: Desk) -> None:
    for mark in [*desk.body.iter(f"{W}bookmarkStart"), *desk.body.iter(f"{W}tag")]:
        mark.getparent().remove(mark)
    (problem,) = read(desk.saved()).problems
    assert "report.docx" in problem.text()
    assert "copied by hand" in problem.text()


# -- comments, notes, boxes ----------------------------------------------------------------------------------------


def commented(desk: Desk, texts: dict[str, str]) -> None:
    inside = "".join(
        f'<w:comment w:id="{one}" {SIGNED}><w:p>{run(text)}</w:p></w:comment>' for one, text in texts.items()
    )
    desk.parts["word/comments.xml"] = f'<w:comments xmlns:w="{W[1:-1]}">{inside}</w:comments>'.encode()


def anchor(number: str) -> str:
    start, end = (f'<w:commentRange{which} w:id="{number}"/>' for which in ("Start", "End"))
    return f'{start}{end}<w:r><w:commentReference w:id="{number}"/></w:r>'


def test_a_comment_is_a_remark_of_its_author_on_the_question_it_stands_at(desk: Desk) -> None:
    commented(desk, {"4": "Who decided this?", "5": "", "6": "See the annex."})
    desk.beside(LAW)[-1].extend(list(paragraph(anchor("4"), anchor("5"))))
    desk.cell(ROW)[-1].extend(list(paragraph(anchor("6"))))
    returned = read(desk.saved())
    assert said(returned) == {"i.law": ["Who decided this?"], "iii.topics/a": ["See the annex."]}
    for remark in returned.remarks:
        assert (remark.author, remark.date) == ("Dr. Ana Petrova", "2019-02-03T10:00:00Z")
        assert remark.place


def test_a_comment_in_another_chapter_belongs_to_the_question_its_line_leads_to(desk: Desk) -> None:
    commented(desk, {"1": "This is no gap."})
    link = next(one for one in desk.body.iter(f"{W}hyperlink") if one.get(f"{W}anchor") == "_q_2d_i_2e_plan")
    link.getparent().extend(list(paragraph(anchor("1"))))
    assert said(read(desk.saved())) == {"i.plan": ["This is no gap."]}


def test_a_comment_that_stands_at_no_question_is_kept_with_its_author(desk: Desk) -> None:
    commented(desk, {"1": "A fine report.", "2": "Its anchor is gone."})
    desk.body[0].insert(0, paragraph(anchor("1")))
    returned = read(desk.saved())
    assert [(one.text, one.reason) for one in returned.unplaced] == [
        ("A fine report.", NO_PLACE),
        ("Its anchor is gone.", NO_PLACE),
    ]
    assert "Dr. Ana Petrova, 2019-02-03" in returned.unplaced[0].place


def test_a_footnote_is_a_remark_and_its_rule_is_none(desk: Desk) -> None:
    rule = f'<w:footnote w:type="separator" w:id="0"><w:p>{run("-")}</w:p></w:footnote>'
    notes = f'{rule}<w:footnote w:id="7"><w:p>{run("Act 12.")}</w:p></w:footnote>'
    desk.parts["word/footnotes.xml"] = f'<w:footnotes xmlns:w="{W[1:-1]}">{notes}</w:footnotes>'.encode()
    desk.beside(LAW)[-1].append(fragment('<w:r><w:footnoteReference w:id="7"/></w:r>'))
    assert said(read(desk.saved())) == {"i.law": ["Act 12."]}


def test_a_text_box_is_a_remark_where_it_is_drawn(desk: Desk) -> None:
    box = f"<w:r><w:pict><w:txbxContent><w:p>{run('Wrong!')}</w:p></w:txbxContent></w:pict></w:r>"
    desk.beside(LAW)[-1].append(fragment(box))
    assert said(read(desk.saved())) == {"i.law": ["Wrong!"]}


# -- tracked changes -----------------------------------------------------------------------------------------------


def inserted(text: str, signed: str = SIGNED) -> str:
    return f'<w:ins w:id="900" {signed}>{run(text)}</w:ins>'


def deleted(text: str) -> str:
    return f'<w:del w:id="901" {SIGNED}><w:r><w:delText>{text}</w:delText></w:r></w:del>'


def test_a_change_in_a_sentence_is_a_remark_that_quotes_it(desk: Desk) -> None:
    desk.beside(LAW)[-1].extend(list(paragraph(deleted("Level 3"), inserted("level 2"))))
    (remark,) = read(desk.saved()).remarks
    assert remark.address == LAW
    assert remark.text == "[– Level 3 –] … level 2"
    assert (remark.author, remark.date) == ("Dr. Ana Petrova", "2019-02-03T10:00:00Z")
    assert "level 2”" in remark.place


def test_paragraphs_put_in_one_after_the_other_are_one_remark(desk: Desk) -> None:
    for text in ("We do not agree.", "Please see the letter."):
        desk.beside(LAW).append(paragraph(inserted(text)))
    desk.beside(LAW).append(paragraph(inserted("Nor do I.", 'w:author="B" w:date="2019-02-04T10:00:00Z"')))
    returned = read(desk.saved())
    assert said(returned) == {"i.law": ["We do not agree.\nPlease see the letter.", "Nor do I."]}
    assert [remark.author for remark in returned.remarks] == ["Dr. Ana Petrova", "B"]


def test_a_remark_typed_while_changes_were_tracked_has_an_author(desk: Desk) -> None:
    desk.fill(LAW, deleted("Remarks"), inserted("I say so."), f'<w:moveFrom w:id="9">{run("gone")}</w:moveFrom>')
    (remark,) = read(desk.saved()).remarks
    assert (remark.text, remark.author, remark.date) == ("I say so.", "Dr. Ana Petrova", "2019-02-03T10:00:00Z")


def test_a_remark_of_two_hands_has_no_author(desk: Desk) -> None:
    desk.fill(LAW, run("Before. "), inserted("After."))
    (remark,) = read(desk.saved()).remarks
    assert (remark.text, remark.author) == ("Before. After.", "")


def test_a_change_where_the_report_is_about_no_question_is_kept(desk: Desk) -> None:
    desk.body[0].insert(0, paragraph(inserted("To whom it may concern")))
    (lost,) = read(desk.saved()).unplaced
    assert lost.text == "To whom it may concern"


@pytest.mark.parametrize("volume", ["brief", "full"])
def test_a_tracked_change_anywhere_is_placed_or_listed(volume: str) -> None:
    dossier = small_dossier()
    dossier = replace(
        dossier, mission=replace(dossier.mission, main_messages="The law is in force.\n– Staff is missing.")
    )
    desk = Desk(report_bytes(dossier, ".docx", texts=Translator("en"), profile=ReportProfile.parse(volume)))
    marks: list[str] = []
    for name in desk.parts:
        if not re.fullmatch(r"word/(document|header\d*|footer\d*)\.xml", name):
            continue
        part = desk.body if name == BODY else etree.fromstring(desk.parts[name])
        for one in list(part.iter(f"{W}p")):
            marks.append(f"mark {len(marks)}.")
            one.append(fragment(inserted(marks[-1])))
        desk.parts[name] = etree.tostring(part)
    returned = read(desk.saved(), dossier)
    fields = [str(one) for one in returned.fields]
    remarks = [one.text for one in returned.remarks]
    unplaced = [one.text for one in returned.unplaced]
    written = "\n".join((*remarks, *unplaced, *fields, returned.agency, returned.person, returned.date))
    assert marks
    assert [mark for mark in marks if mark not in written] == []


# -- other programs ------------------------------------------------------------------------------------------------


@pytest.mark.check
@pytest.mark.parametrize(("language", "second"), [("en", ""), ("ar", "en")])
def test_libreoffice_keeps_everything_that_was_written(tmp_path: Path, language: str, second: str) -> None:
    desk = Desk(report(language, second))
    desk.fill(LAW, run(REMARKS["Arabic"].replace("<", "(").replace(">", ")").replace("&", "و")))
    desk.fill(ROW, run(REMARKS["Chinese"]), "<w:r><w:br/></w:r>", run("Second line of 12."))
    desk.beside(PLAN).append(paragraph(inserted("Put in.")))
    file = tmp_path / "sent.docx"
    file.write_bytes(desk.saved())
    returned, before = read(converted(file, "docx").read_bytes()), read(desk.saved())
    # LibreOffice 7.4 takes the breaks of lines out of fields.
    assert said(returned) == {place: [one.replace("\n", "") for one in texts] for place, texts in said(before).items()}
    assert len(said(before)) == 3
    assert [remark.author for remark in returned.remarks] == [remark.author for remark in before.remarks]
    assert returned.stamp.content_hash == before.stamp.content_hash
    assert (returned.unplaced, returned.problems) == ((), ())


@pytest.mark.check
def test_a_comment_made_and_saved_by_other_programs_keeps_its_place_and_author(tmp_path: Path) -> None:
    document = Document(io.BytesIO(report()))
    table = next(one for one in document.tables if "Remarks" in one.rows[0].cells[1].text)
    row = next(one for one in table.rows if one.cells[0].text.startswith("i.plan"))
    document.add_comment(row.cells[0].paragraphs[0].runs, "Which plan?", author="Ministère de l’Intérieur")
    file = tmp_path / "sent.docx"
    document.save(str(file))
    for content in (file.read_bytes(), converted(file, "docx").read_bytes()):
        (remark,) = read(content).remarks
        assert (remark.address, remark.text) == (PLAN, "Which plan?")
        assert remark.author == "Ministère de l’Intérieur"
        assert remark.date.startswith("20")


def test_a_strict_file_is_read_like_any_other(desk: Desk) -> None:
    desk.fill(LAW, run("Strict."))
    parts = word_parts(desk.saved())
    parts[BODY] = parts[BODY].replace(W[1:-1].encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, part in parts.items():
            file.writestr(name, part)
    assert said(read(buffer.getvalue())) == {"i.law": ["Strict."]}


@pytest.mark.parametrize("broken", [b"", b"PK\x05\x06" + bytes(18), b"no archive at all"])
def test_what_is_no_word_file_is_refused(broken: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read(broken)


def remark_tags() -> list[str]:
    return [tag for tag in tags(report()) if tag.startswith("remark:")]


def test_every_room_of_the_report_is_known() -> None:
    desk = Desk(report())
    names = [one.get(f"{W}name") for one in desk.body.iter(f"{W}bookmarkStart")]
    assert sum(name.startswith(BOOKMARK_PREFIX) for name in names) == len(remark_tags())
    for tag in remark_tags():
        desk.fill(Address.parse(tag.removeprefix("remark:")), run(f"About {tag}."))
    found = said(read(desk.saved()))
    assert found == {tag.removeprefix("remark:"): [f"About {tag}."] for tag in remark_tags()}
