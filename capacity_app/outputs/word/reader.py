"""A returned Word report: remarks in its fields, comments, notes, boxes and tracked changes.

The answers in it are not read: a report shows them for people. What a ministry writes is a remark on a question, from
whatever means it chose: the fields for remarks, comments, notes, boxes, tracked changes.
"""

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import field, replace
from datetime import datetime
from functools import cache
from itertools import takewhile

from capacity_app.domain.assessment.answers import Address, tidy_text
from capacity_app.domain.assessment.editable_fields import (
    POINT,
    SENDER_AGENCY,
    SENDER_DATE,
    SENDER_PERSON,
    ReturnedField,
    key_digest,
    plain_lines,
    text_digest,
)
from capacity_app.domain.assessment.returned_files import ReturnedContent, ReturnedRemark, UnplacedText
from capacity_app.domain.assessment.verification import ExportStamp, FileMedium, stamp_of
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, Problem, ProblemSeverity
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.i18n.catalogues import program_languages
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.content.elements import shorten
from capacity_app.outputs.file_identity import read_word_properties
from capacity_app.outputs.word.parsed_document import (
    AUTHOR,
    BOX,
    CONTROL,
    DATE,
    DELETED,
    ID,
    INSERTED,
    MARK,
    PARAGRAPH,
    RUN,
    Element,
    ParsedDocument,
    W,
    deleted_text,
    parse_part,
    tag_of_control,
    value_of,
    visible_text,
    visible_texts,
)
from capacity_app.outputs.word.word_context import FIELD_TAG

# What readers left in a Word file with its own means: comments, notes below the text, boxes, tracked changes.


NO_PLACE = N_("It stands where the report is not about a single question.")
_KINDS = {
    "comment": ("word/comments.xml", ("commentRangeStart", "commentReference")),
    "footnote": ("word/footnotes.xml", ("footnoteReference",)),
    "endnote": ("word/endnotes.xml", ("endnoteReference",)),
}
_NOTE_PARTS = tuple(part for part, _ in _KINDS.values())
_PAGE_EDGE = re.compile(r"word/(?:header|footer)\d*\.xml")
_TITLE = f"{W}sdtPr/{W}alias"
_AROUND = 60
_BETWEEN = " … "


@dataclass(frozen=True, slots=True)
class ReviewerNote:
    """Something a reader left; ``address`` is None where it stands at no question."""

    text: str
    place: str
    address: Address | None
    author: str = ""
    date: str = ""

    def remark(self) -> ReturnedRemark | None:
        """Return it as a remark on a place."""
        if self.address is None:
            return None
        return ReturnedRemark(
            address=self.address, text=self.text, place=self.place, author=self.author, date=self.date
        )

    def unplaced(self) -> UnplacedText:
        """Return it as a text without a place, whose author is told with where it stood."""
        told = ", ".join(part for part in (self.place, self.author, self.date[:10]) if part)
        return UnplacedText(place=told, text=self.text, reason=NO_PLACE)


def reviewer_notes(passages: ParsedDocument, notes: Mapping[str, Element]) -> Iterator[ReviewerNote]:
    """Read everything readers left; ``notes`` are the parts with comments, notes, headers and footers."""
    for kind, (part, references) in _KINDS.items():
        if part in notes:
            yield from _note_remarks(passages, notes[part], kind, references)
    for box in passages.document.iter(BOX):
        if (
            passages.room_around(box) is None
            and not any(True for _ in box.iterancestors(_FALLBACK))
            and visible_text(box)
        ):
            yield ReviewerNote(
                visible_text(box),
                passages.heading_at(_outside_fallback(box)),
                passages.address_at(_outside_fallback(box)),
            )
    page_edges = [part for name, part in notes.items() if _PAGE_EDGE.fullmatch(name)]
    for part in (passages.document, *page_edges):
        yield from _join_neighbours(_tracked_changes(passages, part))


_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def _outside_fallback(box: Element) -> Element:
    return next(box.iterancestors(PARAGRAPH), box)


# -- comments and notes --------------------------------------------------------------------------------------------


def _note_remarks(
    passages: ParsedDocument, part: Element, kind: str, references: tuple[str, ...]
) -> Iterator[ReviewerNote]:
    anchors: dict[str, Element] = {}
    for name in references:
        for anchor in passages.document.iter(f"{W}{name}"):
            anchors.setdefault(anchor.get(ID, ""), anchor)
    for note in part.iter(f"{W}{kind}"):
        text, anchor = visible_text(note), anchors.get(note.get(ID, ""))
        if text and note.get(f"{W}type") is None:
            address, place = (None, "") if anchor is None else _anchor_place(passages, anchor)
            yield ReviewerNote(text, place, address, note.get(AUTHOR, ""), note.get(DATE, ""))


def _anchor_place(passages: ParsedDocument, anchor: Element) -> tuple[Address | None, str]:
    """Return where something is anchored; what begins between paragraphs belongs to the next one."""
    element = anchor
    if not any(True for _ in anchor.iterancestors(PARAGRAPH)):
        element = next((one for one in anchor.itersiblings() if one.tag == PARAGRAPH), anchor)
    return passages.address_at(element), passages.heading_at(element)


# -- tracked changes -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Change:
    """What one person changed in one paragraph; ``is_whole`` if nothing else stands in it."""

    left: ReviewerNote
    paragraph: Element
    is_whole: bool


def _tracked_changes(passages: ParsedDocument, part: Element) -> Iterator[_Change]:
    """Read the tracked changes outside of the rooms for remarks, paragraph by paragraph."""
    paragraphs: dict[Element, list[Element]] = {}
    for change in part.iter(*INSERTED, *DELETED):
        paragraph = next(change.iterancestors(PARAGRAPH), None)
        is_inside = any(True for _ in change.iterancestors(*INSERTED, BOX))
        is_outside = passages.room_around(change) is None and not _is_in_field(passages, change)
        if paragraph is not None and not is_inside and is_outside:
            paragraphs.setdefault(paragraph, []).append(change)
    for paragraph, changes in paragraphs.items():
        for author in dict.fromkeys(change.get(AUTHOR, "") for change in changes):
            made = [change for change in changes if change.get(AUTHOR, "") == author]
            yield from _changes_in_paragraph(passages, paragraph, author, made)


def _is_in_field(passages: ParsedDocument, change: Element) -> bool:
    """Return whether a change stands in a field, whose text comes back as a whole."""
    return any(run in passages.field_runs for run in change.iter(RUN))


def _changes_in_paragraph(
    passages: ParsedDocument, paragraph: Element, author: str, made: list[Element]
) -> Iterator[_Change]:
    text = _BETWEEN.join(part for part in map(_change_text, made) if part)
    if not text:
        return
    around = visible_text(paragraph)
    is_whole = around == tidy_text("".join(visible_text(one) for one in made if one.tag in INSERTED))
    heading = passages.heading_at(paragraph)
    quoted = "" if is_whole or not around else f"“{shorten(around, _AROUND)}”"
    place = ", ".join(part for part in (heading, quoted) if part)
    date = max(one.get(DATE, "") for one in made)
    yield _Change(ReviewerNote(text, place, passages.address_at(paragraph), author, date), paragraph, is_whole)


def _change_text(change: Element) -> str:
    """Return what was put in as it stands, and what was taken out in brackets with dashes."""
    if change.tag in INSERTED:
        return visible_text(change)
    text = deleted_text(change)
    return f"[– {text} –]" if text else ""


def _join_neighbours(changes: Iterator[_Change]) -> Iterator[ReviewerNote]:
    """Make paragraphs that one person put in one after the other one remark."""
    before: _Change | None = None
    for change in changes:
        if before and _continues(before, change):
            text = f"{before.left.text}\n{change.left.text}"
            before = replace(before, left=replace(before.left, text=text), paragraph=change.paragraph)
            continue
        if before:
            yield before.left
        before = change
    if before:
        yield before.left


def _continues(before: _Change, change: _Change) -> bool:
    is_next = before.paragraph.getnext() is change.paragraph and before.is_whole and change.is_whole
    return is_next and (before.left.author, before.left.address) == (change.left.author, change.left.address)


# What was written into the rooms for remarks: by whom, as far as Word kept track of it, and without our own words.


UNKNOWN_FIELD = N_("It stands in a field for remarks on something this version of the questionnaire does not ask.")
FOREIGN_CONTROL = N_("It stands in a field that this program did not make.")
MOVED = N_("A field for remarks on {theirs} stands at {ours}: what is written in it was read as a remark on {ours}.")
_PLACEHOLDER = "placeholder text"
_OWN_STYLES = re.compile(r"heading [1-9]|report remark|table heading|(?:question|answer|second) .*")
"""The styles, in small letters, in which the report writes questions and answers."""
_UNSEEN_SIGNS = dict.fromkeys(map(ord, "\u200e\u200f\u2068\u2069\ufeff"))


@cache
def placeholder_texts() -> frozenset[str]:
    """Return the words that stand in an empty field for remarks, in all languages."""
    return frozenset(Translator(language).gettext(N_("Remarks")) for language in program_languages())


def is_program_text(text: str) -> bool:
    """Return whether a text is no remark but what the program itself wrote into the field."""
    return not text or text.translate(_UNSEEN_SIGNS).strip() in placeholder_texts()


@dataclass(slots=True)
class _FieldText:
    """What was written about one place within a room; ``hands`` are who wrote its pieces and when, as far as known."""

    address: Address | None
    pieces: list[str] = field(default_factory=list)
    hands: list[tuple[str, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return tidy_text("".join(self.pieces))

    @property
    def hand(self) -> tuple[str, str]:
        """The one who wrote all of it, and the last time."""
        authors = {author for author, _ in self.hands}
        return (authors.pop(), max(date for _, date in self.hands)) if len(authors) == 1 else ("", "")


@dataclass(slots=True)
class FieldRemarks:
    """What was found in a file."""

    remarks: list[ReturnedRemark] = field(default_factory=list)
    unplaced: list[UnplacedText] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_remark_fields(passages: ParsedDocument, file: str) -> FieldRemarks:
    """Read what was written into the rooms for remarks, and into fields of somebody else."""
    found = FieldRemarks()
    for room, addresses in passages.rooms.items():
        place = passages.heading_at(room)
        known: set[tuple[Address | None, str]] = set()
        for written in _field_texts(passages, room, addresses):
            text = written.text
            if is_program_text(text) or (written.address, text) in known:
                continue
            known.add((written.address, text))
            if written.address is None:
                found.unplaced.append(UnplacedText(place=place, text=text, reason=UNKNOWN_FIELD))
                continue
            author, date = written.hand
            remark = ReturnedRemark(address=written.address, text=text, place=place, author=author, date=date)
            if remark not in found.remarks:
                found.remarks.append(remark)
        found.problems += _moved_fields(passages, room, addresses, file)
    found.unplaced += _foreign_fields(passages)
    return found


def _field_texts(passages: ParsedDocument, room: Element, addresses: list[Address]) -> list[_FieldText]:
    """Read a room; where cells with several places were made one, each field's text belongs to its own place."""
    written = [_FieldText(addresses[0] if addresses else None)]
    for element in _in_order(passages, room):
        if element.tag in {MARK, CONTROL}:
            is_one, place = passages.place_of_mark(element)
            if is_one and len(addresses) != 1 and place != written[-1].address:
                written.append(_FieldText(place))
        elif element.tag == PARAGRAPH:
            written[-1].pieces.append("\n")
        elif not _is_placeholder(passages, element):
            text = "".join(visible_texts(element))
            written[-1].pieces.append(text)
            if text.strip():
                written[-1].hands.append(_author_and_date(element))
    return written


def _in_order(passages: ParsedDocument, room: Element) -> Iterator[Element]:
    """Yield the marks, paragraphs and runs of a room, without what was taken out and what the report itself says."""
    echoes = {echo for control in room.iter(CONTROL) for echo in _repeated_fields(control)}
    for element in room.iter(MARK, CONTROL, PARAGRAPH, RUN):
        is_inside = next(element.iterancestors(*DELETED, RUN), None) is not None
        is_echo = any(control in echoes for control in element.iterancestors(CONTROL))
        if not is_inside and not is_echo and not _is_of_report(passages, element):
            yield element


def _repeated_fields(control: Element) -> list[Element]:
    """Find the repetitions of a field that LibreOffice 7.4 writes where letters and digits change in its text.

    Behind the field with the whole text stand others, each with a piece of the text and then the whole text again.
    """
    text, title = "".join(visible_texts(control)), value_of(control, _TITLE)
    echoes = list(takewhile(lambda one: one.tag == CONTROL and value_of(one, _TITLE) == title, control.itersiblings()))
    said = ["".join(visible_texts(echo)) for echo in echoes]
    is_repeated = all(one.endswith(text) for one in said) and "".join(one.removesuffix(text) for one in said) == text
    return echoes if text and is_repeated else []


def _is_of_report(passages: ParsedDocument, element: Element) -> bool:
    """Return whether an element stands in a paragraph the report wrote, as where somebody made two cells one."""
    paragraph = element if element.tag == PARAGRAPH else next(element.iterancestors(PARAGRAPH), None)
    return paragraph is not None and _OWN_STYLES.fullmatch(passages.style_of(paragraph)) is not None


def _author_and_date(run: Element) -> tuple[str, str]:
    inserted = next(run.iterancestors(*INSERTED), None)
    return ("", "") if inserted is None else (inserted.get(AUTHOR, ""), inserted.get(DATE, ""))


def _is_placeholder(passages: ParsedDocument, run: Element) -> bool:
    """Return whether a run stands in a field nobody wrote into: Word words that in its own language."""
    control = next(run.iterancestors(CONTROL), None)
    if control is None:
        return False
    is_shown = control.find(f"{W}sdtPr/{W}showingPlcHdr") is not None
    return (is_shown and passages.style_of(run) == _PLACEHOLDER) or is_program_text(visible_text(control))


def _moved_fields(passages: ParsedDocument, room: Element, addresses: list[Address], file: str) -> Iterator[Problem]:
    """Say where a field was copied or moved to another question's room, and is not empty."""
    for control in room.iter(CONTROL):
        is_one, theirs = passages.place_of_mark(control)
        if not is_one or theirs is None or len(addresses) != 1 or theirs == addresses[0]:
            continue
        if any(not _is_placeholder(passages, run) and visible_text(run) for run in control.iter(RUN)):
            values = (("theirs", str(theirs)), ("ours", str(addresses[0])))
            yield Problem(
                "word.moved", f"{file}, {passages.heading_at(room)}", MOVED, "", values, ProblemSeverity.WARNING
            )


def _foreign_fields(passages: ParsedDocument) -> Iterator[UnplacedText]:
    """Find what was written into fields that are none of ours."""
    for control in passages.document.iter(CONTROL):
        if _is_known(passages, control) or _is_beside_field(passages, control):
            continue
        runs = (run for run in control.iter(RUN) if not _is_placeholder(passages, run))
        text = tidy_text("".join("".join(visible_texts(run)) for run in runs))
        if not is_program_text(text):
            yield UnplacedText(place=passages.heading_at(control), text=text, reason=FOREIGN_CONTROL)


def _is_beside_field(passages: ParsedDocument, control: Element) -> bool:
    """Return whether a field stands in the same paragraph: LibreOffice repeats one where the direction changes."""
    paragraph = next(control.iterancestors(PARAGRAPH), None)
    return paragraph is not None and _is_in_field(passages, paragraph)


def _is_known(passages: ParsedDocument, control: Element) -> bool:
    """Whether a field is one of ours, one of Word's own (a list of contents), or drawn around a part of the report."""
    properties = control.find(f"{W}sdtPr")
    is_of_word = properties is not None and properties.find(f"{W}docPartObj") is not None
    is_around = next(control.iter(f"{W}tbl", MARK), None) is not None
    is_field = tag_of_control(control).startswith(FIELD_TAG) or _is_in_field(passages, control)
    return is_of_word or is_around or is_field or passages.room_around(control) is not None


# The texts that come back as they are: what was edited in them.

_SENDER = {key_digest(key): name for key, name in (
    (SENDER_AGENCY, "agency"), (SENDER_PERSON, "person"), (SENDER_DATE, "date"),
)}  # fmt: skip
_MARK_FORM = re.compile(r"([0-9a-f]{14})_([0-9a-f]{12})")
_DATE_FORMS = ("%Y-%m-%d", "%d %B %Y", "%d.%m.%Y", "%d/%m/%Y")
_LISTED = "list bullet"
DATE_UNREADABLE = N_("It is not a date in the form 2024-03-31.")


def read_fields(passages: ParsedDocument) -> tuple[dict[str, str], list[ReturnedField], list[UnplacedText]]:
    """Return who sent the file ("agency", "person", "date"), the edited fields, and a date that cannot be read."""
    runs: dict[str, list[Element]] = {}
    for run, mark in passages.field_runs.items():
        runs.setdefault(mark, []).append(run)
    sender, edited, unplaced = dict[str, str](), list[ReturnedField](), list[UnplacedText]()
    for mark, own in runs.items():
        form = _MARK_FORM.fullmatch(mark)
        if form is None or text_digest(_field_lines(passages, own, with_placeholders=True)) == form[2]:
            continue
        text, place = _field_lines(passages, own, with_placeholders=False), passages.heading_at(own[0])
        if not (name := _SENDER.get(form[1])):
            edited.append(ReturnedField(key=form[1], before=form[2], text=text, place=place))
        elif name != "date" or not text:
            sender[name] = text
        elif day := _day(text):
            sender[name] = day
        else:
            unplaced.append(UnplacedText(place=place, text=text, reason=DATE_UNREADABLE))
    return sender, edited, unplaced


def _field_lines(passages: ParsedDocument, runs: list[Element], *, with_placeholders: bool) -> str:
    """Return the text of a field, a line for each paragraph; those of a list begin with a dash."""
    lines: dict[Element | None, str] = {}
    controls = dict.fromkeys(control for run in runs for control in run.iterancestors(CONTROL))
    echoes = {echo for control in controls for echo in _repeated_fields(control)}
    for run in runs:
        if any(control in echoes for control in run.iterancestors(CONTROL)):
            continue
        is_gone = next(run.iterancestors(*DELETED, RUN), None) is not None
        if is_gone or not (with_placeholders or not _is_shown_placeholder(passages, run)):
            continue
        paragraph = next(run.iterancestors(PARAGRAPH), None)
        lines[paragraph] = lines.get(paragraph, "") + "".join(visible_texts(run))
    return plain_lines("\n".join(
        f"{POINT} {text}" if paragraph is not None and text.strip() and _is_listed(passages, paragraph) else text
        for paragraph, text in lines.items()
    ))  # fmt: skip


def _is_shown_placeholder(passages: ParsedDocument, run: Element) -> bool:
    control = next(run.iterancestors(CONTROL), None)
    is_shown = control is not None and control.find(f"{W}sdtPr/{W}showingPlcHdr") is not None
    return is_shown and passages.style_of(run) == _PLACEHOLDER


def _is_listed(passages: ParsedDocument, paragraph: Element) -> bool:
    return passages.style_of(paragraph) == _LISTED or paragraph.find(f"{W}pPr/{W}numPr") is not None


def _day(text: str) -> str:
    for form in _DATE_FORMS:
        with suppress(ValueError):
            return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007 - a day has no time zone
    return ""


NO_REMARK_FIELDS = N_("“{file}” has no fields for remarks any more: the program that saved it took them out.")
NO_REMARK_FIELDS_ADVICE = N_(
    "Its comments and tracked changes were read. Remarks written into the table have to be copied by hand, or the file "
    "saved by Word or LibreOffice."
)
_BODY, _STYLES = "word/document.xml", "word/styles.xml"
_HASH = re.compile(r"\b[0-9a-f]{4}(?: [0-9a-f]{4}){3}\b")
"""A content hash as the cover shows it: what is left of a report that lost everything else."""


class ForeignWordFileError(ValueError):
    """A Word file that is no report of this program, or has lost everything by which one could tell."""


def word_identity(content: bytes) -> tuple[ExportStamp, str, tuple[str, ...]]:
    """Return what a Word file says of itself, its instrument's hash and supplements; raises ValueError if damaged."""
    with _open_package(content) as package:
        said = read_word_properties(package)
        supplements = tuple(part for part in said.get("supplements", "").split("; ") if part)
        return stamp_of(said), said.get("instrument_hash", ""), supplements


def read_returned_word(content: bytes, file: str, instrument: Instrument) -> ReturnedContent:
    """Read the remarks in a Word file; raises ValueError if it is damaged, NotOurs if it is somebody else's."""
    with _open_package(content) as package:
        said = read_word_properties(package)
        parts = {
            name: _parse_word_part(package, name)
            for name in package.namelist()
            if name in {_BODY, _STYLES, *_NOTE_PARTS} or _PAGE_EDGE.fullmatch(name)
        }
    if _BODY not in parts:
        raise ValueError(_BODY)
    passages = ParsedDocument(parts[_BODY], parts.get(_STYLES), instrument)
    if not (passages.rooms or passages.field_runs or said or _HASH.search("".join(parts[_BODY].itertext()))):
        raise ForeignWordFileError(file)
    found = read_remark_fields(passages, file)
    for left in reviewer_notes(passages, parts):
        remark = left.remark()
        if remark is None:
            found.unplaced.append(left.unplaced())
        elif remark not in found.remarks:
            found.remarks.append(remark)
    if not (passages.rooms or passages.field_runs):
        values = (("file", file),)
        found.problems.append(
            Problem("word.no-rooms", file, NO_REMARK_FIELDS, NO_REMARK_FIELDS_ADVICE, values, ProblemSeverity.WARNING)
        )
    sender, fields, unread = read_fields(passages)
    return ReturnedContent(
        medium=FileMedium.WORD,
        file=file,
        sha256=hashlib.sha256(content).hexdigest(),
        stamp=stamp_of(said),
        instrument_hash=said.get("instrument_hash", ""),
        remarks=tuple(found.remarks),
        unplaced=(*found.unplaced, *unread),
        problems=tuple(found.problems),
        fields=tuple(fields),
        agency=sender.get("agency", ""),
        person=sender.get("person", ""),
        date=sender.get("date", ""),
    )


def _open_package(content: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile as error:
        raise ValueError(str(error)) from error


def _parse_word_part(package: zipfile.ZipFile, name: str) -> Element:
    return parse_part(package.read(name))
