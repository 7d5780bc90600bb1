"""The letter that invites an agency: a Word file with placeholders, which an office may write anew, and what fills it.

Problem: every office has its own letterhead and its own way to address a ministry, and the letter must also be right
in the eight languages of the program. Decision: a placeholder such as {{opening}} stands for a sentence or a list in
the language of the letter. The standard letter is little more than placeholders in order; an office that changes the
template keeps those it likes and writes the rest itself.
"""

import io
import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import field
from datetime import UTC, datetime

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt

from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.planning.agenda import AgencyAgenda, PlannedMeeting
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import Section
from capacity_app.i18n.formatter import Formatter
from capacity_app.outputs.content.registers import country_name
from capacity_app.outputs.word.markup import word_language

_STANDARD_LETTER = (
    ("Header", "{{project}}"),
    ("Right", "{{today}}"),
    ("Strong", "{{agency}}"),
    ("Normal", "{{agency_contact}}"),
    ("Heading 1", "{{subject}}"),
    ("Normal", "{{greeting}}"),
    ("Normal", "{{opening}}"),
    ("Normal", "{{purpose}}"),
    ("Heading 2", "{{meetings_heading}}"),
    ("List Bullet", "{{meetings}}"),
    ("Heading 2", "{{parts_heading}}"),
    ("List Bullet", "{{parts}}"),
    ("Normal", "{{form}}"),
    ("Heading 2", "{{team_heading}}"),
    ("List Bullet", "{{team}}"),
    ("Normal", "{{contact}}"),
    ("Normal", "{{closing}}"),
    ("Normal", "{{sender}}"),
    ("Heading 2", "{{evidence_heading}}"),
    ("Normal", "{{evidence_request}}"),
    ("List Bullet", "{{evidence}}"),
)
"""The paragraphs of the standard letter with their styles."""
_PLACEHOLDER = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
_FONT = "Arial"
Lines = tuple[str, ...]


def standard_letter() -> bytes:
    """Make the template of the standard letter."""
    document = Document()
    styles = document.styles
    for name, size in (("Normal", 11), ("Heading 1", 15), ("Heading 2", 12), ("Header", 9)):
        style = styles[name]
        style.font.size = Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        fonts.attrib.clear()
        for script in ("ascii", "hAnsi", "cs"):
            fonts.set(qn(f"w:{script}"), _FONT)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    for style_name, text in _STANDARD_LETTER:
        if style_name == "Header":
            section.header.paragraphs[0].text = text
            continue
        paragraph = document.add_paragraph(style="Normal" if style_name in {"Right", "Strong"} else style_name)
        paragraph.add_run(text).bold = True if style_name == "Strong" else None
        if style_name == "Right":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.page_break_before = True if text == "{{evidence_heading}}" else None
    return _packed(document)


def _packed(document: WordDocument) -> bytes:
    properties, content = document.core_properties, io.BytesIO()
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = datetime.now(UTC).replace(tzinfo=None)
    document.save(content)
    return content.getvalue()


# What stands for the placeholders.


def letter_values(
    formatter: Formatter, invited: AgencyAgenda, minutes: Mapping[str, int], today: str, sender: str = ""
) -> dict[str, Lines]:
    """Return what each placeholder stands for, in lines; ``minutes`` by section, ``today`` as ISO 8601."""
    facts = _facts(formatter, invited, today, sender)
    return facts | _sentences(formatter, invited) | _lists(formatter, invited, minutes)


def _facts(formatter: Formatter, invited: AgencyAgenda, today: str, sender: str) -> dict[str, Lines]:
    mission, texts = formatter.dossier.mission, formatter.texts
    met = (person for person in formatter.dossier.people if person.agency == invited.agency.id and person.name)
    dates = sorted({one.meeting.date for one in invited.meetings if one.meeting.date})
    plain = {
        "today": texts.date(today),
        "country": country_name(formatter),
        "round": mission.round,
        "project": mission.project,
        "purpose": mission.purpose,
        "questionnaire": formatter.instrument_title,
        "agency": invited.agency.name or invited.agency.short,
        "agency_short": invited.agency.short or invited.agency.name,
        "agency_contact": invited.agency.contact,
        "agency_people": texts.listed(person.name for person in met),
        "visit_start": texts.date(mission.start),
        "visit_end": texts.date(mission.end),
        "dates": texts.listed(map(texts.weekday, dates)),
        "places": texts.listed(dict.fromkeys(one.meeting.place for one in invited.meetings if one.meeting.place)),
        "part_numbers": texts.listed(section.number for section in invited.sections),
        "team_contact": mission.contact,
        "sender": sender,
    }
    return {name: tuple(line for line in value.splitlines() if line.strip()) for name, value in plain.items()}


def _sentences(formatter: Formatter, invited: AgencyAgenda) -> dict[str, Lines]:
    mission, say = formatter.dossier.mission, formatter.say
    about = " ".join(part for part in (country_name(formatter), mission.round) if part)
    visit, start, end = "", formatter.texts.date(mission.start), formatter.texts.date(mission.end)
    if start and end:
        visit = " " + say(N_("The visit takes place from {start} to {end}."), start=start, end=end)
    elif start:
        visit = " " + say(N_("The visit begins on {start}."), start=start)
    contact = say(N_("If you have questions, please contact us: {contact}."), contact=mission.contact.rstrip("."))
    named = [
        (
            "subject",
            ": ".join(part for part in (about, say(N_("invitation to an assessment of migration data"))) if part),
            True,
        ),
        ("greeting", say(N_("Dear colleagues,")), True),
        (
            "opening",
            say(
                N_(
                    "We invite you to take part in an assessment of national migration data. It "
                    "uses the questionnaire “{title}”."
                ),
                title=formatter.instrument_title,
            )
            + visit,
            True,
        ),
        ("meetings_heading", say(N_("Meetings")), invited.meetings),
        ("parts_heading", say(N_("Parts of the questionnaire and estimated time")), invited.sections),
        (
            "form",
            say(
                N_(
                    "A form with these questions is enclosed. You can fill it in before the meeting, "
                    "or together with us."
                )
            ),
            invited.sections,
        ),
        ("evidence_heading", say(N_("Annex: documents that help")), invited.sections),
        (
            "evidence_request",
            say(
                N_(
                    "Please have these documents or links ready, as far as they exist. A copy or a "
                    "web address is enough."
                )
            ),
            invited.sections,
        ),
        ("team_heading", say(N_("Who will visit you")), mission.team),
        ("contact", contact, mission.contact),
        ("closing", say(N_("We thank you for your cooperation.")), True),
    ]
    return {name: (sentence,) if has_subject else () for name, sentence, has_subject in named}


def _lists(formatter: Formatter, invited: AgencyAgenda, minutes: Mapping[str, int]) -> dict[str, Lines]:
    return {
        "meetings": tuple(_meeting_line(formatter, one) for one in invited.meetings),
        "parts": tuple(_part_line(formatter, section, minutes[section.id]) for section in invited.sections),
        "team": formatter.dossier.mission.team,
        "evidence": tuple(line for section in invited.sections for line in _evidence_lines(formatter, section)),
    }


def _meeting_line(formatter: Formatter, planned: PlannedMeeting) -> str:
    meeting, texts = planned.meeting, formatter.texts
    day = texts.weekday(meeting.date) if meeting.date else formatter.say(N_("Date to be agreed"))
    parts = texts.listed(section.number for section in planned.sections)
    pattern = N_("Part {number}") if len(planned.sections) == 1 else N_("Parts {parts}")
    about = formatter.say(pattern, number=parts, parts=parts) if parts else meeting.title
    length = formatter.say(N_("about {time}"), time=texts.duration(planned.minutes)) if planned.minutes else ""
    said = (day, texts.in_digits(meeting.start), meeting.place, about, length)
    return " · ".join(part for part in said if part)


def _part_line(formatter: Formatter, section: Section, minutes: int) -> str:
    title = formatter.texts.numbered(section.number, formatter.section(section))
    time = formatter.say(N_("about {time}"), time=formatter.texts.duration(minutes))
    return f"{title} ({time})"


def _evidence_lines(formatter: Formatter, section: Section) -> Iterator[str]:
    """Name what to look for, question by question; the same documents once."""
    hints: dict[str, list[str]] = {}
    for question in section.questions:
        if question.evidence_hint:
            hint = formatter.instrument_text(question.id, "evidence_hint", question.evidence_hint).strip()
            hints.setdefault(hint, []).append(question.number)
    yield from (f"{formatter.texts.listed(numbers)}: {hint}" for hint, numbers in hints.items())


# Filling a template.


@dataclass
class _Filler:
    """Fills paragraphs and collects the placeholders that nobody knows."""

    values: Mapping[str, Lines]
    language: str
    is_leftwards: bool
    unknown: dict[str, None] = field(default_factory=dict)

    def fill(self, paragraph: BaseOxmlElement) -> None:
        """Fill a paragraph; one that is a single placeholder is repeated for each line, and goes if there is none."""
        text = "".join(one.text or "" for one in paragraph.iter(qn("w:t")))
        whole = _PLACEHOLDER.fullmatch(text.strip())
        lines = self.values.get(_name(whole[1])) if whole else None
        if lines is None:
            _replace(paragraph, self._inline)
            self._mark(paragraph)
            return
        for line in lines:
            copied = deepcopy(paragraph)
            _replace(copied, _always(line))
            self._mark(copied)
            paragraph.addprevious(copied)
        if lines or _can_go(paragraph):
            paragraph.getparent().remove(paragraph)
        else:
            _replace(paragraph, _always(""))

    def _inline(self, found: re.Match[str]) -> str:
        lines = self.values.get(_name(found[1]))
        if lines is None:
            self.unknown.setdefault(found[0])
            return found[0]
        return "; ".join(lines)

    def _mark(self, paragraph: BaseOxmlElement) -> None:
        """Say in which language a paragraph is, and set it from right to left where that is so."""
        for run in paragraph.iter(qn("w:r")):
            properties = run.get_or_add_rPr()
            for old in properties.findall(qn("w:lang")):
                properties.remove(old)
            language = OxmlElement("w:lang")
            language.set(qn("w:bidi" if self.is_leftwards else "w:val"), self.language)
            if self.is_leftwards:
                properties.append(OxmlElement("w:rtl"))
            properties.append(language)
        if self.is_leftwards:
            properties = paragraph.get_or_add_pPr()
            if properties.find(qn("w:bidi")) is None:
                properties.insert_element_before(OxmlElement("w:bidi"), *_AFTER_BIDI)


_AFTER_BIDI = (
    "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents",
    "w:suppressOverlap", "w:jc", "w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl",
    "w:divId", "w:cnfStyle", "w:rPr", "w:sectPr", "w:pPrChange",
)  # fmt: skip
"""What stands behind ``bidi`` among the properties of a paragraph."""


def _always(line: str) -> Callable[[re.Match[str]], str]:
    return lambda _found: line


def _name(written: str) -> str:
    return "_".join(written.casefold().split())


def _can_go(paragraph: BaseOxmlElement) -> bool:
    """Return whether a paragraph may be removed: a cell and a header keep their last one, a section its end."""
    beside = paragraph.getparent().findall(qn("w:p"))
    return len(beside) > 1 and paragraph.find(f".//{qn('w:sectPr')}") is None


def _replace(paragraph: BaseOxmlElement, said: Callable[[re.Match[str]], str]) -> None:
    """Replace placeholders, however Word has cut them into runs; a text takes the looks of its first letter."""
    pieces = list(paragraph.iter(qn("w:t")))
    text = "".join(piece.text or "" for piece in pieces)
    for found in reversed(list(_PLACEHOLDER.finditer(text))):
        place, written = 0, said(found)
        for piece in pieces:
            old = piece.text or ""
            start, end = max(found.start() - place, 0), min(found.end() - place, len(old))
            place += len(old)
            if start < end:
                piece.text = old[:start] + written + old[end:]
                piece.set(qn("xml:space"), "preserve")
                written = ""


def _roots(document: WordDocument) -> Iterator[BaseOxmlElement]:
    """Go through what has paragraphs: the text, and the heads and feet of pages."""
    yield document.element.body
    for section in document.sections:
        for part in (
            section.header, section.first_page_header, section.even_page_header,
            section.footer, section.first_page_footer, section.even_page_footer,
        ):  # fmt: skip
            if not part.is_linked_to_previous:
                yield part._element  # noqa: SLF001 - python-docx has no other way


def fill_letter(template: bytes, values: Mapping[str, Lines], formatter: Formatter) -> tuple[bytes, tuple[str, ...]]:
    """Return the letter, and the placeholders in the template that nobody knows; these stay as they are."""
    document = Document(io.BytesIO(template))
    texts = formatter.texts
    filler = _Filler(values, word_language(texts.language), texts.right_to_left)
    for root in _roots(document):
        for paragraph in list(root.iter(qn("w:p"))):
            filler.fill(paragraph)
    document.core_properties.language = filler.language
    return _packed(document), tuple(filler.unknown)
