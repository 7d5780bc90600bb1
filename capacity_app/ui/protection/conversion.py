"""Protecting a file that has just been closed; our own command line does it: stopped, it leaves the old or the new."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from capacity_app.domain.keys import NO_KEYS, Keyring
from capacity_app.domain.passphrases import normal
from capacity_app.texts import Texts
from capacity_app.ui.jobs import Inquiry
from capacity_app.ui.look.cards import Card, ReadingColumn, Words, page_heading, row
from capacity_app.ui.look.theme import LARGE, MEDIUM, Role

_PATIENCE = 1_800.0
"""Seconds a child may say nothing: it says one thing, when 31 backups on a slow stick are done."""
_STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Change:
    """A file to be protected with a new passphrase, or without one to be so no longer; ``keys`` open it before."""

    file: Path
    passphrase: str = field(default="", repr=False)
    keys: Keyring = NO_KEYS


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended: in sentences, the first one the most important; ``keys`` open the file now."""

    is_done: bool
    sentences: tuple[str, ...]
    keys: Keyring


def left_backups(answer: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Read which backups stay as they were, and why, from what the command line says."""
    left = answer.get("left")
    entries = left if isinstance(left, list) else []
    return tuple((str(entry["file"]), str(entry["reason"])) for entry in entries)


class ConversionPage(ReadingColumn):
    """Shown while the file is written anew. ``ended`` carries an ``Outcome``."""

    ended = Signal(object)

    def __init__(self, texts: Texts, change: Change) -> None:
        super().__init__()
        self.setObjectName("conversion_page")
        self._texts, self.change = texts, change
        say = texts.gettext
        pattern = say("Protecting “{file}”") if change.passphrase else say("Taking the passphrase away from “{file}”")
        self.cancel = QPushButton(say("Cancel"))
        self.cancel.setObjectName("conversion_cancel")
        self.body.addLayout(page_heading(pattern.format(file=change.file.name)))
        card = Card(margin=LARGE)
        card.body.setSpacing(MEDIUM)
        card.body.addWidget(Words(say("A complete copy is written, compared and put in place …"), Role.STRONG))
        about = say("Its backups on this computer follow. Until the copy is in place, the file stays as it was.")
        card.body.addWidget(Words(about, is_muted=True))
        card.body.addLayout(row(self.cancel))
        self.body.addWidget(card)
        self.body.addStretch(1)
        self.setFocusProxy(self.cancel)
        self.inquiry = Inquiry(texts.tag, self, patience=_PATIENCE)
        self.inquiry.answered.connect(self._finish)
        self.inquiry.failed.connect(self._fail)
        self.inquiry.cancelled.connect(self._stopped)
        self.cancel.clicked.connect(lambda _checked: self.inquiry.cancel())

    def begin(self) -> None:
        file, passphrase = str(self.change.file), self.change.passphrase
        how = ["--new-passphrase-file", _STANDARD_INPUT] if passphrase else ["--remove"]
        self.inquiry.start(["protect", "--json", *how, "--", file], self.change.keys, passphrase)

    @property
    def _keys(self) -> Keyring:
        """What opens the file whether it is the old one or the new one."""
        if not self.change.passphrase:
            return self.change.keys
        return self.change.keys.and_also(Keyring(passphrases=(normal(self.change.passphrase),)))

    def _end(self, *sentences: str, is_done: bool) -> None:
        self.ended.emit(Outcome(is_done, sentences, self._keys))

    def _finish(self, answer: object) -> None:
        texts, say = self._texts, self._texts.gettext
        found = cast("Mapping[str, object]", answer)
        done = say("The file is protected from now on.") if self.change.passphrase else say(
            "The file is not protected any more: everybody can open it."
        )  # fmt: skip
        count = int(str(found.get("backups", 0)))
        alike = texts.ngettext("{count} backup was treated alike.", "{count} backups were treated alike.", count)
        sentences = [done, *([alike.format(count=texts.number(count))] if count else [])]
        stays = say("This backup stays as it was: {file}. {reason}")
        sentences += [stays.format(file=file, reason=reason) for file, reason in left_backups(found)]
        self._end(*sentences, is_done=True)

    def _fail(self, sentence: str) -> None:
        unknown = self._texts.gettext("The program that does this stopped. Look below whether the file is protected.")
        self._end(sentence or unknown, is_done=False)

    def _stopped(self) -> None:
        self._end(self._texts.gettext("Stopped. Below you see whether the file is protected."), is_done=False)

    def stop(self) -> None:
        """Stop and wait until the child has gone; for closing the window."""
        self.inquiry.stop()
