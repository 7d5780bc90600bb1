"""A Word file read back: its text as people see it, its fields for remarks, and what it prints.

Text that is hidden or was taken out is not there. What Word fills in by itself (page numbers, the heading of the page)
says nothing of what was printed.
"""

import hashlib
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # it publishes no types

from capacity_app.domain.assessment.answers import Address, tidy_text
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.domain.text_diff import PrintedText, normalize_printed
from capacity_app.outputs.content.elements import anchor_of, shorten
from capacity_app.outputs.content.identity import CONTENT_NAMESPACE
from capacity_app.outputs.word.word_context import (
    BOOKMARK_PREFIX,
    FIELD_PREFIX,
    FIELD_TAG,
    PLACE_PREFIX,
    TAG_PREFIX,
    addresses_by_mark,
    bookmark_name,
    place_mark,
)

# What stands where in a Word file that came back: its text as people see it, its headings, its marks of places.
#
# Nothing is counted from the top: a passage belongs to the place whose mark stands in the same paragraph or row.


Element = Any
"""An element of lxml."""
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_USUAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{_USUAL.decode()}}}"
VAL, ID, NAME, AUTHOR, DATE = f"{W}val", f"{W}id", f"{W}name", f"{W}author", f"{W}date"
PARAGRAPH, RUN, ROW, CELL, CONTROL, BOX = f"{W}p", f"{W}r", f"{W}tr", f"{W}tc", f"{W}sdt", f"{W}txbxContent"
INSERTED, DELETED = (f"{W}ins", f"{W}moveTo"), (f"{W}del", f"{W}moveFrom")
MARK, _MARK_END, LINK, _ANCHOR = f"{W}bookmarkStart", f"{W}bookmarkEnd", f"{W}hyperlink", f"{W}anchor"
TEXT, _DELETED_TEXT = f"{W}t", f"{W}delText"
SPECIAL_CHARACTERS = {
    f"{W}tab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "\u2011",
    f"{W}softHyphen": "\xad",
}
_UNSEEN = frozenset(
    {*DELETED, f"{W}rPr", f"{W}pPr", f"{W}sdtPr", f"{W}instrText",
     "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
)  # fmt: skip
_HEADING_STYLE, _ROW_LABEL = re.compile(r"heading [1-9]"), "question row"
_PLACE_WIDTH = 60
_ASKED, _BELOW_QUESTION = "report asked", re.compile(r"report answer|caption|second .*|report legend")


def parse_part(part: bytes) -> Element:
    """Parse a part that may come from anybody; raises ValueError if it is no XML."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(part.replace(_STRICT, _USUAL), parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from error


def visible_texts(element: Element, without: frozenset[Element] = frozenset()) -> Iterator[str]:
    """Yield the pieces of text one sees in an element: what was taken out is not there, what was put in is."""
    for child in element:
        tag = child.tag
        if tag in _UNSEEN or child in without:
            continue
        if tag == TEXT:
            yield child.text or ""
        elif tag in SPECIAL_CHARACTERS:
            yield SPECIAL_CHARACTERS[tag]
        else:
            yield from visible_texts(child, without)
            if tag == PARAGRAPH:
                yield "\n"


def visible_text(element: Element) -> str:
    """Return the text one sees in an element, tidy: a line for each paragraph, no space at its ends."""
    return tidy_text("".join(visible_texts(element)))


def deleted_text(element: Element) -> str:
    return tidy_text("".join(one.text or "" for one in element.iter(TEXT, _DELETED_TEXT)))


def remark_places(instrument: Instrument) -> list[Address]:
    """Return every place at which a report may leave room for remarks, and every cell."""
    questions = list(instrument.questions())
    rows = [Address(question.id, row.id) for question in questions for row in question.rows]
    cells = [
        Address(question.id, row.id, column.id)
        for question in questions
        for row in question.rows
        for column in question.columns
    ]
    return [*(Address(question.id) for question in questions), *rows, *cells]


def field_runs(document: Element) -> dict[Element, str]:
    """Return the mark of the field that each run stands in: by bookmarks, else by the tags of controls."""
    found: dict[Element, str] = {}
    begun: dict[str, tuple[str, list[Element]]] = {}
    for element in document.iter(MARK, _MARK_END, RUN):
        if element.tag == RUN:
            for _mark, runs in begun.values():
                runs.append(element)
        elif element.tag == _MARK_END:
            # A bookmark without an end, as a broken file may have one, says nothing.
            mark, runs = begun.pop(element.get(ID, ""), ("", []))
            # LibreOffice closes the bookmark of a control's first paragraph before its text.
            control = None if runs else _ancestor(element, CONTROL)
            found |= dict.fromkeys(runs if control is None else control.iter(RUN), mark) if mark else {}
        elif element.get(NAME, "").startswith(FIELD_PREFIX):
            begun[element.get(ID, "")] = element.get(NAME).removeprefix(FIELD_PREFIX)[:_MARK_LENGTH], []
    for control in document.iter(CONTROL):
        if (tag := tag_of_control(control)).startswith(FIELD_TAG):
            for run in control.iter(RUN):
                found.setdefault(run, tag.removeprefix(FIELD_TAG)[:_MARK_LENGTH])
    return found


class ParsedDocument:
    """The body of a Word file. ``rooms`` are the cells (or paragraphs) left for remarks, in order, with their places.

    A room without any is one of ours, and the instrument does not know what it is about.
    """

    def __init__(self, document: Element, styles: Element | None, instrument: Instrument) -> None:
        self.document = document
        places = remark_places(instrument)
        self._marks = addresses_by_mark(places)
        self._anchors = {bookmark_name(anchor_of(kind, str(one))): one for kind in "qg" for one in places}
        self._places = {place_mark(name): one for name, one in self._anchors.items()}
        self.field_runs = field_runs(document)
        self._styles = _style_names(styles)
        self._body = document.find(f"{W}body")
        self.rooms: dict[Element, list[Address]] = {}
        self._rows: dict[Element, Address] = {}
        self._find_rooms()

    def _find_rooms(self) -> None:
        for element in self.document.iter(MARK, CONTROL):
            is_ours, place = self.place_of_mark(element)
            room = _remark_field_around(element) if is_ours else None
            if room is None:
                continue
            known = self.rooms.setdefault(room, [])
            # A bookmark cannot be copied, a control can: what the bookmark says of a room is what it is.
            if place is not None and place not in known and (element.tag == MARK or not _bookmarks_in(room)):
                known.append(place)
            row = _ancestor(room, ROW)
            if row is not None and known:
                self._rows.setdefault(row, known[0])

    def place_of_mark(self, element: Element) -> tuple[bool, Address | None]:
        """Tell whether a bookmark or control is one of ours for remarks, and on what."""
        name = element.get(NAME, "") if element.tag == MARK else tag_of_control(element)
        return name.startswith((BOOKMARK_PREFIX, TAG_PREFIX)), self._marks.get(name)

    def style_of(self, element: Element) -> str:
        """Name the style of a paragraph or run, in small letters: names survive where ids do not."""
        kind = "p" if element.tag == PARAGRAPH else "r"
        found = element.find(f"{W}{kind}Pr/{W}{kind}Style")
        style = "" if found is None else str(found.get(VAL, ""))
        return self._styles.get(style, style).casefold()

    def room_around(self, element: Element) -> Element | None:
        """Return the room for remarks that an element stands in."""
        around = (element, *element.iterancestors(CELL, PARAGRAPH, CONTROL))
        return next((one for one in around if one in self.rooms), None)

    def address_at(self, element: Element) -> Address | None:
        """Find what an element stands nearest to: the question its paragraph or its row is about."""
        for around in (element, *element.iterancestors(PARAGRAPH, ROW)):
            if around in self._rows:
                return self._rows[around]
            if around.tag in {PARAGRAPH, ROW} and (found := self._marked(around)):
                return found
        return self._of_question_above(element)

    def _marked(self, around: Element) -> Address | None:
        """Return what a paragraph or row leads to or is marked with."""
        names = (one.get(NAME) or one.get(_ANCHOR) or "" for one in around.iter(MARK, LINK))
        found = (
            self._places.get(name.rpartition("_")[0]) if name.startswith(PLACE_PREFIX) else self._anchors.get(name)
            for name in names
        )
        return next((one for one in found if one), None)

    def _of_question_above(self, element: Element) -> Address | None:
        """Return the question that an answer or a table of answers stands below."""
        block = next((one for one in (element, *element.iterancestors()) if one.getparent() is self._body), None)
        for above in block.itersiblings(preceding=True) if block is not None else ():
            style = self.style_of(above) if above.tag == PARAGRAPH else ""
            if style == _ASKED:
                return self._marked(above)
            if above.tag == PARAGRAPH and not _BELOW_QUESTION.fullmatch(style):
                return None
        return None

    def heading_at(self, element: Element) -> str:
        """Say for people where an element stands: under which question and in which row."""
        inside = next(element.iter(PARAGRAPH), None)
        around = element if element.tag == PARAGRAPH else _ancestor(element, PARAGRAPH)
        return self._trail.get(inside if around is None else around, "")

    @cached_property
    def _trail(self) -> dict[Element, str]:
        found, heading, label = {}, "", ""
        for paragraph in self.document.iter(PARAGRAPH):
            style = self.style_of(paragraph)
            if _HEADING_STYLE.fullmatch(style):
                heading, label = shorten(visible_text(paragraph), _PLACE_WIDTH), ""
            elif style == _ROW_LABEL:
                label = shorten(visible_text(paragraph), _PLACE_WIDTH)
            found[paragraph] = ", ".join(part for part in (heading, label) if part)
        return found


def value_of(element: Element, path: str) -> str:
    """Return the value of a child, empty if there is none."""
    found = element.find(path)
    return "" if found is None else str(found.get(VAL, ""))


def tag_of_control(control: Element) -> str:
    return value_of(control, f"{W}sdtPr/{W}tag")


def _style_names(styles: Element | None) -> dict[str, str]:
    if styles is None:
        return {}
    names = ((style, style.find(f"{W}name")) for style in styles.iter(f"{W}style"))
    return {style.get(f"{W}styleId", ""): name.get(VAL, "") for style, name in names if name is not None}


def _ancestor(element: Element, tag: str) -> Element | None:
    return next(element.iterancestors(tag), None)


def _remark_field_around(element: Element) -> Element | None:
    """Return the room a mark stands in: the cell; outside of tables the paragraph, or a field around paragraphs."""
    for tag in (CELL, PARAGRAPH):
        around = _ancestor(element, tag)
        if around is not None:
            return around
    return element if element.tag == CONTROL else None


def _bookmarks_in(room: Element) -> list[Element]:
    return [one for one in room.iter(MARK) if one.get(NAME, "").startswith(BOOKMARK_PREFIX)]


_BODY, _STYLES, _NUMBERING = "word/document.xml", "word/styles.xml", "word/numbering.xml"
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
_EDGE = re.compile(r"word/(?:header|footer)\d*\.xml")
_ITEM = re.compile(r"customXml/item\d+\.xml")
_HEADINGS = re.compile(r"heading [1-9]")
_CONTENTS = re.compile(r"(?:toc|contents) \d")
_COUNTED = re.compile(r"\s*(?:PAGE|NUMPAGES|PAGEREF|SECTIONPAGES)\b")
_RUNNING = re.compile(r"\s*STYLEREF\b")
_PAGE_NUMBER = re.compile(r"\t\s*\d+\s*$")
_NUMERALS = re.compile(r"[\s\d]*")
_MAIN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_VML = "{urn:schemas-microsoft-com:vml}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_IMAGES = {f"{_MAIN}blip": (f"{_RELATED}embed", f"{_RELATED}link"), f"{_VML}imagedata": (f"{_RELATED}id",)}
_GRAPHIC, _OWN_GRAPHICS = f"{_MAIN}graphicData", ("/picture", "/wordprocessingShape", "/wordprocessingGroup")
_TEXTS = frozenset({TEXT, _MATH_TEXT, f"{_MAIN}t"})
_SKIPPED = frozenset({
    *DELETED, f"{W}rPr", f"{W}pPr", f"{W}sdtPr", f"{W}tblPr", f"{W}tcPr", f"{W}sectPr",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
})  # fmt: skip
_MARK_LENGTH = 27
"""Of a field's mark: the digests of its key and of its text, without the number behind them."""
_OFF = frozenset({"0", "false", "off"})
_PNG = b"\x89PNG\r\n\x1a\n"
_TELLING = frozenset({b"IHDR", b"PLTE", b"tRNS"})
_MOST_DOTS = 50_000_000


def carried_content(package: zipfile.ZipFile) -> str:
    """Return the content a Word file carries, empty if it carries none."""
    for name in package.namelist():
        if _ITEM.fullmatch(name) and CONTENT_NAMESPACE.encode() in (part := package.read(name)):
            return parse_part(part).text or ""
    return ""


def read_printed_word(package: zipfile.ZipFile) -> list[PrintedText]:
    """Return what a Word file prints, in order; what heads and feet of pages say comes last, each text once."""
    names, looks = package.namelist(), _StyleEffects(package)
    parts = [_BODY, *(name for name in _NOTES if name in names)]
    found = [text for name in parts for text in _PrintedPart(package, name, looks).texts()]
    running = frozenset(one.text for one in found)
    edges = (_PrintedPart(package, name, looks, running) for name in names if _EDGE.fullmatch(name))
    return [*found, *(PrintedText(text) for text in sorted({one.text for edge in edges for one in edge.texts()}))]


def _part_children(package: zipfile.ZipFile, name: str, tag: str) -> list[Element]:
    return list(parse_part(package.read(name)).iter(tag)) if name in package.namelist() else []


def _vanishes(properties: Element | None) -> bool | None:
    found = None if properties is None else properties.find(f"{W}vanish")
    return None if found is None else found.get(VAL, "1") not in _OFF


class _StyleEffects:
    """What styles add to the text: their names, whether they hide it, and the signs of their lists."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self._styles = {one.get(f"{W}styleId", ""): one for one in _part_children(package, _STYLES, f"{W}style")}
        kinds = {
            one.get(f"{W}abstractNumId", ""): _list_signs(one)
            for one in _part_children(package, _NUMBERING, f"{W}abstractNum")
        }
        self._signs = {
            one.get(f"{W}numId", ""): kinds.get(value_of(one, f"{W}abstractNumId"), {}) | _list_signs(one)
            for one in _part_children(package, _NUMBERING, f"{W}num")
        }
        chains = {style: tuple(self._chain(style)) for style in self._styles}
        self._hides = {
            style: next((one for link in chain if (one := _vanishes(link.find(f"{W}rPr"))) is not None), None)
            for style, chain in chains.items()
        }
        self._listed = {
            style: next((one for link in chain if (one := link.find(f"{W}pPr/{W}numPr")) is not None), None)
            for style, chain in chains.items()
        }
        self.names = {style: value_of(one, f"{W}name").casefold() for style, one in self._styles.items()}

    def _chain(self, style: str) -> Iterator[Element]:
        """Go through a style and those it is based on."""
        known = set[str]()
        while style in self._styles and style not in known:
            known.add(style)
            yield self._styles[style]
            style = value_of(self._styles[style], f"{W}basedOn")

    def hides(self, run: Element, style: str) -> bool:
        """Return whether a run in a paragraph of a style is hidden."""
        properties = run.find(f"{W}rPr")
        said = [self._hides.get(style)]
        if properties is not None:
            said = [_vanishes(properties), self._hides.get(value_of(properties, f"{W}rStyle")), *said]
        return next((one for one in said if one is not None), False)

    def sign(self, paragraph: Element, style: str) -> str:
        """Return the sign of a list before a paragraph."""
        own = paragraph.find(f"{W}pPr/{W}numPr")
        numbering = self._listed.get(style) if own is None else own
        if numbering is None:
            return ""
        return self._signs.get(value_of(numbering, f"{W}numId"), {}).get(value_of(numbering, f"{W}ilvl") or "0", "")


def _list_signs(numbering: Element) -> dict[str, str]:
    return {level.get(f"{W}ilvl", ""): value_of(level, f"{W}lvlText") for level in numbering.iter(f"{W}lvl")}


class _PrintedPart:
    """One part of a Word file, read from its beginning to its end; ``running`` are texts that heads of pages repeat."""

    def __init__(
        self, package: zipfile.ZipFile, name: str, looks: _StyleEffects, running: frozenset[str] = frozenset()
    ) -> None:
        self._root, self._looks, self._running, self._package = parse_part(package.read(name)), looks, running, package
        folder, _, file = name.rpartition("/")
        relations = f"{folder}/_rels/{file}.rels"
        every = parse_part(package.read(relations)) if relations in package.namelist() else ()
        self._targets = {one.get("Id", ""): one.get("Target", "") for one in every}
        self._fields: list[list[str]] = []
        """The fields around what is read: what each is told, and whether its result has begun."""
        self._open: list[tuple[str, list[str]]] = []
        """The paragraphs around what is read: their styles, and the pieces of their texts."""
        self._heading, self._number = "", 0
        self._typed: dict[str, list[str]] = {}
        """The pieces of the fields in the paragraph that is read, by their marks."""
        self._field_runs = field_runs(self._root)

    def texts(self) -> Iterator[PrintedText]:
        yield from self._inside(self._root)

    def _inside(self, element: Element) -> Iterator[PrintedText]:
        for child in element:
            tag = child.tag
            if tag == PARAGRAPH:
                yield from self._paragraph(child)
            elif tag == f"{W}fldSimple":
                self._fields.append([child.get(f"{W}instr", ""), "result"])
                yield from self._inside(child)
                self._fields.pop()
            elif tag in _SKIPPED or self._is_hidden(child):
                for turn in child.iter(f"{W}fldChar"):
                    self._turn(turn)
            elif child in self._field_runs and self._open:
                self._open.append((self._open[-1][0], self._typed.setdefault(self._field_runs[child], [])))
                yield from self._inside(child)
                self._open.pop()
            elif not self._is_said(child):
                yield from self._drawn(child)
                yield from self._inside(child)

    def _is_hidden(self, element: Element) -> bool:
        if element.tag == RUN:
            return bool(self._open) and self._looks.hides(element, self._open[-1][0])
        return element.tag == ROW and element.find(f"{W}trPr/{W}hidden") is not None

    def _is_said(self, element: Element) -> bool:
        """Take what is a piece of text or of a field."""
        tag = element.tag
        if tag in _TEXTS:
            self._say(element.text or "")
        elif tag in SPECIAL_CHARACTERS:
            self._say(SPECIAL_CHARACTERS[tag])
        elif tag == f"{W}sym":
            self._say(f"{element.get(f'{W}font', '')} {element.get(f'{W}char', '')}")
        elif tag == f"{W}instrText":
            if self._fields:
                self._fields[-1][0] += element.text or ""
        elif tag == f"{W}fldChar":
            self._turn(element)
        else:
            return False
        return True

    def _drawn(self, element: Element) -> Iterator[PrintedText]:
        """Yield what an element shows by itself."""
        if element.tag in _IMAGES:
            related = next((id_ for one in _IMAGES[element.tag] if (id_ := element.get(one))), "")
            yield PrintedText("", self._place(), _picture_key(self._picture(self._targets.get(related, ""))))
        elif element.tag == f"{_VML}textpath":
            yield PrintedText(normalize_printed(element.get("string", "")), self._place())
        elif element.tag == f"{W}altChunk":
            yield PrintedText("", self._place(), "chunk")
        elif element.tag == _GRAPHIC and not element.get("uri", "").endswith(_OWN_GRAPHICS):
            yield PrintedText("", self._place(), element.get("uri", "?"))

    def _picture(self, target: str) -> bytes:
        name = target[1:] if target.startswith("/") else f"word/{target}"
        return self._package.read(name) if name in self._package.namelist() else target.encode()

    def _turn(self, character: Element) -> None:
        """Follow the beginning, the middle and the end of a field."""
        match character.get(f"{W}fldCharType"):
            case "begin":
                self._fields.append(["", ""])
            case "separate" if self._fields:
                self._fields[-1][1] = "result"
            case "end" if self._fields:
                self._fields.pop()

    def _say(self, text: str) -> None:
        if not self._open or any(not result for _told, result in self._fields):
            return
        told = next((told for told, _ in reversed(self._fields)), "")
        is_counted = _COUNTED.match(told) and _NUMERALS.fullmatch(text)
        is_running = _RUNNING.match(told) and normalize_printed(text) in self._running
        if not is_counted and not is_running:
            self._open[-1][1].append(text)

    def _place(self) -> str:
        return f"{self._heading} ¶ {self._number}".strip()

    def _paragraph(self, element: Element) -> Iterator[PrintedText]:
        style, pieces = value_of(element, f"{W}pPr/{W}pStyle"), list[str]()
        name = self._looks.names.get(style, style.casefold())
        outer, self._typed = self._typed, {}
        self._open.append((style, pieces))
        self._number += 1
        yield from self._inside(element)
        self._open.pop()
        typed, self._typed = self._typed, outer
        text = "".join(pieces)
        text = normalize_printed(_PAGE_NUMBER.sub("", text) if _CONTENTS.fullmatch(name) else text)
        if _HEADINGS.fullmatch(name) and text:
            self._heading, self._number = shorten(text, _PLACE_WIDTH), 0
        if text:
            # In a room several paragraphs may be written; only ours holds the mark of the room.
            cell = element.getparent() if element.getparent().tag == CELL else element
            key = f"{self._looks.sign(element, style)} {text}"
            is_answer = bool(_remark_field_names(element))
            yield PrintedText(text, self._place(), key, is_answer=is_answer, rooms=_remark_field_names(cell))
        for mark, said in typed.items():
            text = normalize_printed("".join(said))
            rooms = frozenset({mark})
            without_spaces = "".join(text.split())  # LibreOffice moves the line breaks of a control
            yield PrintedText(text, self._place(), f"{mark} {without_spaces}", is_answer=True, rooms=rooms)


def _remark_field_names(element: Element) -> frozenset[str]:
    names = (one.get(NAME, "") for one in element.iter(MARK))
    return frozenset(name for name in names if name.startswith(BOOKMARK_PREFIX))


def _picture_key(content: bytes) -> str:
    """Return what tells a picture from others: of a PNG its dots, however they are packed; else its bytes."""
    dots, packer, rest = hashlib.sha256(), zlib.decompressobj(), content[len(_PNG) :]
    try:
        while content.startswith(_PNG) and rest:
            (length,) = struct.unpack(">I", rest[:4])
            kind, data, rest = rest[4:8], rest[8 : 8 + length], rest[12 + length :]
            dots.update(packer.decompress(data, _MOST_DOTS) if kind == b"IDAT" else data if kind in _TELLING else b"")
    except (struct.error, zlib.error):
        return hashlib.sha256(content).hexdigest()
    return (dots if content.startswith(_PNG) else hashlib.sha256(content)).hexdigest()
