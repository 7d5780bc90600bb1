"""No letter is lost: what no bundled type has is printed as its number, and can be read back."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from capacity_app.i18n.translator import PSEUDO, Translator
from capacity_app.outputs.pdf.fonts import (
    FONT_FAMILIES,
    families_for,
    font_path,
    has_shape,
    letters_in,
    to_printable,
    with_embedded_fonts,
    with_font_rules,
)
from tests.outputs.boxes import lay_out, pieces, set_text
from tests.outputs.hostile import SCRIPTS
from tests.outputs.reading import visible

_GROUP = re.compile("\u2066‹(U\\+[0-9A-F]{4,6}(?: U\\+[0-9A-F]{4,6})*)›\u2069")


def read_back(text: str) -> str:
    return _GROUP.sub(lambda found: bytes.fromhex(_utf32(found[1])).decode("utf-32-be"), text)


def _utf32(numbers: str) -> str:
    return "".join(number.removeprefix("U+").rjust(8, "0") for number in numbers.split())


@given(st.text())
def test_every_letter_is_printed_or_numbered(text: str) -> None:
    printed = to_printable(text)
    assert isinstance(printed, str)
    assert all(map(has_shape, printed))
    soft_hyphen = "\u00ad"  # goes at the end of a line
    assert read_back(printed).replace(soft_hyphen, "") == text.translate({0x2028: "\n", 0x2029: "\n", 0x00AD: None})


@pytest.mark.parametrize("name", ["latin", "cyrillic", "greek", "georgian", "arabic", "persian", "thai", "chinese"])
def test_the_scripts_of_our_readers_are_printed_as_they_are(name: str) -> None:
    assert to_printable(SCRIPTS[name]) == SCRIPTS[name]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("a😀b", "a‹U+1F600›b"),
        ("नमस्ते", "‹U+0928 U+092E U+0938 U+094D U+0924 U+0947›"),
        ("👩‍👧 x", "‹U+1F469 U+200D U+1F467› x"),
        ("é\u0301 ☑ ≈ ①", "é\u0301 ☑ ≈ ‹U+2460›"),
        ("\ue000\u0301", "‹U+E000 U+0301›"),
        ("می‌خواهم", "می‌خواهم"),
        ("bell\x07", "bell‹U+0007›"),
        ("one\u2028two", "one\ntwo"),
        ("\u00ad\none\u00ad \u00ad\t\ntwo\u00adthree", "\none \t\ntwo\u00adthree"),
    ],
)
def test_a_word_nobody_can_print_is_one_group_of_numbers(text: str, printed: str) -> None:
    assert str(to_printable(text)).translate({0x2066: None, 0x2069: None}) == printed


@pytest.mark.parametrize("text", ["\u00ad\none", "\u00ad \u00ad\t\u2028one", "\u00ad", "one\u00ad\n"])
def test_a_soft_hyphen_at_the_end_of_a_line_stops_no_report(text: str) -> None:
    html = f'<p style="white-space: pre-line; hyphens: none"><b>Note</b> {to_printable(text)}</p>'
    assert "Note" in set_text(pieces(lay_out(html)))


def test_what_is_no_text_stays_as_it_is() -> None:
    markup = Markup("<b>😀</b>")
    assert to_printable(markup) is markup
    assert to_printable(7) == 7


def test_the_program_itself_speaks_only_letters_that_are_printed() -> None:
    texts = Translator(PSEUDO)
    assert to_printable(texts.gettext("Page {page} of {pages}")) == texts.gettext("Page {page} of {pages}")


def test_type_is_loaded_only_where_it_is_needed() -> None:
    assert [family.name for family in families_for(map(ord, "plain"))] == ["Noto Sans"]
    assert "Noto Sans SC" in {family.name for family in families_for(map(ord, SCRIPTS["chinese"]))}
    paper = with_font_rules("<style></style><p>text")
    assert "NotoSansSC" not in paper
    assert with_font_rules(paper) == paper
    assert "NotoSansSC" in with_font_rules("<style></style><p>移")
    assert "NotoSansThai" in with_font_rules('<style>@page { x: "\\e04 " }</style>')


def test_typed_text_cannot_keep_the_type_away() -> None:
    assert "NotoSans-Regular" in with_font_rules("<style></style><p>@font-face")
    assert 0x1F600 in letters_in("<p>😀")


def test_a_page_for_the_screen_carries_only_its_letters() -> None:
    html = with_embedded_fonts("<style></style><p>移 คำ")
    assert html.count("@font-face") == 3 + 2 + 2
    assert len(html) < 60_000


def test_every_face_is_there_with_its_licence() -> None:
    folder = font_path(FONT_FAMILIES[0].faces[0]).parent
    files = {face.file for family in FONT_FAMILIES for face in family.faces}
    assert {file.name for file in folder.glob("*.?tf")} == files
    licence = (folder / "OFL.txt").read_text(encoding="utf-8")
    assert all(name in licence for name in ("Noto Sans Thai", "Noto Sans Georgian", "Noto Sans SC", "SIL OPEN FONT"))
    assert sum(file.stat().st_size for file in folder.iterdir()) < 11_000_000


def test_letters_printed_as_numbers_are_letters_again_when_read() -> None:
    assert visible(str(to_printable(SCRIPTS["devanagari"]))) == visible(SCRIPTS["devanagari"])
