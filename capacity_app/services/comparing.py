"""Two rounds of one country compared from their files, over what both answered; for reading, printing and programs."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from capacity_app.domain.comparison import Change, Comparison, compare
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.keys import NO_KEYS, Keyring
from capacity_app.domain.problems import N_, KnownError
from capacity_app.files.atomic import check_writable, write_atomically
from capacity_app.report.view.parts import Part
from capacity_app.services.next_round import read_earlier
from capacity_app.services.reporting import write_report
from capacity_app.texts import Texts, plain_points, plain_share

OTHER_COUNTRY = N_("{earlier} is about {theirs}, {later} about {ours}: only rounds of one country can be compared.")


@dataclass(frozen=True, slots=True)
class Rounds:
    """Two rounds and what changed between them."""

    earlier: Dossier
    later: Dossier
    comparison: Comparison

    @property
    def is_good(self) -> bool:
        """Return whether the rounds could be compared and nothing is to be alarmed about."""
        return self.comparison.is_compatible and not self.comparison.regressions


def compare_files(earlier: Path, later: Path, device: str = "", keys: Keyring = NO_KEYS) -> Rounds:
    """Compare two assessments or dossiers; raises KnownError if one cannot be read or they are of two countries."""
    before, after = read_earlier(earlier, device, keys), read_earlier(later, device, keys)
    theirs, ours = before.mission, after.mission
    if theirs.country and ours.country and theirs.country != ours.country:
        raise KnownError(
            OTHER_COUNTRY,
            earlier=earlier.name,
            later=later.name,
            theirs=theirs.country_name or theirs.country,
            ours=ours.country_name or ours.country,
        )
    return Rounds(before, after, compare(before, after))


def write_comparison(rounds: Rounds, destination: Path, texts: Texts) -> None:
    """Write the comparison alone as .pdf, .docx or .html, everything as .xlsx, or the figures as .json.

    Raises KnownError, and then an old file is as it was.
    """
    if destination.suffix.lower() == ".json":
        check_writable(destination)
        text = json.dumps(comparison_data(rounds), ensure_ascii=False, indent=2)
        write_atomically(destination, f"{text}\n".encode())
        return
    shown = replace(rounds.later, previous=rounds.earlier)
    write_report(shown, destination, texts=texts, parts={Part.COVER, Part.ROUNDS})


def _round(dossier: Dossier) -> dict[str, str]:
    mission, instrument = dossier.mission, dossier.instrument
    return {
        "country": mission.country,
        "round": mission.round,
        "instrument": instrument.id,
        "version": instrument.version,
    }


def comparison_data(rounds: Rounds) -> dict[str, Any]:
    """Return the figures under the names the README documents: points 0-100 to one decimal, shares to three."""
    found = rounds.comparison
    return {
        "earlier": _round(rounds.earlier),
        "later": _round(rounds.later),
        "comparable": found.is_compatible,
        "matched": found.matched,
        "weight_share": plain_share(found.weight_share) if found.is_compatible else None,
        "counts": {change.value: found.count(change) for change in Change},
        "sections": [
            {
                "id": entry.section.id,
                "matched": entry.matched,
                "weight_share": plain_share(entry.weight_share),
                "before": plain_points(entry.before),
                "after": plain_points(entry.after),
            }
            for entry in found.sections
        ],
        "changes": [
            {
                "address": str(entry.address),
                "number": entry.number,
                "change": entry.change.value,
                "before": plain_share(entry.before),
                "after": plain_share(entry.after),
            }
            for entry in found.changes
            if entry.change is not Change.SAME
        ],
        "regressions": [{"address": str(entry.address), "option": entry.option.id} for entry in found.regressions],
    }
