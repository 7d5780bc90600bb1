"""Training and assistance needs, topic by topic: what a supplement asks outright, and what other answers point to.

A supplement's grid says per topic which level staff have and which is wanted. Without it, and beside it, the low
levels of scored answers that share a topic's tags, and the record of courses, say where to look. Answers about law,
mandate and access point nowhere: there, skill is not what is missing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from capacity_app.domain.assessment.answers import Address, AnswerState, AnswerValue
from capacity_app.domain.assessment.registers import Action, ActionProgress
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import GridColumn, GridRow, Instrument, Question
from capacity_app.domain.questionnaire.kinds import TOP_LEVEL, AnswerKind
from capacity_app.domain.scoring.answer_sheet import AnswerItem, AnswerSheet, ItemStatus
from capacity_app.domain.scoring.gaps import Gap

TRAINING_SUPPLEMENT = "T"
"""The supplement on capacity and training needs, as instruments name it."""
TRAINING_ACTION_TYPES = frozenset({"training", "technical-assistance"})
"""The types of action that are training or technical assistance."""
LOW_LEVEL = 1
"""The highest level of an answer that points to a need."""
_MANDATES = frozenset({"coordination", "legal-mandate", "access-by-statistics-office"})
_PRIORITIES = ("high", "medium", "low")
_FEWEST = 3
"""The options a checklist must share with the topics to be the record of courses."""


@dataclass(frozen=True, slots=True)
class TrainingTopic:
    """A subject of training. ``label`` is a sentence of ours, or empty where ``row`` words it."""

    id: str
    label: str
    tags: frozenset[str] = frozenset()
    row: GridRow | None = None

    def is_named_by(self, name: str) -> bool:
        """Return whether a permanent id ("vi.census-tables") names the topic."""
        return bool({self.id, self.id.removesuffix("s")} & set(re.split(r"[.\-_]", name)))


TRAINING_TOPICS = (
    TrainingTopic("concepts", N_("Concepts and definitions"), frozenset({"usual-residence", "migratory-status"})),
    TrainingTopic("census", N_("Population census")),
    TrainingTopic("surveys", N_("Household surveys")),
    TrainingTopic(
        "registers", N_("Administrative registers"), frozenset({"administrative-source", "population-register"})
    ),
    TrainingTopic("integration", N_("Integration of sources"), frozenset({"record-linkage"})),
    TrainingTopic("estimation", N_("Estimation"), frozenset({"mirror-statistics", "emigrant"})),
    TrainingTopic("analysis", N_("Analysis")),
    TrainingTopic("dissemination", N_("Dissemination"), frozenset({"open-data"})),
    TrainingTopic("sdg", N_("SDG indicators by migratory status"), frozenset({"sdg-disaggregation"})),
    TrainingTopic("children", N_("Data on migrant children"), frozenset({"children"})),
    TrainingTopic("remittances", N_("Remittances"), frozenset({"remittances", "bpm6"})),
    TrainingTopic("data-protection", N_("Data protection"), frozenset({"disclosure-control"})),
)
"""The topics while no supplement names its own."""


@dataclass(frozen=True, slots=True)
class TrainingColumns:
    """The columns of the supplement's grid, found by what they ask; None where it has none of the kind."""

    level: GridColumn
    target: GridColumn | None
    priority: GridColumn | None
    help: GridColumn | None
    who: GridColumn | None


@dataclass(frozen=True, slots=True)
class TrainingNeed:
    """One topic. ``address`` is its row in the supplement, None without one.

    ``level`` and ``target`` (0-3) are None while nobody said; ``is_out`` tells that the row does not apply.
    ``priority``, ``help`` and ``who`` are ids of options and agencies; ``trained`` whether there was a course in the
    last years, None where nobody was asked. ``gaps`` are what other answers point to.
    """

    topic: TrainingTopic
    address: Address | None
    level: int | None
    target: int | None
    priority: str
    help: tuple[str, ...]
    who: tuple[str, ...]
    trained: bool | None
    gaps: tuple[Gap, ...]
    is_out: bool = False

    @property
    def steps(self) -> int:
        """How many levels are wanted above the present one; 0 while either is unknown."""
        if self.level is None or self.target is None:
            return 0
        return max(0, self.target - self.level)

    @property
    def is_wanted(self) -> bool:
        """Return whether the topic needs anything, as far as anybody said."""
        return not self.is_out and (self.steps > 0 or self.priority in _PRIORITIES)


@dataclass(frozen=True)
class TrainingNeeds:
    """All topics, the most pressing first; ``question`` is the supplement's grid, None without the supplement."""

    question: Question | None
    columns: TrainingColumns | None
    courses: Question | None
    needs: tuple[TrainingNeed, ...]

    @cached_property
    def count(self) -> int:
        """How many topics need something; where nobody asked, how many have answers that point to them."""
        return sum(1 for need in self.needs if (need.is_wanted if self.question else need.gaps))


def _columns_of(question: Question) -> TrainingColumns | None:
    levels = [column for column in question.columns if column.kind is AnswerKind.LEVEL]
    choices = [column for column in question.columns if column.kind is AnswerKind.CHOICE]
    if not levels:
        return None
    priority = next((c for c in choices if {"high", "low"} <= c.option_by_id.keys()), None)
    target = next((c for c in choices if c is not priority and len(c.options) == TOP_LEVEL + 1), None)
    return TrainingColumns(
        level=levels[0],
        target=target,
        priority=priority,
        help=next((c for c in question.columns if c.kind is AnswerKind.CHECKLIST), None),
        who=next((c for c in question.columns if c.kind is AnswerKind.AGENCY), None),
    )


def training_grid_of(instrument: Instrument) -> tuple[Question | None, TrainingColumns | None]:
    """Find the supplement's grid of topics by its columns; None without the supplement."""
    for section in instrument.sections:
        for question in section.questions if section.supplement == TRAINING_SUPPLEMENT else ():
            columns = _columns_of(question)
            if columns is not None and question.rows:
                return question, columns
    return None, None


def training_courses_of(instrument: Instrument, topics: Iterable[TrainingTopic]) -> Question | None:
    """Find the checklist of subjects in which staff were trained: the one whose options are topics."""
    known = {topic.id for topic in (*topics, *TRAINING_TOPICS)}
    for section in instrument.sections:
        for question in section.questions if not section.supplement else ():
            is_list = question.kind is AnswerKind.CHECKLIST and not question.is_scored
            if is_list and sum(1 for one in known if one in question.option_by_id) >= _FEWEST:
                return question
    return None


def _topics(instrument: Instrument, question: Question | None) -> tuple[TrainingTopic, ...]:
    """Return the supplement's topics; without it those of ours that a course or a scored question could be about."""
    if question is None:
        courses = training_courses_of(instrument, TRAINING_TOPICS)
        taught = courses.option_by_id if courses else {}
        asked = tuple(one for one in instrument.questions() if one.scored)
        return tuple(t for t in TRAINING_TOPICS if t.id in taught or any(_may_be_about(one, t) for one in asked))
    return tuple(TrainingTopic(row.id, "", frozenset(row.tags), row) for row in question.rows)


def _may_be_about(question: Question, topic: TrainingTopic) -> bool:
    tags = frozenset(question.tags).union(*(row.tags for row in question.rows))
    return topic.is_named_by(question.id) or bool(tags & topic.tags)


def _is_about(gap: Gap, topic: TrainingTopic) -> bool:
    if topic.is_named_by(gap.question.id):
        return True
    tags = frozenset(gap.row.tags if gap.row and gap.row.tags else gap.question.tags)
    return bool((tags & topic.tags) - _MANDATES) and not (tags & _MANDATES) - topic.tags


def _trained(sheet: AnswerSheet, courses: Question | None, topic: TrainingTopic) -> bool | None:
    if courses is None:
        return None
    options = {option for option in courses.option_by_id if option == topic.id or option in topic.tags}
    answer = sheet.blocks[courses.id].items[0].answer
    if not options or answer.state is not AnswerState.ANSWERED or not isinstance(answer.value, tuple):
        return None
    return bool(options & set(answer.value))


def _answered_value(item: AnswerItem | None) -> AnswerValue:
    if item is None or item.standing is not ItemStatus.WANTED or item.answer.state is not AnswerState.ANSWERED:
        return None
    return item.answer.value


def _listed(value: AnswerValue, column: GridColumn | None) -> tuple[str, ...]:
    alone = {option.id for option in column.options if option.exclusive} if column else set()
    return tuple(one for one in value if one not in alone) if isinstance(value, tuple) else ()


def _target(column: GridColumn | None, value: AnswerValue, level: int | None) -> int | None:
    """Read the wanted level from the place of its option; the first is "no change"."""
    place = next((place for place, option in enumerate(column.options) if option.id == value), -1) if column else -1
    if place < 0:
        return None
    return place or level


def _need(
    topic: TrainingTopic, columns: TrainingColumns, items: Mapping[str, AnswerItem], more: "_RelatedAnswers"
) -> TrainingNeed:
    def said(column: GridColumn | None) -> AnswerValue:
        return _answered_value(items.get(column.id)) if column else None

    level, priority = said(columns.level), said(columns.priority)
    shown_level = level if isinstance(level, int) else None
    place = next(iter(items.values())).address
    return TrainingNeed(
        topic=topic,
        address=Address(place.question, place.row),
        level=shown_level,
        target=_target(columns.target, said(columns.target), shown_level),
        priority=str(priority or ""),
        help=_listed(said(columns.help), columns.help),
        who=_listed(said(columns.who), None),
        trained=more.trained,
        gaps=more.gaps,
        is_out=all(item.standing is not ItemStatus.WANTED for item in items.values()),
    )


@dataclass(frozen=True, slots=True)
class _RelatedAnswers:
    trained: bool | None
    gaps: tuple[Gap, ...]


def _urgency(need: TrainingNeed) -> tuple[int, int, int]:
    """Put what is wanted most first; the printed order decides between equals."""
    rank = _PRIORITIES.index(need.priority) if need.priority in _PRIORITIES else len(_PRIORITIES)
    return (len(_PRIORITIES) + 1 if need.is_out else rank), -need.steps, -len(need.gaps)


def _needs(
    sheet: AnswerSheet, question: Question | None, columns: TrainingColumns | None, low: tuple[Gap, ...]
) -> Iterator[TrainingNeed]:
    topics = _topics(sheet.instrument, question)
    courses = training_courses_of(sheet.instrument, topics)
    for topic in topics:
        beside = _RelatedAnswers(_trained(sheet, courses, topic), tuple(gap for gap in low if _is_about(gap, topic)))
        if question is None or columns is None:
            yield TrainingNeed(topic, None, None, None, "", (), (), beside.trained, beside.gaps)
            continue
        items = {item.field.id: item for item in sheet.blocks[question.id].items if item.row is topic.row}
        yield _need(topic, columns, items, beside)


def find_training_needs(sheet: AnswerSheet, gaps: Iterable[Gap]) -> TrainingNeeds:
    """Find what each topic needs; ``gaps`` are those of the assessment, most severe first."""
    question, columns = training_grid_of(sheet.instrument)
    low = tuple(gap for gap in gaps if gap.level is not None and gap.level <= LOW_LEVEL and not gap.section.supplement)
    found = tuple(sorted(_needs(sheet, question, columns, low), key=_urgency))
    return TrainingNeeds(
        question, columns, training_courses_of(sheet.instrument, _topics(sheet.instrument, question)), found
    )


def training_actions_for(need: TrainingNeed, actions: Iterable[Action]) -> tuple[Action, ...]:
    """Return the training and assistance planned about a topic: actions that close what points to it."""
    about = {str(gap.address) for gap in need.gaps}
    return tuple(
        action
        for action in actions
        if action.type in TRAINING_ACTION_TYPES
        and action.progress is not ActionProgress.DROPPED
        and about.intersection(action.gaps)
    )
