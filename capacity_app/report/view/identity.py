"""What a report says of itself to programs: which assessment it shows, on which instrument, for whom."""

from dataclasses import dataclass

from capacity_app import __version__
from capacity_app.domain.appraisal import Appraisal

FORMAT = "1"
"""Version of what a report says of itself; a reader refuses a higher one."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The fields have the names and meanings of a workbook's keys.

    ``instrument_hash`` is empty where the caller does not know it; ``exported`` is the moment of the last answer;
    ``fingerprint`` are all digits; ``recorded``, ``public_key`` and ``signature`` are those of ``domain.signature``.
    """

    format: str
    program: str
    instrument: str
    instrument_version: str
    instrument_hash: str
    supplements: str
    assessment: str
    country: str
    round: str
    language: str
    profile: str
    exported: str
    fingerprint: str
    recorded: str
    public_key: str
    signature: str


def identity_of(appraisal: Appraisal, language: str, instrument_hash: str) -> Identity:
    """Gather it; ``language`` is the report's own."""
    instrument, mission, signature = appraisal.dossier.instrument, appraisal.dossier.mission, appraisal.signature
    return Identity(
        format=FORMAT,
        program=__version__,
        instrument=instrument.id,
        instrument_version=instrument.version,
        instrument_hash=instrument_hash,
        supplements="; ".join(instrument.supplements),
        assessment=appraisal.dossier.id,
        country=mission.country,
        round=mission.round,
        language=language,
        profile=appraisal.profile.value,
        exported=appraisal.last_change,
        fingerprint=appraisal.fingerprint,
        recorded=signature.recorded,
        public_key=signature.public_key,
        signature=signature.value,
    )
