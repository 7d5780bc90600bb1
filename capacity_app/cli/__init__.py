"""The command line: the same services as the window. Exit codes: 0 done, 1 problems found (listed), 2 usage."""
