"""Beside a table's rows: why one does not apply, notes on rows and columns, evidence; remarks, and who sends."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from capacity_app.domain.assessment.answers import AnswerState, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.privacy import ReportProfile
from capacity_app.domain.assessment.registers import Evidence
from capacity_app.domain.assessment.returned_files import ReturnedContent
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.workbook.reader import answer_reader
from capacity_app.outputs.workbook.reader.reader import read_returned
from capacity_app.outputs.workbook.writer import workbook_bytes
from capacity_app.services.session.demonstration import demonstration
from tests.builders import dated, small_dossier, small_instrument
from tests.domain.making import say
from tests.outputs.workbook.returning.patching import Sent, changes, nothing_else

NSO = "agency-nso"


def with_answers(*answers: Any, **more: Any) -> Dossier:
    return small_dossier(answers=dated(answers), **more)


def only(returned: ReturnedContent) -> tuple[str, Content]:
    assert returned.problems == ()
    assert returned.unplaced == ()
    (one,) = returned.edited
    return str(one.address), one.now


@pytest.fixture(scope="module")
def sent() -> Sent:
    return Sent(small_dossier())


def test_a_reason_typed_beside_a_row_says_that_it_does_not_apply(sent: Sent) -> None:
    place, now = only(sent.said({"iii.topics/a @reason": "Not our mandate."}))
    assert (place, now.state, now.reason) == ("iii.topics/a", AnswerState.NOT_APPLICABLE, "Not our mandate.")


def test_another_reason_is_another_reason_and_none_makes_the_row_apply(sent: Sent) -> None:
    place, now = only(sent.said({"iii.topics/b @reason": "Flows are not recorded."}))
    assert (place, now.state, now.reason) == ("iii.topics/b", AnswerState.NOT_APPLICABLE, "Flows are not recorded.")
    place, now = only(sent.said({"iii.topics/b @reason": None}))
    assert (place, now.state, now.reason) == ("iii.topics/b", AnswerState.NOT_ASKED, "")


def test_the_instruments_own_reason_is_no_answer_until_somebody_changes_it() -> None:
    sent = Sent(with_answers())
    assert nothing_else(sent.read())
    place, now = only(sent.said({"iii.topics/c @reason": None}))
    assert (place, now.state, now.value) == ("iii.topics/c", AnswerState.ANSWERED, None)
    place, now = only(sent.said({"iii.topics/c @reason": "Counted by UNHCR."}))
    assert (place, now.state, now.reason) == ("iii.topics/c", AnswerState.NOT_APPLICABLE, "Counted by UNHCR.")


@pytest.mark.check
def test_a_row_that_another_answer_took_out_comes_back_only_by_that_answer() -> None:
    dossier = demonstration()[0]
    question, column = next(
        (question, column)
        for question in dossier.instrument.questions()
        if (column := question.importance_column) and any(option.not_applicable for option in column.options)
    )
    option = next(option for option in column.options if option.not_applicable)
    row = question.rows[0]
    answer = say(f"{question.id}/{row.id}/{column.id}", option.id)
    sent = Sent(Dossier(id="x", instrument=dossier.instrument, answers=dated([answer])))
    assert nothing_else(sent.read())
    returned = sent.said({f"{question.id}/{row.id} @reason": None})
    assert [problem.message for problem in returned.problems] == [answer_reader.OUT_BY_ANOTHER]
    assert returned.edited == ()


def test_a_note_typed_beside_a_row_is_on_the_row(sent: Sent) -> None:
    place, now = only(sent.said({"iii.topics/c @note": "Available: in the census only."}))
    assert (place, now.note) == ("iii.topics/c", "Available: in the census only.")


NOTED = (
    say("iii.topics/a", state=AnswerState.NOT_ASKED, who=NSO, note="On the row."),
    say("iii.topics/a/available", 2, who=NSO, note="In the census."),
    say("iii.topics/a/demand", "high", who=NSO, reason="By law.", note="Every year.\nTwice."),
)
SHOWN = "On the row.\nAvailable: In the census.\nDemand: By law.\nDemand: Every year.\nTwice."


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (SHOWN.replace("census", "register"), {"iii.topics/a/available": ("", "In the register.")}),
        (SHOWN.replace("On the row.", "On the whole row."), {"iii.topics/a": ("", "On the whole row.")}),
        (SHOWN.replace("Twice.", "Three times."), {"iii.topics/a/demand": ("By law.", "Every year.\nThree times.")}),
        (SHOWN.replace("law", "decree"), {"iii.topics/a/demand": ("By decree.", "Every year.\nTwice.")}),
        (SHOWN.replace("Available: In the census.\n", ""), {"iii.topics/a/available": ("", "")}),
        (SHOWN.replace("Demand: By law.\n", ""), {"iii.topics/a/demand": ("", "Every year.\nTwice.")}),
        (f"{SHOWN}\nRemark: none.", {"iii.topics/a/remark": ("", "none.")}),
        (f"{SHOWN}\nAvailable: And elsewhere.", {"iii.topics/a/available": ("", "In the census.\nAnd elsewhere.")}),
        (
            None,
            {"iii.topics/a": ("", ""), "iii.topics/a/available": ("", ""), "iii.topics/a/demand": ("", "")},
        ),
    ],
)
def test_notes_on_a_row_and_its_columns_are_told_apart(typed: str | None, said: dict[str, tuple[str, str]]) -> None:
    sent = Sent(with_answers(*NOTED))
    assert nothing_else(sent.read())
    returned = sent.said({"iii.topics/a @note": typed})
    assert (returned.problems, returned.unplaced, returned.remarks) == ((), (), ())
    assert {str(one.address): (one.now.reason, one.now.note) for one in returned.edited} == said
    assert all((one.now.state, one.now.value) == (one.before.state, one.before.value) for one in returned.edited)


@pytest.mark.check
def test_notes_that_cannot_be_told_apart_are_a_remark() -> None:
    sent = Sent(with_answers(*NOTED))
    text = SHOWN.replace("Demand: By law.\n", "").replace("Every year.", "Never.")
    returned = sent.said({"iii.topics/a @note": text})
    assert returned.edited == ()
    assert [(str(one.address), one.text) for one in returned.remarks] == [("iii.topics/a", text)]


def test_a_note_where_several_spoke_is_on_the_row() -> None:
    more = say("iii.topics/a/available", 2, who="agency-moi", note="Ours.")
    sent = Sent(with_answers(*NOTED, more))
    assert nothing_else(sent.read())
    place, now = only(sent.said({"iii.topics/a @note": "Both agree."}))
    assert (place, now.note) == ("iii.topics/a", "Both agree.")


def test_the_table_as_a_whole_may_not_apply(sent: Sent) -> None:
    place, now = only(sent.said({"iii.topics @reason": "No migration."}))
    assert (place, now.state, now.reason) == ("iii.topics", AnswerState.NOT_APPLICABLE, "No migration.")
    out = Sent(with_answers(say("iii.topics", state=AnswerState.NOT_APPLICABLE, reason="None here.", who=NSO)))
    assert nothing_else(out.read())
    place, now = only(out.said({"iii.topics @reason": None}))
    assert (place, now.state, now.reason) == ("iii.topics", AnswerState.NOT_ASKED, "")


# -- evidence --------------------------------------------------------------------------------------------------------

TWO = (
    Evidence(id="evidence-1", title="Statistics Act", link="https://example.org/act"),
    Evidence(id="evidence-2", file_name="census.pdf", title=""),
)


def test_evidence_that_is_taken_out_is_no_longer_named_and_more_is_a_remark() -> None:
    answers = (say("i.law", 3, who=NSO, evidence=("evidence-1", "evidence-2")),)
    sent = Sent(with_answers(*answers, evidence=TWO))
    assert nothing_else(sent.read())
    place, now = only(sent.said({"i.law @source": "[2] E1 census.pdf"}))
    assert (place, now.evidence) == ("i.law", ("evidence-2",))
    returned = sent.said({"i.law @source": "[1] E1 Statistics Act\n[2] E1 census.pdf\nThe decree of 2019"})
    assert returned.edited == ()
    assert [(str(one.address), one.text) for one in returned.remarks] == [("i.law", "The decree of 2019")]
    returned = sent.said({"i.law @source": "[1] E1 Statistics Act of 2015\n[2] E1 census.pdf"})
    assert returned.edited == ()
    assert [one.text for one in returned.remarks] == ["[1] E1 Statistics Act of 2015"]
    assert only(sent.said({"i.law @source": None}))[1].evidence == ()


def test_a_document_named_where_none_was_is_a_remark(sent: Sent) -> None:
    returned = sent.said({"i.how @source": "Our decree", "iii.topics/c @source": "A law"})
    assert returned.edited == ()
    assert [(str(one.address), one.text) for one in returned.remarks] == [
        ("i.how", "Our decree"), ("iii.topics/c", "A law")
    ]  # fmt: skip


def test_evidence_of_a_row_is_taken_out_of_every_answer_in_it() -> None:
    answers = (
        say("iii.topics/a/available", 2, who=NSO, evidence=("evidence-1",)),
        say("iii.topics/a/demand", "high", who=NSO, evidence=("evidence-1", "evidence-2")),
    )
    sent = Sent(with_answers(*answers, evidence=TWO))
    assert nothing_else(sent.read())
    returned = sent.said({"iii.topics/a @source": "[2] E1 census.pdf"})
    assert {str(one.address): one.now.evidence for one in returned.edited} == {
        "iii.topics/a/available": (),
        "iii.topics/a/demand": ("evidence-2",),
    }


def test_without_its_register_evidence_is_known_by_its_numbers() -> None:
    sent = Sent(with_answers(say("i.law", 3, who=NSO, evidence=("evidence-1", "evidence-2")), evidence=TWO))

    def read(source: str) -> ReturnedContent:
        book = load_workbook(io.BytesIO(sent.edited({sent.where("i.law", "@source"): source})))
        del book["Evidence"]
        buffer = io.BytesIO()
        book.save(buffer)
        return sent.read(buffer.getvalue())

    both = "[1] E1 Statistics Act\n[2] E0 census.pdf"
    assert nothing_else(read(both))
    assert [one.text for one in read(f"{both}\nThe decree").remarks] == ["The decree"]


# -- remarks and who sends -------------------------------------------------------------------------------------------


def test_remarks_come_with_who_wrote_them_and_when(sent: Sent) -> None:
    returned = sent.said(
        {
            "i.law @remarks": "See our letter.",
            "iii.topics/a @remarks": "Ask the border guard.",
            "iii.topics @remarks": "A long table.",
            "@returned agency": "MoI",
            "@returned person": " C. Clerk,\nHead ",
            "@returned date": "29.11.2019",
        }
    )
    assert (returned.agency, returned.person, returned.date) == ("agency-moi", "C. Clerk, Head", "2019-11-29")
    assert {str(one.address): one.text for one in returned.remarks} == {
        "i.law": "See our letter.", "iii.topics/a": "Ask the border guard.", "iii.topics": "A long table."
    }  # fmt: skip
    assert {(one.author, one.date) for one in returned.remarks} == {("C. Clerk, Head", "2019-11-29")}
    assert all(", " in one.place for one in returned.remarks)
    assert returned.edited == ()


def test_an_agency_that_is_in_no_register_is_told_as_typed(sent: Sent) -> None:
    returned = sent.said({"@returned agency": "Coast Guard", "@returned date": "last week"})
    assert (returned.agency, returned.date) == ("Coast Guard", "last week")


def test_remarks_on_registers_and_gaps_are_on_what_they_are_about(sent: Sent) -> None:
    cells = {
        mark: (sheet, column)
        for sheet in ("Data sources", "Gap register", "Action plan", "Evidence")
        for mark, column in sent.register_cells(sheet)
    }
    wanted = {"@sources source-1": "source", "@evidence evidence-law": "evidence", "@actions action-1": "action"}
    gap = next(mark for mark in cells if mark.startswith("@gaps "))
    returned = sent.read(sent.edited({cells[mark]: text for mark, text in {**wanted, gap: "gap"}.items()}))
    assert {one.text: str(one.address) for one in returned.remarks} == {
        "source": "sources/source-1",
        "evidence": "evidence/evidence-law",
        "action": "actions/action-1",
        "gap": gap.removeprefix("@gaps "),
    }


# -- the blank form, profiles, languages -----------------------------------------------------------------------------

FILLED = {
    "i.law": 2, "i.published": "Yes", "i.contents #flows": "Yes", "ii.staff": "12", "ii.census @state": "unknown",
    "iii.topics/a/available": 3, "iii.topics/b @reason": "No flows.", "i.law @note": "By decree.",
}  # fmt: skip


@pytest.mark.parametrize("dossier", [Dossier(id="", instrument=small_instrument()), small_dossier(answers=())])
def test_a_form_filled_in_by_an_agency(dossier: Dossier) -> None:
    sent = Sent(dossier)
    assert nothing_else(sent.read())
    returned = sent.said(FILLED)
    assert returned.problems == ()
    assert {where: after for where, (_, after) in changes(returned).items()} == {
        "i.law": (AnswerState.ANSWERED, 2),
        "i.published": (AnswerState.ANSWERED, "yes"),
        "i.contents": (AnswerState.ANSWERED, ("flows",)),
        "ii.staff": (AnswerState.ANSWERED, 12),
        "ii.census": (AnswerState.UNKNOWN, None),
        "iii.topics/a/available": (AnswerState.ANSWERED, 3),
        "iii.topics/b": (AnswerState.NOT_APPLICABLE, None),
    }
    assert all(one.before.is_empty for one in returned.edited)
    assert {one.respondent for one in returned.edited} == {""}


@pytest.mark.check
def test_the_blank_form_of_the_toolkit_in_every_language() -> None:
    blank = Dossier(id="", instrument=demonstration()[0].instrument)
    for language in ("en", "ar", "fr", "qps"):
        content = workbook_bytes(blank, texts=Translator(language))
        returned = read_returned(content, "blank.xlsx", blank.instrument)
        assert nothing_else(returned)
        assert returned.answers == ()


@pytest.mark.parametrize("profile", ["no-names", "no-scores"])
def test_a_copy_for_others_is_read_as_any(profile: str) -> None:
    sent = Sent(small_dossier(), "en", profile=ReportProfile.parse(profile))
    returned = sent.said({"i.how": "online", "ii.staff @note": "Twelve at the end of the year."})
    assert {str(one.address) for one in returned.edited} == {"i.how", "ii.staff"}
    assert returned.problems == ()
