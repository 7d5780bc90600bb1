"""The report as a Word file that a ministry can edit: real styles, headings, tables, captions and fields.

The content is the one the other kinds of report print. Text becomes WordprocessingML in ``markup`` alone, the only
place that escapes; everything above it joins finished pieces, and the type checker tells the two apart.
python-docx keeps the parts of the file (pictures, styles, header, footer, properties) together; the body is
parsed once as a whole, since building it cell by cell takes time that grows with the square of a table's length.
"""
