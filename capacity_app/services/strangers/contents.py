"""What an office file holds besides its text: programs and objects, for which it is refused, and what is never opened.

A part may have any name; what it is stands in the list of content types and in the relations between parts.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from capacity_app.domain.problems import Problem, Severity
from capacity_app.services.strangers import sentences
from capacity_app.services.strangers.kinds import WORKBOOK
from capacity_app.services.strangers.sentences import named, refused

_TYPES = "[content_types].xml"
_PROGRAMS = ("vbaproject", "vbadata", "macroenabled", "macrosheet", "mswordvba", "attachedtoolbars")
_OBJECTS = ("oleobject", "activex", "/relationships/control", "ctrlprop")
_FILES = ("/relationships/package", "/relationships/afchunk", "/relationships/subdocument")
_OUTSIDE = ("externallink", "/relationships/connections", "querytable")
_SERVERS = ("http:", "https:", "ftp:", "\\\\", "file://\\\\")
_WORKBOOK_RELATIONS = "xl/_rels/workbook.xml.rels"
FIRST = (_WORKBOOK_RELATIONS, WORKBOOK)
"""The parts that say what sheets are called."""
_HARMLESS_TARGETS = ("/relationships/hyperlink",)
_OBJECT_ELEMENTS = (b"oleObject", b"OLEObject")


@dataclass(slots=True)
class Contents:
    """What was found while the parts of a file went by, by name."""

    file: str
    programs: list[str] = field(default_factory=list)
    objects: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    sheets: dict[str, str] = field(default_factory=dict)
    """Where each sheet of a workbook lies, by the id of its relation."""
    titles: dict[str, str] = field(default_factory=dict)
    """What each sheet is called, by the same id."""

    def look_at_name(self, name: str) -> None:
        """Take the name of a part."""
        said = name.casefold()
        self._sort(said, name)
        if "/embeddings/" in said and not said.endswith("/") and name not in self.objects:
            self.files.append(name)

    def look_at_text(self, name: str, markup: bytes) -> None:
        """Take an XML part; raises KnownError where it cannot be parsed."""
        said = name.casefold()
        if said == _TYPES or said.endswith(".rels"):
            self._take_relations(name, markup)
        elif said == WORKBOOK:
            self._take_titles(markup)
        elif any(word in markup for word in _OBJECT_ELEMENTS):
            self.objects.append(name)

    def _take_relations(self, name: str, markup: bytes) -> None:
        for attributes in _attributes(markup, self.file):
            target = attributes.get("Target", attributes.get("PartName", attributes.get("Extension", "")))
            said = " ".join((attributes.get("Type", ""), attributes.get("ContentType", ""))).casefold()
            self._sort(said, target)
            is_elsewhere = attributes.get("TargetMode", "").casefold() == "external"
            if is_elsewhere and not _is_harmless(said, target):
                self.outside.append(target)
            if name.casefold() == _WORKBOOK_RELATIONS and said.strip().endswith("/worksheet"):
                self.sheets[attributes.get("Id", "")] = target[1:] if target.startswith("/") else f"xl/{target}"

    def _take_titles(self, markup: bytes) -> None:
        for attributes in _attributes(markup, self.file):
            related = next((text for key, text in attributes.items() if key.endswith(":id")), "")
            if related and "sheetId" in attributes:
                self.titles[related] = attributes.get("name", "")

    def title_of(self, part: str) -> str:
        """Return what people call a part: the name of a sheet, where it is one."""
        found = (self.titles.get(one, "") for one, place in self.sheets.items() if place.casefold() == part.casefold())
        return next(found, "") or part

    def _sort(self, said: str, name: str) -> None:
        for words, found in (
            (_PROGRAMS, self.programs),
            (_OBJECTS, self.objects),
            (_FILES, self.files),
            (_OUTSIDE, self.outside),
        ):
            if any(word in said for word in words):
                found.append(name)

    def expect_sheets(self, names: Iterable[str]) -> None:
        """Raise KnownError if a sheet is not there that the list of sheets names."""
        there = {name.casefold() for name in names}
        if any(self.sheets[one].casefold() not in there for one in self.titles if one in self.sheets):
            raise refused(sentences.DAMAGED, self.file)

    def expect_harmless(self) -> None:
        """Raise KnownError if the file holds programs, or objects of other programs."""
        if self.programs:
            raise refused(sentences.MACROS, self.file)
        if self.objects:
            raise refused(sentences.OBJECTS, self.file, names=named(sorted(set(self.objects))))

    def notes(self) -> tuple[Problem, ...]:
        return tuple(self._notes())

    def _notes(self) -> Iterator[Problem]:
        for code, found, message, advice in (
            ("file.links-out", self.outside, sentences.LINKS_OUT, sentences.LINKS_ADVICE),
            ("file.files-inside", self.files, sentences.FILES_INSIDE, sentences.FILES_ADVICE),
        ):
            if found:
                values = (("file", self.file), ("names", named(sorted(set(found)))))
                yield Problem(code, self.file, message, advice, values, Severity.WARNING)


def _is_harmless(said: str, target: str) -> bool:
    """Return whether a target outside is a link to click on, or the template that Word names in nearly every file."""
    is_template = "/relationships/attachedtemplate" in said and not target.casefold().startswith(_SERVERS)
    return is_template or any(word in said for word in _HARMLESS_TARGETS)


def _attributes(markup: bytes, file: str) -> list[Mapping[str, str]]:
    """Return the attributes of every element."""
    found: list[Mapping[str, str]] = []
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = lambda _tag, attributes: found.append(attributes)
    try:
        parser.Parse(markup, True)
    except expat.ExpatError as error:
        raise refused(sentences.DAMAGED, file) from error
    return found
