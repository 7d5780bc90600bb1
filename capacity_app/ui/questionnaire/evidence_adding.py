"""The ways to add evidence: choose a file, paste, name a link, pick what is there, drop."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QGuiApplication, QImage, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from capacity_app.domain.instrument import Field, Kind
from capacity_app.services.attachments import (
    ALL_DOCUMENTS_LIMIT,
    DOCUMENT_LIMIT,
    MEGABYTE,
    allowed_suffixes,
    in_megabytes,
    room_left,
)
from capacity_app.texts import Texts
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.buttons import SignButton
from capacity_app.ui.look.cards import Card, Words
from capacity_app.ui.look.find_field import Entries, FindField
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.text_fields import LineField
from capacity_app.ui.look.theme import MEDIUM, SMALL, Role
from capacity_app.ui.questionnaire import keys
from capacity_app.ui.questionnaire.reading import read_typed
from capacity_app.ui.wording import Wording

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
    """Return whether an assessment is offered, which the window opens."""
    return any(url.isLocalFile() and url.path().casefold().endswith(_OURS) for url in mime.urls())


def picture_name() -> str:
    """Name a pasted picture by the moment, as a file."""
    return f"picture-{datetime.now(UTC).astimezone():%Y-%m-%d-%H%M%S}.png"


class LinkField(LineField):
    """A field for a link. Enter adds it; pasting a file or a picture here attaches it."""

    committed = Signal()
    offered = Signal()

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self._wording = wording
        self.setAcceptDrops(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if keys.is_enter(event):
            self.committed.emit()
        elif event.matches(QKeySequence.StandardKey.Paste) and self._is_file_offered():
            self.offered.emit()
        else:
            super().keyPressEvent(event)

    def _is_file_offered(self) -> bool:
        found = offered_in(QGuiApplication.clipboard().mimeData(), self._wording.texts)
        return bool(found.files) or found.picture is not None


class DropArea(Card):
    """Where files are dropped; it lights up while something is held over the panel."""

    def __init__(self, wording: Wording) -> None:
        super().__init__(tint="canvas", edge="edge", margin=MEDIUM)
        self._texts = wording.texts
        self.setObjectName("drop_area")
        self._words = Words("", Role.CAPTION, is_muted=True)
        self.body.addWidget(self._words)
        self.light_up(is_held=False)

    def light_up(self, *, is_held: bool) -> None:
        """Show whether something is held over the panel."""
        self._tint, self._edge = ("accent_tint", "accent") if is_held else ("canvas", "edge")
        here = self._texts.gettext("Let go: it is attached here.")
        anywhere = self._texts.gettext("Or drop files, pictures or links anywhere on this panel.")
        self._words.setText(here if is_held else anywhere)
        self.update()


class AddEvidence(QWidget):
    """Everything one adds evidence with. ``files`` carries paths as text."""

    files = Signal(list)
    paste_asked = Signal()
    link = Signal(str)
    picked = Signal(str)

    def __init__(self, bridge: Bridge, wording: Wording, known: Entries) -> None:
        super().__init__()
        self._bridge, self._wording = bridge, wording
        texts = wording.texts
        self.link_field = LinkField(wording)
        self.link_field.setObjectName("link")
        self.link_field.setPlaceholderText(texts.gettext("Paste a link and press Enter"))
        self.link_field.setAccessibleName(texts.gettext("Link to evidence"))
        self.link_field.committed.connect(self._tell_link)
        self.link_field.offered.connect(self.paste_asked)
        self.finder = FindField(known)
        self.finder.setObjectName("pick_evidence")
        self.finder.setAcceptDrops(False)
        self.finder.setPlaceholderText(texts.gettext("Type to find evidence that is there already"))
        self.finder.setAccessibleName(texts.gettext("Find evidence"))
        self.finder.picked.connect(self.picked)
        self.drop_area = DropArea(wording)
        self.problem = Words("", Role.CAPTION)
        self.problem.set_colour("danger")
        self.problem.setObjectName("evidence_problem")
        self.problem.hide()
        self.room = Words("", Role.CAPTION, is_muted=True)
        self.room.setObjectName("evidence_room")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SMALL)
        parts = (self._buttons(), self.link_field, self.finder, self.problem, self.drop_area, self.room)
        for part in parts:
            column.addWidget(part)
        self.refresh()

    def _buttons(self) -> QWidget:
        texts, line = self._wording.texts, Flow(SMALL)
        choose = SignButton("open", texts.gettext("Attach a file…"))
        choose.setObjectName("attach")
        choose.clicked.connect(self._choose)
        paste = SignButton("new", texts.gettext("Paste"))
        paste.setObjectName("paste_evidence")
        paste.setAccessibleName(texts.gettext("Paste a file, a picture or a link"))
        paste.clicked.connect(self.paste_asked)
        line.place(choose)
        line.place(paste)
        return line

    def _tell_link(self) -> None:
        if self.link_field.text().strip():
            self.link.emit(self.link_field.text())

    def refresh(self) -> None:
        """Say how much room is left."""
        left = in_megabytes(room_left(self._bridge.session.documents_size))
        sentence = self._wording.texts.gettext(
            "Up to {most} MB each; of {all} MB for all documents {left} MB are left. Links need no room."
        )
        self.room.setText(
            sentence.format(most=DOCUMENT_LIMIT // MEGABYTE, all=ALL_DOCUMENTS_LIMIT // MEGABYTE, left=left)
        )

    def show_problem(self, sentence: str) -> None:
        """Say why something was not attached; empty if all is well."""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    def _choose(self) -> None:
        texts = self._wording.texts
        dialog = QFileDialog(self, texts.gettext("Attach a file"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        patterns = " ".join(f"*{suffix}" for suffix in allowed_suffixes())
        named = texts.gettext("Documents that can be held")
        dialog.setNameFilters([f"{named} ({patterns})"])
        dialog.filesSelected.connect(self.files.emit)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
