"""What comes from other files and goes to them: imports, merges, migrations, checks, forms and translations.

Problem of a merge: officers work on copies and nobody's clock can be trusted. Decision: what a file says is the set of
its revisions, merging is the union of sets (``domain`` says what follows from it), and a merge is undone by recording
again what stood before; nothing is ever deleted.
"""
