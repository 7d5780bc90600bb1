"""What stands behind one tile, in words: what there is, from whom, how detailed, how old, and on what evidence."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

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
    """Give what a row of a grid says, column by column, and what is left to ask."""
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
    """Tell what one source gives to one topic."""
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
    """Tell how a topic is served by all its sources."""
    lead = capital(topic_text(words, topic)) + "."
    return Detail(topic_title(words, topic), lead, tuple(_topic_facts(words, topic)), topic.address)


def use_detail(words: Wording, matrix: Matrix, use: SourceUse) -> Detail:
    """Tell what a source is and which topics it serves."""
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
    """Tell what stands out: topics without a source, sources without a topic, sources nobody has registered."""
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
