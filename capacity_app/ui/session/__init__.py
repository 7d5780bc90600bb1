"""What all pages share about the open assessment: its controller with undo, formatters, jobs, settings, files."""
