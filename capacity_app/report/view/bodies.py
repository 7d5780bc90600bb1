"""The bodies of chapters that are made of the common pieces: what the mission, tables, cards and answers print."""

from dataclasses import dataclass

from capacity_app.report.view.answers import AnswerSection, Place
from capacity_app.report.view.pieces import Card, Fact, Table


@dataclass(frozen=True, slots=True)
class MissionBody:
    """The mission in facts, and whom it met."""

    facts: tuple[Fact, ...]
    agencies: Table


@dataclass(frozen=True, slots=True)
class TablesBody:
    """Titled tables with sentences before them; ``is_wide`` if they need a page in landscape."""

    tables: tuple[tuple[str, Table], ...]
    lead: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    is_wide: bool = False


@dataclass(frozen=True, slots=True)
class CardsBody:
    """Groups of cards under headings, and titled tables after them.

    ``style`` is "definitions" where the title of a card stands beside what it says, as in a glossary.
    """

    groups: tuple[tuple[str, tuple[Card, ...]], ...]
    lead: tuple[str, ...] = ()
    tables: tuple[tuple[str, Table], ...] = ()
    style: str = ""


@dataclass(frozen=True, slots=True)
class AnswersBody:
    """The annex of all answers; ``lead`` warns of wording nobody has reviewed."""

    sections: tuple[AnswerSection, ...]
    retired: tuple[Place, ...]
    lead: tuple[str, ...] = ()
