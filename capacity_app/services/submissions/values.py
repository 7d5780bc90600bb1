"""What a cell of an export says as an answer; what cannot be one says why."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from capacity_app.domain.answers import Address, Content, State, Value
from capacity_app.domain.checking import check_value
from capacity_app.domain.instrument import Column, Field, Kind, Question
from capacity_app.domain.numerals import AmbiguousError, date_in, number_in
from capacity_app.domain.problems import N_, printable
from capacity_app.instruments.ids import is_id
from capacity_app.instruments.xlsform.exporting import NONE_CHOICE, STATE_CHOICES, STATES, YES_NO
from capacity_app.instruments.xlsform.form import NONE
from capacity_app.instruments.xlsform.names import id_of
from capacity_app.services.submissions.columns import Questionnaire
from capacity_app.texts import country_codes
from capacity_app.workbook.reader.labels import Labels, folded
from capacity_app.workbook.reader.payload import percent_text

NO_NUMBER = N_("This is no number.")
NO_DATE = N_("This is no date, such as 2018-11-29, 2018-11 or 2018.")
NO_CHOICE = N_("This is none of the answers to choose from.")
NO_ENTRY = N_("No entry of the list has this name.")
TWO_CHOICES = N_("This text can mean different choices. Export the file again with XML values.")
_PICKED = frozenset({Kind.AGENCY, Kind.SOURCE})
_LISTED = _PICKED | {Kind.COUNTRY}
_CHOSEN = frozenset({Kind.LEVEL, Kind.YES_NO, Kind.YES_PARTLY_NO, Kind.CHOICE, Kind.CHECKLIST})
"""Kinds of answers whose choices say also why there is no answer."""
_CODE = 3
"""Digits of a country's code."""
_LARGEST = 10**15


class Unfit(Exception):  # noqa: N818 - it is no error of the program
    """A cell is no answer here; ``reason`` is a message id."""

    def __init__(self, reason: str, **values: str) -> None:
        self.reason, self.values = reason, values
        super().__init__(reason)


class Values:
    """Reads the answers to one instrument's questions."""

    def __init__(self, asking: Questionnaire) -> None:
        self._asking, self._texts = asking, asking.texts
        self._labels: dict[Address, Labels] = {}
        words = STATE_CHOICES.items()
        self._states = {folded(texts.gettext(said)): name for texts in self._texts for name, said in words}
        self._none = {folded(texts.gettext(NONE_CHOICE)) for texts in self._texts}

    def content(self, question: Question, asked: Field, raw: str) -> Content:
        """Read an answer, or why there is none; raises Unfit."""
        state = self.state(raw) if asked.kind in _CHOSEN else None
        if state is not None:
            return Content(state=state)
        value = self._value(question, asked, raw)
        problem = check_value(asked, value, Address(question.id))
        if problem is not None:
            # The reason stands alone beside the text, so its places are filled in here.
            raise Unfit(problem.message.format(**{name: printable(text) for name, text in problem.values}))
        return Content(state=State.ANSWERED, value=value)

    def state(self, raw: str) -> State | None:
        """Return the state that a choice beside the answers names, None if it is none of them."""
        return STATES.get(raw) or STATES.get(self._states.get(folded(raw), ""))

    def _value(self, question: Question, asked: Field, raw: str) -> Value:  # noqa: PLR0911 - one for each kind
        match asked.kind:
            case Kind.LEVEL:
                return int(self._chosen(question, asked, raw))
            case Kind.YES_NO | Kind.YES_PARTLY_NO | Kind.CHOICE:
                return self._chosen(question, asked, raw)
            case Kind.CHECKLIST if self._is_none(question, asked, raw):
                return ()
            case Kind.CHECKLIST | Kind.AGENCY | Kind.SOURCE | Kind.COUNTRY:
                return self._several(question, asked, raw)
            case Kind.INTEGER | Kind.YEAR:
                return _whole(raw)
            case Kind.PERCENT:
                return percent_text(_number(raw))
            case Kind.DATE:
                return _date(raw)
        return raw

    # -- choices ---------------------------------------------------------------------------------------------------

    def choice(self, question: Question, asked: Field, name: str) -> str:
        """Return the id of what a column of one choice is about; raises Unfit."""
        if self._is_none(question, asked, name):
            return NONE
        state = self.state(name)
        if state is not None:
            return next(choice for choice, meant in STATES.items() if meant is state)
        found = self._named(question, asked, name)
        return found or self._chosen(question, asked, name)

    def _is_none(self, question: Question, asked: Field, raw: str) -> bool:
        """Return whether a choice is the one that forms of ours add where no option says that nothing applies."""
        if raw == NONE or folded(raw) not in self._none:
            return raw == NONE
        own = {folded(label) for label, _ in self._labels_of(question, asked).entries}
        return folded(raw) not in own

    def _named(self, question: Question, asked: Field, name: str) -> str:
        """Return the country, or the entry of a register, that a name stands for; empty if it is none."""
        if asked.kind is Kind.COUNTRY:
            code = name.zfill(_CODE)  # a spreadsheet takes the zeros away
            return code if code in self._labels_of(question, asked).by_id else ""
        is_entry = asked.kind in _PICKED and is_id(name) and name.startswith(f"{asked.kind.value}-")
        return name if is_entry else ""

    def _chosen(self, question: Question, asked: Field, raw: str) -> str:
        labels = self._labels_of(question, asked)
        if raw in labels.by_id:
            return raw
        try:
            found = labels.find(raw)
        except AmbiguousError:
            raise Unfit(TWO_CHOICES) from None
        found = found or next((one for one in labels.by_id if id_of(raw) == one), "")
        if not found:
            raise Unfit(NO_ENTRY if asked.kind in _LISTED else NO_CHOICE)
        return found

    def _several(self, question: Question, asked: Field, raw: str) -> Value:
        """Read names, or labels, with spaces between them."""
        names = raw.split()
        labels = self._labels_of(question, asked)
        known = [name if name in labels.by_id else self._named(question, asked, name) for name in names]
        if all(known):
            return _once(known)
        found = self._worded(labels, names)
        if len(found) > 1:
            raise Unfit(TWO_CHOICES)
        return found[0] if found else _once(self._chosen(question, asked, name) for name in names)

    @staticmethod
    def _worded(labels: Labels, words: Sequence[str]) -> list[tuple[str, ...]]:
        """Find what a text means as labels with spaces between them; two meanings are enough to be in doubt."""
        entries: dict[str, set[str]] = {}
        for label, entry in labels.entries:
            entries.setdefault(folded(label), set()).add(entry)
        longest = max((label.count(" ") + 1 for label in entries), default=0)
        meanings: list[dict[frozenset[str], tuple[str, ...]]] = [{} for _ in words] + [{frozenset(): ()}]
        for start in reversed(range(len(words))):
            for end in range(start + 1, min(len(words), start + longest) + 1):
                if len(meanings[start]) > 1 or not meanings[end]:
                    continue
                for entry in entries.get(folded(" ".join(words[start:end])), ()):
                    found = (_once((entry, *rest)) for rest in meanings[end].values())
                    meanings[start] |= {frozenset(one): one for one in found}
        return list(meanings[0].values())

    def _labels_of(self, question: Question, asked: Field) -> Labels:
        address = Address(question.id, column=asked.id if isinstance(asked, Column) else "")
        if asked.kind is Kind.COUNTRY:
            address = Address("")  # the same everywhere
        if address not in self._labels:
            self._labels[address] = made = Labels()
            for name, words in self._offered(question, asked).items():
                for label in words:
                    made.add(label, name)
        return self._labels[address]

    def _offered(self, question: Question, asked: Field) -> Mapping[str, Iterable[str]]:
        part = f"{question.id}|column {asked.id} " if isinstance(asked, Column) else f"{question.id}|"

        def said(key: str, text: str) -> set[str]:
            return self._asking.wordings(f"{part}{key}", text)

        if asked.kind is Kind.LEVEL:
            anchors = {str(n): said(f"anchor {n}", anchor) for n, anchor in enumerate(asked.anchors)}
            return {n: [words for one in texts for words in (one, f"{n} {one}")] for n, texts in anchors.items()}
        if asked.kind in {Kind.YES_NO, Kind.YES_PARTLY_NO}:
            names = YES_NO if asked.kind is Kind.YES_PARTLY_NO else {"yes": YES_NO["yes"], "no": YES_NO["no"]}
            return {name: {texts.gettext(word) for texts in self._texts} for name, word in names.items()}
        if asked.kind is Kind.COUNTRY:
            return {code: {texts.country(code) for texts in self._texts} for code in country_codes()}
        return {option.id: said(f"option {option.id}", option.label) for option in asked.options}


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _number(raw: str) -> Decimal:
    try:
        number = Decimal(raw)
    except InvalidOperation:
        pass
    else:
        if number.is_finite():
            return number
    try:
        return number_in(raw)
    except (AmbiguousError, ValueError):
        raise Unfit(NO_NUMBER) from None


def _whole(raw: str) -> int:
    number = _number(raw)
    if number != number.to_integral_value() or abs(number) > _LARGEST:
        raise Unfit(NO_NUMBER)
    return int(number)


def _date(raw: str) -> str:
    try:
        return date_in(raw.partition("T")[0].partition(" ")[0])
    except (AmbiguousError, ValueError):
        raise Unfit(NO_DATE) from None
