"""Whether a module is still what its file says, so that another process imports the same."""

from __future__ import annotations

import functools
import importlib
import json
import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from inline_snapshot import snapshot

from whichext.load.fresh import check_fresh
from whichext.load.reached import reached
from whichext.model.errors import UsageError


def module_of(folder: Path, text: str, name: str = "fresh_or_not") -> Any:
    """A module of that text, imported."""
    (folder / f"{name}.py").write_text(text)
    sys.modules.pop(name, None)
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(folder))


def test_a_function_whose_file_was_changed_after_its_import_is_refused(tmp_path: Path) -> None:
    module = module_of(tmp_path, "def f(x):\n    return x + 1\n")
    check_fresh("f", module.f)
    (tmp_path / "fresh_or_not.py").write_text("def f(x):\n    return x + 2\n")
    with pytest.raises(UsageError, match="importlib"):
        check_fresh("f", module.f)


def test_a_file_in_which_only_other_functions_changed_is_as_good(tmp_path: Path) -> None:
    module = module_of(tmp_path, "def f(x):\n    return x + 1\n")
    (tmp_path / "fresh_or_not.py").write_text(
        "def g():\n    pass\n\n\ndef f(x):\n    return x + 1\n"
    )
    check_fresh("f", module.f)


TEXT = """\
import functools

FLAG = False
SIZE = 3
count = 0


def helper(x):
    return x + SIZE


def f(x, times=2):
    return helper(x) * times


@functools.lru_cache
def cached(x):
    return x


class Total:
    def add(self, x):
        global count
        count += 1
        return x
"""


def test_a_module_that_is_what_its_file_says_is_fresh(tmp_path: Path) -> None:
    module = module_of(tmp_path, TEXT)
    module.Total().add(1)  # what calls change is no difference
    for one in (module.f, module.Total, module.Total().add, functools.partial(module.f, 1)):
        check_fresh("f", one)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x + SIZE", "x - SIZE"),
        ("SIZE = 3", "SIZE = 4"),
        ("helper(x) *", "helper(x) +"),
        ("helper(x) * times", "max(helper(x), times)"),
        ("x + SIZE", "x + SIZE + FLAG"),
    ],
)
def test_whatever_changed_in_the_file_of_a_module_is_found(
    tmp_path: Path, before: str, after: str
) -> None:
    module = module_of(tmp_path, TEXT)
    (tmp_path / "fresh_or_not.py").write_text(TEXT.replace(before, after))
    for one in (module.f, functools.partial(module.f, times=3)):
        with pytest.raises(UsageError, match="importlib"):
            check_fresh("f", one)


def test_what_changed_beside_what_is_called_is_no_difference(tmp_path: Path) -> None:
    module = module_of(tmp_path, TEXT)
    module.FLAG = True
    (tmp_path / "fresh_or_not.py").write_text(TEXT.replace("        return x", "        return -x"))
    check_fresh("f", module.f)
    with pytest.raises(UsageError):
        check_fresh("add", module.Total().add)


def test_what_somebody_set_in_a_module_is_named(tmp_path: Path) -> None:
    module = module_of(tmp_path, TEXT.replace("x + SIZE", "x + SIZE * FLAG"))
    module.FLAG = True
    with pytest.raises(UsageError) as error:
        check_fresh("f", module.f)
    assert (error.value.expected.split(",")[0], error.value.got) == ("FLAG = False", "True")


def test_a_function_in_whose_place_another_one_was_put_is_named(tmp_path: Path) -> None:
    module = module_of(tmp_path, TEXT)
    module.helper = lambda x: x
    check_fresh("cached", module.cached)
    with pytest.raises(UsageError):
        check_fresh("f", module.f)


def wrapped(inner: Any) -> Any:
    @functools.wraps(inner)
    def wrapper(*given: Any) -> Any:
        return inner(*given)

    return wrapper


BELOW = (
    "SIZE = 3\n\ndef h(x):\n    return x + SIZE\n\nclass Adds:\n    def to(self, x): return h(x)\n"
)
ABOVE = {
    "a module that it imports": "import below\n\ndef f(x):\n    return below.h(x)\n",
    "a name that it imports": "from below import h as g\n\ndef f(x):\n    return g(x)\n",
    "a number that it imports": "from below import SIZE\n\ndef f(x):\n    return x * SIZE\n",
    "an import within": "def f(x):\n    import below\n    return below.h(x)\n",
    "a name imported within": "def f(x):\n    from below import h\n    return h(x)\n",
    "a class": "import below\n\ndef f(x):\n    return below.Adds().to(x)\n",
    "an object": "import below\nADDS = below.Adds()\n\ndef f(x):\n    return ADDS.to(x)\n",
    "a table": "import below\nALL = {1: below.h}\n\ndef f(x):\n    return ALL[1](x)\n",
    "a default": "import below\n\ndef f(x, h=below.h):\n    return h(x)\n",
}


@pytest.mark.parametrize("how", ABOVE)
def test_a_module_that_a_module_imports_is_looked_at_too(tmp_path: Path, how: str) -> None:
    module_of(tmp_path, BELOW, "below")
    above = module_of(tmp_path, ABOVE[how])
    check_fresh("f", above.f)
    (tmp_path / "below.py").write_text(BELOW.replace("x + SIZE", "x - SIZE").replace("3", "4"))
    with pytest.raises(UsageError) as error:
        check_fresh("f", above.f)
    assert error.value.where == "f: below"
    assert "importlib.reload(below)" in error.value.next_step


def test_a_number_from_a_module_of_the_same_package_is_looked_at(tmp_path: Path) -> None:
    package = tmp_path / "fresh_package"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "sizes.py").write_text("SIZE = 3\n")
    (package / "f.py").write_text("from .sizes import SIZE\n\ndef f(x): return x * SIZE\n")
    sys.path.insert(0, str(tmp_path))
    try:
        module = importlib.import_module("fresh_package.f")
    finally:
        sys.path.remove(str(tmp_path))
    check_fresh("f", module.f)
    (package / "sizes.py").write_text("SIZE = 4\n")
    with pytest.raises(UsageError) as error:
        check_fresh("f", module.f)
    assert error.value.where == "f: fresh_package.sizes"


def ways_to(newer: Any) -> dict[str, Any]:
    """Functions that are sent as what they do, and that call one of a module."""
    direct = newer.f
    return {
        "a lambda": lambda x: newer.f(x),
        "a closure": lambda x: direct(x),
        "a partial one": functools.partial(lambda f, x: f(x), newer.f),
        "one that remembers": functools.lru_cache(lambda x: newer.f(x)),
        "a decorated one": wrapped(newer.f),
        "an inner one": lambda x: (lambda: newer.f(x))(),
    }


@pytest.mark.parametrize("how", ways_to(types.SimpleNamespace(f=len)))
def test_a_module_behind_a_function_that_is_none_of_its_own_is_looked_at(
    tmp_path: Path, how: str
) -> None:
    newer = module_of(tmp_path, TEXT, "newer")
    function = ways_to(newer)[how]
    check_fresh("f", function)
    (tmp_path / "newer.py").write_text(TEXT.replace("x + SIZE", "x - SIZE"))
    with pytest.raises(UsageError) as error:
        check_fresh("a", function)
    assert error.value.where == "a: newer"


def test_a_function_that_its_file_has_no_more_is_refused(tmp_path: Path) -> None:
    module = module_of(tmp_path, TEXT)
    (tmp_path / "fresh_or_not.py").write_text(TEXT.replace("def f(", "def renamed("))
    with pytest.raises(UsageError) as error:
        check_fresh("f", module.f)
    assert error.value.problem == snapshot(
        "f: fresh_or_not: functions: expected f in its file, got none there"
    )


def test_what_is_installed_or_comes_with_python_is_not_read() -> None:
    assert set(reached(lambda: (np.median, json.dumps, pytest.raises))) == {__name__}


def test_what_makes_inputs_and_what_compares_answers_are_looked_at(tmp_path: Path) -> None:
    newer = module_of(tmp_path, TEXT, "newer")
    (tmp_path / "newer.py").write_text(TEXT.replace("x + SIZE", "x - SIZE"))
    for name in ("inputs", "equal"):
        with pytest.raises(UsageError) as error:
            check_fresh("makes", lambda n: (newer.f(n),), name)
        assert error.value.problem.startswith(f"makes: newer: {name}:")
