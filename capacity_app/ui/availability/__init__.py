"""Which source serves which topic, how finely, and what is known of children."""
