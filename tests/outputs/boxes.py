"""Where every text stands on a laid-out page, and what is wrong with that: off the page, out of its cell, overlapping.

Measures are CSS pixels from the top left of the page. A text's box is as high as its letters: from the capitals'
height to the descenders, not as its line, since neighbouring lines may share the space between them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from capacity_app.outputs.pdf.rendering import page_source, weasyprint_environment

SLACK = 0.5
"""Pixels that count for nothing: rounding, and a letter that leans over."""
PICTURE, TYPE_AREA, SHEET = "[picture]", "type area", "sheet"
_CAPITALS, _DESCENDERS, _SPACE = 0.72, 0.22, 0.26
"""How high capitals stand, how deep letters hang, and how wide a space is that may hang over the end of a line."""
_PIXELS_PER_POINT = 4 / 3


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, other: "Area", slack: float = SLACK) -> bool:
        return (
            self.left - slack <= other.left
            and other.right <= self.right + slack
            and self.top - slack <= other.top
            and other.bottom <= self.bottom + slack
        )

    def meets(self, other: "Area", slack: float = SLACK) -> bool:
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > slack and down > slack

    def __str__(self) -> str:
        return f"({self.left:.1f}, {self.top:.1f})–({self.right:.1f}, {self.bottom:.1f})"


@dataclass(frozen=True, slots=True)
class Piece:
    """A text in one line: where it stands, and what must hold it (the page's type area, a cell, a box of fixed size).

    ``path`` says in which elements it stands, for whoever has to mend it; ``block`` tells the innermost block apart,
    which may go on over several pages.
    """

    page: int
    text: str
    area: Area
    holders: tuple[tuple[str, Area], ...]
    path: str
    block: int

    @property
    def is_at_foot(self) -> bool:
        """Return whether it is part of the footer."""
        return self.holders[-1][0].startswith("@bottom")

    def __str__(self) -> str:
        return f"page {self.page}: “{self.text[:40]}” at {self.area} in {self.path}"


def lay_out(html: str) -> Any:
    """Lay pages out as the report does, with bundled type only; gives WeasyPrint's document."""
    with weasyprint_environment("", lambda _step, _page: None):
        return page_source(html).render()


def _border_area(box: Any) -> Area:
    left, top = box.border_box_x(), box.border_box_y()
    return Area(left, top, left + box.border_width(), top + box.border_height())


def _type_area(box: Any) -> Area:
    left, top = box.content_box_x(), box.content_box_y()
    return Area(left, top, left + box.width, top + box.height)


def _named(box: Any) -> str:
    """Name a box by its element and classes, a box in the margin by its place ("@bottom-left")."""
    if type(box).__name__ == "MarginBox":
        return str(box.at_keyword)
    classes = box.element.get("class", "") if box.element is not None and hasattr(box.element, "get") else ""
    return f"{box.element_tag}.{classes.replace(' ', '.')}" if classes else str(box.element_tag)


def _is_fixed(box: Any) -> bool:
    """Return whether a box has a size that does not grow with its text."""
    is_block = hasattr(box, "children") and not type(box).__name__.startswith(("Inline", "Line", "Page", "TableRow"))
    return is_block and box.style["height"] != "auto" and box.element_tag not in {"html", "body", "tr", "table"}


def _text_area(box: Any) -> Area:
    size, baseline = box.style["font_size"], box.position_y + box.baseline
    is_mirrored = box.style["direction"] == "rtl"
    # A space may hang over the end of a line, and WeasyPrint leaves its room on mirrored lines where it took it away.
    hanging = _SPACE * size if is_mirrored or box.text.endswith(" ") else 0
    return Area(
        left=box.position_x + hanging * is_mirrored,
        top=baseline - _CAPITALS * size,
        right=box.position_x + box.width - hanging * (not is_mirrored),
        bottom=baseline + _DESCENDERS * size,
    )


def _walk(
    box: Any, number: int, holders: tuple[tuple[str, Area], ...], path: tuple[str, ...], block: int = 0
) -> Iterator[Piece]:
    kind = type(box).__name__
    if kind == "TextBox":
        if box.text.strip():
            yield Piece(number, box.text, _text_area(box), holders, " ".join(path[-4:]), block)
        return
    name = _named(box)
    if kind in {"InlineReplacedBox", "BlockReplacedBox"}:
        yield Piece(number, PICTURE, _type_area(box), holders, " ".join((*path[-3:], name)), block)
        return
    if not kind.startswith(("Inline", "Line")):
        block = id(box.element)
    if kind in {"TableCellBox", "MarginBox"} or _is_fixed(box):
        holders = (*holders, (name, _border_area(box)))
    for child in box.all_children():
        yield from _walk(child, number, holders, (*path, name) if not path or path[-1] != name else path, block)


def _page_pieces(number: int, page: Any) -> Iterator[Piece]:
    root = page._page_box
    sheet = Area(0, 0, page.width, page.height)
    for child in root.all_children():
        is_margin = type(child).__name__ == "MarginBox"
        holder = (SHEET, sheet) if is_margin else (TYPE_AREA, _type_area(root))
        yield from _walk(child, number, (holder,), ())


def pieces(document: Any) -> list[Piece]:
    """Return every text on every page, in the order of the document."""
    return [piece for number, page in enumerate(document.pages, start=1) for piece in _page_pieces(number, page)]


def escaped(found: Sequence[Piece]) -> list[str]:
    """Return which texts stand outside of what must hold them."""
    return [
        f"{piece} leaves its {name} {area}"
        for piece in found
        for name, area in piece.holders
        if not area.holds(piece.area)
    ]


def overlaps(found: Sequence[Piece]) -> list[str]:
    """Return which texts stand on one another."""
    by_page: dict[int, list[Piece]] = {}
    for piece in found:
        by_page.setdefault(piece.page, []).append(piece)
    return [
        f"{one} is overlapped by {other}"
        for on_page in by_page.values()
        for one, other in combinations(on_page, 2)
        if one.area.meets(other.area)
    ]


def in_points(area: Area) -> Area:
    """Measure in points, as a PDF does."""
    return Area(*(side / _PIXELS_PER_POINT for side in (area.left, area.top, area.right, area.bottom)))


def set_text(found: Sequence[Piece]) -> str:
    """Give everything that was set, without headers and footers, block by block, in the order in which it was typed."""
    blocks: dict[int, list[str]] = {}
    for piece in found:
        if piece.holders[0][0] == TYPE_AREA and piece.text != PICTURE:
            blocks.setdefault(piece.block, []).append(piece.text)
    return "\n".join("".join(texts) for texts in blocks.values())
