"""What this process was started with: a locale without letters, and modules in Python's place."""

from __future__ import annotations

import os
import sys
import sysconfig
import traceback
from pathlib import Path


def speak_utf8() -> None:
    """Start again in Python's UTF-8 mode where names of files have letters that it cannot read.

    Under the locale C with that mode off, such a name is no text: it can be in no message and in
    no result. What is printed stays ASCII, as the locale asks for.
    """
    if sys.getfilesystemencoding().lower() not in ("ascii", "us-ascii", "646"):
        return
    try:
        names = (*sys.argv, *os.environ.values(), str(Path.cwd()))
    except OSError:  # of a folder that is gone
        return
    if all(name.isascii() for name in names):
        return
    asked = {"PYTHONIOENCODING": "ascii", **os.environ, "PYTHONUTF8": "1"}
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], asked)


def shadowing(error: BaseException) -> str | None:
    """The file that stands in the place of a module of Python's own, if an error came from one."""
    paths = {Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib")}
    frames = traceback.extract_tb(error.__traceback__)
    loaded = (getattr(sys.modules.get(name), "__file__", None) for name in sys.stdlib_module_names)
    for name in filter(None, (*(frame.filename for frame in reversed(frames)), *loaded)):
        path = Path(name)
        module = path.parent.name if path.stem == "__init__" else path.stem
        own = any(place in path.resolve().parents for place in paths)
        if module in sys.stdlib_module_names and path.is_file() and not own and _is_found(path):
            return str(path)
    return None


def _is_found(path: Path) -> bool:
    """Whether it is what Python finds under its name: it lies in a folder of the path."""
    folders = {Path(folder or ".").resolve() for folder in sys.path}
    top = path.parents[1] if path.stem == "__init__" else path.parent
    return top.resolve() in folders
