"""Import as a whole: the ways to import, every returned file, what it brought, and undoing its import."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.assessment.registers import Evidence, Remark, ReturnedFile
from capacity_app.domain.problems import N_, KnownError
from capacity_app.i18n.translator import Translator
from capacity_app.services.exchange import returned_files
from capacity_app.services.exchange.returned_files import ImportUndo, imported_revisions, imported_texts
from capacity_app.services.session.opened_documents import OpenedDocuments
from capacity_app.ui.pages.deliver.difference_card import answer_fields
from capacity_app.ui.pages.file_safety.rescue_page import newer_copies_sentence
from capacity_app.ui.session.controller import RefreshOnShow, SessionController
from capacity_app.ui.session.file_dialogs import open_evidence
from capacity_app.ui.session.formatters import EntryFormatter
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, WIDE, TextRole
from capacity_app.ui.widgets.banners import Banner, BannerAction, BannerTone, OutcomeBanner
from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.cards import Card, Label, WrappedContainer, facts_grid, scroll_area_of
from capacity_app.ui.widgets.flow import Flow
from capacity_app.ui.widgets.layouts import (
    Stack,
    TurningSplitter,
    discard,
    holder_of,
    lay_out,
    side_by_side,
    with_action,
    with_name,
)
from capacity_app.ui.widgets.lists_and_tables import FullHeightList, LineList, ListLine


def returned_file_line(formatter: EntryFormatter, entry: ReturnedFile) -> ListLine:
    texts = formatter.texts
    count = len(imported_revisions(formatter.session, entry))
    answers = texts.counted("{count} answer", "{count} answers", count)
    taken = texts.gettext("imported {when}").format(when=texts.date_time(entry.taken_in))
    parts = (formatter.title_of("agencies", entry.agency), taken, undone_sentence(texts, entry) or answers)
    return ListLine(entry.id, entry.file_name, " · ".join(parts))


def undone_sentence(texts: Translator, entry: ReturnedFile) -> str:
    if not entry.undone:
        return ""
    said = texts.gettext("import undone {when} by {person}") if entry.undone_by else texts.gettext(
        "import undone {when}"
    )  # fmt: skip
    return said.format(when=texts.date_time(entry.undone), person=entry.undone_by)


def imported_answer_lines(formatter: EntryFormatter, entry: ReturnedFile) -> tuple[ListLine, ...]:
    lines = []
    for revision in imported_revisions(formatter.session, entry):
        address = revision.key.address
        parts = [one.text for one in answer_fields(formatter, revision.key, revision.content) if one.name != "evidence"]
        said = " · ".join(parts) or formatter.wording.state(revision.content.state)
        lines.append(ListLine(str(address), formatter.wording.title_at(address), said))
    return tuple(lines)


def remaining_remarks(formatter: EntryFormatter, entry: ReturnedFile) -> tuple[Remark, ...]:
    """Return the remarks a file brought that are still here."""
    remarks = formatter.session.entries("remarks")
    return tuple(one for one in remarks if isinstance(one, Remark) and one.returned == entry.id)


def returned_file_facts(formatter: EntryFormatter, entry: ReturnedFile) -> Iterator[tuple[str, str]]:
    texts, say, label = formatter.texts, formatter.texts.gettext, partial(formatter.wording.label, "returns")
    yield label("agency"), formatter.title_of("agencies", entry.agency)
    if entry.person:
        yield label("person"), entry.person
    if entry.date:
        yield label("date"), texts.short_date(entry.date)
    yield label("taken_in"), texts.date_time(entry.taken_in)
    if entry.undone:
        yield (label("undone"), " · ".join(part for part in (texts.date_time(entry.undone), entry.undone_by) if part))
    yield say("Answers imported"), texts.number(len(imported_revisions(formatter.session, entry)))
    yield say("Remarks"), texts.number(len(remaining_remarks(formatter, entry)))
    yield say("Not imported"), texts.number(len(entry.unplaced))


def unplaced_lines(formatter: EntryFormatter, entry: ReturnedFile) -> tuple[ListLine, ...]:
    """Return the imported texts of the report, the remarks and what was not imported, in full."""
    remarks = (
        ListLine(
            one.id,
            one.text,
            " · ".join(part for part in (formatter.gap_name(one.address), one.author, one.place) if part),
        )
        for one in remaining_remarks(formatter, entry)
    )
    texts = (ListLine(f"unplaced {number}", text) for number, text in enumerate(entry.unplaced))
    fields = (
        ListLine("/".join(place), str(text), formatter.wording.entry_field(*place))
        for place, _before, text in imported_texts(formatter.session, entry)
    )
    say = formatter.texts.gettext
    return (
        *_under(say("Texts of the report imported"), tuple(fields)),
        *_under(say("Remarks"), tuple(remarks)),
        *_under(say("Not imported"), tuple(texts)),
    )


def _under(heading: str, lines: tuple[ListLine, ...]) -> tuple[ListLine, ...]:
    return (ListLine(f"heading {heading}", heading, is_heading=True), *lines) if lines else ()


def undo_import_sentence(formatter: EntryFormatter, undo: ImportUndo) -> str:
    texts = formatter.texts
    restored, left = len(undo.restored), len(undo.left)
    restored_texts = texts.listed(formatter.wording.entry_field(*text) for text in undo.restored_texts)
    left_texts = texts.listed(formatter.wording.entry_field(*text) for text in undo.left_texts)
    told = [
        texts.counted(
            "{count} answer returns to what it was before the import.",
            "{count} answers return to what they were before the import.",
            restored,
        )
    ]
    if left:
        told.append(
            texts.counted(
                "{count} answer was changed since and stays as it is.",
                "{count} answers were changed since and stay as they are.",
                left,
            )
        )
    if restored_texts:
        told.append(texts.gettext("Also restored: {texts}.").format(texts=restored_texts))
    if left_texts:
        told.append(texts.gettext("Changed since, and stays as it is: {texts}.").format(texts=left_texts))
    told.append(texts.gettext(
        "The remarks of the file are removed. The file stays listed. The history shows that you undid the import."
    ))  # fmt: skip
    return " ".join(told)


class ReturnedFileCard(Card):
    """What one file brought. ``navigate`` carries the address of one of its answers."""

    navigate = Signal(object)

    def __init__(self, controller: SessionController, formatter: EntryFormatter) -> None:
        super().__init__(margin=LARGE, name="returned_detail", spacing=MEDIUM)
        self._controller, self._formatter = controller, formatter
        self._entry: ReturnedFile | None = None
        self._opened = OpenedDocuments(controller.session)
        say = formatter.texts.gettext
        self._title = Label("", TextRole.HEADING)
        self._holder: QWidget | None = None
        self.open_file = with_action(Button(say("Open file")), "returned_open", self._open)
        self.undo = with_action(Button(say("Undo import…")), "returned_undo", self._ask)
        self._place = QVBoxLayout()
        self._question: QWidget | None = None
        lay_out(self.body, self._title, Flow(SMALL, self.open_file, self.undo), self._place)
        self._facts = QVBoxLayout()
        self._answers_title = Label(say("Answers of this import"), TextRole.STRONG)
        self.answers = FullHeightList("returned_answers", say("Answers of this import"))
        self.answers.opened.connect(lambda key: self.navigate.emit(Address.parse(key)))
        self.texts = FullHeightList("returned_texts", say("Remarks and texts that belong to no question"))
        lay_out(self.body, self._facts, self._answers_title, self.answers, self.texts, 1)

    def show_entry(self, entry: ReturnedFile) -> None:
        self._entry = entry
        self._drop_question()
        self._title.setText(entry.file_name)
        discard(self._holder)
        self._holder = facts_grid(returned_file_facts(self._formatter, entry))
        self._facts.addWidget(self._holder)
        lines = unplaced_lines(self._formatter, entry)
        self.texts.setVisible(bool(lines))
        self.texts.show_lines(lines)
        answers = imported_answer_lines(self._formatter, entry)
        for widget in (self._answers_title, self.answers):
            widget.setVisible(bool(answers))
        self.answers.show_lines(answers)
        self.open_file.setEnabled(self._controller.session.holds(entry.document))
        self.undo.setEnabled(not (self._controller.session.is_read_only or entry.undone))

    def _open(self) -> None:
        entry = self._entry
        if entry is None:
            return
        held = Evidence(id=entry.id, document=entry.document, file_name=entry.file_name, media_type=entry.media_type)
        if said := open_evidence(held, self._opened, entry.file_name, self._formatter.texts):
            self._show_question(Banner(self._formatter.texts, BannerTone.WARNING, said))

    def remove_copies(self) -> None:
        self._opened.remove()

    def _ask(self) -> None:
        if self._entry is None:
            return
        self._controller.request_flush()
        try:
            undo = returned_files.undo_import(self._controller.session, self._entry.id)
        except KnownError as error:
            self._show_question(
                Banner(self._formatter.texts, BannerTone.WARNING, error.text(self._formatter.texts.gettext))
            )
            return
        say = self._formatter.texts.gettext
        act = with_action(Button(say("Undo import"), is_main=True), "undo_act", self._undo)
        keep = with_action(Button(say("Cancel")), "undo_leave", self._leave)
        told = Label(undo_import_sentence(self._formatter, undo))
        ask = Card(told, side_by_side(act, keep), tint="warning_tint", edge="warning", margin=MEDIUM, name="undo_card")
        self._show_question(ask)
        act.setFocus(Qt.FocusReason.OtherFocusReason)

    def _undo(self) -> None:
        if self._entry is None:
            return
        undo = returned_files.undo_import(self._controller.session, self._entry.id)
        text = self._formatter.texts.gettext("undoing the import of “{file}”").format(file=self._entry.file_name)
        self._drop_question()
        self.open_file.setFocus(Qt.FocusReason.OtherFocusReason)
        self._controller.store(undo.bundle, text)

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
        discard(self._question)
        self._question = None


# Import as a whole: the ways to import, what was imported last, and every file that came back.


_STEPS = (
    N_(
        "Send a file to the agency that answers. An agency form or a blank form has no answers yet. A report workbook "
        "or a report in Word has the answers so far."
    ),
    N_("The agency fills it in and sends it back. It may rename the file or save it with another program."),
    N_("Import it here. You see first what would change, then you decide. You can undo the import."),
)


class ImportOverview(WrappedContainer):
    """The first view of the page. ``navigate`` carries an address; the other signals ask for one of the imports.

    ``union_wanted`` carries the files beside this one that are to be merged.
    """

    navigate = Signal(object)
    import_wanted = Signal()
    merge_wanted = Signal()
    settle_wanted = Signal()
    union_wanted = Signal(object)
    verify_wanted = Signal()
    report_wanted = Signal()

    def __init__(self, controller: SessionController, formatter: EntryFormatter) -> None:
        super().__init__()
        self._controller, self._formatter = controller, formatter
        self._fresh = RefreshOnShow(self, controller, self._show)
        say = formatter.texts.gettext
        take = Button(say("Import returned file…"), "open", is_main=True)
        self.take = with_action(take, "exchange_take", self.import_wanted.emit)
        self.merge = with_action(Button(say("Merge files…"), "join"), "exchange_merge", self.merge_wanted.emit)
        self.verify = with_action(Button(say("Verify a file…"), "good"), "exchange_verify", self.verify_wanted.emit)
        self.settle = with_action(Button("", "warning"), "exchange_settle", self.settle_wanted.emit)
        self.settle.hide()
        self._newer_copies: tuple[Path, ...] = ()
        self._beside = Label()
        unite = Button(say("Bring them together"))
        self.unite = with_action(unite, "exchange_unite", lambda: self.union_wanted.emit(self._newer_copies))
        self.list = LineList("returned_list", say("Returned files"))
        self.list.picked.connect(self._pick)
        self.detail = ReturnedFileCard(controller, formatter)
        self.detail.navigate.connect(self.navigate)
        self._lay_out()
        self.setFocusProxy(self.take)

    def _lay_out(self) -> None:
        ways, place = Flow(SMALL, self.take, self.merge, self.verify, self.settle), QVBoxLayout()
        self.outcome = OutcomeBanner(self._formatter.texts, "exchange_outcome", place.addWidget)
        self._stack = Stack(self._empty(), self._files())
        self._union = holder_of(QHBoxLayout(), (self._beside, 1), self.unite, spacing=MEDIUM)
        self._union.hide()
        lay_out(QVBoxLayout(self), ways, self._union, place, (self._stack, 1), margins=0, spacing=MEDIUM)

    def _empty(self) -> QWidget:
        """Teach what to do where nothing has come back yet."""
        say = self._formatter.texts.gettext
        card = with_name(Card(margin=WIDE), "exchange_empty")
        lay_out(card.body, Label(say("No returned file yet"), TextRole.HEADING), spacing=MEDIUM)
        for number, step in enumerate(_STEPS, start=1):
            line = lay_out(QHBoxLayout(), spacing=MEDIUM)
            line.addWidget(Label(f"{self._formatter.texts.number(number)}.", TextRole.STRONG, wraps=False), 0,
                           Qt.AlignmentFlag.AlignTop)  # fmt: skip
            line.addWidget(Label(say(step)), 1)
            card.body.addLayout(line)
        report = with_action(Button(say("Create report")), "exchange_report", self.report_wanted.emit)
        card.body.addWidget(report, 0, Qt.AlignmentFlag.AlignLeading)
        merging = say("Did several officers work on copies of this assessment? Merge their files here, in any order.")
        card.body.addSpacing(MEDIUM)
        lay_out(card.body, Label(merging, is_muted=True), 1)
        return card

    def _files(self) -> QWidget:
        sheet = Card(margin=SMALL)
        title = Label(self._formatter.texts.gettext("Returned files"), TextRole.STRONG)
        title.setContentsMargins(MEDIUM, SMALL, MEDIUM, 0)
        lay_out(sheet.body, title, (self.list, 1))
        detail = scroll_area_of(self.detail)
        return TurningSplitter(sheet, detail, "exchange_split", letters=70, share=0.38, lines=8)

    def _entries(self) -> tuple[ReturnedFile, ...]:
        """Return the files that came back, the last one first; also those of which the import was undone."""
        found = (one for one in self._controller.session.entries("returns") if isinstance(one, ReturnedFile))
        return tuple(sorted(found, key=lambda one: one.taken_in, reverse=True))

    def _show(self) -> None:
        entries = self._entries()
        is_read_only = self._controller.session.is_read_only
        for button in (self.take, self.merge):
            button.setEnabled(not is_read_only)
        self._stack.setCurrentIndex(1 if entries else 0)
        self.list.show_lines([returned_file_line(self._formatter, one) for one in entries])
        if not entries:
            return
        if not self.list.currentIndex().isValid():
            self.list.choose(entries[0].id)
        self._pick(self.list.current_key)

    def _pick(self, key: str) -> None:
        entry = self._controller.session.entry("returns", key)
        if isinstance(entry, ReturnedFile):
            self.detail.show_entry(entry)

    def show_open_conflicts(self, count: int) -> None:
        texts = self._formatter.texts
        self.settle.setText(texts.counted("Decide on {count} open conflict", "Decide on {count} open conflicts", count))
        self.settle.setVisible(count > 0)

    def show_newer_copies(self, copies: tuple[Path, ...]) -> None:
        """Offer to merge with files beside this one; nothing is shown where there are none."""
        self._newer_copies = copies
        self._beside.setText(newer_copies_sentence(self._formatter.texts, copies))
        self._union.setVisible(bool(copies) and not self._controller.session.is_read_only)

    def show_file(self, entry_id: str) -> None:
        self._fresh.refresh()
        self.list.choose(entry_id)

    def tell(self, sentence: str, choices: Sequence[tuple[str, BannerAction]]) -> None:
        """Say what was brought in, in place of what was before it; each button has a name."""
        actions = [action for _name, action in choices]
        banner = Banner(self._formatter.texts, BannerTone.GOOD, sentence, actions)
        for button, (name, _action) in zip(banner.buttons, choices, strict=True):
            button.setObjectName(name)
        self.outcome.show(banner, banner.closer, sentence)
        # A second Enter must not undo what the first one did.
        safe = (one for one in (*banner.buttons, banner.closer) if one.objectName() != "outcome_undo")
        next(safe).setFocus(Qt.FocusReason.OtherFocusReason)
