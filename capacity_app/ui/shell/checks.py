"""Check before you leave: everything weak, counted by kind; each line leads to its place."""

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from capacity_app.domain.answers import Address
from capacity_app.domain.quality import KIND_WORDS, Finding, FindingKind, by_kind, check_quality
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.cards import Card, Words
from capacity_app.ui.look.lines import Line, LineList
from capacity_app.ui.look.openers import Opener
from capacity_app.ui.look.theme import MEDIUM, SMALL, Role
from capacity_app.ui.registers.entry_words import Vocabulary


class FullList(LineList):
    """A list as high as all its lines; the page around it scrolls."""

    _has_bar = False

    def __init__(self, name: str, label: str) -> None:
        super().__init__(name, label)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Give the height of all lines."""
        heights = (self.sizeHintForIndex(self.lines.index(row)).height() for row in range(self.lines.rowCount()))
        return QSize(300, sum(heights) + 2 * self.frameWidth())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for another height at another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            QTimer.singleShot(0, self, self.updateGeometry)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()


class _Group(QWidget):
    """One kind of finding: its name and count, and on request its lines."""

    wanted = Signal(object)

    def __init__(self, kind: FindingKind, words: Vocabulary) -> None:
        super().__init__()
        self._words = words
        self._findings: tuple[Finding, ...] = ()
        self.title = words.texts.gettext(KIND_WORDS[kind])
        self.head = Opener(f"check_{kind.value}")
        self._count = Words(role=Role.STRONG, wraps=False, side="trailing")
        line = QHBoxLayout()
        line.setSpacing(MEDIUM)
        line.addWidget(Words(self.title), 1)
        line.addWidget(self._count)
        self.head.body.addLayout(line)
        self.list = FullList(f"checks_{kind.value}", self.title)
        self.list.hide()
        self.list.opened.connect(lambda key: self.wanted.emit(self._findings[int(key)]))
        self.head.toggled.connect(self._unfold)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SMALL)
        column.addWidget(self.head)
        column.addWidget(self.list)

    def _unfold(self, is_open: bool) -> None:  # noqa: FBT001 - Qt's signal
        if is_open:
            self.list.show_lines([self._line(str(n), finding) for n, finding in enumerate(self._findings)])
            self.list.updateGeometry()
        self.list.setVisible(is_open)

    def _line(self, key: str, finding: Finding) -> Line:
        sentence = finding.problem.text(self._words.texts.gettext)
        if finding.address is None:
            return Line(key, sentence)
        return Line(key, place_text(self._words, finding.address), sentence)

    def show_findings(self, findings: tuple[Finding, ...]) -> None:
        """Show other findings."""
        self._findings = findings
        count = self._words.texts.number(len(findings))
        self._count.setText(count)
        self.head.setAccessibleName(f"{self.title}: {count}")
        self.setVisible(bool(findings))
        self._unfold(self.head.isChecked())


def place_text(words: Vocabulary, address: Address) -> str:
    """Name a place by its printed number and the wording of its question or row."""
    question = words.instrument.question_by_id.get(address.question)
    if question is None:
        return str(address)
    row = question.row_by_id.get(address.row)
    wording = words.wording.row(question, row) if row else words.wording.question(question)
    return f"{words.wording.place(address)}  {wording}"


class ChecksCard(Card):
    """All findings by kind; computed when shown and after a change while shown. ``wanted`` carries a ``Finding``."""

    wanted = Signal(object)

    def __init__(self, bridge: Bridge, words: Vocabulary) -> None:
        super().__init__(margin=SMALL)
        self._bridge, self._words = bridge, words
        self._is_stale = True
        say = words.texts.gettext
        head = QVBoxLayout()
        head.setContentsMargins(MEDIUM, SMALL, MEDIUM, SMALL)
        head.addWidget(Words(say("Check before you leave"), Role.HEADING))
        self._summary = Words(is_muted=True)
        head.addWidget(self._summary)
        self.body.addLayout(head)
        self.groups: dict[FindingKind, _Group] = {}
        for kind in FindingKind:
            self.groups[kind] = _Group(kind, words)
            self.groups[kind].wanted.connect(self.wanted)
            self.body.addWidget(self.groups[kind])
        bridge.changed.connect(lambda _change: self._mark_stale())

    def _mark_stale(self) -> None:
        is_first = not self._is_stale
        self._is_stale = True
        if is_first and self.isVisible():
            QTimer.singleShot(0, self, self._refresh)

    def showEvent(self, event: QShowEvent) -> None:
        """Check anew."""
        super().showEvent(event)
        self._refresh()

    def _refresh(self) -> None:
        if not self._is_stale or not self.isVisible():
            return
        self._is_stale = False
        session, texts = self._bridge.session, self._words.texts
        findings = check_quality(session.dossier(), session.sheet, session.gaps())
        grouped = by_kind(findings)
        for kind, group in self.groups.items():
            group.show_findings(grouped.get(kind, ()))
        count = len(findings)
        sentence = texts.ngettext("{count} point to look at; each leads to its place.",
                                  "{count} points to look at; each leads to its place.", count)  # fmt: skip
        nothing = texts.gettext("Nothing stands out: every question has been asked and every answer holds together.")
        self._summary.setText(sentence.format(count=texts.number(count)) if count else nothing)
