"""Files that strangers send: looked at from outside, read in a process of their own, or refused with one sentence.

A file that comes back by mail may be anything: the wrong one, cut off, saved by a program nobody knows, or made to do
harm. Every archive and every XML part is looked at before any library parses it (``archive``, ``markup``, ``sheets``,
``contents``; ``services.guard`` puts them together), which takes some milliseconds. Reading it then may still end a
process, since the fast library for workbooks does so where memory runs out: the window has it done by our own command
line as a child with limits (``child``), and a batch in worker processes that may be lost (``reading``).
"""
