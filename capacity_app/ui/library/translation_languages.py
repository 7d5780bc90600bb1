"""The languages one can translate into: those something is there in, then every one whose name is known."""

from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer, Signal

from capacity_app.texts import PSEUDO

_AT_ONCE = 8
"""Languages that are named before the window gets its turn again."""

_named: dict[str, str] = {}
"""What every language calls itself; read once, for it takes a second or two."""


def _codes() -> Iterator[str]:
    """Give the codes of all languages there are names of, without those of single countries."""
    from babel import Locale  # noqa: PLC0415 - only who translates needs them all
    from babel.localedata import locale_identifiers  # noqa: PLC0415 - the same

    for identifier in sorted(locale_identifiers()):
        locale = Locale.parse(identifier)
        code = identifier.replace("_", "-")
        if locale.territory is None and locale.variant is None and code not in {"root", PSEUDO}:
            yield code


class LanguageNames(QObject):
    """Finds out what every language calls itself, a few at a time. ``found`` tells that all are known."""

    found = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: Iterator[str] = iter(())
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._name_some)
        self._begun: dict[str, str] = {}

    @property
    def names(self) -> dict[str, str]:
        """What languages call themselves by code; empty until all are known."""
        return dict(_named)

    def start(self) -> None:
        if not _named and not self._timer.isActive():
            self._waiting = _codes()
            self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _name_some(self) -> None:
        for _turn in range(_AT_ONCE):
            code = next(self._waiting, "")
            if not code:
                self._timer.stop()
                _named.update(self._begun)
                self.found.emit()
                return
            self._begun[code] = own_name(code)


def own_name(code: str) -> str:
    """Say what a language calls itself."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - as above

    try:
        return Locale.parse(code, sep="-").get_display_name() or code
    except (ValueError, UnknownLocaleError):
        return code
