"""Charts as SVG and PNG, the same numbers the same bytes."""
