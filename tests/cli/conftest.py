"""Fixtures of several modules of this folder."""

from support.bundles import folder as folder
from support.bundles import race as race
