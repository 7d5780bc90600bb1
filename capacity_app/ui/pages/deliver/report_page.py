"""The report page: choices for the report, its writing and its end, what is still weak, and the preview beside it."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from capacity_app.domain.assessment.findings import FINDING_KIND_LABELS, Finding, group_by_kind
from capacity_app.domain.assessment.privacy import ReportProfile
from capacity_app.domain.content_hash import format_hash
from capacity_app.domain.problems import N_
from capacity_app.i18n.translator import Translator, isolate_ltr_lines, split_locale_tag
from capacity_app.outputs.content.report_parts import ALL_PARTS, PART_GROUPS, PART_LABELS, ReportPart
from capacity_app.questionnaires.translations import question_languages
from capacity_app.services import protection
from capacity_app.services.reports import report_languages
from capacity_app.services.result_tables import weak_points
from capacity_app.ui.pages.deliver.file_check import FileCheckCard, FileCheckJob, dropped_file
from capacity_app.ui.pages.deliver.report_choices import (
    ENTER_KEYS,
    FORMAT_BY_NAME,
    PROFILE_LABELS,
    PROFILE_SENTENCES,
    REPORT_FORMATS,
    REPORT_SUFFIXES,
    WORKBOOK_NAME,
    FoldedCheckList,
    FormatTile,
)
from capacity_app.ui.pages.deliver.report_preview import ReportPreview
from capacity_app.ui.session.controller import RefreshOnShow, SessionController
from capacity_app.ui.session.file_dialogs import SavePathField, SavePathLabels, default_file_name, has_existing_folder
from capacity_app.ui.session.jobs import ReportJob, ReportOptions
from capacity_app.ui.session.save_state import SaveState
from capacity_app.ui.session.settings import Settings
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, TIGHT, WIDE, TextRole
from capacity_app.ui.widgets.banners import Banner, BannerAction, BannerTone, IconLabel, OutcomeBanner, actions_to_open
from capacity_app.ui.widgets.buttons import Button, ComboBox, IconToolButton
from capacity_app.ui.widgets.cards import Card, Label, Separator, TileGrid, page_heading, scroll_area_of
from capacity_app.ui.widgets.flow import Flow
from capacity_app.ui.widgets.layouts import (
    field_with_button,
    holder_of,
    lay_out,
    side_by_side,
    split_of,
    with_action,
    with_name,
)
from capacity_app.ui.widgets.progress_card import ThinProgressBar

# What a report is to be: its format, languages, contents and place; its progress and its end.


class ReportReadyCard(Card):
    """One report that is ready. ``where`` says where in it the content hash is printed.

    ``warning`` is what is to be known of it, empty for nothing.
    """

    def __init__(
        self, texts: Translator, file: str, choices: Sequence[BannerAction], digits: str, where: str, warning: str = ""
    ) -> None:
        super().__init__(tint="good_tint", edge="good", margin=MEDIUM)
        self.sentence = texts.gettext("The report is ready: {file}").format(file=file)
        self.setAccessibleName(self.sentence)
        self.closer = with_name(IconToolButton("close", texts.gettext("Close this message")), "banner_close")
        lay_out(self.body, self._head(texts.gettext("The report is ready")), spacing=SMALL)
        self.body.addWidget(Label(isolate_ltr_lines(file) if texts.right_to_left else file, is_selectable=True))
        if warning:
            self.body.addWidget(Label(warning, is_selectable=True))
        ways = Flow(SMALL)
        for label, act in choices:
            button = with_name(Button(label), "banner_button")
            button.clicked.connect(lambda _checked, act=act: act())
            ways.place(button)
        self.body.addWidget(ways)
        if digits:
            self._add_hash(texts, digits, where)

    def _head(self, title: str) -> QHBoxLayout:
        line = lay_out(QHBoxLayout(), spacing=SMALL)
        line.addWidget(IconLabel(BannerTone.GOOD.value, "good"), 0, Qt.AlignmentFlag.AlignTop)
        lay_out(line, (Label(title, TextRole.STRONG), 1), (self.closer, 0, Qt.AlignmentFlag.AlignTop))
        return line

    def _add_hash(self, texts: Translator, digits: str, where: str) -> None:
        self.body.addSpacing(TIGHT)
        lay_out(self.body, Separator(), Label(texts.gettext("Content hash"), TextRole.CAPTION, is_muted=True))
        said = with_name(Label(format_hash(digits), TextRole.HEADING, is_selectable=True), "report_hash")
        lay_out(self.body, said, Label(texts.gettext(where), TextRole.CAPTION, is_muted=True))


def _one_of(known: Iterable[str], wanted: object, usual: str) -> str:
    return str(wanted) if wanted in set(known) else usual


def _parts_in(known: Mapping[str, object]) -> frozenset[ReportPart]:
    named = known.get("parts")
    return (
        frozenset(ReportPart(name) for name in named if name in set(ReportPart))
        if isinstance(named, list)
        else frozenset()
    )


class ReportForm(Card):
    """The choices for a report, its making and its outcome.

    ``chosen`` tells of other choices, ``made`` of a finished PDF, ``shown`` of how a run ended.
    """

    chosen = Signal()
    shown = Signal(object)
    made = Signal(str)

    def __init__(self, controller: SessionController, texts: Translator, settings: Settings, maker: ReportJob) -> None:
        super().__init__(margin=LARGE, spacing=MEDIUM)
        self._controller, self._texts, self._settings, self.maker = controller, texts, settings, maker
        self._outcome = OutcomeBanner(texts, "report_outcome", self._place_outcome)
        self.job = maker.job
        self._make_inputs()
        self._lay_out()
        maker.progressed.connect(self._show_progress)
        maker.done.connect(self._finish)
        maker.failed.connect(lambda sentence: self._end(BannerTone.DANGER, sentence))
        maker.cancelled.connect(
            lambda: self._end(BannerTone.INFORMATION, texts.gettext("Cancelled. No report was written."))
        )
        maker.running_changed.connect(self._show_running)
        controller.changed.connect(lambda _change: self._suggest_file())
        self._choose()

    def _combo(self, name: str, label: str, choices: Sequence[tuple[str, str]]) -> ComboBox:
        combo = with_name(ComboBox(tuple(choices)), name, label)
        combo.currentIndexChanged.connect(lambda _index: self._choose())
        return combo

    def _make_inputs(self) -> None:
        say, named = self._texts.gettext, self._texts.language_name
        instrument = self._controller.session.instrument
        self._formats = QButtonGroup(self)
        self.tiles = {made.name: FormatTile(made, self._texts) for made in REPORT_FORMATS}
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
        self.file = SavePathField("report_file", SavePathLabels(
            say("File of the report"),
            say("Where to put the report"),
            say("There is a file of this name; the new report replaces it."),
        ), REPORT_SUFFIXES)  # fmt: skip
        self.file.setAcceptDrops(False)  # a file dropped on the page is one to check

    def _choose_as_before(self) -> None:
        session = self._controller.session
        known = self._settings.report_choices(session.assessment_id)
        self.tiles[_one_of(self.tiles, known.get("format"), REPORT_FORMATS[0].name)].setChecked(True)
        for combo, name, usual in (
            (self.language, "language", session.mission.language),
            (self.second, "second", ""),
            (self.profile, "profile", ReportProfile.FULL.value),
        ):
            place = combo.findData(str(known.get(name, usual)))
            combo.blockSignals(True)
            combo.setCurrentIndex(max(place, 0))
            combo.blockSignals(False)
        say = self._texts.gettext
        self.parts = FoldedCheckList(self._texts, "report_parts", "parts", say("Parts of the report"))
        named = [(say(title), [(part.value, say(PART_LABELS[part])) for part in parts]) for title, parts in PART_GROUPS]
        self.parts.offer(named, ALL_PARTS - (_parts_in(known) or ALL_PARTS))

    def _labelled(self, label: str, content: QWidget) -> QVBoxLayout:
        name = Label(self._texts.gettext(label), TextRole.STRONG)
        name.setBuddy(content)
        return lay_out(QVBoxLayout(), name, content, spacing=SMALL // 2)

    def _lay_out(self) -> None:
        self._about = with_name(Label(role=TextRole.CAPTION, is_muted=True), "format_about")
        lay_out(self.body, TileGrid(tuple(self.tiles.values()), letters=6), self._about)
        self.body.addLayout(self._labelled(N_("Language"), self.language))
        self.body.addLayout(self._labelled(N_("Second language, for questions and answers"), self.second))
        self.body.addLayout(self._labelled(N_("Scope"), self.profile))
        self._about_profile = with_name(Label(role=TextRole.CAPTION, is_muted=True), "profile_about")
        lay_out(self.body, self._about_profile, self._labelled(N_("Parts of the report"), self.parts))
        browse = Button(self._texts.gettext("Choose …"))
        browse.setObjectName("report_browse")
        browse.clicked.connect(lambda _checked: self.file.browse(f".{self.suffix}"))
        lay_out(self.body, self._labelled(N_("File"), field_with_button(self.file, browse)), self.file.remark)
        self._lay_out_making()
        self.body.addStretch(1)

    def _lay_out_making(self) -> None:
        say = self._texts.gettext
        self.make = with_action(Button(say("Make the report"), is_main=True), "report_make", self.start)
        self.cancel = with_action(Button(say("Cancel")), "report_cancel", self.maker.cancel)
        self.body.addLayout(side_by_side(self.make, self.cancel))
        self._line = ThinProgressBar(height=8)
        self._step = with_name(Label(role=TextRole.CAPTION, is_muted=True), "report_step")
        for widget in (self.cancel, self._line, self._step):
            widget.hide()
        lay_out(self.body, self._line, self._step)

    @property
    def suffix(self) -> str:
        return next(name for name, tile in self.tiles.items() if tile.isChecked())

    @property
    def _chosen_parts(self) -> frozenset[ReportPart]:
        return frozenset(map(ReportPart, self.parts.chosen))

    @property
    def choices(self) -> ReportOptions:
        first, second = str(self.language.currentData()), str(self.second.currentData() or "")
        profile = str(self.profile.currentData())
        tag = self._settings.tag
        return ReportOptions(tag(first), "" if second == first else tag(second), profile, self._chosen_parts)

    def _choose(self) -> None:
        """Follow a choice: the file's ending, what format and profile are for, and what the format does not take."""
        say, is_workbook = self._texts.gettext, self.suffix == WORKBOOK_NAME
        about = say(FORMAT_BY_NAME[self.suffix].sentence)
        whole = say("It always holds all parts.")
        self._about.setText(f"{about} {whole}" if is_workbook else about)
        self._about_profile.setText(say(PROFILE_SENTENCES[ReportProfile(self.choices.profile)]))
        self.parts.setEnabled(not is_workbook)
        self._remember()
        self._suggest_file()
        self.chosen.emit()

    def _remember(self) -> None:
        choices, parts = self.choices, self._chosen_parts
        named = [part.value for part in ReportPart if part in parts] if parts != ALL_PARTS else []
        kept = {
            "format": self.suffix,
            "language": self.language.currentData(),
            "second": split_locale_tag(choices.second)[0],
            "profile": choices.profile,
            "parts": named,
        }
        self._settings.remember_report(self._controller.session.assessment_id, kept)

    def _suggest_file(self) -> None:
        self.file.suggest(self._controller.session.file.parent / self._name())

    def _name(self) -> str:
        """Name the file by what tells it from other reports: country, round, what is left out, languages."""
        mission, choices = self._controller.session.mission, self.choices
        stem = Path(default_file_name(mission.country, mission.round)).stem
        parts = (stem, choices.profile, split_locale_tag(choices.language)[0], split_locale_tag(choices.second)[0])
        return "-".join(part for part in parts if part) + f".{self.suffix}"

    def choose_file(self, file: Path) -> None:
        """Put the report into a file, whose suffix follows the format."""
        self.file.choose(file, f".{self.suffix}")

    def start(self) -> None:
        """Make the report of what is on disk; what is being typed or saved is waited for."""
        if self.maker.is_running:
            return
        self._outcome.clear()
        problem = self._problem()
        if problem:
            self._show_outcome(Banner(self._texts, BannerTone.DANGER, problem))
            return
        self.maker.start(self.file.path, self.choices)

    def _problem(self) -> str:
        if not self.file.text().strip():
            return self._texts.gettext("Say where to put the report.")
        if not has_existing_folder(self.file.path):
            return self._texts.gettext("There is no such folder. Choose one that exists.")
        if not self.parts.chosen and self.suffix != WORKBOOK_NAME:
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
        self._line.show_work(share)
        self._step.setText(step)

    def _finish(self, file: str) -> None:
        self._settings.folder = Path(file).parent
        choices = actions_to_open(Path(file), self._texts, N_("Open it"))
        kind = FORMAT_BY_NAME[Path(file).suffix.removeprefix(".").lower()]
        self._show_running()
        unsigned = protection.unsigned_warning(Path(file), self._texts.gettext)
        self._show_outcome(ReportReadyCard(self._texts, file, choices, self.maker.content_hash, kind.where, unsigned))
        self.file.remark.hide()
        if kind.name == "pdf":
            self.made.emit(file)

    def _end(self, tone: BannerTone, sentence: str) -> None:
        self._show_running()
        self._show_outcome(Banner(self._texts, tone, sentence))

    def _show_outcome(self, outcome: Banner | ReportReadyCard) -> None:
        self._outcome.show(outcome, outcome.closer, outcome.sentence)
        self.shown.emit(outcome)

    def _place_outcome(self, outcome: QWidget) -> None:
        self.body.insertWidget(self.body.count() - 1, outcome)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER_KEYS and not event.modifiers() and self.make.isEnabled():
            self.start()
        else:
            super().keyPressEvent(event)

    @property
    def outcome(self) -> str:
        """What the last run ended with, empty while none has."""
        return self._outcome.sentence


_FORM_LETTERS, _PREVIEW_LETTERS, _FORM_SHARE = 36, 34, 0.38
"""Letters of width the form and the pages want beside each other, and the form's share of the width."""
_FIRST_KINDS = 3


class ChecksSummary(QWidget):
    """How much is still weak, and the way to it. ``wanted`` asks for the check."""

    wanted = Signal()

    def __init__(self, controller: SessionController, texts: Translator) -> None:
        super().__init__()
        self._controller, self._texts = controller, texts
        self._fresh = RefreshOnShow(self, controller, self._show)
        self.told = with_name(Label(is_muted=True), "report_weak")
        self.button = Button(texts.gettext("Check before you leave"))
        self.button.setObjectName("report_checks")
        self.button.clicked.connect(lambda _checked: self.wanted.emit())
        lay_out(QHBoxLayout(self), (self.told, 1), self.button, margins=0, spacing=MEDIUM)

    def _show(self) -> None:
        self.told.setText(self._summary(weak_points(self._controller.session)))

    def _summary(self, findings: tuple[Finding, ...]) -> str:
        texts, count = self._texts, len(findings)
        if not findings:
            return texts.gettext("Nothing is left to look at.")
        sentence = texts.ngettext("{count} point to look at", "{count} points to look at", count)
        kinds = [
            (texts.gettext(FINDING_KIND_LABELS[kind]), len(found)) for kind, found in group_by_kind(findings).items()
        ]
        named = [f"{title} {texts.number(number)}" for title, number in kinds[:_FIRST_KINDS]]
        named += ["…"] if len(kinds) > _FIRST_KINDS else []
        return f"{sentence.format(count=texts.number(count))}: {' · '.join(named)}"


_LEAST_LINES = 8
"""Form and pages are never lower than so many lines."""


class ReportPage(QWidget):
    """The choices on the leading side and the pages on the trailing one; under each other where it is narrow."""

    checks_wanted = Signal()

    def __init__(self, controller: SessionController, texts: Translator, settings: Settings, state: SaveState) -> None:
        super().__init__()
        self.setObjectName("report_page")
        self.report = ReportForm(controller, texts, settings, ReportJob(controller, texts, state, self))
        self.file_check = FileCheckJob(controller, texts, state, self)
        self.check_card = FileCheckCard(texts, self.file_check, lambda: settings.folder)
        self.preview = ReportPreview(texts, ReportJob(controller, texts, state, self), lambda: self.report.choices)
        controller.jobs.follow(self.report.maker, texts.gettext("Report"), holds_closing=True)
        controller.jobs.follow(self.preview.maker, texts.gettext("Preview"))
        controller.jobs.follow(self.file_check, texts.gettext("Check of a file"))
        self.checks = ChecksSummary(controller, texts)
        self.checks.wanted.connect(self.checks_wanted)
        self._lay_out(texts)
        self.setFocusProxy(self.report.tiles[self.report.suffix])
        self.setAcceptDrops(True)
        self._connect(controller)

    def _lay_out(self, texts: Translator) -> None:
        self._column = self._forms()
        self._form_area = scroll_area_of(self._column, scrolls_sideways=False)
        self._split = split_of(self._form_area, self.preview, name="report_split", stretch=(0, 1))
        column = lay_out(QVBoxLayout(self), margins=(WIDE, LARGE, WIDE, LARGE), spacing=MEDIUM)
        subtitle = texts.gettext("Leave with a report on the last day. It holds everything that was typed.")
        lay_out(column, page_heading(texts.gettext("Report"), subtitle), self.checks, (self._split, 1))

    def _forms(self) -> QWidget:
        """Put what makes reports above what checks them."""
        return holder_of(QVBoxLayout(), self.report, self.check_card, 1, spacing=MEDIUM)

    def _connect(self, controller: SessionController) -> None:
        form, preview = self.report.maker, self.preview.maker
        form.started.connect(lambda: self.preview.begin(self.report.choices))
        form.running_changed.connect(lambda: self.preview.set_busy(is_busy=form.is_running))
        preview.running_changed.connect(lambda: self.report.set_busy(is_busy=preview.is_running))
        self.report.made.connect(lambda file: self.preview.show_pages_of(Path(file)))
        self.report.chosen.connect(self.preview.compare_options)
        self.report.shown.connect(self._bring_into_view)
        self.check_card.shown.connect(self._bring_into_view)
        controller.changed.connect(lambda _change: self.preview.answers_changed())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        letter = self.fontMetrics().averageCharWidth()
        is_narrow = self.width() < (_FORM_LETTERS + _PREVIEW_LETTERS) * letter + 2 * WIDE
        wanted = Qt.Orientation.Vertical if is_narrow else Qt.Orientation.Horizontal
        self._form_area.setMinimumWidth(min(_FORM_LETTERS * letter, self.width() // 2))
        lines = self.fontMetrics().height()
        for side in (self._form_area, self.preview):
            side.setMinimumHeight(_LEAST_LINES * lines)
        is_first = event.oldSize().width() <= 0
        if wanted != self._split.orientation() or is_first:
            self._split.setOrientation(wanted)
            whole = self._split.width() if wanted is Qt.Orientation.Horizontal else self._split.height()
            form = round(whole * _FORM_SHARE) if wanted is Qt.Orientation.Horizontal else whole // 2
            self._split.setSizes([form, whole - form])

    def _bring_into_view(self, outcome: QWidget) -> None:
        """Scroll to an outcome once it has its place, its beginning first."""

        def scroll() -> None:
            # First everything finds its place: the range of the scroll bar follows.
            QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
            top = outcome.mapTo(self._column, outcome.rect().topLeft()).y()
            bar, room = self._form_area.verticalScrollBar(), self._form_area.viewport().height()
            bar.setValue(min(top - MEDIUM, max(bar.value(), top + outcome.height() + LARGE - room)))

        QTimer.singleShot(0, outcome, scroll)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_file(event.mimeData()) is None:
            event.ignore()
            return
        self.check_card.highlight_drop(is_held=True)
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.check_card.highlight_drop(is_held=False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self.check_card.highlight_drop(is_held=False)
        file = dropped_file(event.mimeData())
        if file is not None:
            self.check_card.check(file)
            event.acceptProposedAction()

    def start_report(self) -> None:
        self.report.tiles[self.report.suffix].setFocus(Qt.FocusReason.OtherFocusReason)

    def stop(self) -> None:
        self.report.maker.stop()
        self.file_check.stop()
        self.preview.stop()
