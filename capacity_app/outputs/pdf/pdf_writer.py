"""How a finished PDF gets into a file: its objects, each written once, and its XMP metadata.

WeasyPrint declares one conformance; the packet written here takes the place of WeasyPrint's and declares PDF/A-2a
and PDF/UA-1, and describes the schemas that PDF/A does not know.
"""

import base64
import hashlib
import re
import zlib
from collections.abc import Iterator
from functools import partial
from typing import IO, TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from pydyf import Array, Dictionary, Stream, String  # type: ignore[import-untyped]

from capacity_app.outputs.content.identity import IDENTITY_KEYS, XMP_NAMESPACE, XMP_PREFIX, pdf_info_key, property_name

if TYPE_CHECKING:
    from weasyprint import Document


# How the objects of a PDF get into a file: each is written once, and no stream ends in a doubt.
#
# WeasyPrint's library, pydyf, writes and compresses everything twice, for a check sum: with thousands of tags that is a
# tenth of the whole time. It also lets compressed data end in a carriage return, which readers take for a part of the
# line end behind it, so that PDF/A finds the stream a byte too short.


_TOGETHER = 1_000
"""Small objects in one stream: a reader that wants one of them unpacks them all."""
_FREE, _PLACED, _INSIDE = 0, 1, 2
"""How a cross-reference says where an object is: nowhere, at a place in the file, within a stream."""
_WIDTHS = (1, 5, 2)
"""Bytes of the three numbers of a cross-reference."""
_NO_MORE = 65_535
_HEADER = b"%PDF-1.7\n%\xf0\x9f\x96\xa4\n"
_BEGINS, _ENDS = b"\nstream\n", b"\nendstream"


class _PdfFile:
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
        head = Dictionary(extra | {"Length": len(data)}).data
        self.put_object(number, b"%b%b%b%b" % (head, _BEGINS, data, _ENDS))

    @property
    def check_sum(self) -> str:
        return self._sum.hexdigest()


def _compress(data: bytes | bytearray) -> tuple[dict[str, str], bytes]:
    """Compress data and say how to read it; it never ends in a carriage return."""
    small = zlib.compress(data)
    if small.endswith(b"\r"):
        return {"Filter": "[/ASCII85Decode /FlateDecode]"}, base64.a85encode(small) + b"~>"
    return {"Filter": "/FlateDecode"}, small


def stream_content(operations: list[Any]) -> bytes:
    """Return what a stream holds, uncompressed."""
    return bytes(Stream(operations).data.partition(_BEGINS)[2].removesuffix(_ENDS))


def _put_streams(file: _PdfFile, streams: list[Any]) -> None:
    for each in streams:
        data = stream_content(each.stream)
        how, data = _compress(data) if each.compress else ({}, data)
        file.put_stream(each.number, dict(each.extra) | how, data)


def _put_together(file: _PdfFile, number: int, objects: list[Any]) -> None:
    """Write small objects as one stream: first where each begins, then all of them."""
    written = [each.data for each in objects]
    begins, position = [], 0
    for place, (each, data) in enumerate(zip(objects, written, strict=True)):
        file.places[each.number] = (_INSIDE, number, place)
        begins.append(f"{each.number} {position}")
        position += len(data) + 1
    index = " ".join(begins).encode() + b"\n"
    how, data = _compress(index + b"\n".join(written))
    file.put_stream(number, {"Type": "/ObjStm", "N": len(objects), "First": len(index)} | how, data)


def _put_references(file: _PdfFile, pdf: Any, identifier: bytes) -> None:  # noqa: ANN401 - pydyf publishes no types
    """Write where every object is, and the file's identity: what it is of, and a check sum."""
    number, begins = max(file.places) + 1, file.length
    file.places[number] = (_PLACED, begins, 0)
    table = bytearray()
    for each in range(number + 1):
        for width, value in zip(_WIDTHS, file.places.get(each, (_FREE, 0, _NO_MORE)), strict=True):
            table += value.to_bytes(width, "big")
    subject = hashlib.md5(identifier, usedforsecurity=False).hexdigest()
    identity = Array((String(subject), String(file.check_sum)))
    extra = {
        "Type": "/XRef", "W": Array(_WIDTHS), "Size": number + 1, "ID": identity,
        "Root": pdf.catalog.reference, "Info": pdf.info.reference,
    }  # fmt: skip
    how, data = _compress(table)
    file.put_stream(number, extra | how, data)
    file.put(b"startxref\n%d\n%%%%EOF\n" % begins)


def _is_signature(each: Any) -> bool:  # noqa: ANN401 - as above
    """Return whether an object must stay uncompressed: the digits of a signature are written into the finished file."""
    return isinstance(each, dict) and each.get("Type") == "/Sig"


def _write_pdf_objects(pdf: Any, identifier: bytes, output: IO[bytes], *_given: object) -> None:  # noqa: ANN401 - as above
    file = _PdfFile(output)
    pdf.add_object(pdf.info)
    number, used = len(pdf.objects), [each for each in pdf.objects if each.free == "n"]
    streams = [each for each in used if isinstance(each, Stream)]
    signatures = [each for each in used if _is_signature(each)]
    small = [each for each in used if not isinstance(each, Stream) and not _is_signature(each)]
    pdf.objects, used = [], []  # what is written is kept by nobody
    while small:
        _put_together(file, number, small[:_TOGETHER])
        del small[:_TOGETHER]
        number += 1
    _put_streams(file, streams)
    for each in signatures:
        file.put_object(each.number, each.data)
    _put_references(file, pdf, identifier)


def use_own_writer(pdf: Any, identifier: bytes) -> None:  # noqa: ANN401 - as above
    """Let a finished PDF be written in this way; ``identifier`` says what it is of."""
    pdf.write = partial(_write_pdf_objects, pdf, identifier)


VARIANT = "pdf/a-2a"
"""What WeasyPrint is told to make: tags, output intent, no device colours; PDF/UA asks no more but to be declared."""

_HEAD = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
)
_FOOT = '</rdf:RDF></x:xmpmeta>\n<?xpacket end="w"?>'
_NAMESPACES = {
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    XMP_PREFIX: XMP_NAMESPACE,
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
    "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
}
_MEANINGS = {
    "content_hash": "SHA-256 of the whole content of the assessment",
    "assessment": "Identifier of the assessment",
    "instrument": "Identifier of the questionnaire",
    "instrument_version": "Version of the questionnaire",
    "instrument_hash": "SHA-256 of the questionnaire",
    "questionnaire": "Whether the questionnaire is a published one",
    "supplements": "Supplements of the questionnaire",
    "questions": "Selection of questions that is asked, empty for all",
    "profile": "What the report leaves out, if anything",
    "language": "Language of the report",
    "format": "Version of these properties",
    "program": "Version of the program",
    "country": "Code of the country",
    "round": "Round of the assessment",
    "exported": "Moment of the last answer",
}
_PART_OF_A_SECOND = re.compile(r"\.\d+(?=$|Z|[+-])")


def _description(prefix: str, inside: str) -> str:
    return f'<rdf:Description rdf:about="" xmlns:{prefix}="{_NAMESPACES[prefix]}">{inside}</rdf:Description>'


def _simple_properties(prefix: str, **values: str) -> str:
    """Write simple properties; those without a value are left out."""
    filled = {name: value for name, value in values.items() if value}
    return _description(prefix, "".join(f"<{prefix}:{n}>{escape(v)}</{prefix}:{n}>" for n, v in filled.items()))


def _list_property(prefix: str, name: str, kind: str, item: str, attribute: str = "") -> str:
    return f"<{prefix}:{name}><rdf:{kind}><rdf:li{attribute}>{escape(item)}</rdf:li></rdf:{kind}></{prefix}:{name}>"


def _property(name: str, kind: str, category: str, meaning: str) -> str:
    return (
        '<rdf:li rdf:parseType="Resource">'
        f"<pdfaProperty:name>{name}</pdfaProperty:name><pdfaProperty:valueType>{kind}</pdfaProperty:valueType>"
        f"<pdfaProperty:category>{category}</pdfaProperty:category>"
        f"<pdfaProperty:description>{meaning}</pdfaProperty:description></rdf:li>"
    )


def _extension_schema(name: str, prefix: str, properties: Iterator[str]) -> str:
    return (
        '<rdf:li rdf:parseType="Resource">'
        f"<pdfaSchema:schema>{name}</pdfaSchema:schema>"
        f"<pdfaSchema:namespaceURI>{_NAMESPACES[prefix]}</pdfaSchema:namespaceURI>"
        f"<pdfaSchema:prefix>{prefix}</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{''.join(properties)}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )


def _extension_schemas() -> str:
    """Describe the schemas PDF/A does not know: that of PDF/UA, and ours."""
    standard = iter((_property("part", "Integer", "internal", "Part of ISO 14289 the file conforms to"),))
    ours = (_property(mark, "Text", "external", _MEANINGS[mark]) for mark in IDENTITY_KEYS)
    described = _extension_schema("PDF/UA identification", "pdfuaid", standard) + _extension_schema(
        "Capacity report", XMP_PREFIX, ours
    )
    names = " ".join(f'xmlns:{p}="{_NAMESPACES[p]}"' for p in ("pdfaExtension", "pdfaSchema", "pdfaProperty"))
    return (
        f'<rdf:Description rdf:about="" {names}>'
        f"<pdfaExtension:schemas><rdf:Bag>{described}</rdf:Bag></pdfaExtension:schemas></rdf:Description>"
    )


def _as_xmp_date(time: str | None) -> str:
    return _PART_OF_A_SECOND.sub("", time or "").strip()


def xmp_packet(metadata: Any, producer: str) -> bytes:  # noqa: ANN401 - WeasyPrint publishes no types
    """Write the XMP packet of what WeasyPrint found in the head of a page."""
    title = _list_property("dc", "title", "Alt", metadata.title or "", ' xml:lang="x-default"')
    language = _list_property("dc", "language", "Bag", metadata.lang) if metadata.lang else ""
    marks = {mark: metadata.custom.get(property_name(mark), "") for mark in IDENTITY_KEYS}
    described = (
        _simple_properties("pdfaid", part="2", conformance="A"),
        _simple_properties("pdfuaid", part="1"),
        _description("dc", title + language),
        _simple_properties("xmp", CreatorTool=metadata.generator or "", CreateDate=_as_xmp_date(metadata.created),
               ModifyDate=_as_xmp_date(metadata.modified)),
        _simple_properties("pdf", Producer=producer),
        _simple_properties(XMP_PREFIX, **marks),
        _extension_schemas(),
    )  # fmt: skip
    return (_HEAD + "\n".join(described) + _FOOT).encode()


def write_metadata(document: "Document", pdf: Any) -> None:  # noqa: ANN401 - as above
    """Put our packet in the place of WeasyPrint's and our marks into the document information."""
    metadata = document.metadata
    stream = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    stream.stream, stream.compress = [xmp_packet(metadata, pdf.info["Producer"].string)], False
    for mark in IDENTITY_KEYS:
        value = metadata.custom.get(property_name(mark))
        if value:
            pdf.info[pdf_info_key(mark)] = String(value)
