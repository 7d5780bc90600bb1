"""Every text of an instrument as a translator meets it: where it stands, and what one has to know to translate it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from capacity_app.catalogues import Term
from capacity_app.domain.instrument import Field, Instrument, Question, Section
from capacity_app.domain.problems import N_, Translate
from capacity_app.domain.wordings import wording_places

_PARTS: dict[str, str] = {
    "heading": N_("heading"),
    "text": N_("question"),
    "respondent_help": N_("help for respondents"),
    "evidence_hint": N_("hint at evidence"),
    "guidance": N_("guidance"),
    "label": N_("label"),
    "preset_reason": N_("why the row does not apply"),
    "title": N_("title"),
    "edition": N_("edition"),
    "description": N_("description"),
    "introduction": N_("introduction"),
    "definition": N_("definition"),
}
_SHORT_PARTS = frozenset({"heading", "label", "title", "option"})
"""What stands in a narrow place: a heading of a table, a line of a list."""
_LEVEL = N_("answer of level {level}")
_STEP = N_("suggested action {step}")
_OPTION = N_("possible answer")
_OF_COLUMN = N_("column “{label}”: {part}")
_OF_ROW = N_("row “{label}”: {part}")
_COLUMN_NAME, _ROW_NAME = N_("name of a column"), N_("name of a row")
_WHOLE, _GLOSSARY, _MESSAGES, _CODES = (
    N_("The questionnaire"),
    N_("Definitions"),
    N_("Contradictions"),
    N_("Lists of words"),
)
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One text to translate, under its permanent key.

    ``plural`` is the source for several, empty unless the sentence depends on a count; ``part``, ``number`` and
    ``what`` say where it stands in plain words, ``group`` which texts belong together; a label stands in a narrow
    place. ``scope`` is the context under which catalogues know it.
    """

    key: str
    source: str
    plural: str = ""
    scope: str = ""
    part: str = ""
    number: str = ""
    what: str = ""
    context: str = ""
    group: str = ""
    is_label: bool = False

    @property
    def where(self) -> str:
        return ", ".join(piece for piece in (self.number or self.part, self.what) if piece)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is translated: an instrument in one version, or the program."""

    id: str
    version: str
    language: str
    title: str
    hash: str
    passages: tuple[Passage, ...]
    terms: tuple[Term, ...] = ()
    by_key: dict[str, Passage] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.by_key.update((passage.key, passage) for passage in self.passages)


def instrument_subject(instrument: Instrument, say: Translate) -> Subject:
    """Give an instrument to be translated; read it with all its supplements."""
    return Subject(
        id=instrument.id,
        version=instrument.version,
        language=instrument.language,
        title=instrument.title,
        hash=instrument.content_hash,
        passages=tuple(instrument_passages(instrument, say)),
        terms=tuple((concept.label, "", concept.definition) for concept in instrument.concepts),
    )


def instrument_passages(instrument: Instrument, say: Translate) -> Iterator[Passage]:
    """Go through all texts of an instrument in printed order, with where each stands said by ``say``."""
    places = _Places(instrument, say)
    for key, text in wording_places(instrument):
        yield places.passage(key, text)


class _Places:
    """Says where the texts of an instrument stand."""

    def __init__(self, instrument: Instrument, say: Translate) -> None:
        self._instrument, self._say = instrument, say
        self._sections = {section.id: section for section in instrument.sections}
        self._contradictions = {one.id: one for one in instrument.contradictions}

    def passage(self, key: str, text: str) -> Passage:
        """Describe one text by its key."""
        owner, _, part = key.partition("|")
        part_words, number, what, context = self._described(owner, part, text)
        return Passage(
            key=key,
            source=text,
            scope=f"{self._instrument.id}|{key}",
            part=part_words,
            number=number,
            what=what,
            context=context,
            group=owner,
            is_label=part.split(" ")[0] in _SHORT_PARTS or part.split(" ")[-1] in _SHORT_PARTS or " option " in part,
        )

    def _described(self, owner: str, part: str, text: str) -> tuple[str, str, str, str]:
        say = self._say
        if owner in self._instrument.question_by_id:
            question = self._instrument.question_by_id[owner]
            what, context = self._of_question(question, part)
            return self._section(self._instrument.section_of[owner]), question.number, what, context
        if owner in self._sections:
            section = self._sections[owner]
            about = say(N_("Title of the part: {title}")).format(title=section.title) if part != "title" else ""
            return self._section(section), section.number, self._named(part), about
        if owner in self._instrument.concept_by_id:
            concept = self._instrument.concept_by_id[owner]
            other = concept.definition if part == "label" else concept.label
            what = say(N_("term")) if part == "label" else say(N_("definition"))
            return say(_GLOSSARY), "", what, other
        if owner == "contradictions":
            return say(_MESSAGES), "", say(N_("message")), say(N_("Said where two answers cannot both be true."))
        if owner == "codes":
            return say(_CODES), "", say(N_("entry of a list")), self._codes(part, text)
        return say(_WHOLE), "", self._named(part), ""

    def _section(self, section: Section) -> str:
        return f"{section.number} {section.title}"

    def _named(self, part: str) -> str:
        return self._say(_PARTS[part]) if part in _PARTS else part

    def _codes(self, part: str, text: str) -> str:
        name = part.split(" ", maxsplit=1)[0]
        others = [code.label for code in self._instrument.codes.get(name, ()) if code.label != text]
        return self._say(N_("The others of the list: {entries}")).format(entries="; ".join(others))

    # -- questions -------------------------------------------------------------------------------------------------

    def _of_question(self, question: Question, part: str) -> tuple[str, str]:
        kind, _, rest = part.partition(" ")
        if kind == "column":
            name, _, inside = rest.partition(" ")
            column = question.column_by_id[name]
            if inside == "label":
                return self._say(_COLUMN_NAME), self._about(question)
            what, lines = self._of_field(column, inside)
            label = _short(column.label)
            return (
                self._say(_OF_COLUMN).format(label=label, part=what),
                "\n".join((self._about(question), self._say(N_("Column: {text}")).format(text=column.label), *lines)),
            )
        if kind == "row":
            return self._of_row(question, rest)
        what, lines = self._of_field(question, part)
        about = () if part == "text" else (self._about(question),)
        heading = (self._say(N_("Heading: {text}")).format(text=question.heading),) if question.heading else ()
        return what, "\n".join((*about, *(heading if part == "text" else ()), *lines))

    def _of_row(self, question: Question, rest: str) -> tuple[str, str]:
        name, _, inside = rest.partition(" ")
        row = question.row_by_id[name]
        if inside == "label":
            return self._say(_ROW_NAME), self._about(question)
        what = self._say(_OF_ROW).format(label=_short(row.label), part=self._named(inside))
        return what, "\n".join((self._about(question), self._say(N_("Row: {text}")).format(text=row.label)))

    def _about(self, question: Question) -> str:
        return self._say(N_("Question: {text}")).format(text=question.text)

    def _of_field(self, about: Field, part: str) -> tuple[str, tuple[str, ...]]:
        kind, _, rest = part.partition(" ")
        say = self._say
        if kind == "anchor":
            level = int(rest)
            return say(_LEVEL).format(level=level), self._levels(about, lambda other: other != level)
        if kind == "action":
            step = int(rest)
            leads = say(N_("It leads from level {low} to level {high}.")).format(low=step - 1, high=step)
            return say(_STEP).format(step=step), (leads, *self._levels(about, lambda level: level in {step - 1, step}))
        if kind == "option":
            others = [option.label for option in about.options if option.id != rest]
            told = say(N_("The others of the list: {entries}")).format(entries="; ".join(others))
            return say(_OPTION), (told,) if others else ()
        return self._named(part), ()

    def _levels(self, about: Field, is_wanted: Callable[[int], bool]) -> tuple[str, ...]:
        pattern = self._say(N_("Level {level}: {text}"))
        levels: Iterable[tuple[int, str]] = enumerate(about.anchors)
        return tuple(pattern.format(level=level, text=text) for level, text in levels if is_wanted(level))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_NAME else f"{text[:_LONGEST_NAME].rstrip()}…"
