"""Merging other officers' files: what each brings is counted, conflicts are decided on, all is stored at once."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from PySide6.QtCore import Signal

from capacity_app.domain.assessment.merging import DecisionSide, DiffKind, MergeDifference
from capacity_app.domain.assessment.register_fields import REGISTER_INFO
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.i18n.translator import Translator
from capacity_app.services.exchange import merge
from capacity_app.services.exchange.merge import MergePlan, MergeResult, MergeSource
from capacity_app.services.exchange.merge_sources import DuplicateEntries, MergeCounts
from capacity_app.services.session.revision_log import AnswerChange, EntryChange
from capacity_app.ui.pages.deliver.decision_board import DecisionBoard, SideList
from capacity_app.ui.pages.deliver.difference_card import (
    DIFFERENCE_KIND_LABELS,
    DifferenceFormatter,
    SideLabels,
    answer_fields,
)
from capacity_app.ui.pages.deliver.import_preview import lay_out_over_actions
from capacity_app.ui.question_widgets.panel_parts import shorten_line
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.formatters import EntryFormatter
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, TextRole
from capacity_app.ui.widgets.banners import BannerTone, OutcomeBanner
from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.cards import Card, Label, WrappedContainer
from capacity_app.ui.widgets.layouts import with_action, with_name
from capacity_app.ui.widgets.lists_and_tables import ListLine

# What merging would do, counted file by file, and what is decided on, in sentences.


_REPLACED = {
    DiffKind.NEW.value: N_("Removed here since"),
    DiffKind.CHANGED.value: N_("Replaced here since"),
    DiffKind.CLEARED.value: N_("Answered only here since"),
}
"""What is not contested in a merge: a file says it still, and it gave way here."""


def merge_side_labels(texts: Translator) -> SideLabels:
    say = texts.gettext
    return SideLabels(
        base=say("Before both changes"),
        mine=say("Here"),
        theirs=say("In the other file"),
        accept=say("Use theirs"),
        keep=say("Keep mine"),
        accept_shown=say("Use theirs for all shown"),
        keep_shown=say("Keep mine for all shown"),
        accepted=say("Theirs is used"),
        kept=say("Mine is kept"),
    )


def merge_difference_formatter(formatter: EntryFormatter) -> DifferenceFormatter:
    say = formatter.texts.gettext
    decided = {DecisionSide.THEIRS: say("theirs is used"), DecisionSide.MINE: say("mine is kept")}
    return DifferenceFormatter(formatter, decided, by_field=True, kinds=DIFFERENCE_KIND_LABELS | _REPLACED)


def _counted(texts: Translator, numbers: Iterable[tuple[int, str]], *, with_nothing: int = 0) -> str:
    """List counts, those that are 0 left out beyond the first ``with_nothing``."""
    said = (
        texts.gettext(pattern).format(count=texts.number(number))
        for place, (number, pattern) in enumerate(numbers)
        if number or place < with_nothing
    )
    return texts.listed(said)


def _changes_sentence(texts: Translator, total: int, here: int, new: int) -> str:
    pattern = texts.gettext("{all} changes = {here} already here + {new} new")
    return pattern.format(all=texts.number(total), here=texts.number(here), new=texts.number(new))


def _outcome_sentence(texts: Translator, pattern: str, counts: MergeCounts) -> str:
    numbers = (
        (counts.same, N_("{count} same")),
        (counts.added, N_("{count} new")),
        (counts.changed, N_("{count} changed")),
        (counts.conflicting, N_("{count} to decide")),
        (counts.replaced, N_("{count} replaced here since")),
    )
    return texts.gettext(pattern).format(counts=_counted(texts, numbers, with_nothing=1))


def totals_sentence(texts: Translator, plan: MergePlan) -> str:
    good = [source for source in plan.sources if source.problem is None]
    numbers = (
        (plan.new, N_("{count} new")),
        (sum(source.already_here for source in good), N_("{count} already here")),
        (len(plan.conflicts), N_("{count} to decide")),
        (len(plan.twins), N_("{count} possible duplicates")),
    )
    told = [texts.gettext("Changes in the files: {counts}").format(counts=_counted(texts, numbers, with_nothing=2))]
    told += [_documents(texts, sum(source.documents for source in good)), _refused(texts, len(plan.refused))]
    return ". ".join(part for part in told if part)


def _documents(texts: Translator, count: int) -> str:
    said = texts.ngettext("{count} new document", "{count} new documents", count) if count else ""
    return said.format(count=texts.number(count))


def _refused(texts: Translator, count: int) -> str:
    said = texts.ngettext("{count} file cannot be merged", "{count} files cannot be merged", count) if count else ""
    return said.format(count=texts.number(count))


def source_line(texts: Translator, number: int, source: MergeSource) -> ListLine:
    if source.problem is not None:
        return ListLine(f"source {number}", source.file, source.problem.text(texts.gettext), "!", "danger")
    who = texts.gettext("Edited by {people}").format(people=texts.listed(source.people)) if source.people else ""
    told = [who, _changes_sentence(texts, source.revisions, source.already_here, source.new)]
    told += [_outcome_sentence(texts, N_("Answers: {counts}"), source.answers)]
    told += [_outcome_sentence(texts, N_("Registers: {counts}"), source.entries), _documents(texts, source.documents)]
    told += [notice.text(texts.gettext) for notice in source.notices]
    return ListLine(f"source {number}", source.file, "\n".join(part for part in told if part), "✓", "good")


def change_line(formatter: EntryFormatter, number: int, change: AnswerChange | EntryChange) -> ListLine:
    """Return one place that the files change, with each part that changes before and after."""
    say, wording = formatter.texts.gettext, formatter.wording
    if isinstance(change, EntryChange):
        title = formatter.title(change.register, change.after or change.before)
        about = say(REGISTER_INFO[change.register].title)
        if change.before and change.after:
            parts = wording.entry_changes(change.register, change.before, change.after)
        else:
            kind = say("New") if change.after else say("Removed")
            about, parts = f"{about} · {kind}", iter(())
    else:
        title = wording.title_at(change.key.address)
        about = wording.respondent(change.key.layer, change.key.respondent)
        parts = _answer_changes(formatter, change)
    told = (
        f"{label}: " + say("{before} → {after}").format(before=shorten_line(old or "–"), after=shorten_line(new or "–"))
        for label, old, new in parts
    )
    return ListLine(f"change {number}", title, formatter.texts.mixed(" · ".join((about, *told))))


def _answer_changes(formatter: EntryFormatter, change: AnswerChange) -> Iterator[tuple[str, str, str]]:
    before, after = (
        {one.label: one.text for one in answer_fields(formatter, change.key, content)}
        for content in (change.before, change.after)
    )
    for label in dict.fromkeys((*before, *after)):
        old, new = before.get(label, ""), after.get(label, "")
        if old != new:
            yield label, old, new


def duplicates_line(formatter: EntryFormatter, number: int, twins: DuplicateEntries) -> ListLine:
    names = (formatter.title(twins.register, twins.here), formatter.title(twins.register, twins.there))
    detail = formatter.texts.gettext(REGISTER_INFO[twins.register].title)
    return ListLine(f"twins {number}", "  =  ".join(names), detail, "=")


def merge_side_lists(formatter: EntryFormatter, plan: MergePlan) -> tuple[SideList, ...]:
    """Return the lists beside the conflicts: what changes, the files, and what was perhaps entered twice."""
    say = formatter.texts.gettext
    changes = SideList(
        "changes",
        say("What changes here"),
        say("After merging, these answers and entries are as in the files. Nobody changed them here meanwhile."),
        tuple(change_line(formatter, number, one) for number, one in enumerate(plan.changes)),
    )
    sources = SideList(
        "sources",
        say("Files"),
        say("A change is an answer or an entry that somebody saved. The same change can be in several files."),
        tuple(source_line(formatter.texts, number, one) for number, one in enumerate(plan.sources)),
    )
    twins = SideList(
        "twins",
        say("Possible duplicates"),
        say("Both are kept. After merging you can merge the duplicates, one by one."),
        tuple(duplicates_line(formatter, number, one) for number, one in enumerate(plan.twins)),
    )
    # Why a file is refused comes first.
    return (sources, changes, twins) if plan.refused else (changes, sources, twins)


@dataclass(frozen=True, slots=True)
class _ConflictsTask:
    """What a page of conflicts is about: its head, its main button, the step's name and what is done."""

    head: str
    act: str
    leave: str
    step: str
    do: Callable[[Mapping[str, DecisionSide]], MergeResult]


class ConflictsPage(WrappedContainer):
    """Conflicts to decide on and the button that stores. ``left`` tells that it was left, ``done`` how it ended."""

    left = Signal()
    done = Signal(object)

    def __init__(
        self,
        controller: SessionController,
        formatter: EntryFormatter,
        ask: _ConflictsTask,
        conflicts: Sequence[MergeDifference],
        notes: Sequence[SideList] = (),
    ) -> None:
        super().__init__()
        self._controller, self._formatter, self._ask = controller, formatter, ask
        self._banner = OutcomeBanner(formatter.texts, "banner", lambda banner: self._column.insertWidget(0, banner))
        # What was replaced here since stays so unless somebody wants it back.
        self._is_new = False
        self._usual = {one.id: DecisionSide.MINE for one in conflicts if not one.is_contested}
        self.board = DecisionBoard(
            merge_difference_formatter(formatter),
            merge_side_labels(formatter.texts),
            conflicts,
            self._usual,
            notes=notes,
        )
        self.board.changed.connect(self._show_what_happens)
        self._lay_out()
        self._show_what_happens()
        self.setFocusProxy(self.board.list if conflicts else self.board.tabs)

    def _lay_out(self) -> None:
        counts = with_name(Label(self._ask.head, TextRole.HEADING), "merge_counts")
        head = with_name(Card(counts, margin=MEDIUM), "merge_head")
        self._what = with_name(Label(is_muted=True), "merge_what_happens")
        self.act = with_action(Button(self._ask.act, is_main=True), "merge_act", self._do)
        leave = with_action(Button(self._ask.leave), "merge_leave", self.left.emit)
        self._column = lay_out_over_actions(self, self._what, self.act, leave, above=(head, (self.board, 1)))

    def set_new(self, *, is_new: bool) -> None:
        self._is_new = is_new
        self._show_what_happens()

    def _show_what_happens(self) -> None:
        texts, count = self._formatter.texts, len(self.board.undecided)
        is_possible = self._is_new or self.board.decisions != self._usual
        self.act.setEnabled(is_possible and not self._controller.session.is_read_only)
        if not is_possible and not count:
            self._what.setText(texts.gettext("The files hold nothing new."))
            return
        if not count:
            self._what.setText(
                texts.gettext(
                    "Every change stays in the history. You can undo the merge as one step until you close the file."
                )
            )
            return
        told = texts.counted(
            "{count} is not decided yet. Both answers stay, as a conflict to decide on later.",
            "{count} are not decided yet. Both answers stay, as conflicts to decide on later.",
            count,
        )
        self._what.setText(told)

    def _do(self) -> None:
        self._controller.request_flush()
        result = self._controller.merge(lambda: self._ask.do(dict(self.board.decisions)), self._ask.step)
        if result is not None:
            self.done.emit(result)
        elif self._controller.refusal is not None:
            self._complain(self._controller.refusal.text(self._formatter.texts.gettext))

    def _complain(self, sentence: str) -> None:
        self._banner.tell(BannerTone.DANGER, sentence)


def new_merge_page(controller: SessionController, formatter: EntryFormatter, plan: MergePlan) -> ConflictsPage:
    texts = formatter.texts
    ask = _ConflictsTask(
        totals_sentence(texts, plan),
        texts.gettext("Merge files"),
        texts.gettext("Cancel"),
        texts.gettext("merging"),
        lambda decisions: merge.apply_merge(controller.session, plan, decisions),
    )
    page = ConflictsPage(
        controller, formatter, ask, (*plan.conflicts, *plan.replaced), merge_side_lists(formatter, plan)
    )
    page.setObjectName("merge_page")
    page.set_new(is_new=not plan.is_empty)
    return page


def new_conflicts_page(
    controller: SessionController, formatter: EntryFormatter, conflicts: Sequence[MergeDifference]
) -> ConflictsPage:
    """Return the conflicts that an earlier merge has left open."""
    texts, count = formatter.texts, len(conflicts)
    ask = _ConflictsTask(
        texts.counted(
            "{count} conflict between officers is open", "{count} conflicts between officers are open", count
        ),
        texts.gettext("Save decisions"),
        texts.gettext("Cancel"),
        texts.gettext("decisions on conflicts"),
        lambda decisions: merge.settle_conflicts(controller.session, decisions),
    )
    return with_name(ConflictsPage(controller, formatter, ask, conflicts), "settle_page")
