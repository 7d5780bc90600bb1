"""What a person does with an assessment: record, attach, import, report; plain Python, no Qt.

Problem: the disk may be slow, full or unplugged while an officer types. Decision: a session holds the whole assessment
in memory, where every answer counts at once, and one writer thread owns the file's only connection and says "saved"
after the commit, never before. The window and the command line call the same functions here.

Read in order: ``session.revision_log`` (revisions in memory, and what is computed from them), ``session.file_writing``
(the thread, new files), ``session.assessment_session`` (all of it together), ``exchange`` (other files), ``reports``.
"""
