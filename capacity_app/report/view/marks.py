"""What a report says of itself in a form that programs read: the names under which each kind of file keeps it.

HTML: ``<meta name="capacity-app:fingerprint">``. PDF: XMP property ``fingerprint`` of ``XMP_NAMESPACE``, and
the entry ``CapacityAppFingerprint`` of the document information. Word: custom property ``capacity-app:fingerprint``.
"""

FINGERPRINT = "fingerprint"
ASSESSMENT = "assessment"
INSTRUMENT = "instrument"
INSTRUMENT_VERSION = "instrument_version"
PROFILE = "profile"
LANGUAGE = "language"
FORMAT = "format"
PROGRAM = "program"
COUNTRY = "country"
ROUND = "round"
EXPORTED = "exported"
RECORDED = "recorded"
PUBLIC_KEY = "public_key"
SIGNATURE = "signature"
MARKS = (
    FINGERPRINT, ASSESSMENT, COUNTRY, ROUND, INSTRUMENT, INSTRUMENT_VERSION, PROFILE, LANGUAGE, EXPORTED,
    FORMAT, PROGRAM, RECORDED, PUBLIC_KEY, SIGNATURE,
)  # fmt: skip
"""Every mark, in the order in which files say them."""

XMP_NAMESPACE = "urn:capacity-app:report/"
XMP_PREFIX = "capacity"


def property_name(mark: str) -> str:
    """Give the name of a mark in HTML (meta) and Word (custom property): "capacity-app:instrument_version"."""
    return f"capacity-app:{mark}"


def info_key(mark: str) -> str:
    """Give the key of a mark in the document information of a PDF: "CapacityAppInstrumentVersion"."""
    return "CapacityApp" + "".join(word.capitalize() for word in mark.split("_"))
