"""What only the officer reads stands in nothing that leaves the computer for others to read."""

from dataclasses import replace
from functools import cache

import pytest

from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.questionnaires.xlsform.exporter import export_form
from capacity_app.questionnaires.xlsform.form import form_workbook
from capacity_app.services.reports import blank_form_bytes, blank_form_request, report_bytes
from tests.builders import small_dossier
from tests.outputs.chapters import ENGLISH
from tests.outputs.unpacking import holders

OFFICER = "zqofficer"
"""A word that stands in every text for the officer, and in no other."""


def with_officer_texts(instrument: Instrument) -> Instrument:
    sections = (
        replace(
            section,
            officer_introduction=OFFICER,
            questions=tuple(
                replace(
                    question,
                    definition="zqeverybody",
                    officer_note=OFFICER,
                    columns=tuple(replace(one, officer_note=OFFICER) for one in question.columns),
                    rows=tuple(replace(one, officer_note=OFFICER) for one in question.rows),
                )
                for question in section.questions
            ),
        )
        for section in instrument.sections
    )
    return replace(instrument, sections=tuple(sections))


@cache
def dossier() -> Dossier:
    given = small_dossier()
    return replace(given, instrument=with_officer_texts(given.instrument))


@pytest.mark.parametrize("ending", [".pdf", ".docx", ".html", ".xlsx"])
def test_no_report_holds_a_text_for_the_officer(ending: str) -> None:
    assert holders(report_bytes(dossier(), ending, texts=ENGLISH), OFFICER) == []


@pytest.mark.parametrize("ending", [".pdf", ".xlsx"])
def test_no_blank_form_holds_a_text_for_the_officer(ending: str) -> None:
    content = blank_form_bytes(blank_form_request(dossier()), ending, texts=ENGLISH)
    assert holders(content, OFFICER) == []


def test_a_form_for_phones_holds_the_definitions_and_no_text_for_the_officer() -> None:
    content = form_workbook(export_form(dossier().instrument, (), "0" * 64))
    assert holders(content, OFFICER) == []
    assert holders(content, "zqeverybody") != []
