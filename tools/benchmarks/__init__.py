"""How fast it is, as ratios to a floor measured in the same run: ``python -m tools.benchmarks [--strict]``.

Machines differ and are noisy, so every figure is taken pairwise (ours, floor, ours, floor …) and the median of
the pairs' ratios counts. Goals are those of the design; a missed goal is an error only with ``--strict``.
"""
