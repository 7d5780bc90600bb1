"""Ways a file is damaged: by a failing disk, a stick pulled out, a copy cut short, a program that wrote elsewhere."""

import random
from collections.abc import Callable
from pathlib import Path

PAGE = 4_096
Damage = Callable[[bytes, random.Random], bytes]


def _put(content: bytes, place: int, part: bytes) -> bytes:
    return content[:place] + part + content[place + len(part) :]


def _one_bit(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(content))
    return _put(content, place, bytes([content[place] ^ 1 << chance.randrange(8)]))


def _some_bytes(content: bytes, chance: random.Random) -> bytes:
    size = chance.randrange(2, 200)
    return _put(content, chance.randrange(len(content) - size), chance.randbytes(size))


def _header(content: bytes, chance: random.Random) -> bytes:
    size = chance.randrange(1, 16)
    return _put(content, chance.randrange(100 - size), chance.randbytes(size))


def _page(content: bytes, chance: random.Random) -> int:
    return chance.randrange(len(content) // PAGE) * PAGE


def _zeroed_page(content: bytes, chance: random.Random) -> bytes:
    return _put(content, _page(content, chance), bytes(PAGE))


def _first_page_zeroed(content: bytes, chance: random.Random) -> bytes:
    return _put(content, 0, bytes(chance.choice((16, 100, 512, PAGE))))


def _zeroed_end(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(content))
    return content[:place] + bytes(len(content) - place)


def _garbage_page(content: bytes, chance: random.Random) -> bytes:
    return _put(content, _page(content, chance), chance.randbytes(PAGE))


def _swapped_pages(content: bytes, chance: random.Random) -> bytes:
    one, other = _page(content, chance), _page(content, chance)
    first, second = content[one : one + PAGE], content[other : other + PAGE]
    return _put(_put(content, one, second), other, first)


def _page_twice(content: bytes, chance: random.Random) -> bytes:
    one, other = _page(content, chance), _page(content, chance)
    return _put(content, one, content[other : other + PAGE])


def _cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content))]


def _cut_at_page(content: bytes, chance: random.Random) -> bytes:
    return content[: _page(content, chance)]


def _cut_short(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.choice((0, 1, 15, 16, 17, 99, 100, 101, 511, 512, PAGE - 1, PAGE, PAGE + 1))]


def _more(content: bytes, chance: random.Random) -> bytes:
    return content + chance.randbytes(chance.choice((1, 512, PAGE)))


DAMAGES: dict[str, Damage] = {
    "one bit": _one_bit,
    "some bytes": _some_bytes,
    "header": _header,
    "zeroed page": _zeroed_page,
    "first page zeroed": _first_page_zeroed,
    "zeroed end": _zeroed_end,
    "garbage page": _garbage_page,
    "swapped pages": _swapped_pages,
    "page twice": _page_twice,
    "cut": _cut,
    "cut at a page": _cut_at_page,
    "cut short": _cut_short,
    "more at the end": _more,
    "journal": lambda content, _chance: content,
}
"""All of them; of the last one, rubbish lies beside the file."""
JOURNALS = (b"", b"\0" * 512, b"rubbish " * 99, bytes.fromhex("d9d505f920a163d7"), bytes(28) + b"x" * 600)


def damage(file: Path, whole: bytes, kind: str, chance: random.Random) -> None:
    """Put a damaged file in a place."""
    file.write_bytes(DAMAGES[kind](whole, chance))
    if kind == "journal":
        file.with_name(f"{file.name}-journal").write_bytes(chance.choice((*JOURNALS, chance.randbytes(2_000))))
