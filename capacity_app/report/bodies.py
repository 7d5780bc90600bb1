"""The bodies of chapters that are made of the common pieces: what the mission, tables, cards and answers print."""

from dataclasses import dataclass

from capacity_app.report.answers import AnswerSection, Place
from capacity_app.report.pieces import Card, Fact, Table


@dataclass(frozen=True, slots=True)
class MissionBody:
    """The mission in facts, and whom it met."""

    facts: tuple[Fact, ...]
    agencies: Table


@dataclass(frozen=True, slots=True)
class TablesBody:
    """Titled tables with sentences before them."""

    tables: tuple[tuple[str, Table], ...]
    lead: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class CardsBody:
    """Groups of cards under headings."""

    groups: tuple[tuple[str, tuple[Card, ...]], ...]
    lead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswersBody:
    """The annex of all answers."""

    sections: tuple[AnswerSection, ...]
    retired: tuple[Place, ...]
