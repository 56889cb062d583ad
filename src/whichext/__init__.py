"""Which way of writing a Python extension is faster on your machine, why, and is the claim true?"""

__version__ = "0.1.0"

from whichext.contestant import Case, Layout
from whichext.kernel import Kernel, load_kernel
from whichext.options import Options
from whichext.pipeline import compare
from whichext.report import render
from whichext.scorecard import Scorecard

__all__ = ["Case", "Kernel", "Layout", "Options", "Scorecard", "compare", "load_kernel", "render"]
