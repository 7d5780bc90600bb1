"""What readers left in a Word file with its own means: comments, notes below the text, boxes, tracked changes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from capacity_app.domain.answers import Address
from capacity_app.domain.problems import N_
from capacity_app.domain.returned import ReturnedRemark, Unplaced
from capacity_app.report.view.pieces import shortened
from capacity_app.report.word.passages import (
    AUTHOR,
    BOX,
    DATE,
    DELETED,
    ID,
    INSERTED,
    PARAGRAPH,
    Element,
    Passages,
    W,
    taken_out,
    text_in,
    tidy,
)

NO_PLACE = N_("It stands where the report is not about a single question.")
_KINDS = {
    "comment": ("word/comments.xml", ("commentRangeStart", "commentReference")),
    "footnote": ("word/footnotes.xml", ("footnoteReference",)),
    "endnote": ("word/endnotes.xml", ("endnoteReference",)),
}
NOTES = tuple(part for part, _ in _KINDS.values())
"""The parts in which comments and notes stand."""
_AROUND = 60
_BETWEEN = " … "


@dataclass(frozen=True, slots=True)
class Left:
    """Something a reader left; ``address`` is None where it stands at no question."""

    text: str
    place: str
    address: Address | None
    author: str = ""
    date: str = ""

    def remark(self) -> ReturnedRemark | None:
        """Return it as a remark on a place."""
        if self.address is None:
            return None
        return ReturnedRemark(
            address=self.address, text=self.text, place=self.place, author=self.author, date=self.date
        )

    def unplaced(self) -> Unplaced:
        """Return it as a text without a place, whose author is told with where it stood."""
        told = ", ".join(part for part in (self.place, self.author, self.date[:10]) if part)
        return Unplaced(place=told, text=self.text, reason=NO_PLACE)


def left_in(passages: Passages, notes: Mapping[str, Element]) -> Iterator[Left]:
    """Read everything readers left; ``notes`` are the parts of ``NOTES`` that the file has."""
    for kind, (part, references) in _KINDS.items():
        if part in notes:
            yield from _notes(passages, notes[part], kind, references)
    for box in passages.document.iter(BOX):
        if passages.room_around(box) is None and not any(True for _ in box.iterancestors(_FALLBACK)) and text_in(box):
            yield Left(text_in(box), passages.heading_at(_outside(box)), passages.address_at(_outside(box)))
    yield from _joined(_changes(passages))


_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def _outside(box: Element) -> Element:
    return next(box.iterancestors(PARAGRAPH), box)


# -- comments and notes --------------------------------------------------------------------------------------------


def _notes(passages: Passages, part: Element, kind: str, references: tuple[str, ...]) -> Iterator[Left]:
    anchors: dict[str, Element] = {}
    for name in references:
        for anchor in passages.document.iter(f"{W}{name}"):
            anchors.setdefault(anchor.get(ID, ""), anchor)
    for note in part.iter(f"{W}{kind}"):
        text, anchor = text_in(note), anchors.get(note.get(ID, ""))
        if text and note.get(f"{W}type") is None:
            address, place = (None, "") if anchor is None else _where(passages, anchor)
            yield Left(text, place, address, note.get(AUTHOR, ""), note.get(DATE, ""))


def _where(passages: Passages, anchor: Element) -> tuple[Address | None, str]:
    """Return where something is anchored; what begins between paragraphs belongs to the next one."""
    element = anchor
    if not any(True for _ in anchor.iterancestors(PARAGRAPH)):
        element = next((one for one in anchor.itersiblings() if one.tag == PARAGRAPH), anchor)
    return passages.address_at(element), passages.heading_at(element)


# -- tracked changes -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Change:
    """What one person changed in one paragraph; ``is_whole`` if nothing else stands in it."""

    left: Left
    paragraph: Element
    is_whole: bool


def _changes(passages: Passages) -> Iterator[_Change]:
    """Read the tracked changes outside of the rooms for remarks, paragraph by paragraph."""
    paragraphs: dict[Element, list[Element]] = {}
    for change in passages.document.iter(*INSERTED, *DELETED):
        paragraph = next(change.iterancestors(PARAGRAPH), None)
        is_inside = any(True for _ in change.iterancestors(*INSERTED, BOX))
        if paragraph is not None and not is_inside and passages.room_around(change) is None:
            paragraphs.setdefault(paragraph, []).append(change)
    for paragraph, changes in paragraphs.items():
        for author in dict.fromkeys(change.get(AUTHOR, "") for change in changes):
            made = [change for change in changes if change.get(AUTHOR, "") == author]
            yield from _change(passages, paragraph, author, made)


def _change(passages: Passages, paragraph: Element, author: str, made: list[Element]) -> Iterator[_Change]:
    text = _BETWEEN.join(part for part in map(_words, made) if part)
    if not text:
        return
    around = text_in(paragraph)
    is_whole = around == tidy("".join(text_in(one) for one in made if one.tag in INSERTED))
    heading = passages.heading_at(paragraph)
    quoted = "" if is_whole or not around else f"“{shortened(around, _AROUND)}”"
    place = ", ".join(part for part in (heading, quoted) if part)
    date = max(one.get(DATE, "") for one in made)
    yield _Change(Left(text, place, passages.address_at(paragraph), author, date), paragraph, is_whole)


def _words(change: Element) -> str:
    """Return what was put in as it stands, and what was taken out in brackets with dashes."""
    if change.tag in INSERTED:
        return text_in(change)
    text = taken_out(change)
    return f"[– {text} –]" if text else ""


def _joined(changes: Iterator[_Change]) -> Iterator[Left]:
    """Make paragraphs that one person put in one after the other one remark."""
    before: _Change | None = None
    for change in changes:
        if before and _goes_on(before, change):
            text = f"{before.left.text}\n{change.left.text}"
            before = replace(before, left=replace(before.left, text=text), paragraph=change.paragraph)
            continue
        if before:
            yield before.left
        before = change
    if before:
        yield before.left


def _goes_on(before: _Change, change: _Change) -> bool:
    is_next = before.paragraph.getnext() is change.paragraph and before.is_whole and change.is_whole
    return is_next and (before.left.author, before.left.address) == (change.left.author, change.left.address)
