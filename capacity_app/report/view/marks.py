"""What a report says of itself in a form that programs read: the names under which each kind of file keeps it.

HTML: ``<meta name="capacity-app:content_hash">``. PDF: XMP property ``content_hash`` of ``XMP_NAMESPACE``, and
the entry ``CapacityAppContentHash`` of the document information. Word: custom property ``capacity-app:content_hash``.
"""

from capacity_app.report.view.identity import Identity

MARKS = tuple(Identity.__dataclass_fields__)
"""Every mark, in the order in which files say them."""
CONTENT = "content"
"""What a file that people edit was printed from, for printing it again; Word keeps it as a part of its own."""
CONTENT_NAMESPACE = "urn:capacity-app:content"

XMP_NAMESPACE = "urn:capacity-app:report/"
XMP_PREFIX = "capacity"


def property_name(mark: str) -> str:
    """Return the name of a mark in HTML (meta) and Word (custom property): "capacity-app:instrument_version"."""
    return f"capacity-app:{mark}"


def info_key(mark: str) -> str:
    """Return the key of a mark in the document information of a PDF: "CapacityAppInstrumentVersion"."""
    return "CapacityApp" + "".join(word.capitalize() for word in mark.split("_"))
