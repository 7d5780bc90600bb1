"""The pages of a workspace: how each is made when it is first wanted, and where it may lead."""

from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtWidgets import QWidget

from capacity_app.domain.answers import Address
from capacity_app.texts import Texts
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.questionnaire.questionnaire_page import QuestionnairePage
from capacity_app.ui.shell.save_state import SaveState
from capacity_app.ui.shell.settings import Settings

# The imports inside functions keep the window's start free of pages that are not shown yet.
# ruff: noqa: PLC0415

Maker = Callable[[], QWidget]

FILLING = frozenset({"availability", "gaps", "plan", "registers", "exchange", "checks", "report"})
"""Pages that fill the window and scroll as a whole only where it is too small."""


class Way(Protocol):
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

    def join_twins(self, twins: object) -> None:
        """Go to the registers to join two entries."""

    def restore(self, wanted: object) -> None:
        """Close the file, put a backup in its place, and open it again."""

    def change_protection(self, change: object) -> None:
        """Close the file, put it under a passphrase or under none, and open it again."""


def makers(bridge: Bridge, texts: Texts, settings: Settings, state: SaveState, way: Way) -> Mapping[str, Maker]:
    """Return what makes each page, by its name in the rail."""
    return {**_of_answers(bridge, texts, settings, way), **_of_files(bridge, texts, settings, state, way)}


def _of_answers(bridge: Bridge, texts: Texts, settings: Settings, way: Way) -> Mapping[str, Maker]:
    """Return what makes the pages that show what was answered, and what follows from it."""

    def availability() -> QWidget:
        from capacity_app.ui.availability.availability_page import AvailabilityPage

        page = AvailabilityPage(bridge, texts)
        page.navigate.connect(way.show_address)
        page.entry_wanted.connect(way.show_entry)
        return page

    def scores() -> QWidget:
        from capacity_app.ui.scores.scores_page import ScoresPage

        page = ScoresPage(bridge, texts, settings)
        page.navigate.connect(way.show_address)
        page.start_wanted.connect(lambda: way.show_page("questionnaire"))
        page.rounds_wanted.connect(lambda: way.show_page("comparison"))
        return page

    def comparison() -> QWidget:
        from capacity_app.ui.comparison.comparison_page import ComparisonPage

        page = ComparisonPage(bridge, texts)
        page.navigate.connect(way.show_address)
        page.earlier_wanted.connect(lambda: way.show_page("mission"))
        return page

    def gaps() -> QWidget:
        from capacity_app.ui.gaps.gaps_page import GapsPage

        page = GapsPage(bridge, texts)
        page.navigate.connect(way.show_address)
        page.entry_wanted.connect(way.show_entry)
        page.action_wanted.connect(way.plan_for)
        return page

    def plan() -> QWidget:
        from capacity_app.ui.plan.plan_page import PlanPage

        page = PlanPage(bridge, texts)
        page.navigate.connect(way.show_address)
        page.entry_wanted.connect(way.show_entry)
        page.gap_wanted.connect(way.show_gap)
        return page

    def registers() -> QWidget:
        from capacity_app.ui.registers.registers_page import RegistersPage

        page = RegistersPage(bridge, texts)
        page.navigate.connect(way.show_address)
        page.entry_wanted.connect(way.show_entry)
        return page

    return {
        "questionnaire": lambda: QuestionnairePage(bridge, texts),
        "availability": availability,
        "scores": scores,
        "comparison": comparison,
        "gaps": gaps,
        "plan": plan,
        "registers": registers,
    }


def _of_files(bridge: Bridge, texts: Texts, settings: Settings, state: SaveState, way: Way) -> Mapping[str, Maker]:
    """Return what makes the pages about the assessment as a whole: what comes back, what is weak, what leaves."""

    def mission() -> QWidget:
        from capacity_app.ui.registers.mission_page import MissionPage

        page = MissionPage(bridge, texts)
        page.page_wanted.connect(way.show_page)
        return page

    def versions() -> QWidget:
        from capacity_app.ui.migrating.versions_page import VersionsPage

        page = VersionsPage(bridge, texts)
        page.navigate.connect(way.show_address)
        page.open_wanted.connect(way.open_other)
        return page

    def exchange() -> QWidget:
        from capacity_app.ui.exchange.exchange_page import ExchangePage

        page = ExchangePage(bridge, texts, settings, state)
        page.navigate.connect(way.show_address)
        page.report_wanted.connect(lambda: way.show_page("report"))
        page.join_wanted.connect(way.join_twins)
        return page

    def checks() -> QWidget:
        from capacity_app.ui.report.checks_page import ChecksPage

        page = ChecksPage(bridge, texts)
        page.navigate.connect(way.show_address)
        page.entry_wanted.connect(way.show_entry)
        page.report_wanted.connect(lambda: way.show_page("report"))
        return page

    def report() -> QWidget:
        from capacity_app.ui.report.report_page import ReportPage

        page = ReportPage(bridge, texts, settings, state)
        page.checks_wanted.connect(lambda: way.show_page("checks"))
        return page

    def protection() -> QWidget:
        from capacity_app.ui.protection.protection_page import ProtectionPage

        page = ProtectionPage(bridge, texts, settings)
        page.change_wanted.connect(way.change_protection)
        return page

    def backups() -> QWidget:
        from capacity_app.ui.backups.backups_page import BackupMaker, BackupsPage

        page = BackupsPage(texts, lambda: bridge.session.file, bridge.keys, BackupMaker(bridge, state).make)
        page.restore_wanted.connect(way.restore)
        return page

    def everything() -> QWidget:
        from capacity_app.ui.backups.everything_page import EverythingPage

        return EverythingPage(bridge, texts, state)

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
