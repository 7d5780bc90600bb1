"""A questionnaire to be tried: an assessment of no country, in a folder that goes when nobody looks any more."""

from pathlib import Path

from capacity_app.domain.assessment import Mission
from capacity_app.domain.instrument import Instrument
from capacity_app.domain.problems import N_, Translate
from capacity_app.services.assessment_session import create_assessment

DEVICE = "preview"


def write_preview(file: Path, instrument: Instrument, translate: Translate = str) -> None:
    """Make an empty assessment to try an instrument with; raises KnownError."""
    mission = Mission(country="XXA", country_name=translate(N_("Preview")), round=translate(N_("Preview")))
    create_assessment(file, instrument, mission, device=DEVICE)
