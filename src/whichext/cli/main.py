"""Start and end of the program: an error ends a command with a message, without a traceback.

The commands are imported inside `main`, so that an error in their import is handled here too.
"""

from __future__ import annotations

import os
import traceback
from pathlib import Path

from whichext.cli.surroundings import shadowing, speak_utf8
from whichext.cli.wording import SHELL
from whichext.model.errors import WhichextError
from whichext.system.signals import interruptible
from whichext.system.streams import flush_output, prepare_streams, tell

_INTERRUPTED = 130  # 128 and the signal's number, as shells have it
_WRONG = 1
_TRACEBACK = "WHICHEXT_TRACEBACK"
_PACKAGE = Path(__file__).parents[1]


def main() -> None:
    """Run the command line; an error with a next step is shown without a traceback."""
    speak_utf8()
    prepare_streams()
    status: object = 0
    try:
        # Ctrl-C ends the process at once until here: an exception in an import may be lost.
        from whichext.cli.app import app

        with interruptible():
            try:
                app()
            finally:
                flush_output()
    except SystemExit as ended:
        status = ended.code or 0
    except KeyboardInterrupt:
        status = _INTERRUPTED
    except Exception as error:
        status = _tell(error)
    if status == _INTERRUPTED:
        tell(
            "\nwhichext: it was interrupted before there was a result\n"
            "Next: run it again; with -o, --resume goes on from what a race had measured"
        )
    raise SystemExit(status)


def _tell(error: Exception) -> int:
    """Print what went wrong and the next step; return the exit status."""
    if os.environ.get(_TRACEBACK):
        tell("".join(traceback.format_exception(error)).rstrip())
    match error:
        case WhichextError():
            tell(f"whichext: {error.text(SHELL)}")
            return error.exit_code
        case BrokenPipeError():
            return _WRONG
        case OSError():
            names = ": ".join(str(n) for n in (error.filename, error.strerror or error) if n)
            tell(f"whichext: {names}\nNext: see that it is there, is yours and has space left")
        case MemoryError():
            tell("whichext: memory ran out\nNext: free some, or choose smaller cases with --case")
        case _ if (file := shadowing(error)) is not None:
            tell(
                f"whichext: {type(error).__name__}: {error}: {file} stands in the place of a "
                "module that whichext needs\n"
                "Next: rename it, or take its folder out of PYTHONPATH"
            )
        case _:
            tell(
                f"whichext: a fault of whichext's own{_place(error)}: "
                f"{type(error).__name__}: {error}\n"
                f"Next: report it with what the same command prints with {_TRACEBACK}=1 before it"
            )
    return _WRONG


def _place(error: Exception) -> str:
    """Where in the package an error came from."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if _PACKAGE in Path(frame.filename).parents]
    if not ours:
        return ""
    return f" ({Path(ours[-1].filename).relative_to(_PACKAGE)}, line {ours[-1].lineno})"
