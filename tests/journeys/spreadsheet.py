"""LibreOffice as a ministry's officer uses it, without a screen: a macro edits a workbook and saves it as .xlsx."""

import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"
 library:passwordprotected="false"><library:element library:name="Edits"/></library:library>
"""
_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Edits" script:language="StarBasic">{code}
</script:module>
"""
_CODE = """
Sub Main()
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  doc = StarDesktop.loadComponentFromURL({source}, "_blank", 0, hidden())
  On Error GoTo Stopped
  For Each sheet In doc.Sheets
    sheet.unprotect("")
  Next
  {steps}
  Dim saved(0) As New com.sun.star.beans.PropertyValue
  saved(0).Name = "FilterName"
  saved(0).Value = "Calc MS Excel 2007 XML"
  doc.storeToURL({target}, saved())
Stopped:
  doc.close(True)
  StarDesktop.terminate()
End Sub
"""
_WIDEST = 60
"""Columns that belong to a line."""


def quoted(text: str) -> str:
    """Write a text as Basic does."""
    return '"' + text.replace('"', '""') + '"'


def _sheet(name: str) -> str:
    return f"doc.Sheets.getByName({quoted(name)})"


def put(sheet: str, cell: str, value: str | int | None) -> str:
    """Type into a cell, or delete what stands there."""
    place = f"{_sheet(sheet)}.getCellRangeByName({quoted(cell)})"
    return f"{place}.setValue({value})" if isinstance(value, int) else f"{place}.setString({quoted(value or '')})"


def rename(sheet: str, name: str) -> str:
    """Return a sheet another name."""
    return f"{_sheet(sheet)}.Name = {quoted(name)}"


def insert_column(sheet: str, before: str) -> str:
    """Insert an empty column before one named by its letter."""
    return f"{_sheet(sheet)}.Columns.insertByIndex({ord(before) - ord('A')}, 1)"


def move_line(sheet: str, row: int, to: int) -> str:
    """Cut a line (counted from 1), insert it above another one, and delete where it stood."""
    whole = _sheet(sheet)
    shifted = row if row < to else row + 1
    line = f"{whole}.getCellRangeByPosition(0, {shifted - 1}, {_WIDEST}, {shifted - 1}).RangeAddress"
    return "\n  ".join((
        f"{whole}.Rows.insertByIndex({to - 1}, 1)",
        f"{whole}.moveRange({whole}.getCellByPosition(0, {to - 1}).CellAddress, {line})",
        f"{whole}.Rows.removeByIndex({shifted - 1}, 1)",
    ))  # fmt: skip


def _office(home: Path, *arguments: str) -> None:
    command = ["soffice", f"-env:UserInstallation={home.as_uri()}", "--headless", "--norestore", *arguments]
    subprocess.run(command, capture_output=True, check=True, timeout=300)


def _install(home: Path, code: str) -> None:
    """Put the macro where LibreOffice keeps a person's own, once it has made that folder."""
    _office(home, "--terminate_after_init")
    library = home / "user" / "basic" / "Standard"
    (library / "Edits.xba").write_text(_MODULE.format(code=escape(code)), "utf-8")
    (library / "script.xlb").write_text(_LIBRARY, "utf-8")


def edited(source: Path, target: Path, home: Path, steps: Iterable[str]) -> Path:
    """Open a workbook in LibreOffice, do some steps one after the other, and save it under another name."""
    lines: Sequence[str] = tuple(steps)
    code = _CODE.format(source=quoted(source.as_uri()), target=quoted(target.as_uri()), steps="\n  ".join(lines))
    _install(home, code)
    _office(home, "macro:///Standard.Edits.Main()")
    assert target.exists(), "LibreOffice stopped before it saved"
    return target
