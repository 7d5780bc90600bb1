"""The workbook: for people first, readable again by machine, and never by cell position.

Problem: strangers move rows, insert columns, rename sheets and save with other programs. Decision: every
line carries its address in a hidden first column, every table the names of its columns in a hidden first
row, and one hidden sheet says what the file is. ``layout`` is the contract between writer and reader.
Every text is a string cell, so nothing typed ever becomes a formula, a link or a number.
"""
