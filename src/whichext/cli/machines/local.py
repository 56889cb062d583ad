"""`python -P -m whichext.cli.machines.local N FD`: Dask's LocalCluster of N workers.

It prints the scheduler's address and ends when the other end of the pipe FD is closed, however the
process that has it ends. In a process of its own, since Dask's workers import the main module of
their parent: a script would start them again. Ctrl-C does not reach it either.
"""

from __future__ import annotations

import logging
import os
import sys

from whichext.cli.machines.there import RESOURCE


def main() -> None:
    """Start it, and wait for the end."""
    from distributed import LocalCluster

    workers, descriptor = map(int, sys.argv[1:])
    with LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        dashboard_address=":0",
        memory_limit=None,
        resources={RESOURCE: 1},
        silence_logs=logging.CRITICAL,
    ) as cluster:
        print(cluster.scheduler_address, flush=True)
        while os.read(descriptor, 1):
            pass


if __name__ == "__main__":
    main()
