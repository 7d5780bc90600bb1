"""Tests of what is shown when a file is gone, replaced, damaged, or free again."""
