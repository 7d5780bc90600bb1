"""Several revisions recorded together: made one after another in memory, and stored in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from capacity_app.domain.answers import AnswerKey
from capacity_app.domain.deciding import Decisions, Difference
from capacity_app.domain.revisions import EntryRevision, Revision
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.services.changes import Change, EntryChange
from capacity_app.services.copies import now, writes_of
from capacity_app.services.ledger import Spot
from capacity_app.services.merging.contests import Signature, Voices, chosen, settled
from capacity_app.services.merging.restating import Moment, moment, restate
from capacity_app.store.assessment_file import Write


class Recording:
    """What is added to an open assessment at some spots; ``before`` is what counted there."""

    def __init__(self, session: AssessmentSession, spots: Iterable[Spot]) -> None:
        self._session, self._known = session, session.known
        self.before = moment(self._known, dict.fromkeys(spots))
        self._said = {spot: self._known.said(spot) for spot in self.before}
        self._contested = {spot for spot in self.before if self._is_contested(spot)}
        self._answers: list[Revision] = []
        self._entries: list[EntryRevision] = []
        self._signature = Signature(session.author, now(), session.language, self._known.next_id)

    def _is_contested(self, spot: Spot) -> bool:
        united = self._known.united(spot)
        return united is not None and bool(united.contests)

    def add(self, revisions: Iterable[Revision | EntryRevision]) -> None:
        made = tuple(revisions)
        answers = [one for one in made if isinstance(one, Revision)]
        entries = [one for one in made if isinstance(one, EntryRevision)]
        self._known.unite(answers, entries)
        self._answers += answers
        self._entries += entries

    def settle(self, voices: Voices, decisions: Decisions) -> tuple[int, int]:
        """Record what was decided; gives how many conflicts are settled and how many stay open."""
        voices = replace(voices, here=self._said.__getitem__)
        decided = total = 0
        made: list[Revision | EntryRevision] = []
        for spot in self.before:
            united = self._known.united(spot)
            if united is None or not united.contests:
                continue
            fields = chosen(united, voices, decisions)
            total += len(united.contests)
            decided += len(fields)
            made += settled(united, fields, self._signature) if fields else ()
        self.add(made)
        return decided, total - decided

    def say_again(self, differences: Iterable[Difference]) -> None:
        """Say again, on top of everything, what another file says."""
        for one in differences:
            spot = one.key or (one.register, one.entry_id)
            united = self._known.united(spot)
            if united is not None:
                said = one.theirs.content if isinstance(spot, AnswerKey) else one.theirs.entry
                parents = tuple(head.id for head in self.before[spot] or united.heads)
                self.add([self._signature.on(united.shown, said, parents)])

    def restate(self, wanted: Moment) -> None:
        self.add(restate(self._known, wanted))

    def store(self, more: Sequence[Write] = ()) -> tuple[Change | EntryChange, ...]:
        """Store everything in one transaction; gives what changed, and where conflicts came or went."""
        self._session.take([*more, *writes_of(self._known, self._answers, self._entries)])
        spots = [spot for spot in self.before if self._has_changed(spot)]
        return tuple(self._change(spot) for spot in spots)

    def _has_changed(self, spot: Spot) -> bool:
        is_other = self._known.said(spot) != self._said[spot]
        return is_other or self._is_contested(spot) != (spot in self._contested)

    def _change(self, spot: Spot) -> Change | EntryChange:
        if isinstance(spot, AnswerKey):
            return Change(spot, self._said[spot], self._known.answers.content(spot))  # type: ignore[arg-type]
        return EntryChange(*spot, self._said[spot], self._known.entries.entry(*spot))  # type: ignore[arg-type]
