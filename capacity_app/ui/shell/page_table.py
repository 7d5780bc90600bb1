"""Every page one can go to, as one record: rail, menus, keys, guide and tests loop over these tables."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar, runtime_checkable

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget

from capacity_app.domain.problems import N_
from capacity_app.i18n.translator import Translator
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.save_state import SaveState
from capacity_app.ui.session.settings import Settings
from capacity_app.ui.shell.menus import Menu

# The imports inside functions keep the window's start free of pages that are not shown yet.
# ruff: noqa: PLC0415


@dataclass(frozen=True, slots=True)
class AssessmentContext:
    """What the pages of an open assessment are made from."""

    texts: Translator
    settings: Settings
    controller: SessionController
    state: SaveState

    @property
    def title(self) -> str:
        """Country and round."""
        mission = self.controller.session.mission
        return f"{mission.country_name or mission.country} {mission.round}".strip()


@dataclass(frozen=True, slots=True)
class WindowContext:
    """What the pages that need no assessment are made from; ``assessment`` is the one that is open, if any."""

    texts: Translator
    settings: Settings
    assessment: AssessmentContext | None = None


@runtime_checkable
class WindowPage(Protocol):
    """What a page that needs no assessment has. ``left`` tells that one goes back."""

    left: SignalInstance

    def focus_first(self) -> None:
        """Put the cursor where one begins."""


_Context = TypeVar("_Context", AssessmentContext, WindowContext)


@dataclass(frozen=True, slots=True)
class Page(Generic[_Context]):
    """A page: its name in settings, how it is reached, and what makes it when it is first wanted.

    Its command in a menu stands ``below`` another command there, else before all that are no pages.
    ``label`` and ``icon`` are those in the rail; a page without them marks the page it is ``within``.
    """

    name: str
    menu_label: str
    factory: Callable[[_Context], QWidget]
    menu: Menu = Menu.GO
    key: str = ""
    below: str = ""
    starts_group: bool = False
    label: str = ""
    icon: str = ""
    within: str = ""
    fills_window: bool = False
    """It scrolls as a whole only where the window is too small for it."""
    is_kept: bool = False
    """Once made, it stays as it is while others are shown, until one leaves it with its own button."""


# -- the pages of an open assessment ----------------------------------------------------------------------------------


def _questionnaire(desk: AssessmentContext) -> QWidget:
    from capacity_app.ui.pages.answer.questionnaire_page import QuestionnairePage

    return QuestionnairePage(desk.controller, desk.texts)


def _availability(desk: AssessmentContext) -> QWidget:
    from capacity_app.ui.pages.analyse.availability_page import AvailabilityPage

    return AvailabilityPage(desk.controller, desk.texts)


def _scores(desk: AssessmentContext) -> QWidget:
    from capacity_app.ui.pages.analyse.scores_page import ScoresPage

    return ScoresPage(desk.controller, desk.texts, desk.settings)


def _comparison(desk: AssessmentContext) -> QWidget:
    from capacity_app.ui.pages.analyse.comparison_page import ComparisonPage

    return ComparisonPage(desk.controller, desk.texts)


def _gaps(desk: AssessmentContext) -> QWidget:
    from capacity_app.ui.pages.analyse.gaps_page import GapsPage

    return GapsPage(desk.controller, desk.texts)


def _plan(desk: AssessmentContext) -> QWidget:
    from capacity_app.ui.pages.analyse.plan_page import PlanPage

    return PlanPage(desk.controller, desk.texts)


def _registers(desk: AssessmentContext) -> QWidget:
    from capacity_app.ui.pages.prepare.registers_page import RegistersPage

    return RegistersPage(desk.controller, desk.texts)


def _mission(desk: AssessmentContext) -> QWidget:
    from capacity_app.ui.pages.prepare.mission_page import MissionPage

    return MissionPage(desk.controller, desk.texts)


def _versions(desk: AssessmentContext) -> QWidget:
    from capacity_app.ui.pages.prepare.versions_page import VersionsPage

    return VersionsPage(desk.controller, desk.texts)


def _exchange(desk: AssessmentContext) -> QWidget:
    from capacity_app.ui.pages.deliver.import_page import ImportPage

    return ImportPage(desk.controller, desk.texts, desk.settings, desk.state)


def _checks(desk: AssessmentContext) -> QWidget:
    from capacity_app.ui.pages.deliver.checks_page import ChecksPage

    return ChecksPage(desk.controller, desk.texts)


def _report(desk: AssessmentContext) -> QWidget:
    from capacity_app.ui.pages.deliver.report_page import ReportPage

    return ReportPage(desk.controller, desk.texts, desk.settings, desk.state)


def _backups(desk: AssessmentContext) -> QWidget:
    from capacity_app.ui.pages.file_safety.backups_page import BackupJob, BackupsPage

    controller = desk.controller
    back_up = BackupJob(controller, desk.state).make
    return BackupsPage(desk.texts, lambda: controller.session.file, controller.keys, back_up)


def _everything(desk: AssessmentContext) -> QWidget:
    from capacity_app.ui.pages.deliver.archive_export import ArchiveExportPage

    return ArchiveExportPage(desk.controller, desk.texts, desk.state)


def _protection(desk: AssessmentContext) -> QWidget:
    from capacity_app.ui.pages.file_safety.protection_page import ProtectionPage

    return ProtectionPage(desk.controller, desk.texts, desk.settings)


# -- the pages that need none -----------------------------------------------------------------------------------------


def _blank(window: WindowContext) -> QWidget:
    """Return the page for a blank form: of the open assessment, else of an instrument of this computer."""
    from capacity_app.questionnaires import library
    from capacity_app.ui.pages.deliver.blank_form import BlankFormPage, OpenAssessment

    instruments = library.list_instruments(library.instrument_folders())
    desk = window.assessment
    opened = OpenAssessment(desk.controller, desk.state, desk.title) if desk is not None else None
    return BlankFormPage(window.texts, window.settings, instruments, opened)


def _headquarters(window: WindowContext) -> QWidget:
    from capacity_app.ui.pages.headquarters.headquarters_page import HeadquartersPage

    return HeadquartersPage(window.texts, window.settings)


def _library(window: WindowContext) -> QWidget:
    from capacity_app.ui.pages.questionnaires.questionnaires_page import QuestionnairesPage

    return QuestionnairesPage(window.texts, window.settings)


PAGES: tuple[Page[AssessmentContext], ...] = (
    Page(
        "questionnaire",
        N_("&Questionnaire"),
        _questionnaire,
        key="Ctrl+1",
        label=N_("Questionnaire"),
        icon="questionnaire",
    ),
    Page(
        "availability",
        N_("&Availability of data"),
        _availability,
        key="Ctrl+2",
        label=N_("Availability"),
        icon="availability",
        fills_window=True,
    ),
    Page("scores", N_("&Scores"), _scores, key="Ctrl+3", label=N_("Scores"), icon="scores"),
    Page("comparison", N_("Rounds &compared"), _comparison, key="Ctrl+Shift+R", within="scores"),
    Page("gaps", N_("&Gaps"), _gaps, key="Ctrl+4", label=N_("Gaps"), icon="gaps", fills_window=True),
    Page("plan", N_("Action &plan"), _plan, key="Ctrl+5", label=N_("Action plan"), icon="plan", fills_window=True),
    Page(
        "registers",
        N_("&Registers"),
        _registers,
        key="Ctrl+6",
        label=N_("Registers"),
        icon="registers",
        fills_window=True,
    ),
    Page("mission", N_("&Mission"), _mission, key="Ctrl+7", label=N_("Mission"), icon="mission"),
    Page("versions", N_("&Versions of the questions"), _versions, key="Ctrl+Shift+V", within="mission"),
    Page(
        "exchange",
        N_("&Import and merge"),
        _exchange,
        key="Ctrl+Shift+E",
        label=N_("Import"),
        icon="exchange",
        fills_window=True,
    ),
    Page(
        "checks",
        N_("&Check before you leave"),
        _checks,
        key="Ctrl+8",
        label=N_("Check"),
        icon="checks",
        fills_window=True,
    ),
    Page("report", N_("Rep&ort"), _report, key="Ctrl+9", label=N_("Report"), icon="report", fills_window=True),
    Page(
        "backups", N_("Back&ups …"), _backups, menu=Menu.FILE, below="save_copy", key="Ctrl+Shift+B", within="mission"
    ),
    Page("everything", N_("&Export everything …"), _everything, menu=Menu.FILE, below="blank", within="report"),
    Page(
        "protection",
        N_("&Passphrase …"),
        _protection,
        menu=Menu.FILE,
        below="library",
        starts_group=True,
        within="mission",
    ),
)
"""The pages of an open assessment, in the order of the rail and of the menu."""
RAIL_PAGES = tuple(page for page in PAGES if page.label)
PAGE_BY_NAME = {page.name: page for page in PAGES}

WINDOW_PAGES: tuple[Page[WindowContext], ...] = (
    Page("blank", N_("&Blank form …"), _blank, menu=Menu.FILE, below="make_report"),
    Page(
        "headquarters",
        N_("&Headquarters: many countries …"),
        _headquarters,
        menu=Menu.FILE,
        below="everything",
        key="Ctrl+Shift+H",
        fills_window=True,
        is_kept=True,
    ),
    Page(
        "library",
        N_("Questionnaires and &languages …"),
        _library,
        menu=Menu.FILE,
        below="headquarters",
        key="Ctrl+Shift+L",
        is_kept=True,
    ),
)
"""Pages that need no assessment; one that is open stays open behind them."""
WINDOW_PAGE_BY_NAME = {page.name: page for page in WINDOW_PAGES}
