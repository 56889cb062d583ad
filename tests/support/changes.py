"""What is said of a change to the process of the tests."""

from __future__ import annotations

from collections.abc import Callable

from whichext.audit.process_state import differences, read_state
from whichext.model.process import Moment


def changed_by(change: Callable[[], object], moment: Moment = Moment.CALL) -> dict[str, str]:
    """What is said of a change, by the kind of state."""
    before = read_state()
    change()
    return {one.state.value: one.what for one in differences(before, read_state(), moment)}
