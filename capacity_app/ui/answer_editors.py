"""Editors for answers that are chosen: levels, yes/partly/no, choices, checklists; and which kind gets which editor."""
