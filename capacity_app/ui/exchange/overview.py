"""Import as a whole: the ways to import, what was imported last, and every file that came back."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from capacity_app.domain.assessment import ReturnedFile
from capacity_app.domain.problems import N_
from capacity_app.ui.bridge import Bridge, Freshness
from capacity_app.ui.exchange.returned_list import ReturnedDetail, line_of
from capacity_app.ui.look.alerts import Choice, Mark, Tone
from capacity_app.ui.look.buttons import SignButton, SignTool
from capacity_app.ui.look.cards import Card, Whole, Words
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.lines import LineList
from capacity_app.ui.look.theme import MEDIUM, SMALL, WIDE, Role
from capacity_app.ui.registers.entry_words import Vocabulary

_LIST_LETTERS, _DETAIL_LETTERS, _LIST_SHARE = 30, 40, 0.38
_LEAST_LINES = 8
_STEPS = (
    N_("Export a workbook or a Word file on the Report page, and send it to the agency that answers."),
    N_("The agency fills it in and sends it back. It may rename the file or save it with another program."),
    N_("Import it here. You see first what would change, then you decide. You can undo the import."),
)


class Outcome(Card):
    """What was brought in last, with what can be done about it."""

    def __init__(self, texts_close: str, sentence: str, choices: Sequence[tuple[str, Choice]]) -> None:
        super().__init__(tint="good_tint", edge="good", margin=MEDIUM)
        self.setObjectName("exchange_outcome")
        self.setAccessibleName(sentence)
        self.sentence = sentence
        self.closer = SignTool("close", texts_close)
        self.closer.setObjectName("outcome_close")
        head = QHBoxLayout()
        head.setSpacing(SMALL)
        head.addWidget(Mark(Tone.GOOD.value, "good"), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(Words(sentence), 1)
        head.addWidget(self.closer, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(head)
        line = Flow(SMALL)
        self.buttons: list[QPushButton] = []
        for name, (label, act) in choices:
            button = QPushButton(label)
            button.setObjectName(name)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _on=False, act=act: act())
            line.place(button)
            self.buttons.append(button)
        self.body.addWidget(line)


class Overview(Whole):
    """The first view of the page. ``navigate`` carries an address; the other signals ask for one of the imports."""

    navigate = Signal(object)
    intake_wanted = Signal()
    merge_wanted = Signal()
    settle_wanted = Signal()
    report_wanted = Signal()

    def __init__(self, bridge: Bridge, words: Vocabulary) -> None:
        super().__init__()
        self._bridge, self._words = bridge, words
        self.outcome: Outcome | None = None
        self._fresh = Freshness(self, bridge, self._show)
        say = words.texts.gettext
        self.take = SignButton("open", say("Import returned file…"), is_main=True)
        self.merge = SignButton("join", say("Merge files…"))
        self.settle = SignButton("warning", "")
        self.settle.hide()
        self.list = LineList("returned_list", say("Returned files"))
        self.list.picked.connect(self._pick)
        self.detail = ReturnedDetail(bridge, words)
        self.detail.navigate.connect(self.navigate)
        self._stack = QStackedWidget()
        self._lay_out()
        self.setFocusProxy(self.take)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(MEDIUM)
        ways = Flow(SMALL)
        for button, name, wanted in (
            (self.take, "exchange_take", self.intake_wanted),
            (self.merge, "exchange_merge", self.merge_wanted),
            (self.settle, "exchange_settle", self.settle_wanted),
        ):
            button.setObjectName(name)
            button.clicked.connect(lambda _on=False, wanted=wanted: wanted.emit())
            ways.place(button)
        column.addWidget(ways)
        self._place = QVBoxLayout()
        column.addLayout(self._place)
        self._stack.addWidget(self._empty())
        self._stack.addWidget(self._files())
        column.addWidget(self._stack, 1)

    def _empty(self) -> QWidget:
        """Teach what to do where nothing has come back yet."""
        say = self._words.texts.gettext
        card = Card(margin=WIDE)
        card.setObjectName("exchange_empty")
        card.body.setSpacing(MEDIUM)
        card.body.addWidget(Words(say("No returned file yet"), Role.HEADING))
        for number, step in enumerate(_STEPS, start=1):
            line = QHBoxLayout()
            line.setSpacing(MEDIUM)
            line.addWidget(Words(f"{self._words.texts.number(number)}.", Role.STRONG, wraps=False), 0,
                           Qt.AlignmentFlag.AlignTop)  # fmt: skip
            line.addWidget(Words(say(step)), 1)
            card.body.addLayout(line)
        report = QPushButton(say("Go to the report page"))
        report.setObjectName("exchange_report")
        report.setAutoDefault(False)
        report.clicked.connect(lambda _on: self.report_wanted.emit())
        card.body.addWidget(report, 0, Qt.AlignmentFlag.AlignLeading)
        merging = say(
            "Did several officers work on copies of this assessment? Merge their files here, in any order and as often "
            "as you like."
        )
        card.body.addSpacing(MEDIUM)
        card.body.addWidget(Words(merging, is_muted=True))
        card.body.addStretch(1)
        return card

    def _files(self) -> QWidget:
        self._sheet = Card(margin=SMALL)
        title = Words(self._words.texts.gettext("Returned files"), Role.STRONG)
        title.setContentsMargins(MEDIUM, SMALL, MEDIUM, 0)
        self._sheet.body.addWidget(title)
        self._sheet.body.addWidget(self.list, 1)
        area = QScrollArea()
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self.detail)
        self._area = area
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setObjectName("exchange_split")
        self._split.setChildrenCollapsible(False)
        self._split.setContentsMargins(1, 0, 1, 0)  # mirrored, Qt cuts the last pixel off
        self._split.addWidget(self._sheet)
        self._split.addWidget(area)
        self._split.splitterMoved.connect(self._keep_split)
        self._is_moved = False
        return self._split

    # -- showing --------------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fresh.refresh()

    def _entries(self) -> tuple[ReturnedFile, ...]:
        """Return the files that came back, the last one first; also those of which the import was undone."""
        found = (one for one in self._bridge.session.entries("returns") if isinstance(one, ReturnedFile))
        return tuple(sorted(found, key=lambda one: one.taken_in, reverse=True))

    def _show(self) -> None:
        entries = self._entries()
        is_read_only = self._bridge.session.is_read_only
        for button in (self.take, self.merge):
            button.setEnabled(not is_read_only)
        self._stack.setCurrentIndex(1 if entries else 0)
        self.list.show_lines([line_of(self._words, one) for one in entries])
        if not entries:
            return
        if not self.list.currentIndex().isValid():
            self.list.choose(entries[0].id)
        self._pick(self.list.current_key)

    def _pick(self, key: str) -> None:
        entry = self._bridge.session.entry("returns", key)
        if isinstance(entry, ReturnedFile):
            self.detail.show_entry(entry)

    def show_open_conflicts(self, count: int) -> None:
        """Offer to decide on the conflicts that are open."""
        texts = self._words.texts
        said = texts.ngettext("Decide on {count} open conflict", "Decide on {count} open conflicts", count)
        self.settle.setText(said.format(count=texts.number(count)))
        self.settle.setVisible(count > 0)

    def show_file(self, entry_id: str) -> None:
        """Show one of the returned files."""
        self._fresh.refresh()
        self.list.choose(entry_id)

    def tell(self, sentence: str, choices: Sequence[tuple[str, Choice]]) -> None:
        """Say what was brought in, in place of what was before it."""
        self.forget_outcome()
        self.outcome = Outcome(self._words.texts.gettext("Close this message"), sentence, choices)
        self.outcome.closer.clicked.connect(lambda _on: self.forget_outcome())
        self._place.addWidget(self.outcome)
        self.outcome.show()
        if self.outcome.buttons:
            self.outcome.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def forget_outcome(self) -> None:
        """Say nothing more of what was brought in."""
        if self.outcome is not None:
            self.outcome.hide()
            self.outcome.deleteLater()
            self.outcome = None

    def _keep_split(self) -> None:
        """Somebody gave the list and the file their widths: they stay."""
        self._is_moved = True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        letter, line = self.fontMetrics().averageCharWidth(), self.fontMetrics().height()
        is_narrow = self.width() < (_LIST_LETTERS + _DETAIL_LETTERS) * letter
        wanted = Qt.Orientation.Vertical if is_narrow else Qt.Orientation.Horizontal
        for side in (self._sheet, self._area):
            side.setMinimumHeight(_LEAST_LINES * line)
        if wanted != self._split.orientation() or not self._is_moved:
            self._split.setOrientation(wanted)
            first = round(self.width() * _LIST_SHARE)
            self._split.setSizes([first, self.width() - first] if not is_narrow else [1, 1])
