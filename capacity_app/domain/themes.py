"""Themes that cut across the parts of an instrument: demand and supply, indicators, children."""

from capacity_app.domain.instrument import Column, Kind, Question

SDG_TAG = "sdg-disaggregation"
CHILDREN_TAG = "children"


def supply_column(question: Question) -> Column | None:
    """Return the column that alone measures a row's gap, if the grid has one."""
    return next((column for column in question.columns if column.supply), None)


def is_demand(question: Question) -> bool:
    return question.importance_column is not None and supply_column(question) is not None


def is_indicator_grid(question: Question) -> bool:
    """Return whether a grid asks for indicators by migratory status."""
    return question.kind is Kind.GRID and SDG_TAG in question.tags and question.scored


def has_own_chapter(question: Question) -> bool:
    """Return whether a grid is shown across the parts and not in its own."""
    return is_demand(question) or is_indicator_grid(question)
