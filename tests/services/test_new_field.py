"""A new field of a register is declared in two files, and everything that shows the register has it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

import capacity_app

ROOT = Path(capacity_app.__file__).parent
READ = """
import io
import json
import os
from pathlib import Path
from openpyxl import load_workbook
from PySide6.QtWidgets import QApplication
from capacity_app.domain.assessment.registers import DataSource
from capacity_app.domain.assessment.merging import MergeDifference, DiffKind, DifferenceVersion
from capacity_app.domain.assessment.register_fields import form_fields
from capacity_app.outputs.content.registers import entry_facts
from capacity_app.services.session.dossier_json import dossier_to_json
from capacity_app.services.reports import report_bytes
from capacity_app.i18n.translator import Translator
from capacity_app.ui.pages.deliver.difference_card import difference_fields
from capacity_app.ui.pages.prepare.entry_form import EntryForm
from capacity_app.ui.session.formatters import EntryFormatter
from capacity_app.i18n.formatter import Formatter
from tests.builders import file_of, open_session, small_dossier

source = DataSource(id="s", name="Census", custodian="Bureau of Records")
dossier = small_dossier(sources=(source,))
words = Formatter(Translator(), dossier)
app = QApplication([])
with open_session(file_of(Path.cwd(), small_dossier(sources=()))) as session:
    vocabulary = EntryFormatter(words.texts, session)
    form = EntryForm(form_fields("sources"), vocabulary)
    form.show_entry(source)
    difference = MergeDifference(id="1", fate=DiffKind.NEW, mine=DifferenceVersion(),
                                 theirs=DifferenceVersion(entry=source), register="sources")
    told = difference_fields(vocabulary, difference, difference.theirs, by_field=False)
facts = {one.label: one.text for one in entry_facts(words, "sources", source)}
book = load_workbook(io.BytesIO(report_bytes(dossier, ".xlsx", texts=Translator())))
cells = [str(cell.value) for row in book["Data sources"].iter_rows() for cell in row]
print(json.dumps({
    "form": form.editor("custodian").value(),
    "report": facts["Custodian"],
    "workbook": [cells.count("Custodian"), cells.count("Bureau of Records")],
    "json": json.loads(dossier_to_json(dossier, {}))["sources"][0]["custodian"],
    "differences": [one.text for one in told if one.label == "Custodian"],
}))
os._exit(0)
"""


def run_changed_copy(folder: Path, changes: Iterable[tuple[str, str, str]], script: str) -> str:
    """Run a script with a copy of the program in which texts of files stand changed; return what it prints."""
    shutil.copytree(ROOT, folder / ROOT.name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "resources").symlink_to(ROOT.parent / "resources", target_is_directory=True)
    for name, before, after in changes:
        file = folder / ROOT.name / name
        text = file.read_text("utf-8")
        assert text.count(before) == 1
        file.write_text(text.replace(before, after), "utf-8")
    found = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ
        | {"PYTHONPATH": os.pathsep.join((str(folder), str(ROOT.parent))), "QT_QPA_PLATFORM": "offscreen"},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    return found.stdout.strip()


@pytest.mark.check
def test_a_new_field_is_declared_in_two_files_and_seen_everywhere(tmp_path: Path) -> None:
    declared, shown = '    defects: str = ""\n', '    _F("defects", N_("Known defects"), _K.TEXT),\n'
    changes = (
        ("domain/assessment/registers.py", declared, f'{declared}    custodian: str = ""\n'),
        ("domain/assessment/register_fields.py", shown, f'{shown}    _F("custodian", N_("Custodian")),\n'),
    )
    assert run_changed_copy(tmp_path, changes, READ) == (
        '{"form": "Bureau of Records", "report": "Bureau of Records", "workbook": [1, 1], '
        '"json": "Bureau of Records", "differences": ["Bureau of Records"]}'
    )
