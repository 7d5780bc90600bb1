"""What agencies remarked on a place in files that came back: attributed and dated, read-only, and to be removed."""

from collections.abc import Iterable

from PySide6.QtWidgets import QVBoxLayout

from capacity_app.domain.answers import Address
from capacity_app.domain.assessment import Remark
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.cards import Card, Words
from capacity_app.ui.look.quiet_button import QuietButton
from capacity_app.ui.look.theme import MEDIUM, TIGHT, Role
from capacity_app.ui.questionnaire.passage import passage
from capacity_app.ui.questionnaire.voices import shortened
from capacity_app.ui.wording import Wording


def remarks_at(bridge: Bridge, place: Address) -> tuple[Remark, ...]:
    """Give the remarks on a place; of a row or table, those on its cells too."""
    found = (one for one in bridge.session.entries("remarks") if isinstance(one, Remark))
    return tuple(one for one in found if _is_in(one.address, str(place)))


def _is_in(address: str, place: str) -> bool:
    return address == place or address.startswith(f"{place}/")


class RemarkCard(Card):
    """One remark: who wrote it, when, in which file, and what."""

    def __init__(self, remark: Remark, place: Address, bridge: Bridge, wording: Wording) -> None:
        super().__init__(margin=MEDIUM)
        say = wording.texts.gettext
        self.setObjectName(f"remark {remark.id}")
        self.body.setSpacing(TIGHT)
        who = wording.agency(remark.agency) if remark.agency else say("nobody named")
        self.body.addWidget(Words(who, Role.STRONG))
        if remark.address != str(place):
            self.body.addWidget(Words(_place_words(remark.address, wording), Role.CAPTION))
        self.body.addWidget(passage(remark.text))
        returned = bridge.session.entry("returns", remark.returned)
        file = getattr(returned, "file_name", "")
        support = (remark.author, wording.texts.date(remark.date) if remark.date else "", file, remark.place)
        self.body.addWidget(passage(" · ".join(part for part in support if part), Role.CAPTION, is_muted=True))
        if not bridge.session.is_read_only:
            remove = QuietButton(say("Remove"))
            remove.setObjectName(f"remove_remark {remark.id}")
            remove.setAccessibleName(say("Remove the remark: {text}").format(text=shortened(remark.text)))
            remove.clicked.connect(lambda: bridge.remove("remarks", remark.id))
            self.body.addWidget(remove)


def _place_words(address: str, wording: Wording) -> str:
    try:
        return wording.place(Address.parse(address))
    except ValueError:  # it may have come in somebody else's file, with anything in it
        return address


def show_remarks(
    column: QVBoxLayout, remarks: Iterable[Remark], place: Address, bridge: Bridge, wording: Wording
) -> None:
    column.addSpacing(MEDIUM)
    column.addWidget(Words(wording.texts.gettext("Remarks that came back"), Role.STRONG))
    for remark in remarks:
        column.addWidget(RemarkCard(remark, place, bridge, wording))
