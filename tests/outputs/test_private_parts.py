"""WeasyPrint and pydyf still have inside what ``capacity_app/outputs/pdf`` rewrites; no later version promises it."""

import inspect
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

import pydyf  # type: ignore[import-untyped]
import pytest
from weasyprint import HTML
from weasyprint.css import ColorProfile
from weasyprint.formatting_structure.boxes import LineBox, TextBox
from weasyprint.pdf.stream import Stream
from weasyprint.urls import URLFetcher, URLFetcherResponse

from capacity_app.outputs.pdf.fonts import RESOURCE_SCHEME, with_font_rules
from capacity_app.outputs.pdf.pdf_writer import VARIANT
from capacity_app.outputs.pdf.rendering import (
    OUTPUT_COLOURS,
    bundled_fetcher,
    colour_profiles,
    page_source,
    weasyprint_environment,
)

_PAGE = with_font_rules(
    "<html lang=en><head><title>A page</title><style>body { font-family: 'Noto Sans', 'Noto Sans Thai' }</style></head>"
    "<body><p>One <a href='#x'>link</a></p><p id=x lang=th>น้ำ</p><ol><li>Item</li></ol>"
    "<table><thead><tr><th>Head</th></tr></thead><tbody><tr><td>Cell</td></tr></tbody></table></body></html>"
)


@dataclass(frozen=True)
class _Made:
    """A page as it is just before it is written."""

    document: Any
    pdf: Any
    steps: list[int]
    outputs: list[object] = field(default_factory=list)
    """What it was to be written to."""

    def at(self, reference: bytes) -> Any:
        return self.pdf.objects[int(reference.split()[0])]

    def of_type(self, name: str, tag: str = "") -> Iterator[Any]:
        for each in self.pdf.objects:
            if isinstance(each, dict) and each.get("Type") == name and tag in {"", each.get("S")}:
                yield each

    def boxes(self, box: Any) -> Iterator[Any]:
        yield box
        for child in getattr(box, "children", ()):
            yield from self.boxes(child)


@pytest.fixture(scope="module")
def made() -> _Made:
    found: list[_Made] = []
    steps: list[int] = []

    def finish(document: Any, pdf: Any) -> None:
        found.append(_Made(document, pdf, steps))
        pdf.write = lambda output, *_given, **_named: found[0].outputs.append(output)

    with weasyprint_environment("", lambda step, _page: steps.append(step)):
        page_source(_PAGE).write_pdf(
            io.BytesIO(), pdf_variant=VARIANT, output_intent=OUTPUT_COLOURS, color_profiles=colour_profiles(),
            finisher=finish,
        )  # fmt: skip
    return found[0]


def _takes(function: Callable[..., Any], *names: str) -> bool:
    return list(inspect.signature(function).parameters)[: len(names)] == list(names)


def _references(made: _Made) -> bool:
    return all(made.at(each.reference) is each and each.number == n for n, each in enumerate(made.pdf.objects))


def _parent_tree(made: _Made) -> bool:
    numbers = made.at(made.at(made.pdf.catalog["StructTreeRoot"])["ParentTree"])["Nums"]
    return list(numbers[::2]) == list(range(len(numbers) // 2))


def _text_tags(made: _Made) -> bool:
    tags = [tag for tag in made.of_type("/StructElem", "/Span") if isinstance(tag["K"][0], int)]
    return bool(tags) and all(tag["Pg"] in made.pdf.page_references for tag in tags)


def _cells(made: _Made) -> bool:
    cells = [*made.of_type("/StructElem", "/TH"), *made.of_type("/StructElem", "/TD")]
    return [cell["S"] for cell in cells] == ["/TH", "/TD"] and all("A" in cell and "P" in cell for cell in cells)


def _lines(made: _Made) -> bool:
    kinds = [type(box) for page in made.document.pages for box in made.boxes(page._page_box)]
    return LineBox in kinds and TextBox in kinds


def _shapes(made: _Made) -> bool:
    fonts = [font for font in made.of_type("/Font") if "ToUnicode" in font]
    names = [font["BaseFont"].decode().partition("+")[2] for font in fonts]
    return any("Noto-Sans-Thai" in name for name in names) and all(
        isinstance(line, bytes) for font in fonts for line in made.at(font["ToUnicode"]).stream
    )


def _styles_of_pseudo_elements(_made: _Made) -> bool:
    page = page_source(_PAGE)
    (sheet,) = page._ua_stylesheets()
    found = {
        (element.local_name, pseudo)
        for element in page.wrapper_element.iter_subtree()
        for _specificity, _order, pseudo, _rules in sheet.matcher.match(element)
        if pseudo
    }
    return _takes(HTML._ua_stylesheets, "self", "forms") and found == {("li", "marker")}


_PARTS: dict[str, tuple[str, Callable[[_Made], bool]]] = {
    "pydyf: numbers and references of objects": ("structure, signing", _references),
    "WeasyPrint: PDF.write(output, …) of pydyf, once and last": (
        "filing", lambda made: len(made.outputs) == 1 and _takes(pydyf.PDF.write, "self", "output")),
    "pydyf: Object.free and Object.data": (
        "filing", lambda made: all(each.free in {"n", "f"} for each in made.pdf.objects)
        and isinstance(made.pdf.catalog.data, bytes)),
    "pydyf: Stream(stream, extra, compress)": (
        "filing", lambda _made: _takes(pydyf.Stream, "stream", "extra", "compress")
        and pydyf.Stream([b"x"]).data == b"<</Length 1>>\nstream\nx\nendstream"),
    "pydyf: the information is no object before writing": (
        "filing", lambda made: all(each is not made.pdf.info for each in made.pdf.objects)
        and bool(made.pdf.info["Producer"].string)),
    "WeasyPrint: the tree of tags and its numbers": ("structure, signing", _parent_tree),
    "WeasyPrint: a document tag above all": (
        "signing", lambda made: made.at(made.at(made.pdf.catalog["StructTreeRoot"])["K"][0])["S"] == "/Document"),
    "WeasyPrint: places to click in the tags": (
        "structure", lambda made: all("Obj" in each for each in made.of_type("/OBJR")) and any(made.of_type("/OBJR"))),
    "WeasyPrint: cells with attributes and parents": ("structure", _cells),
    "WeasyPrint: a tag for each piece of text": ("languages", _text_tags),
    "WeasyPrint: the boxes of a page": ("languages", _lines),
    "WeasyPrint: letters of shapes, line by line, and names of fonts": ("legible", _shapes),
    "WeasyPrint: the stream of metadata": (
        "xmp", lambda made: bytes(made.at(made.pdf.catalog["Metadata"]).stream[0]).startswith(b"<?xpacket")),
    "WeasyPrint: what a page says of itself": (
        "xmp", lambda made: made.document.metadata.title == "A page" and made.document.metadata.lang == "en"
        and made.document.metadata.custom == {}),
    "WeasyPrint: seven numbered steps in its log": (
        "press", lambda made: sorted(set(made.steps)) == [1, 2, 3, 4, 5, 6, 7]),
    "WeasyPrint: the file of its colour profile": (
        "press", lambda _made: _takes(ColorProfile, "file_object", "src", "rendering_intent", "components")),
    "WeasyPrint: its own style sheet, with rules for notes and markers": ("press", _styles_of_pseudo_elements),
    "WeasyPrint: streams that pages are drawn on": (
        "pieces", lambda _made: _takes(
            Stream, "fonts", "page_rectangle", "resources", "images", "tags", "color_profiles", "output_intent")),
    "WeasyPrint: fetcher and response": (
        "press", lambda _made: _takes(URLFetcher.fetch, "self", "url", "headers")
        and _takes(URLFetcherResponse, "url", "body", "headers")),
}  # fmt: skip


@pytest.mark.parametrize("part", _PARTS)
def test_what_the_pages_rely_on_inside_the_libraries_is_there(part: str, made: _Made) -> None:
    modules, is_there = _PARTS[part]
    library = part.partition(":")[0]
    try:
        holds = is_there(made)
    except (AttributeError, KeyError, IndexError, TypeError, ValueError):
        holds = False
    if not holds:
        name = part.removeprefix(f"{library}: ")
        pytest.fail(
            f"{library} {version(library.lower())} changed a private part ({name}): adapt capacity_app/outputs/pdf "
            f"({modules}), or keep the upper bound in pyproject.toml.",
            pytrace=False,
        )


def test_the_style_sheet_without_notes_gives_the_pages_of_the_whole_one() -> None:
    def pages(source: Any) -> bytes:
        with weasyprint_environment("", lambda _step, _page: None):
            profiles = {"output_intent": OUTPUT_COLOURS, "color_profiles": colour_profiles()}
            return bytes(source.write_pdf(pdf_variant=VARIANT, pdf_identifier=b"same", **profiles))

    whole = HTML(string=_PAGE, base_url=RESOURCE_SCHEME, url_fetcher=bundled_fetcher())
    assert pages(page_source(_PAGE)) == pages(whole)
