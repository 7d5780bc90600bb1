"""Who says so: a person of the register, found while one types, or any name as it is typed."""

from capacity_app.domain.assessment import Person
from capacity_app.texts import Texts
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.find_field import FindField
from capacity_app.ui.questionnaire.remark_fields import RemarkField
from capacity_app.ui.wording import Wording


def person_words(person: Person, wording: Wording) -> str:
    """Write a person as one signs: name, position, agency."""
    agency = wording.agency(person.agency) if person.agency else ""
    return wording.texts.listed(part for part in (person.name, person.position, agency) if part)


class PersonField(RemarkField):
    """A labelled name."""

    def __init__(self, label: str, texts: Texts, bridge: Bridge, wording: Wording) -> None:
        self._bridge, self._wording = bridge, wording
        finder = FindField(self._people, texts.gettext("“{name}”, as typed"))
        finder.setPlaceholderText(texts.gettext("Type a name, or pick one of the people met"))
        finder.picked.connect(self._pick)
        finder.wanted_new.connect(self._take)
        super().__init__(label, texts, is_long=False, field=finder)
        self.finder = finder

    def _rested(self) -> None:
        # While there is something to pick, what is typed is a search; it is stored when the field is left.
        if not self.finder.is_list_open:
            self.flush()

    def _people(self) -> list[tuple[str, str]]:
        people = (entry for entry in self._bridge.session.entries("people") if isinstance(entry, Person))
        return [(person.id, person_words(person, self._wording)) for person in people]

    def _pick(self, person_id: str) -> None:
        person = self._bridge.session.entry("people", person_id)
        if isinstance(person, Person):
            self._take(person_words(person, self._wording))

    def _take(self, name: str) -> None:
        self.finder.setText(name)
        self.flush()
