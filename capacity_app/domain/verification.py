"""Whether a file is what it says: its fingerprint on the pages, in its data, and beside an assessment's answers.

A file that was printed anew by another program may have lost what it says of itself to programs; then what stands
on its pages counts, whose sixteen digits are enough to compare.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from capacity_app.domain.answers import clean_text
from capacity_app.domain.fingerprint import Printed
from capacity_app.domain.problems import N_, Problem, Severity

LEAST_DIGITS = 16
"""So many digits of a fingerprint stand at the foot of a page: enough to tell two dossiers apart."""
_ALL_DIGITS = 64
_LONGEST = 200
"""Letters of anything a file says of itself."""
_NAMED = 5
"""So many pages are named one by one."""


class Medium(StrEnum):
    """What kind of file it is."""

    PDF = "pdf"
    WORD = "word"
    HTML = "html"
    WORKBOOK = "workbook"
    DOSSIER = "dossier"
    ASSESSMENT = "assessment"
    SUBMISSIONS = "submissions"

    @property
    def holds_answers(self) -> bool:
        """Whether the answers stand in it for programs, beside what people read."""
        return self in {Medium.WORKBOOK, Medium.DOSSIER, Medium.ASSESSMENT}


class Match(StrEnum):
    """How the answers of a file compare with an assessment's."""

    SAME = "same"
    DIFFERENT = "different"
    OTHER = "other"


class Verdict(StrEnum):
    """What an observation means: all is well, something to know, something is wrong."""

    GOOD = "good"
    NOTE = "note"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Observation:
    """One thing that was found; ``message`` is a message id whose ``{placeholders}`` stand in ``values``."""

    code: str
    verdict: Verdict
    message: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What a file says of itself, everything as text and empty where it does not say.

    The fields have the names and meanings of the workbook's keys: ``exported`` is the moment of the last answer;
    ``fingerprint`` are all digits, or the sixteen on the pages of a file that says no more; ``recorded``,
    ``public_key`` and ``signature`` are those of ``domain.signature``.
    """

    format: str = ""
    program: str = ""
    instrument: str = ""
    instrument_version: str = ""
    assessment: str = ""
    country: str = ""
    round: str = ""
    language: str = ""
    profile: str = ""
    exported: str = ""
    fingerprint: str = ""
    recorded: str = ""
    public_key: str = ""
    signature: str = ""


def stamp_of(said: Mapping[str, str]) -> Stamp:
    """Take from key and value what belongs to a stamp; a fingerprint that can be none is left out."""
    known = {field.name: one_line(said.get(field.name, ""))[:_LONGEST] for field in fields(Stamp)}
    return Stamp(**known | {"fingerprint": known["fingerprint"] if _is_fingerprint(known["fingerprint"]) else ""})


def one_line(text: str) -> str:
    """Give what a stranger's file says as one line without control characters."""
    return " ".join(clean_text(text).split())


def _is_fingerprint(text: str) -> bool:
    return len(text) == _ALL_DIGITS and not set(text) - set("0123456789abcdef")


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A file as it was read: what it says of itself, and the fingerprints that each of its pages shows.

    ``pages`` of a file without pages is the one text it is. ``title`` is its own, for people.
    """

    medium: Medium
    stamp: Stamp
    pages: tuple[tuple[Printed, ...], ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What was found out about a file; ``match`` is None where it was compared with nothing.

    ``damage`` is what is wrong inside a file that holds the answers itself.
    """

    file: str
    medium: Medium
    stamp: Stamp
    title: str = ""
    observations: tuple[Observation, ...] = ()
    damage: tuple[Problem, ...] = ()
    match: Match | None = None

    @property
    def is_good(self) -> bool:
        """Whether nothing is wrong."""
        return all(one.verdict is not Verdict.BAD for one in self.observations)


def agree(one: str, other: str) -> bool:
    """Whether two fingerprints are the same as far as both are known."""
    known = min(len(one), len(other))
    return known >= LEAST_DIGITS and one[:known] == other[:known]


def _good(code: str, message: str, **values: str) -> Observation:
    return Observation(code, Verdict.GOOD, message, tuple(values.items()))


def _note(code: str, message: str, **values: str) -> Observation:
    return Observation(code, Verdict.NOTE, message, tuple(values.items()))


def _bad(code: str, message: str, **values: str) -> Observation:
    return Observation(code, Verdict.BAD, message, tuple(values.items()))


# -- the pages against what the file says of itself ----------------------------------------------------------------


def shown_fingerprint(pages: Iterable[Sequence[Printed]]) -> str:
    """Give the fingerprint that most pages show, with as many digits as one of them shows; empty if none does."""
    shown = [one.digits for page in pages for one in page]
    if not shown:
        return ""
    ((most, _),) = Counter(digits[:LEAST_DIGITS] for digits in shown).most_common(1)
    return max((digits for digits in shown if digits.startswith(most)), key=len)


def look_at_copy(copy: Copy, say: Callable[[str], str]) -> tuple[Copy, tuple[Observation, ...]]:
    """Compare what the pages show with what the file says of itself; ``say`` gives a fingerprint's four words.

    A file that says nothing of itself has the fingerprint that its pages show, or none at all.
    """
    if copy.stamp.fingerprint:
        return copy, tuple(_of_pages(copy, say, has_data=True))
    read = replace(copy, stamp=replace(copy.stamp, fingerprint=shown_fingerprint(copy.pages)))
    if not read.stamp.fingerprint:
        return read, ()
    return read, (_without_own_data(), *_of_pages(read, say, has_data=False))


def _of_pages(copy: Copy, say: Callable[[str], str], *, has_data: bool) -> Iterator[Observation]:
    expected = copy.stamp.fingerprint
    found = [_of_page(page, expected, say) for page in copy.pages]
    others = [number for number, is_ours in enumerate(found, start=1) if is_ours is False]
    without = [number for number, is_ours in enumerate(found, start=1) if is_ours is None]
    if len(without) == len(found):
        yield _note("pages.none", N_("The fingerprint does not stand in the text, only in the file’s own data."))
        return
    if copy.medium is not Medium.PDF:
        if has_data or others:
            yield from _of_text(is_ours=not others)
        return
    if others:
        yield _bad("pages.other", N_("Pages with another fingerprint stand among these: {pages}."),
                   pages=_numbers(others))  # fmt: skip
    if without:
        yield _bad("pages.without", N_("Pages without a fingerprint, perhaps from another document: {pages}."),
                   pages=_numbers(without))  # fmt: skip
    if not others and not without:
        equal = N_("Every page carries this fingerprint, the same as in the file’s own data.")
        yield _good("pages.equal", equal if has_data else N_("Every page carries this fingerprint."))


def _without_own_data() -> Observation:
    """Say that only the pages tell what the file is."""
    gone = N_("The file’s own data are gone, as after printing it into another file: its pages say what it is.")
    return _note("data.none", gone)


def _of_text(*, is_ours: bool) -> Iterator[Observation]:
    if is_ours:
        yield _good("text.equal", N_("The fingerprint in the text is the same as in the file’s own data."))
    else:
        yield _bad("text.other", N_("The text shows another fingerprint than the file’s own data: one was changed."))


def _of_page(page: Sequence[Printed], expected: str, say: Callable[[str], str]) -> bool | None:
    """Tell whether a page shows the expected fingerprint, words and digits alike; None if it shows none at all."""
    if not page:
        return None
    return any(agree(one.digits, expected) and one.words == say(one.digits) for one in page)


def _numbers(pages: Sequence[int]) -> str:
    named = ", ".join(map(str, pages[:_NAMED]))
    return named if len(pages) <= _NAMED else f"{named} …"


def look_at_signature(*, is_good: bool | None, words: str) -> Iterator[Observation]:
    """Say what is known of a signature: None for none; ``words`` name the installation it was signed by."""
    if is_good is None:
        yield _note("signature.none", N_("It is not signed: it does not say on which computer it was made."))
    elif is_good:
        yield _good("signature.valid", N_("Signed on the computer with the key “{words}”: these words are shown there "
                                          "under Help, About this program."), words=words)  # fmt: skip
    else:
        yield _bad("signature.invalid", N_("The signature does not fit what the file says of itself: one of the two "
                                           "was changed."))  # fmt: skip


# -- against an assessment -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What a file is compared with: the name of an assessment's file and what would be stamped on a copy now."""

    file: str
    stamp: Stamp


def compare(stamp: Stamp, reference: Reference) -> Match:
    """Tell whether a file says the same answers as an assessment, others, or belongs to another assessment."""
    ours = reference.stamp
    if agree(stamp.fingerprint, ours.fingerprint):
        return Match.SAME
    is_other = bool(stamp.assessment) and stamp.assessment != ours.assessment
    return Match.OTHER if is_other else Match.DIFFERENT


_EDITABLE = frozenset({Medium.WORD, Medium.HTML, Medium.WORKBOOK})


def tell(match: Match, medium: Medium, stamp: Stamp, reference: Reference) -> Iterator[Observation]:
    """Say how a file compares, and what explains a difference."""
    ours = reference.stamp
    if match is Match.SAME:
        yield _good("answers.same", N_("The answers are the same as in {file}."), file=reference.file)
        if medium in _EDITABLE:
            yield _note("copy.editable", N_("What has been written into the file since it was made is not compared."))
        return
    if match is Match.OTHER:
        yield from _of_another(stamp, reference)
        return
    yield _bad("answers.different", N_("The answers are not the same as in {file}."), file=reference.file)
    yield from _which_is_newer(stamp.exported, ours.exported, reference.file)
    if stamp.instrument_version and stamp.instrument_version != ours.instrument_version:
        yield _note("answers.version", N_("The questionnaire is another version: {theirs} instead of {ours}."),
                    theirs=stamp.instrument_version, ours=ours.instrument_version)  # fmt: skip
    if not stamp.assessment:
        yield _note("answers.whose", N_("The file does not say to which assessment it belongs: it may be another one."))


def _of_another(stamp: Stamp, reference: Reference) -> Iterator[Observation]:
    ours = reference.stamp
    yield _bad("answers.other", N_("This file belongs to another assessment than {file}."), file=reference.file)
    if (stamp.country, stamp.round) == (ours.country, ours.round):
        yield _note(
            "other.twin", N_("Country and round are the same: it was begun separately, or is a copy of its own.")
        )
    for code, theirs, known in (("country", stamp.country, ours.country), ("round", stamp.round, ours.round)):
        if theirs != known and theirs and known:
            yield _note(f"other.{code}", _OTHER[code], theirs=theirs, ours=known)


_OTHER = {
    "country": N_("It is about another country: {theirs} instead of {ours}."),
    "round": N_("It is of another round: {theirs} instead of {ours}."),
}


def _which_is_newer(theirs: str, ours: str, file: str) -> Iterator[Observation]:
    """Say which of the two has the later answer; the moments are UTC, ISO 8601, and compare as texts."""
    if not theirs or not ours:
        return
    if theirs < ours:
        yield _note("answers.older", N_("{file} has been worked on since this file was made."), file=file)
    elif theirs > ours:
        yield _note("answers.newer", N_("This file is newer: {file} lacks its last answers."), file=file)
    else:
        yield _note("answers.same_time", N_("The last answer has the same time in both: an answer before it was "
                                            "taken away, or one of the two was changed by hand."))  # fmt: skip


# -- a file that holds the answers itself --------------------------------------------------------------------------


def look_inside(medium: Medium, damage: Sequence[Problem]) -> Iterator[Observation]:
    """Say in one sentence whether a file that holds the answers itself is sound."""
    errors = sum(problem.severity is Severity.ERROR for problem in damage)
    if errors:
        yield _bad("file.damaged", N_("The file is damaged or has been changed by hand: see below."))
    elif medium is Medium.ASSESSMENT:
        yield _good("file.sound", N_("The file is sound: answers agree with their history, documents are whole."))
    else:
        yield _good("file.sound", N_("The file can be read whole; its fingerprint was computed from its answers."))
