"""What a typed text opens it closes: the words behind it stand as they were meant."""

import re
import unicodedata
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.content.elements import EntryCard, Fact
from capacity_app.outputs.html_pages import close_directions, render_html, template_environment
from capacity_app.services.session.demonstration import demonstration
from tests.domain.making import say
from tests.outputs.chapters import ENGLISH, view_of
from tests.outputs.example import report_dossier

SIGNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
TEXT = st.text(st.sampled_from(f"ab א\n{SIGNS}"), max_size=30)


def left_open(text: str) -> list[str]:
    """Follow the rules of Unicode's bidirectional algorithm (X1–X8) and give what is open at the end."""
    found: list[str] = []
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in {"LRE", "RLE", "LRO", "RLO", "LRI", "RLI", "FSI"}:
            found.append(kind)
        elif kind == "PDF" and found and found[-1][-1] != "I":
            found.pop()
        elif kind == "PDI" and any(one[-1] == "I" for one in found):
            while found.pop()[-1] != "I":
                pass
    return found


@given(TEXT)
def test_nothing_stays_open_behind_a_text_and_nothing_in_it_is_changed(text: str) -> None:
    made = close_directions(text)
    assert isinstance(made, str)
    assert left_open(made) == []
    assert made.startswith(text)
    assert set(made.removeprefix(text)) <= {"\u202c", "\u2069"}


@given(st.text(st.characters(exclude_characters=SIGNS)))
def test_other_texts_stay(text: str) -> None:
    assert close_directions(text) == text


def test_what_stands_behind_a_text_on_a_page_is_not_turned_around() -> None:
    text = "invoice \u202egpj.exe \u2067tail"
    dossier = report_dossier(answers=(say("a.name", text, who="nso"),))
    html = render_html(view_of(dossier), ENGLISH, "")
    assert html.count(text) == html.count(f"{text}\u2069\u202c") > 0


@pytest.mark.check
def test_foreign_words_stand_apart_on_a_mirrored_page() -> None:
    texts = Translator("ar")
    html = render_html(view_of(demonstration()[0], texts), texts, "", is_screen=True)
    body = re.sub(r'<(\w+)[^>]* dir="ltr">.*?</\1>|<title>.*?</title>', "", html.partition("<body>")[2])
    printed = [unescape(one) for one in re.findall(r">([^<]+)<", body)]
    kinds = [(one, {unicodedata.bidirectional(letter) for letter in one}) for one in printed]
    foreign = [one.strip() for one, found in kinds if "L" in found and not found & {"R", "AL"} and " " in one.strip()]
    assert len(foreign) > 500
    assert [one for one in foreign if "\u2066" not in one] == []


def test_a_figure_at_the_beginning_of_a_line_stays_before_its_words() -> None:
    own = template_environment(Translator("ar")).filters["own"]
    assert own("لمواطني citizens at all 41 posts") == "لمواطني citizens at all \u200e41 posts"
    assert Formatter(Translator("ar"), report_dossier()).say("{list}", list="41 posts") == "\u206641 posts\u2069"


def test_the_day_of_a_date_stays_with_its_month_behind_a_foreign_name() -> None:
    own = template_environment(Translator("ar")).filters["own"]
    assert own("رد الجهة · StatVel · 15 مايو 2023") == "رد الجهة · \u2066StatVel\u2069 · 15 مايو 2023"


def test_a_foreign_source_on_a_mirrored_page_is_a_paragraph_of_its_own_direction() -> None:
    cards = [
        EntryCard("State Population Register (extract)", (Fact("المصدر", "Law on the Register, 2014."),), number="S5")
    ]
    macro = "{% import 'pieces.html.j2' as pieces with context %}{{ pieces.definitions(cards) }}"
    html = template_environment(Translator("ar")).from_string(macro).render(cards=cards, view=None)
    assert '<span class="term" dir="ltr">' in html
    assert '<p class="fact named" dir="ltr">' in html
