"""What this program is, in which version, and where it writes its log."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout, QWidget

from capacity_app import __version__
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
        line = Words(texts.gettext("Log for reports of mistakes: {file}").format(file=log), Role.CAPTION, is_muted=True)
        line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(line)
        close = QPushButton(texts.gettext("Close"))
        close.setObjectName("about_close")
        close.setDefault(True)
        close.clicked.connect(lambda _checked: self.accept())
        column.addLayout(row(close))
