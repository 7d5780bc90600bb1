"""Files that cannot be read, are too large or too deep, or lie where they may not."""

import os
import sys
from pathlib import Path

import pytest

from capacity_app.questionnaires.reader import read_instrument
from capacity_app.questionnaires.toml_files import line_nested_too_deeply
from tests.questionnaires.test_mistakes import GRID, QUESTION
from tests.questionnaires.writing import HEAD, SECTION, places, write


def found(folder: Path) -> list[str]:
    instrument, problems = read_instrument(folder)
    assert instrument is None
    return places(problems)


def with_part(folder: Path, content: bytes) -> Path:
    write(folder, "")
    (folder / "1.toml").write_bytes(content)
    return folder


def test_a_folder_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    assert found(tmp_path / "nowhere") == ["instrument.no-folder @ nowhere"]


def test_a_folder_without_an_instrument_is_a_problem(tmp_path: Path) -> None:
    assert found(tmp_path) == ["instrument.missing-file @ instrument.toml"]


def test_a_folder_in_place_of_a_part_is_a_problem(tmp_path: Path) -> None:
    write(tmp_path, "--- instrument.toml\n" + HEAD.replace("1.toml", "part"))
    (tmp_path / "part").mkdir()
    assert "instrument.missing-file @ part" in found(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="pipes have no names there")
def test_a_pipe_in_place_of_a_part_is_not_waited_for(tmp_path: Path) -> None:
    write(tmp_path, "--- instrument.toml\n" + HEAD.replace("1.toml", "pipe"))
    os.mkfifo(tmp_path / "pipe")
    assert "instrument.missing-file @ pipe" in found(tmp_path)


def test_a_file_name_no_disk_can_hold_is_a_problem(tmp_path: Path) -> None:
    name = "x" * 5_000
    write(tmp_path, "--- instrument.toml\n" + HEAD.replace("1.toml", name))
    codes = {place.split(" @ ")[0] for place in found(tmp_path)}
    assert codes & {"instrument.unreadable-file", "instrument.missing-file", "instrument.outside-folder"}


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "instrument"
    folder.mkdir()
    write(folder, "")
    (tmp_path / "secret.toml").write_text(SECTION)
    (folder / "1.toml").unlink()
    (folder / "1.toml").symlink_to(tmp_path / "secret.toml")
    assert found(folder) == ["instrument.outside-folder @ instrument.toml"]


def test_a_circle_of_links_is_a_problem(tmp_path: Path) -> None:
    write(tmp_path, "")
    (tmp_path / "1.toml").unlink()
    (tmp_path / "1.toml").symlink_to(tmp_path / "1.toml")
    assert len(found(tmp_path)) == 1


def test_a_part_in_a_folder_below_is_read(tmp_path: Path) -> None:
    write(tmp_path, "--- instrument.toml\n" + HEAD.replace("1.toml", "parts/1.toml"))
    (tmp_path / "parts").mkdir()
    (tmp_path / "1.toml").rename(tmp_path / "parts" / "1.toml")
    instrument, problems = read_instrument(tmp_path)
    assert instrument is not None
    assert places(problems) == ["instrument.empty-section @ section r"]


def test_a_file_of_more_than_five_megabytes_is_refused(tmp_path: Path) -> None:
    with_part(tmp_path, b"#" * 5_000_001)
    assert found(tmp_path) == ["instrument.file-too-large @ 1.toml"]


def test_a_file_that_is_not_utf8_is_named_with_its_line(tmp_path: Path) -> None:
    with_part(tmp_path, SECTION.encode() + "# café".encode("latin-1"))
    assert found(tmp_path) == ["instrument.not-utf8 @ 1.toml, line 7"]


def test_a_file_in_utf16_is_refused(tmp_path: Path) -> None:
    with_part(tmp_path, SECTION.encode("utf-16"))
    assert found(tmp_path) == ["instrument.not-utf8 @ 1.toml, line 1"]


def test_a_byte_order_mark_is_only_doubtful(tmp_path: Path) -> None:
    with_part(tmp_path, b"\xef\xbb\xbf" + (SECTION + QUESTION).encode())
    instrument, problems = read_instrument(tmp_path)
    assert instrument is not None
    assert places(problems) == ["instrument.byte-order-mark @ 1.toml"]


def test_windows_line_ends_and_decomposed_letters_become_plain_ones(tmp_path: Path) -> None:
    part = SECTION.replace("Readers", "Cafe\u0301") + QUESTION + 'definition = """\nOne.\nTwo.\n"""\n'
    with_part(tmp_path, part.replace("\n", "\r\n").encode())
    instrument, problems = read_instrument(tmp_path)
    assert problems == ()
    assert instrument is not None
    assert instrument.sections[0].title == "Caf\u00e9"
    assert instrument.question_by_id["r.a"].definition == "One.\nTwo."


@pytest.mark.parametrize(
    "content",
    [
        "x = " + "[" * 1_000 + "]" * 1_000,
        "x = " + "{a=" * 1_000 + "1" + "}" * 1_000,
        "x = " + "[" * 100_000,
        ".".join(["a"] * 100_000) + " = 1",
        "[" + ".".join(["'a'"] * 1_000) + "]",
        "x = { " + ".".join(["a"] * 20) + " = { " + ".".join(["b"] * 20) + " = 1 } }",
    ],
    ids=["lists", "tables", "open brackets", "a dotted key", "a dotted header", "tables of dotted keys"],
)
def test_deep_nesting_is_a_problem_and_neither_a_crash_nor_a_full_memory(tmp_path: Path, content: str) -> None:
    with_part(tmp_path, content.encode())
    assert [place.split(" @ ")[0] for place in found(tmp_path)] == ["instrument.nested-too-deeply"]


@pytest.mark.parametrize(
    "content",
    [
        "x = 1 # " + "[" * 100,
        'x = "' + "[" * 100 + '"',
        "x = '" + "{" * 100 + "'",
        'x = """' + "[" * 100 + '\n\\""" [ """',
        "x = '''\n" + "[" * 100 + "'''",
        "x = 'it''s'\ny = \"a.b\"",
        "x = " + "[[1], " * 15 + "]" * 15,
        "[[a]]\n" * 100,
    ],
)
def test_brackets_in_strings_and_comments_and_side_by_side_are_not_deep(content: str) -> None:
    assert line_nested_too_deeply(content) is None


def test_four_quotes_at_the_end_of_a_text_hide_nothing_behind_it() -> None:
    assert line_nested_too_deeply('x = ["""a"""", ' + "[" * 100 + '"b"') == 1


def test_a_deep_line_is_named(tmp_path: Path) -> None:
    with_part(tmp_path, b"a = 1\n\nb = " + b"[" * 33 + b"]" * 33)
    assert found(tmp_path) == ["instrument.nested-too-deeply @ 1.toml, line 3"]


@pytest.mark.parametrize("number", ["9" * 5_000, "1e" + "9" * 30, "0." + "1" * 100, "0x" + "f" * 10_000])
def test_numbers_of_thousands_of_digits_are_a_problem(tmp_path: Path, number: str) -> None:
    with_part(tmp_path, (SECTION + f"weight = {number}").encode())
    assert any(place.startswith(("instrument.syntax", "instrument.wrong-type")) for place in found(tmp_path))


def test_more_than_two_hundred_files_are_refused(tmp_path: Path) -> None:
    names = ", ".join(f'"{number}.toml"' for number in range(1, 201))
    write(tmp_path, "--- instrument.toml\n" + HEAD.replace('"1.toml"', names))
    assert found(tmp_path)[0] == "instrument.too-many-files @ instrument.toml"


def test_more_than_five_thousand_questions_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "".join(QUESTION.replace("r.a", f"r.{number}") for number in range(5_001)))
    assert found(tmp_path) == ["instrument.too-many-questions @ instrument.toml"]


def test_more_than_twenty_thousand_cells_are_refused(tmp_path: Path) -> None:
    row = '    [[question.row]]\n    id = "{}"\n    label = "Row"\n'
    write(tmp_path, GRID + "".join(row.format(number) for number in range(10_000)))
    assert found(tmp_path) == ["instrument.too-many-cells @ section r, question r.grid"]


def test_a_file_of_nothing_but_mistakes_gives_a_list_that_ends(tmp_path: Path) -> None:
    with_part(tmp_path, "".join(f"k{number} = 1\n" for number in range(20_000)).encode())
    _, problems = read_instrument(tmp_path)
    assert len(problems) == 1_001
    assert problems[-1].code == "instrument.more-problems"
    assert problems[-1].text() == "19002 more problems are not listed."
