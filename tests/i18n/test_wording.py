"""Every sentence a person reads can be translated: found by reading the code itself."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

PACKAGE = Path(__file__).resolve().parents[2] / "capacity_app"
SHOWS_TEXT = {
    "QLabel", "QPushButton", "QCheckBox", "QRadioButton", "QGroupBox", "QAction", "QToolButton",
    "setText", "setTitle", "setWindowTitle", "setToolTip", "setStatusTip", "setWhatsThis", "setPlaceholderText",
    "setAccessibleName", "setAccessibleDescription", "addAction", "addMenu", "addTab", "addRow", "showMessage",
    "KnownError", "echo", "_say",
}  # fmt: skip
HAS_WORD = re.compile(r"[A-Za-z]{3,}")


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _bare_words(tree: ast.AST) -> Iterator[tuple[int, str]]:
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node) in SHOWS_TEXT)
    constants = (argument for call in calls for argument in call.args if isinstance(argument, ast.Constant))
    for constant in constants:
        if isinstance(constant.value, str) and HAS_WORD.search(constant.value):
            yield constant.lineno, constant.value


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_sentence_is_shown_past_the_translation(path: Path) -> None:
    assert list(_bare_words(ast.parse(path.read_text("utf-8")))) == []


def _messages() -> list[tuple[str, str]]:
    """Return all texts with the file each stands in."""
    keywords = {"gettext": None, "ngettext": (1, 2), "counted": (1, 2), "N_": None, "say": None}
    return [
        (text, file)
        for file, _line, message, _comments, _context in extract_from_dir(str(PACKAGE), keywords=keywords)
        for text in ([message] if isinstance(message, str) else message)
        if text
    ]


MOST_WORDS = 30
UNCLEAR = re.compile(
    r"\b(mend|mended|stick|fate|strangers?|wreck|whoever|anew|take in|taken in|take off|let go)\b"
    r"|(?<!there )\b(is|are) no (?!longer)|(?<!%)\b1 (?!counts)[a-z]+s\b",
    re.IGNORECASE,
)
WORDS_OF_OTHERS = ("The designations employed and the presentation of material",)
"""The legal text of the United Nations stays as it is."""


@pytest.mark.check
def test_texts_use_standard_words_and_sentences_of_at_most_thirty_words() -> None:
    found = [
        (file, text)
        for text, file in _messages()
        if not text.startswith(WORDS_OF_OTHERS)
        and (
            UNCLEAR.search(text)
            # A legend explains one symbol after the other.
            or any(len(one.split()) > MOST_WORDS for one in re.split(r"(?<=[.!?:])\s+|·", text))
        )
    ]
    assert found == []


TEXTS_OF_THEIR_OWN = {
    "No.": "Short for number.",
    "[name withheld]": "Reports printed by earlier versions hold it.",
    "target {points}": "A piece of a list, beside a sentence.",
}


@pytest.mark.check
def test_no_text_differs_from_another_by_spaces_capitals_or_punctuation_alone() -> None:
    """A label begins with a capital letter, a value in a table or a list does not; only windows that ask end in "…"."""
    by_letters: dict[str, set[str]] = {}
    for text, file in _messages():
        plain = text.replace("&", "").rstrip("…")
        key = " ".join(re.sub(r"[^\w{}]+", " ", plain).split()).casefold()
        if re.search(r"\w", re.sub(r"{\w*}", "", plain)) and text not in TEXTS_OF_THEIR_OWN and "qt_locale" not in file:
            by_letters.setdefault(key, set()).add(plain[:1].casefold() + plain[1:])
    assert [sorted(texts) for texts in by_letters.values() if len(texts) > 1] == []


@pytest.mark.check
def test_placeholders_of_all_messages_are_named() -> None:
    """A translator must be able to move them about."""
    keywords = {"gettext": None, "ngettext": (1, 2), "counted": (1, 2), "N_": None, "_": None}
    messages = [
        text
        for _file, _line, message, _comments, _context in extract_from_dir(str(PACKAGE), keywords=keywords)
        for text in ([message] if isinstance(message, str) else message)
    ]
    assert len(messages) > 200
    for message in messages:
        for _text, field, _spec, _conversion in string.Formatter().parse(message):
            assert field is None or field.isidentifier(), message
