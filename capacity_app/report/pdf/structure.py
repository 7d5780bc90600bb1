"""The tags of a PDF where WeasyPrint's are not what PDF/UA asks for.

Inside a link WeasyPrint makes every box a place to click and hangs it from the box's own tag; PDF/UA wants all of them
to hang from the link. Cells must know what heads them, also those of a remark below an answer and of a column without
a word above; a table that only sets things side by side is none.
"""

from collections.abc import Iterator
from typing import Any

_LAID_OUT = frozenset({"/Table", "/THead", "/TBody", "/TFoot", "/TR", "/TD"})


def _at(pdf: Any, reference: bytes) -> Any:  # noqa: ANN401 - pydyf publishes no types
    return pdf.objects[int(reference.split()[0])]


def _elements(pdf: Any, *, tag: str = "") -> Iterator[Any]:  # noqa: ANN401 - as above
    for each in pdf.objects:
        if isinstance(each, dict) and each.get("Type") == "/StructElem" and tag in {"", each["S"]}:
            yield each


def _kids(pdf: Any, element: Any) -> list[Any]:  # noqa: ANN401 - as above
    """Return the tags right below a tag; numbers are pieces of text."""
    below = (_at(pdf, kid) for kid in element["K"] if isinstance(kid, bytes))
    return [kid for kid in below if kid.get("Type") == "/StructElem"]


def _link_above(pdf: Any, element: Any) -> Any | None:  # noqa: ANN401 - as above
    """Find the link an element stands in."""
    while element.get("S") not in {"/Link", None}:
        element = _at(pdf, element["P"]) if "P" in element else {}
    return element or None


def mend_links(pdf: Any) -> None:  # noqa: ANN401 - as above
    """Hang every place to click from its link."""
    pointing: list[Any] = [each for each in pdf.objects if isinstance(each, dict) and each.get("Type") == "/OBJR"]
    places = {each.reference: each for each in pointing}
    # Numbers and what they stand for, in turn; the numbers count up from zero.
    parents = _at(pdf, _at(pdf, pdf.catalog["StructTreeRoot"])["ParentTree"])["Nums"]
    for element in _elements(pdf):
        clicked = [kid for kid in element["K"] if kid in places] if element["S"] != "/Link" else []
        link = _link_above(pdf, element) if clicked else None
        if link is None:
            continue
        for place in clicked:
            element["K"].remove(place)
            link["K"].append(place)
            parents[2 * _at(pdf, places[place]["Obj"])["StructParent"] + 1] = link.reference


def _rows(pdf: Any, table: Any) -> list[Any]:  # noqa: ANN401 - as above
    return [
        row
        for part in _kids(pdf, table)
        for row in ([part] if part["S"] == "/TR" else _kids(pdf, part))
        if row["S"] == "/TR"
    ]


def _lay_out(pdf: Any, element: Any) -> None:  # noqa: ANN401 - as above
    """Take the tags of a table away from something that heads nothing."""
    if element["S"] in _LAID_OUT:
        element["S"] = "/Div"
        element.pop("A", None)
        for kid in _kids(pdf, element):
            _lay_out(pdf, kid)


def _say_scope(cells: list[Any], above: str) -> None:
    """Say whether the heading cells of a row head columns or the row."""
    heads_columns = above == "/THead" or all(cell["S"] == "/TH" for cell in cells)
    for cell in cells:
        if cell["S"] == "/TH":
            cell["A"]["Scope"] = "/Column" if heads_columns else "/Row"


def _head_row(cells: list[Any]) -> None:
    """Let the first cell of a row head those that nothing heads."""
    from pydyf import Array, String  # type: ignore[import-untyped]  # noqa: PLC0415 - comes with WeasyPrint, used late

    loose = [cell for cell in cells if cell["S"] == "/TD" and not cell["A"].get("Headers")]
    if not loose:
        return
    first = cells[0]
    first["S"], first["A"]["Scope"] = "/TH", "/Row"
    first["A"].pop("Headers", None)
    first.setdefault("ID", String(f"row-{first.number}"))
    for cell in loose:
        if cell is not first:
            cell["A"]["Headers"] = Array([first["ID"]])


def mend_tables(pdf: Any) -> None:  # noqa: ANN401 - as above
    """Let every cell of a table know what heads it."""
    for table in list(_elements(pdf, tag="/Table")):
        rows = [(row, [cell for cell in _kids(pdf, row) if cell["S"] in {"/TH", "/TD"}]) for row in _rows(pdf, table)]
        if not any(cell["S"] == "/TH" for _, cells in rows for cell in cells):
            _lay_out(pdf, table)
            continue
        for row, cells in rows:
            _say_scope(cells, _at(pdf, row["P"])["S"])
            _head_row(cells)
