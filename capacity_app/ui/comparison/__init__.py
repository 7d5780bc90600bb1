"""Two rounds compared: counts, alerts, parts, and every item that changed."""
