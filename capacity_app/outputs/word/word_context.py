"""What the writing of one Word file shares: languages, numbering, bookmarks, charts, fields for remarks."""

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import field
from itertools import count
from typing import NamedTuple

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.assessment.editable_fields import key_digest, text_digest
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.i18n.languages import NUMBERING_SYSTEMS
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.charts import DOTS_PER_MM, Drawing, png
from capacity_app.outputs.content.elements import shorten
from capacity_app.outputs.content.report import ReportContent
from capacity_app.outputs.word.markup import EMPTY_XML, TEXT_WIDTH, RunWriter, Xml, escape_xml, join_xml, word_language

_BOOKMARK_LIMIT, _HEAD = 40, 27
_DECORATIVE = "http://schemas.microsoft.com/office/drawing/2017/decorative"
_DECORATIVE_ID = "{C183D7F6-B498-43B3-948B-1728B52AA6E4}"
"""How Word marks a picture that tells nothing."""
_LEFTWARDS = "\u200f"
_USUAL = " \\* ARABIC"
_NUMBER = "\0"
_LINK = re.compile(r'<w:hyperlink w:anchor="([^"]+)">(.*?)</w:hyperlink>', re.DOTALL)
_MARK = re.compile(r'<w:bookmarkStart w:id="\d+" w:name="([^"]+)"/>')


_QUESTION_MARKS = ("_q_2d_", "_g_2d_")
PLACE_PREFIX, _PLACE_DIGITS, _PLACE_IDS = "_at_", 24, 100_001
_AFTER_TABLE = 160
_TEXT_AFTER_TABLE = re.compile(
    r'(</w:tbl>(?:<w:bookmark(?:Start|End)[^>]*/>)*<w:p><w:pPr><w:pStyle w:val="'
    r'(?:Normal|Lead|Introduction|Nothing|Remark|Legend|ListBullet|Point|Fact|Formula|Answer)"/>(?:<w:bidi/>)?)</w:pPr>'
)
_TOUCHING = re.compile(r"</w:tbl>(?=(?:<w:bookmark(?:Start|End)[^>]*/>)*<w:(?:tbl|sectPr)>)")
_UNITS = 36_000
"""English Metric Units, in which Word measures drawings, in a millimetre."""
_GROUND_DOTS = 5
"""Dots per millimetre of a picture that fills a page."""


class _Placed(NamedTuple):
    """A picture in the file: the relation it is known by, its width and height in English Metric Units."""

    relation: str
    width: int
    height: int


AddPicture = Callable[[bytes], str]


def bookmark_name(anchor: str) -> str:
    """Name an anchor of the view as a hidden bookmark: letters, digits and underscores, at most forty."""
    name = "_" + "".join(c if c.isalnum() or c == "_" else f"_{ord(c):x}_" for c in anchor)
    if len(name) <= _BOOKMARK_LIMIT:
        return name
    return f"{name[:_HEAD]}_{hashlib.sha256(anchor.encode()).hexdigest()[: _BOOKMARK_LIMIT - _HEAD - 1]}"


def without_dead_links(body: str) -> Xml:
    """Take the links away that lead to parts left out; a typed quotation mark is escaped, so only ours are found.

    One that leads to a question leaves a mark, by which a change beside it is placed.
    """
    marks, numbers = set(_MARK.findall(body)), count(_PLACE_IDS)

    def unlinked(link: re.Match[str]) -> str:
        if link[1] in marks:
            return link[0]
        if not link[1].startswith(_QUESTION_MARKS):
            return link[2]
        number = next(numbers)
        name = f"{place_mark(link[1])}_{number}"
        return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/><w:bookmarkEnd w:id="{number}"/>{link[2]}'

    return Xml(_LINK.sub(unlinked, body))


def place_mark(bookmark: str) -> str:
    """Return the beginning of the marks left where a link to a question or row was taken away."""
    return f"{PLACE_PREFIX}{_hash_digits(bookmark, _PLACE_DIGITS)}"


def space_after_tables(body: str, *, is_leftwards: bool) -> Xml:
    """Set text that follows a table apart from it; only tables that touch, or end the file, need a paragraph."""
    apart = _TEXT_AFTER_TABLE.sub(rf'\1<w:spacing w:before="{_AFTER_TABLE}"/></w:pPr>', body)
    direction = "<w:bidi/>" if is_leftwards else ""
    return Xml(_TOUCHING.sub(f'</w:tbl><w:p><w:pPr><w:pStyle w:val="Gap"/>{direction}</w:pPr></w:p>', apart))


@dataclass(slots=True)
class WordContext:
    """``main`` writes the report's language, ``beside`` the second one; the rest counts.

    ``width`` are the twips between the margins of the page that is being set.
    """

    texts: Translator
    main: RunWriter
    beside: RunWriter
    add_picture: AddPicture
    width: int = TEXT_WIDTH
    _counts: dict[str, int] = field(default_factory=dict)

    def say(self, sentence: str) -> str:
        return self.texts.gettext(sentence)

    @property
    def counting(self) -> str:
        """Say, as a field does, that its number has Thai digits; for Arabic ones Word asks its own options."""
        system = NUMBERING_SYSTEMS.get(self.texts.digits)
        return f" \\* {system.word_field}" if system and system.word_field else ""

    def count(self, what: str) -> int:
        """Return the next number, from 1."""
        self._counts[what] = self._counts.get(what, 0) + 1
        return self._counts[what]

    def mark(self, name: str) -> Xml:
        number = self.count("bookmark")
        return Xml(f'<w:bookmarkStart w:id="{number}" w:name="{name}"/><w:bookmarkEnd w:id="{number}"/>')

    def bookmark(self, anchor: str) -> Xml:
        return self.mark(bookmark_name(anchor)) if anchor else EMPTY_XML

    @staticmethod
    def link(anchor: str, inside: Xml) -> Xml:
        return Xml(f'<w:hyperlink w:anchor="{bookmark_name(anchor)}">{inside}</w:hyperlink>') if anchor else inside

    def numbered(self, sequence: str, sentence: str) -> Xml:
        """Write "Table 3" as a field that Word numbers anew when tables are moved."""
        before, _, after = self.say(sentence).format(number=_NUMBER).partition(_NUMBER)
        shown = self.texts.numeral(self.count(sequence))
        number = self.main.field(f"SEQ {sequence}{self.counting or _USUAL}", shown, "CaptionLabel")
        return join_xml((self.main.runs(before, "CaptionLabel"), number, self.main.runs(after, "CaptionLabel")))

    def caption(self, title: str, second: str = "") -> Xml:
        """Write the caption above a table, in both languages."""
        words = (self.numbered("Table", N_("Table {number}")), self._behind(title))
        below = self.beside.line("SecondCaption", second) if second else EMPTY_XML
        return join_xml((self.main.paragraph("Caption", *words), below))

    def _behind(self, title: str) -> Xml:
        """Set a title behind its number; a mark keeps a code that opens a title from joining the number."""
        return self.main.runs(f"{_LEFTWARDS if self.main.is_leftwards else ''}\u2003{title}")

    def figure_caption(self, title: str) -> Xml:
        """Write the caption below a figure."""
        words = (self.numbered("Figure", N_("Figure {number}")), self._behind(title))
        return self.main.paragraph("FigureCaption", *words)

    def _place(self, drawing: Drawing, dots: int = DOTS_PER_MM) -> _Placed:
        picture = png(drawing.mirrored() if self.main.is_leftwards else drawing, dots)
        width, height = (round(length * _UNITS) for length in (drawing.width, drawing.height))
        return _Placed(self.add_picture(picture), width, height)

    def behind(self, drawing: Drawing) -> Xml:
        """Put a drawing behind the text, at the page's upper left corner; it tells nothing."""
        placed, number = self._place(drawing, _GROUND_DOTS), self.count("picture")
        return Xml(
            '<w:r><w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1"'
            ' behindDoc="1" locked="1" layoutInCell="0" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
            '<wp:positionH relativeFrom="page"><wp:posOffset>0</wp:posOffset></wp:positionH>'
            '<wp:positionV relativeFrom="page"><wp:posOffset>0</wp:posOffset></wp:positionV>'
            f'<wp:extent cx="{placed.width}" cy="{placed.height}"/><wp:wrapNone/>'
            f'<wp:docPr id="{number}" name="Ground {number}" descr=""><a:extLst><a:ext uri="{_DECORATIVE_ID}">'
            f'<adec:decorative xmlns:adec="{_DECORATIVE}" val="1"/></a:ext></a:extLst></wp:docPr>'
            f"<wp:cNvGraphicFramePr/>{_picture(placed, number, EMPTY_XML)}</wp:anchor></w:drawing></w:r>"
        )

    def chart(self, drawing: Drawing) -> Xml:
        """Put a chart into a line, told in words to those who cannot see it."""
        placed = self._place(drawing)
        number, described = self.count("picture"), escape_xml(drawing.words)
        return Xml(
            '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
            f'<wp:extent cx="{placed.width}" cy="{placed.height}"/>'
            f'<wp:docPr id="{number}" name="Chart {number}" descr="{described}"/>'
            '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
            f"{_picture(placed, number, described)}</wp:inline></w:drawing></w:r>"
        )


def _picture(placed: _Placed, number: int, described: Xml) -> str:
    return (
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
        f'<pic:nvPicPr><pic:cNvPr id="{number}" name="Picture {number}" descr="{described}"/><pic:cNvPicPr/>'
        "</pic:nvPicPr>"
        f'<pic:blipFill><a:blip r:embed="{placed.relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{placed.width}" cy="{placed.height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
    )


def make_word_context(view: ReportContent, texts: Translator, add_picture: AddPicture) -> WordContext:
    """Make the compositor of a report."""
    main = RunWriter(view.direction == "rtl")
    beside = (
        RunWriter(view.second_direction == "rtl", word_language(view.second_language)) if view.second_language else main
    )
    return WordContext(texts, main, beside, add_picture)


# Where a ministry writes its remarks: content controls that say by themselves what a remark is about.
#
# A control's tag is "remark:" and an address ("remark:iv.policy/a"), so that whoever reads the file back finds
# the place whatever was moved. Word allows 64 letters in a tag: a longer address stands there as "remark:~" and the
# beginning of its SHA-256. LibreOffice up to 7.4 drops tags on saving but keeps bookmarks, so one stands before every
# control, named by the same digits. ``addresses_by_mark`` turns both back for the addresses of an instrument.


TAG_PREFIX, BOOKMARK_PREFIX = "remark:", "_remark_"
_HASHED, _TAG_DIGITS, _BOOKMARK_DIGITS = "~", 40, 30
_TAG_LIMIT, _TITLE_LIMIT = 64, 60
_PLACEHOLDER = "DefaultPlaceholder_-1854013440"
"""The empty text that every Word knows for itself."""


def _hash_digits(address: str, count: int) -> str:
    return hashlib.sha256(address.encode()).hexdigest()[:count]


def remark_tag(address: str) -> str:
    """Return the tag of the control for remarks on an address."""
    tag = f"{TAG_PREFIX}{address}"
    return tag if len(tag) <= _TAG_LIMIT else f"{TAG_PREFIX}{_HASHED}{_hash_digits(address, _TAG_DIGITS)}"


def remark_bookmark(address: str) -> str:
    """Return the name of the bookmark before the control for remarks on an address."""
    return f"{BOOKMARK_PREFIX}{_hash_digits(address, _BOOKMARK_DIGITS)}"


def addresses_by_mark(addresses: Iterable[Address]) -> dict[str, Address]:
    """Return addresses by the tags and by the bookmarks of their controls, to read remarks back."""
    return {mark: one for one in addresses for mark in (remark_tag(str(one)), remark_bookmark(str(one)))}


def remark_field_xml(context: WordContext, address: str, number: str) -> Xml:
    """Make the paragraph in which remarks on an address are written; ``number`` is how the place is printed."""
    remarks = context.say(N_("Remarks"))
    title = shorten(f"{remarks} {number or address}", _TITLE_LIMIT)
    shown = context.main.runs(remarks, "PlaceholderText")
    inside = Xml(
        f'<w:sdt><w:sdtPr><w:alias w:val="{escape_xml(title)}"/><w:tag w:val="{escape_xml(remark_tag(address))}"/>'
        f'<w:id w:val="{context.count("control")}"/><w:placeholder><w:docPart w:val="{_PLACEHOLDER}"/></w:placeholder>'
        f'<w:showingPlcHdr/><w:text w:multiLine="1"/></w:sdtPr><w:sdtContent>{shown}</w:sdtContent></w:sdt>'
    )
    return context.main.paragraph("Remarks", context.mark(remark_bookmark(address)), inside)


# Texts that come back: controls around them, and bookmarks for programs that drop the tags of controls.


FIELD_PREFIX, FIELD_TAG = "_field_", "field:"
_PARAGRAPH = re.compile(r"(<w:p><w:pPr>.*?</w:pPr>)(.*?)</w:p>", re.DOTALL)
_DATE_CONTROL = (
    '<w:date><w:dateFormat w:val="yyyy-MM-dd"/><w:lid w:val="en-GB"/><w:calendar w:val="gregorian"/></w:date>'
)


def _editable(
    context: WordContext, key: str, shown: str, title: str, inside: Xml, *, is_empty: bool, kind: str, is_block: bool
) -> Xml:
    """Put a control around finished runs or paragraphs; its mark tells which text it is and how it was printed."""
    mark = f"{key_digest(key)}_{text_digest(shown)}"

    def bookmarked(piece: str) -> str:
        number, name = context.count("bookmark"), f"{FIELD_PREFIX}{mark}_{context.count('field')}"
        return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{piece}<w:bookmarkEnd w:id="{number}"/>'

    empty = f'<w:placeholder><w:docPart w:val="{_PLACEHOLDER}"/></w:placeholder><w:showingPlcHdr/>' if is_empty else ""
    properties = (
        f'<w:sdtPr><w:alias w:val="{escape_xml(shorten(title, _TITLE_LIMIT))}"/>'
        f'<w:tag w:val="{FIELD_TAG}{mark}"/><w:id w:val="{context.count("control")}"/>{empty}{kind}</w:sdtPr>'
    )
    if is_block:
        # LibreOffice loses a bookmark over several paragraphs of a control.
        inside = Xml(_PARAGRAPH.sub(lambda one: f"{one[1]}{bookmarked(one[2])}</w:p>", inside))
    whole = f"<w:sdt>{properties}<w:sdtContent>{inside}</w:sdtContent></w:sdt>"
    return Xml(whole if is_block else bookmarked(whole))


def field_runs(context: WordContext, key: str, text: str, title: str, *, style: str = "", is_date: bool = False) -> Xml:
    """Make a field in a line for a text that comes back; empty it shows its title."""
    kind = _DATE_CONTROL if is_date else '<w:text w:multiLine="1"/>'
    inside = context.main.runs(text, style) or context.main.runs(title, "PlaceholderText")
    return _editable(context, key, text or title, title, inside, is_empty=not text, kind=kind, is_block=False)


def field_block(context: WordContext, key: str, text: str, title: str, inside: Xml, *, is_empty: bool = False) -> Xml:
    """Make a field of finished paragraphs, whose texts are the lines of ``text``."""
    return _editable(context, key, text, title, inside, is_empty=is_empty, kind="<w:richText/>", is_block=True)
