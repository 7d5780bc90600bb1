"""What several tests of the report look at: made once for all processes of a run, as it takes seconds."""

from pathlib import Path

import pytest

from capacity_app.domain.assessment.derived_results import appraise
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.content.report import report_content
from capacity_app.outputs.pdf.rendering import render_pdf
from capacity_app.services.reports import report_bytes
from capacity_app.services.session.demonstration import demonstration
from tests.conftest import Once
from tests.outputs.example import report_dossier


@pytest.fixture(scope="session")
def demonstration_pdf(made_once: Once) -> Path:
    """The whole report of the demonstration."""
    return made_once("demonstration.pdf", lambda: report_bytes(demonstration()[0], ".pdf", texts=Translator("en")))


@pytest.fixture(scope="session")
def example_pdf(made_once: Once) -> Path:
    """The report of the small example, with every part."""

    def render() -> bytes:
        appraisal, texts = appraise(report_dossier()), Translator("en")
        return render_pdf(report_content(appraisal, Formatter(texts, appraisal.dossier)), texts)

    return made_once("example.pdf", render)
