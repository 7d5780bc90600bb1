"""What supports an answer: attach a file, paste a link, pick what is there; how strong it is, in words."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QPushButton, QVBoxLayout

from capacity_app.domain.answers import AnswerKey, Content, Layer, State
from capacity_app.domain.assessment import Evidence
from capacity_app.domain.instrument import Field, Kind
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.cards import Card, Words
from capacity_app.ui.look.find_field import FindField
from capacity_app.ui.look.text_fields import LineField
from capacity_app.ui.look.theme import MEDIUM, TIGHT, Role
from capacity_app.ui.questionnaire import keys
from capacity_app.ui.questionnaire.panel import PanelTab, Place
from capacity_app.ui.questionnaire.reading import read_typed
from capacity_app.ui.questionnaire.remark_fields import RemarkField
from capacity_app.ui.questionnaire.state_bar import QuietButton
from capacity_app.ui.wording import Wording

_LINK = Field(id="link", kind=Kind.URL)


def supported_key(bridge: Bridge, place: Place) -> AnswerKey:
    """Choose the answer that evidence is put under: the present agency's, or the judgement if only that exists."""
    own = bridge.key(place.address)
    judged = AnswerKey(place.address, Layer.JUDGEMENT)
    if bridge.session.content(own).state is State.NOT_ASKED and not bridge.session.content(judged).is_empty:
        return judged
    return own


class LinkField(LineField):
    """A field for a link; Enter adds it."""

    committed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Add with Enter."""
        if keys.is_enter(event):
            self.committed.emit()
        else:
            super().keyPressEvent(event)


class EvidenceCard(Card):
    """One piece of evidence: name, strength, what it was checked against."""

    def __init__(self, bridge: Bridge, wording: Wording, entry: Evidence) -> None:
        super().__init__(margin=MEDIUM)
        texts = wording.texts
        self._bridge, self._wording, self._id = bridge, wording, entry.id
        self.body.setSpacing(TIGHT)
        self.name = Words(wording.evidence(entry.id), Role.STRONG)
        self.body.addWidget(self.name)
        self.grade = Words(wording.evidence_grade(entry.grade), Role.CAPTION)
        self.grade.set_colour("accent")
        self.body.addWidget(self.grade)
        for said in (entry.link, self._file(entry, wording), entry.note):
            if said:
                self.body.addWidget(Words(said, Role.CAPTION, is_muted=True))
        self.checked = RemarkField(
            texts.gettext("Checked against (an independent or published source)"), texts, is_long=False
        )
        self.checked.show_text(entry.checked_against)
        self.checked.written.connect(self._check)
        self.body.addWidget(self.checked)

    def refresh(self) -> None:
        """Show name and strength anew."""
        entry = self._bridge.session.entry("evidence", self._id)
        if isinstance(entry, Evidence):
            self.name.setText(self._wording.evidence(entry.id))
            self.grade.setText(self._wording.evidence_grade(entry.grade))
            self.checked.show_text(entry.checked_against)

    @staticmethod
    def _file(entry: Evidence, wording: Wording) -> str:
        if not entry.document:
            return ""
        size = wording.texts.gettext("{size} KB").format(size=wording.texts.number(max(1, entry.size // 1000)))
        return f"{entry.file_name} · {size}"

    def _check(self, text: str, _typing: str) -> None:
        entry = self._bridge.session.entry("evidence", self._id)
        if isinstance(entry, Evidence):
            self._bridge.put(replace(entry, checked_against=text.strip()))


class EvidenceTab(PanelTab):
    """The evidence of the place in focus; files and links may be dropped anywhere on it."""

    def __init__(self, bridge: Bridge, wording: Wording) -> None:
        super().__init__(bridge, wording)
        self.setAcceptDrops(True)
        self._cards: list[EvidenceCard] = []
        self._shown: tuple[object, ...] = ()

    def fill(self) -> None:
        """Show the evidence; where only an entry has changed, its card is all that changes."""
        place = self.place
        shown = self._standing()
        if place is not None and shown == self._shown:
            for card in self._cards:
                card.refresh()
            return
        self._shown = shown
        self.clear()
        self._cards = []
        if place is None or place.field is None:
            self.line(self.texts.gettext("Go to a question or a cell to support its answer."), is_muted=True)
            self.close_off()
            return
        self.heading(self.texts.gettext("Evidence for {place}").format(place=self.wording.place(place.address)))
        key = supported_key(self.bridge, place)
        who = self.wording.respondent(key.layer, key.respondent)
        self.line(self.texts.gettext("It supports the answer of: {who}").format(who=who), Role.CAPTION, is_muted=True)
        self._entries()
        self._others(place, key)
        self._ways_to_add()
        self.close_off()

    def _standing(self) -> tuple[object, ...]:
        """Give what decides which evidence is shown, and where."""
        if self.place is None:
            return ()
        answers = self.bridge.session.answers_at(self.place.address)
        attached = tuple((answer.key, answer.content.evidence) for answer in answers)
        return self.place, supported_key(self.bridge, self.place), attached

    def _supported(self) -> Content:
        assert self.place is not None, "asked for a place in focus"
        return self.bridge.session.content(supported_key(self.bridge, self.place))

    def _entries(self) -> None:
        content = self._supported()
        if not content.evidence:
            self.line(self.texts.gettext("No evidence yet."), is_muted=True)
        for entry_id in content.evidence:
            entry = self.bridge.session.entry("evidence", entry_id)
            if not isinstance(entry, Evidence):
                continue
            card = EvidenceCard(self.bridge, self.wording, entry)
            button = QuietButton(self.texts.gettext("Take off"))
            button.setAccessibleName(self.texts.gettext("Take off {name}").format(name=self.wording.evidence(entry_id)))
            button.clicked.connect(lambda _on=False, entry_id=entry_id: self._take_off(entry_id))
            card.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeading)
            self._cards.append(card)
            self.body.addWidget(card)

    def _others(self, place: Place, key: AnswerKey) -> None:
        for answer in self.bridge.session.answers_at(place.address):
            if answer.key == key or not answer.content.evidence:
                continue
            self.line(self.wording.respondent(answer.key.layer, answer.key.respondent), Role.STRONG)
            for entry_id in answer.content.evidence:
                entry = self.bridge.session.entry("evidence", entry_id)
                grade = self.wording.evidence_grade(entry.grade) if isinstance(entry, Evidence) else ""
                self.line(f"{self.wording.evidence(entry_id)} · {grade}", is_muted=True)

    def _ways_to_add(self) -> None:
        texts = self.texts
        self.heading(texts.gettext("Add evidence"))
        attach = QPushButton(texts.gettext("Attach a file…"))
        attach.setObjectName("attach")
        attach.clicked.connect(self._choose_file)
        self.body.addWidget(attach)
        self.link = LinkField()
        self.link.setObjectName("link")
        self.link.setPlaceholderText(texts.gettext("Paste a link and press Enter"))
        self.link.setAccessibleName(texts.gettext("Link to evidence"))
        self.link.committed.connect(self._add_link)
        self.body.addWidget(self.link)
        self.finder = FindField(self._known)
        self.finder.setObjectName("pick_evidence")
        self.finder.setPlaceholderText(texts.gettext("Type to find evidence that is there already"))
        self.finder.setAccessibleName(texts.gettext("Find evidence"))
        self.finder.picked.connect(self._put_under)
        self.body.addWidget(self.finder)
        self.body.addWidget(self._drop_area())
        self.problem = Words("", Role.CAPTION)
        self.problem.set_colour("danger")
        self.problem.hide()
        self.body.addWidget(self.problem)

    def _drop_area(self) -> QFrame:
        area = Card(tint="canvas", edge="edge", margin=MEDIUM)
        layout = area.layout()
        assert isinstance(layout, QVBoxLayout), "a card has a box layout"
        layout.addWidget(Words(self.texts.gettext("Or drop files or links here."), Role.CAPTION, is_muted=True))
        return area

    # -- changing -------------------------------------------------------------------------------------------------

    def _say_problem(self) -> None:
        refusal = self.bridge.refusal
        self._show_problem(refusal.text(self.texts.gettext) if refusal is not None else "")

    def _show_problem(self, said: str) -> None:
        self.problem.setText(said)
        self.problem.setVisible(bool(said))

    def _put_under(self, entry_id: str) -> None:
        content = self._supported()
        if self.place is not None and entry_id not in content.evidence:
            key = supported_key(self.bridge, self.place)
            self.bridge.record(key, replace(content, evidence=(*content.evidence, entry_id)))

    def _take_off(self, entry_id: str) -> None:
        content = self._supported()
        kept = tuple(entry for entry in content.evidence if entry != entry_id)
        if self.place is not None:
            self.setFocus()
            self.bridge.record(supported_key(self.bridge, self.place), replace(content, evidence=kept))

    def attach(self, file: Path) -> None:
        """Hold a copy of a file and put it under the answer, as one step."""
        if self.place is None or self.place.field is None:
            return
        with self.bridge.one_step():
            entry = self.bridge.attach(file)
            if entry is not None:
                self._put_under(entry.id)
        if entry is None:
            self._say_problem()

    def add_link(self, link: str) -> bool:
        """Put a link under the answer; False if it is none."""
        value, problem = read_typed(_LINK, link, self.texts)
        if problem or not isinstance(value, str):
            self._show_problem(problem)
            return False
        session = self.bridge.session
        entry = Evidence(id=session.new_id("evidence"), title=value, link=value)
        with self.bridge.one_step():
            if self.bridge.put(entry):
                self._put_under(entry.id)
        return True

    def _add_link(self) -> None:
        if self.link.text().strip():
            self.add_link(self.link.text())

    def _known(self) -> list[tuple[str, str]]:
        return [(entry.id, self.wording.evidence(entry.id)) for entry in self.bridge.session.entries("evidence")]

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, self.texts.gettext("Attach a file"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(self._attach_all)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _attach_all(self, files: list[str]) -> None:
        for file in files:
            self.attach(Path(file))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and links."""
        if event.mimeData().hasUrls() and self.place is not None and self.place.field is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Attach what is dropped."""
        for url in event.mimeData().urls():
            self._take_url(url)
        event.acceptProposedAction()

    def _take_url(self, url: QUrl) -> None:
        if url.isLocalFile():
            self.attach(Path(url.toLocalFile()))
        else:
            self.add_link(url.toString())

    def flush(self) -> None:
        """Store typed text now."""
        for card in self._cards:
            card.checked.flush()
