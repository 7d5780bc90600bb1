"""From a folder of TOML files to one instrument, or to all mistakes in it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from capacity_app.domain.instrument import Instrument, Option
from capacity_app.domain.problems import N_, Problem
from capacity_app.instruments.checks import QUESTIONS_LIMIT, check_instrument, check_references, check_size
from capacity_app.instruments.drafts import (
    Drafting,
    codes_of,
    concept_of,
    contradictions_of,
    options_of,
    section_of,
    thresholds_of,
)
from capacity_app.instruments.files import FILES_LIMIT, HEAD
from capacity_app.instruments.findings import Findings, inside, shown
from capacity_app.instruments.ids import check_ids
from capacity_app.instruments.parts import (
    Part,
    read_core_part,
    read_head,
    read_own_supplement,
    read_supplement,
    real_path,
    unlisted_files,
)
from capacity_app.instruments.shapes import HeadFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplement:
    """A supplement that an instrument's folder offers."""

    id: str
    title: str
    file: str

    @property
    def title_key(self) -> str:
        """Where translations have its title: it is that of its section."""
        return f"{self.id.lower()}|title"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What an instrument's folder says about itself, read without the questions of its core."""

    id: str
    version: str
    title: str
    edition: str
    description: str
    language: str
    supplements: tuple[Supplement, ...]


def read_instrument(
    folder: Path, supplements: Sequence[str | Path] = ()
) -> tuple[Instrument | None, tuple[Problem, ...]]:
    """Read the instrument of a folder with the chosen supplements, and find all mistakes at once.

    ``supplements`` are ids ("T"), file names listed in ``instrument.toml``, or paths of a country's own
    files. The instrument is ``None`` if any problem is an error; nothing in a file raises.
    """
    findings = Findings()
    head = read_head(folder, findings)
    if head is None:
        return None, findings.all()
    parts = _read_parts(folder, head, supplements, findings)
    instrument = _build(head, parts, findings)
    return (None if findings.has_errors() else instrument), findings.all()


def folder_problems(folder: Path) -> tuple[Problem, ...]:
    """Find all mistakes in a folder: its core and every supplement it lists."""
    findings = Findings()
    head = read_head(folder, findings)
    listed = head.instrument.supplements if head else ()
    return read_instrument(folder, listed)[1]


def read_heading(folder: Path) -> tuple[Heading | None, tuple[Problem, ...]]:
    """Read what an instrument is and which supplements it offers; ``None`` if not even that can be read."""
    findings = Findings()
    head = read_head(folder, findings)
    if head is None:
        return None, findings.all()
    parts = [read_supplement(folder, name) for name in _few(head.instrument.supplements)]
    for part in parts:
        findings.take(part.findings)
    table = head.instrument
    heading = Heading(
        id=table.id,
        version=table.version,
        title=table.title,
        edition=table.edition,
        description=table.description,
        language=table.language,
        supplements=tuple(_offers(parts)),
    )
    return heading, findings.all()


def offered_supplements(folder: Path) -> tuple[Supplement, ...]:
    """Return the supplements a folder offers, in the order of its list."""
    heading, _ = read_heading(folder)
    return heading.supplements if heading else ()


def _offers(parts: Iterable[Part]) -> Iterable[Supplement]:
    for part in parts:
        if part.content and part.supplement:
            yield Supplement(id=part.supplement, title=part.content.section.title, file=part.name)


def _few(names: Sequence[str]) -> Sequence[str]:
    return names[:FILES_LIMIT]


def _read_parts(folder: Path, head: HeadFile, supplements: Sequence[str | Path], findings: Findings) -> list[Part]:
    """Read the core's files and the chosen supplements, in the order of their lists."""
    core, offered = head.instrument.parts, head.instrument.supplements
    _check_lists((*core, *offered), findings)
    parts = [read_core_part(folder, name) for name in _few(core)]
    choices = [read_supplement(folder, name) for name in _few(offered)] if supplements else []
    own = _choose(folder, supplements, choices, findings)
    chosen = [part for part in choices if any(_is_choice(folder, item, part) for item in supplements)]
    parts += chosen + [read_own_supplement(path) for path in own[:FILES_LIMIT]]
    for part in parts:
        findings.take(part.findings)
    _note_unlisted(folder, (*core, *offered), own, findings)
    return parts


def _check_lists(names: Sequence[str], findings: Findings) -> None:
    if len(names) >= FILES_LIMIT:
        message = N_("The instrument has {count} files; {most} are allowed.")
        advice = N_("Put more questions into one section.")
        findings.error("instrument.too-many-files", HEAD, message, advice, count=len(names) + 1, most=FILES_LIMIT)
    for name in (name for name, count in Counter(names).items() if count > 1):
        message = N_("The file “{name}” is listed more than once.")
        advice = N_("List it once, under parts or under supplements.")
        findings.error("instrument.duplicate-file", HEAD, message, advice, name=shown(name))


def _choose(folder: Path, supplements: Sequence[str | Path], choices: Sequence[Part], findings: Findings) -> list[Path]:
    """Return the paths that are a country's own files; note what is neither offered nor a file."""
    own: list[Path] = []
    for item in supplements:
        if any(_is_choice(folder, item, part) for part in choices):
            continue
        if isinstance(item, Path) or item.endswith(".toml"):
            own.append(Path(item))
        else:
            message = N_("The instrument offers no supplement “{name}”.")
            known = [part.supplement for part in choices if part.supplement]
            findings.unknown("instrument.unknown-supplement", HEAD, message, known, name=shown(item))
    return list(dict.fromkeys(own))


def _is_choice(folder: Path, item: str | Path, part: Part) -> bool:
    if isinstance(item, str) and item in {part.supplement, part.name}:
        return True
    return real_path(folder / part.name) == real_path(Path(item))


def _note_unlisted(folder: Path, names: Sequence[str], own: Sequence[Path], findings: Findings) -> None:
    known = [folder / HEAD, *(folder / name for name in _few(names)), *own]
    for name in unlisted_files(folder, known):
        message = N_("The file is listed neither under parts nor under supplements, so nobody sees it.")
        advice = N_("Add its name to instrument.toml, or move it away.")
        findings.warning("instrument.unlisted-file", shown(name), message, advice)


def _build(head: HeadFile, parts: Sequence[Part], findings: Findings) -> Instrument | None:
    """Build the instrument and check it; ``None`` if it is too large to be looked at."""
    contents = [(part, part.content) for part in parts if part.content]
    count = sum(len(content.question) for _, content in contents)
    check_size(count, HEAD, findings)
    if count > QUESTIONS_LIMIT:
        return None
    drafting = Drafting(_scales(head, findings), findings)
    table = head.instrument
    instrument = Instrument(
        id=table.id,
        version=table.version,
        title=table.title,
        edition=table.edition,
        description=table.description,
        language=table.language,
        supplements=tuple(dict.fromkeys(part.supplement for part, _ in contents if part.supplement)),
        thresholds=thresholds_of(head.thresholds),
        concepts=tuple(concept_of(concept) for concept in head.concept),
        contradictions=contradictions_of(
            (*head.contradiction, *(entry for _, content in contents for entry in content.contradiction))
        ),
        codes=codes_of(head.codes),
        sections=tuple(section_of(content, part.place, drafting) for part, content in contents),
    )
    places = [part.place for part, _ in contents]
    check_instrument(instrument, HEAD, places, drafting.unclear, findings)
    if len(contents) == len(parts):
        check_references(instrument, places, HEAD, drafting.unclear, findings)
    return instrument


def _scales(head: HeadFile, findings: Findings) -> dict[str, tuple[Option, ...]]:
    check_ids(head.scales, "scale", HEAD, findings)
    for name, options in head.scales.items():
        check_ids((o.id for o in options), "option", inside(HEAD, "scale", name), findings)
    return {name: options_of(options) for name, options in head.scales.items()}
