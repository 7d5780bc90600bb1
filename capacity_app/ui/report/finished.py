"""A finished report: where it is, the ways to it, and its content hash to compare with the paper."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton

from capacity_app.domain.content_hash import printed
from capacity_app.texts import Texts, in_own_order
from capacity_app.ui.look.alerts import Choice, Mark, Tone
from capacity_app.ui.look.buttons import SignTool
from capacity_app.ui.look.cards import Card, Rule, Words
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.theme import MEDIUM, SMALL, TIGHT, Role


class Finished(Card):
    """One report that is ready. ``where`` says where in it the content hash is printed.

    ``warning`` is what is to be known of it, empty for nothing.
    """

    def __init__(
        self, texts: Texts, file: str, choices: Sequence[Choice], digits: str, where: str, warning: str = ""
    ) -> None:
        super().__init__(tint="good_tint", edge="good", margin=MEDIUM)
        self.sentence = texts.gettext("The report is ready: {file}").format(file=file)
        self.setAccessibleName(self.sentence)
        self.body.setSpacing(SMALL)
        self.closer = SignTool("close", texts.gettext("Close this message"))
        self.closer.setObjectName("banner_close")
        self.body.addLayout(self._head(texts.gettext("The report is ready")))
        self.body.addWidget(_plain(in_own_order(file) if texts.right_to_left else file))
        if warning:
            self.body.addWidget(_plain(warning))
        ways = Flow(SMALL)
        for label, act in choices:
            button = QPushButton(label)
            button.setObjectName("banner_button")
            button.clicked.connect(lambda _checked, act=act: act())
            ways.place(button)
        self.body.addWidget(ways)
        if digits:
            self._add_hash(texts, digits, where)

    def _head(self, title: str) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(SMALL)
        line.addWidget(Mark(Tone.GOOD.value, "good"), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(Words(title, Role.STRONG), 1)
        line.addWidget(self.closer, 0, Qt.AlignmentFlag.AlignTop)
        return line

    def _add_hash(self, texts: Texts, digits: str, where: str) -> None:
        self.body.addSpacing(TIGHT)
        self.body.addWidget(Rule())
        self.body.addWidget(Words(texts.gettext("Content hash"), Role.CAPTION, is_muted=True))
        said = _plain(printed(digits), Role.HEADING)
        said.setObjectName("report_hash")
        self.body.addWidget(said)
        self.body.addWidget(Words(texts.gettext(where), Role.CAPTION, is_muted=True))


def _plain(text: str, role: Role = Role.BODY) -> Words:
    words = Words(text, role)
    words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return words
