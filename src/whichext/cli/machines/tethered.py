"""`python -m whichext.cli.machines.tethered FD ...`: whichext that ends with its parent.

FD is the end of a pipe whose other end that process alone has. However it ends, the pipe is closed;
then this one is interrupted as by Ctrl-C, so that it ends its own processes and writes what it has.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

from whichext.cli.main import main
from whichext.system.signals import signal_group

_LEAVE_S = 30.0


def _end_with(descriptor: int) -> None:
    """Wait for the pipe to be closed, then end this process; at last with its whole group."""
    while os.read(descriptor, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_LEAVE_S)
    if os.getpgrp() == os.getpid():
        signal_group(os.getpgrp(), signal.SIGKILL)


if __name__ == "__main__":
    threading.Thread(target=_end_with, args=(int(sys.argv[1]),), daemon=True).start()
    sys.argv[:] = ["whichext", *sys.argv[2:]]
    main()
