"""Translating an instrument, or the program itself: what there is to translate, and what a translator hands back.

``passages`` and ``program`` (every text with where it stands and what a translator has to know), ``plurals`` (forms in
words), ``known`` (what is translated already), ``checks`` (what a translation must not do), ``preview`` (what a sheet
that came back would change), ``files`` (the person's own file with what was taken over).
"""
