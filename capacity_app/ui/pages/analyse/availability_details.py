"""What stands behind one tile of an availability map, in words: what there is, from whom, how old, on what evidence."""

from collections.abc import Iterable, Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capacity_app.domain.assessment.answers import Address, AnswerState
from capacity_app.domain.assessment.registers import DataSource, Evidence
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring.answer_sheet import AnswerItem, ItemStatus
from capacity_app.domain.scoring.data_availability import (
    APPLICABLE_STATUSES,
    AvailabilityMatrix,
    DataTopic,
    ServiceStatus,
    SourceUsage,
)
from capacity_app.i18n.translator import Translator
from capacity_app.services.availability import (
    answer_text,
    breakdown_labels,
    cell_text,
    counts_text,
    row_number,
    served_text,
    service_text,
    source_label,
    topic_text,
)
from capacity_app.ui.session.formatters import GRADE_LABELS, SessionFormatter, capitalized
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, TextRole
from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.cards import Card, Label, scroll_area_of
from capacity_app.ui.widgets.flow import Flow
from capacity_app.ui.widgets.layouts import TurningSplitter, empty_layout, lay_out, with_action, with_name

LabelledText = tuple[str, str]


@dataclass(frozen=True, slots=True)
class TileDetail:
    """A tile in words. ``address`` is where its answer stands, ``source`` the register entry behind it, if any."""

    title: str = ""
    lead: str = ""
    facts: tuple[LabelledText, ...] = ()
    address: Address | None = None
    source: str = ""


def nonempty_facts(*facts: LabelledText) -> Iterator[LabelledText]:
    yield from ((label, text) for label, text in facts if text)


def topic_title(formatter: SessionFormatter, topic: DataTopic) -> str:
    return formatter.texts.numbered(row_number(topic.question, topic.row), formatter.row(topic.question, topic.row))


def _column(formatter: SessionFormatter, item: AnswerItem) -> str:
    return formatter.column(item.question, item.question.column_by_id[item.address.column])


def answer_facts(formatter: SessionFormatter, items: Iterable[AnswerItem]) -> Iterator[LabelledText]:
    """Yield what a row of a grid says, column by column, and what is left to ask."""
    unasked: list[str] = []
    for item in items:
        if item.standing is not ItemStatus.WANTED:
            continue
        if item.answer.state is AnswerState.NOT_ASKED and not item.answer.conflict:
            unasked.append(_column(formatter, item))
        else:
            yield _column(formatter, item), answer_text(formatter, item)
    yield from nonempty_facts((formatter.say(N_("Not asked yet")), formatter.texts.listed(unasked)))


def evidence_text(formatter: SessionFormatter, entries: Iterable[str]) -> str:
    session = formatter.session
    found = ((entry, session.entry("evidence", entry)) for entry in entries)
    return "; ".join(
        f"{formatter.evidence(entry)} ({formatter.say(GRADE_LABELS[known.grade])})"
        if isinstance(known, Evidence)
        else entry
        for entry, known in found
    )


def _topic_facts(formatter: SessionFormatter, topic: DataTopic) -> Iterator[LabelledText]:
    yield from answer_facts(formatter, topic.items)
    if topic.service is not ServiceStatus.SERVED:
        return
    yield from nonempty_facts(
        (formatter.say(N_("Not broken down by")), breakdown_labels(formatter, topic, topic.lacking))
    )
    evidence = evidence_text(formatter, topic.evidence) or formatter.say(N_("statement only"))
    yield formatter.say(N_("Evidence")), evidence


def _source_facts(formatter: SessionFormatter, source: DataSource) -> Iterator[LabelledText]:
    say = formatter.say
    yield from nonempty_facts(
        (say(N_("Type of source")), formatter.code("source_type", source.type)),
        (say(N_("Agency of the source")), formatter.agency(source.agency) if source.agency else ""),
        (say(N_("Last date of the source")), formatter.texts.short_date(source.last_date) if source.last_date else ""),
        (say(N_("Periodicity of the source")), source.periodicity),
        (say(N_("Known defects")), source.defects),
    )


def _names(formatter: SessionFormatter, topics: Iterable[DataTopic]) -> str:
    return "\n".join(topic_title(formatter, topic) for topic in topics)


def _places(formatter: SessionFormatter, use: SourceUsage) -> str:
    return "; ".join(dict.fromkeys(formatter.place(place) for place in use.places))


def availability_cell_detail(
    formatter: SessionFormatter, matrix: AvailabilityMatrix, topic: DataTopic, use: SourceUsage
) -> TileDetail:
    title = f"{topic_title(formatter, topic)} · {source_label(formatter, use)}"
    entry = use.id if use.source is not None else ""
    cell = matrix.cell(topic, use)
    if cell is None:
        return TileDetail(title, _why_empty(formatter, topic), (), topic.source_address, entry)
    lead = [capitalized(cell_text(formatter, cell))]
    if cell.is_shared:
        lead.append(formatter.say(N_("The answers below are about all sources of the topic together.")))
    if cell.year != topic.year:
        lead.append(formatter.say(N_("The year is that of the source’s own last date.")))
    facts = [*_topic_facts(formatter, topic), *(_source_facts(formatter, use.source) if use.source else ())]
    return TileDetail(
        title, ". ".join(part.removesuffix(".") for part in lead) + ".", tuple(facts), topic.source_address, entry
    )


def _why_empty(formatter: SessionFormatter, topic: DataTopic) -> str:
    if topic.service not in APPLICABLE_STATUSES:
        return capitalized(service_text(formatter, topic.service, topic.reason)) + "."
    if topic.service is ServiceStatus.OPEN:
        return formatter.say(N_("Nobody has said yet which sources serve this topic."))
    if topic.sources:
        named = formatter.texts.listed(formatter.source(source) for source in topic.sources)
        return formatter.say(N_("This source is not named for the topic. Named are: {sources}."), sources=named)
    return formatter.say(N_("No source serves this topic."))


def topic_detail(formatter: SessionFormatter, topic: DataTopic) -> TileDetail:
    lead = capitalized(topic_text(formatter, topic)) + "."
    return TileDetail(topic_title(formatter, topic), lead, tuple(_topic_facts(formatter, topic)), topic.address)


def source_detail(formatter: SessionFormatter, matrix: AvailabilityMatrix, use: SourceUsage) -> TileDetail:
    say, topics = formatter.say, matrix.topics_of(use)
    facts = [*nonempty_facts((say(N_("Topics")), _names(formatter, topics)))]
    if use.source is None:
        lead = say(N_("Answers name this source, but it is not in the register: enter it there, or name another one."))
        facts += nonempty_facts((say(N_("Named in")), _places(formatter, use)))
        return TileDetail(source_label(formatter, use), lead, tuple(facts), use.places[0])
    lead = capitalized(counts_text(formatter, topics)) + "."
    if not topics:
        lead = say(N_("No answer names this source for any of these topics."))
        facts += nonempty_facts((say(N_("Named elsewhere")), _places(formatter, use)))
    return TileDetail(source_label(formatter, use), lead, (*facts, *_source_facts(formatter, use.source)), None, use.id)


def matrix_detail(formatter: SessionFormatter, matrix: AvailabilityMatrix) -> TileDetail:
    """Return what stands out: topics without a source, sources without a topic, sources nobody has registered."""
    say = formatter.say
    facts = nonempty_facts(
        (say(N_("Without a source")), _names(formatter, matrix.of(ServiceStatus.LACKING))),
        (say(N_("Source not asked yet")), _names(formatter, matrix.of(ServiceStatus.OPEN))),
        (say(N_("Not applicable")), _names(formatter, matrix.of(ServiceStatus.OUT))),
        (say(N_("Sources that serve no topic")), "\n".join(source_label(formatter, use) for use in matrix.idle)),
        (
            say(N_("Not in the register")),
            "\n".join(f"{use.id} ({_places(formatter, use)})" for use in matrix.unregistered),
        ),
    )
    return TileDetail(
        say(N_("All topics and sources")), capitalized(served_text(formatter, matrix)) + ".", tuple(facts)
    )


_WIDE = 120
"""Letters of width from which a map has its words beside it, not below."""
_LEAST_LINES = 12
_SHARE = 0.73
"""The map's share of the width."""


class TileDetailCard(Card):
    """Shows a detail. ``wanted`` carries the address of its answer, ``entry_wanted`` the id of its source."""

    wanted = Signal(object)
    entry_wanted = Signal(str)

    def __init__(self, texts: Translator, name: str) -> None:
        super().__init__(margin=LARGE)
        self.detail = TileDetail()
        self.setObjectName(name)
        self.title, self.lead = Label(role=TextRole.QUESTION), Label()
        go, opener = Button(texts.gettext("Go to the answer")), Button(texts.gettext("Open the source"))
        self.go = with_action(go, f"{name}_go", lambda: self.wanted.emit(self.detail.address))
        self.open = with_action(opener, f"{name}_open", lambda: self.entry_wanted.emit(self.detail.source))
        self._facts = lay_out(QVBoxLayout(), spacing=0)
        buttons = Flow(SMALL, self.go, self.open)
        lay_out(self.body, self.title, self.lead, buttons, self._facts, 1, spacing=MEDIUM)

    def show_detail(self, detail: TileDetail) -> None:
        self.detail = detail
        self.title.setText(detail.title)
        self.lead.show_or_hide(detail.lead)
        self.go.setVisible(detail.address is not None)
        self.open.setVisible(bool(detail.source))
        empty_layout(self._facts)
        for label, fact in detail.facts:
            text = Label(fact, is_selectable=True)
            text.setContentsMargins(0, 0, 0, SMALL)
            lay_out(self._facts, Label(label, TextRole.CAPTION, is_muted=True), text)


def map_with_detail(sheet: QWidget, card: TileDetailCard) -> TurningSplitter:
    """Return a map with its words beside it, or below it where there is too little width."""
    area = with_name(scroll_area_of(card, takes_focus=True, scrolls_sideways=False), f"{card.objectName()}_area")
    return TurningSplitter(sheet, area, "", letters=_WIDE, share=_SHARE, lines=_LEAST_LINES)
