"""Typed arrays that Cython's sources declare, and which uses of them are numbers.

An element, with an index for each dimension, is a number of C; a part of an array is an object as
soon as a function of Python gets it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_TYPE = re.compile(r"(?:cp?def\s+)?(?:const\s+)?([\w.]+)\s*\[")
_FIRST = re.compile(r"\s*(\w+)")
_INDEXED = re.compile(r"(?<![\w.])(\w+)\s*(?=\[)")
_NDIM = re.compile(r"ndim\s*=\s*(\d+)")
_PART = re.compile(r":|\.\.\.|None\b")


def dimensions(code: str) -> Iterator[tuple[str, int]]:
    """The arrays that a statement or the arguments of a function declare, by name.

    Args:
        code: A statement, or the first one of a function, on one line.

    Yields:
        Name and number of dimensions, of memoryviews and of NumPy's typed arrays.

    """
    is_header = code.endswith(":") and "(" in code
    for one in enclosed(code, code.index("(") + 1)[0] if is_header else [code]:
        found = _TYPE.match(one)
        if found is None or found[1] == "object":
            continue
        inside, end = enclosed(one, found.end())
        if number := _dimensions_of(found[1], inside):
            for declared in enclosed(one, end)[0]:
                if name := _FIRST.match(declared):
                    yield name[1], number


def _dimensions_of(name: str, inside: list[str]) -> int:
    """Dimensions of a type, by its name and what is in its brackets; 0 where it is no array."""
    if inside and all(part.startswith(":") for part in inside):
        return len(inside)
    if name.rpartition(".")[2] != "ndarray" or inside[:1] == ["object"]:
        return 0
    ndim = _NDIM.search(", ".join(inside))
    return int(ndim[1]) if ndim else 1


def with_numbers(code: str, known: Mapping[str, int]) -> str:
    """Code in which each element of a typed array has become the number 0.

    Args:
        code: An expression.
        known: The number of dimensions of each typed array.

    """
    parts, start = [], 0
    while found := _INDEXED.search(code, start):
        indices, end = [], found.end()
        while code[end : end + 1] == "[":
            more, end = enclosed(code, end + 1)
            indices += more
        is_whole = known.get(found[1]) == len(indices) and not any(map(_PART.search, indices))
        parts += [code[start : found.start()], "0" if is_whole else code[found.start() : end]]
        start = end
    return "".join((*parts, code[start:]))


def enclosed(code: str, start: int) -> tuple[list[str], int]:
    """What is between brackets, in the parts that commas make of it, and where that ends.

    Args:
        code: On one line.
        start: The place after the bracket that opens.

    """
    depth, parts = 0, [""]
    for place, character in enumerate(code[start:], start):
        if not depth and character in ")]}":
            return list(filter(None, map(str.strip, parts))), place + 1
        depth += (character in "([{") - (character in ")]}")
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return list(filter(None, map(str.strip, parts))), len(code)
