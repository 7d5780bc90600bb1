"""What a report is to be: its format, languages, contents and place; its progress and its end."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from capacity_app.domain.content_hash import printed
from capacity_app.domain.privacy import Profile
from capacity_app.domain.problems import N_
from capacity_app.report.view.parts import ALL, PART_GROUPS, PART_WORDS, Part
from capacity_app.services import certificate
from capacity_app.services.reporting import question_languages, report_languages
from capacity_app.texts import Texts, in_own_order, parted
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.alerts import Banner, Choice, Mark, Outcome, Tone
from capacity_app.ui.look.buttons import SignTool
from capacity_app.ui.look.cards import Card, Rule, Tiles, Words, beside, row
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.openers import ways_to
from capacity_app.ui.look.pickers import QuietCombo
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL, TIGHT, Role
from capacity_app.ui.report.file_place import FilePlace, PlaceWords
from capacity_app.ui.report.formats import (
    ENDINGS,
    ENTER,
    FORMAT_BY_NAME,
    FORMATS,
    PROFILE_LABELS,
    PROFILE_SENTENCES,
    WORKBOOK,
    FormatTile,
)
from capacity_app.ui.report.maker import Choices, Maker
from capacity_app.ui.report.tick_box import TickBox
from capacity_app.ui.shell.new_assessment import default_name, is_in_a_folder
from capacity_app.ui.shell.rail import ProgressLine
from capacity_app.ui.shell.settings import Settings


class Finished(Card):
    """One report that is ready. ``where`` says where in it the content hash is printed.

    ``warning`` is what is to be known of it, empty for nothing.
    """

    def __init__(
        self, texts: Texts, file: str, choices: Sequence[Choice], digits: str, where: str, warning: str = ""
    ) -> None:
        super().__init__(tint="good_tint", edge="good", margin=MEDIUM)
        self.sentence = texts.gettext("The report is ready: {file}").format(file=file)
        self.setAccessibleName(self.sentence)
        self.body.setSpacing(SMALL)
        self.closer = SignTool("close", texts.gettext("Close this message"))
        self.closer.setObjectName("banner_close")
        self.body.addLayout(self._head(texts.gettext("The report is ready")))
        self.body.addWidget(_plain(in_own_order(file) if texts.right_to_left else file))
        if warning:
            self.body.addWidget(_plain(warning))
        ways = Flow(SMALL)
        for label, act in choices:
            button = QPushButton(label)
            button.setObjectName("banner_button")
            button.clicked.connect(lambda _checked, act=act: act())
            ways.place(button)
        self.body.addWidget(ways)
        if digits:
            self._add_hash(texts, digits, where)

    def _head(self, title: str) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(SMALL)
        line.addWidget(Mark(Tone.GOOD.value, "good"), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(Words(title, Role.STRONG), 1)
        line.addWidget(self.closer, 0, Qt.AlignmentFlag.AlignTop)
        return line

    def _add_hash(self, texts: Texts, digits: str, where: str) -> None:
        self.body.addSpacing(TIGHT)
        self.body.addWidget(Rule())
        self.body.addWidget(Words(texts.gettext("Content hash"), Role.CAPTION, is_muted=True))
        said = _plain(printed(digits), Role.HEADING)
        said.setObjectName("report_hash")
        self.body.addWidget(said)
        self.body.addWidget(Words(texts.gettext(where), Role.CAPTION, is_muted=True))


def _plain(text: str, role: Role = Role.BODY) -> Words:
    words = Words(text, role)
    words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return words


def _one_of(known: Iterable[str], wanted: object, usual: str) -> str:
    return str(wanted) if wanted in set(known) else usual


def _parts_in(known: Mapping[str, object]) -> frozenset[Part]:
    named = known.get("parts")
    return frozenset(Part(name) for name in named if name in set(Part)) if isinstance(named, list) else frozenset()


class ReportForm(Card):
    """The choices for a report, its making and its outcome.

    ``chosen`` tells of other choices, ``made`` of a finished PDF, ``shown`` of how a run ended.
    """

    chosen = Signal()
    shown = Signal(object)
    made = Signal(str)

    def __init__(self, bridge: Bridge, texts: Texts, settings: Settings, maker: Maker) -> None:
        super().__init__(margin=LARGE)
        self._bridge, self._texts, self._settings, self.maker = bridge, texts, settings, maker
        self._outcome = Outcome(texts, "report_outcome", self._place_outcome)
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
        self.tiles = {made.name: FormatTile(made, self._texts) for made in FORMATS}
        for tile in self.tiles.values():
            self._formats.addButton(tile)
        self._formats.buttonClicked.connect(lambda _tile: self._choose())
        languages = [(code, named(code)) for code in report_languages(instrument)]
        self.language = self._combo("report_language", say("Language of the report"), languages)
        beside_it = [("", say("None")), *((code, named(code)) for code in question_languages(instrument))]
        self.second = self._combo("report_second", say("Second language, for questions and answers"), beside_it)
        profiles = [(profile.value, say(label)) for profile, label in PROFILE_LABELS.items()]
        self.profile = self._combo("report_profile", say("What the report leaves out"), profiles)
        self._choose_as_before()
        self.parts.changed.connect(self._choose)
        self.file = FilePlace("report_file", PlaceWords(
            say("File of the report"),
            say("Where to put the report"),
            say("There is a file of this name; the new report replaces it."),
        ), ENDINGS)  # fmt: skip
        self.file.setAcceptDrops(False)  # a file dropped on the page is one to check

    def _choose_as_before(self) -> None:
        """Begin with what was chosen the last time for this assessment."""
        session = self._bridge.session
        known = self._settings.report_choices(session.assessment_id)
        self.tiles[_one_of(self.tiles, known.get("format"), FORMATS[0].name)].setChecked(True)
        for combo, name, usual in (
            (self.language, "language", session.mission.language),
            (self.second, "second", ""),
            (self.profile, "profile", Profile.FULL.value),
        ):
            place = combo.findData(str(known.get(name, usual)))
            combo.blockSignals(True)
            combo.setCurrentIndex(max(place, 0))
            combo.blockSignals(False)
        say = self._texts.gettext
        self.parts = TickBox(self._texts, "report_parts", "parts", say("Parts of the report"))
        named = [(say(title), [(part.value, say(PART_WORDS[part])) for part in parts]) for title, parts in PART_GROUPS]
        self.parts.offer(named, ALL - (_parts_in(known) or ALL))

    def _labelled(self, label: str, content: QWidget) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(SMALL // 2)
        name = Words(self._texts.gettext(label), Role.STRONG)
        name.setBuddy(content)
        column.addWidget(name)
        column.addWidget(content)
        return column

    def _lay_out(self) -> None:
        self.body.addWidget(Tiles(tuple(self.tiles.values()), letters=6))
        self._about = Words(role=Role.CAPTION, is_muted=True)
        self._about.setObjectName("format_about")
        self.body.addWidget(self._about)
        self.body.addLayout(self._labelled(N_("Language"), self.language))
        self.body.addLayout(self._labelled(N_("Second language, for questions and answers"), self.second))
        self.body.addLayout(self._labelled(N_("Scope"), self.profile))
        self._about_profile = Words(role=Role.CAPTION, is_muted=True)
        self._about_profile.setObjectName("profile_about")
        self.body.addWidget(self._about_profile)
        self.body.addLayout(self._labelled(N_("Parts of the report"), self.parts))
        browse = QPushButton(self._texts.gettext("Choose …"))
        browse.setObjectName("report_browse")
        browse.clicked.connect(lambda _checked: self.file.browse(f".{self.suffix}"))
        self.body.addLayout(self._labelled(N_("File"), beside(self.file, browse)))
        self.body.addWidget(self.file.remark)
        self._lay_out_making()
        self.body.addStretch(1)

    def _lay_out_making(self) -> None:
        say = self._texts.gettext
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

    @property
    def suffix(self) -> str:
        return next(name for name, tile in self.tiles.items() if tile.isChecked())

    @property
    def _chosen_parts(self) -> frozenset[Part]:
        return frozenset(map(Part, self.parts.chosen))

    @property
    def choices(self) -> Choices:
        """What has been chosen; a second language like the first is none."""
        first, second = str(self.language.currentData()), str(self.second.currentData() or "")
        profile = str(self.profile.currentData())
        tag = self._settings.tag
        return Choices(tag(first), "" if second == first else tag(second), profile, self._chosen_parts)

    def _choose(self) -> None:
        """Follow a choice: the file's ending, what format and profile are for, and what the format does not take."""
        say, is_workbook = self._texts.gettext, self.suffix == WORKBOOK
        about = say(FORMAT_BY_NAME[self.suffix].sentence)
        whole = say("It always holds all parts.")
        self._about.setText(f"{about} {whole}" if is_workbook else about)
        self._about_profile.setText(say(PROFILE_SENTENCES[Profile(self.choices.profile)]))
        self.parts.setEnabled(not is_workbook)
        self._remember()
        self._suggest_file()
        self.chosen.emit()

    def _remember(self) -> None:
        choices, parts = self.choices, self._chosen_parts
        named = [part.value for part in Part if part in parts] if parts != ALL else []
        kept = {"format": self.suffix, "language": self.language.currentData(), "second": parted(choices.second)[0],
                "profile": choices.profile, "parts": named}  # fmt: skip
        self._settings.remember_report(self._bridge.session.assessment_id, kept)

    # -- where it goes --------------------------------------------------------------------------------------------

    def _suggest_file(self) -> None:
        self.file.suggest(self._bridge.session.file.parent / self._name())

    def _name(self) -> str:
        """Name the file by what tells it from other reports: country, round, what is left out, languages."""
        mission, choices = self._bridge.session.mission, self.choices
        stem = Path(default_name(mission.country, mission.round)).stem
        parts = (stem, choices.profile, parted(choices.language)[0], parted(choices.second)[0])
        return "-".join(part for part in parts if part) + f".{self.suffix}"

    def choose_file(self, file: Path) -> None:
        """Put the report into a file, whose suffix follows the format."""
        self.file.choose(file, f".{self.suffix}")

    # -- making it ------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Make the report of what is on disk; what is being typed or saved is waited for."""
        if self.maker.is_running:
            return
        self._outcome.clear()
        problem = self._problem()
        if problem:
            self._show_outcome(Banner(self._texts, Tone.DANGER, problem))
            return
        self.maker.start(self.file.path, self.choices)

    def _problem(self) -> str:
        if not self.file.text().strip():
            return self._texts.gettext("Say where to put the report.")
        if not is_in_a_folder(self.file.path):
            return self._texts.gettext("There is no such folder. Choose one that exists.")
        if not self.parts.chosen and self.suffix != WORKBOOK:
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
        choices = ways_to(Path(file), self._texts, N_("Open it"))
        kind = FORMAT_BY_NAME[Path(file).suffix.removeprefix(".").lower()]
        self._show_running()
        unsigned = certificate.warning(Path(file), self._texts.gettext)
        self._show_outcome(Finished(self._texts, file, choices, self.maker.content_hash, kind.where, unsigned))
        self.file.remark.hide()
        if kind.name == "pdf":
            self.made.emit(file)

    def _end(self, tone: Tone, sentence: str) -> None:
        self._show_running()
        self._show_outcome(Banner(self._texts, tone, sentence))

    def _show_outcome(self, outcome: Banner | Finished) -> None:
        self._outcome.show(outcome, outcome.closer, outcome.sentence)
        self.shown.emit(outcome)

    def _place_outcome(self, outcome: QWidget) -> None:
        self.body.insertWidget(self.body.count() - 1, outcome)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER and not event.modifiers() and self.make.isEnabled():
            self.start()
        else:
            super().keyPressEvent(event)

    @property
    def outcome(self) -> str:
        """What the last run ended with, empty while none has."""
        return self._outcome.sentence
