"""What a report is to be: its format, languages, contents and place; its progress and its end."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from capacity_app.domain.privacy import Profile
from capacity_app.domain.problems import N_
from capacity_app.report.parts import ALL, Part
from capacity_app.services.reporting import question_languages, report_languages
from capacity_app.texts import Texts
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.alerts import Banner, Choice, Mark, Tone
from capacity_app.ui.look.cards import Card, Tiles, Words, beside, row
from capacity_app.ui.look.openers import Opener
from capacity_app.ui.look.pickers import QuietCombo
from capacity_app.ui.look.text_fields import LineField
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL, Role
from capacity_app.ui.report.maker import Choices, Maker
from capacity_app.ui.report.parts_box import PartsBox
from capacity_app.ui.shell.file_dialogs import with_ending
from capacity_app.ui.shell.new_assessment import default_name, is_in_a_folder
from capacity_app.ui.shell.rail import ProgressLine
from capacity_app.ui.shell.settings import Settings

PROFILE_LABELS: dict[Profile, str] = {
    Profile.FULL: N_("Everything"),
    Profile.NO_SCORES: N_("Without scores: answers, gaps and actions remain"),
    Profile.NO_NAMES: N_("Without names of persons"),
}

_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})


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
_WORKBOOK = "xlsx"


class _FormatTile(Opener):
    """One format to choose; what it is for is said below the tiles."""

    def __init__(self, chosen: Format, texts: Texts) -> None:
        super().__init__(f"format_{chosen.name}", has_arrow=False)
        title, sentence = texts.gettext(chosen.title), texts.gettext(chosen.sentence)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
        head = QHBoxLayout()
        head.setSpacing(SMALL)
        head.addWidget(Mark(chosen.name, "accent"))
        head.addWidget(Words(title, Role.QUESTION), 1)
        self.body.addLayout(head)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave Enter to the form: it makes the report; the arrows and the space bar choose."""
        if event.key() in _ENTER:
            event.ignore()
        else:
            super().keyPressEvent(event)


class ReportForm(Card):
    """The choices for a report, its making and its outcome.

    ``chosen`` tells of other choices, ``made`` of a finished PDF.
    """

    chosen = Signal()
    made = Signal(str)

    def __init__(self, bridge: Bridge, texts: Texts, settings: Settings, maker: Maker) -> None:
        super().__init__(margin=LARGE)
        self._bridge, self._texts, self._settings, self.maker = bridge, texts, settings, maker
        self._is_own_file = False
        self._outcome: Banner | None = None
        self.job = maker.job
        self.body.setSpacing(MEDIUM)
        self._make_inputs()
        self._lay_out()
        maker.progressed.connect(self._show_progress)
        maker.done.connect(self._finish)
        maker.failed.connect(lambda sentence: self._end(Tone.DANGER, sentence))
        maker.cancelled.connect(lambda: self._end(Tone.INFORMATION, texts.gettext("Cancelled. No report was written.")))
        maker.running_changed.connect(self._show_running)
        bridge.changed.connect(lambda _change: self._suggest_file())
        self._choose()

    # -- what can be chosen ---------------------------------------------------------------------------------------

    def _combo(self, name: str, label: str, choices: Sequence[tuple[str, str]]) -> QuietCombo:
        combo = QuietCombo()
        combo.setObjectName(name)
        combo.setAccessibleName(label)
        combo.fill(tuple(choices))
        combo.currentIndexChanged.connect(lambda _index: self._choose())
        return combo

    def _make_inputs(self) -> None:
        say, named = self._texts.gettext, self._texts.language_name
        instrument = self._bridge.session.instrument
        self._formats = QButtonGroup(self)
        self.tiles = {made.name: _FormatTile(made, self._texts) for made in FORMATS}
        for tile in self.tiles.values():
            self._formats.addButton(tile)
        self.tiles[FORMATS[0].name].setChecked(True)
        self._formats.buttonClicked.connect(lambda _tile: self._choose())
        languages = [(code, named(code)) for code in report_languages(instrument)]
        self.language = self._combo("report_language", say("Language of the report"), languages)
        self.language.setCurrentIndex(max(self.language.findData(self._bridge.session.mission.language), 0))
        beside_it = [("", say("None")), *((code, named(code)) for code in question_languages(instrument))]
        self.second = self._combo("report_second", say("Second language, for questions and answers"), beside_it)
        profiles = [(profile.value, say(label)) for profile, label in PROFILE_LABELS.items()]
        self.profile = self._combo("report_profile", say("What the report leaves out"), profiles)
        remembered = frozenset(Part(name) for name in self._settings.report_parts if name in set(Part))
        self.parts = PartsBox(self._texts, remembered or ALL)
        self.parts.changed.connect(self._choose)
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
        self.body.addWidget(Tiles(tuple(self.tiles.values()), letters=6))
        self._about = Words(role=Role.CAPTION, is_muted=True)
        self.body.addWidget(self._about)
        self.body.addLayout(self._labelled(N_("Language"), self.language))
        self.body.addLayout(self._labelled(N_("Second language, for questions and answers"), self.second))
        self.body.addLayout(self._labelled(N_("Contents"), self.profile))
        self.body.addLayout(self._labelled(N_("Parts"), self.parts))
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
        self.cancel.clicked.connect(lambda _checked: self.maker.cancel())
        self.body.addLayout(row(self.make, self.cancel))
        self._line = ProgressLine(height=8)
        self._step = Words(role=Role.CAPTION, is_muted=True)
        self._step.setObjectName("report_step")
        for widget in (self.cancel, self._line, self._step):
            widget.hide()
        self.body.addWidget(self._line)
        self.body.addWidget(self._step)
        self.body.addStretch(1)

    @property
    def suffix(self) -> str:
        """The suffix of the chosen format."""
        return next(name for name, tile in self.tiles.items() if tile.isChecked())

    @property
    def choices(self) -> Choices:
        """What has been chosen; a second language like the first is none."""
        first, second = str(self.language.currentData()), str(self.second.currentData() or "")
        profile = str(self.profile.currentData())
        return Choices(first, "" if second == first else second, profile, self.parts.chosen)

    def _choose(self) -> None:
        """Follow a choice: the file's ending, what the format is for, and what it does not take."""
        is_workbook = self.suffix == _WORKBOOK
        about = self._texts.gettext(next(made.sentence for made in FORMATS if made.name == self.suffix))
        whole = self._texts.gettext("It always holds all parts, in one language.")
        self._about.setText(f"{about} {whole}" if is_workbook else about)
        self.second.setEnabled(not is_workbook)
        self.parts.setEnabled(not is_workbook)
        parts = self.parts.chosen
        self._settings.report_parts = () if parts == ALL else (part.value for part in Part if part in parts)
        self._suggest_file()
        self.chosen.emit()

    # -- where it goes --------------------------------------------------------------------------------------------

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

    # -- making it ------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Make the report of what is on disk; what is being typed or saved is waited for."""
        if self.maker.is_running:
            return
        self._clear_outcome()
        problem = self._problem()
        if problem:
            self._show_outcome(Tone.DANGER, problem)
            return
        self.maker.start(Path(self.file.text().strip()), self.choices)

    def _problem(self) -> str:
        file = Path(self.file.text().strip())
        if not self.file.text().strip():
            return self._texts.gettext("Say where to put the report.")
        if not is_in_a_folder(file):
            return self._texts.gettext("There is no such folder. Choose one that exists.")
        if not self.parts.chosen and self.suffix != _WORKBOOK:
            return self._texts.gettext("Tick at least one part.")
        return ""

    def _show_running(self) -> None:
        is_running = self.maker.is_running
        self.set_busy(is_busy=is_running)
        for widget in (self.cancel, self._line, self._step):
            widget.setVisible(is_running)

    def set_busy(self, *, is_busy: bool) -> None:
        """Let nothing be made here while something is being made."""
        self.make.setEnabled(not is_busy)

    def _show_progress(self, step: str, share: float) -> None:
        self._line.set_share(Fraction(min(max(share, 0.0), 1.0)))
        self._step.setText(step)

    def _finish(self, file: str) -> None:
        self._settings.folder = Path(file).parent
        say = self._texts.gettext
        choices = (
            (say("Open it"), lambda: open_outside(Path(file))),
            (say("Show the folder"), lambda: open_outside(Path(file).parent)),
        )
        self._end(Tone.GOOD, say("The report is ready: {file}").format(file=file), choices)
        self._warn_of_replacing()
        if Path(file).suffix.lower() == ".pdf":
            self.made.emit(file)

    def _end(self, tone: Tone, sentence: str, choices: Sequence[Choice] = ()) -> None:
        self._show_running()
        self._show_outcome(tone, sentence, choices)

    def _show_outcome(self, tone: Tone, sentence: str, choices: Sequence[Choice] = ()) -> None:
        self._clear_outcome()
        self._outcome = Banner(self._texts, tone, sentence, choices)
        self._outcome.setObjectName("report_outcome")
        self._outcome.closer.clicked.connect(lambda _checked: self._clear_outcome())
        self.body.insertWidget(self.body.count() - 1, self._outcome)

    def _clear_outcome(self) -> None:
        if self._outcome is not None:
            self._outcome.hide()
            self._outcome.deleteLater()
            self._outcome = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Make the report with Enter from any field."""
        if event.key() in _ENTER and not event.modifiers() and self.make.isEnabled():
            self.start()
        else:
            super().keyPressEvent(event)

    @property
    def outcome(self) -> str:
        """What the last run ended with, empty while none has."""
        return self._outcome.sentence if self._outcome is not None else ""


def open_outside(path: Path) -> bool:
    """Open a file or folder with the desktop's own program."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
