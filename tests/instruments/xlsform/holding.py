"""An instrument as a form, and back."""

from pathlib import Path

from capacity_app.domain.instrument import Instrument
from capacity_app.instruments.reader import read_instrument
from capacity_app.instruments.xlsform.exporting import form_of
from capacity_app.instruments.xlsform.form import form_workbook
from capacity_app.instruments.xlsform.importing import Imported, instrument_of
from capacity_app.instruments.xlsform.sheets import read_sheets


def read_back(content: bytes, folder: Path, wanted: str = "") -> tuple[Instrument, Imported]:
    """Read a form, write what it says as files, and read these."""
    sheets = read_sheets(content, "form.xlsx")
    assert sheets.tree is not None, [problem.text() for problem in sheets.problems]
    imported = instrument_of(sheets, wanted, "form.xlsx")
    assert imported is not None
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in imported.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    supplements = [name for name, text in imported.files.items() if "\nsupplement = " in text]
    instrument, problems = read_instrument(folder, supplements)
    assert instrument is not None, [f"{one.place}: {one.text()}" for one in problems]
    return instrument, imported


def there_and_back(instrument: Instrument, folder: Path, *languages: str) -> tuple[Instrument, Imported]:
    """Write an instrument as a form and read it back."""
    return read_back(form_workbook(form_of(instrument, languages, "0" * 64)), folder)
