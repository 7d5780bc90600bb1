"""How effective answers stand in tables: a sign, a word and a tone, never a sign or a colour alone."""

from fractions import Fraction

from capacity_app.bilingual import value_beside
from capacity_app.domain.answers import TEXT_LIMIT, Layer, State
from capacity_app.domain.effective import Effective
from capacity_app.domain.gaps import CLASS_WORDS, SeverityClass, level_of
from capacity_app.domain.instrument import TOP_LEVEL, Kind
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring import Band
from capacity_app.domain.sheet import Item, Standing, points_of
from capacity_app.palette import LEVEL_SIGNS, NOT_APPLICABLE_SIGN, OPEN_SIGN
from capacity_app.report.view.pieces import Cell, Tone, shortened
from capacity_app.wording import STATE_WORDS, Wording

LONGEST = 360
"""Letters of one answer in a chapter; the annex has all of it."""

_BAND_TONES = {
    Band.ABSENT: Tone.ABSENT,
    Band.EMERGING: Tone.EMERGING,
    Band.ESTABLISHED: Tone.ESTABLISHED,
    Band.SUSTAINED: Tone.SUSTAINED,
}
_SEVERITY_TONES = {
    SeverityClass.CRITICAL: Tone.CRITICAL,
    SeverityClass.HIGH: Tone.HIGH,
    SeverityClass.MODERATE: Tone.MODERATE,
    SeverityClass.LOW: Tone.LOW,
    SeverityClass.NONE: Tone.NONE,
}


def band_tone(found: Band) -> Tone:
    return _BAND_TONES[found]


def severity_tone(found: SeverityClass) -> Tone:
    return _SEVERITY_TONES[found]


def severity_cell(words: Wording, found: SeverityClass, detail: str = "") -> Cell:
    return Cell(words.texts.gettext(CLASS_WORDS[found]), detail=detail, tone=severity_tone(found))


def points_sign(points: Fraction) -> tuple[str, Tone]:
    """Return the sign and tone of points in [0, 1]: those of the level reached in full."""
    level = level_of(points)
    return LEVEL_SIGNS[level], band_tone(tuple(Band)[level])


def _open_cell(words: Wording, answer: Effective, item: Item) -> Cell:
    if answer.conflict:
        values = (words.value(item.question, item.field, v) or words.say(N_("not applicable")) for v in answer.conflict)
        text = words.say(N_("Agencies differ: {values}"), values=" | ".join(values))
        return Cell(text, sign=OPEN_SIGN, tone=Tone.OPEN)
    return Cell(words.texts.gettext(STATE_WORDS[answer.state]), sign=OPEN_SIGN, tone=Tone.OPEN)


def item_points(item: Item) -> Fraction | None:
    """Return the points in [0, 1] an item earns by itself; None if it is open, out or not scored."""
    if item.standing is Standing.SETTLED:
        return Fraction(0) if item.field.is_scored else None
    is_counted = item.standing is Standing.WANTED and item.answer.state is State.ANSWERED
    if not is_counted or not item.field.is_scored:
        return None
    required = item.row.required.get(item.field.id, ()) if item.row else ()
    return points_of(item.field, item.answer.value, required)


def _voices(words: Wording, item: Item, longest: int) -> str:
    """Write what several agencies said, each with its agency: their texts and lists complete each other."""
    said = ((who, words.value(item.question, item.field, value)) for who, value in item.answer.voices)
    return " | ".join(f"{words.respondent(Layer.RESPONSE, who)}: {shortened(text, longest)}" for who, text in said)


def answer_cell(words: Wording, item: Item, longest: int = TEXT_LIMIT) -> Cell:
    """Show what counts as the answer, in words; of a typed text no more than ``longest`` letters."""
    if item.standing is Standing.HIDDEN:
        return Cell(words.say(N_("not asked, because of another answer")), sign=NOT_APPLICABLE_SIGN, tone=Tone.OUT)
    if item.standing is Standing.SETTLED:
        # The answer that settles its row says it once; the legend says that an empty cell counts 0.
        return Cell(tone=Tone.MUTED)
    answer = item.answer
    if answer.state is State.NOT_APPLICABLE or item.standing is Standing.ROW_OUT:
        text = words.say(N_("not applicable"))
        reason = words.row_reason(item.question, item.row, answer.reason) if item.row else answer.reason
        return Cell(text, detail=reason, sign=NOT_APPLICABLE_SIGN, tone=Tone.OUT)
    if answer.is_open:
        return _open_cell(words, answer, item)
    return _given_cell(words, item, longest)


def _given_cell(words: Wording, item: Item, longest: int) -> Cell:
    answer = item.answer
    if answer.voices:
        return Cell(_voices(words, item, longest))
    text = words.value(item.question, item.field, answer.value)
    if item.field.kind in {Kind.TEXT, Kind.LONG_TEXT, Kind.URL}:
        text = shortened(text, longest) if longest < TEXT_LIMIT else text
    points = item_points(item)
    second = value_beside(words, item.question, item.field, answer.value)
    if points is None:
        return Cell(text, second=second)
    sign, tone = points_sign(points)
    return Cell(text, sign=sign, tone=tone, second=second)


def _takes_row_out(item: Item) -> bool:
    """Return whether what was chosen says itself that the row does not apply."""
    chosen = item.field.option_by_id.get(str(item.answer.value))
    return chosen is not None and chosen.not_applicable


def sign_cell(item: Item) -> Cell:
    """Show what a cell of a grid earns as a sign alone; the legend below the table says what signs mean."""
    if item.standing is Standing.ROW_OUT or item.answer.state is State.NOT_APPLICABLE or _takes_row_out(item):
        return Cell(sign=NOT_APPLICABLE_SIGN, tone=Tone.OUT)
    if item.standing is Standing.SETTLED:
        return Cell(tone=Tone.MUTED)
    points = item_points(item)
    if points is None:
        return Cell(sign=OPEN_SIGN, tone=Tone.OPEN)
    sign, tone = points_sign(points)
    return Cell(sign=sign, tone=tone)


def level_words(words: Wording, level: int | None, target: int) -> str:
    """Write where a gap stands and where it should be: "1 → 3"."""
    if target > TOP_LEVEL:
        return words.say(N_("open"))
    return words.texts.in_digits(f"{OPEN_SIGN if level is None else level} → {target}")


def sign_legend(words: Wording) -> str:
    levels = "   ".join(f"{sign} {words.texts.numeral(level)}" for level, sign in reversed([*enumerate(LEVEL_SIGNS)]))
    return words.say(N_("Levels: {levels}   ? open   – not applicable"), levels=levels)
