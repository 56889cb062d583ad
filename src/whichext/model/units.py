"""Numbers as text with units; the only place that converts nanoseconds and bytes."""

from __future__ import annotations

import math


def time_text(ns: float | None) -> str:
    """A time with three significant digits, for example "1.23 ms"; "-" where it is not known."""
    return _scaled(ns, ((1.0, "ns"), (1e3, "us"), (1e6, "ms"), (1e9, "s")))


def rate_text(bytes_per_s: float | None) -> str:
    """A rate in decimal units, for example "12.3 GB/s"; "-" where it is not known."""
    return _scaled(bytes_per_s, ((1.0, "B/s"), (1e3, "kB/s"), (1e6, "MB/s"), (1e9, "GB/s")))


def operations_text(per_s: float | None) -> str:
    """A rate of operations, for example "1.23 Gop/s"; "-" where it is not known."""
    return _scaled(per_s, ((1.0, "op/s"), (1e3, "kop/s"), (1e6, "Mop/s"), (1e9, "Gop/s")))


def size_text(count: float | None) -> str:
    """A size in decimal units, for example "800 MB" or "7 B"; "-" where it is not known."""
    if count is not None and abs(count) < 999.5:
        return f"{count:.0f} B"
    return _scaled(count, ((1.0, "B"), (1e3, "kB"), (1e6, "MB"), (1e9, "GB")))


def interval_text(low: float | None, high: float | None) -> str:
    """An interval of ratios; one epoch alone gives none."""
    return "[?, ?]" if low is None or high is None else f"[{ratio_text(low)}, {ratio_text(high)}]"


def ratio_text(ratio: float) -> str:
    """A ratio: two decimals from 0.1 to 10, so that 0.97 and 1.03 differ; elsewhere three digits.

    A compiled loop takes a hundredth of the time of one in Python, or less.
    """
    if 0 < ratio < 0.1:
        return f"{ratio:.{_decimals(ratio, 3)}f}"
    if ratio < 9.995:
        return f"{ratio:.2f}"
    if ratio < 99.95:
        return f"{ratio:.1f}"
    return f"{ratio:.0f}" if ratio < 999.5 else f"{float(f'{ratio:.3g}'):,.0f}"


def percent_text(share: float, spread: float | None = None) -> str:
    """A share in per cent, with the half-width of its interval; below 1 % with two digits."""
    decimals = _decimals(100 * share, 2) if 0 < share < 0.01 else 0
    if spread is None:
        return f"{100 * share:.{decimals}f}%"
    return f"{100 * share:.{decimals}f}% ±{100 * spread:.{max(decimals, int(spread < 0.01))}f}"


def _decimals(value: float, digits: int) -> int:
    """Number of decimals that give a value below 1 so many significant digits."""
    return digits - 1 - math.floor(math.log10(value))


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape with digits in groups, for example "(100, 1,000,000)"."""
    inner = ", ".join(f"{length:,}" for length in shape)
    return f"({inner},)" if len(shape) == 1 else f"({inner})"


def _scaled(value: float | None, units: tuple[tuple[float, str], ...]) -> str:
    if value is None:
        return "-"
    # 999.6 of a unit would round to 1000 of it, so it is already the next one.
    scale, unit = next(((s, u) for s, u in reversed(units) if abs(value) >= 0.9995 * s), units[0])
    number = value / scale
    digits = 2 if number < 9.995 else 1 if number < 99.95 else 0
    return f"{number:.{digits}f} {unit}"
