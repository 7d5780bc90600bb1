"""A Word file as a tree, asked in Word's own terms: paragraphs by style, tables, controls, properties."""

import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # it publishes no types

from tests.outputs.word_reading import word_parts

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VALIDATOR = Path(sys.prefix) / "ooxml" / "node_modules" / ".bin" / "ooxml-validator"


def tree(content: bytes, part: str = "word/document.xml") -> Any:
    return etree.fromstring(word_parts(content)[part])


def text_of(element: Any) -> str:
    return "".join(one.text or "" for one in element.iter(f"{W}t")).replace("\u200e", "")


def style_of(paragraph: Any) -> str:
    found = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if found is None else str(found.get(f"{W}val"))


def paragraphs(content: bytes, *styles: str) -> Iterator[Any]:
    """Yield the paragraphs of some styles, or all of them, those in tables too."""
    return (one for one in tree(content).iter(f"{W}p") if not styles or style_of(one) in styles)


def texts(content: bytes, *styles: str) -> list[str]:
    return [text_of(one) for one in paragraphs(content, *styles)]


def tags(content: bytes) -> list[str]:
    """Return the tags of all content controls that have one."""
    return [str(one.get(f"{W}val")) for one in tree(content).iter(f"{W}tag")]


def remark_bookmarks(content: bytes) -> list[str]:
    """Return the names of the bookmarks before the controls for remarks."""
    names = (str(one.get(f"{W}name")) for one in tree(content).iter(f"{W}bookmarkStart"))
    return [name for name in names if name.startswith("_remark_")]


def validated(file: Path) -> str:
    """Ask the Open XML SDK what is wrong with a file: its words, with “"ok": true” if nothing is."""
    done = subprocess.run([VALIDATOR, file], capture_output=True, check=False)
    return done.stdout.decode() + done.stderr.decode()


def converted(file: Path, kind: str) -> Path:
    """Let LibreOffice write a file as another kind beside it."""
    home = f"-env:UserInstallation=file://{file.parent}/office"
    command = ["soffice", home, "--headless", "--convert-to", kind, "--outdir", f"{file.parent}/{kind}", str(file)]
    subprocess.run(command, capture_output=True, check=True, timeout=300)
    return file.parent / kind / f"{file.stem}.{kind}"


def with_body_changed(content: bytes, changes: Mapping[str, str]) -> bytes:
    """Return a Word file in whose text each piece of XML is replaced once."""
    parts = word_parts(content)
    body = parts["word/document.xml"].decode()
    for old, new in changes.items():
        assert old in body, old
        body = body.replace(old, new, 1)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in (parts | {"word/document.xml": body.encode()}).items():
            file.writestr(name, part)
    return buffer.getvalue()
