"""Tests of passphrases in the window."""
