"""Several officers' copies of one assessment become one: read, compared, decided on, taken over, taken back.

Problem: officers work on copies and nobody's clock can be trusted. Decision: what a file says is the set of its
revisions, merging is the union of sets (``domain.merging`` says what follows from it), and a merge is taken back by
saying again what stood before; nothing is ever deleted.
"""
