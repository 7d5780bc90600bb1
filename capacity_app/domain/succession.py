"""What became of each part of an instrument in its next version, and the way an answer goes from one to the other.

Problem: a question that is worded anew is not the question that was answered, and whoever writes the new version is
the only one who knows which is which. Decision: the author declares it, part by part; what nobody declares is the
same only if its wording and its form are. Rules alone say where an answer goes, so that those of several versions can
be gone through one after the other without the versions in between.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from itertools import product

from capacity_app.domain.answers import Address, Value
from capacity_app.domain.instrument import Column, Field, Instrument, Question
from capacity_app.domain.problems import N_


class Became(StrEnum):
    """What a question, row, column or option of the earlier version became."""

    SAME = "same"
    REWORDED = "reworded"
    SPLIT = "split"
    MERGED = "merged"
    MOVED = "moved"
    RESCALED = "rescaled"
    RETIRED = "retired"
    NEW = "new"


UNSURE: Mapping[Became, str] = {
    Became.REWORDED: N_("It is worded differently now."),
    Became.SPLIT: N_("It was divided into several."),
    Became.MERGED: N_("Several became one."),
}
"""After these an answer has to be confirmed, and why."""
RETIRED = N_("It is no longer asked.")
NO_VALUE = N_("There is no counterpart for this answer.")
OPTION_GONE = N_("An answer that was chosen is no longer offered.")
OPTION_NEW = N_("There is more to tick now.")
SAME_WORDS = N_("It is asked in the same words at another place of the questionnaire.")
PUNCTUATION = N_("Only the punctuation, the capitals or the bullets differ.")
UNDECLARED = N_("The wording or the answers differ, and nobody has said that they mean the same.")
CHANGED_FORM = N_("It is answered in another form now.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What became of some places (``sources``) and where they are now (``targets``), none of them if retired.

    A question or a cell is addressed in full, a row by question and row, a column by question and column; in targets
    of rows and columns the question may be empty: then it is the one their grid became. ``values`` says what each
    earlier answer is now, both as text. ``note`` is the author's, for people.
    """

    became: Became
    sources: tuple[Address, ...] = ()
    targets: tuple[Address, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    note: str = ""

    def goes_to(self, stays: Address) -> tuple[Address, ...]:
        """Return where a place is now; ``stays`` is where it would be if it had not moved."""
        return self.targets if self.targets or self.became is Became.RETIRED else (stays,)


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionRule:
    """What became of options of one question or column, by their ids."""

    became: Became
    of: Address
    sources: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    note: str = ""

    def goes_to(self, option: str) -> tuple[str, ...]:
        return self.targets if self.targets or self.became is Became.RETIRED else (option,)


class Part(StrEnum):
    """The parts of a place that can change each by itself."""

    QUESTION = "question"
    ROW = "row"
    COLUMN = "column"
    OPTIONS = "options"


@dataclass(frozen=True, slots=True)
class Lane:
    """One way an answer may go: where to, as what, surely or to be confirmed, and which parts a rule vouches for."""

    address: Address
    value: Value
    is_sure: bool = True
    reason: str = ""
    note: str = ""
    declared: frozenset[Part] = frozenset()

    def unsure(self, reason: str, note: str = "") -> "Lane":
        """Return the same way, to be confirmed; the first reason stands."""
        return replace(self, is_sure=False, reason=self.reason or reason, note=self.note or note)


@dataclass(frozen=True, slots=True)
class DeadEnd:
    """No way goes on: why."""

    reason: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """All that is declared between two versions of one instrument. ``file`` names where it is written."""

    instrument: str
    earlier: str
    later: str
    places: tuple[Rule, ...] = ()
    rows: tuple[Rule, ...] = ()
    columns: tuple[Rule, ...] = ()
    options: tuple[OptionRule, ...] = ()
    file: str = ""

    @cached_property
    def rule_of(self) -> dict[Address, Rule]:
        """The rule about each earlier place, row (question and row) or column (question and column)."""
        rules = (*self.columns, *self.rows, *self.places)
        return {source: rule for rule in rules for source in rule.sources}

    @cached_property
    def option_rules(self) -> dict[Address, tuple[OptionRule, ...]]:
        """The rules about the options of each question or column."""
        found: dict[Address, tuple[OptionRule, ...]] = {}
        for rule in self.options:
            found[rule.of] = (*found.get(rule.of, ()), rule)
        return found

    def ways(self, lane: Lane) -> tuple[Lane | DeadEnd, ...]:
        """Return where an answer goes on; an undeclared place is where it was."""
        return tuple(way for place in self._places(lane) for way in self._values(lane, place))

    # -- where ----------------------------------------------------------------------------------------------------

    def _places(self, lane: Lane) -> Iterator[Lane | DeadEnd]:
        own = self.rule_of.get(lane.address)
        is_part = bool(lane.address.row)
        if own is not None and (not is_part or own in self.places):
            targets = own.goes_to(lane.address)
            yield from (_followed(lane, own, target) for target in targets)
            if not targets:
                yield DeadEnd(RETIRED, own.note)
            return
        if not is_part:
            yield lane
            return
        yield from self._cells(lane)

    def _cells(self, lane: Lane) -> Iterator[Lane | DeadEnd]:
        """Go through the cells a cell, or the rows a row, became: by its question, its row and its column."""
        at = lane.address
        whole, row = self.rule_of.get(Address(at.question)), self.rule_of.get(Address(at.question, at.row))
        column = self.rule_of.get(Address(at.question, "", at.column)) if at.column else None
        steps = (
            (whole, Address(at.question), Part.QUESTION),
            (row, Address("", at.row), Part.ROW),
            (column, Address("", "", at.column), Part.COLUMN),
        )
        ways = [rule.goes_to(stays) if rule else (stays,) for rule, stays, _ in steps]
        dead = next((rule for (rule, _, _), found in zip(steps, ways, strict=True) if rule and not found), None)
        if dead is not None:
            yield DeadEnd(RETIRED, dead.note)
            return
        for wholes, rows, columns in product(*ways):
            going = replace(lane, address=Address(rows.question or wholes.question, rows.row, columns.column))
            for rule, _, part in steps:
                going = _declared(going, rule, frozenset({part})) if rule is not None else going
            yield going

    # -- as what --------------------------------------------------------------------------------------------------

    def _values(self, before: Lane, after: Lane | DeadEnd) -> Iterator[Lane | DeadEnd]:
        if isinstance(after, DeadEnd):
            yield after
            return
        if before.value is None:
            # Whoever chose nothing is not concerned by what can be chosen.
            yield replace(after, declared=after.declared | {Part.OPTIONS})
            return
        table = self._table(before.address)
        if table is not None:
            yield _tabled(after, table)
            return
        options = self.option_rules.get(_field_of(before.address), ())
        yield from _chosen(after, options) if options else (after,)

    def _table(self, address: Address) -> Rule | None:
        """Find the rule whose table says what an answer at a place is now."""
        found = (self.rule_of.get(place) for place in (address, _field_of(address)))
        return next((rule for rule in found if rule is not None and rule.values), None)


def _field_of(address: Address) -> Address:
    return Address(address.question, "", address.column)


def _declared(lane: Lane, rule: Rule, parts: frozenset[Part]) -> Lane:
    going = replace(lane, declared=lane.declared | parts)
    return going.unsure(UNSURE[rule.became], rule.note) if rule.became in UNSURE else going


def _followed(lane: Lane, rule: Rule, target: Address) -> Lane:
    return _declared(replace(lane, address=target), rule, frozenset(Part))


def _tabled(lane: Lane, rule: Rule) -> Lane | DeadEnd:
    """Look an answer up in a rule's table; of a list, every entry."""
    said = lane.value if isinstance(lane.value, tuple) else (str(lane.value),)
    if any(one not in rule.values for one in said):
        return DeadEnd(NO_VALUE, rule.note)
    found = tuple(dict.fromkeys(rule.values[one] for one in said))
    is_list = isinstance(lane.value, tuple)
    return replace(lane, value=found if is_list else found[0], declared=lane.declared | {Part.OPTIONS})


def _chosen(lane: Lane, rules: tuple[OptionRule, ...]) -> Iterator[Lane | DeadEnd]:
    """Follow what became of the options chosen."""
    going = replace(lane, declared=lane.declared | {Part.OPTIONS})
    rule_of = {source: rule for rule in rules for source in rule.sources}
    if isinstance(going.value, tuple):
        yield _ticked(going, going.value, rule_of, has_new=any(rule.became is Became.NEW for rule in rules))
        return
    said = str(going.value)
    rule = rule_of.get(said)
    if rule is None:
        yield going
        return
    for target in rule.goes_to(said):
        yield _as_option(replace(going, value=target), rule)
    if not rule.goes_to(said):
        yield DeadEnd(OPTION_GONE, rule.note)


def _as_option(lane: Lane, rule: OptionRule) -> Lane:
    # Options merged into one lose nothing that could be asked again.
    is_sure = rule.became not in {Became.REWORDED, Became.SPLIT}
    return lane if is_sure else lane.unsure(UNSURE[rule.became], rule.note)


def _ticked(lane: Lane, value: tuple[str, ...], rule_of: Mapping[str, OptionRule], *, has_new: bool) -> Lane | DeadEnd:
    ticked: list[str] = []
    for one in value:
        rule = rule_of.get(one)
        if rule is None:
            ticked.append(one)
            continue
        ticked += rule.goes_to(one)
        lane = _as_option(lane, rule) if rule.goes_to(one) else lane.unsure(OPTION_GONE, rule.note)
    if value and not ticked:
        return DeadEnd(OPTION_GONE, lane.note)
    if has_new:
        lane = lane.unsure(OPTION_NEW)
    return replace(lane, value=tuple(dict.fromkeys(ticked)))


# -- what nobody declared ---------------------------------------------------------------------------------------------


Writing = Callable[[str], str]
"""Gives what of a text makes a difference."""


def spaced(text: str) -> str:
    return " ".join(text.split())


def bare(text: str) -> str:
    """Return the letters and digits of a text: without capitals, punctuation, bullets and white space."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def form_of(asked: Field, writing: Writing = spaced) -> tuple[object, ...]:
    """Return what of a question or column decides what an answer means, besides its wording and options."""
    return asked.kind, tuple(map(writing, asked.anchors)), asked.many


def options_of(asked: Field, writing: Writing = spaced) -> tuple[tuple[str, str], ...]:
    """Return the options with their wording, in no order: where they stand means nothing."""
    return tuple(sorted((option.id, writing(option.label)) for option in asked.options))


def wording_of(asked: Field, writing: Writing = spaced) -> str:
    return writing(asked.label if isinstance(asked, Column) else asked.text if isinstance(asked, Question) else "")


def is_kept(earlier: Instrument, at: Address, later: Instrument, lane: Lane, writing: Writing = spaced) -> bool:
    """Return whether every part of a place that no rule vouches for is asked in the same words and form as before."""
    old, new = earlier.question_by_id.get(at.question), later.question_by_id.get(lane.address.question)
    if old is None or new is None:
        return False
    if Part.QUESTION not in lane.declared and not _is_kept_field(old, new, lane, writing, has_options=not at.row):
        return False
    if at.row and Part.ROW not in lane.declared:
        old_row, new_row = old.row_by_id.get(at.row), new.row_by_id.get(lane.address.row)
        if old_row is None or new_row is None or writing(old_row.label) != writing(new_row.label):
            return False
    if at.column and Part.COLUMN not in lane.declared:
        old_column, new_column = old.column_by_id.get(at.column), new.column_by_id.get(lane.address.column)
        return bool(
            old_column and new_column and _is_kept_field(old_column, new_column, lane, writing, has_options=True)
        )
    return True


def _is_kept_field(old: Field, new: Field, lane: Lane, writing: Writing, *, has_options: bool) -> bool:
    is_same = wording_of(old, writing) == wording_of(new, writing) and form_of(old, writing) == form_of(new, writing)
    is_free = not has_options or Part.OPTIONS in lane.declared
    return is_same and (is_free or options_of(old, writing) == options_of(new, writing))


def moved_questions(earlier: Instrument, later: Instrument) -> dict[str, str]:
    """Return the questions whose id is gone by the id of the only new question in the same words and form.

    Several in the same words are told apart by their printed numbers; what stays ambiguous is left out.
    """
    gone = [one for one in earlier.questions() if one.id not in later.question_by_id]
    come = [one for one in later.questions() if one.id not in earlier.question_by_id]
    found = _paired(gone, come, _asked)
    rest = [one for one in gone if one.id not in found]
    taken = set(found.values())
    return found | _paired(rest, [one for one in come if one.id not in taken], lambda one: (one.number, _asked(one)))


def _asked(question: Question) -> tuple[object, ...]:
    """Return everything a question asks: an answer to one of two that are alike answers the other."""
    rows = tuple((row.id, spaced(row.label)) for row in question.rows)
    columns = tuple((one.id, wording_of(one), form_of(one), options_of(one)) for one in question.columns)
    return (wording_of(question), form_of(question), options_of(question), rows, columns)


def _paired(gone: Iterable[Question], come: Iterable[Question], key: Callable[[Question], Hashable]) -> dict[str, str]:
    """Pair the questions of which there is only one with a key on either side."""
    old: dict[Hashable, list[str]] = {}
    new: dict[Hashable, list[str]] = {}
    for side, questions in ((old, gone), (new, come)):
        for question in questions:
            side.setdefault(key(question), []).append(question.id)
    return {ids[0]: new[one][0] for one, ids in old.items() if len(ids) == 1 and len(new.get(one, ())) == 1}
