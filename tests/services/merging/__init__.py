"""Merging assessments that several officers continued."""
