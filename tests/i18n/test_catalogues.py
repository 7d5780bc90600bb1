"""The catalogues hold everything the program and its instruments say, and nothing that would fail when it is said."""

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.mofile import write_mo

from capacity_app.domain.assessment.answers import clean_text
from capacity_app.i18n.catalogues import glossary, has_same_placeholders, read_catalogue
from capacity_app.i18n.languages import translated_languages
from tools.translations.catalogues import (
    ROOT,
    instrument_folders,
    instrument_template,
    missing,
    program_file,
    program_template,
)

_LABEL = 60
"""Letters a label has at most; a longer text only speaks of access keys."""
_SAY = frozenset({"counted", "gettext", "ngettext", "say", "_", "translate"})
"""The names under which a sentence is said; what is said by another one would be missing in every catalogue."""


@pytest.fixture(scope="module")
def template() -> Catalog:
    return program_template()


def _ids(catalogue: Catalog) -> set[tuple[object, object]]:
    return {(message.context, message.id) for message in catalogue if message.id}


def _read(file: Path) -> Catalog:
    found = read_catalogue(file)
    assert found is not None, file
    return found


def _originals(message: Message) -> Iterator[str]:
    yield from message.id if isinstance(message.id, tuple) else (str(message.id),)


def _texts(message: Message) -> Iterator[str]:
    yield from message.string if isinstance(message.string, tuple) else (str(message.string),)


def test_every_term_has_a_definition_and_a_translation_into_every_language() -> None:
    lines = (ROOT / "resources" / "translations" / "terms.tsv").read_text("utf-8").splitlines()
    head, *rows = (line.split("\t") for line in lines)
    assert head == ["term", "definition", "not_to_use", *head[3:]]
    assert sorted(head[3:]) == sorted(translated_languages())
    for row in rows:
        assert len(row) == len(head), row[0]
        assert all(cell.strip() == cell and cell for cell in row), row[0]
        assert row[1].endswith("."), row[0]
    assert len({row[0] for row in rows}) == len(rows)
    assert glossary("fr")[0].translation == rows[0][head.index("fr")]


def test_no_label_is_a_word_that_the_terms_replace(template: Catalog) -> None:
    lines = (ROOT / "resources" / "translations" / "terms.tsv").read_text("utf-8").splitlines()[1:]
    terms = {line.split("\t")[0] for line in lines}
    replaced = {word for line in lines for word in line.split("\t")[2].split(", ")} - terms
    labels = {text.strip(" .:…&").casefold() for message in template if message.id for text in _originals(message)}
    assert labels & replaced == set()


@pytest.mark.parametrize("part", ["guide", "headquarters", "security", "checking", "translating"])
def test_the_guide_names_labels_as_the_window_does(part: str, template: Catalog) -> None:
    text = (ROOT / "resources" / "guide" / "en" / f"{part}.md").read_text("utf-8")
    said = {_plain(original) for message in template if message.id for original in _originals(message)}
    chapters = {_plain(line.lstrip("# ")) for line in text.splitlines() if line.startswith("#")}
    names = {label for quoted in re.findall(r"“([^”]+)”", text) if (label := _plain(quoted)) not in said | chapters}
    assert names - {"name (recovered date)", "installation of capacity-app"} == set()


@pytest.mark.parametrize("language", translated_languages())
def test_a_translated_guide_names_labels_as_the_window_does(language: str) -> None:
    said: dict[str, set[str]] = {}
    for message in _read(program_file(language)):
        for original, text in zip(_originals(message), _texts(message), strict=False):
            said.setdefault(_plain(original), set()).add(_plain(re.sub(r"\(&\w\)", "", text)))
    for file in (ROOT / "resources" / "guide" / language).glob("*.md"):
        original, text = (
            (ROOT / "resources" / "guide" / folder / file.name).read_text("utf-8") for folder in ("en", language)
        )
        quoted = re.findall(r"“([A-Z][^”]+)”|\*\*([A-Z][^*]+)\*\*", original)
        labels = {label for pair in quoted for label in "".join(pair).split(" › ")}
        names = {label: said[_plain(label)] for label in labels if _plain(label) in said}
        assert {label: name for label, name in names.items() if not any(one in _plain(text) for one in name)} == {}, (
            file
        )


def _plain(label: str) -> str:
    shown = re.sub(r"\{\w+\}", "…", label.replace("&", ""))
    return " ".join(shown.split()).rstrip("….,").casefold()


@pytest.mark.translations
@pytest.mark.parametrize("language", translated_languages())
def test_the_program_says_everything_in_every_language(language: str, template: Catalog) -> None:
    catalogue = _read(program_file(language))
    assert _ids(catalogue) == _ids(template), "run make translations"
    assert [message.id for message in missing(catalogue)] == []


@pytest.mark.translations
@pytest.mark.parametrize("folder", instrument_folders(), ids=lambda folder: folder.name)
@pytest.mark.parametrize("language", translated_languages())
def test_every_instrument_is_worded_in_every_language(language: str, folder: Path) -> None:
    catalogue = _read(folder / f"{language}.po")
    assert _ids(catalogue) == _ids(instrument_template(folder)), "run make translations"
    assert [message.context for message in missing(catalogue)] == []


@pytest.mark.parametrize("language", translated_languages())
def test_what_is_compiled_is_what_is_translated(language: str) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, _read(program_file(language)))
    assert program_file(language).with_suffix(".mo").read_bytes() == compiled.getvalue(), "run make .venv/.run"


@pytest.mark.parametrize("language", translated_languages())
def test_no_translation_can_fail_when_it_is_said(language: str) -> None:
    files = (program_file(language), *(folder / f"{language}.po" for folder in instrument_folders()))
    for message in (one for file in files for one in _read(file) if one.id):
        assert has_same_placeholders(message), message.id
        for text in _texts(message):
            assert clean_text(text).strip() == text.strip(), (message.id, text)


@pytest.mark.parametrize("language", translated_languages())
def test_an_access_key_stays_one(language: str) -> None:
    for message in _read(program_file(language)):
        is_label = isinstance(message.id, str) and re.search(r"&\w", message.id) and len(message.id) < _LABEL
        if is_label and message.string:
            assert len(re.findall(r"&\w", str(message.string))) == 1, (message.id, message.string)


@pytest.mark.check
def test_every_sentence_is_said_by_a_name_that_is_gathered() -> None:
    aliases: dict[str, Path] = {}
    for file in (ROOT / "capacity_app").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Assign):
                aliases |= dict.fromkeys(_named(node), file)
    assert {name: file.name for name, file in aliases.items() if name not in _SAY} == {}


def _named(node: ast.Assign) -> Iterator[str]:
    """Yield the names that an assignment gives to what translates."""
    target, value = node.targets[0], node.value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        pairs = zip(target.elts, value.elts, strict=False)
    else:
        pairs = zip((target,), (value,), strict=True)
    for name, said in pairs:
        if isinstance(name, ast.Name) and isinstance(said, ast.Attribute) and said.attr in {"gettext", "ngettext"}:
            yield name.id


@pytest.mark.check
def test_every_sentence_is_found_by_who_gathers(template: Catalog) -> None:
    """Such as one inside of an f-string, where Babel finds none."""
    known = {text for message in template for text in (message.id if isinstance(message.id, tuple) else (message.id,))}
    said = {
        text for file in (ROOT / "capacity_app").rglob("*.py") for text in _said(ast.parse(file.read_text("utf-8")))
    }
    assert {text for text in said - known if any(map(str.isalpha, text))} == set()


def _said(tree: ast.AST) -> Iterator[str]:
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        texts = call.args[: 2 if name in {"counted", "ngettext"} else 1] if name in {*_SAY, "N_"} else []
        yield from (one.value for one in texts if isinstance(one, ast.Constant) and isinstance(one.value, str))
