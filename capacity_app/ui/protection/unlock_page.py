"""The page shown in place of an assessment until its passphrase is typed."""

from pathlib import Path

from PySide6.QtCore import Signal

from capacity_app.texts import Texts
from capacity_app.ui.look.cards import ReadingColumn, page_heading
from capacity_app.ui.protection.unlock_card import UnlockCard


class UnlockPage(ReadingColumn):
    """One card. ``opened`` carries a ring that opens ``file``, ``left`` tells of a change of mind."""

    opened = Signal(object)
    left = Signal()

    def __init__(self, texts: Texts, file: Path) -> None:
        super().__init__()
        self.setObjectName("unlock_page")
        self.file = file
        self.card = UnlockCard(texts, leave=texts.gettext("Back"))
        self.card.ask(file)
        self.card.opened.connect(self.opened)
        self.card.left.connect(self.left)
        self.body.addLayout(page_heading(texts.gettext("A protected assessment")))
        self.body.addWidget(self.card)
        self.body.addStretch(1)
        self.setFocusProxy(self.card)
