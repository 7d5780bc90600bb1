"""How scores are made, whose words the questions are, and what the terms mean."""

from dataclasses import dataclass

from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.instrument import Provenance
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring import METHOD_WORDS, Overall
from capacity_app.domain.sheet import Tally
from capacity_app.report.view.pieces import Card, Cell, Fact, Heading, Table, TableRow, Tone, row
from capacity_app.wording import EVIDENCE_WORDS, Wording


@dataclass(frozen=True, slots=True)
class MethodView:
    """The method in sentences and formulas, with the thresholds of the instrument and the sums of every question."""

    paragraphs: tuple[str, ...]
    formulas: tuple[Fact, ...]
    grades: tuple[Fact, ...]
    sensitivity: Table | None
    weights: str
    sums: Table | None


_PARAGRAPHS = (
    N_(
        "The score exists to find gaps and plan actions, never to rank countries. Every number can be computed again "
        "by hand from the answers and sums printed in this report."
    ),
    N_(
        "An answer is given, not applicable (with a reason), unknown, declined or not asked. The last three are open:"
        " they are shown apart, are never counted as zero and are never dropped."
    ),
    N_(
        "An answer earns points x from 0 to 1: a level its number divided by 3; yes 1, partly ½, no 0; a checklist "
        "its required elements ticked divided by all required elements; a choice the points the instrument gives it. "
        "A table is expanded to its cells; a row that does not apply hands its weight to the other rows."
    ),
    N_(
        "“Not produced” is one fact: it counts 0 in the scored columns of its row, and the report says it once. "
        "Columns that belong together count once, with their best answer. They are open until all are answered or one"
        " earns 1."
    ),
    N_(
        "Where agencies disagree and nobody has settled it, the answer is open for coverage. It counts for the score "
        "at the midpoint of the lowest and the highest response. If they disagree whether the question applies, the "
        "highest is 1. An agency that does not know or declines contradicts nobody."
    ),
    N_(
        "The assessor’s judgement counts before responses, the country’s validated answer before both. Each carries "
        "the evidence of the responses it agrees with."
    ),
    N_(
        "A score is firm from {firm} coverage, provisional and printed with its interval from {provisional}, and not "
        "printed below. More than {not_applicable} not applicable is noted."
    ),
    N_(
        "Bands describe parts and the overall score: below 16.7 absent, below 50 emerging, below 83.3 established "
        "with gaps, else sustained. If the interval reaches into another band, both are named."
    ),
    N_(
        "A row or question has a level from 0 to 3: its points times 3, rounded down. A gap is the number of steps "
        "from that level to the target; its severity is steps × importance: 1–2 low, 3–4 moderate, 6 high, 9 "
        "critical. A gap on which other progress depends goes up one class. Open answers have no severity; they are "
        "listed to be verified, by their worst case."
    ),
)


def _formulas(words: Wording, *, is_disputed: bool) -> tuple[Fact, ...]:
    """Return the formulas; those with D and M only where agencies disagree."""
    say = words.say
    lines = [
        ("W", N_("weight of everything that applies")),
        ("A", N_("weight of what is answered")),
        ("P", N_("sum of weight × points over what is answered")),
        *((("D", N_("weight of what agencies disagree about")),
           ("M", N_("sum of weight × midpoint over what agencies disagree about")),
           ("Mₗ, Mᵤ", N_("the same with the lowest and with the highest response"))) if is_disputed else ()),
        ("S = 100 · (P + M) / (A + D)" if is_disputed else "S = 100 · P / A", N_("score")),
        ("C = A / W", N_("coverage")),
        ("L = 100 · (P + Mₗ) / W" if is_disputed else "L = 100 · P / W",
         N_("lower bound: every open answer worth nothing")),
        ("U = 100 · (P + Mᵤ + W − A − D) / W" if is_disputed else "U = 100 · (P + W − A) / W",
         N_("upper bound: every open answer worth everything")),
        ("N = X / Z", N_("weight marked not applicable, divided by the weight of everything")),
        ("V", N_("verified score: S with every level 3 without evidence counted as level 2")),
        ("E", N_("evidence index: share of A with a document held or checked")),
        ("Σ w · S / Σ w", N_("overall score, with the weights w of the parts; so too the overall L, U, C, V and E")),
    ]  # fmt: skip
    return tuple(Fact(words.texts.own_figures(formula), say(meaning)) for formula, meaning in lines)


def _numbers(words: Wording, tally: Tally, *, is_disputed: bool) -> list[str]:
    low, high = tally.low - tally.points, tally.high - tally.points - (tally.weight - tally.answered - tally.disputed)
    disputed = (tally.disputed, tally.middle, low, high) if is_disputed else ()
    figures = (tally.weight, tally.answered, tally.points, *disputed, tally.out, tally.total)
    return [words.texts.exact(figure) for figure in figures]


def _sums(appraisal: Appraisal, words: Wording, *, is_disputed: bool) -> Table | None:
    """Return the sums of every scored question and part, from which all figures of the parts follow."""
    say, rows = words.say, []
    for entry in appraisal.scorecard.sections:
        rows.append(TableRow(group=f"{entry.section.number}  {words.section(entry.section)}"))
        blocks = (block for block in appraisal.sheet.section(entry.section) if block.parts)
        rows += [row(b.question.number, *_numbers(words, b.tally, is_disputed=is_disputed)) for b in blocks]
        tally = _numbers(words, entry.score.tally, is_disputed=is_disputed)
        rows.append(row(*(Cell(text, tone=Tone.STRONG) for text in (say(N_("Part")), *tally))))
    letters = ("W", "A", "P", *(("D", "M", "Mₗ", "Mᵤ") if is_disputed else ()), "X", "Z")
    width = 86 / len(letters)
    headings = (Heading(say(N_("No.")), 14), *(Heading(letter, width, "number") for letter in letters))
    return Table(headings, tuple(rows), style="compact") if rows else None


def _sensitivity(words: Wording, overall: Overall) -> Table | None:
    if overall.sensitivity is None:
        return None
    say, found = words.say, overall.sensitivity.by_method
    rows = tuple(row(say(METHOD_WORDS[which]), words.points(value)) for which, value in found.items())
    headings = (Heading(say(N_("Way of weighing")), 70), Heading(say(N_("Overall score")), 30, "number"))
    return Table(headings, rows, style="compact narrow")


def method_view(appraisal: Appraisal, words: Wording) -> MethodView:
    limits = appraisal.dossier.instrument.thresholds
    values = {
        "firm": words.share(limits.firm),
        "provisional": words.share(limits.provisional),
        "not_applicable": words.share(limits.mostly_not_applicable),
    }
    weights = ", ".join(appraisal.dossier.mission.weights)
    is_disputed = any(entry.score.tally.disputed for entry in appraisal.scorecard.sections)
    return MethodView(
        paragraphs=(
            *filter(None, [words.modified_questionnaire]),
            *(words.say(sentence, **values) for sentence in _PARAGRAPHS),
        ),
        formulas=_formulas(words, is_disputed=is_disputed),
        grades=tuple(Fact(f"E{grade}", words.texts.gettext(text)) for grade, text in enumerate(EVIDENCE_WORDS)),
        sensitivity=_sensitivity(words, appraisal.scorecard.overall),
        weights=words.say(N_("Weights of the parts chosen for this assessment: {weights}."), weights=weights)
        if weights
        else "",
        sums=_sums(appraisal, words, is_disputed=is_disputed),
    )


def has_quoted(appraisal: Appraisal) -> bool:
    """Return whether any words of the instrument are the toolkit's own."""
    questions = appraisal.dossier.instrument.questions()
    return any(
        one is Provenance.TOOLKIT for q in questions for one in (q.provenance, *(row.provenance for row in q.rows))
    )


def provenance_table(appraisal: Appraisal, words: Wording) -> Table:
    """Count and list whose words the questions are in, part by part; rows of grids are counted with their question."""
    say = words.say
    rows = []
    for section in appraisal.dossier.instrument.sections:
        own = [q.number for q in section.questions if q.provenance is Provenance.TOOLKIT]
        ours = [q.number for q in section.questions if q.provenance is Provenance.PROJECT]
        quoted = [
            f"{q.number} {r.number}".strip()
            for q in section.questions
            for r in q.rows
            if r.provenance is Provenance.TOOLKIT and q.provenance is not Provenance.TOOLKIT
        ]
        rows.append(row(section.number, words.section(section), ", ".join(own + quoted) or "–", ", ".join(ours) or "–"))
    headings = (
        Heading(say(N_("No.")), 7), Heading(say(N_("Part")), 27), Heading(say(N_("The toolkit’s own words")), 30),
        Heading(say(N_("This project’s formulation")), 36),
    )  # fmt: skip
    return Table(headings, tuple(rows), style="compact")


def glossary_cards(appraisal: Appraisal, words: Wording) -> tuple[Card, ...]:
    """List the terms with their definitions and sources."""
    cards = []
    for concept in appraisal.dossier.instrument.concepts:
        label, definition = words.concept(concept)
        source = (Fact(words.say(N_("Source")), concept.source),) if concept.source else ()
        cards.append(Card(title=label, facts=(Fact("", definition), *source)))
    return tuple(cards)
