"""The report: one view built from the dossier, printed as PDF and HTML.

Problem: a report must be complete, look the same on every machine and in every language, and never
compute in a template. Decision: ``view`` builds frozen values made of display strings; the templates in
``resources`` only print them; charts are drawn from numbers and carry no words, because words in SVG
break in Arabic and Thai. WeasyPrint sees bundled files only.
"""
