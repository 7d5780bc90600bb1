"""The one way in: the window, or with a subcommand the command line. Neither imports what only the other needs."""

import builtins
import enum
import gc
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

_OWN_FILES = frozenset({".assessment"})


def is_for_window(arguments: list[str]) -> bool:
    """Return whether a person wants the window: nothing named, or one assessment file."""
    if not arguments:
        return True
    return len(arguments) == 1 and Path(arguments[0]).suffix.lower() in _OWN_FILES


class _LateModule(ModuleType):
    """A module of PySide6 that is loaded when one of its functions is called."""

    def __getattr__(self, name: str) -> Callable[..., object]:
        def call(*arguments: object) -> object:
            if isinstance(sys.modules.get(self.__name__, self), _LateModule):
                bootstrap: Any = sys.modules["signature_bootstrap"]
                bootstrap.recursion_trap = 0
                bootstrap.bootstrap()
            module = sys.modules[self.__name__]
            found = getattr(module, name)(*arguments)
            # The library goes on to look for names here.
            vars(self).update(vars(module) | {name: call})
            return found

        return call


def _import_qt() -> None:
    """Import Qt without what PySide6 needs only to describe its functions: in an error, or to a person who asks.

    PySide6 compiles those modules from their source each time, which takes a third of the time of an empty window.
    It also puts another import in place, which reads the source of each module to look for features we do not use.
    """
    loader = _LateModule("shibokensupport.signature.loader")
    vars(loader).update({"finish_import": lambda _module: None, "post_init": lambda: None})
    package = ModuleType("shibokensupport.signature")
    vars(package)["loader"] = loader
    usual_import = builtins.__import__

    def import_without_signatures(name: str, *arguments: Any, **keywords: Any) -> ModuleType:  # noqa: ANN401 - handed on
        if name in {"shibokensupport", "shibokensupport.signature"}:
            return package
        return usual_import(name, *arguments, **keywords)

    builtins.__import__ = import_without_signatures
    try:
        import PySide6.QtCore  # noqa: F401, PLC0415 - the command line must start without Qt
    finally:
        builtins.__import__ = usual_import
    # The first thing the library calls when it writes an error.
    mapping = _LateModule("shibokensupport.signature.mapping")
    vars(mapping)["update_mapping"] = mapping.update_mapping
    sys.modules.setdefault(mapping.__name__, mapping)


def _make_enumerations_sooner() -> None:
    """Make PySide6's enumerations as Python makes its own, in less than half the time.

    PySide6 makes 300 of them until a window takes a key, by calling ``enum.Enum("Name", [("member", 1), …])``; that was
    a sixth of a start. ``_simple_enum`` is what the standard library uses for ``http.HTTPStatus`` and others.
    """
    usual: Any = enum.EnumType._create_  # type: ignore[attr-defined]
    simple: Any = getattr(enum, "_simple_enum", None)
    if simple is None:
        return

    def create(cls: type[enum.Enum], class_name: str, names: Any, **options: Any) -> type[enum.Enum]:  # noqa: ANN401
        boundary = options.get("boundary")
        is_of_qt = isinstance(names, list) and names and not (options.get("module") or options.get("type"))
        if not is_of_qt or not all(isinstance(one, tuple) and isinstance(one[1], int) for one in names):
            return usual(cls, class_name, names, **options)  # type: ignore[no-any-return]
        made = simple(cls, boundary=boundary)(type(class_name, (), dict(names)))
        made.__doc__ = None
        for name, member in made.__members__.items():  # read without a detour, as of the usual ones
            type.__setattr__(made, name, member)
        return made  # type: ignore[no-any-return]

    enum.EnumType._create_ = create  # type: ignore[attr-defined]


def prepare_start() -> None:
    """Leave out what costs almost half of the time a window takes to start."""
    # Hardly anything made while starting is garbage.
    gc.disable()
    _make_enumerations_sooner()
    _import_qt()


def main() -> None:
    """Start the window or run one command, and end with its exit code."""
    arguments = sys.argv[1:]
    if is_for_window(arguments):
        prepare_start()
        from capacity_app.ui.application import run  # noqa: PLC0415 - the command line must start without Qt

        sys.exit(run(Path(arguments[0]) if arguments else None))
    # Objects that refer to each other are not searched for: a command ends before they matter, unless it reads a
    # folder of files. Nor when the process ends: that took a tenth of the time of a report.
    if arguments[:1] != ["aggregate"]:
        gc.disable()
    from capacity_app.cli.commands import main as run_command  # noqa: PLC0415 - the window must start without click

    code = run_command(arguments)
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    main()
