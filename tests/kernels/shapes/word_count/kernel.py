"""word_count: a text as the argument."""

from whichext import Case, Kernel, strategies


def inputs(case):
    return ("some words and others " * case.n,)


KERNEL = Kernel(
    question="How fast are the words of a text counted?",
    reference=lambda text: len(text.split()),
    inputs=inputs,
    arguments={"text": strategies.text("ab \n", max_size=20)},
    reference_name="split",
    cases=(Case("page", n=20),),
)
