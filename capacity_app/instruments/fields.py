"""What must fit together in one question or column: the type and the keys that belong to it."""

from collections.abc import Iterable

from capacity_app.domain.instrument import TOP_LEVEL, Field, Kind
from capacity_app.domain.problems import N_
from capacity_app.instruments.findings import Findings, listed
from capacity_app.instruments.ids import check_ids

WITH_OPTIONS = frozenset({Kind.CHOICE, Kind.CHECKLIST})
PICKERS = frozenset({Kind.AGENCY, Kind.SOURCE, Kind.COUNTRY})
_BOUNDED = frozenset({Kind.INTEGER, Kind.YEAR, Kind.TEXT, Kind.LONG_TEXT})
_LEVEL = frozenset({Kind.LEVEL})
OPTIONS_LIMIT = 1_000
"""Options of one question or column: nobody reads through more."""

_KINDS_OF_KEY = {
    "options": WITH_OPTIONS,
    "anchors": _LEVEL,
    "actions": _LEVEL,
    "many": PICKERS,
    "most": PICKERS,
    "minimum": _BOUNDED,
    "maximum": _BOUNDED,
}


def check_field(
    field: Field, place: str, findings: Findings, *, is_clear: bool = True, needs_actions: bool = True
) -> None:
    """Check a question or column; if its type or scale is not clear, only what holds for every type."""
    if len(field.options) > OPTIONS_LIMIT:
        _note_too_many_options(len(field.options), place, findings)
        return
    if is_clear:
        _check_keys(field, place, findings)
        _check_options(field, place, findings)
        _check_level(field, place, findings, needs_actions=needs_actions)
    check_ids((option.id for option in field.options), "option", place, findings)
    _check_bounds(field, place, findings)


def note_misplaced(key: str, field: Field, kinds: Iterable[Kind], place: str, findings: Findings) -> None:
    """Note a key that means nothing for the type of a field."""
    message = N_("“{key}” means nothing for the type {kind}; it belongs to {kinds}.")
    advice = N_("Remove it, or choose another type.")
    expected = ", ".join(sorted(kinds))
    findings.error("instrument.misplaced-key", place, message, advice, key=key, kind=field.kind.value, kinds=expected)


def _note_too_many_options(count: int, place: str, findings: Findings) -> None:
    message = N_("Here are {count} options; {most} are allowed.")
    advice = N_("Make several questions of it, or let people type the answer.")
    findings.error("instrument.too-many-options", place, message, advice, count=count, most=OPTIONS_LIMIT)


def _check_keys(field: Field, place: str, findings: Findings) -> None:
    for key, kinds in _KINDS_OF_KEY.items():
        if field.kind not in kinds and getattr(field, key) not in (None, (), False):
            note_misplaced(key, field, kinds, place, findings)


def _check_options(field: Field, place: str, findings: Findings) -> None:
    if field.kind in WITH_OPTIONS and not field.options:
        message = N_("The type {kind} needs options.")
        advice = N_("Write options = “name of a scale”, or a list of options.")
        findings.error("instrument.missing-options", place, message, advice, kind=field.kind.value)
    required = [option for option in field.options if option.required]
    alone = [option.id for option in required if option.exclusive]
    if field.kind is Kind.CHECKLIST and alone and len(required) > 1:
        message = N_("These options stand alone and are required, so nobody can tick all that is required: {names}.")
        advice = N_("Remove required from them.")
        findings.error("instrument.exclusive-and-required", place, message, advice, names=listed(alone))
    if field.kind is Kind.CHOICE and field.is_scored:
        silent = [o.id for o in field.options if o.points is None and not o.not_applicable]
        if silent:
            message = N_("Some options have points, but these have none: {names}.")
            advice = N_("Give each option points, or not_applicable = true.")
            findings.warning("instrument.options-without-points", place, message, advice, names=listed(silent))


def _check_level(field: Field, place: str, findings: Findings, *, needs_actions: bool) -> None:
    if field.kind is not Kind.LEVEL:
        return
    different = {anchor.casefold() for anchor in field.anchors if anchor}
    if len(different) != TOP_LEVEL + 1 or len(field.anchors) != TOP_LEVEL + 1:
        message = N_("“anchors” needs four different sentences, for the levels 0, 1, 2 and 3; here are {count}.")
        advice = N_("Write sentences in which a respondent can recognise itself.")
        findings.error("instrument.anchors", place, message, advice, count=len(different))
    steps = [action for action in field.actions if action]
    if (needs_actions or field.actions) and (len(steps) != TOP_LEVEL or len(field.actions) != TOP_LEVEL):
        message = N_("“actions” needs three suggestions, for the steps 0→1, 1→2 and 2→3; here are {count}.")
        advice = N_("Say what to do first to get from each level to the next.")
        findings.error("instrument.actions", place, message, advice, count=len(steps))


def _check_bounds(field: Field, place: str, findings: Findings) -> None:
    if field.minimum is not None and field.maximum is not None and field.minimum > field.maximum:
        message = N_("“minimum” {minimum} is more than “maximum” {maximum}.")
        advice = N_("Exchange the two, or correct one.")
        findings.error("instrument.bounds", place, message, advice, minimum=field.minimum, maximum=field.maximum)
    if field.most is not None and not field.many and field.kind in PICKERS:
        message = N_("“most” has no effect without many = true.")
        findings.warning("instrument.most-without-many", place, message, N_("Add many = true."))
