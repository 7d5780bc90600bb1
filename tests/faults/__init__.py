"""Failing system calls, full disks and poor computers: old state or new, a sentence, and nothing acknowledged lost."""
