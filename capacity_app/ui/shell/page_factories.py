"""The pages of a workspace: how each is made when it is first wanted, and where it may lead."""

from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtWidgets import QWidget

from capacity_app.domain.assessment.answers import Address
from capacity_app.i18n.translator import Translator
from capacity_app.ui.pages.answer.questionnaire_page import QuestionnairePage
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.save_state import SaveState
from capacity_app.ui.session.settings import Settings

# The imports inside functions keep the window's start free of pages that are not shown yet.
# ruff: noqa: PLC0415

PageFactory = Callable[[], QWidget]

PAGES_FOR_FILLING = frozenset({"availability", "gaps", "plan", "registers", "exchange", "checks", "report"})
"""Pages that fill the window and scroll as a whole only where it is too small."""


class PageRouter(Protocol):
    """Where a page may lead; the workspace."""

    def show_page(self, name: str) -> None:
        """Go to a page."""

    def show_address(self, address: Address) -> None:
        """Go to a question, row or cell."""

    def show_entry(self, entry_id: str) -> None:
        """Go to an action or a register entry."""

    def show_gap(self, address: object) -> None:
        """Go to a gap, or to the gaps as a whole."""

    def plan_for(self, gaps: object) -> None:
        """Go to the action plan with a new action for some gaps."""

    def open_other(self, file: object) -> None:
        """Open another assessment in place of this one."""

    def merge_duplicates(self, twins: object) -> None:
        """Go to the registers to join two entries."""

    def restore(self, wanted: object) -> None:
        """Close the file, put a backup in its place, and open it again."""

    def change_protection(self, change: object) -> None:
        """Close the file, put it under a passphrase or under none, and open it again."""


def page_factories_by_name(
    controller: SessionController, texts: Translator, settings: Settings, state: SaveState, way: PageRouter
) -> Mapping[str, PageFactory]:
    """Return what makes each page, by its name in the rail."""
    return {
        **_answer_page_factories(controller, texts, settings, way),
        **_file_page_factories(controller, texts, settings, state, way),
    }


def _answer_page_factories(
    controller: SessionController, texts: Translator, settings: Settings, way: PageRouter
) -> Mapping[str, PageFactory]:
    """Return what makes the pages that show what was answered, and what follows from it."""

    def availability() -> QWidget:
        from capacity_app.ui.pages.analyse.availability_page import AvailabilityPage

        page = AvailabilityPage(controller, texts)
        page.navigate.connect(way.show_address)
        page.entry_wanted.connect(way.show_entry)
        return page

    def scores() -> QWidget:
        from capacity_app.ui.pages.analyse.scores_page import ScoresPage

        page = ScoresPage(controller, texts, settings)
        page.navigate.connect(way.show_address)
        page.start_wanted.connect(lambda: way.show_page("questionnaire"))
        page.rounds_wanted.connect(lambda: way.show_page("comparison"))
        return page

    def comparison() -> QWidget:
        from capacity_app.ui.pages.analyse.comparison_page import ComparisonPage

        page = ComparisonPage(controller, texts)
        page.navigate.connect(way.show_address)
        page.previous_round_wanted.connect(lambda: way.show_page("mission"))
        return page

    def gaps() -> QWidget:
        from capacity_app.ui.pages.analyse.gaps_page import GapsPage

        page = GapsPage(controller, texts)
        page.navigate.connect(way.show_address)
        page.entry_wanted.connect(way.show_entry)
        page.action_wanted.connect(way.plan_for)
        return page

    def plan() -> QWidget:
        from capacity_app.ui.pages.analyse.plan_page import PlanPage

        page = PlanPage(controller, texts)
        page.navigate.connect(way.show_address)
        page.entry_wanted.connect(way.show_entry)
        page.gap_wanted.connect(way.show_gap)
        return page

    def registers() -> QWidget:
        from capacity_app.ui.pages.prepare.registers_page import RegistersPage

        page = RegistersPage(controller, texts)
        page.navigate.connect(way.show_address)
        page.entry_wanted.connect(way.show_entry)
        return page

    return {
        "questionnaire": lambda: QuestionnairePage(controller, texts),
        "availability": availability,
        "scores": scores,
        "comparison": comparison,
        "gaps": gaps,
        "plan": plan,
        "registers": registers,
    }


def _file_page_factories(
    controller: SessionController, texts: Translator, settings: Settings, state: SaveState, way: PageRouter
) -> Mapping[str, PageFactory]:
    """Return what makes the pages about the assessment as a whole: what comes back, what is weak, what leaves."""

    def mission() -> QWidget:
        from capacity_app.ui.pages.prepare.mission_page import MissionPage

        page = MissionPage(controller, texts)
        page.page_wanted.connect(way.show_page)
        return page

    def versions() -> QWidget:
        from capacity_app.ui.pages.prepare.versions_page import VersionsPage

        page = VersionsPage(controller, texts)
        page.navigate.connect(way.show_address)
        page.open_wanted.connect(way.open_other)
        return page

    def exchange() -> QWidget:
        from capacity_app.ui.pages.deliver.import_page import ImportPage

        page = ImportPage(controller, texts, settings, state)
        page.navigate.connect(way.show_address)
        page.report_wanted.connect(lambda: way.show_page("report"))
        page.merge_duplicates_wanted.connect(way.merge_duplicates)
        return page

    def checks() -> QWidget:
        from capacity_app.ui.pages.deliver.checks_page import ChecksPage

        page = ChecksPage(controller, texts)
        page.navigate.connect(way.show_address)
        page.entry_wanted.connect(way.show_entry)
        page.report_wanted.connect(lambda: way.show_page("report"))
        return page

    def report() -> QWidget:
        from capacity_app.ui.pages.deliver.report_page import ReportPage

        page = ReportPage(controller, texts, settings, state)
        page.checks_wanted.connect(lambda: way.show_page("checks"))
        return page

    def protection() -> QWidget:
        from capacity_app.ui.pages.file_safety.protection_page import ProtectionPage

        page = ProtectionPage(controller, texts, settings)
        page.change_wanted.connect(way.change_protection)
        return page

    def backups() -> QWidget:
        from capacity_app.ui.pages.file_safety.backups_page import BackupJob, BackupsPage

        page = BackupsPage(texts, lambda: controller.session.file, controller.keys, BackupJob(controller, state).make)
        page.restore_wanted.connect(way.restore)
        return page

    def everything() -> QWidget:
        from capacity_app.ui.pages.deliver.archive_export import ArchiveExportPage

        return ArchiveExportPage(controller, texts, state)

    return {
        "backups": backups,
        "everything": everything,
        "protection": protection,
        "mission": mission,
        "versions": versions,
        "exchange": exchange,
        "checks": checks,
        "report": report,
    }
