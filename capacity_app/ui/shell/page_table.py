"""Every page one can go to, as one record: rail, tabs, menus, keys, guide and tests loop over these tables."""

from collections.abc import Callable
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar, runtime_checkable

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget

from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.i18n.translator import Translator
from capacity_app.ui.session.job_list import JobList
from capacity_app.ui.session.settings import Settings
from capacity_app.ui.shell.menus import Menu

if TYPE_CHECKING:
    from capacity_app.ui.session.controller import SessionController
    from capacity_app.ui.session.save_state import SaveState

# The imports inside functions keep the window's start free of pages that are not shown yet.
# ruff: noqa: PLC0415


@dataclass(frozen=True, slots=True)
class AssessmentContext:
    """What the pages of an open assessment are made from."""

    texts: Translator
    settings: Settings
    controller: "SessionController"
    state: "SaveState"

    @property
    def title(self) -> str:
        """Country and round."""
        mission = self.controller.session.mission
        country = self.texts.country_as_typed(mission.m49, mission.country_name) or mission.country
        return f"{country} {mission.round}".strip()


@dataclass(frozen=True, slots=True)
class WindowContext:
    """What the pages that need no assessment are made from; ``assessment`` is the one that is open, if any."""

    texts: Translator
    settings: Settings
    jobs: JobList
    assessment: AssessmentContext | None = None


@runtime_checkable
class WindowPage(Protocol):
    """What a page that needs no assessment has. ``left`` tells that one goes back."""

    left: SignalInstance

    def focus_first(self) -> None:
        """Put the cursor where one begins."""


class Task(StrEnum):
    """What an officer does with an assessment, in the order of the days."""

    PREPARE = "prepare"
    ANSWER = "answer"
    ANALYSE = "analyse"
    DELIVER = "deliver"


@dataclass(frozen=True, slots=True)
class TaskInfo:
    """How a task is shown in the rail and in the menu Go, and the menu of its pages if it has several."""

    label: str
    icon: str
    key: str
    menu: Menu | None = None


TASKS: dict[Task, TaskInfo] = {
    Task.PREPARE: TaskInfo(N_("&Prepare"), "mission", "Ctrl+1", Menu.PREPARE),
    Task.ANSWER: TaskInfo(N_("A&nswer"), "questionnaire", "Ctrl+2"),
    Task.ANALYSE: TaskInfo(N_("&Analyse"), "scores", "Ctrl+3", Menu.ANALYSE),
    Task.DELIVER: TaskInfo(N_("&Deliver"), "report", "Ctrl+4", Menu.DELIVER),
}

_Context = TypeVar("_Context", AssessmentContext, WindowContext)


@dataclass(frozen=True, slots=True)
class Page(Generic[_Context]):
    """A page: its name in settings, how it is reached, and what makes it when it is first wanted.

    ``label`` names it in its menu and on its tab. A page with a ``task`` is a tab of it; the others are reached
    from a menu, ``below`` another command there, and have a button that goes back.
    """

    name: str
    label: str
    factory: Callable[[_Context], QWidget]
    task: Task | None = None
    menu: Menu = Menu.FILE
    key: str = ""
    below: str = ""
    starts_group: bool = False
    fills_window: bool = False
    """It scrolls as a whole only where the window is too small for it."""
    has_window: bool = False
    """It is a tool beside the assessments, in a window of its own."""
    guide: str = ""
    """The English title of its chapter in the guide."""


# -- the pages of an open assessment ----------------------------------------------------------------------------------


def _questionnaire(desk: AssessmentContext) -> QWidget:
    from capacity_app.ui.pages.answer.questionnaire_page import QuestionnairePage

    return QuestionnairePage(desk.controller, desk.texts, desk.settings)


def _availability(desk: AssessmentContext) -> QWidget:
    from capacity_app.ui.pages.analyse.availability_page import AvailabilityPage

    return AvailabilityPage(desk.controller, desk.texts)


def _scores(desk: AssessmentContext) -> QWidget:
    from capacity_app.ui.pages.analyse.scores_page import ScoresPage

    return ScoresPage(desk.controller, desk.texts)


def _comparison(desk: AssessmentContext) -> QWidget:
    from capacity_app.ui.pages.analyse.comparison_page import ComparisonPage

    return ComparisonPage(desk.controller, desk.texts)


def _gaps(desk: AssessmentContext) -> QWidget:
    from capacity_app.ui.pages.analyse.gaps_and_plan_page import GapsAndPlanPage

    return GapsAndPlanPage(desk.controller, desk.texts)


def _register(name: str, desk: AssessmentContext) -> QWidget:
    from capacity_app.ui.pages.prepare.registers_page import RegistersPage

    return RegistersPage(desk.controller, desk.texts, name)


def _agenda(desk: AssessmentContext) -> QWidget:
    from capacity_app.ui.pages.prepare.agenda_page import AgendaPage

    return AgendaPage(desk.controller, desk.texts, desk.settings, desk.state)


def _mission(desk: AssessmentContext) -> QWidget:
    from capacity_app.ui.pages.prepare.mission_page import MissionPage

    return MissionPage(desk.controller, desk.texts)


def _versions(desk: AssessmentContext) -> QWidget:
    from capacity_app.ui.pages.prepare.versions_page import VersionsPage

    return VersionsPage(desk.controller, desk.texts)


def _exchange(desk: AssessmentContext) -> QWidget:
    from capacity_app.ui.pages.deliver.import_page import ImportPage

    return ImportPage(desk.controller, desk.texts, desk.settings, desk.state)


def _report(desk: AssessmentContext) -> QWidget:
    from capacity_app.ui.pages.deliver.report_page import ReportPage

    return ReportPage(desk.controller, desk.texts, desk.settings, desk.state)


def _backups(desk: AssessmentContext) -> QWidget:
    from capacity_app.ui.pages.file_safety.backups_page import BackupJob, BackupsPage

    controller = desk.controller
    back_up = BackupJob(controller, desk.state).make
    page = BackupsPage(desk.texts, lambda: controller.session.file, controller.keys, back_up)
    controller.jobs.follow(page.saving, desk.texts.gettext("Copy of a backup"))
    return page


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

    page = HeadquartersPage(window.texts, window.settings)
    window.jobs.follow(page.gathering, window.texts.gettext("Headquarters"))
    return page


def _library(window: WindowContext) -> QWidget:
    from capacity_app.ui.pages.questionnaires.questionnaires_page import QuestionnairesPage

    return QuestionnairesPage(window.texts, window.settings)


_PREPARE, _ANALYSE, _SAFE = "Prepare", "Analyse", "Keep the file safe"
PAGES: tuple[Page[AssessmentContext], ...] = (
    Page("mission", N_("&Mission"), _mission, Task.PREPARE, guide=_PREPARE),
    Page("agencies", N_("&Agencies"), partial(_register, "agencies"), Task.PREPARE, fills_window=True, guide=_PREPARE),
    Page("people", N_("&People"), partial(_register, "people"), Task.PREPARE, fills_window=True, guide=_PREPARE),
    Page("meetings", N_("M&eetings"), partial(_register, "meetings"), Task.PREPARE, fills_window=True, guide=_PREPARE),
    Page(
        "sources", N_("&Data sources"), partial(_register, "sources"), Task.PREPARE, fills_window=True, guide=_PREPARE
    ),
    Page("evidence", N_("E&vidence"), partial(_register, "evidence"), Task.PREPARE, fills_window=True, guide="Answer"),
    Page(
        "validations",
        N_("Va&lidations"),
        partial(_register, "validations"),
        Task.PREPARE,
        fills_window=True,
        guide=_PREPARE,
    ),
    Page("agenda", N_("A&genda"), _agenda, Task.PREPARE, fills_window=True, guide=_PREPARE),
    Page("questionnaire", N_("&Questionnaire"), _questionnaire, Task.ANSWER, guide="Answer"),
    Page("scores", N_("&Scores"), _scores, Task.ANALYSE, guide=_ANALYSE),
    Page("comparison", N_("&Rounds"), _comparison, Task.ANALYSE, key="Ctrl+Shift+R", guide=_ANALYSE),
    Page("availability", N_("&Availability"), _availability, Task.ANALYSE, fills_window=True, guide=_ANALYSE),
    Page("gaps", N_("&Gaps and plan"), _gaps, Task.ANALYSE, fills_window=True, guide=_ANALYSE),
    Page("report", N_("&Review and report"), _report, Task.DELIVER, fills_window=True, guide="Deliver"),
    Page(
        "exchange",
        N_("&Import, merge, verify"),
        _exchange,
        Task.DELIVER,
        key="Ctrl+Shift+E",
        fills_window=True,
        guide="Import",
    ),
    Page(
        "versions",
        N_("&Versions of the questions"),
        _versions,
        below="protection",
        key="Ctrl+Shift+V",
        guide="Work with colleagues",
    ),
    Page("backups", N_("Back&ups…"), _backups, below="save_copy", key="Ctrl+Shift+B", guide=_SAFE),
    Page("everything", N_("&Export everything…"), _everything, below="blank", guide="If something goes wrong"),
    Page("protection", N_("&Passphrase…"), _protection, below="library", starts_group=True, guide=_SAFE),
)
"""The pages of an open assessment: those of the tasks in the order of the rail and of the tabs, then the others."""
TASK_PAGES = tuple(page for page in PAGES if page.task is not None)
FIRST_PAGE = "questionnaire"
"""What is shown of an assessment that is opened for the first time."""
PAGE_BY_NAME = {page.name: page for page in PAGES}
FORMER_PAGE_NAMES = {"plan": "gaps", "registers": "agencies"}
"""Names that settings of earlier versions hold, and the pages that took their place."""


def pages_of(task: Task) -> tuple[Page[AssessmentContext], ...]:
    """Return the pages of a task in the order of its tabs."""
    return tuple(page for page in PAGES if page.task is task)


WINDOW_PAGES: tuple[Page[WindowContext], ...] = (
    Page("blank", N_("&Blank form…"), _blank, below="make_report", guide=_PREPARE),
    Page(
        "headquarters",
        N_("&Headquarters: many countries…"),
        _headquarters,
        below="everything",
        key="Ctrl+Shift+H",
        guide="At headquarters",
        fills_window=True,
        has_window=True,
    ),
    Page(
        "library",
        N_("Questionnaires and &languages…"),
        _library,
        below="headquarters",
        key="Ctrl+Shift+L",
        guide="Checking a questionnaire",
        has_window=True,
    ),
)
"""Pages that need no assessment; one that is open stays open."""
WINDOW_PAGE_BY_NAME = {page.name: page for page in WINDOW_PAGES}
STEP_CHAPTERS = {
    "new": "Begin",
    "unlock": _SAFE,
    "conversion": _SAFE,
    "backups": _SAFE,
    "rescue": "If something goes wrong",
}
"""The chapters of the guide about what stands in place of an assessment for a while."""
