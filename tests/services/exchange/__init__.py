"""Tests of taking returned files in."""
