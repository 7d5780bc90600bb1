"""The passphrases of protected files among the countries' files, if there are any."""

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from capacity_app.domain.keys import NO_KEYS, Keyring
from capacity_app.services.recovery_key import ring_of_lines
from capacity_app.texts import Texts
from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.text_fields import TextField
from capacity_app.ui.look.theme import SMALL, Role


class ProtectedField(QWidget):
    """A box, and below it a line for each passphrase or recovery key; nothing of it is remembered."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        say = texts.gettext
        self.box = QCheckBox(say("Open protected files, too"))
        self.box.setObjectName("headquarters_protected")
        self.lines = TextField()
        self.lines.setObjectName("headquarters_passphrases")
        self.lines.setAccessibleName(say("Passphrases and recovery keys, one in each line"))
        self._hint = Words(
            say(
                "Write one passphrase or recovery key in each line. The repository holds what stands in the files, and "
                "is not protected itself: keep it as carefully."
            ),
            Role.CAPTION,
            is_muted=True,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SMALL)
        for widget in (self.box, self.lines, self._hint):
            column.addWidget(widget)
        self.box.toggled.connect(self._follow)
        self._follow(is_ticked=False)

    def _follow(self, is_ticked: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.lines.clear()
        for widget in (self.lines, self._hint):
            widget.setVisible(is_ticked)
        if is_ticked:
            self.lines.setFocus()

    @property
    def keys(self) -> Keyring:
        return ring_of_lines(self.lines.toPlainText()) if self.box.isChecked() else NO_KEYS
