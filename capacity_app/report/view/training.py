"""Training and technical assistance: what is wanted topic by topic, what is planned, and where answers point."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from capacity_app.bilingual import beside
from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.assessment import Action
from capacity_app.domain.instrument import Column, Question
from capacity_app.domain.problems import N_
from capacity_app.domain.training import SUPPLEMENT, TYPES, Need, TrainingNeeds, training_needs
from capacity_app.palette import LEVEL_SIGNS, OPEN_SIGN
from capacity_app.report.view.chapters import span
from capacity_app.report.view.context import ContextPart, context_part
from capacity_app.report.view.pieces import Cell, Heading, Table, TableRow, Tone, anchor_of, row
from capacity_app.wording import Wording

_LEVEL_TONES = (Tone.ABSENT, Tone.EMERGING, Tone.ESTABLISHED, Tone.SUSTAINED)

_REMITTANCES = frozenset({"remittances", "bpm6"})


@dataclass(frozen=True, slots=True)
class TrainingView:
    """Training and technical assistance: needs by topic, the actions planned, other answers, and where to look."""

    parts: tuple[ContextPart, ...]
    actions: Table | None
    pointers: Table | None
    needs: Table | None = None
    lead: tuple[str, ...] = ()


def _training_actions(appraisal: Appraisal, words: Wording, actions: Iterable[Action]) -> Table | None:
    say = words.say
    rows = tuple(
        row(
            Cell(words.texts.numeral(appraisal.action_numbers[action.id]), link=anchor_of("a", action.id)),
            action.title,
            words.code("action_type", action.type),
            words.agency(action.responsible) if action.responsible else "–",
            span(words, action.start, action.end),
        )
        for action in actions
    )
    if not rows:
        return None
    headings = (
        Heading(say(N_("No.")), 6), Heading(words.label("actions", "title"), 42),
        Heading(words.label("actions", "type"), 14), Heading(words.label("actions", "responsible"), 16),
        Heading(say(N_("When")), 22),
    )  # fmt: skip
    return Table(headings, rows, style="compact")


def _option(words: Wording, question: Question, column: Column | None, option_id: str) -> str:
    option = column.option_by_id.get(option_id) if column else None
    return words.option(question, column, option) if option and column else option_id


def _level(words: Wording, level: int | None) -> Cell:
    if level is None:
        return Cell(sign=OPEN_SIGN, tone=Tone.OPEN)
    return Cell(words.texts.numeral(level), sign=LEVEL_SIGNS[level], tone=_LEVEL_TONES[level])


def _need_row(words: Wording, found: TrainingNeeds, question: Question, need: Need) -> TableRow:
    columns, one = found.columns, need.topic.row
    second = beside(words, lambda two: two.row(question, one)) if one else ""
    topic = Cell(words.topic(need), second=second)
    if columns is None or need.is_out:
        return row(topic, Cell(words.say(N_("not applicable")), tone=Tone.OUT, span=5))
    return row(
        topic,
        _level(words, need.level),
        _level(words, need.target),
        _option(words, question, columns.priority, need.priority) or "–",
        words.texts.listed(_option(words, question, columns.help, one) for one in need.help) or "–",
        words.texts.listed(words.agency(one) for one in need.who) or "–",
    )


def _needs_table(words: Wording, found: TrainingNeeds) -> Table | None:
    """List the topics of the supplement, the most pressing first; None without the supplement."""
    question = found.question
    if question is None or found.columns is None:
        return None
    say = words.say
    headings = (
        Heading(say(N_("Topic")), 32), Heading(say(N_("Level now")), 9, "sign"),
        Heading(say(N_("Level wanted")), 9, "sign"), Heading(say(N_("Priority")), 12),
        Heading(say(N_("Form of help")), 22), Heading(say(N_("Who needs it")), 16),
    )  # fmt: skip
    rows = tuple(_need_row(words, found, question, need) for need in found.needs)
    return Table(headings, rows, note=words.say(N_("Levels run from 0 to 3; ? open.")), style="heat")


def _pointers(words: Wording, found: TrainingNeeds) -> Table | None:
    """List the topics to which low answers elsewhere point, those with most of them first."""
    needs = [need for need in found.needs if need.gaps and not need.is_out]
    if not needs:
        return None
    say = words.say
    rows = []
    for need in sorted(needs, key=lambda need: -len(need.gaps)):
        places = dict.fromkeys((gap.number, anchor_of("g", str(gap.address))) for gap in need.gaps)
        text = ", ".join(number for number, _link in places)
        rows.append(row(words.topic(need), words.texts.number(len(places)), Cell(text, links=tuple(places))))
    headings = (
        Heading(say(N_("Topic")), 30), Heading(say(N_("Count")), 8, "number"),
        Heading(say(N_("Answers at level 0 or 1")), 62),
    )  # fmt: skip
    return Table(headings, tuple(rows), style="compact")


def _part(words: Wording, appraisal: Appraisal, found: TrainingNeeds) -> tuple[ContextPart, ...]:
    """Return the supplement's answers; the table of topics is not printed twice."""
    sections = [s for s in appraisal.dossier.instrument.sections if s.supplement == SUPPLEMENT]
    parts = (context_part(words, appraisal.sheet, section) for section in sections)
    shown = anchor_of("q", found.question.id) if found.question and found.columns else ""
    return tuple(replace(p, entries=tuple(e for e in p.entries if e.link != shown)) for p in parts)


def _lead(words: Wording, found: TrainingNeeds) -> tuple[str, ...]:
    if found.question is None:
        return (words.say(N_("The supplement on training was not used; low answers elsewhere point to needs.")),)
    first = words.say(
        N_("What staff can do now and should be able to do, topic by topic, most pressing first: {count} need help."),
        count=words.texts.number(found.count),
    )
    remittances = [need for need in found.needs if _REMITTANCES & need.topic.tags and need.is_wanted]
    second = (
        words.say(N_("Remittance statistics are among them: {topic}."), topic=words.topic(n)) for n in remittances
    )
    return (first, *second)


def training_view(appraisal: Appraisal, words: Wording) -> TrainingView:
    """Build the chapter on training and technical assistance."""
    chosen = [action for action in appraisal.dossier.actions if action.type in TYPES]
    found = training_needs(appraisal.sheet, appraisal.gaps)
    return TrainingView(
        parts=_part(words, appraisal, found),
        actions=_training_actions(appraisal, words, chosen),
        pointers=_pointers(words, found),
        needs=_needs_table(words, found),
        lead=_lead(words, found),
    )
