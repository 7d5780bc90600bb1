"""What the registers page knows beyond the entries: where each is used, and which look like the same."""

from typing import TYPE_CHECKING

from capacity_app.domain.likeness import lookalikes
from capacity_app.domain.references import Place, Use, uses
from capacity_app.services.assessment_session import AssessmentSession

if TYPE_CHECKING:
    from collections.abc import Mapping

    from capacity_app.domain.dossier import Dossier


class RegisterFacts:
    """Computed when asked for, and kept until something changes; ``dismissed`` are pairs said to be different."""

    def __init__(self, session: AssessmentSession) -> None:
        self._session = session
        self._of: Dossier | None = None
        self._uses: Mapping[Place, tuple[Use, ...]] = {}
        self._alike: dict[str, Mapping[str, tuple[str, ...]]] = {}
        self.dismissed: set[frozenset[str]] = set()

    def _renew(self) -> None:
        dossier = self._session.dossier()
        if dossier is not self._of:
            self._of, self._uses, self._alike = dossier, uses(dossier), {}

    def uses(self, register: str, entry_id: str) -> tuple[Use, ...]:
        """Return everything that refers to an entry."""
        self._renew()
        return self._uses.get((register, entry_id), ())

    def alike(self, register: str, entry_id: str) -> tuple[str, ...]:
        """Return the other entries that look like the same, without those a person said are different."""
        self._renew()
        if register not in self._alike:
            self._alike[register] = lookalikes(self._session.entries(register))
        others = self._alike[register].get(entry_id, ())
        return tuple(other for other in others if frozenset({entry_id, other}) not in self.dismissed)
