"""What surrounds the setting of pages: our own files and type, the time of the dossier, no pauses, and steps heard."""

import gc
import io
import logging
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from capacity_app import paths
from capacity_app.domain.moments import moment_of
from capacity_app.report.pdf.faces import SCHEME

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

TellStep = Callable[[int, int], None]
"""Hears the number of each of WeasyPrint's steps and, in the step that lays out, of the page."""

OUTPUT = "sRGB"
"""The name of the colours the pages are meant in."""
_BUNDLED = {"fonts": "font/ttf"}
_EPOCH, _FONTS = "SOURCE_DATE_EPOCH", "FONTCONFIG_FILE"
_STEP = re.compile(r"Step (\d+) - (?:Creating layout - Page (\d+)$)?")
_NO_TIME = 946_684_800
"""1 January 2000: what stands in font tables when a dossier has no time."""


def bundled_only() -> "URLFetcher":
    """Make a fetcher that knows the bundled fonts and refuses everything else, files and network alike."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415 - WeasyPrint costs 0.7 s at start-up

    class BundledOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint publishes no types
        def fetch(self, url: str, headers: Any = None) -> "URLFetcherResponse":  # noqa: ANN401, ARG002 - as inherited
            folder, _, name = url.removeprefix(SCHEME).partition("/")
            file = paths.resources_folder() / folder / name
            if not url.startswith(SCHEME) or folder not in _BUNDLED or not file.is_file() or "/" in name:
                message = f"Only bundled files may be used: {url}"
                raise ValueError(message)
            return URLFetcherResponse(url, file.read_bytes(), {"Content-Type": _BUNDLED[folder]})

    return BundledOnly()


def colours() -> dict[str, Any]:
    """Return what the colours of the pages mean. WeasyPrint would leave the file of its own profile open."""
    from weasyprint.css import ColorProfile  # noqa: PLC0415 - as above

    file = files("weasyprint.pdf") / "sRGB2014.icc"
    return {
        OUTPUT: ColorProfile(io.BytesIO(file.read_bytes()), file.name, "relative-colorimetric", (["r"], ["g"], ["b"]))
    }


def _seconds(changed: str) -> int:
    moment = moment_of(changed)
    return int(moment.timestamp()) if moment else _NO_TIME


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    """Set environment variables for as long as it takes."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let nobody look for lost objects meanwhile: pages lose none, and looking takes a sixth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _StepListener(logging.Handler):
    """Hears from WeasyPrint which step it is at and which page it is laying out."""

    def __init__(self, tell: TellStep) -> None:
        super().__init__(logging.INFO)
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        found = _STEP.match(record.getMessage())
        if found:
            self._tell(int(found[1]), int(found[2] or 0))


@contextmanager
def _heard(tell: TellStep) -> Iterator[None]:
    """Listen for steps, for as long as the pages are set."""
    logger = logging.getLogger("weasyprint.progress")
    level, listener = logger.level, _StepListener(tell)
    logger.addHandler(listener)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(listener)
        logger.setLevel(level)


@contextmanager
def ready(changed: str, tell: TellStep) -> Iterator[None]:
    """Prepare everything for setting pages: the time in font tables is ``changed``, the machine's fonts are unknown."""
    own = str(paths.resources_folder() / "fonts" / "fonts.conf")
    with _environment(**{_EPOCH: str(_seconds(changed)), _FONTS: own}), _heard(tell), _uninterrupted():
        yield
