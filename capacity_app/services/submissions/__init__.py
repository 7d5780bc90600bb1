"""Answers collected with ODK or KoboToolbox: their exports read as files that came back.

Both servers give a table with a row for each submission, as CSV, as an archive of CSV files (one for every repeat) or
as a workbook. What a row says becomes the same value as a returned workbook (``domain.returned``), so it is proposed,
compared, decided on, kept and undone as that is. A file of several submissions is several of these values.
"""
