"""PDF: fonts, letters, tags and filing marks around WeasyPrint."""
