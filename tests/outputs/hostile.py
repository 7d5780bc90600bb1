"""A dossier with everything that breaks a page: very long, very wide, in every script, in no order, or made to harm.

``hostile_dossier()`` is whole; ``hostile_dossier(evidence=20, longest=2000)`` is the same at less expense. Every
typed text begins with a number of its own ("№ 017 …"), so that a text that is missing cannot be mistaken for
another; every text is as it would be stored (``clean_text``). Nothing is random: two calls give equal dossiers.
"""

import dataclasses
import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from capacity_app.domain.assessment.answers import Answer, AnswerLayer, AnswerState, clean_text
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import (
    Action,
    ActionProgress,
    Agency,
    AgencyRole,
    DataSource,
    Evidence,
    FeasibilityRating,
    Meeting,
    Mission,
    MissionStatus,
    Person,
)
from capacity_app.domain.questionnaire.instrument import (
    ChoiceOption,
    CodeListEntry,
    Concept,
    Feasibility,
    GridColumn,
    GridRow,
    Instrument,
)
from capacity_app.domain.questionnaire.kinds import AnswerKind
from tests.domain.making import choice, question, say, section
from tests.outputs.example import report_dossier, report_instrument

LONGEST = 20_000
WORD_60 = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenkasse"
WORD_3000 = "".join(f"Migrationsstatistik{number:03d}" for number in range(137))[:3000]

SCRIPTS = {
    "latin": "Źdźbło, Ærøskøbing, Đặng Thị Hồng Nhung, İstanbul, ÿ, ŋ, ẞ: “the Office’s own words” – 12½ % (§ 3)…",
    "cyrillic": "Статистика миграции: сведения о прибывших за 2018 год, ўзбек, қазақ, щёлочь, №",
    "greek": "Στατιστική μετανάστευσης: 1.234 εισροές, ΐ, ᾧ",
    "georgian": "მიგრაციის სტატისტიკა: 2014 წლის აღწერა, „საქსტატი“",
    "arabic": "إحصاءات الهجرة الدولية: الوافدون والمغادرون خلال السنة، بحسب الجنسية وبلد الميلاد",
    "persian": "آمار مهاجرت: می‌خواهم بدانم ۱۲۳ نفر کجا رفته‌اند",
    "hebrew": "סטטיסטיקת הגירה: 1,234 עולים",
    "thai": "สถิติการย้ายถิ่นระหว่างประเทศของแรงงานข้ามชาติที่ขึ้นทะเบียนเมื่อปี ๒๕๖๑ ไม่มีช่องว่างระหว่างคำ",
    "chinese": "国际移民统计：二〇一八年常住外国人口（含港澳台居民）按国籍、性别和年龄分组的存量与流量数据。",
    "japanese": "国際人口移動統計：在留外国人数（ｶﾅ）とオーバーステイ",
    "korean": "국제이주통계: 등록외국인 현황",
    "devanagari": "अंतर्राष्ट्रीय प्रवासन के आँकड़े: १२३ प्रवासी",
    "amharic": "ዓለም አቀፍ የፍልሰት ስታቲስቲክስ",
    "mixed": "The دائرة الإحصاءات العامة (Department of Statistics, DoS) counted 12,345 أجانب on 2018-11-29, "
    "i.e. 3.5 % من السكان.",
    "numbers": "في عام 2018 بلغ العدد 1,234,567 (أي 12.5%) مقابل 98-76 في 2013/2014، رقم الهاتف +962 6 530 0700",
}  # fmt: skip

ODD = {
    "stacked": "H" + "".join(map(chr, range(0x300, 0x310))) + "ọ́̂̃ẹ̀̄ Za" + "\u0335\u0327\u0488" * 5 + "lgo ends",
    "bidi": "file \u202egnp.tsil\u202c and \u2066inner \u2067אבג 123\u2069 outer\u2069 \u200fmark\u200e end",
    "unclosed": "never closed \u202e\u2067\u202b abc 123",
    "zero": "zero\u200bwidth\u200cnon\u200djoiner\u2060word\ufeffjoiner soft\u00adhyphen no\u00a0break thin\u202fspace",
    "emoji": "👨‍👩‍👧‍👦 family 🇬🇪 flag ☠ ✔ ❤️ 1️⃣ 🀄 𝔐𝔞𝔱𝔥 𓀀 𐌰",
    "private": "private \ue000 unassigned \u0378 object \ufffc replacement \ufffd",
    "lines": "one\ttab\n\n\n   four spaces\nlast line   ",
    "separators": "line\u2028separator paragraph\u2029separator",
}  # fmt: skip

PAYLOADS = {
    "script": "</style></title><script>alert(1)</script><!-- --><img src=x onerror=alert(2)>",
    "css": '"; } * { display: none !important } @page { size: 1mm } \\22 /* url(file:///etc/passwd)',
    "jinja": "{{ 7 * 7 }} {% include '/etc/passwd' %} {# gone #} ${7*7} #{7*7} %(a)s {0} {unknown} %d",
    "entities": '&lt;b&gt; &amp;amp; &#65; &nbsp; &bogus; <!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;',
    "formula": '=HYPERLINK("http://example.org";"x")+cmd|\' /C calc\'!A0 @SUM(1) -2+3',
    "quotes": "\"double\" 'single' `back` «angle» „low“ \\backslash\\ C:\\x /* */ <!-- --> ]]>",
    "field": '{ INCLUDETEXT "C:\\\\x" } { HYPERLINK "file:///x" } _x0041_ _x000D_',
    "path": "../../../../etc/passwd file:///etc/passwd \\\\host\\share javascript:alert(1) data:text/html,<b>",
}  # fmt: skip

SAMPLES: tuple[str, ...] = tuple(
    map(clean_text, (*SCRIPTS.values(), *ODD.values(), *PAYLOADS.values(), f"before {WORD_60} after"))
)


def filled(length: int) -> str:
    """Write a text of exactly so many characters: sentences, long words and every sample in turn."""
    words: list[str] = []
    room = length
    for number in itertools.count():
        piece = f"word{number}" if number % 40 else f"{number} {SAMPLES[number // 40 % len(SAMPLES)]}"
        if len(piece) + 1 > room:
            break
        words.append(piece)
        room -= len(piece) + 1
    return clean_text(" ".join(words)).ljust(length, "x")


class Numbered:
    """Gives a new text at each call: a number of its own, then the next sample."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def __call__(self, text: str = "") -> str:
        number = next(self._numbers)
        return f"№ {number:03d} {text or SAMPLES[number % len(SAMPLES)]}"

    def fill(self, shape: Any, **given: Any) -> Any:
        """Make a register's entry whose every free text is a text of its own."""
        free = [field.name for field in dataclasses.fields(shape) if field.type is str and field.name not in given]
        return shape(**({name: self() for name in free} | given))


_ANCHORS = tuple(f"Level {level}: {SAMPLES[level]} {WORD_60}" for level in range(4))
_LEVELS = tuple(f"Step to {level + 1}: {SAMPLES[level + 4]}" for level in range(3))
ROWS, COLUMNS = 15, 8


def _written_grid() -> Any:
    """Make a grid of 15 rows and 8 columns that take long texts."""
    columns = tuple(
        GridColumn(id=f"c{column}", label=f"Column {column} {WORD_60}", kind=AnswerKind.LONG_TEXT)
        for column in range(COLUMNS)
    )
    rows = tuple(
        GridRow(
            id=f"r{row}", number=f"H.{row}", label=f"Row {row} {SAMPLES[row]}", heading="Group" if row % 5 == 0 else ""
        )
        for row in range(ROWS)
    )
    return question("h.written", AnswerKind.GRID, columns=columns, rows=rows)


def _scored_grid() -> Any:
    """Make a grid of 15 rows and 8 columns of levels: signs in narrow columns under long headings."""
    columns = tuple(
        GridColumn(id=f"c{column}", label=f"{SAMPLES[column + 15]} {column}", kind=AnswerKind.LEVEL, anchors=_ANCHORS)
        for column in range(COLUMNS)
    )
    rows = tuple(GridRow(id=f"r{row}", number=str(row), label=f"{WORD_60} {row}") for row in range(ROWS))
    return question("h.scored", AnswerKind.GRID, columns=columns, rows=rows, weight=Fraction(2))


def hostile_instrument() -> Instrument:
    """Make the instrument of tests/outputs/example.py with two parts more: one of hostile wording, one empty."""
    made = report_instrument()
    options = (*choice(no=0, yes=1), ChoiceOption(id="long", label=f"{SAMPLES[13]} {WORD_60}", points=Fraction(1, 2)))
    worded = section(
        "h",
        _written_grid(),
        _scored_grid(),
        dataclasses.replace(question("h.level", anchors=_ANCHORS, actions=_LEVELS), text=f"{WORD_60}? " + SAMPLES[13]),
        dataclasses.replace(question("h.choice", AnswerKind.CHOICE, options=options), text=PAYLOADS["script"]),
        dataclasses.replace(question("h.text", AnswerKind.LONG_TEXT, heading=SAMPLES[4]), text=PAYLOADS["jinja"]),
        dataclasses.replace(question("h.word", AnswerKind.TEXT), text="移" * 300, number="XXXVIII.12 (bis) A"),
    )
    worded = dataclasses.replace(worded, title=f"{WORD_60} {SAMPLES[4]}", introduction=filled(1200), number="XXXVIII")
    empty = section("empty")
    concept = Concept(id="odd", label=f"{WORD_60} {SAMPLES[3]}", definition=PAYLOADS["css"], source=SAMPLES[13])
    return dataclasses.replace(
        made,
        title=f"Hostile {SAMPLES[13]}",
        edition=PAYLOADS["css"],
        description=filled(800),
        sections=(*made.sections, worded, empty),
        concepts=(*made.concepts, concept),
        codes=dict(made.codes) | {"source_type": (CodeListEntry(id="census", label=f"{WORD_60} {SAMPLES[8]}"),)},
    )


def _cells(texts: Numbered, longest: int) -> Iterator[Answer]:
    for row, column in itertools.product(range(ROWS), range(COLUMNS)):
        text = texts(filled(min(longest, 1500))) if row == column else texts()
        yield say(f"h.written/r{row}/c{column}", text, who="a0")
        if (row + column) % 5:
            yield say(f"h.scored/r{row}/c{column}", (row * column) % 4, who="a0", note=texts() if row == 3 else "")
    yield say("h.scored/r1/c1", 3, who="a1", note=texts())
    yield say("h.scored/r14", state=AnswerState.NOT_APPLICABLE, reason=texts(), who="a1", note=texts())


def _answers(texts: Numbered, longest: int) -> tuple[Answer, ...]:
    made = (
        say("a.law", texts(filled(longest - 10)), who="a0", note=texts(filled(longest - 10)), evidence=("e0", "e299")),
        say("a.law", texts(WORD_3000), who="a1", note=texts("W" * min(longest, 3000))),
        say("a.law", texts("移" * min(longest, 3000)), who="a2", reason=texts("ـ" * 200)),
        say("a.name", texts(PAYLOADS["script"]), who="a0", note=texts(PAYLOADS["field"])),
        say("a.people", 999_999_999_999, who="a0"),
        say("a.share", "12.5", who="a0"),
        say("a.from", ("268", "604", "156", "792"), who="a0"),
        say("a.site", "https://stat.example/" + "very-long-path/" * 40 + "?q=<script>&x=\"'", who="a0"),
        say("a.lead", ("a0",), who="a0"),
        say("b.policy/a/relevance", "high", who="a0"),
        say("b.policy/a/data", 0, who="a0", note=texts()),
        say("b.policy/a/sources", tuple(f"s{number}" for number in range(6)), who="a0"),
        say("b.policy/b/data", 3, who="a0"),
        say("b.policy/b/data", 1, who="a1", note=texts(filled(600))),
        say("b.sdg/x/by", ("age",), who="a0"),
        say("b.known", 1, who="a0", evidence=tuple(f"e{number}" for number in range(40))),
        say("b.known", 2, who="a1"),
        say("b.known", 1, layer=AnswerLayer.JUDGEMENT, reason=texts(filled(2000)), note=texts(WORD_60 * 5)),
        say("b.asked", "partly", who="a11", reason=texts()),
        say("b.how", state=AnswerState.NOT_APPLICABLE, reason=texts(WORD_60), who="a0", note=texts()),
        say("b.when", "2018-11", who="a0"),
        say("h.level", 0, who="a0", note=texts()),
        say("h.choice", "long", who="a0", note=texts()),
        say("h.text", texts("\n".join(SAMPLES)), who="a0", note=texts("\n\n".join(SAMPLES))),
        say("h.text", state=AnswerState.DECLINED, who="a1", note=texts()),
        say("h.word", texts(WORD_3000[:200]), who="a0"),
        say("h.word", state=AnswerState.UNKNOWN, who="a2", note=texts()),
        say("c.one", 3, who="a0", evidence=("e1", "gone-from-the-register")),
        say("z.gone/r/c", texts(), who="a0", note=texts()),
        *_cells(texts, longest),
    )
    dated = (
        dataclasses.replace(
            answer, author=f"Ólafur Þórðarson-Nguyễn {WORD_60[:30]}", language=("ar", "en", "zh-Hant")[number % 3],
            time=f"2018-11-{10 + number // 60:02d}T09:{number % 60:02d}:00+00:00",
        )
        for number, answer in enumerate(made)
    )  # fmt: skip
    return tuple(sorted(dated, key=lambda answer: answer.key))


def _agencies(texts: Numbered) -> tuple[Agency, ...]:
    """Name twelve agencies at length, in every script, and one by a single endless word."""
    return tuple(
        texts.fill(
            Agency, id=f"a{number}", kind="nso", roles=tuple(AgencyRole)[: number % 5],
            short=texts(WORD_60 if number == 1 else "") if number < 3 else f"A{number}",
            name=texts(f"{SAMPLES[number]} {WORD_60}" if number else WORD_3000[:400]),
        )
        for number in range(12)
    )  # fmt: skip


def _people(texts: Numbered) -> tuple[Person, ...]:
    return tuple(
        texts.fill(
            Person, id=f"p{number}", agency=f"a{number % 12}", name=f"Person {number:02d} {WORD_60[: number + 5]}"
        )
        for number in range(24)
    )


def _evidence(texts: Numbered, count: int, longest: int) -> tuple[Evidence, ...]:
    """Make many pieces of evidence, the first of each 25 with everything in it."""
    made = []
    for number in range(count):
        held = {"document": f"{number:064x}", "size": 10**number % 10**9} if number % 3 == 0 else {"document": ""}
        given: dict[str, Any] = {"id": f"e{number}", "added_on": "2018-11-27", "checked_against": "", **held}
        if number % 25:
            made.append(Evidence(**given, title=texts()))
        else:
            made.append(texts.fill(Evidence, **given, file_name=texts("x" * 240) + ".pdf"))
    note = texts(filled(min(longest, 4000)))
    return (*made[:-1], dataclasses.replace(made[-1], id="e299", note=note)) if made else ()


def _actions(texts: Numbered, longest: int) -> tuple[Action, ...]:
    gaps = ("b.policy/a", "b.known", "c.one", "h.level", "h.scored", *(f"h.scored/r{row}" for row in range(ROWS)))
    return tuple(
        texts.fill(
            Action,
            id=f"x{number}",
            gaps=gaps if number == 0 else gaps[number % len(gaps) :][:2],
            type="training",
            responsible=f"a{number % 12}",
            partners=("unsd",),
            funding="none",
            progress=tuple(ActionProgress)[number % 4],
            start=f"20{18 + number % 9}-0{1 + number % 9}",
            end=f"20{19 + number % 12}-12-31",
            depends_on=tuple(f"x{before}" for before in range(number))[:6],
            title=texts((WORD_3000[:300], filled(min(longest, 900)), "")[min(number, 2)]),
        )
        for number in range(18)
    )


def hostile_dossier(*, evidence: int = 300, longest: int = LONGEST, **more: Any) -> Dossier:
    """Make the dossier; ``evidence`` counts its documents, ``longest`` its longest texts, ``more`` replaces parts."""
    texts, before = Numbered(), report_dossier().previous
    assert before is not None
    the_instrument = hostile_instrument()
    mission = texts.fill(
        Mission, id="mission", country="XXA", m49="", language="en", status=MissionStatus.VALIDATED, start="2018-11-26",
        end="2018-11-30", validated_on="2019-02-03", weights=("b=2",), team=tuple(texts() for _ in range(12)),
        country_name=texts(f"Examplia {SCRIPTS['mixed']} {WORD_60}"), round=texts(f"{PAYLOADS['css']} {WORD_60}"),
        purpose=texts(filled(longest - 10)), method=texts("\n\n".join(SAMPLES)), limits=texts(WORD_3000),
    )  # fmt: skip
    sources = tuple(
        texts.fill(DataSource, id=f"s{number}", type="census", agency=f"a{number % 12}", last_date="2018")
        for number in range(6)
    )
    meetings = (
        texts.fill(
            Meeting, id="m0", date="2018-11-27", agencies=tuple(f"a{number}" for number in range(12)),
            people=tuple(f"p{number}" for number in range(24)), note=texts(filled(min(longest, 3000))),
        ),
        texts.fill(Meeting, id="m1", date="", agencies=(), people=()),
    )  # fmt: skip
    whole = Dossier(
        id="5f6b5a36-6d7e-4a3e-9c55-0d3a6f9f2d10",
        instrument=the_instrument,
        mission=mission,
        answers=_answers(texts, longest),
        agencies=_agencies(texts),
        people=_people(texts),
        meetings=meetings,
        sources=sources,
        evidence=_evidence(texts, evidence, longest),
        actions=_actions(texts, longest),
        ratings=(
            texts.fill(FeasibilityRating, id="b.policy/a", feasibility=Feasibility.EASY),
            texts.fill(FeasibilityRating, id="h.level"),
            texts.fill(FeasibilityRating, id="nowhere/at/all"),
        ),
        previous=dataclasses.replace(before, instrument=the_instrument),
    )
    return dataclasses.replace(whole, **more)
