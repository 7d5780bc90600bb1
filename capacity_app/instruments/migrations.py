"""Migration files: what became of each question from one version of an instrument to the next, written as TOML.

They stand beside the newer instrument, in the folder "migrations", one for each step ("1.0-2.0.toml");
``assessments/README.md`` says how to write one. Read here: the form of each entry. What the entries say about the two
versions is checked in ``migration_checks``.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from msgspec import field

from capacity_app.domain.answers import Address
from capacity_app.domain.problems import N_, Problem
from capacity_app.domain.succession import Became, OptionRule, Rule, Rules
from capacity_app.instruments.files import read_toml
from capacity_app.instruments.findings import Findings, inside, shown
from capacity_app.instruments.parts import real_path
from capacity_app.instruments.shapes import Table
from capacity_app.instruments.tables import read_table

FOLDER = "migrations"
FILES_LIMIT = 100
ENTRIES_LIMIT = 20_000
"""Entries in one file."""
Names = str | tuple[str, ...]


class MigrationTable(Table, frozen=True):
    """Which versions of which instrument."""

    must_have = ("instrument", "from", "to")
    written = "[migration]"
    instrument: str = ""
    from_: str = field(default="", name="from")
    to: str = ""


class PlaceTable(Table, frozen=True):
    """What became of questions, or of single cells ("question/row/column")."""

    must_have = ("became",)
    written = "[[question]]"
    became: Became | None = None
    from_: Names = field(default=(), name="from")
    to: Names = ()
    values: dict[str, str | int] = field(default_factory=dict)
    note: str = ""


class RowChangeTable(Table, frozen=True):
    """What became of rows of grids; a new place in another grid is written "question/row"."""

    must_have = ("question", "became")
    written = "[[row]]"
    question: Names = ()
    became: Became | None = None
    from_: Names = field(default=(), name="from")
    to: Names = ()
    note: str = ""


class ColumnChangeTable(Table, frozen=True):
    """What became of columns of grids."""

    must_have = ("question", "became")
    written = "[[column]]"
    question: Names = ()
    became: Became | None = None
    from_: Names = field(default=(), name="from")
    to: Names = ()
    values: dict[str, str | int] = field(default_factory=dict)
    note: str = ""


class OptionChangeTable(Table, frozen=True):
    """What became of options of questions or columns."""

    must_have = ("question", "became")
    written = "[[option]]"
    question: Names = ()
    column: Names = ()
    became: Became | None = None
    from_: Names = field(default=(), name="from")
    to: Names = ()
    note: str = ""


_TABLES: Mapping[str, type[Table]] = {
    "question": PlaceTable,
    "row": RowChangeTable,
    "column": ColumnChangeTable,
    "option": OptionChangeTable,
}
_Entry = TypeVar("_Entry", PlaceTable, RowChangeTable, ColumnChangeTable, OptionChangeTable)


@dataclass(frozen=True, slots=True)
class _Form:
    """How many names ``from`` and ``to`` may have, (least, most)."""

    sources: tuple[int, int]
    targets: tuple[int, int]


_MANY = ENTRIES_LIMIT
_FORMS: Mapping[Became, _Form] = {
    Became.SAME: _Form((1, _MANY), (0, 0)),
    Became.REWORDED: _Form((1, _MANY), (0, 1)),
    Became.SPLIT: _Form((1, 1), (2, _MANY)),
    Became.MERGED: _Form((2, _MANY), (1, 1)),
    Became.MOVED: _Form((1, 1), (1, 1)),
    Became.RESCALED: _Form((1, _MANY), (0, 1)),
    Became.RETIRED: _Form((1, _MANY), (0, 0)),
    Became.NEW: _Form((0, 0), (1, _MANY)),
}


def migration_files(folder: Path) -> tuple[Path, ...]:
    """List the migration files of an instrument's folder, in order of their names."""
    try:
        found = sorted((folder / FOLDER).glob("*.toml"))[:FILES_LIMIT]
    except OSError:
        return ()
    # A link may lead to any file of this computer.
    home = real_path(folder)
    return tuple(file for file in found if real_path(file).is_relative_to(home))


def read_migration(file: Path) -> tuple[Rules | None, tuple[Problem, ...]]:
    """Read one file and find all its mistakes of form; no rules if any is an error."""
    findings = Findings()
    place = f"{FOLDER}/{shown(file.name)}"
    raw = read_toml(file, place, findings)
    rules = _rules(raw, place, file.name, findings) if raw is not None else None
    return (None if findings.has_errors() else rules), findings.all()


def chain(rules: Iterable[Rules], earlier: str, later: str) -> tuple[Rules, ...] | None:
    """Find the fewest steps from one version to another; None if no files lead there."""
    steps = sorted(rules, key=lambda one: (one.earlier, one.later))
    paths: deque[tuple[Rules, ...]] = deque([()])
    seen = {earlier}
    while paths:
        path = paths.popleft()
        here = path[-1].later if path else earlier
        if here == later:
            return path
        for step in steps:
            if step.earlier == here and step.later not in seen:
                seen.add(step.later)
                paths.append((*path, step))
    return None


# -- a file -----------------------------------------------------------------------------------------------------------


def _rules(raw: dict[str, object], place: str, name: str, findings: Findings) -> Rules:
    for key in raw:
        if key not in {"migration", *_TABLES}:
            message = N_("“{name}” is not a table of such a file.")
            findings.unknown("migration.unknown-table", place, message, ("migration", *_TABLES), name=shown(key))
    head = read_table(MigrationTable, raw.get("migration", {}), inside(place, "migration"), findings)
    if head.from_ and head.from_ == head.to:
        message = N_("“from” and “to” are the same version.")
        findings.error("migration.versions", place, message, N_("Write the earlier and the later version."))
    return Rules(
        instrument=head.instrument,
        earlier=head.from_,
        later=head.to,
        places=tuple(_places(_entries(PlaceTable, "question", raw, place, findings), findings)),
        rows=tuple(_rows(_entries(RowChangeTable, "row", raw, place, findings))),
        columns=tuple(_columns(_entries(ColumnChangeTable, "column", raw, place, findings))),
        options=tuple(_options(_entries(OptionChangeTable, "option", raw, place, findings))),
        file=name,
    )


def _entries(
    shape: type[_Entry], key: str, raw: dict[str, object], place: str, findings: Findings
) -> Iterator[tuple[_Entry, str]]:
    """Read the entries of one kind; those with a mistake of form are found and left out."""
    listed = raw.get(key, [])
    if not isinstance(listed, list) or len(listed) > ENTRIES_LIMIT:
        message = N_("“{key}” must be a list of at most {most} tables.")
        advice = N_("Write {table} above each entry.")
        findings.error("migration.wrong-type", place, message, advice, key=key, most=ENTRIES_LIMIT, table=shape.written)
        return
    for number, item in enumerate(listed, start=1):
        where = inside(place, key, _name_of(item, number))
        entry = read_table(shape, item, where, findings)
        if entry.became is not None and _has_form(entry, where, findings):
            yield entry, where


def _name_of(item: object, number: int) -> str:
    """Name an entry by what it is about, else by its number."""
    if not isinstance(item, dict):
        return str(number)
    found = [item.get(key) for key in ("question", "column")] + [item.get("from") or item.get("to")]
    named = [_names(one)[0] for one in found if isinstance(one, str | list) and one and isinstance(_names(one)[0], str)]
    return "/".join(named) or str(number)


def _names(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list | tuple) else ()


def _has_form(
    entry: PlaceTable | RowChangeTable | ColumnChangeTable | OptionChangeTable, place: str, findings: Findings
) -> bool:
    """Check that an entry names as much as what it declares needs."""
    assert entry.became is not None, "asked for entries that declare something"
    form, is_right = _FORMS[entry.became], True
    for key, names, (least, most) in (("from", entry.from_, form.sources), ("to", entry.to, form.targets)):
        count = len(_names(names))
        if not least <= count <= most:
            is_right = False
            _note_count(key, entry.became, (least, most), count, place, findings)
    if len(_names(entry.from_)) > 1 and _names(entry.to) and entry.became is not Became.MERGED:
        is_right = False
        message = N_("Several under “from” cannot all become “to” unless they are merged.")
        findings.error("migration.names", place, message, N_("Make one entry for each, or write merged."))
    values = getattr(entry, "values", {})
    if (entry.became is Became.RESCALED) and not values and hasattr(entry, "values"):
        is_right = False
        message = N_("“rescaled” needs “values”: what each earlier answer is now.")
        findings.error("migration.values", place, message, N_("Write values = {{ “0” = 0, “1” = 2 }}, for example."))
    if entry.became in {Became.RETIRED, Became.NEW, Became.SAME} and values:
        is_right = False
        message = N_("“values” means nothing for “{became}”.")
        advice = N_("Remove it, or write rescaled.")
        findings.error("migration.values", place, message, advice, became=entry.became.value)
    if entry.became is Became.RESCALED and not hasattr(entry, "values"):
        is_right = False
        message = N_("A row or an option cannot be rescaled.")
        findings.error("migration.became", place, message, N_("Write values in its question or column instead."))
    return is_right


def _note_count(key: str, became: Became, bounds: tuple[int, int], count: int, place: str, findings: Findings) -> None:
    least, most = bounds
    if most == 0:
        message, advice = N_("“{became}” takes no “{key}”."), N_("Remove it.")
    elif count < least:
        message = N_("“{became}” needs “{key}” with {least} or more names; here are {count}.")
        advice = N_("Write one id in quotes, or a list of ids.")
    else:
        message = N_("“{became}” takes one name under “{key}”, not {count}.")
        advice = N_("Make one entry for each.")
    values = {"became": became.value, "key": key, "least": least, "count": count}
    findings.error("migration.names", place, message, advice, **values)


# -- entries as rules -------------------------------------------------------------------------------------------------


def _said(values: Mapping[str, str | int]) -> dict[str, str]:
    return {key: str(value) for key, value in values.items()}


def _places(entries: Iterable[tuple[PlaceTable, str]], findings: Findings) -> Iterator[Rule]:
    for entry, place in entries:
        assert entry.became is not None, "only whole entries are given"
        sources = tuple(_addresses(_names(entry.from_), place, findings))
        targets = tuple(_addresses(_names(entry.to), place, findings))
        values = _said(entry.values)
        yield Rule(became=entry.became, sources=sources, targets=targets, values=values, note=entry.note)


def _addresses(names: Sequence[str], place: str, findings: Findings) -> Iterator[Address]:
    for name in names:
        parts = name.split("/")
        if len(parts) in {1, 3} and all(parts):
            yield Address(*parts)
        else:
            message = N_("“{name}” is neither a question nor a cell.")
            advice = N_("Write the question's id, or question/row/column; rows and columns have tables of their own.")
            findings.error("migration.address", place, message, advice, name=shown(name))


def _rows(entries: Iterable[tuple[RowChangeTable, str]]) -> Iterator[Rule]:
    for entry, _ in entries:
        assert entry.became is not None, "only whole entries are given"
        for question in _names(entry.question):
            sources = tuple(Address(question, row) for row in _names(entry.from_))
            targets = tuple(_row_target(row) for row in _names(entry.to))
            yield Rule(became=entry.became, sources=sources, targets=targets, note=entry.note)


def _row_target(name: str) -> Address:
    question, _, row = name.rpartition("/")
    return Address(question, row)


def _columns(entries: Iterable[tuple[ColumnChangeTable, str]]) -> Iterator[Rule]:
    for entry, _ in entries:
        assert entry.became is not None, "only whole entries are given"
        for question in _names(entry.question):
            sources = tuple(Address(question, "", column) for column in _names(entry.from_))
            targets = tuple(Address("", "", column) for column in _names(entry.to))
            values = _said(entry.values)
            yield Rule(became=entry.became, sources=sources, targets=targets, values=values, note=entry.note)


def _options(entries: Iterable[tuple[OptionChangeTable, str]]) -> Iterator[OptionRule]:
    for entry, _ in entries:
        assert entry.became is not None, "only whole entries are given"
        for question in _names(entry.question):
            for column in _names(entry.column) or ("",):
                yield OptionRule(
                    became=entry.became,
                    of=Address(question, "", column),
                    sources=_names(entry.from_),
                    targets=_names(entry.to),
                    note=entry.note,
                )
