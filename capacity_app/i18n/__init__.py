"""Languages: catalogues, translated sentences, numbers and dates, and how a dossier reads in one or two."""
