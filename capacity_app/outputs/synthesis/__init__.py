"""The regional synthesis on pages: a view made of display strings, printed as PDF/UA and PDF/A like a report.

Problem: what compares countries is read by ministers, and is taken for a league table unless every figure says of how
many countries it is. Decision: the view prints what ``domain.headquarters.synthesis`` has counted, and nothing else:
"n of N" in every row, no overall score, countries by name, and the method and what is left out in the same document.
"""
