"""The workbook: for people first, readable again by machine, and never by cell position.

Problem: people move rows, insert columns, rename sheets and save with other programs. Decision: the
hidden first column of every sheet for people says what a line is about, hidden rulers above the lines say
what each column is, and three hidden sheets say what the file is, which words its drop-downs offer, and on which
revisions its answers stand.
``sheet_marks`` is the contract between writer and reader. Every text is a string cell, so nothing typed ever
becomes a formula, a link or a number.
"""
