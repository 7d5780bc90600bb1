"""What a profile leaves out is in no file: not in the text, not in the metadata, not in any packed part."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from openpyxl import load_workbook

from capacity_app.domain.assessment.answers import AnswerState, clean_text
from capacity_app.domain.assessment.derived_results import appraise
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.privacy import ReportProfile, person_names, without_accents
from capacity_app.domain.assessment.registers import Evidence, MissionStatus, Person
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.services.reports import report_bytes
from tests.domain.making import say
from tests.outputs.example import report_dossier
from tests.outputs.reading import html_text, pdf_text
from tests.outputs.unpacking import holders
from tests.outputs.word_reading import word_text
from tests.outputs.workbook.reading import strings

ENGLISH = Translator("en")
ENDINGS = (pytest.param(".pdf", marks=pytest.mark.check), ".html", ".xlsx", ".docx")
PEOPLE = (
    "Noor Haddad", "José Ortíz-Peña", "Ólafur Þórðarson", "J. Dömötör", "Zofia Łukaszewska", "Nguyễn Thị Hồng",
    "Иван Петренко", "ნინო ბერიძე", "O’Shaughnessy",
)  # fmt: skip
TOLD = (
    "Noor Haddad said so", "as HADDAD, N. confirmed", "ask noor.haddad@stat.example", "by N. Haddad and J. Dömötör",
    "Jose Ortiz-Pena and ORTÍZ", "Jose\u0301 Orti\u0301z-Pen\u0303a agreed", "Olafur Thordarson’s table", "DÖMÖTÖR",
    "Lukaszewska, Z.; ZOFIA ŁUKASZEWSKA", "Nguyen Thi Hong", "с Петренко", "ПЕТРЕНКО", "ბერიძემ თქვა", "O'Shaughnessy",
    "Petrova, Li Wei and Wei Li", "José ORTIZ validated, Adeyemi reviewed",
)  # fmt: skip
FILES = (
    "haddad_noor_2018.pdf", "NoorHaddad.docx", "interview-with-nhaddad.txt", "ortiz pena (2).pdf", "ŁUKASZEWSKA.xlsx",
)  # fmt: skip
NEVER = (
    "Haddad", "Noor", "Ortíz", "Ortiz", "Peña", "Pena", "José", "Þórðarson", "Thordarson", "Dömötör", "Domotor",
    "Łukaszewska", "Lukaszewska", "Zofia", "Nguyễn", "Nguyen", "Петренко", "Петренк", "ბერიძე", "Shaughnessy",
    "Petrova", "Adeyemi", "Li Wei",
)  # fmt: skip


def named_dossier() -> Dossier:
    """Name people in every note, file name, link and id."""
    made = report_dossier()
    told = [clean_text(text) for text in TOLD]
    people = tuple(
        Person(id=f"p{number}", name=name, agency="nso", position="Statistician", contact=name, note=told[number])
        for number, name in enumerate(PEOPLE)
    )
    evidence = tuple(
        Evidence(id=f"e-haddad-{number}", title=told[number], file_name=name, link=f"https://stat.example/{name}",
                 document=f"{number + 1:064x}", note=told[-number - 1], added_on="2018-11-27")
        for number, name in enumerate(FILES)
    )  # fmt: skip
    answers = [answer for answer in made.answers if answer.key.address.question not in {"a.law", "a.site"}]
    answers += [
        say("a.law", ". ".join(told), who=f"w{number}", note=text, reason=text) for number, text in enumerate(told)
    ]
    answers += [
        say("a.site", "https://stat.example/people/haddad", who="nso"),
        say("b.when", state=AnswerState.UNKNOWN, who="moi", note=told[0]),
        say("c.one", 2, who="moi", evidence=("e-haddad-0", "e-haddad-1")),
        say("z.noted", told[0], who="nso"),
    ]
    signed = tuple(replace(answer, author=PEOPLE[number % len(PEOPLE)]) for number, answer in enumerate(answers))
    return replace(
        made,
        mission=replace(made.mission, purpose=". ".join(told), method=told[0], round=f"2018 {told[1]}",
                        project="With Noor Haddad", status=MissionStatus.VALIDATED, validated_by="Noor Haddad"),
        people=people,
        meetings=tuple(replace(one, title=told[0], note=". ".join(told), people=("p0", "p1")) for one in made.meetings),
        evidence=evidence,
        actions=tuple(replace(action, title=f"Train as {told[3]}", note=told[4]) for action in made.actions),
        ratings=tuple(replace(rating, note=told[5]) for rating in made.ratings),
        sources=tuple(replace(source, defects=told[2], note=told[6]) for source in made.sources),
        agencies=tuple(replace(agency, contact=PEOPLE[0], note=told[7]) for agency in made.agencies),
        answers=tuple(sorted(signed, key=lambda answer: answer.key)),
    )  # fmt: skip


@cache
def written(ending: str, profile: str) -> bytes:
    return report_bytes(named_dossier(), ending, texts=ENGLISH, profile=ReportProfile.parse(profile))


@cache
def read(ending: str, profile: str) -> str:
    content = written(ending, profile)
    if ending == ".docx":
        return word_text(content)
    if ending == ".html":
        return html_text(content.decode())
    if ending == ".xlsx":
        return strings(load_workbook(io.BytesIO(content)))
    with TemporaryDirectory() as folder:
        file = Path(folder) / "report.pdf"
        file.write_bytes(content)
        return pdf_text(file, height=842)


def _named(text: str) -> Iterator[str]:
    plain = " ".join(without_accents(clean_text(text)).casefold().split())
    for name in (*NEVER, *person_names(named_dossier())):
        if without_accents(name).casefold() in plain:
            yield name


@pytest.mark.parametrize("ending", ENDINGS)
def test_without_names_nobody_is_named_in_the_text(ending: str) -> None:
    assert list(_named(read(ending, "no-names"))) == []
    assert "[name withheld]" in read(ending, "no-names")


@pytest.mark.parametrize("ending", ENDINGS)
def test_without_names_nobody_is_named_in_any_part_of_the_file(ending: str) -> None:
    content = written(ending, "no-names")
    found = {name: holders(content, name) for name in (*NEVER, *person_names(named_dossier()))}
    assert {name: places for name, places in found.items() if places} == {}


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_search_finds_the_names_in_the_full_report(ending: str) -> None:
    found = set(_named(read(ending, "full")))
    # In a PDF an endless word may be broken between two lines, and no line is asked how it goes on.
    assert {"Haddad", "Noor", "Ortiz", "Petrova", "Adeyemi", "Łukaszewska", "Noor Haddad"} <= found
    if ending != ".pdf":
        assert all(holders(written(ending, "full"), name) for name in ("Haddad", "Ortíz", "Петренко", "ბერიძე"))


@pytest.mark.parametrize("ending", ENDINGS)
def test_without_names_positions_agencies_and_all_that_was_said_remain(ending: str) -> None:
    text = read(ending, "no-names")
    for word in ("Statistician", "said so", "validated, ", "Examplia", "[name withheld] agreed", "Train as by"):
        assert word in text, word


@pytest.mark.check
@pytest.mark.parametrize("ending", [".html", ".docx"])
def test_names_scores_and_who_said_what_can_be_withheld_at_once(ending: str) -> None:
    text = read(ending, "no-scores no-names no-attribution")
    assert list(_named(text)) == []
    for words in ("Overall score", "Verified score", "Evidence index"):
        assert words not in text
    assert "Respondent 2" in text


def _scores(dossier: Dossier) -> set[str]:
    """Return every figure of the scores that is not a round number."""
    formatter, card = Formatter(ENGLISH, dossier), appraise(dossier).scorecard
    found = [card.overall.value, card.overall.lower, card.overall.upper]
    for entry in card.sections:
        found += [entry.score.value, entry.score.lower, entry.score.upper]
    return {formatter.points(value) for value in found if value is not None and value.denominator > 1}


@cache
def scored(ending: str, profile: str) -> str:
    content = report_bytes(report_dossier(), ending, texts=ENGLISH, profile=ReportProfile.parse(profile))
    if ending == ".docx":
        return word_text(content)
    if ending == ".html":
        return re.sub(r"<style>.*?</style>", "", content.decode(), flags=re.DOTALL)
    if ending == ".xlsx":
        return strings(load_workbook(io.BytesIO(content)))
    with TemporaryDirectory() as folder:
        file = Path(folder) / "report.pdf"
        file.write_bytes(content)
        return pdf_text(file)


def _figures(text: str, figures: set[str]) -> set[str]:
    return {figure for figure in figures if re.search(rf"(?<![\d.]){re.escape(figure)}(?![\d.]*\d)", text)}


@pytest.mark.check
@pytest.mark.parametrize("ending", ENDINGS)
def test_without_scores_no_figure_of_a_score_is_in_the_report(ending: str) -> None:
    figures = _scores(report_dossier())
    assert len(figures) > 2
    plain = re.sub(r"<svg.*?</svg>", "", scored(ending, "no-scores"), flags=re.DOTALL)
    assert _figures(plain, figures) == set()
    for words in ("Overall score", "Verified score", "Evidence index"):
        assert words not in plain
    if ending != ".xlsx":
        assert len(_figures(scored(ending, "full"), figures)) > 2


@pytest.mark.parametrize("ending", ENDINGS)
def test_without_scores_gaps_actions_and_answers_remain(ending: str) -> None:
    text = scored(ending, "no-scores")
    for word in ("The law of 2009.", "critical", "We see it otherwise"):
        assert word in text, word
