"""What this process was started with: a locale without letters, and modules in Python's place."""

from __future__ import annotations

import os
import re
import sys
import sysconfig
import traceback
from importlib import metadata
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
    """The file that stands in the place of a module of Python's own, if an error came from one.

    Or of a package that whichext needs, where a folder of PYTHONPATH has no such package installed.
    """
    frames = traceback.extract_tb(error.__traceback__)
    loaded = (getattr(sys.modules.get(name), "__file__", None) for name in sys.stdlib_module_names)
    files = (*(frame.filename for frame in reversed(frames)), *loaded)
    paths = dict.fromkeys(Path(name) for name in filter(None, files))
    return next((str(path) for path in paths if _is_shadow(path)), None)


def _is_shadow(path: Path) -> bool:
    module = path.parent.name if path.stem == "__init__" else path.stem
    folder = (path.parents[1] if path.stem == "__init__" else path.parent).resolve()
    if not path.is_file() or folder not in {Path(one or ".").resolve() for one in sys.path}:
        return False
    if module in sys.stdlib_module_names:
        own = {Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib")}
        return not own & {*path.resolve().parents}
    return module in _required() and not any(folder.glob(f"{module}-*.dist-info"))


def _required() -> set[str]:
    """Names of the packages that whichext needs, as they are imported."""
    found = metadata.requires("whichext") or ()
    names = (re.match(r"[\w.-]+", text) for text in found)
    return {name[0].lower().replace("-", "_") for name in names if name}
