"""Everything a file holds, unpacked: the members of a zip file, the streams of a PDF, the file itself."""

import io
import re
import unicodedata
import zipfile
import zlib

_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.DOTALL)


def _inflated(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed)
    except zlib.error:
        return b""


def unpacked(content: bytes) -> dict[str, bytes]:
    """Return the parts of a file by name; a zip file's members with their names, a PDF's streams by number."""
    parts = {"file": content}
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            parts |= {f"member {name}": name.encode() + b"\n" + file.read(name) for name in file.namelist()}
            parts["comment"] = file.comment
    elif content.startswith(b"%PDF-"):
        parts |= {f"stream {n}": _inflated(found[1]) for n, found in enumerate(_STREAM.finditer(content))}
    return parts


def _encodings(text: str) -> set[bytes]:
    """Write a text in every way files write texts."""
    found: set[bytes] = set()
    for form in ("NFC", "NFD"):
        plain = unicodedata.normalize(form, text)
        wide = plain.encode("utf-16-be")
        found |= {plain.encode(), wide, plain.encode("utf-16-le"), wide.hex().encode(), wide.hex().upper().encode()}
        found.add(plain.encode("ascii", "xmlcharrefreplace"))
        found.add("".join(f"\\x{ord(c):02x}" if ord(c) > 127 else c for c in plain).encode("ascii", "replace"))
    return found


def holders(content: bytes, text: str) -> list[str]:
    """Name the parts of a file in which a text stands, whatever the letter case and the encoding."""
    wanted = {one.lower() for form in (text, text.upper()) for one in _encodings(form)}
    parts = ((name, part.lower()) for name, part in unpacked(content).items())
    return [name for name, part in parts if any(one in part for one in wanted)]
