"""The Word file, against python-docx and lxml writing the same paragraphs, runs and cells in the same styles."""

import io
from collections.abc import Iterator
from copy import deepcopy
from typing import Any, NamedTuple

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from capacity_app.domain.assessment.derived_results import appraise
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.content.report import report_content
from capacity_app.outputs.word.document import render_word
from tools.benchmarks.measuring import Figure, paired
from tools.benchmarks.samples import DEMONSTRATION

_TEXTS = Translator("en")


class Run(NamedTuple):
    """Words in a character style."""

    text: str
    style: str


class Paragraph(NamedTuple):
    """Runs in a paragraph style."""

    style: str
    runs: tuple[Run, ...]


class Row(NamedTuple):
    """Cells by width and span, each with its paragraphs."""

    cells: tuple[tuple[str, str, tuple[Paragraph, ...]], ...]


class Table(NamedTuple):
    """Rows in a table style."""

    style: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def _value(element: Any, path: str, attribute: str = "w:val") -> str:
    found = element.find(path, element.nsmap)
    return "" if found is None else str(found.get(qn(attribute)))


def _words(element: Any, name: str) -> str:
    return "".join(one.text or "" for one in element.iter(qn(name)))


def _paragraph(element: Any) -> Paragraph:
    runs = (Run(_words(one, "w:t"), _value(one, "w:rPr/w:rStyle")) for one in element.iter(qn("w:r")))
    return Paragraph(_value(element, "w:pPr/w:pStyle"), tuple(run for run in runs if run.text))


def _cell(element: Any) -> tuple[str, str, tuple[Paragraph, ...]]:
    inside = tuple(map(_paragraph, element.iter(qn("w:p"))))
    return _value(element, "w:tcPr/w:tcW", "w:w"), _value(element, "w:tcPr/w:gridSpan"), inside


def _table(element: Any) -> Table:
    rows = tuple(Row(tuple(map(_cell, row.findall(qn("w:tc"))))) for row in element.findall(qn("w:tr")))
    columns = tuple(str(one.get(qn("w:w"))) for one in element.find(qn("w:tblGrid")))
    return Table(_value(element, "w:tblPr/w:tblStyle"), columns, rows)


def _material(content: bytes) -> list[Paragraph | Table]:
    """Read what our file holds: paragraphs and tables in order."""
    body = Document(io.BytesIO(content)).element.body
    parts = [part for child in body for part in (child.iter(qn("w:p")) if child.tag == qn("w:sdt") else (child,))]
    return [_table(one) if one.tag == qn("w:tbl") else _paragraph(one) for one in parts if one.tag != qn("w:sectPr")]


def _made(name: str, **attributes: str) -> Any:
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element


def _add(document: Any, paragraph: Paragraph) -> None:
    made = document.add_paragraph()
    made._p.get_or_add_pPr().append(_made("w:pStyle", val=paragraph.style))
    for run in paragraph.runs:
        written = made.add_run(run.text)
        if run.style:
            written._r.get_or_add_rPr().append(_made("w:rStyle", val=run.style))


def _cell_paragraph(paragraph: Paragraph) -> Any:
    """Make a paragraph of a cell with lxml alone: python-docx's own cells take time that grows with the square."""
    made, properties = OxmlElement("w:p"), OxmlElement("w:pPr")
    properties.append(_made("w:pStyle", val=paragraph.style))
    made.append(properties)
    for run in paragraph.runs:
        written, text = OxmlElement("w:r"), OxmlElement("w:t")
        if run.style:
            look = OxmlElement("w:rPr")
            look.append(_made("w:rStyle", val=run.style))
            written.append(look)
        text.text = run.text
        written.append(text)
        made.append(written)
    return made


def _bare_table(table: Table) -> Any:
    made, properties, grid = OxmlElement("w:tbl"), OxmlElement("w:tblPr"), OxmlElement("w:tblGrid")
    properties.append(_made("w:tblStyle", val=table.style))
    for width in table.columns:
        grid.append(_made("w:gridCol", w=width))
    made.extend((properties, grid))
    for row in table.rows:
        line = OxmlElement("w:tr")
        for width, span, inside in row.cells:
            cell, about = OxmlElement("w:tc"), OxmlElement("w:tcPr")
            about.append(_made("w:tcW", w=width, type="dxa"))
            if span:
                about.append(_made("w:gridSpan", val=span))
            cell.append(about)
            cell.extend(map(_cell_paragraph, inside))
            line.append(cell)
        made.append(line)
    return made


def _written(template: bytes, material: list[Paragraph | Table], pictures: list[bytes]) -> bytes:
    document = Document(io.BytesIO(template))
    for picture in pictures:
        document.part.get_or_add_image(io.BytesIO(picture))
    for part in material:
        if isinstance(part, Table):
            document.element.body._insert_tbl(_bare_table(part))
        else:
            _add(document, part)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _emptied(content: bytes) -> tuple[bytes, list[bytes]]:
    """Return a file with our styles and nothing in it, and our pictures."""
    document = Document(io.BytesIO(content))
    pictures = [
        part.blob for part in document.part.related_parts.values() if str(part.partname).startswith("/word/media")
    ]
    last = deepcopy(document.element.body[-1])
    document.element.body[:] = [last]
    for key in [key for key, one in document.part.rels.items() if one.reltype.endswith("/image")]:
        del document.part.rels[key]
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue(), pictures


def figures() -> Iterator[Figure]:
    view = report_content(appraise(DEMONSTRATION), Formatter(_TEXTS, DEMONSTRATION))
    content = render_word(view, _TEXTS)
    material, (template, pictures) = _material(content), _emptied(content)
    yield paired(
        "Word file of the full report",
        lambda: render_word(view, _TEXTS),
        lambda: _written(template, material, pictures),
        1.3,
    )
