"""A line deleted in LibreOffice leaves a sheet that says it has all rows there are; it is read like any other."""

import io
import re
import zipfile

import pytest

from capacity_app.outputs.workbook.reader.reader import read_returned
from capacity_app.services.untrusted import inspection
from tests.builders import small_instrument
from tests.services.exchange.making import workbook


def with_all_rows(content: bytes) -> bytes:
    """Write the dimension and the last, empty row of every sheet as LibreOffice does after a line was deleted."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet3.xml":
                data = re.sub(rb'<dimension ref="A1:([A-Z]+)\d+"/>', rb'<dimension ref="A1:\g<1>1048576"/>', data)
                data = data.replace(b"</sheetData>", b'<row r="1048576" ht="12.8"></row></sheetData>')
                assert data.count(b"1048576") == 2
            new.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("is_careful", [False, True])
def test_a_sheet_that_says_it_has_all_rows_is_read(is_careful: bool) -> None:  # noqa: FBT001 - which library reads
    content = with_all_rows(workbook())
    inspection.inspect_content(content, "back.xlsx")
    plain = read_returned(workbook(), "back.xlsx", small_instrument(), is_careful=is_careful)
    found = read_returned(content, "back.xlsx", small_instrument(), is_careful=is_careful)
    assert (found.answers, found.problems, found.unplaced) == (plain.answers, plain.problems, plain.unplaced)
