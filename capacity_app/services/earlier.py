"""The earlier round that an assessment is compared with, kept as text until somebody looks at it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from capacity_app.domain.dossier import Dossier
from capacity_app.domain.instrument import Instrument
from capacity_app.domain.sheet import Sheet
from capacity_app.store.assessment_file import PreviousRound


@dataclass(frozen=True)
class EarlierRound:
    """An earlier round as stored, ``None`` if there never was one; mostly it answered the instrument of this one."""

    stored: PreviousRound | None
    known: Mapping[str, Instrument] = field(default_factory=dict)

    @cached_property
    def dossier(self) -> Dossier | None:
        """The earlier round; raises KnownError if its text cannot be read."""
        if self.stored is None or self.stored.content is None:
            return None
        from capacity_app.services.dossier_reading import dossier_from_json  # noqa: PLC0415 - not before it is wanted

        dossier, _, _ = dossier_from_json(self.stored.content, self.known)
        return dossier

    @cached_property
    def sheet(self) -> Sheet | None:
        """The earlier round laid out, None if there is none; raises KnownError if its text cannot be read."""
        from capacity_app.domain.comparison import sheet_of  # noqa: PLC0415 - not before it is wanted

        return sheet_of(self.dossier) if self.dossier else None
