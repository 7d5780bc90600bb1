"""In the form for a new assessment: a box for protecting it, and the two fields that come with it."""

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from capacity_app.texts import Texts
from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.theme import SMALL, Role
from capacity_app.ui.protection.new_passphrase import NewPassphrase


class ProtectionField(QWidget):
    """``passphrase`` is what is typed, empty while the box is not ticked."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        say = texts.gettext
        self.box = QCheckBox(say("Protect the file with a passphrase"))
        self.box.setObjectName("new_protect")
        self.box.toggled.connect(self._follow)
        self._alike = Words(
            say("The earlier round is protected, and without another passphrase this one is protected by the same."),
            Role.CAPTION,
            is_muted=True,
        )
        self._alike.hide()
        self.fields = NewPassphrase(texts, "new_passphrase")
        self.fields.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SMALL)
        for widget in (self.box, self._alike, self.fields):
            column.addWidget(widget)
        self.setFocusProxy(self.box)

    def _follow(self, is_wanted: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.fields.clear()
        self.fields.setVisible(is_wanted)
        if is_wanted:
            self.fields.setFocus()

    def show_earlier(self, *, is_protected: bool) -> None:
        """Say what becomes of the file where the earlier round is protected."""
        self._alike.setVisible(is_protected)
        say = self._texts.gettext
        label = say("Protect it with a passphrase of its own") if is_protected else ""
        self.box.setText(label or say("Protect the file with a passphrase"))

    @property
    def at_fault(self) -> QWidget:
        return self.fields.at_fault

    @property
    def passphrase(self) -> str:
        """What is typed, empty if the file is not to be protected."""
        return self.fields.passphrase if self.box.isChecked() else ""

    def find_problem(self) -> str:
        """Say why this cannot be a passphrase; empty if it can, or if none is wanted."""
        if not self.box.isChecked():
            return ""
        # Said at the field itself; the form says it too, for whoever reads its fields.
        problem = self.fields.find_problem()
        self.fields.complain("")
        return problem
