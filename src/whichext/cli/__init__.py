"""The command line: words -> options -> exit status. One file per command or group of commands.

`tools` has for Python what is no verb of a race.
"""

import signal
import sys

# While the program starts, Ctrl-C ends it as it ends any other, and without a traceback; what is
# ignored stays so. `python -m` has this name until it has found the module.
_IS_STARTING = "".join(sys.argv[:1]) == "-m" or "".join(sys.argv[:1]).endswith("/whichext")
if _IS_STARTING and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
