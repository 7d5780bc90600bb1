"""What a ministry writes into a cell, whatever its spreadsheet makes of it: read where it means one thing alone."""

from dataclasses import replace
from typing import Any

import pytest

from capacity_app.domain.assessment.answers import TEXT_LIMIT, AnswerState, AnswerValue
from capacity_app.domain.assessment.merging import DiffKind
from capacity_app.domain.assessment.registers import Agency
from capacity_app.domain.assessment.returned_files import build_import_proposal
from capacity_app.domain.problems import ProblemSeverity
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.workbook.reader import answer_reader, decoding, lines
from capacity_app.outputs.workbook.sheet_marks import ColumnSlot
from tests.builders import small_dossier, small_instrument
from tests.domain.making import choice
from tests.outputs.workbook.returning.patching import Raw, Sent, changes, error, formula, logical, nothing_else

YES, NO, PARTLY = "Yes", "No", "Partly"
UNSEEN = "\u200f\u202b"


@pytest.fixture(scope="module")
def sent() -> Sent:
    return Sent(small_dossier())


def now(sent: Sent, where: str, value: Any) -> tuple[AnswerState, AnswerValue]:
    """Edit one cell; the file must say that and nothing else."""
    returned = sent.said({where: value})
    assert returned.problems == ()
    assert returned.unplaced == ()
    (one,) = returned.edited
    assert str(one.address) == where.split(" ", maxsplit=1)[0]
    assert one.place == "{}, {}".format(*sent.place(where))
    return one.now.state, one.now.value


@pytest.mark.parametrize(
    ("where", "typed", "meant"),
    [
        ("i.law", 2, 2),
        ("i.law", "2", 2),
        ("i.law", " ٢ ", 2),
        ("i.law", "2,0", 2),
        ("i.published", YES, "yes"),
        ("i.published", "yes ", "yes"),
        ("i.published", "\u00a0YES", "yes"),
        ("i.published", logical(is_true=True), "yes"),
        ("i.shared", PARTLY, "partly"),
        ("i.how", "mixed", "mixed"),
        ("i.how", "Mixed ", "mixed"),
        ("ii.name", "Statistics  Act", "Statistics  Act"),
        ("ii.name", "=SUM(A1)", "=SUM(A1)"),
        ("ii.name", 2018, "2018"),
        ("ii.name", 12.5, "12.5"),
        ("ii.staff", 15, 15),
        ("ii.staff", "15", 15),
        ("ii.staff", "12 500", 12500),
        ("ii.staff", "12\u202f500", 12500),
        ("ii.staff", "12’500", 12500),
        ("ii.staff", "۱۵", 15),
        ("ii.staff", "१५", 15),
        ("ii.staff", "๑๕", 15),
        ("ii.staff", "١٬٢٣٤", 1234),
        ("ii.staff", f"{UNSEEN}15\u200e", 15),
        ("ii.staff", "１５", 15),
        ("ii.staff", "12\u00a0500", 12500),
        ("ii.staff", "１２\u3000５００", 12500),
        ("ii.staff", "๑๒ ๕๐๐", 12500),
        ("ii.share", 13, "13"),
        ("ii.share", 0.5, "0.5"),
        ("ii.share", "12,25", "12.25"),
        ("ii.share", "12.25 %", "12.25"),
        ("ii.share", "١٢٫٢٥٪", "12.25"),
        ("ii.share", "0,125", "0.125"),
        ("ii.share", "１２．２５％", "12.25"),
        ("ii.share", "٪١٢،٢٥", "12.25"),
        ("ii.share", "१२.२५ %", "12.25"),
        ("ii.share", "๑๒.๒๕%", "12.25"),
        ("ii.census", 2014, 2014),
        ("ii.census", "2014", 2014),
        ("ii.next", "2019-11-29", "2019-11-29"),
        ("ii.next", "2019-11", "2019-11"),
        ("ii.next", "2019", "2019"),
        ("ii.next", 2019, "2019"),
        ("ii.next", "29/11/2019", "2019-11-29"),
        ("ii.next", "11/29/2019", "2019-11-29"),
        ("ii.next", "05.05.2019", "2019-05-05"),
        ("ii.next", "۲۰۱۹-۱۱-۲۹", "2019-11-29"),
        ("ii.next", "2019年11月29日", "2019-11-29"),
        ("ii.next", "２０１９年１１月", "2019-11"),
        ("ii.next", "２９／１１／２０１９", "2019-11-29"),
        ("ii.next", "๒๙/๑๑/๒๐๑๙", "2019-11-29"),
        ("ii.site", " https://example.org/é ", "https://example.org/é"),
        ("ii.lead", "MoI", ("agency-moi",)),
        ("ii.lead", "moi", ("agency-moi",)),
        ("ii.sources", "Census 2014", ("source-1",)),
        ("ii.origins", "Georgia", ("268",)),
        ("ii.origins", "Peru;Georgia", ("604", "268")),
        ("ii.origins", "Peru؛ Georgia ;", ("604", "268")),
        ("ii.origins", "Peru； Georgia", ("604", "268")),
        ("ii.origins", "Peru، Georgia", ("604", "268")),
        ("ii.origins", "秘鲁、格鲁吉亚", ("604", "268")),
        ("ii.origins", "Pérou; Грузия", ("604", "268")),
        ("i.published", "نعم", "yes"),
        ("i.published", "SÍ", "yes"),
        ("iii.topics/b/available", 1, 1),
        ("iii.topics/a/demand", "HIGH", "high"),
        ("iii.topics/a/remark", "a text", "a text"),
    ],
)
def test_a_value_that_means_one_thing_is_taken(sent: Sent, where: str, typed: Any, meant: AnswerValue) -> None:
    assert now(sent, where, typed) == (AnswerState.ANSWERED, meant)


@pytest.mark.parametrize("language", ["ar", "zh"])
def test_a_label_is_understood_in_any_language_whatever_the_file_speaks(language: str) -> None:
    sent = Sent(small_dossier(), language)
    assert now(sent, "i.published", "Sí") == (AnswerState.ANSWERED, "yes")
    assert now(sent, "i.published", "yes") == (AnswerState.ANSWERED, "yes")
    unknown = Translator("ru").gettext("unknown")
    assert now(sent, "i.how", unknown) == (AnswerState.UNKNOWN, None)
    # A text stays what it is, even if it is a word of ours in another language.
    assert now(sent, "iii.topics/a/remark", unknown) == (AnswerState.ANSWERED, unknown)


BAD: list[tuple[str, Any, str]] = [
    ("i.law", 4, "This must be one of: {allowed}."),
    ("i.law", "much", decoding.NO_NUMBER),
    ("i.law", 1.5, decoding.NO_WHOLE_NUMBER),
    ("i.published", "perhaps", decoding.NO_LABEL),
    ("i.published", PARTLY, decoding.NO_LABEL),
    ("i.published", 1, decoding.NO_LABEL),
    ("i.how", "by pigeon", decoding.NO_LABEL),
    ("i.how", logical(is_true=False), decoding.LOGICAL),
    ("i.contents #flows", "maybe", decoding.NO_LABEL),
    ("i.law @state", "certainly", decoding.NO_STATE),
    ("i.law @note", error("#REF!"), decoding.ERROR),
    ("i.law @note", "x" * (TEXT_LIMIT + 1), decoding.TOO_LONG),
    ("i.law @reason", "x" * (TEXT_LIMIT + 1), decoding.TOO_LONG),
    ("i.law @remarks", "x" * (TEXT_LIMIT + 1), decoding.TOO_LONG),
    ("i.why", "x" * (TEXT_LIMIT + 1), "The text has {length} characters; {longest} are allowed."),
    ("ii.name", "x" * 201, "The text has {length} characters; {longest} are allowed."),
    ("ii.name", logical(is_true=True), decoding.LOGICAL),
    ("ii.staff", "about twelve", decoding.NO_NUMBER),
    ("ii.staff", "1,234", decoding.TWO_NUMBERS),
    ("ii.staff", "1.234", decoding.TWO_NUMBERS),
    ("ii.staff", "٢3", decoding.NO_NUMBER),
    ("ii.staff", "12-15", decoding.NO_NUMBER),
    ("ii.staff", 12.5, decoding.NO_WHOLE_NUMBER),
    ("ii.staff", 200_000, "The number is outside the allowed range {low}–{high}."),
    ("ii.staff", -1, "The number is outside the allowed range {low}–{high}."),
    ("ii.staff", 1e300, "This must be a whole number."),
    ("ii.staff", logical(is_true=True), decoding.LOGICAL),
    ("ii.staff", error("#REF!"), decoding.ERROR),
    ("ii.staff", error("#N/A"), decoding.ERROR),
    ("ii.staff", formula("A1+1"), decoding.FORMULA),
    ("ii.share", "half", decoding.NO_NUMBER),
    ("ii.share", "1,234", decoding.TWO_NUMBERS),
    ("ii.share", "−1", "This must be a percentage, such as 12.5."),
    ("ii.share", 2000, "This must be a percentage, such as 12.5."),
    ("ii.census", 18, "The number is outside the allowed range {low}–{high}."),
    ("ii.census", "2,018", decoding.TWO_NUMBERS),
    ("ii.next", "soon", decoding.NO_DATE),
    ("ii.next", "03/04/2019", decoding.TWO_DATES),
    ("ii.next", "2019-02-30", decoding.NO_DATE),
    ("ii.next", "31/31/2019", decoding.NO_DATE),
    ("ii.next", 43433, decoding.NO_DATE),
    ("ii.next", logical(is_true=True), decoding.NO_DATE),
    ("ii.site", "example.org", "This must be a link that starts with http:// or https://."),
    ("ii.lead", "NSO; MoI", "At most {most} may be chosen here."),
    ("iii.topics/a/available", "good", decoding.NO_NUMBER),
    ("iii.topics/a/available", 7, "This must be one of: {allowed}."),
    ("iii.topics/a/available", "agencies differ", decoding.NO_LABEL),
    ("iii.topics/a/demand", "middling", decoding.NO_LABEL),
    ("iii.topics/a @note", formula('"x"&A1'), decoding.FORMULA),
]


@pytest.mark.parametrize(("where", "typed", "message"), BAD)
def test_what_cannot_be_read_is_a_problem_with_sheet_cell_and_words(
    sent: Sent, where: str, typed: Any, message: str
) -> None:
    returned = sent.said({where: typed})
    (problem,) = returned.problems
    place = "{}, {}".format(*sent.place(where))
    assert (problem.message, problem.place, problem.severity) == (message, place, ProblemSeverity.ERROR)
    assert returned.edited == ()
    assert returned.remarks == ()
    said = problem.text()
    quoted = typed.inside.split("<v>")[1].split("<")[0] if isinstance(typed, Raw) and typed.kind == "e" else ""
    quoted = quoted or (typed[:50] if isinstance(typed, str) else "")
    assert quoted in said
    assert "{" not in said
    if not where.endswith("@remarks"):
        # The answer it was meant for is there, as it stood, so that somebody can refuse or mend it.
        assert any(one.place == place for one in returned.answers)


@pytest.mark.parametrize("typed", [error("#N/A"), "x" * (TEXT_LIMIT + 1)], ids=["an error", "too long"])
def test_a_note_that_cannot_be_read_does_not_cost_the_answer_beside_it(sent: Sent, typed: Any) -> None:
    returned = sent.said({"i.law": 2, "i.law @note": typed})
    (edited,) = returned.edited
    assert (edited.now.value, edited.now.note) == (2, edited.before.note)
    proposal = build_import_proposal(sent.dossier, returned, sent.dossier.agencies[0])
    assert [(one.fate, one.theirs.content and one.theirs.content.value) for one in proposal.differences] == [
        (DiffKind.CHANGED, 2), (DiffKind.REFUSED, None),
    ]  # fmt: skip
    assert proposal.differences[1].place == "{}, {}".format(*sent.place("i.law @note"))
    assert proposal.is_conserved


@pytest.mark.parametrize("note", ["\tindented", "two lines\n\n", "  both  "])
def test_spaces_around_a_note_are_kept(sent: Sent, note: str) -> None:
    (edited,) = sent.said({"i.plan @note": note}).edited
    assert edited.now.note == note


def test_spaces_alone_are_no_note(sent: Sent) -> None:
    assert nothing_else(sent.said({"i.plan @note": "  \n"}))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [(123456789012345680000.0, "123456789012345680000"), (0.00001, "0.00001"), (120000, "120000"), (12.5, "12.5")],
)
def test_a_number_in_a_text_is_read_whole(sent: Sent, typed: float, shown: str) -> None:
    (edited,) = sent.said({"i.plan @note": typed}).edited
    assert edited.now.note == shown


def test_a_formula_counts_by_its_result(sent: Sent) -> None:
    assert now(sent, "ii.staff", formula("10+5", "15")) == (AnswerState.ANSWERED, 15)
    (problem,) = sent.said({"ii.staff": formula("10+2.5", "12.5")}).problems
    assert problem.message == decoding.NO_WHOLE_NUMBER


def test_a_percentage_that_the_spreadsheet_divided_by_a_hundred_is_taken_as_it_is_seen(sent: Sent) -> None:
    sheet, cell = sent.where("ii.share")
    styles = sent.part("xl/styles.xml")
    count = styles.count("<xf ", styles.index("<cellXfs"), styles.index("</cellXfs>"))
    styles = styles.replace("</cellXfs>", '<xf numFmtId="10" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>')
    xml = sent.xml(sheet)
    before = next(part for part in xml.split("<c ") if part.startswith(f'r="{cell}"'))
    content = sent.edited(
        {},
        {
            "xl/styles.xml": styles.encode(),
            sent.path(sheet): xml.replace(f"<c {before}", f'<c r="{cell}" s="{count}"><v>0.07</v></c>').encode(),
        },
    )
    (one,) = sent.read(content).edited
    assert one.now.value == "7"


@pytest.mark.parametrize(
    ("day", "meant"), [(43433, "2018-11-29"), (43433.5, None)], ids=["a day", "a day with a time of day"]
)
def test_a_date_that_is_a_date_to_the_spreadsheet_is_one(sent: Sent, day: float, meant: str | None) -> None:
    sheet, cell = sent.where("ii.next")
    styles = sent.part("xl/styles.xml")
    count = styles.count("<xf ", styles.index("<cellXfs"), styles.index("</cellXfs>"))
    styles = styles.replace("</cellXfs>", '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>')
    xml = sent.xml(sheet)
    before = next(part for part in xml.split("<c ") if part.startswith(f'r="{cell}"'))
    patched = xml.replace(f"<c {before}", f'<c r="{cell}" s="{count}"><v>{day}</v></c>').encode()
    returned = sent.read(sent.edited({}, {"xl/styles.xml": styles.encode(), sent.path(sheet): patched}))
    if meant:
        assert changes(returned)["ii.next"][1] == (AnswerState.ANSWERED, meant)
    else:
        assert [problem.message for problem in returned.problems] == [decoding.NO_DATE]


@pytest.mark.parametrize(
    ("where", "typed", "state"),
    [
        ("ii.census", "unknown", AnswerState.UNKNOWN),
        ("ii.census @state", "declined", AnswerState.DECLINED),
        ("ii.staff @state", "Unknown ", AnswerState.UNKNOWN),
        ("i.shared @state", None, AnswerState.NOT_ASKED),
        ("i.shared @state", "not asked", AnswerState.NOT_ASKED),
        ("i.published", None, AnswerState.NOT_ASKED),
        ("iii.topics/a/available", None, AnswerState.NOT_ASKED),
        ("iii.topics/a/available", "declined", AnswerState.DECLINED),
        ("iii.topics/a/demand", "not applicable", AnswerState.NOT_APPLICABLE),
        ("iii.topics/a/remark", "unknown", AnswerState.UNKNOWN),
    ],
)
def test_states_stand_in_their_cell_or_in_that_of_an_answer(
    sent: Sent, where: str, typed: Any, state: AnswerState
) -> None:
    assert now(sent, where, typed) == (state, None)


def test_an_answer_counts_though_its_state_was_forgotten(sent: Sent) -> None:
    assert now(sent, "ii.census", 2014) == (AnswerState.ANSWERED, 2014)
    assert now(sent, "i.shared", YES) == (AnswerState.ANSWERED, "yes")
    assert now(sent, "i.law", 2) == (AnswerState.ANSWERED, 2)


def test_an_answer_and_a_state_that_were_both_changed_and_contradict_are_a_problem(sent: Sent) -> None:
    returned = sent.said({"ii.census": 2014, "ii.census @state": "unknown"})
    (problem,) = returned.problems
    assert problem.message == answer_reader.CONTRADICTION
    assert problem.place == "{}, {}".format(*sent.where("ii.census"))
    assert "2014" in problem.text()
    assert "unknown" in problem.text()
    assert returned.edited == ()


def test_an_answer_and_its_state_changed_together_are_one_answer(sent: Sent) -> None:
    returned = sent.said({"ii.census": 2014, "ii.census @state": "answered"})
    assert returned.problems == ()
    assert changes(returned)["ii.census"][1] == (AnswerState.ANSWERED, 2014)


def test_a_state_without_an_answer_is_a_problem(sent: Sent) -> None:
    returned = sent.said({"ii.census @state": "answered"})
    assert [problem.message for problem in returned.problems] == [answer_reader.NO_ANSWER]
    assert returned.edited == ()


def test_a_state_that_was_taken_out_beside_an_answer_is_told_and_the_answer_stays(sent: Sent) -> None:
    for typed in (None, "not asked"):
        returned = sent.said({"ii.staff @state": typed})
        (problem,) = returned.problems
        assert (problem.message, problem.severity) == (answer_reader.STATE_TAKEN_OUT, ProblemSeverity.WARNING)
        assert returned.edited == ()


def test_the_words_that_agencies_differ_are_no_answer(sent: Sent) -> None:
    assert nothing_else(sent.read())
    found = {str(one.address): one for one in sent.said({"i.law @state": None}).answers}
    assert "i.law" not in found
    assert now(sent, "i.law", 2) == (AnswerState.ANSWERED, 2)


@pytest.mark.parametrize(
    ("ticks", "value"),
    [
        ({"flows": YES}, ("stocks", "flows", "labour")),
        ({"stocks": NO}, ("labour",)),
        ({"stocks": NO, "labour": NO}, ()),
        ({"stocks": None}, ("labour",)),
        ({"flows": "ДА"}, ("stocks", "flows", "labour")),
        ({"stocks": "maybe"}, None),
    ],
)
def test_a_checklist_is_what_is_ticked(sent: Sent, ticks: dict[str, str | None], value: AnswerValue) -> None:
    returned = sent.said({f"i.contents #{option}": tick for option, tick in ticks.items()})
    if value is None:
        assert [problem.message for problem in returned.problems] == [decoding.NO_LABEL]
        return
    assert returned.problems == ()
    assert changes(returned) == {
        "i.contents": ((AnswerState.ANSWERED, ("stocks", "labour")), (AnswerState.ANSWERED, value)),
    }
    assert returned.edited[0].place == "{}, {}".format(*sent.where("i.contents", f"#{next(iter(ticks))}"))


def test_a_checklist_without_any_tick_is_not_answered(sent: Sent) -> None:
    returned = sent.said({f"i.contents #{option}": None for option in ("stocks", "flows", "labour")})
    assert changes(returned)["i.contents"][1] == (AnswerState.NOT_ASKED, None)


@pytest.mark.parametrize(("slot", "name"), [(ColumnSlot.REASON, "reason"), (ColumnSlot.NOTE, "note")])
def test_reasons_and_notes_are_taken_as_typed(sent: Sent, slot: str, name: str) -> None:
    returned = sent.said({f"i.law {slot}": " voilà,\nune «note» "})
    (one,) = returned.edited
    assert getattr(one.now, name) == " voilà,\nune «note» "
    assert (one.now.state, one.now.value) == (one.before.state, one.before.value)


def test_a_name_that_is_in_no_register_is_kept_and_the_others_are_taken(sent: Sent) -> None:
    returned = sent.said({"ii.origins": "Peru; Atlantis"})
    assert changes(returned)["ii.origins"][1] == (AnswerState.ANSWERED, ("604",))
    (stray,) = returned.unplaced
    assert (stray.text, stray.place) == ("Atlantis", "{}, {}".format(*sent.where("ii.origins")))
    returned = sent.said({"ii.lead": "Coast Guard"})
    assert returned.edited == ()
    assert [one.text for one in returned.unplaced] == ["Coast Guard"]


@pytest.mark.check
def test_an_ambiguous_label_is_a_problem() -> None:
    dossier = small_dossier()
    twice = [Agency(id=f"agency-{number}", name=name) for number, name in enumerate(("Police", "police"))]
    sent = Sent(small_dossier(agencies=(*dossier.agencies, *twice)))
    assert now(sent, "ii.lead", "Police") == (AnswerState.ANSWERED, ("agency-0",))
    assert [one.message for one in sent.said({"ii.lead": "POLICE"}).problems] == [decoding.TWO_LABELS]


def test_an_option_worded_like_a_state_is_told_from_it_by_its_spelling() -> None:
    instrument = small_instrument()
    (table,) = instrument.sections[2].questions
    demand = replace(table.columns[1], options=choice(low=None, Unknown=None, declined=None))
    made = replace(table, columns=(table.columns[0], demand, table.columns[2]))
    sections = (*instrument.sections[:2], replace(instrument.sections[2], questions=(made,)))
    sent = Sent(small_dossier(replace(instrument, sections=sections), answers=()))
    assert now(sent, "iii.topics/a/demand", "Unknown") == (AnswerState.ANSWERED, "Unknown")
    assert now(sent, "iii.topics/a/demand", "unknown") == (AnswerState.UNKNOWN, None)
    for typed in ("UNKNOWN", "declined"):
        (problem,) = sent.said({"iii.topics/a/demand": typed}).problems
        assert problem.message == decoding.TWO_LABELS


def test_labels_are_read_in_the_language_of_the_file() -> None:
    arabic = Translator("ar")
    sent = Sent(small_dossier(), "ar")
    assert now(sent, "i.published", arabic.gettext("Yes")) == (AnswerState.ANSWERED, "yes")
    assert now(sent, "i.published", f" {UNSEEN}{arabic.gettext('Yes')}") == (AnswerState.ANSWERED, "yes")
    assert now(sent, "ii.census @state", arabic.gettext("unknown")) == (AnswerState.UNKNOWN, None)
    assert now(sent, "ii.staff", "١٬٥٠٠") == (AnswerState.ANSWERED, 1500)
    assert now(sent, "i.published", "oui") == (AnswerState.ANSWERED, "yes")
    assert [one.message for one in sent.said({"i.published": "perhaps"}).problems] == [decoding.NO_LABEL]


def test_merged_cells_are_a_problem_and_nothing_in_them_is_an_answer(sent: Sent) -> None:
    sheet, first = sent.where("i.how")
    _, last = sent.where("i.how", ColumnSlot.STATE)
    xml = sent.xml(sheet)
    assert "<mergeCells" in xml
    merged = xml.replace("</mergeCells>", f'<mergeCell ref="{first}:{last}"/></mergeCells>')
    returned = sent.read(sent.with_xml(sheet, merged))
    assert {problem.message for problem in returned.problems} == {lines.MERGED}
    assert {problem.place for problem in returned.problems} == {f"{sheet}, {first}", f"{sheet}, {last}"}
    assert returned.edited == ()
