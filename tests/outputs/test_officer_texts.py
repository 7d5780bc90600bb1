"""What a questionnaire tells the officer alone is in no file that leaves: no report, form, export or letter."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from capacity_app import paths
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.privacy import FULL_PROFILE
from capacity_app.domain.planning.agenda import build_agenda
from capacity_app.domain.questionnaire.instrument import Question
from capacity_app.domain.questionnaire.versions import PublicationStatus, publication_status
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.word.letter import fill_letter, letter_values, standard_letter
from capacity_app.questionnaires.instrument_json import decode_instrument, encode_instrument
from capacity_app.questionnaires.reader import read_instrument
from capacity_app.questionnaires.xlsform.exporter import export_form
from capacity_app.questionnaires.xlsform.form import form_workbook
from capacity_app.services.reports import (
    blank_form_bytes,
    blank_form_request,
    decode_content_block,
    encode_content_block,
    report_bytes,
)
from capacity_app.services.session.dossier_json import dossier_to_json
from tests.outputs.example import report_dossier
from tests.outputs.unpacking import holders

ENGLISH = Translator("en")
OPEN, PRIVATE = "zqopenly", "zqprivately"


def _told(question: Question) -> Question:
    columns = tuple(replace(one, definition=f"{OPEN}-column", officer_note=PRIVATE) for one in question.columns)
    rows = tuple(replace(one, definition=f"{OPEN}-row", officer_note=PRIVATE) for one in question.rows)
    return replace(question, definition=f"{OPEN}-question", officer_note=PRIVATE, columns=columns, rows=rows)


@cache
def told() -> Dossier:
    """Tell the officer something private at every place that can."""
    dossier = report_dossier()
    sections = tuple(
        replace(
            one,
            introduction=f"{OPEN}-part",
            officer_introduction=PRIVATE,
            questions=tuple(_told(question) for question in one.questions),
        )
        for one in dossier.instrument.sections
    )
    instrument = replace(dossier.instrument, sections=sections)
    previous = dossier.previous and replace(dossier.previous, instrument=instrument)
    return replace(dossier, instrument=instrument, previous=previous)


def letter(dossier: Dossier) -> bytes:
    agenda = build_agenda(dossier.instrument, dossier.agencies, dossier.meetings)
    formatter = Formatter(ENGLISH, dossier)
    agency = next(iter(agenda.by_agency))
    values = letter_values(formatter, agenda.by_agency[agency], agenda.minutes_by_section, "2018-11-01")
    return fill_letter(standard_letter(), values, formatter)[0]


def files() -> Iterator[tuple[str, bytes]]:
    dossier = told()
    for ending in (".pdf", ".docx", ".html", ".xlsx"):
        yield f"report{ending}", report_bytes(dossier, ending, texts=ENGLISH)
    for ending in (".pdf", ".xlsx"):
        yield f"form{ending}", blank_form_bytes(blank_form_request(dossier), ending, texts=ENGLISH)
    yield "xlsform.xlsx", form_workbook(export_form(dossier.instrument, (), dossier.instrument.content_hash))
    yield "dossier.json", dossier_to_json(dossier, {}).encode()
    yield "letter.docx", letter(dossier)


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return dict(files())


@pytest.mark.check
def test_no_file_that_leaves_holds_an_officers_text(made: dict[str, bytes]) -> None:
    assert {name: found for name, content in made.items() if (found := holders(content, PRIVATE))} == {}


@pytest.mark.parametrize("name", ["form.xlsx", "xlsform.xlsx", "dossier.json"])
@pytest.mark.parametrize("part", ["question", "row", "column", "part"])
def test_what_is_for_everybody_is_there(made: dict[str, bytes], name: str, part: str) -> None:
    assert holders(made[name], f"{OPEN}-{part}")


def test_what_a_report_carries_of_the_questionnaire_holds_none() -> None:
    block = encode_content_block(told(), ENGLISH, None, profile=FULL_PROFILE, content_hash="")
    carried = decode_content_block(block)
    assert carried is not None
    assert carried.dossier is not None
    assert PRIVATE.encode() not in bytes(carried.dossier.instrument)
    assert OPEN.encode() in bytes(carried.dossier.instrument)


def test_the_content_hash_is_the_same_without_the_officers_texts() -> None:
    instrument = told().instrument
    public = encode_instrument(instrument.without_officer_texts())
    assert PRIVATE not in public
    assert decode_instrument(public).content_hash == instrument.content_hash


def test_a_file_with_the_hash_of_version_0_6_is_of_the_same_questionnaire() -> None:
    instrument, problems = read_instrument(paths.instruments_folder() / "un-fpos-1.0")
    assert instrument is not None, problems
    assert "0e27a9effbe3eb5829c85d3471afd23b24182414342b085e863a25bb1819ad2d" in instrument.hashes
    assert publication_status(decode_instrument(encode_instrument(instrument))) is PublicationStatus.PUBLISHED
