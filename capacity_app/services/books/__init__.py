"""Questionnaires as workbooks; ``services.writing`` is the door to all of it.

Read in order: ``places`` (where questionnaires are kept), ``wordings`` (texts in other languages), ``making`` (their
workbooks), ``reading`` (what a workbook holds), ``outlook`` (what it would change), ``placing`` (changing it).
"""
