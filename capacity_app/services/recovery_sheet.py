"""The recovery sheet of a protected file, written where a person says and nowhere else."""

from datetime import datetime
from pathlib import Path

from capacity_app.domain.assessment import Mission
from capacity_app.domain.keys import Key
from capacity_app.domain.problems import N_, KnownError
from capacity_app.files.atomic import check_writable, write_atomically
from capacity_app.report.recovery import RecoverySheet, render_sheet
from capacity_app.services.recovery_key import words_of
from capacity_app.services.reporting import is_whole_pdf
from capacity_app.texts import Texts

SUFFIX = ".pdf"
NO_PDF = N_("A recovery sheet is a PDF: give it a name that ends in {ending}; {file} does not.")
BESIDE = N_(
    "This sheet lies beside the file it opens: whoever takes one takes both. Print it, then delete it here, or keep it "
    "on another disk."
)


def lies_beside(sheet: Path, file: Path) -> bool:
    """Return whether a sheet is kept in the folder of the file it opens, or below it."""
    return file.resolve().parent in sheet.resolve().parents


def expect_sheet_can_be_written(out: Path) -> None:
    """Find out before anything is changed whether a sheet can be written to a place; raises KnownError."""
    if out.suffix.casefold() != SUFFIX:
        raise KnownError(NO_PDF, ending=SUFFIX, file=out.name)
    check_writable(out)


def write_sheet(out: Path, file: Path, mission: Mission, key: Key, texts: Texts) -> None:
    """Write the sheet for a file and its key; raises KnownError, and then an old sheet of that name is as it was."""
    expect_sheet_can_be_written(out)
    today = texts.date(datetime.now().astimezone().date().isoformat())
    about = texts.listed(part for part in (mission.country_name or mission.country, mission.round) if part)
    sheet = RecoverySheet(file.name, about, today, words_of(key.raw))
    write_atomically(out, render_sheet(sheet, texts), is_whole_pdf)
