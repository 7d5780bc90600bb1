"""One open assessment: its revisions in memory, its file and writer thread, its documents, and the next round."""
