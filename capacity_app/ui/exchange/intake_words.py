"""What a returned file would do and what it says of itself, in sentences."""

from collections import Counter
from dataclasses import replace

from capacity_app.domain.assessment import Entry
from capacity_app.domain.deciding import Fate, Side
from capacity_app.domain.problems import N_, Problem, Severity
from capacity_app.domain.proposal import Proposal
from capacity_app.domain.returned import Returned
from capacity_app.services.intake import Suggestion, written_agency
from capacity_app.texts import Texts
from capacity_app.ui.exchange.decision_board import Bulk, Notes
from capacity_app.ui.exchange.decision_card import SideWords
from capacity_app.ui.exchange.difference_words import TO_DECIDE, DifferenceWords, kind_of
from capacity_app.ui.look.lines import Line
from capacity_app.ui.registers.entry_words import Vocabulary


def counts_sentence(texts: Texts, proposal: Proposal) -> str:
    """Say the counts first, those of the tabs below and of what has none: "398 the same, 12 new, 2 to decide"."""
    kinds = Counter(kind_of(one) for one in proposal.differences)
    counts = proposal.counts
    parts = (
        (kinds[Fate.NEW], N_("{count} new")),
        (kinds[Fate.CHANGED], N_("{count} changed")),
        (kinds[TO_DECIDE], N_("{count} to decide")),
        (kinds[Fate.CLEARED], N_("{count} cleared")),
        (kinds[Fate.REFUSED], N_("{count} cannot be stored")),
        (counts.outdated, N_("{count} not edited, and different here since")),
        (counts.others, N_("{count} not of this agency")),
        (counts.unplaced, N_("{count} could not be placed")),
    )
    same = texts.gettext("{count} the same as here").format(count=texts.number(counts.same))
    told = [texts.gettext(said).format(count=texts.number(number)) for number, said in parts if number]
    return texts.listed([same, *told])


def sender_sentence(texts: Texts, returned: Returned) -> str:
    """Say whom the file names as its sender; empty where it names nobody."""
    said = {
        (True, True): N_("The file says: {agency}, filled in by {person}{date}."),
        (True, False): N_("The file says: {agency}{date}."),
        (False, True): N_("The file says: filled in by {person}{date}."),
    }.get((bool(returned.agency), bool(returned.person)), "")
    if not said:
        return texts.gettext("The file does not say which agency gave the answers.")
    date = f", {texts.date(returned.date)}" if returned.date else ""
    return texts.gettext(said).format(agency=written_agency(returned), person=returned.person, date=date)


def suggestion_sentence(words: Vocabulary, found: Suggestion) -> str:
    """Return which agency the file probably comes from, and why."""
    texts, agency = words.texts, words.title_of("agencies", found.agency)
    if not found.edited:
        return texts.gettext("Suggestion: {agency}. The file holds the answers of this agency alone.").format(
            agency=agency
        )
    return texts.ngettext(
        "Suggestion: {agency}. {agreeing} of {count} edited answer repeats an answer or a note of this agency.",
        "Suggestion: {agency}. {agreeing} of {count} edited answers repeat an answer or a note of this agency.",
        found.edited,
    ).format(agency=agency, agreeing=texts.number(found.agreeing), count=texts.number(found.edited))


def side_words(texts: Texts) -> SideWords:
    """Return what the sides of a returned file are called."""
    say = texts.gettext
    return SideWords(
        base=say("When the file left"),
        mine=say("In this assessment"),
        theirs=say("In the file"),
        accept=say("Import"),
        keep=say("Do not import"),
        accept_shown=say("Import all shown"),
        keep_shown=say("Import none shown"),
        accepted=say("Will be imported"),
        kept=say("Will not be imported"),
    )


def difference_words(words: Vocabulary, named: tuple[Entry, ...] = ()) -> DifferenceWords:
    """Return the words for the differences of a returned file; ``named`` are entries that it names and are not here."""
    say = words.texts.gettext
    decided = {Side.THEIRS: say("will be imported"), Side.MINE: say("will not be imported")}
    return DifferenceWords(replace(words, named=named), decided, names_agency=False)


def bulks(texts: Texts) -> tuple[Bulk, ...]:
    """Return what can be decided on at once: each counts what the tab of the same name counts."""
    say = texts.gettext
    return (
        Bulk("accept_new", say("Import all new"), Side.THEIRS, lambda one: kind_of(one) == Fate.NEW),
        Bulk("accept_changed", say("Import all changed"), Side.THEIRS, lambda one: kind_of(one) == Fate.CHANGED),
    )


def notes(words: Vocabulary, proposal: Proposal) -> tuple[Notes, ...]:
    """Return the lists beside the differences: what belongs to no question, what is wrong, what was remarked."""
    say = words.texts.gettext
    unplaced = (
        Line(f"unplaced {number}", one.text, " · ".join(part for part in (one.place, say(one.reason)) if part), "?")
        for number, one in enumerate(proposal.unplaced)
    )
    remarks = (
        Line(
            f"remark {number}",
            one.text,
            " · ".join(part for part in (words.wording.place(one.address), one.author, one.place) if part),
            "“",
        )
        for number, one in enumerate(proposal.remarks)
    )
    problems = (problem_line(words.texts, number, one) for number, one in enumerate(proposal.problems))
    return (
        Notes(
            "unplaced",
            say("Other texts"),
            say("These texts belong to no question. The program keeps them with the assessment."),
            tuple(unplaced),
        ),
        Notes(
            "problems",
            say("Problems"),
            say("The program does not guess. It does not import what it cannot read, and keeps the file itself."),
            tuple(problems),
        ),
        Notes(
            "remarks",
            say("Remarks"),
            say("Remarks are no answers. They will appear beside their question, with their author and date."),
            tuple(remarks),
        ),
    )


def problem_line(texts: Texts, number: int, problem: Problem) -> Line:
    """Return a problem as a line of a list."""
    sign, colour = ("!", "danger") if problem.severity is Severity.ERROR else ("i", "warning")
    return Line(f"problem {number}", problem.text(texts.gettext), problem.place, sign, colour)
