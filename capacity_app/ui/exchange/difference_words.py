"""A difference in words: where it is, what it is about, and what would become of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from capacity_app.domain.answers import Layer
from capacity_app.domain.assessment import Rating, Remark
from capacity_app.domain.checking import locate
from capacity_app.domain.deciding import Difference, Fate, Side, Version
from capacity_app.domain.problems import N_
from capacity_app.domain.registers import REGISTER_INFO
from capacity_app.ui.exchange.facets import Facet, facets, field_label
from capacity_app.ui.questionnaire.voice_cards import shortened
from capacity_app.ui.registers.entry_words import REGISTER_TITLES, Vocabulary

TO_DECIDE = "to_decide"
"""Stands beside the fates: what both sides changed, so that a person has to decide."""
KINDS: dict[str, str] = {
    TO_DECIDE: N_("To decide"),
    Fate.NEW.value: N_("New"),
    Fate.CHANGED.value: N_("Changed"),
    Fate.CLEARED.value: N_("Cleared"),
    Fate.REFUSED.value: N_("Cannot be stored"),
}
"""What a difference is, in the order of the tabs."""
SIGNS: dict[str, tuple[str, str]] = {
    TO_DECIDE: ("?", "warning"),
    Fate.NEW.value: ("+", "muted"),
    Fate.CHANGED.value: ("≠", "muted"),
    Fate.CLEARED.value: ("–", "warning"),
    Fate.REFUSED.value: ("!", "danger"),
}
"""A sign for each, and the name of its colour."""


def kind_of(difference: Difference) -> str:
    if difference.is_contested and difference.fate is not Fate.REFUSED:
        return TO_DECIDE
    return difference.fate.value


@dataclass(frozen=True)
class DifferenceWords:
    """Says differences of one assessment in one language; ``decided`` words what was decided.

    ``names_agency`` is for differences of several agencies, ``by_field`` where fields are decided on one by one;
    ``kinds`` words the ``KINDS`` otherwise.
    """

    words: Vocabulary
    decided: dict[Side, str]
    names_agency: bool = True
    by_field: bool = False
    kinds: Mapping[str, str] = field(default_factory=lambda: KINDS)

    def place(self, difference: Difference) -> str:
        """Return where it is: the number of a question and who speaks, or the register; the field where it is one's."""
        field = field_label(self.words, difference) if self.by_field and difference.field else ""
        return " · ".join(part for part in (self._spot(difference), field) if part)

    def _spot(self, difference: Difference) -> str:
        key = difference.key
        if key is None:
            return self.register(difference.register)
        place = self.words.wording.place(key.address)
        if key.layer is Layer.RESPONSE and not (key.respondent and self.names_agency):
            return place
        return f"{place} · {self.words.wording.respondent(key.layer, key.respondent)}"

    def register(self, register: str) -> str:
        return self.words.texts.gettext(REGISTER_INFO[register].title)

    def subject(self, difference: Difference) -> str:
        """Return what it is about: the wording of the question or row, or the entry's name."""
        if difference.key is not None:
            address, wording = difference.key.address, self.words.wording
            found = locate(self.words.instrument, address)
            row = found.question.row_by_id.get(address.row) if found else None
            if found is None:
                return ""
            return wording.row(found.question, row) if row else wording.question(found.question)
        sides = [difference.mine, difference.theirs, *([difference.base] if difference.base else [])]
        entry = next((side.entry for side in sides if side.entry is not None), None)
        if isinstance(entry, Rating):
            return self.words.gap_name(entry.id)
        if isinstance(entry, Remark):
            return shortened(entry.text)
        return self.words.title(difference.register, entry) if difference.register in REGISTER_TITLES else ""

    def title(self, difference: Difference) -> str:
        return "  ".join(part for part in (self.place(difference), self.subject(difference)) if part)

    def facets(self, difference: Difference, version: Version) -> tuple[Facet, ...]:
        return facets(self.words, difference, version, by_field=self.by_field or difference.key is None)

    def said(self, difference: Difference, version: Version) -> str:
        """Say in a few words what a side says."""
        parts = [facet.text for facet in self.facets(difference, version) if facet.text]
        return shortened(" · ".join(parts)) if parts else self.nothing(difference)

    def nothing(self, difference: Difference) -> str:
        """Say that a side says nothing."""
        if difference.key is None:
            return self.words.texts.gettext("Not there")
        return self.words.texts.gettext("No answer")

    def kind(self, difference: Difference) -> str:
        return self.words.texts.gettext(self.kinds[kind_of(difference)])

    def standing(self, difference: Difference, decision: Side | None) -> str:
        """Return what it is and what was decided."""
        if difference.fate is Fate.REFUSED:
            return self.kind(difference)
        said = self.decided[decision] if decision else self.words.texts.gettext("not decided yet")
        return f"{self.kind(difference)} · {said}"
