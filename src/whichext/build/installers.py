"""Which program installs what builds ask for: uv where it works, or else pip."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache

from build.env import Installer

_TELLS_ITS_VERSION = "uv "


def find_installer() -> tuple[Installer, str | None]:
    """The installer, and why it is not uv although there is a program of that name."""
    found = shutil.which("uv")
    return ("pip", None) if found is None else _tried(found)


@cache
def _tried(found: str) -> tuple[Installer, str | None]:
    try:
        asked = subprocess.run([found, "--version"], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return "pip", f"{found} --version: {error}"
    if asked.returncode == 0 and asked.stdout.startswith(_TELLS_ITS_VERSION.encode()):
        return "uv", None
    return "pip", f"{found} --version ends with {asked.returncode}, and without a version of uv"


def installer_note() -> str | None:
    """What to tell of an uv that does not work; None where there is nothing to tell."""
    why = find_installer()[1]
    if why is None:
        return None
    return f"whichext: {why}: pip installs what builds need. Next: repair uv, or take it off PATH"
