"""Instruments: written as TOML by people, read into one frozen value, kept as one JSON text.

Problem: the toolkit's authors are statisticians, a country adds its own questions in a file nobody
else has seen, and one mistyped key would silently change a score. Decision: the reader knows every
key (``toml_schema`` and ``assessments/README.md`` name exactly the same ones), reports every mistake at
once with its place and what to do, and never raises on what a file contains. TOML, because YAML reads
Norway as false; msgspec, because one declaration gives both the types of a table and a fast JSON copy.

Read in order: ``toml_files`` (bytes to tables, limits), ``toml_decoder`` (tables to ``toml_schema``),
``instrument_builder`` (to the domain), ``checks`` with ``field_checks`` (what no single key can tell), ``reader``
(all of it), ``instrument_json`` (the copy inside an assessment), ``library`` (which instruments exist).
"""
