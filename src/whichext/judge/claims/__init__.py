"""Claims: a sentence with a number, held against the intervals of a race.

`grammar` reads the sentence, `resolve` finds the contestants and cases that it names, `hold` says
whether it holds in a result, and `file` reads a kernel's list of claims.
"""
