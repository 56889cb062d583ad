"""Human units: the only place where nanoseconds and bytes become anything else."""

from __future__ import annotations


def time_text(ns: float | None) -> str:
    """A time with three significant digits, for example "1.23 ms"; "-" where it is not known."""
    return _scaled(ns, ((1.0, "ns"), (1e3, "us"), (1e6, "ms"), (1e9, "s")))


def rate_text(bytes_per_s: float) -> str:
    """A rate in decimal units, for example "12.3 GB/s"."""
    return _scaled(bytes_per_s, ((1.0, "B/s"), (1e3, "kB/s"), (1e6, "MB/s"), (1e9, "GB/s")))


def size_text(count: float | None) -> str:
    """A size in decimal units, for example "800 MB"; "-" where it is not known."""
    return _scaled(count, ((1.0, "B"), (1e3, "kB"), (1e6, "MB"), (1e9, "GB")))


def interval_text(low: float | None, high: float | None) -> str:
    """An interval of ratios; one epoch alone gives none."""
    return "[?, ?]" if low is None or high is None else f"[{ratio_text(low)}, {ratio_text(high)}]"


def ratio_text(ratio: float) -> str:
    """A ratio: two decimals below 10, three digits above, so that 0.97 and 1.03 differ."""
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:.3g}"


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
