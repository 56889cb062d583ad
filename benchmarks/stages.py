"""Where the time of a run goes: seconds of each stage, and all that is not the race itself.

    python benchmarks/stages.py [KERNEL]

Runs the kernel (find_max unless another is named) as `make run` does, from Python. With builds in
the cache it is a warm run. An epoch counts as the race itself; inputs, builds, audit, checks and
judging do not.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import whichext
from whichext.system.machine import describe_machine
from whichext.system.progress import Stage

EPOCH = "epoch"


class Watch:
    """A progress that adds up how long each step took, by stage."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()

    def note(self, text: str) -> None:
        """Say nothing."""

    @contextmanager
    def stage(self, name: str, total: float) -> Iterator[Stage]:  # noqa: ARG002  # the protocol's
        """Time a stage; those of the cases' races are one."""
        first = name.split()[0]
        start_s, epochs_s = time.perf_counter(), self.seconds[EPOCH]
        yield _Steps(self.seconds)
        epochs_s = self.seconds[EPOCH] - epochs_s
        self.seconds[first] += time.perf_counter() - start_s - epochs_s


class _Steps:
    def __init__(self, seconds: Counter[str]) -> None:
        self.seconds, self.what, self.since_s = seconds, "", time.perf_counter()

    def begin(self, what: str) -> None:
        """A step begins."""
        self.what, self.since_s = what, time.perf_counter()

    def end(self, result: str, amount: float = 1) -> None:  # noqa: ARG002  # the protocol's
        """A step ends; only epochs are distinguished."""
        if self.what.startswith(EPOCH):
            self.seconds[EPOCH] += time.perf_counter() - self.since_s


def main() -> None:
    """Run once and print the seconds of each stage."""
    print(f"$ python {' '.join(sys.argv)}\n{describe_machine()}")
    watch, start_s = Watch(), time.perf_counter()
    whichext.run(*sys.argv[1:] or ["find_max"], progress=watch)
    all_s = time.perf_counter() - start_s
    epochs_s = watch.seconds.pop(EPOCH)
    for stage, seconds in watch.seconds.items():
        print(f"{stage + (' (without its epochs)' if stage == 'race' else ''):28} {seconds:6.1f} s")
    print(f"{'start, audit and judging':28} {all_s - epochs_s - watch.seconds.total():6.1f} s")
    print(f"{'epochs of the race':28} {epochs_s:6.1f} s")
    print(f"all {all_s:.1f} s, of which {all_s - epochs_s:.1f} s are not the race itself")


if __name__ == "__main__":
    main()
