"""Instruments as XLSForm, the workbook from which ODK and KoboToolbox make forms for phones, and back.

An XLSForm holds questions, answers to choose from, conditions and languages; it knows nothing of points, gaps or
glossaries. What we write carries the permanent ids as names (``form``) and says in columns of ours, which ODK and
KoboToolbox leave alone, what an XLSForm has no word for; ``pyxform`` reads every form, ours and those of others.
Conditions go both ways where both sides can say them (``expressions``). Nothing is dropped silently: whatever one of
the two cannot hold is a problem with its place. ``exporter`` goes one way (with ``export_questions``),
``importer`` the other (with ``import_questions`` and ``import_answers``).
"""
