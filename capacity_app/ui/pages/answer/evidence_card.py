"""One piece of evidence on a card, and the ways to add one: choose a file, paste, name a link, drop."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QGuiApplication, QImage, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capacity_app.domain.assessment.register_fields import FieldKind, register_field
from capacity_app.domain.assessment.registers import Evidence
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import QuestionField
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.i18n.translator import Translator
from capacity_app.services.session.entries_and_documents import (
    ALL_DOCUMENTS_LIMIT,
    DOCUMENT_LIMIT,
    MEGABYTE,
    allowed_document_suffixes,
    format_megabytes,
    free_document_bytes,
)
from capacity_app.ui.question_widgets.panel_parts import explain_grades
from capacity_app.ui.question_widgets.question_parts import RemarkField
from capacity_app.ui.question_widgets.typed_editors import parse_typed
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.file_dialogs import file_pattern, offer_files
from capacity_app.ui.session.formatters import SessionFormatter
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, TIGHT, TextRole
from capacity_app.ui.widgets import keys
from capacity_app.ui.widgets.buttons import Button, FlatButton
from capacity_app.ui.widgets.cards import Card, Label
from capacity_app.ui.widgets.flow import Flow
from capacity_app.ui.widgets.layouts import lay_out, with_action, with_name
from capacity_app.ui.widgets.running_text import RunningText
from capacity_app.ui.widgets.text_fields import AutocompleteEntries, AutocompleteField, LineField

_STRONGER = (
    "",
    N_("Attach the document itself to reach E2."),
    N_("Enter what it was checked against to reach E3."),
    "",
)
_FIELDS = ("title", "checked_against", "note")
"""What can be said of a piece of evidence beside an answer."""
_KILOBYTE = 1000


def _with(entry: Evidence, name: str, text: str) -> Evidence:
    changed: dict[str, Any] = {name: text}
    return replace(entry, **changed)


@dataclass(frozen=True, slots=True)
class EvidenceActions:
    """What the buttons of a card do; ``spread`` puts the evidence under the answers that lack it."""

    open: Callable[[str], object]
    detach_from_answers: Callable[[str], object]
    spread: Callable[[str], object]


@dataclass(frozen=True, slots=True)
class EvidenceCoverage:
    """Under how many answers of a row or table a piece stands, and how many there are."""

    here: int
    all: int


def format_size(size: int, wording: SessionFormatter) -> str:
    if size >= _KILOBYTE * _KILOBYTE:
        return wording.texts.gettext("{size} MB").format(size=format_megabytes(size, is_rounded_up=True))
    kilobytes = wording.texts.number(max(1, size // _KILOBYTE))
    return wording.texts.gettext("{size} KB").format(size=kilobytes)


class EvidenceCard(Card):
    """One piece of evidence."""

    def __init__(
        self,
        controller: SessionController,
        wording: SessionFormatter,
        entry: Evidence,
        acts: EvidenceActions,
        reach: EvidenceCoverage,
    ) -> None:
        super().__init__(margin=MEDIUM, spacing=TIGHT)
        self._controller, self._wording, self._id = controller, wording, entry.id
        self._fields: dict[str, RemarkField] = {}
        self.setObjectName(f"evidence {entry.id}")
        self.name = RunningText("", TextRole.STRONG)
        self.grade = Label("", TextRole.CAPTION, colour="accent")
        self.advice = Label("", TextRole.CAPTION, is_muted=True)
        self.about = RunningText("", TextRole.CAPTION, is_muted=True)
        lay_out(self.body, self.name, self.grade, self.advice, self.about)
        if reach.all > 1 or reach.here > 1:
            self.body.addWidget(Label(self._reach(reach), TextRole.CAPTION, is_muted=True))
        self._details = self._make_details()
        lay_out(self.body, self._buttons(entry, acts, reach), self._details)
        self.refresh()

    def _reach(self, reach: EvidenceCoverage) -> str:
        texts = self._wording.texts
        return texts.gettext("Supports {here} of {all} answers here").format(
            here=texts.number(reach.here), all=texts.number(max(reach.all, reach.here))
        )

    def _make_details(self) -> QWidget:
        details = with_name(QWidget(), "evidence_details")
        column = lay_out(QVBoxLayout(details), margins=(0, SMALL, 0, 0), spacing=SMALL)
        texts = self._wording.texts
        for name in _FIELDS:
            described = register_field("evidence", name)
            is_long = described.kind is FieldKind.TEXT
            field = RemarkField(texts.gettext(described.label), texts, is_long=is_long)
            field.field.setPlaceholderText(texts.gettext(described.hint))
            field.field.setAcceptDrops(False)
            field.field.setObjectName(f"{name} {self._id}")
            field.written.connect(lambda text, _typing, name=name: self._put(name, text))
            self._fields[name] = field
            column.addWidget(field)
        details.setEnabled(not self._controller.session.is_read_only)
        details.hide()
        return details

    def _buttons(self, entry: Evidence, acts: EvidenceActions, reach: EvidenceCoverage) -> QWidget:
        texts, line = self._wording.texts, Flow(TIGHT)
        name = self._wording.evidence(entry.id)
        if entry.document or entry.link:
            line.place(self._button("open", texts.gettext("Open"), texts.gettext("Open {name}"), name, acts.open))
        self._more = self._button("details", texts.gettext("Details"), texts.gettext("Details of {name}"), name, None)
        self._more.setCheckable(True)
        self._more.toggled.connect(self._details.setVisible)
        line.place(self._more)
        if not self._controller.session.is_read_only:
            if reach.here < reach.all:
                label = texts.gettext("Add to all answers")
                line.place(self._button("spread", label, texts.gettext("Add {name} to all answers"), name, acts.spread))
            label, spoken = texts.gettext("Remove from answer"), texts.gettext("Remove {name} from the answer")
            line.place(self._button("take_off", label, spoken, name, acts.detach_from_answers))
        return line

    def _button(
        self, name: str, label: str, spoken: str, entry: str, act: Callable[[str], object] | None
    ) -> FlatButton:
        button = with_name(FlatButton(label), f"{name} {self._id}", spoken.format(name=entry))
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
        entry = self._controller.session.entry("evidence", self._id)
        return entry if isinstance(entry, Evidence) else None

    def refresh(self) -> None:
        entry = self._entry()
        if entry is None:
            return
        say = self._wording.texts.gettext
        self.name.show_text(self._wording.evidence(entry.id))
        self.grade.setText(self._wording.evidence_grade(entry.grade))
        self.grade.setToolTip(explain_grades(self._wording))
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
        return f"{entry.file_name} · {format_size(entry.size, self._wording)}"

    def _put(self, name: str, text: str) -> None:
        entry = self._entry()
        if entry is not None:
            self._controller.put(_with(entry, name, text.strip()))

    def flush(self) -> None:
        for field in self._fields.values():
            field.flush()


# The ways to add evidence: choose a file, paste, name a link, pick what is there, drop.


LINK_TO_FILL = QuestionField(id="link", kind=AnswerKind.URL)
_OURS = ".assessment"
_MOST_LINKS = 20


@dataclass(frozen=True)
class OfferedEvidence:
    """Files, links, or else a picture."""

    files: tuple[Path, ...] = ()
    links: tuple[str, ...] = ()
    picture: QImage | None = None

    def __bool__(self) -> bool:
        return bool(self.files or self.links or self.picture is not None)


def _links_in(text: str, texts: Translator) -> Iterator[str]:
    """Read text that is nothing but links, one on each line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    read = [parse_typed(LINK_TO_FILL, line, texts)[0] for line in lines[: _MOST_LINKS + 1]]
    if lines and len(lines) <= _MOST_LINKS and all(isinstance(link, str) for link in read):
        yield from (str(link) for link in read)


def read_offered(mime: QMimeData | None, texts: Translator) -> OfferedEvidence:
    """Read what is offered; a text that is a link goes before the picture some programs put beside it.

    ``mime`` is None where the clipboard is empty.
    """
    if mime is None:
        return OfferedEvidence()
    urls = mime.urls()
    if urls:
        files = tuple(Path(url.toLocalFile()) for url in urls if url.isLocalFile())
        return OfferedEvidence(files, tuple(url.toString() for url in urls if not url.isLocalFile()))
    links = tuple(_links_in(mime.text(), texts)) if mime.hasText() else ()
    if links:
        return OfferedEvidence(links=links)
    picture = QImage(mime.imageData()) if mime.hasImage() else QImage()
    return OfferedEvidence(picture=None if picture.isNull() else picture)


def is_assessment(mime: QMimeData) -> bool:
    """Return whether an assessment is offered, which the window opens."""
    return any(url.isLocalFile() and url.path().casefold().endswith(_OURS) for url in mime.urls())


def picture_name() -> str:
    """Name a pasted picture by the moment, as a file."""
    return f"picture-{datetime.now(UTC).astimezone():%Y-%m-%d-%H%M%S}.png"


class LinkField(LineField):
    """A field for a link. Enter adds it; pasting a file or a picture here attaches it."""

    committed = Signal()
    offered = Signal()

    def __init__(self, wording: SessionFormatter) -> None:
        super().__init__()
        self._wording = wording
        self.setAcceptDrops(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if keys.is_enter(event):
            self.committed.emit()
        elif event.matches(QKeySequence.StandardKey.Paste) and self._is_file_offered():
            self.offered.emit()
        else:
            super().keyPressEvent(event)

    def _is_file_offered(self) -> bool:
        found = read_offered(QGuiApplication.clipboard().mimeData(), self._wording.texts)
        return bool(found.files) or found.picture is not None


class AddEvidence(QWidget):
    """Everything one adds evidence with. ``files`` carries paths."""

    files = Signal(list)
    paste_asked = Signal()
    link = Signal(str)
    picked = Signal(str)

    def __init__(self, controller: SessionController, wording: SessionFormatter, known: AutocompleteEntries) -> None:
        super().__init__()
        self._controller, self._wording = controller, wording
        texts = wording.texts
        self.link_field = with_name(LinkField(wording), "link", texts.gettext("Link to evidence"))
        self.link_field.setPlaceholderText(texts.gettext("Paste a link and press Enter"))
        self.link_field.committed.connect(self._report_link)
        self.link_field.offered.connect(self.paste_asked)
        self.finder = with_name(AutocompleteField(known), "pick_evidence", texts.gettext("Find evidence"))
        self.finder.setAcceptDrops(False)
        self.finder.setPlaceholderText(texts.gettext("Type to find evidence of this assessment"))
        self.finder.picked.connect(self.picked)
        self.problem = with_name(Label("", TextRole.CAPTION, colour="danger"), "evidence_problem")
        self.problem.hide()
        self.room = with_name(Label("", TextRole.CAPTION, is_muted=True), "evidence_room")
        column = lay_out(QVBoxLayout(self), self._buttons(), self.link_field, self.finder, margins=0, spacing=SMALL)
        lay_out(column, self.problem, self.room)
        self.refresh()

    def _buttons(self) -> QWidget:
        say = self._wording.texts.gettext
        choose = with_action(Button(say("Attach a file…"), "open"), "attach", self._choose)
        about = say("Paste a file, a picture or a link")
        paste = with_action(Button(say("Paste"), "new"), "paste_evidence", self.paste_asked.emit, about)
        return Flow(SMALL, choose, paste)

    def _report_link(self) -> None:
        if self.link_field.text().strip():
            self.link.emit(self.link_field.text())

    def refresh(self) -> None:
        left = format_megabytes(free_document_bytes(self._controller.session.documents_size))
        sentence = self._wording.texts.gettext("Max. {most} MB per file · {left} MB of {all} MB left")
        self.room.setText(
            sentence.format(most=DOCUMENT_LIMIT // MEGABYTE, all=ALL_DOCUMENTS_LIMIT // MEGABYTE, left=left)
        )

    def show_problem(self, sentence: str) -> None:
        """Say why something was not attached; empty if all is well."""
        self.problem.show_or_hide(sentence)

    def _choose(self) -> None:
        texts = self._wording.texts
        named = file_pattern(texts.gettext("Documents you can attach"), allowed_document_suffixes())
        offer_files(self, texts.gettext("Attach a file"), Path(), [named], self.files.emit, many=True)
