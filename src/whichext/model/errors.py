"""Everything that can go wrong for a person to mend, each with the next step."""


class WhichextError(Exception):
    """Base of all errors that the command line shows without a traceback.

    Args:
        problem: What is wrong and where, with both sides ("expected ..., got ...").
        next_step: What the reader can do now.

    """

    exit_code = 1

    def __init__(self, problem: str, next_step: str) -> None:
        super().__init__(f"{problem}\nNext: {next_step}")
        self.problem = problem
        self.next_step = next_step


class UsageError(WhichextError):
    """The words of the command do not fit: an unknown kernel, case, entry or profile."""

    exit_code = 2


class ClaimError(UsageError):
    """A claim cannot be read, or a word of it names nothing that there is.

    Args:
        claim: Its text.
        start: Where the word begins, from 0.
        length: How long it is; 0 behind the end.
        problem: What is wrong with it.
        next_step: What can stand there instead.

    """

    def __init__(self, claim: str, start: int, length: int, problem: str, next_step: str) -> None:
        caret = " " * start + "^" * max(1, length)
        super().__init__(f"{problem}\n  {claim}\n  {caret}", next_step)


class KernelError(WhichextError):
    """A kernel folder or a project in it is not what it must be."""

    exit_code = 2


class ResultFileError(WhichextError):
    """A result file cannot be read, or its name is none to write to."""

    exit_code = 2


class ResultNotWrittenError(ResultFileError):
    """What was measured could not be written, although the name was good."""

    exit_code = 1


class HostLostError(WhichextError):
    """The process that holds the inputs ended before its work did."""
