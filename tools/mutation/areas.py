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
        ("domain/scoring.py", "domain/sheet.py", "domain/effective.py", "domain/conditions.py"),
        (
            "tests/domain/test_scoring.py",
            "tests/domain/test_scoring_details.py",
            "tests/domain/test_layout.py",
            "tests/domain/test_conditions.py",
        ),
    ),
    Area(
        "revisions",
        ("domain/revisions.py", "domain/merging.py", "services/revising.py", "services/ledger.py"),
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
        ("domain/migration*.py", "domain/succession.py", "services/migrating.py"),
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
        ("services/guard.py", "services/strangers/*.py"),
        (
            "tests/services/test_guard.py",
            "tests/services/strangers",
            # Starting LibreOffice for each mutant would take hours.
            "--deselect=tests/services/strangers/test_guard_of_returned.py::test_what_libreoffice_saves_passes_without_a_word",
        ),
    ),
)
