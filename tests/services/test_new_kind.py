"""A new kind of answer is declared in one file, and everything that asks, reads or shows answers knows it."""

import json
from pathlib import Path

import pytest

from tests.services.test_new_field import run_changed_copy

KIND = '    URL = "url"\n'
RECORD = "    AnswerKind.URL: KindInfo(\n"
MONEY = """    AnswerKind.MONEY: KindInfo(
        value_type=ValueType.INTEGER,
        usual_range=(0, None),
        hint=N_("An amount in US dollars"),
        paper_hint=N_("Write the amount in US dollars"),
        widths=ColumnWidths(screen=11, workbook=15, paper=32),
    ),
"""
READ = """
import io
import json
import os
from pathlib import Path
from openpyxl import load_workbook
from PySide6.QtWidgets import QApplication
from capacity_app.domain.assessment.answer_rules import check_value
from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.blank_form.form import form_content, form_html
from capacity_app.questionnaires.xlsform.exporter import export_form
from capacity_app.questionnaires.xlsform.form import field_name, form_workbook
from capacity_app.services.reports import report_bytes
from capacity_app.ui.question_widgets.choice_editors import answer_editor
from capacity_app.ui.question_widgets.typed_editors import EditedField
from capacity_app.ui.session.controller import SessionController, WriterSignals
from capacity_app.ui.session.formatters import SessionFormatter
from tests.builders import file_of, open_session, small_dossier
from tests.domain.making import instrument, question, say, section
from tests.outputs.workbook.returning.patching import Sent
from tests.questionnaires.xlsform.holding import there_and_back

cost = question("i.cost", AnswerKind.MONEY)
asked = instrument(section("i", cost))
dossier = small_dossier(asked, answers=(say("i.cost", 1200, who="agency-nso"),), actions=(), ratings=())
words = Formatter(Translator(), dossier)

app = QApplication([])
with open_session(file_of(Path.cwd(), dossier)) as session:
    controller = SessionController(session, WriterSignals())
    editor = answer_editor(EditedField(controller, SessionFormatter(Translator(), session), cost, cost, "Cost"))
    typed = []
    editor.answered.connect(lambda value, _run: typed.append(value))
    for text in ("-5", "1 500"):
        editor.field.setText(text)
        editor.flush()
    placeholder = editor.field.placeholderText()

sent = Sent(dossier)
form = load_workbook(io.BytesIO(form_workbook(export_form(asked, (), "0" * 64))))
heads = [cell.value for cell in form["survey"][1]]
rows = [dict(zip(heads, (cell.value for cell in row))) for row in form["survey"].iter_rows(min_row=2)]
back, _ = there_and_back(asked, Path.cwd() / "form")
print(json.dumps({
    "checked": [bool(check_value(cost, value, Address("i.cost"))) for value in (-5, 1200)],
    "typed": typed,
    "placeholder": placeholder,
    "workbook": load_workbook(io.BytesIO(sent.content))[sent.place("i.cost")[0]][sent.place("i.cost")[1]].value,
    "returned": [one.now.value for one in sent.said({"i.cost": 1700}).edited],
    "refused": [one.code for one in sent.said({"i.cost": -5}).problems],
    "xlsform": [[row["type"], row["constraint"]] for row in rows if row["name"] == field_name(Address("i.cost"))],
    "imported": back.question_by_id["i.cost"].kind,
    "report": ">1,200<" in report_bytes(dossier, ".html", texts=Translator()).decode(),
    "blank form": "Write the amount in US dollars" in form_html(form_content(words, asked.sections), words.texts),
}))
os._exit(0)
"""


@pytest.mark.check
def test_a_new_kind_of_answer_is_declared_in_one_file_and_known_everywhere(tmp_path: Path) -> None:
    changes = (
        ("domain/questionnaire/kinds.py", KIND, f'{KIND}    MONEY = "money"\n'),
        ("domain/questionnaire/kinds.py", RECORD, f"{MONEY}{RECORD}"),
    )
    assert json.loads(run_changed_copy(tmp_path, changes, READ)) == {
        "checked": [True, False],
        "typed": [1500],
        "placeholder": "An amount in US dollars",
        "workbook": 1200,
        "returned": [1700],
        "refused": ["cell.value"],
        "xlsform": [["integer", ". >= 0"]],
        "imported": "money",
        "report": True,
        "blank form": True,
    }
