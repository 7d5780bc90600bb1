"""Which limits of a form's field are limits of an answer here."""

from collections.abc import Mapping

from capacity_app.domain.answers import TEXT_LIMIT
from capacity_app.domain.checking import YEARS
from capacity_app.domain.instrument import Kind
from capacity_app.instruments.xlsform.expressions import Limits, Unsupported, limits_in
from capacity_app.instruments.xlsform.incoming import sentences
from capacity_app.instruments.xlsform.incoming.elements import Table
from capacity_app.instruments.xlsform.incoming.words import Words
from capacity_app.instruments.xlsform.sheets import Element


def is_percent(element: Element) -> bool:
    """Return whether a number may be from 0 to 100, and is a percentage by that."""
    try:
        limits = limits_in(str(element.get("bind", {}).get("constraint", "")))
    except Unsupported:
        return False
    return limits == Limits(minimum=0, maximum=100)


def limits_of(words: Words, element: Element, kind: Kind, table: Table, values: Mapping[str, str]) -> Table:
    """Return the limits of an answer that can be kept here; a limit that cannot is told of."""
    constraint = str(element.get("bind", {}).get("constraint", ""))
    fixed = {Kind.DATE, Kind.URL, Kind.PERCENT, Kind.COUNTRY, Kind.AGENCY, Kind.SOURCE}
    if not constraint or (words.is_ours and kind in fixed):
        return {}
    try:
        limits = limits_in(constraint)
        return _kept(limits, kind, table, values)
    except Unsupported:
        words.note(element, "constraint", sentences.CONSTRAINT, said=constraint[: sentences.MOST_SHOWN])
        return {}


def _kept(limits: Limits, kind: Kind, table: Table, values: Mapping[str, str]) -> Table:
    """Keep limits of the kinds that have them; raises Unsupported."""
    if kind is Kind.CHECKLIST and limits == Limits(alone=limits.alone):
        alone = {values.get(name) for name in limits.alone}
        options = [{**one, "exclusive": True} if one["id"] in alone else one for one in table["options"]]
        return {"options": options}
    if kind in {Kind.TEXT, Kind.LONG_TEXT} and limits == Limits(length=limits.length):
        return {} if limits.length in {None, TEXT_LIMIT} else {"maximum": limits.length}
    if kind is Kind.PERCENT and limits == Limits(minimum=0, maximum=100):
        return {}
    if kind in {Kind.INTEGER, Kind.YEAR} and limits == Limits(minimum=limits.minimum, maximum=limits.maximum):
        ends = {"minimum": limits.minimum, "maximum": limits.maximum}
        usual = YEARS if kind is Kind.YEAR else (None, None)
        return {name: end for (name, end), known in zip(ends.items(), usual, strict=True) if end not in {None, known}}
    raise Unsupported("")
