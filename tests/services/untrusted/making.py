"""Small archives, and what a refusal says."""

import io
import zipfile
from collections.abc import Mapping

import pytest

from capacity_app.domain.problems import KnownError

FILE = "given.xlsx"


def packed(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Make an archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return buffer.getvalue()


def refusal(error: pytest.ExceptionInfo[KnownError]) -> tuple[str, dict[str, str]]:
    """Return the sentence of a refusal and what is filled in."""
    return error.value.message, dict(error.value.values)
