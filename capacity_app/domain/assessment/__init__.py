"""The assessment: answers, registers, revisions, and what is checked, merged, imported and shared."""
