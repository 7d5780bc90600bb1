"""What a form says beside the texts of the instrument, and what is told of what it cannot hold."""

from capacity_app.domain.answers import State
from capacity_app.domain.problems import N_
from capacity_app.instruments.xlsform.form import DECLINED, NOT_APPLICABLE, UNKNOWN

CANNOT_ASK = N_("The form cannot say when this question is asked, so it is always asked there.")
CANNOT_ASK_ADVICE = N_("Tell whoever asks the questions when to skip it.")
CHANGED_TEXT = N_("“${{” would mean another answer in a form, so the text says “$ {{” there.")
CUT_TEXT = N_("The text is longer than a cell of a form can be ({most} letters), and was shortened.")
NO_CHOICES = N_("The form does not know the agencies and sources of a country, so their names are typed there.")
SPARE = N_("The empty lines for more entries are ordinary lines in the form.")
PRESET_ONCE = N_("Why a line does not apply is given beforehand in one language only.")

STATE_CHOICES = {
    NOT_APPLICABLE: N_("Does not apply to us"),
    UNKNOWN: N_("We do not know"),
    DECLINED: N_("We do not want to answer"),
}
NONE_CHOICE = N_("None of these")
YES_NO = {"yes": N_("Yes"), "partly": N_("Partly"), "no": N_("No")}
ASK_STATE, ASK_ROW = N_("If there is no answer: why?"), N_("If this whole line cannot be answered: why?")
ASK_TABLE = N_("If this whole table does not apply to you, say so here")
ASK_REASON, ASK_NOTE = N_("Why does it not apply?"), N_("Comment")
ASK_DATE = N_("Write 2018-11-29, or only the month (2018-11) or the year (2018).")
ASK_SENDER, ASK_AGENCY, ASK_PERSON = N_("Who answers"), N_("Your institution"), N_("Your name")
WRONG_ANSWER, ALONE = N_("This answer is not possible here."), N_("“None” and another element cannot both be ticked.")
STATES = {NOT_APPLICABLE: State.NOT_APPLICABLE, UNKNOWN: State.UNKNOWN, DECLINED: State.DECLINED}
"""What the further choices mean."""
