"""What a person does with an assessment: record, attach, import, report; plain Python, no Qt.

Problem: the disk may be slow, full or unplugged while an officer types. Decision: a session holds the
whole assessment in memory, where every answer counts at once, and one writer thread owns the file's only
connection and says "saved" after the commit, never before. The window and the command line call the same
functions here.

Read in order: ``changes`` (what the session tells), ``ledger`` (revisions in memory), ``derived`` (sheet,
scores, dossier, cached), ``writer`` (the thread), ``assessment_session`` (all of it together),
``copies`` (new files), ``dossier_json`` and ``importing`` (the same assessment as text, and back).
"""
