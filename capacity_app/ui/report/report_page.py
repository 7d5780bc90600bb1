"""The report page: what is still weak in one line, the choices for the report, and its real pages beside them."""

from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from capacity_app.domain.findings import KIND_WORDS, Finding, by_kind
from capacity_app.services.checking import weak_points
from capacity_app.texts import Texts
from capacity_app.ui.bridge import Bridge, Freshness
from capacity_app.ui.look.cards import Words, page_heading
from capacity_app.ui.look.theme import LARGE, MEDIUM, WIDE
from capacity_app.ui.report.check_card import CheckCard
from capacity_app.ui.report.file_check import FileCheck, offered_file
from capacity_app.ui.report.maker import Maker
from capacity_app.ui.report.preview import Preview
from capacity_app.ui.report.report_form import ReportForm
from capacity_app.ui.shell.save_state import SaveState
from capacity_app.ui.shell.settings import Settings

_FORM_LETTERS, _PREVIEW_LETTERS, _FORM_SHARE = 36, 34, 0.38
"""Letters of width the form and the pages want beside each other, and the form's share of the width."""
_FIRST_KINDS = 3


class ChecksLine(QWidget):
    """How much is still weak, and the way to it. ``wanted`` asks for the check."""

    wanted = Signal()

    def __init__(self, bridge: Bridge, texts: Texts) -> None:
        super().__init__()
        self._bridge, self._texts = bridge, texts
        self._fresh = Freshness(self, bridge, self._show)
        self.told = Words(is_muted=True)
        self.told.setObjectName("report_weak")
        self.button = QPushButton(texts.gettext("Check before you leave"))
        self.button.setObjectName("report_checks")
        self.button.clicked.connect(lambda _checked: self.wanted.emit())
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(MEDIUM)
        line.addWidget(self.told, 1)
        line.addWidget(self.button)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fresh.refresh()

    def _show(self) -> None:
        self.told.setText(self._summary(weak_points(self._bridge.session)))

    def _summary(self, findings: tuple[Finding, ...]) -> str:
        texts, count = self._texts, len(findings)
        if not findings:
            return texts.gettext("Nothing is left to look at.")
        sentence = texts.ngettext("{count} point to look at", "{count} points to look at", count)
        kinds = [(texts.gettext(KIND_WORDS[kind]), len(found)) for kind, found in by_kind(findings).items()]
        named = [f"{title} {texts.number(number)}" for title, number in kinds[:_FIRST_KINDS]]
        named += ["…"] if len(kinds) > _FIRST_KINDS else []
        return f"{sentence.format(count=texts.number(count))}: {' · '.join(named)}"


_LEAST_LINES = 8
"""Form and pages are never lower than so many lines."""


class ReportPage(QWidget):
    """The choices on the leading side and the pages on the trailing one; under each other where it is narrow."""

    checks_wanted = Signal()

    def __init__(self, bridge: Bridge, texts: Texts, settings: Settings, state: SaveState) -> None:
        super().__init__()
        self.setObjectName("report_page")
        self.report = ReportForm(bridge, texts, settings, Maker(bridge, texts, state, self))
        self.file_check = FileCheck(bridge, texts, state, self)
        self.check_card = CheckCard(texts, self.file_check, lambda: settings.folder)
        self.preview = Preview(texts, Maker(bridge, texts, state, self), lambda: self.report.choices)
        self.checks = ChecksLine(bridge, texts)
        self.checks.wanted.connect(self.checks_wanted)
        self._lay_out(texts)
        self.setFocusProxy(self.report.tiles[self.report.suffix])
        self.setAcceptDrops(True)
        self._connect(bridge)

    def _lay_out(self, texts: Texts) -> None:
        self._form_area = QScrollArea()
        self._form_area.setFrameShape(QFrame.Shape.NoFrame)
        self._form_area.setWidgetResizable(True)
        self._form_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._form_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._column = self._forms()
        self._form_area.setWidget(self._column)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setObjectName("report_split")
        self._split.setChildrenCollapsible(False)
        # Mirrored, Qt cuts the last pixel off.
        self._split.setContentsMargins(1, 0, 1, 0)
        self._split.addWidget(self._form_area)
        self._split.addWidget(self.preview)
        self._split.setStretchFactor(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(WIDE, LARGE, WIDE, LARGE)
        column.setSpacing(MEDIUM)
        subtitle = texts.gettext("Leave with a report on the last day. It holds everything that was typed.")
        column.addLayout(page_heading(texts.gettext("Report"), subtitle))
        column.addWidget(self.checks)
        column.addWidget(self._split, 1)

    def _forms(self) -> QWidget:
        """Put what makes reports above what checks them."""
        forms = QWidget()
        column = QVBoxLayout(forms)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(MEDIUM)
        column.addWidget(self.report)
        column.addWidget(self.check_card)
        column.addStretch(1)
        return forms

    def _connect(self, bridge: Bridge) -> None:
        form, preview = self.report.maker, self.preview.maker
        form.started.connect(lambda: self.preview.begin(self.report.choices))
        form.running_changed.connect(lambda: self.preview.set_busy(is_busy=form.is_running))
        preview.running_changed.connect(lambda: self.report.set_busy(is_busy=preview.is_running))
        self.report.made.connect(lambda file: self.preview.show_pages_of(Path(file)))
        self.report.chosen.connect(self.preview.look_at_choices)
        self.report.shown.connect(self._bring_into_view)
        self.check_card.shown.connect(self._bring_into_view)
        bridge.changed.connect(lambda _change: self.preview.answers_changed())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        letter = self.fontMetrics().averageCharWidth()
        is_narrow = self.width() < (_FORM_LETTERS + _PREVIEW_LETTERS) * letter + 2 * WIDE
        wanted = Qt.Orientation.Vertical if is_narrow else Qt.Orientation.Horizontal
        self._form_area.setMinimumWidth(min(_FORM_LETTERS * letter, self.width() // 2))
        lines = self.fontMetrics().height()
        for side in (self._form_area, self.preview):
            side.setMinimumHeight(_LEAST_LINES * lines)
        is_first = event.oldSize().width() <= 0
        if wanted != self._split.orientation() or is_first:
            self._split.setOrientation(wanted)
            whole = self._split.width() if wanted is Qt.Orientation.Horizontal else self._split.height()
            form = round(whole * _FORM_SHARE) if wanted is Qt.Orientation.Horizontal else whole // 2
            self._split.setSizes([form, whole - form])

    def _bring_into_view(self, outcome: QWidget) -> None:
        """Scroll to an outcome once it has its place, its beginning first."""

        def scroll() -> None:
            # First everything finds its place: the range of the scroll bar follows.
            QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
            top = outcome.mapTo(self._column, outcome.rect().topLeft()).y()
            bar, room = self._form_area.verticalScrollBar(), self._form_area.viewport().height()
            bar.setValue(min(top - MEDIUM, max(bar.value(), top + outcome.height() + LARGE - room)))

        QTimer.singleShot(0, outcome, scroll)

    # -- a file dropped anywhere ----------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if offered_file(event.mimeData()) is None:
            event.ignore()
            return
        self.check_card.light_up(is_held=True)
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.check_card.light_up(is_held=False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self.check_card.light_up(is_held=False)
        file = offered_file(event.mimeData())
        if file is not None:
            self.check_card.check(file)
            event.acceptProposedAction()

    def start_report(self) -> None:
        self.report.tiles[self.report.suffix].setFocus(Qt.FocusReason.OtherFocusReason)

    def stop_jobs(self) -> None:
        """Stop what child processes are doing, and let go of the pages."""
        self.report.maker.stop()
        self.file_check.stop()
        self.preview.stop()
