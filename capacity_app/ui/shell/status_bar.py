"""The status bar: what is safe, which file, which language, and in whose name; and the card that asks for the name."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStatusBar, QToolButton, QWidget

from capacity_app.i18n.translator import Translator
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, TextRole
from capacity_app.ui.widgets.banners import IconLabel
from capacity_app.ui.widgets.cards import Card, Label
from capacity_app.ui.widgets.layouts import side_by_side
from capacity_app.ui.widgets.text_fields import LineField

if TYPE_CHECKING:
    from capacity_app.ui.shell.workspace import Workspace


class NameCard(Card):
    """Opens above a widget of the same window; Enter keeps the name, Escape leaves it. ``named`` carries it."""

    named = Signal(str)

    def __init__(self, texts: Translator, window: QWidget) -> None:
        super().__init__(edge="edge", margin=LARGE)
        self.setParent(window)
        self._window = window
        self.setObjectName("name_box")
        self.line = LineField()
        self.line.setObjectName("name_line")
        self.line.setAccessibleName(texts.gettext("Your name"))
        self.line.setMinimumWidth(36 * self.fontMetrics().averageCharWidth())
        keep = QPushButton(texts.gettext("Keep"))
        keep.setObjectName("name_keep")
        keep.setDefault(True)
        keep.clicked.connect(lambda _checked: self._keep())
        leave = QPushButton(texts.gettext("Cancel"))
        leave.setObjectName("name_leave")
        leave.clicked.connect(lambda _checked: self._go())
        self.body.addWidget(Label(texts.gettext("Your name"), TextRole.STRONG))
        hint = texts.gettext("It stands beside every answer you enter from now on.")
        self.body.addWidget(Label(hint, TextRole.CAPTION, is_muted=True))
        self.body.addWidget(self.line)
        self.body.addLayout(side_by_side(keep, leave))

    def open_above(self, anchor: QWidget, name: str) -> None:
        """Show the card with its lower trailing corner at a widget."""
        self.line.setText(name)
        self.line.selectAll()
        self.adjustSize()
        corner = anchor.mapTo(self._window, QPoint(anchor.width() - self.width(), -self.height() - SMALL))
        left = SMALL if self.isRightToLeft() else min(corner.x(), self._window.width() - self.width() - SMALL)
        self.move(max(left, SMALL), max(corner.y(), SMALL))
        self.show()
        self.raise_()
        self.line.setFocus()

    def _keep(self) -> None:
        self.named.emit(self.line.text().strip())
        self._go()

    def _go(self) -> None:
        self.hide()
        self.deleteLater()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._keep()
        elif event.key() == Qt.Key.Key_Escape:
            self._go()
        else:
            super().keyPressEvent(event)


class _FilePathLabel(Label):
    """The file's path, cut in the middle where there is no room."""

    def __init__(self) -> None:
        super().__init__(role=TextRole.CAPTION, is_muted=True, wraps=False)
        self.path = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def resizeEvent(self, event: QEvent) -> None:
        self.show_path(self.path)
        super().resizeEvent(event)  # type: ignore[arg-type]

    def show_path(self, path: str) -> None:
        self.path = path
        self.setText(self.fontMetrics().elidedText(path, Qt.TextElideMode.ElideMiddle, max(self.width(), 40)))
        self.setAccessibleName(path)


class StatusBar(QStatusBar):
    """The bar at the foot of the window. ``name_wanted`` asks for the person's name."""

    name_wanted = Signal()

    def __init__(self, texts: Translator) -> None:
        super().__init__()
        self._texts = texts
        self.setObjectName("status")
        self.setSizeGripEnabled(False)
        self._sign = IconLabel("good", "muted", is_small=True)
        self.state = Label(role=TextRole.CAPTION, wraps=False)
        self.state.setObjectName("save_state")
        self.lock = IconLabel("locked", "muted", is_small=True)
        self.lock.setObjectName("status_lock")
        self.lock.setAccessibleName(texts.gettext("Protected by a passphrase"))
        self.lock.setToolTip(texts.gettext("Protected by a passphrase"))
        self._file = _FilePathLabel()
        self._language = Label(texts.language_name(texts.language), TextRole.CAPTION, is_muted=True, wraps=False)
        self.respondent = Label(role=TextRole.CAPTION, is_muted=True, wraps=False)
        self.author = QToolButton()
        self.author.setObjectName("status_author")
        self.author.clicked.connect(lambda _checked: self.name_wanted.emit())
        self.setContentsMargins(MEDIUM, 0, MEDIUM, 0)
        for words in (self.state, self._file, self.respondent, self._language):
            words.setContentsMargins(SMALL, 0, SMALL, 0)
        self.addWidget(self._sign)
        self.addWidget(self.state)
        self.addWidget(self.lock)
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
        for widget in (self._sign, self.state, self._file, self.respondent):
            widget.setVisible(workspace is not None)
        self.lock.setVisible(workspace is not None and workspace.session.key is not None)
        if workspace is None:
            return
        self._file.show_path(str(workspace.session.file))
        self.show_state(workspace)
        self.show_respondent(workspace)

    def show_state(self, workspace: "Workspace") -> None:
        self._sign.show_sign(*workspace.state.sign)
        self.state.setText(workspace.state.text())
        self.state.set_colour("danger" if workspace.state.has_failed else "")

    def show_respondent(self, workspace: "Workspace") -> None:
        """Show in which agency's name answers are given."""
        agency = workspace.respondent
        self.respondent.setText(self._texts.gettext("answers of {agency}").format(agency=agency) if agency else "")
