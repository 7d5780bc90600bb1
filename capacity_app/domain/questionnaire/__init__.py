"""The questionnaire: its definition, its versions, and finding a place in it."""
