"""From a build's log: the last error in the compiler's own words, and one hint."""

from __future__ import annotations

import re

_MOST_LINES = 12
_CYTHON = "Error compiling Cython file"
_CYTHON_LINES = 30  # its excerpt comes first, and may have blank lines
_CYTHON_MESSAGE = re.compile(r"^.+\.(pyx|pxd|py):\d+:\d+: ")

# Lines on which compilers and backends announce an error, most telling first: a compiler's error
# says more than the backend's "command failed" after it.
_ANNOUNCED = (
    re.compile(rf"^{_CYTHON}"),
    re.compile(r"^.+:\d+(:\d+)?: (fatal )?error: ", re.IGNORECASE),  # gcc, clang, meson
    re.compile(r"^error(\[E\d+\])?: (?!could not compile|aborting due to|[Cc]ommand )"),  # rustc
    re.compile(r"^\S*ld: "),  # the linker
    re.compile(r"^ERROR: "),  # pip, meson
    re.compile(r"^\S*(Error|Exception): "),  # Python
    re.compile(r"error: ", re.IGNORECASE),
)

_HINTS = (
    (r"linker .?cc.? not found", "cargo needs a C compiler to link: install gcc or clang"),
    (r"Python\.h: No such file", "install Python's headers: python3-dev or python3-devel"),
    (r"omp\.h.*(No such file|not found)", "install OpenMP's headers, or build with gcc"),
    (r"Unknown compiler\(s\)", "meson found no working compiler: check CC and install gcc"),
    (
        r"(Temporary failure in name resolution|Failed to establish a new connection|"
        r"Could not find a version|No matching distribution|No solution found|dns error|"
        r"Could not resolve host)",
        "the build could not get a package: check the network, or the name and version it asks for",
    ),
    (
        r"lock file .* (needs to be updated|because --locked)",
        "run cargo update in the project and commit Cargo.lock",
    ),
    (r"No space left on device", "free some disk space and run again"),
    (r"unrecognized command.line option|unknown target CPU", "the compiler is too old for a flag"),
)
_OTHERWISE = "build it by itself to see more: pip install -v {folder}"


def last_error(log: str) -> str:
    """The last error block of a build's log, at most 12 lines; its last line if none is marked."""
    lines = log.splitlines()
    for announced in _ANNOUNCED:
        starts = [number for number, line in enumerate(lines) if announced.search(line.strip())]
        if starts:
            return _block(lines[starts[-1] :])
    return next((line.strip() for line in reversed(lines) if line.strip()), "it printed nothing")


def _block(lines: list[str]) -> str:
    """The lines from an announcement to the next blank line, or to Cython's message."""
    if lines[0].strip().startswith(_CYTHON):
        excerpt = lines[:_CYTHON_LINES]
        message = [n for n, line in enumerate(excerpt) if _CYTHON_MESSAGE.match(line)]
        return "\n".join(excerpt[: message[0] + 1] if message else excerpt).strip()
    end = next((number for number, line in enumerate(lines) if not line.strip()), len(lines))
    return "\n".join(lines[: max(1, min(end, _MOST_LINES))]).strip()


def hint(log: str, folder: str) -> str:
    """One thing to try, by what the log says."""
    for pattern, advice in _HINTS:
        if re.search(pattern, log):
            return advice
    return _OTHERWISE.format(folder=folder)
