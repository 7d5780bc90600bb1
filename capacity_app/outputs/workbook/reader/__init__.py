"""Reading a workbook that came back: by its marks and rulers, whatever became of lines, columns, sheets and names.

``sheets`` (cells of a stranger's file), ``payload`` (what it holds for programs), ``lines`` (what each line is about),
``labels``, ``numerals`` and ``decoding`` (what a cell says), ``baseline`` (what it said when it was made), ``notes``,
``reading``, ``questions``, ``rows`` and ``answers`` (what was changed), ``reader`` (all of it).
"""

from capacity_app.outputs.workbook.reader.hidden_sheets import WorkbookIdentity as WorkbookIdentity
from capacity_app.outputs.workbook.reader.reader import read_identity as read_identity
from capacity_app.outputs.workbook.reader.reader import read_returned as read_returned
