"""The window: shows, asks and forwards; whatever is decided is decided below.

Problem: an officer types while eight people talk, so no key press may wait for a disk, a score or a
page. Decision: every change goes through one ``SessionController`` (its ``changed`` signal comes
back), pages are built on demand and in small steps and kept, and what needs no widget of its own is
painted. Colours and measures come from ``theme``; there is no style sheet, because a global one makes
building a page more than twice as slow.

Folders: ``theme`` (colours, style), ``widgets`` (small ones that know no assessment), ``session`` (the
controller and what all pages use), ``question_widgets``, ``pages``, and ``shell`` (the window around
them, with the tables of pages and commands).
"""
