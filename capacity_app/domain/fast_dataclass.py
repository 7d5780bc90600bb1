"""``dataclass`` as in the standard library, made in a tenth of the time.

Problem: the standard library compiles six functions for each frozen class. A window that starts makes 160 such classes,
which took a sixth of its start, and every command and child process pays its share. Decision: only ``__init__`` is
compiled, and only when the first instance is wanted: half the classes have none while the window starts. Comparison,
order, hash and representation are shared functions, and ``frozen`` is left to the type checker, which refuses every
assignment.
"""

import operator
from collections.abc import Callable
from dataclasses import MISSING, fields
from dataclasses import dataclass as standard_dataclass  # noqa: TID251 - here alone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # noqa: PLC0414, TID251 - the type checker knows this one
else:

    def dataclass(cls=None, /, *, frozen=False, eq=True, order=False, **options):  # noqa: ANN001, ANN003, ANN201 - as above
        """Return the class as a dataclass."""
        if cls is None:
            return lambda cls: dataclass(cls, frozen=frozen, eq=eq, order=order, **options)
        cls = standard_dataclass(cls, init=False, eq=False, repr=False, **options)
        methods = {"__init__": _compiled_when_first_called(cls), "__repr__": _representation}
        if eq:
            methods |= _comparison(cls, is_hashable=frozen, is_ordered=order)
        for name, method in methods.items():
            if name not in cls.__dict__:
                setattr(cls, name, method)
        return cls


def _compiled_when_first_called(cls: type) -> Callable[..., None]:
    """Return what puts the compiled ``__init__`` in its own place, and calls it."""

    def __init__(self: object, *arguments: object, **named: object) -> None:  # noqa: N807 - shown in error messages
        compiled = _compiled(cls)
        cls.__init__ = compiled  # type: ignore[misc]
        compiled(self, *arguments, **named)

    return __init__


def _compiled(cls: type) -> Callable[..., None]:
    """Return the ``__init__`` that the standard library would make, from a shorter source."""
    positional, named, lines = ["self"], ["*"], []
    defaults, factories = {}, {}
    for one in fields(cls):
        name = parameter = value = one.name
        if one.default_factory is not MISSING:
            factories[name] = one.default_factory
            parameter = f"{name}=factories"
            value = f"factories['{name}']()" + (f" if {name} is factories else {name}" if one.init else "")
        elif one.default is not MISSING:
            defaults[name] = one.default
            parameter = f"{name}=defaults['{name}']"
            value = name if one.init else f"defaults['{name}']"
        elif not one.init:
            continue
        lines.append(f" self.{name} = {value}")
        if one.init:
            (named if one.kw_only else positional).append(parameter)
    if hasattr(cls, "__post_init__"):
        lines.append(" self.__post_init__()")
    parameters = ", ".join(positional + (named if len(named) > 1 else []))
    made: dict[str, Callable[..., None]] = {}
    text = "\n".join([f"def __init__({parameters}):", *(lines or [" pass"])])
    exec(text, {"defaults": defaults, "factories": factories}, made)  # noqa: S102 - as the standard library does
    made["__init__"].__qualname__ = f"{cls.__qualname__}.__init__"
    return made["__init__"]


def _representation(self: object) -> str:
    shown = ", ".join(f"{one.name}={getattr(self, one.name)!r}" for one in fields(self) if one.repr)  # type: ignore[arg-type]
    return f"{type(self).__qualname__}({shown})"


def _comparison(cls: type, *, is_hashable: bool, is_ordered: bool) -> dict[str, Callable[..., object] | None]:
    """Return methods that compare instances of the same class by the values of their fields, and hash these values."""
    compared = [one.name for one in fields(cls) if one.compare]
    values: Callable[[object], object] = operator.attrgetter(*compared) if compared else bool

    def is_equal(self: object, other: object) -> bool:
        if self is other:
            return True
        return values(self) == values(other) if type(other) is type(self) else NotImplemented

    def ordered(compare: Callable[[object, object], bool]) -> Callable[[object, object], bool]:
        return lambda self, other: compare(values(self), values(other)) if type(other) is type(self) else NotImplemented

    methods: dict[str, Callable[..., object] | None] = {
        "__eq__": is_equal,
        "__hash__": (lambda self: hash(values(self))) if is_hashable else None,
    }
    if is_ordered:
        methods |= {f"__{name}__": ordered(getattr(operator, name)) for name in ("lt", "le", "gt", "ge")}
    return methods
