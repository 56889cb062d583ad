"""The half of the race that runs inside the contestant's process."""

from __future__ import annotations

from msgspec import Struct
from msgspec.msgpack import Decoder

from whichext.race.timed import Took, take
from whichext.worker.messages import describe_error
from whichext.worker.subject import Subject


class Turn(Struct, frozen=True, tag=True):
    """Time some calls in a row, after some that are not timed."""

    input: str
    calls: int
    warm: int = 0


class Refused(Struct, frozen=True, tag=True):
    """The contestant raised an error that it did not raise when it was verified."""

    error: str


REQUEST = Decoder(Turn)
REPLY: Decoder[Took | Refused] = Decoder(Took | Refused)


def answer(subject: Subject, request: Turn) -> Took | Refused:
    """Take a turn."""
    arguments = subject.inputs[request.input].arguments
    try:
        for _ in range(request.warm):
            subject.call(*arguments)
        return take(subject.call, arguments, request.calls)
    except BaseException as error:
        return Refused(describe_error(error))
