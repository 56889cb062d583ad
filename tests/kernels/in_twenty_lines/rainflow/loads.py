"""Cycles of a load by the rainflow method: three points, as in ASTM E1049-85, section 5.4.4."""

from itertools import pairwise

import numpy as np


def _turning_points(series):
    """The values at which a series turns, its ends among them."""
    steps = np.diff(series)
    moving = series[np.concatenate(([True], steps != 0))] if len(series) else series
    if len(moving) < 3:
        return moving
    turns = np.sign(np.diff(moving))
    return moving[np.concatenate(([True], turns[1:] != turns[:-1], [True]))]


def _arrays(found):
    ranges, counts = zip(*found, strict=True) if found else ((), ())
    return np.array(ranges, float), np.array(counts, float)


def cycles(series):
    """Range of each cycle and whether it is half of one; shape (n,) -> twice (n_cycles,)."""
    points, found = [], []
    for point in _turning_points(series):
        points.append(point)
        while len(points) > 2:
            before, after = abs(points[-2] - points[-3]), abs(points[-1] - points[-2])
            if after < before:
                break
            if len(points) == 3:
                found.append((before, 0.5))
                del points[0]
            else:
                found.append((before, 1.0))
                del points[-3:-1]
    found += [(abs(after - before), 0.5) for before, after in pairwise(points)]
    return _arrays(found)


def cycles_in_place(series):
    """The same, with points in an array and their number beside it."""
    turns = _turning_points(series)
    points, number, found = np.empty(len(turns)), 0, []
    for point in turns:
        points[number] = point
        number += 1
        while number > 2:
            before = abs(points[number - 2] - points[number - 3])
            if abs(points[number - 1] - points[number - 2]) < before:
                break
            found.append((before, 0.5 if number == 3 else 1.0))
            if number == 3:
                points[:2] = points[1:3]
                number = 2
            else:
                points[number - 3] = points[number - 1]
                number -= 2
    found += [(abs(points[one] - points[one - 1]), 0.5) for one in range(1, number)]
    return _arrays(found)


def cycles_without_halves(series):
    """Wrong on purpose: what is left at the end is not counted."""
    ranges, counts = cycles(series)
    whole = counts == 1.0
    return ranges[whole], counts[whole]
