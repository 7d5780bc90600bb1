"""What a Word file prints, paragraph by paragraph: heads and feet of pages too, text boxes, numbering, pictures.

Text that is hidden or was taken out is not there. What Word fills in by itself (page numbers, the heading of the page)
says nothing of what was printed.
"""

import hashlib
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from capacity_app.domain.printed_texts import PrintedText, plain
from capacity_app.report.view.marks import CONTENT_NAMESPACE
from capacity_app.report.view.pieces import shortened
from capacity_app.report.word.passages import (
    CELL,
    DELETED,
    MARK,
    NAME,
    PARAGRAPH,
    ROW,
    RUN,
    SIGNS,
    TEXT,
    VAL,
    Element,
    W,
    parsed,
)
from capacity_app.report.word.remarks import BOOKMARK

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
_OFF = frozenset({"0", "false", "off"})
_PLACE_WIDTH = 60
_PNG = b"\x89PNG\r\n\x1a\n"
_TELLING = frozenset({b"IHDR", b"PLTE", b"tRNS"})
_MOST_DOTS = 50_000_000


def carried_in_word(package: zipfile.ZipFile) -> str:
    """Return the content a Word file carries, empty if it carries none."""
    for name in package.namelist():
        if _ITEM.fullmatch(name) and CONTENT_NAMESPACE.encode() in (part := package.read(name)):
            return parsed(part).text or ""
    return ""


def printed_in_word(package: zipfile.ZipFile) -> list[PrintedText]:
    """Return what a Word file prints, in order; what heads and feet of pages say comes last, each text once."""
    names, looks = package.namelist(), _Looks(package)
    parts = [_BODY, *(name for name in _NOTES if name in names)]
    found = [text for name in parts for text in _Printed(package, name, looks).texts()]
    running = frozenset(one.text for one in found)
    edges = (_Printed(package, name, looks, running) for name in names if _EDGE.fullmatch(name))
    return [*found, *(PrintedText(text) for text in sorted({one.text for edge in edges for one in edge.texts()}))]


def _children(package: zipfile.ZipFile, name: str, tag: str) -> list[Element]:
    return list(parsed(package.read(name)).iter(tag)) if name in package.namelist() else []


def _value(element: Element, path: str) -> str:
    found = element.find(path)
    return "" if found is None else str(found.get(VAL, ""))


def _vanishes(properties: Element | None) -> bool | None:
    found = None if properties is None else properties.find(f"{W}vanish")
    return None if found is None else found.get(VAL, "1") not in _OFF


class _Looks:
    """What styles add to the text: their names, whether they hide it, and the signs of their lists."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self._styles = {one.get(f"{W}styleId", ""): one for one in _children(package, _STYLES, f"{W}style")}
        kinds = {
            one.get(f"{W}abstractNumId", ""): _levels(one) for one in _children(package, _NUMBERING, f"{W}abstractNum")
        }
        self._signs = {
            one.get(f"{W}numId", ""): kinds.get(_value(one, f"{W}abstractNumId"), {}) | _levels(one)
            for one in _children(package, _NUMBERING, f"{W}num")
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
        self.names = {style: _value(one, f"{W}name").casefold() for style, one in self._styles.items()}

    def _chain(self, style: str) -> Iterator[Element]:
        """Go through a style and those it is based on."""
        known = set[str]()
        while style in self._styles and style not in known:
            known.add(style)
            yield self._styles[style]
            style = _value(self._styles[style], f"{W}basedOn")

    def hides(self, run: Element, style: str) -> bool:
        """Return whether a run in a paragraph of a style is hidden."""
        properties = run.find(f"{W}rPr")
        said = [self._hides.get(style)]
        if properties is not None:
            said = [_vanishes(properties), self._hides.get(_value(properties, f"{W}rStyle")), *said]
        return next((one for one in said if one is not None), False)

    def sign(self, paragraph: Element, style: str) -> str:
        """Return the sign of a list before a paragraph."""
        own = paragraph.find(f"{W}pPr/{W}numPr")
        numbering = self._listed.get(style) if own is None else own
        if numbering is None:
            return ""
        return self._signs.get(_value(numbering, f"{W}numId"), {}).get(_value(numbering, f"{W}ilvl") or "0", "")


def _levels(numbering: Element) -> dict[str, str]:
    return {level.get(f"{W}ilvl", ""): _value(level, f"{W}lvlText") for level in numbering.iter(f"{W}lvl")}


class _Printed:
    """One part of a Word file, read from its beginning to its end; ``running`` are texts that heads of pages repeat."""

    def __init__(
        self, package: zipfile.ZipFile, name: str, looks: _Looks, running: frozenset[str] = frozenset()
    ) -> None:
        self._root, self._looks, self._running, self._package = parsed(package.read(name)), looks, running, package
        folder, _, file = name.rpartition("/")
        relations = f"{folder}/_rels/{file}.rels"
        every = parsed(package.read(relations)) if relations in package.namelist() else ()
        self._targets = {one.get("Id", ""): one.get("Target", "") for one in every}
        self._fields: list[list[str]] = []
        """The fields around what is read: what each is told, and whether its result has begun."""
        self._open: list[tuple[str, list[str]]] = []
        """The paragraphs around what is read: their styles, and the pieces of their texts."""
        self._heading, self._number = "", 0

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
        elif tag in SIGNS:
            self._say(SIGNS[tag])
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
            yield PrintedText(plain(element.get("string", "")), self._place())
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
        is_running = _RUNNING.match(told) and plain(text) in self._running
        if not is_counted and not is_running:
            self._open[-1][1].append(text)

    def _place(self) -> str:
        return f"{self._heading} ¶ {self._number}".strip()

    def _paragraph(self, element: Element) -> Iterator[PrintedText]:
        style, pieces = _value(element, f"{W}pPr/{W}pStyle"), list[str]()
        name = self._looks.names.get(style, style.casefold())
        self._open.append((style, pieces))
        self._number += 1
        yield from self._inside(element)
        self._open.pop()
        text = "".join(pieces)
        text = plain(_PAGE_NUMBER.sub("", text) if _CONTENTS.fullmatch(name) else text)
        if _HEADINGS.fullmatch(name) and text:
            self._heading, self._number = shortened(text, _PLACE_WIDTH), 0
        if text:
            # In a room several paragraphs may be written; only ours holds the mark of the room.
            cell = element.getparent() if element.getparent().tag == CELL else element
            key = f"{self._looks.sign(element, style)} {text}"
            is_answer = bool(_rooms(element))
            yield PrintedText(text, self._place(), key, is_answer=is_answer, rooms=_rooms(cell))


def _rooms(element: Element) -> frozenset[str]:
    names = (one.get(NAME, "") for one in element.iter(MARK))
    return frozenset(name for name in names if name.startswith(BOOKMARK))


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
