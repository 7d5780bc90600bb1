"""Read back what finished files say of themselves: PDF, Word, HTML and workbook, ours or anybody’s."""

import html
import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from xml.parsers import expat

from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from capacity_app.domain.assessment.verification import ExportStamp, FileMedium, StampedFile, stamp_of
from capacity_app.outputs.content import identity
from capacity_app.outputs.pdf.reader import PdfPages
from capacity_app.outputs.workbook import sheet_marks

_KEYS = tuple(ExportStamp.__dataclass_fields__)
_CHUNK = 65_536
_TITLE = 300
_HTML_MARK = re.compile(r'<meta\s+name="capacity-app:([a-z_]{1,40})"\s+content="([^"<>]{0,300})"')
_HTML_TITLE = re.compile(r"<title>([^<]{0,300})</title>")


# -- PDF -----------------------------------------------------------------------------------------------------------


def read_pdf_stamp(content: bytes) -> tuple[ExportStamp, str]:
    """Read what an intact PDF file says of itself, and its title; raises ValueError if it cannot be opened."""
    document = PdfPages(content)
    try:
        said = {key: document.information(identity.pdf_info_key(key)) for key in _KEYS}
        return stamp_of(said), document.information("Title")[:_TITLE]
    finally:
        document.close()


# -- HTML ----------------------------------------------------------------------------------------------------------


def read_html_copy(text: str) -> StampedFile:
    """Read a web page as text: what is not found simply is not said."""
    said = {found[1]: html.unescape(found[2]) for found in _HTML_MARK.finditer(text)}
    title = _HTML_TITLE.search(text)
    return StampedFile(medium=FileMedium.HTML, stamp=stamp_of(said), title=html.unescape(title[1]) if title else "")


# -- Word ----------------------------------------------------------------------------------------------------------

_CUSTOM, _CORE = "docProps/custom.xml", "docProps/core.xml"


def read_word_copy(package: zipfile.ZipFile) -> StampedFile:
    """Read a Word file; raises ValueError where its parts are no XML, and what a damaged package raises."""
    titles = _elements(package, _CORE, {"title"}) if _CORE in package.namelist() else []
    title = titles[0][2] if titles else ""
    return StampedFile(medium=FileMedium.WORD, stamp=stamp_of(read_word_properties(package)), title=title[:_TITLE])


def read_word_properties(package: zipfile.ZipFile) -> dict[str, str]:
    """Read the custom properties that are ours, none where there are none; raises ValueError where they are no XML."""
    if _CUSTOM not in package.namelist():
        return {}
    said: dict[str, str] = {}
    for kind, name, text in _elements(package, _CUSTOM, {"property"}):
        if kind == "property" and name.startswith(identity.property_name("")):
            said[name.removeprefix(identity.property_name(""))] = text
    return said


def _elements(package: zipfile.ZipFile, part: str, wanted: set[str]) -> list[tuple[str, str, str]]:
    """Return the wanted elements of a part: their local name, what their ``name`` says, and the text inside."""
    reader = _ElementTextReader(wanted)
    try:
        with package.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                reader.expat.Parse(chunk, False)
            reader.expat.Parse(b"", True)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from error
    return reader.found


class _ElementTextReader:
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


# What a finished workbook says of itself, read back from its hidden sheet.


_MOST_ROWS, _MOST_COLUMNS = 500, 12
_TEXT_LIMIT = 400


def read_workbook_copy(content: bytes) -> StampedFile:
    """Read a workbook, whatever program saved it last; raises ValueError if it cannot be read."""
    try:
        with warnings.catch_warnings():
            # What openpyxl does not carry over (drop-downs, colours) is none of our business here.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            try:
                return _read_stamp(book)
            finally:
                book.close()
    except Exception as error:  # openpyxl raises whatever a stranger's file makes it stumble over
        raise ValueError(f"{type(error).__name__}: {error}") from error


def _read_stamp(book: Workbook) -> StampedFile:
    said: dict[str, str] = {}
    if sheet_marks.META_SHEET in book.sheetnames:
        said = {line[0]: line[1] for line in _sheet_lines(book, sheet_marks.META_SHEET) if len(line) > 1}
    title = str(book.properties.title or "")[:_TEXT_LIMIT]
    return StampedFile(medium=FileMedium.WORKBOOK, stamp=stamp_of(said), title=title)


def _sheet_lines(book: Workbook, name: str) -> Iterator[list[str]]:
    """Go through the cells of a sheet for people or programs, as far as anything of ours stands."""
    sheet = book[name]
    for line in sheet.iter_rows(max_row=_MOST_ROWS, max_col=_MOST_COLUMNS, values_only=True):
        yield [str(cell)[:_TEXT_LIMIT] for cell in line if cell is not None]
