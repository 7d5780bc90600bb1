"""Which assessment a report shows, and the names under which each kind of file keeps that."""

from capacity_app import __version__
from capacity_app.domain.assessment.derived_results import Appraisal
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.domain.questionnaire.versions import publication_status

REPORT_FORMAT = "1"
"""Version of what a report says of itself; a reader refuses a higher one."""


@dataclass(frozen=True, slots=True)
class ReportIdentity:
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
    questions: str
    assessment: str
    country: str
    round: str
    language: str
    profile: str
    exported: str
    content_hash: str


def report_identity(appraisal: Appraisal, language: str, instrument: Instrument | None = None) -> ReportIdentity:
    """Gather it; ``language`` is the report's own, ``instrument`` the whole one where a part of it is asked."""
    dossier, mission = appraisal.dossier, appraisal.dossier.mission
    instrument = instrument or dossier.instrument
    return ReportIdentity(
        format=REPORT_FORMAT,
        program=__version__,
        instrument=instrument.id,
        instrument_version=instrument.version,
        instrument_hash=instrument.content_hash,
        questionnaire=publication_status(instrument).value,
        supplements="; ".join(dossier.instrument.supplements),
        questions=mission.profile,
        assessment=dossier.id,
        country=mission.country,
        round=mission.round,
        language=language,
        profile=str(appraisal.profile),
        exported=appraisal.last_change,
        content_hash=appraisal.content_hash,
    )


# What a report says of itself in a form that programs read: the names under which each kind of file keeps it.
#
# HTML: ``<meta name="capacity-app:content_hash">``. PDF: XMP property ``content_hash`` of ``XMP_NAMESPACE``, and
# the entry ``CapacityAppContentHash`` of the document information. Word: custom property ``capacity-app:content_hash``.


IDENTITY_KEYS = tuple(ReportIdentity.__dataclass_fields__)
"""Every mark, in the order in which files say them."""
CONTENT = "content"
"""What a file that people edit was printed from, for printing it again; Word keeps it as a part of its own."""
CONTENT_NAMESPACE = "urn:capacity-app:content"

XMP_NAMESPACE = "urn:capacity-app:report/"
XMP_PREFIX = "capacity"


def property_name(mark: str) -> str:
    """Return the name of a mark in HTML (meta) and Word (custom property): "capacity-app:instrument_version"."""
    return f"capacity-app:{mark}"


def pdf_info_key(mark: str) -> str:
    """Return the key of a mark in the document information of a PDF: "CapacityAppInstrumentVersion"."""
    return "CapacityApp" + "".join(word.capitalize() for word in mark.split("_"))
