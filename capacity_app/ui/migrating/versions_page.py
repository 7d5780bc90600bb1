"""The page about versions of the questions: the offer of a migrated copy, and the answers of an earlier version."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QPushButton

from capacity_app import paths
from capacity_app.domain.answers import Address
from capacity_app.domain.instrument import Instrument
from capacity_app.domain.keys import ring_of
from capacity_app.domain.problems import KnownError
from capacity_app.instruments import library
from capacity_app.services import identity
from capacity_app.services.confirming import kept_answers
from capacity_app.services.migrating import Plan, migrate_file, newer_versions, plan_migration, suggested_copy
from capacity_app.texts import Texts
from capacity_app.ui.bridge import Bridge, Freshness
from capacity_app.ui.look.alerts import BannerArea, Tone
from capacity_app.ui.look.cards import Card, ReadingColumn, Words, beside, page_heading
from capacity_app.ui.look.lines import Links
from capacity_app.ui.look.theme import LARGE, MEDIUM, Role
from capacity_app.ui.migrating.fates_table import FatesTable, kept_lines, outcome_lines, place_of_kept
from capacity_app.ui.report.file_place import FilePlace, PlaceWords
from capacity_app.ui.shell.new_assessment import Field, is_in_a_folder
from capacity_app.ui.shell.settings import SUFFIX
from capacity_app.ui.wording import Wording


def newer_on_this_computer(instrument: Instrument) -> library.Entry | None:
    """Give the newest version there is, None if the assessment has it already; instruments with mistakes do not count.

    Of folders that do not even say which instrument they hold nothing is read but their heading.
    """
    entries = library.catalogue((paths.instruments_folder(), paths.user_instruments_folder()))
    return next((entry for entry in newer_versions(instrument, entries) if not entry.problems), None)


class VersionsPage(ReadingColumn):
    """Counts first, then a copy. ``navigate`` carries an address, ``open_wanted`` the file of the copy."""

    navigate = Signal(object)
    open_wanted = Signal(object)

    def __init__(self, bridge: Bridge, texts: Texts) -> None:
        super().__init__()
        self.setObjectName("versions_page")
        self._bridge, self._texts = bridge, texts
        self._wording = Wording(texts, bridge.session)
        self.plan: Plan | None = None
        self.banners = BannerArea(texts)
        self.fates = FatesTable(texts)
        self.outcomes = Links("outcomes", texts.gettext("Answers that are not carried"))
        self.kept = Links("kept_answers", texts.gettext("Answers of an earlier version"))
        self.outcomes.opened.connect(lambda key: self.navigate.emit(Address.parse(key.split(" ")[0])))
        self.kept.opened.connect(self._go_to)
        self._fresh = Freshness(self, bridge, self.refresh)
        self._lay_out()

    # -- building -------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        say = self._texts.gettext
        self.body.addLayout(page_heading(say("Versions of the questions"), self._present()))
        self.body.addWidget(self.banners)
        self.offer = self._offer_card()
        self.body.addWidget(self.offer)
        self.kept_card = Card(margin=LARGE)
        self.kept_card.body.addWidget(Words(say("Answers of an earlier version"), Role.HEADING))
        about = say(
            "What was answered under an earlier version and is not asked in the same words now. Choose one to go to "
            "its question, where it can be confirmed."
        )
        self.kept_card.body.addWidget(Words(about, is_muted=True))
        self.kept_card.body.addWidget(self.kept)
        self.body.addWidget(self.kept_card)
        self.empty = Words("", is_muted=True)
        self.body.addWidget(self.empty)
        self.body.addStretch(1)

    def _present(self) -> str:
        instrument = self._bridge.session.instrument
        return self._texts.gettext("This assessment has version {version} of “{title}”.").format(
            version=instrument.version, title=self._wording.instrument_title
        )

    def _offer_card(self) -> Card:
        say = self._texts.gettext
        card = Card(margin=LARGE)
        card.body.setSpacing(MEDIUM)
        self.heading = Words("", Role.HEADING)
        self.about = Words("", is_muted=True)
        for part in (self.heading, self.about, self.fates):
            card.body.addWidget(part)
        self.told = Words("", Role.CAPTION)
        card.body.addWidget(self.told)
        self.file = FilePlace("copy_file", PlaceWords(
            say("File of the copy"),
            say("Where to put the copy"),
            say("There is a file of this name already: choose another name."),
        ), frozenset({SUFFIX}))  # fmt: skip
        browse = QPushButton(say("Choose …"))
        browse.setObjectName("copy_browse")
        browse.clicked.connect(lambda _checked: self.file.browse(SUFFIX))
        self.field = Field(say("File of the copy"), beside(self.file, browse))
        card.body.addWidget(self.field)
        card.body.addWidget(self.file.remark)
        self.make = QPushButton(say("Make the copy"))
        self.make.setObjectName("make_copy")
        self.make.setDefault(True)
        self.make.clicked.connect(lambda _checked: self.make_copy())
        card.body.addWidget(self.make, 0, Qt.AlignmentFlag.AlignLeading)
        card.body.addWidget(self.outcomes)
        return card

    # -- showing --------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fresh.mark_stale()
        self._fresh.refresh()

    def refresh(self) -> None:
        """Look for a newer version and for answers of an earlier one."""
        self._show_offer()
        entries = kept_answers(self._bridge.session)
        self.kept.show_lines(kept_lines(entries, self._bridge, self._wording))
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
        self.outcomes.show_lines(outcome_lines(self.plan, self._texts))
        self.outcomes.setVisible(bool(self.outcomes.lines.rows))
        self.told.setText("\n".join(f"! {problem.text(say)}" for problem in self.plan.problems))
        self.told.setVisible(bool(self.plan.problems))
        self.file.suggest(suggested_copy(self._bridge.session.file, version, self._texts))

    def _about(self, plan: Plan) -> str:
        say = self._texts.gettext
        sentence = say("A new file with every answer; this one stays as it is, to the last byte.")
        if plan.steps:
            return sentence
        nothing = say(
            "Nobody has written down what changed between the versions, so only what is asked in the same words is "
            "carried."
        )
        return f"{sentence} {nothing}"

    def _work_out(self) -> Plan | None:
        session = self._bridge.session
        entry = newer_on_this_computer(session.instrument)
        if entry is None:
            return None
        try:
            return plan_migration(session.dossier(), entry, self._texts)
        except KnownError as error:
            self.banners.tell("offer", Tone.WARNING, error.text(self._texts.gettext))
            return None

    def _go_to(self, entry_id: str) -> None:
        entry = next((one for one in kept_answers(self._bridge.session) if one.id == entry_id), None)
        place = place_of_kept(entry) if entry is not None else None
        if place is not None and place.question in self._bridge.session.instrument.question_by_id:
            self.navigate.emit(place)

    # -- making ---------------------------------------------------------------------------------------------------

    def make_copy(self) -> None:
        """Make the copy, or say why not; what is being typed is committed first."""
        self._bridge.request_flush()
        problem = self._missing()
        self.field.complain(problem)
        if problem or not self._bridge.session.flush():
            self.file.setFocus()
            return
        plan, file = self._work_out(), self.file.path
        if plan is None:
            return
        try:
            author = self._bridge.session.author
            session, device = self._bridge.session, identity.device_id()
            migrate_file(session.file, file, plan, author=author, device=device, keys=ring_of(session.key))
        except KnownError as error:
            self.banners.tell("made", Tone.DANGER, error.text(self._texts.gettext))
            return
        self._tell_made(plan, file)

    def _missing(self) -> str:
        if not self.file.text().strip():
            return self._texts.gettext("Say where to put the copy.")
        return (
            ""
            if is_in_a_folder(self.file.path)
            else self._texts.gettext("There is no such folder. Choose one that exists.")
        )

    def _tell_made(self, plan: Plan, file: Path) -> None:
        say, number = self._texts.gettext, self._texts.number
        counts = {fate.value: number(count) for fate, count in plan.counts.items()}
        sentence = say(
            "{file} is made: {given} answers = {carried} carried + {to_confirm} to confirm + {retired} retired."
        ).format(file=file.name, given=self._texts.number(plan.answers_in), **counts)
        if self._bridge.session.key is not None:
            sentence += " " + say("It is protected by the same passphrase.")
        opened = (say("Open the copy"), lambda: self.open_wanted.emit(file))
        self.banners.tell("made", Tone.GOOD, sentence, [opened])
        self.verticalScrollBar().setValue(0)
