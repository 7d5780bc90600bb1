"""The earlier round that an assessment is compared with, kept as text until somebody looks at it."""

from dataclasses import dataclass
from functools import cached_property

from capacity_app.domain.dossier import Dossier
from capacity_app.services.dossier_reading import dossier_from_json
from capacity_app.store.assessment_file import PreviousRound


@dataclass(frozen=True)
class EarlierRound:
    """An earlier round as stored; ``None`` if there never was one."""

    stored: PreviousRound | None

    @cached_property
    def dossier(self) -> Dossier | None:
        """The earlier round; raises KnownError if its text cannot be read."""
        if self.stored is None or self.stored.content is None:
            return None
        dossier, _, _ = dossier_from_json(self.stored.content)
        return dossier
