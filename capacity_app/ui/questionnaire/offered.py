"""What is dropped or pasted: files, links, or a picture."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

from capacity_app.domain.instrument import Field, Kind
from capacity_app.texts import Texts
from capacity_app.ui.questionnaire.reading import read_typed

LINK = Field(id="link", kind=Kind.URL)
_OURS = ".assessment"
_MOST_LINKS = 20


@dataclass(frozen=True)
class Offered:
    """Files, links, or else a picture."""

    files: tuple[Path, ...] = ()
    links: tuple[str, ...] = ()
    picture: QImage | None = None

    def __bool__(self) -> bool:
        return bool(self.files or self.links or self.picture is not None)


def _links_in(text: str, texts: Texts) -> Iterator[str]:
    """Read text that is nothing but links, one on each line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    read = [read_typed(LINK, line, texts)[0] for line in lines[: _MOST_LINKS + 1]]
    if lines and len(lines) <= _MOST_LINKS and all(isinstance(link, str) for link in read):
        yield from (str(link) for link in read)


def offered_in(mime: QMimeData, texts: Texts) -> Offered:
    """Read what is offered; a text that is a link goes before the picture some programs put beside it."""
    urls = mime.urls()
    if urls:
        files = tuple(Path(url.toLocalFile()) for url in urls if url.isLocalFile())
        return Offered(files, tuple(url.toString() for url in urls if not url.isLocalFile()))
    links = tuple(_links_in(mime.text(), texts)) if mime.hasText() else ()
    if links:
        return Offered(links=links)
    picture = QImage(mime.imageData()) if mime.hasImage() else QImage()
    return Offered(picture=None if picture.isNull() else picture)


def is_assessment(mime: QMimeData) -> bool:
    """Tell whether an assessment is offered, which the window opens."""
    return any(url.isLocalFile() and url.path().casefold().endswith(_OURS) for url in mime.urls())


def picture_name() -> str:
    """Name a pasted picture by the moment, as a file."""
    return f"picture-{datetime.now(UTC).astimezone():%Y-%m-%d-%H%M%S}.png"
