"""A report as Word file that came back: the remarks written into it, whoever saved it last.

The answers in it are not read: a report shows them for people. What a ministry writes is a remark on a question, from
whatever means it chose: the fields for remarks, comments, notes, boxes, tracked changes.
"""

import hashlib
import io
import re
import zipfile

from capacity_app.domain.instrument import Instrument
from capacity_app.domain.problems import N_, Problem, Severity
from capacity_app.domain.returned import Returned
from capacity_app.domain.verification import Medium, Stamp, stamp_of
from capacity_app.report.pdf.stamps import word_properties
from capacity_app.report.word.passages import Element, Passages, parsed
from capacity_app.report.word.reviewing import NOTES, left_in
from capacity_app.report.word.rooms import look_into_rooms

NO_ROOMS = N_("“{file}” has no fields for remarks any more: the program that saved it took them out.")
NO_ROOMS_ADVICE = N_(
    "Its comments and tracked changes were read. Remarks written into the table have to be copied by hand, or the file "
    "saved by Word or LibreOffice."
)
_BODY, _STYLES = "word/document.xml", "word/styles.xml"
_HASH = re.compile(r"\b[0-9a-f]{4}(?: [0-9a-f]{4}){3}\b")
"""A content hash as the cover shows it: what is left of a report that lost everything else."""


class NotOurs(ValueError):  # noqa: N818 - a ValueError told apart by what it says
    """A Word file that is no report of this program, or has lost everything by which one could tell."""


def word_identity(content: bytes) -> tuple[Stamp, str, tuple[str, ...]]:
    """Return what a Word file says of itself, its instrument's hash and supplements; raises ValueError if damaged."""
    with _opened(content) as package:
        said = word_properties(package)
        supplements = tuple(part for part in said.get("supplements", "").split("; ") if part)
        return stamp_of(said), said.get("instrument_hash", ""), supplements


def read_returned_word(content: bytes, file: str, instrument: Instrument) -> Returned:
    """Read the remarks in a Word file; raises ValueError if it is damaged, NotOurs if it is somebody else's."""
    with _opened(content) as package:
        said = word_properties(package)
        parts = {name: _part(package, name) for name in (_BODY, _STYLES, *NOTES) if name in package.namelist()}
    if _BODY not in parts:
        raise ValueError(_BODY)
    passages = Passages(parts[_BODY], parts.get(_STYLES), instrument)
    if not (passages.rooms or said or _HASH.search("".join(parts[_BODY].itertext()))):
        raise NotOurs(file)
    found = look_into_rooms(passages, file)
    for left in left_in(passages, parts):
        remark = left.remark()
        if remark is None:
            found.unplaced.append(left.unplaced())
        elif remark not in found.remarks:
            found.remarks.append(remark)
    if not passages.rooms:
        values = (("file", file),)
        found.problems.append(Problem("word.no-rooms", file, NO_ROOMS, NO_ROOMS_ADVICE, values, Severity.WARNING))
    return Returned(
        medium=Medium.WORD,
        file=file,
        sha256=hashlib.sha256(content).hexdigest(),
        stamp=stamp_of(said),
        instrument_hash=said.get("instrument_hash", ""),
        remarks=tuple(found.remarks),
        unplaced=tuple(found.unplaced),
        problems=tuple(found.problems),
    )


def _opened(content: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile as error:
        raise ValueError(str(error)) from error


def _part(package: zipfile.ZipFile, name: str) -> Element:
    return parsed(package.read(name))
