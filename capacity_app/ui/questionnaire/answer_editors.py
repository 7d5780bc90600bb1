"""Which kind of answer gets which editor."""

from collections.abc import Callable, Mapping

from capacity_app.domain.instrument import Kind
from capacity_app.ui.questionnaire.choice_editors import ChecklistEditor, OneOfEditor
from capacity_app.ui.questionnaire.editor import AnswerEditor, Asked
from capacity_app.ui.questionnaire.pickers import PickEditor
from capacity_app.ui.questionnaire.reading import TYPED_KINDS
from capacity_app.ui.questionnaire.typed_editors import TypedEditor

EDITORS: Mapping[Kind, Callable[[Asked], AnswerEditor]] = {
    Kind.LEVEL: OneOfEditor,
    Kind.YES_NO: OneOfEditor,
    Kind.YES_PARTLY_NO: OneOfEditor,
    Kind.CHOICE: OneOfEditor,
    Kind.CHECKLIST: ChecklistEditor,
    Kind.AGENCY: PickEditor,
    Kind.SOURCE: PickEditor,
    Kind.COUNTRY: PickEditor,
    **dict.fromkeys(TYPED_KINDS, TypedEditor),
}
"""An editor for every kind but the grid, which is edited in its cells."""


def takes_letters(kind: Kind) -> bool:
    """Tell whether letters typed into this kind's editor are text, so that only function keys set a state."""
    return kind in TYPED_KINDS or kind in {Kind.AGENCY, Kind.SOURCE, Kind.COUNTRY}
