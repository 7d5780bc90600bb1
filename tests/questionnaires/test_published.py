"""A questionnaire inside a file is the published one, a modified one, or one of somebody's own."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from capacity_app import paths
from capacity_app.domain.questionnaire.instrument import ChoiceOption, Instrument
from capacity_app.domain.questionnaire.versions import PUBLISHED, PublicationStatus, publication_status
from capacity_app.questionnaires.instrument_json import decode_instrument, encode_instrument
from capacity_app.questionnaires.reader import offered_supplements, read_instrument
from tests.builders import small_instrument

FOLDERS = sorted(file.parent for file in paths.instruments_folder().glob("*/instrument.toml"))


def read(folder: Path, *supplements: str) -> Instrument:
    instrument, problems = read_instrument(folder, supplements)
    assert instrument is not None, problems
    return instrument


def whole(folder: Path) -> Instrument:
    return read(folder, *(one.id for one in offered_supplements(folder)))


@pytest.fixture(scope="module")
def toolkit() -> Instrument:
    return whole(paths.instruments_folder() / "unsd-nmdc")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_list_holds_every_questionnaire_that_is_published(folder: Path) -> None:
    """Failing, it shows the hashes to add to ``PUBLISHED``; those that stand there stay, for files already made."""
    instrument = whole(folder)
    known = PUBLISHED.get((instrument.id, instrument.version), {})
    assert {name: digest for name, digest in instrument.part_hashes.items() if digest not in known.get(name, ())} == {}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_it_is_published_with_any_choice_of_supplements(folder: Path) -> None:
    names = [one.id for one in offered_supplements(folder)]
    for chosen in ([], *([name] for name in names), names[::-1]):
        assert publication_status(read(folder, *chosen)) is PublicationStatus.PUBLISHED


def test_a_copy_out_of_a_file_is_published_too(toolkit: Instrument) -> None:
    assert publication_status(decode_instrument(encode_instrument(toolkit))) is PublicationStatus.PUBLISHED


def with_full_points(toolkit: Instrument, section: int) -> Instrument:
    def bought(option: ChoiceOption) -> ChoiceOption:
        return replace(option, points=Fraction(1)) if option.points is not None else option

    changed = toolkit.sections[section]
    questions = tuple(
        replace(
            question,
            options=tuple(map(bought, question.options)),
            columns=tuple(replace(column, options=tuple(map(bought, column.options))) for column in question.columns),
        )
        for question in changed.questions
    )
    sections = list(toolkit.sections)
    sections[section] = replace(changed, questions=questions)
    return replace(toolkit, sections=tuple(sections))


MODIFIED: dict[str, Callable[[Instrument], Instrument]] = {
    "points of the core": lambda one: with_full_points(one, 5),
    "points of a supplement": lambda one: with_full_points(one, -2),
    "a question left out": lambda one: replace(
        one, sections=(replace(one.sections[0], questions=one.sections[0].questions[1:]), *one.sections[1:])
    ),
    "a part left out": lambda one: replace(one, sections=one.sections[1:]),
    "when a score is firm": lambda one: replace(one, thresholds=replace(one.thresholds, firm=Fraction(1, 10))),
    "a contradiction left out": lambda one: replace(one, contradictions=one.contradictions[1:]),
    "the title": lambda one: replace(one, title="Another toolkit"),
}


@pytest.mark.parametrize("change", MODIFIED)
def test_whatever_is_changed_is_found(toolkit: Instrument, change: str) -> None:
    modified = MODIFIED[change](toolkit)
    assert modified != toolkit
    assert publication_status(modified) is PublicationStatus.MODIFIED


def test_a_country_may_add_a_supplement_of_its_own(toolkit: Instrument) -> None:
    own = replace(small_instrument().sections[0], supplement="XX")
    added = replace(toolkit, sections=(*toolkit.sections, own), supplements=(*toolkit.supplements, "XX"))
    assert publication_status(added) is PublicationStatus.PUBLISHED


def test_another_questionnaire_is_not_called_modified(toolkit: Instrument) -> None:
    assert publication_status(small_instrument()) is PublicationStatus.UNPUBLISHED
    assert publication_status(replace(toolkit, version="9.9")) is PublicationStatus.UNKNOWN_VERSION
