"""Places that Rust's compiler does not check, and whether a comment says why they are safe."""

from __future__ import annotations

import re

_NOT_CODE = re.compile(
    r'//[^\n]*|/\*.*?\*/|\bb?r(#*)".*?"\1|"(?:\\.|[^"\\])*"|\'(?:\\.[^\']*|[^\'\\])\'', re.DOTALL
)
# Not the type of a pointer, unsafe fn(...), which does nothing by itself.
_PLACE = re.compile(r"\bunsafe\s*(?:\{|impl\b|trait\b|extern\s*\{|(?:extern\s+)?fn\s+\w)")
_TESTS = re.compile(r"#\[cfg\(test\)\]\s*mod\s+\w+\s*\{")
_REASON = re.compile(r"\bSAFETY:|# Safety\b")


def unsafe_lines(text: str) -> list[tuple[int, bool]]:
    """Numbers of the lines with an unsafe place, each with whether a reason is given."""
    code = _without_tests(_NOT_CODE.sub(_blank, text))
    lines, code_lines = text.splitlines(), code.splitlines()
    numbers = [code.count("\n", 0, place.start()) for place in _PLACE.finditer(code)]
    return [(number + 1, _is_explained(number, lines, code_lines)) for number in numbers]


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def _without_tests(code: str) -> str:
    """The code with its module of tests blanked: as far as the brace that ends it."""
    found = _TESTS.search(code)
    if found is None:
        return code
    depth, end = 1, found.end()
    while depth and end < len(code):
        depth += {"{": 1, "}": -1}.get(code[end], 0)
        end += 1
    rest = _without_tests(code[end:])
    return code[: found.start()] + re.sub(r"[^\n]", " ", code[found.start() : end]) + rest


def _is_explained(number: int, lines: list[str], code: list[str]) -> bool:
    """Whether a reason is on the line, or in the comment above its statement."""
    if _REASON.search(lines[number]):
        return True
    for above in range(number - 1, -1, -1):
        statement = code[above].strip()
        comment = not statement and bool(lines[above].strip())
        if comment and _REASON.search(lines[above]):
            return True
        goes_on = statement and not statement.endswith((";", "{", "}", ","))
        if not comment and not goes_on:
            return False
    return False
