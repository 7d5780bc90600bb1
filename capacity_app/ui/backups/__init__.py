"""Backups: the list of them, restoring one, and everything in one ZIP."""
