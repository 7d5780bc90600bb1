"""Files that the program leaves behind, and private folders for what it only shows."""
