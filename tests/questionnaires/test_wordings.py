"""An instrument in other languages: every text has a key, and every translation file fits the instrument beside it."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from capacity_app import paths
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.questionnaire.instrument import Instrument, wording_places
from capacity_app.i18n.catalogues import wording_languages
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.questionnaires.library import list_instruments
from capacity_app.questionnaires.reader import offered_supplements, read_instrument
from capacity_app.ui.session.formatters import SessionFormatter as LiveWording
from tests.builders import ASSESSMENT_ID

FOLDERS = sorted(folder for folder in paths.instruments_folder().iterdir() if folder.is_dir())
BUNDLED = list_instruments([paths.instruments_folder()])
FILES = [file for folder in FOLDERS for file in sorted(folder.glob("*.po"))]
LONGEST = 2.2
"""How many times as long as the original a translation of more than a few words may be."""


def whole(folder: Path) -> Instrument:
    supplements = tuple(supplement.id for supplement in offered_supplements(folder))
    instrument, problems = read_instrument(folder, supplements)
    assert instrument is not None, problems
    return instrument


def translated(file: Path) -> Catalog:
    with file.open("rb") as stream:
        return read_po(stream, abort_invalid=True)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_text_has_a_key_of_its_own(folder: Path) -> None:
    keys = [key for key, _ in wording_places(whole(folder))]
    assert len(keys) == len(set(keys))
    assert all(key.count("|") == 1 for key in keys)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name} {file.stem}")
def test_a_translation_has_every_text_of_the_version_it_names_and_none_of_another_questionnaire(file: Path) -> None:
    """Versions that came before share the file, so that their assessments are translated too."""
    catalogue = translated(file)
    same = {one.version: one for one in BUNDLED if one.id == file.parent.name}
    wanted = {
        version: {(f"{one.id}|{key}", text) for key, text in wording_places(whole(one.folder))}
        for version, one in same.items()
    }
    found = {(entry.context, entry.id) for entry in catalogue if entry.id}
    assert found - set().union(*wanted.values()) == set()
    assert wanted[catalogue.version] - found == set()


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name} {file.stem}")
def test_a_translation_keeps_braces_and_is_not_much_longer(file: Path) -> None:
    for entry in translated(file):
        if entry.id and entry.string:
            text, said = str(entry.id), str(entry.string)
            assert sorted(re.findall(r"\{[^}]*\}", text)) == sorted(re.findall(r"\{[^}]*\}", said)), entry.context
            assert len(said) <= max(LONGEST * len(text), len(text) + 30), entry.context


def test_the_header_says_who_has_reviewed_a_translation() -> None:
    for file in FILES:
        assert "unreviewed" in file.read_text("utf-8").partition("msgid")[0], file


@pytest.fixture
def marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Instrument:
    """Return the toolkit with a translation in which every text is its own key."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    instrument = whole(paths.instruments_folder() / "unsd-nmdc")
    folder = paths.user_instruments_folder() / instrument.id
    folder.mkdir(parents=True)
    catalogue = Catalog(locale="eo")
    for key, text in wording_places(instrument):
        catalogue.add(text, f"«{key}»", context=f"{instrument.id}|{key}")
    with (folder / "eo.po").open("wb") as stream:
        write_po(stream, catalogue)
    return instrument


def test_every_word_a_person_reads_of_an_instrument_is_looked_up(marked: Instrument) -> None:
    assert "eo" in wording_languages(marked.id)
    formatter = Formatter(Translator("eo"), Dossier(id=ASSESSMENT_ID, instrument=marked))
    known = {f"«{key}»" for key, _ in wording_places(marked)}
    said: set[str] = {formatter.instrument_title}
    for section in marked.sections:
        said |= {formatter.section(section), formatter.introduction(section)}
        for question in section.questions:
            said |= {formatter.question(question), formatter.instrument_text(question.id, "heading", question.heading)}
            for part in ("definition", "respondent_help", "evidence_hint"):
                said.add(LiveWording.part(formatter, question, part))  # type: ignore[arg-type]
            for row in question.rows:
                said |= {formatter.row(question, row), formatter.row_heading(question, row)}
                for part in ("definition", "preset_reason"):
                    said.add(LiveWording.row_part(formatter, question, row, part))  # type: ignore[arg-type]
            for field in (question, *question.columns):
                said |= {formatter.anchor(question, field, level) for level in range(4)}
                said |= {formatter.option(question, field, option) for option in field.options}
    said |= {formatter.column(q, column) for q in marked.questions() for column in q.columns}
    assert said - known == {""}
    assert len(said) > 1_400


def test_a_damaged_translation_is_as_if_it_were_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    folder = paths.user_instruments_folder() / "unsd-nmdc"
    folder.mkdir(parents=True)
    (folder / "eo.po").write_bytes(b'msgid "a\nmsgstr \xff\xfe')
    assert Translator("eo").wording("unsd-nmdc", "i.law|text", "The law") == "The law"
