"""A second scoring, written from ``scoring.md`` alone, over random questionnaires: every figure, as an exact fraction.

It reads what a questionnaire says and what was answered, and shares no code with the scoring it is compared with.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
from random import Random

import pytest

from capacity_app.domain.assessment.answers import (
    Address,
    Answer,
    AnswerLayer,
    AnswerState,
    AnswerValue,
    answers_by_address,
)
from capacity_app.domain.assessment.registers import FeasibilityRating
from capacity_app.domain.questionnaire.conditions import Condition, ConditionOperator
from capacity_app.domain.questionnaire.instrument import (
    ChoiceOption,
    Feasibility,
    GridColumn,
    GridRow,
    Instrument,
    Question,
    QuestionField,
    SkipRule,
)
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.scoring.answer_sheet import lay_out
from capacity_app.domain.scoring.gaps import find_gaps
from capacity_app.domain.scoring.scores import geometric_mean, score_sheet
from tests.domain.making import ANCHORS, instrument, question, say, section

F = Fraction
ZERO, ONE = F(0), F(1)
CASES, AT_ONCE = 400, 40
NOT_ASKED, OPEN, OUT, GIVEN, DISPUTED = "not asked", "open", "does not apply", "given", "disputed"
_OPEN = {AnswerState.UNKNOWN, AnswerState.DECLINED, AnswerState.NOT_ASKED}


# -- the method, once more -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """What counts at a place: how it stands, its value, the values in dispute, and the evidence."""

    how: str = NOT_ASKED
    value: AnswerValue = None
    values: tuple[AnswerValue, ...] = ()
    evidence: tuple[str, ...] = ()


@dataclass
class Cell:
    """One scored share: its weight, and what it earns."""

    weight: Fraction
    how: str
    points: Fraction = ZERO
    low: Fraction = ZERO
    high: Fraction = ONE
    verified: Fraction = ZERO
    grade: int = 0


@dataclass
class Sums:
    """W, A, P, D, M and what else a section's figures are made of."""

    W: Fraction = ZERO
    A: Fraction = ZERO
    P: Fraction = ZERO
    D: Fraction = ZERO
    M: Fraction = ZERO
    low: Fraction = ZERO
    high: Fraction = ZERO
    V: Fraction = ZERO
    E: Fraction = ZERO
    out: Fraction = ZERO
    whole: Fraction = ZERO

    def add(self, other: "Sums") -> None:
        for name in vars(self):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def S(self) -> Fraction | None:  # noqa: N802 - the letter of the method
        return 100 * (self.P + self.M) / (self.A + self.D) if self.A + self.D else None


@dataclass
class Second:
    """The second scoring of one questionnaire with its answers."""

    made: Instrument
    answers: dict[Address, list[Answer]]
    grades: dict[str, int]
    hidden: dict[str, bool] = field(default_factory=dict)

    def at(self, *place: str) -> Said:
        """Return what counts: validated, else judged, else the agencies' responses that agree."""
        given = [a for a in self.answers.get(Address(*place), ()) if a.content.state is not AnswerState.NOT_ASKED]
        for layer in (AnswerLayer.VALIDATED, AnswerLayer.JUDGEMENT):
            for answer in given:
                if answer.key.layer is layer:
                    return self._one(answer, given)
        settled = [a for a in given if a.content.state not in _OPEN]
        if not settled:
            return Said(OPEN) if given else Said()
        if len({(a.content.state, a.content.value) for a in settled}) == 1:
            return self._one(settled[0], settled)
        return Said(DISPUTED, None, tuple({a.content.value for a in settled}))

    def _one(self, answer: Answer, given: Iterable[Answer]) -> Said:
        content = answer.content
        if content.state in _OPEN:
            return Said(OPEN)
        same = [a for a in given if (a.content.state, a.content.value) == (content.state, content.value)]
        evidence = tuple(entry for a in same for entry in a.content.evidence)
        return Said(OUT if content.state is AnswerState.NOT_APPLICABLE else GIVEN, content.value, (), evidence)

    def is_hidden(self, asked: Question) -> bool:
        if asked.id not in self.hidden:
            self.hidden[asked.id] = asked.show_if is not None and not self.holds(asked.show_if)
        return self.hidden[asked.id]

    def holds(self, test: Condition) -> bool:
        if test.op is ConditionOperator.ALL:
            return all(map(self.holds, test.parts))
        if test.op is ConditionOperator.ANY:
            return any(map(self.holds, test.parts))
        if test.op is ConditionOperator.NOT:
            return not self.holds(test.parts[0])
        assert test.address is not None
        value = self.visible(test.address)
        if test.op is ConditionOperator.AT_LEAST:
            return isinstance(value, int) and test.number is not None and value >= test.number
        return value is not None and any(
            v in test.values for v in (value if isinstance(value, tuple) else [str(value)])
        )

    def visible(self, at: Address) -> AnswerValue:
        """Return a value for a condition: none of what is open, hidden, out or settled by a gate."""
        asked = next(q for q in self.made.questions() if q.id == at.question)
        said = self.at(at.question, at.row, at.column)
        if self.is_hidden(asked) or said.how != GIVEN:
            return None
        if asked.kind is not AnswerKind.GRID:
            return said.value
        row = next(r for r in asked.rows if r.id == at.row)
        how, _, is_chosen = self.row(asked, row)
        if how == OUT:
            return said.value if is_chosen and at.column == self.weighing(asked) else None
        is_settled = how == "gated" and asked.gate is not None and at.column in asked.gate.settles
        return None if is_settled or how == "spare" else said.value

    @staticmethod
    def weighing(asked: Question) -> str:
        return next((c.id for c in asked.columns if any(o.importance or o.not_applicable for o in c.options)), "")

    def row(self, asked: Question, row: GridRow) -> tuple[str, int, bool]:
        """Return how a row stands (in, gated, out, spare), its importance, and whether a choice took it out."""
        weighing = self.weighing(asked)
        chosen = None
        if weighing:
            options = next(c for c in asked.columns if c.id == weighing).options
            chosen = next((o for o in options if o.id == self.at(asked.id, row.id, weighing).value), None)
        importance = (chosen.importance if chosen else None) or row.importance
        if row.spare and row is not asked.rows[0] and self.at(asked.id, row.id, asked.key_column).how != GIVEN:
            return "spare", importance, False
        said = self.at(asked.id, row.id)
        if said.how == OUT or self.at(asked.id).how == OUT:
            return OUT, importance, False
        if chosen and chosen.not_applicable:
            return OUT, importance, True
        if row.preset_reason and said.how != GIVEN:
            return OUT, importance, False
        if asked.gate:
            value = self.at(asked.id, row.id, asked.gate.column).value
            if value is not None and any(
                one in asked.gate.answers for one in (value if isinstance(value, tuple) else [str(value)])
            ):
                return "gated", importance, False
        return "in", importance, False

    def best(self, evidence: Iterable[str]) -> int:
        return max((self.grades.get(entry, 0) for entry in evidence), default=0)

    def cell(self, asked: Question, shape: QuestionField, row: GridRow | None, how: str) -> Cell:
        """Score one answer at weight 1."""
        place = (asked.id, row.id, shape.id) if row else (asked.id,)
        if how == "gated" and asked.gate and shape.id in asked.gate.settles and row:
            gate = self.at(asked.id, row.id, asked.gate.column)
            return Cell(F(1), GIVEN, high=F(0), grade=self.best(gate.evidence))
        said = self.at(*place)
        if OUT in {how, said.how}:
            return Cell(F(1), OUT)
        required = row.required.get(shape.id, ()) if row else ()
        if said.how == DISPUTED:
            known = [earned(shape, value, required) for value in said.values if value is not None]
            low = min(known)
            high = F(1) if None in said.values else max(known)
            return Cell(F(1), DISPUTED, low=low, high=high)
        if said.how != GIVEN:
            return Cell(F(1), OPEN)
        points, grade = earned(shape, said.value, required), self.best(said.evidence)
        capped = F(2, 3) if shape.kind is AnswerKind.LEVEL and said.value == 3 and grade == 0 else points
        return Cell(F(1), GIVEN, points, points, points, capped, grade)

    def group(self, cells: list[Cell], weight: Fraction) -> Cell:
        """Let the best of a group count once."""
        inside = [cell for cell in cells if cell.how != OUT] or cells[:1]
        given = [cell for cell in inside if cell.how == GIVEN]
        best = max(given, key=lambda cell: (cell.points, cell.grade), default=None)
        if best and (best.points == 1 or len(given) == len(inside)):
            found = best
        elif len(inside) == 1:
            found = inside[0]
        elif all(cell.how in {GIVEN, DISPUTED} for cell in inside):
            found = Cell(F(1), DISPUTED, low=max(c.low for c in inside), high=max(c.high for c in inside))
        else:
            found = Cell(F(1), OPEN)
        return Cell(weight, found.how, found.points, found.low, found.high, found.verified, found.grade)

    def cells(self, asked: Question) -> Iterator[tuple[str, str, Cell]]:
        """Go through the scored shares of a question: row, first column, and the share."""
        if self.is_hidden(asked) or not asked.scored:
            return
        if asked.kind is not AnswerKind.GRID:
            if is_scored(asked):
                yield "", "", self.group([self.cell(asked, asked, None, "in")], asked.weight)
            return
        groups: dict[str, list[GridColumn]] = {}
        for column in asked.columns:
            if is_scored(column):
                groups.setdefault(column.group or f"alone {column.id}", []).append(column)
        standing = {row.id: self.row(asked, row) for row in asked.rows}
        rows = [r for r in asked.rows if standing[r.id][0] in {"in", "gated"}]
        rows = rows or [r for r in asked.rows if standing[r.id][0] == OUT]
        importance = sum(standing[r.id][1] for r in rows)
        width = sum((max(c.weight for c in columns) for columns in groups.values()), F(0))
        for row in rows:
            how, own, _ = standing[row.id]
            for columns in groups.values():
                share = asked.weight * own / importance * max(c.weight for c in columns) / width
                yield row.id, columns[0].id, self.group([self.cell(asked, c, row, how) for c in columns], share)

    def sums(self, asked: Question) -> Sums:
        found = Sums()
        gone = F(0)
        cells = [cell for _, _, cell in self.cells(asked)]
        for cell in cells:
            if cell.how == OUT:
                gone += cell.weight
                continue
            found.W += cell.weight
            if cell.how == OPEN:
                found.high += cell.weight
                continue
            found.low += cell.weight * cell.low
            found.high += cell.weight * cell.high
            if cell.how == DISPUTED:
                found.D += cell.weight
                found.M += cell.weight * (cell.low + cell.high) / 2
            else:
                found.A += cell.weight
                found.P += cell.weight * cell.points
                found.V += cell.weight * cell.verified
                found.E += cell.weight if cell.grade >= 2 else 0
        found.whole = found.W + gone
        found.out = gone
        if asked.kind is AnswerKind.GRID and found.W:
            standing = [self.row(asked, row) for row in asked.rows]
            printed = sum(own for how, own, _ in standing if how != "spare")
            away = F(sum(own for how, own, _ in standing if how == OUT), printed)
            # Rows count with their printed weight; a single cell with what these leave it.
            found.out = asked.weight * away + gone * (1 - away * asked.weight / found.whole)
        return found


def is_scored(shape: QuestionField) -> bool:
    if not shape.scored or not shape.weight:
        return False
    if shape.kind is AnswerKind.CHECKLIST:
        return any(option.required for option in shape.options)
    if shape.kind is AnswerKind.CHOICE:
        return any(option.points is not None for option in shape.options)
    return shape.kind in {AnswerKind.LEVEL, AnswerKind.YES_NO, AnswerKind.YES_PARTLY_NO}


def earned(shape: QuestionField, value: AnswerValue, required: tuple[str, ...]) -> Fraction:
    if shape.kind is AnswerKind.LEVEL:
        assert isinstance(value, int)
        return F(value, 3)
    if shape.kind is AnswerKind.CHECKLIST:
        assert isinstance(value, tuple)
        wanted = set(required) or {option.id for option in shape.options if option.required}
        return F(len(wanted & set(value)), len(wanted))
    if shape.kind is AnswerKind.CHOICE:
        points = next(option.points for option in shape.options if option.id == value)
        assert points is not None
        return points
    return {"yes": F(1), "partly": F(1, 2), "no": F(0)}[str(value)]


def mean(pairs: Iterable[tuple[Fraction, Fraction | None]]) -> Fraction | None:
    known = [(weight, value) for weight, value in pairs if value is not None and weight]
    weight = sum((weight for weight, _ in known), F(0))
    return sum((weight * value for weight, value in known), F(0)) / weight if weight else None


# -- random questionnaires and answers -----------------------------------------------------------------------------


def shape(rng: Random, kind: AnswerKind) -> dict[str, object]:
    """Choose the options of a field."""
    if kind is AnswerKind.CHOICE:
        points = [rng.choice([ZERO, F(1, 3), F(1, 2), ONE]) for _ in range(rng.randint(2, 4))]
        return {"options": tuple(ChoiceOption(id=f"o{n}", label=f"o{n}", points=one) for n, one in enumerate(points))}
    if kind is AnswerKind.CHECKLIST:
        return {"options": tuple(ChoiceOption(id=f"o{n}", label=f"o{n}", required=n < 3) for n in range(4))}
    return {"anchors": ANCHORS} if kind is AnswerKind.LEVEL else {}


SCORED = (AnswerKind.LEVEL, AnswerKind.YES_NO, AnswerKind.YES_PARTLY_NO, AnswerKind.CHOICE, AnswerKind.CHECKLIST)
WEIGHTS = (F(1, 2), F(1), F(1), F(2), F(3))
RELEVANCE = (
    ChoiceOption(id="high", label="High", importance=3),
    ChoiceOption(id="low", label="Low", importance=1),
    ChoiceOption(id="none", label="None", not_applicable=True),
)


def random_grid(rng: Random, name: str, **more: object) -> Question:
    kinds = [rng.choice(SCORED) for _ in range(rng.randint(1, 4))]
    grouped = kinds[0] if rng.random() < 0.4 else None
    supply = rng.randrange(2) if rng.random() < 0.4 else None
    columns = [
        GridColumn(id=f"c{n}", label=f"c{n}", kind=grouped or kind if n < 2 else kind, weight=rng.choice(WEIGHTS),
               group="both" if grouped and n < 2 else "", supply=n == supply,
               **shape(rng, grouped or kind if n < 2 else kind))  # type: ignore[arg-type]
        for n, kind in enumerate(kinds)
    ]  # fmt: skip
    columns.append(GridColumn(id="note", label="note", kind=AnswerKind.YEAR))
    gate = None
    if rng.random() < 0.5:
        columns.insert(0, GridColumn(id="made", label="made", kind=AnswerKind.YES_NO, scored=rng.random() < 0.7))
        settled = tuple(c.id for c in columns[1:] if not c.group and rng.random() < 0.7) or ("note",)
        gate = SkipRule(column="made", answers=("no",), settles=settled)
    if rng.random() < 0.4:
        columns.insert(0, GridColumn(id="relevance", label="relevance", kind=AnswerKind.CHOICE, options=RELEVANCE))
    spare = rng.random() < 0.2
    rows = tuple(
        GridRow(id=f"r{n}", label=f"r{n}", importance=rng.randint(1, 3), spare=spare and n > 0,
            preset_reason="elsewhere" if rng.random() < 0.1 else "", target=rng.choice([None, None, 2]),
            prerequisite=rng.random() < 0.1,
            required={c.id: ("o0", "o3") for c in columns if c.kind is AnswerKind.CHECKLIST and rng.random() < 0.3})
        for n in range(rng.randint(1, 3))
    )  # fmt: skip
    return question(
        name,
        AnswerKind.GRID,
        columns=tuple(columns),
        rows=rows,
        gate=gate,
        key_column="note" if spare else "",
        weight=rng.choice(WEIGHTS),
        **more,
    )


def random_question(rng: Random, name: str, before: list[Question]) -> Question:
    more: dict[str, object] = {
        "importance": rng.randint(1, 3),
        "prerequisite": rng.random() < 0.1,
        "feasibility": rng.choice(tuple(Feasibility)),
        "scored": rng.random() < 0.95,
    }
    if before and rng.random() < 0.25:
        other = rng.choice(before)
        test = Condition(op=ConditionOperator.AT_LEAST, address=random_place(rng, other), number=rng.randint(0, 2))
        if rng.random() < 0.5:
            test = Condition(
                op=ConditionOperator.IS, address=random_place(rng, other), values=("yes", "o0", "low", "none", "1", "2")
            )
        more["show_if"] = Condition(op=ConditionOperator.NOT, parts=(test,)) if rng.random() < 0.3 else test
    if rng.random() < 0.5:
        return random_grid(rng, name, **more)
    kind = rng.choice(SCORED)
    return question(name, kind, weight=rng.choice(WEIGHTS), target=rng.choice([3, 3, 2]), **shape(rng, kind), **more)


def random_place(rng: Random, asked: Question) -> Address:
    if asked.kind is not AnswerKind.GRID:
        return Address(asked.id)
    return Address(asked.id, rng.choice(asked.rows).id, rng.choice(asked.columns).id)


def random_instrument(rng: Random) -> Instrument:
    sections, before = [], []  # type: ignore[var-annotated]
    for part in range(rng.randint(1, 4)):
        asked = []
        for number in range(rng.randint(1, 4)):
            asked.append(random_question(rng, f"s{part}.q{number}", before))
            before.append(asked[-1])
        more = {"supplement": "X"} if part == 3 else {}
        sections.append(section(f"s{part}", *asked, weight=rng.choice(WEIGHTS), **more))
    return instrument(*sections)


def random_value(rng: Random, shape: QuestionField) -> AnswerValue:
    if shape.kind is AnswerKind.LEVEL:
        return rng.randint(0, 3)
    if shape.kind is AnswerKind.CHECKLIST:
        return tuple(option.id for option in shape.options if rng.random() < 0.5)
    if shape.kind is AnswerKind.CHOICE:
        return rng.choice(shape.options).id
    if shape.kind is AnswerKind.YEAR:
        return rng.randint(2000, 2020)
    return rng.choice(["yes", "no"] if shape.kind is AnswerKind.YES_NO else ["yes", "partly", "no"])


def random_answers(rng: Random, made: Instrument, fill: float) -> Iterator[Answer]:
    def at(place: str, shape: QuestionField | None) -> Iterator[Answer]:
        if rng.random() > (fill if shape else 0.12):
            return
        voices = [(AnswerLayer.RESPONSE, f"a{n}") for n in range(rng.choice([1, 1, 1, 2, 3]))]
        voices += [(AnswerLayer.JUDGEMENT, "")] * (rng.random() < 0.1) + [(AnswerLayer.VALIDATED, "")] * (
            rng.random() < 0.1
        )
        first = random_value(rng, shape) if shape else None
        for layer, who in voices:
            state = rng.choices(
                [
                    AnswerState.ANSWERED,
                    AnswerState.NOT_APPLICABLE,
                    AnswerState.UNKNOWN,
                    AnswerState.DECLINED,
                    AnswerState.NOT_ASKED,
                ],
                [80, 8, 6, 4, 2],
            )[0]
            if shape is None:
                state = rng.choice([AnswerState.NOT_APPLICABLE, AnswerState.ANSWERED])
            value = (first if rng.random() < 0.6 else random_value(rng, shape)) if shape else None
            evidence = (f"e{rng.randint(0, 3)}",) if rng.random() < 0.3 else ()
            value = value if state is AnswerState.ANSWERED else None
            yield say(place, value, state=state, layer=layer, who=who, evidence=evidence, reason="why")

    for asked in made.questions():
        if asked.kind is not AnswerKind.GRID:
            yield from at(asked.id, asked)
            continue
        if rng.random() < 0.04:
            yield say(asked.id, state=AnswerState.NOT_APPLICABLE, reason="why")
        for row in asked.rows:
            yield from at(f"{asked.id}/{row.id}", None)
            for column in asked.columns:
                yield from at(f"{asked.id}/{row.id}/{column.id}", column)


GRADES = {f"e{n}": n for n in range(4)}
WORDS = ("absent", "emerging", "established_with_gaps", "sustained")


def band_of(points: Fraction) -> str:
    return WORDS[sum(points >= limit for limit in (F(50, 3), F(50), F(250, 3)))]


def case(seed: int) -> tuple[Instrument, list[Answer], dict[str, Fraction]]:
    rng = Random(seed)  # noqa: S311 - the same cases every time
    made = random_instrument(rng)
    answers = list(random_answers(rng, made, rng.choice([0.3, 0.6, 0.8, 0.95, 1.0])))
    own = {one.id: rng.choice(WEIGHTS) for one in made.sections if rng.random() < 0.3}
    return made, answers, own


def expect_sections(seed: int) -> tuple[Second, dict[str, Sums]]:
    made, answers, own = case(seed)
    second = Second(made, answers_by_address(answers), GRADES)
    card = score_sheet(lay_out(made, answers_by_address(answers), GRADES), own)
    found: dict[str, Sums] = {}
    for entry in card.sections:
        sums = found[entry.section.id] = Sums()
        for asked in entry.section.questions:
            sums.add(second.sums(asked))
        figures = entry.score
        assert figures.na_share == (sums.out / sums.whole if sums.whole else 0), seed
        if not sums.W:
            assert (figures.value, figures.lower, figures.upper, figures.coverage) == (None,) * 4, seed
            continue
        assert figures.value == sums.S, seed
        lower, upper = 100 * sums.low / sums.W, 100 * sums.high / sums.W
        assert (figures.lower, figures.upper, figures.coverage) == (lower, upper, sums.A / sums.W), seed
        assert figures.verified == (None if sums.S is None else 100 * (sums.V + sums.M) / (sums.A + sums.D)), seed
        assert figures.evidence_index == (sums.E / sums.A if sums.A else None), seed
        if not sums.D:
            assert upper - lower == 100 * (1 - sums.A / sums.W), seed
            assert sums.S is None or lower == sums.A / sums.W * sums.S, seed
        assert sums.S is None or lower <= sums.S <= upper, seed
        assert [one.value for one in entry.bands] == list(dict.fromkeys([band_of(lower), band_of(upper)])), seed
        is_printed = F(1, 2) <= sums.A / sums.W
        assert (entry.published is not None) == is_printed, seed
    return second, found


@pytest.mark.parametrize("first", range(0, CASES, AT_ONCE))
def test_every_figure_of_every_section_is_that_of_the_method(first: int) -> None:
    for seed in range(first, first + AT_ONCE):
        expect_sections(seed)


def expect_overall(seed: int) -> bool:
    made, answers, own = case(seed)
    second, found = expect_sections(seed)
    core = [one for one in made.sections if one.id in found and found[one.id].W and not one.supplement]
    overall = score_sheet(lay_out(made, answers_by_address(answers), GRADES), own).overall
    if not core:
        assert overall.value is None, seed
        return False
    sums = [found[one.id] for one in core]
    weights = [own.get(one.id, one.weight) for one in core]
    assert overall.coverage == mean(zip(weights, [one.A / one.W for one in sums], strict=True)), seed
    assert overall.lower == mean(zip(weights, [100 * one.low / one.W for one in sums], strict=True)), seed
    assert overall.upper == mean(zip(weights, [100 * one.high / one.W for one in sums], strict=True)), seed
    assert overall.evidence_index == mean(zip(weights, [one.E / one.A if one.A else None for one in sums], strict=True))
    if any(F(1, 2) > one.A / one.W for one in sums):
        withheld = (overall.value, overall.verified, overall.sensitivity, overall.is_robust, overall.lowest)
        assert withheld == (None, None, None, None, ""), seed
        return False
    scores = [one.S for one in sums if one.S is not None]
    assert len(scores) == len(sums)
    assert overall.value == mean(zip(weights, scores, strict=True)), seed
    verified = [100 * (one.V + one.M) / (one.A + one.D) for one in sums]
    assert overall.verified == mean(zip(weights, verified, strict=True)), seed
    assert min(scores) == found[overall.lowest].S, seed
    each = [second.sums(asked) for one in core for asked in one.questions]
    items = mean((one.A / one.W, one.S) for one in each if one.W)
    wanted = [sum(scores, F(0)) / len(scores), items, geometric_mean(scores)]
    wanted += [overall.value] if own.keys() & {one.id for one in core} else []
    assert overall.sensitivity is not None
    assert list(overall.sensitivity.values) == wanted, seed
    known = [value for value in wanted if value is not None]
    assert overall.is_robust is (max(known) - min(known) <= 10), seed
    return True


@pytest.mark.parametrize("first", range(0, CASES, AT_ONCE))
def test_every_figure_of_the_overall_score_is_that_of_the_method_or_withheld(first: int) -> None:
    assert {expect_overall(seed) for seed in range(first, first + AT_ONCE)} == {True, False}


def wanted_gaps(second: Second, ratings: dict[str, Feasibility]) -> dict[str, tuple[object, ...]]:
    """Work out steps, importance, class, priority and whether it is to be verified, by address."""
    found: dict[str, tuple[object, ...]] = {}
    for asked in second.made.questions():
        together = {c.group for c in asked.columns if c.supply and c.group}
        supply = {c.id for c in asked.columns if c.supply or c.group in together}
        rows: dict[str, list[Cell]] = {}
        for row_id, column, cell in second.cells(asked):
            if cell.how != OUT and (not supply or column in supply):
                rows.setdefault(row_id, []).append(cell)
        for name, cells in rows.items():
            row = next((one for one in asked.rows if one.id == name), None)
            is_open = any(cell.how != GIVEN for cell in cells)
            weight = sum(cell.weight for cell in cells)
            level = None if is_open else floor(3 * sum(cell.weight * cell.points for cell in cells) / weight)
            target = row.target if row and row.target is not None else asked.target
            steps = target if level is None else max(0, target - level)
            if not steps:
                continue
            importance = second.row(asked, row)[1] if row else asked.importance
            place = f"{asked.id}/{name}" if name else asked.id
            severity = steps * importance
            grade = 1 if severity <= 2 else 2 if severity <= 4 else 3 if severity <= 6 else 4
            grade = min(4, grade + (asked.prerequisite or bool(row and row.prerequisite)))
            is_easy = ratings.get(place, asked.feasibility) is Feasibility.EASY
            priority = (
                ("quick_win" if is_easy else "major_project") if grade >= 3 else ("fill_in" if is_easy else "later")
            )
            word = ("none", "low", "moderate", "high", "critical")[grade]
            found[place] = (level, steps, importance, word, priority, is_open)
    return found


@pytest.mark.parametrize("first", range(0, CASES, AT_ONCE))
def test_every_gap_is_that_of_the_method(first: int) -> None:
    for seed in range(first, first + AT_ONCE):
        made, answers, _ = case(seed)
        second = Second(made, answers_by_address(answers), GRADES)
        rng = Random(seed)  # noqa: S311 - the same cases every time
        ratings = {asked.id: rng.choice(tuple(Feasibility)) for asked in made.questions() if rng.random() < 0.3}
        sheet = lay_out(made, answers_by_address(answers), GRADES)
        gaps, to_verify = find_gaps(
            sheet, [FeasibilityRating(id=name, feasibility=how) for name, how in ratings.items()]
        )
        found = {
            str(g.address): (g.level, g.steps, g.importance, g.severity_class.value, g.priority.value, g.is_open)
            for g in (*gaps, *to_verify)
        }
        assert found == wanted_gaps(second, ratings), seed


def test_the_cases_hold_everything_that_is_hard() -> None:
    kinds = {
        "supply in a group": 0,
        "disputed": 0,
        "open group": 0,
        "hidden": 0,
        "gated": 0,
        "out by choice": 0,
        "applies or not": 0,
    }
    for seed in range(CASES):
        made, answers, _ = case(seed)
        second = Second(made, answers_by_address(answers), GRADES)
        for asked in made.questions():
            kinds["supply in a group"] += any(c.supply and c.group for c in asked.columns)
            kinds["hidden"] += second.is_hidden(asked)
            kinds["disputed"] += second.sums(asked).D > 0
            for row in asked.rows:
                how, _, is_chosen = second.row(asked, row)
                kinds["gated"] += how == "gated"
                kinds["out by choice"] += is_chosen
                both = [second.at(asked.id, row.id, c.id) for c in asked.columns if c.group]
                kinds["open group"] += {one.how for one in both} == {OPEN, GIVEN}
                kinds["applies or not"] += any(one.how == DISPUTED and None in one.values for one in both)
    assert min(kinds.values()) >= 5, kinds
