"""What a migration file says about two versions of an instrument: nothing it names is missing, nothing is forgotten.

Every difference in wording, form or options has to be declared: only the author knows whether it changes the meaning.
Nothing checked here can lose an answer: what is undeclared is confirmed, what has no place is kept.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from capacity_app.domain.assessment.answer_rules import check_value, locate
from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, Problem, ProblemSeverity
from capacity_app.domain.questionnaire.instrument import GridRow, Instrument, Question, QuestionField
from capacity_app.domain.questionnaire.kinds import AnswerKind, ValueType
from capacity_app.domain.questionnaire.versions import (
    OptionRule,
    PlaceRule,
    VersionChange,
    VersionRules,
    form_of,
    normalize_spaces,
    options_of,
    wording_of,
)
from capacity_app.questionnaires.library import instrument_folders, list_instruments, version_key
from capacity_app.questionnaires.migration_files import (
    MIGRATIONS_FOLDER,
    find_migration_chain,
    migration_files,
    read_migration,
)
from capacity_app.questionnaires.problems import Findings, list_names, place_inside
from capacity_app.questionnaires.reader import offered_supplements, read_instrument

_STAYING = frozenset({VersionChange.SAME, VersionChange.REWORDED, VersionChange.RESCALED})


def rule_problems(earlier: Instrument | None, later: Instrument, rules: VersionRules) -> tuple[Problem, ...]:
    """Find all mistakes of a file's rules; without the earlier version, those that the later one alone can tell."""
    findings = Findings()
    check = _RuleChecker(earlier, later, rules, f"{MIGRATIONS_FOLDER}/{rules.file}", findings)
    check.head()
    check.rules()
    if earlier is not None:
        check.differences(earlier)
    return findings.all()


def _stored_form(field: QuestionField) -> tuple[ValueType, bool, str, str]:
    """Return what answers of equal forms can be read as each other's by."""
    info = field.kind.info
    return info.value_type, bool(info.fixed) or info.value_type is ValueType.LEVEL, info.pattern, info.register


@dataclass(frozen=True)
class _RuleChecker:
    earlier: Instrument | None
    later: Instrument
    the_rules: VersionRules
    place: str
    findings: Findings

    def _at(self, word: str, name: object) -> str:
        return place_inside(self.place, word, str(name))

    # -- which versions -------------------------------------------------------------------------------------------

    def head(self) -> None:
        """Check that the file is about these two versions."""
        rules = self.the_rules
        for key, given, wanted in (
            ("instrument", rules.instrument, self.later.id),
            ("to", rules.later, self.later.version),
            ("from", rules.earlier, self.earlier.version if self.earlier else rules.earlier),
        ):
            if given != wanted:
                message, advice = N_("“{key}” is “{given}”, but here it is “{wanted}”."), N_("Write {wanted}.")
                self.findings.error(
                    "migration.versions",
                    self._at("migration", ""),
                    message,
                    advice,
                    key=key,
                    given=given,
                    wanted=wanted,
                )

    # -- what entries name ----------------------------------------------------------------------------------------

    def rules(self) -> None:
        """Check everything the entries name, and that none contradicts another."""
        rules = self.the_rules
        for word, group in (("question", rules.places), ("row", rules.rows), ("column", rules.columns)):
            self._note_twice(word, (source for rule in group for source in rule.sources))
            for rule in group:
                self._check_rule(word, rule)
        sources = (
            Address(rule.of.question, option, rule.of.column) for rule in rules.options for option in rule.sources
        )
        self._note_twice("option", sources)
        for option_rule in rules.options:
            self._check_option_rule(option_rule)

    def _note_twice(self, word: str, sources: Iterable[Address]) -> None:
        for source, count in Counter(sources).items():
            if count > 1:
                message = N_("What became of it is said {count} times.")
                advice = N_("Keep one entry; one that is split has all its new places in a list.")
                self.findings.error("migration.twice", self._at(word, source), message, advice, count=count)

    def _check_rule(self, word: str, rule: PlaceRule) -> None:
        for source in rule.sources:
            place = self._at(word, source)
            if self.earlier is not None and _part(self.earlier, source) is None:
                self._note_unknown(word, source, self.earlier, place)
            if rule.became in _STAYING and not rule.targets:
                self._check_target(word, rule, source, source, place)
            for target in rule.targets:
                self._check_target(word, rule, source, _whole(target, self._home(source)), place)
        if rule.became is VersionChange.NEW:
            for target in rule.targets:
                self._check_new(word, _whole(target, self._home(target)))

    def _home(self, source: Address) -> str:
        """Return the question that a row or column belongs to now."""
        whole = self.the_rules.rule_of.get(Address(source.question)) if source.question else None
        return whole.targets[0].question if whole is not None and whole.targets else source.question

    def _check_target(self, word: str, rule: PlaceRule, source: Address, target: Address, place: str) -> None:
        new = _part(self.later, target)
        if new is None:
            self._note_unknown(word, target, self.later, place)
            return
        old = _part(self.earlier, source) if self.earlier is not None else None
        if isinstance(old, QuestionField) and isinstance(new, QuestionField):
            self._check_form(rule, old, new, place)
        elif isinstance(new, QuestionField) and rule.values:
            self._check_table(rule, None, new, place)

    def _check_form(self, rule: PlaceRule, old: QuestionField, new: QuestionField, place: str) -> None:
        if rule.values:
            self._check_table(rule, old, new, place)
        elif _stored_form(old) != _stored_form(new):
            message = N_("It was of the type {old} and is of the type {new}: its answers cannot be read as new ones.")
            advice = N_("Write values = {{ … }} that says what each answer is now, or retire it and declare a new one.")
            values = {"old": old.kind.value, "new": new.kind.value}
            self.findings.error("migration.kind", place, message, advice, **values)

    def _check_table(self, rule: PlaceRule, old: QuestionField | None, new: QuestionField, place: str) -> None:
        known = old.known_answers if old is not None else tuple(rule.values)
        for one in rule.values:
            if one not in known:
                message = N_("“{name}” under values was no answer of the earlier version.")
                self.findings.unknown("migration.values", place, message, known, name=one)
        for one in known:
            if one not in rule.values:
                message = N_("The table says nothing about “{name}”: such answers are kept as retired.")
                advice = N_("Add it, unless that is meant.")
                self.findings.warning("migration.values", place, message, advice, name=one)
        possible = new.known_answers
        for one in dict.fromkeys(rule.values.values()):
            if one not in possible and (possible or not _is_allowed(new, one)):
                message = N_("“{name}” under values is not an answer of the new version.")
                self.findings.unknown("migration.values", place, message, possible, name=one)

    def _check_new(self, word: str, target: Address) -> None:
        place = self._at(word, target)
        if _part(self.later, target) is None:
            self._note_unknown(word, target, self.later, place)
        if self.earlier is not None and _part(self.earlier, target) is not None:
            message = N_("It is declared as new, but the earlier version has it too.")
            advice = N_("An id is never used again: give what is new an id of its own, or say what became of it.")
            self.findings.error("migration.not-new", place, message, advice)

    def _note_unknown(self, word: str, address: Address, instrument: Instrument, place: str) -> None:
        message = N_("Version {version} has no {word} “{name}”.")
        known = _known(instrument, word, address)
        name = {"row": address.row, "column": address.column}.get(word) or str(address)
        self.findings.unknown(
            "migration.unknown", place, message, known, version=instrument.version, word=word, name=name
        )

    # -- options --------------------------------------------------------------------------------------------------

    def _check_option_rule(self, rule: OptionRule) -> None:
        place = self._at("option", "/".join(filter(None, (rule.of.question, rule.of.column))))
        old = _part(self.earlier, rule.of) if self.earlier is not None else None
        if self.earlier is not None and rule.became is not VersionChange.NEW:
            self._check_options(old, rule.sources, self.earlier, place)
        targets = rule.targets or (rule.sources if rule.became is not VersionChange.RETIRED else ())
        for home in self._fields_now(rule.of):
            self._check_options(_part(self.later, home), targets, self.later, place)
        if rule.became is VersionChange.NEW and isinstance(old, QuestionField):
            for one in (one for one in rule.targets if one in old.option_by_id):
                message = N_("The option “{name}” is declared as new, but the earlier version has it too.")
                advice = N_("An id is never used again: give what is new an id of its own.")
                self.findings.error("migration.not-new", place, message, advice, name=one)

    def _fields_now(self, of: Address) -> tuple[Address, ...]:
        whole = self.the_rules.rule_of.get(Address(of.question))
        wholes = whole.goes_to(Address(of.question)) if whole else (Address(of.question),)
        column = self.the_rules.rule_of.get(of) if of.column else None
        columns = column.goes_to(Address("", "", of.column)) if column else (Address("", "", of.column),)
        return tuple(Address(one.question, "", other.column) for one in wholes for other in columns)

    def _check_options(self, field: object, names: Sequence[str], instrument: Instrument, place: str) -> None:
        if not isinstance(field, QuestionField):
            message = N_("Version {version} has no question or column with options here.")
            self.findings.error("migration.unknown", place, message, version=instrument.version)
            return
        for name in names:
            if name not in field.option_by_id:
                message = N_("Version {version} has no option “{name}” here.")
                known = tuple(field.option_by_id)
                self.findings.unknown("migration.unknown", place, message, known, version=instrument.version, name=name)

    # -- what nobody declared -------------------------------------------------------------------------------------

    def differences(self, earlier: Instrument) -> None:
        """Note every difference between the versions that no entry speaks of."""
        targets = {target.question for rule in self.the_rules.places for target in rule.targets}
        for question in earlier.questions():
            self._compare_question(question)
        for question in self.later.questions():
            if question.id not in earlier.question_by_id and question.id not in targets:
                self._note_forgotten_new("question", question.id)
            elif question.id in earlier.question_by_id:
                self._compare_new_parts(earlier.question_by_id[question.id], question)

    def _compare_question(self, old: Question) -> None:
        rule = self.the_rules.rule_of.get(Address(old.id))
        if rule is None:
            new = self.later.question_by_id.get(old.id)
            if new is None:
                if not self._has_cells(old):
                    self._note_forgotten("question", old.id)
                return
            self._compare_field("question", Address(old.id), old, new)
        elif rule.became is VersionChange.RETIRED:
            self._note_reused(Address(old.id))
            return
        else:
            new = self.later.question_by_id.get(rule.goes_to(Address(old.id))[0].question)
        if new is not None and old.kind is AnswerKind.GRID:
            self._compare_rows(old, new)
            self._compare_columns(old, new)

    def _has_cells(self, old: Question) -> bool:
        """Return whether a question's cells or rows are spoken of one by one."""
        sources = (source for rule in (*self.the_rules.places, *self.the_rules.rows) for source in rule.sources)
        return any(source.question == old.id and source.row for source in sources)

    def _compare_rows(self, old: Question, new: Question) -> None:
        for row in old.rows:
            if Address(old.id, row.id) in self.the_rules.rule_of:
                continue
            now = new.row_by_id.get(row.id)
            if now is None:
                self._note_forgotten("row", f"{old.id}/{row.id}")
            elif normalize_spaces(now.label) != normalize_spaces(row.label):
                self._note_different("row", f"{old.id}/{row.id}", N_("wording"))

    def _compare_columns(self, old: Question, new: Question) -> None:
        for column in old.columns:
            at = Address(old.id, "", column.id)
            if at in self.the_rules.rule_of:
                continue
            now = new.column_by_id.get(column.id)
            if now is None:
                self._note_forgotten("column", f"{old.id}/{column.id}")
            else:
                self._compare_field("column", at, column, now)

    def _compare_field(self, word: str, at: Address, old: QuestionField, new: QuestionField) -> None:
        if wording_of(old) != wording_of(new):
            self._note_different(word, at, N_("wording"))
        if form_of(old) != form_of(new):
            self._note_different(word, at, N_("type or anchors"))
        spoken = {one for rule in self.the_rules.option_rules.get(Address(at.question, "", at.column), ())
                  for one in (*rule.sources, *rule.targets)}  # fmt: skip
        changed = {one for one, _ in set(options_of(old)) ^ set(options_of(new))}
        if changed - spoken:
            message = N_("Options differ and no entry says what became of them: {names}.")
            advice = N_("Write an [[option]] for each: same, reworded, moved, split, merged, retired or new.")
            names = list_names(sorted(changed - spoken))
            self.findings.error("migration.undeclared", self._at(word, at), message, advice, names=names)

    def _compare_new_parts(self, old: Question, new: Question) -> None:
        rules = (*self.the_rules.rows, *self.the_rules.columns, *self.the_rules.places)
        spoken = {target for rule in rules for target in rule.targets}
        for row in new.rows:
            names = {Address("", row.id), Address(new.id, row.id)}
            cells = {one for one in spoken if one.question == new.id and one.row == row.id}
            if row.id not in old.row_by_id and not names & spoken and not cells:
                self._note_forgotten_new("row", f"{new.id}/{row.id}")
        for column in new.columns:
            names = {Address("", "", column.id), Address(new.id, "", column.id)}
            if column.id not in old.column_by_id and not names & spoken:
                self._note_forgotten_new("column", f"{new.id}/{column.id}")

    def _note_forgotten(self, word: str, name: str) -> None:
        message = N_("The new version does not have it, and no entry says what became of it.")
        advice = N_("Write a [[{word}]]: moved, split, merged or retired.")
        self.findings.error("migration.undeclared", self._at(word, name), message, advice, word=word)

    def _note_forgotten_new(self, word: str, name: str) -> None:
        message = N_("The earlier version did not have it, and no entry says where it comes from.")
        advice = N_("Write a [[{word}]] with became = “new”, or say what became it.")
        self.findings.error("migration.undeclared", self._at(word, name), message, advice, word=word)

    def _note_different(self, word: str, name: object, what: str) -> None:
        message = N_("It differs from the earlier version ({what}), and no entry says whether it means the same.")
        advice = N_("Write a [[{word}]]: same (only the writing changed), reworded, rescaled, or retired and new.")
        self.findings.error("migration.undeclared", self._at(word, name), message, advice, what=what, word=word)

    def _note_reused(self, address: Address) -> None:
        if _part(self.later, address) is not None:
            message = N_("It is retired, but the new version has the same id.")
            advice = N_("An id is never used again: give the new question an id of its own.")
            self.findings.error("migration.reused", self._at("question", address), message, advice)


def _whole(address: Address, question: str) -> Address:
    return Address(address.question or question, address.row, address.column)


def _part(instrument: Instrument | None, address: Address) -> Question | GridRow | QuestionField | None:
    """Find a question, a cell's column, a row (question and row) or a column (question and column)."""
    if instrument is None:
        return None
    question = instrument.question_by_id.get(address.question)
    if question is None:
        return None
    if address.row and address.column:
        target = locate(instrument, address)
        return target.field if target else None
    if address.row:
        return question.row_by_id.get(address.row)
    return question.column_by_id.get(address.column) if address.column else question


def _known(instrument: Instrument, word: str, address: Address) -> Iterator[str]:
    question = instrument.question_by_id.get(address.question)
    if question is None or word == "question":
        yield from instrument.question_by_id
    else:
        yield from (question.row_by_id if word == "row" else question.column_by_id)


def _is_allowed(field: QuestionField, text: str) -> bool:
    is_number = field.kind.value_type is ValueType.INTEGER and text.lstrip("-").isdecimal()
    return check_value(field, int(text) if is_number else text, Address(field.id)) is None


# What is wrong with all migration files of a questionnaire's folder.


VANISHED_QUESTIONS = N_("Questions of version {version} are gone ({count}), and no migration file says where: {names}.")
VANISHED_ADVICE = N_("Write a migration file. “instrument draft-migration” makes a draft.")


def check_migrations(folder: Path) -> tuple[Problem, ...]:
    """Check a questionnaire's migration files against the versions beside it and those of this computer."""
    later = read_whole_instrument(folder)
    if later is None:
        return ()
    known = (*list_instruments((folder.absolute().parent,)), *list_instruments(instrument_folders()))
    others = [entry for entry in known if entry.id == later.id and entry.version != later.version]
    read = [read_whole_instrument(entry.folder) for entry in others]
    return folder_migration_problems(folder, later, [one for one in read if one is not None])


def read_whole_instrument(folder: Path) -> Instrument | None:
    """Read a questionnaire with all its supplements, None if it cannot be read."""
    return read_instrument(folder, [supplement.file for supplement in offered_supplements(folder)])[0]


def _vanished_questions(
    later: Instrument, versions: Iterable[Instrument], read: Sequence[VersionRules]
) -> Iterator[Problem]:
    """Name the ids that the version before had, if no migration file says what became of them."""
    order = version_key(later.version)
    before = [one for one in versions if version_key(one.version) < order]
    if not before:
        return
    last = max(before, key=lambda one: version_key(one.version))
    gone = [question.id for question in last.questions() if question.id not in later.question_by_id]
    if gone and find_migration_chain(read, last.version, later.version) is None:
        values = {"count": len(gone), "version": last.version, "names": list_names(gone)}
        said = tuple((name, str(value)) for name, value in values.items())
        yield Problem("migration.vanished", MIGRATIONS_FOLDER, VANISHED_QUESTIONS, VANISHED_ADVICE, said)


def folder_migration_problems(
    folder: Path, later: Instrument, versions: Iterable[Instrument] = ()
) -> tuple[Problem, ...]:
    """Find all mistakes in a folder's migration files; ``versions`` are other versions known here, to compare with."""
    known = {one.version: one for one in (*versions, later)}
    found: list[Problem] = []
    used: list[VersionRules] = []
    for file in migration_files(folder):
        rules, problems = read_migration(file)
        found += problems
        if rules is None:
            continue
        used.append(rules)
        target = known.get(rules.later, later)
        found += rule_problems(known.get(rules.earlier), target, rules)
        if rules.earlier not in known:
            message = N_("Version {version} is not on this computer, so only half of this file could be checked.")
            advice = N_("Put its folder beside the others, then check again.")
            values = (("version", rules.earlier),)
            place = f"{MIGRATIONS_FOLDER}/{file.name}"
            found.append(Problem("migration.half", place, message, advice, values, ProblemSeverity.WARNING))
    # A file that cannot be read says something too: its own mistakes come first.
    is_all_read = len(used) == len(migration_files(folder))
    return (*found, *(_vanished_questions(later, known.values(), used) if is_all_read else ()))
