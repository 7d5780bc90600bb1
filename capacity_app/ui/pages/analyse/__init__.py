"""What follows from the answers: availability, scores, comparison of rounds, gaps, the action plan."""
