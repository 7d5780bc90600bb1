"""The form for a new assessment: previous round, country, round, questionnaire, supplements, name, file."""

import os
from collections.abc import Sequence
from dataclasses import field, replace
from pathlib import Path

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Mission, PreparationDecision
from capacity_app.domain.encryption_keys import NO_KEYS, EncryptionKey, Keyring
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, KnownError, ProblemSeverity
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.i18n.catalogues import program_languages
from capacity_app.i18n.translator import Translator
from capacity_app.questionnaires.library import LibraryEntry
from capacity_app.questionnaires.reader import read_instrument
from capacity_app.services.protection import key_from_passphrase
from capacity_app.services.session.file_writing import create_assessment
from capacity_app.services.session.next_round import (
    create_next_round,
    expect_previous_round,
    next_mission,
    open_actions,
    read_previous_round,
)
from capacity_app.storage.file_errors import FileProtected
from capacity_app.storage.opening import key_opening
from capacity_app.ui.pages.file_safety.passphrase_fields import OptionalPassphraseField, UnlockCard
from capacity_app.ui.pages.prepare.field_editors import CountryField
from capacity_app.ui.pages.prepare.mission_page import (
    ask_previous_round_file,
    carried_forward_sentences,
    previous_round_detail,
    previous_round_title,
)
from capacity_app.ui.pages.start.start_page import recent_title
from capacity_app.ui.question_widgets.instrument_field import InstrumentField
from capacity_app.ui.session.file_dialogs import ask_save_path, default_file_name, has_existing_folder
from capacity_app.ui.session.settings import ASSESSMENT_SUFFIX, RecentAssessment
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, TextRole
from capacity_app.ui.widgets.buttons import Button, ComboBox
from capacity_app.ui.widgets.cards import Card, Label, LabelledField, ReadingColumn, page_heading
from capacity_app.ui.widgets.layouts import field_with_button, lay_out, side_by_side, with_action, with_name
from capacity_app.ui.widgets.text_fields import LineField

_ANOTHER = "…"
"""Stands for any other file among the choices."""


class PreviousRoundField(QWidget):
    """A list of recent assessments and a way to any other file; below it what is taken over. ``changed`` tells."""

    changed = Signal()

    def __init__(self, texts: Translator, recent: Sequence[RecentAssessment], device: str, folder: Path) -> None:
        super().__init__()
        self._texts, self._device, self._folder = texts, device, folder
        self.dossier: Dossier | None = None
        self.problem = ""
        say = texts.gettext
        self.choice = with_name(ComboBox(), "new_earlier", say("Previous round"))
        self.choice.addItem(say("None: this is the first round"), "")
        for entry in recent:
            if not entry.is_missing:
                self.choice.addItem(f"{recent_title(texts, entry)} – {Path(entry.file).name}", entry.file)
        self.choice.addItem(say("Another file…"), _ANOTHER)
        self.choice.activated.connect(lambda _index: self._chosen())
        self.file = ""
        self.keys = NO_KEYS
        self.key: EncryptionKey | None = None
        self.unlock = UnlockCard(texts, leave=say("Choose another file"))
        self.unlock.opened.connect(self._open)
        self.unlock.left.connect(lambda: self.choose(""))
        self.unlock.hide()
        self._title, self._detail = Label(role=TextRole.STRONG), Label(role=TextRole.CAPTION, is_muted=True)
        self.waiting, self._taken = Label(), Label(is_muted=True)
        self.waiting.setObjectName("new_waiting")
        self.action_box = with_name(QCheckBox(), "new_actions")
        self.action_box.setChecked(True)
        self._lay_out()

    def _lay_out(self) -> None:
        self._card = Card(tint="accent_tint", edge="accent", margin=MEDIUM)
        for widget in (self._title, self._detail, self.waiting, self._taken, self.action_box):
            self._card.body.addWidget(widget)
        self._card.hide()
        lay_out(QVBoxLayout(self), self.choice, self.unlock, self._card, margins=0, spacing=SMALL)
        self.setFocusProxy(self.choice)

    def _chosen(self) -> None:
        file = str(self.choice.currentData())
        if file == _ANOTHER:
            found = ask_previous_round_file(self, self._texts, self._folder)
            if found is None:
                self._mark(self.file)
                return
            file = str(found)
        self.choose(file)

    def _mark(self, file: str) -> None:
        if self.choice.findData(file) < 0:
            self.choice.insertItem(self.choice.count() - 1, Path(file).name, file)
        self.choice.setCurrentIndex(self.choice.findData(file))

    def choose(self, file: str) -> None:
        """Go on from a file, or from none; what cannot be read is said, and none is chosen."""
        self.problem, self.dossier, self.key = "", None, None
        is_locked = False
        try:
            if file:
                self.dossier = read_previous_round(Path(file), self._device, self.keys)
                self.key = key_opening(Path(file), self.keys)
        except FileProtected:
            is_locked = True
            self.unlock.ask(Path(file))
        except KnownError as error:
            self.problem, file = error.text(self._texts.gettext), ""
        self.file = file
        self._mark(file)
        self.unlock.setVisible(is_locked)
        if is_locked:
            self.unlock.field.setFocus()
        self._card.setVisible(self.dossier is not None)
        if self.dossier is not None:
            self._title.setText(previous_round_title(self._texts, self.dossier))
            self._detail.setText(previous_round_detail(self._texts, self.dossier))
        self.changed.emit()

    def _open(self, ring: Keyring) -> None:
        self.keys = self.keys.combined_with(ring)
        self.choose(self.file)

    def show_instrument(self, instrument: Instrument | None) -> None:
        """Say what the previous round hands over to an assessment with an instrument."""
        if self.dossier is None or instrument is None:
            return
        texts = self._texts
        self.waiting.setText(carried_forward_sentences(texts, self.dossier, instrument))
        self._taken.setText(texts.gettext(
            "Copied: the country, {agencies}, {people} and {sources}. Meetings, evidence and ratings stay "
            "with the previous round."
        ).format(
            agencies=_count(texts, "agencies", len(self.dossier.agencies)),
            people=_count(texts, "people", len(self.dossier.people)),
            sources=_count(texts, "sources", len(self.dossier.sources)),
        ))  # fmt: skip
        count = len(open_actions(self.dossier, instrument))
        self.action_box.setVisible(count > 0)
        pattern = texts.counted(
            "Take {count} unfinished action along, with its progress",
            "Take {count} unfinished actions along, with their progress",
            count,
        )
        self.action_box.setText(pattern)

    @property
    def with_actions(self) -> bool:
        return self.dossier is not None and self.action_box.isChecked()


def _count(texts: Translator, what: str, count: int) -> str:
    patterns = {
        "agencies": texts.ngettext("{count} agency", "{count} agencies", count),
        "people": texts.ngettext("{count} person", "{count} people", count),
        "sources": texts.ngettext("{count} data source", "{count} data sources", count),
    }
    return patterns[what].format(count=texts.number(count))


@dataclass(frozen=True, slots=True)
class NewAssessment:
    """What a person asked for: everything needed to make the file.

    ``instrument`` is one of this computer, or that of the ``earlier`` round; ``with_actions`` takes its unfinished
    actions along. ``passphrase`` protects the file; without it, it is protected like the previous round, if that is.
    """

    file: Path
    instrument: LibraryEntry | Instrument
    supplements: tuple[str, ...]
    mission: Mission
    author: str
    earlier: Dossier | None = None
    with_actions: bool = False
    earlier_key: EncryptionKey | None = None
    passphrase: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormEntries:
    """What has been entered into the form: ids and typed text, so that it can be shown in any language.

    ``country`` is its code, its M49 code and its name; a ``file`` that is only suggested is empty.
    """

    earlier: str
    keys: Keyring
    country: tuple[str, str, str]
    round: str
    instrument: str
    supplements: tuple[str, ...]
    profile: str
    language: str
    author: str
    file: str
    passphrase: str


class NewAssessmentPage(ReadingColumn):
    """The form. ``wanted`` carries a ``NewAssessment``, ``left`` tells that the person changed their mind."""

    wanted = Signal(object)
    left = Signal()

    def __init__(
        self,
        texts: Translator,
        instruments: Sequence[LibraryEntry],
        author: str,
        folder: Path,
        *,
        recent: Sequence[RecentAssessment] = (),
        device: str = "",
    ) -> None:
        super().__init__(name="new_assessment")
        self._texts, self._folder = texts, folder
        self._is_own_file = False
        self.earlier = PreviousRoundField(texts, recent, device, folder)
        self.instrument = InstrumentField(texts, instruments)
        self._make_inputs(author)
        self._make_fields()
        self._lay_out()
        self._follow_instrument()
        self._suggest_file()
        self.earlier.changed.connect(self._follow_earlier)
        self.instrument.changed.connect(self._follow_instrument)

    def _line(self, name: str, label: str, text: str = "", hint: str = "") -> LineField:
        line = with_name(LineField(), name, label)
        line.setText(text)
        line.setPlaceholderText(hint)
        return line

    def _make_inputs(self, author: str) -> None:
        say = self._texts.gettext
        self.country = CountryField(self._texts)
        self.round = self._line("new_round", say("Round"), str(QDate.currentDate().year()))
        self.language = with_name(ComboBox(), "new_language", say("Language of the interviews"))
        self.language.fill(tuple((code, self._texts.language_name(code)) for code in program_languages()))
        self.language.setCurrentIndex(max(self.language.findData(self._texts.language), 0))
        self.author = self._line("new_author", say("Your name"), author, say("Shown with each answer you record"))
        self.file = self._line("new_file", say("File"))
        self.protection = OptionalPassphraseField(self._texts)
        self.country.changed.connect(self._suggest_file)
        self.round.textChanged.connect(lambda _text: self._suggest_file())
        self.file.textEdited.connect(lambda _text: self._own_file())

    def _make_fields(self) -> None:
        say = self._texts.gettext
        browse = with_action(Button(say("Choose…")), "new_browse", self._browse)
        self._fields = {
            "earlier": LabelledField(
                say("Previous round"),
                self.earlier,
                say("Copies its agencies and sources. You confirm each earlier answer."),
            ),
            "country": LabelledField(say("Country"), self.country),
            "round": LabelledField(say("Round"), self.round, say("A year or a word, such as 2019 or baseline")),
            "instrument": LabelledField(say("Questionnaire"), self.instrument),
            "supplements": LabelledField(
                say("Supplements"), self.instrument.supplements, say("Optional. Supplements do not count in the score.")
            ),
            "language": LabelledField(say("Language of the interviews"), self.language),
            "author": LabelledField(say("Your name"), self.author),
            "file": LabelledField(say("File"), field_with_button(self.file, browse)),
            "protection": LabelledField(say("Passphrase"), self.protection),
        }

    def _lay_out(self) -> None:
        say = self._texts.gettext
        subtitle = say("Everything is kept in one file that you can copy and mail.")
        self.body.addLayout(page_heading(say("New assessment"), subtitle))
        card = Card(margin=MEDIUM, spacing=SMALL)
        rows = (("country", "round"), ("author", "language"), ("instrument", "earlier"), ("supplements",),
                ("file", "protection"))  # fmt: skip
        for names in rows:
            fields = [(self._fields[name], 1) for name in names]
            card.body.addLayout(lay_out(QHBoxLayout(), *fields, spacing=LARGE))
        self._problem = Label(colour="danger")
        self._problem.hide()
        self.maker = with_action(Button(say("Make assessment"), is_main=True), "new_create", self.submit)
        cancel = with_action(Button(say("Back")), "new_cancel", self.left.emit)
        lay_out(card.body, self._problem, side_by_side(self.maker, cancel, spacing=MEDIUM))
        lay_out(self.body, card, 1)

    def _follow_earlier(self) -> None:
        """Fill in what a previous round tells; a choice that could not be read is complained about."""
        earlier = self.earlier.dossier
        self.protection.show_earlier(is_protected=self.earlier.key is not None)
        self._fields["earlier"].complain(self.earlier.problem)
        if earlier is not None:
            mission = earlier.mission
            self.country.show_country(mission.country, mission.m49, mission.country_name)
            if self.round.text().strip() == mission.round.strip():
                self.round.clear()
            language = self.language.findData(mission.language)
            self.language.setCurrentIndex(language if language >= 0 else self.language.currentIndex())
        self.instrument.continue_from(earlier)

    def _follow_instrument(self) -> None:
        self._fields["supplements"].setVisible(self.instrument.has_supplements)
        if self.earlier.dossier is not None:
            self.earlier.show_instrument(self.instrument.read())

    def continue_from(self, file: str) -> None:
        """Go on from an assessment's file."""
        self.earlier.choose(file)
        if self.earlier.dossier is not None:
            self.round.setFocus()

    def _own_file(self) -> None:
        self._is_own_file = bool(self.file.text().strip())

    def _suggest_file(self) -> None:
        if not self._is_own_file:
            name = default_file_name(self.country.code or self.country.text(), self.round.text())
            self.file.setText(str(self._folder / name))

    def _browse(self) -> None:
        title = self._texts.gettext("Where to keep the assessment")
        if (file := ask_save_path(self, self._texts, title, Path(self.file.text()))) is not None:
            self.file.setText(str(file))
            self._is_own_file = True

    def _problems(self) -> dict[str, str]:
        """Find what is missing, by the name of the field."""
        say = self._texts.gettext
        file = Path(self.file.text().strip())
        found = {"earlier": self._earlier_problem(), "country": self.country.problem()}
        if not self.round.text().strip():
            found["round"] = say("Say which round this is, for example the year.")
        if self.instrument.entry is None and self.instrument.continued_instrument is None:
            found["instrument"] = say(
                "No questionnaire was found. Install the program again, or add a questionnaire folder."
            )
        if not self.file.text().strip():
            found["file"] = say("Say where to keep the file.")
        elif file.suffix != ASSESSMENT_SUFFIX:
            found["file"] = say("The name must end in {suffix}.").format(suffix=ASSESSMENT_SUFFIX)
        elif os.path.lexists(file):
            found["file"] = say("There is such a file already. Choose another name; nothing is overwritten.")
        elif not has_existing_folder(file):
            found["file"] = say("There is no such folder. Choose one that exists.")
        found["protection"] = self.protection.find_problem()
        return {name: sentence for name, sentence in found.items() if sentence}

    def _earlier_problem(self) -> str:
        """Return why the previous round cannot be one of this assessment."""
        if self.earlier.dossier is None:
            return ""
        try:
            expect_previous_round(self.earlier.dossier, self._mission())
        except KnownError as error:
            return error.text(self._texts.gettext)
        return ""

    def _mission(self) -> Mission:
        return Mission(
            country=self.country.code,
            m49=self.country.m49,
            country_name=self.country.text().strip(),
            round=self.round.text().strip(),
            language=str(self.language.currentData()),
            profile=self.instrument.profile,
            decisions=() if self.earlier.dossier else (PreparationDecision.NO_PREVIOUS_ROUND,),
        )

    def entered(self) -> FormEntries:
        """Return what has been entered so far, in no language."""
        return FormEntries(
            earlier=self.earlier.file,
            keys=self.earlier.keys,
            country=(self.country.code, self.country.m49, self.country.text().strip()),
            round=self.round.text(),
            instrument=str(self.instrument.choice.currentData() or ""),
            supplements=self.instrument.chosen_supplements,
            profile=self.instrument.profile,
            language=str(self.language.currentData()),
            author=self.author.text(),
            file=self.file.text() if self._is_own_file else "",
            passphrase=self.protection.passphrase,
        )

    def enter(self, entered: FormEntries) -> None:
        if entered.earlier:
            self.earlier.keys = entered.keys
            self.earlier.choose(entered.earlier)
        self.country.show_country(*entered.country)
        self.round.setText(entered.round)
        self.instrument.choose(entered.instrument, entered.supplements, entered.profile)
        self.language.setCurrentIndex(max(self.language.findData(entered.language), 0))
        self.author.setText(entered.author)
        if entered.file:
            self.file.setText(entered.file)
            self._own_file()
        if entered.passphrase:
            self.protection.box.setChecked(True)
            self.protection.fields.first.line.setText(entered.passphrase)

    def submit(self) -> None:
        """Ask for the assessment, or say what is missing and go there."""
        problems = self._problems()
        self.complain("")
        for name, shown in self._fields.items():
            shown.complain(problems.get(name, ""))
        instrument = self.instrument.continued_instrument or self.instrument.entry
        if problems or instrument is None:
            first = next((name for name in self._fields if name in problems), "instrument")
            # A round of the same name is mended where it is named.
            places = {
                "earlier": self.round,
                "country": self.country,
                "round": self.round,
                "file": self.file,
                "protection": self.protection.faulty_field,
            }
            places.get(first, self.instrument).setFocus()
            return
        self.wanted.emit(
            NewAssessment(
                Path(self.file.text().strip()),
                instrument,
                self.instrument.chosen_supplements,
                self._mission(),
                self.author.text().strip(),
                self.earlier.dossier,
                self.earlier.with_actions,
                self.earlier.key,
                self.protection.passphrase,
            )
        )

    @property
    def problem(self) -> str:
        """Why the file could not be made, empty if that has not been tried."""
        return self._problem.text()

    def complain(self, error: KnownError | str) -> None:
        sentence = error.text(self._texts.gettext) if isinstance(error, KnownError) else error
        self._problem.show_or_hide(sentence)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers():
            self.submit()
        elif event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focus_first(self) -> None:
        self.country.setFocus()


# Making the file that the form asks for.

_INSTRUMENT_MISTAKES = N_(
    "This questionnaire has errors and cannot be used: {problem} Correct them, or choose another one."
)


def _usable_instrument(wanted: NewAssessment, texts: Translator) -> Instrument:
    """Read the instrument a form asks for; raises KnownError with its first mistake."""
    if isinstance(wanted.instrument, Instrument):
        return wanted.instrument
    instrument, problems = read_instrument(wanted.instrument.folder, wanted.supplements)
    errors = [problem for problem in problems if problem.severity is ProblemSeverity.ERROR]
    if instrument is None or errors:
        first = f"{errors[0].place}: {errors[0].text(texts.gettext)}" if errors else ""
        raise KnownError(_INSTRUMENT_MISTAKES, problem=first)
    return instrument


def make_assessment(wanted: NewAssessment, texts: Translator, device: str) -> EncryptionKey | None:
    """Make the file a form asks for and give its key, None for a plain one.

    Raises KnownError, in particular if there is such a file already. The next round is protected like the earlier one,
    if no other passphrase is wanted.
    """
    key = _key_for(wanted)
    instrument = _usable_instrument(wanted, texts)
    if wanted.earlier is not None:
        # Project and weights come from the previous round; what the form asks for, from the form.
        mission = replace(
            next_mission(wanted.earlier.mission, wanted.mission.round, instrument),
            country=wanted.mission.country,
            m49=wanted.mission.m49,
            country_name=wanted.earlier.mission.country_name or wanted.mission.country_name,
            language=wanted.mission.language,
            profile=wanted.mission.profile,
        )
        create_next_round(
            wanted.file,
            wanted.earlier,
            instrument,
            mission,
            with_actions=wanted.with_actions,
            author=wanted.author,
            device=device,
            key=key,
        )
        return key
    create_assessment(wanted.file, instrument, wanted.mission, author=wanted.author, device=device, key=key)
    return key


def _key_for(wanted: NewAssessment) -> EncryptionKey | None:
    if not wanted.passphrase:
        return wanted.earlier_key
    return key_from_passphrase(wanted.passphrase)
