"""Reads a finished PDF beside the window: one queue, because PDFium takes one thread at a time."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThreadPool, Signal
from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from capacity_app.report.pdf.printed import Bookmark, Printed

_FOR_EVER = -1


def drawn_page(printed: "Printed", page: int, width: int) -> QImage:
    """Draw a page into an image."""
    images: list[QImage] = []

    def canvas(wide: int, high: int) -> memoryview:
        images.append(QImage(wide, high, QImage.Format.Format_RGB32))
        return memoryview(images[-1].bits())

    printed.draw(page, width, canvas)
    return images[-1]


class PageReader(QObject):
    """Opens one PDF after the other and draws the pages that are wanted; what nobody wants any more is not drawn.

    ``opened`` carries sizes in points and bookmarks, ``drawn`` a page's number and image, ``told`` its text.
    """

    opened = Signal(object, object)
    drawn = Signal(int, QImage)
    told = Signal(int, str)
    failed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._pool.setExpiryTimeout(_FOR_EVER)
        self._printed: Printed | None = None
        self._turn = 0
        self._wanted: frozenset[tuple[int, int]] = frozenset()
        self._queued: set[tuple[int, int, int]] = set()

    def open(self, source: Path | bytes) -> None:
        """Read a file, or what one would hold; pages of the one before are forgotten."""
        self._turn += 1
        self._wanted = frozenset()
        turn = self._turn
        self._pool.start(lambda: self._open(source, turn))

    def want(self, widths: Mapping[int, int]) -> None:
        """Draw these pages, each so many pixels wide, and no others any more."""
        self._wanted = frozenset(widths.items())
        turn = self._turn
        for page, width in sorted(widths.items()):
            if (turn, page, width) not in self._queued:
                self._queued.add((turn, page, width))
                self._pool.start(lambda page=page, width=width: self._draw(page, width, turn))

    def want_text(self, page: int) -> None:
        """Read what stands on a page."""
        turn = self._turn
        self._pool.start(lambda: self._tell(page, turn))

    def stop(self) -> None:
        """Stop drawing and let go of the file."""
        self._turn += 1
        self._wanted = frozenset()
        self._pool.clear()
        self._pool.waitForDone()
        self._close()

    # -- beside the window ----------------------------------------------------------------------------------------

    def _close(self) -> None:
        if self._printed is not None:
            self._printed.close()
            self._printed = None

    def _open(self, source: Path | bytes, turn: int) -> None:
        from capacity_app.report.pdf.printed import Printed  # noqa: PLC0415 - a window without a preview needs it not

        if turn != self._turn:
            return
        self._close()
        try:
            # All of it at once: the file may be replaced or removed while its pages are looked at.
            self._printed = Printed(source if isinstance(source, bytes) else source.read_bytes())
            sizes, outline = self._printed.sizes, self._printed.outline
        except (OSError, ValueError):
            self.failed.emit()
            return
        self.opened.emit(sizes, outline)

    def _draw(self, page: int, width: int, turn: int) -> None:
        self._queued.discard((turn, page, width))
        if turn == self._turn and (page, width) in self._wanted and self._printed is not None:
            self.drawn.emit(page, drawn_page(self._printed, page, width))

    def _tell(self, page: int, turn: int) -> None:
        if turn == self._turn and self._printed is not None:
            self.told.emit(page, self._printed.text(page))


Sizes = tuple[tuple[float, float], ...]
Outline = tuple["Bookmark", ...]
