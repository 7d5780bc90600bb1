"""What was said before, on a question’s card: shown until somebody answers, confirmed by key or button."""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from capacity_app.domain.answers import Address, Content
from capacity_app.domain.assessment import KeptAnswer
from capacity_app.domain.problems import N_
from capacity_app.ui.questionnaire.choice_editors import takes_letters
from capacity_app.ui.questionnaire.confirm_strip import ConfirmStrip, Label, Versions
from capacity_app.ui.questionnaire.kept_card import changes_since, speakers

if TYPE_CHECKING:
    from capacity_app.ui.questionnaire.question_card import QuestionCard

_STILL_SO = N_("{round}: {answer}. Still so?")
_THEN = N_("To confirm, answered under version {version}: {answer}. Still so?")
_SEVERAL = N_("To confirm, one of {count} under version {version}: {answer}. Is it this one?")
Act = Callable[[], object]


class CardOffer:
    """The strip of one card; it exists only once there is something to confirm."""

    buttons = 2

    def __init__(self, card: "QuestionCard") -> None:
        self._card = card
        self._acts: list[Act] = []
        self.strip: ConfirmStrip | None = None

    @property
    def _is_closed(self) -> bool:
        return self._card.bridge.session.is_read_only

    def show(self) -> None:
        """Show what was said here in the earlier round or version, as long as nobody has answered anew."""
        card = self._card
        content = None if self._is_closed else card.bridge.carried.at(card.address)
        if card.editor is not None:
            card.editor.show_offered(content.value if content is not None else None)
        self.show_others((card.address,))
        kept = self.kept(card.address)
        if kept:
            self._offer(self.then(kept), *self._choices_of(kept))
        elif content is not None:
            here = (card.address,)
            self._offer(self._sentence(content), (self._confirm_label(),), (lambda: self.confirm(here),))
        else:
            self._offer("", (), ())
        self.compare(kept)

    def _confirm_label(self) -> Label:
        key = "F5" if takes_letters(self._card.question.kind) else "C"
        return self._card.wording.texts.gettext("Confirm"), key

    def _sentence(self, content: Content) -> str:
        wording = self._card.wording
        said = wording.content(self._card.question, self._card.field, content).removesuffix(".")
        pattern = wording.texts.gettext(_STILL_SO)
        return pattern.format(round=self._card.bridge.carried.round(wording.texts), answer=said)

    # -- the earlier version --------------------------------------------------------------------------------------

    def kept(self, address: Address) -> tuple[KeptAnswer, ...]:
        """Return what the present respondent said here under an earlier version."""
        return () if self._is_closed else self._card.bridge.carried.own(address)

    def then(self, kept: Sequence[KeptAnswer]) -> str:
        """Return what was answered under the earlier version; of several the first, and how many there are."""
        texts, first = self._card.wording.texts, kept[0]
        pattern = texts.gettext(_SEVERAL if len(kept) > 1 else _THEN)
        answer = (first.answered or texts.gettext("a note")).removesuffix(".")
        return pattern.format(version=first.version, answer=answer, count=texts.number(len(kept)))

    def _choices_of(self, kept: Sequence[KeptAnswer]) -> tuple[tuple[Label, ...], tuple[Act, ...]]:
        first = kept[:1]
        return (self._confirm_label(), self.refusing()), (lambda: self.confirm_kept(first), lambda: self.let_go(first))

    def refusing(self) -> Label:
        """Name what keeps an answer only as what was said then."""
        return self._card.wording.texts.gettext("Do not take over"), ""

    def compare(self, kept: Sequence[KeptAnswer]) -> None:
        """Show how wording and answer differ between the versions."""
        if self.strip is not None:
            pairs: tuple[Versions, ...] = changes_since(kept[0], self._card.wording) if kept else ()
            self.strip.compare(pairs)

    def show_others(self, addresses: Sequence[Address]) -> None:
        """Tell whose answers wait besides one's own; they are confirmed in the panel."""
        carried, wording = self._card.bridge.carried, self._card.wording
        others = [entry for address in addresses for entry in carried.of_others(address)]
        said = wording.texts.gettext("To confirm in the panel “Answers”: {who}.")
        self._card.show_line("others", said.format(who=speakers(others, wording)) if others else "")

    def confirm_kept(self, kept: Sequence[KeptAnswer]) -> int:
        """Make what was said under the earlier version an answer again; gives how many were stored."""
        self._card.flush()
        return self._card.bridge.carried.confirm_kept(kept)

    def let_go(self, kept: Sequence[KeptAnswer]) -> None:
        self._card.bridge.carried.let_go(kept)

    # -- the strip ------------------------------------------------------------------------------------------------

    def _offer(self, said: str, labels: Sequence[Label], acts: Iterable[Act]) -> None:
        """Show a sentence with buttons, each with what it does; no buttons take the strip away."""
        self._acts = list(acts)
        if self.strip is None:
            if not labels:
                return
            self.strip = self._make_strip()
        focused = self._card.focusWidget()
        if not labels and focused is not None and self.strip.isAncestorOf(focused):
            self._card.focus_answer()
        self.strip.offer(said, labels)

    def _make_strip(self) -> ConfirmStrip:
        strip = ConfirmStrip(self.buttons)
        strip.pressed.connect(lambda place: self._acts[place]())
        self._card.body.insertWidget(self._place(), strip)
        # Tab comes to the strip where one reads it.
        for one, following in pairwise((self._before(), *strip.buttons)):
            QWidget.setTabOrder(one, following)
        return strip

    def _place(self) -> int:
        """Return where in the card the strip goes: between question and answers."""
        return self._card.body.indexOf(self._card.editor) if self._card.editor is not None else 1

    def _before(self) -> QWidget:
        return self._card

    def confirm(self, addresses: Sequence[Address]) -> int:
        """Make what the earlier round said the present respondent's answer; gives how many were stored."""
        self._card.flush()
        return self._card.bridge.carried.confirm(addresses) if addresses else 0

    def confirm_here(self) -> None:
        self.confirm((self._card.address,))
