"""Gaps, what is to be verified, and the actions that close them."""
