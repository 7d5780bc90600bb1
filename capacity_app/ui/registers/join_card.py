"""Making two entries one, in place: which other one, which stays, and what that changes before it is done."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QPushButton, QRadioButton

from capacity_app.domain.answers import Address
from capacity_app.domain.problems import KnownError
from capacity_app.services.joining import answer_in_words, bundle_of, plan_joining
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.cards import Card, Words, row
from capacity_app.ui.look.full_list import FullList
from capacity_app.ui.look.lines import Line
from capacity_app.ui.look.pickers import QuietCombo
from capacity_app.ui.look.theme import LARGE, MEDIUM, Role
from capacity_app.ui.registers.entry_words import Vocabulary
from capacity_app.ui.registers.join_words import clash_heading, preview
from capacity_app.ui.registers.register_facts import RegisterFacts

if TYPE_CHECKING:
    from capacity_app.domain.joining import Joining


class JoinCard(Card):
    """Joins the entry shown with another one. ``joined`` carries what was done, ``navigate`` an address to look at."""

    joined = Signal(object)
    left = Signal()
    navigate = Signal(object)

    def __init__(self, register: str, bridge: Bridge, words: Vocabulary, facts: RegisterFacts) -> None:
        super().__init__(tint="accent_tint", edge="accent", margin=LARGE)
        self._register, self._bridge, self._words, self._facts = register, bridge, words, facts
        self._entry = ""
        self._joining: Joining | None = None
        say = words.texts.gettext
        self.setObjectName(f"join_{register}")
        self._title = Words(role=Role.HEADING)
        self.other = QuietCombo()
        self.other.setObjectName("join_other")
        self.other.setAccessibleName(say("The entry that is the same"))
        self.other.currentIndexChanged.connect(lambda _index: self._show_choice())
        self._make_sides()
        self.preview = Words()
        self.preview.setObjectName("join_preview")
        self._clash_title = Words(role=Role.STRONG)
        self.clashes = FullList("join_clashes", say("What both answered differently"))
        self.clashes.opened.connect(lambda key: self.navigate.emit(Address.parse(key)))
        self.act = QPushButton(say("Join them"))
        self.act.setObjectName("join_act")
        self.act.setDefault(True)
        self.act.clicked.connect(lambda _checked: self._join())
        cancel = QPushButton(say("Leave them as they are"))
        cancel.setObjectName("join_cancel")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(lambda _checked: self.close_card())
        self._lay_out(cancel)
        self.hide()

    def _make_sides(self) -> None:
        self.sides = (QRadioButton(), QRadioButton())
        self._group = QButtonGroup(self)
        for name, side in zip(("join_keep_this", "join_keep_other"), self.sides, strict=True):
            side.setObjectName(name)
            self._group.addButton(side)
            side.toggled.connect(lambda is_on: self._plan() if is_on else None)
        self.sides[0].setChecked(True)

    def _lay_out(self, cancel: QPushButton) -> None:
        say = self._words.texts.gettext
        self.body.setSpacing(MEDIUM)
        label = Words(say("It is the same as"), Role.STRONG)
        label.setBuddy(self.other)
        for widget in (self._title, label, self.other, *self.sides, self.preview, self._clash_title):
            self.body.addWidget(widget)
        promise = say("Nothing is lost: the history keeps both, and Undo takes this back as one step.")
        self.body.addWidget(Words(promise, Role.CAPTION, is_muted=True))
        # However long the list of differences is, the way out stands above it.
        self.body.addLayout(row(self.act, cancel))
        self.body.addWidget(self.clashes)

    def open_for(self, entry_id: str, other: str = "") -> None:
        """Offer to join an entry, with the one that looks like it first."""
        self._entry = entry_id
        say, texts = self._words.texts.gettext, self._words
        self._title.setText(
            say("Join “{name}” with another entry").format(name=texts.title_of(self._register, entry_id)),
        )
        alike = self._facts.alike(self._register, entry_id)
        entries = sorted(
            (entry for entry in self._bridge.session.entries(self._register) if entry.id != entry_id),
            key=lambda entry: entry.id not in alike,
        )
        self.other.blockSignals(True)
        self.other.clear()
        for entry in entries:
            detail = texts.detail(self._register, entry)
            self.other.addItem(
                " – ".join(part for part in (texts.title(self._register, entry), detail) if part),
                entry.id,
            )
        self.other.setCurrentIndex(max(0, self.other.findData(other)))
        self.other.blockSignals(False)
        self.sides[0].setChecked(True)
        self.show()
        self._show_choice()
        self.other.setFocus()

    @property
    def _chosen(self) -> str:
        return str(self.other.currentData() or "")

    def _show_choice(self) -> None:
        for side, entry_id in zip(self.sides, (self._entry, self._chosen), strict=True):
            name = self._words.title_of(self._register, entry_id)
            side.setText(self._words.texts.gettext("Keep “{name}”").format(name=name))
        self._plan()

    def _plan(self) -> None:
        """Work out and say what would change."""
        if not self._entry or not self._chosen:
            return
        kept, gone = self._entry, self._chosen
        if self.sides[1].isChecked():
            kept, gone = gone, kept
        try:
            self._joining = plan_joining(self._bridge.session, self._register, kept, gone, self._words.texts)
        except KnownError as error:
            self._joining = None
            self.preview.set_colour("danger")
            self.preview.setText(error.text(self._words.texts.gettext))
        else:
            self.preview.set_colour("")
            self.preview.setText("\n".join(preview(self._words, self._joining)))
        self.act.setEnabled(self._joining is not None)
        self._show_clashes()

    def _show_clashes(self) -> None:
        clashes = self._joining.clashes if self._joining else ()
        for widget in (self._clash_title, self.clashes):
            widget.setVisible(bool(clashes))
        if self._joining is None or not clashes:
            return
        session, texts = self._bridge.session, self._words.texts
        self._clash_title.setText(clash_heading(self._words, self._joining))
        pattern = texts.gettext("Stays: {stays}\nGoes into the note: {other}")
        self.clashes.show_lines([
            Line(
                str(clash.address),
                self._words.wording.place(clash.address),
                pattern.format(
                    stays=answer_in_words(session, texts, clash, clash.stays),
                    other=answer_in_words(session, texts, clash, clash.gives_way),
                ),
            )
            for clash in clashes
        ])  # fmt: skip

    def refresh(self) -> None:
        """Work out again what would change, after something has."""
        if self.isHidden():
            return
        session = self._bridge.session
        if session.entry(self._register, self._entry) is None or session.entry(self._register, self._chosen) is None:
            self.close_card()
        else:
            self._show_choice()

    def _join(self) -> None:
        self._bridge.request_flush()
        self._plan()
        joining = self._joining
        if joining is None:
            return
        if self._register == "agencies" and self._bridge.respondent == joining.gone.id:
            self._bridge.respondent = joining.kept.id
        say = self._words.texts.gettext
        names = {side: self._words.title(self._register, getattr(joining, side)) for side in ("kept", "gone")}
        if self._bridge.store(bundle_of(joining), say("joining of “{kept}” and “{gone}”").format(**names)):
            self.close_card()
            self.joined.emit(joining)

    def close_card(self) -> None:
        self._entry, self._joining = "", None
        self.hide()
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_card()
        else:
            super().keyPressEvent(event)
