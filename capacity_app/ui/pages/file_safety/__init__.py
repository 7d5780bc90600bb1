"""The safety of one file: backups and restoring them, passphrases and recovery keys, damaged or replaced files."""
