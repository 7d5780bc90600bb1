"""Work that comes back: returned files taken in, other officers' files merged, and what has come back so far."""
