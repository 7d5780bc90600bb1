"""What follows from answers and registers, computed when asked for and kept until something changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from capacity_app.domain.answers import Address
from capacity_app.domain.assessment import REGISTERS, Evidence, Rating
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.gaps import Gap, all_gaps
from capacity_app.domain.scoring import Scorecard, score, section_weights
from capacity_app.domain.sheet import Sheet, lay_out, lay_out_again
from capacity_app.services.ledger import EntryLedger
from capacity_app.services.revising import Reviser

Gaps = tuple[tuple[Gap, ...], tuple[Gap, ...]]


def grades(entries: EntryLedger) -> Mapping[str, int]:
    """Return the evidence grades (1-3) by evidence id."""
    return {entry.id: entry.grade for entry in entries.entries("evidence") if isinstance(entry, Evidence)}


@dataclass(slots=True)
class Derived:
    """Sheet, scorecard, gaps and dossier of one session. ``None`` stands for "not computed since the last change"."""

    known: Reviser
    _sheet: Sheet | None = None
    _grades: Mapping[str, int] = field(default_factory=dict)
    _stale: set[Address] = field(default_factory=set)
    _scorecard: Scorecard | None = None
    _gaps: Gaps | None = None
    _dossier: Dossier | None = None

    def answer_changed(self, address: Address) -> None:
        """Forget what depends on an answer; only its row or question is laid out again."""
        self._stale.add(address)
        self._forget()

    def entry_changed(self, register: str) -> None:
        """Forget what depends on the registers; of those the sheet knows the evidence grades only."""
        if register == "evidence" and self._grades != grades(self.known.entries):
            self._sheet = None
        self._forget()

    def previous_changed(self) -> None:
        self._dossier = None

    def _forget(self) -> None:
        self._scorecard = self._gaps = self._dossier = None

    def sheet(self) -> Sheet:
        """Lay out what is not up to date."""
        if self._sheet is None:
            self._grades = grades(self.known.entries)
            self._sheet = lay_out(self.known.instrument, self.known.answers.by_address, self._grades)
        elif self._stale:
            self._sheet = lay_out_again(self._sheet, self.known.answers.by_address, self._stale)
        self._stale.clear()
        return self._sheet

    def scorecard(self) -> Scorecard:
        if self._scorecard is None:
            self._scorecard = score(
                self.sheet(), section_weights(self.known.instrument, self.known.entries.mission.weights)
            )
        return self._scorecard

    def gaps(self) -> Gaps:
        """Find the gaps and the places to verify."""
        if self._gaps is None:
            ratings = (entry for entry in self.known.entries.entries("ratings") if isinstance(entry, Rating))
            self._gaps = all_gaps(self.sheet(), ratings)
        return self._gaps

    def dossier(self, assessment_id: str, previous: Dossier | None) -> Dossier:
        if self._dossier is None:
            self._dossier = Dossier(
                id=assessment_id,
                instrument=self.known.instrument,
                mission=self.known.entries.mission,
                answers=self.known.answers.current(),
                previous=previous,
                heads=self.known.answers.all_heads(),
                **{name: self.known.entries.entries(name) for name in _REGISTERS},  # type: ignore[arg-type]
            )
        return self._dossier


_REGISTERS = tuple(name for name in REGISTERS if name != "mission")
