"""Handing things to the panel, for tests: dragging, dropping, and looking at what is held then."""

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from capacity_app.domain.assessment.registers import Evidence
from tests.ui.driving import Desk


def files(*paths: Path) -> QMimeData:
    """Take files in hand."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def drag_in(widget: QWidget, mime: QMimeData) -> bool:
    """Drag something in, and tell whether it may be dropped there."""
    spot, copy = QPoint(20, 20), Qt.DropAction.CopyAction
    event = QDragEnterEvent(spot, copy, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    event.ignore()
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


def drop(desk: Desk, mime: QMimeData) -> None:
    """Drop something on the panel."""
    inspector = desk.page.inspector
    assert drag_in(inspector, mime)
    copy, kind = Qt.DropAction.CopyAction, QEvent.Type.Drop
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(inspector, QDropEvent(QPointF(20, 20), copy, mime, buttons, keys, kind))
    desk.settle()


def held(desk: Desk, where: str) -> list[Evidence]:
    """List the evidence of the present agency's answer."""
    entries = (desk.session.entry("evidence", one) for one in desk.said(where).evidence)
    return [entry for entry in entries if isinstance(entry, Evidence)]
