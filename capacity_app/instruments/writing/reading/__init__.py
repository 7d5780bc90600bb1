"""The cells of a questionnaire's workbook as the tables of TOML files; ``writing.reader`` puts them together.

Read in order: ``cells`` (what a cell says), ``book`` (sheets as lines), ``belonging`` (whose line it is), ``values``
(a line as a table), ``logic`` (conditions and contradictions), ``answers`` (options and anchors), ``questions``,
``sections``, ``head`` (what holds for the whole), ``marks`` (where it all stands), ``languages``.
"""
