"""Data only: what crosses the borders of stages, frozen, and what can go wrong."""
