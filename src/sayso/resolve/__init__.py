"""Span to value: dates, counts, places and actors, each with how it was worked out, or the reason why it was not."""
