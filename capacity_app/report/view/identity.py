"""What a report says of itself to programs: which assessment it shows, on which instrument, for whom."""

from dataclasses import dataclass

from capacity_app import __version__
from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.published import questionnaire_of

FORMAT = "1"
"""Version of what a report says of itself; a reader refuses a higher one."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The fields have the names and meanings of a workbook's keys.

    ``exported`` is the moment of the last answer; ``questionnaire`` tells whether it is a published one.
    """

    format: str
    program: str
    instrument: str
    instrument_version: str
    instrument_hash: str
    questionnaire: str
    supplements: str
    assessment: str
    country: str
    round: str
    language: str
    profile: str
    exported: str
    content_hash: str


def identity_of(appraisal: Appraisal, language: str) -> Identity:
    """Gather it; ``language`` is the report's own."""
    instrument, mission = appraisal.dossier.instrument, appraisal.dossier.mission
    return Identity(
        format=FORMAT,
        program=__version__,
        instrument=instrument.id,
        instrument_version=instrument.version,
        instrument_hash=instrument.content_hash,
        questionnaire=questionnaire_of(instrument).value,
        supplements="; ".join(instrument.supplements),
        assessment=appraisal.dossier.id,
        country=mission.country,
        round=mission.round,
        language=language,
        profile=appraisal.profile.value,
        exported=appraisal.last_change,
        content_hash=appraisal.content_hash,
    )
