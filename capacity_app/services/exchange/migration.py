"""A copy of an assessment under a newer version of its instrument; the original is never touched.

What becomes of each answer is worked out before anything is written (``plan_migration``), shown, and then made
(``write_migrated_copy``): with the history of every answer that is carried, so that two
officers' copies can still be merged.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from capacity_app.domain.assessment.answers import EMPTY_CONTENT, Answer, AnswerKey
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.migration import MigrationOutcome, MigrationPath, MigrationResult, migrate
from capacity_app.domain.assessment.revisions import Revision
from capacity_app.domain.encryption_keys import NO_KEYS, EncryptionKey, Keyring, keyring_of
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, KnownError, Problem, ProblemSeverity
from capacity_app.domain.questionnaire.instrument import Instrument, Section
from capacity_app.domain.questionnaire.versions import VersionRules, expect_same_edition
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.questionnaires.checks import instrument_problems
from capacity_app.questionnaires.library import LibraryEntry, version_key
from capacity_app.questionnaires.migration_checks import check_migrations
from capacity_app.questionnaires.migration_files import MIGRATIONS_FOLDER as MIGRATIONS
from capacity_app.questionnaires.migration_files import find_migration_chain, migration_files, read_migration
from capacity_app.questionnaires.reader import OWN_SECTION_PREFIX, read_instrument
from capacity_app.services.session import entries_and_documents
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.change_sets import answer_in_words
from capacity_app.services.session.file_writing import all_entries, all_writes, now, to_stored_instrument
from capacity_app.services.session.revision_log import RevisionLog, answer_from_revision
from capacity_app.storage.assessment_file import AssessmentFile, AssessmentFileHeader, DocumentWrite, StoredAssessment
from capacity_app.storage.creation import write_new_assessment

NOT_NEWER = N_("This assessment has version {ours} of “{title}”; version {theirs} is not newer. Nothing was done.")
NONE_NEWER = N_("There is no newer version of “{title}” on this computer than {ours}, which this assessment has.")
NO_SUCH_VERSION = N_("There is no version {version} of “{title}” on this computer. There are: {known}.")
OTHER_INSTRUMENT = N_("This assessment answers “{ours}”, not “{theirs}”. Nothing was done.")
BROKEN_INSTRUMENT = N_("Version {version} has errors and was not used: {problem} Check it: instrument check.")
BROKEN_MIGRATION_FILE = N_(
    "The migration file {file} has errors and was not used: {problem} Correct them, or ask its author."
)
OWN_SECTION_RETIRED = N_(
    "The country's own questions ({section}) do not fit the new version: their answers are kept as retired."
)
CHANGED_MEANWHILE = N_("The assessment was changed meanwhile. Look at the counts again, then make the copy.")


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationPlan:
    """All a migration would do. ``steps`` are the migration files used, none where no file says what changed."""

    before: Dossier
    migrated: MigrationResult
    steps: tuple[VersionRules, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def later(self) -> Instrument:
        return self.migrated.dossier.instrument

    @property
    def counts(self) -> dict[MigrationOutcome, int]:
        return {fate: self.migrated.count(fate) for fate in MigrationOutcome}

    @property
    def answers_in(self) -> int:
        return len(self.before.answers)


def newer_versions(instrument: Instrument, entries: Iterable[LibraryEntry]) -> tuple[LibraryEntry, ...]:
    """List the newer versions of an instrument, the newest first; of equal ones the first found."""
    here = version_key(instrument.version)
    found: dict[str, LibraryEntry] = {}
    for entry in entries:
        if entry.id == instrument.id and version_key(entry.version) > here:
            found.setdefault(entry.version, entry)
    return tuple(sorted(found.values(), key=lambda entry: version_key(entry.version), reverse=True))


def wanted_version(instrument: Instrument, entries: Sequence[LibraryEntry], version: str = "") -> LibraryEntry:
    """Choose the newest version, or the one asked for; raises KnownError if there is none that is newer."""
    newer = newer_versions(instrument, entries)
    chosen = next((entry for entry in newer if version in {"", entry.version}), None)
    if chosen is not None:
        return chosen
    if version == instrument.version:
        raise KnownError(NOT_NEWER, ours=instrument.version, theirs=version, title=instrument.title)
    if version and newer:
        known = ", ".join(entry.version for entry in newer)
        raise KnownError(NO_SUCH_VERSION, version=version, title=instrument.title, known=known)
    raise KnownError(NONE_NEWER, title=instrument.title, ours=instrument.version)


def suggested_copy(file: Path, version: str, texts: Translator) -> Path:
    """Name the copy after the original and the version: "georgia (version 2.0).assessment"."""
    name = texts.gettext("{name} (version {version})").format(name=file.stem, version=version)
    return file.with_name(f"{name}{file.suffix}")


# -- planning ---------------------------------------------------------------------------------------------------------


def plan_migration(dossier: Dossier, entry: LibraryEntry, texts: Translator) -> MigrationPlan:
    """Work out what becomes of every answer under a version of this computer; raises KnownError if it cannot be used.

    Nothing is written. What was answered is worded in the language of ``texts``.
    """
    later, told = _read_newer_version(dossier.instrument, entry)
    steps = read_migration_steps(dossier.instrument, later, entry.folder)
    if steps:
        _expect_valid_steps(steps, entry.folder)
    return plan_migration_with(dossier, later, steps, texts, told)


def plan_migration_with(
    dossier: Dossier, later: Instrument, steps: Sequence[VersionRules], texts: Translator, told: Iterable[Problem] = ()
) -> MigrationPlan:
    """Work out what becomes of every answer under a newer instrument by given rules; raises KnownError."""
    earlier = dossier.instrument
    if later.id != earlier.id:
        raise KnownError(OTHER_INSTRUMENT, ours=earlier.id, theirs=later.id)
    expect_same_edition(earlier, later)
    if version_key(later.version) <= version_key(earlier.version):
        raise KnownError(NOT_NEWER, ours=earlier.version, theirs=later.version, title=earlier.title)
    wording = Formatter(texts, dossier)
    migrated = migrate(dossier, later, steps, lambda one: answer_in_words(wording, one.key.address, one.content))
    return MigrationPlan(before=dossier, migrated=migrated, steps=tuple(steps), problems=(*told, *migrated.problems))


def read_migration_steps(earlier: Instrument, later: Instrument, folder: Path) -> tuple[VersionRules, ...]:
    """Read the migration files that lead from one version to another; none if there is no way. Raises KnownError."""
    read: list[VersionRules] = []
    for file in migration_files(folder):
        rules, problems = read_migration(file)
        errors = [problem for problem in problems if problem.severity is ProblemSeverity.ERROR]
        if rules is None:
            raise KnownError(BROKEN_MIGRATION_FILE, file=file.name, problem=_first_problem(errors))
        if rules.instrument == later.id:
            read.append(rules)
    return find_migration_chain(read, earlier.version, later.version) or ()


def _expect_valid_steps(steps: Sequence[VersionRules], folder: Path) -> None:
    """Refuse migration files that the check of their questionnaire refuses; raises KnownError."""
    for problem in check_migrations(folder):
        for rules in steps:
            if problem.severity is ProblemSeverity.ERROR and problem.place.startswith(f"{MIGRATIONS}/{rules.file}"):
                raise KnownError(BROKEN_MIGRATION_FILE, file=rules.file, problem=_first_problem([problem]))


def _first_problem(problems: Sequence[Problem]) -> str:
    return f"{problems[0].place}: {problems[0].text()}" if problems else ""


def _read_newer_version(earlier: Instrument, entry: LibraryEntry) -> tuple[Instrument, tuple[Problem, ...]]:
    """Read the newer version with the supplements the assessment has; raises KnownError with its first mistake."""
    offered = {supplement.id for supplement in entry.supplements}
    wanted = [section.supplement for section in earlier.sections if section.supplement in offered]
    instrument, problems = read_instrument(entry.folder, tuple(dict.fromkeys(wanted)))
    if instrument is None:
        errors = [problem for problem in problems if problem.severity is ProblemSeverity.ERROR]
        raise KnownError(BROKEN_INSTRUMENT, version=entry.version, problem=_first_problem(errors))
    return _with_own_sections(earlier, instrument)


def _with_own_sections(earlier: Instrument, later: Instrument) -> tuple[Instrument, tuple[Problem, ...]]:
    """Take a country's own questions along, which no library has; say so of those that do not fit any more."""
    told: list[Problem] = []
    for section in earlier.sections:
        if not section.id.startswith(OWN_SECTION_PREFIX) or section.id in {one.id for one in later.sections}:
            continue
        joined = _with_section(earlier, later, section)
        if any(problem.severity is ProblemSeverity.ERROR for problem in instrument_problems(joined)):
            values = (("section", section.title),)
            told.append(Problem("migration.own", section.id, OWN_SECTION_RETIRED, "", values, ProblemSeverity.WARNING))
        else:
            later = joined
    return later, tuple(told)


def _with_section(earlier: Instrument, later: Instrument, own: Section) -> Instrument:
    contradictions = tuple(one for one in earlier.contradictions if one.id.startswith(f"{own.id}."))
    return replace(
        later,
        sections=(*later.sections, own),
        supplements=tuple(dict.fromkeys((*later.supplements, own.supplement))),
        contradictions=(*later.contradictions, *contradictions),
    )


# -- making -----------------------------------------------------------------------------------------------------------


def write_migrated_copy(
    file: Path, plan: MigrationPlan, out: Path, *, author: str = "", device: str, keys: Keyring = NO_KEYS
) -> EncryptionKey | None:
    """Write the migrated copy beside and put it in place whole; raises KnownError, and then there is no copy.

    It is protected like the original; gives the key of both.
    The original is only read. If it says something else than what was planned, nothing is made.
    """
    with AssessmentFile(file, read_only=True, keys=keys) as source:
        source.expect_known_version()
        stored = source.read()
        known = _migrated_revisions(stored, plan, author, device)
        documents = (DocumentWrite(digest, source.document(digest) or b"") for digest in stored.documents)
        label = AssessmentFileHeader(stored.label.assessment_id, now(), to_stored_instrument(plan.later))
        write_new_assessment(out.absolute(), label, all_writes(known, documents, stored.previous), key=source.key)
        return source.key


def _migrated_revisions(stored: StoredAssessment, plan: MigrationPlan, author: str, device: str) -> RevisionLog:
    """Return all revisions of the copy: those of carried answers and of entries as they are, and what is new."""
    session, moved = entries_and_documents.session_id(device), plan.migrated.dossier
    before = RevisionLog(plan.before.instrument, session, stored.revisions, stored.entries)
    if before.answers.current() != plan.before.answers:
        raise KnownError(CHANGED_MEANWHILE)
    known = RevisionLog(plan.later, session, _carried_revisions(stored.revisions, plan), stored.entries)
    for answer in moved.answers:
        if known.answers.content(answer.key) != answer.content:
            known.answer(answer)
    time = now()
    for gone in {rating.id for rating in plan.before.ratings} - {rating.id for rating in moved.ratings}:
        known.removal("ratings", gone, author, time)
    for entry in all_entries(moved):
        known.entry(entry, author, time)
    if known.answers.current() != moved.answers:
        raise RuntimeError("the copy would not say what was planned")
    return known


def _carried_revisions(revisions: Iterable[Revision], plan: MigrationPlan) -> Iterator[Revision]:
    """Yield the history of every answer that is carried, and of those taken back that still have a place."""
    course = MigrationPath(plan.before.instrument, plan.later, plan.steps)
    fates = {outcome.answer.key: outcome for outcome in plan.migrated.outcomes}
    target = {key: one.answers[0].key for key, one in fates.items() if one.fate is MigrationOutcome.CARRIED}
    taken = set(target.values())
    for revision in revisions:
        if revision.key not in fates and revision.key not in target:
            ways = course.outcome(Answer(key=revision.key, content=EMPTY_CONTENT)).answers
            if len(ways) == 1 and ways[0].key not in taken:
                target[revision.key] = ways[0].key
                taken.add(ways[0].key)
        if revision.key in target:
            yield _carried_revision(revision, target[revision.key], course)


def _carried_revision(revision: Revision, key: AnswerKey, course: MigrationPath) -> Revision:
    """Return a revision at its new place, in the terms of the new version where it can be said in them."""
    ways = course.outcome(answer_from_revision(revision)).answers
    content = ways[0].content if len(ways) == 1 and ways[0].key == key else revision.content
    return replace(revision, key=key, content=content)


def migrate_file(
    file: Path, out: Path, plan: MigrationPlan, *, author: str = "", device: str, keys: Keyring = NO_KEYS
) -> None:
    """Make the copy, protected like the original, and read it back: what it says must be what was planned."""
    key = write_migrated_copy(file, plan, out, author=author, device=device, keys=keys)
    with AssessmentSession(out, device=device, read_only=True, keys=keyring_of(key)) as session:
        if session.dossier().answers != plan.migrated.dossier.answers:
            raise RuntimeError("the copy does not say what was planned")
