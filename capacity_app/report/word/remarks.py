"""Where a ministry writes its remarks: content controls that say by themselves what a remark is about.

A control's tag is "remark:" and an address ("remark:iv.policy/a"), so that whoever reads the file back finds
the place whatever was moved. Word allows 64 letters in a tag: a longer address stands there as "remark:~" and the
beginning of its SHA-256. LibreOffice up to 7.4 drops tags on saving but keeps bookmarks, so one stands before every
control, named by the same digits. ``marks_of`` turns both back for the addresses of an instrument.
"""

import hashlib
from collections.abc import Iterable

from capacity_app.domain.answers import Address
from capacity_app.domain.problems import N_
from capacity_app.report.view.pieces import shortened
from capacity_app.report.word.compositor import Compositor
from capacity_app.report.word.markup import Xml, escaped

TAG, BOOKMARK = "remark:", "_remark_"
_HASHED, _TAG_DIGITS, _BOOKMARK_DIGITS = "~", 40, 30
_TAG_LIMIT, _TITLE_LIMIT = 64, 60
_PLACEHOLDER = "DefaultPlaceholder_-1854013440"
"""The empty text that every Word knows for itself."""


def _digits(address: str, count: int) -> str:
    return hashlib.sha256(address.encode()).hexdigest()[:count]


def tag_of(address: str) -> str:
    """Return the tag of the control for remarks on an address."""
    tag = f"{TAG}{address}"
    return tag if len(tag) <= _TAG_LIMIT else f"{TAG}{_HASHED}{_digits(address, _TAG_DIGITS)}"


def bookmark_of(address: str) -> str:
    """Return the name of the bookmark before the control for remarks on an address."""
    return f"{BOOKMARK}{_digits(address, _BOOKMARK_DIGITS)}"


def marks_of(addresses: Iterable[Address]) -> dict[str, Address]:
    """Return addresses by the tags and by the bookmarks of their controls, to read remarks back."""
    return {mark: one for one in addresses for mark in (tag_of(str(one)), bookmark_of(str(one)))}


def control(setter: Compositor, address: str, number: str) -> Xml:
    """Make the paragraph in which remarks on an address are written; ``number`` is how the place is printed."""
    remarks = setter.say(N_("Remarks"))
    title = shortened(f"{remarks} {number or address}", _TITLE_LIMIT)
    shown = setter.main.runs(remarks, "PlaceholderText")
    inside = Xml(
        f'<w:sdt><w:sdtPr><w:alias w:val="{escaped(title)}"/><w:tag w:val="{escaped(tag_of(address))}"/>'
        f'<w:id w:val="{setter.count("control")}"/><w:placeholder><w:docPart w:val="{_PLACEHOLDER}"/></w:placeholder>'
        f'<w:showingPlcHdr/><w:text w:multiLine="1"/></w:sdtPr><w:sdtContent>{shown}</w:sdtContent></w:sdt>'
    )
    return setter.main.paragraph("Remarks", setter.mark(bookmark_of(address)), inside)
