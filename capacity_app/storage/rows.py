"""Between domain values and table rows: columns are named in plain words, lists are JSON text.

A file may be anybody's, so what is read is as what is recorded: texts are cleaned and no longer than one may type, ids
are visible and short, numbers fit. A row with anything else is one that this program cannot have written.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, fields
from functools import cache, lru_cache
from typing import Any

from capacity_app.domain.assessment.answer_rules import LARGEST_NUMBER
from capacity_app.domain.assessment.answers import (
    TEXT_LIMIT,
    Address,
    AnswerKey,
    AnswerLayer,
    AnswerState,
    AnswerValue,
    Content,
    clean_text,
)
from capacity_app.domain.assessment.registers import REGISTERS, RegisterEntry
from capacity_app.domain.assessment.revisions import EntryRevision, Revision, RevisionId
from capacity_app.domain.fast_dataclass import dataclass

SqlRow = tuple[Any, ...]
SqlRecord = dict[str, Any]
"""A row by the names of its columns, as sqlite-utils takes and gives it."""

_ANSWER = (
    "question", "grid_row", "grid_column", "layer", "respondent", "state", "value", "reason", "note", "evidence",
    "author", "time", "language",
)  # fmt: skip
_ENTRY = ("device", "counter", "register", "entry", "content", "author", "time", "parents")


LONGEST_ID = 200
"""Characters in an id; a rating's id is an address."""


class DamagedRow(ValueError):  # noqa: N818 - a finding about the file, not about the program
    """A row that this program cannot have written."""


def _insert(table: str, columns: Iterable[str], verb: str = "INSERT", conflict: str = "") -> str:
    names = [f'"{name}"' for name in columns]
    return f"{verb} INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))}){conflict}"


def _select(table: str, columns: Iterable[str]) -> str:
    return f"SELECT {', '.join(columns)} FROM {table}"  # noqa: S608 - our own names


# A commit may succeed and its success go unseen (an error while the journal is removed); the retry finds it done.
_ONCE = " ON CONFLICT DO NOTHING"


INSERT_REVISION = _insert("answer_revisions", ("device", "counter", *_ANSWER, "parents"), conflict=_ONCE)
INSERT_ENTRY_REVISION = _insert("entry_revisions", _ENTRY, conflict=_ONCE)
PUT_ANSWER = _insert("answers", (*_ANSWER, "device", "counter"), "INSERT OR REPLACE")
REMOVE_ANSWER = (
    "DELETE FROM answers WHERE question = ? AND grid_row = ? AND grid_column = ? AND layer = ? AND respondent = ?"
)
SELECT_REVISIONS = _select("answer_revisions", ("device", "counter", *_ANSWER, "parents"))
SELECT_ANSWERS = _select("answers", (*_ANSWER, "device", "counter"))
SELECT_ENTRY_REVISIONS = _select("entry_revisions", _ENTRY)

READ_COLUMNS: dict[str, frozenset[str]] = {
    "assessment": frozenset({"id", "created"}),
    "instrument": frozenset({"id", "version", "hash", "content"}),
    "answer_revisions": frozenset({"device", "counter", *_ANSWER, "parents"}),
    "entry_revisions": frozenset(_ENTRY),
    "documents": frozenset({"hash", "size", "content"}),
    "previous_rounds": frozenset({"number", "time", "content"}),
}
"""What is read of a file, by table; a newer version's file is read as long as it has these."""


def json_text(value: object) -> str:
    """Write a value as compact JSON text, any script readable."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _parents_text(parents: Iterable[RevisionId]) -> str:
    return json_text([str(parent) for parent in parents])


def _text(text: str) -> str:
    """Clean a text: a lone surrogate in it could never be written again. Raises DamagedRow if it is too long."""
    if len(text) > TEXT_LIMIT:
        raise DamagedRow(text[:80])
    # As nearly every text is; cleaning takes ten times as long.
    return text if text.isascii() and text.isprintable() else clean_text(text)


def _clean_attribution(text: str) -> str:
    """Clean who, when and in which language, for which nobody is told that it is too long."""
    return _text(text[:TEXT_LIMIT])


@lru_cache(1 << 12)
def _id(text: str) -> str:
    if len(text) > LONGEST_ID or _text(text) != text or "\n" in text:
        raise DamagedRow(text[:80])
    return text


def _revision_id(device: str, counter: int) -> RevisionId:
    # However high: whoever goes on after the highest number must be able to read what was written then.
    if counter <= 0:
        raise DamagedRow(str(counter))
    return RevisionId(_id(device), counter)


def _parents(text: str) -> tuple[RevisionId, ...]:
    if text == "[]":
        return ()
    found = (RevisionId.parse(parent) for parent in json.loads(text))
    return tuple(_revision_id(parent.device, parent.counter) for parent in found)


def _texts(found: object) -> tuple[str, ...]:
    if not isinstance(found, list) or len(found) > TEXT_LIMIT or not all(isinstance(part, str) for part in found):
        raise DamagedRow(str(found)[:80])
    return tuple(map(_text, found))


def _evidence(text: str) -> tuple[str, ...]:
    return () if text == "[]" else tuple(map(_id, _texts(json.loads(text))))


def _value(text: str | None) -> AnswerValue:
    value = None if text is None else json.loads(text)
    match value:
        case None if text is None:
            return None
        case bool():
            raise DamagedRow(str(text))
        case int() if abs(value) <= LARGEST_NUMBER:
            return value
        case str():
            return _text(value)
    return _texts(value)


def _content_row(revision: Revision) -> SqlRow:
    key, content = revision.key, revision.content
    address = key.address
    return (
        address.question,
        address.row,
        address.column,
        key.layer.value,
        key.respondent,
        content.state.value,
        None if content.value is None else json_text(content.value),
        content.reason,
        content.note,
        json_text(content.evidence) if content.evidence else "[]",
        revision.author,
        revision.time,
        revision.language,
    )


def revision_rows(revision: Revision) -> tuple[SqlRow, SqlRow]:
    common = _content_row(revision)
    made = (revision.id.device, revision.id.counter)
    return (*made, *common, _parents_text(revision.parents)), (*common, *made)


def key_row(key: AnswerKey) -> SqlRow:
    """Return what ``REMOVE_ANSWER`` asks for."""
    return (key.address.question, key.address.row, key.address.column, key.layer.value, key.respondent)


_LAYERS = {layer.value: layer for layer in AnswerLayer}
_STATES = {state.value: state for state in AnswerState}


def read_revision(row: SqlRow) -> Revision:
    """Read a row of ``SELECT_REVISIONS``; raises DamagedRow."""
    try:
        (device, counter, question, grid_row, column, layer, respondent, state, value, reason, note, evidence,
         author, time, language, parents) = row  # fmt: skip
        return Revision(
            id=_revision_id(device, counter),
            key=AnswerKey(Address(_id(question), _id(grid_row), _id(column)), _LAYERS[layer], _id(respondent)),
            content=Content(
                state=_STATES[state],
                value=_value(value),
                reason=_text(reason),
                note=_text(note),
                evidence=_evidence(evidence),
            ),
            author=_clean_attribution(author),
            time=_clean_attribution(time),
            language=_clean_attribution(language),
            parents=_parents(parents),
        )
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise DamagedRow(str(row[:3])) from error


def entry_json(entry: RegisterEntry) -> str:
    return json_text(asdict(entry))


@dataclass(frozen=True, slots=True)
class _RegisterCodec:
    """How the fields of a register's entries are read back from JSON and written into columns."""

    shape: type[RegisterEntry]
    kinds: dict[str, Any]

    def entry(self, stored: dict[str, Any]) -> RegisterEntry:
        return self.shape(**{name: _field(kind, stored[name]) for name, kind in self.kinds.items() if name in stored})

    def entry_of_row(self, row: SqlRow) -> RegisterEntry:
        lists = {name for name, kind in self.kinds.items() if not isinstance(kind, type)}
        stored = dict(zip(self.kinds, row, strict=True))
        return self.entry({name: json.loads(value) if name in lists else value for name, value in stored.items()})

    def record(self, entry: RegisterEntry) -> SqlRecord:
        found = ((name, getattr(entry, name)) for name in self.kinds)
        return {name: json_text(value) if isinstance(value, tuple) else value for name, value in found}


def _field(kind: Any, value: Any) -> Any:  # noqa: ANN401 - what JSON holds
    if kind is str:
        return _text(value)
    if kind is int:
        if type(value) is not int or not 0 <= value <= LARGEST_NUMBER:
            raise DamagedRow(repr(value)[:80])
        return value
    if isinstance(kind, type):
        return kind(value)
    (part, *_) = kind.__args__
    return tuple(_field(part, one) for one in _texts(value))


@cache
def _register_codec(register: str) -> _RegisterCodec:
    shape = REGISTERS[register]
    return _RegisterCodec(shape, {field.name: field.type for field in fields(shape)})


def read_entry(register: str, text: str) -> RegisterEntry:
    """Read a register entry from JSON; fields that were added since take their default. Raises DamagedRow."""
    try:
        return _register_codec(register).entry(json.loads(text))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise DamagedRow(f"{register}: {text[:80]}") from error


def select_entries(register: str) -> str:
    return _select(register, _register_codec(register).kinds)


def read_entry_row(register: str, row: SqlRow) -> RegisterEntry:
    """Read a row of ``select_entries``; raises DamagedRow."""
    try:
        return _register_codec(register).entry_of_row(row)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise DamagedRow(f"{register}: {str(row)[:80]}") from error


def entry_record(register: str, entry: RegisterEntry) -> SqlRecord:
    return _register_codec(register).record(entry)


def entry_revision_row(revision: EntryRevision) -> SqlRow:
    content = None if revision.content is None else entry_json(revision.content)
    made = (revision.id.device, revision.id.counter, revision.register, revision.entry)
    return (*made, content, revision.author, revision.time, _parents_text(revision.parents))


def _entry_content(register: str, entry: str, text: str | None) -> RegisterEntry | None:
    content = None if text is None else read_entry(register, text)
    is_nowhere = register not in REGISTERS or not entry.strip() or (content is not None and content.id != entry)
    if is_nowhere or (register == "mission" and (content is None or entry != "mission")):
        raise DamagedRow(f"{register}/{entry}")
    return content


def read_entry_revision(row: SqlRow) -> EntryRevision:
    """Read a row of ``SELECT_ENTRY_REVISIONS``; raises DamagedRow."""
    try:
        device, counter, register, entry, content, author, time, parents = row
        return EntryRevision(
            id=_revision_id(device, counter),
            register=register,
            entry=_id(entry),
            content=_entry_content(register, entry, content),
            author=_clean_attribution(author),
            time=_clean_attribution(time),
            parents=_parents(parents),
        )
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise DamagedRow(str(row[:4])) from error
