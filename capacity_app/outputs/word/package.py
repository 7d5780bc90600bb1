"""The parts of the Word file: styles, list, fonts and settings, packed by python-docx so that they never vary."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime

from docx import Document
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement

from capacity_app import report_colours
from capacity_app.domain.numbers_and_dates import parse_moment
from capacity_app.domain.scoring.gaps import GapSeverity
from capacity_app.domain.scoring.scores import Band
from capacity_app.outputs.content.identity import CONTENT_NAMESPACE, ReportIdentity, property_name
from capacity_app.outputs.content.report import ReportContent
from capacity_app.outputs.word.markup import (
    ACCENT,
    CAUTION,
    CONTENTS_INDENT,
    FONT_ALTERNATIVES,
    FORMULA_INDENT,
    INK,
    INSET,
    LINE,
    MUTED,
    NAMESPACES,
    POINT_INDENT,
    SYMBOL_FONT,
    TEXT_WIDTH,
    WHITE,
    Font,
    Paragraph,
    WordFonts,
    Xml,
    border_xml,
    escape_xml,
    hex_colour,
    join_xml,
    tab_stop,
    word_language,
)

# The small parts of the Word file: its list, its fonts, and its settings.


def numbering_xml() -> Xml:
    """Write the one list there is: points with a dash."""
    return Xml(
        f'<w:numbering {NAMESPACES}><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="singleLevel"/>'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:pStyle w:val="ListBullet"/>'
        '<w:lvlText w:val="–"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="{INSET}" w:hanging="{INSET}"/></w:pPr>'
        f'<w:rPr><w:color w:val="{ACCENT}"/></w:rPr></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )


def fonts_xml(face: WordFonts) -> Xml:
    """Name the fonts, with others of the same width for machines that lack them."""
    names = dict.fromkeys((face.font, face.leftwards_font, face.east_asian_font, SYMBOL_FONT))
    fonts = (
        Xml(
            f'<w:font w:name="{escape_xml(name)}">'
            + (f'<w:altName w:val="{escape_xml(FONT_ALTERNATIVES[name])}"/>' if name in FONT_ALTERNATIVES else "")
            + "</w:font>"
        )
        for name in names
    )
    return Xml(f"<w:fonts {NAMESPACES}>{join_xml(fonts)}</w:fonts>")


def settings_xml(face: WordFonts) -> Xml:
    """Write the settings of a document of today's Word; nothing asks the reader anything on opening."""
    return Xml(
        f'<w:settings {NAMESPACES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="567"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:compat>'
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        "</w:compat>"
        f'<w:themeFontLang w:val="{face.language}" w:eastAsia="{face.east_asian}" w:bidi="{face.leftwards}"/>'
        "</w:settings>"
    )


# The styles of the Word file: all of them real, so that a ministry can change the look in one place.


_WHOLE = "<w:keepLines/>"
"""The paragraph stays on one page."""
_PAGE_RULE = border_xml("bottom", ACCENT, eighths=14, space=6)
_HAIR_ABOVE = border_xml("top", LINE, space=4)
_HEADINGS = (
    ("Heading1", "heading 1", Paragraph(0, 280, is_kept=True, level=0, border=_PAGE_RULE,
     more="<w:keepLines/><w:pageBreakBefore/>"), Font(21, ACCENT, is_bold=True)),
    ("Heading2", "heading 2", Paragraph(380, 130, is_kept=True, level=1, more=_WHOLE), Font(13, INK, is_bold=True)),
    ("Heading3", "heading 3", Paragraph(200, 80, is_kept=True, level=2, more=_WHOLE), Font(10.5, INK, is_bold=True)),
)  # fmt: skip
_HANGING_POINT = Paragraph(0, 60, POINT_INDENT, POINT_INDENT, tabs=tab_stop(POINT_INDENT))
_PARAGRAPHS: tuple[tuple[str, str, str, Paragraph, Font], ...] = (
    # Cover
    ("CoverAnchor", "Cover Ground", "Normal", Paragraph(0, 0), Font(1)),
    (
        "CoverKicker",
        "Cover Kicker",
        "Normal",
        Paragraph(0, 0, border=border_xml("top", WHITE, eighths=18, space=9)),
        Font(13, WHITE),
    ),
    ("Title", "Title", "Normal", Paragraph(0, 0, more=_WHOLE), Font(44, WHITE, is_bold=True)),
    ("TitleLong", "Title Long", "Title", Paragraph(), Font(29)),
    ("Subtitle", "Subtitle", "Normal", Paragraph(160, 0), Font(20, WHITE)),
    ("CoverStatus", "Cover Status", "Normal", Paragraph(1600, 320), Font(13, ACCENT, is_bold=True)),
    # Contents
    (
        "TOCHeading",
        "TOC Heading",
        "Normal",
        Paragraph(0, 200, is_kept=True, border=_PAGE_RULE, more="<w:pageBreakBefore/>"),
        Font(21, ACCENT, is_bold=True),
    ),
    (
        "TOC1",
        "toc 1",
        "Normal",
        Paragraph(
            40,
            40,
            CONTENTS_INDENT,
            CONTENTS_INDENT,
            border=border_xml("bottom", LINE, space=2),
            tabs=tab_stop(CONTENTS_INDENT) + tab_stop(TEXT_WIDTH, "right"),
        ),
        Font(),
    ),
    (
        "TOC2",
        "toc 2",
        "Normal",
        Paragraph(220, 40, is_kept=True, tabs=tab_stop(TEXT_WIDTH, "right")),
        Font(10, ACCENT, is_bold=True),
    ),
    (
        "Group",
        "Report Group",
        "Normal",
        Paragraph(0, 60, is_kept=True, more="<w:pageBreakBefore/>"),
        Font(9, MUTED, more='<w:spacing w:val="12"/>'),
    ),
    # Text
    ("Introduction", "Report Introduction", "Normal", Paragraph(0, 140), Font(0, MUTED)),
    ("Nothing", "Report Nothing", "Normal", Paragraph(0, 100), Font(0, MUTED, is_italic=True)),
    ("Remark", "Report Remark", "Normal", Paragraph(0, 60), Font(9, MUTED, is_italic=True)),
    ("Legend", "Report Legend", "Normal", Paragraph(60, 200), Font(8, MUTED)),
    ("Caption", "caption", "Normal", Paragraph(240, 90, is_kept=True, more=_WHOLE), Font(9, INK, is_bold=True)),
    ("FigureCaption", "Report Figure Caption", "Caption", Paragraph(60, 200), Font()),
    ("Picture", "Report Picture", "Normal", Paragraph(0, 0), Font()),
    ("Lead", "Report Lead", "Normal", Paragraph(40, 160), Font(10)),
    ("Where", "Report Where", "Normal", Paragraph(0, 0), Font(0, is_bold=True)),
    ("ListBullet", "List Bullet", "Normal", Paragraph(0, 60, more='<w:numPr><w:numId w:val="1"/></w:numPr>'), Font()),
    ("Point", "Report Point", "Normal", _HANGING_POINT, Font()),
    (
        "Formula",
        "Report Formula",
        "Normal",
        Paragraph(0, 60, FORMULA_INDENT, FORMULA_INDENT, tabs=tab_stop(FORMULA_INDENT)),
        Font(),
    ),
    ("Fact", "Report Fact", "Normal", Paragraph(0, 60), Font()),
    (
        "Asked",
        "Report Asked",
        "Normal",
        Paragraph(120, 30, is_kept=True, border=_HAIR_ABOVE, more=_WHOLE),
        Font(0, is_bold=True),
    ),
    ("Answer", "Report Answer", "Normal", Paragraph(0, 60), Font()),
    (
        "CardTitle",
        "Report Card Title",
        "Normal",
        Paragraph(120, 20, is_kept=True, border=_HAIR_ABOVE, more=_WHOLE),
        Font(10.5, is_bold=True),
    ),
    ("CardSubtitle", "Report Card Subtitle", "Normal", Paragraph(0, 40, is_kept=True), Font(9, MUTED)),
    ("FactLabel", "Report Fact Label", "TableText", Paragraph(30, 30), Font(0, MUTED)),
    ("FactText", "Report Fact Text", "TableText", Paragraph(30, 30), Font()),
    # Tables
    ("TableText", "Table Text", "Normal", Paragraph(0, 0), Font(9)),
    ("TableNumber", "Table Number", "TableText", Paragraph(aligned="right"), Font()),
    ("TableSign", "Table Sign", "TableText", Paragraph(aligned="center"), Font()),
    ("TableHeading", "Table Heading", "TableText", Paragraph(), Font(8, MUTED, is_bold=True)),
    ("TableHeadingNumber", "Table Heading Number", "TableHeading", Paragraph(aligned="right"), Font()),
    ("TableHeadingSign", "Table Heading Sign", "TableHeading", Paragraph(aligned="center"), Font(7.5)),
    ("TableGroup", "Table Group", "TableText", Paragraph(100, 0, is_kept=True), Font(0, ACCENT, is_bold=True)),
    ("TableDetail", "Table Detail", "TableText", Paragraph(), Font(8, MUTED)),
    ("TableTerm", "Table Term", "TableText", Paragraph(), Font(0, is_bold=True)),
    ("Square", "Report Square", "TableText", Paragraph(aligned="center"), Font(11)),
    ("Scale", "Report Scale", "TableText", Paragraph(0, 0), Font(7, MUTED)),
    ("SecondPoint", "Second Point", "Point", Paragraph(0, 60), Font(0, MUTED)),
    ("Gap", "Report Gap", "Normal", Paragraph(0, 0, more="<w:suppressLineNumbers/>"), Font(4)),
    ("StripLabel", "Score Label", "TableText", Paragraph(), Font(8, MUTED)),
    ("StripFigure", "Score Figure", "TableText", Paragraph(), Font(12, is_bold=True)),
    ("StripMain", "Score Main Figure", "TableText", Paragraph(), Font(22, is_bold=True)),
    (
        "SummaryHeading",
        "Summary Heading",
        "TableText",
        Paragraph(100, 40, border=border_xml("top", INK, eighths=8, space=3)),
        Font(10, is_bold=True),
    ),
    ("Standing", "Summary Standing", "Normal", Paragraph(0, 80, line=212), Font(8, MUTED)),
    (
        "SummaryPoint",
        "Summary Point",
        "TableText",
        Paragraph(30, 30, border=border_xml("top", LINE, space=2), line=212),
        Font(8),
    ),
    ("SummaryText", "Summary Table Text", "TableText", Paragraph(line=204), Font(8)),
    ("SummaryHead", "Summary Table Heading", "TableHeading", Paragraph(), Font(7.5)),
    ("SummaryHeadNumber", "Summary Table Heading Number", "SummaryHead", Paragraph(aligned="right"), Font()),
    ("SummaryLead", "Summary Lead", "TableText", Paragraph(60, 0, line=256), Font(9)),
    ("SummaryNumber", "Summary Table Number", "SummaryText", Paragraph(aligned="right"), Font()),
    # All questions and answers
    ("BlockHeading", "Question Block", "Normal", Paragraph(80, 20), Font(11, ACCENT, is_bold=True)),
    ("Step", "Question Step", "TableText", Paragraph(0, 0, INSET, INSET, tabs=tab_stop(INSET)), Font(8, MUTED)),
    ("StepChosen", "Question Step Chosen", "Step", Paragraph(), Font(0, ACCENT, is_bold=True)),
    ("Options", "Question Options", "TableText", Paragraph(), Font(8, MUTED)),
    ("ScaleLabel", "Question Scale", "Options", Paragraph(40, 0), Font(is_bold=True)),
    ("RowHeading", "Question Row Heading", "TableText", Paragraph(60, 20), Font(0, ACCENT, is_bold=True)),
    ("RowLabel", "Question Row", "TableText", Paragraph(20, 20), Font(is_bold=True)),
    ("Who", "Answer Respondent", "TableText", Paragraph(50, 0, INSET), Font(8, ACCENT, is_bold=True)),
    ("Line", "Answer Line", "TableText", Paragraph(0, 20, INSET), Font()),
    ("Beside", "Answer Beside", "TableText", Paragraph(0, 20, 2 * INSET), Font(8.5)),
    ("Remarks", "Report Remarks", "TableText", Paragraph(20, 20), Font(8.5)),
    # The second language
    ("SecondTitle", "Second Title", "Normal", Paragraph(0, 280), Font(13, MUTED)),
    ("SecondPart", "Second Part", "Normal", Paragraph(0, 130, is_kept=True), Font(11, MUTED)),
    ("SecondAsked", "Second Asked", "Asked", Paragraph(0, 30, border='<w:top w:val="nil"/>'), Font(0, MUTED)),
    ("SecondCaption", "Second Caption", "Caption", Paragraph(0, 90), Font(0, MUTED)),
    ("SecondQuestion", "Second Question", "Normal", Paragraph(0, 80), Font(10, MUTED, is_bold=True)),
    ("SecondRow", "Second Row", "RowLabel", Paragraph(), Font(0, MUTED)),
    ("SecondStep", "Second Step", "TableText", Paragraph(0, 0, INSET), Font(8, MUTED)),
    ("SecondStepChosen", "Second Step Chosen", "SecondStep", Paragraph(), Font(0, ACCENT, is_bold=True)),
    ("SecondOptions", "Second Options", "Options", Paragraph(), Font()),
    ("SecondScaleLabel", "Second Scale", "ScaleLabel", Paragraph(), Font()),
    ("SecondText", "Second Table Text", "TableText", Paragraph(), Font(0, MUTED)),
    ("SecondLine", "Second Answer Line", "Line", Paragraph(), Font(0, MUTED)),
    # Edges of the page
    ("Header", "header", "Normal", Paragraph(0, 0, tabs=tab_stop(TEXT_WIDTH, "right")), Font(8, MUTED)),
    (
        "Footer",
        "footer",
        "Normal",
        Paragraph(0, 0, border=border_xml("top", LINE, space=6), tabs=tab_stop(TEXT_WIDTH, "right")),
        Font(8, MUTED),
    ),
)
_SIGN_TONES = {
    "": Font(),
    "Absent": Font(0, hex_colour(report_colours.BAND_COLOURS[Band.ABSENT])),
    "Emerging": Font(0, hex_colour(report_colours.BAND_COLOURS[Band.EMERGING])),
    "Established": Font(0, hex_colour(report_colours.BAND_COLOURS[Band.ESTABLISHED])),
    "Sustained": Font(0, hex_colour(report_colours.BAND_COLOURS[Band.SUSTAINED])),
    "Critical": Font(0, hex_colour(report_colours.SEVERITY_COLOURS[GapSeverity.CRITICAL]), is_bold=True),
    "High": Font(0, hex_colour(report_colours.SEVERITY_COLOURS[GapSeverity.HIGH]), is_bold=True),
    "Moderate": Font(0, hex_colour(report_colours.SEVERITY_COLOURS[GapSeverity.MODERATE])),
    "Muted": Font(0, MUTED),
    "Open": Font(0, CAUTION),
    "Accent": Font(0, ACCENT, is_bold=True),
    "White": Font(0, WHITE),
}
_CHARACTERS: tuple[tuple[str, str, str, Font], ...] = (
    ("Label", "Report Label", "", Font(0, MUTED, is_bold=False)),
    ("Strong", "Strong", "", Font(0, is_bold=True)),
    ("Letter", "Report Letter", "", Font(11, INK, is_bold=True)),
    ("Number", "Report Number", "", Font(0, ACCENT, is_bold=True)),
    ("HeadingNumber", "Report Heading Number", "", Font(0, MUTED, is_bold=False)),
    ("CaptionLabel", "Report Caption Label", "", Font(0, ACCENT)),
    ("Quiet", "Report Quiet", "", Font(8, MUTED, is_bold=False)),
    ("Reference", "Report Reference", "", Font(8, ACCENT)),
    ("Hyperlink", "Hyperlink", "", Font(0, ACCENT)),
    ("PlaceholderText", "Placeholder Text", "", Font(0, hex_colour("#8b949c"), is_italic=True)),
    *((f"Tone{name}", f"Tone {name}", "", look) for name, look in _SIGN_TONES.items() if name),
    *(
        (
            f"Sign{name}",
            f"Sign {name}".strip(),
            "Sign" if name else "",
            Font(look.size, look.colour, look.is_bold, font="" if name else SYMBOL_FONT),
        )
        for name, look in _SIGN_TONES.items()
    ),
)


_SEMI_HIDDEN = '<w:uiPriority w:val="99"/><w:semiHidden/>'
_BASES = (
    f'<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
    f"{Font(10, INK).xml()}</w:style>"
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    f'<w:name w:val="Default Paragraph Font"/>{_SEMI_HIDDEN}</w:style>'
    f'<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>{_SEMI_HIDDEN}</w:style>'
)
"""What all other styles are based on."""


def _defaults(face: WordFonts) -> str:
    return (
        "<w:docDefaults><w:rPrDefault><w:rPr>"
        f'<w:rFonts w:ascii="{face.font}" w:hAnsi="{face.font}" w:eastAsia="{face.east_asian_font}"'
        f' w:cs="{face.leftwards_font}"/>'
        '<w:sz w:val="20"/><w:szCs w:val="20"/>'
        f'<w:lang w:val="{face.language}" w:eastAsia="{face.east_asian}" w:bidi="{face.leftwards}"/>'
        "</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>"
        '<w:spacing w:before="0" w:after="80" w:line="264" w:lineRule="auto"/>'
        "</w:pPr></w:pPrDefault></w:docDefaults>"
    )


def _paragraph_style(name: str, shown: str, based: str, shape: Paragraph, look: Font) -> str:
    following = '<w:next w:val="Normal"/>' if name.startswith("Heading") else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{shown}"/><w:basedOn w:val="{based}"/>'
        f"{following}<w:qFormat/>{shape.xml()}{look.xml()}</w:style>"
    )


def _character_style(name: str, shown: str, based: str, look: Font) -> str:
    base = f'<w:basedOn w:val="{based or "DefaultParagraphFont"}"/>'
    return f'<w:style w:type="character" w:styleId="{name}"><w:name w:val="{shown}"/>{base}{look.xml()}</w:style>'


def _cell_margins(top: int, sides: int) -> str:
    return (
        f'<w:tblCellMar><w:top w:w="{top}" w:type="dxa"/><w:left w:w="{sides}" w:type="dxa"/>'
        f'<w:bottom w:w="{top}" w:type="dxa"/><w:right w:w="{sides}" w:type="dxa"/></w:tblCellMar>'
    )


def _table_style(name: str, shown: str, inside: str, first_row: str = "") -> str:
    head = f'<w:tblStylePr w:type="firstRow">{first_row}</w:tblStylePr>' if first_row else ""
    return (
        f'<w:style w:type="table" w:styleId="{name}"><w:name w:val="{shown}"/><w:basedOn w:val="TableNormal"/>'
        f"<w:tblPr>{inside}</w:tblPr>{head}</w:style>"
    )


def _table_styles() -> Iterator[str]:
    yield (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>' + _cell_margins(0, 0) + "</w:tblPr></w:style>"
    )
    rules = f"<w:tblBorders>{border_xml('bottom', LINE, space=0)}{border_xml('insideH', LINE, space=0)}</w:tblBorders>"
    below = f"<w:tcBorders>{border_xml('bottom', INK, eighths=8, space=0)}</w:tcBorders>"
    head = f'<w:tcPr>{below}<w:vAlign w:val="bottom"/></w:tcPr>'
    yield _table_style("ReportTable", "Report Table", rules + _cell_margins(50, 70), head)
    yield _table_style("ReportSigns", "Report Sign Table", rules + _cell_margins(30, 40), head)
    grid = (
        f"<w:tblBorders>{border_xml('bottom', LINE, space=0)}{border_xml('insideH', LINE, space=0)}"
        f"{border_xml('insideV', WHITE, eighths=8, space=0)}</w:tblBorders>"
    )
    yield _table_style("ReportHeat", "Report Heat Map", grid + _cell_margins(40, 40), head)
    lines = grid.replace(
        border_xml("insideV", WHITE, eighths=8, space=0), border_xml("insideV", LINE, eighths=2, space=0)
    )
    yield _table_style("ReportTimeline", "Report Timeline", lines + _cell_margins(40, 40), head)
    yield _table_style("ReportLayout", "Report Layout", _cell_margins(0, 0))
    yield _table_style("ReportFacts", "Report Facts", rules.replace("bottom", "top") + _cell_margins(0, 0))
    white = "".join(border_xml(side, WHITE, eighths=12, space=0) for side in ("insideH", "insideV"))
    squares = f"<w:tblBorders>{white}</w:tblBorders>"
    yield _table_style("ReportSquares", "Report Squares", squares + _cell_margins(40, 80))
    yield _table_style("ReportSummary", "Report Profile", rules + _cell_margins(0, 40), head)
    strip = f"<w:tblBorders>{border_xml('insideV', WHITE, eighths=12, space=0)}</w:tblBorders>"
    yield _table_style("ReportStrip", "Report Score Strip", strip + _cell_margins(110, 140))


def styles_xml(face: WordFonts) -> Xml:
    """Write all styles, in the fonts and languages of a report."""
    headings = (_paragraph_style(name, shown, "Normal", shape, look) for name, shown, shape, look in _HEADINGS)
    parts = (
        f"<w:styles {NAMESPACES}>{_defaults(face)}",
        _BASES,
        *headings,
        *(_paragraph_style(*style) for style in _PARAGRAPHS),
        *(_character_style(*style) for style in _CHARACTERS),
        *_table_styles(),
        "</w:styles>",
    )
    return Xml("".join(parts))


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


def _last_change_moment(changed: str) -> datetime:
    """Return the dossier's time, a fixed one where it has none: never that of the clock."""
    return parse_moment(changed) or _NO_TIME


def custom_xml(identity: ReportIdentity) -> bytes:
    """Write what the file says of itself to programs, under the names of ``marks``."""
    values = ((name, getattr(identity, name)) for name in ReportIdentity.__dataclass_fields__)
    properties = (
        f'<property fmtid="{_FORMAT_ID}" pid="{number}" name="{property_name(name)}">'
        f"<vt:lpwstr>{escape_xml(value)}</vt:lpwstr></property>"
        for number, (name, value) in enumerate(values, start=2)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        f"{''.join(properties)}</Properties>"
    ).encode()


class WordPackage:
    """A Word file in the making."""

    def __init__(self, face: WordFonts) -> None:
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

    def describe(self, view: ReportContent) -> None:
        """Say in the file's properties what it is and who wrote it."""
        properties, moment = self._document.core_properties, _last_change_moment(view.changed)
        properties.title = view.title[:255]
        properties.language = word_language(view.language)
        properties.author, properties.last_modified_by = view.author[:255], ""
        properties.comments = properties.keywords = ""
        properties.created = properties.modified = moment.replace(tzinfo=None)
        properties.revision = 1
        package = self._document.part.package
        if view.identity is None:
            return
        custom = Part(PackURI("/docProps/custom.xml"), _CUSTOM_TYPE, custom_xml(view.identity), package)
        package.relate_to(custom, _CUSTOM)

    def carry(self, content: str) -> None:
        """Keep what the report was printed from as a custom XML part, which Word and LibreOffice save again."""
        main = self._document.part
        named = {"item": _ITEM.format(escape_xml(content)), "itemProps": _ITEM_PROPERTIES}
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
