"""The report and the blank form: one view built from the dossier, printed as PDF, Word file and web page.

Problem: a report must be complete, look the same on every machine and in every language, and never
compute in a template. Decision: ``view`` builds frozen values made of display strings; ``html`` prints them with the
templates in ``resources``, ``pdf`` sets that on pages (PDF/UA and PDF/A, bundled type and files only), ``word`` writes
the same view with real styles. ``charts`` draws from numbers; names stand in the text beside, because words in SVG
break in Arabic and Thai. ``form`` is the questionnaire to fill in by hand.
"""
