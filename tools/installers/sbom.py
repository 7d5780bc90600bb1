"""What a built program consists of: a bill of materials (CycloneDX) and the licences of all parts.

A library that is linked into a Python package is no part of its own: the licence texts of that package cover it.
"""

import json
import re
import subprocess
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import cast

PROGRAM = "capacity-app"
_LICENCE_NAMES = re.compile(r"(LICEN[CS]E|COPYING|NOTICE|OFL)[^/]*$|\.dist-info/licenses/", re.IGNORECASE)
_COMMON_LICENCES = Path("/usr/share/common-licenses")
_REFERENCE = re.compile(rf"{_COMMON_LICENCES}/([A-Za-z0-9.-]*[A-Za-z0-9])")
_DPKG = "/usr/bin/dpkg-query"
_IN_TEXTS = "see the licence texts"


@dataclass(frozen=True)
class Component:
    """A part that is shipped, with its licence as its makers state it."""

    name: str
    version: str
    purl: str
    licence: str = ""
    is_spdx: bool = False
    texts: tuple[str, ...] = ()

    def to_cyclonedx(self) -> dict[str, object]:
        licence = {"expression": self.licence} if self.is_spdx else {"license": {"name": self.licence or _IN_TEXTS}}
        return {
            "type": "application" if self.name == PROGRAM else "library",
            "bom-ref": self.purl,
            "name": self.name,
            "version": self.version,
            "licenses": [licence],
            "purl": self.purl,
        }


def python_components(place: Path, shipped: Collection[Path] | None = None) -> list[Component]:
    """Return the Python packages in a folder or a wheel; with ``shipped``, those with one of these files."""
    return [
        _python_component(distribution)
        for distribution in distributions(path=[str(place)])
        if shipped is None
        or any(Path(str(distribution.locate_file(file))) in shipped for file in distribution.files or ())
    ]


def _python_component(distribution: Distribution) -> Component:
    about = distribution.metadata.json
    expression, stated = about.get("license_expression"), str(about.get("license", ""))
    classifiers = [c.rpartition(" :: ")[2] for c in about.get("classifier", ()) if c.startswith("License ::")]
    files = [
        cast("Path", distribution.locate_file(f))
        for f in distribution.files or ()
        if _LICENCE_NAMES.search(f.as_posix())
    ]
    return Component(
        distribution.name,
        distribution.version,
        f"pkg:pypi/{re.sub('[-_.]+', '-', distribution.name.lower())}@{distribution.version}",
        str(expression or stated.partition("\n")[0] or " or ".join(classifiers)),
        is_spdx=bool(expression),
        texts=tuple(file.read_bytes().decode("utf-8", "replace") for file in files),
    )


def debian_components(shipped: Iterable[Path]) -> list[Component]:
    """Return the packages of this Debian that the files come from; other files are left out."""
    # /lib is a link to /usr/lib, and packages name their files by either.
    names = {
        f"{start}{str(file).removeprefix('/usr')}" for file in shipped if file.is_absolute() for start in ("", "/usr")
    }
    owners = subprocess.run([_DPKG, "-S", *sorted(names)], capture_output=True, text=True, check=False).stdout
    packages = sorted({line.partition(":")[0] for line in owners.splitlines()})
    return [_debian_component(package) for package in packages]


def _debian_component(package: str) -> Component:
    asked = [_DPKG, "-W", "-f", "${Version}\n${Architecture}\n", package]
    version, architecture = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.splitlines()[:2]
    text = Path("/usr/share/doc", package, "copyright").read_text("utf-8", "replace")
    stated = re.search(r"^Files: \*\n(?:.*\n)*?License: *(\S.*)$", text, re.MULTILINE)
    purl = f"pkg:deb/debian/{package}@{version.replace(':', '%3A').replace('+', '%2B')}?arch={architecture}"
    return Component(package, version, purl, stated[1] if stated else "", texts=(text,))


def write(folder: Path, components: Iterable[Component]) -> None:
    """Write ``sbom.cdx.json`` and ``LICENCES.txt`` into the folder of the built program."""
    parts = sorted({_with_common_texts(part) for part in components}, key=lambda part: part.name.lower())
    program = next(part for part in parts if part.name == PROGRAM)
    described = [part.to_cyclonedx() for part in parts if part is not program]
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(described)).urn,
        "version": 1,
        "metadata": {"component": program.to_cyclonedx()},
        "components": described,
        "dependencies": [{"ref": program.purl, "dependsOn": [part.purl for part in parts if part is not program]}],
    }
    (folder / "sbom.cdx.json").write_text(json.dumps(bill, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "LICENCES.txt").write_text(_licences_file(parts), encoding="utf-8")


def _with_common_texts(part: Component) -> Component:
    """Add the texts that a licence names without printing them: Qt's wheels and Debian's packages do so."""
    names = {name for text in part.texts for name in _REFERENCE.findall(text)}
    if not part.texts:
        names |= {name for name in ("LGPL-3", "GPL-3", "GPL-2") if name in part.licence}
    files = [_COMMON_LICENCES / name for name in sorted(names)]
    return replace(part, texts=(*part.texts, *(file.read_text("utf-8") for file in files if file.is_file())))


def _licences_file(parts: list[Component]) -> str:
    """Return all parts with their licences, and each licence text once with the parts it belongs to."""
    users: dict[str, list[str]] = {}
    for part in parts:
        for text in part.texts:
            users.setdefault(text.strip(), []).append(part.name)
    lines = [f"{part.name} {part.version}: {part.licence or _IN_TEXTS}" for part in parts]
    texts = [f"{'=' * 80}\n{', '.join(dict.fromkeys(names))}\n{'=' * 80}\n\n{text}" for text, names in users.items()]
    return "\n\n".join(["The parts of this program and their licences", "\n".join(lines), *texts]) + "\n"
