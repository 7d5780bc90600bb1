"""A file somebody was given: chosen or dropped, and what it is and whether it still holds, in words."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QGridLayout, QPushButton, QVBoxLayout, QWidget

from capacity_app.domain.keys import Keyring
from capacity_app.domain.problems import N_
from capacity_app.domain.verification import Match, Verdict
from capacity_app.texts import Texts, in_own_order
from capacity_app.ui.look.alerts import Banner, Mark, Tone
from capacity_app.ui.look.cards import Card, Words, row
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL, TIGHT, Role
from capacity_app.ui.protection.unlock_card import UnlockCard
from capacity_app.ui.report.file_check import Checked, FileCheck, Signed, any_of
from capacity_app.ui.shell.settings import SUFFIX

_ENDINGS = (".pdf", ".docx", ".html", ".xlsx", ".json", SUFFIX)
_SIGNS = {
    Verdict.GOOD: ("good", "good"),
    Verdict.NOTE: ("information", "accent"),
    Verdict.BAD: ("danger", "danger"),
}
_MOST_DAMAGE = 20
_NOT_INTACT: dict[Signed | None, str] = {
    Signed.NOT: N_("This PDF file is not signed."),
    Signed.CHANGED: N_("This PDF file is not as it was signed."),
}
_SENTENCES: dict[Match | None, str] = {
    Match.SAME: N_("The content is the same as in this assessment."),
    Match.CLAIMED: N_("The file says that it was made from the content of this assessment."),
    Match.DIFFERENT: N_("The content is not the same as in this assessment."),
    Match.OTHER: N_("The file belongs to another assessment."),
    Match.UNKNOWN: N_("The program could not compare the file with this assessment."),
    None: N_("The file was not compared with this assessment."),
}
_AGREEING = frozenset({Match.SAME, Match.CLAIMED})


class _Result(Card):
    """What was found out about one file: the answer first, then why, then what the file says of itself."""

    def __init__(self, texts: Texts, found: Checked) -> None:
        tone = _tone(found)
        tint, edge = f"{tone.value}_tint", tone.value
        super().__init__(tint=tint, edge=edge, margin=MEDIUM)
        self.setObjectName("check_result")
        self.sentence = _sentence(texts, found)
        self.setAccessibleName(f"{found.file}: {self.sentence}")
        self.body.setSpacing(SMALL)
        sign = Mark(tone.value, edge)
        self.body.addLayout(_beside(sign, Words(self.sentence, Role.STRONG)))
        self.body.addWidget(_plain(found.file))
        for verdict, text in found.told:
            self.body.addLayout(_beside(Mark(*_SIGNS[verdict], is_small=True), _plain(text)))
        for text in found.damage[:_MOST_DAMAGE]:
            self.body.addWidget(_plain(text))
        if len(found.damage) > _MOST_DAMAGE:
            self.body.addWidget(_plain(texts.gettext("The command “capacity-app verify” lists more places.")))
        self.body.addLayout(self._facts(found))

    def _facts(self, found: Checked) -> QGridLayout:
        lines = QGridLayout()
        lines.setContentsMargins(0, SMALL, 0, 0)
        lines.setHorizontalSpacing(MEDIUM)
        lines.setVerticalSpacing(TIGHT)
        lines.setColumnStretch(1, 1)
        for number, (label, text) in enumerate(found.facts):
            lines.addWidget(Words(label, Role.CAPTION, is_muted=True), number, 0, Qt.AlignmentFlag.AlignTop)
            lines.addWidget(_plain(in_own_order(text) if self.isRightToLeft() else text, Role.CAPTION), number, 1)
        return lines


def _tone(found: Checked) -> Tone:
    """Nothing is green that rests on what a stranger signed, or that was compared with nothing."""
    if not found.is_good:
        return Tone.DANGER
    return Tone.GOOD if found.match is Match.SAME else Tone.WARNING


def _sentence(texts: Texts, found: Checked) -> str:
    """Say the one thing that was asked."""
    if found.signed in _NOT_INTACT:
        return texts.gettext(_NOT_INTACT[found.signed])
    said = texts.gettext(_SENTENCES[found.match])
    if found.is_good or found.match not in _AGREEING:
        return said
    wrong = texts.gettext("Something is wrong with the file.")
    return f"{said} {wrong}"


def _plain(text: str, role: Role = Role.BODY) -> Words:
    words = Words(text, role)
    words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return words


def _beside(sign: QWidget, words: QWidget) -> QGridLayout:
    """Put a sign before words that may wrap."""
    line = QGridLayout()
    line.setHorizontalSpacing(SMALL)
    line.setColumnStretch(1, 1)
    line.addWidget(sign, 0, 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(words, 0, 1)
    return line


class CheckCard(Card):
    """The way to check a file. ``shown`` tells of an outcome, so that the page can bring it into view."""

    shown = Signal(object)

    def __init__(self, texts: Texts, check: FileCheck, folder: Callable[[], Path]) -> None:
        super().__init__(margin=LARGE)
        self.setObjectName("check_card")
        self._texts, self._check, self._folder = texts, check, folder
        self._outcome: _Result | Banner | UnlockCard | None = None
        self.body.setSpacing(MEDIUM)
        self._lay_out()
        check.found.connect(lambda found: self._show(_Result(texts, found)))
        check.failed.connect(self._show_sentence)
        check.cancelled.connect(self._clear)
        check.running_changed.connect(self._follow)
        check.locked.connect(self._ask_passphrase)

    def _lay_out(self) -> None:
        say = self._texts.gettext
        self.body.addWidget(Words(say("Check a file you were given"), Role.HEADING))
        about = say(
            "The program compares the file with this assessment. Choose a file or drop it on this page: PDF, Word, web "
            "page, workbook or dossier."
        )
        self._about = Words(about, is_muted=True)
        self.body.addWidget(self._about)
        self.button = QPushButton(say("Check a file…"))
        self.button.setObjectName("check_file")
        self.button.clicked.connect(lambda _checked: self._choose())
        self.cancel = QPushButton(say("Cancel"))
        self.cancel.setObjectName("check_cancel")
        self.cancel.setAccessibleName(say("Cancel the check"))
        self.cancel.clicked.connect(lambda _checked: self._check.cancel())
        self.cancel.hide()
        self.body.addLayout(row(self.button, self.cancel))
        self._step = Words(role=Role.CAPTION, is_muted=True)
        self._step.hide()
        self.body.addWidget(self._step)
        self._place = QVBoxLayout()
        self.body.addLayout(self._place)

    def _choose(self) -> None:
        say = self._texts.gettext
        dialog = QFileDialog(self, say("Check a file"), str(self._folder()))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        named, every = say("Reports, workbooks, dossiers"), say("All files")
        dialog.setNameFilters([f"{named} ({any_of(_ENDINGS)})", f"{every} (*)"])
        dialog.fileSelected.connect(lambda file: self.check(Path(file)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def check(self, file: Path) -> None:
        """Find out about a file; one check at a time."""
        if self._check.is_running:
            return
        self._clear()
        self._step.setText(self._texts.gettext("Reading {file} …").format(file=file.name))
        self._check.start(file)

    def light_up(self, *, is_held: bool) -> None:
        """Show whether a file is held over the page."""
        self._tint, self._edge = ("accent_tint", "accent") if is_held else ("surface", "line")
        self.update()

    def _follow(self) -> None:
        is_running = self._check.is_running
        self.button.setEnabled(not is_running)
        self.cancel.setVisible(is_running)
        self._step.setVisible(is_running)

    def _show_sentence(self, sentence: str) -> None:
        banner = Banner(self._texts, Tone.DANGER, sentence)
        banner.setObjectName("check_failed")
        banner.closer.clicked.connect(lambda _checked: self._clear())
        self._show(banner)

    def _ask_passphrase(self, file: Path) -> None:
        card = UnlockCard(self._texts, leave=self._texts.gettext("Choose another file"))
        card.ask(file)
        card.opened.connect(lambda ring: self._check_with(file, ring))
        card.left.connect(self._clear)
        self._show(card)
        card.field.setFocus()

    def _check_with(self, file: Path, ring: Keyring) -> None:
        self._clear()
        self._check.start_with(file, ring)

    def _show(self, outcome: "_Result | Banner | UnlockCard") -> None:
        self._clear()
        self._outcome = outcome
        self._place.addWidget(outcome)
        self.shown.emit(outcome)

    def _clear(self) -> None:
        if self._outcome is not None:
            self._outcome.hide()
            self._outcome.deleteLater()
            self._outcome = None

    @property
    def outcome(self) -> str:
        """What the last check ended with, empty while none has."""
        return "" if self._outcome is None or isinstance(self._outcome, UnlockCard) else self._outcome.sentence
