"""callback: a function as an argument."""

from whichext import Case, Kernel, strategies


def square(x):
    """A function of the kernel's own file."""
    return x * x


def reference(function, low, high):
    """Greatest value at eleven points from low to high."""
    return max(function(low + n * (high - low)) for n in range(11))


KERNEL = Kernel(
    question="What does it cost to call back?",
    reference=reference,
    inputs=lambda case: (square, case.low, case.high),
    arguments={
        "function": strategies.sampled_from((square, abs, lambda x: -x)),
        "low": strategies.integers(-9, 9),
        "high": strategies.integers(-9, 9),
    },
    reference_name="python",
    cases=(Case("square", low=1, high=3),),
)
