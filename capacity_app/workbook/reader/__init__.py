"""Reading a workbook that came back: by its marks and rulers, whatever became of lines, columns, sheets and names.

``sheets`` (cells of a stranger's file), ``payload`` (what it holds for programs), ``lines`` (what each line is about),
``labels``, ``numerals`` and ``decoding`` (what a cell says), ``baseline`` (what it said when it was made), ``notes``,
``reading``, ``questions``, ``rows`` and ``answers`` (what was changed), ``reader`` (all of it).
"""

from capacity_app.workbook.reader.payload import Identity
from capacity_app.workbook.reader.reader import identity_of, read_returned

__all__ = ["Identity", "identity_of", "read_returned"]
