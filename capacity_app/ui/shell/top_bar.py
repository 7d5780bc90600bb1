"""The bar above the pages: country and round, agency, search, what is safe, and in whose name one works."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QMenu, QSizePolicy, QWidget

from capacity_app.i18n.translator import Translator
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, TARGET, TIGHT, is_font_change
from capacity_app.ui.theme.painting import paint_area, paint_chevron, paint_focus, paint_icon, paint_rounded
from capacity_app.ui.theme.palette import colours
from capacity_app.ui.widgets.keys import native_keys
from capacity_app.ui.widgets.layouts import lay_out

if TYPE_CHECKING:
    from capacity_app.ui.shell.workspace import Workspace

_HEIGHT = 44
_LEAST_LETTERS = 8
_PATH_LETTERS = 70


class BarButton(QAbstractButton):
    """A flat button with an icon, a text that is shortened where there is no room, and an arrow if it opens something.

    ``fill`` and ``edge`` name colours; folded, it shows its icon alone.
    """

    def __init__(self, name: str, icon: str = "", *, opens: bool = False, fill: str = "", edge: str = "") -> None:
        super().__init__()
        self._icon, self._opens, self._fill, self._edge = icon, opens, fill, edge
        self._full, self._is_folded, self.ink = "", False, "text"
        self.key = ""
        """The key that does the same, shown at the trailing end where there is room."""
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str, spoken: str = "", *, icon: str = "") -> None:
        """Show a text; ``spoken`` says more to those who hear it or rest the mouse on it."""
        self._full, self._icon = text, icon or self._icon
        self.setAccessibleName(spoken or text)
        self.setToolTip(spoken or text)
        self._shorten()
        self.updateGeometry()

    @property
    def full_text(self) -> str:
        """The text as it is where there is room."""
        return self._full

    def fold(self, *, is_folded: bool) -> None:
        """Show the icon alone, or the text again."""
        self._is_folded = is_folded
        self._shorten()
        self.updateGeometry()

    def _icon_size(self) -> int:
        return max(16, round(self.fontMetrics().height() * 0.9))

    def _extra(self) -> int:
        icon = self._icon_size() + (0 if self._is_folded else TIGHT + 2) if self._icon else 0
        return 2 * SMALL + icon + (MEDIUM + TIGHT if self._opens else 0)

    def _high(self) -> int:
        return max(TARGET, self.fontMetrics().height() + SMALL)

    def full_width(self) -> int:
        """Return the width with the whole text."""
        return self._extra() + self.fontMetrics().horizontalAdvance(self._full) + 2

    @property
    def shows_key(self) -> bool:
        """Return whether the key stands behind the whole text."""
        wanted = self.full_width() + MEDIUM + self.fontMetrics().horizontalAdvance(self.key)
        return bool(self.key) and not self._is_folded and wanted <= self.width()

    def sizeHint(self) -> QSize:
        return QSize(self._extra() if self._is_folded else self.full_width(), self._high())

    def minimumSizeHint(self) -> QSize:
        least = self._extra() + _LEAST_LETTERS * self.fontMetrics().averageCharWidth()
        return QSize(max(TARGET, min(self.sizeHint().width(), least)), self._high())

    def _shorten(self) -> None:
        room = max(self.width() - self._extra(), 0)
        shown = self.fontMetrics().elidedText(self._full, Qt.TextElideMode.ElideRight, room)
        self.setText("" if self._is_folded else shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._shorten()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event):
            self._shorten()
            self.updateGeometry()

    def _mirrored(self, part: QRect) -> QRect:
        left = self.width() - part.x() - part.width() if self.isRightToLeft() else part.x()
        return QRect(left, part.y(), part.width(), part.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        shades, painter = colours(), QPainter(self)
        fill = shades.hover if self.underMouse() and self.isEnabled() else getattr(shades, self._fill or "surface")
        if self._fill or self._edge or self.underMouse():
            edge = getattr(shades, self._edge) if self._edge else ""
            paint_rounded(painter, QRectF(self.rect()).adjusted(0, 1, 0, -1), fill=fill, edge=edge)
        ink, place = getattr(shades, self.ink if self.isEnabled() else "muted"), SMALL
        if self._icon:
            side = self._icon_size()
            paint_icon(painter, QRectF(self._mirrored(QRect(place, (self.height() - side) // 2, side, side))),
                       self._icon, ink)  # fmt: skip
            place += side + TIGHT + 2
        painter.setPen(QColor(ink))
        room = QRect(place, 0, self.width() - place - (MEDIUM if self._opens else TIGHT), self.height())
        side_flag = Qt.AlignmentFlag.AlignRight if self.isRightToLeft() else Qt.AlignmentFlag.AlignLeft
        flags = Qt.AlignmentFlag.AlignVCenter | side_flag | Qt.AlignmentFlag.AlignAbsolute
        painter.drawText(self._mirrored(room), int(flags), self.text())
        if self.shows_key:
            painter.setPen(QColor(shades.muted))
            side_flag = Qt.AlignmentFlag.AlignLeft if self.isRightToLeft() else Qt.AlignmentFlag.AlignRight
            flags = Qt.AlignmentFlag.AlignVCenter | side_flag | Qt.AlignmentFlag.AlignAbsolute
            painter.drawText(self.rect().adjusted(SMALL, 0, -SMALL, 0), int(flags), self.key)
        if self._opens:
            arrow = self._mirrored(QRect(self.width() - MEDIUM - TIGHT, 0, MEDIUM, self.height()))
            paint_chevron(painter, QPointF(arrow.center()), ink)
        if self.hasFocus():
            paint_focus(painter, self.rect())
        painter.end()


class TopBar(QWidget):
    """Where one is, for whom one records, and what is safe. Its signals tell which button was pressed."""

    agency_wanted = Signal()
    search_wanted = Signal()
    name_wanted = Signal()
    presentation_wanted = Signal()

    def __init__(self, texts: Translator) -> None:
        super().__init__()
        self._texts = texts
        say = texts.gettext
        self.setObjectName("top_bar")
        self.country = BarButton("bar_country", opens=True)
        self.country.clicked.connect(lambda _checked: self._open_menu())
        self.menu = QMenu(self)
        self.menu.setObjectName("menu_country")
        self._path = QAction(self.menu)
        self._path.setEnabled(False)
        self.agency = BarButton("bar_agency", opens=True, fill="accent_tint", edge="accent")
        self.search = BarButton("bar_search", "search", fill="surface", edge="edge")
        self.search.show_text(say("Search or command"), say("Search or command (Ctrl+K)"))
        self.search.key = native_keys(texts, "Ctrl+K")
        self.search.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.jobs = QHBoxLayout()
        """Where long work shows how far it is."""
        self.present = BarButton("bar_present", "fit_page")
        self.present.show_text(say("Show to respondents"), say("Show to respondents (F12)"))
        self.state = BarButton("save_state")
        self.state.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.state.setCursor(Qt.CursorShape.ArrowCursor)
        self.author = BarButton("bar_author", "registers")
        for button, signal in (
            (self.agency, self.agency_wanted),
            (self.search, self.search_wanted),
            (self.present, self.presentation_wanted),
            (self.author, self.name_wanted),
        ):
            button.clicked.connect(lambda _checked, signal=signal: signal.emit())
        line = lay_out(QHBoxLayout(self), self.country, self.agency, (self.search, 1), self.jobs, self.present,
                       self.state, self.author, margins=(SMALL, 0, SMALL, 0), spacing=SMALL)  # fmt: skip
        line.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.show_author("")
        self.show_workspace(None)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), max(_HEIGHT, self.search.sizeHint().height() + SMALL))

    def fill_menu(self, groups: Iterable[Iterable[QAction]]) -> None:
        """Put commands into the menu of the country, a line between the groups."""
        self.menu.addAction(self._path)
        for group in groups:
            self.menu.addSeparator()
            self.menu.addActions(list(group))

    def _open_menu(self) -> None:
        corner = self.country.rect().bottomRight() if self.isRightToLeft() else self.country.rect().bottomLeft()
        self.menu.popup(self.country.mapToGlobal(corner))

    def show_author(self, author: str) -> None:
        """Show in whose name answers are recorded."""
        say = self._texts.gettext
        self.author.show_text(author or say("Your name…"), say("Your name: {name}").format(name=author or "–"))
        self._fold()

    def show_workspace(self, workspace: "Workspace | None") -> None:
        for button in (self.country, self.agency, self.present, self.state):
            button.setVisible(workspace is not None)
        if workspace is None:
            return
        path = str(workspace.session.file)
        self.country.show_text(workspace.context.title, f"{workspace.context.title}\n{path}")
        letters = self.fontMetrics().averageCharWidth() * _PATH_LETTERS
        shown = self.fontMetrics().elidedText(path, Qt.TextElideMode.ElideMiddle, letters)
        self._path.setText(shown.replace("&", "&&"))
        self.show_state(workspace)
        self.show_respondent(workspace)

    def show_state(self, workspace: "Workspace") -> None:
        """Say what is safe, and whether the file is protected."""
        sign, colour = workspace.state.sign
        spoken = workspace.state.text()
        if workspace.session.key is not None:
            protected = self._texts.gettext("Protected by a passphrase")
            spoken = f"{spoken}\n{protected}"
            sign = "locked" if workspace.state.is_safe else sign
        self.state.ink = "danger" if workspace.state.has_failed else "muted" if colour != "danger" else colour
        self.state.show_text(workspace.state.text(), spoken, icon=sign)
        self._fold()

    def show_respondent(self, workspace: "Workspace") -> None:
        """Show in which agency's name answers are recorded."""
        say, agency = self._texts.gettext, workspace.respondent
        if agency:
            self.agency.show_text(say("Recording for: {agency}").format(agency=agency))
        else:
            self.agency.show_text(say("Choose an agency"), say("Choose the agency whose answers you record"))
        self._fold()

    def _fold(self) -> None:
        """Fold buttons into their icons where not all texts fit, the least needed first."""
        whole = [self.country, self.agency, self.search, self.present, self.state, self.author]
        folding = [self.present, self.state, self.author]
        needed = sum(button.full_width() + SMALL for button in whole if not button.isHidden())
        needed += self.jobs.sizeHint().width() + 2 * SMALL
        for button in folding:
            is_folded = needed > self.width()
            if is_folded and not button.isHidden():
                needed -= button.fontMetrics().horizontalAdvance(button.full_text)
            button.fold(is_folded=is_folded)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event) and hasattr(self, "author"):
            self._fold()
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        shades, painter = colours(), QPainter(self)
        paint_area(painter, self.rect(), shades.surface)
        paint_area(painter, QRect(0, self.height() - 1, self.width(), 1), shades.line)
        painter.end()
