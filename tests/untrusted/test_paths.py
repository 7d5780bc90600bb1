"""No name that comes in a file names a file to be opened: neither a language nor an instrument."""

from pathlib import Path

import pytest

from capacity_app.i18n import catalogues
from capacity_app.i18n.catalogues import wording_languages
from capacity_app.i18n.translator import Translator


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    """Lay out a wording in a folder of its own."""
    file = tmp_path / "canary" / "en.po"
    file.parent.mkdir()
    file.write_text('msgid ""\nmsgstr ""\n')
    return file


@pytest.mark.parametrize("name", ["../canary", "..", "/{folder}", "../../../../../..{folder}", "a/b", "x\0", ""])
def test_no_language_and_no_instrument_is_a_path(name: str, canary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened_files: list[Path] = []

    def read(file: Path) -> dict[tuple[str, str], str]:
        opened_files.append(file)
        return {}

    monkeypatch.setattr(catalogues, "read_wording", read)
    name = name.replace("{folder}", str(canary.parent))
    for language, instrument in ((name, "small"), ("en", name), (name, name)):
        words = Translator(language)
        assert words.gettext("Summary") == "Summary"
        assert words.wording(instrument, "a|text", "Some text") == "Some text"
        assert words.date("2018-11-29")
        assert words.language_name(name) == name or not name
    assert wording_languages(name) == ()
    assert opened_files == []
