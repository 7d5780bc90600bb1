"""One piece of evidence on a card: how strong it is and how it gets stronger, opening it, and what is known of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from capacity_app.domain.assessment import Evidence
from capacity_app.domain.problems import N_
from capacity_app.domain.registers import FieldKind, field_of
from capacity_app.services.attachments import in_megabytes
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.cards import Card, Words
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.quiet_button import QuietButton
from capacity_app.ui.look.theme import MEDIUM, SMALL, TIGHT, Role
from capacity_app.ui.questionnaire.passage import Passage
from capacity_app.ui.questionnaire.remark_fields import RemarkField
from capacity_app.ui.wording import Wording

_STRONGER = (
    "",
    N_("Attach the document itself to reach E2."),
    N_("Say what it was checked against to reach E3."),
    "",
)
_FIELDS = ("title", "checked_against", "note")
"""What can be said of a piece of evidence beside an answer."""
_KILOBYTE = 1000


def _with(entry: Evidence, name: str, text: str) -> Evidence:
    changed: dict[str, Any] = {name: text}
    return replace(entry, **changed)


@dataclass(frozen=True, slots=True)
class Acts:
    """What the buttons of a card do; ``spread`` puts the evidence under the answers that lack it."""

    open: Callable[[str], object]
    take_off: Callable[[str], object]
    spread: Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Reach:
    """Under how many answers of a row or table a piece stands, and how many there are."""

    here: int
    all: int


def size_words(size: int, wording: Wording) -> str:
    """Write a size as people say it."""
    if size >= _KILOBYTE * _KILOBYTE:
        return wording.texts.gettext("{size} MB").format(size=in_megabytes(size, is_rounded_up=True))
    kilobytes = wording.texts.number(max(1, size // _KILOBYTE))
    return wording.texts.gettext("{size} KB").format(size=kilobytes)


class EvidenceCard(Card):
    """One piece of evidence."""

    def __init__(self, bridge: Bridge, wording: Wording, entry: Evidence, acts: Acts, reach: Reach) -> None:
        super().__init__(margin=MEDIUM)
        self._bridge, self._wording, self._id = bridge, wording, entry.id
        self._fields: dict[str, RemarkField] = {}
        self.setObjectName(f"evidence {entry.id}")
        self.body.setSpacing(TIGHT)
        self.name = Passage("", Role.STRONG)
        self.grade = Words("", Role.CAPTION)
        self.grade.set_colour("accent")
        self.advice = Words("", Role.CAPTION, is_muted=True)
        self.about = Passage("", Role.CAPTION, is_muted=True)
        for part in (self.name, self.grade, self.advice, self.about):
            self.body.addWidget(part)
        if reach.all > 1 or reach.here > 1:
            self.body.addWidget(Words(self._reach(reach), Role.CAPTION, is_muted=True))
        self._details = self._make_details()
        self.body.addWidget(self._buttons(entry, acts, reach))
        self.body.addWidget(self._details)
        self.refresh()

    def _reach(self, reach: Reach) -> str:
        texts = self._wording.texts
        return texts.gettext("Supports {here} of {all} answers here").format(
            here=texts.number(reach.here), all=texts.number(max(reach.all, reach.here))
        )

    def _make_details(self) -> QWidget:
        details = QWidget()
        details.setObjectName("evidence_details")
        column = QVBoxLayout(details)
        column.setContentsMargins(0, SMALL, 0, 0)
        column.setSpacing(SMALL)
        texts = self._wording.texts
        for name in _FIELDS:
            described = field_of("evidence", name)
            is_long = described.kind is FieldKind.TEXT
            field = RemarkField(texts.gettext(described.label), texts, is_long=is_long)
            field.field.setPlaceholderText(texts.gettext(described.hint))
            field.field.setAcceptDrops(False)
            field.field.setObjectName(f"{name} {self._id}")
            field.written.connect(lambda text, _typing, name=name: self._put(name, text))
            self._fields[name] = field
            column.addWidget(field)
        details.setEnabled(not self._bridge.session.is_read_only)
        details.hide()
        return details

    def _buttons(self, entry: Evidence, acts: Acts, reach: Reach) -> QWidget:
        texts, line = self._wording.texts, Flow(TIGHT)
        name = self._wording.evidence(entry.id)
        if entry.document or entry.link:
            line.place(self._button("open", texts.gettext("Open"), texts.gettext("Open {name}"), name, acts.open))
        self._more = self._button("details", texts.gettext("Details"), texts.gettext("Details of {name}"), name, None)
        self._more.setCheckable(True)
        self._more.toggled.connect(self._details.setVisible)
        line.place(self._more)
        if not self._bridge.session.is_read_only:
            if reach.here < reach.all:
                label = texts.gettext("Put under all")
                line.place(self._button("spread", label, texts.gettext("Put {name} under all"), name, acts.spread))
            label, spoken = texts.gettext("Take off"), texts.gettext("Take off {name}")
            line.place(self._button("take_off", label, spoken, name, acts.take_off))
        return line

    def _button(
        self, name: str, label: str, spoken: str, entry: str, act: Callable[[str], object] | None
    ) -> QuietButton:
        button = QuietButton(label)
        button.setObjectName(f"{name} {self._id}")
        button.setAccessibleName(spoken.format(name=entry))
        if act is not None:
            button.clicked.connect(lambda _on=False: act(self._id))
        return button

    def show_details(self) -> None:
        self._more.setChecked(True)

    @property
    def has_details_open(self) -> bool:
        return self._more.isChecked()

    def field(self, name: str) -> RemarkField:
        return self._fields[name]

    def _entry(self) -> Evidence | None:
        entry = self._bridge.session.entry("evidence", self._id)
        return entry if isinstance(entry, Evidence) else None

    def refresh(self) -> None:
        """Show what is known of it now."""
        entry = self._entry()
        if entry is None:
            return
        say = self._wording.texts.gettext
        self.name.show_text(self._wording.evidence(entry.id))
        self.grade.setText(self._wording.evidence_grade(entry.grade))
        advice = _STRONGER[entry.grade]
        self.advice.setText(say(advice) if advice else "")
        self.advice.setVisible(bool(advice))
        checked = say("Checked against: {text}").format(text=entry.checked_against) if entry.checked_against else ""
        about = "\n".join(part for part in (self._file(entry), entry.link, checked, entry.note) if part)
        self.about.show_text(about)
        self.about.setVisible(bool(about))
        for name, field in self._fields.items():
            field.show_text(getattr(entry, name))

    def _file(self, entry: Evidence) -> str:
        if not entry.document:
            return ""
        return f"{entry.file_name} · {size_words(entry.size, self._wording)}"

    def _put(self, name: str, text: str) -> None:
        entry = self._entry()
        if entry is not None:
            self._bridge.put(_with(entry, name, text.strip()))

    def flush(self) -> None:
        for field in self._fields.values():
            field.flush()
