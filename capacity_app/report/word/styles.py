"""The styles of the Word file: all of them real, so that a ministry can change the look in one place."""

from collections.abc import Iterator

from capacity_app import palette
from capacity_app.domain.gaps import SeverityClass
from capacity_app.domain.scoring import Band
from capacity_app.report.word.languages import SIGNS, Typeface
from capacity_app.report.word.looks import (
    ACCENT,
    CAUTION,
    CONTENTS_INDENT,
    FORMULA_INDENT,
    INK,
    INSET,
    LINE,
    MUTED,
    POINT_INDENT,
    TEXT_WIDTH,
    WHITE,
    Look,
    Shape,
    plain,
    rule,
    stop,
)
from capacity_app.report.word.markup import NAMESPACES, Xml

_WHOLE = "<w:keepLines/>"
"""The paragraph stays on one page."""
_PAGE_RULE = rule("bottom", ACCENT, eighths=14, space=6)
_HAIR_ABOVE = rule("top", LINE, space=4)
_HEADINGS = (
    ("Heading1", "heading 1", Shape(0, 280, is_kept=True, level=0, border=_PAGE_RULE,
     more="<w:keepLines/><w:pageBreakBefore/>"), Look(21, ACCENT, is_bold=True)),
    ("Heading2", "heading 2", Shape(380, 130, is_kept=True, level=1, more=_WHOLE), Look(13, INK, is_bold=True)),
    ("Heading3", "heading 3", Shape(200, 80, is_kept=True, level=2, more=_WHOLE), Look(10.5, INK, is_bold=True)),
)  # fmt: skip
_HANGING_POINT = Shape(0, 60, POINT_INDENT, POINT_INDENT, tabs=stop(POINT_INDENT))
_PARAGRAPHS: tuple[tuple[str, str, str, Shape, Look], ...] = (
    # Cover
    ("CoverAnchor", "Cover Ground", "Normal", Shape(0, 0), Look(1)),
    ("CoverKicker", "Cover Kicker", "Normal", Shape(0, 0, border=rule("top", WHITE, eighths=18, space=9)),
     Look(13, WHITE)),
    ("Title", "Title", "Normal", Shape(0, 0, more=_WHOLE), Look(44, WHITE, is_bold=True)),
    ("TitleLong", "Title Long", "Title", Shape(), Look(29)),
    ("Subtitle", "Subtitle", "Normal", Shape(160, 0), Look(20, WHITE)),
    ("CoverStatus", "Cover Status", "Normal", Shape(1600, 320), Look(13, ACCENT, is_bold=True)),
    # Contents
    ("TOCHeading", "TOC Heading", "Normal", Shape(0, 200, is_kept=True, border=_PAGE_RULE,
     more="<w:pageBreakBefore/>"), Look(21, ACCENT, is_bold=True)),
    ("TOC1", "toc 1", "Normal", Shape(40, 40, CONTENTS_INDENT, CONTENTS_INDENT, border=rule("bottom", LINE, space=2),
     tabs=stop(CONTENTS_INDENT) + stop(TEXT_WIDTH, "right")), Look()),
    ("TOC2", "toc 2", "Normal", Shape(220, 40, is_kept=True, tabs=stop(TEXT_WIDTH, "right")),
     Look(10, ACCENT, is_bold=True)),
    ("Group", "Report Group", "Normal", Shape(0, 60, is_kept=True, more="<w:pageBreakBefore/>"),
     Look(9, MUTED, more='<w:spacing w:val="12"/>')),
    # Text
    ("Introduction", "Report Introduction", "Normal", Shape(0, 140), Look(0, MUTED)),
    ("Nothing", "Report Nothing", "Normal", Shape(0, 100), Look(0, MUTED, is_italic=True)),
    ("Remark", "Report Remark", "Normal", Shape(0, 60), Look(9, MUTED, is_italic=True)),
    ("Legend", "Report Legend", "Normal", Shape(60, 200), Look(8, MUTED)),
    ("Caption", "caption", "Normal", Shape(240, 90, is_kept=True, more=_WHOLE), Look(9, INK, is_bold=True)),
    ("FigureCaption", "Report Figure Caption", "Caption", Shape(60, 200), Look()),
    ("Picture", "Report Picture", "Normal", Shape(0, 0), Look()),
    ("Lead", "Report Lead", "Normal", Shape(40, 160), Look(10)),
    ("Where", "Report Where", "Normal", Shape(0, 0), Look(0, is_bold=True)),
    ("ListBullet", "List Bullet", "Normal", Shape(0, 60, more='<w:numPr><w:numId w:val="1"/></w:numPr>'), Look()),
    ("Point", "Report Point", "Normal", _HANGING_POINT, Look()),
    ("Formula", "Report Formula", "Normal", Shape(0, 60, FORMULA_INDENT, FORMULA_INDENT, tabs=stop(FORMULA_INDENT)),
     Look()),
    ("Fact", "Report Fact", "Normal", Shape(0, 60), Look()),
    ("Asked", "Report Asked", "Normal", Shape(120, 30, is_kept=True, border=_HAIR_ABOVE, more=_WHOLE),
     Look(0, is_bold=True)),
    ("Answer", "Report Answer", "Normal", Shape(0, 60), Look()),
    ("CardTitle", "Report Card Title", "Normal", Shape(120, 20, is_kept=True, border=_HAIR_ABOVE, more=_WHOLE),
     Look(10.5, is_bold=True)),
    ("CardSubtitle", "Report Card Subtitle", "Normal", Shape(0, 40, is_kept=True), Look(9, MUTED)),
    ("FactLabel", "Report Fact Label", "TableText", Shape(30, 30), Look(0, MUTED)),
    ("FactText", "Report Fact Text", "TableText", Shape(30, 30), Look()),
    # Tables
    ("TableText", "Table Text", "Normal", Shape(0, 0), Look(9)),
    ("TableNumber", "Table Number", "TableText", Shape(aligned="right"), Look()),
    ("TableSign", "Table Sign", "TableText", Shape(aligned="center"), Look()),
    ("TableHeading", "Table Heading", "TableText", Shape(), Look(8, MUTED, is_bold=True)),
    ("TableHeadingNumber", "Table Heading Number", "TableHeading", Shape(aligned="right"), Look()),
    ("TableHeadingSign", "Table Heading Sign", "TableHeading", Shape(aligned="center"), Look(7.5)),
    ("TableGroup", "Table Group", "TableText", Shape(100, 0, is_kept=True), Look(0, ACCENT, is_bold=True)),
    ("TableDetail", "Table Detail", "TableText", Shape(), Look(8, MUTED)),
    ("TableTerm", "Table Term", "TableText", Shape(), Look(0, is_bold=True)),
    ("Square", "Report Square", "TableText", Shape(aligned="center"), Look(11)),
    ("Scale", "Report Scale", "TableText", Shape(0, 0), Look(7, MUTED)),
    ("SecondPoint", "Second Point", "Point", Shape(0, 60), Look(0, MUTED)),
    ("Gap", "Report Gap", "Normal", Shape(0, 0, more="<w:suppressLineNumbers/>"), Look(4)),
    ("StripLabel", "Score Label", "TableText", Shape(), Look(8, MUTED)),
    ("StripFigure", "Score Figure", "TableText", Shape(), Look(12, is_bold=True)),
    ("StripMain", "Score Main Figure", "TableText", Shape(), Look(22, is_bold=True)),
    ("SummaryHeading", "Summary Heading", "TableText", Shape(100, 40, border=rule("top", INK, eighths=8, space=3)),
     Look(10, is_bold=True)),
    ("Standing", "Summary Standing", "Normal", Shape(0, 80, line=212), Look(8, MUTED)),
    ("SummaryPoint", "Summary Point", "TableText", Shape(30, 30, border=rule("top", LINE, space=2), line=212),
     Look(8)),
    ("SummaryText", "Summary Table Text", "TableText", Shape(line=204), Look(8)),
    ("SummaryHead", "Summary Table Heading", "TableHeading", Shape(), Look(7.5)),
    ("SummaryHeadNumber", "Summary Table Heading Number", "SummaryHead", Shape(aligned="right"), Look()),
    ("SummaryLead", "Summary Lead", "TableText", Shape(60, 0, line=256), Look(9)),
    ("SummaryNumber", "Summary Table Number", "SummaryText", Shape(aligned="right"), Look()),
    # All questions and answers
    ("BlockHeading", "Question Block", "Normal", Shape(80, 20), Look(11, ACCENT, is_bold=True)),
    ("Step", "Question Step", "TableText", Shape(0, 0, INSET, INSET, tabs=stop(INSET)), Look(8, MUTED)),
    ("StepChosen", "Question Step Chosen", "Step", Shape(), Look(0, ACCENT, is_bold=True)),
    ("Options", "Question Options", "TableText", Shape(), Look(8, MUTED)),
    ("ScaleLabel", "Question Scale", "Options", Shape(40, 0), Look(is_bold=True)),
    ("RowHeading", "Question Row Heading", "TableText", Shape(60, 20), Look(0, ACCENT, is_bold=True)),
    ("RowLabel", "Question Row", "TableText", Shape(20, 20), Look(is_bold=True)),
    ("Who", "Answer Respondent", "TableText", Shape(50, 0, INSET), Look(8, ACCENT, is_bold=True)),
    ("Line", "Answer Line", "TableText", Shape(0, 20, INSET), Look()),
    ("Beside", "Answer Beside", "TableText", Shape(0, 20, 2 * INSET), Look(8.5)),
    ("Remarks", "Report Remarks", "TableText", Shape(20, 20), Look(8.5)),
    # The second language
    ("SecondTitle", "Second Title", "Normal", Shape(0, 280), Look(13, MUTED)),
    ("SecondPart", "Second Part", "Normal", Shape(0, 130, is_kept=True), Look(11, MUTED)),
    ("SecondAsked", "Second Asked", "Asked", Shape(0, 30, border='<w:top w:val="nil"/>'), Look(0, MUTED)),
    ("SecondCaption", "Second Caption", "Caption", Shape(0, 90), Look(0, MUTED)),
    ("SecondQuestion", "Second Question", "Normal", Shape(0, 80), Look(10, MUTED, is_bold=True)),
    ("SecondRow", "Second Row", "RowLabel", Shape(), Look(0, MUTED)),
    ("SecondStep", "Second Step", "TableText", Shape(0, 0, INSET), Look(8, MUTED)),
    ("SecondStepChosen", "Second Step Chosen", "SecondStep", Shape(), Look(0, ACCENT, is_bold=True)),
    ("SecondOptions", "Second Options", "Options", Shape(), Look()),
    ("SecondScaleLabel", "Second Scale", "ScaleLabel", Shape(), Look()),
    ("SecondText", "Second Table Text", "TableText", Shape(), Look(0, MUTED)),
    ("SecondLine", "Second Answer Line", "Line", Shape(), Look(0, MUTED)),
    # Edges of the page
    ("Header", "header", "Normal", Shape(0, 0, tabs=stop(TEXT_WIDTH, "right")), Look(8, MUTED)),
    ("Footer", "footer", "Normal", Shape(0, 0, border=rule("top", LINE, space=6), tabs=stop(TEXT_WIDTH, "right")),
     Look(8, MUTED)),
)  # fmt: skip
_SIGN_TONES = {
    "": Look(),
    "Absent": Look(0, plain(palette.BANDS[Band.ABSENT])),
    "Emerging": Look(0, plain(palette.BANDS[Band.EMERGING])),
    "Established": Look(0, plain(palette.BANDS[Band.ESTABLISHED])),
    "Sustained": Look(0, plain(palette.BANDS[Band.SUSTAINED])),
    "Critical": Look(0, plain(palette.SEVERITIES[SeverityClass.CRITICAL]), is_bold=True),
    "High": Look(0, plain(palette.SEVERITIES[SeverityClass.HIGH]), is_bold=True),
    "Moderate": Look(0, plain(palette.SEVERITIES[SeverityClass.MODERATE])),
    "Muted": Look(0, MUTED),
    "Open": Look(0, CAUTION),
    "Accent": Look(0, ACCENT, is_bold=True),
    "White": Look(0, WHITE),
}
_CHARACTERS: tuple[tuple[str, str, str, Look], ...] = (
    ("Label", "Report Label", "", Look(0, MUTED, is_bold=False)),
    ("Strong", "Strong", "", Look(0, is_bold=True)),
    ("Letter", "Report Letter", "", Look(11, INK, is_bold=True)),
    ("Number", "Report Number", "", Look(0, ACCENT, is_bold=True)),
    ("HeadingNumber", "Report Heading Number", "", Look(0, MUTED, is_bold=False)),
    ("CaptionLabel", "Report Caption Label", "", Look(0, ACCENT)),
    ("Quiet", "Report Quiet", "", Look(8, MUTED, is_bold=False)),
    ("Reference", "Report Reference", "", Look(8, ACCENT)),
    ("Hyperlink", "Hyperlink", "", Look(0, ACCENT)),
    ("PlaceholderText", "Placeholder Text", "", Look(0, plain("#8b949c"), is_italic=True)),
    *((f"Tone{name}", f"Tone {name}", "", look) for name, look in _SIGN_TONES.items() if name),
    *((f"Sign{name}", f"Sign {name}".strip(), "Sign" if name else "",
       Look(look.size, look.colour, look.is_bold, font="" if name else SIGNS)) for name, look in _SIGN_TONES.items()),
)  # fmt: skip


_SEMI_HIDDEN = '<w:uiPriority w:val="99"/><w:semiHidden/>'
_BASES = (
    f'<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
    f"{Look(10, INK).xml()}</w:style>"
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    f'<w:name w:val="Default Paragraph Font"/>{_SEMI_HIDDEN}</w:style>'
    f'<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>{_SEMI_HIDDEN}</w:style>'
)
"""What all other styles are based on."""


def _defaults(face: Typeface) -> str:
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


def _paragraph(name: str, shown: str, based: str, shape: Shape, look: Look) -> str:
    following = '<w:next w:val="Normal"/>' if name.startswith("Heading") else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{shown}"/><w:basedOn w:val="{based}"/>'
        f"{following}<w:qFormat/>{shape.xml()}{look.xml()}</w:style>"
    )


def _character(name: str, shown: str, based: str, look: Look) -> str:
    base = f'<w:basedOn w:val="{based or "DefaultParagraphFont"}"/>'
    return f'<w:style w:type="character" w:styleId="{name}"><w:name w:val="{shown}"/>{base}{look.xml()}</w:style>'


def _margins(top: int, sides: int) -> str:
    return (
        f'<w:tblCellMar><w:top w:w="{top}" w:type="dxa"/><w:left w:w="{sides}" w:type="dxa"/>'
        f'<w:bottom w:w="{top}" w:type="dxa"/><w:right w:w="{sides}" w:type="dxa"/></w:tblCellMar>'
    )


def _table(name: str, shown: str, inside: str, first_row: str = "") -> str:
    head = f'<w:tblStylePr w:type="firstRow">{first_row}</w:tblStylePr>' if first_row else ""
    return (
        f'<w:style w:type="table" w:styleId="{name}"><w:name w:val="{shown}"/><w:basedOn w:val="TableNormal"/>'
        f"<w:tblPr>{inside}</w:tblPr>{head}</w:style>"
    )


def _tables() -> Iterator[str]:
    yield (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>' + _margins(0, 0) + "</w:tblPr></w:style>"
    )
    rules = f"<w:tblBorders>{rule('bottom', LINE, space=0)}{rule('insideH', LINE, space=0)}</w:tblBorders>"
    below = f"<w:tcBorders>{rule('bottom', INK, eighths=8, space=0)}</w:tcBorders>"
    head = f'<w:tcPr>{below}<w:vAlign w:val="bottom"/></w:tcPr>'
    yield _table("ReportTable", "Report Table", rules + _margins(50, 70), head)
    yield _table("ReportSigns", "Report Sign Table", rules + _margins(30, 40), head)
    grid = (
        f"<w:tblBorders>{rule('bottom', LINE, space=0)}{rule('insideH', LINE, space=0)}"
        f"{rule('insideV', WHITE, eighths=8, space=0)}</w:tblBorders>"
    )
    yield _table("ReportHeat", "Report Heat Map", grid + _margins(40, 40), head)
    lines = grid.replace(rule("insideV", WHITE, eighths=8, space=0), rule("insideV", LINE, eighths=2, space=0))
    yield _table("ReportTimeline", "Report Timeline", lines + _margins(40, 40), head)
    yield _table("ReportLayout", "Report Layout", _margins(0, 0))
    yield _table("ReportFacts", "Report Facts", rules.replace("bottom", "top") + _margins(0, 0))
    white = "".join(rule(side, WHITE, eighths=12, space=0) for side in ("insideH", "insideV"))
    squares = f"<w:tblBorders>{white}</w:tblBorders>"
    yield _table("ReportSquares", "Report Squares", squares + _margins(40, 80))
    yield _table("ReportSummary", "Report Profile", rules + _margins(0, 40), head)
    strip = f"<w:tblBorders>{rule('insideV', WHITE, eighths=12, space=0)}</w:tblBorders>"
    yield _table("ReportStrip", "Report Score Strip", strip + _margins(110, 140))


def styles_xml(face: Typeface) -> Xml:
    """Write all styles, in the fonts and languages of a report."""
    headings = (_paragraph(name, shown, "Normal", shape, look) for name, shown, shape, look in _HEADINGS)
    parts = (
        f"<w:styles {NAMESPACES}>{_defaults(face)}",
        _BASES,
        *headings,
        *(_paragraph(*style) for style in _PARAGRAPHS),
        *(_character(*style) for style in _CHARACTERS),
        *_tables(),
        "</w:styles>",
    )
    return Xml("".join(parts))
