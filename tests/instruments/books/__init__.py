"""Questionnaires in workbooks."""
