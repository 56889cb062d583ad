"""tally: a list as the argument and a dict as the answer, without any array."""

from collections import Counter

from whichext import Case, Kernel, strategies


def inputs(case):
    return ([f"word {n % 7}" for n in range(case.n)],)


KERNEL = Kernel(
    question="How fast are the words of a list counted?",
    reference=lambda words: dict(Counter(words)),
    inputs=inputs,
    arguments={"words": strategies.lists(strategies.text("aB", max_size=2))},
    reference_name="counter",
    cases=(Case("small", n=100),),
)
