"""Instruments that nobody would write but to do harm, or by a slip: too large, too deep, in circles, leading elsewhere.

``folders`` are folders of TOML files, ``copies`` the JSON of an instrument inside an assessment. Each is laid out by
itself, and says in which words it must be refused; what may be used says "".
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from capacity_app.questionnaires.instrument_json import encode_instrument
from tests.builders import small_instrument
from tests.questionnaires.test_mistakes import GRID, QUESTION
from tests.questionnaires.writing import HEAD, SECTION

# A line of the tables below is one instrument, however long.
# ruff: noqa: E501

FILE = 5_000_000
LEVEL = QUESTION.replace("yes_no", "level")
Lay = Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder: ``words`` occur in what is said of it; an empty text if it may be used."""

    words: str
    lay: Lay


def _part(text: str, head: str = HEAD, section: str = SECTION) -> Lay:
    def lay(folder: Path) -> None:
        (folder / "instrument.toml").write_text(head, encoding="utf-8")
        (folder / "1.toml").write_text(section + text, encoding="utf-8")

    return lay


def _head(text: str) -> Lay:
    return _part(QUESTION, head=HEAD + text)


def _linked(target: str) -> Lay:
    def lay(folder: Path) -> None:
        _part("")(folder)
        (folder / "1.toml").unlink()
        (folder / "1.toml").symlink_to(target)

    return lay


def _named(name: str) -> Lay:
    return _part(QUESTION, head=HEAD.replace('"1.toml"', json.dumps(name)))


def _pipe(folder: Path) -> None:
    _part("")(folder)
    (folder / "1.toml").unlink()
    os.mkfifo(folder / "1.toml")


def _question(number: int, more: str = "", name: str = "") -> str:
    return QUESTION.replace('"r.a"', f'"{name or f"r.q{number}"}"') + more


def _chain(count: int) -> str:
    """Return questions each of which is shown if the one before it is: as deep a chain as there may be."""
    shown = (f'show_if = {{ question = "r.q{number - 1}", is = "yes" }}\n' for number in range(1, count))
    return _question(0) + "".join(_question(number, text) for number, text in enumerate(shown, 1))


def _circle(count: int) -> str:
    shown = (f'show_if = {{ question = "r.q{(number + 1) % count}", is = "yes" }}\n' for number in range(count))
    return "".join(_question(number, text) for number, text in enumerate(shown))


def _condition(levels: int) -> str:
    return "show_if = " + "{ not = " * levels + '{ question = "r.a", is = "yes" }' + " }" * levels


def _filled(start: str, again: str, end: str = "") -> str:
    """Repeat something until the file is as large as it may be."""
    return start + again * ((FILE - len(start) - len(end) - 1_000) // len(again.encode())) + end


def folders() -> dict[str, Folder]:
    """Return every folder by its name."""
    tall = '", "'.join(f"{number} {'x' * 1_200_000}" for number in range(4))
    return {
        "an honest one": Folder("", _part(QUESTION)),
        # Large
        "five megabytes of remarks": Folder("", _part(_filled(QUESTION + "#", "x"))),
        "more than five megabytes": Folder("larger than 5 MB", _part("#" * FILE)),
        "five megabytes of one text": Folder("are allowed", _part(QUESTION + _filled('definition = "', "x", '"'))),
        "five megabytes of blank lines": Folder("", _part(_filled(QUESTION, "\n"))),
        "five megabytes of questions": Folder("questions", _part(_filled("", _question(1)))),
        "a hundred thousand questions": Folder("more problems are not listed", _part("".join(f'[[question]]\nid="r.{n}"\n' for n in range(100_000)))),
        "a hundred thousand keys": Folder("more problems are not listed", _part("".join(f"k{n} = 1\n" for n in range(100_000)))),
        "a hundred thousand scales": Folder("“scales” has 100000 entries", _head("\n[scales]\n" + "".join(f's{n}=[{{id="a",label="A"}}]\n' for n in range(100_000)))),
        "a hundred thousand options": Folder("100000 options; 1000 are allowed", _part(QUESTION.replace('"yes_no"', '"choice"') + "options = [" + "".join(f'{{id="o{n}",label="{n}"}},' for n in range(100_000)) + "]")),
        "sixty thousand terms": Folder("“concept” has 60000 entries", _head("".join(f'[[concept]]\nid="c{n}"\nlabel="L"\ndefinition="D"\n' for n in range(60_000)))),
        "a hundred thousand names of files": Folder("files", _part(QUESTION, head=HEAD.replace('"1.toml"', ", ".join(f'"{n}.toml"' for n in range(100_000))))),
        "huge anchors": Folder("are allowed", _part(LEVEL + f'anchors = ["{tall}"]\nactions = ["a", "b", "c"]\n')),
        "a hundred thousand anchors": Folder("anchors", _part(LEVEL + "anchors = [" + '"a",' * 100_000 + ']\nactions = ["a", "b", "c"]\n')),
        "a table of a million cells": Folder("cells", _part(GRID + "".join(f'[[question.row]]\nid="x{n}"\nlabel="x"\n' for n in range(10_000)))),
        # Deep
        "lists a thousand deep": Folder("nested", _part("x = " + "[" * 1_000 + "]" * 1_000)),
        "tables a thousand deep": Folder("nested", _part("x = " + "{a=" * 1_000 + "1" + "}" * 1_000)),
        "names a thousand deep": Folder("nested", _part("[" + ".".join(["a"] * 1_000) + "]")),
        "a condition a thousand deep": Folder("nested", _part(_question(0, _condition(1_000)))),
        "a condition a thousand deep by its heading": Folder("nested", _part(_question(0, "[question.show_if" + ".not" * 1_000 + "]\n"))),
        "five megabytes of brackets": Folder("nested", _part(_filled("x = ", "["))),
        "five megabytes of dots": Folder("nested", _part(_filled("a", ".a", " = 1"))),
        "five megabytes of quotes": Folder("TOML", _part(_filled("x = ", "'"))),
        "five megabytes of strokes": Folder("TOML", _part(_filled('x = "', "\\"))),
        "five megabytes of open texts": Folder("TOML", _part(_filled("", "x = '''\n"))),
        "a chain of four thousand conditions": Folder("chain of more than 32", _part(_chain(4_000))),
        # In circles
        "a circle of two": Folder("go in a circle", _part(_circle(2))),
        "a circle of a thousand": Folder("go in a circle", _part(_circle(1_000))),
        "a question about itself": Folder("go in a circle", _part(_circle(1))),
        # Names
        "an id of control characters": Folder("cannot be an id", _part(_question(0, name="r.\\u0000\\u001b[2J"))),
        "an id from right to left": Folder("cannot be an id", _part(_question(0, name="r.\\u202egpj.exe"))),
        "an id that is a path": Folder("cannot be an id", _part(_question(0, name="r.../../etc/passwd"))),
        "an id of ten thousand letters": Folder("cannot be an id", _part(_question(0, name="r." + "x" * 10_000))),
        "an id of an emoji": Folder("cannot be an id", _part(_question(0, name="r.\U0001f4a3"))),
        "an instrument that is a path": Folder("cannot be an id", _part(QUESTION, head=HEAD.replace('"small"', '"../../x"'))),
        "one id a thousand times": Folder("is used 1000 times", _part(_question(7) * 1_000)),
        "a key said twice": Folder("TOML", _part("[section]\n")),
        # Leading elsewhere
        "a link out of the folder": Folder("does not name a file in the", _linked("/etc/passwd")),
        "a link to a device": Folder("does not name a file in the", _linked("/dev/zero")),
        "a link to itself": Folder("does not name a file in the", _linked("1.toml")),
        "a path out of the folder": Folder("does not name a file in the", _named("../../../../etc/passwd")),
        "a path from the root": Folder("does not name a file in the", _named("/etc/passwd")),
        "a path of Windows": Folder("does not name a file in the", _named("C:\\Windows\\win.ini")),
        "a server's share": Folder("does not name a file in the", _named("\\\\host\\share\\x.toml")),
        "an address": Folder("does not name a file in the", _named("http://203.0.113.7/x.toml")),
        "a pipe": Folder("no file of this name", _pipe),
        "a file to be included": Folder("include", _head('\ninclude = "/etc/passwd"\n')),
        # Numbers
        "a number beyond everything": Folder("weight", _part(f"weight = 1e999999\n{QUESTION}")),
        "a number of a million digits": Folder("TOML", _part(f"weight = {'9' * 1_000_000}\n{QUESTION}")),
        "a number of a million digits in sixteens": Folder("weight", _part(f"weight = 0x{'f' * 1_000_000}\n{QUESTION}")),
        "nothing as a divisor": Folder("weight", _part(f'weight = "1/0"\n{QUESTION}')),
        "a fraction of a million digits": Folder("weight", _part(f'weight = "1/{"9" * 1_000_000}"\n{QUESTION}')),
        "no number": Folder("weight", _part(f"weight = nan\n{QUESTION}")),
        "endless": Folder("weight", _part(f"weight = inf\n{QUESTION}")),
        "less than nothing": Folder("weight", _part(f"weight = -1\n{QUESTION}")),
    }  # fmt: skip


# -- copies inside assessments -------------------------------------------------------------------------------------


def _changed(**values: Any) -> str:
    return json.dumps(json.loads(encode_instrument(small_instrument())) | values)


def _with_question(**values: Any) -> str:
    plain = json.loads(encode_instrument(small_instrument()))
    plain["sections"][0]["questions"][0] |= values
    return json.dumps(plain)


def _nested(levels: int) -> str:
    address = {"question": "i.plan"}
    inner = {"op": "is", "address": address, "values": ["1"]}
    text = '{"op":"not","parts":[' * levels + json.dumps(inner) + "]}" * levels
    return _with_question(show_if="@").replace('"@"', text)


def copies() -> dict[str, tuple[str, Callable[[], str]]]:
    """Return copies by their names: the words in which they are refused, and what makes them."""
    return {
        "an honest one": ("", lambda: encode_instrument(small_instrument())),
        "a list a thousand deep": ("damaged", lambda: "[" * 1_000 + "]" * 1_000),
        "a list a million deep": ("damaged", lambda: "[" * 1_000_000),
        "titles a thousand deep": ("damaged", lambda: _changed(title="@").replace('"@"', "[" * 1_000 + "]" * 1_000)),
        "an unknown key a thousand deep": ("damaged", lambda: _changed(more="@").replace('"@"', "[" * 100_000 + "]" * 100_000)),
        "a condition a thousand deep": ("damaged", lambda: _nested(1_000)),
        "a condition a hundred thousand deep": ("damaged", lambda: _nested(100_000)),
        "a hundred thousand questions": ("questions", lambda: _changed(sections=[{"id": "a", "number": "1", "title": "A", "provenance": "P", "questions": [
            {"id": f"a.{n}", "number": "1", "text": "x", "kind": "yes_no", "provenance": "P"} for n in range(100_000)]}])),
        "a text of fifty megabytes": ("too long", lambda: _changed(title="x" * 50_000_000)),
        "nothing as a divisor": ("out of range", lambda: _with_question(weight="1/0")),
        "a number of a million digits": ("too long", lambda: _with_question(weight="9" * 1_000_000)),
        "a number of a million digits as such": ("too long", lambda: _with_question(weight="@").replace('"@"', "9" * 1_000_000)),
        "a number beyond everything": ("out of range", lambda: _with_question(target="@").replace('"@"', "1e999999")),
        "no number": ("out of range", lambda: _with_question(weight="nan")),
        "a level of none": ("out of range", lambda: _with_question(target=99)),
        "ids from right to left": ("cannot be an id", lambda: _with_question(id="i.\u202egpj.exe\x00\x1b[2J")),
        "ids that are paths": ("cannot be an id", lambda: _changed(id="../../../../etc/passwd")),
        "one id twice": ("same id", lambda: _with_question(id="i.plan")),
        "half a letter": ("damaged", lambda: _changed(title="@").replace('"@"', '"\\ud800"')),
    }  # fmt: skip
