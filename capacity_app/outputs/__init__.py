"""What leaves the program on paper or as a file: report, blank form, synthesis and workbook.

Problem: a report must be complete, look the same on every machine and in every language, and never compute in a
template. Decision: ``content`` builds frozen values made of display strings, and gathers what the workbook shows too;
``html_pages`` prints them with the templates in ``resources``, ``pdf`` sets that on pages (PDF/UA and PDF/A, bundled
fonts and files only), ``word`` writes the same content with real styles. ``charts`` draws from numbers; names stand
in the text beside, because words in SVG break in Arabic and Thai. ``blank_form`` is the questionnaire to fill in by
hand, ``workbook`` is written and read, ``file_identity`` reads back what finished files say of themselves.
"""
