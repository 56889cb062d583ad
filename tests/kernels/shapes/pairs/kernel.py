"""pairs: a class whose method takes two values at each call."""

from whichext import Call, Case, Kernel, Stateful, strategies


class Span:
    """The widest span so far."""

    def __init__(self):
        self.widest = 0

    def add(self, low, high):
        """The widest span so far, this one among them."""
        self.widest = max(self.widest, high - low)
        return self.widest


def inputs(case):
    return [Call(n % 7, n % 11) for n in range(case.n)]


NUMBERS = strategies.integers(-9, 9)

KERNEL = Kernel(
    question="How fast is the widest span known?",
    reference=Span,
    reference_name="python",
    inputs=inputs,
    stateful=Stateful(method="add", state=lambda span: span.widest),
    arguments=strategies.lists(strategies.builds(Call, NUMBERS, NUMBERS)),
    cases=(Case("usual", n=500),),
)
