"""What a blank form is to be like, as the command line hears it."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class BlankChoices:
    """Choices for a blank form: ``source`` is an assessment's file, else ``instrument`` names a folder.

    ``sections`` are ids of parts, none for all of them; languages are BCP 47, the second may be empty.
    """

    source: Path | None = None
    instrument: Path | None = None
    supplements: tuple[str, ...] = ()
    country: str = ""
    country_name: str = ""
    round: str = ""
    agency: str = ""
    sections: tuple[str, ...] = ()
    language: str = ""
    second: str = ""

    def arguments(self, target: Path) -> list[str]:
        """Say it to the command line."""
        named = (
            ("--from", str(self.source or "")),
            ("--instrument", str(self.instrument or "")),
            ("--country", self.country),
            ("--country-name", self.country_name),
            ("--round", self.round),
            ("--agency", self.agency),
            ("--language", self.language),
            ("--second-language", self.second),
        )
        said = [word for name, value in named if value for word in (name, value)]
        said += [word for one in self.supplements for word in ("--supplement", one)]
        said += [word for one in self.sections for word in ("--section", one)]
        return ["blank", *said, "--progress", "--", str(target)]
