"""What a PDF says of itself: one XMP packet with both conformances and our marks, and the same in its information.

WeasyPrint declares one conformance; the packet written here takes the place of WeasyPrint's and declares PDF/A-2a
and PDF/UA-1, and describes the schemas that PDF/A does not know.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from capacity_app.report.view.marks import MARKS, XMP_NAMESPACE, XMP_PREFIX, info_key, property_name

if TYPE_CHECKING:
    from weasyprint import Document

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
    "profile": "What the report leaves out, if anything",
    "language": "Language of the report",
    "format": "Version of these properties",
    "program": "Version of the program",
    "country": "Code of the country",
    "round": "Round of the assessment",
    "exported": "Moment of the last answer",
}
_PART_OF_A_SECOND = re.compile(r"\.\d+(?=$|Z|[+-])")


def _described(prefix: str, inside: str) -> str:
    return f'<rdf:Description rdf:about="" xmlns:{prefix}="{_NAMESPACES[prefix]}">{inside}</rdf:Description>'


def _plain(prefix: str, **values: str) -> str:
    """Write simple properties; those without a value are left out."""
    filled = {name: value for name, value in values.items() if value}
    return _described(prefix, "".join(f"<{prefix}:{n}>{escape(v)}</{prefix}:{n}>" for n, v in filled.items()))


def _listed(prefix: str, name: str, kind: str, item: str, attribute: str = "") -> str:
    return f"<{prefix}:{name}><rdf:{kind}><rdf:li{attribute}>{escape(item)}</rdf:li></rdf:{kind}></{prefix}:{name}>"


def _property(name: str, kind: str, category: str, meaning: str) -> str:
    return (
        '<rdf:li rdf:parseType="Resource">'
        f"<pdfaProperty:name>{name}</pdfaProperty:name><pdfaProperty:valueType>{kind}</pdfaProperty:valueType>"
        f"<pdfaProperty:category>{category}</pdfaProperty:category>"
        f"<pdfaProperty:description>{meaning}</pdfaProperty:description></rdf:li>"
    )


def _schema(name: str, prefix: str, properties: Iterator[str]) -> str:
    return (
        '<rdf:li rdf:parseType="Resource">'
        f"<pdfaSchema:schema>{name}</pdfaSchema:schema>"
        f"<pdfaSchema:namespaceURI>{_NAMESPACES[prefix]}</pdfaSchema:namespaceURI>"
        f"<pdfaSchema:prefix>{prefix}</pdfaSchema:prefix>"
        f"<pdfaSchema:property><rdf:Seq>{''.join(properties)}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )


def _schemas() -> str:
    """Describe the schemas PDF/A does not know: that of PDF/UA, and ours."""
    standard = iter((_property("part", "Integer", "internal", "Part of ISO 14289 the file conforms to"),))
    ours = (_property(mark, "Text", "external", _MEANINGS[mark]) for mark in MARKS)
    described = _schema("PDF/UA identification", "pdfuaid", standard) + _schema("Capacity report", XMP_PREFIX, ours)
    names = " ".join(f'xmlns:{p}="{_NAMESPACES[p]}"' for p in ("pdfaExtension", "pdfaSchema", "pdfaProperty"))
    return (
        f'<rdf:Description rdf:about="" {names}>'
        f"<pdfaExtension:schemas><rdf:Bag>{described}</rdf:Bag></pdfaExtension:schemas></rdf:Description>"
    )


def _moment(time: str | None) -> str:
    return _PART_OF_A_SECOND.sub("", time or "").strip()


def packet(metadata: Any, producer: str) -> bytes:  # noqa: ANN401 - WeasyPrint publishes no types
    """Write the XMP packet of what WeasyPrint found in the head of a page."""
    title = _listed("dc", "title", "Alt", metadata.title or "", ' xml:lang="x-default"')
    language = _listed("dc", "language", "Bag", metadata.lang) if metadata.lang else ""
    marks = {mark: metadata.custom.get(property_name(mark), "") for mark in MARKS}
    described = (
        _plain("pdfaid", part="2", conformance="A"),
        _plain("pdfuaid", part="1"),
        _described("dc", title + language),
        _plain("xmp", CreatorTool=metadata.generator or "", CreateDate=_moment(metadata.created),
               ModifyDate=_moment(metadata.modified)),
        _plain("pdf", Producer=producer),
        _plain(XMP_PREFIX, **marks),
        _schemas(),
    )  # fmt: skip
    return (_HEAD + "\n".join(described) + _FOOT).encode()


def finish(document: "Document", pdf: Any) -> None:  # noqa: ANN401 - as above
    """Put our packet in the place of WeasyPrint's and our marks into the document information."""
    import pydyf  # type: ignore[import-untyped]  # noqa: PLC0415 - comes with WeasyPrint, which is imported where pages are set

    metadata = document.metadata
    stream = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    stream.stream, stream.compress = [packet(metadata, pdf.info["Producer"].string)], False
    for mark in MARKS:
        value = metadata.custom.get(property_name(mark))
        if value:
            pdf.info[info_key(mark)] = pydyf.String(value)
