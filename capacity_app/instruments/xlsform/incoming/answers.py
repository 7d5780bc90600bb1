"""What kind of answer a field takes, and between which choices."""

import re
from collections.abc import Mapping

from capacity_app.domain.answers import Address
from capacity_app.domain.instrument import TOP_LEVEL, Kind
from capacity_app.instruments.ids import is_id
from capacity_app.instruments.xlsform.details import OPTION
from capacity_app.instruments.xlsform.expressions import Known
from capacity_app.instruments.xlsform.form import ACTION, DECLINED, KIND, NONE, NOT_APPLICABLE, UNKNOWN
from capacity_app.instruments.xlsform.incoming import sentences
from capacity_app.instruments.xlsform.incoming.elements import AS_TEXT, KINDS, Table, free_id
from capacity_app.instruments.xlsform.incoming.limits import is_percent, limits_of
from capacity_app.instruments.xlsform.incoming.words import Words
from capacity_app.instruments.xlsform.names import id_of
from capacity_app.instruments.xlsform.sheets import Element
from capacity_app.texts import Texts

_STATES = frozenset({NOT_APPLICABLE, UNKNOWN, DECLINED, NONE})
_YES_NO = {("yes", "no"): Kind.YES_NO, ("yes", "partly", "no"): Kind.YES_PARTLY_NO}


class Answers:
    """The answers that the fields of a form take; ``known`` are the fields that conditions can be about."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self.known: dict[str, Known] = {}

    def typed(self, element: Element, address: Address, key: str) -> Table:
        """Return what kind of answer a field takes, with its choices and limits, and remember it for conditions."""
        values: dict[str, str] = {}
        said = str(element.get(KIND, "")).split() if self._words.is_ours else []
        if said and said[0] not in set(Kind):
            return {"type": said[0]}  # the reader of all instruments says what is wrong with it
        kind = Kind(said[0]) if said else self._kind(element)
        table: Table = {}
        if kind is Kind.LEVEL:
            table = self._levels(element, key, values)
        if kind in {Kind.CHOICE, Kind.CHECKLIST}:
            table = self._options(element, key, values)
            kind, table = (kind, table) if said else self._as_yes_no(kind, table)
        elif kind in {Kind.YES_NO, Kind.YES_PARTLY_NO}:
            values |= {answer: answer for answer in ("yes", "partly", "no")}
        if said[1:2] == ["many"]:
            table["many"] = True
            if said[2:]:
                table["most"] = int(said[2]) if re.fullmatch(r"[0-9]{1,9}", said[2]) else 1
        table["type"] = kind.value
        table |= limits_of(self._words, element, kind, table, values)
        if kind in _YES_NO.values() and not self._words.is_ours:
            table["scored"] = False
        self.known[str(element.get("name", ""))] = Known(address, kind, _offered(kind, values))
        return table

    def _kind(self, element: Element) -> Kind:
        kind = str(element.get("type", "")).lower()
        look = str(element.get("control", {}).get("appearance", "")).lower()
        if "select" in kind or kind == "rank" or element.get("choices"):
            if not self._words.sheets.choices(element):
                self._words.note(element, "file", sentences.FROM_A_FILE)
                return Kind.TEXT
            if "randomize" in (element.get("parameters") or ""):
                self._words.note(element, "randomize", sentences.NOT_RANDOM)
            if kind == "rank":
                self._words.note(element, "rank", sentences.NO_ORDER)
            return Kind.CHECKLIST if "all" in kind or "multiple" in kind or kind == "rank" else Kind.CHOICE
        if kind in AS_TEXT or kind == "range":
            if kind == "decimal" and is_percent(element):
                return Kind.PERCENT
            self._words.note(element, "text", sentences.AS_TEXT, kind=kind)
            return Kind.TEXT
        if kind in {"text", "string"}:
            return Kind.LONG_TEXT if "multiline" in look else Kind.URL if "url" in look.split() else Kind.TEXT
        return KINDS.get(kind, Kind.TEXT)

    def _levels(self, element: Element, key: str, values: dict[str, str]) -> Table:
        """Read the anchors of a level and its actions."""
        choices = {str(one.get("name", "")): one for one in self._words.sheets.choices(element)}
        anchors: list[str] = []
        actions: list[str] = []
        for level in range(TOP_LEVEL + 1):
            choice = choices.get(str(level))
            if choice is None:
                continue
            texts = self._words.sheets.texts(choice, "label", is_choice=True)
            anchors.append(self._words.say(f"{key}anchor {level}", texts, str(level)))
            steps = {name: self._step(choice, tag) for name, tag in self._words.languages.items()}
            actions += [self._words.say(f"{key}action {level + 1}", steps)] if any(steps.values()) else []
            values[str(level)] = str(level)
        table: Table = {"anchors": anchors}
        return table | ({"actions": actions} if actions else {})

    def _step(self, choice: Element, tag: str) -> str:
        texts = self._words.sheets.texts(choice, f"{ACTION}_{tag}".lower(), is_choice=True)
        return next(iter(texts.values()), "")

    def _options(self, element: Element, key: str, values: dict[str, str]) -> Table:
        options: list[Table] = []
        for place, choice in enumerate(self._words.sheets.choices(element), start=1):
            name = str(choice.get("name", ""))
            if self._words.is_ours and name in _STATES:
                continue
            option = name if is_id(name) else id_of(name) or f"o{place}"
            option = free_id(option, set(values.values()))
            values[name] = option
            texts = self._words.sheets.texts(choice, "label", is_choice=True)
            if choice.get("media"):
                self._words.note(element, "media", sentences.MEDIA)
            label = self._words.say(f"{key}option {option}", texts) or name
            options.append({"id": option, "label": label, **self._words.details(choice, OPTION, is_choice=True)})
        return {"options": options}

    def _as_yes_no(self, kind: Kind, table: Table) -> tuple[Kind, Table]:
        """Take a choice between yes and no for what it is."""
        options = table["options"]
        found = _YES_NO.get(tuple(one["id"] for one in options))
        texts = Texts(self._words.languages[self._words.source])
        words = {"yes": texts.gettext("Yes"), "partly": texts.gettext("Partly"), "no": texts.gettext("No")}
        if kind is not Kind.CHOICE or found is None:
            return kind, table
        if any(one["label"].casefold() != words[one["id"]].casefold() for one in options):
            return kind, table
        return found, {}


def _offered(kind: Kind, values: Mapping[str, str]) -> dict[str, str]:
    if kind is Kind.YES_NO:
        return {name: value for name, value in values.items() if value != "partly"}
    return dict(values)
