"""Small widgets that all pages are made of; they know no assessment."""
