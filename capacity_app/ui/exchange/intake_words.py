"""What a returned file would do and what it says of itself, in sentences."""

from capacity_app.domain.deciding import Difference, Fate, Side
from capacity_app.domain.problems import N_, Problem, Severity
from capacity_app.domain.proposal import Proposal
from capacity_app.domain.returned import Returned
from capacity_app.domain.signature import SignatureState
from capacity_app.texts import Texts
from capacity_app.ui.exchange.decision_board import Bulk, Notes
from capacity_app.ui.exchange.decision_card import SideWords
from capacity_app.ui.exchange.difference_words import DifferenceWords
from capacity_app.ui.look.alerts import Tone
from capacity_app.ui.look.lines import Line
from capacity_app.ui.registers.entry_words import Vocabulary

SIGNATURES: dict[SignatureState, tuple[Tone, str]] = {
    SignatureState.UNSIGNED: (
        Tone.INFORMATION,
        N_("Not signed: nothing proves who made this file. Most files come back like this, and can be taken in."),
    ),
    SignatureState.UNCHANGED: (
        Tone.GOOD,
        N_("Signed, and not changed since it was made: it holds exactly the answers it was signed with."),
    ),
    SignatureState.EDITED: (
        Tone.INFORMATION,
        N_("Signed when it was made, and edited since: normal work. What was edited is listed below."),
    ),
    SignatureState.BROKEN: (
        Tone.WARNING,
        N_("Its signature does not hold: what the file says of its first state was changed. Ask the sender for it."),
    ),
}
"""What the state of a signature means to whoever takes the file in."""


def counts_sentence(texts: Texts, proposal: Proposal) -> str:
    """Say the counts first: "398 same, 12 new, 2 to decide, 1 cleared, 3 could not be placed"."""
    contested = [one for one in proposal.contested if one.fate is not Fate.REFUSED]
    open_fates = [one.fate for one in contested]

    def count(fate: Fate) -> int:
        return proposal.count(fate) - open_fates.count(fate)

    parts = (
        (count(Fate.NEW), N_("{count} new")),
        (count(Fate.CHANGED), N_("{count} changed")),
        (len(contested), N_("{count} to decide")),
        (count(Fate.CLEARED), N_("{count} cleared")),
        (proposal.count(Fate.REFUSED), N_("{count} cannot be stored")),
        (proposal.counts.unplaced, N_("{count} could not be placed")),
    )
    same = texts.gettext("{count} same").format(count=texts.number(proposal.count(Fate.SAME)))
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
        return texts.gettext("The file does not say whose answers it holds.")
    date = f", {texts.date(returned.date)}" if returned.date else ""
    return texts.gettext(said).format(agency=returned.agency, person=returned.person, date=date)


def signature_sentence(texts: Texts, state: SignatureState, key: str) -> str:
    """Say what is known of the signature, with the words of the key it was made with."""
    said = texts.gettext(SIGNATURES[state][1])
    signed = texts.gettext("The words of the signing key: {words}.").format(words=key) if key else ""
    return " ".join(part for part in (said, signed) if part)


def side_words(texts: Texts) -> SideWords:
    """Give what the sides of a returned file are called."""
    say = texts.gettext
    return SideWords(
        base=say("When the file left"),
        mine=say("Here now"),
        theirs=say("In the file"),
        accept=say("Accept"),
        keep=say("Keep mine"),
        accept_shown=say("Accept all shown"),
        keep_shown=say("Keep mine for all shown"),
        accepted=say("Accepted"),
        kept=say("Stays as it is here"),
    )


def difference_words(words: Vocabulary) -> DifferenceWords:
    """Give the words for the differences of a returned file."""
    say = words.texts.gettext
    decided = {Side.THEIRS: say("accepted"), Side.MINE: say("stays as it is here")}
    return DifferenceWords(words, decided, names_agency=False)


def bulks(texts: Texts) -> tuple[Bulk, ...]:
    """Give what can be decided on at once."""
    say = texts.gettext
    return (
        Bulk("accept_new", say("Accept all new"), Side.THEIRS, lambda one: one.fate is Fate.NEW),
        Bulk("accept_plain", say("Accept all not contested"), Side.THEIRS, _is_plain),
    )


def _is_plain(difference: Difference) -> bool:
    return not difference.is_contested and difference.fate is not Fate.REFUSED


def notes(words: Vocabulary, proposal: Proposal) -> tuple[Notes, ...]:
    """Give the lists beside the differences: what has no place, what is wrong, what was remarked."""
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
            say("Without a place"),
            say("These texts belong to no question. They are kept with the assessment as they stand in the file."),
            tuple(unplaced),
        ),
        Notes(
            "problems",
            say("Problems"),
            say("Nothing is guessed: what is wrong is not taken in. The file itself is kept with the assessment."),
            tuple(problems),
        ),
        Notes(
            "remarks",
            say("Remarks"),
            say("Remarks are no answers: they will stand beside their question, with their author and date."),
            tuple(remarks),
        ),
    )


def problem_line(texts: Texts, number: int, problem: Problem) -> Line:
    """Give a problem as a line of a list."""
    sign, colour = ("!", "danger") if problem.severity is Severity.ERROR else ("i", "warning")
    return Line(f"problem {number}", problem.text(texts.gettext), problem.place, sign, colour)
