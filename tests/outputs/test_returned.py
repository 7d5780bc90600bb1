"""What came back is printed: returned files, remarks and answers of an earlier version; nothing where nothing did."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.privacy import ReportProfile, person_names
from capacity_app.outputs.content.elements import Cards, ContentTable, Heading
from capacity_app.outputs.html_pages import render_html
from capacity_app.outputs.pdf.rendering import html_for_paper
from capacity_app.services.reports import report_bytes
from tests.outputs.boxes import lay_out, pieces, set_text
from tests.outputs.chapters import ENGLISH, chapter, of_kind, view_of
from tests.outputs.example import report_dossier
from tests.outputs.reading import html_text, missing, unseen
from tests.outputs.returned import hostile_returned, with_returned
from tests.outputs.word_reading import word_text
from tests.outputs.workbook import reading as workbook_reading


def only_what_came_back(dossier: Dossier) -> Dossier:
    """Leave the returned registers alone, so that only their annexes have something to print."""
    return Dossier(
        id=dossier.id, instrument=dossier.instrument, agencies=dossier.agencies, evidence=dossier.evidence,
        returns=dossier.returns, remarks=dossier.remarks, kept=dossier.kept,
    )  # fmt: skip


DOSSIERS = [with_returned, hostile_returned]


@pytest.mark.parametrize("make", DOSSIERS)
def test_everything_that_came_back_is_on_the_screen(make: Callable[[], Dossier]) -> None:
    assert missing(make(), html_text(render_html(view_of(make()), ENGLISH, "")), ENGLISH) == []


@pytest.mark.check
@pytest.mark.parametrize("make", DOSSIERS)
def test_everything_that_came_back_is_set_on_paper(make: Callable[[], Dossier]) -> None:
    dossier = only_what_came_back(make())
    assert unseen(dossier, set_text(pieces(lay_out(html_for_paper(view_of(dossier), ENGLISH)))), ENGLISH) == []


@pytest.mark.parametrize("make", DOSSIERS)
def test_everything_that_came_back_is_in_the_word_file(make: Callable[[], Dossier]) -> None:
    assert unseen(make(), word_text(report_bytes(make(), ".docx", texts=ENGLISH)), ENGLISH) == []


@pytest.mark.parametrize("make", DOSSIERS)
def test_everything_that_came_back_is_in_the_workbook(make: Callable[[], Dossier]) -> None:
    book = workbook_reading.opened(report_bytes(make(), ".xlsx", texts=ENGLISH))
    assert workbook_reading.missing(make(), workbook_reading.strings(book)) == []


def test_a_report_says_when_a_file_was_taken_in_and_nothing_of_an_old_signature() -> None:
    view = view_of(with_returned())
    (files,), (remarks,) = (of_kind(chapter(view, name).blocks, Cards) for name in ("returned", "comments"))
    said = {fact.label: fact.text for fact in files.cards[0].facts}
    assert "Signature" not in said
    assert said["Imported"] == "12 December 2018, 08:30 UTC"
    # In the order of the questionnaire; what has no place in it comes last.
    assert [card.title for card in remarks.cards] == ["a.law", "b.policy A", "no such place"]
    assert {fact.label: fact.text for fact in remarks.cards[0].facts}["Stands in"].startswith(
        "statistics office.xlsx, "
    )
    (documents,) = of_kind(chapter(view, "returned").blocks, ContentTable)
    assert documents.rows[0].cells[3].text == "b2" * 32


def test_kept_answers_stand_under_what_becomes_of_them() -> None:
    blocks = chapter(view_of(with_returned()), "kept").blocks
    assert [one.text for one in of_kind(blocks, Heading)] == ["To be confirmed", "No longer asked"]
    ((confirmed,), (judged, odd)) = (one.cards for one in of_kind(blocks, Cards))
    facts = {fact.label: fact.text for fact in confirmed.facts}
    assert facts["Evidence"] == "E3 [1], e-gone"
    assert facts["To confirm at"] == "b.known"
    assert facts["Recorded"].endswith("4 May 2016, 10:00 UTC · French")
    assert (judged.facts[0].label, judged.facts[0].text) == ("Assessor’s judgement", "unknown")
    assert (odd.facts[0].label, odd.facts[0].text) == ("other · MoI", "odd")


def test_nothing_is_printed_where_nothing_came_back() -> None:
    assert not {"returned", "kept"} & {one.anchor for one in view_of().chapters}
    book = workbook_reading.written(report_dossier())
    assert not {"Returned files", "Remarks", "Earlier answers"} & set(book.sheetnames)


@pytest.mark.parametrize(
    ("register", "sheet"), [("returns", "Returned files"), ("remarks", "Remarks"), ("kept", "Earlier answers")]
)
def test_a_workbook_has_a_sheet_for_what_there_is(register: str, sheet: str) -> None:
    whole = with_returned()
    nothing: dict[str, Any] = {"returns": (), "remarks": (), "kept": ()}
    book = workbook_reading.written(replace(whole, **nothing | {register: getattr(whole, register)}))
    assert {"Returned files", "Remarks", "Earlier answers"} & set(book.sheetnames) == {sheet}


@pytest.mark.check
def test_no_name_of_a_person_is_left_where_names_are_withheld() -> None:
    dossier = with_returned()
    people = {"Carla Moreno", "Ivo Brand", "Ruth Okoro"}
    sender, author, answerer = sorted(people)
    named = replace(
        dossier,
        returns=tuple(replace(one, person=sender, note=f"sent by {sender}") for one in dossier.returns),
        remarks=tuple(replace(one, author=author, text=f"Ask {author} about it") for one in dossier.remarks),
        kept=tuple(replace(one, author=answerer, answered=f"said {answerer}") for one in dossier.kept),
    )
    assert people <= set(person_names(named))
    for suffix in (".html", ".xlsx", ".docx"):
        content = report_bytes(named, suffix, texts=ENGLISH, profile=ReportProfile.parse("no-names"))
        if suffix == ".xlsx":
            text = workbook_reading.strings(workbook_reading.opened(content))
        else:
            text = content.decode() if suffix == ".html" else word_text(content)
        assert not [name for name in people if name in text], suffix
