"""Between domain values and table rows: columns are named in plain words, lists are JSON text."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from functools import cache
from typing import Any

from capacity_app.domain.answers import Address, AnswerKey, Content, Layer, State, Value
from capacity_app.domain.assessment import REGISTERS, Entry
from capacity_app.domain.revisions import EntryRevision, Revision, RevisionId

Row = tuple[Any, ...]
Record = dict[str, Any]
"""A row by the names of its columns, as sqlite-utils takes and gives it."""

_ANSWER = (
    "question", "grid_row", "grid_column", "layer", "respondent", "state", "value", "reason", "note", "evidence",
    "author", "time", "language",
)  # fmt: skip
_ENTRY = ("device", "counter", "register", "entry", "content", "author", "time", "parents")


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


def _parents(text: str) -> tuple[RevisionId, ...]:
    return () if text == "[]" else tuple(RevisionId.parse(parent) for parent in json.loads(text))


def texts(text: str) -> tuple[str, ...]:
    """Read a list of texts; raises DamagedRow, or ValueError for what is no JSON."""
    if text == "[]":
        return ()
    found = json.loads(text)
    if not isinstance(found, list) or not all(isinstance(part, str) for part in found):
        raise DamagedRow(text)
    return tuple(found)


def _value(text: str | None) -> Value:
    if text is None:
        return None
    value = json.loads(text)
    if isinstance(value, list):
        return texts(text)
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise DamagedRow(text)
    return value


def _content_row(revision: Revision) -> Row:
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


def revision_rows(revision: Revision) -> tuple[Row, Row]:
    """Give the rows of a revision in ``answer_revisions`` and in ``answers``."""
    common = _content_row(revision)
    made = (revision.id.device, revision.id.counter)
    return (*made, *common, _parents_text(revision.parents)), (*common, *made)


def key_row(key: AnswerKey) -> Row:
    """Give what ``REMOVE_ANSWER`` asks for."""
    return (key.address.question, key.address.row, key.address.column, key.layer.value, key.respondent)


_LAYERS = {layer.value: layer for layer in Layer}
_STATES = {state.value: state for state in State}


def read_revision(row: Row) -> Revision:
    """Read a row of ``SELECT_REVISIONS``; raises DamagedRow."""
    try:
        (device, counter, question, grid_row, column, layer, respondent, state, value, reason, note, evidence,
         author, time, language, parents) = row  # fmt: skip
        return Revision(
            id=RevisionId(device, counter),
            key=AnswerKey(Address(question, grid_row, column), _LAYERS[layer], respondent),
            content=Content(
                state=_STATES[state], value=_value(value), reason=reason, note=note, evidence=texts(evidence)
            ),
            author=author,
            time=time,
            language=language,
            parents=_parents(parents),
        )
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise DamagedRow(str(row[:3])) from error


def entry_json(entry: Entry) -> str:
    """Write a register entry as JSON, every field."""
    return json_text(asdict(entry))


@dataclass(frozen=True, slots=True)
class _Shape:
    """How the fields of a register's entries are read back from JSON and written into columns."""

    shape: type[Entry]
    kinds: dict[str, Any]

    def entry(self, stored: dict[str, Any]) -> Entry:
        return self.shape(**{name: _field(kind, stored[name]) for name, kind in self.kinds.items() if name in stored})

    def record(self, entry: Entry) -> Record:
        found = ((name, getattr(entry, name)) for name in self.kinds)
        return {name: json_text(value) if isinstance(value, tuple) else value for name, value in found}


def _field(kind: Any, value: Any) -> Any:  # noqa: ANN401 - what JSON holds
    if kind is int or kind is str:
        if type(value) is not kind:
            raise DamagedRow(repr(value))
        return value
    if isinstance(kind, type):
        return kind(value)
    (part, *_) = kind.__args__
    if not isinstance(value, list):
        raise DamagedRow(repr(value))
    return tuple(_field(part, one) for one in value)


@cache
def _shape(register: str) -> _Shape:
    shape = REGISTERS[register]
    return _Shape(shape, {field.name: field.type for field in fields(shape)})


def read_entry(register: str, text: str) -> Entry:
    """Read a register entry from JSON; fields that were added since take their default. Raises DamagedRow."""
    try:
        return _shape(register).entry(json.loads(text))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise DamagedRow(f"{register}: {text[:80]}") from error


def entry_record(register: str, entry: Entry) -> Record:
    """Give the row of an entry in its register's plain table."""
    return _shape(register).record(entry)


def entry_revision_row(revision: EntryRevision) -> Row:
    """Give the row of an entry's revision."""
    content = None if revision.content is None else entry_json(revision.content)
    made = (revision.id.device, revision.id.counter, revision.register, revision.entry)
    return (*made, content, revision.author, revision.time, _parents_text(revision.parents))


def read_entry_revision(row: Row) -> EntryRevision:
    """Read a row of ``SELECT_ENTRY_REVISIONS``; raises DamagedRow."""
    try:
        device, counter, register, entry, content, author, time, parents = row
        return EntryRevision(
            id=RevisionId(device, counter),
            register=register,
            entry=entry,
            content=None if content is None else read_entry(register, content),
            author=author,
            time=time,
            parents=_parents(parents),
        )
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise DamagedRow(str(row[:4])) from error
