"""Whatever anybody does to a file's history with an SQLite tool is found, and the right row is named."""

import hashlib
import json
import os
import random
import sqlite3
from contextlib import closing
from dataclasses import MISSING, fields
from pathlib import Path
from typing import NamedTuple

import pytest

from capacity_app.domain.answers import Content
from capacity_app.domain.assessment import REGISTERS, Agency
from capacity_app.domain.chain import Break, Log, Tampering, canonical
from capacity_app.domain.problems import Severity
from capacity_app.domain.verification import Verdict, Verification
from capacity_app.services import integrity
from capacity_app.services.merging.merge import plan_merge
from capacity_app.services.signing import key_words, own_key
from capacity_app.services.verifying import verify
from capacity_app.store.assessment_file import AssessmentFile
from tests.builders import file_of, open_session
from tests.conftest import Promise
from tests.domain.making import say
from tests.services.merging.officers import answer, continued, key, merged, says, session_of
from tests.tampering import relinked, tampered, tampering

CHANGES = 5_000 if os.environ.get("CAPACITY_TORTURE") else 300


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file in which two officers worked one after the other, each answering one question three times."""
    made = file_of(tmp_path)
    for name in ("Amina", "Bela"):
        with session_of(made, name) as session:
            for value in (1, 2, 3):
                session.record(key("i.plan"), answer(value, note=f"{name} {value}"))
                session.put(Agency(id="agency-nso", name=f"NSO of {name}, {value}"))
    return made


def _found(file: Path) -> Verification:
    return verify(file)


def _first(file: Path) -> tuple[str, str, str]:
    """Give code, place and sentence of the first problem of a file that must not be called good."""
    found = _found(file)
    assert not found.is_good
    assert "history.changed" in [one.code for one in found.observations]
    first = found.damage[0]
    assert first.severity is Severity.ERROR
    return first.code, first.place, first.text()


def _devices(file: Path) -> list[str]:
    """Give the devices of a file in the order they wrote."""
    with closing(sqlite3.connect(file)) as connection:
        return [one for (one,) in connection.execute("SELECT device FROM links GROUP BY device ORDER BY min(counter)")]


def test_an_untouched_file_says_so_and_whose_seals_are_on_it(file: Path) -> None:
    found = _found(file)
    assert found.is_good
    assert found.damage == ()
    told = {one.code: one for one in found.observations}
    assert dict(told["history.whole"].values) == {"changes": "36", "chains": "3", "links": "36"}
    assert dict(told["history.sealed"].values) == {"words": key_words(own_key()), "count": "2"}
    assert told["history.unsealed"].verdict is Verdict.NOTE


@pytest.mark.parametrize(
    ("statements", "code", "place", "words"),
    [
        (
            ["UPDATE answer_revisions SET value = '0' WHERE note = 'Amina 2'"],
            "history.changed", "i.plan", "number 27 by Amina at 2",
        ),
        (
            ["UPDATE answer_revisions SET author = 'Zoe' WHERE note = 'Amina 2'"],
            "history.changed", "i.plan", "number 27 by Zoe at 2",
        ),
        (
            ["UPDATE answer_revisions SET time = '1999-01-01T00:00:00+00:00' WHERE note = 'Amina 2'"],
            "history.changed", "i.plan", "number 27 by Amina at 1999-01-01T00:00:00+00:00, was changed after",
        ),
        (
            ["DELETE FROM answer_revisions WHERE note = 'Amina 2'"],
            "history.removed", "i.plan", "number 27 of laptopamina.",
        ),
        (
            ["DELETE FROM answer_revisions WHERE note = 'Amina 2'", "DELETE FROM links WHERE counter = 27"],
            "history.removed_before", "agencies/agency-nso", "just before this change, number 28 by Amina",
        ),
        (
            ["DELETE FROM entry_revisions WHERE counter = 30", "DELETE FROM links WHERE counter = 30"],
            "history.cut", "", "up to number 30, were removed: they were sealed",
        ),
        (
            ["UPDATE answer_revisions SET counter = 129 WHERE counter = 29",
             "UPDATE answer_revisions SET counter = 29 WHERE counter = 27",
             "UPDATE answer_revisions SET counter = 27 WHERE counter = 129"],
            "history.misplaced", "i.plan", "number 27 by Amina at 2",
        ),
        (
            ["UPDATE answer_revisions SET question = 'i.law' WHERE note = 'Bela 3'"],
            "history.changed", "i.law", "number 35 by Bela at 2",
        ),
        (
            ["UPDATE entry_revisions SET content = replace(content, 'NSO of Bela, 3', 'Mine') WHERE counter = 36"],
            "history.changed", "agencies/agency-nso", "number 36 by Bela at 2",
        ),
        (
            ["UPDATE links SET hash = replace(hash, substr(hash, 1, 1), 'x') WHERE counter = 29"],
            "history.changed", "i.plan", "number 29 by Amina at 2",
        ),
        (
            ["UPDATE answer_revisions SET note = '' WHERE question = 'iii.topics' AND grid_row = 'a'"],
            "history.changed", "iii.topics Stock of migrants, Available", "by A. Officer at 2018-11-27",
        ),
        (["UPDATE seals SET time = '1999' WHERE counter = 30"], "history.seal_changed", "", "number 30, was changed"),
        (["UPDATE seals SET counter = 29 WHERE counter = 30"], "history.seal_changed", "", "number 29, was changed"),
        (["DELETE FROM seals WHERE counter = 30"], "history.seal_removed", "", "at number 36, was removed"),
    ],
)  # fmt: skip
def test_the_first_changed_row_is_named(file: Path, statements: list[str], code: str, place: str, words: str) -> None:
    tampered(file, *statements)
    found = _first(file)
    assert (found[0], found[1] if place else "") == (code, place)
    assert words in found[2]


def test_a_row_that_was_added_is_named(file: Path) -> None:
    with tampering(file) as connection:
        row = list(connection.execute("SELECT * FROM answer_revisions WHERE note = 'Bela 3'").fetchone())
        row[1], row[10], row[12] = 99, "never said", "Mallory"
        connection.execute(f"INSERT INTO answer_revisions VALUES ({','.join('?' * len(row))})", row)
    code, place, sentence = _first(file)
    assert (code, place) == ("history.added", "i.plan")
    assert "number 99 by Mallory" in sentence


def test_links_that_were_computed_anew_are_found_by_the_seal(file: Path) -> None:
    _, amina, _ = _devices(file)
    with tampering(file) as connection:
        connection.execute("UPDATE answer_revisions SET author = 'Zoe' WHERE note = 'Amina 2'")
        relinked(connection, amina)
    code, place, sentence = _first(file)
    assert (code, place) == ("history.rewritten", f"{amina}:30")
    assert key_words(own_key()) in sentence


def test_a_seal_made_by_somebody_else_shows_other_words(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = key_words(own_key())
    monkeypatch.setenv("XDG_CONFIG_HOME", str(file.parent / "elsewhere"))
    monkeypatch.setenv("APPDATA", str(file.parent / "elsewhere"))
    with session_of(file, "Cleo") as session:
        session.record(key("i.plan"), answer(0))
    told = [dict(one.values) for one in _found(file).observations if one.code == "history.sealed"]
    assert [one["count"] for one in told] == ["2", "1"]
    assert told[0]["words"] == ours != told[1]["words"] == key_words(own_key())


def test_a_session_without_a_key_closes_and_leaves_no_seal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = file_of(tmp_path)
    blocked = tmp_path / "no folder"
    blocked.write_text("")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(blocked))
    monkeypatch.setenv("APPDATA", str(blocked))
    with session_of(file, "Amina") as session:
        session.record(key("i.plan"), answer(0))
    found = _found(file)
    assert found.is_good
    assert dict({one.code: one for one in found.observations}["history.unsealed"].values) == {"count": "2"}


def test_the_end_cut_off_with_its_seal_leaves_a_chain_without_one(file: Path) -> None:
    tampered(
        file,
        "DELETE FROM seals WHERE counter = 36",
        "DELETE FROM entry_revisions WHERE counter = 36",
        "DELETE FROM links WHERE counter = 36",
    )
    told = {one.code: one for one in _found(file).observations}
    assert dict(told["history.unsealed"].values) == {"count": "2"}


def test_a_file_whose_answers_cannot_be_read_any_more_still_names_the_row(file: Path) -> None:
    tampered(file, "UPDATE answer_revisions SET state = 'perhaps' WHERE note = 'Amina 2'")
    code, place, sentence = _first(file)
    assert (code, place) == ("history.changed", "i.plan")
    assert "number 27 by Amina" in sentence


def test_a_member_that_says_nothing_makes_no_difference_to_an_entry(file: Path) -> None:
    # As a program would store it that knows fewer fields of an agency than this one.
    tampered(file, """UPDATE entry_revisions SET content = replace(content, ',"note":""', '') WHERE counter = 36""")
    assert _found(file).damage == ()


# -- any change at all ---------------------------------------------------------------------------------------------


class _Row(NamedTuple):
    table: str
    device: str
    counter: int


def _other(before: object, chance: random.Random) -> object:
    """Make another value of a column's kind."""
    if isinstance(before, int):
        return before + chance.choice((-1, 1, 1000))
    if before is None:
        return chance.choice(("", "null", "3"))
    text = str(before)
    place = chance.randrange(len(text) + 1)
    made = chance.choice(
        [text[:place] + chance.choice("aZ9 \u00e9\n") + text[place:], text[:place] + text[place + 1 :], text + " ", ""]
    )
    return made if made != text else text + "."


def _named(one: Break) -> tuple[str, int]:
    return one.name.device, one.name.counter


def _first_break(file: Path) -> Break | None:
    with AssessmentFile(file, read_only=True) as opened:
        return integrity.first_break(opened.trail())


def _fits(connection: sqlite3.Connection, row: _Row, column: str, value: object) -> bool:
    """Change one field; False where a row of that name is there already."""
    try:
        connection.execute(
            f"UPDATE {row.table} SET {column} = ? WHERE device = ? AND counter = ?",
            (value, row.device, row.counter),
        )
    except sqlite3.IntegrityError:
        return False
    return True


def _written(connection: sqlite3.Connection, row: _Row) -> bytes | None:
    """Give what a row says, as its link counts it: an empty field of an entry by another name says nothing either."""
    found = connection.execute(
        f"SELECT * FROM {row.table} WHERE device = ? AND counter = ?", (row.device, row.counter)
    ).fetchone()
    if found is None:
        return None
    return canonical(Log.ENTRY if row.table == "entry_revisions" else row.table, tuple(found))


@pytest.mark.long
def test_any_change_of_any_field_is_found_and_its_row_is_named(file: Path, promise: Promise) -> None:
    chance = random.Random(2018)  # noqa: S311 - a repeatable test
    whole = file.read_bytes()
    with closing(sqlite3.connect(file)) as connection:
        rows = [
            _Row(table, *name)
            for table in ("answer_revisions", "entry_revisions", "links")
            for name in connection.execute(f"SELECT device, counter FROM {table}")
        ]
        columns = {
            table: [name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")]
            for table in {row.table for row in rows}
        }
    tried = 0
    while tried < CHANGES:
        row = chance.choice(rows)
        column = chance.choice(columns[row.table])
        with tampering(file) as connection:
            (before,) = connection.execute(
                f"SELECT {column} FROM {row.table} WHERE device = ? AND counter = ?",
                (row.device, row.counter),
            ).fetchone()
            value = _other(before, chance)
            written = _written(connection, row)
            has_changed = _fits(connection, row, column, value) and _written(connection, row) != written
        if has_changed:
            tried += 1
            found = _first_break(file)
            now = {"device": (value, row.counter), "counter": (row.device, value)}.get(column)
            assert found, (row, column, value)
            assert _named(found) in {(row.device, row.counter), now}, (row, column, value, found)
        file.write_bytes(whole)
    promise("someone edits the log: any change is found", f"{tried} single-field changes, {tried} named")


# -- from file to file ---------------------------------------------------------------------------------------------


def test_a_tampered_file_is_merged_with_a_word_and_still_tells(file: Path) -> None:
    copy = continued(file, "Cleo", says("i.law", answer(2)), says("i.law", answer(0)))
    tampered(copy, "UPDATE answer_revisions SET author = 'Amina' WHERE author = 'Cleo' AND value = '2'")
    with session_of(file, "Merger") as session:
        plan = plan_merge(session, [copy])
    assert [one.code for one in plan.sources[0].notices] == ["merge.history"]
    merged(file, copy)
    code, place, sentence = _first(file)
    assert (code, place) == ("history.changed", "i.law")
    assert "by Amina" in sentence


def test_merged_files_are_whole_in_any_order_and_seals_come_along(file: Path) -> None:
    one = continued(file, "Cleo", says("i.law", answer(2)))
    two = continued(file, "Dora", says("i.law", answer(3)), lambda session: session.remove("actions", "action-1"))
    more = continued(two, "Emil", says("i.plan", answer(0)))
    merged(one, two, more)
    merged(more, one)
    merged(more, one, two)
    for merge in (one, more):
        found = _found(merge)
        assert found.damage == ()
        told = {one.code: dict(one.values) for one in found.observations}
        assert told["history.unsealed"] == {"count": "1"}
        assert int(told["history.sealed"]["count"]) >= 5


def test_a_removed_answer_comes_back_with_a_merge_and_the_chain_is_whole_again(file: Path) -> None:
    copy = continued(file, "Cleo")
    tampered(
        file,
        "DELETE FROM answer_revisions WHERE note = 'Amina 2'",
        "DELETE FROM links WHERE counter = 27",
        "DELETE FROM entry_revisions WHERE counter = 30",
    )
    merged(file, copy)
    assert _found(file).damage == ()


def test_a_laptop_cloned_while_it_worked_is_no_tampering_and_its_seals_still_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = file_of(tmp_path)
    files = []
    monkeypatch.setattr("capacity_app.services.identity.random_letters", lambda _: "cloned")
    for name, values in (("One", (1, 2)), ("Two", (3,)), ("Three", (4, 5, 6))):
        copy = continued(base, name)
        with open_session(copy) as session:
            for value in values:
                session.record(key("ii.staff"), answer(value))
        files.append(copy)
    monkeypatch.undo()
    merged(files[0], files[1], files[2])
    merged(files[1], files[0])
    merged(base, files[1])
    for file in (base, *files):
        assert _found(file).damage == (), file
    tampered(base, "UPDATE answer_revisions SET value = '9' WHERE value = '6'")
    assert _first(base)[0] == "history.changed"


def test_a_copy_for_headquarters_and_a_merge_into_a_new_file_are_whole(file: Path, tmp_path: Path) -> None:
    with open_session(file) as session:
        session.record(say("ii.staff", 0, who="agency-nso").key, Content(note="unsaved"))
        session.save_copy(tmp_path / "copy.assessment")
    assert _found(tmp_path / "copy.assessment").damage == ()


def test_links_can_be_computed_from_what_is_documented(file: Path) -> None:
    """Follow the words of ``domain.chain`` with nothing of ours."""

    def canonical(log: str, row: tuple[object, ...]) -> bytes:
        parts = [f"capacity-app revision 1\n{log}".encode()]
        for number, value in enumerate(row):
            text = value
            if log == "entry" and number == 4 and isinstance(value, str):
                said = {name: one for name, one in sorted(json.loads(value).items()) if one not in ("", [], 0, None)}
                text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
            encoded = str(text).encode()
            parts.append(b",-" if text is None else b",%d:%s" % (len(encoded), encoded))
        return b"".join(parts)

    with closing(sqlite3.connect(file)) as connection:
        for log in ("answer", "entry"):
            query = f"""SELECT links.previous, links.hash, {log}_revisions.* FROM {log}_revisions JOIN links
                        USING (device, counter) WHERE log = '{log}'"""
            found = connection.execute(query).fetchall()
            assert found
            for previous, digest, *row in found:
                said = f"capacity-app link 1\n{previous}\n".encode() + canonical(log, tuple(row))
                assert hashlib.sha256(said).hexdigest() == digest


def test_a_field_added_later_says_nothing_by_default() -> None:
    # Links leave out empty members, so that a file made before a field was added has the same links as a copy of it.
    speaking = {
        f"{name}.{one.name}"
        for name, shape in REGISTERS.items()
        for one in fields(shape)
        if one.default is not MISSING and one.default not in ("", (), 0, None)
    }
    since_the_first_links = {"mission.id", "mission.language", "mission.status", "actions.progress",
                             "ratings.feasibility", "kept.fate"}  # fmt: skip
    assert speaking == since_the_first_links


def test_every_kind_of_tampering_has_its_sentence() -> None:
    assert set(integrity._CHANGE) == set(Tampering)
