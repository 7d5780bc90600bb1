"""PDF: fonts, tags, metadata and signatures around WeasyPrint."""
