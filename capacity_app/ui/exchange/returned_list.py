"""The files that were imported: for the chosen one what it brought, and the way to undo the import."""

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from capacity_app.domain.answers import Address, State
from capacity_app.domain.assessment import Evidence, Remark, ReturnedFile
from capacity_app.domain.checking import locate
from capacity_app.domain.problems import KnownError
from capacity_app.services import intake
from capacity_app.services.intake import ImportUndo, recorded_by
from capacity_app.services.opened_documents import OpenedDocuments
from capacity_app.texts import Texts
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.evidence_opening import open_evidence
from capacity_app.ui.look.alerts import Banner, Tone
from capacity_app.ui.look.cards import Card, Words, row
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.full_list import FullList
from capacity_app.ui.look.lines import Line
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL, TIGHT, Role
from capacity_app.ui.registers.entry_words import Vocabulary


def line_of(words: Vocabulary, entry: ReturnedFile) -> Line:
    """Return the line of a file in the list."""
    texts = words.texts
    count = len(entry.revisions)
    answers = texts.ngettext("{count} answer", "{count} answers", count).format(count=texts.number(count))
    taken = texts.gettext("imported {when}").format(when=texts.date_time(entry.taken_in))
    parts = (words.title_of("agencies", entry.agency), taken, undone_words(texts, entry) or answers)
    return Line(entry.id, entry.file_name, " · ".join(parts))


def undone_words(texts: Texts, entry: ReturnedFile) -> str:
    """Say that an import was undone, when and by whom; empty while it stands."""
    if not entry.undone:
        return ""
    said = texts.gettext("import undone {when} by {person}") if entry.undone_by else texts.gettext(
        "import undone {when}"
    )  # fmt: skip
    return said.format(when=texts.date_time(entry.undone), person=entry.undone_by)


def answer_lines(words: Vocabulary, entry: ReturnedFile) -> tuple[Line, ...]:
    """Return every answer that an import recorded, as it was recorded, by the place where it stands."""
    lines = []
    for revision in recorded_by(words.session, entry):
        address, wording = revision.key.address, words.wording
        found = locate(words.instrument, address)
        field = found.field if found else None
        content = revision.content
        said = wording.content(found.question, field, content) if found else ""
        said = said or wording.state(content.state)
        parts = [said, content.reason if content.state is not State.NOT_APPLICABLE else "", content.note]
        lines.append(Line(str(address), words.gap_name(str(address)), " · ".join(part for part in parts if part)))
    return tuple(lines)


def remarks_of(words: Vocabulary, entry: ReturnedFile) -> tuple[Remark, ...]:
    """Return the remarks a file brought that are still here."""
    remarks = words.session.entries("remarks")
    return tuple(one for one in remarks if isinstance(one, Remark) and one.returned == entry.id)


def facts_of(words: Vocabulary, entry: ReturnedFile) -> Iterator[tuple[str, str]]:
    """Yield what is known of a file as labels and texts."""
    texts, say, label = words.texts, words.texts.gettext, partial(words.wording.label, "returns")
    yield label("agency"), words.title_of("agencies", entry.agency)
    if entry.person:
        yield label("person"), entry.person
    if entry.date:
        yield label("date"), texts.date(entry.date)
    yield label("taken_in"), texts.date_time(entry.taken_in)
    if entry.undone:
        yield (
            label("undone"),
            " · ".join(part for part in (texts.date_time(entry.undone), entry.undone_by) if part),
        )
    yield say("Answers imported"), texts.number(len(entry.revisions))
    yield say("Remarks"), texts.number(len(remarks_of(words, entry)))
    yield say("Other texts"), texts.number(len(entry.unplaced))


def unplaced_lines(words: Vocabulary, entry: ReturnedFile) -> tuple[Line, ...]:
    """Return the remarks and the texts that belong to no question, in full."""
    remarks = (
        Line(
            one.id, one.text, " · ".join(part for part in (words.gap_name(one.address), one.author, one.place) if part)
        )
        for one in remarks_of(words, entry)
    )
    texts = (Line(f"unplaced {number}", text) for number, text in enumerate(entry.unplaced))
    return (*_under(words.texts.gettext("Remarks"), tuple(remarks)),
            *_under(words.texts.gettext("Texts that belong to no question"), tuple(texts)))  # fmt: skip


def _under(heading: str, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    return (Line(f"heading {heading}", heading, is_heading=True), *lines) if lines else ()


def undo_sentence(words: Vocabulary, undo: ImportUndo) -> str:
    """Return what undoing an import would do."""
    texts = words.texts
    restored, left = len(undo.restored), len(undo.left)
    told = [
        texts.ngettext(
            "{count} answer will be again as it was before the import.",
            "{count} answers will be again as they were before the import.",
            restored,
        ).format(count=texts.number(restored))
    ]
    if left:
        told.append(
            texts.ngettext(
                "{count} answer was changed since and stays as it is.",
                "{count} answers were changed since and stay as they are.",
                left,
            ).format(count=texts.number(left))
        )
    told.append(texts.gettext(
        "The remarks of the file are removed. The file stays listed. The history shows that you undid the import."
    ))  # fmt: skip
    return " ".join(told)


class UndoCard(Card):
    """Asks in place whether an import is to be undone; ``agreed`` and ``left`` tell the answer."""

    agreed = Signal()
    left = Signal()

    def __init__(self, words: Vocabulary, sentence: str) -> None:
        super().__init__(tint="warning_tint", edge="warning", margin=MEDIUM)
        say = words.texts.gettext
        self.setObjectName("undo_card")
        self.body.addWidget(Words(sentence))
        self.act = QPushButton(say("Undo import"))
        self.act.setObjectName("undo_act")
        self.act.setDefault(True)
        self.act.clicked.connect(lambda _on: self.agreed.emit())
        keep = QPushButton(say("Cancel"))
        keep.setObjectName("undo_leave")
        keep.setAutoDefault(False)
        keep.clicked.connect(lambda _on: self.left.emit())
        self.body.addLayout(row(self.act, keep))


class ReturnedDetail(Card):
    """What one file brought. ``navigate`` carries the address of one of its answers."""

    navigate = Signal(object)

    def __init__(self, bridge: Bridge, words: Vocabulary) -> None:
        super().__init__(margin=LARGE)
        self._bridge, self._words = bridge, words
        self._entry: ReturnedFile | None = None
        self._opened = OpenedDocuments(bridge.session)
        say = words.texts.gettext
        self.setObjectName("returned_detail")
        self.body.setSpacing(MEDIUM)
        self._title = Words("", Role.HEADING)
        self._holder: QWidget | None = None
        self.open_file = QPushButton(say("Open the file"))
        self.undo = QPushButton(say("Undo import…"))
        line = Flow(SMALL)
        for button, name, act in (
            (self.open_file, "returned_open", self._open),
            (self.undo, "returned_undo", self._ask),
        ):
            button.setObjectName(name)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _on=False, act=act: act())
            line.place(button)
        self.body.addWidget(self._title)
        self.body.addWidget(line)
        self._place = QVBoxLayout()
        self._question: QWidget | None = None
        self.body.addLayout(self._place)
        self._facts = QVBoxLayout()
        self.body.addLayout(self._facts)
        self._answers_title = Words(say("Answers of this import"), Role.STRONG)
        self.answers = FullList("returned_answers", say("Answers of this import"))
        self.answers.opened.connect(lambda key: self.navigate.emit(Address.parse(key)))
        self.texts = FullList("returned_texts", say("Remarks and texts that belong to no question"))
        for widget in (self._answers_title, self.answers, self.texts):
            self.body.addWidget(widget)
        self.body.addStretch(1)

    def show_entry(self, entry: ReturnedFile) -> None:
        self._entry = entry
        self._drop_question()
        self._title.setText(entry.file_name)
        if self._holder is not None:
            self._holder.hide()
            self._holder.deleteLater()
        self._holder = self._facts_of(entry)
        self._facts.addWidget(self._holder)
        lines = unplaced_lines(self._words, entry)
        self.texts.setVisible(bool(lines))
        self.texts.show_lines(lines)
        answers = answer_lines(self._words, entry)
        for widget in (self._answers_title, self.answers):
            widget.setVisible(bool(answers))
        self.answers.show_lines(answers)
        self.open_file.setEnabled(self._bridge.session.holds(entry.document))
        self.undo.setEnabled(not (self._bridge.session.is_read_only or entry.undone))

    def _facts_of(self, entry: ReturnedFile) -> QWidget:
        holder = QWidget()
        lines = QGridLayout(holder)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setHorizontalSpacing(MEDIUM)
        lines.setVerticalSpacing(TIGHT)
        lines.setColumnStretch(1, 1)
        for number, (label, text) in enumerate(facts_of(self._words, entry)):
            lines.addWidget(Words(label, Role.CAPTION, is_muted=True), number, 0, Qt.AlignmentFlag.AlignTop)
            said = Words(text)
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            lines.addWidget(said, number, 1)
        return holder

    def _open(self) -> None:
        entry = self._entry
        if entry is None:
            return
        held = Evidence(id=entry.id, document=entry.document, file_name=entry.file_name, media_type=entry.media_type)
        if said := open_evidence(held, self._opened, entry.file_name, self._words.texts):
            self._show_question(Banner(self._words.texts, Tone.WARNING, said))

    def remove_copies(self) -> None:
        self._opened.remove()

    # -- undoing the import ---------------------------------------------------------------------------------------

    def _ask(self) -> None:
        """Say what undoing it would do, and ask in place."""
        if self._entry is None:
            return
        self._bridge.request_flush()
        try:
            undo = intake.undo_import(self._bridge.session, self._entry.id)
        except KnownError as error:
            self._show_question(Banner(self._words.texts, Tone.WARNING, error.text(self._words.texts.gettext)))
            return
        card = UndoCard(self._words, undo_sentence(self._words, undo))
        card.agreed.connect(self._undo)
        card.left.connect(self._leave)
        self._show_question(card)
        card.act.setFocus(Qt.FocusReason.OtherFocusReason)

    def _undo(self) -> None:
        if self._entry is None:
            return
        undo = intake.undo_import(self._bridge.session, self._entry.id)
        text = self._words.texts.gettext("undoing the import of “{file}”").format(file=self._entry.file_name)
        self._drop_question()
        self.open_file.setFocus(Qt.FocusReason.OtherFocusReason)
        self._bridge.store(undo.bundle, text)

    def _leave(self) -> None:
        self._drop_question()
        self.undo.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_question(self, widget: QWidget) -> None:
        self._drop_question()
        self._question = widget
        if isinstance(widget, Banner):
            widget.closer.clicked.connect(lambda _on: self._drop_question())
        self._place.addWidget(widget)
        widget.show()

    def _drop_question(self) -> None:
        if self._question is not None:
            self._question.hide()
            self._question.deleteLater()
            self._question = None
