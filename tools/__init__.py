"""Programs for who changes this one: benchmarks, pictures, catalogues, and tests of the tests."""
