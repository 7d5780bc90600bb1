"""Differences between what stands here and what comes from elsewhere, as a person decides on them.

The same for a returned workbook (base: what the file said when it was made) and for two officers' assessments
(base: what both last agreed on).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from capacity_app.domain.answers import AnswerKey, Content
from capacity_app.domain.assessment import Entry
from capacity_app.domain.problems import Problem


class Fate(StrEnum):
    """What one answer of the other side would do here. A refused one cannot be stored; ``problem`` says why."""

    SAME = "same"
    NEW = "new"
    CHANGED = "changed"
    CLEARED = "cleared"
    REFUSED = "refused"


class Side(StrEnum):
    """What a person decides to keep."""

    MINE = "mine"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What one side says: an answer or a register entry, by whom, when (UTC, ISO 8601) and in which file."""

    content: Content | None = None
    entry: Entry | None = None
    author: str = ""
    time: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing to accept or decide. ``id`` is its name within a proposal or merge, always the same for the same files.

    ``key`` is the answer's, None for a register entry (``register`` and ``entry_id``). ``field`` names the one field
    both sides changed ("value", "reason", "note", "evidence", or an entry's); empty where the answer is decided on as
    a whole. ``is_contested``: both sides changed it since ``base``, so a person has to decide. ``place`` is where in a
    returned file it stands.
    """

    id: str
    fate: Fate
    mine: Version
    theirs: Version
    base: Version | None = None
    key: AnswerKey | None = None
    register: str = ""
    entry_id: str = ""
    field: str = ""
    is_contested: bool = False
    place: str = ""
    problem: Problem | None = None


Decisions = Mapping[str, Side]
"""What was decided, by the difference's id; what is not in it is not decided yet."""
