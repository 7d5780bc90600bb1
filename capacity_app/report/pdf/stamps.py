"""What finished reports say of themselves, read back: PDF, Word and HTML, from our hands or from anybody's."""

import html
import re
import zipfile
from collections.abc import Iterator, Mapping
from xml.parsers import expat

from capacity_app.domain.verification import Copy, Medium, Stamp, stamp_of
from capacity_app.report.pdf.printed import Printed
from capacity_app.report.view import marks

_KEYS = tuple(Stamp.__dataclass_fields__)
_CHUNK = 65_536
_TITLE = 300
_HTML_MARK = re.compile(r'<meta\s+name="capacity-app:([a-z_]{1,40})"\s+content="([^"<>]{0,300})"')
_HTML_TITLE = re.compile(r"<title>([^<]{0,300})</title>")


# -- PDF -----------------------------------------------------------------------------------------------------------


def pdf_stamp(content: bytes) -> tuple[Stamp, str]:
    """Read what an intact PDF file says of itself, and its title; raises ValueError if it cannot be opened."""
    document = Printed(content)
    try:
        said = {key: document.information(marks.info_key(key)) for key in _KEYS}
        return stamp_of(said), document.information("Title")[:_TITLE]
    finally:
        document.close()


# -- HTML ----------------------------------------------------------------------------------------------------------


def html_copy(text: str) -> Copy:
    """Read a web page as text: what is not found simply is not said."""
    said = {found[1]: html.unescape(found[2]) for found in _HTML_MARK.finditer(text)}
    title = _HTML_TITLE.search(text)
    return Copy(medium=Medium.HTML, stamp=stamp_of(said), title=html.unescape(title[1]) if title else "")


# -- Word ----------------------------------------------------------------------------------------------------------

_CUSTOM, _CORE = "docProps/custom.xml", "docProps/core.xml"


def word_copy(package: zipfile.ZipFile) -> Copy:
    """Read a Word file; raises ValueError where its parts are no XML, and what a damaged package raises."""
    title = next(_texts(package, _CORE, "title"), "") if _CORE in package.namelist() else ""
    return Copy(medium=Medium.WORD, stamp=stamp_of(word_properties(package)), title=title[:_TITLE])


def word_properties(package: zipfile.ZipFile) -> dict[str, str]:
    """Read the custom properties that are ours, none where there are none; raises ValueError where they are no XML."""
    if _CUSTOM not in package.namelist():
        return {}
    said: dict[str, str] = {}
    for kind, name, text in _elements(package, _CUSTOM, {"property"}):
        if kind == "property" and name.startswith(marks.property_name("")):
            said[name.removeprefix(marks.property_name(""))] = text
    return said


def _texts(package: zipfile.ZipFile, part: str, element: str) -> Iterator[str]:
    return (text for _kind, _name, text in _elements(package, part, {element}))


def _elements(package: zipfile.ZipFile, part: str, wanted: set[str]) -> list[tuple[str, str, str]]:
    """Return the wanted elements of a part: their local name, what their ``name`` says, and the text inside."""
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
