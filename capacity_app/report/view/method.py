"""How scores are made, whose words the questions are, and what the terms mean."""

from dataclasses import dataclass

from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.instrument import Provenance
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring import Overall
from capacity_app.report.view.pieces import Card, Fact, Heading, Table, row
from capacity_app.wording import EVIDENCE_WORDS, Wording


@dataclass(frozen=True, slots=True)
class MethodView:
    """The method in sentences and formulas, with the thresholds of the instrument."""

    paragraphs: tuple[str, ...]
    formulas: tuple[Fact, ...]
    grades: tuple[Fact, ...]
    sensitivity: Table | None
    weights: str


_PARAGRAPHS = (
    N_(
        "The score exists to find gaps and plan actions, never to rank countries. Every number can be computed again "
        "by hand from the answers printed in this report."
    ),
    N_(
        "An answer is given, not applicable (with a reason), unknown, declined or not asked. The last three are open: "
        "they are shown apart, are never counted as zero and are never dropped."
    ),
    N_(
        "An answer earns points x from 0 to 1: a level its number divided by 3; yes 1, partly ½, no 0; a checklist its "
        "required elements ticked divided by all required elements; a choice the points the instrument gives it. A "
        "table is expanded to its cells; a row that does not apply hands its weight to the other rows."
    ),
    N_(
        "Where several agencies answered differently and nobody has settled it, the answer is open; its bounds are the "
        "lowest and the highest response. The assessor’s judgement counts before responses, the country’s validated "
        "answer before both."
    ),
    N_(
        "A score is firm from {firm} coverage, provisional and printed with its interval from {provisional}, and not "
        "printed below. More than {not_applicable} not applicable is noted."
    ),
    N_(
        "Bands name the nearest level: below 16.7 absent, below 50 emerging, below 83.3 established with gaps, else "
        "sustained. If the interval reaches into another band, both are named."
    ),
    N_(
        "A gap is the number of steps from the present level to the target; its severity is steps × importance: 1–2 "
        "low, 3–4 moderate, 6 high, 9 critical. A gap on which other progress depends goes up one class. Open answers "
        "have no severity; they are listed to be verified, by their worst case."
    ),
)


def _formulas(words: Wording) -> tuple[Fact, ...]:
    say = words.say
    return (
        Fact("W", say(N_("weight of everything that applies"))),
        Fact("A", say(N_("weight of what is answered"))),
        Fact("P", say(N_("sum of weight × points over what is answered"))),
        Fact(words.texts.own_figures("S = 100 · P / A"), say(N_("score"))),
        Fact("C = A / W", say(N_("coverage"))),
        Fact(words.texts.own_figures("L = 100 · P / W"), say(N_("lower bound: every open answer worth nothing"))),
        Fact(
            words.texts.own_figures("U = 100 · (P + W − A) / W"),
            say(N_("upper bound: every open answer worth everything")),
        ),
        Fact("N", say(N_("weight marked not applicable, divided by the weight of everything"))),
    )


def _sensitivity(words: Wording, overall: Overall) -> Table | None:
    if not overall.sensitivity.values:
        return None
    say, found = words.say, overall.sensitivity
    rows = (
        row(say(N_("Every part counts the same")), words.points(found.equal_sections)),
        row(say(N_("Every question counts the same")), words.points(found.equal_items)),
        row(say(N_("Geometric mean of the parts, at least one point each")), words.points(found.geometric)),
        row(say(N_("The weights chosen for this assessment")), words.points(found.own_weights)),
    )
    headings = (Heading(say(N_("Way of weighing")), 70), Heading(say(N_("Overall score")), 30, "number"))
    return Table(headings, rows, style="compact narrow")


def method_view(appraisal: Appraisal, words: Wording) -> MethodView:
    """Build the annex on method."""
    limits = appraisal.dossier.instrument.thresholds
    values = {
        "firm": words.share(limits.firm),
        "provisional": words.share(limits.provisional),
        "not_applicable": words.share(limits.mostly_not_applicable),
    }
    weights = ", ".join(appraisal.dossier.mission.weights)
    return MethodView(
        paragraphs=tuple(words.say(sentence, **values) for sentence in _PARAGRAPHS),
        formulas=_formulas(words),
        grades=tuple(Fact(f"E{grade}", words.texts.gettext(text)) for grade, text in enumerate(EVIDENCE_WORDS)),
        sensitivity=_sensitivity(words, appraisal.scorecard.overall) if appraisal.with_scores else None,
        weights=words.say(N_("Weights of the parts chosen for this assessment: {weights}."), weights=weights)
        if weights
        else "",
    )


def has_quoted(appraisal: Appraisal) -> bool:
    """Tell whether any words of the instrument are the toolkit's own."""
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
