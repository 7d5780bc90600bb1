"""Scores, each opening to its arithmetic."""
