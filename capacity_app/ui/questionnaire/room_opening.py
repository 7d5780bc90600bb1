"""Opening the view for the people across the table; it is read only once somebody wants it."""

from PySide6.QtWidgets import QDialog, QWidget

from capacity_app.ui.questionnaire.panel import Place
from capacity_app.ui.wording import Wording

ROOM_KEY = "F12"
ROOM_NAME = "room"


def open_room(wording: Wording, place: Place, widget: QWidget) -> None:
    """Show a place to the people across the table, over the window a widget stands in."""
    from capacity_app.ui.questionnaire.room import RoomView  # noqa: PLC0415 - not needed for answering

    window = widget.window()
    # One that was closed just now may still be there until the events are done.
    if not any(view.isVisible() for view in window.findChildren(RoomView)):
        RoomView(wording.session, wording.texts, place, window).open_over(window)


def close_presentation(window: QWidget) -> bool:
    """Close the view over a window, whose assessment is being left. Return whether it was open."""
    views = [view for view in window.findChildren(QDialog, ROOM_NAME) if view.isVisible()]
    for view in views:
        view.hide()
        view.deleteLater()
    return bool(views)
