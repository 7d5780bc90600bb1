"""What supports an answer: attach a file, paste a picture or a link, pick what is there; how strong it is, in words."""

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from capacity_app.domain.answers import Layer
from capacity_app.domain.assessment import Evidence
from capacity_app.services.opened_documents import OpenedDocuments
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.evidence_opening import open_evidence
from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.theme import Role
from capacity_app.ui.questionnaire.chip_row import ChipRow
from capacity_app.ui.questionnaire.evidence_adding import AddEvidence, Offered, offered_in
from capacity_app.ui.questionnaire.evidence_card import Acts, EvidenceCard, Reach
from capacity_app.ui.questionnaire.panel import PanelTab, Place
from capacity_app.ui.questionnaire.passage import passage
from capacity_app.ui.questionnaire.supporting import Problems, Speaker, Support, speakers_at, usual_speaker
from capacity_app.ui.questionnaire.voice_cards import evidence_words
from capacity_app.ui.wording import Wording


class EvidenceTab(PanelTab):
    """The evidence of the place in focus; files and links may be dropped anywhere on the panel."""

    def __init__(self, bridge: Bridge, wording: Wording) -> None:
        super().__init__(bridge, wording)
        self.cards: list[EvidenceCard] = []
        self.adding: AddEvidence | None = None
        self._problem: Words | None = None
        self._shown: tuple[object, ...] = ()
        self._chosen: Speaker | None = None
        self._opened = OpenedDocuments(bridge.session)
        self.destroyed.connect(lambda _gone, opened=self._opened: opened.remove())

    # -- showing --------------------------------------------------------------------------------------------------

    def support(self, place: Place) -> Support:
        """Return the evidence of whoever's answer is being supported at a place."""
        speaker = self._chosen or usual_speaker(self.bridge, place)
        return Support(self.bridge, self.texts, place.address, speaker)

    def show_place(self, place: Place | None) -> None:
        """Take another place; whose answer is supported is chosen anew there."""
        if place != self.place:
            self._chosen = None
        super().show_place(place)

    def fill(self) -> None:
        """Show the evidence; where only an entry has changed, its card is all that changes."""
        shown = self._standing()
        if self.place is not None and shown == self._shown:
            for card in self.cards:
                card.refresh()
            if self.adding is not None:
                self.adding.refresh()
            return
        self._shown = shown
        open_cards = {card.objectName() for card in self.cards if card.has_details_open}
        self.clear()
        self.cards, self.adding, self._problem = [], None, None
        if self.place is None:
            self.line(self.texts.gettext("Go to a question or a cell to support its answer."), is_muted=True)
        else:
            self._show_all(self.place, open_cards)
        self.close_off()

    def _standing(self) -> tuple[object, ...]:
        """Return what decides which evidence is shown, and where."""
        if self.place is None:
            return ()
        support, answers = self.support(self.place), self.bridge.session.answers_at(self.place.address)
        others = tuple((answer.key, answer.content.evidence) for answer in answers)
        attached = tuple((entry, tuple(keys)) for entry, keys in support.attached().items())
        return self.place, support.speaker, speakers_at(self.bridge, self.place), support.targets(), attached, others

    def _show_all(self, place: Place, open_cards: set[str]) -> None:
        support = self.support(place)
        self.heading(self.texts.gettext("Evidence for {place}").format(place=self.wording.place(place.address)))
        self._show_speakers(support.speaker, speakers_at(self.bridge, place))
        attached, targets = support.attached(), support.targets()
        if not attached:
            self.line(self.wording.evidence_grade(0), is_muted=True)
        for entry_id, keys in attached.items():
            self._show_entry(entry_id, Reach(len(keys), len(targets)))
        for card in self.cards:
            if card.objectName() in open_cards:
                card.show_details()
        self._show_others(place, support.speaker)
        if self.bridge.session.is_read_only:
            self._leave_room_for_problem()
        else:
            self._show_ways(place, len(targets))

    def _show_speakers(self, speaker: Speaker, speakers: list[Speaker]) -> None:
        texts, (layer, respondent) = self.texts, speaker
        if len(speakers) == 1:
            who = self.wording.respondent(layer, respondent)
            sentence = texts.gettext("It supports the answer of: {who}").format(who=who)
            self.line(sentence, Role.CAPTION, is_muted=True)
            return
        label = texts.gettext("It supports the answer of")
        self.body.addWidget(Words(label, Role.CAPTION, is_muted=True))
        choices = [(f"{one.value} {agency}", self.wording.respondent(one, agency)) for one, agency in speakers]
        row = ChipRow(label, choices, f"{layer.value} {respondent}")
        row.setObjectName("evidence_speaker")
        row.chosen.connect(self._choose_speaker)
        self.body.addWidget(row)

    def _choose_speaker(self, named: str) -> None:
        layer, _, respondent = named.partition(" ")
        self._chosen = (Layer(layer), respondent)
        self.go_stale()

    def _show_entry(self, entry_id: str, reach: Reach) -> None:
        entry = self.bridge.session.entry("evidence", entry_id)
        if isinstance(entry, Evidence):
            acts = Acts(open=self.open_entry, take_off=self.take_off, spread=self.put_under)
            card = EvidenceCard(self.bridge, self.wording, entry, acts, reach)
            self.cards.append(card)
            self.body.addWidget(card)

    def _show_others(self, place: Place, speaker: Speaker) -> None:
        for answer in self.bridge.session.answers_at(place.address):
            if (answer.key.layer, answer.key.respondent) == speaker or not answer.content.evidence:
                continue
            self.line(self.wording.respondent(answer.key.layer, answer.key.respondent), Role.STRONG)
            self.body.addWidget(passage(evidence_words(answer.content.evidence, self.wording), is_muted=True))

    def _show_ways(self, place: Place, count: int) -> None:
        texts = self.texts
        self.heading(texts.gettext("Add evidence"))
        if not count:
            self.line(texts.gettext("Nothing is answered in this table yet: answer first, or go to one row of it."))
            self._leave_room_for_problem()
            return
        if place.field is None and count > 1:
            sentence = texts.gettext("It is put under each of the {count} answers, which are graded with it.")
            self.line(sentence.format(count=texts.number(count)), Role.CAPTION, is_muted=True)
        self.adding = AddEvidence(self.bridge, self.wording, self._known)
        self.adding.files.connect(lambda files: self.take(Offered(files=tuple(map(Path, files)))))
        self.adding.paste_asked.connect(self.paste)
        self.adding.link.connect(self.add_link)
        self.adding.picked.connect(self.put_under)
        self.body.addWidget(self.adding)

    def _leave_room_for_problem(self) -> None:
        self._problem = self.line("", Role.CAPTION)
        self._problem.set_colour("danger")
        self._problem.hide()

    def _known(self) -> list[tuple[str, str]]:
        """List what can be picked: all that does not stand under every answer here."""
        if self.place is None:
            return []
        support = self.support(self.place)
        count = len(support.targets())
        here = {entry for entry, keys in support.attached().items() if len(keys) >= count}
        entries = self.bridge.session.entries("evidence")
        return [(entry.id, self.wording.evidence(entry.id)) for entry in entries if entry.id not in here]

    # -- changing -------------------------------------------------------------------------------------------------

    def _do(self, act: Callable[[Support], Problems]) -> None:
        """Change what supports the answers here as one step, and say what was refused."""
        if self.place is None:
            return
        with self.bridge.one_step():
            problems = act(self.support(self.place))
        self.freshen()
        self._say_problems(problems)

    def put_under(self, entry_id: str) -> None:
        self._do(lambda support: support.put_under(entry_id))

    def take_off(self, entry_id: str) -> None:
        """Take a piece of evidence off the answers here."""
        self.setFocus()
        self._do(lambda support: support.take_off(entry_id))

    @property
    def takes_evidence(self) -> bool:
        """Return whether evidence can be added where the focus is."""
        if self.place is None or self.bridge.session.is_read_only:
            return False
        return bool(self.support(self.place).targets())

    def light_up(self, *, is_held: bool) -> None:
        """Show whether something is held over the panel that can be dropped."""
        if self.adding is not None:
            self.adding.drop_area.light_up(is_held=is_held)

    def paste(self) -> None:
        """Attach what the clipboard holds: a file, a picture, or a link."""
        self.take_mime(QGuiApplication.clipboard().mimeData())

    def take_mime(self, mime: QMimeData) -> None:
        """Attach what is dropped or pasted; say what can be, if it is something else."""
        found = offered_in(mime, self.texts)
        if found:
            self.take(found)
        else:
            sentence = self.texts.gettext("There is no file, picture or link in it: copy one of these and try again.")
            self._say_problems((sentence,))

    def take(self, offered: Offered) -> None:
        """Attach files, links or a picture."""
        if self.takes_evidence:
            self._do(lambda support: support.take(offered))

    def attach(self, file: Path) -> None:
        """Hold a copy of a file and put it under the answers."""
        self.take(Offered(files=(file,)))

    def add_link(self, link: str) -> None:
        """Put a link under the answers."""
        if self.takes_evidence:
            self._do(lambda support: support.add_links((link,)))

    def _say_problems(self, sentences: Iterable[str]) -> None:
        said = "\n".join(sentence for sentence in sentences if sentence)
        if self.adding is not None:
            self.adding.show_problem(said)
        elif self._problem is not None:
            self._problem.setText(said)
            self._problem.setVisible(bool(said))

    # -- opening --------------------------------------------------------------------------------------------------

    def open_entry(self, entry_id: str) -> None:
        """Open a held document, or else its link, with the desktop's own program."""
        entry = self.bridge.session.entry("evidence", entry_id)
        if isinstance(entry, Evidence):
            problem = open_evidence(entry, self._opened, self.wording.evidence(entry_id), self.texts)
            self._say_problems((problem,))

    def flush(self) -> None:
        for card in self.cards:
            card.flush()
