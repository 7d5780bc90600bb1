"""What an XML part of an office file may begin with: no declarations of its own, letters every program reads alike."""

import re

from capacity_app.services.strangers import sentences
from capacity_app.services.strangers.sentences import refused

MOST_ELEMENTS = 4
"""Million elements and ends of elements in one part."""
_MILLION = 1_000_000
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
# Atomic: whoever writes ten thousand comments must not make us try all ways of reading them.
_BEGINNING = re.compile(rb"(?:\s++|<!--(?>.*?-->)|<\?(?>.*?\?>))*+<([^?\s>/]{1,9})", re.DOTALL)
_ENCODING = re.compile(rb"\s*<\?xml\s[^>]*?encoding\s*=\s*[\"']([^\"']*)")
_LETTERS = frozenset({b"utf-8", b"utf8", b"utf-16", b"us-ascii", b"ascii"})
_DECLARATION = b"!DOCTYPE"


def expected_markup(name: str, data: bytes, file: str) -> bytes | None:
    """Give an XML part as UTF-8, None for a part that is no XML; raises KnownError for what could mislead a parser."""
    must_be = name.casefold().endswith((".xml", ".rels", ".vml"))
    text = _in_utf_8(data)
    begins = text.lstrip()[:1] == b"<" if text is not None else False
    if text is None or not begins:
        if must_be:
            raise refused(sentences.UNUSUAL, file, part=name)
        return None
    _expect_beginning(name, text, file)
    if text.count(b"<") > MOST_ELEMENTS * _MILLION:
        raise refused(sentences.TOO_MANY_ENTRIES, file, part=name, most=str(MOST_ELEMENTS))
    return text


def _in_utf_8(data: bytes) -> bytes | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            content = data[len(mark) :]
            return content if encoding == "utf-8" else _decoded(content, encoding)
    return None if b"\0" in data[:4] else data


def _decoded(content: bytes, encoding: str) -> bytes | None:
    try:
        return content.decode(encoding).encode()
    except UnicodeError:
        return None


def _expect_beginning(name: str, text: bytes, file: str) -> None:
    encoding = _ENCODING.match(text)
    if encoding and encoding[1].lower() not in _LETTERS:
        raise refused(sentences.UNUSUAL, file, part=name)
    first = _BEGINNING.match(text)
    if first and first[1].upper() == _DECLARATION:
        raise refused(sentences.ENTITIES, file, part=name)
    if first is None or first[1].startswith(b"!"):
        raise refused(sentences.UNUSUAL, file, part=name)
