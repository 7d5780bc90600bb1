"""Passphrases in the window: opening a protected file, setting and changing one, and the recovery key."""
