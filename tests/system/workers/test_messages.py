from __future__ import annotations

from multiprocessing import Pipe

import msgspec
import pytest

from whichext.model.check import Property
from whichext.model.contestant import Case, Layout
from whichext.system.workers import messages
from written import REFERENCE

CASE = Case(name="small", shape=(2, 3), dtype="int64", layout=Layout.F)


@pytest.mark.parametrize(
    "request_",
    [
        messages.PrepareCase(CASE),
        messages.PrepareNasty(),
        messages.Fork(REFERENCE, "/site", "server", "/log"),
        messages.Reap(17),
    ],
    ids=lambda request_: type(request_).__name__,
)
def test_a_request_reaches_the_host_as_it_was_sent(request_: messages.HostRequest) -> None:
    ours, theirs = Pipe()
    messages.send(ours, request_)
    assert messages.receive(theirs, messages.HOST_REQUEST) == request_


@pytest.mark.parametrize(
    "reply",
    [
        messages.Prepared(("a", "b"), (Property.VALUES, Property.CASES), 5),
        messages.Forked(17),
        messages.Reaped(-11),
        messages.Failed("case small: no data"),
    ],
    ids=lambda reply: type(reply).__name__,
)
def test_a_reply_reaches_the_conductor_as_it_was_sent(reply: messages.HostReply) -> None:
    ours, theirs = Pipe()
    messages.send(theirs, reply)
    assert messages.receive(ours, messages.HOST_REPLY) == reply


def test_messages_keep_their_order() -> None:
    ours, theirs = Pipe()
    for pid in (1, 2, 3):
        messages.send(ours, messages.Reap(pid))
    received = [messages.receive(theirs, messages.HOST_REQUEST) for _ in range(3)]
    assert received == [messages.Reap(1), messages.Reap(2), messages.Reap(3)]


def test_the_end_of_the_other_side_is_an_end_of_file() -> None:
    ours, theirs = Pipe()
    theirs.close()
    with pytest.raises(EOFError):
        messages.receive(ours, messages.GREETING)


def test_a_message_of_another_kind_is_refused() -> None:
    ours, theirs = Pipe()
    messages.send(theirs, messages.Forked(17))
    with pytest.raises(msgspec.ValidationError, match="Forked"):
        messages.receive(ours, messages.GREETING)
