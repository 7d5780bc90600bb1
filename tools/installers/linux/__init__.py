"""The Linux package and its check."""
