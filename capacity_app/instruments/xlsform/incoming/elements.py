"""What a row of the survey is: whether it can be asked, where it stands, when it is asked."""

from typing import Any

from capacity_app.domain.instrument import Kind
from capacity_app.instruments.xlsform.sheets import ROW, Element

Table = dict[str, Any]
METADATA = frozenset(
    {"start", "end", "today", "deviceid", "phonenumber", "simserial", "subscriberid", "username", "email", "audit",
     "start-geopoint", "background-audio", "background-geopoint"}
)  # fmt: skip
COMPUTED = frozenset({"calculate", "hidden", "xml-external", "csv-external"})
AS_TEXT = frozenset({"decimal", "time", "datetime", "barcode"})
KINDS = {"integer": Kind.INTEGER, "int": Kind.INTEGER, "text": Kind.TEXT, "string": Kind.TEXT, "date": Kind.DATE}


def place_of(element: Element) -> str:
    """Return where a row stands: "survey, row 12, age"."""
    name = str(element.get("name", ""))
    return f"survey, row {element[ROW]}, {name}" if element.get(ROW) else f"survey, {name}"


def can_be_asked(element: Element, kind: str) -> bool:
    """Return whether a row of this kind is a question that can be asked here."""
    return kind in KINDS or kind in AS_TEXT or kind == "range" or "select" in kind or kind == "rank" or (
        bool(element.get("choices"))
    )  # fmt: skip


def free_id(wanted: str, taken: set[str]) -> str:
    """Return an id that is not taken: the wanted one, or one with a number."""
    found, number = wanted, 1
    while found in taken:
        number += 1
        found = f"{wanted}-{number}"
    return found


def relevant_of(element: Element) -> tuple[tuple[str, str], ...]:
    """Return the expression under which a row is asked, with its place; nothing if it is always asked."""
    text = str(element.get("bind", {}).get("relevant", "")).strip()
    return ((text, place_of(element)),) if text else ()
