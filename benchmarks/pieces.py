"""How many pieces the package has, and how large the largest are.

    python benchmarks/pieces.py

Kernels and the limit's own project are left out: they are programs of their own. A branch is a node
of the syntax tree that decides: if, for, while, except, a conditional expression, `and`/`or`, a
comprehension, a case of a match.
"""

from __future__ import annotations

import ast
import statistics
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "src" / "whichext"
BRANCHES = (
    ast.If,
    ast.IfExp,
    ast.For,
    ast.While,
    ast.ExceptHandler,
    ast.BoolOp,
    ast.comprehension,
    ast.match_case,
    ast.Assert,
)
Function = ast.FunctionDef | ast.AsyncFunctionDef


def main() -> None:
    """Count and print."""
    modules = {name_of(path): path for path in sources()}
    small = {name for name, path in modules.items() if not path.name.startswith("__")}
    lines = {name: len(path.read_text("utf-8").splitlines()) for name, path in modules.items()}
    importers = importers_of(modules)
    found = [function for path in modules.values() for function in functions(path)]
    longest = max(found, key=length)
    deepest = max(found, key=branches)
    print(f"entries at the top: {len(top())}")
    print(
        f"modules: {len(small)}, of which {sum(len(importers[name]) == 1 for name in small)} are "
        f"imported by one other; median {statistics.median(lines[name] for name in small):.0f} "
        f"lines, longest {max(lines.values())}"
    )
    print(f"longest function: {length(longest)} lines ({longest.name})")
    print(f"most branches in a function: {branches(deepest)} ({deepest.name})")
    print(f"lines of source: {sum(lines.values()):,}")


def sources() -> list[Path]:
    """Every module of the package."""
    found = sorted(PACKAGE.rglob("*.py"))
    return [path for path in found if not {"kernels", "limitprobe"} & {*path.parts}]


def top() -> list[str]:
    """Modules and packages directly in the package."""
    return [path.name for path in PACKAGE.iterdir() if path.name not in ("__pycache__", "py.typed")]


def name_of(path: Path) -> str:
    """A module's dotted name."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


def importers_of(modules: dict[str, Path]) -> defaultdict[str, set[str]]:
    """The modules that import each one."""
    importers: defaultdict[str, set[str]] = defaultdict(set)
    for name, path in modules.items():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    whole = f"{node.module}.{alias.name}"
                    importers[whole if whole in modules else node.module].add(name)
    return importers


def functions(path: Path) -> Iterator[Function]:
    """Every function of a module."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, Function):
            yield node


def length(function: Function) -> int:
    """Lines of a function."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def branches(function: Function) -> int:
    """Places in a function where it decides."""
    return sum(isinstance(node, BRANCHES) for node in ast.walk(function))


if __name__ == "__main__":
    main()
