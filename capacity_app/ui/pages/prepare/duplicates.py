"""Two register entries that look alike: the hint, and merging one into the other with a preview."""

from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.assessment.duplicates import DuplicateMerge
from capacity_app.domain.problems import KnownError
from capacity_app.services.session.change_sets import (
    duplicate_merge_change_set,
    format_conflicting_answer,
    format_use_counts,
    plan_duplicate_merge,
)
from capacity_app.ui.pages.prepare.register_list import RegisterUsage
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.formatters import EntryFormatter
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, TextRole
from capacity_app.ui.widgets.banners import icon_line
from capacity_app.ui.widgets.buttons import Button, ComboBox
from capacity_app.ui.widgets.cards import Card, Label
from capacity_app.ui.widgets.flow import Flow
from capacity_app.ui.widgets.layouts import lay_out, side_by_side, with_action, with_name
from capacity_app.ui.widgets.lists_and_tables import FullHeightList, ListLine

# What joining two entries would do, in sentences, before it is done.


def _fields(formatter: EntryFormatter, register: str, names: tuple[str, ...]) -> str:
    return formatter.texts.listed(formatter.wording.label(register, name) for name in names)


def merge_preview(formatter: EntryFormatter, joining: DuplicateMerge) -> Iterator[str]:
    """Say what follows the kept entry, what its card takes over, and what goes into its note."""
    say, register = formatter.texts.gettext, joining.register
    kept = formatter.title_of(register, joining.kept.id)
    gone = formatter.title_of(register, joining.gone.id)
    if joining.uses:
        pattern = say("What leads to “{gone}” will lead to “{kept}”: {counts}.")
        yield pattern.format(gone=gone, kept=kept, counts=format_use_counts(formatter.texts, joining))
    else:
        yield say("Nothing refers to “{gone}”.").format(gone=gone)
    if joining.taken:
        fields = _fields(formatter, register, joining.taken)
        yield say("“{kept}” receives: {fields}.").format(kept=kept, fields=fields)
    if joining.differing:
        fields = _fields(formatter, register, joining.differing)
        yield say("What “{gone}” says otherwise goes into the note: {fields}.").format(gone=gone, fields=fields)


def merge_conflicts_heading(formatter: EntryFormatter, joining: DuplicateMerge) -> str:
    """Return how much both answered differently, and what becomes of it."""
    count = len(joining.clashes)
    return formatter.texts.counted(
        "{count} place was answered differently by both. One answer stays; the other is kept in its note and in the "
        "history.",
        "{count} places were answered differently by both. One answer stays; the other is kept in its note and in the "
        "history.",
        count,
    )


class MergeDuplicatesCard(Card):
    """Joins the entry shown with another one. ``joined`` carries what was done, ``navigate`` an address to look at."""

    joined = Signal(object)
    left = Signal()
    navigate = Signal(object)

    def __init__(
        self, register: str, controller: SessionController, formatter: EntryFormatter, facts: RegisterUsage
    ) -> None:
        super().__init__(tint="accent_tint", edge="accent", margin=LARGE)
        self._leave = self.close_card
        self._register, self._controller, self._formatter, self._facts = register, controller, formatter, facts
        self._entry = ""
        self._joining: DuplicateMerge | None = None
        say = formatter.texts.gettext
        self.setObjectName(f"join_{register}")
        self._title = Label(role=TextRole.HEADING)
        self.other = with_name(ComboBox(), "join_other", say("The entry that is the same"))
        self.other.currentIndexChanged.connect(lambda _index: self._show_choice())
        self._make_sides()
        self.preview = with_name(Label(), "join_preview")
        self._clash_title = Label(role=TextRole.STRONG)
        self.clashes = FullHeightList("join_clashes", say("What both answered differently"))
        self.clashes.opened.connect(lambda key: self.navigate.emit(Address.parse(key)))
        self.act = with_action(Button(say("Join them"), is_main=True), "join_act", self._join)
        cancel = with_action(Button(say("Leave them as they are")), "join_cancel", self.close_card)
        self._lay_out(cancel)
        self.hide()

    def _make_sides(self) -> None:
        self.sides = (QRadioButton(), QRadioButton())
        self._group = QButtonGroup(self)
        for name, side in zip(("join_keep_this", "join_keep_other"), self.sides, strict=True):
            side.setObjectName(name)
            self._group.addButton(side)
            side.toggled.connect(lambda is_on: self._plan() if is_on else None)
        self.sides[0].setChecked(True)

    def _lay_out(self, cancel: Button) -> None:
        say = self._formatter.texts.gettext
        self.body.setSpacing(MEDIUM)
        label = Label(say("It is the same as"), TextRole.STRONG)
        label.setBuddy(self.other)
        lay_out(self.body, self._title, label, self.other, *self.sides, self.preview, self._clash_title)
        promise = say("Nothing is lost: the history keeps both, and Undo takes this back as one step.")
        self.body.addWidget(Label(promise, TextRole.CAPTION, is_muted=True))
        # However long the list of differences is, the way out stands above it.
        lay_out(self.body, side_by_side(self.act, cancel), self.clashes)

    def open_for(self, entry_id: str, other: str = "") -> None:
        """Offer to join an entry, with the one that looks like it first."""
        self._entry = entry_id
        say, texts = self._formatter.texts.gettext, self._formatter
        self._title.setText(
            say("Join “{name}” with another entry").format(name=texts.title_of(self._register, entry_id))
        )
        alike = self._facts.alike(self._register, entry_id)
        entries = sorted(
            (entry for entry in self._controller.session.entries(self._register) if entry.id != entry_id),
            key=lambda entry: entry.id not in alike,
        )
        self.other.blockSignals(True)
        self.other.clear()
        for entry in entries:
            detail = texts.detail(self._register, entry)
            self.other.addItem(
                " – ".join(part for part in (texts.title(self._register, entry), detail) if part), entry.id
            )
        self.other.setCurrentIndex(max(0, self.other.findData(other)))
        self.other.blockSignals(False)
        self.sides[0].setChecked(True)
        self.show()
        self._show_choice()
        self.other.setFocus()

    @property
    def _chosen(self) -> str:
        return str(self.other.currentData() or "")

    def _show_choice(self) -> None:
        for side, entry_id in zip(self.sides, (self._entry, self._chosen), strict=True):
            name = self._formatter.title_of(self._register, entry_id)
            side.setText(self._formatter.texts.gettext("Keep “{name}”").format(name=name))
        self._plan()

    def _plan(self) -> None:
        """Work out and say what would change."""
        if not self._entry or not self._chosen:
            return
        kept, gone = self._entry, self._chosen
        if self.sides[1].isChecked():
            kept, gone = gone, kept
        try:
            self._joining = plan_duplicate_merge(
                self._controller.session, self._register, kept, gone, self._formatter.texts
            )
        except KnownError as error:
            self._joining = None
            self.preview.set_colour("danger")
            self.preview.setText(error.text(self._formatter.texts.gettext))
        else:
            self.preview.set_colour("")
            self.preview.setText("\n".join(merge_preview(self._formatter, self._joining)))
        self.act.setEnabled(self._joining is not None)
        self._show_conflicts()

    def _show_conflicts(self) -> None:
        clashes = self._joining.clashes if self._joining else ()
        for widget in (self._clash_title, self.clashes):
            widget.setVisible(bool(clashes))
        if self._joining is None or not clashes:
            return
        session, texts = self._controller.session, self._formatter.texts
        self._clash_title.setText(merge_conflicts_heading(self._formatter, self._joining))
        pattern = texts.gettext("Stays: {stays}\nGoes into the note: {other}")
        self.clashes.show_lines([
            ListLine(
                str(clash.address),
                self._formatter.wording.place(clash.address),
                pattern.format(
                    stays=format_conflicting_answer(session, texts, clash, clash.stays),
                    other=format_conflicting_answer(session, texts, clash, clash.superseded),
                ),
            )
            for clash in clashes
        ])  # fmt: skip

    def refresh(self) -> None:
        """Work out again what would change, after something has."""
        if self.isHidden():
            return
        session = self._controller.session
        if session.entry(self._register, self._entry) is None or session.entry(self._register, self._chosen) is None:
            self.close_card()
        else:
            self._show_choice()

    def _join(self) -> None:
        self._controller.request_flush()
        self._plan()
        joining = self._joining
        if joining is None:
            return
        if self._register == "agencies" and self._controller.respondent == joining.gone.id:
            self._controller.respondent = joining.kept.id
        say = self._formatter.texts.gettext
        names = {side: self._formatter.title(self._register, getattr(joining, side)) for side in ("kept", "gone")}
        if self._controller.store(
            duplicate_merge_change_set(joining), say("joining of “{kept}” and “{gone}”").format(**names)
        ):
            self.close_card()
            self.joined.emit(joining)

    def close_card(self) -> None:
        self._entry, self._joining = "", None
        self.hide()
        self.left.emit()


# Says that an entry looks like another one, and offers to join them.


class DuplicateHint(Card):
    """One sentence with two ways out. ``join_wanted`` and ``dismissed`` carry the id of the other entry."""

    merge_duplicates_wanted = Signal(str)
    dismissed = Signal(str)

    def __init__(self, formatter: EntryFormatter) -> None:
        super().__init__(tint="warning_tint", edge="warning", margin=MEDIUM, name="likeness_hint")
        self._formatter, self._other = formatter, ""
        say = formatter.texts.gettext
        self.sentence = Label()
        join, dismiss = Button(say("See what joining them would do")), Button(say("They are different"))
        with_action(join, "hint_join", lambda: self.merge_duplicates_wanted.emit(self._other))
        with_action(dismiss, "hint_dismiss", lambda: self.dismissed.emit(self._other))
        lay_out(self.body, icon_line("warning", "warning", (self.sentence, 1)), Flow(SMALL, join, dismiss))
        self.hide()

    def show_duplicate(self, register: str, other: str) -> None:
        """Name the entry that looks the same; empty hides the hint."""
        self._other = other
        self.setVisible(bool(other))
        entry = self._formatter.session.entry(register, other) if other else None
        if entry is None:
            return
        detail = self._formatter.detail(register, entry)
        name = self._formatter.title(register, entry)
        pattern = self._formatter.texts.gettext("This looks like “{name}” ({detail}), entered twice.")
        if not detail:
            pattern = self._formatter.texts.gettext("This looks like “{name}”, entered twice.")
        self.sentence.setText(pattern.format(name=name, detail=detail))
