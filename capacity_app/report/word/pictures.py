"""Bars and the ground of the cover as pictures: a few lines write them faster and smaller than a drawing library."""

import hashlib
import struct
import zlib
from collections.abc import Iterable, Sequence
from math import sqrt

from capacity_app import palette
from capacity_app.report.charts.drawing import ProfileChart, shapes

_BAR_DOTS, _COVER_DOTS = 12, 8
"""Dots per millimetre: about 300 and 200 to the inch."""
_PER_METRE = 1000
_BEGINNING = b"\x89PNG\r\n\x1a\n"
_TELLING = frozenset({b"IHDR", b"PLTE", b"tRNS"})
_MOST_DOTS = 50_000_000
COVER_WIDTH, COVER_HEIGHT = 210, 158
_RINGS = (55, 85, 115, 145, 175)
"""Radii of the rings on the cover, in millimetres around its upper corner."""
_RING = 0.3


def _chunk(kind: bytes, content: bytes) -> bytes:
    checked = kind + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


def _png(canvas: Sequence[bytearray], colours: Iterable[str], dots: int, *, is_clear: bool = False) -> bytes:
    """Write dots that are numbers of colours; ``is_clear`` lets the first colour be seen through."""
    # Every line begins with the number of its filter, here none.
    packed = zlib.compress(b"".join(b"\0" + bytes(line) for line in canvas), 9)
    per_metre = dots * _PER_METRE
    return b"".join((
        _BEGINNING,
        _chunk(b"IHDR", struct.pack(">IIBBBBB", len(canvas[0]), len(canvas), 8, 3, 0, 0, 0)),
        _chunk(b"PLTE", b"".join(bytes.fromhex(colour.removeprefix("#")) for colour in colours)),
        _chunk(b"tRNS", b"\0") if is_clear else b"",
        _chunk(b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1)),
        _chunk(b"IDAT", packed),
        _chunk(b"IEND", b""),
    ))  # fmt: skip


def bars(chart: ProfileChart) -> bytes:
    """Draw a profile, or a single bar of it, as a PNG without letters, in its size in millimetres."""

    def dots(place: float) -> int:
        return max(round(place * _BAR_DOTS), 0)

    drawn = shapes(chart)
    colours = {colour: place for place, colour in enumerate(dict.fromkeys(one.colour for one in drawn), start=1)}
    width = dots(chart.width)
    canvas = [bytearray(width) for _ in range(dots(chart.row_height * len(chart.bars)))]
    for one in drawn:
        left, right = dots(one.x), min(dots(one.x + one.width), width)
        paint = bytes([colours[one.colour]]) * (right - left)
        for line in canvas[dots(one.y) : dots(one.y + one.height)]:
            line[left:right] = paint
    return _png(canvas, (palette.PAPER, *colours), _BAR_DOTS, is_clear=True)


def cover_ground(*, is_mirrored: bool) -> bytes:
    """Draw the coloured ground of the cover with rings around its corner."""
    width, height = COVER_WIDTH * _COVER_DOTS, COVER_HEIGHT * _COVER_DOTS
    canvas = [bytearray(width) for _ in range(height)]
    for radius in _RINGS:
        outer, inner = radius * _COVER_DOTS, (radius - _RING) * _COVER_DOTS
        for y in range(min(int(outer), height)):
            far = round(sqrt(outer * outer - y * y))
            near = round(sqrt(max(inner * inner - y * y, 0.0)))
            # Counted from the corner; beyond the picture's edge there is nothing to paint.
            near, far = min(near, width), min(max(far, near + 1), width)
            place = slice(near, far) if is_mirrored else slice(width - far, width - near)
            canvas[y][place] = b"\1" * (far - near)
    return _png(canvas, (palette.ACCENT, palette.ACCENT_LINE), _COVER_DOTS)


def picture_key(content: bytes) -> str:
    """Give what tells a picture from others: of a PNG its dots, however they are packed; else its bytes."""
    dots, packer, rest = hashlib.sha256(), zlib.decompressobj(), content[len(_BEGINNING) :]
    try:
        while content.startswith(_BEGINNING) and rest:
            (length,) = struct.unpack(">I", rest[:4])
            kind, data, rest = rest[4:8], rest[8 : 8 + length], rest[12 + length :]
            dots.update(packer.decompress(data, _MOST_DOTS) if kind == b"IDAT" else data if kind in _TELLING else b"")
    except (struct.error, zlib.error):
        return hashlib.sha256(content).hexdigest()
    return (dots if content.startswith(_BEGINNING) else hashlib.sha256(content)).hexdigest()
