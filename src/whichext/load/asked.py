"""Checks options before a kernel is loaded: types, ranges and empty names."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from whichext.model.errors import UsageError
from whichext.model.inline import argument
from whichext.model.options import Options
from whichext.system.machine import usable_cores
from whichext.toolchains import zig

_MOST_SECONDS = 1e6  # eleven days; what the system can wait for is not much longer
_LEAST_OF_MOST_THREADS, _MOST_PER_CORE = 64, 8


def check_options(options: Options) -> None:
    """Refuse options that fit no kernel.

    Raises:
        UsageError: The first of them.

    """
    for name in ("cases", "entries", "projects", "profiles", "factors"):
        _check_names(name, getattr(options, name))
    _check_names("set", _given(options.set))
    _check_names("baseline", _given(options.baseline))
    for name, least, example in (("max_time_s", 0.0, 60.0), ("time_limit_s", 0.001, 60.0)):
        value = getattr(options, name)
        if not (is_number(value) and least <= value <= _MOST_SECONDS):
            expected = f"a number of seconds from {least:g} to {_MOST_SECONDS:.0f}"
            raise _refusal(name, value, example, expected)
    if not (is_number(options.precision) and 0 < options.precision < 1):
        raise _refusal("precision", options.precision, 0.01, "a share between 0 and 1")
    limit = options.memory_limit_bytes
    if limit is not None and not (is_number(limit) and 0 < limit < math.inf):
        raise _refusal("memory_limit_bytes", limit, 1_000_000_000, "a number of bytes above 0")
    if not is_whole(options.seed):
        raise _refusal("seed", options.seed, 0, "a whole number")
    if not isinstance(options.clean_env, bool):
        raise UsageError(
            argument("clean_env", str(options.clean_env)),
            argument("clean_env", True),
            expected="True or False",
        )
    check_threads(options.threads)
    _check_building(options.isolation, options.config_settings)
    _check_compiler(options.compiler)


def check_threads(threads: tuple[Any, ...]) -> None:
    """Refuse thread counts that are not positive, or too large to start.

    Raises:
        UsageError: There is one.

    """
    cores = usable_cores()
    most = max(_LEAST_OF_MOST_THREADS, _MOST_PER_CORE * cores)
    for count in threads:
        if not (is_whole(count) and 1 <= count <= most):
            there_are = f"this machine has {cores} usable processor{'s' * (cores != 1)}"
            expected = f"whole numbers from 1 to {most} ({there_are})"
            raise _refusal("threads", count, cores, expected)


def _check_building(isolation: Any, settings: tuple[Any, ...]) -> None:
    if not isinstance(isolation, bool):
        raise _refusal("isolation", isolation, example=False, expected="True or False")
    for setting in settings:
        name, equals, _ = setting.partition("=") if isinstance(setting, str) else ("", "", "")
        if not name.strip() or not equals:
            raise _refusal("config_settings", setting, "setup-args=-Dfast=true", "KEY=VALUE")


def _check_compiler(name: Any) -> None:
    if name not in (None, zig.NAME):
        raise _refusal("compiler", name, zig.NAME, f'"{zig.NAME}", or none for the machine\'s own')
    if name is not None and zig.find_zig() is None:
        raise UsageError(
            argument("compiler", name),
            f"pip install {zig.PACKAGE}",
            expected=f"the Python package {zig.PACKAGE}",
            got="none that is installed",
        )


def _given(name: str | None) -> tuple[str, ...]:
    return () if name is None else (name,)


def _check_names(name: str, texts: tuple[Any, ...]) -> None:
    for text in texts:
        if not isinstance(text, str) or not text.strip():
            raise UsageError(
                argument(name, text),
                f"give a name, or leave out {argument(name)}",
                expected="a name" if name in ("set", "baseline") else "names or patterns",
                got="an empty one" if text == "" else repr(text),
            )


def path_of(name: str, value: object) -> Path:
    """The argument as a path.

    Raises:
        UsageError: It is none.

    """
    if not isinstance(value, str | Path):
        raise _refusal(name, value, "result.json", "a path")
    return Path(value)


def settings_of(stated: Mapping[str, str | Sequence[str]] | Sequence[str]) -> tuple[str, ...]:
    """Settings of backends as texts; they are checked later."""
    if not isinstance(stated, Mapping):
        return (stated,) if isinstance(stated, str) else tuple(stated)
    several = ((k, (v,) if isinstance(v, str) else v) for k, v in stated.items())
    return tuple(f"{name}={value}" for name, values in several for value in values)


def is_number(value: object) -> bool:
    """Whether it is a number, of Python or of NumPy, and no NaN."""
    try:
        return not isinstance(value, bool | str | bytes) and not math.isnan(value)  # type: ignore[arg-type]  # that is asked
    except (TypeError, OverflowError):
        return False


def is_whole(value: object) -> bool:
    """Whether it is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


def _refusal(name: str, value: object, example: object, expected: str) -> UsageError:
    return UsageError(argument(name, value), argument(name, example), expected=expected)
