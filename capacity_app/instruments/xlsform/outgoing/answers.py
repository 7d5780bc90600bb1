"""What kind of field an answer is, and the lists of what there is to choose from."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from capacity_app.domain.answers import Address
from capacity_app.domain.instrument import TOP_LEVEL, Field, Kind, Question
from capacity_app.instruments.xlsform.details import OPTION, details_of
from capacity_app.instruments.xlsform.form import ACTION, DECLINED, KIND, NONE, NOT_APPLICABLE, UNKNOWN, Line
from capacity_app.instruments.xlsform.names import name_of
from capacity_app.instruments.xlsform.outgoing import sentences
from capacity_app.instruments.xlsform.outgoing.limits import constraint_of
from capacity_app.instruments.xlsform.outgoing.words import Words
from capacity_app.texts import country_codes

TABLE_STATES, STATES = "table_states", "states"
"""The lists of why there is no answer: for a whole table, and for a row or a question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registers:
    """The agencies and sources of one country, by id, to choose from in the form."""

    agencies: tuple[tuple[str, str], ...] = ()
    sources: tuple[tuple[str, str], ...] = ()

    def of(self, kind: Kind) -> tuple[tuple[str, str], ...]:
        return {Kind.AGENCY: self.agencies, Kind.SOURCE: self.sources}.get(kind, ())


@dataclass
class _Lists:
    """The lists of choices, each once, however many questions offer it."""

    lines: list[Line] = field(default_factory=list)
    _names: dict[tuple[tuple[tuple[str, str], ...], ...], str] = field(default_factory=dict)

    def named(self, wanted: str, choices: Iterable[Line]) -> str:
        """Return the name of a list with these choices."""
        lines = list(choices)
        key = tuple(tuple(line.items()) for line in lines)
        if key not in self._names:
            self._names[key] = wanted
            self.lines += [{"list_name": wanted, **line} for line in lines]
        return self._names[key]


class Answers:
    """The answers that the fields of a form take."""

    def __init__(self, words: Words, registers: Registers) -> None:
        self._words, self.registers = words, registers
        self.lists = _Lists()

    def typed(self, question: Question, asked: Field) -> Line:
        """Return what kind of field an answer is, and what it allows."""
        line = {KIND: _kind(asked), **self._type(question, asked)}
        constraint = constraint_of(asked, is_plain=self._words.is_plain)
        if constraint:
            message = sentences.ALONE if asked.kind is Kind.CHECKLIST else sentences.WRONG_ANSWER
            line |= {"constraint": constraint, **self._words.said("constraint_message", message)}
        return line

    def _type(self, question: Question, asked: Field) -> Line:
        several = "select_multiple" if asked.many or asked.kind is Kind.CHECKLIST else "select_one"
        match asked.kind:
            case Kind.AGENCY | Kind.SOURCE | Kind.COUNTRY:
                picked = self.picked(asked.kind)
                kind = f"{several} {picked}" if picked else "text"
                return {"type": kind, "appearance": "minimal autocomplete" if picked else ""}
            case Kind.INTEGER | Kind.YEAR:
                return {"type": "integer"}
            case Kind.PERCENT:
                return {"type": "decimal"}
            case Kind.TEXT | Kind.LONG_TEXT | Kind.URL:
                look = {Kind.LONG_TEXT: "multiline", Kind.URL: "url"}.get(asked.kind, "")
                return {"type": "text", "appearance": look}
            case Kind.DATE:
                return {"type": "text", **({} if asked.guidance else self._words.said("hint", sentences.ASK_DATE))}
        return {"type": f"{several} {self._choices(question, asked)}"}

    def _choices(self, question: Question, asked: Field) -> str:
        """Name the list of what there is to choose from."""
        column = "" if asked is question else asked.id
        return self.lists.named(name_of(Address(question.id, column=column)), self._offered(question, asked))

    def _offered(self, question: Question, asked: Field) -> Iterator[Line]:
        part = f"{question.id}|column {asked.id} " if asked is not question else f"{question.id}|"
        if asked.kind is Kind.LEVEL:
            for level, anchor in enumerate(asked.anchors[: TOP_LEVEL + 1]):
                action = self._action(f"{part}action {level + 1}", asked.actions[level : level + 1])
                yield {
                    "name": str(level),
                    **self._words.worded("label", f"{part}anchor {level}", anchor, str(level)),
                    **action,
                }
        elif asked.kind in {Kind.YES_NO, Kind.YES_PARTLY_NO}:
            for answer, word in sentences.YES_NO.items():
                if answer != "partly" or asked.kind is Kind.YES_PARTLY_NO:
                    yield {"name": answer, **self._words.said("label", word)}
        for option in asked.options:
            label = self._words.worded("label", f"{part}option {option.id}", option.label)
            yield {"name": option.id, **label, **details_of(option, OPTION)}
        if self._words.is_plain:
            return
        if asked.kind is Kind.CHECKLIST and not any(option.exclusive for option in asked.options):
            yield {"name": NONE, **self._words.said("label", sentences.NONE_CHOICE)}
        states = (NOT_APPLICABLE, UNKNOWN, DECLINED) if asked is question else (UNKNOWN, DECLINED)
        for state in states:
            yield {"name": state, **self._words.said("label", sentences.STATE_CHOICES[state])}

    def _action(self, key: str, actions: Sequence[str]) -> Line:
        """Return the suggested action; no languages in the names of these columns, over which pyxform stumbles."""
        return {
            f"{ACTION}_{texts.asked_in}": texts.wording(self._words.instrument.id, key, action)
            for action in actions
            for texts in self._words.texts.values()
        }

    def states(self, name: str) -> str:
        """Name one of the two lists of why there is no answer."""
        states = (NOT_APPLICABLE,) if name == TABLE_STATES else tuple(sentences.STATE_CHOICES)
        return self.lists.named(
            name, ({"name": state, **self._words.said("label", sentences.STATE_CHOICES[state])} for state in states)
        )

    def picked(self, kind: Kind) -> str:
        """Name the list of a register, empty where the form has none."""
        if kind is Kind.COUNTRY and not self._words.is_plain:
            return self.lists.named("countries", (
                {"name": code, **{f"label::{name}": texts.country(code) for name, texts in self._words.texts.items()}}
                for code in country_codes()
            ))  # fmt: skip
        entries = self.registers.of(kind)
        if not entries:
            return ""
        return self.lists.named(f"{kind.value}_list", (
            {"name": entry, **self._words.names("label", label)} for entry, label in entries
        ))  # fmt: skip


def _kind(asked: Field) -> str:
    many = f" many {asked.most}" if asked.most else " many"
    return f"{asked.kind.value}{many if asked.many else ''}"
