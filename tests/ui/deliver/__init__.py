"""Tests of the page for work that comes back."""
