"""A thorough check of an open file: pages, what is derived against what it is derived from, documents by hash."""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator

from capacity_app.domain.assessment import REGISTERS
from capacity_app.domain.problems import N_, Problem
from capacity_app.domain.revisions import EntryRevision, Revision, heads
from capacity_app.store import rows

_MOST = 100
"""Problems told of one kind; more help nobody."""


def find_problems(
    connection: sqlite3.Connection, revisions: Iterable[Revision], entries: Iterable[EntryRevision]
) -> Iterator[Problem]:
    """Find what is wrong inside a file whose revisions could be read."""
    yield from _broken_pages(connection)
    yield from _wrong_answers(connection, revisions)
    yield from _wrong_entries(connection, entries)
    yield from _wrong_documents(connection)


def _broken_pages(connection: sqlite3.Connection) -> Iterator[Problem]:
    found = [text for (text,) in connection.execute(f"PRAGMA integrity_check({_MOST})") if text != "ok"]
    found += [f"{table}: {row}" for table, row, *_ in connection.execute("PRAGMA foreign_key_check").fetchmany(_MOST)]
    for text in found:
        yield _problem("pages", text[:80], N_("The file is damaged here: open a copy or a backup of it."))


def _wrong_answers(connection: sqlite3.Connection, revisions: Iterable[Revision]) -> Iterator[Problem]:
    said: dict[object, list[Revision]] = {}
    for revision in revisions:
        said.setdefault(revision.key, []).append(revision)
    current = (heads(known)[-1] for known in said.values())
    expected = {rows.revision_rows(head)[1] for head in current if not head.content.is_empty}
    shown = set(connection.execute(rows.SELECT_ANSWERS))
    message = N_("The table of answers differs from the revisions, which count: save a copy to mend it.")
    places = sorted({"/".join(filter(None, row[:3])) for row in expected ^ shown})
    yield from (_problem("answers", place, message) for place in places[:_MOST])


def _wrong_entries(connection: sqlite3.Connection, entries: Iterable[EntryRevision]) -> Iterator[Problem]:
    made: dict[tuple[str, str], list[EntryRevision]] = {}
    for revision in entries:
        made.setdefault((revision.register, revision.entry), []).append(revision)
    message = N_("The table of a register differs from the revisions, which count: save a copy to mend it.")
    for register in REGISTERS:
        current = (heads(known)[-1].content for (name, _), known in made.items() if name == register)
        expected = {rows.entry_row(register, entry) for entry in current if entry is not None}
        shown = set(connection.execute(rows.select_entries_statement(register)))
        places = sorted({f"{register}/{row[0]}" for row in expected ^ shown})
        yield from (_problem("entries", place, message) for place in places[:_MOST])


def _wrong_documents(connection: sqlite3.Connection) -> Iterator[Problem]:
    for digest, size, content in connection.execute("SELECT hash, size, content FROM documents"):
        if hashlib.sha256(content).hexdigest() != digest or len(content) != size:
            yield _problem("document", digest, N_("This document is damaged in the file: attach it again."))


def _problem(code: str, place: str, message: str) -> Problem:
    return Problem(f"file.{code}", place, message)
