"""The way of least cost from one contestant to another, whatever a step and its cost are."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable
from itertools import count

Steps = Callable[[str], Iterable[tuple[str, float]]]
"""Where one step leads from a contestant, and what each costs (more than 0)."""


def shortest_way(start: str, end: str, steps: Steps) -> list[str] | None:
    """All on the way, both ends among them, by Dijkstra's algorithm; None where there is none."""
    tie, best = count(), {start: 0.0}
    queue = [(0.0, next(tie), [start])]
    while queue:
        cost, _, way = heapq.heappop(queue)
        if way[-1] == end:
            return way
        for name, price in steps(way[-1]):
            if cost + price < best.get(name, math.inf):
                best[name] = cost + price
                heapq.heappush(queue, (best[name], next(tie), [*way, name]))
    return None


def reached(start: str, steps: Steps) -> list[str]:
    """All to which there is a way, the start first."""
    found, waiting = {start: None}, [start]
    while waiting:
        new = [name for name, _ in steps(waiting.pop()) if name not in found]
        found |= dict.fromkeys(new)
        waiting += new
    return list(found)
