"""What does not fit of a pasted block, and the question whether to paste the rest."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from capacity_app.texts import Texts
from capacity_app.ui.look.cards import Words, row
from capacity_app.ui.look.theme import MEDIUM, SMALL, Role
from capacity_app.ui.questionnaire.grid_clipboard import Pasting

_MOST_SHOWN = 8


class PasteOffer(QWidget):
    """Stands under the table until it is answered; nothing is stored meanwhile."""

    accepted = Signal()
    dropped = Signal()

    def __init__(self, pasting: Pasting, texts: Texts) -> None:
        super().__init__()
        self.setAccessibleName(texts.gettext("What does not fit"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SMALL)
        problems = Words(_said(pasting, texts), Role.CAPTION)
        problems.set_colour("danger")
        count = len(pasting.contents)
        label = texts.ngettext("Paste the {count} cell that fits", "Paste the {count} cells that fit", count)
        take = QPushButton(label.format(count=texts.number(count)))
        take.setEnabled(count > 0)
        drop = QPushButton(texts.gettext("Do not paste"))
        take.clicked.connect(self.accepted)
        drop.clicked.connect(self.dropped)
        layout.addWidget(problems)
        layout.addLayout(row(take, drop, spacing=MEDIUM))
        self.setFocusProxy(take if count else drop)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dropped.emit()
        else:
            event.ignore()


def listed(problems: Sequence[str], texts: Texts) -> str:
    """List the first problems on lines of their own, and say how many more there are."""
    shown = list(problems[:_MOST_SHOWN])
    more = len(problems) - len(shown)
    if more:
        shown.append(texts.ngettext("and {count} more", "and {count} more", more).format(count=texts.number(more)))
    return "\n".join(shown)


def _said(pasting: Pasting, texts: Texts) -> str:
    head = texts.ngettext("{count} cell does not fit:", "{count} cells do not fit:", len(pasting.problems))
    head = head.format(count=texts.number(len(pasting.problems)))
    return "\n".join([texts.gettext("Nothing has been pasted yet."), head, listed(pasting.problems, texts)])
