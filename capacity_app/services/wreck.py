"""What the rows of a damaged file say, told apart from what damage has made of them.

A page that is gone takes its rows along; a single wrong bit changes what somebody said. Every revision is therefore
compared with its link (``domain.chain``): only what the chain bears out is taken, and where the chain itself has gone
with a page, what is left of the log. The table of answers, which says the same once more, stands in for lost revisions.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from capacity_app.domain.answers import Answer, Layer
from capacity_app.domain.assessment import REGISTERS
from capacity_app.domain.chain import Link, Log, Name, link
from capacity_app.domain.keys import Key
from capacity_app.domain.revisions import EntryRevision, Revision, RevisionId
from capacity_app.instruments.wire import content_hash
from capacity_app.services.ledger import answer_of
from capacity_app.store import rows
from capacity_app.store.assessment_file import Document, PreviousRound, StoredInstrument
from capacity_app.store.pages import Losses, Pages, Row, Values, rows_in

ANSWERS, ENTRIES, DOCUMENTS, EARLIER = "answers", "entries", "documents", "earlier"
"""What can be lost."""
_MIRRORED = 13
"""Columns of a revision that the table of answers repeats, from the third on."""
_HASH = 64
_MOST_TRIED = 60
"""Rows the chain does not bear out that are tried against all its links; more of them means that links are gone."""
_LAYERS = frozenset(layer.value for layer in Layer)
_LOGS = frozenset(log.value for log in Log)


@dataclass(slots=True)
class Found:
    """All rows of a file that look like ours, by what they are."""

    logs: dict[str, dict[Name, set[Values]]] = field(default_factory=lambda: {log: defaultdict(set) for log in _LOGS})
    shown: dict[Name, Values] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    labels: list[tuple[str, str]] = field(default_factory=list)
    instruments: list[StoredInstrument] = field(default_factory=list)
    instrument_hashes: set[str] = field(default_factory=set)
    earlier: dict[int, PreviousRound] = field(default_factory=dict)
    documents: dict[str, int] = field(default_factory=dict)
    lost_documents: set[str] = field(default_factory=set)
    lost_earlier: bool = False


@dataclass(frozen=True, slots=True)
class Wreck:
    """What can be believed of a damaged file.

    ``said`` are answers of which only the table of answers is left; ``lost`` counts what is known to be gone, and
    ``places`` names where, as far as that can be told ("i.law", "agencies/agency-3").
    """

    losses: Losses
    found: Found
    revisions: tuple[Revision, ...]
    entries: tuple[EntryRevision, ...]
    said: tuple[Answer, ...]
    lost: Counter[str]
    places: tuple[str, ...]

    @property
    def is_ours(self) -> bool:
        """Whether there is anything of an assessment in it."""
        return bool(self.revisions or self.entries or self.said or self.found.documents)

    def is_shown(self, made: RevisionId) -> bool:
        """Whether the table of answers shows a revision as the one that counts."""
        return Name(made.counter, made.device, Log.ANSWER.value) in self.found.shown

    @property
    def earlier(self) -> PreviousRound | None:
        """The last earlier round there is, None if there is none."""
        return self.found.earlier[max(self.found.earlier)] if self.found.earlier else None


def look_into(file: Path, key: Key | None) -> Wreck:
    """Read whatever can be read of a file; raises OSError."""
    losses, found = Losses(), Found()
    with Pages(file, key) as pages:
        for row in rows_in(pages, losses):
            _sort_in(row, found)
    return _judged(losses, found)


def documents_in(file: Path, key: Key | None) -> Iterator[Document]:
    """Go through the documents that are whole, each once; raises OSError."""
    known: set[str] = set()
    with Pages(file, key) as pages:
        for row in rows_in(pages, Losses()):
            if _is_document(row.values) and row.is_whole and row.values[0] not in known:
                digest, _, content = row.values
                if hashlib.sha256(content).hexdigest() == digest:
                    known.add(digest)
                    yield Document(digest, content)


# -- what a row is -----------------------------------------------------------------------------------------------------


def _sort_in(row: Row, found: Found) -> None:  # noqa: C901 - one case per table
    values = row.values
    if not row.is_whole:
        _sort_in_cut(values, found)
        return
    match values:
        case (str(), int(), *rest) if len(rest) == _MIRRORED + 1:
            found.logs[Log.ANSWER][Name(values[1], values[0], Log.ANSWER.value)].add(values)
        case (*said, str() as device, int() as counter) if len(said) == _MIRRORED and said[3] in _LAYERS:
            found.shown[Name(counter, device, Log.ANSWER.value)] = tuple(said)
        case (str(), int(), str() as register, _, _, _, _, _) if register in REGISTERS:
            found.logs[Log.ENTRY][Name(values[1], values[0], Log.ENTRY.value)].add(values)
        case (str(), int(), str() as log, str(), str()) if log in _LOGS:
            found.links.append(Link(*values))
        case (str() as digest, int(), bytes() as content) if len(digest) == _HASH:
            if hashlib.sha256(content).hexdigest() == digest:
                found.documents[digest] = len(content)
            else:
                found.lost_documents.add(digest)
        case (None, str() as time, str() | None as content) if row.rowid is not None:
            found.earlier[row.rowid] = PreviousRound(time, content)
        case (str(), str(), str() as digest, str() as content) if len(digest) == _HASH:
            found.instrument_hashes.add(digest)
            if content_hash(content) == digest:
                found.instruments.append(StoredInstrument(*values))
        case (str() as id_, str() as created):
            found.labels.append((id_, created))


def _sort_in_cut(values: Values, found: Found) -> None:
    match values:
        case (str() as digest, int(), *_) if len(digest) == _HASH:
            found.lost_documents.add(digest)
        case (None, str(), *_):
            found.lost_earlier = True
        case (str(), str(), str() as digest, *_) if len(digest) == _HASH:
            found.instrument_hashes.add(digest)


def _is_document(values: Values) -> bool:
    match values:
        case (str() as digest, int(), bytes()):
            return len(digest) == _HASH
    return False


# -- what can be believed ----------------------------------------------------------------------------------------------


class _Chain:
    """What is left of the links, and whether they bear a row out."""

    def __init__(self, links: Iterable[Link]) -> None:
        self.by_name: dict[Name, Link] = {}
        self._ends: dict[str, set[str]] = defaultdict(set)
        self._hashes: set[str] = set()
        for one in links:
            self.by_name.setdefault(one.name, one)
            self._ends[one.device] |= {"", one.hash, one.previous}
            self._hashes |= {one.hash, one.previous}
        self._hashes.discard("")
        self._tried = 0

    def bears_out(self, name: Name, row: Values) -> bool:
        """Whether the link of a row fits."""
        made = self.by_name.get(name)
        return made is not None and bool(made.hash) and link(made.previous, name.log, row) == made.hash

    def is_unlinked(self, name: Name) -> bool:
        """Whether nothing is known of a row's link."""
        made = self.by_name.get(name)
        return made is None or not made.hash

    def knows(self, name: Name, row: Values) -> bool:
        """Whether any link fits a row, as when its own is damaged."""
        self._tried += 1
        if self._tried > _MOST_TRIED:
            return False
        return any(link(end, name.log, row) in self._hashes for end in self._ends[name.device])


def _judged(losses: Losses, found: Found) -> Wreck:
    chain, lost, places = _Chain(found.links), Counter[str](), list[str]()
    accepted = {log: _accepted(log, found, chain) for log in (Log.ANSWER, Log.ENTRY)}
    answers = accepted[Log.ANSWER]
    said = _shown_alone(found, chain, answers)
    taken = {name for rows_of in accepted.values() for name in rows_of}
    counted = {name for name, made in chain.by_name.items() if made.hash} | {
        n for log in found.logs.values() for n in log
    }
    again = {Name(one.counter, one.device, Log.ANSWER.value) for one in said}
    for name in sorted(counted - taken):
        lost[ANSWERS if name.log == Log.ANSWER else ENTRIES] += name not in again
        places += [_place(name, row) for row in found.logs[name.log].get(name, ())]
    revisions = tuple(filter(None, map(_revision, answers.values())))
    entries = tuple(filter(None, map(_entry, accepted[Log.ENTRY].values())))
    lost[ANSWERS] += len(answers) - len(revisions)
    lost[ENTRIES] += len(accepted[Log.ENTRY]) - len(entries)
    lost[EARLIER] = int(found.lost_earlier and not found.earlier)
    lost[DOCUMENTS] = len(found.lost_documents - found.documents.keys())
    known = tuple(filter(None, (_said(found.shown[Name(o.counter, o.device, Log.ANSWER.value)], o) for o in said)))
    return Wreck(losses, found, revisions, entries, known, +lost, tuple(dict.fromkeys(places)))


def _accepted(log: Log, found: Found, chain: _Chain) -> dict[Name, Values]:
    """Choose, of all rows of a log, those that can be believed."""
    accepted: dict[Name, Values] = {}
    doubtful: list[tuple[Name, Values]] = []
    for name, candidates in found.logs[log].items():
        fitting = next((row for row in candidates if chain.bears_out(name, row)), None)
        if fitting is not None:
            accepted[name] = fitting
        else:
            doubtful += [(name, row) for row in candidates]
    orphans = [name for name, made in chain.by_name.items() if name.log == log and made.hash and name not in accepted]
    for name, row in doubtful:
        for mended_name, mended in _mended(name, row, found, orphans):
            is_known = chain.bears_out(mended_name, mended) or (mended_name == name and chain.knows(name, mended))
            if is_known and mended_name not in accepted:
                accepted[mended_name] = mended
                break
        else:
            # Of a file without links, or whose links went with a page, the log is all there is.
            is_alone = chain.is_unlinked(name) and len(found.logs[log][name]) == 1
            if (is_alone or _agrees(name, row, found)) and name not in accepted:
                accepted[name] = row
    return accepted


def _agrees(name: Name, row: Values, found: Found) -> bool:
    """Whether the table of answers says the same of a revision."""
    return found.shown.get(name) == row[2 : 2 + _MIRRORED]


def _mended(name: Name, row: Values, found: Found, orphans: list[Name]) -> Iterator[tuple[Name, Values]]:
    """Give what a damaged row may have been: itself, as the table of answers has it, or one of another name."""
    yield name, row
    if name in found.shown:
        yield name, (*row[:2], *found.shown[name], row[-1])
    for orphan in orphans[:_MOST_TRIED]:
        yield orphan, (orphan.device, orphan.counter, *row[2:])


def _shown_alone(found: Found, chain: _Chain, accepted: dict[Name, Values]) -> list[RevisionId]:
    """Find the answers whose revisions are gone; those whose predecessors are known become revisions again."""
    heads: dict[Values, list[Name]] = defaultdict(list)
    for name, row in accepted.items():
        heads[row[2:7]].append(name)
    alone: list[RevisionId] = []
    for name in sorted(found.shown.keys() - accepted.keys()):
        shown = found.shown[name]
        earlier = sorted(other for other in heads[shown[:5]] if other < name)
        parents = ("[]", *(rows.json_text([str(other.id)]) for other in earlier[-1:]))
        candidates = ((name.device, name.counter, *shown, text) for text in parents)
        fitting = next((row for row in candidates if chain.bears_out(name, row)), None)
        if fitting is not None:
            accepted[name] = fitting
        elif not _is_superseded(name, shown, accepted):
            alone.append(name.id)
    return alone


def _is_superseded(name: Name, shown: Values, accepted: dict[Name, Values]) -> bool:
    """Whether a later revision says something at the same place: then the table's row is itself damaged or old."""
    return any(other > name and row[2:7] == shown[:5] for other, row in accepted.items())


def _revision(row: Values) -> Revision | None:
    try:
        return rows.read_revision(row)
    except rows.DamagedRow:
        return None


def _entry(row: Values) -> EntryRevision | None:
    try:
        return rows.read_entry_revision(row)
    except rows.DamagedRow:
        return None


def _said(shown: Values, made: RevisionId) -> Answer | None:
    found = _revision((made.device, made.counter, *shown, "[]"))
    return answer_of(found) if found else None


def _place(name: Name, row: Values) -> str:
    """Name the place a row was about, as far as it can be read."""
    parts = row[2:5] if name.log == Log.ANSWER else row[2:4]
    return "/".join(str(part)[:60] for part in parts if part)
