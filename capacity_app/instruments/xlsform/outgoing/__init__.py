"""What of an instrument becomes what of a form; ``xlsform.exporting`` puts it together.

Read in order: ``sentences`` (what the form says beside the instrument's own texts), ``words`` (texts in every
language), ``survey`` (the rows so far), ``answers`` (kinds, choices) with ``limits``, ``questions``, ``tables``.
"""
