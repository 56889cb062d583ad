"""What toolchains have words of their own for, in what reports say."""

from __future__ import annotations

from enum import Enum


class Topic(Enum):
    """A topic for which toolchains have their own words."""

    FREEING = "how a loop is written that lets go of the GIL"
    KEEPING = "what to do where no code can let go of the GIL"
    TYPING = "how to see that no Python is left in a loop"
    REASONING = "how the reason of an unsafe place is written down"
    UNSAFE = "the language in which places are marked unsafe"
    LEVEL = "how one level is set for all builds"
    PROCESSOR = "what chooses a processor"
    COMPILER = "how all are built with one compiler"
    OTHER_COMPILER = "which setting to race as well where two languages must have two compilers"
    SHARING = "what that compiler shares with the one that it cannot stand in for"
    WINNING = "what in a source wins over a setting"
    DEBUGGING = "what puts symbols for a debugger into a library, or takes them out"
    ASKING = "what a source asks for OpenMP with"
    LINKING = "what puts OpenMP into a library"
    SANITIZING = "what compiles checkers in"
    FLUSHING = "what makes a library flush subnormals in every process that loads it"
    LIBERTIES = "flags that let a compiler take liberties with numbers"
    FIRST = "what the first call of a process does besides its work"
    FINDING = "the variables through which a build finds its compiler"
