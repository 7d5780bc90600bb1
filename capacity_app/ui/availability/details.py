"""What stands behind one tile, in words: what there is, from whom, how detailed, how old, and on what evidence."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QSplitter, QVBoxLayout, QWidget

from capacity_app.domain.answers import Address, State
from capacity_app.domain.assessment import Evidence, Source
from capacity_app.domain.availability import Matrix, SourceUse
from capacity_app.domain.problems import N_
from capacity_app.domain.sheet import Item, Standing
from capacity_app.domain.topics import APPLIES, Service, Topic
from capacity_app.services.availability import (
    answer_text,
    cell_text,
    counts_text,
    labels_of,
    number_of,
    served_text,
    service_text,
    source_name,
    topic_text,
)
from capacity_app.texts import Texts
from capacity_app.ui.look.cards import Card, Words
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL, Role
from capacity_app.ui.wording import GRADE_WORDS, Wording

Fact = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Detail:
    """A tile in words. ``address`` is where its answer stands, ``source`` the register entry behind it, if any."""

    title: str = ""
    lead: str = ""
    facts: tuple[Fact, ...] = ()
    address: Address | None = None
    source: str = ""


def kept(*facts: Fact) -> Iterator[Fact]:
    yield from ((label, text) for label, text in facts if text)


def topic_title(words: Wording, topic: Topic) -> str:
    return f"{number_of(topic.question, topic.row)}  {words.row(topic.question, topic.row)}"


def _column(words: Wording, item: Item) -> str:
    return words.column(item.question, item.question.column_by_id[item.address.column])


def answers_in(words: Wording, items: Iterable[Item]) -> Iterator[Fact]:
    """Yield what a row of a grid says, column by column, and what is left to ask."""
    unasked: list[str] = []
    for item in items:
        if item.standing is not Standing.WANTED:
            continue
        if item.answer.state is State.NOT_ASKED and not item.answer.conflict:
            unasked.append(_column(words, item))
        else:
            yield _column(words, item), answer_text(words, item)
    yield from kept((words.say(N_("Not asked yet")), words.texts.listed(unasked)))


def evidence_text(words: Wording, entries: Iterable[str]) -> str:
    session = words.session
    found = ((entry, session.entry("evidence", entry)) for entry in entries)
    return "; ".join(
        f"{words.evidence(entry)} ({words.say(GRADE_WORDS[known.grade])})" if isinstance(known, Evidence) else entry
        for entry, known in found
    )


def _topic_facts(words: Wording, topic: Topic) -> Iterator[Fact]:
    yield from answers_in(words, topic.items)
    if topic.service is not Service.SERVED:
        return
    yield from kept((words.say(N_("Not broken down by")), labels_of(words, topic, topic.lacking)))
    evidence = evidence_text(words, topic.evidence) or words.say(N_("statement only"))
    yield words.say(N_("Evidence")), evidence


def _source_facts(words: Wording, source: Source) -> Iterator[Fact]:
    say = words.say
    yield from kept(
        (say(N_("Type of source")), words.code("source_type", source.type)),
        (say(N_("Agency of the source")), words.agency(source.agency) if source.agency else ""),
        (say(N_("Last date of the source")), words.texts.date(source.last_date) if source.last_date else ""),
        (say(N_("Periodicity of the source")), source.periodicity),
        (say(N_("Known defects")), source.defects),
    )


def _names(words: Wording, topics: Iterable[Topic]) -> str:
    return "\n".join(topic_title(words, topic) for topic in topics)


def _places(words: Wording, use: SourceUse) -> str:
    return "; ".join(dict.fromkeys(words.place(place) for place in use.places))


def cell_detail(words: Wording, matrix: Matrix, topic: Topic, use: SourceUse) -> Detail:
    """Return what one source gives to one topic."""
    title = f"{topic_title(words, topic)} · {source_name(words, use)}"
    entry = use.id if use.source is not None else ""
    cell = matrix.cell(topic, use)
    if cell is None:
        return Detail(title, _why_empty(words, topic), (), topic.source_address, entry)
    lead = [capital(cell_text(words, cell))]
    if cell.is_shared:
        lead.append(words.say(N_("The answers below are about all sources of the topic together.")))
    if cell.year != topic.year:
        lead.append(words.say(N_("The year is that of the source’s own last date.")))
    facts = [*_topic_facts(words, topic), *(_source_facts(words, use.source) if use.source else ())]
    return Detail(
        title, ". ".join(part.removesuffix(".") for part in lead) + ".", tuple(facts), topic.source_address, entry
    )


def _why_empty(words: Wording, topic: Topic) -> str:
    if topic.service not in APPLIES:
        return capital(service_text(words, topic.service, topic.reason)) + "."
    if topic.service is Service.OPEN:
        return words.say(N_("Nobody has said yet which sources serve this topic."))
    if topic.sources:
        named = words.texts.listed(words.source(source) for source in topic.sources)
        return words.say(N_("This source is not named for the topic. Named are: {sources}."), sources=named)
    return words.say(N_("No source serves this topic."))


def topic_detail(words: Wording, topic: Topic) -> Detail:
    """Return how a topic is served by all its sources."""
    lead = capital(topic_text(words, topic)) + "."
    return Detail(topic_title(words, topic), lead, tuple(_topic_facts(words, topic)), topic.address)


def use_detail(words: Wording, matrix: Matrix, use: SourceUse) -> Detail:
    """Return what a source is and which topics it serves."""
    say, topics = words.say, matrix.topics_of(use)
    facts = [*kept((say(N_("Topics")), _names(words, topics)))]
    if use.source is None:
        lead = say(N_("Answers name this source, but it is not in the register: enter it there, or name another one."))
        facts += kept((say(N_("Named in")), _places(words, use)))
        return Detail(source_name(words, use), lead, tuple(facts), use.places[0])
    lead = capital(counts_text(words, topics)) + "."
    if not topics:
        lead = say(N_("No answer names this source for any of these topics."))
        facts += kept((say(N_("Named elsewhere")), _places(words, use)))
    return Detail(source_name(words, use), lead, (*facts, *_source_facts(words, use.source)), None, use.id)


def whole_detail(words: Wording, matrix: Matrix) -> Detail:
    """Return what stands out: topics without a source, sources without a topic, sources nobody has registered."""
    say = words.say
    facts = kept(
        (say(N_("Without a source")), _names(words, matrix.of(Service.LACKING))),
        (say(N_("Source not asked yet")), _names(words, matrix.of(Service.OPEN))),
        (say(N_("Not applicable")), _names(words, matrix.of(Service.OUT))),
        (say(N_("Sources that serve no topic")), "\n".join(source_name(words, use) for use in matrix.idle)),
        (
            say(N_("Not in the register")),
            "\n".join(f"{use.id} ({_places(words, use)})" for use in matrix.unregistered),
        ),
    )
    return Detail(say(N_("All topics and sources")), capital(served_text(words, matrix)) + ".", tuple(facts))


def capital(text: str) -> str:
    """Begin with a capital, where a word begins a sentence."""
    return text[:1].upper() + text[1:]


_WIDE = 120
"""Letters of width from which a map has its words beside it, not below."""
_LEAST_LINES = 12
_BESIDE = 38
"""Letters of width of the words beside a map."""


class DetailCard(Card):
    """Shows a detail. ``wanted`` carries the address of its answer, ``entry_wanted`` the id of its source."""

    wanted = Signal(object)
    entry_wanted = Signal(str)

    def __init__(self, texts: Texts, name: str) -> None:
        super().__init__(margin=LARGE)
        self.detail = Detail()
        self.setObjectName(name)
        self.title, self.lead = Words(role=Role.QUESTION), Words()
        self.go = self._button(texts.gettext("Go to the answer"), f"{name}_go")
        self.go.clicked.connect(lambda _checked: self.wanted.emit(self.detail.address))
        self.open = self._button(texts.gettext("Open the source"), f"{name}_open")
        self.open.clicked.connect(lambda _checked: self.entry_wanted.emit(self.detail.source))
        self._facts: list[tuple[Words, Words]] = []
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        buttons = Flow(SMALL)
        buttons.place(self.go)
        buttons.place(self.open)
        self.body.setSpacing(MEDIUM)
        self.body.addWidget(self.title)
        self.body.addWidget(self.lead)
        self.body.addWidget(buttons)
        self.body.addLayout(self._column)
        self.body.addStretch(1)

    @staticmethod
    def _button(label: str, name: str) -> QPushButton:
        button = QPushButton(label)
        button.setObjectName(name)
        button.setAutoDefault(False)
        return button

    def show_detail(self, detail: Detail) -> None:
        self.detail = detail
        self.title.setText(detail.title)
        self.lead.setText(detail.lead)
        self.lead.setVisible(bool(detail.lead))
        self.go.setVisible(detail.address is not None)
        self.open.setVisible(bool(detail.source))
        while len(self._facts) < len(detail.facts):
            self._add_line()
        for number, (label, text) in enumerate(self._facts):
            is_used = number < len(detail.facts)
            if is_used:
                label.setText(detail.facts[number][0])
                text.setText(detail.facts[number][1])
            label.setVisible(is_used)
            text.setVisible(is_used)

    def _add_line(self) -> None:
        label, text = Words(role=Role.CAPTION, is_muted=True), Words()
        text.setContentsMargins(0, 0, 0, SMALL)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._column.addWidget(label)
        self._column.addWidget(text)
        self._facts.append((label, text))


class MapAndWords(QSplitter):
    """A map with its words beside it, or below it where there is too little width."""

    def __init__(self, sheet: QWidget, card: DetailCard) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._area = QScrollArea()
        self._area.setObjectName(f"{card.objectName()}_area")
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(card)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(MEDIUM)
        self.addWidget(sheet)
        self.addWidget(self._area)
        self.setStretchFactor(0, 1)
        self.setStretchFactor(1, 0)
        self._sheet = sheet
        self._is_wide: bool | None = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        letter = self.fontMetrics().averageCharWidth()
        is_wide = self.width() >= _WIDE * letter
        if is_wide != self._is_wide:
            self._is_wide = is_wide
            self.setOrientation(Qt.Orientation.Horizontal if is_wide else Qt.Orientation.Vertical)
            whole = self.width() if is_wide else self.height()
            beside = _BESIDE * letter if is_wide else self.height() * 2 // 5
            self.setSizes([whole - beside, beside])
        self._keep_room()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._keep_room()
        return super().event(event)

    def _keep_room(self) -> None:
        """Take as much height as the map and its legend need at this width, so that nothing is cut off."""
        metrics, layout = self.fontMetrics(), self._sheet.layout()
        is_wide = self._is_wide is not False
        width = self._sheet.width() if is_wide else self.width()
        self._sheet.setMinimumHeight(max(layout.minimumHeightForWidth(width), 0) if layout is not None else 0)
        self._area.setMinimumHeight(0 if is_wide else _LEAST_LINES * metrics.height())
