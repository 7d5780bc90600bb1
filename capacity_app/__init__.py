"""Offline assessment of national statistical capacity: fill in, score, report, exchange.

One assessment is one file; one instrument is one folder of TOML files; everything between them is
plain functions over frozen values. Read the packages from the bottom: ``domain`` says what things
are, ``instruments``, ``store``, ``report`` and ``workbook`` each know one technology, ``services`` is
what a person does, ``ui`` and ``cli`` show it.
"""

__version__ = "0.7.0"
