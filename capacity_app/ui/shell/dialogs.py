"""About box, and the report of an unexpected error with its copy button."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from capacity_app.i18n.translator import Translator
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, WIDE, TextRole
from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.cards import Label
from capacity_app.ui.widgets.layouts import side_by_side, with_action, with_name

_ABOUT_WIDTH = 640


class UnexpectedErrorDialog(QDialog):
    """Says that the program made a mistake, that answers are safe, and gives the report to copy."""

    def __init__(self, texts: Translator, report: str, log: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bug_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(texts.gettext("A mistake in the program"))
        self.resize(720, 480)
        column = QVBoxLayout(self)
        column.setContentsMargins(LARGE, LARGE, LARGE, LARGE)
        column.setSpacing(MEDIUM)
        column.addWidget(Label(texts.gettext("Something went wrong inside the program."), TextRole.HEADING))
        column.addWidget(Label(_advice(texts).format(file=log)))
        self.report = with_name(QPlainTextEdit(report), "bug_report", texts.gettext("Report for the developers"))
        self.report.setReadOnly(True)
        self.report.setTabChangesFocus(True)
        self.report.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        column.addWidget(self.report, 1)
        copy = with_action(Button(texts.gettext("Copy the report")), "bug_copy", self._copy)
        close = with_action(Button(texts.gettext("Go on working"), is_main=True), "bug_close", self.accept)
        column.addLayout(side_by_side(copy, close))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report.toPlainText())


def _advice(texts: Translator) -> str:
    return texts.gettext(
        "Answers already saved are safe; you can go on working. Please send the report below to the developers: it "
        "holds no answers, only what the program was doing. It was also written to {file}."
    )


class AboutBox(QDialog):
    """What the program is, its versions and licences, where it keeps things, and a text for support."""

    def __init__(self, texts: Translator, parent: QWidget | None = None) -> None:
        from capacity_app.services import about  # noqa: PLC0415 - not for the start

        super().__init__(parent)
        self.setObjectName("about")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(texts.gettext("About this program"))
        self.setMinimumWidth(_ABOUT_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(WIDE, WIDE, WIDE, WIDE)
        column.setSpacing(MEDIUM)
        column.addWidget(Label(texts.gettext("Capacity assessments"), TextRole.TITLE))
        column.addWidget(Label(texts.gettext(
            "It works without a network. Every assessment is one file that you can copy and mail; nothing leaves this "
            "computer unless you send it."
        )))  # fmt: skip
        for line in (*map(Label, about.licence_lines(texts)), *_certificate_lines(texts)):
            column.addWidget(_selectable(line))
        facts = "\n".join(f"{texts.gettext(label)}: {value}" for label, value in about.system_facts(with_pango=False))
        column.addWidget(with_name(_selectable(Label(facts, TextRole.CAPTION, is_muted=True)), "about_facts"))
        self._copied = with_name(Label(""), "about_copied")
        column.addWidget(self._copied)
        copy = with_action(Button(texts.gettext("Copy for support")), "about_copy", lambda: self._copy(texts))
        close = with_action(Button(texts.gettext("Close"), is_main=True), "about_close", self.accept)
        column.addLayout(side_by_side(copy, close))

    def _copy(self, texts: Translator) -> None:
        from capacity_app.services import about  # noqa: PLC0415 - as above

        QGuiApplication.clipboard().setText(about.support_text(texts))
        self._copied.setText(texts.gettext("Copied: versions and folders, without names and answers."))


def _selectable(line: Label) -> Label:
    line.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return line


def _certificate_lines(texts: Translator) -> Iterator[Label]:
    """Say which certificate PDF files made here are signed with: the digits to compare, then all of them."""
    from capacity_app.domain.content_hash import format_hash, group_digits  # noqa: PLC0415 - not for the start
    from capacity_app.services.protection import own_certificate_fingerprint  # noqa: PLC0415 - as above

    known = own_certificate_fingerprint()
    said = texts.gettext("This computer signs PDF files with the certificate {certificate}.")
    none = texts.gettext("This computer has no certificate yet. The program makes one with the first report as PDF.")
    first = with_name(Label(said.format(certificate=format_hash(known)) if known else none), "about_certificate")
    every = Label(
        texts.gettext("All digits: {digits}").format(digits=group_digits(known)), TextRole.CAPTION, is_muted=True
    )
    yield from (first, every) if known else (first,)
