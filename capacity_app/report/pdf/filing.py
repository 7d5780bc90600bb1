"""How the objects of a PDF get into a file: each is written once, and no stream ends in a doubt.

WeasyPrint's library, pydyf, writes and compresses everything twice, for a check sum: with thousands of tags that is a
tenth of the whole time. It also lets compressed data end in a carriage return, which readers take for a part of the
line end behind it, so that PDF/A finds the stream a byte too short.
"""

import base64
import hashlib
import zlib
from functools import partial
from typing import IO, Any

_TOGETHER = 1_000
"""Small objects in one stream: a reader that wants one of them unpacks them all."""
_FREE, _PLACED, _INSIDE = 0, 1, 2
"""How a cross-reference says where an object is: nowhere, at a place in the file, within a stream."""
_WIDTHS = (1, 5, 2)
"""Bytes of the three numbers of a cross-reference."""
_NO_MORE = 65_535
_HEADER = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"
_BEGINS, _ENDS = b"\nstream\n", b"\nendstream"


class _File:
    """A PDF while it is written: where each object is, and a check sum of all so far."""

    def __init__(self, output: IO[bytes]) -> None:
        self._output = output
        self._sum = hashlib.md5(usedforsecurity=False)
        self.length = 0
        self.places = {0: (_FREE, 0, _NO_MORE)}
        self.put(_HEADER)

    def put(self, data: bytes) -> None:
        self._output.write(data)
        self._sum.update(data)
        self.length += len(data)

    def put_object(self, number: int, data: bytes) -> None:
        """Write an object at a place of its own."""
        self.places[number] = (_PLACED, self.length, 0)
        self.put(b"%d 0 obj\n%b\nendobj\n" % (number, data))

    def put_stream(self, number: int, extra: dict[str, Any], data: bytes) -> None:
        """Write an object that is a stream."""
        from pydyf import Dictionary  # type: ignore[import-untyped]  # noqa: PLC0415 - comes with WeasyPrint, used late

        head = Dictionary(extra | {"Length": len(data)}).data
        self.put_object(number, b"%b%b%b%b" % (head, _BEGINS, data, _ENDS))

    @property
    def check_sum(self) -> str:
        return self._sum.hexdigest()


def _packed(data: bytes) -> tuple[dict[str, str], bytes]:
    """Compress data and say how to read it; it never ends in a carriage return."""
    small = zlib.compress(data)
    if small.endswith(b"\r"):
        return {"Filter": "[/ASCII85Decode /FlateDecode]"}, base64.a85encode(small) + b"~>"
    return {"Filter": "/FlateDecode"}, small


def _put_streams(file: _File, streams: list[Any]) -> None:
    from pydyf import Stream  # noqa: PLC0415 - as above

    for each in streams:
        data = Stream(each.stream).data.partition(_BEGINS)[2].removesuffix(_ENDS)
        how, data = _packed(data) if each.compress else ({}, data)
        file.put_stream(each.number, dict(each.extra) | how, data)


def _put_together(file: _File, number: int, objects: list[Any]) -> None:
    """Write small objects as one stream: first where each begins, then all of them."""
    written = [each.data for each in objects]
    begins, position = [], 0
    for place, (each, data) in enumerate(zip(objects, written, strict=True)):
        file.places[each.number] = (_INSIDE, number, place)
        begins.append(f"{each.number} {position}")
        position += len(data) + 1
    index = " ".join(begins).encode() + b"\n"
    how, data = _packed(index + b"\n".join(written))
    file.put_stream(number, {"Type": "/ObjStm", "N": len(objects), "First": len(index)} | how, data)


def _put_references(file: _File, pdf: Any, identifier: bytes) -> None:  # noqa: ANN401 - pydyf publishes no types
    """Write where every object is, and the file's identity: what it is of, and a check sum."""
    from pydyf import Array, String  # noqa: PLC0415 - as above

    number, begins = max(file.places) + 1, file.length
    file.places[number] = (_PLACED, begins, 0)
    lines = (file.places.get(each, (_FREE, 0, _NO_MORE)) for each in range(number + 1))
    table = b"".join(n.to_bytes(w, "big") for line in lines for w, n in zip(_WIDTHS, line, strict=True))
    subject = hashlib.md5(identifier, usedforsecurity=False).hexdigest()
    identity = Array((String(subject), String(file.check_sum)))
    extra = {
        "Type": "/XRef", "W": Array(_WIDTHS), "Size": number + 1, "ID": identity,
        "Root": pdf.catalog.reference, "Info": pdf.info.reference,
    }  # fmt: skip
    how, data = _packed(table)
    file.put_stream(number, extra | how, data)
    file.put(b"startxref\n%d\n%%%%EOF\n" % begins)


def _is_signature(each: Any) -> bool:  # noqa: ANN401 - as above
    """Return whether an object must stay uncompressed: the digits of a signature are written into the finished file."""
    return isinstance(each, dict) and each.get("Type") == "/Sig"


def _write(pdf: Any, identifier: bytes, output: IO[bytes], *_given: object) -> None:  # noqa: ANN401 - as above
    from pydyf import Stream  # noqa: PLC0415 - as above

    file = _File(output)
    pdf.add_object(pdf.info)
    used = [each for each in pdf.objects if each.free == "n"]
    _put_streams(file, [each for each in used if isinstance(each, Stream)])
    small = [each for each in used if not isinstance(each, Stream) and not _is_signature(each)]
    for count, begin in enumerate(range(0, len(small), _TOGETHER)):
        _put_together(file, len(pdf.objects) + count, small[begin : begin + _TOGETHER])
    for each in filter(_is_signature, used):
        file.put_object(each.number, each.data)
    _put_references(file, pdf, identifier)


def write_once(pdf: Any, identifier: bytes) -> None:  # noqa: ANN401 - as above
    """Let a finished PDF be written in this way; ``identifier`` says what it is of."""
    pdf.write = partial(_write, pdf, identifier)
