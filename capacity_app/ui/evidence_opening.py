"""Opening a piece of evidence: its held document, or else its link, with the desktop's own program."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from capacity_app.domain.assessment import Evidence
from capacity_app.domain.problems import KnownError
from capacity_app.services.opened_documents import OpenedDocuments
from capacity_app.texts import Texts

_SAFE_SCHEMES = frozenset({"http", "https", "ftp", "mailto"})


def open_evidence(entry: Evidence, opened: OpenedDocuments, name: str, texts: Texts) -> str:
    """Open it; gives a sentence where that could not be done, else nothing. ``name`` is what the entry is called."""
    try:
        url = QUrl.fromLocalFile(str(opened.copy_of(entry))) if entry.document else QUrl(entry.link)
    except KnownError as error:
        return error.text(texts.gettext)
    is_safe = entry.document or url.scheme().casefold() in _SAFE_SCHEMES
    if is_safe and QDesktopServices.openUrl(url):
        return ""
    return texts.gettext("“{name}” could not be opened: no program on this computer takes it.").format(name=name)
