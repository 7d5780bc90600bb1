"""A file that costs its reader is tried again alone, then with the more patient library, then given up."""

from dataclasses import replace

import msgspec

from capacity_app.domain.problems import N_, KnownError
from capacity_app.domain.tidy import FileRow, Parcel
from capacity_app.services.aggregation.children import Child, Lost, encoded
from capacity_app.services.aggregation.mapping import Job, identified, refused

DIED = N_(
    "Reading “{file}” ended the program that read it, three times: it is damaged, needs too much memory, or is made to "
    "do harm. Ask for it again."
)
TOO_SLOW = N_(
    "Reading “{file}” took too long, twice: it is very large, or made to keep programs busy. Ask for it again, or "
    "allow more time."
)
_DECODER = msgspec.msgpack.Decoder(Parcel)
_SLOW_TWICE = 2


def read_patiently(child: Child, job: Job) -> bytes:
    """Have a file read by a child, whatever becomes of it; gives its parcel as bytes.

    One that was too slow is worth another try the next time, so it has no hash.
    """
    slow = 0
    for attempt in (job, job, replace(job, is_careful=True)):
        answer = child.ask(attempt)
        if not isinstance(answer, Lost):
            return answer
        slow += answer is Lost.TOO_SLOW
        if slow == _SLOW_TWICE:
            return encoded(refused(FileRow(path=job.path, file_hash="", size=0), KnownError(TOO_SLOW, file=job.name)))
    return encoded(given_up(job))


def given_up(job: Job) -> Parcel:
    """Return the parcel of a file that ended whatever read it."""
    return refused(
        identified(FileRow(path=job.path, file_hash="", size=0), job.location), KnownError(DIED, file=job.name)
    )


def parcel_from(job_path: str, content: bytes) -> Parcel:
    """Read a parcel that travelled; what is none was made by a file that took over its reader."""
    try:
        parcel = _DECODER.decode(content)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return given_up(Job(job_path, ""))
    return parcel if parcel.file.path == job_path else given_up(Job(job_path, ""))
