"""What several tests of the report look at: made once for all processes of a run, as it takes seconds."""

from pathlib import Path

import pytest

from capacity_app.domain.assessment.privacy import ReportProfile, ReportVolume
from capacity_app.outputs.pdf.rendering import render_pdf
from capacity_app.services.reports import report_bytes
from capacity_app.services.session.demonstration import demonstration
from tests.conftest import Once
from tests.outputs.chapters import ENGLISH, view_of


@pytest.fixture(scope="session")
def demonstration_pdf(made_once: Once) -> Path:
    """The full report of the demonstration."""
    return made_once(
        "demonstration.pdf",
        lambda: report_bytes(demonstration()[0], ".pdf", texts=ENGLISH, profile=ReportProfile(ReportVolume.FULL)),
    )


def _volume(made_once: Once, volume: ReportVolume) -> Path:
    profile = ReportProfile(volume)
    return made_once(
        f"demonstration-{volume}.pdf",
        lambda: report_bytes(demonstration()[0], ".pdf", texts=ENGLISH, profile=profile),
    )


@pytest.fixture(scope="session")
def brief_pdf(made_once: Once) -> Path:
    return _volume(made_once, ReportVolume.BRIEF)


@pytest.fixture(scope="session")
def report_pdf(made_once: Once) -> Path:
    return _volume(made_once, ReportVolume.REPORT)


@pytest.fixture(scope="session")
def example_pdf(made_once: Once) -> Path:
    """The full report of the small example."""
    return made_once("example.pdf", lambda: render_pdf(view_of(), ENGLISH))
