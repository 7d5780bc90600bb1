"""What everything in the window is made of: colours, type, style, and small widgets that know no assessment."""
