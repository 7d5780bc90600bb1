"""WordprocessingML: text escaped and cut into runs by direction, paragraphs, links, fields.

``Xml`` is finished markup. Only the functions here make it from text, so nothing typed can become markup.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NewType

Xml = NewType("Xml", str)
"""Well-formed WordprocessingML; joined pieces are again such."""

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
NOTHING = Xml("")
_UNSAFE = re.compile('[&<>"\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]')
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\x7f": "\u2421"}
_BREAKS = re.compile("\r\n|[\n\r\t]")
_PICTURES_OF_CONTROLS = 0x2400
_FIRST_PRINTED = 0x20

_LEFTWARDS = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff"
_RIGHTWARDS = "\u200e"
_HAS_LETTER = re.compile(r"[^\W\d_]")
_HAS_LEFTWARDS = re.compile(f"[{_LEFTWARDS}\u2066]")
_PIECES = re.compile(
    rf"\u2066(?P<kept>[^\u2066\u2069]*)\u2069"
    rf"|(?P<leftwards>[{_LEFTWARDS}]+)"
    r"|(?P<ordered>\d+(?:[-/:]\d+)+)"
    r"|(?P<number>\d+(?:[.,]\d+)*%?)"
    rf"|(?P<rightwards>(?:(?![{_LEFTWARDS}])[^\W\d_])[^\W\d_{_LEFTWARDS}]*)"
    r"|(?P<neutral>.)",
    re.DOTALL,
)


def _safe(found: re.Match[str]) -> str:
    """Escape a character, or show what XML cannot hold: control characters by their picture."""
    character = found[0]
    if character in _NAMED:
        return _NAMED[character]
    code = ord(character)
    return chr(_PICTURES_OF_CONTROLS + code) if code < _FIRST_PRINTED else "\ufffd"


def escaped(text: str) -> Xml:
    """Make any text safe inside an element or an attribute."""
    return Xml(_UNSAFE.sub(_safe, text))


def joined(pieces: Iterable[Xml]) -> Xml:
    return Xml("".join(pieces))


def _inside(text: str) -> str:
    """Write the inside of a run: its text with line breaks and tabs as elements."""
    if not _BREAKS.search(text):
        return f'<w:t xml:space="preserve">{escaped(text)}</w:t>'
    parts = []
    last = 0
    for found in _BREAKS.finditer(text):
        if found.start() > last:
            parts.append(f'<w:t xml:space="preserve">{escaped(text[last : found.start()])}</w:t>')
        parts.append("<w:tab/>" if found[0] == "\t" else "<w:br/>")
        last = found.end()
    if last < len(text):
        parts.append(f'<w:t xml:space="preserve">{escaped(text[last:])}</w:t>')
    return "".join(parts)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Text of one direction; ``is_kept`` text keeps its order from left to right whatever stands around it.

    Isolating marks would say so best, but Word may show them as boxes; a mark of direction on both sides does the same.
    """

    text: str
    is_leftwards: bool
    is_kept: bool = False


def _directed(text: str, *, is_leftwards: bool) -> Iterator[Stretch | str]:
    """Yield stretches whose direction is known, and bare text that takes that of its neighbours."""
    strong = is_leftwards
    for found in _PIECES.finditer(text):
        kind, piece = str(found.lastgroup), found[found.lastgroup or 0]
        if kind in {"leftwards", "rightwards"}:
            strong = kind == "leftwards"
            yield Stretch(piece, strong)
        elif kind == "kept" or (kind == "ordered" and is_leftwards):
            yield Stretch(piece, is_leftwards=False, is_kept=is_leftwards)
        elif kind in {"number", "ordered"}:
            # As in the Unicode rules a number goes with the word before it.
            yield Stretch(piece, strong)
        else:
            yield piece


def stretches(text: str, *, is_leftwards: bool) -> list[Stretch]:
    """Cut text of a paragraph of some direction where the direction changes; what is neutral goes with its sides."""
    found: list[Stretch] = []
    waiting = ""

    def add(stretch: Stretch) -> None:
        last = found[-1] if found else None
        if last and not (last.is_kept or stretch.is_kept) and last.is_leftwards == stretch.is_leftwards:
            found[-1] = Stretch(last.text + stretch.text, last.is_leftwards)
        else:
            found.append(stretch)

    for piece in _directed(text, is_leftwards=is_leftwards):
        if isinstance(piece, str):
            waiting += piece
            continue
        if waiting:
            before = found[-1].is_leftwards if found and not found[-1].is_kept else is_leftwards
            after = is_leftwards if piece.is_kept else piece.is_leftwards
            add(Stretch(waiting, before if before == after else is_leftwards))
            waiting = ""
        add(piece)
    if waiting:
        add(Stretch(waiting, is_leftwards))
    return found


def _kept(text: str) -> str:
    """Keep a text in its own order; white space at its edges parts it from what stands around it."""
    core = text.strip()
    before, _, after = text.partition(core) if core else (text, "", "")
    return f"{before}{_RIGHTWARDS}{core}{_RIGHTWARDS}{after}"


@dataclass(frozen=True, slots=True)
class Hand:
    """Writes in one direction; ``language`` is the mark of a language other than the document's own."""

    is_leftwards: bool
    language: str = ""

    def _run(self, inside: str, style: str, marks: str = "") -> str:
        named = f'<w:rStyle w:val="{style}"/>' if style else ""
        language = f'<w:lang w:val="{self.language}" w:eastAsia="{self.language}" w:bidi="{self.language}"/>'
        properties = named + marks + (language if self.language else "")
        return f"<w:r><w:rPr>{properties}</w:rPr>{inside}</w:r>" if properties else f"<w:r>{inside}</w:r>"

    def runs(self, text: str, style: str = "") -> Xml:
        """Write text in a character style, each direction in runs of its own."""
        if not text:
            return NOTHING
        if not _HAS_LEFTWARDS.search(text):
            is_foreign = self.is_leftwards and _HAS_LETTER.search(text)
            return Xml(self._run(_inside(_kept(text) if is_foreign else text), style))
        return joined(self._stretch(stretch, style) for stretch in stretches(text, is_leftwards=self.is_leftwards))

    def _stretch(self, stretch: Stretch, style: str) -> Xml:
        text = _kept(stretch.text) if stretch.is_kept else stretch.text
        return Xml(self._run(_inside(text), style, "<w:rtl/>" if stretch.is_leftwards else ""))

    def tab(self) -> Xml:
        return Xml(self._run("<w:tab/>", "", "<w:rtl/>" if self.is_leftwards else ""))

    def paragraph(self, style: str, *inside: Xml, more: str = "") -> Xml:
        """Make a paragraph of finished runs; ``more`` are properties that come right after the style."""
        direction = "<w:bidi/>" if self.is_leftwards else ""
        return Xml(f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}{direction}</w:pPr>{"".join(inside)}</w:p>')

    def line(self, style: str, text: str, *, more: str = "") -> Xml:
        return self.paragraph(style, self.runs(text), more=more)

    def field(self, instruction: str, shown: str, style: str = "") -> Xml:
        """Make a field that shows ``shown`` until Word works it out."""
        parts = (
            '<w:fldChar w:fldCharType="begin"/>',
            f'<w:instrText xml:space="preserve"> {escaped(instruction)} </w:instrText>',
            '<w:fldChar w:fldCharType="separate"/>',
            _inside(shown) if shown else "",
            '<w:fldChar w:fldCharType="end"/>',
            # A mark behind it keeps a number with the foreign words before it.
            _inside(_RIGHTWARDS) if shown and self.is_leftwards else "",
        )
        return joined(Xml(self._run(part, style)) for part in parts if part)
