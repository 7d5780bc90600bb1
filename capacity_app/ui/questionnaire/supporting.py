"""Putting evidence under answers: whose, which, and how files, links and pictures become evidence entries."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QBuffer
from PySide6.QtGui import QImage

from capacity_app.domain.answers import Address, AnswerKey, Content, Layer, State
from capacity_app.domain.assessment import Evidence
from capacity_app.domain.support import carriers, supported_keys
from capacity_app.texts import Texts
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.questionnaire.evidence_adding import LINK, Offered, picture_name
from capacity_app.ui.questionnaire.layer_editor import today
from capacity_app.ui.questionnaire.panel import Place
from capacity_app.ui.questionnaire.reading import read_typed

Speaker = tuple[Layer, str]
Problems = list[str]
"""Sentences on what was refused, each with what to do."""


def speakers_at(bridge: Bridge, place: Place) -> list[Speaker]:
    """List whose answers at a place can be supported: the present agency first, then all who have said something."""
    found: dict[Speaker, None] = {(Layer.RESPONSE, bridge.respondent): None}
    block = bridge.session.sheet.blocks[place.question.id]
    inside = (item.address for item in block.items if place.row is None or item.row is place.row)
    addresses = [place.address] if place.field is not None else [place.address, *inside]
    for address in addresses:
        for answer in bridge.session.answers_at(address):
            if not answer.content.is_empty:
                found[answer.key.layer, answer.key.respondent] = None
    return list(found)


def usual_speaker(bridge: Bridge, place: Place) -> Speaker:
    """Choose whose answer is supported: the present agency's, or the judgement if there is no answer but that."""
    own = (Layer.RESPONSE, bridge.respondent)
    judged = AnswerKey(place.address, Layer.JUDGEMENT)
    is_silent = bridge.content(place.address).state is State.NOT_ASKED and place.field is not None
    return (Layer.JUDGEMENT, "") if is_silent and not bridge.session.content(judged).is_empty else own


@dataclass(frozen=True)
class Support:
    """The evidence of one speaker at one place, in a row or table under all answers given there."""

    bridge: Bridge
    texts: Texts
    address: Address
    speaker: Speaker

    @property
    def _content(self) -> Callable[[AnswerKey], Content]:
        return self.bridge.session.content

    def targets(self) -> tuple[AnswerKey, ...]:
        """Return the answers that evidence put here supports."""
        block = self.bridge.session.sheet.blocks[self.address.question]
        return supported_keys(block, self.address, *self.speaker, self._content)

    def carriers(self, entry_id: str) -> list[AnswerKey]:
        """Return the answers here that name a piece of evidence."""
        block = self.bridge.session.sheet.blocks[self.address.question]
        return carriers(block, self.address, *self.speaker, self._content, entry_id)

    def attached(self) -> dict[str, list[AnswerKey]]:
        """Return the evidence of the supported answers, each piece with the answers it stands under."""
        named: dict[str, None] = {}
        for key in (AnswerKey(self.address, *self.speaker), *self.targets()):
            named.update(dict.fromkeys(self._content(key).evidence))
        return {entry: self.carriers(entry) for entry in named}

    def put_under(self, entry_id: str) -> Problems:
        """Put a piece of evidence under all supported answers that lack it."""
        for key in self.targets():
            content = self._content(key)
            if entry_id not in content.evidence and not self.bridge.record(
                key, replace(content, evidence=(*content.evidence, entry_id))
            ):
                return self._refusal()
        return []

    def take_off(self, entry_id: str) -> Problems:
        """Take a piece of evidence off all answers here; it stays in the register."""
        for key in self.carriers(entry_id):
            content = self._content(key)
            kept = tuple(entry for entry in content.evidence if entry != entry_id)
            if not self.bridge.record(key, replace(content, evidence=kept)):
                return self._refusal()
        return []

    def _refusal(self) -> Problems:
        refusal = self.bridge.refusal
        return [refusal.text(self.texts.gettext)] if refusal is not None else []

    def take(self, offered: Offered) -> Problems:
        """Attach files, links or a picture."""
        problems = [problem for file in offered.files for problem in self._attach(file)]
        problems += self.add_links(offered.links)
        if offered.picture is not None:
            problems += self._attach_picture(offered.picture)
        return problems

    def _attach(self, file: Path) -> Problems:
        if file.is_dir():
            sentence = self.texts.gettext("“{file}” is a folder: attach the files in it.")
            return [sentence.format(file=file.name)]
        return self._put_new(self.bridge.attach(file))

    def _put_new(self, entry: Evidence | None) -> Problems:
        return self._refusal() if entry is None else self.put_under(entry.id)

    def _attach_picture(self, picture: QImage) -> Problems:
        # In memory: what is shown in an answer has no business in a temporary folder.
        written = QBuffer()
        written.open(QBuffer.OpenModeFlag.WriteOnly)
        if not picture.save(written, "PNG"):  # type: ignore[call-overload]  # the stubs want bytes
            return [
                self.texts.gettext("The picture cannot be kept: copy it again, or save it as a file and attach that.")
            ]
        title = self.texts.gettext("Picture of {date}").format(date=self.texts.date(today()))
        return self._put_new(self.bridge.attach_content(picture_name(), bytes(written.data().data()), title))

    def add_links(self, links: Sequence[str]) -> Problems:
        return [problem for link in links for problem in self._add_link(link)]

    def _add_link(self, link: str) -> Problems:
        value, problem = read_typed(LINK, link, self.texts)
        if problem or not isinstance(value, str):
            return [problem]
        title = value.partition("://")[2].rstrip("/") or value
        entry = Evidence(id=self.bridge.session.new_id("evidence"), title=title, link=value, added_on=today())
        return self.put_under(entry.id) if self.bridge.put(entry) else self._refusal()
