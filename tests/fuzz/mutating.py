"""How a file is changed from inside: an archive by its parts, XML by its elements, JSON by its values, TOML by words.

Bytes changed anywhere in a packed file only ever find the first check; what lies behind is found by changing what was
packed and packing it again.
"""

import io
import json
import random
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from tests.questionnaires.test_fuzz import change, changed

Bytes = Callable[[bytes, int], bytes]
"""Changes bytes anywhere, to no more than so many: what the fuzzer does by itself."""
Mutator = Callable[[bytes, int, random.Random, Bytes], bytes]

_ATTRIBUTE = re.compile(rb'(?<=\s)([\w:]+)="([^"]*)"')
_TEXT = re.compile(rb">([^<>]+)<")
_ELEMENT = re.compile(rb"<([\w:]+)\b[^<>]*?(?:/>|>[^<>]*</\1>)")
_TAG = re.compile(rb"</?[\w:]+[^<>]*>")
_PART = re.compile(r"^--- (.*)\n", re.MULTILINE)
_ODD: tuple[bytes, ...] = (
    b"", b" ", b"0", b"-1", b"1", b"2", b"3", b"1.5", b"1e308", b"1e999999", b"-0", b"NaN", b"INF", b"1/0", b"0x10",
    b"2147483648", b"4294967296", b"18446744073709551616", b"9" * 400, b"1" + b"0" * 5_000, b"true", b"b", b"e", b"s",
    b"str", b"inlineStr", b"d", b"n", b"#REF!", b"A1", b"A0", b"A1:XFD1048576", b"XFD1048576", b"$A$1", b"ZZZ1",
    b"A1:A1:A1", b"a1", b"&#0;", b"&#xD800;", b"&#x1F600;", b"&amp;amp;", b"&lt;", b"&unknown;", b"_x0000_", b"_xD800_",
    "\u202e".encode(), "\u0661\u0662".encode(), "\ufeff".encode(), "\ufffe".encode(), "e\u0301".encode() * 50, b"\xff",
    b"=1+1", b"{0}", b"{name}", b"%s", b"../../x", b"file:///etc/passwd", b"http://203.0.113.7/x", b"\\\\host\\x",
    b"2018-11-31", b"0000-00-00", b"9999-12-31T23:59:60Z", b"1900-02-29", b"60", b"-693594", b"2958466", b"i.law",
    b"iii.topics/a/available", b"i.law/", b"/", b"//", b"@", b"@gaps i.law", b"agency-nso", b"response", b"answered",
    b"unknown", b"not_applicable", b"x" * 33_000, b"\n", b"\t", b"a\nb",
)  # fmt: skip
_NAMES = (
    "xl/worksheets/sheet99.xml",
    "xl/media/a.png",
    "[content_types].xml",
    "xl/_rels/x.rels",
    "../x",
    "a\x00b",
    "x/",
)
_VALUES: tuple[Any, ...] = (
    None, True, 0, -1, 3, 10**30, 1e308, -0.5, "", "x", "i.law", "1/0", "9" * 30, "\x00", "\u202e", "x" * 20_001, [],
    {}, [[]], ["x"], ["a", "a"], {"x": 1}, {"question": "i.law", "state": "answered", "value": 3}, "not_applicable",
    "judgement", "2018-11-27T09:00:00+99:99", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "é\u0301",
)  # fmt: skip


def raw(data: bytes, most: int, _chance: random.Random, at_random: Bytes) -> bytes:
    """Change bytes anywhere."""
    return at_random(data, most)


# -- packages ------------------------------------------------------------------------------------------------------


def package(data: bytes, most: int, chance: random.Random, at_random: Bytes) -> bytes:
    """Change an office file: mostly what is in its parts, sometimes its parts, seldom its bytes."""
    parts = _unpacked(data)
    if not parts or chance.random() < 0.08:
        return at_random(data, most)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        if chance.random() < 0.06:
            _change_parts(parts, chance)
        else:
            place = chance.randrange(len(parts))
            name, content = parts[place]
            parts[place] = (name, _changed_part(content, parts, chance, at_random))
    return _packed(parts, chance)


def _unpacked(data: bytes) -> list[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(one.file_size for one in archive.infolist()) > 4_000_000:
                return []
            return [(one.filename, archive.read(one)) for one in archive.infolist()]
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        ValueError,
        RuntimeError,
        OSError,
        struct.error,
    ):
        return []


def _packed(parts: list[tuple[str, bytes]], chance: random.Random) -> bytes:
    buffer = io.BytesIO()
    method = chance.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))
    with zipfile.ZipFile(buffer, "w", method, compresslevel=1) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # two parts of one name
        for name, content in parts:
            entry = zipfile.ZipInfo("x")
            entry.filename, entry.compress_type = name, method
            archive.writestr(entry, content)
    return buffer.getvalue()


def _change_parts(parts: list[tuple[str, bytes]], chance: random.Random) -> None:
    place = chance.randrange(len(parts))
    name, content = parts[place]
    other_name, other = chance.choice(parts)
    match chance.randrange(5):
        case 0 if len(parts) > 1:
            del parts[place]
        case 1:
            parts[place] = (name, other)
        case 2:
            parts.append((chance.choice((*_NAMES, name.upper(), other_name)), content))
        case 3:
            parts[place] = (chance.choice((*_NAMES, other_name)), content)
        case _:
            chance.shuffle(parts)


def _changed_part(content: bytes, parts: list[tuple[str, bytes]], chance: random.Random, at_random: Bytes) -> bytes:
    if not content or chance.random() < 0.15:
        return at_random(content, len(content) + 1_000)
    return chance.choice((_of_attribute, _of_attribute, _of_text, _of_text, _of_element, _of_tag))(
        content, parts, chance
    )


def _spots(pattern: re.Pattern[bytes], content: bytes, chance: random.Random, group: int) -> list[tuple[int, int]]:
    """Return up to two places where something is found, not far behind a place chosen at random."""
    start = chance.randrange(len(content))
    found = [one.span(group) for one in (pattern.search(content, start), pattern.search(content)) if one]
    return found[:1] if chance.random() < 0.9 else found


def _replaced(content: bytes, spot: tuple[int, int], new: bytes) -> bytes:
    return content[: spot[0]] + new + content[spot[1] :]


def _of_attribute(content: bytes, parts: list[tuple[str, bytes]], chance: random.Random) -> bytes:
    for spot in _spots(_ATTRIBUTE, content, chance, 2):
        content = _replaced(content, spot, _other(_ATTRIBUTE, 2, parts, chance))
    return content


def _of_text(content: bytes, parts: list[tuple[str, bytes]], chance: random.Random) -> bytes:
    for spot in _spots(_TEXT, content, chance, 1):
        content = _replaced(content, spot, _other(_TEXT, 1, parts, chance))
    return content


def _other(pattern: re.Pattern[bytes], group: int, parts: list[tuple[str, bytes]], chance: random.Random) -> bytes:
    """Return something odd, or what stands somewhere else in the file."""
    _name, content = chance.choice(parts)
    if not content or chance.random() < 0.5:
        return chance.choice(_ODD)
    found = pattern.search(content, chance.randrange(len(content)))
    return found[group] if found else chance.choice(_ODD)


def _of_element(content: bytes, _parts: list[tuple[str, bytes]], chance: random.Random) -> bytes:
    """Take an element out, say it again, or move it."""
    found = _ELEMENT.search(content, chance.randrange(len(content)))
    if found is None:
        return content
    whole, (start, end) = found[0], found.span()
    match chance.randrange(4):
        case 0:
            return content[:start] + content[end:]
        case 1:
            return content[:end] + whole * chance.choice((1, 1, 2, 40)) + content[end:]
        case 2:
            other = _ELEMENT.search(content, chance.randrange(len(content)))
            return content if other is None else content[: other.start()] + whole + content[other.start() :]
    inside = chance.choice((b"<x/>", b"<!-- -->", b"<![CDATA[x]]>", b"<?x y?>", b"<r><t>x</t></r>", b"<f>1+1</f>"))
    return content[:end] + inside + content[end:]


def _of_tag(content: bytes, _parts: list[tuple[str, bytes]], chance: random.Random) -> bytes:
    """Exchange two tags that follow each other, or take one away: what no parser should take."""
    start = chance.randrange(len(content))
    tags = [one.span() for one, _ in zip(_TAG.finditer(content, start), range(3), strict=False)]
    if len(tags) < 2:
        return content
    (first, second), *_ = pairwise(tags)
    if chance.random() < 0.5:
        return _replaced(content, first, b"")
    between = content[first[1] : second[0]]
    new = content[second[0] : second[1]] + between + content[first[0] : first[1]]
    return content[: first[0]] + new + content[second[1] :]


# -- texts ---------------------------------------------------------------------------------------------------------


def json_text(data: bytes, most: int, chance: random.Random, at_random: Bytes) -> bytes:
    """Change values of a JSON text, seldom its bytes."""
    try:
        tables = json.loads(data)
    except (ValueError, RecursionError):
        return at_random(data, most)
    if not isinstance(tables, dict) or not tables or chance.random() < 0.1:
        return at_random(data, most)
    try:
        for _ in range(chance.choice((1, 1, 2, 4))):
            _change_value(tables, chance)
        return json.dumps(tables, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
    except (RecursionError, IndexError, ValueError):
        return at_random(data, most)


def _change_value(tables: dict[str, Any], chance: random.Random) -> None:
    """Change a value somewhere: by another one of the text mostly, else by an odd one."""
    if chance.random() < 0.5:
        change(tables, chance)
        return
    holder: Any = tables
    while True:
        places = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        if not places:
            return
        place = chance.choice(places)
        if not isinstance(holder[place], dict | list) or chance.random() < 0.1:
            holder[place] = chance.choice(_VALUES)
            return
        holder = holder[place]


def toml_texts(data: bytes, most: int, chance: random.Random, at_random: Bytes) -> bytes:
    """Change words of TOML texts, one below the other, seldom their bytes."""
    if chance.random() < 0.2:
        return at_random(data, most)
    try:
        first, *others = _PART.split(data.decode())
        texts = others[1::2]
        place = chance.randrange(len(texts))
        texts[place] = changed(texts[place], chance)
    except (UnicodeDecodeError, ValueError, IndexError):
        return at_random(data, most)
    return (first + "".join(f"--- {name}\n{text}" for name, text in zip(others[::2], texts, strict=True))).encode()
