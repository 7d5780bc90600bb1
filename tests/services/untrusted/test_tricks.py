"""What is said of every trick of strangers, word by word: the guard itself, asked in this process.

``tests.untrusted.test_strangers`` watches from outside that nothing else happens. The expected sentences lie in
``tests/expected/strangers.json`` and are there to be read: whoever sends a file home with one must mend it by that.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from capacity_app.domain.problems import KnownError
from capacity_app.services.untrusted import inspection
from tests.untrusted.strangers import tricks

EXPECTED = Path(__file__).parents[2] / "expected" / "strangers.json"
CANARY = Path("/nowhere/canary")
NAMES = tuple(tricks(CANARY))


@cache
def expected() -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads(EXPECTED.read_text(encoding="utf-8"))
    return found


def said_of(name: str) -> list[str]:
    """Return the refusal, or what was not looked at in a file that may be read."""
    trick = tricks(CANARY)[name]
    try:
        looked = inspection.inspect_content(trick.make(), trick.file)
    except KnownError as error:
        return ["refused", error.text()]
    notes: Any = [[note.code, note.place, note.severity.value, note.text()] for note in looked.notes]
    return [looked.medium.value, *(" | ".join(note) for note in notes)]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_said_of_a_trick(name: str, request: pytest.FixtureRequest) -> None:
    said = said_of(name)
    if request.config.getoption("--update"):
        known = expected() if EXPECTED.exists() else {}
        known[name] = said
        EXPECTED.write_text(json.dumps(known, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        pytest.skip("written anew")
    assert said == expected()[name]


def test_there_is_no_sentence_about_a_trick_that_is_gone() -> None:
    assert set(expected()) == set(NAMES)
