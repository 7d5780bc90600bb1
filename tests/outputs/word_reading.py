"""What stands in a Word file: its words as they follow, where its links lead, and everything else it holds."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # it publishes no types

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STORIES = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml")
_MARKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "\u2011", f"{_W}softHyphen": "\xad"}


def word_parts(content: bytes) -> dict[str, bytes]:
    """Return every part of the file by its name."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def _tree(part: bytes) -> Any:
    return etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True))


def _written(paragraph: Any) -> Iterator[str]:
    for element in paragraph.iter():
        if element.tag == f"{_W}t":
            yield element.text or ""
        elif element.tag in _MARKS:
            yield _MARKS[element.tag]


def _paragraphs(part: bytes) -> Iterator[str]:
    for paragraph in _tree(part).iter(f"{_W}p"):
        yield "".join(_written(paragraph))


def word_text(content: bytes) -> str:
    """Return the words of the document, its headers, footers and notes, a line for every paragraph."""
    parts = word_parts(content)
    return "\n".join(line for name in sorted(parts) if _STORIES.fullmatch(name) for line in _paragraphs(parts[name]))


def word_fields(content: bytes) -> list[str]:
    """Return the instructions of all fields ("PAGE", "TOC …")."""
    document = [_tree(part) for name, part in word_parts(content).items() if _STORIES.fullmatch(name)]
    complex_ones = [element.text or "" for tree in document for element in tree.iter(f"{_W}instrText")]
    return complex_ones + [e.get(f"{_W}instr", "") for tree in document for e in tree.iter(f"{_W}fldSimple")]


def outside_targets(content: bytes) -> list[str]:
    """Return everything outside the file that a part of a Word file or workbook points to."""
    targets = []
    for name, part in word_parts(content).items():
        if name.endswith(".rels"):
            targets += [one.get("Target", "") for one in _tree(part) if one.get("TargetMode") == "External"]
    return targets
