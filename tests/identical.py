"""What came of racing identical code, with round numbers."""

from __future__ import annotations

from whichext.model.judged import SelfCheck


def make_selfcheck(**changes: float | str | None) -> SelfCheck:
    """A check that passes unless told otherwise."""
    values = {
        "asked": 100,
        "cells": 100,
        "excluded": 5,
        "miscalled": 0,
        "noise_floor": 0.012,
        "half_width": 0.008,
        "rounds": 400,
        "rounds_dropped": 7,
        "rounds_spoiled": 7,
    }
    return SelfCheck(**(values | changes))  # type: ignore[arg-type]  # one dict of two kinds
