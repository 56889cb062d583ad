"""What the tests of the judge share."""

from __future__ import annotations

from hypothesis import settings

# The first example may load SciPy, and a loaded machine may be slow: no test depends on speed.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
