"""What people do to a finished PDF file, honestly or not: each way gives the bytes of a new file."""

import io
from collections.abc import Callable
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
from pyhanko.pdf_utils.generic import DictionaryObject, StreamObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

_SCORE = b"q 1 1 1 rg 40 600 130 60 re f 0 0 0 rg BT /F1 34 Tf 45 620 Td (95.2) Tj ET Q"


def saved_again(content: bytes) -> bytes:
    """Save a file with PDFium."""
    return _saved(pypdfium2.PdfDocument(content))


def _saved(document: pypdfium2.PdfDocument) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def without_last_page(content: bytes) -> bytes:
    document = pypdfium2.PdfDocument(content)
    document.del_page(len(document) - 1)
    return _saved(document)


def drawn_over(content: bytes) -> bytes:
    """Draw another score over the first page and save the whole file."""
    document = pypdfium2.PdfDocument(content)
    page = document[0]
    shape = pypdfium2.raw.FPDFPageObj_CreateNewRect(40, 600, 130, 60)
    pypdfium2.raw.FPDFPageObj_SetFillColor(shape, 255, 255, 255, 255)
    pypdfium2.raw.FPDFPage_InsertObject(page.raw, shape)
    page.gen_content()
    return _saved(document)


def appended(content: bytes) -> bytes:
    """Draw another score over the first page in a revision behind the signed file, whose bytes stay as they are."""
    writer: Any = IncrementalPdfFileWriter(io.BytesIO(content))  # its methods have no types
    stream = writer.add_object(StreamObject(stream_data=_SCORE))
    writer.add_stream_to_page(0, stream)
    return _written(writer)


def _written(writer: Any) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def made_anew(content: bytes) -> bytes:
    """Make a page that the program never made, with all that the file says of itself."""
    reader = PdfFileReader(io.BytesIO(content))
    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(_saved(_one_page()))))
    told = reader.trailer["/Info"]
    info: Any = DictionaryObject
    writer.set_info(writer.add_object(info({key: told[key] for key in told})))
    return _written(writer)


def _one_page() -> pypdfium2.PdfDocument:
    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    return document


FORGERIES: dict[str, Callable[[bytes], bytes]] = {
    "saved again": saved_again,
    "last page removed": without_last_page,
    "another score drawn over": drawn_over,
    "a revision appended": appended,
    "made anew with copied metadata": made_anew,
    "a byte appended": lambda content: content + b"\n",
    "cut off": lambda content: content[:-1],
    "half of it": lambda content: content[: len(content) // 2],
}
"""Ways to change a file by what they do."""
