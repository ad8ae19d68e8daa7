"""The benchmark and its gate: what Sayso reaches on annotated text, and the floors that it must not fall below.

`python -m evaluation --shared ../shared` runs it all.
"""
