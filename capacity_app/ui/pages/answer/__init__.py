"""Filling in: the section tree, the page of questions and tables, and the panel beside them."""
