"""Claims: a sentence with a number, tested with the intervals of a race.

`grammar` reads the sentence, word by word with `reader`. `trials` finds the contestants and cases
that it names, or those of a kernel's list of claims, and `hold` says whether it holds in a result.
"""
