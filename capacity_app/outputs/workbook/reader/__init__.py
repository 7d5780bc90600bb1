"""Reading a workbook that came back: by its marks and rulers, whatever became of lines, columns, sheets and names.

``sheets`` (cells of an untrusted file), ``hidden_sheets`` (identity, recorded answers, labels of lists), ``lines``
(what each line is about), ``decoding`` (what a cell says), ``baseline`` (what it said when it was made, notes),
``line_reader`` and ``answer_reader`` (what was changed), ``reader`` (all of it).
"""
