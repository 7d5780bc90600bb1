"""A fuzzer for everything that reads what strangers made: it invents files until one of them breaks the law.

The law (``laws``): whatever the bytes, reading them gives a value or refuses with a sentence; nothing else is raised,
no file is opened and nobody is called. ``targets`` are what is read, ``seeds`` the honest files it begins with,
``mutating`` how they are changed from inside. ``python -m tests.fuzz`` runs one target under atheris, ``running``
starts it as a child, tries anew in the product's own way what ended it, and counts. A finding is kept as a file in
``tests/untrusted/findings``, where it is read again by every run of the tests.
"""
