"""Who said what and when, newest first, and how to bring an answer back."""

from collections.abc import Sequence

from PySide6.QtWidgets import QPushButton

from capacity_app.domain.answers import EMPTY, Content, State
from capacity_app.domain.revisions import Revision
from capacity_app.ui.look.theme import Role
from capacity_app.ui.questionnaire.panel import PanelTab, Place
from capacity_app.ui.questionnaire.voices import shortened

_SHOWN = 20
_LONG = 400


def with_before(revisions: Sequence[Revision]) -> list[tuple[Revision, Content]]:
    """Pair each revision, newest first, with what the same respondent said before."""
    pairs: list[tuple[Revision, Content]] = []
    for number, revision in enumerate(revisions):
        earlier = (r.content for r in revisions[number + 1 :] if r.key == revision.key)
        pairs.append((revision, next(earlier, EMPTY)))
    return pairs


class HistoryTab(PanelTab):
    """All revisions of the place in focus."""

    _most = _SHOWN

    def fill(self) -> None:
        """Show the revisions."""
        self.clear()
        place = self.place
        if place is None:
            self.line(self.texts.gettext("Go to a question to see how its answers came about."), is_muted=True)
            self.close_off()
            return
        revisions = self.bridge.session.history(place.address)
        if not revisions:
            self.line(self.texts.gettext("Nothing has been said here yet."), is_muted=True)
        for revision, before in with_before(revisions)[: self._most]:
            self._show(place, revision, before)
        if len(revisions) > self._most:
            self._more(len(revisions))
        self.close_off()

    def _show(self, place: Place, revision: Revision, before: Content) -> None:
        who = self.wording.respondent(revision.key.layer, revision.key.respondent)
        if self.body.count():
            self.body.addSpacing(8)
        self.line(who, Role.STRONG)
        when = self.texts.date_time(revision.time)
        author = revision.author or self.texts.gettext("nobody named")
        self.line(f"{when} · {author}", Role.CAPTION, is_muted=True)
        for sentence in self._changes(place, before, revision.content):
            self.line(sentence)
        now = self.bridge.session.content(revision.key)
        if revision.content != now:
            button = QPushButton(self.texts.gettext("Bring back this answer"))
            said = self._said(place, revision.content)
            button.setAccessibleName(self.texts.gettext("Bring back: {answer}").format(answer=shortened(said)))
            button.clicked.connect(lambda: self.bridge.record(revision.key, revision.content))
            self.body.addWidget(button)

    def _said(self, place: Place, content: Content) -> str:
        said = self.wording.content(place.question, place.field, content)
        return shortened(said, _LONG) if said else self.wording.state(State.NOT_ASKED)

    def _changes(self, place: Place, before: Content, after: Content) -> list[str]:
        gettext = self.texts.gettext
        changes: list[str] = []
        if (before.state, before.value) != (after.state, after.value):
            pattern = gettext("{before} → {after}")
            changes.append(pattern.format(before=self._said(place, before), after=self._said(place, after)))
        if before.reason != after.reason:
            changes.append(gettext("Reason: {text}").format(text=shortened(after.reason, _LONG) or "–"))
        if before.note != after.note:
            changes.append(gettext("Note: {text}").format(text=shortened(after.note, _LONG) or "–"))
        if before.evidence != after.evidence:
            names = "; ".join(self.wording.evidence(entry) for entry in after.evidence)
            changes.append(gettext("Evidence: {text}").format(text=names or "–"))
        return changes or [self._said(place, after)]

    def _more(self, count: int) -> None:
        button = QPushButton(self.texts.gettext("Show all {count}").format(count=self.texts.number(count)))
        button.clicked.connect(lambda: self._show_all(count))
        self.body.addWidget(button)

    def _show_all(self, count: int) -> None:
        self._most = count
        self.fill()
        self._most = _SHOWN
