"""What comes back and what leaves: imports and merges, checks, the report with its pages, blank forms, the archive."""
