"""Many assessments together: tidy tables, which files count, and the regional synthesis."""
