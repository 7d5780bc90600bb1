"""Restoring a file that has just been closed; our own command line does it: stopped, it leaves the old or the new."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from capacity_app.domain.keys import Keyring
from capacity_app.texts import Texts
from capacity_app.ui.backups.backups_page import Restoration
from capacity_app.ui.jobs import Inquiry
from capacity_app.ui.look.cards import Card, ReadingColumn, Words, page_heading, row
from capacity_app.ui.look.theme import LARGE, MEDIUM, Role

if TYPE_CHECKING:
    from collections.abc import Mapping

_PATIENCE = 1_800.0
"""Seconds the command line may say nothing: a large file on a slow stick is read and written twice."""


@dataclass(frozen=True, slots=True)
class Restored:
    """How a restoration ended: in a sentence."""

    file: Path
    keys: Keyring
    is_done: bool
    sentence: str


class RestoringPage(ReadingColumn):
    """Shown while a backup is put back. ``ended`` carries a ``Restored``."""

    ended = Signal(object)

    def __init__(self, texts: Texts, wanted: Restoration) -> None:
        super().__init__()
        self.setObjectName("restoring_page")
        self._texts, self._wanted = texts, wanted
        say = texts.gettext
        self.cancel = QPushButton(say("Cancel"))
        self.cancel.setObjectName("restoring_cancel")
        self.body.addLayout(page_heading(say("Restoring “{file}”").format(file=wanted.file.name)))
        card = Card(margin=LARGE)
        card.body.setSpacing(MEDIUM)
        card.body.addWidget(
            Words(say("What stands there now is kept, then the backup is put in its place …"), Role.STRONG)
        )
        card.body.addWidget(Words(say("Until it is in place, the file stays as it was."), is_muted=True))
        card.body.addLayout(row(self.cancel))
        self.body.addWidget(card)
        self.body.addStretch(1)
        self.setFocusProxy(self.cancel)
        self.inquiry = Inquiry(texts.tag, self, patience=_PATIENCE)
        self.inquiry.answered.connect(self._finish)
        self.inquiry.failed.connect(self._fail)
        self.inquiry.cancelled.connect(lambda: self._end(say("Restoring was stopped."), is_done=False))
        self.cancel.clicked.connect(lambda _checked: self.inquiry.cancel())

    def begin(self) -> None:
        wanted = self._wanted
        arguments = ["backup", "restore", "--json", "--", str(wanted.file), str(wanted.backup.number)]
        self.inquiry.start(arguments, wanted.keys)

    def _end(self, sentence: str, *, is_done: bool) -> None:
        self.ended.emit(Restored(self._wanted.file, self._wanted.keys, is_done, sentence))

    def _finish(self, answer: object) -> None:
        say, file = self._texts.gettext, self._wanted.file.name
        when = self._texts.date_time(self._wanted.backup.made.time.isoformat())
        sentence = say("“{file}” is as it was in the backup of {when}.").format(file=file, when=when)
        kept = str(cast("Mapping[str, object]", answer).get("kept", ""))
        if kept:
            name = say("What stood there before is kept: {file}.").format(file=Path(kept).name)
            sentence = f"{sentence} {name}"
        self._end(sentence, is_done=True)

    def _fail(self, sentence: str) -> None:
        unknown = self._texts.gettext(
            "The program that restores stopped. Try once more; the file is the old or the new."
        )
        self._end(sentence or unknown, is_done=False)

    def stop(self) -> None:
        """Stop and wait until the child has gone; for closing the window."""
        self.inquiry.stop()
