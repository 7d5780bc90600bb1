"""An instrument as a form, and back."""

from pathlib import Path

from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.questionnaires.reader import read_instrument
from capacity_app.questionnaires.xlsform.exporter import export_form
from capacity_app.questionnaires.xlsform.form import form_workbook
from capacity_app.questionnaires.xlsform.importer import ImportedForm, import_form
from capacity_app.questionnaires.xlsform.sheet_reader import read_sheets


def read_back(content: bytes, folder: Path, wanted: str = "") -> tuple[Instrument, ImportedForm]:
    """Read a form, write what it says as files, and read these."""
    sheets = read_sheets(content, "form.xlsx")
    assert sheets.tree is not None, [problem.text() for problem in sheets.problems]
    imported = import_form(sheets, wanted, "form.xlsx")
    assert imported is not None
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in imported.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    supplements = [name for name, text in imported.files.items() if "\nsupplement = " in text]
    instrument, problems = read_instrument(folder, supplements)
    assert instrument is not None, [f"{one.place}: {one.text()}" for one in problems]
    return instrument, imported


def there_and_back(instrument: Instrument, folder: Path, *languages: str) -> tuple[Instrument, ImportedForm]:
    """Write an instrument as a form and read it back."""
    return read_back(form_workbook(export_form(instrument, languages, "0" * 64)), folder)
