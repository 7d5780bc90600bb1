"""What this program is, in which version, and where it writes its log."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout, QWidget

from capacity_app import __version__
from capacity_app.services.signing import key_words, own_key
from capacity_app.texts import Texts
from capacity_app.ui.look.cards import Words, row
from capacity_app.ui.look.theme import MEDIUM, WIDE, Role


class AboutBox(QDialog):
    """A few lines about the program."""

    def __init__(self, texts: Texts, log: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("about")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(texts.gettext("About this program"))
        self.setMinimumWidth(480)
        column = QVBoxLayout(self)
        column.setContentsMargins(WIDE, WIDE, WIDE, WIDE)
        column.setSpacing(MEDIUM)
        column.addWidget(Words(texts.gettext("Capacity assessments"), Role.TITLE))
        column.addWidget(Words(texts.gettext("Version {version}").format(version=__version__), is_muted=True))
        column.addWidget(Words(texts.gettext(
            "It works without a network. Every assessment is one file that you can copy and mail; nothing leaves this "
            "computer unless you send it."
        )))  # fmt: skip
        column.addWidget(self._key_line(texts))
        line = Words(texts.gettext("Log for reports of mistakes: {file}").format(file=log), Role.CAPTION, is_muted=True)
        line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(line)
        close = QPushButton(texts.gettext("Close"))
        close.setObjectName("about_close")
        close.setDefault(True)
        close.clicked.connect(lambda _checked: self.accept())
        column.addLayout(row(close))

    def _key_line(self, texts: Texts) -> Words:
        """Say the words of the key that files made here are signed with."""
        known = key_words(own_key())
        said = texts.gettext("Files made on this computer are signed with the key “{words}”.").format(words=known)
        none = texts.gettext("No file was made on this computer yet; the first will be signed with a key of its own.")
        line = Words(said if known else none)
        line.setObjectName("about_key")
        line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return line
