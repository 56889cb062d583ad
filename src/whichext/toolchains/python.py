"""Python: code that is not compiled, and what all compiled extensions have in common."""

from __future__ import annotations

import sysconfig
from collections.abc import Mapping

from whichext.toolchains.base import Toolchain, Topic
from whichext.toolchains.needs import File


class Python(Toolchain):
    """Plain Python, and packages that bring their own compiled code."""

    name = "python"
    needs = (
        File(
            name="python-headers",
            what="Python's C headers (Python.h)",
            subject="Python headers",
            file="Python.h",
            folder=lambda: sysconfig.get_path("include"),
            remedy="Debian/Ubuntu: apt install python3-dev; Fedora: dnf install python3-devel",
        ),
    )
    words: Mapping[Topic, str] = {
        Topic.KEEPING: "plain Python never lets go of the GIL: call it from processes instead of "
        "threads, or compile its loop",
    }
    left_anywhere = ("__pycache__", "*.pyc")
    left_at_top = ("build", "dist", "*.egg-info", ".venv")
    hints = (
        (r"Python\.h: No such file", "install Python's headers: python3-dev or python3-devel"),
    )
