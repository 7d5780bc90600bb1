"""Where the window says something: toasts that go by themselves, and banners that wait.

What was done, and what is good to know, is a toast at the lower trailing corner of the window for some seconds. What
must be read or decided (nothing can be saved, the file is read-only) is a banner: over the page, or in it.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from capacity_app.i18n.translator import Translator
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL
from capacity_app.ui.theme.style import zoom
from capacity_app.ui.widgets.banners import Banner, BannerAction, BannerTone
from capacity_app.ui.widgets.cards import announce
from capacity_app.ui.widgets.layouts import discard, lay_out

TOAST_MS = 6000
_READING_MS = 60
"""How long a toast stays, and how long at least for every letter of a long sentence, in milliseconds."""
_TOAST_WIDTH = 400
"""At 100 %, in pixels."""
_MOST_TOASTS = 3
_STAYING = frozenset({BannerTone.WARNING, BannerTone.DANGER})


def _holds_focus(widget: QWidget) -> bool:
    focused = widget.window().focusWidget()
    return focused is not None and widget.isAncestorOf(focused)


def toast_width(window: QWidget) -> int:
    """Return how wide the messages in the corner of a window are, in pixels."""
    return min(round(_TOAST_WIDTH * zoom()), window.width() - 2 * LARGE)


def toast_place(window: QWidget, width: int, high: int) -> QRect:
    """Return the lower trailing corner of a window, for messages of that size."""
    left = LARGE if window.isRightToLeft() else window.width() - width - LARGE
    return QRect(left, window.height() - high - 2 * LARGE, width, high)


class Toast(Banner):
    """A message that goes by itself, except while the mouse or the focus is on it; its buttons take it away too."""

    gone = Signal()

    def __init__(
        self, texts: Translator, tone: BannerTone, sentence: str, choices: Sequence[BannerAction] = ()
    ) -> None:
        super().__init__(texts, tone, sentence, choices)
        self._timer = QTimer(self, singleShot=True, interval=max(TOAST_MS, _READING_MS * len(sentence)))
        self._timer.timeout.connect(self._go_unless_read)
        for button in (*self.buttons, self.closer):
            # A click must not take the focus from what is being typed.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(self.go)
        self._leave = self.go
        self._timer.start()

    @property
    def has_focus(self) -> bool:
        return _holds_focus(self)

    def _go_unless_read(self) -> None:
        if self.underMouse() or self.has_focus:
            self._timer.start()
        else:
            self.go()

    def go(self) -> None:
        """Go, once: its button may have had it cleared already."""
        if not self.isHidden():
            self.gone.emit()
            discard(self)


class ToastCorner(QWidget):
    """The toasts of a window above each other in its lower trailing corner, the newest lowest."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("toasts")
        self._window = window
        self._before: QWidget | None = None
        self._column = lay_out(QVBoxLayout(self), margins=0, spacing=SMALL)
        window.installEventFilter(self)

    @property
    def toasts(self) -> list[Toast]:
        """Those shown, the newest last."""
        return [toast for toast in self.findChildren(Toast) if not toast.isHidden()]

    def show_toast(self, toast: Toast) -> None:
        """Show a toast, and have it said to those who hear the window read out."""
        for old in self.toasts[: 1 - _MOST_TOASTS]:
            old.go()
        self._column.addWidget(toast)
        toast.gone.connect(lambda: self._give_focus_back(toast))
        toast.show()
        self._place()
        self.show()
        self.raise_()
        announce(toast, toast.sentence)

    def focus_newest(self) -> None:
        """Go to the first button of the newest toast; when the toast goes, the focus goes back."""
        if self.toasts:
            newest = self.toasts[-1]
            if not newest.has_focus:
                self._before = self._window.focusWidget()
            newest.take_focus()

    def _give_focus_back(self, toast: Toast) -> None:
        before = self._before
        if toast.has_focus and before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def _place(self) -> None:
        if not self.toasts:
            self.hide()
            return
        width = toast_width(self._window)
        self.setGeometry(toast_place(self._window, width, self._column.heightForWidth(width)))

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
        return done

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._window:
            self._place()
        return super().eventFilter(watched, event)


def toast_corner(window: QWidget) -> ToastCorner:
    """Return where a window shows its toasts."""
    found = window.findChild(ToastCorner, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return found or ToastCorner(window)


class BannerArea(QWidget):
    """What a window or a page says, one message per subject; takes no room while there is no banner.

    A warning or an error is a banner here, the newest at the top; anything else is a toast of the window.
    """

    def __init__(self, texts: Translator) -> None:
        super().__init__()
        self._texts = texts
        self._shown: dict[str, Banner] = {}
        self._column = lay_out(QVBoxLayout(self), margins=(MEDIUM, SMALL, MEDIUM, 0), spacing=SMALL)
        self.hide()

    def tell(
        self,
        subject: str,
        tone: BannerTone,
        sentence: str,
        choices: Sequence[BannerAction] = (),
        *,
        stays: bool | None = None,
    ) -> None:
        """Say something about a subject in place of what was said about it; ``stays`` makes it a banner or a toast."""
        if tone in _STAYING if stays is None else stays:
            self._show_banner(subject, Banner(self._texts, tone, sentence, choices))
        else:
            self._show_toast(subject, Toast(self._texts, tone, sentence, choices))

    def _show_banner(self, subject: str, banner: Banner) -> None:
        shown = self._shown.get(subject)
        if shown and (shown.sentence, shown.labels) == (banner.sentence, banner.labels):
            banner.deleteLater()
            return
        self.clear(subject)
        banner.closer.clicked.connect(lambda: self.clear(subject))
        self._shown[subject] = banner
        self._column.insertWidget(0, banner)
        banner.show()  # at once, so that it can take the focus
        self.show()
        self.raise_()
        announce(self, banner.sentence)

    def _show_toast(self, subject: str, toast: Toast) -> None:
        self.clear(subject)
        self._shown[subject] = toast
        toast.gone.connect(lambda: self._shown.pop(subject, None))
        self.destroyed.connect(toast.deleteLater)
        toast_corner(self.window()).show_toast(toast)

    def clear(self, subject: str) -> None:
        """Take the message about a subject away."""
        shown = self._shown.pop(subject, None)
        if isinstance(shown, Toast):
            shown.go()
        else:
            discard(shown)
        self.setVisible(any(not isinstance(banner, Toast) for banner in self._shown.values()))

    @property
    def has_focus(self) -> bool:
        return _holds_focus(self)

    def focus_newest(self) -> bool:
        """Go to the banner at the top; False if there is none."""
        banners = [banner for banner in self._shown.values() if not isinstance(banner, Toast) and banner.isVisible()]
        if banners:
            banners[-1].take_focus()
        return bool(banners)

    def clear_all(self) -> None:
        for subject in tuple(self._shown):
            self.clear(subject)

    def sentences(self) -> tuple[str, ...]:
        """Return what is said now, in a banner or a toast."""
        return tuple(banner.sentence for banner in self._shown.values())

    def button(self, label: str) -> QAbstractButton:
        """Return the button of a message by its label."""
        return next(one for banner in self._shown.values() for one in banner.buttons if one.text() == label)


def over_page(page: QWidget, banners: BannerArea) -> QWidget:
    """Return a page with banners that lie over its top, so that nothing moves when one comes or goes."""
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.addWidget(page, 0, 0)
    grid.addWidget(banners, 0, 0, Qt.AlignmentFlag.AlignTop)
    return holder
