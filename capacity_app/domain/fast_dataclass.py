"""``dataclass`` as in the standard library, made in a quarter of the time.

Problem: the standard library compiles six functions for each frozen class. A window that starts makes 160 such classes,
which took a sixth of its start, and every command and child process pays its share. Decision: only ``__init__`` is
compiled. Comparison, hash and representation are shared functions, and ``frozen`` is left to the type checker, which
refuses every assignment.
"""

from collections.abc import Callable
from dataclasses import dataclass as standard_dataclass  # noqa: TID251 - here alone
from dataclasses import fields
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # noqa: PLC0414, TID251 - the type checker knows this one
else:

    def dataclass(cls=None, /, *, frozen=False, eq=True, order=False, **options):  # noqa: ANN001, ANN003, ANN201 - as above
        """Return the class as a dataclass; the standard library compiles how ordered ones compare."""
        if cls is None:
            return lambda cls: dataclass(cls, frozen=frozen, eq=eq, order=order, **options)
        if order:
            return standard_dataclass(cls, order=True, unsafe_hash=frozen, **options)
        cls = standard_dataclass(cls, eq=False, repr=False, **options)
        methods = {"__repr__": _representation} | (_comparison(cls, is_hashable=frozen) if eq else {})
        for name, method in methods.items():
            if name not in cls.__dict__:
                setattr(cls, name, method)
        return cls


def _representation(self: object) -> str:
    shown = ", ".join(f"{one.name}={getattr(self, one.name)!r}" for one in fields(self) if one.repr)  # type: ignore[arg-type]
    return f"{type(self).__qualname__}({shown})"


def _comparison(cls: type, *, is_hashable: bool) -> dict[str, Callable[..., object] | None]:
    """Return methods that compare instances of the same class by the values of their fields, and hash these values."""
    compared = [one.name for one in fields(cls) if one.compare]
    values: Callable[[object], object] = attrgetter(*compared) if compared else bool

    def is_equal(self: object, other: object) -> bool:
        return values(self) == values(other) if type(other) is type(self) else NotImplemented

    return {"__eq__": is_equal, "__hash__": (lambda self: hash(values(self))) if is_hashable else None}
