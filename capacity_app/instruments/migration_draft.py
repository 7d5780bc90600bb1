"""A migration file as far as a program can write it: what is certain is declared, the rest is for the author to decide.

A question in the same words under another id is declared as moved. What differs is declared as reworded, so that its
answers are confirmed; what is gone as retired, so that they are kept. Comments say where the author should look.
"""

import json
from collections.abc import Iterator

from capacity_app.domain.instrument import Field, Instrument, Kind, Question
from capacity_app.domain.succession import (
    Became,
    bare,
    form_of,
    moved_questions,
    options_of,
    spaced,
    wording_of,
)

_INTRODUCTION = """\
# A draft: read each entry, correct it, and check the questionnaire's folder.
# moved, same: answers are carried. reworded: they are confirmed. retired: they are kept and count nowhere.
"""


def migration_draft(earlier: Instrument, later: Instrument) -> str:
    """Return the text of a migration file (TOML) from one version of an instrument to another."""
    head = {"instrument": later.id, "from": earlier.version, "to": later.version}
    moved = moved_questions(earlier, later)
    entries = [entry for question in earlier.questions() for entry in _of_question(question, later, moved)]
    come = [one for one in later.questions() if one.id not in earlier.question_by_id]
    entries += [_entry("question", Became.NEW, one.text, to=one.id) for one in come if one.id not in moved.values()]
    return "\n".join([_INTRODUCTION, _table("[migration]", head), *entries])


def _of_question(old: Question, later: Instrument, moved: dict[str, str]) -> Iterator[str]:
    new = later.question_by_id.get(moved.get(old.id, old.id))
    if new is None:
        yield _entry("question", Became.RETIRED, f"Decide what became of: {old.text}", from_=old.id)
        return
    if new.id != old.id:
        yield _entry("question", Became.MOVED, f"In the same words: {old.text}", from_=old.id, to=new.id)
    else:
        yield from _of_field("question", old, new, {"from_": old.id})
    yield from _of_options(old, new, {"question": old.id})
    yield from _of_rows(old, new)
    for column in old.columns:
        now = new.column_by_id.get(column.id)
        if now is None:
            text = f"Decide what became of the column: {column.label}"
            yield _entry("column", Became.RETIRED, text, question=old.id, from_=column.id)
        else:
            yield from _of_field("column", column, now, {"question": old.id, "from_": column.id})
            yield from _of_options(column, now, {"question": old.id, "column": column.id})
    for column in new.columns:
        if column.id not in old.column_by_id:
            yield _entry("column", Became.NEW, column.label, question=old.id, to=column.id)


def _of_field(word: str, old: Field, new: Field, names: dict[str, str]) -> Iterator[str]:
    if (wording_of(old), form_of(old)) == (wording_of(new), form_of(new)):
        return
    before, now = wording_of(old), wording_of(new)
    if old.kind is not new.kind:
        text = f"Decide: it was of the type {old.kind.value} and is {new.kind.value}. Write values = {{ … }}."
        yield _entry(word, Became.RESCALED, text, **names)
    elif (bare(before), form_of(old, bare)) == (bare(now), form_of(new, bare)):
        yield _entry(word, Became.SAME, f"Only the punctuation differs: {now}", **names)
    else:
        yield _entry(word, Became.REWORDED, f"Before: {before}", f"Now: {now}", **names)


def _of_options(old: Field, new: Field, names: dict[str, str]) -> Iterator[str]:
    before, now = dict(options_of(old)), dict(options_of(new))
    for one, label in before.items():
        if one not in now:
            yield _entry("option", Became.RETIRED, f"Decide what became of: {label}", **names, from_=one)
        elif label != now[one]:
            became = Became.SAME if bare(label) == bare(now[one]) else Became.REWORDED
            yield _entry("option", became, f"Before: {label}", f"Now: {now[one]}", **names, from_=one)
    for one, label in now.items():
        if one not in before:
            yield _entry("option", Became.NEW, label, **names, to=one)


def _of_rows(old: Question, new: Question) -> Iterator[str]:
    if Kind.GRID not in {old.kind, new.kind}:
        return
    gone = [row for row in old.rows if row.id not in new.row_by_id]
    come = [row for row in new.rows if row.id not in old.row_by_id]
    labels = [spaced(row.label) for row in (*gone, *come)]
    taken = set()
    for row in gone:
        alike = [one.id for one in come if spaced(one.label) == spaced(row.label)]
        if len(alike) == 1 and labels.count(spaced(row.label)) == 2:  # noqa: PLR2004 - one before, one now
            taken.add(alike[0])
            text = f"In the same words: {row.label}"
            yield _entry("row", Became.MOVED, text, question=old.id, from_=row.id, to=alike[0])
        else:
            text = f"Decide what became of the row: {row.label}"
            yield _entry("row", Became.RETIRED, text, question=old.id, from_=row.id)
    for row in old.rows:
        now = new.row_by_id.get(row.id)
        if now is not None and spaced(now.label) != spaced(row.label):
            became = Became.SAME if bare(now.label) == bare(row.label) else Became.REWORDED
            yield _entry("row", became, f"Before: {row.label}", f"Now: {now.label}", question=old.id, from_=row.id)
    for row in come:
        if row.id not in taken:
            yield _entry("row", Became.NEW, row.label, question=old.id, to=row.id)


def _entry(word: str, became: Became, *comments: str, **names: str) -> str:
    said = "".join(f"# {spaced(comment)}\n" for comment in comments)
    return said + _table(f"[[{word}]]", {name.rstrip("_"): text for name, text in names.items()} | {"became": became})


def _table(head: str, values: dict[str, str]) -> str:
    # A JSON string is a basic string of TOML.
    return "\n".join([head, *(f"{name} = {json.dumps(text, ensure_ascii=False)}" for name, text in values.items()), ""])
