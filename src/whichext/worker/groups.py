"""A worker's process group: the contestant's process and all that it has started."""

from __future__ import annotations

import contextlib
import os
import signal


def signal_group(leader: int, number: signal.Signals) -> None:
    """Signal the whole group; does nothing where all of it is gone.

    Args:
        leader: Process id of who began the group.
        number: What to send.

    """
    # PermissionError: how macOS says that only dead processes are left, which nobody has reaped.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)
