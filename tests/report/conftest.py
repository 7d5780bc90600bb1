"""What several tests of the report look at: made once for all processes of a run, as it takes seconds."""

from pathlib import Path

import pytest

from capacity_app.domain.appraisal import appraise
from capacity_app.report.pdf.report import render_pdf
from capacity_app.report.view.report import report_view
from capacity_app.services.demonstration import demonstration
from capacity_app.services.reporting import report_bytes
from capacity_app.texts import Texts
from capacity_app.wording import Wording
from tests.conftest import Once
from tests.report.example import report_dossier


@pytest.fixture(scope="session")
def demonstration_pdf(made_once: Once) -> Path:
    """The whole report of the demonstration."""
    return made_once("demonstration.pdf", lambda: report_bytes(demonstration()[0], ".pdf", texts=Texts("en")))


@pytest.fixture(scope="session")
def example_pdf(made_once: Once) -> Path:
    """The report of the small example, with every part."""

    def render() -> bytes:
        appraisal, texts = appraise(report_dossier()), Texts("en")
        return render_pdf(report_view(appraisal, Wording(texts, appraisal.dossier)), texts)

    return made_once("example.pdf", render)
