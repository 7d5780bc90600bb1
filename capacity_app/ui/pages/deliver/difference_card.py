"""One difference to decide on: its place and sides in words, field by field, and the card that shows it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from capacity_app.domain.assessment.answer_rules import locate
from capacity_app.domain.assessment.answers import EMPTY_CONTENT, AnswerKey, AnswerLayer, AnswerState, Content
from capacity_app.domain.assessment.merging import DecisionSide, DifferenceVersion, DiffKind, MergeDifference
from capacity_app.domain.assessment.register_fields import REGISTER_INFO, FieldKind, register_fields
from capacity_app.domain.assessment.registers import FeasibilityRating, RegisterEntry, Remark
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.ui.question_widgets.panel_parts import EqualColumns, shorten_line
from capacity_app.ui.session.formatters import REGISTER_TITLES, EntryFormatter
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, TIGHT, TextRole
from capacity_app.ui.widgets.banners import IconLabel
from capacity_app.ui.widgets.buttons import FlatButton
from capacity_app.ui.widgets.cards import Card, Label, scroll_area_of
from capacity_app.ui.widgets.keys import keyboard_label
from capacity_app.ui.widgets.layouts import lay_out, side_by_side
from capacity_app.ui.widgets.running_text import RunningText, TextRun, diff_runs, plain_running_text

# What one side of a difference says, part by part, in words: an answer's parts, or a register entry's fields.


_PARTS = {"value": N_("Answer"), "reason": N_("Reason"), "note": N_("Note"), "evidence": N_("Evidence")}
_COMPARED = frozenset({FieldKind.PARAGRAPH, FieldKind.TEXT})
"""Kinds of fields that are compared word by word."""


@dataclass(frozen=True, slots=True)
class DifferenceField:
    """One part of what a side says: its name, a label, the words; prose is compared word by word."""

    name: str
    label: str
    text: str
    is_prose: bool = False


def difference_fields(
    formatter: EntryFormatter, difference: MergeDifference, version: DifferenceVersion, *, by_field: bool
) -> tuple[DifferenceField, ...]:
    """Return what a side says; where one field is decided on (``by_field``), that field alone, even if it is empty."""
    if difference.key is not None:
        found = tuple(
            answer_fields(formatter, difference.key, version.content or EMPTY_CONTENT, decided=difference.field)
        )
        # Whoever decides on the value decides on the state too, and with it on its reason.
        decided = {"value": {"value", "reason"}}.get(difference.field, {difference.field})
        return tuple(one for one in found if one.name in decided) if by_field and difference.field else found
    return tuple(_entry_fields(formatter, difference, version.entry)) if version.entry is not None else ()


def field_label(formatter: EntryFormatter, difference: MergeDifference) -> str:
    """Name the one field that is decided on, empty where there is none."""
    if not difference.field:
        return ""
    if difference.key is not None:
        return formatter.texts.gettext(_PARTS[difference.field])
    return formatter.wording.label(difference.register, difference.field)


def answer_fields(
    formatter: EntryFormatter, key: AnswerKey, content: Content, *, decided: str = ""
) -> Iterator[DifferenceField]:
    """Go through what an answer says part by part, without the parts that are empty but for the ``decided`` one."""
    gives_reason_itself = content.state is AnswerState.NOT_APPLICABLE and decided != "reason"
    texts = {
        "value": _answer_value_text(formatter, key, content),
        "reason": "" if gives_reason_itself else content.reason,
        "note": content.note,
        "evidence": "; ".join(formatter.wording.evidence(entry) for entry in content.evidence),
    }
    is_prose = {"value": isinstance(content.value, str) and " " in content.value, "reason": True, "note": True}
    for name, text in texts.items():
        if text or name == decided:
            yield DifferenceField(name, formatter.texts.gettext(_PARTS[name]), text, is_prose.get(name, False))


def _answer_value_text(formatter: EntryFormatter, key: AnswerKey, content: Content) -> str:
    found = locate(formatter.instrument, key.address)
    if found is None:
        return "" if content.value is None else str(content.value)
    return formatter.wording.content(found.question, found.field, content)


def _entry_fields(
    formatter: EntryFormatter, difference: MergeDifference, entry: RegisterEntry
) -> Iterator[DifferenceField]:
    for info in register_fields(difference.register):
        text = formatter.wording.field_text(info, getattr(entry, info.name), ", ")
        if info.name == difference.field or (text and not difference.field):
            yield DifferenceField(info.name, formatter.texts.gettext(info.label), text, info.kind in _COMPARED)


# A difference in words: where it is, what it is about, and what would become of it.


TO_DECIDE = "to_decide"
"""Stands beside the fates: what both sides changed, so that a person has to decide."""
DIFFERENCE_KIND_LABELS: dict[str, str] = {
    TO_DECIDE: N_("To decide"),
    DiffKind.NEW.value: N_("New"),
    DiffKind.CHANGED.value: N_("Changed"),
    DiffKind.CLEARED.value: N_("Cleared"),
    DiffKind.REFUSED.value: N_("Invalid"),
}
"""What a difference is, in the order of the tabs."""
DIFFERENCE_KIND_SIGNS: dict[str, tuple[str, str]] = {
    TO_DECIDE: ("?", "warning"),
    DiffKind.NEW.value: ("+", "muted"),
    DiffKind.CHANGED.value: ("≠", "muted"),
    DiffKind.CLEARED.value: ("–", "warning"),
    DiffKind.REFUSED.value: ("!", "danger"),
}
"""A sign for each, and the name of its colour."""


def difference_kind(difference: MergeDifference) -> str:
    if difference.is_contested and difference.fate is not DiffKind.REFUSED:
        return TO_DECIDE
    return difference.fate.value


@dataclass(frozen=True)
class DifferenceFormatter:
    """Says differences of one assessment in one language; ``decided`` words what was decided.

    ``sender`` is the agency that need not be named, ``by_field`` where fields are decided on one by one; ``kinds``
    words the ``DIFFERENCE_KIND_LABELS`` otherwise.
    """

    formatter: EntryFormatter
    decided: dict[DecisionSide, str]
    sender: str = ""
    by_field: bool = False
    kinds: Mapping[str, str] = field(default_factory=lambda: DIFFERENCE_KIND_LABELS)

    def place(self, difference: MergeDifference) -> str:
        """Return where it is: the number of a question and who speaks, or the register; the field where it is one's."""
        is_named = difference.field and (self.by_field or difference.key is None)
        field = field_label(self.formatter, difference) if is_named else ""
        return " · ".join(part for part in (self._spot(difference), field) if part)

    def _spot(self, difference: MergeDifference) -> str:
        key = difference.key
        if key is None:
            return self.register(difference.register)
        place = self.formatter.wording.number_at(key.address)
        if key.layer is AnswerLayer.RESPONSE and key.respondent in {"", self.sender}:
            return place
        return f"{place} · {self.formatter.wording.respondent(key.layer, key.respondent)}"

    def register(self, register: str) -> str:
        return self.formatter.texts.gettext(REGISTER_INFO[register].title)

    def subject(self, difference: MergeDifference) -> str:
        if difference.key is not None:
            return self.formatter.wording.words_at(difference.key.address)
        sides = [difference.mine, difference.theirs, *([difference.base] if difference.base else [])]
        entry = next((side.entry for side in sides if side.entry is not None), None)
        if isinstance(entry, FeasibilityRating):
            return self.formatter.gap_name(entry.id)
        if isinstance(entry, Remark):
            return shorten_line(entry.text)
        return self.formatter.title(difference.register, entry) if difference.register in REGISTER_TITLES else ""

    def title(self, difference: MergeDifference) -> str:
        return "  ".join(part for part in (self.place(difference), self.subject(difference)) if part)

    def facets(self, difference: MergeDifference, version: DifferenceVersion) -> tuple[DifferenceField, ...]:
        return difference_fields(self.formatter, difference, version, by_field=self.by_field or difference.key is None)

    def said(self, difference: MergeDifference, version: DifferenceVersion) -> str:
        """Say in a few words what a side says."""
        parts = [facet.text for facet in self.facets(difference, version) if facet.text]
        return shorten_line(" · ".join(parts)) if parts else self.nothing(difference, version)

    def same_answer(self, difference: MergeDifference) -> str:
        """Say what differs where the answer itself is the same; empty where it is not."""
        if difference.key is None or self.by_field:
            return ""
        mine, theirs = (
            {one.name: one for one in self.facets(difference, side)} for side in (difference.mine, difference.theirs)
        )
        texts = {
            name: tuple(side[name].text if name in side else "" for side in (mine, theirs)) for name in mine | theirs
        }
        differing = [(mine | theirs)[name].label for name, (here, there) in texts.items() if here != there]
        if "value" not in texts or texts["value"][0] != texts["value"][1] or not differing:
            return ""
        say = self.formatter.texts
        return say.gettext("same answer, different: {parts}").format(parts=say.listed(differing))

    def nothing(self, difference: MergeDifference, version: DifferenceVersion | None) -> str:
        if difference.fate is DiffKind.REFUSED and version is difference.theirs:
            texts = self.formatter.texts
            said = dict(difference.problem.values).get("said") if difference.problem else ""
            return (
                texts.gettext("“{text}” cannot be read as an answer.").format(text=said)
                if said
                else texts.gettext("Cannot be read as an answer")
            )
        if difference.key is None:
            return self.formatter.texts.gettext("No entry")
        return self.formatter.texts.gettext("Unanswered")

    def nothing_here(self, difference: MergeDifference, version: DifferenceVersion | None) -> str:
        """Say that there is nothing, and what other agencies have answered at the place."""
        key, texts, wording = difference.key, self.formatter.texts, self.formatter.wording
        found = locate(self.formatter.instrument, key.address) if key is not None else None
        if key is None or found is None or key.layer is not AnswerLayer.RESPONSE or not key.respondent:
            return self.nothing(difference, version)
        unanswered = texts.gettext("Unanswered by {agency}").format(agency=wording.agency(key.respondent))
        said = [
            texts.gettext("{who}: {what}").format(
                who=wording.agency(other.key.respondent),
                what=wording.content(found.question, found.field, other.content),
            )
            for other in self.formatter.session.answers_at(key.address)
            if other.key.layer is AnswerLayer.RESPONSE and other.key.respondent != key.respondent
        ]
        return "\n".join((unanswered, *said))

    def kind(self, difference: MergeDifference) -> str:
        return self.formatter.texts.gettext(self.kinds[difference_kind(difference)])

    def standing(self, difference: MergeDifference, decision: DecisionSide | None) -> str:
        """Return what it is and what was decided."""
        if difference.fate is DiffKind.REFUSED:
            return self.kind(difference)
        said = self.decided[decision] if decision else self.formatter.texts.gettext("not decided yet")
        return f"{self.kind(difference)} · {said}"


_LETTERS = 26
"""Letters a side needs beside another one."""


@dataclass(frozen=True, slots=True)
class SideLabels:
    """What the sides are called and the buttons say, all in the person's language."""

    base: str
    mine: str
    theirs: str
    accept: str
    keep: str
    accept_shown: str
    keep_shown: str
    accepted: str
    kept: str


class DifferenceSideCard(Card):
    """What one side says; what differs from ``against`` is marked, prose word by word."""

    def __init__(
        self,
        title: str,
        shown: Sequence[DifferenceField],
        against: Sequence[DifferenceField] | None,
        formatter: DifferenceFormatter,
        nothing: str,
    ) -> None:
        super().__init__(margin=MEDIUM)
        self._formatter, self._title = formatter, title
        lay_out(self.body, Label(title, TextRole.CAPTION, is_muted=True), spacing=TIGHT)
        known = {facet.name: facet for facet in against or ()}
        for facet in shown:
            self._add(facet, known.get(facet.name), is_compared=against is not None)
        gone = [facet for facet in against or () if facet.name not in {one.name for one in shown}]
        for facet in gone if shown else ():
            self._label(facet, is_marked=True)
            self._add_runs(facet.label, diff_runs(facet.text, ""))
        if not shown:
            self.body.addWidget(Label(nothing, is_muted=True))

    def _label(self, facet: DifferenceField, *, is_marked: bool) -> None:
        said = (
            self._formatter.formatter.texts.gettext("≠ {label}").format(label=facet.label) if is_marked else facet.label
        )
        label = Label(said, TextRole.CAPTION, is_muted=not is_marked)
        if is_marked:
            label.set_colour("warning")
        self.body.addWidget(label)

    def _add(self, facet: DifferenceField, before: DifferenceField | None, *, is_compared: bool) -> None:
        was = before.text if before else ""
        self._label(facet, is_marked=is_compared and was != facet.text)
        if not facet.text:
            self.body.addWidget(Label(self._formatter.formatter.texts.gettext("Nothing"), is_muted=True))
        elif is_compared and facet.is_prose and was and was != facet.text:
            self._add_runs(facet.label, diff_runs(was, facet.text))
        else:
            self._add_runs(facet.label, [TextRun(facet.text)])

    def _add_runs(self, label: str, runs: Iterable[TextRun]) -> None:
        shown = RunningText(f"{self._title}, {label}")
        shown.show_runs(runs)
        self.body.addWidget(shown)

    def close_off(self, version: DifferenceVersion, decision: str) -> None:
        """Say by whom, when and in which file, and that this side was decided for."""
        texts = self._formatter.formatter.texts
        is_day = len(version.time) == len("2026-05-03")
        when = texts.short_date(version.time) if is_day else texts.date_time(version.time) if version.time else ""
        support = "\n".join(part for part in (" · ".join(filter(None, (when, version.author))), version.file) if part)
        if support:
            self.body.addWidget(plain_running_text(support, TextRole.CAPTION, is_muted=True))
        self.body.addStretch(1)
        if decision:
            self._tint, self._edge = "accent_tint", "accent"
            self.body.addWidget(Label(f"✓ {decision}", TextRole.STRONG, colour="accent"))


class DecisionCard(QWidget):
    """The current difference and the buttons that decide on it; ``decided`` carries a side, or None for "later"."""

    decided = Signal(object)

    def __init__(self, formatter: DifferenceFormatter, sides: SideLabels) -> None:
        super().__init__()
        self._formatter, self._sides = formatter, sides
        self._area = scroll_area_of()  # the list scrolls it with Space
        self._content: QWidget | None = None
        self.accept = FlatButton(sides.accept, "A")
        self.keep = FlatButton(sides.keep, "K")
        self.later = FlatButton(
            formatter.formatter.texts.gettext("Decide later"), keyboard_label(formatter.formatter.texts, "Del")
        )
        for button, name, side in (
            (self.accept, "decide_accept", DecisionSide.THEIRS),
            (self.keep, "decide_keep", DecisionSide.MINE),
            (self.later, "decide_later", None),
        ):
            button.setObjectName(name)
            button.is_chip = True
            button.clicked.connect(lambda _on=False, side=side: self.decided.emit(side))
        column = lay_out(QVBoxLayout(self), (self._area, 1), margins=0, spacing=SMALL)
        column.addLayout(side_by_side(self.accept, self.keep, self.later))

    def show_difference(
        self, difference: MergeDifference | None, decision: DecisionSide | None, rivals: int = 0
    ) -> None:
        """Lay out a difference, or nothing; ``rivals`` are other values of the same place."""
        can_decide = difference is not None and difference.fate is not DiffKind.REFUSED
        for button in (self.accept, self.keep):
            button.setEnabled(can_decide)
        self.later.setEnabled(can_decide and decision is not None)
        content = QWidget()
        column = lay_out(QVBoxLayout(content), margins=(0, 0, SMALL, 0), spacing=SMALL)
        if difference is not None:
            self._fill(column, difference, decision, rivals)
        column.addStretch(1)
        self._area.setWidget(content)

    def _fill(
        self, column: QVBoxLayout, difference: MergeDifference, decision: DecisionSide | None, rivals: int
    ) -> None:
        formatter = self._formatter
        column.addWidget(Label(formatter.place(difference), TextRole.CAPTION, is_muted=True))
        if subject := formatter.subject(difference):
            column.addWidget(Label(subject, TextRole.QUESTION))
        parts = (formatter.standing(difference, decision), formatter.same_answer(difference), difference.place)
        column.addWidget(Label(" · ".join(part for part in parts if part), TextRole.CAPTION))
        if difference.is_contested and rivals:
            column.addWidget(Label(self._of_several(rivals), TextRole.CAPTION))
        if difference.problem is not None:
            column.addWidget(self._problem(difference.problem.text(formatter.formatter.texts.gettext)))
        sides = EqualColumns(_LETTERS)
        for card in self._cards(difference, decision):
            sides.place(card)
        column.addWidget(sides)

    def _of_several(self, rivals: int) -> str:
        texts = self._formatter.formatter.texts
        return texts.counted(
            "The files hold {count} other value here. If you use this one, the other is not used.",
            "The files hold {count} other values here. If you use this one, the others are not used.",
            rivals,
        )

    def _problem(self, sentence: str) -> QWidget:
        card = Card(tint="danger_tint", edge="danger", margin=MEDIUM)
        lay_out(card.body, lay_out(QHBoxLayout(), IconLabel("danger", "danger"), (Label(sentence), 1), spacing=SMALL))
        return card

    def _cards(self, difference: MergeDifference, decision: DecisionSide | None) -> list[DifferenceSideCard]:
        """Return the sides; the one before only where it is neither of the others."""
        said = {side: self._formatter.facets(difference, side_of) for side, side_of in _sides(difference).items()}
        base = said.get("base")
        shows_base = base is not None and base != said["mine"]
        against_mine = against_theirs = None
        if shows_base and base is not None:
            # What both sides say alike is no difference between them.
            alike = [one for one in said["mine"] if one in said["theirs"]]
            known = {one.name for one in alike}
            against_mine = against_theirs = (*alike, *(one for one in base if one.name not in known))
        else:
            against_theirs = said["mine"]
        cards = [
            self._side("mine", difference, said["mine"], against_mine, DecisionSide.MINE, decision),
            self._side("theirs", difference, said["theirs"], against_theirs, DecisionSide.THEIRS, decision),
        ]
        if shows_base and difference.base is not None:
            cards.append(self._side("base", difference, base or (), None, None, decision))
        return cards

    def _side(
        self,
        name: str,
        difference: MergeDifference,
        shown: Sequence[DifferenceField],
        against: Sequence[DifferenceField] | None,
        side: DecisionSide | None,
        decision: DecisionSide | None,
    ) -> DifferenceSideCard:
        title = {"base": self._sides.base, "mine": self._sides.mine, "theirs": self._sides.theirs}[name]
        version = _sides(difference)[name]
        say_nothing = self._formatter.nothing_here if name == "mine" else self._formatter.nothing
        card = DifferenceSideCard(title, shown, against, self._formatter, say_nothing(difference, version))
        card.setObjectName(f"side_{name}")
        is_chosen = side is not None and side is decision
        chosen = {DecisionSide.MINE: self._sides.kept, DecisionSide.THEIRS: self._sides.accepted}
        card.close_off(version, chosen[side] if side is not None and is_chosen else "")
        return card

    def page(self, direction: int) -> None:
        bar = self._area.verticalScrollBar()
        bar.setValue(bar.value() + direction * max(bar.pageStep() - self.fontMetrics().height(), 1))


def _sides(difference: MergeDifference) -> dict[str, DifferenceVersion]:
    sides = {"mine": difference.mine, "theirs": difference.theirs}
    return sides | ({"base": difference.base} if difference.base is not None else {})
