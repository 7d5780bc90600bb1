"""Untrusted files: inspected from outside, read in a process of their own, or refused with one sentence.

A file that comes back by mail may be anything: the wrong one, cut off, saved by a program nobody knows, or made to do
harm. Every archive and every XML part is inspected before any library parses it (``zip_limits``, put together in
``inspection``), which takes some milliseconds. Reading it then may still end a process, since the fast library for
workbooks does so where memory runs out: the window has it done by our own command line as a child with limits
(``reading_process``), and a batch in worker processes that may be lost (``returned_file``).

ODK and KoboToolbox give a table with a row for each submission, as CSV, as an archive of CSV files (one for every
repeat) or as a workbook (``submission_tables``). What a row says becomes the same value as a returned workbook, so it
is proposed, compared, decided on, kept and undone as that is. A file of several submissions is several such values.
"""
