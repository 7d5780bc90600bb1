"""Translate a questionnaire, or the program itself, in Excel: make the sheet, read it back, sign it off."""

import json
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QShowEvent

from capacity_app import catalogues
from capacity_app.instruments.library import Entry
from capacity_app.texts import Texts
from capacity_app.ui.exchange.reading_card import ReadingCard
from capacity_app.ui.jobs import Job
from capacity_app.ui.library.tab import WorkbookTab
from capacity_app.ui.library.translation_choice import TranslationChoice
from capacity_app.ui.library.translation_result import Sheet, TranslationResult
from capacity_app.ui.library.translation_states import StatesCard, StatesReading
from capacity_app.ui.look.alerts import Tone
from capacity_app.ui.look.buttons import SignButton
from capacity_app.ui.look.cards import Card, Words, row
from capacity_app.ui.look.theme import MEDIUM, Role
from capacity_app.ui.shell.settings import Settings


class SheetWork(QObject):
    """One run of the command line at a time: a sheet made, read or taken over.

    Ends with ``made`` (file), ``read`` (a ``Sheet``), ``taken`` (the same, with what was written), ``failed`` (a
    sentence, empty where there is none) or ``cancelled``.
    """

    made = Signal(str)
    read = Signal(object)
    taken = Signal(object)
    failed = Signal(str)
    cancelled = Signal()

    def __init__(self, texts: Texts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Refused texts are an outcome like others: the command ends with 1, and tells of them.
        self.job = Job(texts.tag, self, outcomes=frozenset({0, 1}))
        self.job.done.connect(self._finish)
        self.job.failed.connect(self.failed)
        self.job.cancelled.connect(self.cancelled)

    @property
    def is_running(self) -> bool:
        return self.job.is_running

    def make(self, subject: str, language: str, out: Path) -> None:
        self.job.start(["instrument", "sheet", "--language", language, "--progress", "--", subject, str(out)])

    def open(self, file: Path) -> None:
        self.job.start(["instrument", "take-sheet", "--progress", "--", str(file)])

    def take(self, result: TranslationResult) -> None:
        self.job.start(result.arguments)

    def _finish(self, file: str) -> None:
        if not self.job.content:
            self.made.emit(file)
            return
        data = _data_in(self.job.content)
        if data is None:
            self.failed.emit("")
        else:
            (self.taken if data.get("taken") else self.read).emit(Sheet(file, data))


def _data_in(content: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


class TranslationTab(WorkbookTab):
    """Translate a questionnaire, or the program itself, in Excel: make the sheet, read it back, sign it off."""

    def __init__(self, texts: Texts, settings: Settings) -> None:
        super().__init__(texts, settings, "translation")
        self.setObjectName("translation_tab")
        self.choice = TranslationChoice(texts)
        self.result = TranslationResult(texts, settings.author)
        self.reading = ReadingCard(texts, "translation")
        self.states = StatesCard(texts)
        self.states_reading = StatesReading(texts, self)
        self.work = SheetWork(texts, self)
        self._lay_out()
        self._connect()
        self.result.hide()
        self.reading.hide()

    def _lay_out(self) -> None:
        say = self.texts.gettext
        self.back = Card(margin=MEDIUM)
        self.back.body.addWidget(Words(say("A sheet that came back"), Role.HEADING))
        about = say(
            "First you see what it would change; nothing is taken over before you say so. You may also drop the sheet "
            "on this page."
        )
        self.back.body.addWidget(Words(about, is_muted=True))
        self.read_back = SignButton("open", say("Read a sheet back …"))
        self.read_back.setObjectName("translation_read")
        self.back.body.addLayout(row(self.read_back))
        for widget in (self.choice, self.back, self.reading, self.result, self.states):
            self.body.addWidget(widget)

    def _connect(self) -> None:
        self.choice.wanted.connect(self._ask_where)
        self.choice.chosen.connect(self._show_states)
        self.read_back.clicked.connect(lambda _on: self._ask_which())
        self.reading.cancelled.connect(self.work.job.cancel)
        self.result.wanted.connect(self._take)
        self.result.left.connect(self._leave_result)
        self.states_reading.read.connect(self._show_states)
        for end in (self.work.made, self.work.read, self.work.taken, self.work.failed, self.work.cancelled):
            end.connect(lambda *_: self._show_busy(is_busy=False))
        say = self.texts.gettext
        self.work.made.connect(lambda file: self._tell_ready(say("The sheet is ready: {file}"), file))
        self.work.read.connect(self._show_result)
        self.work.taken.connect(self._tell_taken)
        self.work.failed.connect(self._tell_failure)
        self.work.cancelled.connect(
            lambda: self._outcome.tell(Tone.INFORMATION, say("Cancelled. Nothing was changed."))
        )

    # -- what is shown ---------------------------------------------------------------------------------------------

    def show_entry(self, entry: Entry | None) -> None:
        super().show_entry(entry)
        self.choice.show_entry(entry)
        self._show_states()
        if self.isVisible():
            self.states_reading.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.states_reading.start()
        self.choice.names.start()

    def _show_states(self) -> None:
        self.choice.show_states(self.states_reading.states)
        self.states.show_subject(self.choice.subject, self.states_reading)

    def stop(self) -> None:
        """Stop what runs, as the page is left."""
        self.choice.names.stop()
        self.states_reading.stop()
        self.work.job.stop()

    # -- the sheet -------------------------------------------------------------------------------------------------

    def _ask_where(self) -> None:
        title = self.texts.gettext("Where to put the sheet")
        out = self._ask_place(title, f"{self.choice.subject}-{self.choice.code}")
        if out is not None:
            self.make(out)

    def make(self, out: Path) -> None:
        """Make the sheet that is chosen."""
        if self.work.is_running or not self.choice.code:
            return
        self._begin(self.texts.gettext("The sheet is being made."))
        self.work.make(self.choice.subject, self.choice.code, out)

    # -- reading it back -------------------------------------------------------------------------------------------

    def _ask_which(self) -> None:
        file = self._ask_file(self.texts.gettext("Which sheet has come back?"))
        if file is not None:
            self.read_file(file)

    def read_file(self, file: Path) -> None:
        """Read a sheet that came back."""
        if self.work.is_running:
            return
        self._begin(self.texts.gettext("{file} is being read.").format(file=file.name))
        self.work.open(file)

    def _show_result(self, sheet: Sheet) -> None:
        self.back.hide()
        self.result.show_sheet(sheet)
        self.result.show()
        self.result.kinds.setFocus()

    def _leave_result(self) -> None:
        self.result.hide()
        self.back.show()
        self.read_back.setFocus()

    def _take(self) -> None:
        if not self.work.is_running:
            self._begin(self.texts.gettext("The translation is being taken over."))
            self.work.take(self.result)

    def _tell_taken(self, sheet: Sheet) -> None:
        taken, texts = sheet.data["taken"], self.texts
        count = int(taken.get("count", 0))
        said = texts.ngettext(
            "{count} translation was taken over.", "{count} translations were taken over.", count
        ).format(count=texts.number(count))
        if taken.get("is_signed_off"):
            said += " " + texts.gettext("Signed off by {name}.").format(name=taken.get("by", ""))
        self.result.hide()
        self.back.show()
        self._outcome.tell(Tone.GOOD, said)
        catalogues.forget()
        self.states_reading.start()
        self.changed.emit(self.entry.id if self.entry else "")

    # -- beginning and end -----------------------------------------------------------------------------------------

    def _begin(self, title: str) -> None:
        self._outcome.clear()
        self._show_busy(is_busy=True)
        self.reading.begin(title)

    def _show_busy(self, *, is_busy: bool) -> None:
        self.reading.setVisible(is_busy)
        for widget in (self.choice, self.back, self.result):
            widget.setEnabled(not is_busy)
