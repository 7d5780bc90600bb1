"""Instruments without a mistake, of any shape: every key there is, and texts that spreadsheets stumble over."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from capacity_app.domain.assessment.answers import Address, clean_text
from capacity_app.domain.questionnaire.conditions import Condition, ConditionOperator
from capacity_app.domain.questionnaire.instrument import (
    ChoiceOption,
    CodeListEntry,
    Concept,
    ContradictionRule,
    Feasibility,
    GridColumn,
    GridRow,
    Instrument,
    Provenance,
    Question,
    ScoreThresholds,
    Section,
    SkipRule,
)
from capacity_app.domain.questionnaire.kinds import AnswerKind

IDS = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,7}", fullmatch=True).filter(
    lambda name: not name.startswith(("example", "xx-example"))
)
_ODD = st.sampled_from(
    [
        "=1+1",
        "1/2",
        "1.10",
        "-3",
        "TRUE",
        "yes",
        "007",
        "_x000D_",
        "_x0041_ and",
        '"quoted"',
        "a\n\nb",
        "@x",
        "+1",
        "é ü",
    ]
)
TEXTS = (st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), min_size=1, max_size=16) | _ODD).map(
    lambda text: clean_text(text).strip() or "x"
)
MAYBE = st.just("") | TEXTS
SHARES = st.fractions(0, 1, max_denominator=999)
WEIGHTS = st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(2), Fraction(1, 3), Fraction(0), Fraction(1, 64)])
FLAGS = st.booleans()
PROVENANCES = st.sampled_from(Provenance)


def named(ids: st.SearchStrategy[str], make: Callable[[str], st.SearchStrategy[Any]], most: int = 3) -> Any:
    """Return some things with different ids."""
    return st.lists(ids, min_size=1, max_size=most, unique=True).flatmap(
        lambda names: st.tuples(*(make(name) for name in names))
    )


def _options() -> Any:
    return named(
        IDS,
        lambda name: st.builds(
            ChoiceOption,
            id=st.just(name),
            label=TEXTS,
            points=st.none() | SHARES,
            exclusive=FLAGS,
            alert=FLAGS,
        ),
    )


def _anchors(draw: st.DrawFn) -> tuple[str, ...]:
    return tuple(draw(st.lists(TEXTS, min_size=4, max_size=4, unique_by=lambda text: text.casefold())))


@st.composite
def _field(draw: st.DrawFn, kind: AnswerKind, *, needs_actions: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": kind, "weight": draw(WEIGHTS), "scored": draw(FLAGS), "definition": draw(MAYBE)}
    if kind in {AnswerKind.CHOICE, AnswerKind.CHECKLIST}:
        found["options"] = draw(_options())
    if kind is AnswerKind.LEVEL:
        found["anchors"] = _anchors(draw)
        if needs_actions or draw(FLAGS):
            found["actions"] = draw(st.tuples(TEXTS, TEXTS, TEXTS))
    if kind in {AnswerKind.AGENCY, AnswerKind.SOURCE, AnswerKind.COUNTRY} and draw(FLAGS):
        found |= {"many": True, "most": draw(st.none() | st.integers(1, 1000))}
    if kind in {AnswerKind.INTEGER, AnswerKind.YEAR, AnswerKind.TEXT, AnswerKind.LONG_TEXT}:
        found["minimum"] = draw(st.none() | st.integers(-100, 0))
        found["maximum"] = draw(st.none() | st.integers(0, 10**12))
    return found


@st.composite
def _column(draw: st.DrawFn, name: str) -> GridColumn:
    kind = draw(st.sampled_from([one for one in AnswerKind if one is not AnswerKind.GRID]))
    return GridColumn(
        id=name, label=draw(TEXTS), group=draw(st.just("") | IDS), **draw(_field(kind, needs_actions=False))
    )


@st.composite
def _row(
    draw: st.DrawFn, name: str, columns: tuple[GridColumn, ...], tags: tuple[str, ...], *, may_spare: bool
) -> GridRow:
    lists = [column for column in columns if column.kind is AnswerKind.CHECKLIST]
    required = {
        column.id: tuple(draw(st.lists(st.sampled_from([o.id for o in column.options]), min_size=1, unique=True)))
        for column in lists
        if draw(FLAGS)
    }
    return GridRow(
        id=name,
        label=draw(TEXTS),
        number=draw(MAYBE),
        heading=draw(MAYBE),
        importance=draw(st.integers(1, 3)),
        target=draw(st.none() | st.integers(0, 3)),
        prerequisite=draw(FLAGS),
        spare=may_spare and draw(FLAGS),
        preset_reason=draw(MAYBE),
        required=required,
        definition=draw(MAYBE),
        provenance=draw(PROVENANCES),
        tags=draw(st.lists(st.sampled_from(tags), unique=True).map(tuple)) if tags else (),
    )


def _gate(draw: st.DrawFn, columns: tuple[GridColumn, ...]) -> SkipRule | None:
    gates = [column for column in columns if column.kind in {AnswerKind.LEVEL, AnswerKind.YES_NO, AnswerKind.CHOICE}]
    if not gates or len(columns) == 1 or not draw(FLAGS):
        return None
    column = gates[0]
    answers = {AnswerKind.LEVEL: ["0", "1"], AnswerKind.YES_NO: ["no"]}.get(column.kind, [o.id for o in column.options])
    return SkipRule(
        column=column.id,
        answers=tuple(draw(st.lists(st.sampled_from(answers), min_size=1, unique=True))),
        settles=tuple(one.id for one in columns if one is not column),
    )


@st.composite
def _question(draw: st.DrawFn, name: str, tags: tuple[str, ...], before: tuple[Question, ...]) -> Question:
    kind = draw(st.sampled_from(AnswerKind))
    found = draw(_field(kind, needs_actions=True))
    if kind is AnswerKind.GRID:
        columns = draw(named(IDS, _column))
        key_column = draw(st.sampled_from(["", columns[0].id]))
        rows = draw(named(IDS, lambda row: _row(row, columns, tags, may_spare=bool(key_column))))
        found |= {"columns": columns, "rows": rows, "key_column": key_column, "gate": _gate(draw, columns)}
    return Question(
        id=name,
        number=draw(TEXTS),
        text=draw(TEXTS),
        provenance=draw(PROVENANCES),
        heading=draw(MAYBE),
        importance=draw(st.integers(1, 3)),
        target=draw(st.integers(0, 3)),
        prerequisite=draw(FLAGS),
        feasibility=draw(st.sampled_from(Feasibility)),
        show_if=draw(conditions(before)) if before and bool(draw(FLAGS)) else None,
        respondent_help=draw(MAYBE),
        evidence_hint=draw(MAYBE),
        tags=draw(st.lists(st.sampled_from(tags), unique=True).map(tuple)) if tags else (),
        **found,
    )


@st.composite
def _test(draw: st.DrawFn, questions: tuple[Question, ...]) -> Condition:
    question = draw(st.sampled_from(questions))
    if question.kind is AnswerKind.GRID:
        field: Question | GridColumn = draw(st.sampled_from(question.columns))
        address = Address(question.id, draw(st.sampled_from(question.rows)).id, field.id)
    else:
        field, address = question, Address(question.id)
    match field.kind:
        case AnswerKind.LEVEL | AnswerKind.INTEGER | AnswerKind.YEAR if draw(FLAGS):
            return Condition(op=ConditionOperator.AT_LEAST, address=address, number=draw(st.integers(0, 3)))
        case AnswerKind.LEVEL:
            known = st.sampled_from(["0", "1", "2", "3"])
        case AnswerKind.YES_NO:
            known = st.sampled_from(["yes", "no"])
        case AnswerKind.YES_PARTLY_NO:
            known = st.sampled_from(["yes", "partly", "no"])
        case AnswerKind.CHOICE | AnswerKind.CHECKLIST:
            known = st.sampled_from([option.id for option in field.options])
        case _:
            known = TEXTS
    values = draw(st.lists(known, min_size=1, max_size=2, unique=True))
    return Condition(op=ConditionOperator.IS, address=address, values=tuple(values))


def conditions(questions: tuple[Question, ...]) -> st.SearchStrategy[Condition]:
    return st.recursive(
        _test(questions),
        lambda parts: (
            st.builds(
                Condition,
                op=st.sampled_from([ConditionOperator.ALL, ConditionOperator.ANY]),
                parts=st.lists(parts, min_size=1, max_size=5).map(tuple),
            )
            | st.builds(Condition, op=st.just(ConditionOperator.NOT), parts=parts.map(lambda part: (part,)))
        ),
        max_leaves=8,
    )


@st.composite
def instruments(draw: st.DrawFn) -> Instrument:
    """Make an instrument whose core stands by itself, with at most one supplement."""
    tags = tuple(draw(st.lists(IDS, max_size=2, unique=True)))
    sections: list[Section] = []
    for place, name in enumerate(draw(st.lists(IDS, min_size=1, max_size=3, unique=True))):
        questions: tuple[Question, ...] = ()
        for short in draw(st.lists(IDS, min_size=1, max_size=3, unique=True)):
            questions += (draw(_question(f"{name}.{short}", tags, questions)),)
        sections.append(
            Section(
                id=name,
                number=draw(TEXTS),
                title=draw(TEXTS),
                provenance=draw(PROVENANCES),
                questions=questions,
                introduction=draw(MAYBE),
                weight=draw(WEIGHTS),
                supplement="LB" if place == 2 else "",
            )
        )
    core = tuple(question for section in sections if not section.supplement for question in section.questions)
    firm, provisional = sorted(draw(st.tuples(SHARES, SHARES)), reverse=True)
    return Instrument(
        id=draw(IDS),
        version=draw(st.sampled_from(["1.0", "2", "1.10", "3.0-beta"])),
        title=draw(TEXTS),
        edition=draw(TEXTS),
        language=draw(st.sampled_from(["en", "fr", "pt-BR"])),
        description=draw(MAYBE),
        sections=tuple(sections),
        supplements=tuple(dict.fromkeys(section.supplement for section in sections if section.supplement)),
        thresholds=ScoreThresholds(
            firm=firm, provisional=provisional, robust_spread=draw(st.fractions(0, 100, max_denominator=999))
        ),
        concepts=tuple(Concept(id=tag, label=draw(TEXTS), definition=draw(TEXTS), source=draw(MAYBE)) for tag in tags),
        contradictions=tuple(
            ContradictionRule(id=name, when=draw(conditions(core)), message=draw(TEXTS))
            for name in draw(st.lists(IDS, max_size=2, unique=True))
        ),
        codes={"agency_kind": (CodeListEntry(id="office", label=draw(TEXTS)),)} if draw(FLAGS) else {},
    )
