"""Every screen a person can come to, one after the other: for tests that look at all of them, and for the pictures."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtWidgets import QTabBar, QWidget

from capacity_app.domain.assessment.answers import Address, AnswerState, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Mission
from capacity_app.domain.backup_retention import BackupReason
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.scoring.answer_sheet import AnswerItem
from capacity_app.i18n.catalogues import wording_languages
from capacity_app.i18n.translator import Translator
from capacity_app.services import backups
from capacity_app.services.protection import protect
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.demonstration import demonstration_instrument
from capacity_app.ui.pages.analyse.scores_page import ScoresPage
from capacity_app.ui.pages.answer.presentation_view import PresentationView
from capacity_app.ui.pages.answer.questionnaire_page import QuestionnairePage
from capacity_app.ui.pages.deliver.blank_form import BlankFormPage
from capacity_app.ui.pages.deliver.import_page import ImportPage
from capacity_app.ui.pages.deliver.import_preview import ImportPreview
from capacity_app.ui.pages.deliver.report_page import ReportPage, ReportTextsDialog
from capacity_app.ui.pages.file_safety.backups_page import BackupsPage
from capacity_app.ui.pages.file_safety.passphrase_fields import UnlockPage
from capacity_app.ui.pages.file_safety.protection_page import ProtectionPage
from capacity_app.ui.pages.file_safety.rescue_page import RescuePage
from capacity_app.ui.pages.headquarters.headquarters_page import HeadquartersPage
from capacity_app.ui.pages.prepare.registers_page import RegistersPage
from capacity_app.ui.pages.questionnaires.questionnaires_page import QuestionnairesPage
from capacity_app.ui.pages.start.new_assessment import NewAssessmentPage
from capacity_app.ui.question_widgets.grid_card import takes_page
from capacity_app.ui.shell.guide import KEYBOARD, GuideWindow
from capacity_app.ui.shell.page_table import PAGES, TASK_PAGES
from capacity_app.ui.widgets.flow import TabRow
from tests.builders import file_of
from tests.libraries import answered_first, as_migrated, lay_out_versions
from tests.repositories import repository_of
from tests.ui.deliver.returning import merge_previewed, read, sent_back
from tests.ui.office import Office, front

Screen = tuple[str, QWidget]
INSPECTOR_TABS = ("guidance", "answers", "evidence", "history")
_TABS = {
    "availability": ("availability", "child-lens"),
    "gaps": ("gaps", "gap-board", "to-verify", "plan", "timeline", "costs", "training"),
}
"""What the tabs of a page are called; the first as the page itself."""
_WALKED = frozenset({"versions", "backups", "everything", "protection"})
"""Pages without a task that have steps of their own below."""
_BUILDING_MS = 5_000


def every_screen(office: Office) -> Iterator[Screen]:
    """Go through all screens of an office with an open assessment: names ("gap-board") and widgets.

    Last come those of an assessment in which nothing has been answered ("empty-plan"), made for it.
    """
    for place in TASK_PAGES:
        yield from _SPECIAL.get(place.name, _tabs)(office, place.name)
    yield from _kept_and_taken_along(office)
    yield from _around(office)
    yield from _rescue(office)
    yield from _swapped(office)
    yield from _unanswered(office)
    yield from _versions(office)
    yield from _protection(office)
    for page in PAGES:
        if page.task is None and page.name not in _WALKED:
            yield from _tabs(office, page.name)


def _tabs(office: Office, name: str) -> Iterator[Screen]:
    """Go through the tabs of a page; a page without tabs is one screen."""
    office.desk.show_page(name)
    page = office.desk.page(name)
    row = next((row for row in page.findChildren(TabRow) if row.isVisible()), None)
    if row is None or name not in _TABS:
        yield name, _settled(office, page)
        return
    assert not page.findChildren(QTabBar), "tabs that do not wrap"
    for tab, title in enumerate(_TABS[name]):
        row.setCurrentIndex(tab)
        yield title, _settled(office, page)
    assert row.count() == len(_TABS[name])
    row.setCurrentIndex(0)


def _questionnaire(office: Office, name: str) -> Iterator[Screen]:
    desk = office.desk
    page = office.page(QuestionnairePage, name)
    cell, level = _places(office)
    _go(office, page, cell)
    yield f"{name}-table", _settled(office, page)
    yield from _inspector(office, page, "cell")
    _go(office, page, level)
    yield from _inspector(office, page, "level")
    yield from _room(office, page, level)
    yield from _room(office, page, cell)
    if languages := wording_languages(desk.session.instrument.id):
        desk.show_second(Translator(languages[0]))
        yield f"{name}-second", _settled(office, page)
        _go(office, page, cell)
        yield f"{name}-table-second", _settled(office, page)
        desk.show_second(None)
    if large := next((item.address for item in office.session.sheet.items() if takes_page(item.question)), None):
        _go(office, page, large)
        yield f"{name}-large-table", _settled(office, page)
        page.page().show_questions()
        yield f"{name}-part-of-large-table", _settled(office, page)
    _go(office, page, desk.first_address)
    yield name, _settled(office, page)


def _room(office: Office, page: QuestionnairePage, address: Address) -> Iterator[Screen]:
    """Show a place to the people across the table, and go back."""
    _go(office, page, address)
    office.window.menus.actions["room"].trigger()
    (room,) = _open_rooms(office)
    yield f"room-{address.question if not address.row else 'row'}", _settled(office, room)
    room.reject()
    office.settle()


def _open_rooms(office: Office) -> list[PresentationView]:
    return [view for view in office.window.findChildren(PresentationView) if view.isVisible()]


def _library(office: Office) -> Iterator[Screen]:
    """Go through the tabs about questionnaires and languages."""
    office.window.menus.actions["library"].trigger()
    page = front(office.window, QuestionnairesPage)
    assert page is not None
    for tab in range(page.tabs.count()):
        page.tabs.setCurrentIndex(tab)
        yield f"library-{tab}", _settled(office, page)
    page.left.emit()


def _go(office: Office, page: QuestionnairePage, address: Address) -> None:
    """Go to a place; the panel follows at once."""
    office.desk.show_address(address)
    page.inspector.follow_now()


def _places(office: Office) -> tuple[Address, Address]:
    """Find a cell of a table, and a question with levels whose answers differ."""
    items = list(office.session.sheet.items())
    cell = next(item for item in items if item.row is not None)
    level = next((item for item in items if _is_disputed_level(item)), items[0])
    assert level.answer.conflict or not office.session.dossier().answers
    return cell.address, level.address


def _is_disputed_level(item: AnswerItem) -> bool:
    return item.row is None and item.field.kind is AnswerKind.LEVEL and bool(item.answer.conflict)


def _inspector(office: Office, page: QuestionnairePage, where: str) -> Iterator[Screen]:
    """Go through the tabs of the panel beside the questions."""
    page.focus_inspector()
    for tab, title in enumerate(INSPECTOR_TABS):
        page.inspector.tabs.setCurrentIndex(tab)
        yield f"inspector-{where}-{title}", _settled(office, page.inspector)
    page.inspector.tabs.setCurrentIndex(0)
    page.return_focus()


def _scores(office: Office, name: str) -> Iterator[Screen]:
    page = office.page(ScoresPage, name)
    for row in page.sections.rows.values():
        row.head.setChecked(True)
    yield name, _settled(office, page)
    for row in page.sections.rows.values():
        row.head.setChecked(False)


def _agencies(office: Office, name: str) -> Iterator[Screen]:
    yield from _tabs(office, name)
    page = office.page(RegistersPage, name)
    pane = page.pane
    if pane.entry_id:
        pane.open_merge_card()
        yield f"{name}-join", _settled(office, page)
        pane.join.close_card()


def _exchange(office: Office, name: str) -> Iterator[Screen]:
    """Go through a file taken in and taken back, and through a merge; at the end everything is as before."""
    yield from _tabs(office, name)
    page = office.page(ImportPage, name)
    item = next(
        item for item in office.session.sheet.items() if item.row is None and item.field.kind is AnswerKind.LEVEL
    )
    edits = {f"{item.address}": 1, f"{item.address} @note": "As agreed.", f"{item.address} @remarks": "Since when?"}
    file = sent_back(office, f"{office.session.file.stem}.xlsx", edits, strays={"B2": "Please call."})
    page.preview(file, read(office, file))
    yield f"{name}-intake", _settled(office, page)
    view = page.view
    assert isinstance(view, ImportPreview)
    view.head.agency.setCurrentIndex(1)
    if view.head.chosen:
        view.take.click()
        yield f"{name}-taken", _settled(office, page)
        page.overview.detail.undo.click()
        yield f"{name}-taking-back", _settled(office, page)
        office.desk.controller.undo()
    page.show_overview()
    merge_previewed(office, _other_officer(office, item.address))
    yield f"{name}-merge", _settled(office, page)
    page.show_overview()
    office.desk.controller.undo()


def _other_officer(office: Office, address: Address) -> Path:
    """Have another officer answer otherwise in a copy than is then answered here."""
    copy = office.session.file.with_name(f"{office.session.file.stem}-other.assessment")
    office.session.save_copy(copy)
    key = office.desk.controller.key(address)
    with AssessmentSession(copy, device="otherlaptop", author="B. Officer") as session:
        session.record(key, Content(state=AnswerState.ANSWERED, value=0, note="Seen on paper."))
    office.desk.controller.record(key, Content(state=AnswerState.ANSWERED, value=2))
    return copy


def _report(office: Office, name: str) -> Iterator[Screen]:
    yield from _tabs(office, name)
    page = office.page(ReportPage, name)
    page.report.texts.click()
    office.settle()
    dialog = page.findChild(ReportTextsDialog)
    assert dialog is not None
    yield f"{name}-texts", _settled(office, dialog)
    dialog.reject()


_SPECIAL: dict[str, Callable[[Office, str], Iterator[Screen]]] = {
    "questionnaire": _questionnaire,
    "scores": _scores,
    "agencies": _agencies,
    "exchange": _exchange,
    "report": _report,
}


def _settled(office: Office, page: QWidget) -> QWidget:
    office.settle()
    office.qtbot.wait(30)
    office.settle()  # what a timer has changed at the very end is not laid out yet
    return page


def _kept_and_taken_along(office: Office) -> Iterator[Screen]:
    """Show the backups, one of them about to be restored, and what exporting everything asks."""
    office.session.back_up(BackupReason.BY_HAND)
    office.session.flush()
    page = _page(office, "backups")
    assert isinstance(page, BackupsPage)
    office.until(lambda: not page.listing.is_running, _BUILDING_MS * 4)
    yield "backups", _settled(office, page)
    next(iter(page.rows.values())).restore.click()
    yield "backups-asked", _settled(office, page)
    next(iter(page.rows.values())).leave.click()
    yield "everything", _settled(office, _page(office, "everything"))
    office.desk.show_page("mission")


def _around(office: Office) -> Iterator[Screen]:
    """Go through what stands around an assessment; the assessment is closed."""
    acts = office.window.menus.actions
    yield "blank-of-assessment", _blank(office)
    acts["guide"].trigger()
    guide = office.part(GuideWindow, "guide")
    yield "guide", _settled(office, guide)
    guide.show_chapter(KEYBOARD)
    yield "keyboard", _settled(office, guide)
    guide.close()
    acts["new"].trigger()
    office.until(lambda: front(office.window, NewAssessmentPage) is not None, _BUILDING_MS)
    form = front(office.window, NewAssessmentPage)
    assert form is not None
    yield "new", _settled(office, form)
    form.protection.box.click()
    form.protection.fields.first.line.setText("correct horse")
    yield "new-protected", _settled(office, form)
    yield "blank", _blank(office)
    office.window.show_start()
    yield from _headquarters(office)
    yield from _library(office)
    yield "start", _settled(office, office.window)


def _headquarters(office: Office) -> Iterator[Screen]:
    """Show headquarters without anything, then the tabs of a repository; it is closed again."""
    office.window.menus.actions["headquarters"].trigger()
    page = front(office.window, HeadquartersPage)
    assert page is not None
    yield "headquarters-empty", _settled(office, page)
    page.open_repository(repository_of(office.settings_file.parent / "repository.sqlite"))
    office.until(lambda: page.synthesis is not None, _BUILDING_MS)
    for tab, title in enumerate(("headquarters", "headquarters-regions", "headquarters-gaps", "headquarters-actions")):
        page.tabs.setCurrentIndex(tab)
        yield title, _settled(office, page)
    page.left.emit()


def _rescue(office: Office) -> Iterator[Screen]:
    """Show what is offered for a damaged file: its newest backup, and what can be read."""
    folder = office.settings_file.parent / "damaged"
    folder.mkdir()
    file = file_of(folder)
    backups.make_backup(file)
    file.write_bytes(file.read_bytes()[:-9_000])
    office.window.open_file(file)
    page = front(office.window, RescuePage)
    assert page is not None
    office.until(page.restore.isVisible, _BUILDING_MS)
    yield "rescue", _settled(office, page)
    page.see.click()
    office.until(page.save_button.isVisible, _BUILDING_MS)
    yield "rescue-found", _settled(office, page)
    office.window.show_start()


def _swapped(office: Office) -> Iterator[Screen]:
    """Show what is said once another program has put its own file in the place of the open one."""
    folder = office.settings_file.parent / "swapped"
    folder.mkdir()
    file = file_of(folder)
    theirs = shutil.copy(file, folder / "theirs")
    desk = office.open(file)
    desk.controller.record(desk.controller.key(desk.first_address), Content(note="Said here."))
    office.until_saved()
    Path(theirs).replace(file)
    desk.watch.look()
    office.until(lambda: bool(desk.banners.sentences()), _BUILDING_MS)
    office.until_saved()
    yield "swapped", _settled(office, desk)
    office.window.leave_and(office.window.show_start)
    office.until(lambda: office.window.workspace is None, _BUILDING_MS)


def _blank(office: Office) -> QWidget:
    """Show the page for a blank form, its parts unfolded."""
    office.window.menus.actions["blank"].trigger()
    page = front(office.window, BlankFormPage)
    assert page is not None
    page.sections.head.setChecked(True)
    return _settled(office, page)


def _unanswered(office: Office) -> Iterator[Screen]:
    """Go through the pages of an assessment that has just begun."""
    mission = Mission(country="VLM", country_name="Velmora", round="2030")
    begun = Dossier(id="begun", instrument=demonstration_instrument(), mission=mission)
    folder = office.settings_file.parent / "begun"
    folder.mkdir()
    office.open(file_of(folder, begun))
    yield "empty-backups", _settled(office, _page(office, "backups"))
    for place in TASK_PAGES:
        for name, screen in _SPECIAL.get(place.name, _tabs)(office, place.name):
            yield f"empty-{name}", screen


def _versions(office: Office) -> Iterator[Screen]:
    """Go through what a newer version of the questions offers, and what an earlier one left behind."""
    yield "empty-versions", _settled(office, _page(office, "versions"))
    lay_out_versions()
    for name, dossier in (("versions", answered_first()), ("versions-kept", as_migrated(answered_first()))):
        folder = office.settings_file.parent / name
        folder.mkdir()
        office.open(file_of(folder, dossier))
        yield name, _settled(office, _page(office, "versions"))
    page = office.page(QuestionnairePage, "questionnaire")
    _go(office, page, Address("r.survey"))
    yield "questionnaire-kept", _settled(office, page)
    page.focus_inspector()
    page.inspector.tabs.setCurrentIndex(INSPECTOR_TABS.index("answers"))
    yield "inspector-kept", _settled(office, page.inspector)


def _protection(office: Office) -> Iterator[Screen]:
    """Go through setting a passphrase, being asked for it, and what there is to do with it."""
    folder = office.settings_file.parent / "protected"
    folder.mkdir()
    file = file_of(folder)
    office.open(file)
    page = office.page(ProtectionPage, "protection")
    page.fields.first.line.setText("short")
    page.submit()
    yield "protection", _settled(office, page)
    office.window.leave_and(office.window.show_start)
    office.until(lambda: office.window.workspace is None, _BUILDING_MS)
    protect(file, "correct horse battery")
    office.window.open_file(file)
    asking = front(office.window, UnlockPage)
    assert asking is not None
    asking.card.submit()
    yield "unlock", _settled(office, asking)
    asking.card.other_way.click()
    asking.card.words.setPlainText("abandon ability able")
    asking.card.submit()
    yield "unlock-words", _settled(office, asking)
    asking.card.other_way.click()
    asking.card.passphrase.line.setText("correct horse battery")
    asking.card.submit()
    page = office.page(ProtectionPage, "protection")
    page.show_key()
    page.remove.click()
    yield "protection-protected", _settled(office, page)


def _page(office: Office, name: str) -> QWidget:
    office.desk.show_page(name)
    return office.desk.page(name)
