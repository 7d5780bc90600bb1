"""A workbook of the open assessment that a ministry filled in and sent back, and the page that takes it in."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from capacity_app.domain.assessment.returned_files import ReturnedContent
from capacity_app.i18n.translator import Translator
from capacity_app.services.exports import export_assessment
from capacity_app.services.untrusted.returned_file import read_returned_file
from capacity_app.ui.pages.deliver.import_page import ImportPage
from capacity_app.ui.pages.deliver.import_preview import ImportPreview
from capacity_app.ui.pages.deliver.merge_page import ConflictsPage
from tests.outputs.workbook.editing import filled
from tests.ui.office import Office

SENDER = ("Ministry of the Interior", "B. Clerk", "2018-12-03")
EDITS: Mapping[str, Any] = {
    "i.plan": "2",
    "i.law": "2",
    "i.law @note": "Adopted in May.",
    "ii.staff": 15,
    "ii.share @remarks": "Of which year?",
}


def sent_back(
    office: Office,
    name: str = "moi.xlsx",
    edits: Mapping[str, Any] = EDITS,
    *,
    sender: tuple[str, str, str] = SENDER,
    strays: Mapping[str, str] | None = None,
) -> Path:
    """Export the open assessment as a workbook, and fill it in as the ministry does."""
    file = office.session.file.parent / name
    export_assessment(office.session, file, Translator())
    return filled(file, edits, sender=sender, strays=strays)


def read(office: Office, file: Path) -> ReturnedContent:
    """Read a file in this process, as the child does."""
    return read_returned_file(file.name, file.read_bytes(), lambda _origin: office.session.instrument)


def exchange_page(office: Office) -> ImportPage:
    """Show the page."""
    return office.page(ImportPage, "exchange")


def previewed(office: Office, file: Path) -> ImportPreview:
    """Show what taking a file in would do."""
    page = exchange_page(office)
    page.preview(file, read(office, file))
    office.settle()
    assert isinstance(page.view, ImportPreview)
    return page.view


def merge_previewed(office: Office, *files: Path) -> ConflictsPage:
    """Show what merging files would do."""
    page = exchange_page(office)
    page.merge_with(files)
    office.until(lambda: page.view is not None or bool(page.banners.sentences()))
    assert isinstance(page.view, ConflictsPage), page.banners.sentences()
    office.settle()
    return page.view
