"""What makes the installers: one folder for each system."""
