"""Damage in an open assessment file, and whether two open databases hold the same."""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from typing import TYPE_CHECKING

from capacity_app.domain.assessment.merging import merge_revisions
from capacity_app.domain.assessment.registers import REGISTERS, Evidence, RegisterEntry, ReturnedFile
from capacity_app.domain.assessment.revisions import EntryRevision, Revision
from capacity_app.domain.problems import N_, Problem
from capacity_app.storage import rows
from capacity_app.storage.schema import round_hash

if TYPE_CHECKING:
    from sqlite_utils import Database


_MOST = 100
"""Problems told of one kind; more help nobody."""


def find_damage(
    database: "Database", revisions: Iterable[Revision], entries: Iterable[EntryRevision]
) -> Iterator[Problem]:
    """Find what is wrong inside a file whose revisions could be read."""
    said = _entries_by_revisions(entries)
    yield from _broken_pages(database)
    yield from _wrong_answers(database, revisions)
    yield from _wrong_entries(database, said)
    yield from _wrong_documents(database)
    yield from _missing_documents(database, said)
    yield from _wrong_rounds(database)


def _broken_pages(database: "Database") -> Iterator[Problem]:
    found = [text for (text,) in database.execute(f"PRAGMA integrity_check({_MOST})") if text != "ok"]
    found += [f"{table}: {row}" for table, row, *_ in database.execute("PRAGMA foreign_key_check").fetchmany(_MOST)]
    for text in found:
        yield _problem("pages", text[:80], N_("The file is damaged here: open a copy or a backup of it."))


def _wrong_answers(database: "Database", revisions: Iterable[Revision]) -> Iterator[Problem]:
    said: dict[object, list[Revision]] = {}
    for revision in revisions:
        said.setdefault(revision.key, []).append(revision)
    current = (merge_revisions(known).shown for known in said.values())
    expected = {rows.revision_rows(shown)[1] for shown in current if not shown.content.is_empty}
    shown = set(database.execute(rows.SELECT_ANSWERS))
    message = N_(
        "The table of answers differs from the revisions. The revisions count. Save a copy to correct the table."
    )
    places = sorted({"/".join(filter(None, row[:3])) for row in expected ^ shown})
    yield from (_problem("answers", place, message) for place in places[:_MOST])


def _entries_by_revisions(entries: Iterable[EntryRevision]) -> dict[tuple[str, str], RegisterEntry]:
    made: dict[tuple[str, str], list[EntryRevision]] = {}
    for revision in entries:
        made.setdefault((revision.register, revision.entry), []).append(revision)
    shown = ((place, merge_revisions(known).shown.content) for place, known in made.items())
    return {place: entry for place, entry in shown if entry is not None}


def _wrong_entries(database: "Database", said: Mapping[tuple[str, str], RegisterEntry]) -> Iterator[Problem]:
    message = N_(
        "The table of a register differs from the revisions. The revisions count. Save a copy to correct the table."
    )
    for register in REGISTERS:
        current = (entry for (name, _), entry in said.items() if name == register)
        expected = {entry.id: rows.entry_record(register, entry) for entry in current}
        shown = {row["id"]: row for row in database.table(register).rows}
        places = sorted(id_ for id_ in expected.keys() | shown.keys() if expected.get(id_) != shown.get(id_))
        yield from (_problem("entries", f"{register}/{place}", message) for place in places[:_MOST])


def _wrong_documents(database: "Database") -> Iterator[Problem]:
    for row in database.table("documents").rows:
        content = row["content"]  # in a damaged row it may be nothing
        is_whole = isinstance(content, bytes) and len(content) == row["size"]
        if not is_whole or hashlib.sha256(content).hexdigest() != row["hash"]:
            yield _problem("document", str(row["hash"]), N_("This document is damaged in the file: attach it again."))


def _missing_documents(database: "Database", said: Mapping[tuple[str, str], RegisterEntry]) -> Iterator[Problem]:
    held = {digest for (digest,) in database.execute("SELECT hash FROM documents NOT INDEXED")}
    for (register, _), entry in sorted(said.items()):
        if isinstance(entry, Evidence | ReturnedFile) and entry.document and entry.document not in held:
            yield missing_document(register, entry)


_MISSING_DOCUMENT = {
    "evidence": N_("The document “{file}” is missing from the assessment. Attach it again."),
    "returns": N_("The returned file “{file}” is missing from the assessment. The answers imported from it are kept."),
}


def missing_document(register: str, entry: Evidence | ReturnedFile) -> Problem:
    values = (("file", entry.file_name or entry.document),)
    return Problem("file.no_document", f"{register}/{entry.id}", _MISSING_DOCUMENT[register], values=values)


def _wrong_rounds(database: "Database") -> Iterator[Problem]:
    message = N_("The previous round kept in this file is damaged: start from the previous round’s own file again.")
    for row in database.table("previous_rounds").rows:
        if round_hash(row["content"]) != row["hash"]:
            yield _problem("round", row["time"], message)


def _problem(code: str, place: str, message: str) -> Problem:
    return Problem(f"file.{code}", place, message)


# Whether two open databases hold the same: schema, marks and every row of every table.

_MARKS = ("application_id", "user_version", "encoding")
_MISSING = object()


def is_sound_copy(original: sqlite3.Connection, copy: sqlite3.Connection) -> bool:
    """Return whether a copy is whole and holds all that the original holds; raises as ``hold_equal_content``."""
    return copy.execute("PRAGMA integrity_check").fetchone() == ("ok",) and hold_equal_content(original, copy)


def hold_equal_content(one: sqlite3.Connection, other: sqlite3.Connection) -> bool:
    """Compare everything, row by row; raises one of ``sqlite_errors`` where something cannot be read."""
    return all(_give_equal_rows(one, other, question) for question in _queries(one))


def _queries(connection: sqlite3.Connection) -> Iterator[str]:
    yield from (f"PRAGMA {mark}" for mark in _MARKS)
    yield "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"
    tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    for (table,) in tables.fetchall():
        # A copy may number the rows anew; the primary key orders them alike.
        columns = connection.execute("SELECT name FROM pragma_table_info(?) ORDER BY pk = 0, pk, cid", (table,))
        order = ", ".join(_quoted_name(name) for (name,) in columns.fetchall())
        yield f"SELECT * FROM {_quoted_name(table)} ORDER BY {order}"  # noqa: S608 - names from the schema, quoted


def _quoted_name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _give_equal_rows(one: sqlite3.Connection, other: sqlite3.Connection, question: str) -> bool:
    pairs = zip_longest(one.execute(question), other.execute(question), fillvalue=_MISSING)
    return all(first == second for first, second in pairs)
