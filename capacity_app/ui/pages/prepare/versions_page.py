"""A newer version of the questions: how many answers go where, the offer of a migrated copy, retired answers."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from capacity_app import paths
from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.assessment.migration import MigratedAnswer, MigrationOutcome
from capacity_app.domain.assessment.registers import WAITING_STATUSES, RetiredAnswer
from capacity_app.domain.encryption_keys import keyring_of
from capacity_app.domain.problems import N_, KnownError
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.questionnaires import library
from capacity_app.services.exchange.migration import (
    MigrationPlan,
    migrate_file,
    newer_versions,
    plan_migration,
    suggested_copy,
)
from capacity_app.services.session import entries_and_documents
from capacity_app.services.session.change_sets import answer_in_words, kept_answers
from capacity_app.ui.question_widgets.earlier_answers import is_waiting, speaker
from capacity_app.ui.session.carried_forward import origin_of_retired
from capacity_app.ui.session.controller import RefreshOnShow, SessionController
from capacity_app.ui.session.file_dialogs import SavePathField, has_existing_folder
from capacity_app.ui.session.formatters import SessionFormatter
from capacity_app.ui.session.settings import ASSESSMENT_SUFFIX
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, TIGHT, TextRole
from capacity_app.ui.widgets.banners import BannerTone
from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.cards import Card, Label, ReadingColumn, Separator, page_heading
from capacity_app.ui.widgets.layouts import empty_layout, lay_out, with_action
from capacity_app.ui.widgets.lists_and_tables import FullHeightList, ListLine
from capacity_app.ui.widgets.messages import BannerArea
from capacity_app.ui.widgets.progress_card import ThinProgressBar

# How many answers go where: a small table whose rows add up, with a bar for each share.


MIGRATION_LABELS: Mapping[MigrationOutcome, str] = {
    MigrationOutcome.CARRIED: N_("carried: answers as before"),
    MigrationOutcome.TO_CONFIRM: N_("to confirm: kept, count once confirmed"),
    MigrationOutcome.RETIRED: N_("retired: kept, no longer asked"),
}
_SIGNS = {
    MigrationOutcome.CARRIED: ("✓", "good"),
    MigrationOutcome.TO_CONFIRM: ("?", "warning"),
    MigrationOutcome.RETIRED: ("–", "muted"),
}
_IN = N_("answers in this assessment")
_HEADINGS = {MigrationOutcome.TO_CONFIRM: N_("To confirm"), MigrationOutcome.RETIRED: N_("Retired and kept")}
_LINE_SIGNS = {MigrationOutcome.TO_CONFIRM: ("?", "warning"), MigrationOutcome.RETIRED: ("–", "muted")}
_GROUPS = (N_("To confirm"), N_("Answered again since"), N_("Kept as what was said then"))


def not_carried_lines(plan: MigrationPlan, texts: Translator) -> tuple[ListLine, ...]:
    """List what is not carried: what is to be confirmed, then what is retired, each with its reason."""
    wording = Formatter(texts, plan.before)
    return tuple(line for fate in _HEADINGS for line in _lines_of_outcome(plan, fate, wording))


def _lines_of_outcome(plan: MigrationPlan, fate: MigrationOutcome, wording: Formatter) -> Iterator[ListLine]:
    found = [outcome for outcome in plan.migrated.outcomes if outcome.fate is fate]
    if found:
        yield ListLine(key=fate.value, title=wording.texts.gettext(_HEADINGS[fate]), is_heading=True)
    for outcome in found:
        yield _outcome_line(outcome, wording)


def _outcome_line(outcome: MigratedAnswer, wording: Formatter) -> ListLine:
    key, content = outcome.answer.key, outcome.answer.content
    sign, colour = _LINE_SIGNS[outcome.fate]
    said = answer_in_words(wording, key.address, content) or wording.texts.gettext("a note")
    who = wording.respondent(key.layer, key.respondent)
    reason = " ".join(filter(None, (wording.texts.gettext(outcome.reason), outcome.note)))
    return ListLine(
        key=f"{key.address} {key.layer} {key.respondent}",
        title=f"{wording.place(key.address)} · {who}: {said}",
        detail=reason,
        mark=sign,
        colour=colour,
    )


def retired_answer_lines(
    entries: Iterable[RetiredAnswer], controller: SessionController, wording: SessionFormatter
) -> tuple[ListLine, ...]:
    """List the answers of earlier versions: those that wait, those answered anew since, and those kept."""
    groups: dict[str, list[RetiredAnswer]] = {name: [] for name in _GROUPS}
    for entry in entries:
        groups[_group(entry, controller)].append(entry)
    return tuple(
        line
        for name, found in groups.items()
        if found
        for line in (
            ListLine(key=name, title=wording.texts.gettext(name), is_heading=True),
            *(_retired_answer_line(entry, name, wording) for entry in found),
        )
    )


def _group(entry: RetiredAnswer, controller: SessionController) -> str:
    if is_waiting(entry, controller):
        return _GROUPS[0]
    return _GROUPS[1] if entry.fate in WAITING_STATUSES else _GROUPS[2]


def _retired_answer_line(entry: RetiredAnswer, group: str, wording: SessionFormatter) -> ListLine:
    said = entry.answered or entry.note or wording.texts.gettext("a note")
    asked = " · ".join(line for line in entry.wording.splitlines() if line.strip())
    is_open = group == _GROUPS[0]
    return ListLine(
        key=entry.id,
        title=f"{entry.number} · {speaker(entry, wording)}: {said}".removeprefix(" · "),
        detail=f"{asked} ({origin_of_retired(wording.texts, entry)})",
        mark="?" if is_open else "–",
        colour="warning" if is_open else "muted",
    )


def retired_answer_place(entry: RetiredAnswer) -> Address | None:
    try:
        return Address.parse(entry.target or entry.address)
    except ValueError:
        return None


class MigrationCountsTable(QWidget):
    """One line for each fate with a bar for its share, and the sum below; read as one sentence."""

    def __init__(self, texts: Translator) -> None:
        super().__init__()
        self._texts = texts
        self.setObjectName("fates")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(MEDIUM)
        self._grid.setVerticalSpacing(TIGHT)
        self._grid.setColumnStretch(2, 1)

    def show_counts(self, counts: Mapping[MigrationOutcome, int]) -> None:
        empty_layout(self._grid)
        say, total = self._texts.gettext, sum(counts.values())
        lines = [(counts[fate], say(MIGRATION_LABELS[fate]), *_SIGNS[fate]) for fate in MigrationOutcome]
        for count, words, sign, colour in lines:
            self._add(count, words, sign, colour)
            bar = ThinProgressBar(height=4, colour=colour)
            bar.set_share(Fraction(count, max(total, 1)))
            self._grid.addWidget(bar, self._grid.rowCount(), 2)
        self._grid.addWidget(Separator(), self._grid.rowCount(), 0, 1, 3)
        self._add(total, say(_IN), "=", "text", TextRole.STRONG)
        said = [*((count, words) for count, words, *_ in lines), (total, say(_IN))]
        self.setAccessibleName(self._texts.listed(f"{self._texts.number(count)} {words}" for count, words in said))

    def _add(self, count: int, words: str, sign: str, colour: str, role: TextRole = TextRole.BODY) -> None:
        line, top = self._grid.rowCount(), Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(Label(sign, TextRole.STRONG, wraps=False, colour=colour), line, 0, top)
        self._grid.addWidget(
            Label(self._texts.number(count), TextRole.STRONG, wraps=False, side="trailing"), line, 1, top
        )
        self._grid.addWidget(Label(words, role), line, 2)


def newer_version(instrument: Instrument) -> library.LibraryEntry | None:
    """Give the newest version there is, None if the assessment has it already; instruments with mistakes do not count.

    Of folders that do not even say which instrument they hold nothing is read but their heading.
    """
    entries = library.list_instruments(library.instrument_folders())
    return next((entry for entry in newer_versions(instrument, entries) if not entry.problems), None)


class VersionsPage(ReadingColumn):
    """Counts first, then a copy. ``navigate`` carries an address, ``open_wanted`` the file of the copy."""

    navigate = Signal(object)
    open_wanted = Signal(object)

    def __init__(self, controller: SessionController, texts: Translator) -> None:
        super().__init__(name="versions_page")
        self._controller, self._texts = controller, texts
        self._wording = SessionFormatter(texts, controller.session)
        self.plan: MigrationPlan | None = None
        self.banners = BannerArea(texts)
        self.fates = MigrationCountsTable(texts)
        self.outcomes = FullHeightList("outcomes", texts.gettext("Answers that are not carried"))
        self.kept = FullHeightList("kept_answers", texts.gettext("Answers of an earlier version"))
        self.outcomes.opened.connect(lambda key: self.navigate.emit(Address.parse(key.split(" ")[0])))
        self.kept.opened.connect(self._go_to)
        self._fresh = RefreshOnShow(self, controller, self.refresh)
        self._lay_out()

    def _lay_out(self) -> None:
        say = self._texts.gettext
        lay_out(self.body, page_heading(say("Versions of the questions"), self._present()), self.banners)
        self.offer = self._offer_card()
        self.body.addWidget(self.offer)
        self.kept_card = Card(Label(say("Answers of an earlier version"), TextRole.HEADING), margin=LARGE)
        about = say(
            "What was answered under an earlier version and is not asked in the same words now. Choose one to go to "
            "its question, where it can be confirmed."
        )
        lay_out(self.kept_card.body, Label(about, is_muted=True), self.kept)
        self.empty = Label("", is_muted=True)
        lay_out(self.body, self.kept_card, self.empty, 1)

    def _present(self) -> str:
        return self._texts.gettext("This assessment has version {version} of “{title}”.").format(
            version=self._controller.session.instrument.version, title=self._wording.instrument_title
        )

    def _offer_card(self) -> Card:
        say = self._texts.gettext
        self.heading = Label("", TextRole.HEADING)
        self.about = Label("", is_muted=True)
        self.told = Label("", TextRole.CAPTION)
        card = Card(self.heading, self.about, self.fates, self.told, margin=LARGE, spacing=MEDIUM)
        self.file = SavePathField(
            self._texts,
            "copy_file",
            say("File of the copy"),
            say("Where to put the copy"),
            say("There is a file of this name already: choose another name."),
            frozenset({ASSESSMENT_SUFFIX}),
        )
        self.field = self.file.with_label(say("File of the copy"))
        self.make = with_action(Button(say("Make the copy"), is_main=True), "make_copy", self.make_copy)
        lay_out(card.body, self.field, self.file.remark, (self.make, 0, Qt.AlignmentFlag.AlignLeading), self.outcomes)
        return card

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fresh.mark_stale()
        self._fresh.refresh()

    def refresh(self) -> None:
        """Look for a newer version and for answers of an earlier one."""
        self._show_offer()
        entries = kept_answers(self._controller.session)
        self.kept.show_lines(retired_answer_lines(entries, self._controller, self._wording))
        self.kept_card.setVisible(bool(entries))
        self.empty.setText(self._nothing())
        self.empty.setVisible(self.offer.isHidden() and not entries and not self.banners.sentences())

    def _nothing(self) -> str:
        return self._texts.gettext(
            "There is no newer version on this computer, and no answer of an earlier one. When a newer version is put "
            "into {folder}, a copy of this assessment with the new questions can be made here."
        ).format(folder=paths.user_instruments_folder())

    def _show_offer(self) -> None:
        self.plan = self._work_out()
        self.offer.setVisible(self.plan is not None)
        if self.plan is None:
            return
        say, version = self._texts.gettext, self.plan.later.version
        self.heading.setText(say("A copy with version {version}").format(version=version))
        self.about.setText(self._about(self.plan))
        self.fates.show_counts(self.plan.counts)
        self.outcomes.show_lines(not_carried_lines(self.plan, self._texts))
        self.outcomes.setVisible(bool(self.outcomes.lines.rows))
        self.told.setText("\n".join(f"! {problem.text(say)}" for problem in self.plan.problems))
        self.told.setVisible(bool(self.plan.problems))
        self.file.suggest(suggested_copy(self._controller.session.file, version, self._texts))

    def _about(self, plan: MigrationPlan) -> str:
        say = self._texts.gettext
        sentence = say("A new file with every answer; this one stays as it is, to the last byte.")
        if plan.steps:
            return sentence
        nothing = say(
            "Nobody has written down what changed between the versions, so only what is asked in the same words is "
            "carried."
        )
        return f"{sentence} {nothing}"

    def _work_out(self) -> MigrationPlan | None:
        session = self._controller.session
        entry = newer_version(session.instrument)
        if entry is None:
            return None
        try:
            return plan_migration(session.dossier(), entry, self._texts)
        except KnownError as error:
            self.banners.tell("offer", BannerTone.WARNING, error.text(self._texts.gettext))
            return None

    def _go_to(self, entry_id: str) -> None:
        entry = next((one for one in kept_answers(self._controller.session) if one.id == entry_id), None)
        place = retired_answer_place(entry) if entry is not None else None
        if place is not None and place.question in self._controller.session.instrument.question_by_id:
            self.navigate.emit(place)

    def make_copy(self) -> None:
        """Make the copy, or say why not; what is being typed is committed first."""
        self._controller.request_flush()
        problem = self._missing()
        self.field.complain(problem)
        if problem or not self._controller.session.flush():
            self.file.setFocus()
            return
        plan, file = self._work_out(), self.file.path
        if plan is None:
            return
        try:
            author = self._controller.session.author
            session, device = self._controller.session, entries_and_documents.device_id()
            migrate_file(session.file, file, plan, author=author, device=device, keys=keyring_of(session.key))
        except KnownError as error:
            self.banners.tell("made", BannerTone.DANGER, error.text(self._texts.gettext))
            return
        self._tell_made(plan, file)

    def _missing(self) -> str:
        if not self.file.text().strip():
            return self._texts.gettext("Say where to put the copy.")
        return (
            ""
            if has_existing_folder(self.file.path)
            else self._texts.gettext("This folder does not exist. Choose another folder.")
        )

    def _tell_made(self, plan: MigrationPlan, file: Path) -> None:
        say, number = self._texts.gettext, self._texts.number
        counts = {fate.value: number(count) for fate, count in plan.counts.items()}
        sentence = say(
            "{file} is made: {given} answers = {carried} carried + {to_confirm} to confirm + {retired} retired."
        ).format(file=file.name, given=self._texts.number(plan.answers_in), **counts)
        if self._controller.session.key is not None:
            sentence += " " + say("It is protected by the same passphrase.")
        opened = (say("Open the copy"), lambda: self.open_wanted.emit(file))
        self.banners.tell("made", BannerTone.GOOD, sentence, [opened], stays=True)
        self.verticalScrollBar().setValue(0)
