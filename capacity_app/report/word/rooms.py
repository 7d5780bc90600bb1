"""What was written into the rooms for remarks: by whom, as far as Word kept track of it, and without our own words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import takewhile

from capacity_app.catalogues import program_languages
from capacity_app.domain.answers import Address
from capacity_app.domain.problems import N_, Problem, Severity
from capacity_app.domain.returned import ReturnedRemark, Unplaced
from capacity_app.report.word.passages import (
    AUTHOR,
    CONTROL,
    DATE,
    DELETED,
    INSERTED,
    MARK,
    PARAGRAPH,
    RUN,
    VAL,
    Element,
    Passages,
    W,
    seen,
    text_in,
    tidy,
)
from capacity_app.texts import Texts

UNKNOWN_ROOM = N_("It stands in a field for remarks on something this version of the questionnaire does not ask.")
FOREIGN_CONTROL = N_("It stands in a field that this program did not make.")
MOVED = N_("A field for remarks on {theirs} stands at {ours}: what is written in it was read as a remark on {ours}.")
_PLACEHOLDER = "placeholder text"
_OWN_STYLES = re.compile(r"heading [1-9]|report remark|table heading|(?:question|answer|second) .*")
"""The styles, in small letters, in which the report writes questions and answers."""
_UNSEEN_SIGNS = dict.fromkeys(map(ord, "\u200e\u200f\u2068\u2069\ufeff"))


@cache
def placeholders() -> frozenset[str]:
    """Return the words that stand in an empty field for remarks, in all languages."""
    return frozenset(Texts(language).gettext(N_("Remarks")) for language in program_languages())


def is_ours(text: str) -> bool:
    """Return whether a text is no remark but what the program itself wrote into the field."""
    return not text or text.translate(_UNSEEN_SIGNS).strip() in placeholders()


@dataclass(slots=True)
class _Written:
    """What was written about one place within a room; ``hands`` are who wrote its pieces and when, as far as known."""

    address: Address | None
    pieces: list[str] = field(default_factory=list)
    hands: list[tuple[str, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return tidy("".join(self.pieces))

    @property
    def hand(self) -> tuple[str, str]:
        """The one who wrote all of it, and the last time."""
        authors = {author for author, _ in self.hands}
        return (authors.pop(), max(date for _, date in self.hands)) if len(authors) == 1 else ("", "")


@dataclass(slots=True)
class Found:
    """What was found in a file."""

    remarks: list[ReturnedRemark] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def look_into_rooms(passages: Passages, file: str) -> Found:
    """Read what was written into the rooms for remarks, and into fields of somebody else."""
    found = Found()
    for room, addresses in passages.rooms.items():
        place = passages.heading_at(room)
        known: set[tuple[Address | None, str]] = set()
        for written in _written_in(passages, room, addresses):
            text = written.text
            if is_ours(text) or (written.address, text) in known:
                continue
            known.add((written.address, text))
            if written.address is None:
                found.unplaced.append(Unplaced(place=place, text=text, reason=UNKNOWN_ROOM))
                continue
            author, date = written.hand
            remark = ReturnedRemark(address=written.address, text=text, place=place, author=author, date=date)
            if remark not in found.remarks:
                found.remarks.append(remark)
        found.problems += _moved(passages, room, addresses, file)
    found.unplaced += _foreign(passages)
    return found


def _written_in(passages: Passages, room: Element, addresses: list[Address]) -> list[_Written]:
    """Read a room; where cells with several places were made one, each field's text belongs to its own place."""
    written = [_Written(addresses[0] if addresses else None)]
    for element in _in_order(passages, room):
        if element.tag in {MARK, CONTROL}:
            is_one, place = passages.place_of_mark(element)
            if is_one and len(addresses) != 1 and place != written[-1].address:
                written.append(_Written(place))
        elif element.tag == PARAGRAPH:
            written[-1].pieces.append("\n")
        elif not _is_placeholder(passages, element):
            text = "".join(seen(element))
            written[-1].pieces.append(text)
            if text.strip():
                written[-1].hands.append(_hand(element))
    return written


def _in_order(passages: Passages, room: Element) -> Iterator[Element]:
    """Yield the marks, paragraphs and runs of a room, without what was taken out and what the report itself says."""
    echoes = {echo for control in room.iter(CONTROL) for echo in _echoes(control)}
    for element in room.iter(MARK, CONTROL, PARAGRAPH, RUN):
        is_inside = next(element.iterancestors(*DELETED, RUN), None) is not None
        is_echo = any(control in echoes for control in element.iterancestors(CONTROL))
        if not is_inside and not is_echo and not _is_of_report(passages, element):
            yield element


def _echoes(control: Element) -> list[Element]:
    """Find the repetitions of a field that LibreOffice 7.4 writes where letters and digits change in its text.

    Behind the field with the whole text stand others, each with a piece of the text and then the whole text again.
    """
    text, title = "".join(seen(control)), _title(control)
    echoes = list(takewhile(lambda one: one.tag == CONTROL and _title(one) == title, control.itersiblings()))
    said = ["".join(seen(echo)) for echo in echoes]
    is_repeated = all(one.endswith(text) for one in said) and "".join(one.removesuffix(text) for one in said) == text
    return echoes if text and is_repeated else []


def _title(control: Element) -> str:
    found = control.find(f"{W}sdtPr/{W}alias")
    return "" if found is None else str(found.get(VAL, ""))


def _is_of_report(passages: Passages, element: Element) -> bool:
    """Return whether an element stands in a paragraph the report wrote, as where somebody made two cells one."""
    paragraph = element if element.tag == PARAGRAPH else next(element.iterancestors(PARAGRAPH), None)
    return paragraph is not None and _OWN_STYLES.fullmatch(passages.style_of(paragraph)) is not None


def _hand(run: Element) -> tuple[str, str]:
    inserted = next(run.iterancestors(*INSERTED), None)
    return ("", "") if inserted is None else (inserted.get(AUTHOR, ""), inserted.get(DATE, ""))


def _is_placeholder(passages: Passages, run: Element) -> bool:
    """Return whether a run stands in a field nobody wrote into: Word words that in its own language."""
    control = next(run.iterancestors(CONTROL), None)
    if control is None:
        return False
    is_shown = control.find(f"{W}sdtPr/{W}showingPlcHdr") is not None
    return (is_shown and passages.style_of(run) == _PLACEHOLDER) or is_ours(text_in(control))


def _moved(passages: Passages, room: Element, addresses: list[Address], file: str) -> Iterator[Problem]:
    """Say where a field was copied or moved to another question's room, and is not empty."""
    for control in room.iter(CONTROL):
        is_one, theirs = passages.place_of_mark(control)
        if not is_one or theirs is None or len(addresses) != 1 or theirs == addresses[0]:
            continue
        if any(not _is_placeholder(passages, run) and text_in(run) for run in control.iter(RUN)):
            values = (("theirs", str(theirs)), ("ours", str(addresses[0])))
            yield Problem("word.moved", f"{file}, {passages.heading_at(room)}", MOVED, "", values, Severity.WARNING)


def _foreign(passages: Passages) -> Iterator[Unplaced]:
    """Find what was written into fields that are none of ours."""
    for control in passages.document.iter(CONTROL):
        if _is_known(passages, control):
            continue
        runs = (run for run in control.iter(RUN) if not _is_placeholder(passages, run))
        text = tidy("".join("".join(seen(run)) for run in runs))
        if not is_ours(text):
            yield Unplaced(place=passages.heading_at(control), text=text, reason=FOREIGN_CONTROL)


def _is_known(passages: Passages, control: Element) -> bool:
    """Whether a field is one of ours, one of Word's own (a list of contents), or drawn around a part of the report."""
    properties = control.find(f"{W}sdtPr")
    is_of_word = properties is not None and properties.find(f"{W}docPartObj") is not None
    is_around = next(control.iter(f"{W}tbl", MARK), None) is not None
    return is_of_word or is_around or passages.room_around(control) is not None
