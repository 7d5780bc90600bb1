"""A new language is a record in languages.py and its catalogue: it is offered, spoken and written as they say."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import capacity_app
from capacity_app import paths
from capacity_app.i18n.languages import LANGUAGES, NUMBERING_SYSTEMS, translated_languages
from tools.translations.catalogues import compile_to, kept

ROOT = Path(capacity_app.__file__).parent
PERSIAN = 'Language("fa", name="پارسی", direction="rtl", digits="arabext", list_comma=" ؛ "),'
ITS_DIGITS = '"arabext": NumberingSystem("EXTENDED ARABIC-INDIC", counter_style="persian", cell_format="[$-3000429]"),'
CATALOGUE = """
msgid ""
msgstr ""
"Language: fa\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

msgid "Where the country stands"
msgstr "پیام‌های مهم"
"""


def program_in(folder: Path) -> Path:
    """Copy the program, with its translations; instruments, fonts and the like are those of this one."""
    shutil.copytree(ROOT, folder / "capacity_app", ignore=shutil.ignore_patterns("__pycache__", "data"))
    (folder / "assessments").symlink_to(paths.instruments_folder())
    (folder / "resources").mkdir()
    for entry in paths.resources_folder().iterdir():
        if entry.name != "translations":
            (folder / "resources" / entry.name).symlink_to(entry)
    return folder


@pytest.mark.check
def test_a_new_language_is_a_record_and_a_catalogue(tmp_path: Path) -> None:
    program = program_in(tmp_path)
    records = program / "capacity_app/i18n/languages.py"
    text = records.read_text("utf-8")
    for before, record in (("_LANGUAGES = (\n", PERSIAN), ('        "arab": Numbering', ITS_DIGITS)):
        assert text.count(before) == 1
        text = text.replace(before, before + record if before.endswith("\n") else record + before)
    records.write_text(text, "utf-8")
    file = program / "resources/translations/fa/LC_MESSAGES/capacity-app.po"
    file.parent.mkdir(parents=True)
    file.write_text(CATALOGUE, "utf-8")
    compile_to(file, kept(file, "fa"))  # as the build does

    def run(*arguments: str) -> str:
        environment = os.environ | {"PYTHONPATH": str(program), "LANGUAGE": "en", "PYTHONUTF8": "1"}
        command = [sys.executable, "-m", "capacity_app", *arguments]
        done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True)
        return done.stdout

    assert "پارسی – Persian (fa)\n    The program itself" in run("languages")
    run("demo", "demo.assessment")
    run("report", "demo.assessment", "report.html", "--language", "fa-u-nu-arabext")
    report = (tmp_path / "report.html").read_text("utf-8")
    assert '<html lang="fa" dir="rtl">' in report
    assert ">پیام‌های مهم</h2>" in report
    assert "Astrid Lindqvist (lead) ؛ Daniel Okoye" in report
    assert "in the range \u2066۴۹٫۴ – ۵۳٫۱\u2069" in report


def test_each_translated_language_has_its_catalogue_and_fonts() -> None:
    folders = {file.parent.parent.name for file in paths.resources_folder().glob("translations/*/LC_MESSAGES/*.po")}
    assert folders == set(translated_languages())
    for language in LANGUAGES.values():
        assert all((paths.resources_folder() / "fonts" / file).is_file() for file in language.font_files)
        assert not language.digits or language.digits in NUMBERING_SYSTEMS
