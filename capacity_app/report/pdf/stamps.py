"""What finished reports say of themselves, read back: PDF, Word and HTML, from our hands or from anybody's."""

import html
import re
import zipfile
from collections.abc import Iterator, Mapping
from xml.parsers import expat

from capacity_app.domain.fingerprint import printed_in
from capacity_app.domain.verification import Copy, Medium, Stamp, stamp_of
from capacity_app.report.pdf.printed import Printed
from capacity_app.report.view import marks

MOST_PAGES = 5_000
_KEYS = tuple(Stamp.__dataclass_fields__)
_CHUNK = 65_536
_TITLE = 300
_HTML_MARK = re.compile(r'<meta\s+name="capacity-app:([a-z_]{1,40})"\s+content="([^"<>]{0,300})"')
_HTML_TITLE = re.compile(r"<title>([^<]{0,300})</title>")
_HTML_STYLE = re.compile(r"<(style|script)\b.*?</\1>", re.DOTALL)
_XMP_PREFIX = re.compile(rf'xmlns:([A-Za-z]{{1,20}})="{re.escape(marks.XMP_NAMESPACE)}"'.encode())


class TooManyPages(ValueError):  # noqa: N818 - a ValueError told apart by what it says
    """A document with more pages than any report has."""


# -- PDF -----------------------------------------------------------------------------------------------------------


def pdf_copy(content: bytes) -> Copy:
    """Read a PDF; raises ValueError if it cannot be opened, and TooManyPages."""
    document = Printed(content)
    try:
        if len(document.sizes) > MOST_PAGES:
            raise TooManyPages(len(document.sizes))
        said = {key: document.information(marks.info_key(key)) for key in _KEYS}
        pages = tuple(printed_in(document.text(page)) for page in range(len(document.sizes)))
        title = document.information("Title")[:_TITLE]
    finally:
        document.close()
    in_xmp = _in_xmp(content)
    said = {key: value or in_xmp.get(key, "") for key, value in said.items()}
    return Copy(medium=Medium.PDF, stamp=stamp_of(said), pages=pages, title=title)


def _in_xmp(content: bytes) -> Mapping[str, str]:
    """Read our properties from the metadata, which stand in the file uncompressed."""
    prefix = _XMP_PREFIX.search(content)
    if prefix is None:
        return {}
    name = re.escape(prefix[1])
    found = re.finditer(rb"<%b:([a-z_]{1,40})>([^<]{0,300})</" % name, content)
    return {one[1].decode(): html.unescape(one[2].decode("utf-8", "replace")) for one in found}


# -- HTML ----------------------------------------------------------------------------------------------------------


def html_copy(text: str) -> Copy:
    """Read a web page as text: what is not found simply is not said."""
    said = {found[1]: html.unescape(found[2]) for found in _HTML_MARK.finditer(text)}
    title = _HTML_TITLE.search(text)
    shown = printed_in(html.unescape(_HTML_STYLE.sub("", text)))
    return Copy(
        medium=Medium.HTML, stamp=stamp_of(said), pages=(shown,), title=html.unescape(title[1]) if title else ""
    )


# -- Word ----------------------------------------------------------------------------------------------------------

_GAPS = frozenset({"tab", "br", "cr"})
_CUSTOM, _CORE, _BODY = "docProps/custom.xml", "docProps/core.xml", "word/document.xml"
_FOOTER = re.compile(r"word/(?:header|footer)\d*\.xml")


def word_copy(package: zipfile.ZipFile) -> Copy:
    """Read a Word file; raises ValueError where its parts are no XML, and what a damaged package raises."""
    names = package.namelist()
    said = word_properties(package)
    shown = [name for name in names if name == _BODY or _FOOTER.fullmatch(name)]
    pages = tuple(printed_in("\n".join(_paragraphs(package, name))) for name in shown)
    title = next(_texts(package, _CORE, "title"), "") if _CORE in names else ""
    return Copy(medium=Medium.WORD, stamp=stamp_of(said), pages=tuple(page for page in pages if page) or ((),),
                title=title[:_TITLE])  # fmt: skip


def word_properties(package: zipfile.ZipFile) -> dict[str, str]:
    """Read the custom properties that are ours, none where there are none; raises ValueError where they are no XML."""
    if _CUSTOM not in package.namelist():
        return {}
    said: dict[str, str] = {}
    for kind, name, text in _elements(package, _CUSTOM, {"property"}):
        if kind == "property" and name.startswith(marks.property_name("")):
            said[name.removeprefix(marks.property_name(""))] = text
    return said


def _paragraphs(package: zipfile.ZipFile, part: str) -> Iterator[str]:
    return _texts(package, part, "p")


def _texts(package: zipfile.ZipFile, part: str, element: str) -> Iterator[str]:
    return (text for _kind, _name, text in _elements(package, part, {element}))


def _elements(package: zipfile.ZipFile, part: str, wanted: set[str]) -> list[tuple[str, str, str]]:
    """Give the wanted elements of a part: their local name, what their ``name`` says, and the text inside."""
    reader = _Reader(wanted)
    try:
        with package.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                reader.expat.Parse(chunk, False)
            reader.expat.Parse(b"", True)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from error
    return reader.found


class _Reader:
    """Collects the text of some elements while a part goes by."""

    def __init__(self, wanted: set[str]) -> None:
        self.found: list[tuple[str, str, str]] = []
        self._wanted = wanted
        self._open: list[tuple[str, str, list[str]]] = []
        self.expat = expat.ParserCreate(namespace_separator=" ")
        self.expat.StartElementHandler = self._start
        self.expat.EndElementHandler = self._end
        self.expat.CharacterDataHandler = self._take
        self.expat.StartDoctypeDeclHandler = self._refuse

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        local = tag.rpartition(" ")[2]
        if local in self._wanted:
            self._open.append((local, attributes.get("name", ""), []))
        elif local in _GAPS:
            self._take(" ")

    def _end(self, tag: str) -> None:
        if self._open and tag.rpartition(" ")[2] == self._open[-1][0]:
            local, name, texts = self._open.pop()
            self.found.append((local, name, "".join(texts)))

    def _take(self, text: str) -> None:
        if self._open:
            self._open[-1][2].append(text)

    def _refuse(self, *_declaration: object) -> None:
        """Stop at a document type: no office file has one, and entities are declared there."""
        raise ValueError("an office file declares no document type")
