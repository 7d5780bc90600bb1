"""The head of a section's page: title, how far it has come, what is to confirm, introduction."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from capacity_app.domain.completeness import Completeness
from capacity_app.domain.instrument import Section
from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.theme import SMALL, TIGHT, Role
from capacity_app.ui.questionnaire.confirm_strip import ConfirmAll
from capacity_app.ui.questionnaire.pairs import NO_SECOND, PairedWords, second_of
from capacity_app.ui.wording import Wording


def _flat(text: str) -> str:
    return " ".join(text.split())


class SectionHeading(QWidget):
    """Number, title and introduction of a section, and how far it has come."""

    def __init__(self, wording: Wording, section: Section) -> None:
        super().__init__()
        texts = wording.texts
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SMALL, 0, 0)
        layout.setSpacing(TIGHT)
        part = texts.gettext("Part {number}").format(number=section.number)
        layout.addWidget(Words(part, Role.CAPTION, is_muted=True))
        self.title = PairedWords(wording.section(section), Role.TITLE, below=Role.HEADING)
        layout.addWidget(self.title)
        self.progress = Words("", Role.CAPTION, is_muted=True)
        layout.addWidget(self.progress)
        self.confirm_all = ConfirmAll(texts)
        layout.addWidget(self.confirm_all)
        self.introduction = PairedWords(_flat(wording.introduction(section)), Role.BODY, is_muted=True)
        if self.introduction.text():
            layout.addSpacing(SMALL)
            layout.addWidget(self.introduction)
        self._texts, self._section = texts, section

    def show_second(self, second: Wording | None) -> None:
        """Show title and introduction in a second wording too, or no longer."""
        for label, text in (
            (self.title, second.section(self._section) if second else ""),
            (self.introduction, _flat(second.introduction(self._section)) if second else ""),
        ):
            label.set_second(second_of(label.text(), text, second) if second else NO_SECOND)

    def show_offers(self, count: int, earlier: str, agency: str) -> None:
        """Offer to confirm what the earlier round said in the whole part."""
        number = self._texts.number(count)
        label = self._texts.ngettext(
            "{count} answer of {round} to confirm", "{count} answers of {round} to confirm", count
        )
        said = self._texts.ngettext(
            "{count} answer of {round} becomes an answer of {agency}. Undo takes it back.",
            "{count} answers of {round} become answers of {agency}. One undo takes them all back.",
            count,
        )
        values = {"count": number, "round": earlier, "agency": agency}
        self.confirm_all.offer(count, label.format(**values), said.format(**values))

    def show_progress(self, done: Completeness) -> None:
        """Say how much has been asked."""
        said = self._texts.gettext("{asked} of {wanted} asked").format(
            asked=self._texts.number(done.asked), wanted=self._texts.number(done.wanted)
        )
        if done.conflicts:
            differ = self._texts.ngettext(
                "{count} place where answers differ", "{count} places where answers differ", done.conflicts
            )
            said = f"{said} · {differ.format(count=self._texts.number(done.conflicts))}"
        self.progress.setText(said)
