"""What stands where in a Word file that came back: its text as people see it, its headings, its marks of places.

Nothing is counted from the top: a passage belongs to the place whose mark stands in the same paragraph or row.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # it publishes no types

from capacity_app.domain.answers import Address, clean_text
from capacity_app.domain.instrument import Instrument
from capacity_app.report.view.pieces import anchor_of, shortened
from capacity_app.report.word.compositor import bookmark_name
from capacity_app.report.word.remarks import BOOKMARK, TAG, marks_of

Element = Any
"""An element of lxml."""
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_USUAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{_USUAL.decode()}}}"
VAL, ID, NAME, AUTHOR, DATE = f"{W}val", f"{W}id", f"{W}name", f"{W}author", f"{W}date"
PARAGRAPH, RUN, ROW, CELL, CONTROL, BOX = f"{W}p", f"{W}r", f"{W}tr", f"{W}tc", f"{W}sdt", f"{W}txbxContent"
INSERTED, DELETED = (f"{W}ins", f"{W}moveTo"), (f"{W}del", f"{W}moveFrom")
MARK, LINK, _ANCHOR = f"{W}bookmarkStart", f"{W}hyperlink", f"{W}anchor"
TEXT, _DELETED_TEXT = f"{W}t", f"{W}delText"
SIGNS = {
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
_HEADINGS, _ROW_LABEL = re.compile(r"heading [1-9]"), "question row"
_PLACE_WIDTH = 60


def parsed(part: bytes) -> Element:
    """Parse a part that may come from anybody; raises ValueError if it is no XML."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(part.replace(_STRICT, _USUAL), parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from error


def seen(element: Element, without: frozenset[Element] = frozenset()) -> Iterator[str]:
    """Yield the pieces of text one sees in an element: what was taken out is not there, what was put in is."""
    for child in element:
        tag = child.tag
        if tag in _UNSEEN or child in without:
            continue
        if tag == TEXT:
            yield child.text or ""
        elif tag in SIGNS:
            yield SIGNS[tag]
        else:
            yield from seen(child, without)
            if tag == PARAGRAPH:
                yield "\n"


def text_in(element: Element) -> str:
    """Return the text one sees in an element, tidy: a line for each paragraph, no space at its ends."""
    return tidy("".join(seen(element)))


def taken_out(element: Element) -> str:
    return tidy("".join(one.text or "" for one in element.iter(TEXT, _DELETED_TEXT)))


def tidy(text: str) -> str:
    """Clean a text as a typed one, without empty lines around it."""
    return "\n".join(line.rstrip() for line in clean_text(text).split("\n")).strip()


def places_of(instrument: Instrument) -> list[Address]:
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


class Passages:
    """The body of a Word file. ``rooms`` are the cells (or paragraphs) left for remarks, in order, with their places.

    A room without any is one of ours, and the instrument does not know what it is about.
    """

    def __init__(self, document: Element, styles: Element | None, instrument: Instrument) -> None:
        self.document = document
        places = places_of(instrument)
        self._marks = marks_of(places)
        self._anchors = {bookmark_name(anchor_of(kind, str(one))): one for kind in "qg" for one in places}
        self._styles = _style_names(styles)
        self.rooms: dict[Element, list[Address]] = {}
        self._rows: dict[Element, Address] = {}
        self._find_rooms()

    def _find_rooms(self) -> None:
        for element in self.document.iter(MARK, CONTROL):
            is_ours, place = self.place_of_mark(element)
            room = _room(element) if is_ours else None
            if room is None:
                continue
            known = self.rooms.setdefault(room, [])
            # A bookmark cannot be copied, a control can: what the bookmark says of a room is what it is.
            if place is not None and place not in known and (element.tag == MARK or not _bookmarks(room)):
                known.append(place)
            row = _around(room, ROW)
            if row is not None and known:
                self._rows.setdefault(row, known[0])

    def place_of_mark(self, element: Element) -> tuple[bool, Address | None]:
        """Tell whether a bookmark or control is one of ours for remarks, and on what."""
        name = element.get(NAME, "") if element.tag == MARK else tag_of_control(element)
        return name.startswith((BOOKMARK, TAG)), self._marks.get(name)

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
            if around.tag in {PARAGRAPH, ROW}:
                marks = (one.get(NAME) or one.get(_ANCHOR) for one in around.iter(MARK, LINK))
                found = next((self._anchors[name] for name in marks if name in self._anchors), None)
                if found:
                    return found
        return None

    def heading_at(self, element: Element) -> str:
        """Say for people where an element stands: under which question and in which row."""
        inside = next(element.iter(PARAGRAPH), None)
        around = element if element.tag == PARAGRAPH else _around(element, PARAGRAPH)
        return self._trail.get(inside if around is None else around, "")

    @cached_property
    def _trail(self) -> dict[Element, str]:
        found, heading, label = {}, "", ""
        for paragraph in self.document.iter(PARAGRAPH):
            style = self.style_of(paragraph)
            if _HEADINGS.fullmatch(style):
                heading, label = shortened(text_in(paragraph), _PLACE_WIDTH), ""
            elif style == _ROW_LABEL:
                label = shortened(text_in(paragraph), _PLACE_WIDTH)
            found[paragraph] = ", ".join(part for part in (heading, label) if part)
        return found


def tag_of_control(control: Element) -> str:
    """Return the tag of a control, empty if it has none."""
    found = control.find(f"{W}sdtPr/{W}tag")
    return "" if found is None else str(found.get(VAL, ""))


def _style_names(styles: Element | None) -> dict[str, str]:
    if styles is None:
        return {}
    names = ((style, style.find(f"{W}name")) for style in styles.iter(f"{W}style"))
    return {style.get(f"{W}styleId", ""): name.get(VAL, "") for style, name in names if name is not None}


def _around(element: Element, tag: str) -> Element | None:
    return next(element.iterancestors(tag), None)


def _room(element: Element) -> Element | None:
    """Return the room a mark stands in: the cell; outside of tables the paragraph, or a field around paragraphs."""
    for tag in (CELL, PARAGRAPH):
        around = _around(element, tag)
        if around is not None:
            return around
    return element if element.tag == CONTROL else None


def _bookmarks(room: Element) -> list[Element]:
    return [one for one in room.iter(MARK) if one.get(NAME, "").startswith(BOOKMARK)]
