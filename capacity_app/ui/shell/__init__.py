"""The window around the pages: start, menus, status, reports, and the way in and out of a file."""
