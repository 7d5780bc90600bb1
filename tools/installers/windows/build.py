"""Build Setup.exe and a portable archive for Windows on Debian: `make windows`.

Python's libraries come from panda3d's wheel and its standard library from the source that Debian publishes, of the same
minor version; Pango comes from gstreamer-libs. The lock files hold all versions and hashes but that of the source.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import resvg_py
from PIL import Image

import capacity_app
from tools.installers import sbom
from tools.installers.sbom import Component

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
BUILD = Path(sys.argv[1]).resolve()
FOLDER, WORK = BUILD / "capacity-app", BUILD / "work"
PYTHON, PANGO = FOLDER / "python", FOLDER / "pango"
SITE = PYTHON / "site-packages"

MINOR = "3.13"
DLL = "python313.dll"
SOURCE = "python3.13_3.13.5.orig.tar.xz"
SOURCE_URL = os.environ.get("PYTHON_SOURCE", f"http://deb.debian.org/debian/pool/main/p/python{MINOR}/{SOURCE}")
SOURCE_SHA256 = "93e583f243454e6e9e4588ca2c2662206ad961659863277afcdb96801647d640"
MINGW = "x86_64-w64-mingw32-"

# WeasyPrint opens the first by name; the others are what these need. A release that needs more is looked at first.
PANGO_ROOTS = (
    "gobject-2.0-0", "pango-1.0-0", "pangoft2-1.0-0", "harfbuzz", "harfbuzz-subset", "fontconfig-1",
)  # fmt: skip
PANGO_NEEDS = (
    "bz2", "ffi-7", "freetype-6", "fribidi-0", "gio-2.0-0", "glib-2.0-0", "gmodule-2.0-0", "intl-8", "libexpat",
    "pcre2-8-0", "png16", "z-1",
)  # fmt: skip
# The licences of the libraries of Pango are those of the same libraries in Debian.
PANGO_LICENCES = {
    "pango": ("libpango-1.0-0", "LGPL-2.0-or-later"),
    "glib": ("libglib2.0-0", "LGPL-2.1-or-later"),
    "harfbuzz": ("libharfbuzz0b", "MIT-Modern-Variant"),
    "fontconfig": ("libfontconfig1", "HPND-sell-variant"),
    "freetype": ("libfreetype6", "FTL"),
    "fribidi": ("libfribidi0", "LGPL-2.1-or-later"),
    "expat": ("libexpat1", "MIT"),
    "libffi": ("libffi8", "MIT"),
    "pcre2": ("libpcre2-8-0", "BSD-3-Clause"),
    "libpng": ("libpng16-16", "libpng-2.0"),
    "bzip2": ("libbz2-1.0", "bzip2-1.0.6"),
    "zlib": ("zlib1g", "Zlib"),
}
QT_PLUGINS = (
    "iconengines/qsvgicon", "imageformats/qico", "imageformats/qjpeg", "imageformats/qsvg", "platforms/qoffscreen",
    "platforms/qwindows",
)  # fmt: skip
QT_MODULES = ("QtCore", "QtGui", "QtWidgets")
UNUSED_STDLIB = (
    "test",
    "idlelib",
    "tkinter",
    "turtledemo",
    "ensurepip",
    "lib2to3",
    "pydoc_data",
    "venv",
    "site-packages",
)
UNUSED_PACKAGES = ("pip", "pip-*", "bin", "share", "pypdfium2_cli")
UNUSED_MODULES = ("PIL/_avif.*", "PIL/_webp.*")
UNUSED_SUFFIXES = {".c", ".cpp", ".exe", ".h", ".jar", ".lib", ".pxd", ".pyi", ".pyx"}


def run(*command: str | Path, cwd: Path = ROOT) -> None:
    subprocess.run(command, check=True, cwd=cwd)


def python_source() -> Path:
    """Return the folder of Python's source, fetched and compared with its hash; an interpreter is built in it."""
    archive, folder = WORK / SOURCE, WORK / "Python-3.13.5"
    if not archive.exists():
        with urllib.request.urlopen(SOURCE_URL) as answer:  # noqa: S310 - http or https, and its hash is checked
            archive.write_bytes(answer.read())
    if hashlib.sha256(archive.read_bytes()).hexdigest() != SOURCE_SHA256:
        archive.unlink()
        sys.exit(f"{SOURCE_URL} is not the file that was expected. Nothing was built.")
    if not (folder / "built").exists():
        run("tar", "-C", WORK, "-xf", archive)
        run("./configure", "-q", cwd=folder)
        run("make", "-s", f"-j{os.cpu_count()}", "python", "sharedmods", cwd=folder)
        (folder / "built").touch()
    return folder


def install_locked(target: Path, *options: str | Path) -> None:
    """Unpack locked wheels as for Windows, whatever this machine is."""
    run(
        BUILD / "venv/bin/uv", "pip", "install", "--quiet", "--target", target, "--only-binary", ":all:", "--no-deps",
        "--python-platform", "x86_64-pc-windows-msvc", "--python-version", MINOR, "--require-hashes", *options,
    )  # fmt: skip


@cache
def needed_libraries(file: Path) -> frozenset[str]:
    """Return the names of the DLLs that a program or library asks for, in small letters."""
    tables = subprocess.run([f"{MINGW}objdump", "-p", file], check=True, capture_output=True, text=True).stdout
    return frozenset(name.lower() for name in re.findall(r"DLL Name: (\S+)", tables))


def closure(roots: Iterable[Path], available: dict[str, Path]) -> set[Path]:
    """Return the roots and all available libraries that these need."""
    found: set[Path] = set()
    waiting = list(roots)
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting += [available[name] for name in needed_libraries(file) if name in available]
    return found


def by_name(files: Iterable[Path]) -> dict[str, Path]:
    return {file.name.lower(): file for file in files}


def copy_python(source: Path, parts: Path) -> None:
    """Copy Python's libraries, what they were compiled with, and the standard library as one archive of byte code."""
    PYTHON.mkdir(parents=True)
    deployed = parts / "deploy_libs"
    modules = [
        file for file in deployed.glob("*.pyd") if not re.search(r"\.cp|^_test|_test\.|_tkinter|winsound", file.name)
    ]
    runtime = by_name((parts / "Scripts").glob("*.dll"))
    libraries = by_name(file for file in deployed.glob("*.dll") if not file.name.startswith("api-ms-"))
    for file in closure([deployed / DLL, *modules], libraries | runtime):
        shutil.copy2(file, PYTHON / file.name.lower() if file.suffix == ".dll" else PYTHON)
    for name in ("vcruntime140.dll", "vcruntime140_1.dll", "msvcp140.dll"):
        shutil.copy2(runtime[name], PYTHON)
    forward_stable_names(source)
    # Only these places are searched, whatever the environment of the person says.
    (PYTHON / "python313._pth").write_text("python313.zip\n.\nsite-packages\n", "ascii")
    library = WORK / "stdlib"
    shutil.rmtree(library, ignore_errors=True)
    shutil.copytree(source / "Lib", library, ignore=shutil.ignore_patterns(*UNUSED_STDLIB, "__pycache__"))
    compile_files(source, library, "-b")
    with zipfile.ZipFile(PYTHON / "python313.zip", "w") as archive:
        for file in sorted(library.rglob("*.pyc")):
            archive.write(file, file.relative_to(library))


def forward_stable_names(source: Path) -> None:
    """Make python3.dll, which packages for every version of Python 3 ask for, from the list in Python's source."""
    listed = (source / "PC/python3dll.c").read_text("utf-8")
    lines = [f"{name}=python313.{name}" for name in re.findall(r"^EXPORT_FUNC\((\w+)\)", listed, re.MULTILINE)]
    lines += [f"{name}=python313.{name} DATA" for name in re.findall(r"^EXPORT_DATA\((\w+)\)", listed, re.MULTILINE)]
    definition = WORK / "python3.def"
    definition.write_text("LIBRARY python3.dll\nEXPORTS\n" + "\n".join(lines) + "\n", "ascii")
    run(f"{MINGW}gcc", "-shared", "-nostdlib", "-Wl,--entry=0", "-s", "-o", PYTHON / "python3.dll", definition)


def compile_files(source: Path, folder: Path, *options: str) -> None:
    """Write byte code that is used whatever the times of the files say after they were copied."""
    run(
        source / "python", "-m", "compileall", "-qq", f"-j{os.cpu_count()}", *options, "-s", folder,
        "--invalidation-mode", "unchecked-hash", folder, cwd=source,
    )  # fmt: skip


def copy_pango(parts: Path) -> None:
    """Copy the libraries that WeasyPrint opens, and those that these need."""
    available = by_name((parts / "gstreamer_libs/bin").glob("*.dll"))
    found = closure((available[f"{name}.dll"] for name in PANGO_ROOTS), available)
    names = {file.stem.lower() for file in found}
    if names != {*PANGO_ROOTS, *PANGO_NEEDS}:
        sys.exit(f"Pango needs other libraries than before: {sorted(names ^ {*PANGO_ROOTS, *PANGO_NEEDS})}.")
    PANGO.mkdir()
    for file in found:
        shutil.copy2(file, PANGO)


def copy_packages(source: Path) -> None:
    """Install the program and its packages, without what the program never opens."""
    install_locked(SITE, "-r", ROOT / "requirements.lock")
    for folder in [folder for name in UNUSED_PACKAGES for folder in SITE.glob(name)]:
        shutil.rmtree(folder)
    run(
        BUILD / "venv/bin/python", "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "--no-compile",
        "--target", SITE, ROOT,
    )  # fmt: skip
    shutil.rmtree(SITE / "bin")
    for name in ("qml", "metatypes", "include", "typesystems", "glue", "scripts", "support", "doc", "lib"):
        shutil.rmtree(SITE / "PySide6" / name, ignore_errors=True)
    for file in (SITE / "PySide6/translations").iterdir():
        if not file.name.startswith("qtbase_"):
            file.unlink() if file.is_file() else shutil.rmtree(file)
    shutil.rmtree(SITE / "PySide6/resources", ignore_errors=True)
    unused = [file for file in SITE.rglob("*") if file.suffix in UNUSED_SUFFIXES]
    for file in {*unused, *(file for name in UNUSED_MODULES for file in SITE.glob(name))}:
        file.unlink()
    qt = SITE / "PySide6"
    kept = {qt / f"{name}.pyd" for name in QT_MODULES} | {qt / f"plugins/{name}.dll" for name in QT_PLUGINS}
    kept = closure(kept, by_name(qt.glob("*.dll")))
    for file in [*qt.rglob("*.dll"), *qt.rglob("*.pyd")]:
        if file not in kept:
            file.unlink()
    compile_files(source, SITE)


def write_launchers() -> None:
    """Compile capacity-app.exe without a console, and capacity-app-cli.exe with one."""
    icon = WORK / "capacity-app.ico"
    drawn = WORK / "icon.png"
    drawn.write_bytes(bytes(resvg_py.svg_to_bytes(svg_path=str(HERE.parent / "capacity-app.svg"), width=256)))
    Image.open(drawn).save(icon, sizes=[(16, 16), (32, 32), (48, 48), (256, 256)])
    version = capacity_app.__version__
    numbers = ",".join([*re.findall(r"\d+", version), "0", "0", "0"][:4])
    resources = WORK / "launcher.o"
    run(
        f"{MINGW}windres", "-I", WORK, "-I", HERE, f"-DVERSION_NUMBERS={numbers}", f'-DVERSION_TEXT=\\"{version}\\"',
        HERE / "launcher.rc", resources,
    )  # fmt: skip
    for name, options in {"capacity-app": ("-mwindows", "-DWINDOWED"), "capacity-app-cli": ("-mconsole",)}.items():
        run(
            f"{MINGW}gcc", "-municode", "-O2", "-s", "-Wall", f'-DPYTHON_DLL=L"{DLL}"', *options,
            HERE / "launcher.c", resources, "-o", FOLDER / f"{name}.exe",
        )  # fmt: skip


def write_bill(source: Path, parts: Path) -> None:
    """Write the bill of materials and the licences of everything in the folder."""
    built_from = {part.name.replace("_", "-"): part for part in sbom.python_components(parts)}
    release = built_from["gstreamer-libs"].version
    libraries = [
        Component(
            name, f"of gstreamer-libs {release}", f"pkg:generic/{name}?distribution=gstreamer-libs-{release}",
            licence, is_spdx=True, texts=(Path("/usr/share/doc", package, "copyright").read_text("utf-8"),),
        )
        for name, (package, licence) in PANGO_LICENCES.items()
    ]  # fmt: skip
    licence = (source / "LICENSE").read_text("utf-8")
    python = Component("CPython", MINOR, f"pkg:generic/cpython@{MINOR}", "PSF-2.0", is_spdx=True, texts=(licence,))
    sbom.write(FOLDER, [*sbom.python_components(SITE), built_from["msvc-runtime"], *libraries, python])


def pack() -> None:
    """Write the two files that are given away, and their hashes."""
    version = capacity_app.__version__
    setup, portable = BUILD / f"capacity-app-{version}-setup.exe", BUILD / f"capacity-app-{version}-windows.zip"
    size = sum(file.stat().st_size for file in FOLDER.rglob("*") if file.is_file())
    shutil.copy2(HERE / "setup.nsi", WORK)
    run(
        "makensis", "-V2", f"-DOUTPUT={setup}", f"-DFOLDER={FOLDER}", f"-DVERSION={version}",
        f"-DKILOBYTES={size // 1000}", WORK / "setup.nsi",
    )  # fmt: skip
    with zipfile.ZipFile(portable, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in sorted(FOLDER.rglob("*")):
            archive.write(file, file.relative_to(BUILD))
    sums = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}" for file in (setup, portable)]
    (BUILD / "SHA256SUMS").write_text("\n".join(sums) + "\n", "ascii")
    print(f"{size / 1e6:.0f} MB installed, {sum(1 for file in FOLDER.rglob('*') if file.is_file())} files")
    for file in (setup, portable):
        print(f"{file.stat().st_size / 1e6:.1f} MB {file.name}")


def main() -> None:
    """Build everything anew but Python's own interpreter."""
    WORK.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(FOLDER, ignore_errors=True)
    for old in [*BUILD.glob("capacity-app-*"), *BUILD.glob("SHA256SUMS")]:
        old.unlink()
    source, parts = python_source(), WORK / "parts"
    shutil.rmtree(parts, ignore_errors=True)
    install_locked(parts, "-r", ROOT / "tools/requirements-windows.lock")
    copy_python(source, parts)
    copy_pango(parts)
    copy_packages(source)
    write_launchers()
    write_bill(source, parts)
    pack()


if __name__ == "__main__":
    main()
