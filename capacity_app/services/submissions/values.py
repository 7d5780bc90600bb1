"""What a cell of an export says as an answer; what cannot be one says why."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from capacity_app.catalogues import wording_languages
from capacity_app.domain.answers import Address, Content, State, Value
from capacity_app.domain.checking import check_value
from capacity_app.domain.instrument import Column, Field, Instrument, Kind, Question
from capacity_app.domain.numerals import AmbiguousError, date_in, number_in
from capacity_app.domain.problems import N_, printable
from capacity_app.instruments.ids import is_id
from capacity_app.instruments.xlsform.exporting import NONE_CHOICE, STATE_CHOICES, STATES, YES_NO
from capacity_app.instruments.xlsform.form import NONE
from capacity_app.instruments.xlsform.names import id_of
from capacity_app.texts import Texts
from capacity_app.workbook.reader.labels import Labels, folded
from capacity_app.workbook.reader.payload import percent_text

NO_NUMBER = N_("This is no number.")
NO_DATE = N_("This is no date, such as 2018-11-29, 2018-11 or 2018.")
NO_CHOICE = N_("This is none of the answers to choose from.")
NO_ENTRY = N_("No entry of the list has this name.")
_PICKED = frozenset({Kind.AGENCY, Kind.SOURCE})
_LARGEST = 10**15


class Unfit(Exception):  # noqa: N818 - it is no error of the program
    """A cell is no answer here; ``reason`` is a message id."""

    def __init__(self, reason: str, **values: str) -> None:
        self.reason, self.values = reason, values
        super().__init__(reason)


class Values:
    """Reads the answers to one instrument's questions."""

    def __init__(self, instrument: Instrument) -> None:
        self._instrument = instrument
        self._texts = [Texts(tag) for tag in ("en", *wording_languages(instrument.id))]
        self._labels: dict[Address, Labels] = {}

    def content(self, question: Question, asked: Field, raw: str) -> Content:
        """Read an answer, or why there is none; raises Unfit."""
        state = self.state(raw)
        if state is not None:
            return Content(state=state)
        value = self._value(question, asked, raw)
        problem = check_value(asked, value, Address(question.id))
        if problem is not None:
            # The reason stands alone beside the text, so its places are filled in here.
            raise Unfit(problem.message.format(**{name: printable(text) for name, text in problem.values}))
        return Content(state=State.ANSWERED, value=value)

    def state(self, raw: str) -> State | None:
        """Give the state that a choice beside the answers names, None if it is none of them."""
        if raw in STATES:
            return STATES[raw]
        said = folded(raw)
        for name, sentence in STATE_CHOICES.items():
            if any(folded(texts.gettext(sentence)) == said for texts in self._texts):
                return STATES[name]
        return None

    def _value(self, question: Question, asked: Field, raw: str) -> Value:  # noqa: PLR0911 - one for each kind
        match asked.kind:
            case Kind.LEVEL:
                return int(self._chosen(question, asked, raw))
            case Kind.YES_NO | Kind.YES_PARTLY_NO | Kind.CHOICE:
                return self._chosen(question, asked, raw)
            case Kind.CHECKLIST:
                return self._ticked(question, asked, raw)
            case Kind.INTEGER | Kind.YEAR:
                return _whole(raw)
            case Kind.PERCENT:
                return percent_text(_number(raw))
            case Kind.DATE:
                return _date(raw)
            case Kind.AGENCY | Kind.SOURCE | Kind.COUNTRY:
                return self._picked(asked, raw)
        return raw

    # -- choices ---------------------------------------------------------------------------------------------------

    def choice(self, question: Question, asked: Field, name: str) -> str:
        """Give the id of what a column of one choice is about; raises Unfit."""
        return name if name in STATES or name == NONE else self._chosen(question, asked, name)

    def _chosen(self, question: Question, asked: Field, raw: str) -> str:
        labels = self._labels_of(question, asked)
        if raw in labels.by_id:
            return raw
        same = [one for one in labels.by_id if id_of(raw) == one]
        try:
            found = same[0] if same else labels.find(raw)
        except AmbiguousError:
            found = ""
        if not found:
            raise Unfit(NO_CHOICE)
        return found

    def _ticked(self, question: Question, asked: Field, raw: str) -> Value:
        if raw == NONE or any(folded(texts.gettext(NONE_CHOICE)) == folded(raw) for texts in self._texts):
            return ()
        labels = self._labels_of(question, asked)
        names = raw.split()
        if all(name in labels.by_id or id_of(name) in labels.by_id for name in names):
            return _once(self._chosen(question, asked, name) for name in names)
        return _once(self._worded(labels, raw))

    @staticmethod
    def _worded(labels: Labels, raw: str) -> Sequence[str]:
        """Find the labels that stand one after the other with spaces between them, the longest first."""
        words, found, start = raw.split(), list[str](), 0
        while start < len(words):
            for end in range(len(words), start, -1):
                try:
                    one = labels.find(" ".join(words[start:end]))
                except AmbiguousError:
                    one = ""
                if one:
                    found.append(one)
                    start = end
                    break
            else:
                raise Unfit(NO_CHOICE)
        return found

    def _labels_of(self, question: Question, asked: Field) -> Labels:
        address = Address(question.id, column=asked.id if isinstance(asked, Column) else "")
        if address not in self._labels:
            self._labels[address] = made = Labels()
            for name, words in self._offered(question, asked).items():
                for label in words:
                    made.add(label, name)
        return self._labels[address]

    def _offered(self, question: Question, asked: Field) -> Mapping[str, list[str]]:
        part = f"{question.id}|column {asked.id} " if isinstance(asked, Column) else f"{question.id}|"

        def said(key: str, text: str) -> list[str]:
            return [one.wording(self._instrument.id, f"{part}{key}", text) for one in self._texts]

        if asked.kind is Kind.LEVEL:
            anchors = {str(n): said(f"anchor {n}", anchor) for n, anchor in enumerate(asked.anchors)}
            return {n: [words for one in texts for words in (one, f"{n} {one}")] for n, texts in anchors.items()}
        if asked.kind in {Kind.YES_NO, Kind.YES_PARTLY_NO}:
            names = YES_NO if asked.kind is Kind.YES_PARTLY_NO else {"yes": YES_NO["yes"], "no": YES_NO["no"]}
            return {name: [texts.gettext(word) for texts in self._texts] for name, word in names.items()}
        return {option.id: said(f"option {option.id}", option.label) for option in asked.options}

    @staticmethod
    def _picked(asked: Field, raw: str) -> Value:
        names = _once(raw.split())
        if asked.kind is Kind.COUNTRY:
            if all(len(name) == 3 and name.isdecimal() for name in names):  # noqa: PLR2004 - an M49 code
                return names
            raise Unfit(NO_ENTRY)
        start = f"{asked.kind.value}-"
        if asked.kind in _PICKED and all(is_id(name) and name.startswith(start) for name in names):
            return names
        raise Unfit(NO_ENTRY)


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
