"""Preparing an assessment: the mission, its registers, the previous round, a newer version of the questions."""
