"""How every number on the scores page came about: formulas in letters and in numbers a person can re-compute."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from capacity_app.domain.comparison import MATCHED, ItemChange
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring import HUNDRED, METHOD_WORDS, SectionScore, counted_sections, pooled
from capacity_app.domain.sheet import ONE, ZERO
from capacity_app.services.results import Results
from capacity_app.texts import Texts

LETTERS = N_(
    "W: weight of all that applies · A: weight of what is answered · P: sum of weight × points of what is answered · "
    "D: weight of what agencies disagree about · M: sum of weight × the midpoint of their answers · "
    "X: weight of what does not apply · Z: weight of everything printed. Points go from 0 to 1."
)
"""What the letters in the formulas mean."""
NO_STEP = "–"


@dataclass(frozen=True, slots=True)
class Step:
    """One figure with its formula, the formula in numbers, and the result, all ready to show."""

    name: str
    formula: str
    numbers: str
    result: str


@dataclass(frozen=True, slots=True)
class Method:
    """One way to put the sections together: its name, what it gives in points, and how."""

    name: str
    value: Fraction
    step: Step


def points_text(texts: Texts, number: Fraction | None) -> str:
    """Write a score with one decimal, a dash where it is undefined."""
    return NO_STEP if number is None else texts.number(number, 1)


def _ratio(texts: Texts, name: str, formula: str, over: Fraction, under: Fraction) -> Step:
    """Show 100 × over ÷ under, in points."""
    numbers = f"100 × {texts.exact(over)} ÷ {texts.exact(under)}"
    return Step(name, formula, numbers, points_text(texts, HUNDRED * over / under if under else None))


def _share(texts: Texts, name: str, formula: str, over: Fraction, under: Fraction) -> Step:
    """Show over ÷ under, as a percentage."""
    numbers = f"{texts.exact(over)} ÷ {texts.exact(under)}"
    return Step(name, formula, numbers, texts.percent(over / under, 1) if under else NO_STEP)


def _score_step(texts: Texts, entry: SectionScore) -> Step:
    """Show S; disagreements count at their midpoint, with M over D beside P over A."""
    say, tally = texts.gettext, entry.score.tally
    if not tally.disputed:
        return _ratio(texts, say("Score"), "S = 100 × P ÷ A", tally.points, tally.answered)
    sums = (texts.exact(one) for one in (tally.points, tally.middle, tally.answered, tally.disputed))
    numbers = "100 × ({} + {}) ÷ ({} + {})".format(*sums)
    name = say("Score; where agencies disagree, the midpoint of their answers counts")
    return Step(name, "S = 100 × (P + M) ÷ (A + D)", numbers, points_text(texts, entry.score.value))


def _verified_step(texts: Texts, entry: SectionScore) -> Step:
    tally, name = entry.score.tally, texts.gettext("Verified score: level 3 without evidence counts as level 2")
    formula = "V = 100 × (Pᵥ + M) ÷ (A + D)" if tally.disputed else "V = 100 × Pᵥ ÷ A"
    return _ratio(texts, name, formula, tally.verified + tally.middle, tally.answered + tally.disputed)


def section_steps(texts: Texts, results: Results, entry: SectionScore) -> tuple[Step, ...]:
    """Return the figures of a section, the score first, the earlier round last."""
    say, tally = texts.gettext, entry.score.tally
    wanted = (results.targets[entry.section.id] or ZERO) * tally.weight / HUNDRED
    return (
        _score_step(texts, entry),
        _ratio(texts, say("Lower bound: everything open earns the least it can"), "L = 100 × Pₗ ÷ W",
               tally.low, tally.weight),
        _ratio(texts, say("Upper bound: everything open earns the most it can"), "U = 100 × Pᵤ ÷ W",
               tally.high, tally.weight),
        _share(texts, say("Coverage: how much of the weight is answered"), "C = A ÷ W", tally.answered, tally.weight),
        _ratio(texts, say("Target: every item at its target level T, worth T ÷ 3"), "100 × Σ w × T÷3 ÷ W",
               wanted, tally.weight),
        _verified_step(texts, entry),
        _share(texts, say("Evidence index: answered weight with a document held or checked"), "E = Aₑ ÷ A",
               tally.supported, tally.answered),
        _share(texts, say("Not applicable"), "N = X ÷ Z", tally.out, tally.total),
        *_earlier_steps(texts, results, entry),
    )  # fmt: skip


def _earlier_steps(texts: Texts, results: Results, entry: SectionScore) -> Iterable[Step]:
    """Show the section's score in both rounds over the items both answered, with today's weights."""
    changes = results.comparison.changes if results.comparison else ()
    matched = [c for c in changes if c.section.id == entry.section.id and c.change in MATCHED]
    weight = sum((change.weight for change in matched), ZERO)
    if not weight:
        return

    def earned(points: Callable[[ItemChange], Fraction | None]) -> Fraction:
        return sum((change.weight * (points(change) or ZERO) for change in matched), ZERO)

    formula = "100 × Σ w × x ÷ Σ w"
    then = texts.gettext("Round {round}, over what both rounds answered").format(round=results.round)
    yield _ratio(texts, then, formula, earned(lambda change: change.before), weight)
    now = texts.gettext("This round, over what both rounds answered")
    yield _ratio(texts, now, formula, earned(lambda change: change.after), weight)


Pairs = Sequence[tuple[Fraction, Fraction | None]]


def _mean(
    texts: Texts, name: str, formula: str, pairs: Pairs, value: Fraction | None, shown: Callable[[Fraction], str]
) -> Step:
    """Show a weighted mean of what the sections have; what has no weight or no value is left out."""
    known = [(weight, figure) for weight, figure in pairs if figure is not None and weight]
    if value is None or not known:
        return Step(name, formula, NO_STEP, NO_STEP)
    sums = " + ".join(f"{texts.exact(weight)} × {shown(figure)}" for weight, figure in known)
    total = texts.exact(sum((weight for weight, _ in known), ZERO))
    return Step(name, formula, f"({sums}) ÷ {total}", shown(value))


def overall_steps(texts: Texts, results: Results) -> dict[str, Step]:
    """Return the overall figures as weighted means of the sections', by the name of the figure."""
    overall, counted = results.scorecard.overall, counted_sections(results.scorecard)

    def pairs(which: str) -> Pairs:
        return [(results.weight(entry), getattr(entry.score, which)) for entry in counted]

    def points(name: str, letter: str, which: str, value: Fraction | None) -> Step:
        return _mean(
            texts, name, f"Σ w × {letter} ÷ Σ w", pairs(which), value, lambda figure: points_text(texts, figure)
        )

    def share(name: str, letter: str, which: str, value: Fraction | None) -> Step:
        return _mean(texts, name, f"Σ w × {letter} ÷ Σ w", pairs(which), value, lambda figure: texts.percent(figure, 1))

    say = texts.gettext
    targets = [(results.weight(entry), results.targets[entry.section.id]) for entry in counted]
    return {
        "value": points(say("Overall score: the mean of the sections’ scores, with their weights w"), "S", "value",
                        overall.value),
        "lower": points(say("Lower bound: everything open earns the least it can"), "L", "lower", overall.lower),
        "upper": points(say("Upper bound: everything open earns the most it can"), "U", "upper", overall.upper),
        "coverage": share(say("Coverage: how much of the weight is answered"), "C", "coverage", overall.coverage),
        "verified": points(say("Verified score: level 3 without evidence counts as level 2"), "V", "verified",
                           overall.verified),
        "evidence": share(say("Evidence index: answered weight with a document held or checked"), "E",
                          "evidence_index", overall.evidence_index),
        "target": _mean(texts, say("Target: the mean of the sections’ targets"), "Σ w × T ÷ Σ w", targets,
                        results.target, lambda figure: points_text(texts, figure)),
    }  # fmt: skip


def methods(texts: Texts, results: Results) -> tuple[Method, ...]:
    """Return the ways to put the sections together, each with its arithmetic; none while the overall is withheld."""
    say, found = texts.gettext, results.scorecard.overall.sensitivity
    if found is None:
        return ()
    entries = counted_sections(results.scorecard)
    scores = [entry.published for entry in entries if entry.published is not None]
    pool, count = pooled(results.sheet, entries), texts.number(len(scores))
    weighed = [(results.weight(entry), entry.published) for entry in entries]
    how = say("Every section with your weight w")
    own = _mean(texts, how, "Σ w × S ÷ Σ w", weighed, found.own_weights, lambda figure: points_text(texts, figure))
    summed = " + ".join(points_text(texts, value) for value in scores)
    product = " × ".join(points_text(texts, max(value, ONE)) for value in scores)
    questions = texts.ngettext(
        "Over {count} question, each weighing its coverage C", "Over {count} questions, each weighing its coverage C",
        pool.questions,
    ).format(count=texts.number(pool.questions))  # fmt: skip
    pools = f"100 × {texts.exact(pool.points)} ÷ {texts.exact(pool.coverage)}"
    root = say("The n-th root of the product; a score below 1 counts as 1")

    def step(how: str, formula: str, numbers: str, value: Fraction | None) -> Step:
        return Step(how, formula, numbers, points_text(texts, value))

    steps = {
        "equal_sections": step(say("The mean of the sections’ scores"), "Σ S ÷ n", f"({summed}) ÷ {count}",
                               found.equal_sections),
        "equal_items": step(questions, "Σ C × S ÷ Σ C", pools, found.equal_items),
        "geometric": step(root, "(S₁ × … × Sₙ) ^ (1 ÷ n)", f"({product}) ^ (1 ÷ {count})", found.geometric),
        "own_weights": own,
    }  # fmt: skip
    return tuple(Method(say(METHOD_WORDS[name]), value, steps[name]) for name, value in found.by_method.items())
