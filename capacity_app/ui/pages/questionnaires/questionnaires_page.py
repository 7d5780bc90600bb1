"""The page of questionnaires and languages: choose one, and check, preview, translate or exchange it."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from babel.localedata import locale_identifiers
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout

from capacity_app import __version__
from capacity_app.domain.problems import N_
from capacity_app.i18n import catalogues
from capacity_app.i18n.catalogues import ENGLISH, PROGRAM, ReviewStatus, wording_languages
from capacity_app.i18n.formatter import REVIEW_STATUS_LABELS, format_review
from capacity_app.i18n.translator import PSEUDO, Translator
from capacity_app.questionnaires import library
from capacity_app.questionnaires.library import LibraryEntry
from capacity_app.questionnaires.translations import review_status
from capacity_app.services.child_process import TIME_LIMIT
from capacity_app.ui.pages.questionnaires.check_tab import QuestionnaireCheckTab
from capacity_app.ui.pages.questionnaires.questionnaire_tab import QuestionnaireTab, WorkbookTab
from capacity_app.ui.pages.questionnaires.xlsform_tab import XlsformTab
from capacity_app.ui.session.jobs import CommandQuery
from capacity_app.ui.session.settings import Settings
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, TextRole
from capacity_app.ui.widgets.banners import BannerTone
from capacity_app.ui.widgets.buttons import Button, ComboBox
from capacity_app.ui.widgets.cards import Card, Label, LabelledField, ReadingColumn, page_heading
from capacity_app.ui.widgets.flow import TabRow
from capacity_app.ui.widgets.layouts import Stack, lay_out, side_by_side, with_action, with_name
from capacity_app.ui.widgets.lists_and_tables import LineList, ListLine
from capacity_app.ui.widgets.progress_card import ProgressCard
from capacity_app.ui.widgets.text_fields import LineField

# Translate a questionnaire, or the program, in Excel: save the sheet, read it, apply what it changes, sign it off.


_CODE = re.compile(r"[a-z]{2,3}(_[A-Z][a-z]{3})?")
"""A language, if need be with its script, without a country."""
_LINES_SEEN = 8


@cache
def _languages(texts: Translator) -> dict[str, str]:
    """Return the names of all languages that are known, by code and in the order of the alphabet."""
    codes = [code.replace("_", "-") for code in locale_identifiers() if _CODE.fullmatch(code) and code != PSEUDO]
    names = {code: texts.language_name(code) for code in codes}
    return dict(sorted(names.items(), key=lambda one: texts.alphabetical(one[1])))


class TranslationSheetCard(Card):
    """Chooses what is translated into which language. ``wanted`` asks for the sheet, ``returned`` to read one."""

    wanted = Signal()
    returned = Signal()

    def __init__(self, texts: Translator) -> None:
        super().__init__(margin=MEDIUM)
        self._texts = texts
        self._entry: LibraryEntry | None = None
        self._there: tuple[str, ...] = ()
        say = texts.gettext
        about = say(
            "Save an Excel workbook with every text, and send it to the translator. Import the workbook when it comes "
            "back, or drop it on this page. You first see what it would change."
        )
        lay_out(self.body, Label(say("Translation sheet"), TextRole.HEADING), Label(about, is_muted=True))
        self.what = with_name(ComboBox(), "translation_what", say("Translate"))
        self.language = with_name(ComboBox(), "translation_language", say("Into"))
        lay_out(self.body, LabelledField(say("Translate"), self.what), LabelledField(say("Into"), self.language))
        self.about = with_name(Label(is_muted=True), "translation_about")
        self.make = with_name(Button(say("Save translation sheet…"), "xlsx", is_main=True), "translation_make")
        self.read = with_name(Button(say("Import translation sheet…"), "open"), "translation_read")
        lay_out(self.body, self.about, side_by_side(self.make, self.read, spacing=MEDIUM))
        self.make.clicked.connect(lambda _on: self.wanted.emit())
        self.read.clicked.connect(lambda _on: self.returned.emit())
        self.what.currentIndexChanged.connect(lambda _index: self._fill_languages())
        self.language.currentIndexChanged.connect(lambda _index: self._show_review())

    def show_entry(self, entry: LibraryEntry | None) -> None:
        """Offer a questionnaire, and the program."""
        self._entry = entry if entry and not entry.has_mistakes else None
        parts = [(PROGRAM, self._texts.gettext("The program itself"))]
        if self._entry:
            parts.insert(
                0, (self._entry.id, self._texts.wording(self._entry.id, "instrument|title", self._entry.title))
            )
        self.what.fill(tuple(parts))
        self._fill_languages()

    def _fill_languages(self) -> None:
        """List the languages: first those that something is translated into."""
        is_program = self.subject == PROGRAM
        source = ENGLISH if is_program or not self._entry else self._entry.language
        self._there = catalogues.program_languages() if is_program else catalogues.wording_languages(self.subject)
        names = {code: self._texts.language_name(code) for code in self._there} | _languages(self._texts)
        self.language.fill(tuple((code, f"{name} ({code})") for code, name in names.items() if code != source))
        self._show_review()

    def _show_review(self) -> None:
        said = self._texts.gettext("Nothing is translated into this language yet.")
        if self.code in self._there:
            version = self._entry.version if self._entry and self.subject != PROGRAM else __version__
            said = format_review(self._texts, *review_status(self.subject, version, self.code))
        self.about.setText(said)

    @property
    def subject(self) -> str:
        return str(self.what.currentData() or PROGRAM)

    @property
    def code(self) -> str:
        return str(self.language.currentData() or "")


class TranslationResultCard(Card):
    """Shows what a sheet would change and its errors. ``agreed`` asks to apply it, ``declined`` to leave it."""

    agreed = Signal()
    declined = Signal()

    def __init__(self, texts: Translator) -> None:
        super().__init__(margin=MEDIUM, name="translation_result")
        self._texts = texts
        self._changes = self._errors = 0
        say = texts.gettext
        self.title, self.counts = Label(role=TextRole.HEADING), Label()
        self.counts.setObjectName("translation_counts")
        self.list = LineList("translation_texts", say("Changes and errors"))
        lay_out(self.body, self.title, self.counts, self.list)
        self.name = with_name(LineField(), "translation_name", say("Name of the translator or reviewer"))
        self.body.addWidget(LabelledField(self.name.accessibleName(), self.name))
        self.sign = with_name(QCheckBox(say("Sign off as reviewed")), "translation_sign")
        self.hint = with_name(Label(is_muted=True, role=TextRole.CAPTION), "translation_hint")
        self.apply, self.leave = Button(say("Apply translations")), Button(say("Discard"))
        self.apply.setObjectName("translation_apply")
        self.leave.setObjectName("translation_leave")
        lay_out(self.body, self.sign, self.hint, side_by_side(self.apply, self.leave, spacing=MEDIUM))
        self.apply.clicked.connect(lambda _on: self.agreed.emit())
        self.leave.clicked.connect(lambda _on: self.declined.emit())
        self.sign.toggled.connect(lambda _on: self._show_ready())
        self.name.textChanged.connect(lambda _text: self._show_ready())

    def show_answer(self, answer: dict[str, object], author: str) -> None:
        self._changes, self._errors = int(str(answer.get("changes", 0))), int(str(answer.get("errors", 0)))
        self.title.setText(str(answer.get("heading", "")))
        self.counts.setText(str(answer.get("counts", "")))
        said = answer.get("lines")
        lines = [ListLine(str(place), str(one)) for place, one in enumerate(said if isinstance(said, list) else ())]
        self.list.show_lines(lines)
        self.list.setVisible(bool(lines))
        self.list.setFixedHeight(self.fontMetrics().height() * 3 * min(max(len(lines), 2), _LINES_SEEN))
        self.name.setText(author)
        self.sign.setChecked(False)
        self.sign.setEnabled(not self._errors)
        self._show_ready()
        self.show()

    def _show_ready(self) -> None:
        say, is_signing = self._texts.gettext, self.sign.isChecked()
        is_nameless = is_signing and not self.name.text().strip()
        hint = ""
        if self._errors:
            hint = say("Rows with errors are left out. You can sign off when the sheet has no errors.")
        elif is_nameless:
            hint = say("Enter the name of the person who reviewed the translation.")
        elif not (self._changes or is_signing):
            hint = say("The sheet changes nothing.")
        self.hint.show_or_hide(hint)
        self.apply.setEnabled(bool(self._changes or is_signing) and not is_nameless)

    @property
    def options(self) -> list[str]:
        """The options of the command line that apply the sheet."""
        return ["--yes", "--by", self.name.text().strip(), *(["--sign-off"] if self.sign.isChecked() else [])]


class TranslationTab(WorkbookTab):
    """Save the sheet, read it, apply what it changes, sign it off."""

    def __init__(self, texts: Translator, settings: Settings) -> None:
        super().__init__(texts, settings, "translation")
        self.setObjectName("translation_tab")
        self._file = Path()
        self.sheet, self.result = TranslationSheetCard(texts), TranslationResultCard(texts)
        self.reading = ProgressCard(texts, "translation")
        self.work = CommandQuery(texts.tag, self, patience=TIME_LIMIT)
        lay_out(self.body, self.sheet, self.reading, self.result)
        self.result.hide()
        self._show_running(is_running=False)
        self.sheet.wanted.connect(self._choose_place)
        self.sheet.returned.connect(self._choose_file)
        self.reading.cancelled.connect(self.work.cancel)
        self.result.agreed.connect(lambda: self._start(self.result.options))
        self.result.declined.connect(self.result.hide)
        self.work.answered.connect(self._show)
        self.work.failed.connect(self._fail)
        self.work.cancelled.connect(lambda: self._show_running(is_running=False))

    def show_entry(self, entry: LibraryEntry | None) -> None:
        super().show_entry(entry)
        self.sheet.show_entry(entry)

    def stop(self) -> None:
        self.work.stop()

    def _show_running(self, *, is_running: bool) -> None:
        self.reading.setVisible(is_running)
        for widget in (self.sheet, self.result):
            widget.setEnabled(not is_running)

    def _choose_place(self) -> None:
        title = self.texts.gettext("Choose the place of the translation sheet")
        out = self._ask_place(title, f"{self.sheet.subject}-{self.sheet.code}")
        if out is not None:
            self.make(out)

    def make(self, out: Path) -> None:
        if not self.work.is_running:
            self._begin(out)
            self.work.start(
                ["instrument", "sheet", "--json", "--language", self.sheet.code, "--", self.sheet.subject, str(out)]
            )

    def _choose_file(self) -> None:
        file = self._ask_file(self.texts.gettext("Import translation sheet"))
        if file is not None:
            self.read_file(file)

    def read_file(self, file: Path) -> None:
        if not self.work.is_running:
            self._file = file
            self._start([])

    def _start(self, options: list[str]) -> None:
        self._begin(self._file)
        self.work.start(["instrument", "import-sheet", "--json", *options, "--", str(self._file)])

    def _begin(self, file: Path) -> None:
        self._outcome.clear()
        self.reading.begin(file.name)
        self._show_running(is_running=True)

    def _show(self, answer: dict[str, object]) -> None:
        self._show_running(is_running=False)
        if "error" in answer:
            self._fail(str(answer["error"]))
        elif "file" in answer:
            self._tell_ready(self.texts.gettext("The translation sheet is ready: {file}"), str(answer["file"]))
        elif answer.get("written"):
            self.result.hide()
            self._outcome.tell(BannerTone.GOOD, str(answer.get("outcome", "")))
            catalogues.clear_cache()
            self.changed.emit(self.entry.id if self.entry else "")
        else:
            self.result.show_answer(answer, self.settings.author)
            self.result.list.setFocus()

    def _fail(self, sentence: str) -> None:
        self._show_running(is_running=False)
        self.result.hide()
        self._tell_failure(sentence)


_TABS: tuple[tuple[str, Callable[[Translator, Settings], QuestionnaireTab]], ...] = (
    (N_("Check and preview"), QuestionnaireCheckTab),
    (N_("Translate"), TranslationTab),
    (N_("Excel, ODK and KoboToolbox"), XlsformTab),
)


class QuestionnairesPage(ReadingColumn):
    """Everything about the questionnaires of this computer. ``left`` goes back."""

    left = Signal()

    def __init__(self, texts: Translator, settings: Settings) -> None:
        super().__init__(name="library")
        self._texts = texts
        self._entries: tuple[LibraryEntry, ...] = ()
        self.choice = with_name(ComboBox(), "library_choice", texts.gettext("Questionnaire"))
        self.choice.currentIndexChanged.connect(lambda _index: self._show())
        self._about = with_name(Label(is_muted=True), "library_about")
        self.tabs = TabRow("library_tab")
        self.views = tuple(make(texts, settings) for _name, make in _TABS)
        self._lay_out()
        for view in self.views:
            view.changed.connect(self.refresh)
        self.refresh()

    def _lay_out(self) -> None:
        say = self._texts.gettext
        head = lay_out(QHBoxLayout(), (page_heading(say("Questionnaires and languages")), 1))
        self.back = with_action(Button(say("Close"), "close"), "library_back", self.left.emit)
        head.addWidget(self.back, 0, Qt.AlignmentFlag.AlignTop)
        name = Label(say("Questionnaire"), TextRole.STRONG)
        name.setBuddy(self.choice)
        lay_out(self.body, head, Card(name, self.choice, self._about, margin=MEDIUM))
        stack = Stack()
        for (title, _make), view in zip(_TABS, self.views, strict=True):
            self.tabs.addTab(say(title))
            view.body.addStretch(1)  # a short tab does not spread over the room a long one takes
            stack.addWidget(view)
        self.tabs.currentChanged.connect(stack.setCurrentIndex)
        lay_out(self.body, self.tabs, stack, 1)

    @property
    def entry(self) -> LibraryEntry | None:
        place = self.choice.currentIndex()
        return self._entries[place] if 0 <= place < len(self._entries) else None

    def refresh(self, wanted: str = "") -> None:
        chosen = wanted or (self.entry.id if self.entry else "")
        self._entries = library.list_instruments(library.instrument_folders())
        self.choice.fill(tuple((str(place), self._said(entry)) for place, entry in enumerate(self._entries)))
        places = [place for place, entry in enumerate(self._entries) if entry.id == chosen]
        newest = max(places, key=lambda place: (library.version_key(self._entries[place].version), place), default=0)
        self.choice.setCurrentIndex(newest)
        self._show()

    def _said(self, entry: LibraryEntry) -> str:
        title = self._texts.wording(entry.id, "instrument|title", entry.title) or entry.id
        if entry.has_mistakes:
            return self._texts.gettext("{title} (has errors and cannot be used)").format(title=title)
        return self._texts.gettext("{title}, version {version}").format(title=title, version=entry.version)

    def _show(self) -> None:
        entry = self.entry
        self._about.setText("\n".join(self._about_lines(entry)) if entry else "")
        for view in self.views:
            view.show_entry(entry)

    def _about_lines(self, entry: LibraryEntry) -> Iterator[str]:
        yield self._languages(entry)
        if entry.framework_version:
            yield self._texts.gettext("Version of the framework: {version}").format(version=entry.framework_version)
        for cited in entry.sources:
            yield self._texts.gettext("Source: {citation}").format(citation=cited.text)

    def _languages(self, entry: LibraryEntry) -> str:
        """Say in which languages a questionnaire is worded, and which of them nobody has signed off."""
        texts = self._texts
        alike = {ReviewStatus.REVIEWED: [entry.language]}
        for language in wording_languages(entry.id):
            alike.setdefault(Translator(language).standing(entry.id, entry.version), []).append(language)
        told = " · ".join(
            texts.listed(map(texts.language_name, languages))
            + ("" if standing is ReviewStatus.REVIEWED else f" ({texts.gettext(REVIEW_STATUS_LABELS[standing])})")
            for standing, languages in alike.items()
        )
        return texts.gettext("Languages: {languages}").format(languages=told)

    def focus_first(self) -> None:
        self.choice.setFocus()

    def stop(self) -> None:
        for view in self.views:
            view.stop()
