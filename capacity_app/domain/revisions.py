"""Revisions: every change of an answer or register entry, immutable, in no need of a clock.

The current answer is its heads: the revisions that no other revision names as a parent. Merging is set
union, so order and repetition do not matter.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from capacity_app.domain.answers import EMPTY, AnswerKey, Content
from capacity_app.domain.assessment import Entry


@dataclass(frozen=True, slots=True, order=True)
class RevisionId:
    """Who made it (an installation's id) and its running number there."""

    device: str
    counter: int

    def __str__(self) -> str:
        return f"{self.device}:{self.counter}"

    @classmethod
    def parse(cls, text: str) -> "RevisionId":
        """Read "device:7"; raises ValueError on anything else."""
        device, colon, counter = text.rpartition(":")
        if not (device and colon and counter.isdecimal()):
            raise ValueError(text)
        return cls(device, int(counter))


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What an answer said from some moment on. ``time`` is UTC, ISO 8601, for people only."""

    id: RevisionId
    key: AnswerKey
    content: Content
    author: str = ""
    time: str = ""
    language: str = ""
    parents: tuple[RevisionId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRevision:
    """What a register entry said from some moment on; ``content`` None means it was removed."""

    id: RevisionId
    register: str
    entry: str
    content: Entry | None
    author: str = ""
    time: str = ""
    parents: tuple[RevisionId, ...] = ()


AnyRevision = TypeVar("AnyRevision", Revision, EntryRevision)


def heads(revisions: Iterable[AnyRevision]) -> tuple[AnyRevision, ...]:
    """Give the revisions of one answer or entry that nothing supersedes, in an order that depends on ids only."""
    known = list(revisions)
    superseded = {parent for revision in known for parent in revision.parents}
    return tuple(sorted((r for r in known if r.id not in superseded), key=lambda r: (r.id.counter, r.id.device)))


def current(revisions: Iterable[Revision]) -> Content:
    """Give what one answer says now: its head, or of several heads the last by id, never by clock."""
    last = heads(revisions)
    return last[-1].content if last else EMPTY
