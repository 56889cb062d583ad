"""The command line: words -> options -> exit status. One file per command or group of commands.

`tools` has for Python what is no verb of a race.
"""

import signal
import sys

# While the program starts, Ctrl-C ends it as it ends any other, and without a traceback; what is
# ignored stays so. A program of others that imports whichext keeps what it has: `python -m` hides
# its name until the module is found, so the words that were typed are looked at.
_NAMED = "".join(sys.argv[:1])
_TYPED = list(zip(sys.orig_argv, sys.orig_argv[1:], strict=False))
_IS_STARTING = _NAMED.endswith("/whichext") or (_NAMED == "-m" and ("-m", "whichext") in _TYPED)
if _IS_STARTING and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
