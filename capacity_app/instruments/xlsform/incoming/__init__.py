"""What of somebody's form becomes what of an instrument; ``xlsform.importing`` puts it together.

Read in order: ``sentences`` (what is not carried over), ``words`` (texts by language), ``elements`` (what a row of the
survey is), ``answers`` (kinds, choices) with ``limits``, ``questions``, ``tables``, ``conditions``.
"""
