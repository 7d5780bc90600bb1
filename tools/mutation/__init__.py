"""Tests of the tests: what makes an answer, a score or a file wrong must make a test fail. ``make mutation``."""
