"""What follows from answers: scores, gaps, rounds compared, data sources, children."""
