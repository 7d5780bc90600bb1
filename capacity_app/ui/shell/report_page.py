"""The report page: what is still weak, and the report as PDF, web page or workbook, made by a child process."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QButtonGroup, QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from capacity_app.domain.privacy import Profile
from capacity_app.domain.problems import N_
from capacity_app.texts import Texts, available_languages
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.alerts import Banner, Mark, Tone
from capacity_app.ui.look.cards import Card, ReadingColumn, Tiles, Words, beside, page_heading, row
from capacity_app.ui.look.openers import Opener
from capacity_app.ui.look.text_fields import LineField
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL, Role
from capacity_app.ui.registers.entry_words import Vocabulary
from capacity_app.ui.registers.form_pickers import QuietCombo
from capacity_app.ui.shell.checks import ChecksCard
from capacity_app.ui.shell.file_dialogs import with_ending
from capacity_app.ui.shell.jobs import Job
from capacity_app.ui.shell.new_assessment import default_name, is_in_a_folder
from capacity_app.ui.shell.rail import ProgressLine
from capacity_app.ui.shell.save_state import Safety, SaveState
from capacity_app.ui.shell.settings import Settings

PROFILE_LABELS: dict[Profile, str] = {
    Profile.FULL: N_("Everything"),
    Profile.NO_SCORES: N_("Without scores: answers, gaps and actions remain"),
    Profile.NO_NAMES: N_("Without names of persons"),
}


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of report; the name is the suffix of the file and the name of the icon."""

    name: str
    title: str
    sentence: str


FORMATS = (
    Format("pdf", N_("PDF"), N_("Pages to print and hand over on the last day.")),
    Format("html", N_("Web page"), N_("One file that opens in any browser.")),
    Format("xlsx", N_("Workbook"), N_("All answers, gaps and actions in sheets, for Excel or LibreOffice.")),
)


_ENDINGS = frozenset(f".{made.name}" for made in FORMATS)


class _FormatTile(Opener):
    """One format to choose."""

    def __init__(self, chosen: Format, texts: Texts) -> None:
        super().__init__(f"format_{chosen.name}", has_arrow=False)
        title, sentence = texts.gettext(chosen.title), texts.gettext(chosen.sentence)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
        head = QHBoxLayout()
        head.setSpacing(MEDIUM)
        head.addWidget(Mark(chosen.name, "accent"))
        head.addWidget(Words(title, Role.QUESTION), 1)
        self.body.addLayout(head)
        self.body.addWidget(Words(sentence, Role.CAPTION, is_muted=True))
        self.body.addStretch(1)


class ReportCard(Card):
    """The form of a report, its progress, and its end."""

    def __init__(self, bridge: Bridge, texts: Texts, settings: Settings, state: SaveState) -> None:
        super().__init__(margin=LARGE)
        self._bridge, self._texts, self._settings, self._state = bridge, texts, settings, state
        self._is_own_file = False
        self._is_waiting = False
        self._outcome: Banner | None = None
        self.job = Job(texts.language, self)
        self.body.setSpacing(MEDIUM)
        self._make_inputs()
        self._lay_out()
        self.job.progressed.connect(self._show_progress)
        self.job.done.connect(self._finish)
        self.job.failed.connect(self._fail)
        self.job.cancelled.connect(self._stop)
        state.changed.connect(self._go_on)
        bridge.changed.connect(lambda _change: self._suggest_file())
        self._suggest_file()

    def _make_inputs(self) -> None:
        say = self._texts.gettext
        self._formats = QButtonGroup(self)
        self.tiles = {made.name: _FormatTile(made, self._texts) for made in FORMATS}
        for tile in self.tiles.values():
            self._formats.addButton(tile)
        self.tiles[FORMATS[0].name].setChecked(True)
        self._formats.buttonClicked.connect(lambda _tile: self._suggest_file())
        self.language = QuietCombo()
        self.language.setObjectName("report_language")
        self.language.setAccessibleName(say("Language of the report"))
        self.language.fill(tuple((code, self._texts.language_name(code)) for code in available_languages()))
        self.language.setCurrentIndex(max(self.language.findData(self._bridge.session.mission.language), 0))
        self.profile = QuietCombo()
        self.profile.setObjectName("report_profile")
        self.profile.setAccessibleName(say("What the report contains"))
        self.profile.fill(tuple((profile.value, say(label)) for profile, label in PROFILE_LABELS.items()))
        self.profile.setMinimumContentsLength(24)
        self.file = LineField()
        self.file.setObjectName("report_file")
        self.file.setAccessibleName(say("File of the report"))
        self.file.textEdited.connect(lambda _text: self._own_file())
        self.file.textChanged.connect(lambda _text: self._warn_of_replacing())

    def _labelled(self, label: str, content: QWidget) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(SMALL // 2)
        name = Words(self._texts.gettext(label), Role.STRONG)
        name.setBuddy(content)
        column.addWidget(name)
        column.addWidget(content)
        return column

    def _lay_out(self) -> None:
        say = self._texts.gettext
        self.body.addWidget(Words(say("Make a report"), Role.HEADING))
        self.body.addWidget(Tiles(tuple(self.tiles.values()), letters=24))
        pair = QHBoxLayout()
        pair.setSpacing(LARGE)
        pair.addLayout(self._labelled(N_("Language"), self.language), 1)
        pair.addLayout(self._labelled(N_("Contents"), self.profile), 2)
        self.body.addLayout(pair)
        browse = QPushButton(say("Choose …"))
        browse.setObjectName("report_browse")
        browse.clicked.connect(lambda _checked: self._browse())
        self.body.addLayout(self._labelled(N_("File"), beside(self.file, browse)))
        self._remark = Words(role=Role.CAPTION, is_muted=True)
        self._remark.hide()
        self.body.addWidget(self._remark)
        self.make = QPushButton(say("Make the report"))
        self.make.setObjectName("report_make")
        self.make.setDefault(True)
        self.make.clicked.connect(lambda _checked: self.start())
        self.cancel = QPushButton(say("Cancel"))
        self.cancel.setObjectName("report_cancel")
        self.cancel.clicked.connect(lambda _checked: self._cancel())
        self.body.addLayout(row(self.make, self.cancel))
        self._line = ProgressLine(height=8)
        self._step = Words(role=Role.CAPTION, is_muted=True)
        self._step.setObjectName("report_step")
        for widget in (self.cancel, self._line, self._step):
            widget.hide()
        self.body.addWidget(self._line)
        self.body.addWidget(self._step)

    @property
    def suffix(self) -> str:
        """The suffix of the chosen format."""
        return next(name for name, tile in self.tiles.items() if tile.isChecked())

    def _own_file(self) -> None:
        self._is_own_file = bool(self.file.text().strip())

    def _suggest_file(self) -> None:
        if self._is_own_file:
            self.choose_file(Path(self.file.text()))
            return
        mission = self._bridge.session.mission
        name = Path(default_name(mission.country, mission.round)).stem
        self.file.setText(str(self._bridge.session.file.parent / f"{name}-report.{self.suffix}"))

    def _warn_of_replacing(self) -> None:
        is_there = os.path.isfile(self.file.text().strip())  # noqa: PTH113 - a Path raises where a name is too long
        self._remark.setText(self._texts.gettext("There is a file of this name; the new report replaces it."))
        self._remark.setVisible(is_there)

    def _browse(self) -> None:
        title = self._texts.gettext("Where to put the report")
        chosen, _ = QFileDialog.getSaveFileName(self, title, self.file.text(), f"*.{self.suffix}")
        if chosen:
            self.choose_file(Path(chosen))

    def choose_file(self, file: Path) -> None:
        """Put the report into a file, whose suffix follows the format."""
        self._is_own_file = True
        self.file.setText(str(with_ending(file, f".{self.suffix}", _ENDINGS)))

    def start(self) -> None:
        """Make the report of what is on disk; what is being typed or saved is waited for."""
        if self.job.is_running or self._is_waiting:
            return
        self._clear_outcome()
        self._bridge.request_flush()
        problem = self._problem()
        if problem:
            self._show_outcome(Tone.DANGER, problem)
            return
        self._is_waiting = True
        self._show_running(is_running=True)
        self._show_progress(self._texts.gettext("Waiting until everything is saved …"), 0.0)
        self._go_on()

    def _problem(self) -> str:
        file = Path(self.file.text().strip())
        if not self.file.text().strip():
            return self._texts.gettext("Say where to put the report.")
        if not is_in_a_folder(file):
            return self._texts.gettext("There is no such folder. Choose one that exists.")
        return ""

    def _go_on(self) -> None:
        """Start the child once everything is on disk."""
        if not self._is_waiting:
            return
        if self._state.safety is Safety.FAILED:
            self._is_waiting = False
            self._fail(self._texts.gettext("The last changes could not be saved, so the report would lack them."))
        elif self._state.is_safe:
            self._is_waiting = False
            self._show_progress(self._texts.gettext("Starting …"), 0.0)
            language, profile = str(self.language.currentData()), str(self.profile.currentData())
            source, target = str(self._bridge.session.file), self.file.text().strip()
            self.job.start(["report", source, target, "--language", language, "--profile", profile, "--progress"])

    def _cancel(self) -> None:
        if self._is_waiting:
            self._is_waiting = False
            self._stop()
        self.job.cancel()

    def _show_running(self, *, is_running: bool) -> None:
        self.make.setEnabled(not is_running)
        for widget in (self.cancel, self._line, self._step):
            widget.setVisible(is_running)

    def _show_progress(self, step: str, share: float) -> None:
        self._line.set_share(Fraction(min(max(share, 0.0), 1.0)))
        self._step.setText(step)

    def _stop(self) -> None:
        self._show_running(is_running=False)
        self._show_outcome(Tone.INFORMATION, self._texts.gettext("Cancelled. No report was written."))

    def _finish(self, file: str) -> None:
        self._show_running(is_running=False)
        self._settings.folder = Path(file).parent
        say = self._texts.gettext
        choices = (
            (say("Open it"), lambda: open_outside(Path(file))),
            (say("Show the folder"), lambda: open_outside(Path(file).parent)),
        )
        self._show_outcome(Tone.GOOD, say("The report is ready: {file}").format(file=file), choices)
        self._warn_of_replacing()

    def _fail(self, sentence: str) -> None:
        self._show_running(is_running=False)
        unknown = self._texts.gettext("The report could not be made: the program that makes it stopped. Try once more.")
        self._show_outcome(Tone.DANGER, sentence or unknown)

    def _show_outcome(self, tone: Tone, sentence: str, choices: Sequence[tuple[str, object]] = ()) -> None:
        self._clear_outcome()
        self._outcome = Banner(self._texts, tone, sentence, choices)  # type: ignore[arg-type]
        self._outcome.setObjectName("report_outcome")
        self._outcome.closer.clicked.connect(lambda _checked: self._clear_outcome())
        self.body.addWidget(self._outcome)

    def _clear_outcome(self) -> None:
        if self._outcome is not None:
            self._outcome.hide()
            self._outcome.deleteLater()
            self._outcome = None

    @property
    def outcome(self) -> str:
        """What the last run ended with, empty while none has."""
        return self._outcome.sentence if self._outcome is not None else ""


def open_outside(path: Path) -> bool:
    """Open a file or folder with the desktop's own program."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


class ReportPage(ReadingColumn):
    """What is still weak, and the report."""

    wanted = Signal(object)

    def __init__(self, bridge: Bridge, texts: Texts, settings: Settings, state: SaveState) -> None:
        super().__init__()
        self.setObjectName("report_page")
        self.report = ReportCard(bridge, texts, settings, state)
        self.checks = ChecksCard(bridge, Vocabulary(texts, bridge.session))
        self.checks.wanted.connect(self.wanted)
        subtitle = texts.gettext("Leave with a report on the last day. It holds everything that was typed.")
        self.body.addLayout(page_heading(texts.gettext("Report"), subtitle))
        self.body.addWidget(self.report)
        self.body.addWidget(self.checks)
        self.body.addStretch(1)

    def start_report(self) -> None:
        """Put the cursor where a report is begun."""
        self.ensureWidgetVisible(self.report)
        self.report.tiles[self.report.suffix].setFocus()
