"""The questionnaires of this computer: check and preview one, translate it, write one in Excel, collect with others."""
