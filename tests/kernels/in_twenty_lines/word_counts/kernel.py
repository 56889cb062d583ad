"""How fast are words counted? A list of texts in, a dict out."""

import words

from whichext import Case, Kernel, strategies


def inputs(case):
    return ([f"w{n * n % 97}" for n in range(case.n)],)


KERNEL = Kernel(
    question="How fast are the words of a list counted?",
    reference=words.in_a_loop,
    functions={"right": words.counted, "wrong": words.without_case},
    inputs=inputs,
    arguments={"texts": strategies.lists(strategies.text("abAB", max_size=3))},
    cases=(Case("page", n=1_000),),
)
