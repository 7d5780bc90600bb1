"""Keeps the catalogues of the interface and of the shipped instruments in step with what they translate."""
