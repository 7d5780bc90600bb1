"""The recovery key of the open file: shown when asked for, and saved as a sheet to be printed."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QGridLayout, QPushButton, QWidget

from capacity_app.domain.keys import ring_of
from capacity_app.domain.problems import N_
from capacity_app.services.recovery_key import words_of
from capacity_app.texts import Texts
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.jobs import Job
from capacity_app.ui.look.alerts import BannerArea, Choice, Tone
from capacity_app.ui.look.cards import Card, Words, row
from capacity_app.ui.look.outside import open_outside
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL, TIGHT, Role
from capacity_app.ui.shell.file_dialogs import with_ending
from capacity_app.ui.shell.settings import Settings

_COLUMNS = 4
_PDF = ".pdf"
_SAVED = N_("The recovery sheet is in {file}: print it, lock it away, then delete the file.")
_BESIDE = N_(
    "{file} would lie beside the assessment it opens, and whoever takes one takes both. Choose another disk, or print "
    "it and delete it at once."
)


class RecoveryCard(Card):
    """The words and what can be done with them."""

    def __init__(self, bridge: Bridge, texts: Texts, settings: Settings) -> None:
        super().__init__(margin=LARGE)
        self.setObjectName("recovery_card")
        self._bridge, self._texts, self._settings = bridge, texts, settings
        self.banners = BannerArea(texts)
        self.is_shown = False
        self.body.setSpacing(MEDIUM)
        say = texts.gettext
        self.shower = QPushButton()
        self.shower.setObjectName("recovery_show")
        self.shower.clicked.connect(lambda _checked: self.show_words(is_shown=not self.is_shown))
        self.saver = QPushButton(say("Save a sheet to print …"))
        self.saver.setObjectName("recovery_save")
        self.saver.clicked.connect(lambda _checked: self._ask_place())
        self._grid = self._words_grid()
        self._lay_out()
        self.job = Job(texts.tag, self)
        self.job.done.connect(self._tell_saved)
        self.job.failed.connect(self._tell_failed)
        self.show_words(is_shown=False)

    def _lay_out(self) -> None:
        say = self._texts.gettext
        self.body.addWidget(Words(say("Recovery key"), Role.HEADING))
        about = say(
            "If the passphrase is forgotten, these 24 words open the file and its backups; nobody else can help. Keep "
            "them on paper, locked away and apart from this computer."
        )
        self.body.addWidget(Words(about, is_muted=True))
        self.body.addWidget(self.banners)
        self.body.addWidget(self._grid)
        self.body.addLayout(row(self.shower, self.saver, spacing=SMALL))

    def _words_grid(self) -> QWidget:
        """Give the numbered words in lines of four, from left to right in every language: they are English."""
        key = self._bridge.session.key
        assert key, "only a protected file has one"
        self.words = words_of(key.raw)
        holder = QWidget()
        holder.setObjectName("recovery_words")
        holder.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SMALL)
        grid.setVerticalSpacing(TIGHT)
        for place, word in enumerate(self.words):
            number = Words(self._texts.number(place + 1), Role.CAPTION, is_muted=True, wraps=False, side="trailing")
            label = Words(word, Role.STRONG, wraps=False)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            line, column = divmod(place, _COLUMNS)
            grid.addWidget(number, line, 2 * column)
            grid.addWidget(label, line, 2 * column + 1)
            grid.setColumnStretch(2 * column + 1, 1)
        holder.setAccessibleName(" ".join(self.words))
        return holder

    def show_words(self, *, is_shown: bool) -> None:
        """Show the words, or hide them from who looks over the shoulder."""
        self.is_shown = is_shown
        say = self._texts.gettext
        self._grid.setVisible(is_shown)
        self.shower.setText(say("Hide the recovery key") if is_shown else say("Show the recovery key"))

    # -- the sheet ------------------------------------------------------------------------------------------------

    def _ask_place(self) -> None:
        say, file = self._texts.gettext, self._bridge.session.file
        # Not the folder of the file: a key does not hang beside its lock.
        folder = self._settings.folder if self._settings.folder != file.parent else Path.home()
        suggestion = folder / say("recovery-sheet-{file}.pdf").format(file=file.stem)
        chosen, _ = QFileDialog.getSaveFileName(self, say("Save the recovery sheet"), str(suggestion), f"*{_PDF}")
        if chosen:
            self.save(with_ending(Path(chosen), _PDF))

    def save(self, sheet: Path) -> None:
        """Write the sheet to a place; beside the file only after a warning."""
        if sheet.resolve().parent == self._bridge.session.file.resolve().parent:
            say = self._texts.gettext
            choices: list[Choice] = [
                (say("Choose another place"), self._ask_place),
                (say("Save it there all the same"), lambda: self._write(sheet)),
            ]
            self.banners.tell("sheet", Tone.WARNING, say(_BESIDE).format(file=sheet.name), choices)
        else:
            self._write(sheet)

    def _write(self, sheet: Path) -> None:
        self.banners.clear_all()
        session = self._bridge.session
        if self.job.is_running or session.key is None:
            return
        self.saver.setEnabled(False)
        arguments = ["recovery-key", "--progress", "--sheet", str(sheet), "--", str(session.file)]
        self.job.start(arguments, ring_of(session.key))

    def _tell_saved(self, file: str) -> None:
        self.saver.setEnabled(True)
        sheet = Path(file)
        opened: Choice = (self._texts.gettext("Open it to print"), lambda: open_outside(sheet))
        self.banners.tell("sheet", Tone.GOOD, self._texts.gettext(_SAVED).format(file=file), [opened])

    def _tell_failed(self, sentence: str) -> None:
        self.saver.setEnabled(True)
        unknown = self._texts.gettext("The sheet could not be made: the program that makes it stopped. Try once more.")
        self.banners.tell("sheet", Tone.DANGER, sentence or unknown)

    def stop(self) -> None:
        """Stop the child and wait until it has gone; for closing the window."""
        self.job.stop()
