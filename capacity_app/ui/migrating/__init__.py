"""A newer version of the questions: the offer of a migrated copy, and what an earlier version left behind."""
