"""An empty workbook with an example of each type of question, for a questionnaire or for a supplement of one."""

from collections.abc import Iterator

from capacity_app.domain.instrument import Kind
from capacity_app.domain.problems import N_, Translate
from capacity_app.instruments.writing import layout
from capacity_app.instruments.writing.layout import EXAMPLE
from capacity_app.instruments.writing.lines import Line, Lines

_EXAMPLES = (
    (Kind.LEVEL, N_("Are users asked what they need?")),
    (Kind.YES_NO, N_("Is there a law on statistics?")),
    (Kind.YES_PARTLY_NO, N_("Does the law protect confidential data?")),
    (Kind.CHOICE, N_("How often are results published?")),
    (Kind.CHECKLIST, N_("In which forms are results published?")),
    (Kind.GRID, N_("Which data are there, and how good are they?")),
    (Kind.TEXT, N_("What is the main publication called?")),
    (Kind.LONG_TEXT, N_("What should change in the next years?")),
    (Kind.INTEGER, N_("How many people work on these statistics?")),
    (Kind.PERCENT, N_("What share of the population do the data cover?")),
    (Kind.YEAR, N_("In which year was the last census?")),
    (Kind.DATE, N_("When were the last results published?")),
    (Kind.AGENCY, N_("Which agencies produce these statistics?")),
    (Kind.SOURCE, N_("Which data source is used most?")),
    (Kind.COUNTRY, N_("With which countries are data exchanged?")),
    (Kind.URL, N_("Where on the web are the results?")),
)
_ANCHORS = (
    (N_("Nobody asks users what they need."), ""),
    (
        N_("Users are asked now and then, and nothing is written down."),
        N_("Ask ten users, and write down the answers."),
    ),
    (N_("Users are asked regularly; results are not published."), N_("Plan a regular meeting with users.")),
    (N_("Users are asked every year, and what they say is published."), N_("Publish what users say and what follows.")),
)
_FREQUENCY = (
    ("never", N_("Never"), "0"),
    ("yearly", N_("Once a year"), "1/2"),
    ("monthly", N_("Every month"), "1"),
)
_FORMS = (
    ("print", N_("In print"), "yes", ""),
    ("web", N_("On the web"), "yes", ""),
    ("none", N_("In none of these"), "", "yes"),
)


def template(
    name: str, title: str, translate: Translate = str, *, language: str = "en", supplement_of: str = ""
) -> Lines:
    """Lay out a template; ``name`` is the id of the questionnaire, or of the section a supplement consists of."""
    section = f"xx-{EXAMPLE}" if supplement_of else EXAMPLE
    say = translate
    facts: Line = {layout.SUPPLEMENT_OF: supplement_of} if supplement_of else {
        "id": name,
        "version": "1.0",
        "title": title,
        "edition": say(N_("First edition")),
        "language": language,
    }  # fmt: skip
    return Lines(facts=facts, sheets=_sheets(section, say, name, title, is_supplement=bool(supplement_of)),
                 has_examples=True)  # fmt: skip


def _sheets(section: str, say: Translate, name: str, title: str, *, is_supplement: bool) -> dict[str, list[Line]]:
    example = {
        "id": section,
        "number": "0",
        "title": say(N_("EXAMPLES: delete this line, and none of the examples is read")),
        "provenance": "P",
    }
    sections = [example]
    if is_supplement:
        example["supplement"] = "XX.EXAMPLE"
        sections.append({"id": name, "number": "XX", "title": title, "provenance": "P",
                         "supplement": name.upper().replace("-", ".")})  # fmt: skip
    scale = f"{EXAMPLE}-frequency"
    return {
        layout.SECTIONS: sections,
        layout.QUESTIONS: list(_questions(section, say, scale, is_supplement=is_supplement)),
        layout.ROWS: [
            {"question": f"{section}.grid", "id": "births", "label": say(N_("Births")), "number": "A"},
            {"question": f"{section}.grid", "id": "deaths", "label": say(N_("Deaths")), "number": "B"},
        ],
        layout.COLUMNS: [
            {"question": f"{section}.grid", "id": "produced", "label": say(N_("Produced?")), "type": "yes_no"},
            {"question": f"{section}.grid", "id": "frequency", "label": say(N_("How often?")), "type": "choice",
             "options": scale},
        ],
        layout.OPTIONS: list(_options(section, say, scale)),
        layout.ANCHORS: [
            {"of": f"{section}.level", "level": str(level), "sentence": say(sentence)}
            | ({"action": say(action)} if action else {})
            for level, (sentence, action) in enumerate(_ANCHORS)
        ],
        layout.CONDITIONS: [
            {"question": f"{section}.yes_partly_no", "show_if": f"{section}.yes_no = yes"},
            {"question": f"{section}.url", "show_if": f"{section}.level >= 1 and not {section}.checklist = none"},
        ],
        layout.CONTRADICTIONS: [
            {
                "id": f"{section}.census",
                "when": f"{section}.checklist = none and {section}.choice = yearly, monthly",
                "message": say(N_("Results are published, but in no form.")),
                "section": section,
            }
        ],
        layout.CONCEPTS: [] if is_supplement else [
            {"id": f"{EXAMPLE}-user", "label": say(N_("User")),
             "definition": say(N_("A person or organization that needs the statistics."))}
        ],
    }  # fmt: skip


def _questions(section: str, say: Translate, scale: str, *, is_supplement: bool) -> Iterator[Line]:
    for place, (kind, text) in enumerate(_EXAMPLES, start=1):
        line = {"id": f"{section}.{kind.value}", "number": f"0.{place}", "text": say(text), "type": kind.value,
                "provenance": "P"}  # fmt: skip
        if kind is Kind.CHOICE:
            line["options"] = scale
        if kind is Kind.AGENCY:
            line |= {"many": "yes", "most": "5"}
        if kind is Kind.YEAR:
            line |= {"minimum": "1950", "maximum": "2050"}
        if kind is Kind.LEVEL:
            line["guidance"] = say(N_("Ask for the record of the last meeting with users."))
            if not is_supplement:
                line["tags"] = f"{EXAMPLE}-user"
        if kind is Kind.GRID:
            line |= {"gate_column": "produced", "gate_answers": "no", "gate_settles": "frequency"}
        yield line


def _options(section: str, say: Translate, scale: str) -> Iterator[Line]:
    for name, label, points in _FREQUENCY:
        yield {"of": scale, "id": name, "label": say(label), "points": points}
    for name, label, required, exclusive in _FORMS:
        line = {"of": f"{section}.checklist", "id": name, "label": say(label), "required": required,
                "exclusive": exclusive}  # fmt: skip
        yield {key: text for key, text in line.items() if text}
