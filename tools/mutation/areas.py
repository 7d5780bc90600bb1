"""What is mutated, and which tests must notice."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Area:
    """Part of the program where a mistake costs most, with the tests that are to notice one."""

    name: str
    modules: tuple[str, ...]
    tests: tuple[str, ...]


AREAS = (
    Area(
        "scoring",
        (
            "domain/scoring/scores.py",
            "domain/scoring/answer_sheet.py",
            "domain/assessment/answers.py",
            "domain/questionnaire/conditions.py",
        ),
        (
            "tests/domain/test_scoring.py",
            "tests/domain/test_scoring_details.py",
            "tests/domain/test_layout.py",
            "tests/domain/test_conditions.py",
        ),
    ),
    Area(
        "revisions",
        ("domain/assessment/revisions.py", "domain/assessment/merging.py", "services/session/revision_log.py"),
        (
            "tests/domain/test_revisions.py",
            "tests/domain/test_merging.py",
            "tests/domain/test_merging_details.py",
            "tests/services/test_ledger.py",
            "tests/services/test_revising.py",
        ),
    ),
    Area(
        "migration",
        ("domain/assessment/migration.py", "domain/questionnaire/versions.py", "services/exchange/migration.py"),
        (
            "tests/domain/test_succession.py",
            "tests/domain/test_migration.py",
            "tests/domain/test_migration_details.py",
            "tests/services/test_migrating.py",
            "tests/services/test_migrating_details.py",
        ),
    ),
    Area(
        "guard",
        ("services/untrusted/*.py",),
        (
            "tests/services/test_guard.py",
            "tests/services/untrusted",
            # Starting LibreOffice for each mutant would take hours.
            "--deselect=tests/services/untrusted/test_guard_of_returned.py::test_what_libreoffice_saves_passes_without_a_word",
        ),
    ),
)
