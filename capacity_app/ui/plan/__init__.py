"""The action plan: actions, their timeline, and what training is needed."""
