"""What is read back from a PDF: each shape says which letter it stands for.

A letter that is set as two shapes (Thai sara am: a ring above and a vowel behind) leaves the first without a letter
and lends itself to the second, which stands for another letter everywhere else. Both get the letters they have in
the type.
"""

import re
from contextlib import closing
from functools import cache
from typing import Any

from capacity_app.report.pdf.faces import FAMILIES, Face, face_file

_ENTRY = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]*)>")
_SPLIT = "\u0e33".encode("utf-16-be").hex().encode()
_REPLACEMENT = 0xFFFD


@cache
def _letters_of_shapes(face: Face) -> dict[int, int]:
    """Return the letter of each shape, by its number in the file."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # noqa: PLC0415 - only pages with Thai need it

    with closing(TTFont(face_file(face), lazy=True)) as font:
        return {font.getGlyphID(shape): letter for letter, shape in font.getBestCmap().items()}


def _face(name: str) -> Face | None:
    """Find the face by the name WeasyPrint writes: "ABCDEF+Noto-Sans-Thai-Bold"."""
    plain = name.partition("+")[2]
    found = {
        family.name.replace(" ", "-") + ("-Bold" if face.weight > FAMILIES[0].faces[0].weight else ""): face
        for family in FAMILIES
        for face in family.faces
        if face.slope == "normal"
    }
    return found.get(plain)


def mend_letters(pdf: Any) -> None:  # noqa: ANN401 - pydyf publishes no types
    for each in pdf.objects:
        if isinstance(each, dict) and each.get("Type") == "/Font" and "ToUnicode" in each:
            face = _face(each["BaseFont"].decode())
            stream = pdf.objects[int(each["ToUnicode"].split()[0])].stream
            stream[:] = [_mended(line, face) for line in stream]


def _mended(line: bytes, face: Face | None) -> bytes:
    entry = _ENTRY.fullmatch(line)
    if entry is None or (entry[2] and entry[2] != _SPLIT):
        return line
    letter = _letters_of_shapes(face).get(int(entry[1], 16)) if face else None
    return b"<%b> <%b>" % (entry[1], chr(letter or _REPLACEMENT).encode("utf-16-be").hex().encode())
