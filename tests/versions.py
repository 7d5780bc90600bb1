"""Pairs of versions of one instrument, for property tests: questions, what became of each, and rules that say so."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from capacity_app.domain.assessment.answer_rules import check_content
from capacity_app.domain.assessment.answers import Address, Answer, AnswerKey, AnswerLayer, AnswerState, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Action, FeasibilityRating, Remark
from capacity_app.domain.questionnaire.instrument import ChoiceOption, GridColumn, GridRow, Instrument, Question
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.questionnaire.versions import OptionRule, PlaceRule, VersionChange, VersionRules
from tests.builders import ASSESSMENT_ID
from tests.domain.making import ANCHORS, instrument, question, section

LEVELS = {"0": "no", "1": "partly", "2": "partly", "3": "yes"}
TEXTS = st.text("abc ä移م", max_size=12)
AGENCIES = st.sampled_from(["", "agency-nso", "agency-moi"])
KINDS = (
    AnswerKind.LEVEL,
    AnswerKind.YES_NO,
    AnswerKind.CHOICE,
    AnswerKind.CHECKLIST,
    AnswerKind.LONG_TEXT,
    AnswerKind.GRID,
)


@dataclass(frozen=True)
class Step:
    """What one question became: the questions there are now, and the rules that say so."""

    questions: tuple[Question, ...]
    places: tuple[PlaceRule, ...] = ()
    rows: tuple[PlaceRule, ...] = ()
    columns: tuple[PlaceRule, ...] = ()
    options: tuple[OptionRule, ...] = ()


@dataclass(frozen=True)
class Pair:
    """Two versions of one instrument and the rules between them."""

    earlier: Instrument
    later: Instrument
    rules: VersionRules


def options(*names: str) -> tuple[ChoiceOption, ...]:
    return tuple(ChoiceOption(id=name, label=f"Label {name}") for name in names)


def made(name: str, kind: AnswerKind) -> Question:
    """Make a question of a kind."""
    more: dict[str, Any] = {}
    if kind in {AnswerKind.CHOICE, AnswerKind.CHECKLIST}:
        more["options"] = options("one", "two", "three")
    if kind is AnswerKind.GRID:
        more["columns"] = (
            GridColumn(id="level", label="Level", kind=AnswerKind.LEVEL, anchors=ANCHORS),
            GridColumn(id="remark", label="Remark", kind=AnswerKind.TEXT),
        )
        more["rows"] = (GridRow(id="a", label="Row a"), GridRow(id="b", label="Row b"))
    return replace(question(name, kind, **more), text=f"Is {name} so?")


def draft(names: Sequence[str], kinds: Sequence[AnswerKind], version: str = "1.0") -> Instrument:
    questions = [made(name, kind) for name, kind in zip(names, kinds, strict=True)]
    return replace(instrument(section("q", *questions)), version=version)


@st.composite
def drafts(draw: st.DrawFn) -> Instrument:
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=5))
    return draft([f"q.n{number}" for number in range(len(kinds))], kinds)


# -- what became of a question ----------------------------------------------------------------------------------------


def _at(*names: str) -> tuple[Address, ...]:
    return tuple(Address(name) for name in names)


def _fresh(old: Question, mark: str) -> str:
    return f"{old.id}{mark}"


def untouched(old: Question, _mark: str) -> Step:
    return Step((old,))


def edited(old: Question, mark: str) -> Step:
    new = replace(old, text=f"{old.text} {mark}")
    return Step((new,), (PlaceRule(became=VersionChange.SAME, sources=_at(old.id)),))


def reworded(old: Question, mark: str) -> Step:
    new = replace(old, text=f"Other words {mark}: {old.text}")
    return Step((new,), (PlaceRule(became=VersionChange.REWORDED, sources=_at(old.id)),))


def moved(old: Question, mark: str) -> Step:
    new = replace(old, id=_fresh(old, mark))
    return Step((new,), (PlaceRule(became=VersionChange.MOVED, sources=_at(old.id), targets=_at(new.id)),))


def retired(old: Question, _mark: str) -> Step:
    return Step((), (PlaceRule(became=VersionChange.RETIRED, sources=_at(old.id), note="Nobody used it."),))


def replaced(old: Question, mark: str) -> Step:
    new = made(_fresh(old, mark), AnswerKind.YES_NO)
    gone = PlaceRule(became=VersionChange.RETIRED, sources=_at(old.id))
    return Step((new,), (gone, PlaceRule(became=VersionChange.NEW, targets=_at(new.id))))


def split(old: Question, mark: str) -> Step:
    new = tuple(replace(old, id=_fresh(old, f"{mark}{part}")) for part in "xy")
    targets = _at(*(one.id for one in new))
    return Step(new, (PlaceRule(became=VersionChange.SPLIT, sources=_at(old.id), targets=targets),))


def rescaled(old: Question, mark: str) -> Step:
    if old.kind is not AnswerKind.LEVEL:
        return reworded(old, mark)
    new = replace(made(old.id, AnswerKind.YES_PARTLY_NO), text=old.text)
    return Step((new,), (PlaceRule(became=VersionChange.RESCALED, sources=_at(old.id), values=LEVELS),))


def _renamed_option(old: Question, mark: str, became: VersionChange) -> Step:
    if not old.options:
        return edited(old, mark)
    first, *rest = old.options
    targets: tuple[str, ...] = () if became is VersionChange.RETIRED else (f"{first.id}{mark}",)
    targets += (f"{first.id}{mark}z",) if became is VersionChange.SPLIT else ()
    kept = (*options(*targets), *rest)
    rule = OptionRule(became=became, of=Address(old.id), sources=(first.id,), targets=targets)
    return Step((replace(old, options=kept),), options=(rule,))


def option_moved(old: Question, mark: str) -> Step:
    return _renamed_option(old, mark, VersionChange.MOVED)


def option_retired(old: Question, mark: str) -> Step:
    return _renamed_option(old, mark, VersionChange.RETIRED)


def option_split(old: Question, mark: str) -> Step:
    return _renamed_option(old, mark, VersionChange.SPLIT)


def option_new(old: Question, mark: str) -> Step:
    if not old.options:
        return untouched(old, mark)
    rule = OptionRule(became=VersionChange.NEW, of=Address(old.id), targets=(f"new{mark}",))
    return Step((replace(old, options=(*old.options, *options(f"new{mark}"))),), options=(rule,))


def _other_row(old: Question, mark: str, became: VersionChange) -> Step:
    if not old.rows:
        return moved(old, mark)
    first, *rest = old.rows
    names = {VersionChange.RETIRED: (), VersionChange.SPLIT: (f"{first.id}{mark}", f"{first.id}{mark}z")}.get(
        became, (f"{first.id}{mark}",)
    )
    rows = (*(replace(first, id=name) for name in names), *rest)
    targets = tuple(Address("", name) for name in names)
    rule = PlaceRule(became=became, sources=(Address(old.id, first.id),), targets=targets)
    return Step((replace(old, rows=rows),), rows=(rule,))


def row_moved(old: Question, mark: str) -> Step:
    return _other_row(old, mark, VersionChange.MOVED)


def row_retired(old: Question, mark: str) -> Step:
    return _other_row(old, mark, VersionChange.RETIRED) if len(old.rows) > 1 else row_moved(old, mark)


def row_split(old: Question, mark: str) -> Step:
    return _other_row(old, mark, VersionChange.SPLIT)


def rows_merged(old: Question, mark: str) -> Step:
    if len(old.rows) < 2:
        return untouched(old, mark)
    one, other, *rest = old.rows
    new = replace(one, id=f"{one.id}{mark}")
    sources = (Address(old.id, one.id), Address(old.id, other.id))
    rule = PlaceRule(became=VersionChange.MERGED, sources=sources, targets=(Address("", new.id),))
    return Step((replace(old, rows=(new, *rest)),), rows=(rule,))


def column_rescaled(old: Question, mark: str) -> Step:
    if not old.columns or old.columns[0].kind is not AnswerKind.LEVEL:
        return edited(old, mark)
    first, *rest = old.columns
    new = GridColumn(id=f"{first.id}{mark}", label=first.label, kind=AnswerKind.YES_PARTLY_NO)
    source, target = Address(old.id, "", first.id), Address("", "", new.id)
    rule = PlaceRule(became=VersionChange.RESCALED, sources=(source,), targets=(target,), values=LEVELS)
    return Step((replace(old, columns=(new, *rest)),), columns=(rule,))


CHANGES = (
    untouched, edited, reworded, moved, retired, replaced, split, rescaled, option_moved, option_retired, option_split,
    option_new, row_moved, row_retired, row_split, rows_merged, column_rescaled,
)  # fmt: skip


def changed(earlier: Instrument, steps: Sequence[Step], later: str) -> Pair:
    """Return the later version that some steps, one for each question, make of an instrument."""
    questions = tuple(one for step in steps for one in step.questions)
    added = made(f"q.added-{later.replace('.', '-')}", AnswerKind.LEVEL)
    new = replace(instrument(section("q", *questions, added)), version=later)
    rules = VersionRules(
        instrument=earlier.id,
        earlier=earlier.version,
        later=later,
        places=(
            *(rule for step in steps for rule in step.places),
            PlaceRule(became=VersionChange.NEW, targets=_at(added.id)),
        ),
        rows=tuple(rule for step in steps for rule in step.rows),
        columns=tuple(rule for step in steps for rule in step.columns),
        options=tuple(rule for step in steps for rule in step.options),
        file=f"{earlier.version}-{later}.toml",
    )
    return Pair(earlier, new, rules)


def merged_pair(earlier: Instrument, later: str) -> Pair:
    """Return a version in which the first two questions of a kind have become one."""
    first, second, *rest = earlier.questions()
    one = replace(first, id=f"{first.id}-merged")
    rule = PlaceRule(became=VersionChange.MERGED, sources=_at(first.id, second.id), targets=_at(one.id))
    steps = [Step((one,), (rule,)), *(Step((old,)) for old in rest)]
    return changed(earlier, steps, later)


@st.composite
def next_versions(draw: st.DrawFn, earlier: Instrument, later: str = "2.0") -> Pair:
    """Draw a later version, question by question, with the rules that say what was changed."""
    mark = later.replace(".", "")
    kinds = [one.kind for one in earlier.questions()]
    if len(kinds) > 1 and kinds[0] is kinds[1] and draw(st.booleans()):
        return merged_pair(earlier, later)
    steps = [draw(st.sampled_from(CHANGES))(old, f"-{mark}") for old in earlier.questions()]
    return changed(earlier, steps, later)


# -- what was answered ------------------------------------------------------------------------------------------------


def places(the_instrument: Instrument) -> list[Address]:
    """List every place something can be said at: questions, rows and cells."""
    found: list[Address] = []
    for one in the_instrument.questions():
        found.append(Address(one.id))
        for row in one.rows:
            found.append(Address(one.id, row.id))
            found += [Address(one.id, row.id, column.id) for column in one.columns]
    return found


def _value(draw: st.DrawFn, the_instrument: Instrument, at: Address) -> Any:
    asked = the_instrument.question_by_id[at.question]
    if at.row and not at.column:
        return None
    field = asked.column_by_id[at.column] if at.column else asked
    option = st.sampled_from(list(field.option_by_id) or ["-"])
    values: dict[AnswerKind, st.SearchStrategy[Any]] = {
        AnswerKind.GRID: st.none(),
        AnswerKind.CHOICE: option,
        AnswerKind.CHECKLIST: st.sets(option).map(tuple),
        AnswerKind.LEVEL: st.integers(0, 3),
        AnswerKind.YES_NO: st.sampled_from(["yes", "no"]),
    }
    return draw(values.get(field.kind, TEXTS))


@st.composite
def answers(draw: st.DrawFn, the_instrument: Instrument) -> Answer:
    at = draw(st.sampled_from(places(the_instrument)))
    layer = draw(st.sampled_from(AnswerLayer))
    state = draw(st.sampled_from(AnswerState))
    content = Content(
        state=state,
        value=_value(draw, the_instrument, at) if state is AnswerState.ANSWERED else None,
        reason=draw(TEXTS).strip() or "because",
        note=draw(TEXTS),
        evidence=tuple(draw(st.lists(st.sampled_from(["evidence-1", "evidence-2"]), max_size=2, unique=True))),
    )
    key = AnswerKey(at, layer, draw(AGENCIES) if layer is AnswerLayer.RESPONSE else "")
    content, problem = check_content(the_instrument, key, content)
    assert problem is None, problem
    author, time = draw(st.sampled_from(["A. Officer", "ب"])), "2018-11-27T09:00:00+00:00"
    return Answer(key=key, content=content, author=author, time=time, language="en")


@st.composite
def answered(draw: st.DrawFn, the_instrument: Instrument) -> Dossier:
    """Draw a dossier with answers all over an instrument, and with gaps, ratings and remarks that name places."""
    drawn = draw(st.lists(answers(the_instrument), max_size=25))
    said = {answer.key: answer for answer in drawn if not answer.content.is_empty}
    named = [
        str(address) for address in draw(st.lists(st.sampled_from(places(the_instrument)), max_size=4, unique=True))
    ]
    return Dossier(
        id=ASSESSMENT_ID,
        instrument=the_instrument,
        answers=tuple(sorted(said.values(), key=lambda answer: answer.key)),
        actions=(Action(id="action-1", title="Mend it", gaps=tuple(named)),),
        ratings=tuple(FeasibilityRating(id=name, note=f"rated {name}") for name in named),
        remarks=tuple(Remark(id=f"remark-{name}", address=name, text=f"about {name}") for name in named),
    )
