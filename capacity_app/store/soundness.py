"""A thorough check of an open file: pages, what is derived against what it is derived from, documents by hash."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from capacity_app.domain.assessment import REGISTERS
from capacity_app.domain.merging import unite
from capacity_app.domain.problems import N_, Problem
from capacity_app.domain.revisions import EntryRevision, Revision
from capacity_app.store import rows
from capacity_app.store.schema import round_hash

if TYPE_CHECKING:
    from sqlite_utils import Database

_MOST = 100
"""Problems told of one kind; more help nobody."""


def find_problems(
    database: "Database", revisions: Iterable[Revision], entries: Iterable[EntryRevision]
) -> Iterator[Problem]:
    """Find what is wrong inside a file whose revisions could be read."""
    yield from _broken_pages(database)
    yield from _wrong_answers(database, revisions)
    yield from _wrong_entries(database, entries)
    yield from _wrong_documents(database)
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
    current = (unite(known).shown for known in said.values())
    expected = {rows.revision_rows(shown)[1] for shown in current if not shown.content.is_empty}
    shown = set(database.execute(rows.SELECT_ANSWERS))
    message = N_("The table of answers differs from the revisions, which count: save a copy to mend it.")
    places = sorted({"/".join(filter(None, row[:3])) for row in expected ^ shown})
    yield from (_problem("answers", place, message) for place in places[:_MOST])


def _wrong_entries(database: "Database", entries: Iterable[EntryRevision]) -> Iterator[Problem]:
    made: dict[tuple[str, str], list[EntryRevision]] = {}
    for revision in entries:
        made.setdefault((revision.register, revision.entry), []).append(revision)
    message = N_("The table of a register differs from the revisions, which count: save a copy to mend it.")
    for register in REGISTERS:
        current = (unite(known).shown.content for (name, _), known in made.items() if name == register)
        expected = {entry.id: rows.entry_record(register, entry) for entry in current if entry is not None}
        shown = {row["id"]: row for row in database.table(register).rows}
        places = sorted(id_ for id_ in expected.keys() | shown.keys() if expected.get(id_) != shown.get(id_))
        yield from (_problem("entries", f"{register}/{place}", message) for place in places[:_MOST])


def _wrong_documents(database: "Database") -> Iterator[Problem]:
    for row in database.table("documents").rows:
        if hashlib.sha256(row["content"]).hexdigest() != row["hash"] or len(row["content"]) != row["size"]:
            yield _problem("document", row["hash"], N_("This document is damaged in the file: attach it again."))


def _wrong_rounds(database: "Database") -> Iterator[Problem]:
    message = N_("The earlier round kept in this file is damaged: start from the earlier round’s own file again.")
    for row in database.table("previous_rounds").rows:
        if round_hash(row["content"]) != row["hash"]:
            yield _problem("round", row["time"], message)


def _problem(code: str, place: str, message: str) -> Problem:
    return Problem(f"file.{code}", place, message)
