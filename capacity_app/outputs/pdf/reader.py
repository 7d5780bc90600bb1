"""A finished report read back page by page: pictures of its pages, its bookmarks and its text.

PDFium may be used by one thread at a time: whoever reads from several keeps them in a queue.
"""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import pypdfium2  # type: ignore[import-untyped]  # it publishes no types

_BYTES, _HAIR = 4, 0.001


Canvas = Callable[[int, int], memoryview]
"""Gives writable memory for a picture of some width and height: four bytes a pixel (blue, green, red, one unused)."""


@contextmanager
def _pdfium_errors_as_value_error() -> Iterator[None]:
    """Raise ValueError where PDFium stumbles over a file that is damaged, or was made so."""
    try:
        yield
    except pypdfium2.PdfiumError as error:
        raise ValueError(str(error)) from error


class PdfPages:
    """One PDF, open; raises ValueError if the bytes are none, and where a page of it is none."""

    def __init__(self, content: bytes) -> None:
        with _pdfium_errors_as_value_error():
            self._document = pypdfium2.PdfDocument(content)

    @cached_property
    @_pdfium_errors_as_value_error()
    def sizes(self) -> tuple[tuple[float, float], ...]:
        return tuple(self._document.get_page_size(page) for page in range(len(self._document)))

    def draw(self, page: int, width: int, canvas: Canvas) -> None:
        """Draw a page ``width`` pixels wide into the memory of a canvas: nothing is copied, nobody is held up."""

        def bitmap(wide: int, high: int, **options: Any) -> Any:  # noqa: ANN401 - a class of the library, without types
            buffer = (ctypes.c_ubyte * (_BYTES * wide * high)).from_buffer(canvas(wide, high))
            return pypdfium2.PdfBitmap.new_native(wide, high, buffer=buffer, **options)

        sheet = self._document[page]
        try:
            # PDFium rounds up: a hair less than the width asked for gives exactly that.
            scale = (width - _HAIR) / sheet.get_width()
            sheet.render(scale=scale, prefer_bgrx=True, bitmap_maker=bitmap).close()
        finally:
            sheet.close()

    @_pdfium_errors_as_value_error()
    def text(self, page: int) -> str:
        """Return what stands on a page."""
        sheet = self._document[page]
        try:
            words = sheet.get_textpage()
            text = words.get_text_bounded()
            words.close()
        finally:
            sheet.close()
        return "\n".join(text.splitlines())

    def information(self, key: str) -> str:
        """Return an entry of the document information ("Title"), empty if there is none."""
        return str(self._document.get_metadata_value(key))

    def close(self) -> None:
        self._document.close()
