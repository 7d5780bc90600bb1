"""The Word file: everything is in it, in real styles, and a ministry's remarks can be found again by address."""

import dataclasses
import io
import re
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given, settings

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.privacy import ReportProfile
from capacity_app.i18n.translator import PSEUDO, Translator
from capacity_app.outputs.content.elements import anchor_of
from capacity_app.outputs.content.report import ReportChapter
from capacity_app.outputs.word.document import render_word
from capacity_app.outputs.word.markup import escape_xml
from capacity_app.outputs.word.package import is_whole_word
from capacity_app.outputs.word.word_context import addresses_by_mark, bookmark_name, remark_bookmark, remark_tag
from capacity_app.services.reports import report_bytes
from capacity_app.services.session.demonstration import demonstration
from tests.builders import small_dossier
from tests.domain.making import say
from tests.dossiers import IS_TORTURE, dossiers
from tests.outputs.chapters import ENGLISH, view_of
from tests.outputs.example import report_dossier
from tests.outputs.hostile import hostile_dossier
from tests.outputs.reading import missing, unseen
from tests.outputs.word_reading import outside_targets, word_fields, word_parts, word_text
from tests.outputs.word_tree import W, paragraphs, style_of, tags, text_of, texts, tree, validated


def word_of(dossier: Dossier, language: Translator = ENGLISH) -> bytes:
    return render_word(view_of(dossier, language), language)


@pytest.fixture(scope="module")
def example() -> bytes:
    return word_of(report_dossier())


@pytest.fixture(scope="module")
def demo() -> bytes:
    return word_of(demonstration()[0])


@pytest.fixture(scope="module")
def hostile() -> bytes:
    return word_of(hostile_dossier())


# -- nothing is lost ---------------------------------------------------------------------------------------------------


@pytest.mark.check
def test_everything_typed_is_in_the_file(example: bytes, demo: bytes) -> None:
    assert missing(report_dossier(), word_text(example), ENGLISH) == []
    assert missing(demonstration()[0], word_text(demo), ENGLISH) == []


@pytest.mark.check
def test_everything_hostile_is_in_the_file(hostile: bytes) -> None:
    assert unseen(hostile_dossier(), word_text(hostile), ENGLISH) == []
    assert outside_targets(hostile) == []
    allowed = re.compile(r" (TOC .*|TC .*|PAGEREF \w+ \\h|PAGE|NUMPAGES|STYLEREF 1|SEQ (Table|Figure) .*) ")
    assert [field for field in word_fields(hostile) if not allowed.fullmatch(field)] == []


@pytest.mark.check
@settings(max_examples=40 if IS_TORTURE else 8)
@given(dossiers())
def test_everything_typed_in_any_dossier_is_in_the_file(dossier: Dossier) -> None:
    assert unseen(dossier, word_text(word_of(dossier)), ENGLISH) == []


def test_what_xml_cannot_hold_is_made_visible() -> None:
    dossier = report_dossier(answers=(say("a.law", "one\x00two\x0bthree\x7ffour\uffff", who="nso"),))
    assert "one␀two␋three␡four�" in word_text(word_of(dossier))


def test_halves_of_letters_are_replaced() -> None:
    assert escape_xml("a\ud800b<c>\x1f") == "a�b&lt;c&gt;␟"


def test_lines_and_tabs_somebody_typed_stay() -> None:
    dossier = report_dossier(answers=(say("a.law", "first\nsecond\r\nthird\tfourth", who="nso"),))
    assert "first\nsecond\nthird\tfourth" in word_text(word_of(dossier))


# -- real structure ----------------------------------------------------------------------------------------------------


@pytest.mark.check
def test_headings_are_the_chapters(demo: bytes) -> None:
    view = view_of(demonstration()[0])
    assert texts(demo, "Heading1") == [f"{chapter.number}{chapter.title}" for chapter in view.chapters]
    levels = [int(style_of(one)[-1]) for one in paragraphs(demo, "Heading1", "Heading2", "Heading3")]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_contents_are_a_field_that_is_filled_in_already(demo: bytes) -> None:
    view = view_of(demonstration()[0])
    entries = texts(demo, "TOC1")
    assert entries == [f"{chapter.number}{chapter.title}" for chapter in view.body]
    assert texts(demo, "TOC2") == list(dict.fromkeys(chapter.group for chapter in view.chapters if chapter.group))
    assert sum(field.startswith(" TOC ") for field in word_fields(demo)) == 1
    assert b"updateFields" not in word_parts(demo)["word/settings.xml"]
    assert b"w:dirty" not in word_parts(demo)["word/document.xml"]


def test_tables_and_figures_are_numbered_by_word_and_in_words(demo: bytes) -> None:
    for name, style in (("Table", "Caption"), ("Figure", "FigureCaption")):
        numbers = [int(found[1]) for text in texts(demo, style) if (found := re.match(rf"{name} (\d+)\u2003", text))]
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) == sum(field.startswith(f" SEQ {name} ") for field in word_fields(demo)) > 0


def test_headings_of_tables_stand_on_every_page_and_rows_stay_whole(demo: bytes) -> None:
    headed = [one for one in tree(demo).iter(f"{W}tbl") if one.find(f"{W}tblPr/{W}tblLook").get(f"{W}firstRow") == "1"]
    assert len(headed) > 50
    for table in headed:
        rows = table.findall(f"{W}tr")
        assert rows[0].find(f"{W}trPr/{W}tblHeader") is not None
        assert sum(row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows) < len(rows)
    rows = list(tree(demo).iter(f"{W}tr"))
    assert sum(row.find(f"{W}trPr/{W}cantSplit") is not None for row in rows) / len(rows) > 0.9


def test_a_row_longer_than_a_page_may_be_split() -> None:
    content = word_of(report_dossier(answers=(say("a.law", "many words " * 1800, who="nso"),)))
    long = [row for row in tree(content).iter(f"{W}tr") if len(text_of(row)) > 15_000]
    assert long
    assert all(row.find(f"{W}trPr/{W}cantSplit") is None for row in long)


def test_columns_fill_the_width_between_the_margins(demo: bytes) -> None:
    for table in tree(demo).iter(f"{W}tbl"):
        columns = [int(one.get(f"{W}w")) for one in table.findall(f"{W}tblGrid/{W}gridCol")]
        assert min(columns) > 250
        assert sum(columns) == pytest.approx(9638, abs=9) or sum(columns) == pytest.approx(6236, abs=9)
        for row in table.findall(f"{W}tr"):
            spans = [one.find(f"{W}tcPr/{W}gridSpan") for one in row.findall(f"{W}tc")]
            assert sum(1 if span is None else int(span.get(f"{W}val")) for span in spans) <= len(columns)


def test_every_link_leads_to_one_place_in_the_file(demo: bytes) -> None:
    document = tree(demo)
    marks = [one.get(f"{W}name") for one in document.iter(f"{W}bookmarkStart")]
    assert len(marks) == len(set(marks)) == len({mark.lower() for mark in marks})
    assert all(re.fullmatch(r"\w{1,40}", mark, re.ASCII) for mark in marks)
    links = {one.get(f"{W}anchor") for one in document.iter(f"{W}hyperlink")}
    assert links <= set(marks)
    assert len(links) > 200


def test_links_to_chapters_of_another_volume_are_plain_words() -> None:
    content = render_word(view_of(demonstration()[0], profile="brief"), ENGLISH)
    assert len(texts(content, "Heading1")) == 3
    assert texts(content, "TOC1") == []
    document = tree(content)
    marks = {one.get(f"{W}name") for one in document.iter(f"{W}bookmarkStart")}
    assert {one.get(f"{W}anchor") for one in document.iter(f"{W}hyperlink")} <= marks


def test_every_style_that_is_used_is_defined(demo: bytes, hostile: bytes) -> None:
    for content in (demo, hostile):
        known = {one.get(f"{W}styleId") for one in tree(content, "word/styles.xml").iter(f"{W}style")}
        named = (f"{W}pStyle", f"{W}rStyle", f"{W}tblStyle", f"{W}basedOn")
        parts = (
            tree(content, name)
            for name in word_parts(content)
            if re.match(r"word/(document|styles|footer|header)", name)
        )
        used = {one.get(f"{W}val") for part in parts for one in part.iter(*named)}
        assert used <= known


def test_charts_are_told_in_words_and_the_ground_of_the_cover_is_marked_as_saying_nothing(demo: bytes) -> None:
    described = [one for one in tree(demo).iter() if one.tag.endswith("}docPr")]
    numbers = [one.get("id") for one in described]
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]
    silent = [one for one in described if not one.get("descr")]
    assert len(silent) == 1
    assert b"decorative" in word_parts(demo)["word/document.xml"]
    assert any(" of 100" in one.get("descr") for one in described)
    assert any(" before, " in one.get("descr") for one in described)


def test_pages_say_where_one_is(demo: bytes) -> None:
    view = view_of(demonstration()[0])
    parts = word_parts(demo)
    assert view.footer.left in word_text(demo)
    foot = next(name for name in parts if "footer" in name)
    assert text_of(tree(demo, foot)).startswith(view.footer.content_hash)
    assert [field.strip() for field in word_fields(demo) if field.strip() in {"PAGE", "NUMPAGES"}] == [
        "PAGE",
        "NUMPAGES",
    ]


def test_a_kind_nobody_knows_is_an_error() -> None:
    view = view_of(small_dossier())
    strange = ReportChapter("riddle", "A riddle", (object(),))
    with pytest.raises(KeyError, match="object"):
        render_word(dataclasses.replace(view, chapters=(strange,)), ENGLISH)


def test_wide_chapters_stand_in_landscape() -> None:
    view = view_of(small_dossier())
    *before, turning, last = view.chapters
    turned = dataclasses.replace(view, chapters=(*before, dataclasses.replace(turning, is_wide=True), last))
    pages = [one.get(f"{W}orient", "portrait") for one in tree(render_word(turned, ENGLISH)).iter(f"{W}pgSz")]
    assert pages == ["portrait", "landscape", "portrait"]
    assert len([name for name in word_parts(render_word(turned, ENGLISH)) if "footer" in name]) == 2


# -- remarks -----------------------------------------------------------------------------------------------------------


def test_there_is_room_for_remarks_on_every_question_and_row(demo: bytes) -> None:
    instrument = demonstration()[0].instrument
    found = [Address.parse(tag.removeprefix("remark:")) for tag in tags(demo) if tag.startswith("remark:")]
    assert len(found) == len(set(found))
    answered = {answer.key.address.question for answer in demonstration()[0].answers}
    questions = [question for question in instrument.questions() if question.id in answered]
    wanted = {Address(question.id) for question in questions}
    wanted |= {Address(q.id, row.id) for q in questions for row in q.rows if not row.spare}
    assert wanted <= set(found)
    assert all(address.question in {question.id for question in instrument.questions()} for address in found)


def test_answers_to_retired_questions_can_be_remarked_on(example: bytes) -> None:
    assert "remark:z.gone" in tags(example)


def test_remarks_stand_beside_what_they_are_about(demo: bytes) -> None:
    for control in tree(demo).iter(f"{W}sdt"):
        tag = control.find(f"{W}sdtPr/{W}tag")
        if tag is None or not tag.get(f"{W}val").startswith("remark:"):
            continue
        row = next(one for one in control.iterancestors(f"{W}tr"))
        names = (one.get(f"{W}name") for one in row.iter(f"{W}bookmarkStart"))
        marks = [name for name in names if not name.startswith(("_field_", "_at_"))]
        address = tag.get(f"{W}val").removeprefix("remark:")
        question = [bookmark_name(anchor_of("q", address))] if "/" not in address else []
        assert len(row.findall(f"{W}tc")) == 2
        assert marks == [*question, remark_bookmark(address)]


def test_a_tag_too_long_for_word_is_found_again_too() -> None:
    long = Address("iii.statistics-of-international-migration-by-country-of-birth", "immigration-of-foreigners")
    assert len(remark_tag(str(long))) <= 64
    found = addresses_by_mark([long, Address("a.law")])
    assert (found[remark_tag(str(long))], found["remark:a.law"]) == (long, Address("a.law"))
    assert found[remark_bookmark(str(long))] == long
    assert len(remark_bookmark(str(long))) <= 40
    assert remark_tag(str(long)) != remark_tag(f"{long}/x")


# -- properties --------------------------------------------------------------------------------------------------------


@pytest.mark.check
def test_the_file_says_what_it_is_and_who_wrote_it(demo: bytes) -> None:
    dossier = demonstration()[0]
    core = Document(io.BytesIO(demo)).core_properties
    assert (core.author, core.last_modified_by, core.comments) == (view_of(dossier).author, "", "")
    assert core.language == "en-GB"
    assert core.title == view_of(dossier).title
    assert core.created == datetime.fromisoformat(view_of(dossier).changed).astimezone(UTC)
    custom = word_parts(demo)["docProps/custom.xml"].decode()
    for name, value in (
        ("content_hash", dossier.content_hash),
        ("assessment", dossier.id),
        ("instrument", "unsd-nmdc"),
        ("format", "1"),
        ("profile", "full"),
        ("language", "en"),
    ):
        assert f'name="capacity-app:{name}"><vt:lpwstr>{value}</vt:lpwstr>' in custom


def test_the_file_knows_the_instrument_by_its_hash() -> None:
    custom = word_parts(report_bytes(small_dossier(), ".docx", texts=ENGLISH))["docProps/custom.xml"].decode()
    assert re.search(r'name="capacity-app:instrument_hash"><vt:lpwstr>[0-9a-f]{64}<', custom)


@pytest.mark.check
@pytest.mark.parametrize("profile", ["no-names", "no-scores"])
def test_a_profile_holds_in_every_part_of_the_file(profile: str) -> None:
    dossier = demonstration()[0]
    content = report_bytes(dossier, ".docx", texts=ENGLISH, profile=ReportProfile.parse(profile))
    everything = b"\n".join(word_parts(content).values()).decode("utf-8", "ignore")
    if profile == "no-names":
        people = [person.name for person in dossier.people] + list(dossier.mission.team)
        assert [name for name in people if name in everything] == []
    else:
        assert texts(content, "StripMain", "SummaryNumber") == []


def test_the_same_dossier_gives_the_same_bytes_in_another_place(
    example: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time  # noqa: PLC0415 - beside its only use

    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        again = word_of(report_dossier())
    finally:
        monkeypatch.undo()
        time.tzset()
    assert again == example


def test_a_broken_file_is_recognised(example: bytes) -> None:
    assert is_whole_word(example)
    assert not is_whole_word(example[:-2000])
    assert not is_whole_word(b"")
    middle = len(example) // 2
    assert not is_whole_word(
        example[:middle] + bytes(b ^ 255 for b in example[middle : middle + 64]) + example[middle + 64 :]
    )


def test_progress_moves_only_forward() -> None:
    heard: list[float] = []
    render_word(view_of(report_dossier()), ENGLISH, lambda _step, share: heard.append(share))
    assert heard == sorted(heard)
    assert len(heard) > 5
    assert 0 <= heard[0] <= heard[-1] <= 1


@pytest.mark.check
def test_word_itself_would_not_complain(hostile: bytes, example: bytes, tmp_path: Path) -> None:
    pseudo = Translator(PSEUDO)
    for name, content in (("hostile", hostile), ("example", example), ("pseudo", word_of(report_dossier(), pseudo))):
        file = tmp_path / f"{name}.docx"
        file.write_bytes(content)
        assert '"ok": true' in validated(file)
