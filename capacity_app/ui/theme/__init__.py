"""What everything in the window is painted with: colours, fonts and sizes, style, icons, signs."""
