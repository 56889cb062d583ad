"""Data only: what crosses the borders of stages, frozen, and what can go wrong."""

__version__ = "0.1.0"
"""Version of the package; it is here so that no stage imports the verbs above it."""
