"""The formats of a report and what it may leave out, each with a sentence about what it is for."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout

from capacity_app.domain.privacy import Profile
from capacity_app.domain.problems import N_
from capacity_app.texts import Texts
from capacity_app.ui.look.alerts import Mark
from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.openers import Opener
from capacity_app.ui.look.theme import SMALL, Role

ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_ARROWS = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right})
WORKBOOK = "xlsx"


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of report; the name is the suffix of the file and the name of the icon.

    ``where`` says where its content hash is printed.
    """

    name: str
    title: str
    sentence: str
    where: str


_AT_THE_FOOT = N_("These digits are printed at the foot of every page. Compare them with the paper.")
FORMATS = (
    Format(
        "pdf",
        N_("PDF"),
        N_("Pages to print, sign and hand over on the last day."),
        _AT_THE_FOOT,
    ),
    Format(
        "docx",
        N_("Word"),
        N_("The ministry can edit it, and write remarks beside each question."),
        _AT_THE_FOOT,
    ),
    Format(
        "html",
        N_("Web page"),
        N_("One file that opens in any browser, also on a telephone."),
        N_("These digits are printed on the cover. Compare them with the paper."),
    ),
    Format(
        WORKBOOK,
        N_("Workbook"),
        N_("All answers, gaps and actions in sheets to go on with, in Excel or LibreOffice."),
        N_("These digits are printed on the first sheet. Compare them with the paper."),
    ),
)
ENDINGS = frozenset(f".{made.name}" for made in FORMATS)
FORMAT_BY_NAME = {made.name: made for made in FORMATS}

PROFILE_LABELS: dict[Profile, str] = {
    Profile.FULL: N_("Everything"),
    Profile.NO_NAMES: N_("Without names of persons"),
    Profile.NO_SCORES: N_("Without scores"),
}
PROFILE_SENTENCES: dict[Profile, str] = {
    Profile.FULL: N_("For the country and the project: answers, scores, and who said what."),
    Profile.NO_NAMES: N_(
        "For a wider circle: agencies and positions remain; names, addresses and contacts of persons are taken out of "
        "every text."
    ),
    Profile.NO_SCORES: N_("For a first discussion: answers, gaps and actions remain; nothing gets a score."),
}


class FormatTile(Opener):
    """One format to choose; what it is for is said below the tiles."""

    def __init__(self, chosen: Format, texts: Texts) -> None:
        super().__init__(f"format_{chosen.name}", has_arrow=False)
        title, sentence = texts.gettext(chosen.title), texts.gettext(chosen.sentence)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
        head = QHBoxLayout()
        head.setSpacing(SMALL)
        head.addWidget(Mark(chosen.name, "accent"))
        head.addWidget(Words(title, Role.QUESTION), 1)
        self.body.addLayout(head)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER:
            event.ignore()
        elif event.key() in _ARROWS:
            self._choose_beside(1 if (event.key() == Qt.Key.Key_Right) != self.isRightToLeft() else -1)
        else:
            super().keyPressEvent(event)

    def _choose_beside(self, step: int) -> None:
        """Choose the next format as they are read, whatever line it stands on, and after the last the first."""
        tiles = self.group().buttons()
        beside = tiles[(tiles.index(self) + step) % len(tiles)]
        beside.setFocus(Qt.FocusReason.OtherFocusReason)
        beside.click()
