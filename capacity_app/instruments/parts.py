"""The files of an instrument's folder as shapes: the head, the parts, the supplements, a country's own."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from capacity_app.domain.problems import N_
from capacity_app.instruments.checks import QUESTIONS_LIMIT
from capacity_app.instruments.files import HEAD, path_in_folder, read_toml
from capacity_app.instruments.findings import Findings, inside, shown
from capacity_app.instruments.ids import is_id
from capacity_app.instruments.shapes import HeadFile, PartFile
from capacity_app.instruments.tables import read_table

ENTRIES_LIMIT = 5_000
"""Scales, terms and contradictions in one instrument."""
_LISTS = ("scales", "concept", "contradiction")
OWN_PREFIX = "xx-"
"""How the section ids of a country's own questions start."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file with a section: its name, its place in messages, what was found; no content if unreadable."""

    name: str
    place: str
    content: PartFile | None
    findings: Findings

    @property
    def supplement(self) -> str:
        """The id of the supplement it belongs to, if any."""
        return self.content.section.supplement if self.content else ""


def read_head(folder: Path, findings: Findings) -> HeadFile | None:
    """Read ``instrument.toml``."""
    if not _is_folder(folder):
        message = N_("There is no folder “{name}”.")
        advice = N_("Give the folder that contains instrument.toml.")
        findings.error("instrument.no-folder", shown(folder.name), message, advice, name=shown(str(folder)))
        return None
    path = path_in_folder(folder, HEAD, HEAD, findings)
    raw = None if path is None else read_toml(path, HEAD, findings)
    return None if raw is None else read_table(HeadFile, _few_entries(raw, findings), HEAD, findings)


def _few_entries(raw: dict[str, object], findings: Findings) -> dict[str, object]:
    """Leave out what has more entries than anybody uses: reading them all would hold up whoever only looks."""
    too_many = {key: len(raw[key]) for key in _LISTS if _is_too_long(raw.get(key))}  # type: ignore[arg-type]
    for key, count in too_many.items():
        message = N_("“{key}” has {count} entries; {most} are allowed.")
        advice = N_("Take out what no question needs.")
        findings.error("instrument.too-many-entries", HEAD, message, advice, key=key, count=count, most=ENTRIES_LIMIT)
    return {key: value for key, value in raw.items() if key not in too_many}


def _is_too_long(value: object) -> bool:
    return isinstance(value, dict | list) and len(value) > ENTRIES_LIMIT


def read_core_part(folder: Path, name: str) -> Part:
    """Read a file listed under ``parts``."""
    part = _read_listed(folder, name)
    if part.supplement:
        message = N_("A part of the core cannot have the supplement “{name}”.")
        advice = N_("List the file under supplements, or remove supplement from its [section].")
        part.findings.error("instrument.supplement-in-parts", part.place, message, advice, name=shown(part.supplement))
    return part


def read_supplement(folder: Path, name: str) -> Part:
    """Read a file listed under ``supplements``."""
    part = _read_listed(folder, name)
    _check_supplement(part)
    return part


def read_own_supplement(path: Path) -> Part:
    """Read a country's own file, wherever it is."""
    part = _read_part(path, path.name)
    _check_supplement(part)
    section = part.content.section.id if part.content else ""
    if section and not section.startswith(OWN_PREFIX):
        message = N_("The section of a country's own questions cannot have the id “{name}”.")
        advice = N_("Start it with xx- and the country's code, for example “xx-geo”.")
        part.findings.error("instrument.own-section-id", part.place, message, advice, name=shown(section))
    return part


def _is_folder(folder: Path) -> bool:
    try:
        return folder.is_dir()
    except (OSError, ValueError):
        return False


def _check_supplement(part: Part) -> None:
    if part.content is not None and not part.supplement:
        message = N_("“supplement” is missing.")
        advice = N_("Write supplement = “…” in the [section] of a supplement.")
        part.findings.error("instrument.missing-key", part.place, message, advice)


def _read_listed(folder: Path, name: str) -> Part:
    findings = Findings()
    path = path_in_folder(folder, name, HEAD, findings)
    return Part(name, name, None, findings) if path is None else _read_part(path, name, findings)


def _read_part(path: Path, name: str, findings: Findings | None = None) -> Part:
    findings = findings or Findings()
    raw = read_toml(path, shown(name), findings)
    if raw is None:
        return Part(name, shown(name), None, findings)
    place = _place_of(raw, name)
    content = read_table(PartFile, _few_questions(raw), place, findings)
    return Part(name, place, content, findings)


def _place_of(raw: dict[str, object], name: str) -> str:
    """Name the section if it says its id, else the file."""
    section = raw.get("section")
    section_id = section.get("id") if isinstance(section, dict) else None
    is_named = isinstance(section_id, str) and is_id(section_id)
    return inside("", "section", str(section_id)) if is_named else shown(name)


def _few_questions(raw: dict[str, object]) -> dict[str, object]:
    # One more than allowed is enough to be refused; reading a million takes minutes.
    questions = raw.get("question")
    return {**raw, "question": questions[: QUESTIONS_LIMIT + 1]} if isinstance(questions, list) else raw


def unlisted_files(folder: Path, listed: Iterable[Path]) -> list[str]:
    """Name the TOML files of a folder that no list mentions."""
    known = {real_path(path) for path in listed}
    try:
        return sorted(path.name for path in folder.glob("*.toml") if real_path(path) not in known)
    except OSError:
        return []


def real_path(path: Path) -> Path:
    """Follow the links of a path; one that leads nowhere stands for itself."""
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):
        return path
