"""A questionnaire as a workbook: the same thing as the TOML files, for statisticians who write in a spreadsheet.

Problem: the TOML is exact and nobody outside of a software team writes it. Decision: a sheet for each kind of thing, a
line for each thing, and the TOML stays the truth: a workbook is read into the very tables that a TOML file holds, these
are written as TOML and checked by the one reader there is, and every mistake is told with its sheet, row and column.

Read in order: ``layout`` (sheets and columns), ``conditions`` (conditions as people write them), ``sources`` (an
instrument as tables), ``lines`` (tables as lines of sheets), ``writer`` (lines as a workbook), ``reader`` (cells as
tables, sheet by sheet in ``reading``), ``toml`` (tables as TOML), ``places`` (mistakes found in TOML as places in the
workbook), ``template``.
"""
