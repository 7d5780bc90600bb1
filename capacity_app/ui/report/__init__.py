"""Before one leaves: what is still weak, and the report with its pages."""
