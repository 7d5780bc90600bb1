"""The blank form: all questions, to print and to fill by hand."""
