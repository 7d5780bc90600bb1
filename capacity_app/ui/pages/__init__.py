"""The pages of the window, one folder per task."""
