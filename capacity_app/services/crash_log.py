"""Our own mistakes, written down for the developers without what they were made on.

The message of an exception often quotes the value it stumbled over, which may be an answer. So what is written down is
which exception it was and where: the program's own lines, never their values.
"""

import errno
import traceback
from collections.abc import Iterator

from capacity_app.domain.problems import KnownError


def describe_exception(error: BaseException) -> str:
    """Describe an exception and what led to it, the last one last, without any value."""
    return "\n".join(_exception_lines(error))


def _exception_lines(error: BaseException) -> Iterator[str]:
    seen: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in seen:
        seen.append(cause)
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    for one in reversed(seen):
        yield "".join(traceback.format_tb(one.__traceback__)).rstrip()
        yield " ".join(filter(None, (f"{type(one).__module__}.{type(one).__qualname__}", _error_detail(one))))


def _error_detail(error: BaseException) -> str:
    """Return what is known of it beyond its type: a number of the system's or of SQLite's, a sentence of our own."""
    if isinstance(error, KnownError):
        return error.message  # with its placeholders, as it stands in the program
    if isinstance(error, OSError) and error.errno is not None:
        return errno.errorcode.get(error.errno, str(error.errno))
    return str(getattr(error, "sqlite_errorname", ""))
