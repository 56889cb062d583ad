"""no_arguments: nothing to pass."""

from whichext import Case, Kernel, strategies


def reference():
    """All primes below a hundred."""
    return [n for n in range(2, 100) if all(n % k for k in range(2, n))]


KERNEL = Kernel(
    question="How fast are the primes below a hundred found?",
    reference=reference,
    inputs=lambda case: (),
    arguments=strategies.tuples(),
    reference_name="division",
    cases=(Case("hundred"),),
)
