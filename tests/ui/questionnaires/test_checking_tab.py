"""The check of a questionnaire in the window, and its preview: every line leads to its question, nothing is kept."""

import os
import tempfile
import time
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from capacity_app import paths
from capacity_app.domain.assessment.answers import Address, AnswerState, Content
from capacity_app.files.private_folders import PREFIX
from capacity_app.i18n.translator import Translator
from capacity_app.ui.pages.questionnaires.check_tab import QuestionnaireCheckTab
from capacity_app.ui.pages.questionnaires.questionnaire_preview import QuestionnairePreview
from capacity_app.ui.pages.questionnaires.questionnaires_page import QuestionnairesPage
from capacity_app.ui.widgets.banners import Banner
from tests.cli.test_instrument import WEAK
from tests.questionnaires.writing import HEAD, SECTION, write
from tests.ui.office import Office, front

PATIENCE_MS = 60_000
STALL_SECONDS = 5

DOUBLED = f"""{WEAK}
[[question]]
id = "r.again"
number = "1.1"
text = "Are readers asked again?"
type = "yes_no"
provenance = "P"
"""
"""A question that is never asked, and two with one number."""

ASKED = """
[[question]]
id = "r.count"
number = "1.1"
text = "Are visitors counted?"
type = "yes_no"
provenance = "P"

[[question]]
id = "r.more"
number = "1.2"
text = "Are they counted every day?"
type = "yes_no"
provenance = "P"
show_if = { question = "r.count", is = "yes" }
"""
FRENCH = """msgid ""
msgstr ""
"Language: fr\\n"
"Content-Type: text/plain; charset=utf-8\\n"

msgctxt "small|r.count|text"
msgid "Are visitors counted?"
msgstr "Compte-t-on les visiteurs ?"
"""


def tab_of(office: Office, *, waits: bool = True) -> QuestionnaireCheckTab:
    office.window.show_window_page("library")
    library = front(office.window, QuestionnairesPage)
    assert library is not None
    tab = library.views[0]
    assert isinstance(tab, QuestionnaireCheckTab)
    if waits:
        settle(office, tab)
    return tab


def settle(office: Office, tab: QuestionnaireCheckTab) -> None:
    office.settle()
    office.until(lambda: not tab.check.is_running, PATIENCE_MS)
    office.settle()


def on(office: Office, folder: Path, text: str) -> QuestionnaireCheckTab:
    """Check a folder of one's own."""
    folder.mkdir(exist_ok=True)
    write(folder, text)
    tab = tab_of(office, waits=False)
    tab.check_folder(folder)
    settle(office, tab)
    return tab


def titles(tab: QuestionnaireCheckTab) -> list[str]:
    return [line.title for root in tab.tree.nodes.roots for line in root.lines()]


def trials() -> list[Path]:
    return [*Path(tempfile.gettempdir()).glob(f"{PREFIX}*/*.assessment")]


def previewed(tab: QuestionnaireCheckTab) -> QuestionnairePreview:
    assert tab.preview is not None
    assert tab.preview.page is not None
    return tab.preview


def is_hidden(preview: QuestionnairePreview, question: str) -> bool:
    return preview.controller.session.sheet.blocks[question].is_hidden


@pytest.mark.check
def test_a_shipped_questionnaire_is_read_at_once_and_its_remarks_are_counted(office: Office) -> None:
    tab = tab_of(office)
    assert "no errors" in tab.said.text()
    groups = [(root.title, root.count) for root in tab.tree.nodes.roots]
    assert groups[-1][0] == "Translations of the wording"
    assert sum(count for _title, count in groups) == len(tab.lines)
    assert tab.preview_button.isEnabled()
    assert not tab.use.isVisible()


@pytest.mark.check
def test_words_and_kinds_narrow_the_list(office: Office, tmp_path: Path) -> None:
    tab = on(office, tmp_path / "mine", DOUBLED)
    everything = titles(tab)
    tab.typed.setText("1.2 fulfil")
    assert titles(tab) == [line for line in everything if "fulfil" in line]
    tab.typed.clear()
    tab.kind.setCurrentIndex(tab.kind.findData("numbers"))
    assert [root.title for root in tab.tree.nodes.roots] == ["Printed numbers"]
    tab.typed.setText("nowhere")
    assert titles(tab) == []
    assert tab.tree.isHidden()


@pytest.mark.check
def test_a_line_leads_to_its_question_in_the_preview(office: Office, tmp_path: Path) -> None:
    tab = on(office, tmp_path / "mine", DOUBLED)
    tab.typed.setText("several questions")
    tab.tree.setFocus()
    tab.tree.choose(tab.tree.nodes.roots[0].children[0].key)
    office.press("Return")
    preview = previewed(tab)
    assert preview.isVisible()
    assert preview.page is not None
    assert preview.page._here == Address("r.survey")
    preview.close_button.click()
    office.settle()
    assert tab.isVisible()


@pytest.mark.check
def test_answers_are_tried_and_forgotten_and_nothing_is_left_behind(office: Office, tmp_path: Path) -> None:
    before = set(trials())
    tab = on(office, tmp_path / "mine", ASKED)
    tab.preview_button.click()
    preview = previewed(tab)
    session = preview.controller.session
    assert is_hidden(preview, "r.more")
    preview.controller.record(
        preview.controller.key(Address("r.count")), Content(state=AnswerState.ANSWERED, value="yes")
    )
    assert not is_hidden(preview, "r.more")
    office.until(lambda: "1 100.0" in preview.scores.text())
    assert len(set(trials()) - before) == 2
    preview.again.click()
    office.settle()
    assert preview.controller.session is not session
    assert is_hidden(preview, "r.more")
    assert "Answer a scored question" in preview.scores.text()
    preview.close_button.click()
    library = front(office.window, QuestionnairesPage)
    assert library is not None
    library.back.click()
    office.settle()
    assert set(trials()) <= before
    assert not [*tmp_path.rglob("*.assessment")]


@pytest.mark.check
def test_the_preview_speaks_the_languages_beside_the_questionnaire(office: Office, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "fr.po").write_text(FRENCH, "utf-8")
    tab = on(office, tmp_path / "mine", ASKED)
    tab.show_preview(Address("r.count"))
    preview = previewed(tab)
    assert [preview.language.itemData(n) for n in range(preview.language.count())] == ["en", "fr"]
    preview.language.setCurrentIndex(1)
    office.settle()
    page = preview.page
    assert page is not None
    question = preview.controller.session.instrument.question_by_id["r.count"]
    assert page.wording.question(question) == "Compte-t-on les visiteurs ?"
    assert page.wording.texts.language == Translator().language
    assert page._here == Address("r.count")


@pytest.mark.check
def test_what_was_edited_meanwhile_is_read_again(office: Office, tmp_path: Path) -> None:
    tab = on(office, tmp_path / "mine", WEAK)
    part = tmp_path / "mine" / "1.toml"
    good = part.read_text("utf-8")
    part.write_text(good.replace('type = "yes_no"', 'type = "yes_on"'), "utf-8")
    tab.again.click()
    settle(office, tab)
    assert "1 error" in tab.said.text()
    assert tab.tree.nodes.roots[0].title == "Errors: the questionnaire cannot be used"
    assert not tab.preview_button.isEnabled()
    assert not tab.use.isVisible()
    part.write_text(good, "utf-8")
    tab.again.click()
    settle(office, tab)
    assert "no errors" in tab.said.text()
    assert tab.preview_button.isEnabled()


@pytest.mark.check
def test_a_folder_is_chosen_and_taken_over(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tab = tab_of(office)
    folder = write(tmp_path, ASKED)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(folder))
    tab.other.click()
    settle(office, tab)
    assert tab.use.isVisible()
    tab.use.click()
    office.until(lambda: not tab.taking.is_running, PATIENCE_MS)
    settle(office, tab)
    assert (paths.user_instruments_folder() / "small" / "instrument.toml").is_file()
    library = front(office.window, QuestionnairesPage)
    assert library is not None
    assert library.entry is not None
    assert library.entry.id == "small"
    assert not tab.use.isVisible()
    (folder / "1.toml").write_text((folder / "1.toml").read_text("utf-8").replace("every day", "at night"), "utf-8")
    tab.check_folder(folder)
    settle(office, tab)
    tab.use.click()
    office.until(lambda: not tab.taking.is_running, PATIENCE_MS)
    office.settle()
    assert "says something else" in office.part(Banner, "checking_outcome").sentence


@pytest.mark.check
def test_a_new_version_gets_a_draft_of_its_migration_file(office: Office, tmp_path: Path) -> None:
    tab = on(office, tmp_path / "first", ASKED)
    assert not tab.draft.isVisible()
    tab.use.click()
    office.until(lambda: not tab.taking.is_running, PATIENCE_MS)
    settle(office, tab)
    later = tmp_path / "second"
    head = HEAD.replace('version = "1.0"', 'version = "1.1"')
    tab = on(office, later, f"{ASKED.replace('every day', 'every night')}\n--- instrument.toml\n{head}")
    assert tab.draft.isVisible()
    tab.draft.click()
    office.until(lambda: not tab.drafting.is_running, PATIENCE_MS)
    drafted = (later / "migrations" / "1.0-1.1.toml").read_text(encoding="utf-8")
    assert "reworded" in drafted
    assert "every day" in drafted
    tab.draft.click()
    office.until(lambda: not tab.drafting.is_running, PATIENCE_MS)
    assert "was not changed" in office.part(Banner, "checking_outcome").sentence


@pytest.mark.check
def test_a_folder_without_a_questionnaire_is_told(office: Office, tmp_path: Path) -> None:
    tab = tab_of(office, waits=False)
    tab.check_folder(tmp_path / "nowhere")
    settle(office, tab)
    assert "1 error" in tab.said.text()
    assert not tab.preview_button.isEnabled()
    assert str(tmp_path / "nowhere") in tab.path.text()
    tab.chosen.click()
    settle(office, tab)
    assert "no errors" in tab.said.text()
    assert tab.path.isHidden()


@pytest.mark.long
def test_two_thousand_questions_are_checked_and_previewed(office: Office, tmp_path: Path) -> None:
    parts = [f"{n}.toml" for n in range(20 if os.environ.get("CAPACITY_TORTURE") == "1" else 5)]
    folder = tmp_path / "large"
    folder.mkdir()
    (folder / "instrument.toml").write_text(HEAD.replace('["1.toml"]', str(parts).replace("'", '"')), "utf-8")
    for n, name in enumerate(parts):
        head = SECTION.replace('"r"', f'"r{n}"').replace('number = "1"', f'number = "{n}"')
        asked = "".join(
            f'[[question]]\nid = "r{n}.q{q}"\nnumber = "{n}.{q}"\ntext = "Is thing {n} {q} counted?"\n'
            'type = "yes_no"\nprovenance = "P"\n'
            for q in range(100)
        )
        (folder / name).write_text(head + asked, "utf-8")
    tab = tab_of(office, waits=False)
    tab.check_folder(folder)
    settle(office, tab)
    assert "no errors" in tab.said.text()
    begun = time.perf_counter()
    tab.show_preview(Address(f"r{len(parts) - 1}.q99"))
    assert previewed(tab).isVisible()
    assert time.perf_counter() - begun < STALL_SECONDS
