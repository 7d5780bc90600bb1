"""The texts of a report that people write: the main messages and the comments of the authorities."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from capacity_app.domain.assessment.registers import Mission
from capacity_app.i18n.translator import Translator
from capacity_app.services.reports import are_messages_outdated, main_messages
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, TextRole
from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.cards import Label, LabelledField, scroll_area_of
from capacity_app.ui.widgets.flow import Flow
from capacity_app.ui.widgets.layouts import lay_out, side_by_side, with_action, with_name
from capacity_app.ui.widgets.text_fields import TextField

_LETTERS, _LINES = 96, 34
"""How large the window is at most, in letters and lines."""


class ReportTextsDialog(QDialog):
    """Edits the main messages, which begin as the generated ones, and the comments of the authorities.

    Text equal to the generated one is not kept, so that it goes on following the answers.
    """

    def __init__(self, controller: SessionController, texts: Translator, language: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("report_texts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._controller, self._texts, say = controller, texts, texts.gettext
        self.setWindowTitle(say("Text of the report"))
        dossier, self._mission = controller.session.dossier(), controller.session.mission
        # A text field gives spaces for those that do not break.
        self._generated = main_messages(dossier, Translator(language)).replace("\u00a0", " ")
        self.messages = with_name(TextField(), "main_messages", say("Main messages"))
        self.messages.setPlainText(self._mission.main_messages or self._generated)
        self.comments = with_name(TextField(), "authority_comments", say("Comments of the authorities"))
        self.comments.setPlainText(self._mission.authority_comments)
        self._state = Label(role=TextRole.CAPTION, is_muted=True)
        self.generated = with_name(TextField(), "generated_messages", say("Generated text"))
        self.generated.setPlainText(self._generated)
        self.generated.setReadOnly(True)
        self.compare = with_name(QCheckBox(say("Show the generated text beside it")), "report_texts_compare")
        self.outdated = Label(role=TextRole.CAPTION, colour="danger")
        if are_messages_outdated(controller.session):
            self.outdated.setText(
                say("Answers or actions have changed since this text was written. Compare it with the generated text.")
            )
            self.compare.setChecked(True)
        for field in (self.messages, self.comments):
            field.setReadOnly(controller.session.is_read_only)
        self.messages.textChanged.connect(self._show_state)
        self.compare.toggled.connect(lambda _on: self._show_state())
        self._lay_out()
        self._show_state()

    def _lay_out(self) -> None:
        say = self._texts.gettext
        hint = say("A line that begins with – is a point. A short line without a full stop is a heading.")
        self.again = with_action(
            Button(say("Use the generated text again")), "report_texts_generated", self._use_generated
        )
        keep = with_action(Button(say("Save"), is_main=True), "report_texts_save", self.accept)
        keep.setEnabled(not self._controller.session.is_read_only)
        leave = with_action(Button(say("Cancel")), "report_texts_cancel", self.reject)
        fields = QWidget()
        self._beside = LabelledField(say("Generated text"), self.generated)
        both = lay_out(QHBoxLayout(), (LabelledField(say("Main messages"), self.messages), 1), (self._beside, 1))
        lay_out(
            QVBoxLayout(fields),
            self._state,
            self.outdated,
            both,
            Label(hint, TextRole.CAPTION, is_muted=True),
            Flow(SMALL, self.again, self.compare),
            LabelledField(say("Comments of the authorities"), self.comments),
            1,
            margins=0,
            spacing=MEDIUM,
        )
        area = scroll_area_of(fields, scrolls_sideways=False)
        lay_out(QVBoxLayout(self), (area, 1), side_by_side(keep, leave), margins=LARGE, spacing=LARGE)
        metrics, room = self.fontMetrics(), self.screen().availableSize()
        wide, high = _LETTERS * metrics.averageCharWidth(), _LINES * metrics.lineSpacing()
        self.resize(min(wide, room.width() - LARGE), min(high, room.height() - LARGE))

    def _is_generated(self) -> bool:
        return self.messages.toPlainText().strip() in {"", self._generated.strip()}

    def _show_state(self) -> None:
        """Say which text the report prints, and show the generated one where there is something to compare."""
        say, is_generated = self._texts.gettext, self._is_generated()
        own = say("The report prints this text. It does not change when answers change.")
        self._state.setText(
            say("The report prints the generated text. It follows the answers.") if is_generated else own
        )
        self.outdated.setVisible(not is_generated and bool(self.outdated.text()))
        self.compare.setVisible(not is_generated)
        self.again.setEnabled(not (is_generated or self._controller.session.is_read_only))
        self._beside.setVisible(not is_generated and self.compare.isChecked())

    def _use_generated(self) -> None:
        self.messages.setPlainText(self._generated)
        self.messages.setFocus(Qt.FocusReason.OtherFocusReason)

    def texts(self) -> Mission:
        """Return the mission with the texts as they stand in the fields."""
        messages = "" if self._is_generated() else self.messages.toPlainText().strip()
        comments = self.comments.toPlainText().strip()
        return replace(self._controller.session.mission, main_messages=messages, authority_comments=comments)

    def accept(self) -> None:
        if self.texts() != self._controller.session.mission:
            self._controller.put(self.texts())
        super().accept()
