"""objects: classes that end or hang at their hundredth call; none needs a build."""

import ctypes
import time

from whichext import Case, Kernel, Stateful


class Total:
    """Adds up."""

    def __init__(self):
        self.calls = self.total = 0

    def add(self, value):
        """The total so far."""
        self.calls += 1
        self.total += value
        if self.calls == 100:
            self.at_the_hundredth()
        return self.total

    def at_the_hundredth(self):
        """Nothing special."""


class Right(Total):
    """The same."""


class Crashing(Total):
    """Reads what is nobody's."""

    def at_the_hundredth(self):
        """Reads at address 0."""
        ctypes.string_at(0)


class Hanging(Total):
    """Never comes back."""

    def at_the_hundredth(self):
        """Sleeps for longer than anyone waits."""
        time.sleep(600)


KERNEL = Kernel(
    question="How fast are numbers added up?",
    reference=Total,
    reference_name="python",
    inputs=lambda case: list(range(case.n)),
    stateful=Stateful(method="add", state=lambda made: made.total),
    functions={"right": Right, "crashing": Crashing, "hanging": Hanging},
    cases=(Case("long", n=200),),
)
