"""What an assessment is and what follows from it: frozen values and pure functions, standard library only.

Problem: scores, gaps and merges must be provably the same in the window, in a report and at
headquarters. Decision: everything that can be computed from an instrument and its answers is computed
here, without files, SQL, widgets or a language; user-facing sentences are message ids (marked with
``N_``) and values, translated by whoever shows them.
"""
