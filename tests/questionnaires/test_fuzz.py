"""Whatever a file contains, the reader answers with problems: it never raises."""

import copy
import json
import random
import re
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capacity_app import paths
from capacity_app.domain.problems import ProblemSeverity
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.domain.scoring.answer_sheet import lay_out
from capacity_app.domain.scoring.scores import score_sheet
from capacity_app.questionnaires.checks import instrument_problems
from capacity_app.questionnaires.instrument_json import decode_instrument, encode_instrument
from capacity_app.questionnaires.reader import read_heading, read_instrument
from tests.dossiers import IS_TORTURE
from tests.questionnaires.test_keys import EVERYTHING
from tests.questionnaires.writing import HEAD, places

_PIECES = st.sampled_from(
    [
        *(
            "[section]",
            "[[question]]",
            "[[question.column]]",
            "[[question.row]]",
            "[question.gate]",
            "[[contradiction]]",
        ),
        *("[scales]", "[codes]", "[[concept]]", "[thresholds]", "[instrument]", "[question]", "[[section]]"),
        *(
            "id",
            "type",
            "options",
            "anchors",
            "show_if",
            "required",
            "when",
            "parts",
            "supplements",
            "weight",
            "points",
        ),
        *("level", "grid", "choice", "question", "all", "any", "not", "is", "at_least", "row", "column", "settles"),
        *("=", ".", ",", "[", "]", "{", "}", '"', "'", '"""', "'''", "#", "\n", "\r\n", " ", "\\", "\\u00e9", "\0"),
        *("true", "0", "1", "-1", "1.5", "1e400", "nan", "inf", "0x1f", "1979-05-27", "07:32:00", '"1/3"', '"r.a"'),
    ]
)
_TOML_LIKE = st.lists(_PIECES, max_size=60).map("".join)
_JUNK = st.binary(max_size=200)
_WORD = re.compile(r'[\w.]+|"[^"\n]*"|[\[\]{}=,]')
_VALUES: list[Any] = ["", "x", "Not an id", "r.a", "1/3", "level", "grid", 0, 1, 4, -1, 0.5, 10**30, True, [], {}, [{}]]
_VALUES += [["x"], [1], {"x": 1}, {"question": "a.level", "is": "1"}, "\x07", "x" * 20_001]
_REPLACEMENTS = ['""', "[]", "{}", "true", "-1", "1e99", '"1/0"', "nan", "1979-05-27", "[{}]", "[[1]]", '"x y"', "="]


def read(files: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        instrument, problems = read_instrument(Path(folder), ["s.toml"])
        read_heading(Path(folder))
    assert (instrument is None) == any(problem.severity is ProblemSeverity.ERROR for problem in problems)
    if instrument is not None:
        use(instrument)
    for problem in problems:
        assert problem.code.startswith("instrument.")
        assert problem.text()


def use(instrument: Instrument) -> None:
    """Do with an accepted instrument what every assessment does."""
    again = decode_instrument(encode_instrument(instrument))
    assert again == instrument
    assert not any(problem.severity is ProblemSeverity.ERROR for problem in instrument_problems(again))
    score_sheet(lay_out(again, {}))


@pytest.mark.check
@settings(max_examples=300)
@given(_TOML_LIKE)
def test_no_text_that_looks_like_toml_raises(text: str) -> None:
    content = text.encode()
    read({"instrument.toml": HEAD.encode() + content, "1.toml": content})


@pytest.mark.check
@settings(max_examples=200)
@given(_JUNK)
def test_no_bytes_raise(junk: bytes) -> None:
    read({"instrument.toml": junk, "1.toml": junk})
    read({"instrument.toml": HEAD.encode(), "1.toml": junk})


@pytest.mark.check
@settings(max_examples=100)
@given(st.randoms(use_true_random=False), st.sampled_from(list(EVERYTHING)))
def test_no_valid_file_with_some_words_changed_raises(chance: random.Random, name: str) -> None:
    files = {one: content.encode() for one, content in EVERYTHING.items()}
    files[name] = changed(EVERYTHING[name], chance).encode()
    read(files)


@pytest.mark.check
@settings(max_examples=400 if IS_TORTURE else 150)
@given(st.randoms(use_true_random=False), st.sampled_from(list(EVERYTHING)))
def test_no_valid_file_with_some_values_changed_raises_and_what_is_accepted_can_be_used(
    chance: random.Random, name: str
) -> None:
    files = {one: content.encode() for one, content in EVERYTHING.items()}
    tables = tomllib.loads(EVERYTHING[name])
    for _ in range(chance.randint(1, 3)):
        change(tables, chance)
    files[name] = "".join(f"{written(key)} = {written(value)}\n" for key, value in tables.items()).encode()
    read(files)


@pytest.mark.check
@settings(max_examples=10)
@given(st.randoms(use_true_random=False))
def test_no_bundled_file_with_some_words_changed_raises(chance: random.Random) -> None:
    folder = paths.instruments_folder() / "unsd-nmdc"
    files = {path.name: path.read_bytes() for path in folder.glob("*.toml")}
    name = chance.choice(sorted(files))
    files[name] = changed(files[name].decode(), chance).encode()
    read(files)


def written(value: object) -> str:
    """Write a value as TOML on one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case dict():
            return "{" + ", ".join(f"{written(key)} = {written(item)}" for key, item in value.items()) + "}"
        case list():
            return "[" + ", ".join(written(item) for item in value) + "]"
        case str():
            return json.dumps(value)
    return str(value)


def change(tables: dict[str, Any], chance: random.Random) -> None:
    """Replace, remove, repeat, rename or exchange one value somewhere in the tables."""
    nodes = list(nodes_of(tables))
    if not nodes:
        return
    holder, key = chance.choice(nodes)
    other, other_key = chance.choice(nodes)
    match chance.randrange(5):
        case 0:
            holder[key] = chance.choice(_VALUES)
        case 1:
            holder[key] = copy.deepcopy(other[other_key])
        case 2:
            del holder[key]
        case 3 if isinstance(holder, list):
            holder.append(copy.deepcopy(holder[key]))
        case _ if isinstance(holder, dict):
            holder[str(other_key)] = holder.pop(key)


def nodes_of(value: object) -> Iterator[tuple[Any, Any]]:
    places = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in places:
        yield value, key
        yield from nodes_of(child)


def changed(text: str, chance: random.Random) -> str:
    """Replace, remove or exchange some words of a text."""
    words = list(_WORD.finditer(text))
    for _ in range(chance.randint(1, 4)):
        word, other = chance.choice(words), chance.choice(words)
        new = chance.choice([*_REPLACEMENTS, other[0], ""])
        text = text[: word.start()] + new + text[word.end() :]
    return text


def test_the_files_that_are_changed_are_valid_to_begin_with(tmp_path: Path) -> None:
    for name, content in EVERYTHING.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    assert places(read_instrument(tmp_path, ["S"])[1]) == []
