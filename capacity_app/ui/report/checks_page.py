"""Check before you leave: everything weak in one list, counted by kind and part; each line leads to its place."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QPushButton, QStackedWidget, QVBoxLayout, QWidget

from capacity_app.domain.findings import KIND_WORDS, Finding, FindingKind, by_kind
from capacity_app.services.checking import untranslated, weak_points
from capacity_app.texts import Texts
from capacity_app.ui.bridge import Bridge, Freshness
from capacity_app.ui.look.alerts import Mark
from capacity_app.ui.look.cards import Card, Words, page_heading, row
from capacity_app.ui.look.pickers import QuietCombo
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL, WIDE, Role
from capacity_app.ui.registers.entry_words import Vocabulary
from capacity_app.ui.report.check_tree import CheckTree, build, section_title

if TYPE_CHECKING:
    from collections.abc import Mapping

_ELSEWHERE = "|"
"""Stands for findings of no part: those of registers, actions and the mission."""


class ChecksPage(QWidget):
    """The list with its filters; refreshed when shown, and after a change while shown."""

    navigate = Signal(object)
    entry_wanted = Signal(str)
    report_wanted = Signal()

    def __init__(self, bridge: Bridge, texts: Texts) -> None:
        super().__init__()
        self._bridge, self._texts = bridge, texts
        self._words = Vocabulary(texts, bridge.session)
        self._findings: tuple[Finding, ...] = ()
        self._missing: tuple[str, Mapping[str, int]] = ("", {})
        self._fresh = Freshness(self, bridge, self._show)
        self.setObjectName("checks_page")
        self.kind = self._combo("check_kind", texts.gettext("Which kind of point"))
        self.section = self._combo("check_section", texts.gettext("Which part of the questionnaire"))
        self.tree = CheckTree(texts)
        self.tree.opened.connect(self._go)
        self._summary = Words(is_muted=True)
        self._summary.setObjectName("checks_summary")
        self._stack = QStackedWidget()
        self._lay_out()
        # Whoever comes back goes on in the list, not in its filters.
        self.setFocusProxy(self.tree)

    def _combo(self, name: str, label: str) -> QuietCombo:
        combo = QuietCombo()
        combo.setObjectName(name)
        combo.setAccessibleName(label)
        combo.setMinimumContentsLength(22)
        combo.currentIndexChanged.connect(lambda _index: self._show_wanted())
        return combo

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(WIDE, LARGE, WIDE, LARGE)
        column.setSpacing(MEDIUM)
        heading = page_heading(self._texts.gettext("Check before you leave"))
        heading.addWidget(self._summary)
        column.addLayout(heading)
        self._filters = QWidget()
        line = row(self.kind, self.section)
        self._filters.setLayout(line)
        column.addWidget(self._filters)
        card = Card(margin=SMALL)
        card.body.addWidget(self.tree)
        for page in (card, self._narrowed_away(), self._good_end()):
            self._stack.addWidget(page)
        column.addWidget(self._stack, 1)

    def _narrowed_away(self) -> QWidget:
        say = self._texts.gettext
        self.all_button = QPushButton(say("Show all points"))
        self.all_button.setObjectName("checks_show_all")
        self.all_button.clicked.connect(lambda _checked: self.show_all())
        return _centred(Words(say("Nothing of this kind here."), Role.QUESTION, is_muted=True, side="center"),
                        self.all_button)  # fmt: skip

    def _good_end(self) -> QWidget:
        say = self._texts.gettext
        head = Words(say("Nothing is left to look at"), Role.HEADING, side="center")
        told = say("Every question has been asked, every answer holds together, and every serious gap has an action.")
        self.report_button = QPushButton(say("Go to the report"))
        self.report_button.setObjectName("checks_report")
        self.report_button.clicked.connect(lambda _checked: self.report_wanted.emit())
        return _centred(Mark("good", "good"), head, Words(told, is_muted=True, side="center"), self.report_button)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fresh.refresh()

    def _show(self) -> None:
        session = self._bridge.session
        language = session.mission.language
        if self._missing[0] != language:
            # The wording does not change while the window is open: it is gone through once.
            self._missing = (language, untranslated(session.instrument, language))
        self._findings = weak_points(session, self._missing[1])
        self._fill_filters()
        self._show_wanted()

    def _fill_filters(self) -> None:
        say, number = self._texts.gettext, self._texts.number
        kinds = by_kind(self._findings)
        offered = [(kind.value, f"{say(KIND_WORDS[kind])} ({number(len(found))})") for kind, found in kinds.items()]
        self.kind.fill((("", say("Every kind")), *offered))
        counts: dict[str, int] = {}
        for finding in self._findings:
            counts[finding.section or _ELSEWHERE] = counts.get(finding.section or _ELSEWHERE, 0) + 1
        parts = [(s.id, section_title(self._words, s.id)) for s in self._words.instrument.sections if s.id in counts]
        parts += [(_ELSEWHERE, say("Plan, registers and mission"))] if _ELSEWHERE in counts else []
        self.section.fill(
            (("", say("Every part")), *((key, f"{title} ({number(counts[key])})") for key, title in parts))
        )

    def _wanted(self) -> tuple[Finding, ...]:
        kind, section = self.kind.currentData(), self.section.currentData()
        return tuple(
            finding
            for finding in self._findings
            if kind in {"", None, finding.kind} and section in {"", None, finding.section or _ELSEWHERE}
        )

    def _show_wanted(self) -> None:
        wanted = self._wanted()
        self.tree.show_nodes(build(self._words, self._bridge.session.sheet, wanted))
        self._stack.setCurrentIndex(0 if wanted else 1 if self._findings else 2)
        self._filters.setVisible(bool(self._findings))
        self._summary.setVisible(bool(self._findings))
        self._summary.setText(self._counted(len(wanted)))
        proxy = (self.tree, self.all_button, self.report_button)[self._stack.currentIndex()]
        self.setFocusProxy(proxy)

    def _counted(self, count: int) -> str:
        texts, all_of_them = self._texts, len(self._findings)
        if count != all_of_them:
            pattern = texts.gettext("{count} of {all} shown. Each leads to its place; Ctrl+8 brings you back here.")
            return pattern.format(count=texts.number(count), all=texts.number(all_of_them))
        sentence = texts.ngettext("{count} point to look at. It leads to its place; Ctrl+8 brings you back here.",
                                  "{count} points to look at. Each leads to its place; Ctrl+8 brings you back here.",
                                  count)  # fmt: skip
        return sentence.format(count=texts.number(count))

    def show_all(self) -> None:
        self.kind.setCurrentIndex(0)
        self.section.setCurrentIndex(0)
        self.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_kind(self, kind: FindingKind) -> None:
        self.kind.setCurrentIndex(max(self.kind.findData(kind.value), 0))

    def _go(self, finding: Finding) -> None:
        if finding.address is not None:
            self.navigate.emit(finding.address)
        elif finding.entry:
            self.entry_wanted.emit(finding.entry)


def _centred(*widgets: QWidget) -> QWidget:
    """Put widgets under each other in the middle of a page."""
    page = Card(margin=WIDE)
    page.body.setSpacing(MEDIUM)
    page.body.addStretch(1)
    for widget in widgets:
        if isinstance(widget, Words):
            page.body.addWidget(widget)
        else:
            page.body.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
    page.body.addStretch(2)
    return page
