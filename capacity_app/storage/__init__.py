"""The assessment file: one SQLite database that any SQLite tool can read without us.

Problem: an answer shown as saved must survive a kill, a power cut, a full disk and a stranger's file.
Decision: append-only revisions are the truth; the plain tables beside them (answers, agencies …) are
derived in the same transaction, for people with other tools. Every commit is a rollback-journal
transaction with ``synchronous=EXTRA``; the schema is compared with ours before anything is read; whatever
the world refuses comes back as one sentence (``KnownError``).

Written through sqlite-utils (``database`` closes its traps), opened and read with ``sqlite3`` alone, so that
a start does not wait for an import that only the first write needs.
"""
