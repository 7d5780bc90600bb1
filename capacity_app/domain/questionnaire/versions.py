"""What became of each part of an instrument in its next version, and the way an answer goes from one to the other.

Problem: a question that is worded anew is not the question that was answered, and whoever writes the new version is
the only one who knows which is which. Decision: the author declares it, part by part; what nobody declares is the
same only if its wording and its form are. Rules alone say where an answer goes, so that those of several versions can
be gone through one after the other without the versions in between.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import field, replace
from enum import StrEnum
from functools import cached_property
from itertools import product

from capacity_app.domain.assessment.answers import Address, AnswerValue
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, KnownError, Problem, ProblemSeverity
from capacity_app.domain.questionnaire.instrument import CORE, GridColumn, Instrument, Question, QuestionField


class VersionChange(StrEnum):
    """What a question, row, column or option of the earlier version became."""

    SAME = "same"
    REWORDED = "reworded"
    SPLIT = "split"
    MERGED = "merged"
    MOVED = "moved"
    RESCALED = "rescaled"
    RETIRED = "retired"
    NEW = "new"


CONFIRM_REASONS: Mapping[VersionChange, str] = {
    VersionChange.REWORDED: N_("It is worded differently now."),
    VersionChange.SPLIT: N_("It was divided into several."),
    VersionChange.MERGED: N_("Several became one."),
}
"""After these an answer has to be confirmed, and why."""
NO_LONGER_ASKED = N_("It is no longer asked.")
NO_COUNTERPART = N_("There is no counterpart for this answer.")
OPTION_REMOVED = N_("An answer that was chosen is no longer offered.")
OPTION_ADDED = N_("There is more to tick now.")
SAME_WORDS = N_("It is asked in the same words at another place of the questionnaire.")
ONLY_PUNCTUATION = N_("Only the punctuation, the capitals or the bullets differ.")
UNDECLARED = N_("The wording or the answers differ, and nobody has said that they mean the same.")
CHANGED_FORM = N_("It is answered in another form now.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRule:
    """What became of some places (``sources``) and where they are now (``targets``), none of them if retired.

    A question or a cell is addressed in full, a row by question and row, a column by question and column; in targets
    of rows and columns the question may be empty: then it is the one their grid became. ``values`` says what each
    earlier answer is now, both as text. ``note`` is the author's, for people.
    """

    became: VersionChange
    sources: tuple[Address, ...] = ()
    targets: tuple[Address, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    note: str = ""

    def goes_to(self, stays: Address) -> tuple[Address, ...]:
        """Return where a place is now; ``stays`` is where it would be if it had not moved."""
        return self.targets if self.targets or self.became is VersionChange.RETIRED else (stays,)


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionRule:
    """What became of options of one question or column, by their ids."""

    became: VersionChange
    of: Address
    sources: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    note: str = ""

    def goes_to(self, option: str) -> tuple[str, ...]:
        return self.targets if self.targets or self.became is VersionChange.RETIRED else (option,)


class PlacePart(StrEnum):
    """The parts of a place that can change each by itself."""

    QUESTION = "question"
    ROW = "row"
    COLUMN = "column"
    OPTIONS = "options"


@dataclass(frozen=True, slots=True)
class AnswerRoute:
    """One way an answer may go: where to, as what, surely or to be confirmed, and which parts a rule vouches for."""

    address: Address
    value: AnswerValue
    is_sure: bool = True
    reason: str = ""
    note: str = ""
    declared: frozenset[PlacePart] = frozenset()

    def unsure(self, reason: str, note: str = "") -> "AnswerRoute":
        """Return the same way, to be confirmed; the first reason stands."""
        return replace(self, is_sure=False, reason=self.reason or reason, note=self.note or note)


@dataclass(frozen=True, slots=True)
class NoRoute:
    """No way goes on: why."""

    reason: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class VersionRules:
    """All that is declared between two versions of one instrument. ``file`` names where it is written."""

    instrument: str
    earlier: str
    later: str
    places: tuple[PlaceRule, ...] = ()
    rows: tuple[PlaceRule, ...] = ()
    columns: tuple[PlaceRule, ...] = ()
    options: tuple[OptionRule, ...] = ()
    file: str = ""

    @cached_property
    def rule_of(self) -> dict[Address, PlaceRule]:
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

    def ways(self, lane: AnswerRoute) -> tuple[AnswerRoute | NoRoute, ...]:
        """Return where an answer goes on; an undeclared place is where it was."""
        return tuple(way for place in self._places(lane) for way in self._values(lane, place))

    # -- where ----------------------------------------------------------------------------------------------------

    def _places(self, lane: AnswerRoute) -> Iterator[AnswerRoute | NoRoute]:
        own = self.rule_of.get(lane.address)
        is_part = bool(lane.address.row)
        if own is not None and (not is_part or own in self.places):
            targets = own.goes_to(lane.address)
            yield from (_follow_rule(lane, own, target) for target in targets)
            if not targets:
                yield NoRoute(NO_LONGER_ASKED, own.note)
            return
        if not is_part:
            yield lane
            return
        yield from self._cells(lane)

    def _cells(self, lane: AnswerRoute) -> Iterator[AnswerRoute | NoRoute]:
        """Go through the cells a cell, or the rows a row, became: by its question, its row and its column."""
        at = lane.address
        whole, row = self.rule_of.get(Address(at.question)), self.rule_of.get(Address(at.question, at.row))
        column = self.rule_of.get(Address(at.question, "", at.column)) if at.column else None
        steps = (
            (whole, Address(at.question), PlacePart.QUESTION),
            (row, Address("", at.row), PlacePart.ROW),
            (column, Address("", "", at.column), PlacePart.COLUMN),
        )
        ways = [rule.goes_to(stays) if rule else (stays,) for rule, stays, _ in steps]
        dead = next((rule for (rule, _, _), found in zip(steps, ways, strict=True) if rule and not found), None)
        if dead is not None:
            yield NoRoute(NO_LONGER_ASKED, dead.note)
            return
        for wholes, rows, columns in product(*ways):
            going = replace(lane, address=Address(rows.question or wholes.question, rows.row, columns.column))
            for rule, _, part in steps:
                going = _with_declared(going, rule, frozenset({part})) if rule is not None else going
            yield going

    # -- as what --------------------------------------------------------------------------------------------------

    def _values(self, before: AnswerRoute, after: AnswerRoute | NoRoute) -> Iterator[AnswerRoute | NoRoute]:
        if isinstance(after, NoRoute):
            yield after
            return
        if before.value is None:
            # Whoever chose nothing is not concerned by what can be chosen.
            yield replace(after, declared=after.declared | {PlacePart.OPTIONS})
            return
        table = self._table(before.address)
        if table is not None:
            yield _look_up_value(after, table)
            return
        options = self.option_rules.get(_field_of(before.address), ())
        yield from _follow_options(after, options) if options else (after,)

    def _table(self, address: Address) -> PlaceRule | None:
        """Find the rule whose table says what an answer at a place is now."""
        found = (self.rule_of.get(place) for place in (address, _field_of(address)))
        return next((rule for rule in found if rule is not None and rule.values), None)


def _field_of(address: Address) -> Address:
    return Address(address.question, "", address.column)


def _with_declared(lane: AnswerRoute, rule: PlaceRule, parts: frozenset[PlacePart]) -> AnswerRoute:
    going = replace(lane, declared=lane.declared | parts)
    return going.unsure(CONFIRM_REASONS[rule.became], rule.note) if rule.became in CONFIRM_REASONS else going


def _follow_rule(lane: AnswerRoute, rule: PlaceRule, target: Address) -> AnswerRoute:
    return _with_declared(replace(lane, address=target), rule, frozenset(PlacePart))


def _look_up_value(lane: AnswerRoute, rule: PlaceRule) -> AnswerRoute | NoRoute:
    """Look an answer up in a rule's table; of a list, every entry."""
    said = lane.value if isinstance(lane.value, tuple) else (str(lane.value),)
    if any(one not in rule.values for one in said):
        return NoRoute(NO_COUNTERPART, rule.note)
    found = tuple(dict.fromkeys(rule.values[one] for one in said))
    is_list = isinstance(lane.value, tuple)
    return replace(lane, value=found if is_list else found[0], declared=lane.declared | {PlacePart.OPTIONS})


def _follow_options(lane: AnswerRoute, rules: tuple[OptionRule, ...]) -> Iterator[AnswerRoute | NoRoute]:
    going = replace(lane, declared=lane.declared | {PlacePart.OPTIONS})
    rule_of = {source: rule for rule in rules for source in rule.sources}
    if isinstance(going.value, tuple):
        yield _follow_checklist(
            going, going.value, rule_of, has_new=any(rule.became is VersionChange.NEW for rule in rules)
        )
        return
    said = str(going.value)
    rule = rule_of.get(said)
    if rule is None:
        yield going
        return
    for target in rule.goes_to(said):
        yield _as_option(replace(going, value=target), rule)
    if not rule.goes_to(said):
        yield NoRoute(OPTION_REMOVED, rule.note)


def _as_option(lane: AnswerRoute, rule: OptionRule) -> AnswerRoute:
    # Options merged into one lose nothing that could be asked again.
    is_sure = rule.became not in {VersionChange.REWORDED, VersionChange.SPLIT}
    return lane if is_sure else lane.unsure(CONFIRM_REASONS[rule.became], rule.note)


def _follow_checklist(
    lane: AnswerRoute, value: tuple[str, ...], rule_of: Mapping[str, OptionRule], *, has_new: bool
) -> AnswerRoute | NoRoute:
    ticked: list[str] = []
    for one in value:
        rule = rule_of.get(one)
        if rule is None:
            ticked.append(one)
            continue
        ticked += rule.goes_to(one)
        lane = _as_option(lane, rule) if rule.goes_to(one) else lane.unsure(OPTION_REMOVED, rule.note)
    if value and not ticked:
        return NoRoute(OPTION_REMOVED, lane.note)
    if has_new:
        lane = lane.unsure(OPTION_ADDED)
    return replace(lane, value=tuple(dict.fromkeys(ticked)))


# -- what nobody declared ---------------------------------------------------------------------------------------------

TextNormalizer = Callable[[str], str]
"""Gives what of a text makes a difference."""


def normalize_spaces(text: str) -> str:
    return " ".join(text.split())


def letters_and_digits(text: str) -> str:
    """Return the letters and digits of a text: without capitals, punctuation, bullets and white space."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def form_of(asked: QuestionField, writing: TextNormalizer = normalize_spaces) -> tuple[object, ...]:
    """Return what of a question or column decides what an answer means, besides its wording and options."""
    return asked.kind, tuple(map(writing, asked.anchors)), asked.many


def options_of(asked: QuestionField, writing: TextNormalizer = normalize_spaces) -> tuple[tuple[str, str], ...]:
    """Return the options with their wording, in no order: where they stand means nothing."""
    return tuple(sorted((option.id, writing(option.label)) for option in asked.options))


def wording_of(asked: QuestionField, writing: TextNormalizer = normalize_spaces) -> str:
    return writing(asked.label if isinstance(asked, GridColumn) else asked.text if isinstance(asked, Question) else "")


def is_unchanged(
    earlier: Instrument, at: Address, later: Instrument, lane: AnswerRoute, writing: TextNormalizer = normalize_spaces
) -> bool:
    """Return whether every part of a place that no rule vouches for is asked in the same words and form as before."""
    old, new = earlier.question_by_id.get(at.question), later.question_by_id.get(lane.address.question)
    if old is None or new is None:
        return False
    if PlacePart.QUESTION not in lane.declared and not _is_unchanged_field(
        old, new, lane, writing, has_options=not at.row
    ):
        return False
    if at.row and PlacePart.ROW not in lane.declared:
        old_row, new_row = old.row_by_id.get(at.row), new.row_by_id.get(lane.address.row)
        if old_row is None or new_row is None or writing(old_row.label) != writing(new_row.label):
            return False
    if at.column and PlacePart.COLUMN not in lane.declared:
        old_column, new_column = old.column_by_id.get(at.column), new.column_by_id.get(lane.address.column)
        return bool(
            old_column and new_column and _is_unchanged_field(old_column, new_column, lane, writing, has_options=True)
        )
    return True


def _is_unchanged_field(
    old: QuestionField, new: QuestionField, lane: AnswerRoute, writing: TextNormalizer, *, has_options: bool
) -> bool:
    is_same = wording_of(old, writing) == wording_of(new, writing) and form_of(old, writing) == form_of(new, writing)
    is_free = not has_options or PlacePart.OPTIONS in lane.declared
    return is_same and (is_free or options_of(old, writing) == options_of(new, writing))


def moved_questions(earlier: Instrument, later: Instrument) -> dict[str, str]:
    """Return the questions whose id is gone by the id of the only new question in the same words and form.

    Several in the same words are told apart by their printed numbers; what stays ambiguous is left out.
    """
    gone = [one for one in earlier.questions() if one.id not in later.question_by_id]
    come = [one for one in later.questions() if one.id not in earlier.question_by_id]
    found = _pair_unique(gone, come, _question_facts)
    rest = [one for one in gone if one.id not in found]
    taken = set(found.values())
    return found | _pair_unique(
        rest, [one for one in come if one.id not in taken], lambda one: (one.number, _question_facts(one))
    )


def _question_facts(question: Question) -> tuple[object, ...]:
    """Return everything a question asks: an answer to one of two that are alike answers the other."""
    rows = tuple((row.id, normalize_spaces(row.label)) for row in question.rows)
    columns = tuple((one.id, wording_of(one), form_of(one), options_of(one)) for one in question.columns)
    return (wording_of(question), form_of(question), options_of(question), rows, columns)


def _pair_unique(
    gone: Iterable[Question], come: Iterable[Question], key: Callable[[Question], Hashable]
) -> dict[str, str]:
    """Pair the questions of which there is only one with a key on either side."""
    old: dict[Hashable, list[str]] = {}
    new: dict[Hashable, list[str]] = {}
    for side, questions in ((old, gone), (new, come)):
        for question in questions:
            side.setdefault(key(question), []).append(question.id)
    return {ids[0]: new[one][0] for one, ids in old.items() if len(ids) == 1 and len(new.get(one, ())) == 1}


# The published questionnaires, by the hashes of their contents.
#
# A file carries its own copy of the questionnaire, in which somebody may have changed the points. The core and each
# supplement are compared by themselves: a country may add a supplement of its own, which is no part of the core score.

PUBLISHED: Mapping[tuple[str, str], Mapping[str, frozenset[str]]] = {
    ("un-fpos", "1.0"): {CORE: frozenset({"92c2fabb865546b88cb1a073907d36a31ca4ae6f431241c016408bb1755ea749"})},
    ("un-fpos", "1.1"): {
        CORE: frozenset(
            {
                "09edf6e8160ea2812cd334f53b54558da3ffd4a306232f3d52954cd420577a15",
                "6c925d4592c05bdd64b4e5a8a6323dc92f1ff9e4f84d56a153396304a90f289d",
            }
        )
    },
    ("unsd-nmdc", "1.0"): {
        CORE: frozenset({"66d121e9bb30effab1c5484df9d62a008ac786a68a0055e4426f15ed8403560c"}),
        "CH": frozenset({"2eda917551cbea3305b9ab5b61822db381424a0069b9fd475699ee6364c71c1a"}),
        "LB": frozenset({"10ddf5c686bcd39bc59d17ca3dcea6cba964d4927bbfdffd2b73411eda3abda0"}),
        "T": frozenset({"ab43df892fba994a6b343903db142c7a068eb87b6cdec837179f88b2878a60e2"}),
    },
    ("unsd-nmdc", "1.1"): {
        CORE: frozenset(
            {
                "65d0637edf2ee250b49ed221c9c35a83c424dba06adaef24ef88540ac2f3a311",
                "607cfaba2c3cf025d6bccd31521d562c15a10f4da1bfc43a95c7cfcb9f41dac0",
            }
        ),
        "CH": frozenset(
            {
                "4cef184d4e6fb5d1309dffd10a6885c81fcedc2810c21ff6e3ea88b45e8ee6a1",
                "07cde4834b7dd540847eca19ad9a0546524bd82536833169417be7ca81e76ee0",
            }
        ),
        "LB": frozenset(
            {
                "9e1124b2a94ccbe5cb4c6d29ef430cd3f6932051f5611514ca4e842a994a6b19",
                "1243cdcc25de44b0b28d7445ab045c554267cc3ec6043fcffed02526eb41d7a8",
            }
        ),
        "T": frozenset({"fa24f23f5e618f890e116532007c78d9ddbb684a16859aad8d447ca282a8dd13"}),
    },
}
"""By id and version: the hashes of the core and, by their ids, of the supplements. A hash once published stays."""

MODIFIED_QUESTIONNAIRE = N_(
    "Somebody modified the questionnaire in this file: it is not the published {id} {version}. Do not compare its "
    "scores with other assessments."
)

UNKNOWN_QUESTIONNAIRE_VERSION = N_(
    "This program does not know version {version} of the questionnaire {id}. It could not tell whether somebody "
    "modified the questionnaire in this file."
)


class PublicationStatus(StrEnum):
    """Whether a questionnaire is published; ``MODIFIED_QUESTIONNAIRE``: the id and version of one, other content.

    ``UNKNOWN_QUESTIONNAIRE_VERSION`` has the id of a published one, and a version that this program cannot compare.
    """

    PUBLISHED = "published"
    MODIFIED = "modified"
    UNKNOWN_VERSION = "unknown_version"
    UNPUBLISHED = "unpublished"


def publication_status(instrument: Instrument) -> PublicationStatus:
    """Compare a questionnaire with the published one of its id and version."""
    known = PUBLISHED.get((instrument.id, instrument.version))
    if known is None:
        is_claimed = any(instrument.id == name for name, _ in PUBLISHED)
        return PublicationStatus.UNKNOWN_VERSION if is_claimed else PublicationStatus.UNPUBLISHED
    is_same = all(digest in known[name] for name, digest in instrument.part_hashes.items() if name in known)
    return PublicationStatus.PUBLISHED if is_same else PublicationStatus.MODIFIED


def publication_problems(instrument: Instrument) -> tuple[Problem, ...]:
    """Name a questionnaire that has the id of a published one, and that is modified or cannot be compared."""
    values = (("id", instrument.id), ("version", instrument.version))
    match publication_status(instrument):
        case PublicationStatus.MODIFIED:
            return (Problem("file.questionnaire", instrument.id, MODIFIED_QUESTIONNAIRE, values=values),)
        case PublicationStatus.UNKNOWN_VERSION:
            return (
                Problem(
                    "file.version", instrument.id, UNKNOWN_QUESTIONNAIRE_VERSION, "", values, ProblemSeverity.WARNING
                ),
            )
        case _:
            return ()


# Whether two copies of an instrument that bear the same version number really are the same.

SAME_VERSION_DIFFERS = N_(
    "Both say version {version} of “{title}”, but their questions differ: one was changed without a new "
    "number. Nothing was done. Ask who made the questionnaire for a version with a number of its own."
)


def is_same_edition(one: Instrument, other: Instrument) -> bool:
    """Return whether two instruments of one id and version ask the same; each may have supplements of its own."""
    one, other = one.without_officer_texts(), other.without_officer_texts()
    theirs = {section.id: section for section in other.sections}
    shared = all(theirs.get(section.id, section) == section for section in one.sections)
    core = [[section.id for section in each.sections if not section.supplement] for each in (one, other)]
    return shared and core[0] == core[1] and one.thresholds == other.thresholds


def expect_same_edition(ours: Instrument, theirs: Instrument) -> None:
    """Raise KnownError if two instruments bear the same id and version and ask different things."""
    is_named_alike = (ours.id, ours.version) == (theirs.id, theirs.version)
    if is_named_alike and not is_same_edition(ours, theirs):
        raise KnownError(SAME_VERSION_DIFFERS, version=ours.version, title=ours.title)
