"""Whether a module is still what its file says, so that another process imports the same."""

from __future__ import annotations

import functools
import importlib
import sys
from pathlib import Path
from typing import Any

import pytest

from whichext.load.fresh import check_fresh
from whichext.model.errors import UsageError


def module_of(folder: Path, text: str) -> Any:
    """A module of that text, imported."""
    (folder / "fresh_or_not.py").write_text(text)
    sys.modules.pop("fresh_or_not", None)
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module("fresh_or_not")
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
