"""The task Deliver: the report, blank forms, the archive; and what comes back: imports, merges, checks."""
