"""A text that cannot be read as an answer: kept, listed, merged and carried in files as what it is."""

from dataclasses import replace

from capacity_app.domain.assessment.answer_rules import check_content, effective_answer
from capacity_app.domain.assessment.answers import Address, Answer, AnswerKey, AnswerState, Content
from capacity_app.domain.assessment.findings import FindingKind
from capacity_app.domain.assessment.merging import merge_revisions
from capacity_app.domain.assessment.quality import check_quality
from capacity_app.domain.assessment.revisions import Revision, RevisionId
from capacity_app.domain.scoring.answer_sheet import lay_out_dossier
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.workbook.reader.reader import read_returned
from capacity_app.outputs.workbook.writer import workbook_bytes
from capacity_app.services.session.dossier_json import assemble_dossier, dossier_to_json, read_dossier
from tests.builders import small_dossier
from tests.outputs.workbook.returning.patching import nothing_else

KEY = AnswerKey(Address("ii.next"), respondent="agency-nso")
UNREAD = Content(value="Nov 20x4", note="from the yearbook")


def test_it_is_kept_where_something_is_typed_and_nowhere_else() -> None:
    instrument = small_dossier().instrument
    assert check_content(instrument, KEY, replace(UNREAD, value=" Nov 20x4 ")) == (UNREAD, None)
    level = AnswerKey(Address("i.law"), respondent="agency-nso")
    assert check_content(instrument, level, UNREAD)[0] == replace(UNREAD, value=None)
    assert check_content(instrument, KEY, replace(UNREAD, state=AnswerState.UNKNOWN))[0].value is None


def test_it_counts_as_nothing() -> None:
    given = Answer(
        key=AnswerKey(KEY.address, respondent="agency-moi"), content=Content(state=AnswerState.ANSWERED, value="2024")
    )
    assert effective_answer([Answer(key=KEY, content=UNREAD)]).state is AnswerState.NOT_ASKED
    assert effective_answer([Answer(key=KEY, content=UNREAD), given]).value == "2024"


def test_it_is_found_by_the_check() -> None:
    dossier = replace(small_dossier(), answers=(Answer(key=KEY, content=UNREAD),))
    found = [one for one in check_quality(dossier, lay_out_dossier(dossier)) if one.kind is FindingKind.UNREAD]
    assert [one.problem.text(str) for one in found] == [
        "“Nov 20x4” cannot be read as an answer. Correct the text, or clear it."
    ]
    assert found[0].address == KEY.address


def test_it_goes_through_a_dossier_unchanged() -> None:
    dossier = replace(small_dossier(), answers=(Answer(key=KEY, content=UNREAD),))
    read, problems = assemble_dossier(read_dossier(dossier_to_json(dossier, {})))
    assert problems == ()
    assert read.answers[0].content == UNREAD


def test_it_goes_through_a_workbook_and_is_no_change_in_it() -> None:
    dossier = replace(small_dossier(), answers=(Answer(key=KEY, content=UNREAD),))
    returned = read_returned(workbook_bytes(dossier, texts=Translator()), "x.xlsx", dossier.instrument)
    assert returned.recorded[0].content == UNREAD
    assert nothing_else(returned)


def test_laptops_merge_it_as_any_answer() -> None:
    start = Revision(id=RevisionId("a", 1), key=KEY, content=Content())
    typed = Revision(id=RevisionId("a", 2), key=KEY, content=UNREAD, parents=(start.id,))
    answered = replace(typed, id=RevisionId("b", 2), content=Content(state=AnswerState.ANSWERED, value="2024"))
    noted = replace(typed, id=RevisionId("b", 2), content=Content(evidence=("e-1",)))
    assert [one.field for one in merge_revisions((start, typed, answered)).contests] == ["value"]
    assert merge_revisions((start, typed, noted)).shown.content == replace(UNREAD, evidence=("e-1",))
