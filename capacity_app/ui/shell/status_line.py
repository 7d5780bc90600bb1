"""The status bar: what is safe, which file, which language, and in whose name."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStatusBar, QToolButton, QWidget

from capacity_app.texts import Texts
from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.icons import paint_icon
from capacity_app.ui.look.palette import colour_name, colours
from capacity_app.ui.look.theme import MEDIUM, SMALL, Role, is_font_change

if TYPE_CHECKING:
    from capacity_app.ui.shell.workspace import Workspace


class _Sign(QWidget):
    """The icon beside the word on what is safe."""

    def __init__(self) -> None:
        super().__init__()
        self._sign = ("good", "muted")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_sign(self, sign: tuple[str, str]) -> None:
        """Show another icon in one of the ``Colours``."""
        self._sign = sign[0], colour_name(sign[1])
        self.update()

    def sizeHint(self) -> QSize:
        """As high as the letters."""
        side = max(16, round(self.fontMetrics().height() * 0.95))
        return QSize(side, side)

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the letters."""
        super().changeEvent(event)
        if is_font_change(event):
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the icon."""
        sign, colour = self._sign
        painter = QPainter(self)
        paint_icon(painter, QRectF(self.rect()), sign, getattr(colours(), colour))
        painter.end()


class _FileName(Words):
    """The file's path, cut in the middle where there is no room."""

    def __init__(self) -> None:
        super().__init__(role=Role.CAPTION, is_muted=True, wraps=False)
        self.path = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def resizeEvent(self, event: QEvent) -> None:
        """Cut anew at another width."""
        self.show_path(self.path)
        super().resizeEvent(event)  # type: ignore[arg-type]

    def show_path(self, path: str) -> None:
        """Show another path."""
        self.path = path
        self.setText(self.fontMetrics().elidedText(path, Qt.TextElideMode.ElideMiddle, max(self.width(), 40)))
        self.setAccessibleName(path)


class StatusLine(QStatusBar):
    """The bar at the foot of the window. ``name_wanted`` asks for the person's name."""

    name_wanted = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self.setObjectName("status")
        self.setSizeGripEnabled(False)
        self._sign = _Sign()
        self.state = Words(role=Role.CAPTION, wraps=False)
        self.state.setObjectName("save_state")
        self._file = _FileName()
        self._language = Words(texts.language_name(texts.language), Role.CAPTION, is_muted=True, wraps=False)
        self.respondent = Words(role=Role.CAPTION, is_muted=True, wraps=False)
        self.author = QToolButton()
        self.author.setObjectName("status_author")
        self.author.clicked.connect(lambda _checked: self.name_wanted.emit())
        self.setContentsMargins(MEDIUM, 0, MEDIUM, 0)
        for words in (self.state, self._file, self.respondent, self._language):
            words.setContentsMargins(SMALL, 0, SMALL, 0)
        self.addWidget(self._sign)
        self.addWidget(self.state)
        self.addWidget(self._file, 1)
        for widget in (self.respondent, self._language, self.author):
            self.addPermanentWidget(widget)
        self.show_author("")
        self.show_workspace(None)

    def show_author(self, author: str) -> None:
        """Show in whose name answers are recorded."""
        label = author or self._texts.gettext("Your name …")
        self.author.setText(label)
        self.author.setAccessibleName(self._texts.gettext("Your name: {name}").format(name=label))
        self.author.setToolTip(self._texts.gettext("Your name stands beside every answer you enter."))

    def show_workspace(self, workspace: "Workspace | None") -> None:
        """Show what is open."""
        for widget in (self._sign, self.state, self._file, self.respondent):
            widget.setVisible(workspace is not None)
        if workspace is None:
            return
        self._file.show_path(str(workspace.session.file))
        self.show_state(workspace)
        self.show_respondent(workspace)

    def show_state(self, workspace: "Workspace") -> None:
        """Show what is safe."""
        self._sign.show_sign(workspace.state.sign)
        self.state.setText(workspace.state.text())
        self.state.set_colour("danger" if workspace.state.has_failed else "")

    def show_respondent(self, workspace: "Workspace") -> None:
        """Show in which agency's name answers are given."""
        agency = workspace.respondent
        self.respondent.setText(self._texts.gettext("answers of {agency}").format(agency=agency) if agency else "")
