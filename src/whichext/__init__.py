"""Which way of writing a Python extension is faster on your machine, why, and is the claim true?"""

import sys

__version__ = "0.1.0"

from whichext.load.kernel import load_kernel
from whichext.model import errors, kernel
from whichext.model.contestant import Case, Layout
from whichext.model.kernel import Kernel, Tolerance
from whichext.model.options import Options
from whichext.model.scorecard import Scorecard
from whichext.pipeline import compare
from whichext.report import render

__all__ = [
    "Case",
    "Kernel",
    "Layout",
    "Options",
    "Scorecard",
    "Tolerance",
    "compare",
    "errors",
    "load_kernel",
    "render",
]

# Names from before the modules had folders, which a kernel.py may still import.
sys.modules |= {f"{__name__}.kernel": kernel, f"{__name__}.errors": errors}
