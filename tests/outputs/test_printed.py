"""Reading a PDF back: sizes, bookmarks, text, and pictures as wide as asked."""

import pytest

from capacity_app.outputs.pdf.reader import PdfPages
from capacity_app.outputs.pdf.rendering import write_pdf

HTML = """<html lang=en><style>@page { size: 200pt 300pt; margin: 10pt }
 h1 { bookmark-level: 1; break-before: page } h2 { bookmark-level: 2 }</style>
 <h1>One</h1><p>first words</p><h1>Two</h1><h2>Two and  a half</h2><p style="color: #f00">second words</p>"""


@pytest.fixture(scope="module")
def printed() -> PdfPages:
    return PdfPages(write_pdf(HTML, "", b"test"))


def test_pages_have_their_sizes_in_points(printed: PdfPages) -> None:
    assert [(round(width), round(height)) for width, height in printed.sizes] == [(200, 300), (200, 300)]


def test_a_page_tells_its_words(printed: PdfPages) -> None:
    assert "first words" in printed.text(0)
    assert "second words" in printed.text(1)


@pytest.mark.parametrize("width", [100, 400])
def test_a_picture_is_as_wide_as_asked_and_has_ink_on_white(printed: PdfPages, width: int) -> None:
    sizes, memory = [], [bytearray()]

    def canvas(wide: int, high: int) -> memoryview:
        sizes.append((wide, high))
        memory[0] = bytearray(4 * wide * high)
        return memoryview(memory[0])

    printed.draw(0, width, canvas)
    assert sizes == [(width, width * 3 // 2)]
    assert memory[0][:3] == b"\xff\xff\xff"
    assert min(memory[0][::4]) < 128


def test_what_is_no_pdf_is_refused() -> None:
    with pytest.raises(ValueError, match="Failed to load"):
        PdfPages(b"nothing of the kind")
