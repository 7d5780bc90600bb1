"""The chain of a file's changes: every revision is bound by a hash to the one its device made before.

Problem: a file is a database, and whoever has it may change it with any tool. Nothing can prevent that; but nobody
shall be able to do it unseen. Decision: beside every revision stands a link, made with it and never changed. Whoever
wants to compute links without this program:

* the canonical bytes of a revision are ``capacity-app revision 1``, a line feed, ``answer`` or ``entry``, and then
  every column of its row in ``answer_revisions`` or ``entry_revisions``, in the order of the table: a comma, the number
  of its bytes in UTF-8, a colon and these bytes; a comma and a minus for NULL. Numbers are written in digits. The
  ``content`` of a register entry counts without members that are empty (``""``, ``[]``, ``0``, ``null``), sorted by
  name, so that a field added to the program later changes no link;
* a link's ``hash`` is the SHA-256, in hexadecimal digits, of ``capacity-app link 1``, a line feed, ``previous`` (the
  hash of the link before, empty for a device's first), a line feed and the canonical bytes.

A revision that comes from another file after later ones of its device is linked to the last of them: a chain follows
the order in which a file learned of things. Where two copies bound the revisions of one device differently, the links
of the other copy are kept too, with ``log`` followed by ``~``. A chain says nothing of its own end, nor whether all of
it was computed anew: that is what seals are for. A seal signs the end of the chain that a session wrote, and names the
seals before it.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain
from typing import NamedTuple

from capacity_app.domain.revisions import RevisionId

Row = tuple[str | int | None, ...]
"""A revision as it is stored, with the columns of its table in their order."""

_REVISION = "capacity-app revision 1"
_LINK = "capacity-app link 1"
_SEAL = "capacity-app seal 1"
_ASIDE = "~"
_CONTENT = 4
"""The column of a register entry's JSON."""


class Log(StrEnum):
    """Which table a revision stands in."""

    ANSWER = "answer"
    ENTRY = "entry"


class Name(NamedTuple):
    """What a revision is called; sorted, what knew of another one comes later."""

    counter: int
    device: str
    log: str

    @property
    def id(self) -> RevisionId:
        """The revision's id."""
        return RevisionId(self.device, self.counter)


class Link(NamedTuple):
    """One link; an empty hash says that the revision had none in the file it came from."""

    device: str
    counter: int
    log: str
    previous: str
    hash: str

    @property
    def name(self) -> Name:
        """The revision it belongs to."""
        return Name(self.counter, self.device, self.log)

    @property
    def is_aside(self) -> bool:
        """Whether it is of another copy's chain, whose revisions stand here under other names or bound otherwise."""
        return _ASIDE in self.log

    @property
    def aside(self) -> "Link":
        """The link as it is kept beside another one of that name."""
        return self if self.is_aside else self._replace(log=f"{self.log}{_ASIDE}{self.hash[:16]}")


class Seal(NamedTuple):
    """The end of a chain, signed; ``parents`` name the seals that stood in the file. ``time`` is for people only."""

    device: str
    counter: int
    hash: str
    time: str
    parents: tuple[str, ...]
    public_key: str = ""
    signature: str = ""

    @property
    def message(self) -> bytes:
        """The bytes that are signed."""
        fields = (self.device, str(self.counter), self.hash, self.time, *self.parents)
        return _joined(_SEAL, fields)

    @property
    def mark(self) -> str:
        """What later seals call it."""
        return hashlib.sha256(self.message + b"\n" + self.public_key.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Trail:
    """All that a file says of its changes: the rows as they are stored, their links, and the seals."""

    rows: Mapping[Name, Row] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    seals: tuple[Seal, ...] = ()


NO_TRAIL = Trail()


def _joined(head: str, fields: Iterable[str | int | None]) -> bytes:
    parts = [head.encode()]
    for one in fields:
        if one is None:
            parts.append(b",-")
        else:
            # What is no text any more has been read byte for byte, and counts so.
            encoded = str(one).encode("utf-8", "surrogateescape")
            parts.append(b",%d:%s" % (len(encoded), encoded))
    return b"".join(parts)


def canonical(log: str, row: Row) -> bytes:
    """Give the bytes of a revision that its link is made of."""
    if log == Log.ENTRY and isinstance(content := row[_CONTENT], str):
        row = (*row[:_CONTENT], _canonical_content(content), *row[_CONTENT + 1 :])
    return _joined(f"{_REVISION}\n{log}", row)


def _canonical_content(text: str) -> str:
    """Leave out what says nothing; what this program would not have written so counts as it stands."""
    try:
        content = json.loads(text)
        if not isinstance(content, dict) or _compact(content) != text:
            return text
    except (ValueError, RecursionError):
        return text
    return _compact({name: value for name, value in sorted(content.items()) if not _says_nothing(value)})


def _says_nothing(value: object) -> bool:
    return value is None or value in ("", []) or (type(value) is int and value == 0)


def _compact(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def link(previous: str, log: str, row: Row) -> str:
    """Give the hash of the link of a revision that comes after the one with the hash ``previous``."""
    return hashlib.sha256(f"{_LINK}\n{previous}\n".encode() + canonical(log, row)).hexdigest()


# -- what was done to a file afterwards ----------------------------------------------------------------------------


class Tampering(StrEnum):
    """What was done to a revision, or to a seal, after it was written."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MISPLACED = "misplaced"
    REMOVED_BEFORE = "removed_before"
    CUT = "cut"
    REWRITTEN = "rewritten"
    SEAL_CHANGED = "seal_changed"
    SEAL_REMOVED = "seal_removed"


@dataclass(frozen=True, slots=True)
class Break:
    """One place where the chain does not hold.

    ``row`` is the revision as it stands there, and ``near`` one that shows which answer or entry it was about, with the
    table it stands in; ``seal`` is the one that tells, if a seal does.
    """

    what: Tampering
    name: Name
    row: Row | None = None
    near: tuple[str, Row] | None = None
    seal: Seal | None = None


def first_break(trail: Trail, is_genuine: Callable[[Seal], bool]) -> Break | None:
    """Give the first place where the chain does not hold, None if it holds everywhere."""
    return next(breaks(trail, is_genuine), None)


def breaks(trail: Trail, is_genuine: Callable[[Seal], bool]) -> Iterator[Break]:
    """Give every place where the chain does not hold, oldest first and seals last.

    ``is_genuine`` tells whether a seal's signature fits.
    """
    yield from _broken_links(trail)
    yield from _broken_seals(trail, is_genuine)


def _broken_links(trail: Trail) -> Iterator[Break]:
    links = {one.name: one for one in trail.links if not one.is_aside}
    hashes = {(one.device, one.hash) for one in trail.links}
    for name in sorted(trail.rows.keys() | links.keys()):
        row, made = trail.rows.get(name), links.get(name)
        if row is None:
            if made is not None and made.hash:
                yield Break(Tampering.REMOVED, name, near=_successor(trail, name))
        elif made is None or not made.hash:
            yield Break(Tampering.ADDED, name, row, near=(name.log, row))
        elif link(made.previous, name.log, row) != made.hash:
            what = Tampering.MISPLACED if _has_moved(trail, made) else Tampering.CHANGED
            yield Break(what, name, row, near=(name.log, row))
        elif made.previous and (made.device, made.previous) not in hashes:
            yield Break(Tampering.REMOVED_BEFORE, name, row, near=(name.log, row))
    yield from _broken_asides(trail, hashes)


def _broken_asides(trail: Trail, hashes: Container[tuple[str, str]]) -> Iterator[Break]:
    """Find the links of other copies' chains whose revisions do not stand here under any name."""
    asides = sorted(one for one in trail.links if one.is_aside)
    said: dict[Name, list[Row]] = defaultdict(list)
    for name, row in trail.rows.items() if asides else ():
        said[Name(name.counter, name.id.origin.device, name.log)].append((name.id.origin.device, *row[1:]))
    for one in asides:
        log = one.log.partition(_ASIDE)[0]
        rows = chain.from_iterable((row, _with_origins(row)) for row in said[Name(one.counter, one.device, log)])
        is_backed = any(link(one.previous, log, row) == one.hash for row in rows)
        if not is_backed or (one.previous and (one.device, one.previous) not in hashes):
            yield Break(Tampering.REMOVED, one.name)


def _with_origins(row: Row) -> Row:
    """Give a row whose parents are called as they were made."""
    try:
        parents = [str(RevisionId.parse(one).origin) for one in json.loads(str(row[-1]))]
    except (ValueError, TypeError, AttributeError, RecursionError):
        return row
    return (*row[:-1], _compact(parents))


def _successor(trail: Trail, name: Name) -> tuple[str, Row] | None:
    """Give a revision that was made on top of a missing one, and so is about the same."""
    quoted = f'"{name.id}"'
    found = (
        (one.log, row)
        for one, row in trail.rows.items()
        if one.log == name.log and one.counter > name.counter and quoted in str(row[-1])
    )
    return next(found, None)


def _has_moved(trail: Trail, made: Link) -> bool:
    """Whether what belongs here stands under another number of the same device."""
    others = (
        (made.device, made.counter, *row[2:])
        for name, row in trail.rows.items()
        if name.device == made.device and name.log == made.log and name.counter != made.counter
    )
    return any(link(made.previous, made.log, row) == made.hash for row in others)


def _broken_seals(trail: Trail, is_genuine: Callable[[Seal], bool]) -> Iterator[Break]:
    ends = {(one.device, one.counter) for one in trail.links if one.hash}
    links = {(one.device, one.counter, one.hash) for one in trail.links}
    marks = {one.mark for one in trail.seals}
    for seal in sorted(trail.seals, key=lambda one: (one.counter, one.device, one.signature)):
        name = Name(seal.counter, seal.device, "")
        if not is_genuine(seal):
            yield Break(Tampering.SEAL_CHANGED, name, seal=seal)
        elif set(seal.parents) - marks:
            yield Break(Tampering.SEAL_REMOVED, name, seal=seal)
        elif (seal.device, seal.counter) not in ends:
            yield Break(Tampering.CUT, name, seal=seal)
        elif (seal.device, seal.counter, seal.hash) not in links:
            yield Break(Tampering.REWRITTEN, name, seal=seal)


# -- from file to file ---------------------------------------------------------------------------------------------


def unnamed(seals: Iterable[Seal]) -> tuple[str, ...]:
    """Give the marks of the seals that no other seal names: what the next one has to name."""
    known = tuple(seals)
    named = set(chain.from_iterable(one.parents for one in known))
    return tuple(sorted({one.mark for one in known} - named))


def kept(trail: Trail) -> tuple[Link | Seal, ...]:
    """Give what a copy of a file begins with: links and seals as they are, and which revisions have no link."""
    return (*trail.links, *_unlinked(trail), *trail.seals)


def _unlinked(trail: Trail) -> Iterator[Link]:
    for one in trail.rows.keys() - {one.name for one in trail.links}:
        yield Link(one.device, one.counter, one.log, "", "")


def carried(here: Trail, others: Iterable[Trail]) -> tuple[Link | Seal, ...]:
    """Give what comes along when the revisions of other files are taken over, before they are.

    Links come as they are, so that what was changed there is not made whole here. Where the two files bound the
    revisions of a device differently (a cloned laptop, copies that were each brought to a newer questionnaire), what
    stands here stays, what is new is bound to it, and the other links are kept aside: seals may name them. Namesakes
    are called in every file as it met them, and bound anew.
    """
    links = {one.name: one for one in here.links}
    seals = dict.fromkeys(here.seals)
    for other in others:
        theirs = {one.name: one for one in other.links}
        split = {one.device for name, one in theirs.items() if links.get(name, one) != one}
        for one in (*other.links, *(one for one in _unlinked(other) if one.name not in here.rows)):
            if one.name.id.is_beside:
                continue
            if one.device not in split:
                links.setdefault(one.name, one)
            elif links.get(one.name) != one and one.hash:
                links.setdefault(one.aside.name, one.aside)
        seals |= dict.fromkeys(other.seals)
    linked, sealed = {one.name for one in here.links}, set(here.seals)
    new = (one for name, one in links.items() if name not in linked)
    return (*new, *(one for one in seals if one not in sealed))


def unsealed(trail: Trail) -> int:
    """Count the chains whose end nobody has sealed."""
    ends: dict[str, int] = defaultdict(int)
    for one in trail.links:
        if not one.is_aside:
            ends[one.device] = max(ends[one.device], one.counter)
    sealed = {(one.device, one.counter) for one in trail.seals}
    return sum(end not in sealed for end in ends.items())
