"""The page that compares this round with the earlier one: parts, and the items that changed."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring.round_comparison import (
    AssessmentComparison,
    ItemChange,
    LostDisaggregation,
    RoundChange,
    SectionChange,
)
from capacity_app.i18n.translator import Translator
from capacity_app.services.result_tables import Results, assessment_results
from capacity_app.ui.session.controller import RefreshOnShow, SessionController
from capacity_app.ui.session.formatters import SessionFormatter
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, TIGHT, WIDE, TextRole
from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.cards import Card, Label, ReadingColumn
from capacity_app.ui.widgets.flow import TabRow
from capacity_app.ui.widgets.layouts import lay_out, side_by_side, with_action, with_name
from capacity_app.ui.widgets.lists_and_tables import FullHeightList, ListLine

CHANGE_TAB_LABELS: dict[RoundChange, str] = {
    RoundChange.WORSE: N_("Worse ({count})"),
    RoundChange.LOST: N_("No longer answered ({count})"),
    RoundChange.NEWLY_NOT_APPLICABLE: N_("No longer applicable ({count})"),
    RoundChange.IMPROVED: N_("Improved ({count})"),
    RoundChange.GAINED: N_("Newly answered ({count})"),
    RoundChange.SAME: N_("Same ({count})"),
}
"""The tabs in their order, the most worrying first."""
_SIGNS: dict[RoundChange, tuple[str, str]] = {
    RoundChange.WORSE: ("▼", "danger"),
    RoundChange.LOST: ("○", "warning"),
    RoundChange.NEWLY_NOT_APPLICABLE: ("⊘", "muted"),
    RoundChange.IMPROVED: ("▲", "good"),
    RoundChange.GAINED: ("●", "accent"),
    RoundChange.SAME: ("=", "muted"),
}


def comparison_lead(wording: SessionFormatter, found: AssessmentComparison, earlier: str) -> str:
    """Return what is compared with what."""
    texts = wording.texts
    items = texts.counted(
        "{count} item was answered in both rounds", "{count} items were answered in both rounds", found.matched
    )
    return texts.gettext(
        "Compared with {round}: {matched}, {share} of the weight of the core parts. The figures below cover only these."
    ).format(round=earlier, matched=items, share=texts.percent(found.weight_share))


def section_change_text(wording: SessionFormatter, entry: SectionChange) -> str:
    assert entry.before is not None
    assert entry.after is not None
    before, after = (wording.texts.number(value, 1) for value in (entry.before, entry.after))
    return wording.texts.in_order(f"{before} → {after}  ({wording.change(entry.before, entry.after)})")


def section_matched_text(wording: SessionFormatter, entry: SectionChange) -> str:
    texts = wording.texts
    return texts.counted(
        "{count} item in both rounds, {share} of the weight",
        "{count} items in both rounds, {share} of the weight",
        entry.matched,
        share=texts.percent(entry.weight_share),
    )


def _title(wording: SessionFormatter, entry: ItemChange | LostDisaggregation) -> str:
    number = f"{entry.question.number} {entry.row.number if entry.row else ''}".strip()
    text = wording.row(entry.question, entry.row) if entry.row else wording.question(entry.question)
    return wording.texts.numbered(number, text)


def regression_line(wording: SessionFormatter, entry: LostDisaggregation) -> ListLine:
    """Name what was produced before and no longer is."""
    column = entry.question.column_by_id.get(entry.address.column)
    option = wording.option(entry.question, column or entry.question, entry.option)
    said = wording.texts.gettext("“{element}” was available in the previous round and no longer is").format(
        element=option
    )
    return ListLine(f"{entry.address}#{entry.option.id}", _title(wording, entry), said, mark="▲", colour="danger")


def changed_item_line(wording: SessionFormatter, entry: ItemChange) -> ListLine:
    column = entry.question.column_by_id.get(entry.address.column)
    steps = (wording.share(points) if points is not None else "–" for points in (entry.before, entry.after))
    step = wording.texts.in_order(" → ".join(steps))
    detail = f"{wording.column(entry.question, column)}: {step}" if column else step
    mark, colour = _SIGNS[entry.change]
    return ListLine(str(entry.address), _title(wording, entry), detail, mark=mark, colour=colour)


_WAYS = tuple(CHANGE_TAB_LABELS)


class _ComparedSectionRow(QWidget):
    """One part: its name and figures, and how much of it both rounds answered."""

    def __init__(self, wording: SessionFormatter) -> None:
        super().__init__()
        self._wording = wording
        self._title = Label(role=TextRole.STRONG)
        self._figures = Label(role=TextRole.STRONG, wraps=False, side="trailing")
        self._matched = Label(role=TextRole.CAPTION, is_muted=True)
        line = lay_out(QHBoxLayout(), (self._title, 1), self._figures, spacing=MEDIUM)
        lay_out(QVBoxLayout(self), line, self._matched, margins=0, spacing=TIGHT)

    def show_change(self, entry: SectionChange) -> None:
        assert entry.before is not None
        assert entry.after is not None
        self._title.setText(self._wording.texts.numbered(entry.section.number, self._wording.section(entry.section)))
        self._figures.setText(section_change_text(self._wording, entry))
        self._figures.set_colour("danger" if entry.after < entry.before else "")
        self._matched.setText(section_matched_text(self._wording, entry))


class ComparedSectionsCard(Card):
    """The parts that both rounds answered something of."""

    def __init__(self, wording: SessionFormatter) -> None:
        super().__init__()
        self._wording = wording
        lay_out(self.body, Label(wording.texts.gettext("Part by part"), TextRole.HEADING), spacing=LARGE)
        self.rows: dict[str, _ComparedSectionRow] = {}

    def show_comparison(self, found: AssessmentComparison) -> None:
        shown = {entry.section.id: entry for entry in found.sections if entry.before is not None}
        for section_id, entry in shown.items():
            if section_id not in self.rows:
                self.rows[section_id] = _ComparedSectionRow(self._wording)
                self.body.addWidget(self.rows[section_id])
            self.rows[section_id].show_change(entry)
        for section_id, line in self.rows.items():
            line.setVisible(section_id in shown)
        self.setVisible(bool(shown))


class ChangedItemsCard(Card):
    """A tab for each way an item can change. ``wanted`` carries an address to go to."""

    wanted = Signal(object)

    def __init__(self, wording: SessionFormatter) -> None:
        super().__init__(margin=SMALL)
        self._wording = wording
        self._found: AssessmentComparison | None = None
        say = wording.texts.gettext
        title = Label(say("What changed"), TextRole.HEADING)
        title.setContentsMargins(MEDIUM, SMALL, MEDIUM, 0)
        self.tabs = TabRow("comparison_tab")
        for way in _WAYS:
            self.tabs.addTab(say(CHANGE_TAB_LABELS[way]).format(count=wording.texts.number(0)))
        self.tabs.currentChanged.connect(lambda _place: self._show())
        self.list = FullHeightList("comparison_items", say("Items that changed this way"))
        self.list.opened.connect(lambda key: self.wanted.emit(Address.parse(key)))
        self._none = Label(say("No item changed this way."), is_muted=True)
        self._none.setContentsMargins(MEDIUM, SMALL, MEDIUM, SMALL)
        hint = Label(say("Press Enter to go to the question."), TextRole.CAPTION, is_muted=True)
        hint.setContentsMargins(MEDIUM, 0, MEDIUM, SMALL)
        lay_out(self.body, title, self.tabs, self.list, self._none, hint)

    def show_comparison(self, found: AssessmentComparison) -> None:
        is_first, self._found = self._found is None, found
        texts = self._wording.texts
        for place, way in enumerate(_WAYS):
            count = texts.number(found.count(way))
            self.tabs.setTabText(place, texts.gettext(CHANGE_TAB_LABELS[way]).format(count=count))
        filled = next((place for place, way in enumerate(_WAYS) if found.count(way)), 0)
        if is_first and filled:
            self.tabs.setCurrentIndex(filled)
        else:
            self._show()

    def _show(self) -> None:
        if self._found is None:
            return
        way = _WAYS[self.tabs.currentIndex()]
        lines = [changed_item_line(self._wording, entry) for entry in self._found.changes if entry.change is way]
        self.list.show_lines(lines)
        self.list.setVisible(bool(lines))
        self._none.setVisible(not lines)


class ComparisonPage(ReadingColumn):
    """``navigate`` carries an address, ``earlier_wanted`` asks for the place where a previous round is chosen."""

    navigate = Signal(object)
    previous_round_wanted = Signal()

    def __init__(self, controller: SessionController, texts: Translator) -> None:
        super().__init__(name="comparison_page")
        self._controller, self._texts = controller, texts
        self._fresh = RefreshOnShow(self, controller, self._show)
        self._wording = SessionFormatter(texts, controller.session)
        self._alerts = self._alert_card()
        self.sections = ComparedSectionsCard(self._wording)
        self.items = ChangedItemsCard(self._wording)
        self.items.wanted.connect(self.navigate)
        self._why_not = Label(role=TextRole.QUESTION)
        self._what_then = Label()
        choose = Button(texts.gettext("Choose the previous round"))
        self.choose = with_action(choose, "choose_earlier_round", self.previous_round_wanted.emit)
        self._empty = self._empty_card()
        self._sentence = Label()
        self.body.addWidget(Label(texts.gettext("Changes since the previous round"), TextRole.HEADING))
        lay_out(self.body, self._empty, self._sentence, self._alerts, self.sections, self.items)
        lay_out(self.body, 1, margins=(WIDE, MEDIUM, WIDE, WIDE))

    def _empty_card(self) -> Card:
        return Card(self._why_not, self._what_then, side_by_side(self.choose), margin=LARGE, spacing=SMALL)

    def _alert_card(self) -> Card:
        say = self._texts.gettext
        card = with_name(Card(tint="danger_tint", edge="danger", margin=SMALL), "regression_alerts")
        title = QWidget()
        column = lay_out(QVBoxLayout(title), margins=(SMALL, SMALL, SMALL, 0))
        column.addWidget(Label(say("Lost since the previous round"), TextRole.HEADING))
        column.addWidget(Label(say(
            "Statistics that no longer have this breakdown. Raise this with the decision-maker."
        )))  # fmt: skip
        self.alerts = FullHeightList("regression_list", say("Lost since the previous round"))
        self.alerts.opened.connect(lambda key: self.navigate.emit(Address.parse(key.partition("#")[0])))
        lay_out(card.body, title, self.alerts)
        return card

    def _show(self) -> None:
        results = assessment_results(self._controller.session)
        found = results.comparison
        is_there = found is not None and found.is_compatible
        self._empty.setVisible(not is_there)
        for widget in (self._sentence, self._alerts, self.sections, self.items):
            widget.setVisible(is_there)
        if found is not None and is_there:
            self._show_comparison(found, results.round)
        else:
            self._say_why_not(results)

    def _show_comparison(self, found: AssessmentComparison, earlier: str) -> None:
        self._sentence.setText(comparison_lead(self._wording, found, earlier))
        self._alerts.setVisible(bool(found.regressions))
        self.alerts.show_lines([regression_line(self._wording, entry) for entry in found.regressions])
        self.sections.show_comparison(found)
        self.items.show_comparison(found)

    def _say_why_not(self, results: Results) -> None:
        say = self._texts.gettext
        if results.problem is not None:
            reason, advice = results.problem.text(say), say("Choose its file again on the Mission page.")
        elif results.comparison is not None:
            reason = say("The previous round ({round}) cannot be compared").format(round=results.round)
            advice = say(
                "It used another questionnaire, or another main version of it. Migrate that assessment to this "
                "version. Then choose the migrated copy."
            )
        else:
            reason = say("No previous round")
            advice = say(
                "Choose the file of this country's previous assessment on the Mission page. You then see here, in the "
                "scores and in the report what has changed."
            )
        self._why_not.setText(reason)
        self._what_then.setText(advice)
