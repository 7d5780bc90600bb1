"""Headquarters: many countries' files triaged, brought together, looked at by region, and written as a synthesis.

Problem: hundreds of files come back, edited and in several copies, and somebody has to say of each what became of it.
Decision: a board of files with counts first, every reason in full, and what to do; then what the countries say
together, never as a ranking. Reading and writing run as our own command line in a child process; the finished
repository is read beside the window, in one thread of its own.
"""
