"""What is planned against the gaps: actions, their dates, and training."""
