"""Two texts that belong to an answer: why it does not apply, and the note."""

from collections.abc import Iterable
from itertools import count

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capacity_app.domain.answers import TEXT_LIMIT, Address
from capacity_app.domain.assessment import Remark
from capacity_app.texts import Texts
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.cards import Card, Words
from capacity_app.ui.look.quiet_button import QuietButton
from capacity_app.ui.look.text_fields import LineField, TextField, set_quietly, text_in
from capacity_app.ui.look.theme import MEDIUM, TIGHT, Role
from capacity_app.ui.look.typing_rest import TypingRest
from capacity_app.ui.questionnaire import keys
from capacity_app.ui.questionnaire.passage import passage
from capacity_app.ui.questionnaire.voice_cards import shortened
from capacity_app.ui.wording import Wording


def remarks_at(bridge: Bridge, place: Address) -> tuple[Remark, ...]:
    """Return the remarks on a place; of a row or table, those on its cells too."""
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


class RemarkField(QWidget):
    """A labelled text that is stored after a rest and when it is left. ``written`` carries text and typing mark."""

    written = Signal(str, str)
    finished = Signal()

    def __init__(self, label: str, texts: Texts, *, is_long: bool, field: LineField | None = None) -> None:
        super().__init__()
        self._texts = texts
        self.field: LineField | TextField = field or (TextField() if is_long else LineField())
        self.field.setAccessibleName(label)
        self.label = Words(label, Role.CAPTION, is_muted=True)
        self.counter = Words("", Role.CAPTION, is_muted=True)
        self._is_dirty, self._runs, self._run = False, count(1), 0
        self._rest = TypingRest(self)
        self._rest.timeout.connect(self._rested)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(TIGHT)
        layout.addWidget(self.label)
        layout.addWidget(self.field)
        layout.addWidget(self.counter)
        self.counter.hide()
        self.setFocusProxy(self.field)
        self.field.textChanged.connect(self._changed)
        self.field.left.connect(self.flush)
        self.field.entered.connect(self._begin)

    def set_label(self, label: str) -> None:
        """Name the field anew, when it serves another row or cell."""
        self.label.setText(label)
        self.field.setAccessibleName(label)

    def _rested(self) -> None:
        self.flush()

    def _begin(self) -> None:
        self._run = next(self._runs)

    def _changed(self) -> None:
        self._is_dirty = True
        length = len(text_in(self.field))
        is_near = length * 2 >= TEXT_LIMIT
        if is_near:
            self.counter.setText(
                self._texts.gettext("{length} of {longest} characters").format(
                    length=self._texts.number(length), longest=self._texts.number(TEXT_LIMIT)
                )
            )
            self.counter.set_colour("danger" if length > TEXT_LIMIT else "")
        self.counter.setVisible(is_near)
        self._rest.typed()

    @property
    def is_unreadable(self) -> bool:
        return self._is_dirty

    def text(self) -> str:
        return text_in(self.field)

    def flush(self) -> None:
        """Store what is typed; a text that is too long stays and waits to be shortened."""
        self._rest.stop()
        if self._is_dirty and len(self.text()) <= TEXT_LIMIT:
            self._is_dirty = False
            self.written.emit(self.text(), f"{id(self)}:{self._run}")
            if not self._is_dirty:
                self._rest.stored()

    def not_stored(self) -> None:
        """Take note that the text was refused: it stays, to be stored or shortened later."""
        self._is_dirty = True
        self._rest.kept()

    def forget(self) -> None:
        """Take note that something else than what was typed is stored by now."""
        self._rest.stored()
        self._is_dirty = False

    def show_text(self, text: str) -> None:
        """Show what is stored, unless something else is being typed."""
        if self._is_dirty or text == self.text() or (self.field.hasFocus() and text == self.text().strip()):
            return
        set_quietly(self.field, text)
        if isinstance(self.field, LineField):
            self.field.setCursorPosition(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if isinstance(self.field, LineField) and keys.is_enter(event):
            self.flush()
            self.finished.emit()
        else:
            event.ignore()


def reason_field(texts: Texts) -> RemarkField:
    """Make the field that asks why something does not apply."""
    return RemarkField(texts.gettext("Why does it not apply?"), texts, is_long=False)


def note_field(texts: Texts) -> RemarkField:
    return RemarkField(texts.gettext("Note"), texts, is_long=True)
