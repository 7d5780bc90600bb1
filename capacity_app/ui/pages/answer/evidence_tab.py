"""What supports an answer: attach a file, paste a picture or a link, pick what is there; how it gets under answers."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QBuffer, QMimeData
from PySide6.QtGui import QGuiApplication, QImage

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerLayer, AnswerState, Content
from capacity_app.domain.assessment.references import find_evidence_places, find_supported_answers
from capacity_app.domain.assessment.registers import Evidence
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.i18n.translator import Translator
from capacity_app.services.session.opened_documents import OpenedDocuments
from capacity_app.ui.pages.answer.evidence_card import (
    LINK_TO_FILL,
    AddEvidence,
    EvidenceActions,
    EvidenceCard,
    EvidenceCoverage,
    OfferedEvidence,
    picture_name,
    read_offered,
)
from capacity_app.ui.question_widgets.panel_cards import PanelTab
from capacity_app.ui.question_widgets.panel_parts import FocusedPlace, format_evidence
from capacity_app.ui.question_widgets.typed_editors import parse_typed
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.file_dialogs import open_evidence
from capacity_app.ui.session.formatters import SessionFormatter, today
from capacity_app.ui.theme.fonts_and_sizes import TextRole
from capacity_app.ui.widgets.cards import Label
from capacity_app.ui.widgets.flow import ChipRow
from capacity_app.ui.widgets.layouts import lay_out, with_name
from capacity_app.ui.widgets.running_text import plain_running_text

# Putting evidence under answers: whose, which, and how files, links and pictures become evidence entries.


EvidenceSpeaker = tuple[AnswerLayer, str]
ProblemSentences = list[str]
"""Sentences on what was refused, each with what to do."""


def speakers_at(controller: SessionController, place: FocusedPlace) -> list[EvidenceSpeaker]:
    """List whose answers at a place can be supported: the present agency first, then all who have said something."""
    found: dict[EvidenceSpeaker, None] = {(AnswerLayer.RESPONSE, controller.respondent): None}
    block = controller.session.sheet.blocks[place.question.id]
    inside = (item.address for item in block.items if place.row is None or item.row is place.row)
    addresses = [place.address] if place.field is not None else [place.address, *inside]
    for address in addresses:
        for answer in controller.session.answers_at(address):
            if not answer.content.is_empty:
                found[answer.key.layer, answer.key.respondent] = None
    return list(found)


def usual_speaker(controller: SessionController, place: FocusedPlace) -> EvidenceSpeaker:
    """Choose whose answer is supported: the present agency's, or the judgement if there is no answer but that."""
    own = (AnswerLayer.RESPONSE, controller.respondent)
    judged = AnswerKey(place.address, AnswerLayer.JUDGEMENT)
    is_silent = controller.content(place.address).state is AnswerState.NOT_ASKED and place.field is not None
    return (AnswerLayer.JUDGEMENT, "") if is_silent and not controller.session.content(judged).is_empty else own


@dataclass(frozen=True)
class PlaceEvidence:
    """The evidence of one speaker at one place, in a row or table under all answers given there."""

    controller: SessionController
    texts: Translator
    address: Address
    speaker: EvidenceSpeaker

    @property
    def _content(self) -> Callable[[AnswerKey], Content]:
        return self.controller.session.content

    def targets(self) -> tuple[AnswerKey, ...]:
        """Return the answers that evidence put here supports."""
        block = self.controller.session.sheet.blocks[self.address.question]
        return find_supported_answers(block, self.address, *self.speaker, self._content)

    def carriers(self, entry_id: str) -> list[AnswerKey]:
        block = self.controller.session.sheet.blocks[self.address.question]
        return find_evidence_places(block, self.address, *self.speaker, self._content, entry_id)

    def attached(self) -> dict[str, list[AnswerKey]]:
        named: dict[str, None] = {}
        for key in (AnswerKey(self.address, *self.speaker), *self.targets()):
            named.update(dict.fromkeys(self._content(key).evidence))
        return {entry: self.carriers(entry) for entry in named}

    def put_under(self, entry_id: str) -> ProblemSentences:
        for key in self.targets():
            content = self._content(key)
            if entry_id not in content.evidence and not self.controller.record(
                key, replace(content, evidence=(*content.evidence, entry_id))
            ):
                return self._refusal()
        return []

    def detach_from_answers(self, entry_id: str) -> ProblemSentences:
        """Take a piece of evidence off all answers here; it stays in the register."""
        for key in self.carriers(entry_id):
            content = self._content(key)
            kept = tuple(entry for entry in content.evidence if entry != entry_id)
            if not self.controller.record(key, replace(content, evidence=kept)):
                return self._refusal()
        return []

    def _refusal(self) -> ProblemSentences:
        refusal = self.controller.refusal
        return [refusal.text(self.texts.gettext)] if refusal is not None else []

    def take(self, offered: OfferedEvidence) -> ProblemSentences:
        problems = [problem for file in offered.files for problem in self._attach(file)]
        problems += self.add_links(offered.links)
        if offered.picture is not None:
            problems += self._attach_picture(offered.picture)
        return problems

    def _attach(self, file: Path) -> ProblemSentences:
        if file.is_dir():
            sentence = self.texts.gettext("“{file}” is a folder. Attach the files in it.")
            return [sentence.format(file=file.name)]
        return self._put_new(self.controller.attach(file))

    def _put_new(self, entry: Evidence | None) -> ProblemSentences:
        return self._refusal() if entry is None else self.put_under(entry.id)

    def _attach_picture(self, picture: QImage) -> ProblemSentences:
        # In memory: what is shown in an answer has no business in a temporary folder.
        written = QBuffer()
        written.open(QBuffer.OpenModeFlag.WriteOnly)
        if not picture.save(written, "PNG"):  # type: ignore[call-overload]  # the stubs want bytes
            return [
                self.texts.gettext(
                    "The picture cannot be stored. Copy it again, or save it as a file and attach the file."
                )
            ]
        title = self.texts.gettext("Picture of {date}").format(date=self.texts.short_date(today()))
        return self._put_new(self.controller.attach_content(picture_name(), bytes(written.data().data()), title))

    def add_links(self, links: Sequence[str]) -> ProblemSentences:
        return [problem for link in links for problem in self._add_link(link)]

    def _add_link(self, link: str) -> ProblemSentences:
        value, problem = parse_typed(LINK_TO_FILL, link, self.texts)
        if problem or not isinstance(value, str):
            return [problem]
        title = value.partition("://")[2].rstrip("/") or value
        entry = Evidence(id=self.controller.session.new_id("evidence"), title=title, link=value, added_on=today())
        return self.put_under(entry.id) if self.controller.put(entry) else self._refusal()


class EvidenceTab(PanelTab):
    """The evidence of the place in focus; files and links may be dropped anywhere on the panel."""

    def __init__(self, controller: SessionController, wording: SessionFormatter) -> None:
        super().__init__(controller, wording)
        self.cards: list[EvidenceCard] = []
        self.adding: AddEvidence | None = None
        self._problem: Label | None = None
        self._shown: tuple[object, ...] = ()
        self._chosen: EvidenceSpeaker | None = None
        self._opened = OpenedDocuments(controller.session)
        self.destroyed.connect(lambda _gone, opened=self._opened: opened.remove())

    def support(self, place: FocusedPlace) -> PlaceEvidence:
        """Return the evidence of whoever's answer is being supported at a place."""
        speaker = self._chosen or usual_speaker(self.controller, place)
        return PlaceEvidence(self.controller, self.texts, place.address, speaker)

    def show_place(self, place: FocusedPlace | None) -> None:
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
        support, answers = self.support(self.place), self.controller.session.answers_at(self.place.address)
        others = tuple((answer.key, answer.content.evidence) for answer in answers)
        attached = tuple((entry, tuple(keys)) for entry, keys in support.attached().items())
        return (
            self.place,
            support.speaker,
            speakers_at(self.controller, self.place),
            support.targets(),
            attached,
            others,
        )

    def _show_all(self, place: FocusedPlace, open_cards: set[str]) -> None:
        support = self.support(place)
        self.heading(self.texts.gettext("Evidence for {place}").format(place=self.wording.place(place.address)))
        self._show_speakers(support.speaker, speakers_at(self.controller, place))
        attached, targets = support.attached(), support.targets()
        if not attached:
            self.line(self.wording.evidence_grade(0), is_muted=True)
        for entry_id, keys in attached.items():
            self._show_entry(entry_id, EvidenceCoverage(len(keys), len(targets)))
        for card in self.cards:
            if card.objectName() in open_cards:
                card.show_details()
        self._show_others(place, support.speaker)
        if self.controller.session.is_read_only:
            self._leave_room_for_problem()
        else:
            self._show_ways(place, len(targets))

    def _show_speakers(self, speaker: EvidenceSpeaker, speakers: list[EvidenceSpeaker]) -> None:
        texts, (layer, respondent) = self.texts, speaker
        if len(speakers) == 1:
            who = self.wording.respondent(layer, respondent)
            sentence = texts.gettext("Supports the answer of {who}").format(who=who)
            self.line(sentence, TextRole.CAPTION, is_muted=True)
            return
        label = texts.gettext("Supports the answer of")
        choices = [(f"{one.value} {agency}", self.wording.respondent(one, agency)) for one, agency in speakers]
        row = with_name(ChipRow(label, choices, f"{layer.value} {respondent}"), "evidence_speaker")
        row.chosen.connect(self._choose_speaker)
        lay_out(self.body, Label(label, TextRole.CAPTION, is_muted=True), row)

    def _choose_speaker(self, named: str) -> None:
        layer, _, respondent = named.partition(" ")
        self._chosen = (AnswerLayer(layer), respondent)
        self.mark_stale()

    def _show_entry(self, entry_id: str, reach: EvidenceCoverage) -> None:
        entry = self.controller.session.entry("evidence", entry_id)
        if isinstance(entry, Evidence):
            acts = EvidenceActions(
                open=self.open_entry, detach_from_answers=self.detach_from_answers, spread=self.put_under
            )
            card = EvidenceCard(self.controller, self.wording, entry, acts, reach)
            self.cards.append(card)
            self.body.addWidget(card)

    def _show_others(self, place: FocusedPlace, speaker: EvidenceSpeaker) -> None:
        for answer in self.controller.session.answers_at(place.address):
            if (answer.key.layer, answer.key.respondent) == speaker or not answer.content.evidence:
                continue
            self.line(self.wording.respondent(answer.key.layer, answer.key.respondent), TextRole.STRONG)
            self.body.addWidget(
                plain_running_text(format_evidence(answer.content.evidence, self.wording), is_muted=True)
            )

    def _show_ways(self, place: FocusedPlace, count: int) -> None:
        texts = self.texts
        self.heading(texts.gettext("Add evidence"))
        if not count:
            self.line(texts.gettext("No answers in this table yet. Answer first, or go to one of its rows."))
            self._leave_room_for_problem()
            return
        if place.field is None and count > 1:
            sentence = texts.gettext("The evidence is added to each of the {count} answers.")
            self.line(sentence.format(count=texts.number(count)), TextRole.CAPTION, is_muted=True)
        self.adding = AddEvidence(self.controller, self.wording, self._known)
        self.adding.files.connect(lambda files: self.take(OfferedEvidence(files=tuple(files))))
        self.adding.paste_asked.connect(self.paste)
        self.adding.link.connect(self.add_link)
        self.adding.picked.connect(self.put_under)
        self.body.addWidget(self.adding)

    def _leave_room_for_problem(self) -> None:
        self._problem = self.line("", TextRole.CAPTION)
        self._problem.set_colour("danger")
        self._problem.hide()

    def _known(self) -> list[tuple[str, str]]:
        """List what can be picked: all that does not stand under every answer here."""
        if self.place is None:
            return []
        support = self.support(self.place)
        count = len(support.targets())
        here = {entry for entry, keys in support.attached().items() if len(keys) >= count}
        entries = self.controller.session.entries("evidence")
        return [(entry.id, self.wording.evidence(entry.id)) for entry in entries if entry.id not in here]

    def _do(self, act: Callable[[PlaceEvidence], ProblemSentences]) -> None:
        """Change what supports the answers here as one step, and say what was refused."""
        if self.place is None:
            return
        with self.controller.one_step():
            problems = act(self.support(self.place))
        self.refresh_if_stale()
        self._say_problems(problems)

    def put_under(self, entry_id: str) -> None:
        self._do(lambda support: support.put_under(entry_id))

    def detach_from_answers(self, entry_id: str) -> None:
        self.setFocus()
        self._do(lambda support: support.detach_from_answers(entry_id))

    @property
    def takes_evidence(self) -> bool:
        if self.place is None or self.controller.session.is_read_only:
            return False
        return bool(self.support(self.place).targets())

    def paste(self) -> None:
        self.take_mime(QGuiApplication.clipboard().mimeData())

    def take_mime(self, mime: QMimeData | None) -> None:
        """Attach what is dropped or pasted; say what can be, if it is something else."""
        found = read_offered(mime, self.texts)
        if found:
            self.take(found)
        else:
            sentence = self.texts.gettext(
                "The clipboard holds no file, picture or link. Copy one of these and try again."
            )
            self._say_problems((sentence,))

    def take(self, offered: OfferedEvidence) -> None:
        if self.takes_evidence:
            self._do(lambda support: support.take(offered))

    def add_link(self, link: str) -> None:
        if self.takes_evidence:
            self._do(lambda support: support.add_links((link,)))

    def _say_problems(self, sentences: Iterable[str]) -> None:
        said = "\n".join(sentence for sentence in sentences if sentence)
        if self.adding is not None:
            self.adding.show_problem(said)
        elif self._problem is not None:
            self._problem.show_or_hide(said)

    def open_entry(self, entry_id: str) -> None:
        entry = self.controller.session.entry("evidence", entry_id)
        if isinstance(entry, Evidence):
            problem = open_evidence(entry, self._opened, self.wording.evidence(entry_id), self.texts)
            self._say_problems((problem,))

    def flush(self) -> None:
        for card in self.cards:
            card.flush()
