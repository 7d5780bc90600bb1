import json
from collections.abc import Mapping
from dataclasses import replace
from random import Random
from types import MappingProxyType
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.headquarters.selection import settle_files
from capacity_app.domain.headquarters.tidy_tables import (
    AssessmentRow,
    FileRow,
    FileStatus,
    RecordedDigests,
    make_digests,
)

GEORGIA = AssessmentRow(
    file_hash="",
    assessment="a",
    country="GEO",
    m49="268",
    country_name="Georgia",
    round="2023",
    instrument="unsd-nmdc",
    instrument_version="1.0",
    instrument_hash="i",
    status="draft",
    language="en",
    last_change="2023-05-01",
    content_hash="",
    answers=1,
    completeness=1.0,
)


def pair(path: str, kind: str = "assessment", problems: int = 0, **more: Any) -> tuple[FileRow, AssessmentRow]:
    """Make a file and the assessment in it; both are one of a kind by their path."""
    file = FileRow(path=path, file_hash=f"hash of {path}", size=1, kind=kind, problems=problems)
    return file, replace(GEORGIA, file_hash=file.file_hash, content_hash=path, **more)


def decided(
    *pairs: tuple[FileRow, AssessmentRow], revisions: Mapping[str, str] = MappingProxyType({}), prefer: str = ""
) -> dict[str, tuple[str, str, int, int]]:
    """Say of every path its fate, the other file, whether it is the newest and which round it is.

    ``revisions`` are those of a path, a letter each; answers have the same letters, also those of other paths.
    """
    held = {f"hash of {path}": recorded(letters) for path, letters in revisions.items()}
    files, rows = settle_files(
        (file for file, _ in pairs), {row.file_hash: row for _, row in pairs}, held, [f"hash of {prefer}"]
    )
    found = {row.file_hash: row for row in rows}
    return {
        file.path: (
            file.fate.value,
            file.other_file,
            found[file.file_hash].is_newest,
            found[file.file_hash].round_number,
        )
        for file in files
    }


def recorded(letters: str) -> RecordedDigests:
    """Make what an assessment records of its revisions; in brackets, what a workbook of such answers does."""
    answers = make_digests(letters.strip("()"))
    return RecordedDigests(b"" if letters.startswith("(") else answers, answers)


def test_one_file_counts() -> None:
    assert decided(pair("geo.assessment")) == {"geo.assessment": ("read", "", 1, 1)}


def test_a_file_with_problems_counts_and_says_how_many() -> None:
    files, _ = settle_files([pair("geo.xlsx", problems=3)[0]], {})
    assert files[0].fate is FileStatus.READ_WITH_PROBLEMS
    assert files[0].reason == "Read, except 3 places that are listed with the file."
    assert files[0].told(lambda message: message.replace("Read, except", "Lu, sauf")).startswith("Lu, sauf 3")


def test_the_same_bytes_twice_are_a_duplicate_of_the_first_by_name() -> None:
    file, row = pair("b.json")
    assert decided((file, row), (replace(file, path="a.json"), row)) == {
        "a.json": ("read", "", 1, 1),
        "b.json": ("duplicate", "a.json", 1, 1),
    }


def test_an_assessment_that_holds_all_answers_of_a_workbook_stands() -> None:
    assert decided(
        pair("a.xlsx", "package"), pair("b.assessment"), revisions={"a.xlsx": "(x)", "b.assessment": "xy"}
    ) == {
        "a.xlsx": ("superseded", "b.assessment", 0, 0),
        "b.assessment": ("read", "", 1, 1),
    }


def test_a_workbook_with_an_answer_that_is_not_in_the_assessment_is_in_conflict_with_it() -> None:
    pairs = pair("a.xlsx", "package"), pair("b.assessment")
    found = decided(*pairs, revisions={"a.xlsx": "(z)", "b.assessment": "xy"})
    assert {fate for fate, *_ in found.values()} == {"conflict"}


def test_two_workbooks_of_an_assessment_are_in_conflict_until_one_is_chosen() -> None:
    pairs = pair("a.xlsx", "package", last_change="9999-12-31"), pair("b.xlsx", "package")
    held = {"a.xlsx": "(xy)", "b.xlsx": "(x)"}
    assert decided(*pairs, revisions=held) == {
        "a.xlsx": ("conflict", "b.xlsx", 0, 0),
        "b.xlsx": ("conflict", "a.xlsx", 0, 0),
    }
    assert decided(*pairs, revisions=held, prefer="b.xlsx") == {
        "a.xlsx": ("superseded", "b.xlsx", 0, 0),
        "b.xlsx": ("read", "", 1, 1),
    }


def test_the_same_answers_in_another_form_are_a_duplicate() -> None:
    first, second = pair("a.json", "dossier"), pair("b.assessment")
    second = (second[0], replace(second[1], content_hash=first[1].content_hash))
    assert decided(first, second) == {
        "a.json": ("duplicate", "b.assessment", 0, 0),
        "b.assessment": ("read", "", 1, 1),
    }


def test_a_copy_of_which_another_holds_everything_is_superseded_whatever_its_date() -> None:
    pairs = pair("a", last_change="9999-12-31"), pair("b", last_change="2023-06-01")
    assert decided(*pairs, revisions={"a": "x", "b": "xy"}) == {
        "a": ("superseded", "b", 0, 0),
        "b": ("read", "", 1, 1),
    }


def test_of_three_copies_one_that_is_contained_is_older_and_the_others_conflict() -> None:
    found = decided(pair("a"), pair("b"), pair("c"), revisions={"a": "x", "b": "xy", "c": "xz"})
    assert {path: fate for path, (fate, *_) in found.items()} == {"a": "superseded", "b": "conflict", "c": "conflict"}


def test_the_same_revisions_with_another_content_are_in_conflict() -> None:
    found = decided(pair("a"), pair("b"), revisions={"a": "xy", "b": "xy"})
    assert {fate for fate, *_ in found.values()} == {"conflict"}


def test_where_the_newest_round_is_in_conflict_no_earlier_one_stands_for_it() -> None:
    found = decided(
        pair("old", assessment="1", round="2018"), pair("a", assessment="2"), pair("b", assessment="2"),
    )  # fmt: skip
    assert found == {"a": ("conflict", "b", 0, 0), "b": ("conflict", "a", 0, 0), "old": ("superseded", "a", 0, 1)}


def test_rounds_of_a_country_are_numbered_and_the_last_one_counts() -> None:
    assert decided(
        pair("new", assessment="1", round="Round of 2023"),
        pair("old", assessment="2", round="2013"),
        pair("middle", assessment="3", round="2018 census round"),
    ) == {
        "middle": ("superseded", "new", 0, 2),
        "new": ("read", "", 1, 3),
        "old": ("superseded", "new", 0, 1),
    }


def test_a_round_without_a_year_stands_where_its_last_change_is() -> None:
    assert decided(
        pair("a", assessment="1", round="follow-up", last_change="2021-01-01"),
        pair("b", assessment="2", round="2018"),
    )["a"] == ("read", "", 1, 2)


def test_of_two_assessments_of_one_round_a_person_chooses() -> None:
    pairs = pair("a", assessment="1", last_change="2023-09-01"), pair("b", assessment="2", last_change="2023-08-01")
    assert decided(*pairs) == {"a": ("conflict", "b", 0, 0), "b": ("conflict", "a", 0, 0)}
    assert decided(*pairs, prefer="b") == {"a": ("superseded", "b", 0, 0), "b": ("read", "", 1, 1)}


def test_other_countries_and_other_instruments_are_left_alone() -> None:
    found = decided(
        pair("a", assessment="1"),
        pair("b", assessment="2", country="ARM", m49="051"),
        pair("c", assessment="3", instrument="another"),
        pair("d", assessment="4", country="", m49="", country_name=""),
        pair("e", assessment="5", country="", m49="", country_name=""),
    )
    assert set(found.values()) == {("read", "", 1, 1)}


def test_a_refused_file_stays_refused_even_beside_the_same_bytes() -> None:
    file, row = pair("b.json")
    slow = replace(file, path="a.json", fate=FileStatus.REFUSED, reason="Too slow.")
    files, _ = settle_files((file, slow), {row.file_hash: row})
    assert [(one.path, one.fate.value, one.reason) for one in files] == [
        ("a.json", "refused", "Too slow."),
        ("b.json", "read", ""),
    ]


def test_what_was_decided_before_makes_no_difference() -> None:
    pairs = [pair("a", assessment="1", round="2013"), pair("b", assessment="2")]
    files, rows = settle_files((file for file, _ in pairs), {row.file_hash: row for _, row in pairs})
    assert settle_files(files, {row.file_hash: row for row in rows}) == (files, rows)
    alone = next(file for file in files if file.path == "a")
    (again,), _ = settle_files([alone], {row.file_hash: row for row in rows if row.file_hash == alone.file_hash})
    assert (again.fate, again.reason, again.other_file, again.details) == (FileStatus.READ, "", "", "")


def test_a_reason_can_be_translated_with_its_file_name() -> None:
    files, _ = settle_files(*_two_copies())
    file = next(file for file in files if file.path == "a")
    assert json.loads(file.details) == {"other": "b {brace}"}
    assert file.told(lambda _message: "Ersetzt durch {other}.") == "Ersetzt durch b {brace}."


def _two_copies() -> tuple[list[FileRow], dict[str, AssessmentRow]]:
    pairs = [pair("a"), pair("b {brace}", last_change="2024")]
    return [file for file, _ in pairs], {row.file_hash: row for _, row in pairs}


@given(
    st.lists(
        st.tuples(
            st.sampled_from("xyz"), st.sampled_from(["2013", "2018", "2023"]), st.sampled_from(["GEO", "ARM"]),
            st.sampled_from(["assessment", "dossier", "package"]), st.sampled_from(["2023-01-01", "2024-01-01"]),
            st.sampled_from("pqr"),
        ),
        max_size=12,
    ),
    st.randoms(use_true_random=False),
)  # fmt: skip
def test_the_order_of_files_makes_no_difference_and_no_country_has_two_newest(
    drawn: list[tuple[str, ...]], disorder: Random
) -> None:
    pairs = []
    for number, (assessment, round_name, country, kind, change, content_hash) in enumerate(drawn):
        file, row = pair(
            f"{number}", kind, assessment=assessment, round=round_name, country=country, last_change=change
        )
        pairs.append((file, replace(row, content_hash=content_hash)))
    mixed = disorder.sample(pairs, len(pairs))
    files, rows = settle_files((file for file, _ in pairs), {row.file_hash: row for _, row in pairs})
    assert settle_files((file for file, _ in mixed), {row.file_hash: row for _, row in mixed}) == (files, rows)
    newest = [row.country for row in rows if row.is_newest]
    assert len(newest) == len(set(newest))
    counting = {file.file_hash for file in files if file.fate in {FileStatus.READ, FileStatus.READ_WITH_PROBLEMS}}
    assert counting == {row.file_hash for row in rows if row.is_newest}
    others = {file.path for file in files}
    named = {FileStatus.DUPLICATE, FileStatus.SUPERSEDED, FileStatus.CONFLICT}
    assert all(file.other_file in others - {file.path} for file in files if file.fate in named)
