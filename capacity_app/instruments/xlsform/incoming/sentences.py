"""What is said of a form that an instrument cannot hold, or holds differently."""

from capacity_app.domain.problems import N_

NO_SCORING = N_("A form says nothing of points: the answers are collected and printed, and nothing is scored.")
NO_SCORING_ADVICE = N_("Give options points, or make levels of them, where the answers are to be scored.")
WRONG_CONDITION = N_("The program cannot read this condition: {said}")
WRONG_CONDITION_ADVICE = N_("Write it as in relevant: ${{name}} = 'yes'. Or write it as in the TOML files.")
STRANGE_LINE = N_("The program does not know the kind “{name}” on the sheet “capacity”, so the row was left out.")
NO_LANGUAGE = N_("The form does not say in which language it is worded; English was taken.")
NO_LANGUAGE_ADVICE = N_("Name the columns like “label::Français (fr)”.")
STRANGE_LANGUAGE = N_("Nobody knows the language “{name}”, so these columns were left out.")
NO_LABEL = N_("There is no text, so the name stands in its place.")
CONDITION = N_("When this is asked cannot be said here, so it is always asked: {said}")
CONSTRAINT = N_("This limit was left out: {said}")
BY_THE_PHONE = N_("The phone records this by itself, so it is no question.")
COMPUTED = N_("This is computed from other answers, so it is no question: {said}")
LEFT_OUT = N_("Answers of the kind “{kind}” cannot be kept here, so the question was left out: {said}")
AS_TEXT = N_("Answers of the kind “{kind}” are typed as text here.")
NO_ORDER = N_("Which answer comes first is not kept: here they are ticked.")
NOT_RANDOM = N_("The program always shows the choices in the same order.")
FROM_A_FILE = N_("The choices are in another file, so the answer is typed here.")
FILTERED = N_("All choices are offered, whatever was answered before: {said}")
PRESET = N_("The answer given beforehand was left out: {said}")
MEDIA = N_("Pictures, sounds and films beside the text were left out.")
REQUIRED = N_("Nobody has to answer here. Questions that have to be answered in the form: {count}.")
QUOTING = N_("The text quotes another answer, which it cannot do here: {said}")
REPEATED = N_("Entries that can be repeated became a table of {count} lines.")
NESTED = N_("Repeated entries inside others were left out.")
LOST_NOTE = N_("This note has no question after it and was left out: {said}")
LOST_LABEL = N_("The label of this group was left out, as no question in it is kept: {said}")
NOTE_CONDITION = N_("The form shows this note only under a condition. Here it is always shown: {said}")
MESSAGES = N_("Messages about wrong or missing answers were left out. Questions that have one: {count}.")
NO_QUESTIONS = N_("The form has no question that this program can ask. Nothing was imported.")
NO_QUESTIONS_ADVICE = N_("The list says for each row why it is not kept.")
ADVICE = N_("Look whether the question still makes sense.")

MOST_SHOWN = 160
"""Letters of the form's own words that are quoted."""
