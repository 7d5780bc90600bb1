"""The program as it is shipped: a wheel in a clean environment, and the versions it must not meet."""

import ast
import gettext
import io
import json
import re
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from capacity_app import __version__
from tools.installers import sbom

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", folder, ROOT],
        check=True,
    )
    return next(folder.glob("*.whl"))


@pytest.mark.check
def test_the_wheel_holds_instruments_templates_and_fonts_and_no_tests_or_tools(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for start in (
        "capacity_app/data/assessments/unsd-nmdc/instrument.toml",
        "capacity_app/data/resources/templates/",
        "capacity_app/data/resources/fonts/",
        "capacity_app/data/resources/demonstration/",
    ):
        assert any(name.startswith(start) for name in names), start
    assert {name.split("/")[0] for name in names} == {"capacity_app", f"capacity_app-{__version__}.dist-info"}
    assert {"LICENSE", "OFL.txt"} <= {Path(name).name for name in names if ".dist-info/licenses/" in name}


@pytest.mark.check
def test_the_wheel_holds_every_translation_compiled(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        translated = {Path(name) for name in archive.namelist() if Path(name).name == "capacity-app.po"}
        assert translated
        for file in translated:
            compiled = gettext.GNUTranslations(io.BytesIO(archive.read(file.with_suffix(".mo").as_posix())))
            assert compiled.gettext("&File") != "&File"


@pytest.mark.check
def test_an_installed_wheel_does_the_main_job_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    """The libraries come from this environment (they are what pip would fetch); the program only from the wheel."""
    home = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True)
    python = home / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    libraries = next(path for path in sys.path if path.endswith("site-packages"))
    installed = tmp_path / "installed"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", installed, wheel], check=True
    )
    environment = {"PYTHONPATH": f"{installed}:{libraries}", "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}

    def run(*arguments: str) -> str:
        command = [str(python), "-P", "-m", "capacity_app", *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True, cwd=tmp_path, env=environment).stdout

    where = subprocess.run(
        [str(python), "-P", "-c", "import capacity_app; print(capacity_app.__file__)"],
        check=True, capture_output=True, text=True, cwd=tmp_path, env=environment,
    ).stdout  # fmt: skip
    assert where.startswith(str(installed))
    run("demo", "d.assessment")
    assert json.loads(run("score", "d.assessment", "--json"))["sections"]
    run("report", "d.assessment", "r.pdf", "--profile", "brief")
    run("report", "d.assessment", "r.docx")
    run("report", "d.assessment", "r.xlsx")
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF")
    assert zipfile.is_zipfile(tmp_path / "r.docx")
    assert zipfile.is_zipfile(tmp_path / "r.xlsx")


def test_the_qt_that_aborts_old_interpreters_is_excluded() -> None:
    project = _project()["project"]
    old = [line for line in project["dependencies"] if line.startswith("PySide6") and "< '3.12'" in line]
    assert old
    assert all("!=6.12.0" in line for line in old)


def _project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def _locked(name: str) -> list[Requirement]:
    """Read the pins of a lock file; every one has hashes, and no line names a package index."""
    text = (ROOT / name).read_text("utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*-(?!-hash=)", text, re.MULTILINE)
    pins = re.findall(r"^([^\s#].*?) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", text, re.MULTILINE)
    assert len(pins) == len(re.findall(r"^[^\s#]", text, re.MULTILINE))
    return [Requirement(pin) for pin, _hashes in pins]


_PYTHONS = ("3.11", "3.12", "3.13")
_SYSTEMS = (("linux", "Linux"), ("win32", "Windows"), ("darwin", "Darwin"))


@pytest.mark.parametrize("python", _PYTHONS)
@pytest.mark.parametrize("system", _SYSTEMS, ids=lambda system: str(system[0]))
def test_the_lock_files_hold_what_the_project_asks_for(python: str, system: tuple[str, str]) -> None:
    """Where this fails after a change of pyproject.toml: run `make lock`."""
    asked = _project()
    machine = {
        "python_version": python, "python_full_version": f"{python}.1", "sys_platform": system[0],
        "platform_system": system[1], "implementation_name": "cpython", "platform_python_implementation": "CPython",
    }  # fmt: skip
    groups = asked["dependency-groups"]
    for file, lines in (
        ("requirements.lock", asked["project"]["dependencies"]),
        ("tools/requirements-build.lock", groups["build"]),
        ("tools/requirements-installer.lock", groups["installer"]),
        ("tools/requirements-dev.lock", [line for line in groups["dev"] if isinstance(line, str)] + groups["build"]),
    ):
        pins: dict[str, str] = {}
        for pin in _locked(file):
            if pin.marker is None or pin.marker.evaluate(machine):
                assert canonicalize_name(pin.name) not in pins, "two versions of one library"
                pins[canonicalize_name(pin.name)] = str(pin.specifier).removeprefix("==")
        for wanted in map(Requirement, lines):
            if wanted.marker is None or wanted.marker.evaluate(machine):
                assert wanted.specifier.contains(pins[canonicalize_name(wanted.name)]), (file, str(wanted))


@pytest.mark.check
def test_the_list_of_parts_and_the_licences_cover_every_library(tmp_path: Path) -> None:
    parts = sbom.python_components(Path(sysconfig.get_path("purelib")))
    sbom.write(tmp_path, parts)
    bill = json.loads((tmp_path / "sbom.cdx.json").read_text("utf-8"))
    listed = {canonicalize_name(part["name"]): part["version"] for part in bill["components"]}
    pins = [pin for pin in _locked("requirements.lock") if pin.marker is None or pin.marker.evaluate()]
    needed = {canonicalize_name(pin.name): str(pin.specifier).removeprefix("==") for pin in pins}
    assert {name: listed[name] for name in needed} == needed
    assert bill["metadata"]["component"]["version"] == __version__
    licences = (tmp_path / "LICENCES.txt").read_text("utf-8")
    assert [part.name for part in parts if f"\n{part.name} {part.version}: " not in licences] == []
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in licences  # Qt's, which its wheel only names
    without_text = {canonicalize_name(part.name) for part in parts if not part.texts}
    assert without_text & set(needed) == {"pyside6-essentials", "shiboken6"}


def test_libraries_that_are_used_from_inside_have_an_upper_bound() -> None:
    asked = {line.name: str(line.specifier) for line in map(Requirement, _project()["project"]["dependencies"])}
    assert all("<" in asked[name] for name in ("weasyprint", "pydyf"))


def _imported() -> set[str]:
    """Return the top-level names of all that the program imports, also inside functions."""
    found: set[str] = set()
    for file in (ROOT / "capacity_app").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                found.add(node.module or "")
    return {name.partition(".")[0] for name in found}


def _declared(project: dict[str, Any]) -> set[str]:
    """Return the names of the libraries that come with the program, or with an extra of it, as package indexes do."""
    lines = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    return {re.sub(r"[-_.]+", "-", re.split(r"[ <>=!~;\[]", line, maxsplit=1)[0]).casefold() for line in lines}


@pytest.mark.check
def test_whatever_the_program_imports_comes_with_it() -> None:
    """On a clean machine: the database with a passphrase, for one, is imported only where somebody has set one."""
    project = _project()["project"]
    declared, homes = _declared(project), packages_distributions()
    foreign = _imported() - sys.stdlib_module_names - {"capacity_app"}
    assert {"sqlcipher3", "PySide6", "weasyprint"} <= foreign, "they are found where they are imported"
    lacking = {
        name: homes.get(name, [])
        for name in foreign
        if not {re.sub(r"[-_.]+", "-", home).casefold() for home in homes.get(name, [])} & declared
    }
    assert lacking == {}


def test_a_file_with_a_passphrase_needs_no_library_of_the_system() -> None:
    """The wheels hold SQLCipher itself: what a laptop has installed does not matter."""
    connection = sqlcipher3.connect(":memory:")
    try:
        (version,) = connection.execute("PRAGMA cipher_version").fetchone()
    finally:
        connection.close()
    assert version.startswith("4."), "the fourth format, which other programs read too"
    module = Path(str(sqlcipher3.__file__)).parent
    bound = [file for file in module.rglob("*") if file.suffix in {".so", ".pyd"}]
    assert bound
    if sys.platform == "linux":
        for file in bound:
            needed = subprocess.run(["ldd", file], capture_output=True, text=True, check=True).stdout  # noqa: S607 - of every Linux
            assert "sqlcipher" not in needed
            assert "libsqlite3" not in needed
