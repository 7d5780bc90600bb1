"""Review and report: what is open or weak, the form of the report and its texts, and its pages beside each other."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from capacity_app.domain.assessment.findings import FINDING_KIND_LABELS, NOT_BEGUN, FindingKind, count_points_to_review
from capacity_app.domain.assessment.privacy import VOLUME_LABELS, ReportProfile, ReportVolume
from capacity_app.domain.assessment.registers import Mission
from capacity_app.domain.content_hash import format_hash
from capacity_app.domain.problems import N_
from capacity_app.i18n.catalogues import question_languages, report_languages
from capacity_app.i18n.translator import Translator, isolate_ltr_lines, split_locale_tag
from capacity_app.services import protection
from capacity_app.services.reports import are_messages_outdated, main_messages
from capacity_app.ui.pages.deliver.report_choices import (
    ENTER_KEYS,
    REPORT_FORMATS,
    REPORT_SUFFIXES,
    VOLUME_SENTENCES,
    WITHHELD_CHOICES,
    WORKBOOK_NAME,
    FormatTiles,
)
from capacity_app.ui.pages.deliver.report_preview import ReportPreview
from capacity_app.ui.pages.deliver.review_list import ReviewList
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.file_dialogs import SavePathField, default_file_name
from capacity_app.ui.session.jobs import JobFoot, ReportJob, ReportOptions
from capacity_app.ui.session.save_state import SaveState
from capacity_app.ui.session.settings import Settings
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, TIGHT, WIDE, TextRole
from capacity_app.ui.widgets.banners import (
    BannerAction,
    BannerTone,
    Disclosure,
    OutcomeBanner,
    actions_to_open,
    icon_line,
)
from capacity_app.ui.widgets.buttons import Button, ComboBox, IconToolButton
from capacity_app.ui.widgets.cards import Card, Label, LabelledField, Separator, scroll_area_of
from capacity_app.ui.widgets.flow import Flow
from capacity_app.ui.widgets.layouts import lay_out, side_by_side, split_of, with_action, with_name
from capacity_app.ui.widgets.text_fields import TextField

_LETTERS, _LINES = 96, 34
"""How large the window is at most, in letters and lines."""


class ReportTextsDialog(QDialog):
    """Edits the main messages, which begin as the generated ones, and the comments of the authorities.

    Text equal to the generated one is not kept, so that it goes on following the answers.
    """

    def __init__(self, controller: SessionController, texts: Translator, language: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("report_texts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._controller, self._texts, say = controller, texts, texts.gettext
        self.setWindowTitle(say("Text of the report"))
        dossier, self._mission = controller.session.dossier(), controller.session.mission
        # A text field gives spaces for those that do not break.
        self._generated = main_messages(dossier, Translator(language)).replace("\u00a0", " ")
        self.messages = with_name(TextField(), "main_messages", say("Main messages"))
        self.messages.setPlainText(self._mission.main_messages or self._generated)
        self.comments = with_name(TextField(), "authority_comments", say("Comments of the authorities"))
        self.comments.setPlainText(self._mission.authority_comments)
        self._state = Label(role=TextRole.CAPTION, is_muted=True)
        self.generated = with_name(TextField(), "generated_messages", say("Generated text"))
        self.generated.setPlainText(self._generated)
        self.generated.setReadOnly(True)
        self.compare = with_name(QCheckBox(say("Show the generated text beside it")), "report_texts_compare")
        self.outdated = Label(role=TextRole.CAPTION, colour="danger")
        if are_messages_outdated(controller.session):
            self.outdated.setText(
                say("Answers or actions have changed since this text was written. Compare it with the generated text.")
            )
            self.compare.setChecked(True)
        for field in (self.messages, self.comments):
            field.setReadOnly(controller.session.is_read_only)
        self.messages.textChanged.connect(self._show_state)
        self.compare.toggled.connect(lambda _on: self._show_state())
        self._lay_out()
        self._show_state()

    def _lay_out(self) -> None:
        say = self._texts.gettext
        hint = say("A line that begins with – is a point. A short line without a full stop is a heading.")
        self.again = with_action(
            Button(say("Use the generated text again")), "report_texts_generated", self._use_generated
        )
        keep = with_action(Button(say("Save"), is_main=True), "report_texts_save", self.accept)
        keep.setEnabled(not self._controller.session.is_read_only)
        leave = with_action(Button(say("Cancel")), "report_texts_cancel", self.reject)
        fields = QWidget()
        self._beside = LabelledField(say("Generated text"), self.generated)
        both = lay_out(QHBoxLayout(), (LabelledField(say("Main messages"), self.messages), 1), (self._beside, 1))
        lay_out(
            QVBoxLayout(fields),
            self._state,
            self.outdated,
            both,
            Label(hint, TextRole.CAPTION, is_muted=True),
            Flow(SMALL, self.again, self.compare),
            LabelledField(say("Comments of the authorities"), self.comments),
            1,
            margins=0,
            spacing=MEDIUM,
        )
        area = scroll_area_of(fields, scrolls_sideways=False)
        lay_out(QVBoxLayout(self), (area, 1), side_by_side(keep, leave), margins=LARGE, spacing=LARGE)
        metrics, room = self.fontMetrics(), self.screen().availableSize()
        wide, high = _LETTERS * metrics.averageCharWidth(), _LINES * metrics.lineSpacing()
        self.resize(min(wide, room.width() - LARGE), min(high, room.height() - LARGE))

    def _is_generated(self) -> bool:
        return self.messages.toPlainText().strip() in {"", self._generated.strip()}

    def _show_state(self) -> None:
        """Say which text the report prints, and show the generated one where there is something to compare."""
        say, is_generated = self._texts.gettext, self._is_generated()
        own = say("The report prints this text. It does not change when answers change.")
        self._state.setText(
            say("The report prints the generated text. It follows the answers.") if is_generated else own
        )
        self.outdated.setVisible(not is_generated and bool(self.outdated.text()))
        self.compare.setVisible(not is_generated)
        self.again.setEnabled(not (is_generated or self._controller.session.is_read_only))
        self._beside.setVisible(not is_generated and self.compare.isChecked())

    def _use_generated(self) -> None:
        self.messages.setPlainText(self._generated)
        self.messages.setFocus(Qt.FocusReason.OtherFocusReason)

    def texts(self) -> Mission:
        """Return the mission with the texts as they stand in the fields."""
        messages = "" if self._is_generated() else self.messages.toPlainText().strip()
        comments = self.comments.toPlainText().strip()
        return replace(self._controller.session.mission, main_messages=messages, authority_comments=comments)

    def accept(self) -> None:
        if self.texts() != self._controller.session.mission:
            self._controller.put(self.texts())
        super().accept()


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
        title, closer = Label(texts.gettext("The report is ready"), TextRole.STRONG), self.closer
        head = icon_line("good", "good", (title, 1), (closer, 0, Qt.AlignmentFlag.AlignTop))
        lay_out(self.body, head, spacing=SMALL)
        self.body.addWidget(Label(isolate_ltr_lines(file) if texts.right_to_left else file, is_selectable=True))
        if warning:
            self.body.addWidget(Label(warning, is_selectable=True))
        self.buttons = tuple(with_action(Button(label), "banner_button", act) for label, act in choices)
        self.body.addWidget(Flow(SMALL, *self.buttons))
        if digits:
            self._add_hash(texts, digits, where)

    def _add_hash(self, texts: Translator, digits: str, where: str) -> None:
        self.body.addSpacing(TIGHT)
        lay_out(self.body, Separator(), Label(texts.gettext("Content hash"), TextRole.CAPTION, is_muted=True))
        said = with_name(Label(format_hash(digits), TextRole.HEADING, is_selectable=True), "report_hash")
        lay_out(self.body, said, Label(texts.gettext(where), TextRole.CAPTION, is_muted=True))


class ReportForm(Card):
    """The choices for a report, and at its foot the button that creates it.

    ``chosen`` tells of other choices, ``made`` of a finished PDF. How the last report ended stands in ``place``, which
    the page lays out beside the choices, so that these stay where they are.
    """

    chosen = Signal()
    made = Signal(str)

    def __init__(self, controller: SessionController, texts: Translator, settings: Settings, maker: ReportJob) -> None:
        super().__init__(margin=MEDIUM, name="report_form")
        self._controller, self._texts, self._settings, self.maker = controller, texts, settings, maker
        self.place = QVBoxLayout()
        label = texts.gettext("Create report")
        self.foot = JobFoot(texts, maker, "report", label, self.start, form=self)
        self.foot.outcome = OutcomeBanner(texts, "report_outcome", self.place.addWidget)
        self._make_inputs()
        self._lay_out()
        maker.done.connect(self._finish)
        maker.cancelled.connect(
            lambda: self.foot.end(BannerTone.INFORMATION, texts.gettext("Cancelled. No report was created."))
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
        self.formats = FormatTiles(REPORT_FORMATS, self._texts, letters=4)
        self.formats.chosen.connect(self._choose_format)
        languages = [(code, named(code)) for code in report_languages(instrument)]
        self.language = self._combo("report_language", say("Language of the report"), languages)
        beside_it = [("", say("None")), *((code, named(code)) for code in question_languages(instrument))]
        self.second = self._combo("report_second", say("Second language, for questions and answers"), beside_it)
        volumes = [(volume.value, say(VOLUME_LABELS[volume])) for volume in VOLUME_SENTENCES]
        self.volume = self._combo("report_profile", say("Scope of the report"), volumes)
        self.without = {one: QCheckBox(say(label)) for one, (label, _about) in WITHHELD_CHOICES.items()}
        for one, box in self.without.items():
            box.setObjectName(f"report_{one}")
            box.setAccessibleName(say("Leave out: {content}").format(content=box.text()))
            box.setToolTip(say(WITHHELD_CHOICES[one][1]))
            box.setAccessibleDescription(say(WITHHELD_CHOICES[one][1]))
            box.toggled.connect(lambda _on: self._choose())
        self._choose_as_before()
        self.file = SavePathField(
            self._texts,
            "report_file",
            say("File of the report"),
            say("Choose the place of the report"),
            say("A file of this name exists. The new report replaces it."),
            REPORT_SUFFIXES,
            are_kept=True,
        )
        self.file.setAcceptDrops(False)  # a file dropped on the window is one to import

    def _choose_as_before(self) -> None:
        session = self._controller.session
        known = self._settings.report_choices(session.assessment_id)
        if "without" not in known:  # kept by version 0.6, whose profile said what to leave out
            known = {**known, "profile": ReportVolume.REPORT.value, "without": [str(known.get("profile"))]}
        if (tile := self.formats.tiles.get(str(known.get("format")))) is not None:
            tile.setChecked(True)
        for combo, name, usual in (
            (self.language, "language", self._texts.language),
            (self.second, "second", ""),
            (self.volume, "profile", ReportVolume.REPORT.value),
        ):
            known_place, usual_place = combo.findData(str(known.get(name))), combo.findData(usual)
            combo.blockSignals(True)
            combo.setCurrentIndex(known_place if known_place >= 0 else max(usual_place, 0))
            combo.blockSignals(False)
        left_out = known.get("without")
        for one, box in self.without.items():
            box.blockSignals(True)
            box.setChecked(isinstance(left_out, list) and one.value in left_out)
            box.blockSignals(False)

    def _lay_out(self) -> None:
        say = self._texts.gettext
        fields = QWidget()
        column = lay_out(QVBoxLayout(fields), margins=(0, 0, TIGHT, 0), spacing=SMALL)
        self._about = with_name(Label(role=TextRole.CAPTION, is_muted=True), "format_about")
        self.texts = with_action(Button(say("Text of the report…")), "report_edit_texts", self._edit_texts)
        self._about_profile = with_name(Label(role=TextRole.CAPTION, is_muted=True), "profile_about")
        lay_out(
            column,
            self.formats,
            self._about,
            LabelledField(say("Scope"), self.volume),
            self._about_profile,
            LabelledField(say("Language"), self.language),
            LabelledField(say("Second language"), self.second),
            side_by_side(self.texts),
            Label(say("Leave out"), TextRole.STRONG),
            *self.without.values(),
            self.file.with_label(say("File")),
            self.file.remark,
            1,
        )
        self._area = scroll_area_of(fields, scrolls_sideways=False, has_ground=False)
        lay_out(self.body, (self._area, 1), self.foot)

    def _edit_texts(self) -> None:

        ReportTextsDialog(self._controller, self._texts, self.choices.language, self).open()

    @property
    def suffix(self) -> str:
        return self.formats.current.name

    @property
    def choices(self) -> ReportOptions:
        first, second = str(self.language.currentData()), str(self.second.currentData() or "")
        without = frozenset(one for one, box in self.without.items() if box.isChecked())
        profile = ReportProfile(ReportVolume(self.volume.currentData()), without)
        tag = self._settings.tag
        return ReportOptions(tag(first), "" if second == first else tag(second), profile)

    def _choose_format(self) -> None:
        """Follow another format; what was said of the last report is not about this one."""
        self.foot.outcome.clear()
        self._choose()

    def _choose(self) -> None:
        """Follow a choice: the file's ending, what format and profile are for, and what the format does not take."""
        say, is_workbook = self._texts.gettext, self.suffix == WORKBOOK_NAME
        about = say(self.formats.current.sentence)
        whole = say("It always holds everything.")
        self._about.setText(f"{about} {whole}" if is_workbook else about)
        self._about_profile.setText(say(VOLUME_SENTENCES[self.choices.profile.volume]))
        self.volume.setEnabled(not is_workbook)
        self._remember()
        self._suggest_file()
        self.chosen.emit()

    def _remember(self) -> None:
        choices = self.choices
        kept = {
            "format": self.suffix,
            "language": self._chosen_language(),
            "second": split_locale_tag(choices.second)[0],
            "profile": choices.profile.volume.value,
            "without": sorted(choices.profile.without),
        }
        self._settings.remember_report(self._controller.session.assessment_id, kept)

    def _chosen_language(self) -> str:
        """Return the language if it was chosen; the usual one, that of the window, follows it."""
        language = str(self.language.currentData())
        known = self._settings.report_choices(self._controller.session.assessment_id)
        return language if known.get("language") or language != self._texts.language else ""

    def _suggest_file(self) -> None:
        self.file.suggest(self._controller.session.file.parent / self._name())

    def _name(self) -> str:
        """Name the file by what tells it from other reports: country, round, volume, what is left out, languages."""
        mission, choices = self._controller.session.mission, self.choices
        stem = Path(default_file_name(mission.country, mission.round)).stem
        volume, *left_out = str(choices.profile).split()
        kind = "report-workbook" if self.suffix == WORKBOOK_NAME else volume
        parts = (stem, kind, *left_out, split_locale_tag(choices.language)[0], split_locale_tag(choices.second)[0])
        return "-".join(part for part in parts if part) + f".{self.suffix}"

    def choose_file(self, file: Path) -> None:
        """Put the report into a file, whose suffix follows the format."""
        self.file.choose(file, f".{self.suffix}")

    def start(self) -> None:
        """Create the report of what is on disk; what is being typed or saved is waited for."""
        if self.maker.is_running:
            return
        self.foot.outcome.clear()
        if self._is_complete():
            self.maker.start(self.file.path, self.choices)

    def _is_complete(self) -> bool:
        """Return whether the file can be written; else say it beside its field."""
        if self.file.is_writable(self._texts.gettext):
            return True
        self.file.setFocus()
        self._area.ensureWidgetVisible(self.file)
        return False

    def _show_running(self) -> None:
        self.foot.show_running(is_running=self.maker.is_running)

    def set_busy(self, *, is_busy: bool) -> None:
        """Let nothing be made here while something is being made."""
        self.foot.make.setEnabled(not is_busy)

    def _finish(self, file: str) -> None:
        self._settings.folder = Path(file).parent
        choices = actions_to_open(Path(file), self._texts, N_("Open report"))
        kind = next(one for one in REPORT_FORMATS if one.name == Path(file).suffix.removeprefix(".").lower())
        self._show_running()
        unsigned = protection.unsigned_warning(Path(file), self._texts.gettext)
        ready = ReportReadyCard(self._texts, file, choices, self.maker.content_hash, kind.where, unsigned)
        self.foot.outcome.show(ready, ready.closer, ready.sentence)
        self._suggest_file()
        self.file.tell_replacing()
        if self.foot.make.hasFocus():
            ready.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)
        if kind.name == "pdf":
            self.made.emit(file)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER_KEYS and not event.modifiers() and self.foot.make.isEnabled():
            self.start()
        else:
            super().keyPressEvent(event)

    @property
    def outcome(self) -> str:
        """What the last run ended with, empty while none has."""
        return self.foot.outcome.sentence


_REVIEW_LETTERS, _FORM_LETTERS, _PREVIEW_LETTERS = 34, 36, 32
"""Letters of width that the three parts of the page want beside each other."""
_MORE_REVIEW_LETTERS = 14
"""So much wider is the review where there is room."""
_LEAST_LINES = 8
"""No part is ever lower than so many lines."""


class ReportPage(QWidget):
    """The three parts side by side; in a narrow window the review takes the place of the others when it is unfolded.

    ``navigate`` carries the address of a point to review, ``entry_wanted`` the id of its entry; ``point_opened`` tells
    that one has gone to a point, to come back here.
    """

    navigate = Signal(object)
    entry_wanted = Signal(str)
    point_opened = Signal()

    def __init__(self, controller: SessionController, texts: Translator, settings: Settings, state: SaveState) -> None:
        super().__init__()
        self.setObjectName("report_page")
        self._texts = texts
        self._is_wide: bool | None = None
        self.review = ReviewList(controller, texts, self)
        self.report = ReportForm(controller, texts, settings, ReportJob(controller, texts, state, self))
        self.preview = ReportPreview(texts, ReportJob(controller, texts, state, self), lambda: self.report.choices)
        controller.jobs.follow(self.report.maker, texts.gettext("Report"), holds_closing=True)
        controller.jobs.follow(self.preview.maker, texts.gettext("Preview"))
        self.head = Disclosure("review_head")
        self._title = Label("", TextRole.STRONG)
        self.head.body.addWidget(self._title)
        self._show_count()
        self._lay_out()
        self._connect(controller)

    @property
    def _form_start(self) -> QWidget:
        return self.report.formats.tiles[self.report.suffix]

    def _lay_out(self) -> None:
        inside = QWidget()
        lay_out(QVBoxLayout(inside), self.report.place, (self.preview, 1), margins=0, spacing=SMALL)
        self._side = scroll_area_of(inside, scrolls_sideways=False, has_ground=False)
        self._report_split = split_of(self.report, self._side, name="report_split", stretch=(0, 1))
        self._split = split_of(self.review, self._report_split, name="review_split", stretch=(0, 1))
        lay_out(QVBoxLayout(self), self.head, (self._split, 1), margins=(WIDE, SMALL, WIDE, MEDIUM), spacing=SMALL)

    def _connect(self, controller: SessionController) -> None:
        self.head.toggled.connect(lambda _on: self._arrange())
        self.review.counted.connect(self._show_count)
        self.review.navigate.connect(partial(self._leave_for, self.navigate))
        self.review.entry_wanted.connect(partial(self._leave_for, self.entry_wanted))
        form, preview = self.report.maker, self.preview.maker
        form.started.connect(lambda: self.preview.begin(self.report.choices))
        form.running_changed.connect(lambda: self.preview.set_busy(is_busy=form.is_running))
        preview.running_changed.connect(lambda: self.report.set_busy(is_busy=preview.is_running))
        self.report.made.connect(lambda file: self.preview.show_pages_of(Path(file)))
        self.report.chosen.connect(self.preview.compare_options)
        controller.changed.connect(lambda _change: self.preview.answers_changed())

    def _show_count(self) -> None:
        """Say how many points there are, as the rail does, and apart from them what is only still to be done."""
        texts, counts = self._texts, self.review.counts
        points = count_points_to_review(counts.elements())
        told = " · ".join(
            (
                texts.counted("Review: {count} point", "Review: {count} points", points),
                *(
                    f"{texts.gettext(FINDING_KIND_LABELS[kind])}: {texts.number(counts[kind])}"
                    for kind in FindingKind
                    if kind in NOT_BEGUN and counts[kind]
                ),
            )
        )
        self._title.setText(told)
        self.head.setAccessibleName(told)
        self._choose_start()

    def _choose_start(self) -> None:
        """Have the page begin where one goes on: in the points while there are any to be seen, else in the form."""
        is_in_review = self.head.isChecked() and self.review.count
        self.setFocusProxy(self.review.tree if is_in_review else self._form_start)

    def _leave_for(self, signal: SignalInstance, place: object) -> None:
        """Go to a point; whoever comes back goes on in the list."""
        signal.emit(place)
        self.point_opened.emit()

    def start_report(self) -> None:
        """Go to the form, which a narrow window may have folded away."""
        if not self._is_wide:
            self.head.setChecked(False)
        self._form_start.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        letter, room = self.fontMetrics().averageCharWidth(), self.width() - 2 * WIDE
        is_wide = room >= (_REVIEW_LETTERS + _FORM_LETTERS + _PREVIEW_LETTERS) * letter
        for side in (self.review, self.report, self.preview, self._side):
            side.setMinimumHeight(_LEAST_LINES * self.fontMetrics().height())
        is_beside = room >= (_FORM_LETTERS + _PREVIEW_LETTERS) * letter
        self._report_split.setOrientation(Qt.Orientation.Horizontal if is_beside else Qt.Orientation.Vertical)
        if is_wide != self._is_wide:
            self._is_wide = is_wide
            self.head.setChecked(is_wide)
            self._arrange()
            spare = max(0, room - (_REVIEW_LETTERS + _FORM_LETTERS + _PREVIEW_LETTERS) * letter)
            review = _REVIEW_LETTERS * letter + min(spare // 2, _MORE_REVIEW_LETTERS * letter)
            self._split.setSizes([review, room - review])
            self._report_split.setSizes([_FORM_LETTERS * letter, room - review - _FORM_LETTERS * letter])

    def _arrange(self) -> None:
        is_open = self.head.isChecked()
        self.review.setVisible(is_open)
        self._report_split.setVisible(bool(self._is_wide) or not is_open)
        self._choose_start()

    def stop(self) -> None:
        self.report.maker.stop()
        self.preview.stop()
