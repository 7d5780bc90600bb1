"""When a file is gone, replaced, damaged, or another copy of it lies beside: what is said, and what can be done."""
