"""The demonstrations are complete and coherent; the first one shows everything the program can show."""

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from pathlib import Path

import pytest

from capacity_app.domain.assessment.answer_rules import check_content
from capacity_app.domain.assessment.answers import Address, Answer, AnswerLayer, AnswerState
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import REGISTERS
from capacity_app.domain.problems import KnownError
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.scoring.answer_sheet import AnswerSheet, ItemStatus, lay_out
from capacity_app.domain.scoring.gaps import GapSeverity, Priority, find_dependency_cycle, find_gaps
from capacity_app.domain.scoring.scores import Band, Scorecard, ScoreStatus, score_sheet
from capacity_app.services.session import entries_and_documents
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.demonstration import (
    DEMONSTRATIONS,
    create_demonstration,
    demonstration,
    demonstration_folder,
)

DELIBERATE = {"velmora": ["ix-joint-product"], "safaran": []}
"""The one contradiction a story contains: two people of one office disagree about what a joint product is."""

SCRIPTS = {"velmora": {"LATIN"}, "safaran": {"LATIN", "ARABIC"}}


@dataclass(frozen=True)
class Demonstration:
    name: str
    dossier: Dossier
    documents: dict[str, bytes]

    @cached_property
    def sheet(self) -> AnswerSheet:
        return laid(self.dossier)

    @cached_property
    def scorecard(self) -> Scorecard:
        return score_sheet(self.sheet)

    @property
    def previous(self) -> Dossier:
        assert self.dossier.previous is not None
        return self.dossier.previous


def laid(dossier: Dossier) -> AnswerSheet:
    return lay_out(dossier.instrument, dossier.by_address, {entry.id: entry.grade for entry in dossier.evidence})


@pytest.fixture(scope="module")
def demo() -> Demonstration:
    return Demonstration(DEMONSTRATIONS[0], *demonstration())


@pytest.fixture(scope="module", params=DEMONSTRATIONS)
def each(request: pytest.FixtureRequest) -> Demonstration:
    return Demonstration(request.param, *demonstration(request.param))


def test_every_wanted_place_has_been_asked(each: Demonstration) -> None:
    assert [str(item.address) for item in each.sheet.items() if item.is_unanswered] == []
    assert each.sheet.counts.share == 1


def test_nothing_is_said_where_nothing_is_wanted(each: Demonstration) -> None:
    idle = [item for item in each.sheet.items() if item.standing is not ItemStatus.WANTED and item.answer.layer]
    assert [str(item.address) for item in idle] == []


def test_every_answer_of_both_rounds_may_be_stored_as_it_is(each: Demonstration) -> None:
    for answer in (*each.dossier.answers, *each.previous.answers):
        assert check_content(each.dossier.instrument, answer.key, answer.content) == (answer.content, None)


def test_every_state_and_every_layer_appears(demo: Demonstration) -> None:
    assert {answer.content.state for answer in demo.dossier.answers} == set(AnswerState)
    assert {answer.key.layer for answer in demo.dossier.answers} == set(AnswerLayer)


def test_six_agencies_answer_in_their_own_name(demo: Demonstration) -> None:
    respondents = {answer.key.respondent for answer in demo.dossier.answers} - {""}
    assert respondents == {agency.id for agency in demo.dossier.agencies}
    assert len(respondents) == 6


def test_the_assessor_settles_most_differences_with_a_reason_and_leaves_some_open(demo: Demonstration) -> None:
    judgements = [answer for answer in demo.dossier.answers if answer.key.layer is AnswerLayer.JUDGEMENT]
    assert all(answer.content.reason for answer in judgements)
    assert all(has_different_responses(demo.dossier, answer) for answer in judgements)
    conflicts = [item for item in demo.sheet.items() if item.answer.conflict]
    assert 2 <= len(conflicts) <= 4
    assert len(judgements) > len(conflicts)


def has_different_responses(dossier: Dossier, judgement: Answer) -> bool:
    responses = [a for a in dossier.by_address[judgement.key.address] if a.key.layer is AnswerLayer.RESPONSE]
    return len({(a.content.state, a.content.value) for a in responses}) > 1


def test_no_answers_contradict_each_other_but_the_deliberate_ones(each: Demonstration) -> None:
    found = [one.id for one in each.dossier.instrument.contradictions if one.when.holds(each.sheet.value_of)]
    assert found == DELIBERATE[each.name]


def test_the_previous_round_contradicts_itself_nowhere(each: Demonstration) -> None:
    sheet = laid(each.previous)
    assert [one.id for one in each.previous.instrument.contradictions if one.when.holds(sheet.value_of)] == []


def test_every_core_score_may_be_printed_and_most_are_firm(demo: Demonstration) -> None:
    statuses = Counter(entry.status for entry in demo.scorecard.sections if not entry.section.supplement)
    assert set(statuses) == {ScoreStatus.FIRM, ScoreStatus.PROVISIONAL}
    assert statuses[ScoreStatus.FIRM] > 2 * statuses[ScoreStatus.PROVISIONAL]


@pytest.mark.check
def test_every_score_lies_within_its_interval(each: Demonstration) -> None:
    for entry in each.scorecard.sections:
        value, lower, upper = entry.score.value, entry.score.lower, entry.score.upper
        assert value is not None
        assert lower is not None
        assert upper is not None
        assert lower <= value <= upper, entry.section.id


def test_all_four_bands_appear_and_the_whole_is_in_the_middle(demo: Demonstration) -> None:
    scorecards = [demo.scorecard, score_sheet(laid(demonstration(DEMONSTRATIONS[1])[0]))]
    bands = [entry.bands for scorecard in scorecards for entry in scorecard.sections]
    assert {band[0] for band in bands if len(band) == 1} == set(Band)
    assert any(len(band) == 2 for band in bands)
    overall = demo.scorecard.overall.value
    assert overall is not None
    assert 45 <= overall <= 60


def test_evidence_of_every_grade_supports_answers(demo: Demonstration) -> None:
    used = {entry for answer in demo.dossier.answers for entry in answer.content.evidence}
    assert used == set(demo.dossier.evidence_by_id)
    assert {demo.dossier.evidence_by_id[entry].grade for entry in used} == {1, 2, 3}
    assert demo.scorecard.overall.verified != demo.scorecard.overall.value


def test_held_documents_are_what_their_names_say(each: Demonstration) -> None:
    held = [entry for entry in each.dossier.evidence if entry.document]
    assert len(held) == len(each.documents) > 0
    for entry in held:
        file = demonstration_folder(each.name) / "documents" / entry.file_name
        document = entries_and_documents.read_document(file, 0)
        assert (document.hash, document.media_type) == (entry.document, entry.media_type)
        assert each.documents[entry.document] == document.content
        assert entry.size == len(document.content)


def test_every_source_is_used_and_every_agency_was_met(each: Demonstration) -> None:
    values = [answer.content.value for answer in each.dossier.answers]
    named = {name for value in values if isinstance(value, tuple) for name in value}
    assert {source.id for source in each.dossier.sources} <= named
    assert {name for meeting in each.dossier.meetings for name in meeting.agencies} == set(each.dossier.agency_by_id)
    assert {name for meeting in each.dossier.meetings for name in meeting.people} == {
        person.id for person in each.dossier.people
    }


def test_actions_and_ratings_are_about_real_gaps_and_can_be_done_in_order(demo: Demonstration) -> None:
    known, to_verify = find_gaps(demo.sheet, demo.dossier.ratings)
    addresses = {str(gap.address) for gap in (*known, *to_verify)}
    actions = demo.dossier.actions
    assert {gap for action in actions for gap in action.gaps} <= addresses
    assert {rating.id for rating in demo.dossier.ratings} <= addresses
    assert all(
        action.gaps and action.responsible and (action.cost or action.amount) and action.indicator for action in actions
    )
    assert any(action.depends_on for action in actions)
    assert find_dependency_cycle(actions) == ()
    assert {action.funding for action in actions} == {
        code.id for code in demo.dossier.instrument.codes["funding_status"]
    }


def test_an_action_begins_after_those_it_depends_on_have_begun(each: Demonstration) -> None:
    by_id = {action.id: action for action in each.dossier.actions}
    for action in by_id.values():
        assert action.start <= action.end
        assert all(by_id[earlier].start <= action.start for earlier in action.depends_on), action.id


def test_gaps_of_every_severity_and_every_priority_appear(demo: Demonstration) -> None:
    known, to_verify = find_gaps(demo.sheet, demo.dossier.ratings)
    assert {gap.severity_class for gap in known} == set(GapSeverity) - {GapSeverity.NONE}
    assert {gap.priority for gap in known} == set(Priority)
    assert to_verify


def test_every_date_fits_the_mission(each: Demonstration) -> None:
    for dossier in (each.dossier, each.previous):
        start, end = date.fromisoformat(dossier.mission.start), date.fromisoformat(dossier.mission.end)
        assert start <= end
        assert all(start <= date.fromisoformat(meeting.date) <= end for meeting in dossier.meetings)
        assert all(date.fromisoformat(source.last_date) <= start for source in dossier.sources)
        assert all(start <= date.fromisoformat(action.start) for action in dossier.actions)
        for answer in dossier.answers:
            said, layer = date.fromisoformat(answer.time[:10]), answer.key.layer
            assert (end < said) if layer is AnswerLayer.VALIDATED else (start <= said <= end), answer.key
        items = [item for item in laid(dossier).items() if item.answer.value is not None]
        years = [item.answer.value for item in items if item.field.kind is AnswerKind.YEAR]
        assert max(year for year in years if isinstance(year, int)) <= start.year
    assert each.sheet.value_of(Address("ii.dates", "collection", "first")) == each.dossier.mission.start
    assert each.previous.mission.end < each.dossier.mission.start


def test_statistics_of_one_source_refer_to_no_later_date_than_the_source(each: Demonstration) -> None:
    for dossier in (each.dossier, each.previous):
        last = {source.id: source.last_date for source in dossier.sources}
        values = {item.address: item.answer.value for item in laid(dossier).items()}
        for address, sources in values.items():
            if address.question != "iii.statistics" or address.column != "sources" or not isinstance(sources, tuple):
                continue
            reference = values[Address(address.question, address.row, "reference_date")]
            assert str(reference or "") <= max(last[source] for source in sources), address


def numbers(text: str) -> list[int]:
    return [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", text)]


def test_shares_and_balances_in_the_notes_are_right(each: Demonstration) -> None:
    checked = 0
    for answer in each.dossier.answers:
        note = answer.content.note
        for share, whole in re.findall(r"([\d.]+) % of ([\d,]+) residents", note):
            assert isinstance(answer.content.value, int)
            assert round(100 * answer.content.value / numbers(whole)[0], 1) == float(share), answer.key
            checked += 1
        for arrivals, departures, sign, balance in re.findall(
            r"([\d,]+) arrivals − ([\d,]+) departures = (−?)([\d,]+)", note
        ):
            result = numbers(balance)[0] * (-1 if sign else 1)
            assert numbers(arrivals)[0] - numbers(departures)[0] == result, answer.key
            checked += 1
    assert checked


def test_tables_held_as_documents_add_up_and_are_quoted(each: Demonstration) -> None:
    tables = [entry for entry in each.dossier.evidence if entry.media_type == "text/csv"]
    assert tables
    for entry in tables:
        rows = list(csv.reader(each.documents[entry.document].decode("utf-8").splitlines()))
        header = next(row for row in rows if "total" in row)
        first = header.index("total")
        *body, total = [[int(cell) for cell in row[first:]] for row in rows[rows.index(header) + 1 :]]
        assert total == [sum(column) for column in zip(*body, strict=True)]
        assert all(whole == sum(parts) for whole, *parts in (*body, total))
        cited = [answer.content.note for answer in each.dossier.answers if entry.id in answer.content.evidence]
        assert any(total[0] in numbers(note) for note in cited)


def test_the_money_of_an_action_is_no_more_than_its_cost(each: Demonstration) -> None:
    for action in each.dossier.actions:
        assert Fraction(action.funded or 0) <= Fraction(action.amount or 0), action.id
        assert bool(action.currency) == bool(action.amount), action.id
        assert (action.funding == "partly") == bool(action.funded), action.id


def test_since_the_previous_round_most_things_improved_some_got_worse(demo: Demonstration) -> None:
    earlier, now = score_sheet(laid(demo.previous)).overall.value, demo.scorecard.overall.value
    assert demo.previous.mission.country == demo.dossier.mission.country
    assert (demo.previous.mission.round, demo.dossier.mission.round) == ("2018", "2023")
    assert earlier is not None
    assert now is not None
    assert earlier + Fraction(15) < now
    before = {item.address: item.answer.value for item in laid(demo.previous).items()}
    levels = [(before[item.address], item.answer.value) for item in demo.sheet.items()]
    pairs = [(old, new) for old, new in levels if isinstance(old, int) and isinstance(new, int)]
    assert sum(old < new for old, new in pairs) > sum(old > new for old, new in pairs) > 2


def test_one_disaggregation_by_sex_was_lost_since_the_previous_round(demo: Demonstration) -> None:
    before = {item.address: item.answer.value for item in laid(demo.previous).items()}
    lost = [
        str(item.address)
        for item in demo.sheet.items()
        if isinstance(item.answer.value, tuple)
        and any(option.alert and option.id in (ticked(before[item.address])) for option in item.field.options)
        and not any(option.alert and option.id in item.answer.value for option in item.field.options)
    ]
    assert lost == ["iii.statistics/residence-permits/disaggregation"]


def ticked(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def test_reading_twice_gives_the_same_dossier_and_documents(each: Demonstration) -> None:
    assert demonstration(each.name) == (each.dossier, each.documents)


def test_every_answer_has_its_author_and_a_time_of_its_own(demo: Demonstration) -> None:
    for dossier, years in ((demo.dossier, {"2023"}), (demo.previous, {"2018", "2019"})):
        assert all(answer.author for answer in dossier.answers)
        assert {answer.time[:4] for answer in dossier.answers} == years
        assert all(answer.time.endswith("+00:00") for answer in dossier.answers)


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from texts(part)
    elif is_dataclass(value):
        for item in fields(value):
            yield from texts(getattr(value, item.name))


def test_texts_are_in_scripts_for_which_we_ship_a_font(each: Demonstration) -> None:
    said = [*each.dossier.answers]
    registers = [getattr(each.dossier, name) for name in REGISTERS]
    letters = {letter for text in texts((*said, *registers)) for letter in text if letter.isalpha()}
    assert {unicodedata.name(letter).split()[0] for letter in letters} == SCRIPTS[each.name]


def test_the_demonstration_becomes_an_assessment_file_that_says_the_same(each: Demonstration, tmp_path: Path) -> None:
    file = tmp_path / "each.assessment"
    create_demonstration(file, each.name, device="test")
    session = AssessmentSession(file, device="test")
    try:
        assert session.dossier() == each.dossier
        assert {key: session.document(key) for key in each.documents} == each.documents
    finally:
        session.close()


def test_an_existing_file_is_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "demo.assessment"
    file.write_bytes(b"mine")
    with pytest.raises(KnownError):
        create_demonstration(file, device="test")
    assert file.read_bytes() == b"mine"
