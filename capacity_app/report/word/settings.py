"""The small parts of the Word file: its list, its fonts, and its settings."""

from capacity_app.report.word.languages import ALTERNATIVES, SIGNS, Typeface
from capacity_app.report.word.looks import ACCENT, INSET
from capacity_app.report.word.markup import NAMESPACES, Xml, escaped, joined


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


def fonts_xml(face: Typeface) -> Xml:
    """Name the fonts, with others of the same width for machines that lack them."""
    names = dict.fromkeys((face.font, face.leftwards_font, face.east_asian_font, SIGNS))
    fonts = (
        Xml(
            f'<w:font w:name="{escaped(name)}">'
            + (f'<w:altName w:val="{escaped(ALTERNATIVES[name])}"/>' if name in ALTERNATIVES else "")
            + "</w:font>"
        )
        for name in names
    )
    return Xml(f"<w:fonts {NAMESPACES}>{joined(fonts)}</w:fonts>")


def settings_xml(face: Typeface) -> Xml:
    """Write the settings of a document of today's Word; nothing asks the reader anything on opening."""
    return Xml(
        f'<w:settings {NAMESPACES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="567"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:compat>'
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        "</w:compat>"
        f'<w:themeFontLang w:val="{face.language}" w:eastAsia="{face.east_asian}" w:bidi="{face.leftwards}"/>'
        "</w:settings>"
    )
