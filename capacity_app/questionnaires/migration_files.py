"""Migration files: what became of each question from one version of an instrument to the next, written as TOML.

They stand beside the newer instrument, in the folder "migrations", one for each step ("1.0-2.0.toml");
``assessments/README.md`` says how to write one. Read here: the form of each entry. What the entries say about the two
versions is checked in ``migration_checks``.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from msgspec import field

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, Problem
from capacity_app.domain.questionnaire.instrument import Instrument, Question, QuestionField
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.questionnaire.versions import (
    OptionRule,
    PlaceRule,
    VersionChange,
    VersionRules,
    form_of,
    letters_and_digits,
    moved_questions,
    normalize_spaces,
    options_of,
    wording_of,
)
from capacity_app.questionnaires.problems import Findings, place_inside, shorten_value
from capacity_app.questionnaires.reader import resolved_path
from capacity_app.questionnaires.toml_decoder import read_table
from capacity_app.questionnaires.toml_files import read_toml, toml_text
from capacity_app.questionnaires.toml_schema import TomlTable

MIGRATIONS_FOLDER = "migrations"
MIGRATION_FILES_LIMIT = 100
MIGRATION_ENTRIES_LIMIT = 20_000
"""Entries in one file."""
NameOrNames = str | tuple[str, ...]


class MigrationTable(TomlTable, frozen=True):
    """Which versions of which instrument."""

    must_have = ("instrument", "from", "to")
    written = "[migration]"
    instrument: str = ""
    from_: str = field(default="", name="from")
    to: str = ""


class ChangeTable(TomlTable, frozen=True):
    """What all entries have in common."""

    became: VersionChange | None = None
    from_: NameOrNames = field(default=(), name="from")
    to: NameOrNames = ()
    note: str = ""


class PlaceTable(ChangeTable, frozen=True):
    """What became of questions, or of single cells ("question/row/column")."""

    must_have = ("became",)
    written = "[[question]]"
    values: dict[str, str | int] = field(default_factory=dict)


class RowChangeTable(ChangeTable, frozen=True):
    """What became of rows of grids; a new place in another grid is written "question/row"."""

    must_have = ("question", "became")
    written = "[[row]]"
    question: NameOrNames = ()


class ColumnChangeTable(RowChangeTable, frozen=True):
    """What became of columns of grids."""

    written = "[[column]]"
    values: dict[str, str | int] = field(default_factory=dict)


class OptionChangeTable(RowChangeTable, frozen=True):
    """What became of options of questions or columns."""

    written = "[[option]]"
    column: NameOrNames = ()


_TABLES: Mapping[str, type[TomlTable]] = {
    "question": PlaceTable,
    "row": RowChangeTable,
    "column": ColumnChangeTable,
    "option": OptionChangeTable,
}
_Entry = TypeVar("_Entry", PlaceTable, RowChangeTable, ColumnChangeTable, OptionChangeTable)


@dataclass(frozen=True, slots=True)
class _NameCounts:
    """How many names ``from`` and ``to`` may have, (least, most)."""

    sources: tuple[int, int]
    targets: tuple[int, int]


_MANY = MIGRATION_ENTRIES_LIMIT
_COUNTS_OF: Mapping[VersionChange, _NameCounts] = {
    VersionChange.SAME: _NameCounts((1, _MANY), (0, 0)),
    VersionChange.REWORDED: _NameCounts((1, _MANY), (0, 1)),
    VersionChange.SPLIT: _NameCounts((1, 1), (2, _MANY)),
    VersionChange.MERGED: _NameCounts((2, _MANY), (1, 1)),
    VersionChange.MOVED: _NameCounts((1, 1), (1, 1)),
    VersionChange.RESCALED: _NameCounts((1, _MANY), (0, 1)),
    VersionChange.RETIRED: _NameCounts((1, _MANY), (0, 0)),
    VersionChange.NEW: _NameCounts((0, 0), (1, _MANY)),
}


def migration_files(folder: Path) -> tuple[Path, ...]:
    """List the migration files of an instrument's folder, in order of their names."""
    try:
        found = sorted((folder / MIGRATIONS_FOLDER).glob("*.toml"))[:MIGRATION_FILES_LIMIT]
    except OSError:
        return ()
    # A link may lead to any file of this computer.
    home = resolved_path(folder)
    return tuple(file for file in found if resolved_path(file).is_relative_to(home))


def read_migration(file: Path) -> tuple[VersionRules | None, tuple[Problem, ...]]:
    """Read one file and find all its mistakes of form; no rules if any is an error."""
    findings = Findings()
    place = f"{MIGRATIONS_FOLDER}/{shorten_value(file.name)}"
    raw = read_toml(file, place, findings)
    rules = _rules(raw, place, file.name, findings) if raw is not None else None
    return (None if findings.has_errors() else rules), findings.all()


def find_migration_chain(rules: Iterable[VersionRules], earlier: str, later: str) -> tuple[VersionRules, ...] | None:
    """Find the fewest steps from one version to another; None if no files lead there."""
    steps = sorted(rules, key=lambda one: (one.earlier, one.later))
    paths: deque[tuple[VersionRules, ...]] = deque([()])
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


def _rules(raw: dict[str, object], place: str, name: str, findings: Findings) -> VersionRules:
    for key in raw:
        if key not in {"migration", *_TABLES}:
            message = N_("“{name}” is not a table of such a file.")
            findings.unknown(
                "migration.unknown-table", place, message, ("migration", *_TABLES), name=shorten_value(key)
            )
    head = read_table(MigrationTable, raw.get("migration", {}), place_inside(place, "migration"), findings)
    if head.from_ and head.from_ == head.to:
        message = N_("“from” and “to” are the same version.")
        findings.error("migration.versions", place, message, N_("Write the earlier and the later version."))
    return VersionRules(
        instrument=head.instrument,
        earlier=head.from_,
        later=head.to,
        places=tuple(_places(_entries(PlaceTable, "question", raw, place, findings), findings)),
        rows=tuple(_rows_or_columns(_entries(RowChangeTable, "row", raw, place, findings))),
        columns=tuple(_rows_or_columns(_entries(ColumnChangeTable, "column", raw, place, findings))),
        options=tuple(_options(_entries(OptionChangeTable, "option", raw, place, findings))),
        file=name,
    )


def _entries(
    shape: type[_Entry], key: str, raw: dict[str, object], place: str, findings: Findings
) -> Iterator[tuple[_Entry, str]]:
    """Read the entries of one kind; those with a mistake of form are found and left out."""
    listed = raw.get(key, [])
    if not isinstance(listed, list) or len(listed) > MIGRATION_ENTRIES_LIMIT:
        message = N_("“{key}” must be a list of at most {most} tables.")
        advice = N_("Write {table} above each entry.")
        findings.error(
            "migration.wrong-type", place, message, advice, key=key, most=MIGRATION_ENTRIES_LIMIT, table=shape.written
        )
        return
    for number, item in enumerate(listed, start=1):
        where = place_inside(place, key, _name_of(item, number))
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
    form, is_right = _COUNTS_OF[entry.became], True
    for key, names, (least, most) in (("from", entry.from_, form.sources), ("to", entry.to, form.targets)):
        count = len(_names(names))
        if not least <= count <= most:
            is_right = False
            _note_count(key, entry.became, (least, most), count, place, findings)
    if len(_names(entry.from_)) > 1 and _names(entry.to) and entry.became is not VersionChange.MERGED:
        is_right = False
        message = N_("Several under “from” cannot all become “to” unless they are merged.")
        findings.error("migration.names", place, message, N_("Make one entry for each, or write merged."))
    values = getattr(entry, "values", {})
    if (entry.became is VersionChange.RESCALED) and not values and hasattr(entry, "values"):
        is_right = False
        message = N_("“rescaled” needs “values”: what each earlier answer is now.")
        findings.error("migration.values", place, message, N_("Write values = {{ “0” = 0, “1” = 2 }}, for example."))
    if entry.became in {VersionChange.RETIRED, VersionChange.NEW, VersionChange.SAME} and values:
        is_right = False
        message = N_("“values” means nothing for “{became}”.")
        advice = N_("Remove it, or write rescaled.")
        findings.error("migration.values", place, message, advice, became=entry.became.value)
    if entry.became is VersionChange.RESCALED and not hasattr(entry, "values"):
        is_right = False
        message = N_("A row or an option cannot be rescaled.")
        findings.error("migration.became", place, message, N_("Write values in its question or column instead."))
    return is_right


def _note_count(
    key: str, became: VersionChange, bounds: tuple[int, int], count: int, place: str, findings: Findings
) -> None:
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


def _values_as_text(values: Mapping[str, str | int]) -> dict[str, str]:
    return {key: str(value) for key, value in values.items()}


def _places(entries: Iterable[tuple[PlaceTable, str]], findings: Findings) -> Iterator[PlaceRule]:
    for entry, place in entries:
        assert entry.became is not None, "only whole entries are given"
        sources = tuple(_addresses(_names(entry.from_), place, findings))
        targets = tuple(_addresses(_names(entry.to), place, findings))
        values = _values_as_text(entry.values)
        yield PlaceRule(became=entry.became, sources=sources, targets=targets, values=values, note=entry.note)


def _addresses(names: Sequence[str], place: str, findings: Findings) -> Iterator[Address]:
    for name in names:
        parts = name.split("/")
        if len(parts) in {1, 3} and all(parts):
            yield Address(*parts)
        else:
            message = N_("“{name}” is neither a question nor a cell.")
            advice = N_("Write the question's id, or question/row/column; rows and columns have tables of their own.")
            findings.error("migration.address", place, message, advice, name=shorten_value(name))


def _rows_or_columns(entries: Iterable[tuple[RowChangeTable, str]]) -> Iterator[PlaceRule]:
    for entry, _ in entries:
        assert entry.became is not None, "only whole entries are given"
        place, values = _row_place, dict[str, str]()
        if isinstance(entry, ColumnChangeTable):
            place, values = _column_place, _values_as_text(entry.values)
        for question in _names(entry.question):
            home = question if entry.became is VersionChange.NEW else ""
            sources = tuple(place(name, question) for name in _names(entry.from_))
            targets = tuple(place(name, home) for name in _names(entry.to))
            yield PlaceRule(became=entry.became, sources=sources, targets=targets, values=values, note=entry.note)


def _row_place(name: str, home: str) -> Address:
    question, _, row = name.rpartition("/")
    return Address(question or home, row)


def _column_place(name: str, home: str) -> Address:
    return Address(home, "", name)


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


# A migration file as far as a program can write it: what is certain is declared, the rest is for the author to decide.
#
# A question in the same words under another id is declared as moved. What differs is declared as reworded, so that its
# answers are confirmed; what is gone as retired, so that they are kept. Comments say where the author should look.

_INTRODUCTION = """\
# A draft: read each entry, correct it, and check the questionnaire's folder.
# moved, same: answers are carried. reworded: they are confirmed. retired: they are kept and count nowhere.
"""


def migration_draft(earlier: Instrument, later: Instrument) -> str:
    """Return the text of a migration file (TOML) from one version of an instrument to another."""
    head = {"instrument": later.id, "from": earlier.version, "to": later.version}
    moved = moved_questions(earlier, later)
    entries = [entry for question in earlier.questions() for entry in _draft_question(question, later, moved)]
    come = [one for one in later.questions() if one.id not in earlier.question_by_id]
    entries += [
        _draft_entry("question", VersionChange.NEW, one.text, to=one.id) for one in come if one.id not in moved.values()
    ]
    return "\n".join([_INTRODUCTION, toml_text({"migration": head}), *entries])


def _draft_question(old: Question, later: Instrument, moved: dict[str, str]) -> Iterator[str]:
    new = later.question_by_id.get(moved.get(old.id, old.id))
    if new is None:
        yield _draft_entry("question", VersionChange.RETIRED, f"Decide what became of: {old.text}", from_=old.id)
        return
    if new.id != old.id:
        yield _draft_entry("question", VersionChange.MOVED, f"In the same words: {old.text}", from_=old.id, to=new.id)
    else:
        yield from _draft_field("question", old, new, {"from_": old.id})
    yield from _draft_options(old, new, {"question": old.id})
    yield from _draft_rows(old, new)
    for column in old.columns:
        now = new.column_by_id.get(column.id)
        if now is None:
            text = f"Decide what became of the column: {column.label}"
            yield _draft_entry("column", VersionChange.RETIRED, text, question=old.id, from_=column.id)
        else:
            yield from _draft_field("column", column, now, {"question": old.id, "from_": column.id})
            yield from _draft_options(column, now, {"question": old.id, "column": column.id})
    for column in new.columns:
        if column.id not in old.column_by_id:
            yield _draft_entry("column", VersionChange.NEW, column.label, question=old.id, to=column.id)


def _draft_field(word: str, old: QuestionField, new: QuestionField, names: dict[str, str]) -> Iterator[str]:
    if (wording_of(old), form_of(old)) == (wording_of(new), form_of(new)):
        return
    before, now = wording_of(old), wording_of(new)
    if old.kind is not new.kind:
        text = f"Decide: it was of the type {old.kind.value} and is {new.kind.value}. Write values = {{ … }}."
        yield _draft_entry(word, VersionChange.RESCALED, text, **names)
    elif (letters_and_digits(before), form_of(old, letters_and_digits)) == (
        letters_and_digits(now),
        form_of(new, letters_and_digits),
    ):
        yield _draft_entry(word, VersionChange.SAME, f"Only the punctuation differs: {now}", **names)
    else:
        yield _draft_entry(word, VersionChange.REWORDED, f"Before: {before}", f"Now: {now}", **names)


def _draft_options(old: QuestionField, new: QuestionField, names: dict[str, str]) -> Iterator[str]:
    before, now = dict(options_of(old)), dict(options_of(new))
    for one, label in before.items():
        if one not in now:
            yield _draft_entry("option", VersionChange.RETIRED, f"Decide what became of: {label}", **names, from_=one)
        elif label != now[one]:
            yield _draft_wording("option", label, now[one], **names, from_=one)
    for one, label in now.items():
        if one not in before:
            yield _draft_entry("option", VersionChange.NEW, label, **names, to=one)


def _draft_rows(old: Question, new: Question) -> Iterator[str]:
    if AnswerKind.GRID not in {old.kind, new.kind}:
        return
    gone = [row for row in old.rows if row.id not in new.row_by_id]
    come = [row for row in new.rows if row.id not in old.row_by_id]
    labels = [normalize_spaces(row.label) for row in (*gone, *come)]
    taken = set()
    for row in gone:
        alike = [one.id for one in come if normalize_spaces(one.label) == normalize_spaces(row.label)]
        if len(alike) == 1 and labels.count(normalize_spaces(row.label)) == 2:  # noqa: PLR2004 - one before, one now
            taken.add(alike[0])
            text = f"In the same words: {row.label}"
            yield _draft_entry("row", VersionChange.MOVED, text, question=old.id, from_=row.id, to=alike[0])
        else:
            text = f"Decide what became of the row: {row.label}"
            yield _draft_entry("row", VersionChange.RETIRED, text, question=old.id, from_=row.id)
    for row in old.rows:
        now = new.row_by_id.get(row.id)
        if now is not None and normalize_spaces(now.label) != normalize_spaces(row.label):
            yield _draft_wording("row", row.label, now.label, question=old.id, from_=row.id)
    for row in come:
        if row.id not in taken:
            yield _draft_entry("row", VersionChange.NEW, row.label, question=old.id, to=row.id)


def _draft_wording(word: str, before: str, now: str, **names: str) -> str:
    is_same = letters_and_digits(before) == letters_and_digits(now)
    became = VersionChange.SAME if is_same else VersionChange.REWORDED
    return _draft_entry(word, became, f"Before: {before}", f"Now: {now}", **names)


def _draft_entry(word: str, became: VersionChange, *comments: str, **names: str) -> str:
    said = "".join(f"# {normalize_spaces(comment)}\n" for comment in comments)
    return said + toml_text({word: [{name.rstrip("_"): text for name, text in names.items()} | {"became": became}]})
