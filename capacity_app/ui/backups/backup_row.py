"""One backup in the list: when and why, what it holds, and what can be done with it."""

from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout

from capacity_app.services.backup_words import (
    REASON_WORDS,
    contents_in_words,
    last_change_in_words,
    size_in_words,
)
from capacity_app.services.backups import Backup, Contents
from capacity_app.texts import Texts
from capacity_app.ui.look.cards import Card, Words
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.theme import MEDIUM, SMALL, TIGHT, Role

_ROW_STEPS = {Qt.Key.Key_Up.value: -1, Qt.Key.Key_Down.value: 1}


class RowButton(QPushButton):
    """A button of a row. ``stepped`` tells that an arrow key asks for the same button of the row above or below."""

    stepped = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ROW_STEPS:
            self.stepped.emit(_ROW_STEPS[event.key()])
        else:
            super().keyPressEvent(event)


class BackupRow(Card):
    """A backup. ``restore_wanted`` tells that it is to be restored, after a second click; ``save_wanted`` copied.

    ``stepped`` carries the name of the button that has the focus and -1 or 1.
    """

    restore_wanted = Signal()
    save_wanted = Signal()
    stepped = Signal(str, int)

    def __init__(self, texts: Texts, backup: Backup, origin: str, what_is_kept: str) -> None:
        super().__init__(margin=MEDIUM)
        self.backup, self._texts = backup, texts
        self.setObjectName(f"backup_{backup.number}")
        self.when = texts.date_time(backup.made.time.isoformat())
        self.contents = Words(texts.gettext("Being looked into …"))
        self.contents.setObjectName(f"backup_contents_{backup.number}")
        say = texts.gettext
        self.restore = self._button("restore", say("Restore this one …"), say("Restore the backup of {when}"))
        self.save = self._button("save", say("Save a copy of it …"), say("Save a copy of the backup of {when}"))
        self.really = self._button("really", say("Restore"), say("Restore the backup of {when} now"))
        self.leave = self._button("leave", say("Leave it"), say("Do not restore the backup of {when}"))
        self._ask = Words(
            say("The file will be as it was then. {kept} The assessment is closed and opened again for this.").format(
                kept=what_is_kept
            )
        )
        self._lay_out(origin)
        self.restore.clicked.connect(lambda _on: self.ask(is_asked=True))
        self.leave.clicked.connect(lambda _on: self.ask(is_asked=False))
        self.really.clicked.connect(lambda _on: self.restore_wanted.emit())
        self.save.clicked.connect(lambda _on: self.save_wanted.emit())

    def _button(self, name: str, label: str, spoken: str) -> RowButton:
        button = RowButton(label)
        button.setObjectName(f"backup_{name}_{self.backup.number}")
        button.setAccessibleName(spoken.format(when=self.when))
        button.setAutoDefault(False)
        button.stepped.connect(lambda step: self.stepped.emit(name, step))
        return button

    def _lay_out(self, origin: str) -> None:
        texts, made = self._texts, self.backup.made
        head = QHBoxLayout()
        head.setSpacing(SMALL)
        head.addWidget(Words(f"{self.when} · {texts.ago(made.time, datetime.now(UTC))}", Role.STRONG), 1)
        size = Words(size_in_words(texts, self.backup.size), Role.CAPTION, is_muted=True, wraps=False)
        head.addWidget(size, 0, Qt.AlignmentFlag.AlignTop)
        facts = texts.gettext("Backup {number}, {reason}").format(
            number=self.backup.number, reason=texts.gettext(REASON_WORDS[made.reason])
        )
        column = QVBoxLayout()
        column.setSpacing(TIGHT)
        column.addLayout(head)
        column.addWidget(Words(facts, is_muted=True))
        column.addWidget(self.contents)
        if origin:
            where = texts.gettext("of the copy in {file}").format(file=texts.in_order(origin))
            column.addWidget(Words(where, Role.CAPTION, is_muted=True))
        self.body.addLayout(column)
        self.body.addWidget(self._ask)
        ways = Flow(SMALL)
        for button in (self.restore, self.save, self.really, self.leave):
            ways.place(button)
        self.body.addWidget(ways)
        self.ask(is_asked=False)

    def ask(self, *, is_asked: bool) -> None:
        """Say what restoring will do and ask whether to, or no longer."""
        had_focus = self.focusWidget() is not None and self.isAncestorOf(self.focusWidget())
        for widget in (self._ask, self.really, self.leave):
            widget.setVisible(is_asked)
        for widget in (self.restore, self.save):
            widget.setVisible(not is_asked)
        if had_focus:
            (self.really if is_asked else self.restore).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_contents(self, contents: Contents) -> None:
        """Say what the backup holds, or why it cannot be used; then it cannot be restored either."""
        texts = self._texts
        when = texts.date_time(contents.last_change) if contents.last_change else ""
        parts = (contents_in_words(texts, contents), last_change_in_words(texts, contents, when))
        sentence = " · ".join(part for part in parts if part)
        is_good = contents.problem is None
        self.contents.setText(f"✓ {sentence}" if is_good else f"✗ {sentence}")
        self.contents.set_colour("" if is_good else "danger")
        for button in (self.restore, self.save):
            button.setEnabled(is_good)

    def button(self, name: str) -> RowButton | None:
        """Give a button that can be used, by its name."""
        found = {"restore": self.restore, "save": self.save, "really": self.really, "leave": self.leave}[name]
        return found if not found.isHidden() and found.isEnabled() else None
