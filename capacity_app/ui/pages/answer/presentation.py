"""Opening the view for the people across the table; it is read only once somebody wants it."""

from PySide6.QtWidgets import QDialog, QWidget

from capacity_app.ui.question_widgets.panel_parts import FocusedPlace
from capacity_app.ui.session.formatters import SessionFormatter
from capacity_app.ui.widgets.layouts import discard

PRESENTATION_KEY = "F12"
PRESENTATION_NAME = "room"


def open_presentation(wording: SessionFormatter, place: FocusedPlace, widget: QWidget) -> None:
    """Show a place to the people across the table, over the window a widget stands in."""
    from capacity_app.ui.pages.answer.presentation_view import PresentationView  # noqa: PLC0415 - not needed for answering

    window = widget.window()
    # One that was closed just now may still be there until the events are done.
    if not any(view.isVisible() for view in window.findChildren(PresentationView)):
        PresentationView(wording.session, wording.texts, place, window).open_over(window)


def close_presentation(window: QWidget) -> bool:
    """Close the view over a window, whose assessment is being left. Return whether it was open."""
    views = [view for view in window.findChildren(QDialog, PRESENTATION_NAME) if view.isVisible()]
    discard(*views)
    return bool(views)
