"""The parts of the Word file: python-docx keeps them together; what it writes is packed so that it never varies."""

import io
import zipfile
import zlib
from datetime import UTC, datetime

from docx import Document
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement

from capacity_app.domain.moments import moment_of
from capacity_app.report.view.identity import Identity
from capacity_app.report.view.marks import CONTENT_NAMESPACE, property_name
from capacity_app.report.view.report import ReportView
from capacity_app.report.word.languages import Typeface, marked
from capacity_app.report.word.markup import NAMESPACES, Xml, escaped
from capacity_app.report.word.settings import fonts_xml, numbering_xml, settings_xml
from capacity_app.report.word.styles import styles_xml

_CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_FONTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml"
_FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
"""What Word calls the set of properties that a program adds."""
_UNWANTED = frozenset({RT.CUSTOM_XML, RT.THUMBNAIL, RT.EXTENDED_PROPERTIES, RT.FONT_TABLE, RT.WEB_SETTINGS,
                       "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects"})  # fmt: skip
"""Parts of python-docx's template that say nothing of this report, or something false."""
_ITEM = f'<?xml version="1.0" encoding="UTF-8"?>\n<content xmlns="{CONTENT_NAMESPACE}">{{}}</content>'
_ITEM_PROPERTIES = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n<ds:datastoreItem ds:itemID="{_FORMAT_ID}" '
    'xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml"><ds:schemaRefs/></ds:datastoreItem>'
)
_PACKED = (1980, 1, 1, 0, 0, 0)
_NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)
_LEVEL = 6
_PICTURES = "word/media/"


def _moment(changed: str) -> datetime:
    """Return the dossier's time, a fixed one where it has none: never that of the clock."""
    return moment_of(changed) or _NO_TIME


def custom_xml(identity: Identity) -> bytes:
    """Write what the file says of itself to programs, under the names of ``marks``."""
    values = ((name, getattr(identity, name)) for name in Identity.__dataclass_fields__)
    properties = (
        f'<property fmtid="{_FORMAT_ID}" pid="{number}" name="{property_name(name)}">'
        f"<vt:lpwstr>{escaped(value)}</vt:lpwstr></property>"
        for number, (name, value) in enumerate(values, start=2)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        f"{''.join(properties)}</Properties>"
    ).encode()


class Package:
    """A Word file in the making."""

    def __init__(self, face: Typeface) -> None:
        self._document = Document()
        main = self._document.part
        for part in (main, main.package):
            for key in [key for key, relation in part.rels.items() if relation.reltype in _UNWANTED]:
                del part.rels[key]
        self._replace(self._document.styles.element, styles_xml(face))
        self._replace(self._document.settings.element, settings_xml(face))
        self._replace(main.numbering_part.element, numbering_xml())
        fonts = Part(PackURI("/word/fontTable.xml"), _FONTS_TYPE, fonts_xml(face).encode(), main.package)
        main.relate_to(fonts, RT.FONT_TABLE)

    @staticmethod
    def _replace(element: BaseOxmlElement, xml: Xml) -> None:
        element[:] = list(parse_xml(xml))

    def add_picture(self, png: bytes) -> str:
        """Add a picture and return the relation it is known by; the same picture is kept once."""
        return str(self._document.part.get_or_add_image(io.BytesIO(png))[0])

    def add_header(self, paragraphs: Xml) -> str:
        """Add the head of pages and give the relation it is known by."""
        part, relation = self._document.part.add_header_part()  # type: ignore[no-untyped-call]  # it publishes no type
        self._replace(part.element, Xml(f"<w:hdr {NAMESPACES}>{paragraphs}</w:hdr>"))
        return str(relation)

    def add_footer(self, paragraphs: Xml) -> str:
        """Add the foot of pages and give the relation it is known by."""
        part, relation = self._document.part.add_footer_part()  # type: ignore[no-untyped-call]  # the same
        self._replace(part.element, Xml(f"<w:ftr {NAMESPACES}>{paragraphs}</w:ftr>"))
        return str(relation)

    def set_body(self, body: Xml) -> None:
        """Put the whole text in place."""
        parsed = parse_xml(f"<w:body {NAMESPACES}>{body}</w:body>".encode())
        root = self._document.element
        root.replace(root.body, parsed)

    def describe(self, view: ReportView) -> None:
        """Say in the file's properties what it is; nobody is named as its author."""
        properties, moment = self._document.core_properties, _moment(view.changed)
        properties.title = view.title[:255]
        properties.language = marked(view.language)
        properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
        properties.created = properties.modified = moment.replace(tzinfo=None)
        properties.revision = 1
        package = self._document.part.package
        custom = Part(PackURI("/docProps/custom.xml"), _CUSTOM_TYPE, custom_xml(view.identity), package)
        package.relate_to(custom, _CUSTOM)

    def carry(self, content: str) -> None:
        """Keep what the report was printed from as a custom XML part, which Word and LibreOffice save again."""
        main = self._document.part
        named = {"item": _ITEM.format(escaped(content)), "itemProps": _ITEM_PROPERTIES}
        types = {"item": CT.XML, "itemProps": CT.OFC_CUSTOM_XML_PROPERTIES}
        item, properties = (
            Part(PackURI(f"/customXml/{name}1.xml"), types[name], xml.encode(), main.package)
            for name, xml in named.items()
        )
        item.relate_to(properties, RT.CUSTOM_XML_PROPS)
        main.relate_to(item, RT.CUSTOM_XML)

    def packed(self) -> bytes:
        """Pack the parts in a fixed order and without times: the same parts are always the same bytes."""
        loose, tight = io.BytesIO(), io.BytesIO()
        self._document.save(loose)
        with zipfile.ZipFile(loose) as source, zipfile.ZipFile(tight, "w") as target:
            names = sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
            for name in names:
                entry = zipfile.ZipInfo(name, _PACKED)
                entry.create_system = 0
                entry.compress_type = zipfile.ZIP_STORED if name.startswith(_PICTURES) else zipfile.ZIP_DEFLATED
                target.writestr(entry, source.read(name), compresslevel=_LEVEL)
        return tight.getvalue()


def is_whole_word(content: bytes) -> bool:
    """Return whether bytes are a complete Word file: every part has its checksum and the text can be parsed."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if archive.testzip() is not None:
                return False
            parse_xml(archive.read("word/document.xml"))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError, SyntaxError):
        return False
    return True
