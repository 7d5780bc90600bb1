"""What the journeys share with the tests of the window."""
