"""The gap register: what is lacking, most severe first, and what has to be verified before anything is said of it."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.gaps import CLASS_WORDS, CLASSES, FEASIBILITY_WORDS, PRIORITY_WORDS, Gap
from capacity_app.domain.problems import N_
from capacity_app.palette import LEVEL_SIGNS
from capacity_app.report.view.bodies import TablesBody
from capacity_app.report.view.chapters import gap_cell
from capacity_app.report.view.pieces import Cell, Fact, Heading, Table, TableRow, Tone, anchor_of, row
from capacity_app.report.view.shown import level_words, severity_cell, severity_tone
from capacity_app.wording import Wording

_LEVEL_TONES = (Tone.ABSENT, Tone.EMERGING, Tone.ESTABLISHED, Tone.SUSTAINED)


def action_links(appraisal: Appraisal, words: Wording, address: str) -> Cell:
    """List the printed numbers of the actions that close a gap, each leading to its action."""
    actions = appraisal.actions_by_gap.get(address, ())
    numeral, numbers = words.texts.numeral, appraisal.action_numbers
    links = tuple((numeral(numbers[action.id]), anchor_of("a", action.id)) for action in actions)
    return Cell(", ".join(number for number, _link in links) or "–", links=links)


def _level_cell(words: Wording, gap: Gap) -> Cell:
    """Write where a gap stands and where it should be, the sign of the present level before it."""
    text = words.texts.in_order(level_words(words, gap.level, gap.target))
    if gap.level is None:
        return Cell(text)
    return Cell(text, sign=LEVEL_SIGNS[gap.level], tone=_LEVEL_TONES[gap.level])


def _next_step(words: Wording, gap: Gap) -> str:
    """Name the instrument's suggestion where a gap is serious; the others would only make the list longer."""
    suggestion = words.suggestion(gap) if gap.is_serious else ""
    return words.say(N_("Next step: {step}"), step=suggestion) if suggestion else ""


def _gap_row(appraisal: Appraisal, words: Wording, gap: Gap, note: str) -> TableRow:
    said = "\n".join(part for part in (note, _next_step(words, gap)) if part)
    return row(
        Cell(gap.number, link=anchor_of("q", gap.question.id)),
        gap_cell(words, gap, said),
        _level_cell(words, gap),
        words.texts.in_order(words.texts.in_digits(f"{gap.steps} × {gap.importance} = {gap.severity}")),
        words.texts.gettext(PRIORITY_WORDS[gap.priority]),
        action_links(appraisal, words, str(gap.address)),
        anchor=anchor_of("g", str(gap.address)),
    )


def _headings(words: Wording) -> tuple[Heading, ...]:
    say = words.say
    return (
        Heading(say(N_("No.")), 11),
        Heading(say(N_("Gap")), 44),
        Heading(say(N_("Level")), 11, "number"),
        Heading(say(N_("Steps × importance")), 12, "number"),
        Heading(say(N_("Priority")), 14),
        Heading(say(N_("Actions")), 8, "number"),
    )


def _notes(appraisal: Appraisal) -> dict[str, str]:
    return {rating.id: rating.note for rating in appraisal.dossier.ratings if rating.note}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def gap_register(appraisal: Appraisal, words: Wording) -> Table | None:
    """List every gap, most severe first."""
    if not appraisal.gaps:
        return None
    notes = _notes(appraisal)
    rows: list[TableRow] = []
    for grade, gaps in groupby(appraisal.gaps, key=lambda gap: gap.severity_class):
        listed = list(gaps)
        title = f"{_capital(words.texts.gettext(CLASS_WORDS[grade]))} ({words.texts.number(len(listed))})"
        rows.append(TableRow(group=title, tone=severity_tone(grade)))
        rows += [_gap_row(appraisal, words, gap, notes.get(str(gap.address), "")) for gap in listed]
    return Table(_headings(words), tuple(rows), style="register")


def verify_register(appraisal: Appraisal, words: Wording) -> Table | None:
    """List what is open, worst case first."""
    if not appraisal.to_verify:
        return None
    notes = _notes(appraisal)
    say = words.say
    headings = (
        Heading(say(N_("No.")), 11), Heading(say(N_("To verify")), 69), Heading(say(N_("At worst")), 20),
    )  # fmt: skip
    rows = tuple(
        row(
            Cell(gap.number, link=anchor_of("q", gap.question.id)),
            gap_cell(words, gap, notes.get(str(gap.address), "")),
            severity_cell(words, gap.severity_class),
            anchor=anchor_of("g", str(gap.address)),
        )
        for gap in appraisal.to_verify
    )
    return Table(headings, rows, style="register")


def loose_ratings(appraisal: Appraisal, words: Wording) -> tuple[Fact, ...]:
    """Return the notes on gaps that are no gaps any more."""
    known = appraisal.gap_by_address
    return tuple(
        Fact(rating.id, f"{words.texts.gettext(FEASIBILITY_WORDS[rating.feasibility])}. {rating.note}".strip(), True)
        for rating in appraisal.dossier.ratings
        if rating.id not in known and rating.note
    )


def counted(words: Wording, counts: Iterable[tuple[str, int, Tone]]) -> Table:
    """Set a handful of counts side by side, each under its word."""
    listed = list(counts)
    headings = tuple(Heading(_capital(name), 100 / len(listed)) for name, _count, _tone in listed)
    cells = (Cell(words.texts.number(count), tone=tone) for _name, count, tone in listed)
    return Table(headings, (row(*cells),), style="tally")


def _tally(appraisal: Appraisal, words: Wording) -> Table:
    def counts() -> Iterator[tuple[str, int, Tone]]:
        for grade in reversed(CLASSES[1:]):
            count = sum(1 for gap in appraisal.gaps if gap.severity_class is grade)
            yield words.texts.gettext(CLASS_WORDS[grade]), count, severity_tone(grade)
        yield words.say(N_("to verify")), len(appraisal.to_verify), Tone.OPEN

    return counted(words, counts())


def _lead(appraisal: Appraisal, words: Wording) -> str:
    if appraisal.gaps:
        return words.say(
            N_(
                "A gap is the distance from the present level to the target (0 → 3 is three steps). Its severity is "
                "steps × importance; one on which other progress depends goes up one class. Numbers of actions lead "
                "to the action plan."
            )
        )
    if appraisal.to_verify:
        return words.say(N_("No gap has been found so far; what is still open is listed below."))
    return words.say(N_("No gap has been found."))


def gaps_body(appraisal: Appraisal, words: Wording) -> TablesBody:
    """Build the chapter: counts by severity, the register, and apart from it what is to be verified."""
    tables = []
    if appraisal.gaps or appraisal.to_verify:
        tables.append(("", _tally(appraisal, words)))
    register, verify = gap_register(appraisal, words), verify_register(appraisal, words)
    if register:
        tables.append(("", register))
    if verify:
        tables.append((words.say(N_("To verify before anything else")), verify))
    return TablesBody(tuple(tables), (_lead(appraisal, words),), loose_ratings(appraisal, words))
