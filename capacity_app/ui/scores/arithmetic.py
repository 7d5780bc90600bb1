"""How every number on the scores page came about, as values a page can show and a person can re-compute."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from capacity_app.domain.answers import Address
from capacity_app.domain.instrument import TOP_LEVEL, Instrument, Question
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring import HUNDRED, Overall, Score, Scorecard, SectionScore
from capacity_app.domain.sheet import ZERO, Part
from capacity_app.texts import Texts
from capacity_app.ui.wording import Wording

DIGITS = 3
"""Decimals of weights and sums; scores have one."""


@dataclass(frozen=True, slots=True)
class Step:
    """One figure with its formula, the formula in numbers, and the result, all ready to show."""

    name: str
    formula: str
    numbers: str
    result: str


@dataclass(frozen=True, slots=True)
class Share:
    """What one part, or one whole question, brings into a score; ``points`` is None while it is open or out.

    ``earned`` is weight × points; ``grade`` the evidence grade (0-3) of what is answered, else None.
    """

    address: Address
    label: str
    weight: Fraction
    points: Fraction | None
    earned: Fraction
    is_out: bool
    grade: int | None
    shares: tuple["Share", ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it counts and is not answered."""
        return self.points is None and not self.is_out

    @property
    def open_count(self) -> int:
        """How many open parts are in it."""
        return sum(share.open_count for share in self.shares) if self.shares else int(self.is_open)


def exact(texts: Texts, number: Fraction) -> str:
    """Write a weight or sum: whole numbers as such, others with three decimals."""
    return texts.number(number) if number.denominator == 1 else texts.number(number, DIGITS)


def points_text(texts: Texts, number: Fraction | None) -> str:
    """Write a score with one decimal, a dash where it is undefined."""
    return "–" if number is None else texts.number(number, 1)


def _ratio(
    texts: Texts, name: str, formula: str, over: Fraction, under: Fraction, *, is_percentage: bool = False
) -> Step:
    top, bottom = exact(texts, over), exact(texts, under)
    if is_percentage:
        result = texts.percent(over / under, 1) if under else "–"
        return Step(name, formula, f"{top} ÷ {bottom}", result)
    result = points_text(texts, HUNDRED * over / under if under else None)
    return Step(name, formula, f"100 × {top} ÷ {bottom}", result)


def section_steps(texts: Texts, score: Score) -> tuple[Step, ...]:
    """Give the figures of a section, the score first."""
    tally = score.tally
    return (
        _ratio(texts, texts.gettext("Score"), "S = 100 × P ÷ A", tally.points, tally.answered),
        _ratio(texts, texts.gettext("Coverage"), "C = A ÷ W", tally.answered, tally.weight, is_percentage=True),
        _ratio(texts, texts.gettext("Lower bound: everything open earns the least it can"), "L = 100 × Pₗ ÷ W",
               tally.low, tally.weight),
        _ratio(texts, texts.gettext("Upper bound: everything open earns the most it can"), "U = 100 × Pᵤ ÷ W",
               tally.high, tally.weight),
        _ratio(texts, texts.gettext("Not applicable"), "N = X ÷ (W + X)", tally.out, tally.total, is_percentage=True),
        _ratio(texts, texts.gettext("Verified score: level 3 without evidence counts as level 2"), "V = 100 × Pᵥ ÷ A",
               tally.verified, tally.answered),
        _ratio(texts, texts.gettext("Evidence index: answered weight with a document held or checked"), "E = Aₑ ÷ A",
               tally.supported, tally.answered, is_percentage=True),
    )  # fmt: skip


LETTERS = N_(
    "W: weight of all that applies · A: weight of what is answered · P: sum of weight × points of what is answered · "
    "X: weight of what does not apply. Points go from 0 to 1."
)
"""What the letters in the formulas mean."""


def _cell_label(wording: Wording, question: Question, part: Part) -> str:
    """Name a cell by its row and column."""
    row, column = question.row_by_id.get(part.row), question.column_by_id.get(part.address.column)
    words = []
    if row is not None:
        words.append(f"{row.number}  {wording.row(question, row)}".strip())
    if column is not None:
        words.append(wording.column(question, column))
    return " · ".join(words)


def question_label(wording: Wording, question: Question) -> str:
    """Name a question by its printed number and text."""
    return f"{question.number}  {wording.question(question)}"


def _share(label: str, part: Part) -> Share:
    earned = part.weight * part.points if part.points is not None and not part.is_out else ZERO
    is_answered = part.points is not None and not part.is_out
    grade = part.grade if is_answered else None
    return Share(part.address, label, part.weight, part.points, earned, part.is_out, grade)


def _question_share(wording: Wording, question: Question, parts: Sequence[Part]) -> Share:
    label = question_label(wording, question)
    if len(parts) == 1 and not parts[0].row:
        return _share(label, parts[0])
    shares = tuple(_share(_cell_label(wording, question, part), part) for part in parts)
    answered = sum((share.weight for share in shares if share.points is not None and not share.is_out), ZERO)
    earned = sum((share.earned for share in shares), ZERO)
    return Share(
        Address(question.id),
        label,
        sum((share.weight for share in shares if not share.is_out), ZERO),
        earned / answered if answered else None,
        earned,
        all(share.is_out for share in shares),
        None,
        shares,
    )


def section_shares(wording: Wording, instrument: Instrument, parts: Iterable[Part]) -> tuple[Share, ...]:
    """Give what every question of a section brings in, grids with their cells below them."""
    grouped = groupby(parts, key=lambda part: part.address.question)
    return tuple(_question_share(wording, instrument.question_by_id[q], tuple(p)) for q, p in grouped)


@dataclass(frozen=True, slots=True)
class Weighed:
    """One section's place in the overall score."""

    entry: SectionScore
    weight: Fraction


def target_of(instrument: Instrument, parts: Iterable[Part]) -> Fraction | None:
    """Give the score a section would have if every part met its target, in points; None if nothing counts."""
    weight = wanted = ZERO
    for part in parts:
        if part.is_out:
            continue
        question = instrument.question_by_id[part.address.question]
        row = question.row_by_id.get(part.row)
        target = row.target if row is not None and row.target is not None else question.target
        weight += part.weight
        wanted += part.weight * Fraction(target, TOP_LEVEL)
    return HUNDRED * wanted / weight if weight else None


def weighed_sections(scorecard: Scorecard, own: dict[str, Fraction]) -> tuple[Weighed, ...]:
    """Give the core sections that count, with their weights in the overall score."""
    counted = (e for e in scorecard.sections if not e.section.supplement and e.score.coverage is not None)
    return tuple(Weighed(entry, own.get(entry.section.id, entry.section.weight)) for entry in counted)


def _mean(texts: Texts, name: str, formula: str, pairs: Sequence[tuple[Fraction, str]], result: str) -> Step:
    parts = " + ".join(f"{exact(texts, weight)} × {value}" for weight, value in pairs)
    total = exact(texts, sum((weight for weight, _ in pairs), ZERO))
    return Step(name, formula, f"({parts}) ÷ {total}" if pairs else "–", result)


def overall_steps(texts: Texts, overall: Overall, weighed: Sequence[Weighed]) -> dict[str, Step]:
    """Give the overall figures as weighted means of the sections', by the name of the figure."""

    def points(which: str) -> list[tuple[Fraction, str]]:
        known = ((w.weight, getattr(w.entry.score, which)) for w in weighed if w.weight)
        return [(weight, points_text(texts, value)) for weight, value in known if value is not None]

    def shares(which: str) -> list[tuple[Fraction, str]]:
        known = ((w.weight, getattr(w.entry.score, which)) for w in weighed if w.weight)
        return [(weight, texts.percent(value, 1)) for weight, value in known if value is not None]

    def share(value: Fraction | None) -> str:
        return "–" if value is None else texts.percent(value, 1)

    say = texts.gettext
    names = {
        "value": say("Overall score: the mean of the sections’ scores, with their weights w"),
        "lower": say("Lower bound: everything open earns the least it can"),
        "upper": say("Upper bound: everything open earns the most it can"),
        "coverage": say("Coverage: how much of the weight is answered"),
        "verified": say("Verified score: level 3 without evidence counts as level 2"),
        "evidence": say("Evidence index: answered weight with a document held or checked"),
    }
    score = points("value") if overall.value is not None else []
    return {
        "value": _mean(texts, names["value"], "Σ w × S ÷ Σ w", score, points_text(texts, overall.value)),
        "lower": _mean(texts, names["lower"], "Σ w × L ÷ Σ w", points("lower"), points_text(texts, overall.lower)),
        "upper": _mean(texts, names["upper"], "Σ w × U ÷ Σ w", points("upper"), points_text(texts, overall.upper)),
        "coverage": _mean(texts, names["coverage"], "Σ w × C ÷ Σ w", shares("coverage"), share(overall.coverage)),
        "verified": _mean(
            texts,
            names["verified"],
            "Σ w × V ÷ Σ w",
            points("verified") if overall.verified is not None else [],
            points_text(texts, overall.verified),
        ),
        "evidence": _mean(
            texts, names["evidence"], "Σ w × E ÷ Σ w", shares("evidence_index"), share(overall.evidence_index)
        ),
    }


def sensitivity_rows(texts: Texts, overall: Overall) -> tuple[tuple[str, Fraction | None], ...]:
    """Name the four ways to put the sections together, with what each gives."""
    found = overall.sensitivity
    return (
        (texts.gettext("Every section counts the same"), found.equal_sections),
        (texts.gettext("Every question counts the same"), found.equal_items),
        (texts.gettext("Geometric mean, which a weak section pulls down"), found.geometric),
        (texts.gettext("Your own section weights"), found.own_weights),
    )
